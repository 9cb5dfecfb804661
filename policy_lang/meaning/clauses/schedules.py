"""When a duty falls due: what it is counted from, how far, and how often again."""

from __future__ import annotations

import datetime
from typing import assert_never

from policy_lang.meaning import problems
from policy_lang.meaning.clauses.deeds import event_of
from policy_lang.meaning.clauses.setting import Setting
from policy_lang.meaning.events import happening
from policy_lang.meaning.expressions.dates import misses_day
from policy_lang.meaning.expressions.typed import YES, type_of
from policy_lang.program import core
from policy_lang.program.types import Date
from policy_lang.syntax import tree


def begun(here: Setting, schedule: core.Schedule, clause: tree.Clause) -> core.Expr:
    """Whether the clock of a duty has started, as far as others can ask."""
    if isinstance(schedule.anchor, core.Absent):
        return YES
    if not isinstance(type_of(schedule.anchor), Date):
        here.priorities.say_if_asked(clause, schedule.anchor_words)
        return YES
    return core.Compare("ge", core.At(span=schedule.anchor.span), schedule.anchor, span=clause.name.span)


def schedule_of(here: Setting, form: tree.Duty, clause: tree.Clause) -> core.Schedule | None:
    """When a duty is due, first and later; None, reported, when it never is."""
    timing = form.timing
    assert timing is not None
    anchor = _anchor(here, timing.anchor)
    if anchor is None:
        return None
    expr, words = anchor
    first = _period(timing.period)
    every = None
    recurs: core.Expr | None = None
    if form.recurrence is not None:
        every = _period(form.recurrence.period)
        if every == (0, 0, 0):
            here.names.say(
                problems.RECURS_BY_NOTHING.at(
                    form.recurrence.period.span,
                    "this period is empty",
                    label="this period",
                    help="write a period such as `2 years`, or leave `and every ...` out",
                )
            )
            return None
        if form.recurrence.when is not None:
            recurs = here.expressions.within(None).condition(form.recurrence.when)
    _check_rounding(here, timing, form.recurrence, expr)
    return core.Schedule(
        expr,
        words,
        first,
        timing.kind == "before",
        every,
        _rounding(timing, form.recurrence),
        form.recurrence.counted_from if form.recurrence is not None else "due",
        recurs,
        *event_of(here, form, clause),
        timing.day,
        timing.kind == "anniversary",
        _last(here, form.window) if every is not None else None,
    )


def _check_rounding(
    here: Setting, timing: tree.Timing, recurrence: tree.Recurrence | None, anchor: core.Expr
) -> None:
    if isinstance(anchor, core.Absent):
        return  # never in force, so never due
    known = anchor.value if isinstance(anchor, core.Const) else None
    day = known if isinstance(known, datetime.date) else None
    first = _months(timing.period) * (-1 if timing.kind == "before" else 1)
    later = _months(recurrence.period) if recurrence is not None else 0
    is_fixed = timing.period is None or timing.period.days == 0
    if recurrence is not None and (recurrence.counted_from == "held" or not is_fixed):
        later_day = day if day is not None and day.day <= 28 else None
    else:
        later_day = day
    many = (first + count * later for count in range(1, 49 if later else 1))
    for period, rounding, may_miss in (
        (timing.period, timing.rounding, misses_day(day, first)),
        (
            recurrence.period if recurrence else None,
            recurrence.rounding if recurrence else None,
            later != 0 and misses_day(later_day, *many),
        ),
    ):
        if period is None or rounding is not None or not may_miss:
            continue
        if timing.day is not None and period.days == 0:  # counted from the first day of a month
            continue
        here.names.say(
            problems.ROUNDING_NEEDED.at(
                period.span,
                "the month reached may not have that day",
                label="months or years",
                help="add `rounded down` (last day of the month) or `rounded up` (first of the next)",
            )
        )


def _last(here: Setting, window: tree.Window) -> core.Expr | None:
    """The last day on which a duty that recurs can fall due: that of the clause and of the instrument."""
    term = here.own.instrument.term
    ends = [window.end.value] if window.end is not None else []
    if here.own.instrument.until is not None:
        ends.append(here.own.instrument.until)
    fixed = core.Const(min(ends), Date()) if ends else None
    if term is None or (fixed is not None and min(ends) <= term.unextended):
        return fixed
    return term.last_day if fixed is None else core.Op("lesser", (fixed, term.last_day), Date())


def _anchor(here: Setting, anchor: tree.Anchor) -> tuple[core.Expr, str] | None:
    instrument = here.own.instrument
    match anchor.kind:
        case "date":
            assert anchor.date is not None
            words = str(anchor.date.value)
            return core.Const(anchor.date.value, Date(), span=anchor.span), words
        case "entry into force" | "signature":
            day = instrument.in_force if anchor.kind == "entry into force" else instrument.signed
            if day is None:
                if instrument.never_in_force:
                    message = f"{instrument.short_title or instrument.name} is not in force"
                    absent = core.Absent("not in force", "never-in-force", message, span=anchor.span)
                    return absent, anchor.kind
                line = "in force from" if anchor.kind == "entry into force" else "signed"
                if not here.own.declared.is_damaged(here.own.declared.header):
                    here.names.say(
                        problems.NO_SUCH_ANCHOR.at(
                            anchor.span,
                            f"the header does not say the date of {anchor.kind}",
                            label="which date?",
                            help=f"add a line `{line} 2024-01-31` to the header",
                        )
                    )
                return None
            return core.Const(day, Date(), span=anchor.span), anchor.kind
        case "event":
            assert anchor.event is not None
            return happening(anchor.event, here.own, here.names)
    assert_never(anchor.kind)


def _months(period: tree.PeriodLit | None) -> int:
    return 12 * period.years + period.months if period is not None else 0


def _period(period: tree.PeriodLit | None) -> tuple[int, int, int] | None:
    return (period.years, period.months, period.days) if period is not None else None


def _rounding(timing: tree.Timing, recurrence: tree.Recurrence | None) -> core.Rounding:
    for rounding in (timing.rounding, recurrence.rounding if recurrence is not None else None):
        if rounding is not None:
            return rounding
    return "abort"
