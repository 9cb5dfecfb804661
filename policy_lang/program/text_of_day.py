"""A program as its texts read on one day: where amendments changed something, only what stands there on that day."""

from __future__ import annotations

import datetime
from typing import Any

import attrs

from policy_lang.program import core
from policy_lang.program.core import Choose, Outcome, Program, Schedule, text_of


def in_text_of(program: Program, day: datetime.date) -> Program:
    """The program of one day. What it says on other days is not what the program says then.

    Where nothing was amended it is the same program.
    """
    definitions = tuple(
        attrs.evolve(read, body=_read(read.body, day))
        for read in (definition.on(day) for definition in program.definitions)
    )
    outcomes = tuple(_outcome(outcome, day) for outcome in program.outcomes)
    lists = tuple(one.on(day) for one in program.lists)
    goods = tuple((one.name, tuple(member.value for member in one.members)) for one in lists)
    return attrs.evolve(program, definitions=definitions, outcomes=outcomes, lists=lists, goods=goods)


def _outcome(outcome: Outcome, day: datetime.date) -> Outcome:
    read = outcome.on(day)
    defences = tuple(attrs.evolve(one, state=_read(one.state, day)) for one in read.defences)
    schedule = _schedule(read.schedule, day) if read.schedule is not None else None
    body = _read(read.body, day)
    return attrs.evolve(read, body=body, defences=defences, schedule=schedule, wordings=())


def _schedule(schedule: Schedule, day: datetime.date) -> Schedule:
    found = schedule.of(day)
    parts = {name: _read(getattr(found, name), day) for name in ("anchor", "recurs", "event", "last")}
    return attrs.evolve(found, **parts, earlier=(), is_over=False)


def _read(node: Any, day: datetime.date) -> Any:
    """An expression with the text of the day in it; expressions are only as deep as the limit for nesting allows."""
    if isinstance(node, tuple):
        parts = tuple(_read(part, day) for part in node)
        return parts if any(a is not b for a, b in zip(parts, node, strict=True)) else node
    if isinstance(node, Choose) and node.by_text:
        return _read(text_of(node, day)[0], day)
    if not attrs.has(type(node)) or type(node).__module__ != core.__name__:
        return node
    changed = {
        name: part
        for name in getattr(type(node), "__match_args__", ())
        if (part := _read(old := getattr(node, name), day)) is not old
    }
    return attrs.evolve(node, **changed) if changed else node
