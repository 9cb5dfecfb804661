"""Small parts that items of several kinds have: dates of force, limits, readings, what happened."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Citation, Name, Text, span_field
from policy_lang.syntax.tree.expressions import Expr
from policy_lang.syntax.tree.literals import DateLit


@frozen
class Window:
    """`from` and `until` dates; both ends count."""

    start: DateLit | None = None
    end: DateLit | None = None
    span: Span = span_field()


@frozen
class Reading:
    because: Text
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


BoundWord: TypeAlias = Literal["more than", "at least", "less than", "at most"]


@frozen
class Bound:
    word: BoundWord
    value: Expr
    span: Span = span_field()


@frozen
class Digits:
    """`with 8 digits`."""

    count: int
    span: Span = span_field()


@frozen
class Happening:
    """The dates of an event, as they are spoken of: `notice by JP`, `receipt of notice by either party`.

    `by` is a country's code or the words for the parties; None: the event is no party's own.
    """

    event: Name
    by: Name | None = None
    receipt: bool = False
    span: Span = span_field()


@frozen
class Suspended:
    """Some days on which an instrument or a clause is suspended, both ends counted."""

    window: Window
    span: Span = span_field()
