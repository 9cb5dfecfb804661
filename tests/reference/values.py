"""The values of the reference interpreter: a value, a reason for its absence, or what an unknown may still be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import frozen

Period: TypeAlias = tuple[int, int, int]


@frozen
class End:
    """One end of an interval; `at` None is infinitely far."""

    at: Any
    closed: bool


@frozen
class Interval:
    lo: End
    hi: End


FAR = End(None, False)


ANY = Interval(FAR, FAR)


@frozen
class Gone:
    """No value. `interval` not None: when everything is known this will be a value, inside it."""

    reason: str
    needs: frozenset[str] = frozenset()
    interval: Interval | None = None
    detail: frozenset[tuple[Any, ...]] = frozenset()


WORST_FIRST = ("error", "conflict", "not in force", "suspended", "not applicable")


def error(code: str) -> Gone:
    return Gone("error", detail=frozenset({(code,)}))


def unknown(needs: Iterable[str], interval: Interval | None) -> Any:
    """Unknown; an interval that is a single point leaves nothing to be asked."""
    if interval is not None:
        lo, hi = interval.lo, interval.hi
        if lo.at is not None and lo.at == hi.at and lo.closed and hi.closed:
            return lo.at
    return Gone("unknown", frozenset(needs), interval)


def is_gone(value: Any) -> bool:
    return isinstance(value, Gone)


def is_unknown(value: Any) -> bool:
    return isinstance(value, Gone) and value.reason == "unknown"


def is_certain(value: Any) -> bool:
    """Present, or sure to become a value."""
    return not is_gone(value) or value.interval is not None


def needs_of(values: Iterable[Any]) -> frozenset[str]:
    """W4: what the unknown ones among the values need."""
    return frozenset(need for v in values if is_unknown(v) for need in v.needs)


def worst(values: Iterable[Any]) -> Gone:
    """W3: the worst reason present among absences none of which is unknown."""
    absences = [v for v in values if is_gone(v)]
    reason = min((v.reason for v in absences), key=WORST_FIRST.index)
    return Gone(reason, detail=frozenset(d for v in absences if v.reason == reason for d in v.detail))


def merged(operands: Sequence[Any], interval: Interval | None) -> Any:
    """W3 where no operand decides and at least one is absent."""
    if any(is_unknown(v) for v in operands):
        return unknown(needs_of(operands), interval)
    return worst(operands)


def any_if_certain(operands: Sequence[Any]) -> Interval | None:
    return ANY if all(is_certain(v) for v in operands) else None


def exact(value: Any) -> Any:
    """A plain value with every number as a `Fraction`."""
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return Fraction(value)
    return value


def interval_of(value: Any) -> Interval:
    if is_gone(value):
        assert value.interval is not None
        interval: Interval = value.interval
        return interval
    return Interval(End(value, True), End(value, True))


def added(ends: Sequence[End]) -> End:
    """The sum of lower ends, or of upper ends: infinite when one is, open when one is."""
    if any(e.at is None for e in ends):
        return FAR
    return End(sum((e.at for e in ends), Fraction(0)), all(e.closed for e in ends))


def opposite(end: End) -> End:
    return FAR if end.at is None else End(-end.at, end.closed)


def least(ends: Sequence[End], far: int, closed_wins: bool) -> End:
    """The least of lower ends (`far` -1) or of upper ends (`far` 1)."""
    if far == -1 and any(e.at is None for e in ends):
        return FAR
    near = [e for e in ends if e.at is not None]
    if not near:
        return FAR
    value = min(e.at for e in near)
    ties = [e.closed for e in near if e.at == value]
    return End(value, any(ties) if closed_wins else all(ties))


def hull(values: Sequence[Any]) -> Interval | None:
    """The smallest interval round all of them; none of them may be the known `none`."""
    if any(v is None for v in values):
        return None
    intervals = [interval_of(v) for v in values]
    lo = least([i.lo for i in intervals], -1, True)
    his = [i.hi for i in intervals]
    if any(e.at is None for e in his):
        return Interval(lo, FAR)
    top = max(e.at for e in his)
    return Interval(lo, End(top, any(e.closed for e in his if e.at == top)))
