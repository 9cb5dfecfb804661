"""One row as the facts of one case: columns are named by the paths of facts, elements of lists counted from 1."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from attrs import frozen

from policy_lang.program.facts import FactsSchema
from policy_lang.program.types import Dates, ListOf
from policy_lang.source.suggest import closest

MOST_ELEMENTS = 1_000
AS_OF = "as_of"
_Steps: TypeAlias = tuple[str | int, ...]
_Read: TypeAlias = Callable[[object], object]


class UnknownColumn(Exception):
    """A column is named like a fact, but no fact has that name; the argument says so."""


@frozen
class Column:
    """A column that gives a fact: its place in the row, the way to the fact, and how its cells are read."""

    number: int
    steps: _Steps
    read: _Read


@frozen
class Columns:
    """How rows under one head become facts. `others` are columns that no fact is called."""

    columns: tuple[Column, ...]
    as_of: int | None
    others: tuple[str, ...]

    def facts(self, cells: Sequence[object]) -> dict[str, Any]:
        """The facts of one row; what a cell does not give is unknown."""
        facts: dict[str, Any] = {}
        for column in self.columns:
            if column.number >= len(cells):
                continue
            cell = cells[column.number]
            if isinstance(cell, str):
                cell = cell.strip()
                if not cell or cell == "unknown":
                    continue
            elif cell is None:
                continue
            place: Any = facts
            steps = column.steps
            for n, step in enumerate(steps[:-1]):
                if isinstance(step, int):
                    place.extend({} for _ in range(step + 1 - len(place)))
                    place = place[step]
                else:
                    inner = place.get(step)
                    if not isinstance(inner, (dict, list)):
                        inner = place[step] = [] if isinstance(steps[n + 1], int) else {}
                    place = inner
            value = column.read(cell)
            if value is not None and not (value == [] and steps[-1] in place):
                place[steps[-1]] = value
        return facts


def columns_of(head: Sequence[str], schemas: Iterable[FactsSchema]) -> Columns:
    """What the columns of a head give, in any of these versions. Raises `UnknownColumn`."""
    readers: dict[str, _Read] = {}
    for schema in schemas:
        readers = {**_readers(schema), **readers}
    columns: list[Column] = []
    others: list[str] = []
    as_of: int | None = None
    for number, name in enumerate(head):
        if name == AS_OF and AS_OF not in readers:
            as_of = number
            continue
        steps = _steps(name)
        plain = ".".join(step for step in steps if isinstance(step, str))
        if plain in readers:
            is_list = readers[plain] is _list
            if any(isinstance(step, int) and step >= MOST_ELEMENTS for step in steps):
                raise UnknownColumn(f"column `{name}`: a list in a row has at most {MOST_ELEMENTS} elements")
            if _is_well_placed(steps, readers) and not (is_list and isinstance(steps[-1], int)):
                columns.append(Column(number, steps, readers[plain]))
                continue
            raise UnknownColumn(
                f"column `{name}`: an element of a list is named by its place, as in `vehicle.chains.1.value`"
            )
        near = closest(plain, [*readers, AS_OF])
        if "." in name or near is not None:
            hint = f"; did you mean `{near}`?" if near is not None else ""
            raise UnknownColumn(f"column `{name}`: no fact is called so{hint}")
        others.append(name)
    return Columns(tuple(columns), as_of, tuple(others))


def _steps(name: str) -> _Steps:
    """`vehicle.chains.1.value`, also written `vehicle.chains[1].value`."""
    plain = re.sub(r"\[([0-9]+)\]", r".\1", name)
    return tuple(
        int(step) - 1 if step.isascii() and step.isdigit() and int(step[:6]) > 0 else step
        for step in plain.split(".")
    )


def _is_well_placed(steps: _Steps, readers: dict[str, _Read]) -> bool:
    """Whether places stand after the names of lists, and only there."""
    path = ""
    for n, step in enumerate(steps):
        if isinstance(step, int):
            continue
        path = f"{path}.{step}" if path else step
        after = steps[n + 1] if n + 1 < len(steps) else None
        is_list = readers.get(path) is _list
        if after is not None and is_list is not isinstance(after, int):
            return False
    return not isinstance(steps[0], int)


def _readers(schema: FactsSchema) -> dict[str, _Read]:
    """How the cells of every fact are read, by the path without places."""
    records = {one.name: one for one in schema.records}
    found: dict[str, _Read] = {}
    waiting = [(one.name, one.name) for one in schema.records if one.parent is None]
    while waiting:
        path, name = waiting.pop()
        if len(path) > 400:
            continue
        for field in records[name].fields:
            inner = f"{path}.{field.name}"
            if isinstance(field.type, ListOf):
                found[inner] = _list
                waiting.append((inner, field.type.record))
            else:
                found[inner] = _same
    for fact in schema.case_facts:
        found[fact.name] = _dates if isinstance(fact.type, Dates) else _same
    return found


def _same(cell: object) -> object:
    return cell


def _list(cell: object) -> object:
    """A cell for a whole list can say that it is empty; how many it has is told by its elements."""
    return [] if cell in ("none", "[]", "0", 0) else cell if not _is_count(cell) else None


def _is_count(cell: object) -> bool:
    return isinstance(cell, int) or (isinstance(cell, str) and cell.isdigit())


def _dates(cell: object) -> object:
    """The dates of an event, with commas or semicolons between; `none` for none."""
    if not isinstance(cell, str) or cell == "none":
        return cell if cell == "none" else [cell]
    return [part.strip() for part in re.split(r"[,;\n]", cell) if part.strip()]
