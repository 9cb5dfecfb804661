"""Date arithmetic: years and months first, rounded once, then days (rule V6)."""

from __future__ import annotations

import datetime
from typing import TypeAlias

Period: TypeAlias = tuple[int, int, int]
"""Years, months and days."""

DateSpan: TypeAlias = tuple[datetime.date, datetime.date]
"""A first and a last day, both counted."""

FIRST = datetime.date.min
LAST = datetime.date.max


class NoSuchDayError(ValueError):
    """The day of the month does not exist, and nothing says which way to round."""


class BackwardsError(ValueError):
    """A span ends before it begins."""


class DateOutOfRangeError(ValueError):
    """The date lies before 0001-01-01 or after 9999-12-31."""


def add_period(start: datetime.date, period: Period, rounding: str) -> datetime.date:
    """The date `period` after `start`; a period of negative numbers goes back.

    Where the day does not exist in the month: `down` takes the last day of that month, `up` the first
    day of the next, `abort` raises `NoSuchDayError`. Raises `DateOutOfRangeError` outside 0001 to 9999.
    """
    years, months, days = period
    counted = start.year * 12 + start.month - 1 + years * 12 + months
    year, month = divmod(counted, 12)
    month += 1
    if not 1 <= year <= 9999:
        raise DateOutOfRangeError
    try:
        landed = start.replace(year=year, month=month)
    except ValueError:
        match rounding:
            case "down":
                landed = last_of_month(datetime.date(year, month, 1))
            case "up":  # only months 2, 4, 6, 9 and 11 lack a day
                landed = datetime.date(year, month + 1, 1)
            case _:
                raise NoSuchDayError from None
    try:
        return landed + datetime.timedelta(days=days)
    except OverflowError:
        raise DateOutOfRangeError from None


def subtract_period(start: datetime.date, period: Period, rounding: str) -> datetime.date:
    """The date `period` before `start`; rounding as in `add_period`."""
    years, months, days = period
    return add_period(start, (-years, -months, -days), rounding)


def first_of_month(day: datetime.date) -> datetime.date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def last_of_month(day: datetime.date) -> datetime.date:
    """The last day of the month of `day`."""
    if day.month == 12:
        return day.replace(day=31)
    return day.replace(month=day.month + 1, day=1) - datetime.timedelta(days=1)


def start_of_year(day: datetime.date, month: int, first: int) -> datetime.date:
    """The first day of the year of twelve months that begins on that day of that month and contains `day`.

    The beginning is never 29 February. Raises `DateOutOfRangeError` before 0001.
    """
    begun = (day.month, day.day) >= (month, first)
    year = day.year if begun else day.year - 1
    if year < 1:
        raise DateOutOfRangeError
    return datetime.date(year, month, first)


def span(first: datetime.date, last: datetime.date) -> DateSpan:
    """The days from the one to the other. Raises `BackwardsError` when the last is the earlier one."""
    if last < first:
        raise BackwardsError
    return first, last


def days_in(days: DateSpan) -> int:
    """How many days a span has: at least one."""
    return (days[1] - days[0]).days + 1


def days_common(a: DateSpan, b: DateSpan) -> int:
    """How many days two spans have in common."""
    return max(0, (min(a[1], b[1]) - max(a[0], b[0])).days + 1)


def days_between(start: datetime.date, end: datetime.date) -> int:
    """How many days after `start` the day `end` is."""
    return (end - start).days
