"""Builds scenarios in a table."""

from __future__ import annotations

from typing import Any, cast

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here


def column_fact(here: Here, children: list[Any]) -> tree.ColumnFact:
    path, by = children
    return tree.ColumnFact(path, here.name(by) if by is not None else None, span=here.span)


def column_as_of(here: Here, children: list[Any]) -> tree.ColumnAsOf:
    return tree.ColumnAsOf(span=here.span)


def column_with(here: Here, children: list[Any]) -> tree.ColumnWith:
    return tree.ColumnWith(span=here.span)


def column_assume(here: Here, children: list[Any]) -> tree.ColumnAssume:
    return tree.ColumnAssume(here.name(children[0]), span=here.span)


def column_expect(here: Here, children: list[Any]) -> tree.ColumnExpect:
    return tree.ColumnExpect(here.name(children[0]), span=here.span)


def column_bad_facts(here: Here, children: list[Any]) -> tree.ColumnBadFacts:
    return tree.ColumnBadFacts(span=here.span)


def cell_value(here: Here, children: list[Any]) -> tree.CellValue:
    return tree.CellValue(children[0], tuple(children[1:]), span=here.span)


def cell_dates(here: Here, children: list[Any]) -> tree.CellDates:
    *dates, known = children
    received = tuple(day for _, day in dates)
    return tree.CellDates(
        tuple(day for day, _ in dates),
        known,
        received if any(received) else (),
        span=here.span,
    )


def cell_code(here: Here, children: list[Any]) -> tree.CellCode:
    return tree.CellCode(here.name(children[0]), span=here.span)


def row_cell(here: Here, children: list[Any]) -> tree.Cell | None:
    return cast("tree.Cell | None", children[0])


def case_row(here: Here, children: list[Any]) -> tree.CaseRow:
    label, *cells = children
    return tree.CaseRow(here.quoted(label), tuple(cells), span=here.span)


def case_table(here: Here, children: list[Any]) -> tree.CaseTable:
    columns = tuple(c for c in children if not isinstance(c, tree.CaseRow))
    rows = tuple(c for c in children if isinstance(c, tree.CaseRow))
    return tree.CaseTable(columns, rows, span=here.span)
