"""What an obligation comes to on one day: what is due when, and whether it was done (rule F4)."""

from __future__ import annotations

import datetime

from attrs import evolve, frozen

from policy_lang.program import dates
from policy_lang.program.core import Fact, Force, Schedule
from policy_lang.program.facts import Events
from policy_lang.program.operators import NO_SUCH_DAY, OUT_OF_RANGE
from policy_lang.program.values import ANY, NONE_USED, Absence, Value, error

MOST_DUE_DATES = 10_000
TOO_MANY = error("too-many-due-dates", f"more than {MOST_DUE_DATES} due dates fall on or before that day")


@frozen
class Duty:
    """The state of an obligation on one day.

    `due` is the due date that the state is about, `since` the first day on which it was overdue.
    `calendar` has all due dates up to that day and the next two, as far as they exist. `absence` tells
    why there is no answer.
    """

    state: str
    absence: Absence | None = None
    due: datetime.date | None = None
    since: datetime.date | None = None
    calendar: tuple[datetime.date, ...] = ()
    done_once: bool = False  # the first due date is discharged, so that the state hangs on what follows
    on_time: bool | None = None

    @property
    def recurs_matters(self) -> bool:
        """Whether some date of the calendar is there only because the duty recurs."""
        return len(self.calendar) > 1


@frozen
class _Course:
    """The due dates that are certain, and what discharged them, in order; then what stopped there."""

    dues: tuple[datetime.date, ...]
    discharged: tuple[datetime.date, ...]
    stopped: Absence | None  # why it is not known whether another due date follows


def duty(
    name: str,
    schedule: Schedule,
    force: Force | None,
    body: Value,
    anchor: Value | Events,
    recurs: Value,
    events: Events | None,
    as_of: datetime.date,
) -> Duty:
    """What the obligation called `name` comes to.

    `body`, `anchor` and `recurs` are what the outcome's expressions gave on that day; `recurs` is yes
    where the schedule has no such condition. `events` is None when nothing is known about them.
    """
    if body is not True:
        return _absent(body) if body is not False else Duty("not applicable")
    start = _start(schedule, anchor, as_of)
    if isinstance(start, Duty):
        return start
    try:
        first = _first_due(schedule, start)
    except dates.NoSuchDayError:
        return _absent(NO_SUCH_DAY)
    except dates.DateOutOfRangeError:
        return _absent(OUT_OF_RANGE)
    held = [day for day in events.dates if day <= as_of] if events is not None else []
    course = _run(schedule, start, first, held, recurs)
    calendar = _calendar(schedule, course, recurs, as_of)
    if isinstance(calendar, Absence):
        return _absent(calendar)
    found = _state(name, schedule, force, course, events, as_of)
    return evolve(found, calendar=calendar, done_once=bool(course.discharged))


def _absent(value: Value) -> Duty:
    absence = value if isinstance(value, Absence) else NONE_USED
    return Duty("undetermined" if absence.reason == "unknown" else absence.reason, absence)


def _needs(name: str) -> Absence:
    return Absence("unknown", frozenset((name,)), ANY)


def _start(schedule: Schedule, anchor: Value | Events, as_of: datetime.date) -> datetime.date | Duty:
    """The date from which the periods run, or what there is to say when they do not run yet."""
    if isinstance(anchor, Events):
        if anchor.dates and anchor.dates[0] <= as_of:
            return anchor.dates[0]
        if anchor.is_known_on(as_of):
            return Duty("not yet triggered")
        event = schedule.anchor.field if isinstance(schedule.anchor, Fact) else schedule.anchor_words
        return _absent(_needs(event))
    if not isinstance(anchor, datetime.date):
        return _absent(anchor)
    # A duty counted back from a date, or due on it, is owed before that date comes.
    if anchor > as_of and schedule.first is not None and not schedule.backwards:
        return Duty("not yet triggered")
    return anchor


def _first_due(schedule: Schedule, start: datetime.date) -> datetime.date:
    if schedule.first is None:
        return start
    move = dates.subtract_period if schedule.backwards else dates.add_period
    return move(start, schedule.first, schedule.rounding)


def _after(
    schedule: Schedule, due: datetime.date, discharged: datetime.date | None
) -> datetime.date | Absence | None:
    """The due date that follows; None when it still hangs on the day the duty is next discharged."""
    if schedule.every is None:
        return None
    origin = due if schedule.counted_from == "due" else discharged
    if origin is None:
        return None
    try:
        return dates.add_period(origin, schedule.every, schedule.rounding)
    except dates.NoSuchDayError:
        return NO_SUCH_DAY
    except dates.DateOutOfRangeError:
        return OUT_OF_RANGE


def _run(
    schedule: Schedule, start: datetime.date, first: datetime.date, held: list[datetime.date], recurs: Value
) -> _Course:
    """Lets each event discharge the earliest due date whose period has begun."""
    dues, discharged = [first], []
    begun = datetime.date.min if schedule.first is None or schedule.backwards else start
    for day in held:
        if day < begun:
            continue
        discharged.append(day)
        begun = dues[-1] if schedule.counted_from == "due" else day
        if schedule.every is None or recurs is False:
            break
        following = recurs if recurs is not True else _after(schedule, dues[-1], day)
        if len(dues) >= MOST_DUE_DATES:
            following = TOO_MANY
        if not isinstance(following, datetime.date):
            stopped = following if isinstance(following, Absence) else NONE_USED
            return _Course(tuple(dues), tuple(discharged), stopped)
        dues.append(following)
    return _Course(tuple(dues), tuple(discharged), None)


def _calendar(
    schedule: Schedule, course: _Course, recurs: Value, as_of: datetime.date
) -> tuple[datetime.date, ...] | Absence:
    """All due dates on or before that day, and the next two."""
    days = list(course.dues)
    while recurs is True and sum(1 for day in days[-2:] if day > as_of) < 2:
        following = _after(schedule, days[-1], None)
        if following is None:
            break
        if isinstance(following, Absence):
            break  # the calendar ends where no further date can be told
        days.append(following)
        if len(days) > MOST_DUE_DATES:
            return TOO_MANY
    past = [day for day in days if day <= as_of]
    return (*past, *[day for day in days if day > as_of][:2])


def _state(
    name: str,
    schedule: Schedule,
    force: Force | None,
    course: _Course,
    events: Events | None,
    as_of: datetime.date,
) -> Duty:
    if course.stopped is not None:
        return _absent(course.stopped)
    if len(course.discharged) == len(course.dues):
        due = course.dues[-1]
        return Duty("fulfilled", due=due, on_time=course.discharged[-1] <= due)
    due = course.dues[len(course.discharged)]
    if as_of <= due:
        return Duty("pending", due=due)
    if schedule.event is None:
        if force == "binding":
            return evolve(_absent(_needs(f"{name}.done")), due=due)
    elif events is None or not events.is_known_on(as_of):
        return evolve(_absent(_needs(schedule.event)), due=due)
    if force != "binding":
        return Duty("target date passed; no breach", due=due)
    return Duty("overdue", due=due, since=due + datetime.timedelta(days=1))
