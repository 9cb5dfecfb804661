"""Builds the small parts that items of several kinds have: dates of force, limits, readings, conditions."""

from __future__ import annotations

from typing import Any, cast

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here, words


def suspended(here: Here, children: list[Any]) -> tree.Suspended:
    span = here.span
    return tree.Suspended(here.window(children), span=span)


def receipt_of(here: Here, children: list[Any]) -> bool:
    return True


def by_whom(here: Here, children: list[Any]) -> tree.Name:
    span = here.between(children[1].start_pos, here.span.end)
    return tree.Name(words(children[1:]), span=span)


def happening(here: Here, children: list[Any]) -> tree.Happening:
    receipt, name, by = children
    return tree.Happening(here.name(name), by, bool(receipt), span=here.span)


def name_list(here: Here, children: list[Any]) -> tuple[tree.Name, ...]:
    return tuple(here.name(c) for c in children)


def window(here: Here, children: list[Any]) -> tree.Window:
    if children == [None, None]:
        return tree.Window()
    return here.window(children)


def reading_for(here: Here, children: list[Any]) -> tuple[str, tree.Reading]:
    return "for", tree.Reading(here.quoted(children[0]), span=here.span)


def reading_against(here: Here, children: list[Any]) -> tuple[str, tree.Reading]:
    return "against", tree.Reading(here.quoted(children[0]), span=here.span)


def bound_word(here: Here, children: list[Any]) -> str:
    return words(children)


def bound(here: Here, children: list[Any]) -> tree.Bound:
    return tree.Bound(children[0], children[1], span=here.span)


def bound_digits(here: Here, children: list[Any]) -> tree.Digits:
    return tree.Digits(here.whole(children[0]), span=here.span)


def day_rounding(here: Here, children: list[Any]) -> str:
    return str(children[-1])


def condition(here: Here, children: list[Any]) -> tree.Expr:
    return cast(tree.Expr, children[0])
