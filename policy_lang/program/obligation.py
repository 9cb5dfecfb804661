"""What an obligation comes to on one day: what is due when, and whether it was done (rule F4)."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence

from attrs import evolve, frozen

from policy_lang.program import dates
from policy_lang.program.core import Force, Schedule
from policy_lang.program.facts import Events
from policy_lang.program.operators import NO_SUCH_DAY, OUT_OF_RANGE
from policy_lang.program.values import ANY, NONE_USED, Absence, Value, error

MOST_DUE_DATES = 10_000
TOO_MANY = error("too-many-due-dates", f"more than {MOST_DUE_DATES} due dates fall on or before that day")


@frozen
class Duty:
    """The state of an obligation on one day.

    `due` is the due date that the state is about, `since` the first day on which it was overdue.
    `calendar` has all due dates up to that day and the next two, as far as they exist, `acts` those that
    were discharged, each with the day on which it was. `absence` tells why there is no answer.
    """

    state: str
    absence: Absence | None = None
    due: datetime.date | None = None
    since: datetime.date | None = None
    calendar: tuple[datetime.date, ...] = ()
    acts: tuple[tuple[datetime.date, datetime.date], ...] = ()
    on_time: bool | None = None
    text: int = -1  # which text of the schedule it is about, counted from 0; -1: the last

    @property
    def done_once(self) -> bool:
        """Whether the first due date is discharged, so that the state hangs on what follows."""
        return bool(self.acts)

    @property
    def recurs_matters(self) -> bool:
        """Whether some date of the calendar is there only because the duty recurs."""
        return len(self.calendar) > 1


@frozen
class Told:
    """What the expressions of a schedule gave on that day.

    `recurs` is yes where the schedule has no such condition, `last` and `done` None where it has no such
    part. `done` holds the dates that discharge, or why nothing is known of them.
    """

    anchor: Value | Events
    recurs: Value = True
    done: Events | Absence | None = None
    last: Value = None

    @property
    def events(self) -> Events | None:
        """The dates that discharge, as far as anything is known of them."""
        return self.done if isinstance(self.done, Events) else None

    def limit(self) -> datetime.date:
        """The last day on which a later due date may fall; where that is not known, no day."""
        return self.last if isinstance(self.last, datetime.date) else datetime.date.max


@frozen
class _Text:
    """One text of a duty: its due dates count from `since` until the day before `before`, where there are any."""

    number: int
    schedule: Schedule
    told: Told
    start: datetime.date
    first: datetime.date
    since: datetime.date | None
    before: datetime.date | None

    def counts(self, due: datetime.date) -> bool:
        return (self.since is None or due >= self.since) and (self.before is None or due < self.before)

    def is_done_on(self, day: datetime.date) -> bool:
        """Whether something that discharges what falls due under this text happened on that day."""
        return self.told.events is not None and day in self.told.events.dates


@frozen
class _Due:
    """A due date, and which of the texts it comes from."""

    day: datetime.date
    text: int  # its place among the texts that have due dates


@frozen
class _Course:
    """The due dates that are certain, and what discharged them, in order; then what stopped there."""

    dues: tuple[_Due, ...]
    discharged: tuple[datetime.date, ...]
    stopped: Absence | None  # why it is not known whether another due date follows


def duty(
    name: str,
    schedule: Schedule,
    force: Callable[[datetime.date], Force | None],
    body: Value,
    told: Sequence[Told | None],
    as_of: datetime.date,
) -> Duty:
    """What the obligation called `name` comes to; `body` is whether it is in force and triggered.

    `told` is for each text of the schedule, in order; None where there was no such clause. `force` tells how
    firmly a due date binds.
    """
    if body is not True:
        return _absent(body) if body is not False else Duty("not applicable")
    texts: list[_Text] = []
    open_: Duty | None = None  # what there is to say of the text of that day when nothing falls due under it
    since: datetime.date | None = None
    ends = (*(one.before for one in schedule.earlier), None)
    for number, (one, given, before) in enumerate(zip(schedule.texts, told, ends, strict=True)):
        found = _text(number, one, given, since, before, as_of) if one is not None and given else None
        if isinstance(found, _Text):
            texts.append(found)
        elif found is not None and (since is None or since <= as_of) and (before is None or as_of < before):
            open_ = found
        since = before
    opening = _enter(texts, 0)
    if opening is None:
        return open_ if open_ is not None else Duty("not applicable")
    if isinstance(opening, Absence):
        return _absent(opening)
    course = _run(texts, opening, as_of)
    if open_ is not None and course.stopped is None and len(course.discharged) == len(course.dues):
        return open_
    calendar = _calendar(texts, course, as_of)
    if isinstance(calendar, Absence):
        return _absent(calendar)
    due = course.dues[min(len(course.discharged), len(course.dues) - 1)]
    found_state = _state(name, texts[due.text], force(due.day), course, as_of)
    acts = tuple((one.day, done) for one, done in zip(course.dues, course.discharged, strict=False))
    return evolve(found_state, calendar=calendar, acts=acts, text=texts[due.text].number)


def _text(
    number: int,
    schedule: Schedule,
    told: Told,
    since: datetime.date | None,
    before: datetime.date | None,
    as_of: datetime.date,
) -> _Text | Duty:
    """One text with its first due date, or why nothing falls due under it."""
    start = _start(schedule, told.anchor, as_of)
    if isinstance(start, Duty):
        return start
    try:
        first = _first_due(schedule, start)
    except dates.NoSuchDayError:
        return _absent(NO_SUCH_DAY)
    except dates.DateOutOfRangeError:
        return _absent(OUT_OF_RANGE)
    return _Text(number, schedule, told, start, first, since, before)


def _absent(value: Value) -> Duty:
    absence = value if isinstance(value, Absence) else NONE_USED
    return Duty("undetermined" if absence.reason == "unknown" else absence.reason, absence)


def _needs(names: frozenset[str]) -> Absence:
    return Absence("unknown", names, ANY)


def _start(schedule: Schedule, anchor: Value | Events, as_of: datetime.date) -> datetime.date | Duty:
    """The date from which the periods run, or what there is to say when they do not run yet."""
    # A duty counted back from a date, or due on it, is owed before that date comes.
    is_owed_before = schedule.first is None or schedule.backwards
    if isinstance(anchor, Events):
        first = anchor.dates[0] if anchor.dates else None
        if (
            first is not None
            and anchor.is_known_before(min(first, as_of))
            and (is_owed_before or first <= as_of)
        ):
            return first
        if anchor.is_known_on(as_of):
            return Duty("not yet triggered")
        return _absent(_needs(anchor.asks(as_of)))
    if not isinstance(anchor, datetime.date):
        return _absent(anchor)
    if anchor > as_of and not is_owed_before:
        return Duty("not yet triggered")
    return anchor


def _first_due(schedule: Schedule, start: datetime.date) -> datetime.date:
    if schedule.first is None:
        return _on_month_day(schedule, start)
    move = dates.subtract_period if schedule.backwards else dates.add_period
    origin = dates.first_of_month(start) if schedule.month_day is not None else start
    return _on_month_day(schedule, move(origin, schedule.first, schedule.rounding))


def _on_month_day(schedule: Schedule, day: datetime.date) -> datetime.date:
    if schedule.month_day is None:
        return day
    return dates.first_of_month(day) if schedule.month_day == "first" else dates.last_of_month(day)


def _after(
    schedule: Schedule, due: datetime.date, discharged: datetime.date | None
) -> datetime.date | Absence | None:
    """The due date that follows; None when it still hangs on the day the duty is next discharged."""
    if schedule.every is None:
        return None
    origin = due if schedule.counted_from == "due" else discharged
    if origin is None:
        return None
    if schedule.month_day is not None:
        origin = dates.first_of_month(origin)
    try:
        return _on_month_day(schedule, dates.add_period(origin, schedule.every, schedule.rounding))
    except dates.NoSuchDayError:
        return NO_SUCH_DAY
    except dates.DateOutOfRangeError:
        return OUT_OF_RANGE


def _enter(texts: list[_Text], number: int) -> _Due | Absence | None:
    """The first due date that counts, of this text or of one after it."""
    for n in range(number, len(texts)):
        text, due = texts[n], texts[n].first
        for _ in range(MOST_DUE_DATES):
            if text.counts(due):
                return _Due(due, n)
            if text.since is None or due >= text.since or text.told.recurs is False:
                break
            following = _after(text.schedule, due, due) if text.told.recurs is True else text.told.recurs
            if isinstance(following, Absence):
                return following
            if not isinstance(following, datetime.date) or following > text.told.limit():
                break
            due = following
        else:
            return TOO_MANY
    return None


def _follow(texts: list[_Text], due: _Due, discharged: datetime.date | None) -> _Due | Absence | None:
    """The due date after one; None when there is none, or when it still hangs on the day the duty is done."""
    text = texts[due.text]
    recurs = text.told.recurs
    if text.schedule.every is not None and recurs is not False:
        following = _after(text.schedule, due.day, discharged) if recurs is True else recurs
        if following is None or isinstance(following, Absence):
            return following
        assert isinstance(following, datetime.date)
        if following <= text.told.limit() and text.counts(following):
            return _Due(following, due.text)
    return _enter(texts, due.text + 1)


def _run(texts: list[_Text], opening: _Due, as_of: datetime.date) -> _Course:
    """Lets each event discharge the earliest due date whose period has begun.

    The first period begins on the day it is counted from, the later ones on the due date before (or on the
    day on which the duty was last discharged), that day included. What is due on a date, or counted back
    from one, has no first day: it can be done at any time before.
    """
    dues, discharged = [opening], []
    text = texts[opening.text]
    begun = datetime.date.min if text.schedule.first is None or text.schedule.backwards else text.start
    days = {day for one in texts if one.told.events is not None for day in one.told.events.dates}
    for day in sorted(days):
        text = texts[dues[-1].text]
        if day < begun or day > as_of or not text.is_done_on(day):
            continue
        discharged.append(day)
        begun = dues[-1].day if text.schedule.counted_from == "due" else day
        following = _follow(texts, dues[-1], day)
        if len(dues) >= MOST_DUE_DATES and following is not None:
            following = TOO_MANY
        if following is None:
            break
        if isinstance(following, Absence):
            return _Course(tuple(dues), tuple(discharged), following)
        dues.append(following)
    return _Course(tuple(dues), tuple(discharged), None)


def _calendar(
    texts: list[_Text], course: _Course, as_of: datetime.date
) -> tuple[datetime.date, ...] | Absence:
    """All due dates on or before that day, and the next two."""
    dues = list(course.dues)
    while sum(1 for due in dues[-2:] if due.day > as_of) < 2:
        following = _follow(texts, dues[-1], None)
        if not isinstance(following, _Due):
            break  # the calendar ends where no further date can be told
        dues.append(following)
        if len(dues) > MOST_DUE_DATES:
            return TOO_MANY
    past = [due.day for due in dues if due.day <= as_of]
    return (*past, *[due.day for due in dues if due.day > as_of][:2])


def _state(name: str, text: _Text, force: Force | None, course: _Course, as_of: datetime.date) -> Duty:
    if course.stopped is not None:
        return _absent(course.stopped)
    schedule, told, events = text.schedule, text.told, text.told.events
    if len(course.discharged) == len(course.dues):
        due = course.dues[-1].day
        return Duty("fulfilled", due=due, on_time=_is_on_time(due, course.discharged[-1], events))
    due = course.dues[len(course.discharged)].day
    if as_of <= due:
        return Duty("pending", due=due)
    if schedule.event is None:
        if force == "binding":
            return evolve(_absent(_needs(frozenset((f"{name}.done",)))), due=due)
    elif isinstance(told.done, Absence):
        return evolve(_absent(told.done), due=due)
    elif events is None or not events.is_known_on(as_of):
        return evolve(_absent(_needs(events.asks(as_of) if events is not None else frozenset())), due=due)
    if force != "binding":
        return Duty("target date passed; no breach", due=due)
    return Duty("overdue", due=due, since=due + datetime.timedelta(days=1))


def _is_on_time(due: datetime.date, done: datetime.date, events: Events | None) -> bool | None:
    """Whether it was done by its due date; None while an earlier event that is not known could have done it."""
    if done <= due:
        return True
    return False if events is not None and events.is_known_on(due) else None
