"""Dates that are moved by periods, spans between dates, and what is asked as it stood on a date."""

from __future__ import annotations

import calendar
import datetime
from typing import TYPE_CHECKING

from policy_lang.meaning import problems
from policy_lang.meaning.expressions import spans
from policy_lang.meaning.expressions.typed import type_of
from policy_lang.program import core
from policy_lang.program.types import Date, DateSpan, Number, Period, Type, Unresolved
from policy_lang.source.text import Span
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.expressions.walk import Expressions


def date_sum(here: Expressions, total: core.Expr, sign: str, term: tree.Expr, span: Span) -> core.Expr:
    """A date moved by a period, or the days between two dates."""
    rounding: str | None = None
    period_node = term
    if isinstance(term, tree.Rounded) and term.to is None and term.way in ("up", "down", "never"):
        period_node = term.operand
        rounding = "abort" if term.way == "never" else term.way
    operand = here.lower(period_node)
    kind = type_of(operand)
    if isinstance(kind, Unresolved):
        return here.unresolved(span)
    if isinstance(kind, Date) and sign == "-":
        return core.Op("subtract", (total, operand), Number(True), span=span)
    if not isinstance(kind, Period):
        here.names.say(
            problems.wrong_type(term.span, "a period such as `30 days`", kind, "write `+ 30 days`")
        )
        return here.unresolved(span)
    operator: core.Operator = "add_period" if sign == "+" else "subtract_period"
    return _moved(here, total, operator, operand, rounding, term.span, span)


def _moved(
    here: Expressions,
    date: core.Expr,
    operator: core.Operator,
    period: core.Expr,
    rounding: str | None,
    place: Span,
    span: Span,
) -> core.Expr:
    """A date and a period; where the day may not exist, the text must say which one counts instead."""
    if rounding is None and _may_miss_day(date, period, "+" if operator == "add_period" else "-"):
        here.names.say(
            problems.ROUNDING_NEEDED.at(
                place,
                "the month reached may not have that day",
                label="months or years",
                help="add `rounded down` (last day of the month) or `rounded up` (first of the next)",
            )
        )
    return core.Op(operator, (date, period), Date(), (rounding or "abort",), span=span)


def dated(here: Expressions, operand: tree.Expr, other: Type) -> core.Expr:
    """A date, or a value of the other type."""
    expr = here.lower(operand)
    kind = type_of(expr)
    if not isinstance(kind, (Date, Unresolved)) and kind != other:
        here.names.say(problems.wrong_type(operand.span, Date(), kind))
        return here.unresolved(operand.span)
    return expr


def span_of(here: Expressions, start: tree.Expr, last: tree.Expr, span: Span) -> core.Expr:
    """The days from one date to another, both counted."""
    ends = (here.value(start, Date()), here.value(last, Date()))
    first_day, last_day = (e.value if isinstance(e, core.Const) else None for e in ends)
    if isinstance(first_day, datetime.date) and isinstance(last_day, datetime.date):
        if first_day <= last_day:
            return core.Const((first_day, last_day), DateSpan(), span=span)
        here.names.say(
            problems.BAD_WINDOW.at(
                span,
                f"this ends on {last_day}, before it begins on {first_day}",
                label="no day lies in it",
                help="exchange the two dates",
            )
        )
        return here.unresolved(span)
    return core.Op("span", ends, DateSpan(), span=span)


def within(here: Expressions, node: tree.Within) -> core.Expr:
    """Whether a day lies within a period after or before another."""
    day, anchor = here.value(node.operand, Date()), here.value(node.anchor, Date())
    if isinstance(type_of(anchor), Unresolved):
        return here.unresolved(node.span)
    period = here.lower(node.period)
    operator: core.Operator = "add_period" if node.which == "after" else "subtract_period"
    end = _moved(here, anchor, operator, period, node.rounding, node.period.span, node.span)
    first, last = (anchor, end) if node.which == "after" else (end, anchor)
    return spans.inside(day, first, last, node.negated, node.span)


def on_date(here: Expressions, operand: tree.Expr, date_node: tree.Expr, span: Span) -> core.Expr:
    """A value as it stood on a date: a definition of its own, asked there."""
    date = here.value(date_node, Date())
    expr = here.lower(operand)
    if isinstance(type_of(expr), Unresolved) or isinstance(type_of(date), Unresolved):
        return here.unresolved(span)
    if isinstance(expr, core.Call) and expr.at is None and expr.bind is None:
        return core.Call(expr.definition, expr.type, None, date, span=span)
    name = f"{here.owner}#{len(here.extra) + 1}"
    here.extra[name] = core.Definition(
        name,
        here.subject,
        type_of(expr),
        expr,
        instrument=here.names.own.instrument.name,
        span=operand.span,
    )
    return core.Call(name, type_of(expr), None, date, span=span)


def _may_miss_day(date: core.Expr, period: core.Expr, sign: str) -> bool:
    if isinstance(date, core.Op) and date.operator == "first_of_month":
        return False
    known = date.value if isinstance(date, core.Const) and isinstance(date.value, datetime.date) else None
    if not isinstance(period, core.Const) or not isinstance(period.value, tuple):
        return known is None or known.day > 28
    years, months = period.value[:2]
    assert isinstance(years, int)
    assert isinstance(months, int)
    return misses_day(known, (12 * years + months) * (1 if sign == "+" else -1))


def misses_day(date: datetime.date | None, *months: int) -> bool:
    """Whether a month that lies so many months after a date, or after any date, may not have its day (rule V6)."""
    if not any(months) or (date is not None and date.day <= 28):
        return False
    if date is None:
        return True
    for count in months:
        year, month = divmod(date.year * 12 + date.month - 1 + count, 12)
        year = min(max(year, datetime.MINYEAR), datetime.MAXYEAR)  # beyond them the date is an error anyway
        if date.day > calendar.monthrange(year, month + 1)[1]:
            return True
    return False
