"""Rules and tables: values by cases, and values by keys."""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Citation, Name, Text, span_field, wording
from policy_lang.syntax.tree.expressions import AskedDate, Expr, Ref
from policy_lang.syntax.tree.parts import Bound, Window
from policy_lang.syntax.tree.types import TypeExpr


@frozen
class Case:
    """One line of a rule. `when` None is the default; `otherwise` tells how that was written."""

    value: Expr
    when: Expr | None
    window: Window = Window()
    exceptions: tuple[Case, ...] = ()
    otherwise: bool = False
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class KeyWindow:
    """A date key: from, until, or both; `whole_year` when written `in 2024`."""

    window: Window
    whole_year: bool = wording(False)
    span: Span = span_field()


@frozen
class KeyGroup:
    name: Name
    span: Span = span_field()


@frozen
class KeyAny:
    span: Span = span_field()


@frozen
class KeyRange:
    bounds: tuple[Bound, ...]
    span: Span = span_field()


@frozen
class KeyWords:
    options: tuple[Expr, ...]
    span: Span = span_field()


Key: TypeAlias = KeyWindow | KeyGroup | KeyAny | KeyRange | KeyWords


@frozen
class Row:
    """A row of a table; no keys at all is the `otherwise` row."""

    keys: tuple[Key, ...]
    value: Expr
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class Rule:
    """`cases` in the order written; `exceptions` stand at case level and except the whole rule."""

    name: Name
    record: Name | None
    type: TypeExpr
    label: Text | None
    cases: tuple[Case, ...]
    exceptions: tuple[Case, ...]
    cites: tuple[Citation, ...] = ()
    inserted: bool = wording(False)  # `is inserted` was written
    span: Span = span_field()


@frozen
class Table:
    name: Name
    record: Name | None
    type: TypeExpr
    keys: tuple[Ref | AskedDate, ...]
    ordered: bool
    label: Text | None
    rows: tuple[Row, ...]
    cites: tuple[Citation, ...] = ()
    inserted: bool = wording(False)  # `is inserted` was written
    span: Span = span_field()
