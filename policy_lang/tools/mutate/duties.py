"""Slips in duties that fall due: another period, another day to count from, once instead of again and again."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from attrs import evolve

from policy_lang.program.core import Const, Force, Instrument, Outcome, Schedule
from policy_lang.program.sentences import period
from policy_lang.tools.mutate.mutant import Kind
from policy_lang.tools.mutate.written import longer_and_shorter

_DAY = datetime.timedelta(days=1)
_OTHER_FORCE: dict[Force | None, tuple[Force, str]] = {
    "binding": ("hortatory", "said `should` instead of `shall`"),
    "hortatory": ("binding", "said `shall` instead of `should`"),
    "best endeavours": ("binding", "said `shall` instead of `shall endeavour to`"),
}


def other_force(outcome: Outcome, kind: str | None) -> Iterator[tuple[str, Force]]:
    """The duty with a weaker or stronger verb; in a framework nothing binds."""
    found = _OTHER_FORCE.get(outcome.force)
    if found is not None and not outcome.wordings and kind != "framework":
        force, words = found
        yield words, force


def other_schedules(
    schedule: Schedule, instrument: Instrument | None
) -> Iterator[tuple[Kind, str, Schedule]]:
    """Every other schedule that could have been written."""
    if schedule.first is not None:
        was = period(schedule.first)
        for parts in longer_and_shorter(schedule.first):
            words = f"said `{period(parts)}` instead of `{was}` for the first due date"
            yield "period", words, evolve(schedule, first=parts)
        if schedule.backwards:
            yield "schedule", f"counted the {was} forwards", evolve(schedule, backwards=False)
    if schedule.every is not None:
        for parts in longer_and_shorter(schedule.every):
            words = f"said every `{period(parts)}` instead of every `{period(schedule.every)}`"
            yield "period", words, evolve(schedule, every=parts)
        if schedule.counted_from == "due":
            words = "counted from the day it was last done instead of the previous due date"
            yield "schedule", words, evolve(schedule, counted_from="held")
        else:
            words = "counted from the previous due date instead of the day it was last done"
            yield "schedule", words, evolve(schedule, counted_from="due")
        yield "schedule", "fell due only once", evolve(schedule, every=None, recurs=None, last=None)
        if schedule.recurs is not None:
            words = "fell due again without the condition on that"
            yield "condition", words, evolve(schedule, recurs=None)
    if schedule.last is not None:
        yield "schedule", "fell due again without an end", evolve(schedule, last=None)
    if schedule.month_day is not None:
        other = "last" if schedule.month_day == "first" else "first"
        words = f"fell due on the {other} instead of the {schedule.month_day} day of the month"
        yield "schedule", words, evolve(schedule, month_day="last" if other == "last" else "first")
    if schedule.rounding != "abort":
        way = "up" if schedule.rounding == "down" else "down"
        words = f"rounded due dates {way} instead of {schedule.rounding}"
        yield "arithmetic", words, evolve(schedule, rounding="up" if way == "up" else "down")
    anchor = schedule.anchor
    if isinstance(anchor, Const) and isinstance(anchor.value, datetime.date):
        signed = instrument.signed if instrument is not None else None
        if instrument is not None and signed is not None and signed != anchor.value:
            words = f"counted from signature instead of {schedule.anchor_words}"
            yield "schedule", words, evolve(schedule, anchor=evolve(anchor, value=signed))
        for step in (_DAY, -_DAY):
            moved = anchor.value + step
            words = f"counted from {moved} instead of {anchor.value}"
            yield "day", words, evolve(schedule, anchor=evolve(anchor, value=moved))
