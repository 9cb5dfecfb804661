"""Conditions on dates that speak of a span of days, or of a year that begins on any day."""

from __future__ import annotations

from policy_lang.program import core
from policy_lang.program.schema import type_of
from policy_lang.program.types import Date, DateSpan, Period
from policy_lang.source.text import Span
from policy_lang.syntax import tree


def inside(day: core.Expr, first: core.Expr, last: core.Expr, negated: bool, span: Span) -> core.Expr:
    """Whether a day lies between two others, both counted."""
    both = core.And(
        (core.Compare("ge", day, first, span=span), core.Compare("le", day, last, span=span)), span=span
    )
    return core.Not(both, span=span) if negated else both


def in_year(day: core.Expr, year: tree.Year, anchor: core.Expr, negated: bool, span: Span) -> core.Expr:
    """Whether a day lies in the year that contains another."""
    return inside(day, start_of_year(year, anchor), end_of_year(year, anchor), negated, span)


def first_or_last_day(which: str, operand: core.Expr, span: Span) -> core.Expr:
    """The first or last day of a span, or of the month of a date."""
    if isinstance(type_of(operand), DateSpan):
        return core.Op("start_of_span" if which == "first" else "end_of_span", (operand,), Date(), span=span)
    return core.Op("first_of_month" if which == "first" else "last_of_month", (operand,), Date(), span=span)


def start_of_year(year: tree.Year, day: core.Expr) -> core.Expr:
    """The first day of the year that contains this day."""
    return core.Op("start_of_year", (day,), Date(), (year.month, year.day), span=year.span)


def end_of_year(year: tree.Year, day: core.Expr) -> core.Expr:
    """The last day of the year that contains this day: a year later the beginning always exists."""
    start = start_of_year(year, day)
    whole = core.Const((1, 0, 0), Period(), span=year.span)
    one = core.Const((0, 0, 1), Period(), span=year.span)
    following = core.Op("add_period", (start, whole), Date(), ("abort",), span=year.span)
    return core.Op("subtract_period", (following, one), Date(), ("abort",), span=year.span)
