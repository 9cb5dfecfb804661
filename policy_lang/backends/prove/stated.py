"""Properties as formulas: when a property is broken, and when it is asked at all (rule F8)."""

from __future__ import annotations

import copy
from typing import Any

import z3
from attrs import frozen

from policy_lang.backends.prove.choices import either, negated
from policy_lang.backends.prove.forms import Form, NotLowered, Truth, all_of, any_of, opposite, term
from policy_lang.backends.prove.lower import Lowering, Scope
from policy_lang.backends.prove.space import Place, Space, Unknown
from policy_lang.program.core import Compared, Fact, Property
from policy_lang.program.types import Dates, ListOf

OTHER = "the other case"
_BREAKING = ("conflict", "error")


@frozen(eq=False)
class Stated:
    """When a property is broken, and when there is something to ask. `other` is the fact in the second case."""

    broken: Truth
    asked: Truth
    other: Unknown | None = None
    first: Unknown | None = None


def stated(lowering: Lowering, found: Property) -> Stated:
    """The formulas of one property, for one record of the kind that it is about."""
    scope, there = lowering.first_of(found.subject, found.judged_on)
    when = lowering.lower(found.when, scope) if found.when is not None else Form(True)
    if found.compared is not None:
        root = lowering.schema.scope(found.subject)[:1]
        at_root, _ = lowering.first_of(root[0] if root else None, found.judged_on)
        answer = lowering.lower(found.compared.answer, at_root)
        fact, none = _unknown(lowering, found.compared.fact, scope)
        return _pair(lowering.space, found.compared, fact, none, all_of((there, _is_yes(when))), answer)
    assert found.holds is not None
    holds = lowering.lower(found.holds, scope)
    whole = either([negated(when), holds])
    no = all_of((opposite(whole.is_gone), opposite(whole.content)))
    broken = any_of((no, *(whole.gone.get(reason, False) for reason in _BREAKING)))
    return Stated(all_of((there, broken)), all_of((there, _is_yes(when), opposite(holds.is_gone))))


def _is_yes(form: Form) -> Truth:
    return all_of((opposite(form.is_gone), opposite(form.none), form.content))


def _unknown(lowering: Lowering, fact: Fact, scope: Scope) -> tuple[Unknown, Truth]:
    """The fact that differs, as the solver knows it, and when it is the known `none`."""
    space = lowering.space
    if isinstance(fact.type, Dates):
        raise NotLowered("it compares the dates of an event")
    place: Place = (fact.field,)
    if fact.record is None:
        form = space.case_fact(fact.field, fact.type)
    else:
        owner = scope.records[fact.record]
        place = (*owner.place, fact.field)
        is_list = isinstance(fact.type, ListOf)
        form = Form(space.length(owner, fact.field)) if is_list else space.fact(owner, fact.field, fact.type)
    known = space.unknowns.values()
    return next(one for one in known if one.place == place and one.variable is form.content), form.none


def _pair(space: Space, compared: Compared, fact: Unknown, none: Truth, when: Truth, answer: Form) -> Stated:
    """The same once more, with another value of one fact in it."""
    twin = z3.Const(f"{OTHER}:{fact.name}", fact.variable.sort())
    parts = {
        name: f"{OTHER}:{name}" for name in space.days.source if OTHER not in name
    }  # of days, which are worked out anew
    renamed = [(fact.variable, twin), *((z3.Int(a), z3.Int(b)) for a, b in parts.items())]

    def again(truth: Any) -> Any:
        return z3.substitute(truth, *renamed) if isinstance(truth, z3.ExprRef) else truth

    space.days.source.update({b: again(space.days.source[a]) for a, b in parts.items()})
    other = Unknown(
        (OTHER, fact.place[-1]),
        fact.kind,
        fact.type,
        twin,
        fact.part,
        fact.whole,
        fact.decimals,
        fact.options,
        fact.inside,
        (OTHER, *fact.where),
    )
    space.unknowns[other.name] = other
    valid = [two for one in space.background() if not (two := again(one)).eq(one)]
    gone = {reason: again(truth) for reason, truth in answer.gone.items()}
    after = Form(again(answer.content), gone, again(answer.none))
    # Of a list, the facts of the first case have all elements, and the second has some of them.
    is_list = fact.kind == "length"
    first, second = (twin, fact.variable) if compared.more and not is_list else (fact.variable, twin)
    was, now = (after, answer) if is_list and compared.more else (answer, after)
    turned = z3.And(first, z3.Not(second)) if fact.kind == "yes or no" else first > second
    there = all_of(opposite(any_of((one.is_gone, one.none))) for one in (was, now))
    missing = [one.gone.get(reason, False) for one in (was, now) for reason in _BREAKING]
    asked = all_of((turned, opposite(none), when, again(when), *valid))
    wrong = any_of((all_of((there, _turned(compared, was, now))), *missing))
    return Stated(all_of((asked, wrong)), all_of((asked, there)), other, fact)


def _turned(compared: Compared, was: Form, now: Form) -> Truth:
    """When the second answer is turned the way that is ruled out."""
    a, b = term(was.content), term(now.content)
    if z3.is_bool(a):
        return z3.And(b, z3.Not(a)) if compared.rules_out_more else z3.And(a, z3.Not(b))
    return b > a if compared.rules_out_more else b < a


def both_cases(facts: dict[str, Any], found: Stated) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts of both cases, out of an example that has the other value beside them."""
    assert found.first is not None
    *way, last = found.first.place
    kept = {name: value for name, value in facts.items() if name != OTHER}
    changed = copy.deepcopy(kept)
    holder: Any = changed
    for step in way:
        holder = holder[step]
    value = facts[OTHER][last]
    holder[last] = holder[last][: len(value)] if found.first.kind == "length" else value
    return kept, changed
