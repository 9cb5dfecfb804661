"""When an instrument or a clause is in force, as conditions on the date asked about."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.typed import YES, conjunction
from policy_lang.meaning.names import Names
from policy_lang.program import core
from policy_lang.program.types import Date, Text, Type
from policy_lang.source.text import Span
from policy_lang.syntax import tree


def window_conditions(window: tree.Window) -> list[core.Expr]:
    """A window as conditions on the date asked about; both ends count."""
    found: list[core.Expr] = []
    if window.start is not None:
        start = core.Const(window.start.value, Date(), span=window.start.span)
        found.append(core.Compare("ge", core.At(span=window.start.span), start, span=window.start.span))
    if window.end is not None:
        end = core.Const(window.end.value, Date(), span=window.end.span)
        found.append(core.Compare("le", core.At(span=window.end.span), end, span=window.end.span))
    return found


def check_window(window: tree.Window, names: Names) -> None:
    """Reports a window that ends before it begins."""
    if window.start is not None and window.end is not None and window.start.value > window.end.value:
        names.say(
            problems.BAD_WINDOW.at(
                window.span,
                f"this ends on {window.end.value}, before it begins on {window.start.value}",
                label="no day lies in it",
                help="exchange the two dates",
            )
        )


def guarded(
    instrument: core.Instrument, window: tree.Window, body: core.Expr, kind: Type | None, span: Span
) -> core.Expr:
    """The body while the instrument and the window are in force; else why it is not (rule T5)."""
    cases = force_cases(instrument, window, span)
    if not cases:
        return body
    return core.Choose("first", tuple(cases), body, kind or Text(), span=span)


def force_cases(
    instrument: core.Instrument,
    window: tree.Window,
    span: Span,
    suspended: Iterable[tree.Suspended] = (),
) -> list[core.Case]:
    """The cases in which something is not in force or suspended, each with its reason."""
    name = instrument.short_title or instrument.title or instrument.name
    cases: list[core.Case] = []

    def add(comparison: core.Comparison, date: datetime.date, code: str, message: str) -> None:
        when = core.Compare(comparison, core.At(span=span), core.Const(date, Date(), span=span), span=span)
        cases.append(core.Case(when, core.Absent("not in force", code, message, span=span), span=span))

    if instrument.never_in_force:
        message = f"{name} is not in force"
        cases.append(
            core.Case(YES, core.Absent("not in force", "never-in-force", message, span=span), span=span)
        )
    if instrument.in_force is not None:
        message = f"{name} is in force only from {instrument.in_force}"
        add("lt", instrument.in_force, "not-yet-in-force", message)
    if instrument.until is not None:
        add("gt", instrument.until, "ended", f"{name} was in force only until {instrument.until}")
    if window.start is not None:
        add("lt", window.start.value, "not-yet-in-force", f"this clause applies from {window.start.value}")
    if window.end is not None:
        add("gt", window.end.value, "ended", f"this clause applied until {window.end.value}")
    if instrument.term is not None:  # last: what a date decides needs no event
        over = core.Compare("gt", core.At(span=span), instrument.term.last_day, span=span)
        message = f"the term of {name} is over, and is not extended to this date"
        cases.append(core.Case(over, core.Absent("not in force", "ended", message, span=span), span=span))
    pauses = [(name, pause) for pause in instrument.suspended]
    for line in suspended:
        first, last = line.window.start, line.window.end
        days = (first.value if first is not None else None, last.value if last is not None else None)
        pauses.append(("this clause", days))
    for what, (start, end) in pauses:
        said = f"{what} is suspended from {start}" + (f" until {end}" if end is not None else "")
        bounds: list[tuple[core.Comparison, datetime.date]] = [("ge", start)] if start is not None else []
        if end is not None:
            bounds.append(("le", end))
        when = conjunction(
            [
                core.Compare(way, core.At(span=span), core.Const(day, Date(), span=span), span=span)
                for way, day in bounds
            ],
            span,
        )
        absent = core.Absent("suspended", "suspended", said, span=span)
        cases.append(core.Case(when, absent, span=span))
    return cases


def force_conditions(
    instrument: core.Instrument,
    window: tree.Window,
    span: Span,
    suspended: Iterable[tree.Suspended] = (),
) -> list[core.Expr]:
    """The same as plain conditions: a status granted by what is not in force is simply not granted."""
    return [core.Not(case.when, span=span) for case in force_cases(instrument, window, span, suspended)]


def suspensions(clause: tree.Clause) -> list[tree.Suspended]:
    """The lines of a clause that suspend it."""
    return [line for line in clause.lines if isinstance(line, tree.Suspended)]
