"""What is owed, by whom and by when, and what became of it: for people."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import Protocol

from policy_lang.program.core import Const, Instrument, Outcome, Schedule
from policy_lang.program.facts import Events
from policy_lang.program.findings import found
from policy_lang.program.obligation import Duty
from policy_lang.program.page import Page
from policy_lang.program.sentences import listed, said, schedule_words
from policy_lang.program.titles import Actor, actor_of
from policy_lang.program.trace import OutcomeTrace, Trace
from policy_lang.program.values import Absence

_VERBS = {
    "binding": "shall",
    "best endeavours": "shall endeavour to",
    "hortatory": "should",
    "political": "intend to",
}


class Owed(Protocol):
    """What a duty came to, as a decision tells it."""

    state: str

    @property
    def due(self) -> datetime.date | None: ...

    @property
    def calendar(self) -> Sequence[datetime.date]: ...

    @property
    def calendar_assumes(self) -> list[str]: ...


def who_must(outcome: Outcome, instruments: Iterable[Instrument]) -> str:
    """Who has to act, and how firmly: `the United States of America intends to`; empty when nobody is named."""
    if not outcome.actor:
        return ""
    verb = outcome.phrasing.verb if outcome.phrasing is not None else ""
    return _actor(outcome, instruments).does(verb or _VERBS.get(outcome.force or "binding", "shall"))


def actor_words(outcome: Outcome, instruments: Iterable[Instrument]) -> str:
    """Who has to act: a party by the name that the header gives it."""
    return _actor(outcome, instruments).words


def _actor(outcome: Outcome, instruments: Iterable[Instrument]) -> Actor:
    own = next((one for one in instruments if one.name == outcome.instrument), None)
    return actor_of(outcome.actor, own)


def happened_words(schedule: Schedule, events: Events) -> str:
    """The dates of what discharges a duty: `Reviews held: 2025-03-10 and 2027-02-28`."""
    words = f"{schedule.event_label or schedule.event_words}: {said(events)}"
    if events.known_until is None:
        return words
    if events.known_until == datetime.date.min:
        return f"{words}; whether there were others is not stated"
    return f"{words} (known until {events.known_until})"


def write_duty(page: Page, outcome: Owed, told: OutcomeTrace, instruments: Iterable[Instrument]) -> None:
    """What is owed, counted from when, what was done, and every due date."""
    schedule, duty = told.outcome.schedule, told.duty
    assert schedule is not None
    assert duty is not None
    who = who_must(told.outcome, instruments)
    act, mark, considering = (told.outcome.act or "this").partition(" (considering ")
    also = f", considering {considering.removesuffix(')')}" if mark else ""
    page.add(1, f"{who} {act} {schedule_words(schedule)}{also}".strip())
    if told.anchor is not None and not isinstance(told.anchor.value, Absence):
        starts = said(told.anchor.value)
        if starts != schedule.anchor_words:
            page.add(1, f"{schedule.anchor_words}: {starts}")
    if told.events is not None:
        page.add(1, happened_words(schedule, told.events))
    elif schedule.event is not None:
        page.add(1, f"nothing is said about {schedule.event_words}")
    if told.recurs is not None and told.recurs.value is False:
        page.add(1, f"no later due dates: {found(told.recurs)}")
    if told.last is not None and not isinstance(told.last.node, Const):
        page.add(1, last_words(told.last))
    if outcome.calendar:
        page.add(1, "due dates:")
        for day in outcome.calendar:
            page.add(2, f"{day}{_stands(day, outcome, duty)}")
    later = outcome.calendar_assumes
    if later:
        page.add(1, f"the later dates rest on what is assumed: {listed(later, 'and')}")


def last_words(last: Trace) -> str:
    """The last day on which a duty can fall due."""
    if isinstance(last.value, Absence):
        return "no later due dates once the term is over; when that is, is not known"
    return f"no later due dates after {said(last.value)}"


def _stands(day: datetime.date, outcome: Owed, duty: Duty) -> str:
    done = dict(duty.acts).get(day)
    if done is not None:
        if done <= day:
            return f", done on {done}"
        is_settled = duty.state != "fulfilled" or duty.on_time is not None
        return f", done on {done}, late" if is_settled else f", done on {done} at the latest"
    if outcome.due != day:
        return ""
    if outcome.state == "overdue":
        return ", overdue"
    return ", the next one due" if outcome.state == "pending" else ""
