"""The facts of one case: read from a mapping, checked against the schema, in one neutral form."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Protocol

from attrs import Factory, define, frozen

from policy_lang.program.core import CaseFact, FieldSchema, Plain, RecordSchema
from policy_lang.program.countries import DEPENDENT
from policy_lang.program.event_dates import EventReader, Events
from policy_lang.program.fact_problems import FactProblem, Step, unknown_key
from policy_lang.program.fact_values import Mistake, read_date, read_value, shown
from policy_lang.program.types import Dates, ListOf

__all__ = ["Events", "FactProblem", "Facts", "FactsSchema", "Given", "Made", "Step", "facts_from_mapping"]

MOST_PROBLEMS = 1_000
"""So many problems of one set of facts are gathered."""


@define(eq=False, slots=True)
class Given:
    """One record. `values` has the known fields only; a field that is not there is unknown.

    The value of a list field is a tuple of these; no two records are equal.
    """

    values: dict[str, object]


@frozen
class Made:
    """A determination that was given: its value, who decided it and when, as far as that is said.

    `place` leads to it through the lists it lies in, counted from 1; empty for one that lies in none.
    """

    value: Plain
    by: str | None = None
    on: datetime.date | None = None
    place: tuple[int, ...] = ()


@define(eq=False)
class Facts:
    """Everything that is known about a case, after all checks.

    `made` lists the determinations that were given, by their path (`measure.necessary`).
    """

    subjects: dict[str, Given] = Factory(dict)
    case: dict[str, object] = Factory(dict)
    territories: dict[str, bool] = Factory(dict)
    made: dict[str, tuple[Made, ...]] = Factory(dict)

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all is given."""
        return not (self.subjects or self.case or self.territories)


class FactsSchema(Protocol):
    """What facts may look like: a `Program`, or the part of it that says so."""

    @property
    def records(self) -> tuple[RecordSchema, ...]: ...

    @property
    def case_facts(self) -> tuple[CaseFact, ...]: ...


def facts_from_mapping(
    program: FactsSchema, raw: Mapping[str, object]
) -> tuple[Facts, tuple[FactProblem, ...]]:
    """The facts, and every problem found in them; the checks of records are not made here.

    Facts with problems are incomplete: what was wrong is left out as unknown. After 1,000 problems, the rest
    is not read.
    """
    reader = _Reader(program.records, program.case_facts)
    try:
        facts = reader.read(raw)
    except _Enough:
        facts = reader.facts
    facts.made = {name: tuple(made) for name, made in reader.made.items()}
    return facts, tuple(reader.problems)


class _Enough(Exception):
    """More problems than anybody reads: the rest of the facts is not looked at."""


class _Reader:
    """Reads one mapping, and gathers problems on the way."""

    def __init__(self, records: tuple[RecordSchema, ...], case_facts: tuple[CaseFact, ...]) -> None:
        self.records = {record.name: record for record in records}
        self.case_facts = {fact.name: fact for fact in case_facts}
        self.events = {fact.name.partition(".")[0] for fact in case_facts if "." in fact.name}
        self.problems: list[FactProblem] = []
        self.facts = Facts()
        self.made: dict[str, list[Made]] = {}

    def problem(self, path: tuple[Step, ...], mistake: Mistake) -> None:
        self.problems.append(FactProblem(path, mistake.code, mistake.message, mistake.help))
        if len(self.problems) >= MOST_PROBLEMS:
            raise _Enough

    def read(self, raw: object) -> Facts:
        if not isinstance(raw, Mapping):
            message = f"facts are named values, one for each subject; this is {shown(raw)}"
            self.problem((), Mistake("wrong-kind", message))
            return self.facts
        for key, value in raw.items():
            path = (key if isinstance(key, str) else shown(key),)
            if not isinstance(key, str):
                self.problem(path, Mistake("unknown-fact", f"{shown(key)} is not a name"))
            elif key == "territories" and key not in self.records and key not in self.case_facts:
                self._read_territories(path, value)
            elif key in self.records:
                record = self.records[key]
                if record.parent is not None:
                    hint = f"give it inside `{record.parent}`, in the list `{record.parent_field}`"
                    message = f"`{key}` does not stand on its own"
                    self.problem(path, Mistake("misplaced-record", message, hint))
                elif value is not None:
                    given = self._read_record(path, value, record, key)
                    if given is not None:
                        self.facts.subjects[key] = given
            elif key in self.events and key not in self.case_facts:
                self._read_by_party(path, value, key)
            elif key in self.case_facts:
                self._read_case_fact(path, value, self.case_facts[key])
            else:
                roots = [name for name, record in self.records.items() if record.parent is None]
                self.problem(
                    path, unknown_key(key, "subject, event or determination", [*roots, *self.case_facts])
                )
        return self.facts

    def _read_record(
        self, path: tuple[Step, ...], raw: object, record: RecordSchema, name: str
    ) -> Given | None:
        if not isinstance(raw, Mapping):
            message = f"`{record.name}` is a group of named values; this is {shown(raw)}"
            self.problem(path, Mistake("wrong-kind", message))
            return None
        given = Given({})
        fields = {field.name: field for field in record.fields}
        for key, value in raw.items():
            inner = (*path, key if isinstance(key, str) else shown(key))
            if not isinstance(key, str) or key not in fields:
                self.problem(inner, unknown_key(key, f"field of {record.name}", list(fields)))
            elif value is not None:
                self._read_field(inner, value, fields[key], given, f"{name}.{key}")
        return given

    def _read_field(
        self, path: tuple[Step, ...], raw: object, field: FieldSchema, given: Given, name: str
    ) -> None:
        by: str | None = None
        on: datetime.date | None = None
        if field.determination and isinstance(raw, Mapping):
            raw, by, on = self._who_decided(path, raw)
            if raw is None:
                return
        if isinstance(field.type, ListOf):
            elements = self._read_list(path, raw, self.records[field.type.record], name)
            if elements is not None:
                given.values[field.name] = elements
            return
        if field.optional and isinstance(raw, str) and raw == "none":
            value: Plain | Mistake = None
        else:
            value = read_value(raw, field.type, field.bounds)
            if isinstance(value, Mistake) and isinstance(raw, str) and raw == "none":
                value = Mistake("none-given", f"`{field.name}` must have a value: it is not optional")
        if isinstance(value, Mistake):
            self.problem(path, value)
            return
        given.values[field.name] = value
        if field.determination:
            place = tuple(step + 1 for step in path if isinstance(step, int))
            self._note(name, Made(value, by, on, place))

    def _read_list(
        self, path: tuple[Step, ...], raw: object, record: RecordSchema, name: str
    ) -> tuple[Given, ...] | None:
        if isinstance(raw, str) and raw == "none":
            return ()
        if not isinstance(raw, (list, tuple)):
            message = f"a list of {record.name} is expected; this is {shown(raw)}"
            self.problem(path, Mistake("wrong-kind", message))
            return None
        elements = [self._read_element((*path, n), one, record, name) for n, one in enumerate(raw)]
        return tuple(elements)

    def _read_element(self, path: tuple[Step, ...], raw: object, record: RecordSchema, name: str) -> Given:
        """One element; null is an element of which nothing is known."""
        if raw is None:
            return Given({})
        return self._read_record(path, raw, record, name) or Given({})

    def _read_case_fact(self, path: tuple[Step, ...], raw: object, fact: CaseFact) -> None:
        if raw is None:
            return
        if isinstance(fact.type, Dates):
            self._read_event(path, raw, fact.name)
            return
        by: str | None = None
        on: datetime.date | None = None
        if isinstance(raw, Mapping):
            raw, by, on = self._who_decided(path, raw)
            if raw is None:
                return
        value = read_value(raw, fact.type)
        if isinstance(value, Mistake):
            self.problem(path, value)
            return
        self.facts.case[fact.name] = value
        if fact.determination:
            self._note(fact.name, Made(value, by, on))

    def _read_by_party(self, path: tuple[Step, ...], raw: object, event: str) -> None:
        """The dates of an event of which each party has its own."""
        if raw is None:
            return
        parties = list(
            dict.fromkeys(name.split(".")[1] for name in self.case_facts if name.startswith(f"{event}."))
        )
        if not isinstance(raw, Mapping):
            message = f"`{event}` has dates of its own for each party; this is {shown(raw)}"
            hint = f"say whose they are, as in `{event}: {{{parties[0]}: [2024-01-31]}}`"
            self.problem(path, Mistake("wrong-kind", message, hint))
            return
        for key, value in raw.items():
            inner = (*path, key if isinstance(key, str) else shown(key))
            if not isinstance(key, str) or key not in parties:
                self.problem(inner, unknown_key(key, f"party of {event}", parties))
            elif value is not None:
                self._read_event(inner, value, f"{event}.{key}")

    def _read_event(self, path: tuple[Step, ...], raw: object, name: str) -> None:
        """The dates of one event, and those on which it was received where it has them."""
        received = f"{name}.received" if f"{name}.received" in self.case_facts else None
        reader = EventReader(self.problem, path, name, received)
        self.facts.case.update(reader.read(raw))

    def _who_decided(
        self, path: tuple[Step, ...], raw: Mapping[object, object]
    ) -> tuple[object, str | None, datetime.date | None]:
        """The raw value of a determination, who made it and when."""
        by: str | None = None
        on: datetime.date | None = None
        for key, value in raw.items():
            inner = (*path, key if isinstance(key, str) else shown(key))
            if key == "by" and value is not None:
                if isinstance(value, str):
                    by = value
                else:
                    self.problem(inner, Mistake("wrong-kind", f"{shown(value)} does not name who decided"))
            elif key == "on" and value is not None:
                read = read_date(value)
                if isinstance(read, Mistake):
                    self.problem(inner, read)
                else:
                    on = read
            elif key not in ("value", "by", "on"):
                self.problem(inner, unknown_key(key, "part of a determination", ["value", "by", "on"]))
        return raw.get("value"), by, on

    def _read_territories(self, path: tuple[Step, ...], raw: object) -> None:
        if raw is None:
            return
        if not isinstance(raw, Mapping):
            message = f"territories are named by their codes, each with yes or no; this is {shown(raw)}"
            self.problem(path, Mistake("wrong-kind", message))
            return
        for key, value in raw.items():
            inner = (*path, key if isinstance(key, str) else shown(key))
            if not isinstance(key, str) or key not in DEPENDENT:
                message = f"{shown(key)} is not the code of a dependent territory"
                self.problem(inner, Mistake("unknown-territory", message))
            elif isinstance(value, bool) or value in ("yes", "no"):
                self.facts.territories[key] = value is True or value == "yes"
            elif value is not None:
                self.problem(inner, Mistake("wrong-kind", f"{shown(value)} is neither yes nor no"))

    def _note(self, name: str, made: Made) -> None:
        self.made.setdefault(name, []).append(made)
