"""What stands around the reasons of an outcome.

The answer itself in words, what falls due when, how far the text was verified, what was assumed, and who determined what.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Protocol

from policy_lang.program.core import (
    Absent,
    Amended,
    Assumed,
    Assumption,
    Const,
    Definition,
    Fact,
    Instrument,
    Plain,
    Program,
)
from policy_lang.program.explanation import Tree
from policy_lang.program.page import Page
from policy_lang.program.sentences import listed, said
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


def verified_words(instruments: Sequence[Instrument], day: datetime.date) -> list[str]:
    """How far the texts of these instruments, the first above all, were verified (rule T6)."""
    own, *others = instruments
    if own.verified is None:
        lines = ["text not verified"]
    else:
        against = f" against {own.verified_against}" if own.verified_against else ""
        lines = [f"text verified on {own.verified}{against}"]
        if day > own.verified:
            lines.append(f"text taken as unchanged since {own.verified}")
    amendments = [amended for one in instruments for amended in amendments_on(one, day)]
    dated = [(one.name, one.verified) for one in others] + [(one.title, one.verified) for one in amendments]
    since: dict[datetime.date, list[str]] = {}
    for name, verified in dated:
        if verified is not None and day > verified:
            since.setdefault(verified, []).append(name)
    unverified = [one.name for one in others if one.verified is None and one.kind != "vocabulary"]
    unverified += [one.title for one in amendments if one.verified is None]
    if unverified:
        lines.append(f"text of {listed(unverified, 'and')} not verified")
    for last, names in sorted(since.items()):
        lines.append(f"text of {listed(names, 'and')} taken as unchanged since {last}")
    return lines


def amendments_on(instrument: Instrument, day: datetime.date) -> list[Amended]:
    """What has changed the text of an instrument by that day, in order."""
    return [one for one in instrument.amendments if one.start is None or one.start <= day]


def amended_words(instrument: Instrument, day: datetime.date) -> str:
    """By what, and from when, the text of that day was changed; empty when nothing did."""
    said = [
        f"{one.title} (from {one.start})" if one.start is not None else f"{one.title} (from the beginning)"
        for one in amendments_on(instrument, day)
    ]
    return f"as amended by {listed(said, 'and')}" if said else ""


def used_by(told: OutcomeTrace, program: Program) -> list[Instrument]:
    """The instruments whose text an answer uses, the policy's own first."""
    names = {program.name, told.outcome.instrument}
    assumed = {one.name: one.instrument for one in program.assumptions}
    seen: set[int] = set()
    stack = [told.body, *(one for one in (told.anchor, told.recurs) if one is not None)]
    while stack:
        one = stack.pop()
        if id(one) not in seen:
            seen.add(id(one))
            stack.extend(one.children)
            if isinstance(one.node, Definition):
                names.add(one.node.instrument)
            elif isinstance(one.node, Assumed):
                names.add(assumed.get(one.node.name, ""))
    return [one for one in program.instruments if one.name in names]


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
    who = f", decided{by}{on}" if by or on else "; who decided it is not said"
    name = f"{made['name']} of {made['where']}" if made.get("where") else made["name"]
    return f"{name} is {said(made['value'])}{who}"
