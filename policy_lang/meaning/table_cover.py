"""What the rows of a table cover: which combinations of keys no row names, and where rows get in each other's way."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from math import prod
from typing import TypeAlias

from attrs import define, frozen

from policy_lang.meaning.table_cells import Axis, axis, fits, in_words
from policy_lang.program import core
from policy_lang.program.schema import type_of
from policy_lang.program.types import Date, Unresolved
from policy_lang.source.text import Span

MOST_STEPS = 200_000
"""So many rows are tried on combinations of cells, at most, before a table counts as too large to look at."""


@frozen
class Rows:
    """A table as it was lowered: its keys, and for each row a condition on each key (None: any) and a value."""

    name: str
    keys: tuple[core.Expr, ...]
    words: tuple[str, ...]  # what the author calls each key
    conditions: tuple[tuple[core.Expr | None, ...], ...]
    values: tuple[core.Expr, ...]
    places: tuple[Span, ...]
    ordered: bool
    has_otherwise: bool
    span: Span


Combination: TypeAlias = tuple[int, ...]
Box: TypeAlias = tuple[frozenset[int], ...]
"""Some cells of each key: all their combinations."""


@define
class Cover:
    """What was found. `missing`: no row fits; `clashes`: two rows that fit together with different values."""

    axes: tuple[Axis, ...]
    missing: list[Box]
    clashes: dict[tuple[int, int], list[Box]]
    never: list[int]  # rows of an ordered table before which another row always fits

    def words(self, box: Box) -> str:
        """A box in words: `metal is lead_scrap and weight is less than 5 tonne`."""
        parts = [in_words(one, chosen) for one, chosen in zip(self.axes, box, strict=True)]
        return " and ".join(part for part in parts if part) or "whatever the keys are"

    def is_outer(self, box: Box) -> bool:
        """Whether a box lies before the first or after the last day that any row names, and nothing else decides."""
        dated = [n for n, one in enumerate(self.axes) if isinstance(one.type, Date)]
        others = [n for n in range(len(self.axes)) if n not in dated]
        if not dated or any(len(box[n]) < len(self.axes[n].cells) for n in others):
            return False
        return any(len(box[n]) < len(self.axes[n].cells) and self._at_an_end(n, box[n]) for n in dated)

    def _at_an_end(self, n: int, chosen: frozenset[int]) -> bool:
        """Whether these cells are all at the beginning or the end of the days, with none in between."""
        last = len(self.axes[n].cells) - 1
        rest = set(chosen)
        for end, step in ((0, 1), (last, -1)):
            at = end
            while at in rest:
                rest.discard(at)
                at += step
        return not rest


def cover(rows: Rows, fields: dict[tuple[str, str], core.FieldSchema], days: core.Bounds) -> Cover | None:
    """What the rows cover; None where keys are not read, or there are too many combinations.

    `days` are those on which the instrument is in force: a table that goes by the date asked about need not
    speak of any other.
    """
    axes: list[Axis] = []
    for n, key in enumerate(rows.keys):
        kind = type_of(key)
        if kind is None or isinstance(kind, Unresolved):
            return None
        field = fields.get((key.record, key.field)) if isinstance(key, core.Fact) and key.record else None
        bounds = days if isinstance(key, core.At) else field.bounds if field is not None else core.Bounds()
        asked = [row[n] for row in rows.conditions]
        axes.append(axis(rows.words[n], key, asked, bounds, field is not None and field.optional))
    if prod(len(one.cells) for one in axes) * max(len(rows.conditions), 1) > MOST_STEPS:
        return None
    table = [
        [
            [fits(condition, one.key, cell, one.cells) for cell in one.cells]
            for condition, one in zip(row, axes, strict=True)
        ]
        for row in rows.conditions
    ]
    return _looked_at(rows, tuple(axes), table)


def _looked_at(rows: Rows, axes: tuple[Axis, ...], table: Sequence[Sequence[Sequence[bool | None]]]) -> Cover:
    missing: list[Combination] = []
    clashes: dict[tuple[int, int], list[Combination]] = {}
    counts = [False] * len(table)
    for combination in itertools.product(*(range(len(one.cells)) for one in axes)):
        fitting: list[int] = []
        open_rows = False
        for n, row in enumerate(table):
            found = _fits([row[k][cell] for k, cell in enumerate(combination)])
            if found is not False and not (rows.ordered and fitting):
                counts[n] = True
            open_rows = open_rows or found is None
            if found:
                fitting.append(n)
        if not fitting and not open_rows:
            missing.append(combination)
        if not rows.ordered:
            for first, second in itertools.combinations(fitting, 2):
                if _differ(rows.values[first], rows.values[second]):
                    clashes.setdefault((first, second), []).append(combination)
    return Cover(
        axes,
        boxes(missing),
        {pair: boxes(found) for pair, found in clashes.items()},
        [n for n, counted in enumerate(counts) if not counted],
    )


def _fits(parts: Sequence[bool | None]) -> bool | None:
    if False in parts:
        return False
    return None if None in parts else True


def _differ(one: core.Expr, other: core.Expr) -> bool:
    return isinstance(one, core.Const) and isinstance(other, core.Const) and one.value != other.value


def boxes(combinations: Iterable[Combination]) -> list[Box]:
    """The same combinations as few boxes, joined along the last key first."""
    found: list[Box] = [tuple(frozenset((n,)) for n in one) for one in combinations]
    if not found:
        return []
    for key in reversed(range(len(found[0]))):
        groups: dict[tuple[frozenset[int], ...], frozenset[int]] = {}
        for box in found:
            rest = (*box[:key], *box[key + 1 :])
            groups[rest] = groups.get(rest, frozenset()) | box[key]
        found = [(*rest[:key], chosen, *rest[key:]) for rest, chosen in groups.items()]
    return found
