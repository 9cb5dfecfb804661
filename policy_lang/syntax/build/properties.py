"""Builds properties: what must be so whatever the facts are."""

from __future__ import annotations

from typing import Any

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here, words


def property(here: Here, children: list[Any]) -> tree.Property:
    label, record, claim = children
    return tree.Property(
        here.quoted(label),
        here.name(record) if record is not None else None,
        claim,
        here.cites(),
        span=here.span,
    )


def always(here: Here, children: list[Any]) -> tree.Claim:
    condition, when, window = children
    return tree.Claim("always", condition, when, window, span=here.span)


def never(here: Here, children: list[Any]) -> tree.Claim:
    condition, when, window = children
    return tree.Claim("never", condition, when, window, span=here.span)


def turn(here: Here, children: list[Any]) -> str:
    return words(children)


def monotone(here: Here, children: list[Any]) -> tree.Monotone:
    turn, fact, never, answer, when, window = children
    return tree.Monotone(turn, fact, never, answer, when, window, span=here.span)
