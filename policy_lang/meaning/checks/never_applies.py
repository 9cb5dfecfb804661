"""Clauses, cases and rows whose days lie outside those of the text that they stand in."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from policy_lang.meaning.checks.linted import Days, Linted, common, days_of
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.text import Span
from policy_lang.syntax import tree

CODE = Code(
    "never-applies",
    "a part of a text has effect only on days on which the text itself is in force",
    "warning",
)


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each window that has no day in common with the one around it."""
    header = linted.declared.header
    if header is None or linted.meant is None or linted.meant.instrument.never_in_force:
        return
    instrument = linted.meant.instrument
    outer = (instrument.in_force or datetime.date.min, instrument.until or datetime.date.max)
    frame = next((line.span for line in header.lines if isinstance(line, tree.InForce)), header.name.span)
    for clause in linted.clauses:
        window = getattr(clause.form, "window", None)
        if window is not None:
            yield from _misfit(window, outer, frame, "clause")
    for item in linted.derived:
        match item:
            case tree.Rule(cases=cases, exceptions=exceptions):
                for case in (*cases, *exceptions):
                    yield from _case(case, outer, frame)
            case tree.Table():
                yield from _rows(linted, item, outer, frame)


def _case(case: tree.Case, outer: Days, frame: Span) -> Iterator[Diagnostic]:
    inner = common(days_of(case.window), outer)
    if inner is None:
        yield from _misfit(case.window, outer, frame, "case")
        return
    if case.window != tree.Window():
        frame = case.window.span
    for exception in case.exceptions:
        yield from _case(exception, inner, frame)


def _rows(linted: Linted, table: tree.Table, outer: Days, frame: Span) -> Iterator[Diagnostic]:
    """Only a key that is the date governing the record is bound to the days of the instrument."""
    governing = _governing_field(linted, table.record)
    for number, key in enumerate(table.keys or (tree.AskedDate(),)):
        if isinstance(key, tree.Ref) and (governing is None or key.parts[-1].text != governing):
            continue
        for row in table.rows:
            if number < len(row.keys) and isinstance(found := row.keys[number], tree.KeyWindow):
                yield from _misfit(found.window, outer, frame, "row", found.span)


def _governing_field(linted: Linted, record: tree.Name | None) -> str | None:
    if record is None or linted.meant is None:
        return None
    for meant in (linted.meant, *linted.meant.uses):
        if (schema := meant.records.get(record.text)) is not None:
            return schema.judged_on
    return None


def _misfit(
    window: tree.Window, outer: Days, frame: Span, what: str, span: Span | None = None
) -> Iterator[Diagnostic]:
    if common(days_of(window), outer) is not None:
        return
    late = days_of(window)[0] > outer[1]
    edge = f"ends on {outer[1]}" if late else f"begins on {outer[0]}"
    yield CODE.at(
        span if span is not None else window.span,
        f"this {what} can never apply: the text it stands in {edge}",
        label="never",
        help="check the dates",
        related=[(frame, "the days around it")],
    )
