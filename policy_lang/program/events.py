"""What follows from the dates of several events, and from those that extend a term (rules F4 and T7)."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import TypeAlias

from policy_lang.program import dates
from policy_lang.program.facts import Events
from policy_lang.program.operators import NO_SUCH_DAY, OUT_OF_RANGE
from policy_lang.program.values import Absence, Interval, Value, merged, unknown

Happened: TypeAlias = Events | Absence
"""The dates of an event, or why nothing is known of them."""

_DAY = datetime.timedelta(days=1)
_NEVER = datetime.date.min


def either(parts: Sequence[Happened]) -> Happened:
    """The dates of all these events together: `notice by either party`."""
    known = _told(parts)
    if isinstance(known, Absence):
        return known
    days = sorted({day for one in known for day in one.dates})
    return Events(tuple(days), _known_by_all(known), _gaps(known))


def each(parts: Sequence[Happened]) -> Happened:
    """The days by which all had done it once, twice and so on: `notice by each party`.

    One of them for whom it is settled that it did not is enough to settle that not all did.
    """
    known = _told(parts)
    if isinstance(known, Absence):
        return known
    days = tuple(max(turn) for turn in zip(*(one.dates for one in known), strict=False))
    until = _known_by_all(known)
    if until is not None:
        settled = sum(1 for day in days if day <= until)
        until = _latest([until, *(_no_more_than(one, settled) for one in known)])
    return Events(days, until, () if until is None else _gaps(known))


def term_end(
    first: Value, extensions: Happened, way: str, period: dates.Period, rounding: str, is_last_day: bool
) -> Value:
    """The last day of a term that an event extends, each time before the term is over (rule T7).

    `way` is `by`: the period is added to the end of the term; or `until`: the term ends that long after the
    event, if that is later. Without `is_last_day` the end is the first day on which the term is over. Where
    more events may have happened, the result is unknown, but no earlier than by the events known.
    """
    if isinstance(first, Absence):
        return first
    assert isinstance(first, datetime.date)
    end, last = first, _last_day(first, is_last_day)
    told = extensions if isinstance(extensions, Events) else Events((), _NEVER)
    try:
        for day in told.dates:
            if day > last:
                break
            start = end if way == "by" else day
            end = max(end, dates.add_period(start, period, rounding))
            last = _last_day(end, is_last_day)
    except dates.NoSuchDayError:
        return NO_SUCH_DAY
    except dates.DateOutOfRangeError:
        return OUT_OF_RANGE
    if told.is_known_on(last):
        return last
    needs = extensions.needs if isinstance(extensions, Absence) else told.asks(last)
    return unknown(needs, Interval(last, False, datetime.date.max, False))


def _last_day(end: datetime.date, is_last_day: bool) -> datetime.date:
    return end if is_last_day or end == _NEVER else end - _DAY


def _told(parts: Sequence[Happened]) -> list[Events] | Absence:
    """What is known of each; of one that is not given, that nothing is known of any day."""
    absences = [one for one in parts if isinstance(one, Absence)]
    if len(absences) == len(parts):
        found = merged(absences, None)
        assert isinstance(found, Absence)
        return found
    return [
        Events((), _NEVER, tuple((_NEVER, name) for name in sorted(one.needs)))
        if isinstance(one, Absence)
        else one
        for one in parts
    ]


def _no_more_than(one: Events, times: int) -> datetime.date | None:
    """The last day up to which it is known that it happened no more often; None: for good."""
    if len(one.dates) <= times:
        return one.known_until
    before = one.dates[times] - _DAY if one.dates[times] > _NEVER else _NEVER
    return before if one.known_until is None else min(before, one.known_until)


def _latest(days: Sequence[datetime.date | None]) -> datetime.date | None:
    return None if None in days else max(day for day in days if day is not None)


def _known_by_all(known: Sequence[Events]) -> datetime.date | None:
    return min((one.known_until for one in known if one.known_until is not None), default=None)


def _gaps(known: Sequence[Events]) -> tuple[tuple[datetime.date, str], ...]:
    return tuple(gap for one in known for gap in one.gaps)


RECEIVED = "received"


def event_words(name: str) -> str:
    """The dates of a fact as people speak of them: `notice.US.received` is `receipt of notice by US`."""
    base, *more = name.split(".")
    words = base.replace("_", " ")
    if more and more[-1] == RECEIVED:
        words = f"receipt of {words}"
        more = more[:-1]
    return f"{words} by {more[0]}" if more else words
