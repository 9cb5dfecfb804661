"""What was found, in short sentences that are true: `measure.rate is 5 %, more than 0 %`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Fact,
    Fold,
    Member,
    Not,
    Or,
)
from policy_lang.program.countries import DEPENDENT
from policy_lang.program.events import event_words
from policy_lang.program.schema import type_of
from policy_lang.program.sentences import (
    DEEPEST,
    bracketed,
    is_guard,
    listed,
    negation,
    parts_of,
    phrase,
    relation,
    said,
    short_name,
    template,
)
from policy_lang.program.titles import is_or_are
from policy_lang.program.trace import Element, Place, Trace
from policy_lang.program.types import Dates, YesNo
from policy_lang.program.values import Absence


def located(place: Place | None) -> str:
    """Where a record stands: `chain 2, step 1`; empty for one that stands in no list."""
    parts: list[str] = []
    while place is not None:
        if place.index is not None:
            parts.append(f"{place.record} {place.index}" if place.index else f"any {place.record}")
        place = place.parent
    return ", ".join(reversed(parts))


def noun(trace: Trace, depth: int = 0) -> str:
    """What a step is about, without its value: `vehicle.msrp`, `country of chain 2, step 1`."""
    node, where = trace.node, located(trace.place)
    match node:
        case Fact(record=record, field=name):
            if record is None:
                return event_words(name) if isinstance(node.type, Dates) else name
            return f"{name} of {where}" if where else f"{record}.{name}"
        case Call() | Or() if is_grant_question(trace):
            return asked_status(node)
        case Call(definition=definition):
            name = short_name(definition)
            return f"{name} of {where}" if where else name
        case Definition(name=definition):
            return short_name(definition)
        case Case() | Element():
            return "this case" if isinstance(node, Case) else where
        case Fold():
            listed_noun = noun(trace.children[0], depth + 1)
            inner = [phrase(one, node.record) for one in parts_of(node)[1:]]
            return template(node, [listed_noun, *inner])
        case Choose() if is_guard(node):
            return noun(trace.children[-1], depth)
    if depth > DEEPEST:
        return "..."
    flat = [*trace.children]
    if isinstance(node, Choose):
        cases, default = trace.children[:-1], trace.children[-1]
        flat = [*(c.children[0] for c in cases), *(c.children[1] for c in cases), default]
    inner = [
        bracketed(node, one.node, noun(one, depth + 1))
        if not isinstance(one.node, (Case, Definition, Element))
        else noun(one, depth + 1)
        for one in flat
    ]
    return template(node, inner)


def value_words(trace: Trace) -> str:
    """The value of a step in words."""
    node = trace.node
    if isinstance(node, Definition):
        return said(trace.value, node.type)
    if isinstance(node, (Case, Element)):
        return said(trace.value)
    return said(trace.value, type_of(node))


def shown(trace: Trace) -> str:
    """What a step is about, with its value after it: `price cap (80000 USD)`; a constant by itself."""
    if isinstance(trace.node, Const):
        return value_words(trace)
    return f"{noun(trace)} ({value_words(trace)})"


def found(trace: Trace) -> str:
    """That a step has the value it has: `measure.rate is 5 %`, or that nothing is said about it."""
    if isinstance(trace.node, Const):
        return value_words(trace)
    if isinstance(trace.value, Absence):
        return missing(trace)
    if isinstance(trace.node, Assumed):
        return f"assumed: {trace.node.name} is {value_words(trace)}"
    if isinstance(trace.node, Call) and is_yes_or_no(trace):
        return answered(trace)
    if isinstance(trace.node, Fact) and isinstance(trace.node.type, Dates):
        return f"{noun(trace)}: {value_words(trace)}"
    words = noun(trace)
    return f"{words} {is_or_are(words)} {value_words(trace)}"


def answered(trace: Trace) -> str:
    """A rule that says yes or no, with its answer: `qualifies is no (chain 2)`."""
    assert isinstance(trace.node, Call)
    if is_grant_question(trace):
        asked = noun(trace)
        return asked if trace.value is True else negation(trace.node, asked)
    where = located(trace.place)
    if trace.node.definition.endswith("#permits"):
        return f"{'permitted' if trace.value is True else 'not permitted'} by: {trace.label}"
    words = f"{short_name(trace.node.definition)} is {value_words(trace)}"
    return f"{words} ({where})" if where else words


def missing(trace: Trace) -> str:
    """Why a step has no value."""
    value = trace.value
    assert isinstance(value, Absence)
    if isinstance(trace.node, Absent):
        return trace.node.message
    if value.reason != "unknown":
        return because_of(value) or f"{noun(trace)} is {said(value)}"
    match trace.node:
        case Assumed(name=name):
            return f"nothing is assumed about {name}"
        case Fact():
            path = next(iter(value.needs), "") if _is_anywhere(trace.place) else noun(trace)
            return f"nothing is said about {path}"
        case Compare() | Member():
            gaps = [f"{t} counts as part of {DEPENDENT.get(t, 'its sovereign')}" for t in _territories(value)]
            if gaps and all(not isinstance(one.value, Absence) for one in trace.children):
                return f"nothing says whether {listed(gaps, 'and')}"
    return f"{noun(trace)} is not known"


def _territories(value: Absence) -> list[str]:
    return sorted(need.partition(".")[2] for need in value.needs if need.startswith("territories."))


def because_of(value: Absence) -> str:
    """The sentences of an absence that is not a missing fact; empty for a conflict."""
    if value.reason in ("unknown", "conflict"):
        return ""
    return "; ".join(sorted({str(message) for _, message in value.detail}))


def compared(trace: Trace) -> list[str]:
    """A comparison that came out, as sentences that are true: `measure.rate is 5 %, more than 0 %`."""
    node, holds = trace.node, trace.value is True
    left, right = trace.children[0], trace.children[-1]
    if isinstance(node, Member):
        return _member(trace, node)
    assert isinstance(node, Compare)
    opening = f"{value_words(left)} is" if isinstance(left.node, Const) else f"{found(left)},"
    if isinstance(left.value, Absence):
        opening = f"{noun(left)} is not known, but in any case"
    if node.comparison != "eq":
        way = relation(node.comparison, type_of(node.left), holds)
        return [f"{opening} {way} {shown(right)}"]
    if isinstance(left.value, Absence) or isinstance(right.value, Absence):
        return [f"{noun(left)} cannot be {shown(right)}"]
    if holds:
        if left.value != right.value:
            return [f"{found(left)}, which counts as part of {shown(right)}"]
        if isinstance(right.node, Const):
            return [found(left)]
        return [f"{found(left)}, the same as {noun(right)}"]
    return [f"{opening} not {shown(right)}"]


def _member(trace: Trace, node: Member) -> list[str]:
    operand, choices = trace.children[0], trace.children[1:]
    if isinstance(operand.value, Absence):
        return [f"{noun(operand)} is {'one' if trace.value is True else 'none'} of them in any case"]
    word, is_one = value_words(operand), "is one of" if trace.value is True else "is not one of"
    named = _list_name(node) or listed([value_words(one) for one in choices], "and") or "an empty list"
    return [found(operand), f"{word} {is_one} {named}"]


def _list_name(node: Member) -> str:
    return "the parties" if node.name == "parties" else node.name or ""


def claim(trace: Trace) -> str:
    """A condition as it is put, whatever came of it: `vehicle.msrp is more than price cap`."""
    node = trace.node
    if isinstance(node, Not):
        return negation(node.operand, claim(trace.children[0]))
    if isinstance(node, Call) and not is_grant_question(trace):
        return short_name(node.definition)
    return noun(trace)


def actual(trace: Trace) -> str:
    """What stands against a condition as it is put: `it is KR`, `62000 USD against 80000 USD`."""
    node = trace.node
    if isinstance(node, Not):
        return actual(trace.children[0])
    if isinstance(node, Assumed) and not isinstance(trace.value, Absence):
        return f"assumed: it is {value_words(trace)}"
    if isinstance(trace.value, Absence):
        gaps = [one for one in trace.children if isinstance(one.value, Absence)]
        if not gaps:
            return missing(trace)
        known = [one for one in trace.children if one not in gaps and not isinstance(one.node, Const)]
        stands = [f"{noun(one)} is {value_words(one)}" for one in known] if isinstance(node, Compare) else []
        return "; ".join(dict.fromkeys([*(missing(one) for one in gaps[:3]), *stands]))
    if isinstance(node, Compare):
        left, right = trace.children
        if isinstance(left.value, Absence) or isinstance(right.value, Absence):
            return "in any case"
        if isinstance(right.node, Const):
            is_plain = node.comparison == "eq" and left.value == right.value
            return "" if is_plain or isinstance(left.node, Const) else f"it is {value_words(left)}"
        return f"{value_words(left)} against {value_words(right)}"
    if isinstance(node, Member):
        operand = trace.children[0]
        return "in any case" if isinstance(operand.value, Absence) else f"it is {value_words(operand)}"
    return ""


def looked_up(choice: Trace) -> str:
    """The values that a table was asked for: `share date 2022-05-01`; empty where they are not known."""
    keys: dict[str, str] = {}
    stack = [case.children[0] for case in reversed(choice.children[:-1]) if isinstance(case.node, Case)]
    while stack:
        one = stack.pop()
        if isinstance(one.node, (Compare, Member)):
            key = one.children[0]
            if not isinstance(key.node, Const) and not isinstance(key.value, Absence):
                keys[noun(key)] = value_words(key)
        elif isinstance(one.node, (And, Or, Not)):
            stack.extend(reversed(one.children))
    return listed([f"{name} ({value})" for name, value in keys.items()], "and")


def with_rows(messages: Sequence[str], told: Trace) -> list[str]:
    """Messages that a table has no row, with what it was asked for; the others as they are."""
    asked: dict[str, str] = {}
    stack, seen = [told], {id(told)}
    while stack:
        one = stack.pop()
        if isinstance(one.node, Choose) and isinstance(one.value, Absence):
            missing_row = [str(m) for code, m in one.value.detail if code == "no-row"]
            looked = looked_up(one) if missing_row else ""
            asked.update({m: looked for m in missing_row if looked and m not in asked})
        fresh = [child for child in one.children if id(child) not in seen]
        seen.update(map(id, fresh))
        stack.extend(reversed(fresh))
    return [
        re.sub(r" has no row .*", f" has no row for {asked[one]}", one) if one in asked else one
        for one in messages
    ]


def _is_anywhere(place: Place | None) -> bool:
    """Whether this is about no element in particular."""
    while place is not None:
        if place.index == 0:
            return True
        place = place.parent
    return False


def is_grant_question(trace: Trace) -> bool:
    """Whether a step asks for one grant of a status, or for any of several."""
    node = trace.node
    if isinstance(node, Or):
        return bool(trace.children) and all(is_grant_question(one) for one in trace.children)
    if not isinstance(node, Call) or node.bind is None:
        return False
    definition = trace.children[0].node
    return isinstance(node.type, YesNo) and isinstance(definition, Definition) and definition.parameters


def asked_status(node: Call | Or) -> str:
    """The question for a status, in the author's words where they are at hand."""
    written = " ".join(node.span.text.split())
    if written and len(written) <= 160:
        return written
    call = node if isinstance(node, Call) else next(one for one in node.operands if isinstance(one, Call))
    assert call.bind is not None
    return f"{listed([phrase(one) for _, one in call.bind.fields], 'and')} has that status"


def is_yes_or_no(trace: Trace) -> bool:
    """Whether the values of a step are yes and no."""
    node = trace.node
    if isinstance(node, Definition):
        return isinstance(node.type, YesNo)
    return not isinstance(node, (Case, Element)) and isinstance(type_of(node), YesNo)
