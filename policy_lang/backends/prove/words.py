"""Cases of a change in the policy's own terms: `good is graphite, country is JP, from 2027-04-01`."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from fractions import Fraction

import attrs

from policy_lang.backends.prove.differences import Difference
from policy_lang.backends.prove.regions import Condition, Range, Some, Words
from policy_lang.backends.prove.space import KNOWN, Unknown
from policy_lang.program.numbers import settle
from policy_lang.program.sentences import listed, said
from policy_lang.program.types import Dates, Type


def conditions_in_words(one: Difference) -> str:
    """When the change happens; the date asked about stands last."""
    told = {
        part.unknown.place for part in one.conditions if isinstance(part, Condition) and not part.unknown.part
    }
    words = [
        _some_in_words(part) if isinstance(part, Some) else condition_in_words(part)
        for part in one.conditions
        if isinstance(part, Some) or part.unknown.part != KNOWN or part.unknown.place not in told
    ]
    return ", ".join(word for word in words if word) or "always"


def _some_in_words(one: Some) -> str:
    """What some elements must be: `some entry: code is 0406.90; another entry: code is 0406.30`."""
    numbers: dict[str, dict[str, None]] = {}
    for held in one.conditions:
        for element in held.unknown.where:
            kind, _, number = element.rpartition(" ")
            numbers.setdefault(kind, {})[number] = None
    said: dict[tuple[str, ...], list[str]] = {}
    for held in one.conditions:
        where = tuple(_which(name, numbers) for name in held.unknown.where)
        said.setdefault(where, []).append(condition_in_words(attrs.evolve(held, unknown=_bare(held))))
    return "; ".join(f"{', '.join(where)}: {', '.join(words)}" for where, words in said.items())


def _bare(one: Condition) -> Unknown:
    return attrs.evolve(one.unknown, where=())


def _which(name: str, numbers: dict[str, dict[str, None]]) -> str:
    """`some entry`, and where there are several `another entry`, `a third entry`."""
    kind, _, number = name.rpartition(" ")
    place = list(numbers[kind]).index(number)
    return f"{('some', 'another', 'a third')[place] if place < 3 else 'yet another'} {kind}"


def condition_in_words(one: Condition) -> str:
    """What one fact must be."""
    unknown = one.unknown
    if unknown.denied and isinstance(one.value, bool) and not unknown.reason:
        return _name(one) if one.value else _name(one, unknown.denied)
    if unknown.reason:
        return f"{_name(one)} {_REASONS[unknown.reason]}"
    if unknown.part == "none":
        name = _name(one)
        return f"{name} is none" if one.value is True else f"{name} is not none"
    match one.value:
        case bool():
            if unknown.place[0] == "territories":
                return _of_territory(str(unknown.place[1]), one)
            return f"{_name(one)} is {'yes' if one.value else 'no'}"
        case Words(listed_, other):
            plain = words = [word.replace("_", " ") for word in listed_]
            if other:
                return f"{_name(one)} is none of {listed(plain, 'and')}" if words else _any(one)
            return f"{_name(one)} is {listed(plain, 'or')}" if words else f"{_name(one)} has a value"
        case Range():
            return _range(one, one.value)


def _of_territory(territory: str, one: Condition) -> str:
    if one.unknown.part == KNOWN:
        says = "say themselves" if one.value else "do not say"
        return f"the facts {says} whether {territory} is counted with the country it belongs to"
    return f"{territory} is {'' if one.value else 'not '}counted with the country it belongs to"


def left_out_in_words(unknowns: Sequence[Unknown]) -> str:
    """That facts are missing: `for example with chain 1: value and price not known`."""
    if not unknowns:
        return "for example"
    names = []
    for one in unknowns:
        if one.place[0] == "territories":
            names.append(f"whether {one.place[1]} is counted with the country it belongs to")
        else:
            names.append(": ".join((*one.where, str(one.place[-1]).replace("_", " "))))
    if len(names) > _MOST_NAMES:
        names[_MOST_NAMES:] = [f"{len(names) - _MOST_NAMES} more"]
    return f"for example with {listed(names, 'and')} not known"


_MOST_NAMES = 4


_REASONS = {
    "error": "has no value",
    "conflict": "is in conflict",
    "not in force": "is not in force",
    "suspended": "is suspended",
    "not applicable": "does not apply",
    "unknown": "is undetermined",
}


def _name(one: Condition, said: str = "") -> str:
    """The name of the fact, or what is said instead, after the elements of lists that it stands in."""
    if said or one.unknown.said:
        where = ", ".join(one.unknown.where)
        return f"{where}: {said or one.unknown.said}" if where else said or one.unknown.said
    name = one.unknown.place[-1]
    part = f"{one.unknown.part} of " if one.unknown.part and one.unknown.part != "none" else ""
    plain = part + str(name).replace("_", " ")
    where = ", ".join(one.unknown.where)
    return f"{where}: {plain}" if where else plain


def _any(one: Condition) -> str:
    return f"{_name(one)} has a value" if one.unknown.said else ""


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

    if span.lower is None and span.upper is None:
        return f"{name} has a value"
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
    if upper == 0 or (lower is not None and lower == upper):
        return f"{what}: {upper or 'none'}"
    if lower is None or lower <= 0:
        return f"{what}: at most {upper}"
    return f"{what}: {lower} or more" if upper is None else f"{what}: {lower} to {upper}"
