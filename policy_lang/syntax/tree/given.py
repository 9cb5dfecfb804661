"""Facts given in the language itself, for a scenario or for several."""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Citation, Name, Text, span_field
from policy_lang.syntax.tree.expressions import Expr
from policy_lang.syntax.tree.literals import DateLit


@frozen
class Decided:
    """Who characterised something, and when."""

    by: Text
    on: DateLit | None
    span: Span = span_field()


@frozen
class FactValue:
    name: Name
    value: Expr
    decided: Decided | None = None
    span: Span = span_field()


@frozen
class FactElement:
    """One element of a list, headed by the name of its record."""

    record: Name
    lines: tuple[FactLine, ...]
    span: Span = span_field()


FactLine: TypeAlias = FactValue | FactElement


@frozen
class GivenRecord:
    record: Name
    lines: tuple[FactLine, ...]
    span: Span = span_field()


@frozen
class GivenEvent:
    """The dates of an event; `received` has for each the day on which it was received, if that is said."""

    event: Name
    dates: tuple[DateLit, ...]
    known_until: DateLit | None
    by: Name | None = None
    received: tuple[DateLit | None, ...] = ()
    span: Span = span_field()


@frozen
class GivenValue:
    name: Name
    value: Expr
    decided: Decided | None
    span: Span = span_field()


@frozen
class GivenFile:
    """Facts from a file in the folder of the policy, or below it."""

    path: Text
    span: Span = span_field()


Given: TypeAlias = GivenRecord | GivenEvent | GivenValue | GivenFile


@frozen
class Facts:
    name: Name
    given: tuple[Given, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()
