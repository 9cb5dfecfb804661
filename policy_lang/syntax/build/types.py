"""Builds types, as the author wrote them."""

from __future__ import annotations

from typing import Any

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here, hs_digits, unit_of


def type_yes_no(here: Here, children: list[Any]) -> tree.TypeYesNo:
    return tree.TypeYesNo(span=here.span)


def type_whole(here: Here, children: list[Any]) -> tree.TypeNumber:
    return tree.TypeNumber(True, span=here.span)


def type_number(here: Here, children: list[Any]) -> tree.TypeNumber:
    return tree.TypeNumber(False, span=here.span)


def type_percent(here: Here, children: list[Any]) -> tree.TypePercent:
    return tree.TypePercent(span=here.span)


def type_money(here: Here, children: list[Any]) -> tree.TypeMoney:
    return tree.TypeMoney(str(children[0]), span=here.span)


def type_quantity(here: Here, children: list[Any]) -> tree.TypeQuantity:
    return tree.TypeQuantity(unit_of(children[0]), words=str(children[0]), span=here.span)


def type_date(here: Here, children: list[Any]) -> tree.TypePlain:
    return tree.TypePlain("date", span=here.span)


def type_period(here: Here, children: list[Any]) -> tree.TypePlain:
    return tree.TypePlain("period", span=here.span)


def type_span(here: Here, children: list[Any]) -> tree.TypePlain:
    return tree.TypePlain("span", span=here.span)


def type_hs(here: Here, children: list[Any]) -> tree.TypeHs:
    return tree.TypeHs(None, span=here.span)


def type_hs_edition(here: Here, children: list[Any]) -> tree.TypeHs:
    return tree.TypeHs(hs_digits(children[0]), span=here.span)


def type_text(here: Here, children: list[Any]) -> tree.TypePlain:
    return tree.TypePlain("text", span=here.span)


def type_country(here: Here, children: list[Any]) -> tree.TypePlain:
    return tree.TypePlain("country", span=here.span)


def type_list(here: Here, children: list[Any]) -> tree.TypeList:
    return tree.TypeList(here.name(children[0]), span=here.span)


def type_named(here: Here, children: list[Any]) -> tree.TypeNamed:
    return tree.TypeNamed(here.name(children[0]), span=here.span)


def type_words(here: Here, children: list[Any]) -> tree.TypeWords:
    return tree.TypeWords(tuple(here.name(c) for c in children), span=here.span)
