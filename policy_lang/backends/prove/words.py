"""Cases of a change in the policy's own terms: `good is graphite, country is JP, from 2027-04-01`."""

from __future__ import annotations

import datetime
from fractions import Fraction

from policy_lang.backends.prove.differences import Condition, Difference, Range, Words
from policy_lang.program.numbers import settle
from policy_lang.program.sentences import listed, said
from policy_lang.program.types import Dates, Type


def conditions_in_words(one: Difference) -> str:
    """When the change happens; the date asked about stands last."""
    words = [condition_in_words(condition) for condition in one.conditions]
    return ", ".join(word for word in words if word) or "always"


def condition_in_words(one: Condition) -> str:
    """What one fact must be."""
    unknown = one.unknown
    if unknown.part == "none":
        name = _name(one)
        return f"{name} is none" if one.value is True else f"{name} is not none"
    match one.value:
        case bool():
            if unknown.place[0] == "territories":
                sign = "" if one.value else "not "
                return f"{unknown.place[1]} is {sign}counted with the country it belongs to"
            return f"{_name(one)} is {'yes' if one.value else 'no'}"
        case Words(words, other):
            plain = [word.replace("_", " ") for word in words]
            if other:
                return f"{_name(one)} is none of {listed(plain, 'and')}" if words else ""
            return f"{_name(one)} is {listed(plain, 'or')}"
        case Range():
            return _range(one, one.value)


def _name(one: Condition) -> str:
    """The name of the fact, after the elements of lists that it stands in."""
    name = one.unknown.place[-1]
    part = f"{one.unknown.part} of " if one.unknown.part and one.unknown.part != "none" else ""
    plain = part + str(name).replace("_", " ")
    where = ", ".join(one.unknown.where)
    return f"{where}: {plain}" if where else plain


def _range(one: Condition, span: Range) -> str:
    kind = one.unknown.kind
    if kind == "number":
        return _numbers(_name(one), span, one.unknown.type)
    lower = None if span.lower is None else int(span.lower) + span.lower_open
    upper = None if span.upper is None else int(span.upper) - span.upper_open
    if kind == "length":
        return _count(one, lower, upper)
    words = _days(lower, upper)
    return words if kind == "asked" else f"{_name(one)} {words}"


def _days(lower: int | None, upper: int | None) -> str:
    first = None if lower is None or lower <= 1 else day(lower)
    last = None if upper is None or upper >= datetime.date.max.toordinal() else day(upper)
    if first and first == last:
        return f"on {first}"
    if first and last:
        return f"from {first} to {last}"
    if first:
        return f"from {first}"
    return f"until {last}" if last else "on any day"


def day(number: int) -> str:
    """A day number as a date."""
    return datetime.date.fromordinal(number).isoformat()


def _numbers(name: str, span: Range, kind: Type) -> str:
    def number(end: Fraction | int) -> str:
        return said(settle(Fraction(end)), kind)

    if span.lower is not None and span.lower == span.upper:
        return f"{name} is {number(span.lower)}"
    parts = []
    if span.lower is not None:
        parts.append(f"{'more than' if span.lower_open else 'at least'} {number(span.lower)}")
    if span.upper is not None:
        parts.append(f"{'less than' if span.upper_open else 'at most'} {number(span.upper)}")
    return f"{name} is {' and '.join(parts)}"


def _count(one: Condition, lower: int | None, upper: int | None) -> str:
    what = (
        "dates of " + _name(one).removeprefix("count of ")
        if isinstance(one.unknown.type, Dates)
        else _name(one)
    )
    if lower is not None and lower == upper:
        return f"{what}: {lower or 'none'}"
    if lower is None or lower <= 0:
        return f"{what}: at most {upper}"
    return f"{what}: {lower} or more" if upper is None else f"{what}: {lower} to {upper}"
