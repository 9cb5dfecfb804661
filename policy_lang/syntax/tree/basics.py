"""What every node is made with: where it stands, how it was worded; and the smallest nodes, words and quoted text."""

from __future__ import annotations

from typing import TypeVar

import attrs
from attrs import field, frozen

from policy_lang.source.text import NOWHERE, Span


def is_node(value: object) -> bool:
    """Whether something is a node of this tree, of whatever kind."""
    return attrs.has(type(value)) and type(value).__module__.startswith(f"{__package__}.")


def span_field() -> Span:
    """Where a node stands: keyword-only, and out of equality."""
    return field(kw_only=True, default=NOWHERE, eq=False, repr=False)


_Words = TypeVar("_Words")


def wording(usual: _Words) -> _Words:
    """How it was written, among words that say the same."""
    return field(kw_only=True, default=usual, eq=False)


@frozen
class Name:
    """A word that the author chose, or a country code."""

    text: str
    span: Span = span_field()


@frozen
class Citation:
    """The text between square brackets, without them."""

    text: str
    span: Span = span_field()


def cited(cites: tuple[Citation, ...]) -> tuple[str, ...]:
    """The texts of some citations."""
    return tuple(c.text for c in cites)


@frozen
class Comment:
    """A comment with its `#`; `own_line` when nothing stands before it."""

    text: str
    own_line: bool
    span: Span = span_field()


@frozen
class Text:
    """A quoted string, without its quotes, in normalisation form C."""

    text: str
    span: Span = span_field()
