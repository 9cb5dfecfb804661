"""The operators of the reference interpreter, for what is known and, as intervals, for what is not."""

from __future__ import annotations

import calendar
import datetime
import math
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any, assert_never

from policy_lang.program.core import (
    Op,
)
from policy_lang.program.types import Percent, Type, is_numeric
from tests.reference.comparisons import wanted
from tests.reference.scene import type_of
from tests.reference.values import (
    ANY,
    FAR,
    End,
    Interval,
    Period,
    added,
    error,
    exact,
    interval_of,
    is_certain,
    is_gone,
    least,
    merged,
    opposite,
)


class Wrong(Exception):
    """An operation that has no result; the argument is the permanent code."""


def operate(expr: Op, operands: list[Any]) -> Any:
    operands = [wanted(v) for v in operands]
    kinds = [type_of(o) for o in expr.operands]
    if not any(is_gone(v) for v in operands):
        try:
            return computed(expr, operands, kinds)
        except Wrong as wrong:
            return error(str(wrong))
    interval = None
    if all(is_certain(v) for v in operands):
        interval = interval_of_result(expr, operands, kinds)
    return merged(operands, interval)


def percent_scale(kinds: Sequence[Type | None]) -> Fraction:
    """The hundredths by which percent factors count among factors that are not percents."""
    percents = sum(isinstance(k, Percent) for k in kinds)
    return Fraction(1, 100**percents) if percents < len(kinds) else Fraction(1)


def computed(expr: Op, v: list[Any], kinds: Sequence[Type | None]) -> Any:
    match expr.operator:
        case "add" if isinstance(v[0], date):
            moved = v[0]
            for period in v[1:]:
                moved = shifted(moved, period, 1, str((*expr.params, "abort")[0]))
            return moved
        case "add":
            return sum(v[1:], v[0])
        case "subtract" if isinstance(v[1], tuple):
            return shifted(v[0], v[1], -1, str((*expr.params, "abort")[0]))
        case "subtract" if isinstance(v[0], date):
            return Fraction((v[0] - v[1]).days)
        case "subtract":
            return v[0] - v[1]
        case "negate":
            return -v[0]
        case "multiply":
            return math.prod(v, start=percent_scale(kinds))
        case "divide":
            if v[1] == 0:
                raise Wrong("division-by-zero")
            return v[0] / v[1]
        case "percent_of":
            return v[0] * v[1] / 100
        case "share_of":
            if v[1] <= 0:
                raise Wrong("share-of-nothing")  # V4
            return v[0] * v[1] / 100
        case "as_percent":
            if v[1] <= 0:
                raise Wrong("share-of-nothing")
            return v[0] / v[1] * 100
        case "lesser":
            return min(v)
        case "greater":
            return max(v)
        case "round":
            return rounded(v[0], str(expr.params[0]), exact(expr.params[1]))
        case "add_period":
            return shifted(v[0], v[1], 1, str(expr.params[0]))
        case "subtract_period":
            return shifted(v[0], v[1], -1, str(expr.params[0]))
        case "first_of_month":
            return v[0].replace(day=1)
        case "last_of_month":
            return v[0].replace(day=days_in(v[0].year, v[0].month))
        case "year_of":
            return Fraction(v[0].year)
        case "either_event" | "each_event" | "term_end":
            raise AssertionError(expr.operator)
        case "start_of_year":
            month, day = (int(str(n)) for n in expr.params)
            year = v[0].year
            while year >= 1 and date(year, month, day) > v[0]:
                year -= 1
            if year < 1:
                raise Wrong("date-out-of-range")
            return date(year, month, day)
        case "span":
            if v[1] < v[0]:
                raise Wrong("ends-before-it-begins")
            return (v[0], v[1])
        case "start_of_span":
            return v[0][0]
        case "end_of_span":
            return v[0][1]
        case "days_in":
            return Fraction(v[0][1].toordinal() + 1 - v[0][0].toordinal())
        case "days_common":
            first, last = max(v[0][0], v[1][0]), min(v[0][1], v[1][1])
            return Fraction(max(0, last.toordinal() + 1 - first.toordinal()))
        case "hs_part":
            digits = [c for c in v[0] if c != "."][: int(str(expr.params[0]))]
            text = "".join(digits)
            return ".".join([text[:4], *(text[n : n + 2] for n in range(4, len(text), 2))])
        case _:
            assert_never(expr.operator)


def rounded(x: Fraction, mode: str, multiple: Fraction) -> Fraction:
    steps = x / multiple
    match mode:
        case "up":
            whole = math.ceil(steps)
        case "down":
            whole = math.floor(steps)
        case "half up":
            whole = math.floor(steps + Fraction(1, 2))
        case "half even":
            whole = round(steps)
        case "half down":
            whole = math.ceil(steps - Fraction(1, 2))
        case "towards zero":
            whole = math.trunc(steps)
        case "away from zero":
            whole = math.ceil(abs(steps)) * (1 if steps > 0 else -1)
        case "half away from zero":
            whole = math.floor(abs(steps) + Fraction(1, 2)) * (1 if steps > 0 else -1)
        case _:
            raise AssertionError(mode)
    return whole * multiple


def days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def shifted(start: date, period: Period, sign: int, rounding: str) -> date:
    """V6: years and months first, rounded once, then days."""
    years, months, days = period
    months_from_zero = start.year * 12 + start.month - 1 + sign * (years * 12 + months)
    year, month = months_from_zero // 12, months_from_zero % 12 + 1
    if not 1 <= year <= 9999:
        raise Wrong("date-out-of-range")
    day = start.day
    if day > days_in(year, month):
        if rounding == "abort":
            raise Wrong("no-such-day")
        day = days_in(year, month)
        if rounding == "up":
            days += sign  # the first of the next month is the day after the last
    try:
        return date(year, month, day) + datetime.timedelta(days=sign * days)
    except OverflowError:
        raise Wrong("date-out-of-range") from None


def interval_of_result(expr: Op, v: list[Any], kinds: Sequence[Type | None]) -> Interval | None:
    """Where the result will lie, all operands being present or certain unknowns; None: not known."""
    if expr.operator == "hs_part":
        return ANY
    if expr.operator == "days_in":
        return Interval(End(Fraction(1), True), FAR)
    if expr.operator == "days_common":
        lengths = [Fraction((x[1] - x[0]).days + 1) for x in v if isinstance(x, tuple)]
        return Interval(End(Fraction(0), True), End(lengths[0], True) if lengths else FAR)
    if not all(k is not None and is_numeric(k) for k in kinds):
        return None
    at = [interval_of(x) for x in v]
    match expr.operator:
        case "add":
            return Interval(added([i.lo for i in at]), added([i.hi for i in at]))
        case "subtract":
            return Interval(added([at[0].lo, opposite(at[1].hi)]), added([at[0].hi, opposite(at[1].lo)]))
        case "negate":
            return Interval(opposite(at[0].hi), opposite(at[0].lo))
        case "multiply":
            return times_all([*at, interval_of(percent_scale(kinds))])
        case "percent_of":
            return times_all([*at, interval_of(Fraction(1, 100))])
        case "share_of":
            x = at[1]
            above = x.lo.at is not None and (x.lo.at > 0 or (x.lo.at == 0 and not x.lo.closed))
            return times_all([*at, interval_of(Fraction(1, 100))]) if above else None
        case "divide":
            if is_gone(v[1]) or v[1] == 0:
                return None
            return times_all([at[0], interval_of(1 / v[1])])
        case "as_percent":
            if is_gone(v[1]) or v[1] <= 0:
                return None
            return times_all([at[0], interval_of(100 / v[1])])
        case "lesser":
            return Interval(least([i.lo for i in at], -1, True), least([i.hi for i in at], 1, False))
        case "greater":
            mirrored = [Interval(opposite(i.hi), opposite(i.lo)) for i in at]
            lo = least([i.lo for i in mirrored], -1, True)
            hi = least([i.hi for i in mirrored], 1, False)
            return Interval(opposite(hi), opposite(lo))
        case "round":
            mode, multiple = str(expr.params[0]), exact(expr.params[1])
            lo, hi = (
                FAR if end.at is None else End(rounded(end.at, mode, multiple), True)
                for end in (at[0].lo, at[0].hi)
            )
            return Interval(lo, hi)
    return None


def times_all(intervals: Sequence[Interval]) -> Interval:
    result = intervals[0]
    for other in intervals[1:]:
        result = times(result, other)
    return result


def times(a: Interval, b: Interval) -> Interval:
    """From the least of the products of ends to the greatest."""
    corners = [
        corner(x, x_sign, y, y_sign)
        for (x, x_sign), (y, y_sign) in product(((a.lo, -1), (a.hi, 1)), ((b.lo, -1), (b.hi, 1)))
    ]
    lowest = min((size, number) for size, number, _ in corners)
    highest = max((size, number) for size, number, _ in corners)
    return Interval(extreme(corners, lowest), extreme(corners, highest))


def corner(x: End, x_sign: int, y: End, y_sign: int) -> tuple[int, Fraction, bool]:
    """One product: -1, 0 or 1 for minus infinity, finite or infinity; the number; whether it is reached.

    The signs tell which way an end lies that is infinitely far.
    """
    for end, other in ((x, y), (y, x)):
        if end.at == 0 and end.closed:
            return 0, Fraction(0), True
        if end.at == 0 and other.at is None:
            return 0, Fraction(0), False
    if x.at is None or y.at is None:
        sign_x = x_sign if x.at is None else (1 if x.at > 0 else -1)
        sign_y = y_sign if y.at is None else (1 if y.at > 0 else -1)
        return sign_x * sign_y, Fraction(0), False
    return 0, x.at * y.at, x.closed and y.closed


def extreme(corners: Sequence[tuple[int, Fraction, bool]], chosen: tuple[int, Fraction]) -> End:
    size, number = chosen
    if size != 0:
        return FAR
    return End(number, any(closed for s, n, closed in corners if (s, n) == chosen))
