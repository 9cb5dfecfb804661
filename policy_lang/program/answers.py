"""What stands around the reasons of an outcome.

The answer itself in words, what falls due when, how far the text was verified, what was assumed, and who determined what.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Protocol

from policy_lang.program.core import Absent, Assumed, Assumption, Const, Fact, Instrument, Plain
from policy_lang.program.explanation import Tree
from policy_lang.program.page import Page
from policy_lang.program.sentences import said
from policy_lang.program.trace import OutcomeTrace, unrolled
from policy_lang.program.types import Type
from policy_lang.program.values import Value

_TIMES = {True: ", on time", False: ", but late", None: ", but whether in time is not known"}


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
        words += _TIMES[outcome.on_time]
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
    name = f"{made['name']} of {made['where']}" if made.get("where") else made["name"]
    return f"{name} is {said(made['value'])}{who}"
