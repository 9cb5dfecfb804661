"""Builds facts given in the language itself."""

from __future__ import annotations

from typing import Any

from lark import Token

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here
from policy_lang.syntax.syntax_errors import UNEXPECTED


def facts(here: Here, children: list[Any]) -> tree.Facts:
    return tree.Facts(here.name(children[0]), tuple(children[1:]), span=here.span)


def given_file(here: Here, children: list[Any]) -> tree.GivenFile:
    return tree.GivenFile(here.quoted(children[0]), span=here.span)


def given_record(here: Here, children: list[Any]) -> tree.GivenRecord:
    lines = tuple(c for c in children[1:] if c is not None)
    return tree.GivenRecord(here.name(children[0]), lines, span=here.span)


def given_event(here: Here, children: list[Any]) -> tree.GivenEvent:
    event, *dates, known = children
    return _given_event(here, event, None, dates, known)


def given_event_by(here: Here, children: list[Any]) -> tree.GivenEvent:
    event, by, *dates, known = children
    return _given_event(here, event, by, dates, known)


def _given_event(
    here: Here, event: Token, by: Token | None, dates: list[Any], known: tree.DateLit | None
) -> tree.GivenEvent:
    received = tuple(day for _, day in dates)
    return tree.GivenEvent(
        here.name(event),
        tuple(day for day, _ in dates),
        known,
        here.name(by) if by is not None else None,
        received if any(received) else (),
        span=here.span,
    )


def dated(here: Here, children: list[Any]) -> tuple[tree.DateLit, tree.DateLit | None]:
    given, received = children
    return here.date(given), here.date(received) if received is not None else None


def given_value(here: Here, children: list[Any]) -> tree.GivenValue:
    name, value, decided = children
    return tree.GivenValue(here.name(name), value, decided, span=here.span)


def known_until(here: Here, children: list[Any]) -> tree.DateLit:
    return here.date(children[0])


def given_until(here: Here, children: list[Any]) -> tree.GivenEvent:
    name, value, until = children
    _only_none(here, value)
    return tree.GivenEvent(here.name(name), (), until, span=here.span)


def given_none_by(here: Here, children: list[Any]) -> tree.GivenEvent:
    name, by, value, until = children
    _only_none(here, value)
    return tree.GivenEvent(here.name(name), (), until, here.name(by), span=here.span)


def _only_none(here: Here, value: tree.Expr) -> None:
    if not isinstance(value, tree.NoneLit):
        here.say(
            UNEXPECTED.at(
                value.span,
                "the dates of an event, or `none`, stand here",
                label="neither",
                help="write `given EVENT on 2024-01-31, known until 2024-06-30`, or `given EVENT none`",
            )
        )


def fact_value(here: Here, children: list[Any]) -> tree.FactValue:
    name, value, decided = children
    return tree.FactValue(here.name(name), value, decided, span=here.span)


def fact_element(here: Here, children: list[Any]) -> tree.FactElement:
    lines = tuple(c for c in children[1:] if c is not None)
    return tree.FactElement(here.name(children[0]), lines, span=here.span)


def decided(here: Here, children: list[Any]) -> tree.Decided:
    by, on = children
    text = here.quoted(by)
    return tree.Decided(text, here.date(on) if on is not None else None, span=here.span)
