"""What one file declares, by name. Nothing is resolved yet."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.text import SourceFile, Span
from policy_lang.syntax import tree

Declaration: TypeAlias = (
    tree.Means
    | tree.Assume
    | tree.Purpose
    | tree.Status
    | tree.Unit
    | tree.Kind
    | tree.Act
    | tree.Event
    | tree.Determination
    | tree.Record
    | tree.Rule
    | tree.Table
    | tree.Clause
)


@define
class Declared:
    """One instrument's own names.

    Acts and clauses, kinds and records, purposes and statuses each have names of their own, so that the
    field's words can be used for all of them; `values` holds whatever can stand in an expression.
    """

    source: SourceFile
    header: tree.Instrument | None = None
    scenarios_for: tree.Name | None = None
    uses: list[tree.Name] = field(factory=list)
    kinds: dict[str, tree.Kind] = field(factory=dict)
    units: dict[str, tree.Unit] = field(factory=dict)
    records: dict[str, tree.Record] = field(factory=dict)
    statuses: dict[str, tree.Status] = field(factory=dict)
    purposes: dict[str, tree.Purpose] = field(factory=dict)
    acts: dict[str, tree.Act] = field(factory=dict)
    clauses: dict[str, tree.Clause] = field(factory=dict)
    values: dict[str, tree.Means | tree.Assume | tree.Event | tree.Determination | tree.Rule | tree.Table] = (
        field(factory=dict)
    )
    territories: list[tree.Territory] = field(factory=list)
    not_encoded: list[tree.NotEncoded] = field(factory=list)
    defences: dict[str, tree.Defence] = field(factory=dict)
    facts: dict[str, tree.Facts] = field(factory=dict)
    scenarios: list[tree.Scenario] = field(factory=list)
    properties: list[tree.Property] = field(factory=list)
    changes: list[tree.Change] = field(factory=list)
    places: dict[str, int] = field(factory=dict)  # where each clause, rule and table stands among the items
    damaged: frozenset[int] = frozenset()  # ids of items read only in part
    lost: frozenset[str] = frozenset()  # names of items that could not be read at all

    @property
    def name(self) -> str:
        """The instrument's name; empty where the file has no header."""
        return self.header.name.text if self.header is not None else ""

    @property
    def top(self) -> Span:
        """Where to point when the whole file is meant."""
        return Span(self.source, 0, min(1, len(self.source.text)))

    @property
    def is_out(self) -> bool:
        """Whether this is an amendment that is left out: a draft, or not in force."""
        header = self.header
        return (
            header is not None
            and header.changes_another
            and any(
                isinstance(line, tree.Draft) or (isinstance(line, tree.InForce) and line.window is None)
                for line in header.lines
            )
        )

    def is_damaged(self, item: object) -> bool:
        return id(item) in self.damaged


_Item = TypeVar("_Item")


def declare(file: tree.File) -> tuple[Declared, list[Diagnostic]]:
    """Sorts a file's items by what they declare; names declared twice are reported at the second place."""
    declared = Declared(file.source, damaged=file.damaged, lost=file.lost)
    found: list[Diagnostic] = []
    seen: dict[tuple[str, str], tree.Name] = {}

    def add(table: dict[str, _Item], space: str, name: tree.Name, item: _Item) -> None:
        earlier = seen.setdefault((space, name.text), name)
        if earlier is not name:
            found.append(
                problems.ALREADY_DEFINED.at(
                    name.span,
                    f"`{name.text}` is defined twice",
                    label="defined again here",
                    related=[(earlier.span, "first defined here")],
                    help="give one of them another name",
                )
            )
            return
        table[name.text] = item

    for place, item in enumerate(file.items):
        if isinstance(item, tree.Clause | tree.Rule | tree.Table):
            declared.places.setdefault(item.name.text, place)
        match item:
            case tree.Instrument():
                if declared.header is not None:
                    found.append(
                        problems.SEVERAL_INSTRUMENTS.at(
                            item.name.span,
                            f"this file is `{declared.header.name.text}` already",
                            label="a second instrument",
                            related=[(declared.header.name.span, "the first")],
                            help="put it into a file of its own",
                        )
                    )
                else:
                    declared.header = item
            case tree.ScenariosFor(name=name):
                declared.scenarios_for = name
            case tree.Use(names=names):
                declared.uses.extend(names)
            case tree.NotEncoded():
                declared.not_encoded.append(item)
            case tree.Territory():
                declared.territories.append(item)
            case tree.Scenario():
                declared.scenarios.append(item)
            case tree.Property():
                declared.properties.append(item)
            case tree.Kind(name=name):
                add(declared.kinds, "kind", name, item)
            case tree.Unit(name=name):
                add(declared.units, "unit", name, item)
            case tree.Record(name=name):
                add(declared.records, "kind", name, item)
            case tree.Status(name=name):
                add(declared.statuses, "status", name, item)
            case tree.Purpose(name=name):
                add(declared.purposes, "purpose", name, item)
            case tree.Act(name=name):
                add(declared.acts, "act", name, item)
            case tree.Facts(name=name):
                add(declared.facts, "facts", name, item)
            case tree.Defence(name=name):
                add(declared.defences, "outcome", name, item)
            case tree.Clause(name=name):
                add(declared.clauses, "outcome", name, item)
            case tree.Rule(name=name) | tree.Table(name=name):
                add(declared.values, "outcome", name, item)
            case (
                tree.Means(name=name)
                | tree.Assume(name=name)
                | tree.Event(name=name)
                | tree.Determination(name=name)
            ):
                add(declared.values, "outcome", name, item)
            case _:
                declared.changes.append(item)
    return declared, found


def misplaced(declared: Declared) -> list[Diagnostic]:
    """What only an amendment can say, in a file that is none."""
    header = declared.header
    if header is not None and header.changes_another:
        return []
    spans: list[Span] = [change.span for change in declared.changes]
    spans.extend(
        item.span
        for item in (*declared.clauses.values(), *declared.values.values())
        if (isinstance(item, tree.Clause | tree.Rule | tree.Table) and item.inserted)
        or (isinstance(item, tree.Means) and item.now)
    )
    for clause in declared.clauses.values():
        spans.extend(line.span for line in clause.lines if isinstance(line, tree.Application))
    lines = header.lines if header is not None else ()
    spans.extend(line.span for line in lines if isinstance(line, tree.AppliesFrom | tree.Draft))
    return [
        problems.NOT_AN_AMENDMENT.at(
            span,
            "this stands in a file that is no amendment",
            label="changes a text",
            help="put it into a file that begins with `amendment NAME to NAME`",
        )
        for span in spans
    ]
