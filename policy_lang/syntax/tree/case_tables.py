"""Scenarios in a table: a case in each row, its facts and what is expected of it in columns."""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Name, Text, span_field
from policy_lang.syntax.tree.expectations import Detail, Expected
from policy_lang.syntax.tree.expressions import Ref
from policy_lang.syntax.tree.given import Decided
from policy_lang.syntax.tree.literals import DateLit


@frozen
class ColumnFact:
    """A field of a record, an event, one party's with `by`, or a determination."""

    path: Ref
    by: Name | None = None
    span: Span = span_field()


@frozen
class ColumnAsOf:
    span: Span = span_field()


@frozen
class ColumnWith:
    span: Span = span_field()


@frozen
class ColumnAssume:
    name: Name
    span: Span = span_field()


@frozen
class ColumnExpect:
    outcome: Name
    span: Span = span_field()


@frozen
class ColumnBadFacts:
    span: Span = span_field()


Column: TypeAlias = ColumnFact | ColumnAsOf | ColumnWith | ColumnAssume | ColumnExpect | ColumnBadFacts


@frozen
class CellValue:
    """A value or a state, with whatever may stand after the one or the other."""

    expected: Expected
    parts: tuple[CellPart, ...] = ()
    span: Span = span_field()


@frozen
class CellDates:
    """The dates of an event; those of receipt are as many, or none at all."""

    dates: tuple[DateLit, ...]
    known_until: DateLit | None
    received: tuple[DateLit | None, ...] = ()
    span: Span = span_field()


@frozen
class CellCode:
    """Why facts are refused."""

    code: Name
    span: Span = span_field()


Cell: TypeAlias = CellValue | CellDates | CellCode


CellPart: TypeAlias = Detail | Decided | DateLit


@frozen
class CaseRow:
    """One case. A cell that is None was left empty."""

    label: Text
    cells: tuple[Cell | None, ...]
    span: Span = span_field()


@frozen
class CaseTable:
    columns: tuple[Column, ...]
    rows: tuple[CaseRow, ...]
    span: Span = span_field()

    @property
    def taken(self) -> frozenset[str]:
        """The names of the facts that rows take, from the column `with`."""
        places = [n for n, column in enumerate(self.columns) if isinstance(column, ColumnWith)]
        cells = [row.cells[n] for row in self.rows for n in places if n < len(row.cells)]
        values = [cell.expected.value for cell in cells if isinstance(cell, CellValue)]
        return frozenset(value.text for value in values if isinstance(value, Ref))
