"""One file as the checks see it, and how they walk through what the author wrote."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

from attrs import frozen

from policy_lang.meaning.checks.guards import Guards
from policy_lang.meaning.declarations import Declared
from policy_lang.meaning.load import Library
from policy_lang.meaning.names import Meant
from policy_lang.program import core
from policy_lang.source.files import read_file
from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree


@frozen
class Linted:
    """A file without errors: what it declares and means. `library` holds the other files of the run.

    `meant` is None for a file of scenarios.
    """

    path: Path
    declared: Declared
    meant: Meant | None
    library: Library

    @property
    def source(self) -> SourceFile:
        return self.declared.source

    @property
    def decides(self) -> bool:
        """Whether the file encodes a text: all but vocabularies and files of scenarios do."""
        header = self.declared.header
        return header is not None and header.kind != "vocabulary"

    @property
    def clauses(self) -> list[tree.Clause]:
        return list(self.declared.clauses.values())

    @property
    def encoded(self) -> list[tree.Clause | tree.Defence | tree.Rule | tree.Table]:
        """Everything that encodes a part of the text."""
        return [*self.clauses, *self.declared.defences.values(), *self.derived]

    @property
    def derived(self) -> list[tree.Rule | tree.Table]:
        """Rules and tables, in the order of the file."""
        return [v for v in self.declared.values.values() if isinstance(v, tree.Rule | tree.Table)]

    @property
    def assumptions(self) -> set[str]:
        return {name for name, v in self.declared.values.items() if isinstance(v, tree.Assume)}

    def rests_on_assumption(self, item: object) -> bool:
        """Whether the item names an assumption of this file, which carries citations of its own."""
        return not self.assumptions.isdisjoint(mentioned(item))

    def neighbours(self) -> Iterator[SourceFile]:
        """The other policy files of this folder, as they are; those that cannot be read are empty."""
        for path in sorted(self.path.parent.glob("*.pol")):
            if path.is_file() and path.resolve() != self.path.resolve():
                yield read_file(path)[0]


def walk(node: object) -> Iterator[object]:
    """Every node of a tree, itself first, in the order of the fields. Without recursion."""
    waiting: list[object] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, tuple):
            waiting.extend(reversed(item))
        elif tree.is_node(item):
            yield item
            names = getattr(type(item), "__match_args__", ())  # spans and wording are keyword-only
            waiting.extend(getattr(item, name) for name in reversed(names))


def mentioned(item: object) -> set[str]:
    """The names that an item speaks of: all that stand in it, its own and those of its fields left out."""
    names: set[str] = set()
    declared: set[int] = set()
    for node in walk(item):
        if isinstance(node, _DECLARING):
            declared.add(id(node.name))
        elif isinstance(node, tree.Name) and id(node) not in declared:
            names.add(node.text)
    return names


_DECLARING = (
    tree.Means,
    tree.Assume,
    tree.Purpose,
    tree.Status,
    tree.Kind,
    tree.KindMember,
    tree.Act,
    tree.Event,
    tree.Determination,
    tree.Record,
    tree.Field,
    tree.Rule,
    tree.Table,
    tree.Clause,
    tree.Defence,
    tree.Facts,
)

Days: TypeAlias = tuple[datetime.date, datetime.date]
"""A first and a last day, both counted."""


def days_of(window: tree.Window) -> Days:
    """The days of a window; an end that is not given lies as far away as dates go."""
    return (
        window.start.value if window.start is not None else datetime.date.min,
        window.end.value if window.end is not None else datetime.date.max,
    )


def common(left: Days, right: Days) -> Days | None:
    """The days in both, or None."""
    first, last = max(left[0], right[0]), min(left[1], right[1])
    return (first, last) if first <= last else None


def bodies(meant: Meant) -> Iterator[core.Expr]:
    """The core form of everything that an instrument itself defines or answers."""
    for definition in meant.definitions.values():
        yield definition.body
    for outcome in meant.outcomes:
        yield outcome.body
        if outcome.schedule is not None:
            yield from outcome.schedule.expressions


def guards_for(meant: Meant) -> Guards:
    """Reads conditions with all definitions and records that the instrument can see."""
    reach = meant.reach()
    return Guards(
        {name: d for part in reach for name, d in part.definitions.items()},
        {name: schema for part in reversed(reach) for name, schema in part.records.items()},
    )
