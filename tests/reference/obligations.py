"""When duties fall due, and how they stand, in the reference interpreter."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from datetime import date
from typing import Any

from attrs import evolve, frozen

from policy_lang.program.core import (
    Expr,
    Outcome,
)
from policy_lang.program.types import Dates
from tests.reference.comparisons import wanted
from tests.reference.evaluating import History, evaluate, history
from tests.reference.operators import Wrong, days_in, shifted
from tests.reference.scene import Scene, type_of
from tests.reference.values import Gone, is_gone, unknown


@frozen
class Answer:
    """The state of one outcome, before it is known what it rests on."""

    state: str
    value: Any = None
    needs: frozenset[str] = frozenset()
    detail: frozenset[tuple[Any, ...]] = frozenset()
    due: date | None = None
    calendar: tuple[date, ...] = ()
    on_time: bool | None = None
    done_once: bool = False  # the first due date was discharged


def absent_answer(value: Gone) -> Answer:
    state = "undetermined" if value.reason == "unknown" else value.reason
    return Answer(state, needs=value.needs, detail=value.detail)


MOST_DUE_DATES = 10_000


def obligation(outcome: Outcome, scene: Scene, as_of: date) -> Answer:
    """F4, from the text's own words: due dates, the events that discharge them, and what is left."""
    schedule = outcome.schedule
    assert schedule is not None
    applies = wanted(evaluate(outcome.body, scene))
    if is_gone(applies):
        return absent_answer(applies)
    if applies is False:
        return Answer("not applicable")
    counted_forwards = schedule.first is not None and not schedule.backwards
    anchor = anchor_date(schedule.anchor, scene, as_of, not counted_forwards)
    if is_gone(anchor):
        return absent_answer(anchor)
    if anchor is None or (anchor > as_of and counted_forwards):
        return Answer("not yet triggered")
    try:
        return on_schedule(outcome, scene, as_of, anchor)
    except Wrong as wrong:
        return Answer("error", detail=frozenset({(str(wrong),)}))


def anchor_date(expr: Expr, scene: Scene, as_of: date, ahead: bool) -> Any:
    """The date the clock starts; None: it has not started. `ahead`: a date still to come counts, too."""
    if not isinstance(type_of(expr), Dates):
        return wanted(evaluate(expr, scene))
    told = history(expr, scene)
    first = told.days[0] if told.days else None
    if first is not None and (ahead or first <= as_of):
        before = min(first, as_of)
        if before == date.min or told.is_whole_until(before - datetime.timedelta(days=1)):
            return first
    return None if told.is_whole_until(as_of) else unknown(told.missing(as_of), None)


def on_schedule(outcome: Outcome, scene: Scene, as_of: date, anchor: date) -> Answer:
    """The answer once the clock runs."""
    schedule = outcome.schedule
    assert schedule is not None
    events = None if schedule.event is None else history(schedule.event, scene)

    def placed(day: date) -> date:
        if schedule.month_day is None:
            return day
        return day.replace(day=1 if schedule.month_day == "first" else days_in(day.year, day.month))

    def start_of(day: date) -> date:
        return day if schedule.month_day is None else day.replace(day=1)

    def next_due(previous: date) -> date:
        assert schedule.every is not None
        return placed(shifted(start_of(previous), schedule.every, 1, schedule.rounding))

    if schedule.first is None:
        due = placed(anchor)
    else:
        sign = -1 if schedule.backwards else 1
        due = placed(shifted(start_of(anchor), schedule.first, sign, schedule.rounding))
    begins = date.min if schedule.backwards or schedule.first is None else anchor
    if schedule.every is None:
        recurs: Any = False
    else:
        recurs = True if schedule.recurs is None else wanted(evaluate(schedule.recurs, scene))
    last = None if schedule.last is None else wanted(evaluate(schedule.last, scene))
    latest = date.max if last is None or is_gone(last) else last

    owed = [due]
    discharged: list[date] = []
    for event in events.days if events is not None else ():
        if len(discharged) == len(owed) or event < begins or event > as_of:
            continue
        discharged.append(event)
        if recurs is True:
            begins = owed[-1] if schedule.counted_from == "due" else event
            try:
                following = limited(owed, next_due(begins))
            except Wrong as wrong:
                return Answer("error", detail=frozenset({(str(wrong),)}), done_once=True)
            if following <= latest:
                owed.append(following)
    # The later dates are foreseeable only when each is counted from the one before.
    while recurs is True and schedule.counted_from == "due" and sum(d > as_of for d in owed[-2:]) < 2:
        try:
            following = next_due(owed[-1])
        except Wrong:
            break  # the calendar ends where no further date can be told
        if following > latest:
            break
        owed.append(limited(owed, following))
    # All due dates on or before the date asked about, then the next two.
    dates = tuple([d for d in owed if d <= as_of] + [d for d in owed if d > as_of][:2])

    answer = state_on_schedule(outcome, as_of, events, owed, discharged, recurs)
    return evolve(answer, calendar=dates, done_once=bool(discharged))


def state_on_schedule(
    outcome: Outcome,
    as_of: date,
    events: History | None,
    owed: Sequence[date],
    discharged: Sequence[date],
    recurs: Any,
) -> Answer:
    """The state, once it is known what was due and what was done."""
    schedule = outcome.schedule
    assert schedule is not None
    current = len(discharged)
    if discharged and is_gone(recurs):
        return absent_answer(recurs)
    if current == len(owed):
        assert events is not None
        due = owed[-1]
        # An act that nobody mentioned may have come first, unless all up to the due date are known.
        late = False if events.is_whole_until(due) else None
        return Answer("fulfilled", due=due, on_time=True if discharged[-1] <= due else late)
    due = owed[current]
    if as_of <= due:
        return Answer("pending", due=due)
    if events is None and outcome.force == "binding":
        return Answer("undetermined", needs=frozenset({f"{outcome.name}.done"}), due=due)
    if events is not None and not events.is_whole_until(as_of):
        return Answer("undetermined", needs=events.missing(as_of), due=due)
    late_state = "overdue" if outcome.force == "binding" else "target date passed; no breach"
    return Answer(late_state, due=due)


def limited(owed: Sequence[date], due: date) -> date:
    """The due date, unless there are too many before it."""
    if len(owed) >= MOST_DUE_DATES:
        raise Wrong("too-many-due-dates")
    return due
