"""What decided an outcome: the steps that made the difference, as sentences, and what they cite."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policy_lang.program.basis import Basis, Key
from policy_lang.program.core import (
    Absent,
    And,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    Fold,
    Member,
    Op,
    Or,
)
from policy_lang.program.duty_words import happened_words
from policy_lang.program.findings import compared, found, is_grant_question, missing, noun
from policy_lang.program.sentences import said, short_name
from policy_lang.program.trace import Element, OutcomeTrace, Trace
from policy_lang.program.values import Absence, Value

_MOST = 40  # sentences: who wants to see everything asks for the whole explanation


def deciding(trace: Trace, leaning: frozenset[int] = frozenset()) -> tuple[Trace, ...]:
    """The children that made the value what it is: what stays when all that made no difference is left out.

    Where others do as well, those that lean on what the outcome does not rest on made no difference.
    """
    value = trace.value
    match trace.node:
        case And():
            return _firm(_decisive(trace.children, value, False), leaning, value is False)
        case Or():
            return _firm(_decisive(trace.children, value, True), leaning, value is True)
        case Choose():
            live = live_cases(trace)
            fits = [one for one in live if isinstance(one.node, Case) and one.children[0].value is True]
            kept = _firm(fits, leaning, True)
            firm = [one for one in live if one in kept or (one not in fits and id(one) not in leaning)]
            return tuple(firm if kept and not isinstance(value, Absence) else live)
        case Case():
            return trace.children
        case Fold(kind=kind):
            elements = _deciding_elements(trace, kind)
            return _firm(elements, leaning, (kind, value) in (("any", True), ("all", False)))
        case Element(fold=fold):
            if fold.where is not None and value is False:
                return trace.children[:1]
            return tuple(one for one in trace.children if isinstance(one.value, Absence)) or trace.children
        case Call():
            return trace.children[:1]
        case _:
            return _blamed(trace.children, value) if isinstance(value, Absence) else trace.children


def _firm(found: Sequence[Trace], leaning: frozenset[int], is_one_enough: bool) -> tuple[Trace, ...]:
    """Those that do not lean on what is idle, where one of them is enough and there is one."""
    firm = tuple(one for one in found if id(one) not in leaning) if is_one_enough else ()
    return firm or tuple(found)


def _decisive(operands: Sequence[Trace], value: Value, strong: bool) -> tuple[Trace, ...]:
    if isinstance(value, Absence):
        return _blamed(operands, value)
    return tuple(one for one in operands if one.value is value) if value is strong else tuple(operands)


def _blamed(operands: Iterable[Trace], value: Absence) -> tuple[Trace, ...]:
    """The operands that have the same reason for having no value; all when it arose here."""
    found = tuple(one for one in operands if _reason(one.value) == value.reason)
    return found or tuple(operands)


def _reason(value: Value) -> str | None:
    return value.reason if isinstance(value, Absence) else None


def live_cases(choice: Trace) -> list[Trace]:
    """The cases of a choice that its value may come from, and the default where it may be that.

    Where the default counts, and in a choice of the first case that fits, the cases passed over count
    too; only the rows of a table, which all look at one thing, say nothing more when one of them fits.
    """
    assert isinstance(choice.node, Choose)
    cases, default = choice.children[:-1], remaining(choice)
    fits = next((n for n, case in enumerate(cases) if case.children[0].value is True), None)
    if fits is None:
        return [*cases, default] if default is not None else list(cases)
    if choice.node.mode == "first" and not is_table(choice.node):
        return list(cases[: fits + 1])
    reached = cases[: fits + 1] if choice.node.mode == "first" else cases
    return [case for case in reached if case.children[0].value is not False]


def remaining(choice: Trace) -> Trace | None:
    """What holds where no case fits; None where some case always does, and its value only stands in."""
    assert isinstance(choice.node, Choose)
    default = choice.children[-1]
    found = default
    while isinstance(found.node, Choose) and found.node.span == choice.node.span:
        met = [one.children[0].value for one in found.children[:-1]]
        if any(isinstance(one, Absence) for one in met):
            return default
        found = found.children[met.index(True)].children[1] if True in met else found.children[-1]
    if any(found.node is case.value for case in choice.node.cases):
        return None
    return found if isinstance(found.node, Absent) else default


def is_table(choice: Choose) -> bool:
    """Whether all conditions look at one and the same thing."""
    keys = {id(key) for case in choice.cases for key in _keys(case.when)}
    return len(keys) == 1 and len(choice.cases) > 1


def _keys(when: Expr) -> list[Expr | None]:
    match when:
        case Compare(left=key) | Member(operand=key):
            return [key]
        case And(operands=operands) | Or(operands=operands):
            return [key for one in operands for key in _keys(one)]
        case _:
            return [None]


def _deciding_elements(fold: Trace, kind: str) -> tuple[Trace, ...]:
    listed, elements = fold.children[0], fold.children[1:]
    if isinstance(listed.value, Absence) or not elements:
        return (listed,)
    if kind not in ("any", "all") or isinstance(fold.value, Absence):
        counted = [one for one in elements if one.value is not False]
        if isinstance(fold.value, Absence):
            reason = fold.value.reason
            blamed = [e for e in counted if reason in {_reason(p.value) for p in (e, *e.children)}]
            return tuple(blamed or counted or elements)
        return tuple(counted or elements)
    if (kind == "any") is (fold.value is False):
        return elements
    strong = kind == "any"
    return tuple(
        e
        for e in elements
        if e.value is True
        and all(p.value is True for p in e.children[:-1])
        and (not e.children or e.children[-1].value is strong)
    )


def unguarded(trace: Trace) -> Trace:
    """What is decided while the instrument is in force, for a step that first asks whether it is."""
    while isinstance(trace.node, Choose) and trace.node.mode == "first" and trace.children[:-1]:
        if not all(is_window(one) and one.children[0].value is False for one in trace.children[:-1]):
            return trace
        trace = trace.children[-1]
    return trace


def is_window(case: Trace) -> bool:
    """Whether a case says only that something is not in force."""
    value = case.node.value if isinstance(case.node, Case) else None
    return isinstance(value, Absent) and value.reason == "not in force"


def near_grants(trace: Trace) -> tuple[tuple[Trace, ...], int]:
    """The grants of a status that name the country in question, or may; and how many others do not."""
    asked = trace.children if isinstance(trace.node, Or) else (trace,)
    near = tuple(one for one in asked if _names_country(one) is not False)
    return near, len(asked) - len(near)


def _names_country(call: Trace) -> Value:
    assert isinstance(call.node, Call)
    assert call.node.bind is not None
    body = call.children[0].children[0]
    country = Fact(call.node.bind.record, call.node.bind.fields[0][0], call.node.type)
    for one in body.children if isinstance(body.node, And) else (body,):
        match one.node:
            case Compare(left=Fact() as tested) | Member(operand=Fact() as tested):
                if (tested.record, tested.field) == (country.record, country.field):
                    return one.value
            case _:
                pass
    return True


# ------------------------------------------------------------------------------ sentences


def because(told: OutcomeTrace, basis: Basis | None = None) -> tuple[str, ...]:
    """The facts and comparisons that decided an outcome, as short sentences, each once.

    First what the outcome itself rests on, then what its rules rest on, and so on downwards. With a
    `basis`, of what was assumed and determined exactly that; what no step has led to comes last.
    """
    name = told.outcome.name
    leaning = basis.leaning(_roots(told)) if basis is not None else frozenset()
    sentences: dict[str, None] = {}
    level = [told.body]
    if told.duty is not None:
        level.extend(_parts_of_duty(told, sentences))
    seen: set[int] = set()
    shown: set[Key | None] = set()
    while level and len(sentences) < _MOST:
        below: list[Trace] = []
        stack = list(reversed(level))
        while stack:
            one = stack.pop()
            if id(one) in seen:
                continue
            seen.add(id(one))
            say, here, deeper = _step(one, name, leaning)
            if basis is not None and say:
                told_here = (one, *one.children) if isinstance(one.node, (Compare, Member)) else (one,)
                if any(basis.is_idle(part) for part in told_here):
                    say = ()
                elif len(sentences) + len(say) <= _MOST:
                    shown.update(map(basis.key, told_here))
            sentences.update(dict.fromkeys(say))
            stack.extend(reversed(here))
            below.extend(deeper)
        level = below
    rest = basis.leaves(_roots(told)) if basis is not None else {}
    last = [found(leaf) for key, leaf in rest.items() if key not in shown]
    if not sentences:
        sentences.update(dict.fromkeys(_in_force(told.body)))
    return tuple(dict.fromkeys([*_once(sentences)[:_MOST], *last]))


def _roots(told: OutcomeTrace) -> list[Trace]:
    return [told.body, *(one for one in (told.anchor, told.recurs) if one is not None)]


def _once(sentences: Iterable[str]) -> list[str]:
    """The sentences without those that another says with more: `price is 5 USD` beside `price is 5 USD, more than 0`."""
    longer: dict[str, str] = {}
    for one in sentences:
        if ", " in one:
            longer.setdefault(one.partition(", ")[0], one)
    return list(dict.fromkeys(longer.get(one, one) for one in sentences))


def _parts_of_duty(told: OutcomeTrace, sentences: dict[str, None]) -> list[Trace]:
    """What an obligation rests on besides being in force; what is plain is said at once."""
    schedule, duty = told.outcome.schedule, told.duty
    assert schedule is not None
    assert duty is not None
    assert told.anchor is not None
    more: list[Trace] = []
    if told.body.value is not True:
        return more
    if isinstance(told.anchor.node, Const) and not isinstance(told.anchor.value, Absence):
        if schedule.anchor_words != said(told.anchor.value):
            sentences[f"{schedule.anchor_words} was on {said(told.anchor.value)}"] = None
    else:
        more.append(told.anchor)
    if duty.due is not None:
        sentences[f"it was due by {duty.due}" if duty.state != "pending" else f"it is due by {duty.due}"] = (
            None
        )
    if told.events is not None:
        sentences[happened_words(schedule, told.events)] = None
    elif schedule.event is not None and isinstance(told.value, Absence) and duty.due is not None:
        sentences[f"nothing is said about {schedule.event_words}"] = None
    for due, done in duty.acts[-1:]:
        if done > due and (duty.state != "fulfilled" or duty.on_time is False):
            sentences[f"what was due by {due} was done late, on {done}"] = None
    if duty.state == "fulfilled" and duty.on_time is None:
        sentences["whether it was done in time is not stated"] = None
    if told.recurs is not None and (duty.recurs_matters or duty.done_once):
        more.append(told.recurs)
    return more


def _in_force(body: Trace) -> list[str]:
    """That the date asked about lies where the instrument and the clause are in force."""
    found: list[str] = []
    if isinstance(body.node, Choose):
        for case in body.children[:-1]:
            when = case.children[0]
            if is_window(case) and when.value is False and isinstance(when.node, Compare):
                found.extend(compared(when))
    return found


_Step = tuple[Sequence[str], Sequence[Trace], Sequence[Trace]]


def _step(trace: Trace, own: str, leaning: frozenset[int]) -> _Step:
    """What to say of a step, which steps to look at next, and which only after those of this level."""
    trace = unguarded(trace)
    node, value = trace.node, trace.value
    if is_grant_question(trace) and value is not True:
        return _grants_step(trace)
    match node:
        case Const():
            return (), (), ()
        case Compare() | Member() if not isinstance(value, Absence):
            return compared(trace), (), _behind(trace)
        case Compare() | Member():
            gaps = [one for one in trace.children if isinstance(one.value, Absence)]
            return ((), deciding(trace, leaning), ()) if gaps else ([missing(trace)], (), ())
        case Call(definition=definition):
            body = trace.children[0].children
            if short_name(definition) == own.replace("_", " ") or isinstance(value, Absence):
                return (), body, ()
            return [found(trace)], (), body
        case Choose():
            return (), _of_cases(trace, leaning), ()
        case Fold():
            listed = trace.children[0]
            if isinstance(listed.value, Absence):
                return [found(listed)], (), ()
            if not trace.children[1:]:
                return [f"the list {noun(listed)} is empty"], (), ()
            return (), deciding(trace, leaning), ()
        case And() | Or() | Definition() | Case() | Element() | Op():
            if isinstance(node, Op) and isinstance(value, Absence) and value.reason == "error":
                if not any(isinstance(one.value, Absence) for one in trace.children):
                    return [missing(trace)], trace.children, ()
            return (), deciding(trace, leaning), ()
        case Absent():
            return [missing(trace)], (), ()
    if not trace.children:
        return [found(trace)], (), ()
    return (), deciding(trace, leaning), ()


def _is_derived(trace: Trace) -> bool:
    """Whether the value was worked out from others."""
    return isinstance(trace.node, (Call, Op, Choose, Fold))


def _behind(trace: Trace) -> list[Trace]:
    """What the two sides of a comparison were worked out from; their values are in its sentence."""
    sides = [one for one in trace.children if _is_derived(one)]
    return [s for one in sides for s in (one.children[0].children if isinstance(one.node, Call) else (one,))]


def _grants_step(trace: Trace) -> _Step:
    near, _ = near_grants(trace)
    country = trace.children[0].children[1] if isinstance(trace.node, Or) else trace.children[1]
    if isinstance(trace.value, Absence):
        if isinstance(country.value, Absence):
            return (), (country,), ()
        return (), [one.children[0] for one in near if isinstance(one.value, Absence)], ()
    none = f"no clause in use that grants that status names {said(country.value)}"
    return [found(country), *([none] if not near else [])], [one.children[0] for one in near], ()


def _of_cases(choice: Trace, leaning: frozenset[int]) -> list[Trace]:
    """The conditions and values of a choice that count, without what says only that it is in force."""
    counted: list[Trace] = []
    reason = _reason(choice.value)
    for case in deciding(choice, leaning):
        if not isinstance(case.node, Case):
            counted.append(case)
            continue
        when, value = case.children
        if when.value is False:
            if not is_window(case) and (reason is None or reason != "unknown"):
                counted.append(when)
        elif reason is None:
            counted.extend(one for one in case.children if not isinstance(one.value, Absence))
        elif reason == "unknown":
            counted.extend(one for one in case.children if _reason(one.value) == "unknown")
        else:
            counted.extend((when, value))
    if reason == "unknown":
        return [one for one in counted if _reason(one.value) == "unknown"]
    return counted


def permissions_of(told: OutcomeTrace) -> tuple[str, ...]:
    """The permissions that make a prohibition complied with, by their names."""
    if not isinstance(told.body.node, Choose):
        return ()
    fits = next((one for one in told.body.children[:-1] if one.children[0].value is True), None)
    conditions = fits.children[0].children if fits is not None else ()
    calls = [one.node.definition for one in conditions if isinstance(one.node, Call)]
    return tuple(
        name.rpartition(".")[2].removesuffix("#permits") for name in calls if name.endswith("#permits")
    )


# ------------------------------------------------------------------------------ citations


def cites_of(told: OutcomeTrace, basis: Basis | None = None) -> tuple[str, ...]:
    """The citations of the clause, then of the cases, rows, rules and assumptions that decided; each once.

    With a `basis`, those of the assumptions in it and of no other.
    """
    cited: dict[str, None] = dict.fromkeys(told.outcome.cites)
    leaning = basis.leaning(_roots(told)) if basis is not None else frozenset()
    stack = list(reversed(_roots(told)))
    seen: set[int] = set()
    while stack:
        one = stack.pop()
        if id(one) in seen or (basis is not None and basis.is_idle(one)):
            continue
        seen.add(id(one))
        if isinstance(one.node, Case) and one.children[0].value is False:
            stack.append(one.children[0])
            continue
        if not isinstance(one.node, Choose):
            cited.update(dict.fromkeys(one.cites))
        is_ungranted = is_grant_question(one) and one.value is not True
        if is_ungranted and isinstance(one.node, Or):
            following = list(near_grants(one)[0])
        else:
            following = list(deciding(one, leaning))
        if isinstance(one.node, Choose) and remaining(one) in following:
            cited.update(dict.fromkeys(one.cites))
        stack.extend(reversed(following))
    for leaf in basis.leaves(_roots(told)).values() if basis is not None else ():
        cited.update(dict.fromkeys(leaf.cites))
    return tuple(cited)
