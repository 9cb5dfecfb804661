"""The facts that scenarios give, checked against the schema where they stand."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.meaning.declarations import Declared
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.facts_beside import read_beside
from policy_lang.meaning.names import Names
from policy_lang.program import core
from policy_lang.program.fact_diagnostics import to_diagnostics
from policy_lang.program.fact_values import read_date
from policy_lang.program.facts import FactProblem, facts_from_mapping
from policy_lang.program.types import Dates, ListOf, Type
from policy_lang.source.facts_file import FactsFile
from policy_lang.syntax import tree


@define
class GivenFacts:
    """Reads the facts that the scenarios of one file give. `files` are the facts files it has read, by what is written."""

    declared: Declared
    names: Names
    expressions: Expressions
    program: core.Program
    used: set[str] = field(factory=set)
    files: dict[str, FactsFile | None] = field(factory=dict)

    def _say_bad(self, at: tree.Text | tree.Name, message: str, help_text: str) -> None:
        self.names.say(problems.BAD_SCENARIO.at(at.span, message, label="here", help=help_text))

    def judged_on(self, facts: Mapping[str, Any]) -> datetime.date | None:
        """Records that are judged on a date of their own need no other."""
        for record in self.program.records:
            given = facts.get(record.name) if record.judged_on else None
            day = read_date(given.get(record.judged_on)) if isinstance(given, Mapping) else None
            if isinstance(day, datetime.date):
                return day
        return None

    def take(self, name: tree.Name, facts: dict[str, Any]) -> None:
        """Adds the facts that have this name."""
        block = self.declared.facts.get(name.text)
        if block is None:
            if name.text not in self.declared.lost:
                self.names.say(
                    problems.unknown(
                        problems.UNKNOWN_NAME,
                        name.span,
                        name.text,
                        self.declared.facts,
                        what="no facts are called",
                    )
                )
            return
        first = block.name.text not in self.used
        self.used.add(block.name.text)
        before = len(self.names.found)
        self.apply(block.given, facts)
        if not first:
            del self.names.found[before:]  # said at its first use

    def apply(self, given: tuple[tree.Given, ...], facts: dict[str, Any]) -> None:
        """Adds what is given to the facts; later lines win, and a list given again replaces the old one."""
        for line in given:
            match line:
                case tree.GivenRecord(record=name, lines=lines):
                    schema = self.names.look_up("records", name, "no record is called")
                    if not isinstance(schema, core.RecordSchema):
                        continue
                    if schema.parent is not None:
                        self._say_bad(
                            name,
                            f"`{name.text}` lies in `{schema.parent}` and cannot be given alone",
                            f"put it under `given {schema.parent}`, as a deeper line",
                        )
                        continue
                    known = facts.get(name.text)
                    values = copy.deepcopy(known) if isinstance(known, dict) else {}
                    self.fill(values, schema, lines)
                    facts[name.text] = values
                case tree.GivenEvent():
                    self._give_event(line, facts)
                case tree.GivenFile(path=path):
                    self._from_file(path, facts)
                case tree.GivenValue(name=name, value=value, decided=decided):
                    fact = self.case_fact(name)
                    if fact is None:
                        continue
                    if isinstance(fact.type, Dates) and isinstance(value, tree.NoneLit):
                        facts[name.text] = []
                    elif is_unknown(value):
                        facts.pop(name.text, None)
                    else:
                        facts[name.text] = self._decided(self._value(value, fact.type), decided)

    def _give_event(self, line: tree.GivenEvent, facts: dict[str, Any]) -> None:
        """The dates of an event, or of one party's."""
        name, by = line.event, line.by
        named = name if by is None else tree.Name(f"{name.text}.{by.text}", span=name.span.to(by.span))
        fact = self.case_fact(named)
        if fact is None:
            return
        if not isinstance(fact.type, Dates):
            self._say_bad(name, f"`{name.text}` is not an event", "give its value without `on`")
            return
        received = {f.name for f in self.program.case_facts} & {f"{named.text}.received"}
        days: list[object] = [date.value for date in line.dates]
        if line.received:
            if not received:
                self._say_bad(
                    name,
                    f"`{name.text}` has no days of receipt",
                    f"declare `event {name.text}, given and received`",
                )
                return
            days = [
                {"given": given.value, "received": None if day is None else day.value}
                for given, day in zip(line.dates, line.received, strict=True)
            ]
        told = days if line.known_until is None else {"dates": days, "known_until": line.known_until.value}
        if by is None:
            facts[name.text] = told
        else:
            others = facts.get(name.text)
            facts[name.text] = {**(others if isinstance(others, dict) else {}), by.text: told}

    def _from_file(self, path: tree.Text, facts: dict[str, Any]) -> None:
        """Adds the facts of a file; what it says of a record comes before what was said of it so far."""
        if path.text not in self.files:
            file, found = read_beside(path, Path(self.declared.source.name).parent)
            self.files[path.text] = file
            self.names.found.extend(found)
            if file is not None:
                _, misfits = facts_from_mapping(self.program, file.values)
                unknown = [one for one in misfits if one.code == "unknown-fact" and not self._excuses(one)]
                self.names.found.extend(to_diagnostics(unknown, [file]))
        given = self.files[path.text]
        records = {record.name for record in self.program.records}
        for name, value in (given.values if given is not None else {}).items():
            known = facts.get(name)
            if name in records and isinstance(value, Mapping) and isinstance(known, Mapping):
                facts[name] = {k: v for k, v in {**known, **value}.items() if v is not None}
            elif value is None:
                facts.pop(name, None)
            else:
                facts[name] = value

    def _excuses(self, problem: FactProblem) -> bool:
        """Whether an unknown fact may belong to something that could not be read."""
        return any(isinstance(step, str) and self.names.is_excused(step) for step in problem.path)

    def case_fact(self, name: tree.Name) -> core.CaseFact | None:
        """The event or determination called so, or None, reported."""
        known = {fact.name: fact for fact in self.program.case_facts}
        if name.text in known:
            return known[name.text]
        if not self.names.is_excused(name.text):
            records = [record.name for record in self.program.records]
            self.names.say(problems.unknown(problems.UNKNOWN_NAME, name.span, name.text, [*known, *records]))
        return None

    def fill(
        self, values: dict[str, Any], schema: core.RecordSchema, lines: tuple[tree.FactLine, ...]
    ) -> None:
        """Adds fields of a record to its values."""
        fields = {f.name: f for f in schema.fields}
        lists: dict[str, list[object]] = {}
        for line in lines:
            if isinstance(line, tree.FactElement) and line.record.text in fields:
                self._fill_list(values, fields[line.record.text], line)
                continue
            if isinstance(line, tree.FactElement):
                field_name = next((f.name for f in schema.fields if f.type == ListOf(line.record.text)), None)
                child = self.names.record_schema(line.record.text)
                if field_name is None or child is None:
                    self.say_unknown_field(line.record, schema)
                    continue
                if field_name not in lists:
                    lists[field_name] = values[field_name] = []
                element: dict[str, Any] = {}
                self.fill(element, child, line.lines)
                lists[field_name].append(element)
                continue
            item = fields.get(line.name.text)
            listed = next((f.name for f in schema.fields if f.type == ListOf(line.name.text)), None)
            if item is None and listed is not None:
                self._say_bad(
                    line.name,
                    f"`{line.name.text}` heads one element of `{listed}`, with its fields on deeper lines",
                    f"write `{listed} none` where there is none, or `{listed} unknown`",
                )
            elif item is None:
                self.say_unknown_field(line.name, schema)
            elif is_unknown(line.value):
                values.pop(item.name, None)
            elif isinstance(line.value, tree.NoneLit) and isinstance(item.type, ListOf):
                values[item.name] = []
            elif isinstance(line.value, tree.NoneLit) and item.optional:
                values[item.name] = "none"
            elif isinstance(item.type, ListOf):
                self._say_bad(
                    line.name,
                    f"`{item.name}` is a list",
                    f"head each element with a line `{item.type.record}`, or write `{item.name} none`",
                )
            else:
                values[item.name] = self._decided(self._value(line.value, item.type), line.decided)

    def _fill_list(self, values: dict[str, Any], item: core.FieldSchema, line: tree.FactElement) -> None:
        """A list written under its own name, with its elements below it."""
        if not isinstance(item.type, ListOf):
            self._say_bad(line.record, f"`{item.name}` has no value here", "write the value on the same line")
            return
        child = self.names.record_schema(item.type.record)
        elements: list[object] = []
        for element in line.lines:
            if (
                isinstance(element, tree.FactElement)
                and element.record.text == item.type.record
                and child is not None
            ):
                filled: dict[str, Any] = {}
                self.fill(filled, child, element.lines)
                elements.append(filled)
            else:
                name = element.record if isinstance(element, tree.FactElement) else element.name
                self._say_bad(
                    name,
                    f"`{item.name}` holds only `{item.type.record}`",
                    f"head it with `{item.type.record}`",
                )
        values[item.name] = elements

    def say_unknown_field(self, name: tree.Name, schema: core.RecordSchema) -> None:
        """Reports a field that the record does not have."""
        item = self.names.own.declared.records.get(schema.name)
        if self.names.is_excused(name.text) or (
            item is not None and self.names.own.declared.is_damaged(item)
        ):
            return
        known = [f.name for f in schema.fields if not isinstance(f.type, ListOf)]
        known += [f.type.record for f in schema.fields if isinstance(f.type, ListOf)]
        self.names.say(
            problems.unknown(
                problems.UNKNOWN_FIELD,
                name.span,
                name.text,
                known,
                what=f"`{schema.name}` has nothing called",
            )
        )

    def _value(self, node: tree.Expr, kind: Type) -> core.Plain:
        constant = self.expressions.constant(node, kind)
        return constant.value if constant is not None else None

    def _decided(self, value: core.Plain, decided: tree.Decided | None) -> object:
        if decided is None:
            return value
        given: dict[str, object] = {"value": value, "by": decided.by.text}
        if decided.on is not None:
            given["on"] = decided.on.value
        return given


def is_unknown(node: tree.Expr) -> bool:
    """Whether the word `unknown` stands here."""
    return isinstance(node, tree.Ref) and node.text == "unknown"
