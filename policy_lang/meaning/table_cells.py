"""The values that one key of a table can have, cut into cells within which every row fits or does not.

A cell is a range of dates or numbers, one word, country or code, or everything that no row names.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TypeAlias

from attrs import frozen

from policy_lang.program import core, hs
from policy_lang.program.schema import children, every, type_of
from policy_lang.program.sentences import listed, said
from policy_lang.program.types import (
    Date,
    Enumeration,
    Number,
    Type,
    YesNo,
    is_numeric,
)
from policy_lang.program.values import Interval, compare, unknown

_ONE_DAY = datetime.timedelta(days=1)


@frozen
class Range:
    """Dates or numbers between two ends."""

    interval: Interval


@frozen
class One:
    """One word, country, code or text; `none`; or yes or no. A code stands for all that no longer code names."""

    value: core.Plain


@frozen
class Rest:
    """Whatever no row names."""


Cell: TypeAlias = Range | One | Rest


@frozen
class Axis:
    """A key and its cells, in order where they have one. `words` is what the author calls the key."""

    words: str
    key: core.Expr
    type: Type
    cells: tuple[Cell, ...]


def axis(
    words: str,
    key: core.Expr,
    conditions: Iterable[core.Expr | None],
    bounds: core.Bounds,
    optional: bool,
) -> Axis:
    """The cells of one key: `conditions` are those that the rows set to it, `bounds` its own limits."""
    kind = type_of(key)
    assert kind is not None
    named = _constants(key, conditions)
    cells: list[Cell]
    if isinstance(kind, Date):
        cells = list(_days(named, bounds))
    elif is_numeric(kind):
        cells = list(_numbers(named, bounds, isinstance(kind, Number) and kind.whole))
    elif isinstance(kind, Enumeration):
        cells = [One(word) for word in kind.members]
    elif isinstance(kind, YesNo):
        cells = [One(True), One(False)]
    else:
        cells = [One(value) for value in dict.fromkeys(named) if value is not None]
        cells.append(Rest())
    return Axis(words, key, kind, (*cells, One(None)) if optional else tuple(cells))


def _constants(key: core.Expr, conditions: Iterable[core.Expr | None]) -> list[core.Plain]:
    """The values that the conditions compare the key with."""
    found: list[core.Plain] = []
    for condition in conditions:
        for part in every(condition) if condition is not None else ():
            if isinstance(part, (core.Compare, core.Member)):
                operands = children(part)
                if _is_of(operands[0], key):
                    found += [one.value for one in operands[1:] if isinstance(one, core.Const)]
    return found


def _is_of(expr: core.Expr, key: core.Expr) -> bool:
    """Whether an expression is the key, or the first digits of it."""
    return expr == key or (
        isinstance(expr, core.Op) and expr.operator == "hs_part" and expr.operands[0] == key
    )


def _days(named: Sequence[core.Plain], bounds: core.Bounds) -> Iterable[Range]:
    first = bounds.lower if isinstance(bounds.lower, datetime.date) else datetime.date.min
    last = bounds.upper if isinstance(bounds.upper, datetime.date) else datetime.date.max
    first += _ONE_DAY if bounds.lower_open and first < datetime.date.max else datetime.timedelta()
    last -= _ONE_DAY if bounds.upper_open and last > datetime.date.min else datetime.timedelta()
    starts = {first}
    for day in named:
        if isinstance(day, datetime.date):
            starts |= {day} | ({day + _ONE_DAY} if day < datetime.date.max else set())
    ordered = sorted(day for day in starts if first <= day <= last)
    for start, following in zip(ordered, [*ordered[1:], None], strict=True):
        end = following - _ONE_DAY if following is not None else last
        yield Range(Interval(start, False, end, False))


def _numbers(named: Sequence[core.Plain], bounds: core.Bounds, whole: bool) -> Iterable[Range]:
    """Each number that a row names, and what lies between them, within the bounds."""
    ends = [b for b in (bounds.lower, bounds.upper) if isinstance(b, Decimal)]
    points = sorted({*ends, *(n for n in named if isinstance(n, Decimal))})
    low: Decimal | None = None
    for point in points:
        yield from _kept(Interval(low, True, point, True), bounds, whole)
        yield from _kept(Interval(point, False, point, False), bounds, whole)
        low = point
    yield from _kept(Interval(low, True, None, True), bounds, whole)


def _kept(cell: Interval, bounds: core.Bounds, whole: bool) -> Iterable[Range]:
    low, high, lower, upper = cell.lower, cell.upper, bounds.lower, bounds.upper
    if isinstance(lower, Decimal) and isinstance(high, Decimal):
        if high < lower or (high == lower and (cell.upper_open or bounds.lower_open)):
            return
    if isinstance(upper, Decimal) and isinstance(low, Decimal):
        if low > upper or (low == upper and (cell.lower_open or bounds.upper_open)):
            return
    if isinstance(lower, Decimal) and low is None:
        return
    if isinstance(upper, Decimal) and high is None:
        return
    if whole and isinstance(low, Decimal) and isinstance(high, Decimal) and cell.lower_open:
        if high - low <= 1 and low == low.to_integral_value() and high == high.to_integral_value():
            return
    yield Range(cell)


# ------------------------------------------------------------------------------ does a row fit?


def fits(condition: core.Expr | None, key: core.Expr, cell: Cell, others: Sequence[Cell]) -> bool | None:
    """Whether a condition on a key holds for all values of a cell, or for none; None: that cannot be told."""
    match condition:
        case None:
            return True
        case core.And(operands=operands):
            return _all([fits(one, key, cell, others) for one in operands])
        case core.Or(operands=operands):
            turned = [fits(one, key, cell, others) for one in operands]
            found = _all([None if one is None else not one for one in turned])
            return None if found is None else not found
        case core.Not(operand=operand):
            inner = fits(operand, key, cell, others)
            return None if inner is None else not inner
        case core.Compare(comparison=comparison, left=left, right=core.Const(value=value)) if _is_of(
            left, key
        ):
            return _holds(comparison, cell, value)
        case core.Member(operand=operand, options=options) if _is_of(operand, key):
            if all(isinstance(one, core.Const) for one in options):
                return any(_holds("eq", cell, one.value) for one in options if isinstance(one, core.Const))
            return None
        case core.Const(value=bool(known)):
            return known
        case _ if condition == key and isinstance(cell, One):
            return cell.value is True
        case _:
            return None


def _all(parts: Sequence[bool | None]) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def _holds(comparison: core.Comparison, cell: Cell, value: core.Plain) -> bool | None:
    match cell:
        case Rest():
            return False
        case Range(interval=interval):
            found = compare(comparison, unknown((), interval), value)
            return found if isinstance(found, bool) else None
        case One(value=str(known)) if isinstance(value, str) and comparison == "eq":
            return known == value or (hs.canonical(value) == value and known.startswith(value))
        case One(value=known):
            return known == value if comparison == "eq" else None


# ------------------------------------------------------------------------------ cells in words


def in_words(one: Axis, chosen: frozenset[int]) -> str:
    """Some cells of a key in words: `weight is at least 10 tonne and less than 50 tonne`; empty for all of them."""
    if len(chosen) == len(one.cells):
        return ""
    if any(n in chosen and isinstance(cell, Rest) for n, cell in enumerate(one.cells)):
        others = [
            said(cell.value, one.type)
            for n, cell in enumerate(one.cells)
            if n not in chosen and isinstance(cell, One)
        ]
        return f"{one.words} is {'not' if len(others) == 1 else 'neither'} {listed(others, 'nor')}"
    names: list[str] = []
    run: list[Interval] = []
    for n, cell in enumerate(one.cells):
        if n in chosen and isinstance(cell, Range):
            run.append(cell.interval)
            continue
        if run:
            names.append(_range_words(run, one))
            run = []
        if n in chosen and isinstance(cell, One):
            names.append(said(cell.value, one.type))
    if run:
        names.append(_range_words(run, one))
    dated = isinstance(one.type, Date)
    return f"{one.words} {'lies ' if dated else 'is '}{listed(names, 'or')}"


def _range_words(run: Sequence[Interval], one: Axis) -> str:
    low, high = run[0], run[-1]
    if isinstance(one.type, Date):
        parts = [f"from {low.lower}"] if low.lower != datetime.date.min else []
        parts += [f"until {high.upper}"] if high.upper != datetime.date.max else []
        return f"on {low.lower}" if low.lower == high.upper else " ".join(parts) or "on any day"
    if low.lower is not None and low.lower == high.upper:
        return said(low.lower, one.type)
    parts = []
    if low.lower is not None:
        parts.append(f"{'more than' if low.lower_open else 'at least'} {said(low.lower, one.type)}")
    if high.upper is not None:
        parts.append(f"{'less than' if high.upper_open else 'at most'} {said(high.upper, one.type)}")
    return " and ".join(parts) or "any number"
