"""Tables whose rows leave a gap, contradict each other, or can never count."""

from __future__ import annotations

from collections.abc import Iterator

from policy_lang.meaning.checks.linted import Linted
from policy_lang.meaning.table_cover import Box, Cover, Rows, cover
from policy_lang.program import core
from policy_lang.source.diagnostic import Code, Diagnostic

OVERLAP = Code(
    "rows-overlap", "two rows that both fit, with different values, have no answer but a conflict", "warning"
)
GAP = Code("gap-between-rows", "where no row fits, a table has no answer", "warning")
NEVER = Code(
    "row-never-counts", "in a table whose first row that matches counts, the order matters", "warning"
)
_MOST = 3  # boxes that one message names


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each table of the file."""
    if linted.meant is None:
        return
    for rows in linted.meant.tables.values():
        found = covered(linted, rows)
        if found is not None:
            yield from _overlaps(rows, found)
            yield from _gaps(rows, found)
            yield from _never(rows, found)


def covered(linted: Linted, rows: Rows) -> Cover | None:
    """What the rows of one table of the file cover."""
    assert linted.meant is not None
    fields = {
        (schema.name, field.name): field
        for part in reversed(linted.meant.reach())
        for schema in part.records.values()
        for field in schema.fields
    }
    instrument = linted.meant.instrument
    return cover(rows, fields, core.Bounds(instrument.in_force, False, instrument.until, False))


def _overlaps(rows: Rows, found: Cover) -> Iterator[Diagnostic]:
    for (first, second), boxes in found.clashes.items():
        yield OVERLAP.at(
            rows.places[second],
            f"this row and another both fit when {_named(found, boxes)}, and their values differ",
            label="this row",
            related=[(rows.places[first], "the other row")],
            help="narrow one of them, or let the first row that matches count",
        )


def _gaps(rows: Rows, found: Cover) -> Iterator[Diagnostic]:
    gaps = [box for box in found.missing if not found.is_outer(box)]
    if gaps and not rows.has_otherwise:
        yield GAP.at(
            rows.span,
            f"no row of `{rows.name}` fits when {_named(found, gaps)}",
            label="this table",
            help="add a row, or a row `otherwise`",
        )


def _never(rows: Rows, found: Cover) -> Iterator[Diagnostic]:
    if rows.ordered:
        for n in found.never:
            yield NEVER.at(
                rows.places[n],
                "this row never counts: wherever it fits, a row above it fits as well",
                label="too late",
                help="move it up, or leave it out",
            )


def _named(found: Cover, boxes: list[Box]) -> str:
    words = [found.words(box) for box in boxes[:_MOST]]
    if len(boxes) > _MOST:
        words.append(f"in {len(boxes) - _MOST} more cases (`pol check --tables` lists them)")
    return "; or ".join(words)
