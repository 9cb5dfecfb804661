"""The strict operators and the folds on core values, with the intervals of what is unknown (rules W2, W7).

A strict operator needs all its operands: any unknown gives unknown, else any other absence the worst
of them. Every function here is total: it never raises for core values of the right type.
"""

from __future__ import annotations

import datetime
import decimal
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import cast

from policy_lang.program import dates, hs, numbers
from policy_lang.program.core import FoldKind, Plain
from policy_lang.program.numbers import ZERO, Number
from policy_lang.program.values import (
    ANY,
    NONE_USED,
    Absence,
    Interval,
    Value,
    both,
    choose_unordered,
    compare,
    either,
    error,
    interval_of,
    merged,
    needs_of,
    negated,
    unknown,
)

TOO_LONG = error("number-too-long", f"the result has more than {numbers.DIGITS} digits")
DIVISION_BY_ZERO = error("division-by-zero", "the divisor is zero")
NO_SUCH_DAY = error("no-such-day", "that month has no such day, and the rule does not say how to round")
OUT_OF_RANGE = error("date-out-of-range", "the date lies before 0001-01-01 or after 9999-12-31")
BACKWARDS = error("ends-before-it-begins", "the span would end before it begins")
CODE_TOO_SHORT = error("code-too-short", "the HS code has too few digits for what is asked of it")
NOTHING_TO_COMPARE = error("nothing-to-compare", "the most or least of an empty list is asked for")


def share_of_nothing(words: str) -> Absence:
    """The error of a share of something that is not more than zero (rule V4); `words` names it."""
    what = f"`{words}`" if words else "the whole"
    return error("share-of-nothing", f"{what} is not more than zero, so there is no share of it")


def _strict(
    operands: Sequence[Value],
    compute: Callable[..., Plain],
    bounds: Callable[..., Interval | None] | None = None,
) -> Value:
    """What `compute` gives for known operands; otherwise the absence, with the interval of `bounds`."""
    missing = [NONE_USED if v is None else v for v in operands if type(v) is Absence or v is None]
    if not missing:
        try:
            return compute(*operands)
        except decimal.DecimalException:
            return TOO_LONG
        except ZeroDivisionError:
            return DIVISION_BY_ZERO
        except dates.NoSuchDayError:
            return NO_SUCH_DAY
        except dates.DateOutOfRangeError:
            return OUT_OF_RANGE
        except dates.BackwardsError:
            return BACKWARDS
        except hs.CodeTooShortError:
            return CODE_TOO_SHORT
    interval = None
    if bounds is not None and any(a.reason == "unknown" for a in missing):
        ranges = [interval_of(v) for v in operands]
        if None not in ranges:
            try:
                interval = bounds(*ranges)
            except decimal.DecimalException:
                interval = None
    return merged(missing, interval)


# ------------------------------------------------------------------------------ intervals of numbers


def _number(value: object) -> Number:
    return cast(Number, value)


def _is_number_interval(interval: Interval) -> bool:
    return not isinstance(interval.lower, datetime.date) and not isinstance(interval.upper, datetime.date)


def _sum_of(*ranges: Interval) -> Interval | None:
    lower: Number | None = ZERO
    upper: Number | None = ZERO
    lower_open = upper_open = False
    for one in ranges:
        if not _is_number_interval(one):
            return None
        lower = None if lower is None or one.lower is None else numbers.add(lower, _number(one.lower))
        upper = None if upper is None or one.upper is None else numbers.add(upper, _number(one.upper))
        lower_open = lower_open or one.lower_open
        upper_open = upper_open or one.upper_open
    return Interval(lower, lower_open, upper, upper_open)


def _mirrored(one: Interval) -> Interval:
    lower = None if one.upper is None else numbers.negate(_number(one.upper))
    upper = None if one.lower is None else numbers.negate(_number(one.lower))
    return Interval(lower, one.upper_open, upper, one.lower_open)


def _difference_of(a: Interval, b: Interval) -> Interval | None:
    if not (_is_number_interval(a) and _is_number_interval(b)):
        return None
    return _sum_of(a, _mirrored(b))


_Corner = tuple[int, Number, bool]
"""An end of an interval: -1, 0 or 1 for minus infinity, a number, plus infinity; the number; open?"""


def _ends(one: Interval) -> tuple[_Corner, _Corner]:
    lower: _Corner = (-1, ZERO, True) if one.lower is None else (0, _number(one.lower), one.lower_open)
    upper: _Corner = (1, ZERO, True) if one.upper is None else (0, _number(one.upper), one.upper_open)
    return lower, upper


def _corner_product(a: _Corner, b: _Corner) -> _Corner:
    zero_a, zero_b = a[0] == 0 and a[1] == 0, b[0] == 0 and b[1] == 0
    if zero_a or zero_b:
        closed = (zero_a and not a[2]) or (zero_b and not b[2])
        return 0, ZERO, not closed
    if a[0] == 0 and b[0] == 0:
        return 0, numbers.multiply(a[1], b[1]), a[2] or b[2]
    sign_a = a[0] or (1 if a[1] > 0 else -1)
    sign_b = b[0] or (1 if b[1] > 0 else -1)
    return sign_a * sign_b, ZERO, True


def _product_of_two(a: Interval, b: Interval) -> Interval:
    corners = [_corner_product(x, y) for x in _ends(a) for y in _ends(b)]
    low = min(corners, key=lambda c: (c[0], c[1], c[2]))
    high = max(corners, key=lambda c: (c[0], c[1], not c[2]))
    return Interval(
        None if low[0] else low[1],
        bool(low[0]) or low[2],
        None if high[0] else high[1],
        bool(high[0]) or high[2],
    )


def _product_of(*ranges: Interval) -> Interval:
    product = ranges[0]
    for one in ranges[1:]:
        product = _product_of_two(product, one)
    return product


def _hundredth(one: Interval, times: int) -> Interval:
    if not times:
        return one
    lower = None if one.lower is None else numbers.hundredth(_number(one.lower), times)
    upper = None if one.upper is None else numbers.hundredth(_number(one.upper), times)
    return Interval(lower, one.lower_open, upper, one.upper_open)


def _divided(one: Interval, divisor: Number) -> Interval:
    lower = None if one.lower is None else numbers.divide(_number(one.lower), divisor)
    upper = None if one.upper is None else numbers.divide(_number(one.upper), divisor)
    if divisor < 0:
        return Interval(upper, one.upper_open, lower, one.lower_open)
    return Interval(lower, one.lower_open, upper, one.upper_open)


def _is_positive(one: Interval | None) -> bool:
    if one is None or one.lower is None:
        return False
    lower = _number(one.lower)
    return lower > 0 or (lower == 0 and one.lower_open)


def _lesser_of(*ranges: Interval) -> Interval | None:
    if not all(_is_number_interval(one) for one in ranges):
        return None
    lowers, uppers = zip(*(_ends(one) for one in ranges), strict=True)
    low = min(lowers, key=lambda c: (c[0], c[1], c[2]))
    high = min(uppers, key=lambda c: (c[0], c[1], not c[2]))
    return Interval(None if low[0] else low[1], low[2], None if high[0] else high[1], high[2])


def _greater_of(*ranges: Interval) -> Interval | None:
    if not all(_is_number_interval(one) for one in ranges):
        return None
    lesser = _lesser_of(*(_mirrored(one) for one in ranges))
    return None if lesser is None else _mirrored(lesser)


# ------------------------------------------------------------------------------ the operators


def _total(first: Plain, *others: Plain) -> Plain:
    if isinstance(first, datetime.date):
        for period in others:
            first = dates.add_period(first, cast(dates.Period, period), "abort")
        return first
    if isinstance(first, tuple):
        columns = zip(first, *cast("tuple[dates.Period, ...]", others), strict=True)
        return cast(Plain, tuple(sum(cast("tuple[int, ...]", column)) for column in columns))
    total = _number(first)
    for other in others:
        total = numbers.add(total, _number(other))
    return total


def add(operands: Sequence[Value], numeric: bool = True) -> Value:
    """The sum of numbers, or a date moved forward by periods. `numeric`: the sum is a number."""
    return _strict(operands, _total, _sum_of if numeric else None)


def _taken_off(a: Plain, b: Plain) -> Plain:
    if isinstance(a, datetime.date):
        if isinstance(b, datetime.date):
            return Decimal(dates.days_between(b, a))
        return dates.subtract_period(a, cast(dates.Period, b), "abort")
    if isinstance(a, tuple):
        columns = zip(cast(dates.Period, a), cast(dates.Period, b), strict=True)
        return cast(Plain, tuple(x - y for x, y in columns))
    return numbers.subtract(_number(a), _number(b))


def subtract(a: Value, b: Value, numeric: bool = True) -> Value:
    """The difference of numbers; of two dates in days; or a date moved back. `numeric`: both are numbers."""
    return _strict((a, b), _taken_off, _difference_of if numeric else None)


def _turned(a: Plain) -> Plain:
    if isinstance(a, tuple):
        return cast(Plain, tuple(-part for part in cast(dates.Period, a)))
    return numbers.negate(_number(a))


def negate(a: Value, numeric: bool = True) -> Value:
    """The number with the other sign."""
    return _strict((a,), _turned, _mirrored if numeric else None)


def multiply(operands: Sequence[Value], hundredths: int = 0) -> Value:
    """The product; `hundredths` counts the factors that are a percentage of the others."""

    def compute(*factors: Number) -> Number:
        product = factors[0]
        for factor in factors[1:]:
            product = numbers.multiply(product, factor)
        return numbers.hundredth(product, hundredths) if hundredths else product

    return _strict(operands, compute, lambda *ranges: _hundredth(_product_of(*ranges), hundredths))


def divide(a: Value, b: Value) -> Value:
    """The quotient; an error when b is zero."""

    def bounds(one: Interval, _: Interval) -> Interval | None:
        if isinstance(b, Absence) or b == 0:
            return None
        return _divided(one, _number(b))

    return _strict((a, b), numbers.divide, bounds)


def percent_of(percent: Value, whole: Value) -> Value:
    """So many percent of a number."""
    return _strict((percent, whole), numbers.percent_of, lambda p, w: _hundredth(_product_of_two(p, w), 1))


def share_of(percent: Value, whole: Value, words: str = "") -> Value:
    """So many percent of a number that must be more than zero (rule V4); `words` names that number."""
    known = not (
        isinstance(whole, Absence) or isinstance(percent, Absence) or whole is None or percent is None
    )
    if known and _number(whole) <= 0:
        return share_of_nothing(words)

    def bounds(p: Interval, w: Interval) -> Interval | None:
        return _hundredth(_product_of_two(p, w), 1) if _is_positive(w) else None

    return _strict((percent, whole), numbers.percent_of, bounds)


def as_percent(part: Value, whole: Value, words: str = "") -> Value:
    """The one as percent of the other, which must be more than zero; `words` names that other."""
    known = not (isinstance(whole, Absence) or isinstance(part, Absence) or whole is None or part is None)
    if known and _number(whole) <= 0:
        return share_of_nothing(words)

    def bounds(one: Interval, w: Interval) -> Interval | None:
        if isinstance(whole, Absence) or not _is_positive(w):
            return None
        return _divided(_hundredth(one, -1), _number(whole))

    return _strict((part, whole), numbers.as_percent, bounds)


def lesser(operands: Sequence[Value], numeric: bool = True) -> Value:
    """The least of these numbers, or of these dates when not `numeric`."""
    return _strict(operands, lambda *values: min(values), _lesser_of if numeric else None)


def greater(operands: Sequence[Value], numeric: bool = True) -> Value:
    """The greatest of these numbers, or of these dates when not `numeric`."""
    return _strict(operands, lambda *values: max(values), _greater_of if numeric else None)


def round_to(value: Value, mode: str, multiple: Number) -> Value:
    """The number rounded to a multiple of `multiple`, in one of the ways of `numbers.round_to`."""

    def bounds(one: Interval) -> Interval:
        lower = None if one.lower is None else numbers.round_to(mode, _number(one.lower), multiple)
        upper = None if one.upper is None else numbers.round_to(mode, _number(one.upper), multiple)
        return Interval(lower, lower is None, upper, upper is None)

    return _strict((value,), lambda known: numbers.round_to(mode, known, multiple), bounds)


def add_period(start: Value, period: Value, rounding: str) -> Value:
    """The date so long after `start` (rule V6)."""
    return _strict((start, period), lambda s, p: dates.add_period(s, p, rounding))


def subtract_period(start: Value, period: Value, rounding: str) -> Value:
    """The date so long before `start` (rule V6)."""
    return _strict((start, period), lambda s, p: dates.subtract_period(s, p, rounding))


def first_of_month(day: Value) -> Value:
    """The first day of that month."""
    return _strict((day,), dates.first_of_month)


def last_of_month(day: Value) -> Value:
    """The last day of that month."""
    return _strict((day,), dates.last_of_month)


def year_of(day: Value) -> Value:
    """The year of that day, as a number."""
    return _strict((day,), lambda known: Decimal(known.year))


def start_of_year(day: Value, month: int, first: int) -> Value:
    """The first day of the year that begins on that day of that month and contains `day`."""
    return _strict((day,), lambda known: dates.start_of_year(known, month, first))


# ------------------------------------------------------------------------------ spans and codes


def span(first: Value, last: Value) -> Value:
    """The days from the one to the other; an error when it would end before it begins."""
    return _strict((first, last), dates.span)


def start_of_span(days: Value) -> Value:
    """The first day of a span."""
    return _strict((days,), lambda known: known[0])


def end_of_span(days: Value) -> Value:
    """The last day of a span."""
    return _strict((days,), lambda known: known[1])


def days_in(days: Value) -> Value:
    """How many days a span has, both ends counted: at least one."""
    at_least_one = Interval(numbers.ONE, False, None, True)
    return _strict((days,), lambda known: Decimal(dates.days_in(known)), lambda _: at_least_one)


def days_common(a: Value, b: Value) -> Value:
    """How many days two spans have in common: none at least, and never more than the shorter one has."""
    missing = [NONE_USED if v is None else v for v in (a, b) if type(v) is Absence or v is None]
    lengths = [dates.days_in(cast(dates.DateSpan, v)) for v in (a, b) if isinstance(v, tuple)]
    if not missing:
        return Decimal(dates.days_common(cast(dates.DateSpan, a), cast(dates.DateSpan, b)))
    interval = None
    if all(one.interval is not None for one in missing):
        upper = Decimal(lengths[0]) if lengths else None
        interval = Interval(ZERO, False, upper, upper is None)
    return merged(missing, interval)


def hs_part(code: Value, digits: int) -> Value:
    """The first so many digits of an HS code. Its type says that it has them, so there is always a value."""
    return _strict((code,), lambda known: hs.part_of(known, digits), lambda _: ANY)


# ------------------------------------------------------------------------------ lists


def fold(kind: FoldKind, elements: Sequence[tuple[Value, Value]], numeric: bool = True) -> Value:
    """The fold of a known list: for each element, whether it counts (`where`) and its `body`.

    `numeric`: the result is a number. For `count` the body is not looked at.
    """
    match kind:
        case "any":
            return either([both(pair) for pair in elements])
        case "all":
            return both([either((negated(where), body)) for where, body in elements])
        case "sum" | "count":
            parts: list[Value] = [ZERO]
            for where, body in elements:
                if where is not False:
                    parts.append(_part(kind, where, body))
            return add(parts)
        case "most" | "least":
            if all(where is True or where is False for where, _ in elements):
                kept = [body for where, body in elements if where is True]
                if not kept:
                    return NOTHING_TO_COMPARE
                return greater(kept, numeric) if kind == "most" else lesser(kept, numeric)
            missing: list[Absence] = []
            for where, body in elements:
                if where is not False:
                    pair = [NONE_USED if v is None else v for v in (where, body)]
                    missing.extend(v for v in pair if type(v) is Absence)
            return merged(missing, None)


def _part(kind: FoldKind, where: Value, body: Value) -> Value:
    """What one element adds to a sum or a count."""
    value = numbers.ONE if kind == "count" else body
    if where is True:
        return value
    return choose_unordered((where,), (value,), ZERO, True)


def fold_unknown(kind: FoldKind, listed: Value, where: Value, body: Value) -> Value:
    """The fold of an unknown list, from `where` and `body` for an element of which nothing is known."""
    if type(listed) is not Absence:
        raise TypeError("the list is known")
    if listed.reason != "unknown":
        return listed
    match kind:
        case "any" | "all":
            counted = both((where, body)) if kind == "any" else either((negated(where), body))
            if counted is (kind == "all"):
                return counted
            certain = type(counted) is not Absence or counted.interval is not None
            return unknown(listed.needs | needs_of((counted,)), ANY if certain else None)
        case "sum" | "count":
            part = _part(kind, where, body) if where is not False else ZERO
            needs = listed.needs | needs_of((part,))
            if part is None:
                return unknown(needs, None)
            one = interval_of(part)
            if one is None:
                return unknown(needs, None)
            if type(part) is not Absence and part == 0:
                return ZERO
            at_least = compare("ge", part, ZERO) is True
            at_most = compare("le", part, ZERO) is True
            lower, upper = (ZERO if at_least else None), (ZERO if at_most else None)
            return unknown(needs, Interval(lower, lower is None, upper, upper is None))
        case "most" | "least":
            return unknown(listed.needs | needs_of((where, body)), None)
