"""What stands around the reasons of an outcome.

The answer itself in words, what falls due when, how far the text was verified, what was assumed, and who determined what.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Protocol

from policy_lang.program.core import Absent, Assumed, Assumption, Const, Fact, Instrument, Plain
from policy_lang.program.explanation import Tree
from policy_lang.program.findings import found
from policy_lang.program.page import Page
from policy_lang.program.sentences import listed, said, schedule_words
from policy_lang.program.trace import OutcomeTrace, unrolled
from policy_lang.program.types import Type
from policy_lang.program.values import Absence, Value

_VERBS = {
    "binding": "shall",
    "best endeavours": "shall endeavour to",
    "hortatory": "should",
    "political": "intend to",
}


class Answered(Protocol):
    """What an outcome came to, as a decision tells it."""

    state: str

    @property
    def value(self) -> Plain: ...

    @property
    def due(self) -> datetime.date | None: ...

    @property
    def since(self) -> datetime.date | None: ...

    @property
    def on_time(self) -> bool | None: ...

    @property
    def permitted_by(self) -> list[str]: ...

    @property
    def calendar(self) -> Sequence[datetime.date]: ...

    @property
    def calendar_assumes(self) -> list[str]: ...


def answer_words(outcome: Answered, kind: Type | None) -> str:
    """What an outcome came to, in words: `granted`, `3750 USD`, `pending, due by 2025-03-28`."""
    if outcome.state == "decided":
        return said(outcome.value, kind)
    words = outcome.state
    if outcome.permitted_by:
        return f"{words}, because permitted"
    if outcome.state == "overdue" and outcome.since is not None:
        words += f" since {outcome.since}; it was due by {outcome.due}"
    elif outcome.state == "pending":
        words += f", due by {outcome.due}"
    elif outcome.state == "fulfilled":
        words += ", on time" if outcome.on_time else ", but late"
        words += f" (it was due by {outcome.due})"
    elif outcome.due is not None:
        words += f" (it was due by {outcome.due})"
    return words


def verified_words(instrument: Instrument, as_of: datetime.date) -> list[str]:
    """How far the text of an instrument was verified (rule T6)."""
    if instrument.verified is None:
        return ["text not verified"]
    against = f" against {instrument.verified_against}" if instrument.verified_against else ""
    lines = [f"text verified on {instrument.verified}{against}"]
    if as_of > instrument.verified:
        lines.append(f"text taken as unchanged since {instrument.verified}")
    return lines


def write_reasons(page: Page, told: OutcomeTrace) -> None:
    """The steps that led to an outcome, one step in from the left."""
    tree = Tree(page, told.outcome.name)
    if told.duty is not None and told.body.value is True:
        for part in (told.anchor, told.recurs):
            if part is not None and not isinstance(part.node, (Const, Fact, Assumed, Absent)):
                unrolled(tree.operand(part, 1))
        return
    before = len(page.lines)
    unrolled(tree.why(told.body, 1))
    only = page.lines[before:]
    if not only or (len(only) == 1 and only[0].text.startswith("otherwise:")):
        del page.lines[before:]
        page.add(1, "it holds as long as it is in force: nothing else is asked")


def write_duty(page: Page, outcome: Answered, told: OutcomeTrace) -> None:
    """What is owed, counted from when, what was done, and every due date."""
    schedule = told.outcome.schedule
    assert schedule is not None
    who = (
        f"{told.outcome.actor} {_VERBS.get(told.outcome.force or 'binding', 'shall')}"
        if told.outcome.actor
        else ""
    )
    page.add(1, f"{who} {told.outcome.act or 'this'} {schedule_words(schedule)}".strip())
    if told.anchor is not None and not isinstance(told.anchor.value, Absence):
        starts = said(told.anchor.value)
        if starts != schedule.anchor_words:
            page.add(1, f"{schedule.anchor_words}: {starts}")
    if told.events is not None:
        known = told.events.known_until
        page.add(1, f"held: {said(told.events)}" + (f" (known until {known})" if known is not None else ""))
    elif schedule.event is not None:
        page.add(1, f"nothing is said about {schedule.event}")
    if told.recurs is not None and told.recurs.value is False:
        page.add(1, f"no later due dates: {found(told.recurs)}")
    if outcome.calendar:
        page.add(1, "due dates:")
        for day in outcome.calendar:
            page.add(2, f"{day}{_stands(day, outcome)}")
    later = outcome.calendar_assumes
    if later:
        page.add(1, f"the later dates rest on what is assumed: {listed(later, 'and')}")


def _stands(day: datetime.date, outcome: Answered) -> str:
    if outcome.due is None or outcome.state not in ("pending", "fulfilled", "overdue"):
        return ""
    if day < outcome.due or (day == outcome.due and outcome.state == "fulfilled"):
        return ", done"
    if day == outcome.due:
        return ", overdue" if outcome.state == "overdue" else ", the next one due"
    return ""


def assumed_words(assumption: Assumption, value: Value) -> str:
    """What is assumed, and whether that is for this run only."""
    words = f"{assumption.name} is {said(value, assumption.value.type)}"
    if value != assumption.value.value:
        words += f" (for this run; the policy says {said(assumption.value.value, assumption.value.type)})"
    return words


def determined_words(made: Mapping[str, object]) -> str:
    """What was determined, by whom and when."""
    by = f" by {' '.join(str(made['by']).splitlines())}" if made["by"] else ""
    on = f" on {made['on']}" if made["on"] else ""
    who = f", decided{by}{on}" if by or on else ", decided by nobody named"
    return f"{made['name']} is {said(made['value'])}{who}"
