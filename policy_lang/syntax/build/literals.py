"""Builds values written out: numbers, amounts, periods, dates, codes, yes and no."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here, hs_digits, unit_of, words


def quantity_in_brackets(here: Here, children: list[Any]) -> tree.Brackets:
    return tree.Brackets(quantity(here, children), span=here.span)


def percent(here: Here, children: list[Any]) -> tree.PercentLit:
    return tree.PercentLit(Decimal(children[0]), span=here.span)


def number(here: Here, children: list[Any]) -> tree.NumberLit:
    return tree.NumberLit(Decimal(children[0]), span=here.span)


def money(here: Here, children: list[Any]) -> tree.MoneyLit:
    return tree.MoneyLit(Decimal(children[0]), str(children[1]), span=here.span)


def quantity(here: Here, children: list[Any]) -> tree.QuantityLit:
    number, unit = children
    return tree.QuantityLit(Decimal(number), unit_of(unit), words=str(unit), span=here.span)


def hs_code(here: Here, children: list[Any]) -> tree.HsLit:
    return tree.HsLit(hs_digits(children[0]), span=here.span)


def period(here: Here, children: list[Any]) -> tree.PeriodLit:
    counts = {"year": 0, "month": 0, "day": 0}
    for number, unit in zip(children[::2], children[1::2], strict=True):
        counts[unit.rstrip("s")] += min(here.whole(number), 1_000_000)
    return tree.PeriodLit(
        counts["year"], counts["month"], counts["day"], words=words(children), span=here.span
    )


def date(here: Here, children: list[Any]) -> tree.DateLit:
    return here.date(children[0])


def text(here: Here, children: list[Any]) -> tree.Text:
    return here.quoted(children[0])


def country(here: Here, children: list[Any]) -> tree.CountryLit:
    return tree.CountryLit(str(children[0]), span=here.span)


def yes(here: Here, children: list[Any]) -> tree.YesNoLit:
    return tree.YesNoLit(True, span=here.span)


def no(here: Here, children: list[Any]) -> tree.YesNoLit:
    return tree.YesNoLit(False, span=here.span)


def none(here: Here, children: list[Any]) -> tree.NoneLit:
    return tree.NoneLit(span=here.span)
