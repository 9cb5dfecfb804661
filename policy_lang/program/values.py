"""Core values: a value, or a reason for its absence, and what an unknown can still become (rules W1 to W5).

The logic of unknowns: `both`, `either`, `negated`, the comparisons, the choices and the folds. The
strict operators are in `operators.py`. Every function here is total: it never raises for any core value.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, cast

from attrs import field, frozen

from policy_lang.program.core import Comparison, Plain, Reason

End: TypeAlias = Decimal | Fraction | datetime.date


@frozen
class Interval:
    """From `lower` to `upper`, both numbers or both dates. None is infinitely far, and counts as open."""

    lower: End | None
    lower_open: bool
    upper: End | None
    upper_open: bool


ANY = Interval(None, True, None, True)
"""The whole line; for types without an order: some value, which one is not known."""


@frozen
class Absence:
    """Why there is no value.

    `needs` and `interval` belong to `unknown` alone: the questions whose answers are missing, and where
    the value will lie once they are given; None: it may turn out to be no value at all.
    `detail` belongs to the other reasons: pairs `(code, message)`, or for a conflict
    `(value, (place, citations))`.
    """

    reason: Reason
    needs: frozenset[str] = frozenset()
    interval: Interval | None = None
    detail: frozenset[tuple[object, object]] = frozenset()
    _hash: int = field(init=False, eq=False, repr=False)

    @_hash.default
    def _hash_once(self) -> int:
        return hash((self.reason, self.needs, self.interval, self.detail))

    def __hash__(self) -> int:
        return self._hash


Value: TypeAlias = Plain | Absence
"""A core value (rule W1)."""

WORST_FIRST: tuple[Reason, ...] = ("error", "conflict", "not in force", "suspended", "not applicable")


def unknown(needs: Iterable[str], interval: Interval | None = ANY) -> Value:
    """An unknown value that needs these answers; the value itself where only one is left."""
    if interval is not None and interval.lower is not None and interval.lower == interval.upper:
        return interval.lower
    return Absence("unknown", frozenset(needs), interval)


def absent(reason: Reason, code: str, message: str) -> Absence:
    """No value, for a reason that is not that a fact is missing."""
    return Absence(reason, detail=frozenset(((code, message),)))


def error(code: str, message: str) -> Absence:
    """A calculation that cannot be done."""
    return absent("error", code, message)


NONE_USED = error("none-used", "`none` stands where a value is needed")


def is_absent(value: object) -> bool:
    """Whether this is an absence of any kind."""
    return type(value) is Absence


def is_certain(absence: Absence) -> bool:
    """Whether it is sure to become a value when everything is known."""
    return absence.interval is not None


def interval_of(value: Value) -> Interval | None:
    """Where the value lies: one point for a number or a date that is known; None: nothing is certain."""
    if type(value) is Absence:
        return value.interval
    if isinstance(value, (Decimal, Fraction, datetime.date)):
        return Interval(value, False, value, False)
    return None


def worst(absences: Sequence[Absence]) -> Absence:
    """The worst reason among these, none of which is `unknown`, with all that is said for it."""
    for reason in WORST_FIRST:
        found = [a for a in absences if a.reason == reason]
        if len(found) == 1:
            return found[0]
        if found:
            return Absence(reason, detail=frozenset().union(*(a.detail for a in found)))
    raise ValueError("no absence to choose from")


def needs_of(absences: Iterable[Value]) -> frozenset[str]:
    """Everything that the unknown ones among these values need."""
    return frozenset().union(*(a.needs for a in absences if type(a) is Absence and a.reason == "unknown"))


def merged(absences: Sequence[Absence], interval: Interval | None) -> Value:
    """Unknown, with this interval, if any of them is unknown; otherwise the worst reason (rule W3)."""
    if any(a.reason == "unknown" for a in absences):
        return unknown(needs_of(absences), interval)
    return worst(absences)


# ------------------------------------------------------------------------------------ yes and no


def _not_known(operands: Iterable[Value], deciding: bool) -> list[Absence]:
    """The absences among yes/no operands, none of which decides; a `none` counts as an error."""
    return [
        operand if type(operand) is Absence else NONE_USED
        for operand in operands
        if operand is not (not deciding)
    ]


def _undecided(absences: list[Absence]) -> Value:
    certain = all(a.interval is not None for a in absences)
    return merged(absences, ANY if certain else None)


def both(operands: Sequence[Value]) -> Value:
    """And: any `no` gives no; all yes give yes; else unknown before the worst reason (rule W3)."""
    for operand in operands:
        if operand is False:
            return False
    missing = _not_known(operands, False)
    return _undecided(missing) if missing else True


def either(operands: Sequence[Value]) -> Value:
    """Or: any `yes` gives yes; all no give no; else unknown before the worst reason (rule W3)."""
    for operand in operands:
        if operand is True:
            return True
    missing = _not_known(operands, True)
    return _undecided(missing) if missing else False


def negated(operand: Value) -> Value:
    """Not: turns yes and no round, and keeps absences."""
    if operand is True:
        return False
    if operand is False:
        return True
    return NONE_USED if operand is None else operand


# ------------------------------------------------------------------------------------ comparisons


def is_equal(a: Plain, b: Plain) -> bool:
    """Whether two values of one type are the same; numbers by value."""
    return a == b


def precedes(a: End, b: End) -> bool:
    """Whether a number is less than another, or a date before another. What is compared is of one type."""
    first: Any = a
    comes_first: bool = first < b
    return comes_first


def _surely_less(a: Interval, b: Interval) -> bool:
    if a.upper is None or b.lower is None:
        return False
    return precedes(a.upper, b.lower) or (a.upper == b.lower and (a.upper_open or b.lower_open))


def _surely_at_most(a: Interval, b: Interval) -> bool:
    return a.upper is not None and b.lower is not None and not precedes(b.lower, a.upper)


def _by_intervals(comparison: Comparison, a: Interval, b: Interval) -> bool | None:
    """What the intervals decide for certain; None when they leave it open."""
    match comparison:
        case "lt":
            return True if _surely_less(a, b) else False if _surely_at_most(b, a) else None
        case "le":
            return True if _surely_at_most(a, b) else False if _surely_less(b, a) else None
        case "gt":
            return _by_intervals("lt", b, a)
        case "ge":
            return _by_intervals("le", b, a)
        case "eq":
            return False if _surely_less(a, b) or _surely_less(b, a) else None


def compare(comparison: Comparison, left: Value, right: Value) -> Value:
    """Compares two numbers or two dates, as intervals where they are unknown (rule W2)."""
    if comparison != "eq":
        left = NONE_USED if left is None else left
        right = NONE_USED if right is None else right
    if type(left) is not Absence and type(right) is not Absence:
        first: Any = left  # of one type with the other, and ordered: no program compares anything else
        holds: bool
        match comparison:
            case "eq":
                holds = first == right
            case "lt":
                holds = first < right
            case "le":
                holds = first <= right
            case "gt":
                holds = first > right
            case "ge":
                holds = first >= right
        return holds
    a, b = interval_of(left), interval_of(right)
    if a is not None and b is not None:
        decided = _by_intervals(comparison, a, b)
        if decided is not None:
            return decided
    return _undecided([v for v in (left, right) if type(v) is Absence])


def equal(left: Value, right: Value) -> Value:
    """Whether two values without an order are the same: texts, words, yes/no, records."""
    if type(left) is not Absence and type(right) is not Absence:
        return left == right
    return _undecided([v for v in (left, right) if type(v) is Absence])


def equal_countries(territories: Mapping[tuple[str, str], bool | None], left: Value, right: Value) -> Value:
    """Whether two countries are the same (rule N5).

    `territories` has every pair (territory, sovereign) with: is the one counted with the other? None:
    nothing says so, and then it is unknown.
    """
    if type(left) is Absence or type(right) is Absence:
        return _undecided([v for v in (left, right) if type(v) is Absence])
    if left == right:
        return True
    for territory, sovereign in ((left, right), (right, left)):
        pair = cast("tuple[str, str]", (territory, sovereign))  # a country is its code
        if pair in territories:
            included = territories[pair]
            return unknown((f"territories.{territory}",)) if included is None else included
    return False


# ------------------------------------------------------------------------------------ choices


def hull(values: Sequence[Value]) -> Interval | None:
    """The smallest interval that holds all of these; None when one may be no number or date."""
    intervals = [interval_of(v) for v in values]
    lower: End | None = None
    upper: End | None = None
    lower_open = upper_open = True
    first = True
    for one in intervals:
        if one is None:
            return None
        if first:
            lower, lower_open, upper, upper_open = one.lower, one.lower_open, one.upper, one.upper_open
            first = False
            continue
        if one.lower is None or lower is None:
            lower, lower_open = None, True
        elif precedes(one.lower, lower):
            lower, lower_open = one.lower, one.lower_open
        elif one.lower == lower:
            lower_open = lower_open and one.lower_open
        if one.upper is None or upper is None:
            upper, upper_open = None, True
        elif precedes(upper, one.upper):
            upper, upper_open = one.upper, one.upper_open
        elif one.upper == upper:
            upper_open = upper_open and one.upper_open
    return Interval(lower, lower_open, upper, upper_open)


def _all_equal(values: Sequence[Value]) -> bool:
    head = values[0]
    return all(type(v) is not Absence and v == head for v in values)


def _settle(live: Sequence[Value], doubtful: Sequence[Absence], ordered: bool, alone: bool) -> Value:
    """What a choice gives when `live` are the values it may give and `doubtful` its undecided conditions.

    `alone`: no conflict can come of the doubtful conditions.
    """
    if _all_equal(live):
        return live[0]
    operands = [*doubtful, *(v for v in live if type(v) is Absence)]
    certain = alone and all(a.interval is not None for a in operands)
    interval = (hull(live) if ordered else ANY) if certain else None
    return merged(operands, interval)


def choose_unordered(
    conditions: Sequence[Value],
    values: Sequence[Value],
    default: Value,
    ordered: bool,
    places: Sequence[tuple[str, tuple[str, ...]]] = (),
) -> Value:
    """The value by cases in no order (rule C1). `ordered`: the type is a number or a date.

    `places` says for each case where it stands (`path:line`) and what it cites, for conflicts.
    """
    held: list[Value] = []
    doubtful: list[Absence] = []
    unsure: list[Value] = []
    for condition, value in zip(conditions, values, strict=True):
        if condition is True:
            held.append(value)
        elif condition is not False:
            doubtful.append(condition if type(condition) is Absence else NONE_USED)
            unsure.append(value)
    if not doubtful:
        if len(held) == 1:
            return held[0]
        if not held:
            return default
    present = [v for v in held if type(v) is not Absence]
    if len(present) > 1 and not _all_equal(present):
        clashing = [
            (value, places[n] if n < len(places) else ("", ()))
            for n, (condition, value) in enumerate(zip(conditions, values, strict=True))
            if condition is True and type(value) is not Absence
        ]
        return Absence("conflict", detail=frozenset(clashing))
    cases = [*held, *unsure]
    alone = len(cases) <= 1 or _all_equal(cases)
    live = cases if held else [*cases, default]
    return _settle(live, doubtful, ordered, alone)


def choose_first(
    conditions: Sequence[Value], values: Sequence[Value], default: Value, ordered: bool
) -> Value:
    """The value of the first row that matches (rule C5). `ordered`: the type is a number or a date."""
    doubtful: list[Absence] = []
    live: list[Value] = []
    for condition, value in zip(conditions, values, strict=True):
        if condition is True:
            live.append(value)
            break
        if condition is not False:
            doubtful.append(condition if type(condition) is Absence else NONE_USED)
            live.append(value)
    else:
        live.append(default)
    if not doubtful:
        return live[0]
    return _settle(live, doubtful, ordered, True)
