"""Yes and no, and values by cases, as formulas (rules W3, C1 and C5)."""

from __future__ import annotations

from collections.abc import Sequence

from policy_lang.backends.prove.forms import (
    Content,
    Form,
    Truth,
    all_of,
    any_of,
    choice,
    equal_forms,
    is_false,
    is_true,
    opposite,
    truth_by,
    wanted,
    worst,
)
from policy_lang.backends.prove.reach import FAR, Reach, end_by, form_of, hull, is_sure

# ------------------------------------------------------------------------------------ yes and no (W3)


def both(operands: Sequence[Form]) -> Form:
    """And: any `no` gives no, all yes give yes, otherwise unknown or the worst reason."""
    operands = [wanted(one) for one in operands]
    no = any_of(all_of((opposite(one.is_gone), opposite(one.content))) for one in operands)
    if is_true(no):
        return Form(False)
    gone = worst([pair for one in operands for pair in one.gone.items()])
    gone = {reason: all_of((opposite(no), truth)) for reason, truth in gone.items()}
    gone = {reason: truth for reason, truth in gone.items() if not is_false(truth)}
    return Form(opposite(no), gone, reach=reach_of_all(gone, operands))


def reach_of_all(gone: dict[str, Truth], operands: Sequence[Form]) -> Reach | None:
    """Something unknown is sure to become a value where all that it rests on is."""
    if "unknown" not in gone:
        return None
    sure = all_of(is_sure(one) for one in operands)
    return None if is_false(sure) else Reach(sure)


def negated(operand: Form) -> Form:
    """Not: turns yes and no round, and keeps absences."""
    one = wanted(operand)
    return Form(opposite(one.content), one.gone, reach=one.reach)


def either(operands: Sequence[Form]) -> Form:
    """Or: any `yes` gives yes, all no give no, otherwise unknown or the worst reason."""
    return negated(both([negated(one) for one in operands]))


def masked(here: Truth, form: Form, otherwise: Content) -> Form:
    """The form where there is such an element, and otherwise what does not count."""
    gone = {reason: all_of((here, truth)) for reason, truth in form.gone.items()}
    content = otherwise if is_true(form.is_gone) else choice(here, form.content, otherwise)
    return Form(content, gone, reach=form.reach)


def form_by(truth: Truth, then: Form, otherwise: Form) -> Form:
    """The one form or the other."""
    if is_true(truth):
        return then
    if is_false(truth):
        return otherwise
    reasons = dict.fromkeys((*then.gone, *otherwise.gone))
    gone = {r: truth_by(truth, then.gone.get(r, False), otherwise.gone.get(r, False)) for r in reasons}
    gone = {reason: one for reason, one in gone.items() if not is_false(one)}
    if is_true(then.is_gone):
        content = otherwise.content
    elif is_true(otherwise.is_gone):
        content = then.content
    else:
        content = choice(truth, then.content, otherwise.content)
    a, b = (one.reach if one.reach is not None else Reach(False) for one in (then, otherwise))
    low, high = end_by(truth, a.low, b.low), end_by(truth, a.high, b.high)
    reach = Reach(truth_by(truth, a.sure, b.sure), low, high) if "unknown" in gone else None
    return Form(content, gone, truth_by(truth, then.none, otherwise.none), reach)


# ------------------------------------------------------------------------------------ cases (C1, C5)


def chosen(
    mode: str, rows: Sequence[tuple[Form, Form]], default: Form, blank: Content, *, is_ordered: bool
) -> Form:
    """What cases give. `is_ordered`: they are numbers or dates."""
    live: list[tuple[Truth, Form]] = []
    doubt: list[tuple[Truth, Form]] = []
    conflict: Truth = False
    seen: Truth = False
    held: Form = default
    before: Truth = False  # a row was yes
    for raw, value in rows:
        when = wanted(raw)
        reached = opposite(before) if mode == "first" else True
        open_ = all_of((reached, when.is_gone))
        yes = all_of((reached, opposite(when.is_gone), when.content))
        if is_false(open_) and is_false(yes):
            continue
        if not is_false(open_):
            doubt.append((open_, when))
        live.append((any_of((open_, yes)), value))
        if mode == "unordered":
            present = all_of((yes, opposite(value.is_gone)))
            if not is_false(present):
                if is_false(seen):
                    held, seen = value, present
                else:
                    conflict = any_of((conflict, all_of((seen, present, opposite(equal_forms(held, value))))))
                    held = _value_by(seen, held, value, blank)
                    seen = any_of((seen, present))
        before = any_of((before, yes))
        if is_true(before) and mode == "first":
            break
    applicable = list(live)
    if not is_true(before):
        live.append((opposite(before), default))
    doubted = [(reason, all_of((here, truth))) for here, one in doubt for reason, truth in one.gone.items()]
    missing = [(reason, all_of((here, truth))) for here, one in live for reason, truth in one.gone.items()]
    first = _first(live, blank)
    settled = opposite(any_of(truth for _, truth in missing))
    if doubt:
        settled = all_of((settled, opposite(_differ(first, live))))
    unsettled = all_of((opposite(conflict), opposite(settled)))
    gone = worst([*doubted, *missing])
    gone = {reason: all_of((unsettled, truth)) for reason, truth in gone.items()}
    if not is_false(conflict):
        gone["conflict"] = any_of((conflict, gone.get("conflict", False)))
    gone = {reason: truth for reason, truth in gone.items() if not is_false(truth)}
    none = False if is_false(first.none) else all_of((opposite(any_of(gone.values())), first.none))
    reach = None
    if "unknown" in gone:
        alone = True if mode == "first" else _is_alone(applicable, blank)
        reach = _reach(live, doubt, alone, is_ordered)
    return form_of(first.content, gone, reach, none, is_ordered=is_ordered)


def _reach(
    live: Sequence[tuple[Truth, Form]], doubt: Sequence[tuple[Truth, Form]], alone: Truth, is_ordered: bool
) -> Reach | None:
    """Where an undecided choice will end: among all values that it may give, if none of them can fail."""
    safe: list[Truth] = [alone]
    for here, one in (*doubt, *live):
        safe.append(any_of((opposite(here), is_sure(one))))
        if is_ordered:
            safe.append(any_of((opposite(here), opposite(one.none))))
    sure = all_of(safe)
    if is_false(sure):
        return None
    return Reach(sure, *hull(live)) if is_ordered else Reach(sure, FAR, FAR)


def _is_alone(applicable: Sequence[tuple[Truth, Form]], blank: Content) -> Truth:
    """When no conflict can come of these: it is one only, or all are there and the same."""
    several: list[Truth] = []
    seen: Truth = False
    for here, _ in applicable:
        several.append(all_of((seen, here)))
        seen = any_of((seen, here))
    clash = any_of(several)
    if is_false(clash):
        return True
    missing = any_of(all_of((here, one.is_gone)) for here, one in applicable)
    alike = opposite(any_of((missing, _differ(_first(applicable, blank), applicable))))
    return any_of((opposite(clash), alike))


def _value_by(truth: Truth, a: Form, b: Form, blank: Content) -> Form:
    """The one value where it stands, otherwise the other."""
    content = choice(truth, _content(a, blank), _content(b, blank))
    return Form(content, none=choice(truth, a.none, b.none))


def _content(form: Form, blank: Content) -> Content:
    """The content, or the stand-in where there surely is none: its kind may not fit."""
    return blank if is_true(form.is_gone) or is_true(form.none) else form.content


def _first(live: Sequence[tuple[Truth, Form]], blank: Content) -> Form:
    """The first of the values that may be given."""
    content = blank
    none: Truth = False
    for here, one in reversed(live):
        if is_true(one.is_gone):
            continue
        content = choice(here, _content(one, blank), content)
        none = choice(here, one.none, none)
    return Form(content, none=none)


def _differ(first: Form, live: Sequence[tuple[Truth, Form]]) -> Truth:
    """When a value that may be given is not the same as the first."""
    there = [(here, one) for here, one in live if not is_true(one.is_gone)]
    if len(there) < 2:
        return False
    return any_of(all_of((here, opposite(equal_forms(first, one)))) for here, one in there)
