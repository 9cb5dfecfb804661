"""Scenarios: facts checked against the schema where they stand, expectations against the outcomes."""

from __future__ import annotations

import copy
import datetime
from typing import Any

from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.meaning.declarations import Declared
from policy_lang.meaning.expressions import Expressions
from policy_lang.meaning.names import Meant, Names
from policy_lang.program import core
from policy_lang.program.scenario import Expectation, Scenario
from policy_lang.program.types import Dates, Enumeration, ListOf, Type, Unresolved
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.syntax import tree

_ANY_STATES = ("undetermined", "conflict", "not in force", "suspended", "not applicable", "error")
_STATES: dict[core.Family, tuple[str, ...]] = {
    "status": ("granted", "not granted"),
    "prohibition": ("complied", "breached", "justified", "permitted"),
    "obligation": (
        "not yet triggered",
        "pending",
        "fulfilled",
        "overdue",
        "target date passed; no breach",
    ),
    "flag": ("raised", "clear"),
    "undertaking": ("applies", "does not apply"),
    "rule": (),
}
_ALL_STATES = frozenset(state for states in _STATES.values() for state in states)


def mean_scenarios(
    declared: Declared, policy: Meant, program: core.Program
) -> tuple[tuple[Scenario, ...], list[Diagnostic]]:
    """The scenarios of one file, about the policy it names (or is)."""
    names = Names(policy)
    reader = _Reader(declared, names, Expressions(names), program)
    scenarios = [reader.scenario(item) for item in declared.scenarios if not declared.is_damaged(item)]
    for block in declared.facts.values():  # what no scenario uses is checked all the same
        if block.name.text not in reader.used:
            reader.apply(block.given, {})
    _say_repeated(declared, names)
    return tuple(s for s in scenarios if s is not None), names.found


def _say_repeated(declared: Declared, names: Names) -> None:
    seen: dict[str, tree.Scenario] = {}
    for item in declared.scenarios:
        earlier = seen.setdefault(item.label.text, item)
        if earlier is not item:
            names.say(
                problems.ALREADY_DEFINED.at(
                    item.label.span,
                    "two scenarios have the same name",
                    label="again",
                    related=[(earlier.label.span, "first here")],
                    help="say what is special about this one",
                )
            )


@define
class _Reader:
    declared: Declared
    names: Names
    expressions: Expressions
    program: core.Program
    used: set[str] = field(factory=set)

    def scenario(self, item: tree.Scenario) -> Scenario | None:
        before = len(self.names.found)
        facts: dict[str, Any] = {}
        as_of: datetime.date | None = None
        assume: dict[str, core.Plain] = {}
        expectations: list[Expectation] = []
        bad_facts = False
        for line in item.lines:
            if isinstance(line, tree.WithFacts):
                self._with(line, facts)
        given = tuple(x for x in item.lines if isinstance(x, tree.Given))
        self.apply(given, facts)
        for line in item.lines:
            match line:
                case tree.AsOf(date=date):
                    as_of = date.value
                case tree.ScenarioAssume():
                    self._assume(line, assume)
                case tree.Expect():
                    expectation = self._expect(line)
                    if expectation is not None:
                        expectations.append(expectation)
                case tree.ExpectBadFacts():
                    bad_facts = True
                case _:
                    pass
        if as_of is None:
            as_of = self._judged_on(facts)
        if len(self.names.found) > before:
            return None
        if not expectations and not bad_facts:
            if not any(isinstance(line, tree.Expect) for line in item.lines):
                self._say_bad(item.label, "this scenario expects nothing", "add a line `expect OUTCOME ...`")
            return None
        if as_of is None:
            self._say_bad(item.label, "this scenario has no date", "add a line `as of 2024-01-31`")
            return None
        return Scenario(
            item.label.text, as_of, facts, assume, tuple(expectations), bad_facts, span=item.label.span
        )

    def _say_bad(self, at: tree.Text | tree.Name, message: str, help_text: str) -> None:
        self.names.say(problems.BAD_SCENARIO.at(at.span, message, label="here", help=help_text))

    def _judged_on(self, facts: dict[str, Any]) -> datetime.date | None:
        """Records that are judged on a date of their own need no other."""
        for record in self.program.records:
            day = facts.get(record.name, {}).get(record.judged_on) if record.judged_on else None
            if isinstance(day, datetime.date):
                return day
        return None

    # ---------------------------------------------------------------- facts

    def _with(self, line: tree.WithFacts, facts: dict[str, Any]) -> None:
        block = self.declared.facts.get(line.name.text)
        if block is None:
            if line.name.text not in self.declared.lost:
                self.names.say(
                    problems.unknown(
                        problems.UNKNOWN_NAME,
                        line.name.span,
                        line.name.text,
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
                    values = copy.deepcopy(facts.get(name.text, {}))
                    self._fill(values, schema, lines)
                    facts[name.text] = values
                case tree.GivenEvent():
                    self._give_event(line, facts)
                case tree.GivenValue(name=name, value=value, decided=decided):
                    fact = self._case_fact(name)
                    if fact is None:
                        continue
                    if isinstance(fact.type, Dates) and isinstance(value, tree.NoneLit):
                        facts[name.text] = []
                    elif _is_unknown(value):
                        facts.pop(name.text, None)
                    else:
                        facts[name.text] = self._decided(self._value(value, fact.type), decided)

    def _give_event(self, line: tree.GivenEvent, facts: dict[str, Any]) -> None:
        """The dates of an event, or of one party's."""
        name, by = line.event, line.by
        named = name if by is None else tree.Name(f"{name.text}.{by.text}", span=name.span.to(by.span))
        fact = self._case_fact(named)
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
            facts[name.text] = {**facts.get(name.text, {}), by.text: told}

    def _case_fact(self, name: tree.Name) -> core.CaseFact | None:
        known = {fact.name: fact for fact in self.program.case_facts}
        if name.text in known:
            return known[name.text]
        if not self.names.is_excused(name.text):
            records = [record.name for record in self.program.records]
            self.names.say(problems.unknown(problems.UNKNOWN_NAME, name.span, name.text, [*known, *records]))
        return None

    def _fill(
        self, values: dict[str, Any], schema: core.RecordSchema, lines: tuple[tree.FactLine, ...]
    ) -> None:
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
                    self._say_unknown_field(line.record, schema)
                    continue
                if field_name not in lists:
                    lists[field_name] = values[field_name] = []
                element: dict[str, Any] = {}
                self._fill(element, child, line.lines)
                lists[field_name].append(element)
                continue
            item = fields.get(line.name.text)
            if item is None:
                self._say_unknown_field(line.name, schema)
            elif _is_unknown(line.value):
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
                self._fill(filled, child, element.lines)
                elements.append(filled)
            else:
                name = element.record if isinstance(element, tree.FactElement) else element.name
                self._say_bad(
                    name,
                    f"`{item.name}` holds only `{item.type.record}`",
                    f"head it with `{item.type.record}`",
                )
        values[item.name] = elements

    def _say_unknown_field(self, name: tree.Name, schema: core.RecordSchema) -> None:
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

    def _assume(self, line: tree.ScenarioAssume, assume: dict[str, core.Plain]) -> None:
        known = {a.name: a for a in self.program.assumptions}
        assumption = known.get(line.name.text)
        if assumption is None:
            if not self.names.is_excused(line.name.text):
                self.names.say(
                    problems.unknown(
                        problems.UNKNOWN_NAME,
                        line.name.span,
                        line.name.text,
                        known,
                        what="no assumption is called",
                    )
                )
            return
        constant = self.expressions.constant(line.value, assumption.value.type)
        if constant is not None:
            assume[assumption.name] = constant.value

    # ---------------------------------------------------------------- expectations

    def _expect(self, line: tree.Expect) -> Expectation | None:
        outcomes = {outcome.name: outcome for outcome in self.program.outcomes}
        outcome = outcomes.get(line.outcome.text)
        if outcome is None:
            if not (self.names.is_excused(line.outcome.text) or self._is_damaged(line.outcome.text)):
                self.names.say(
                    problems.unknown(
                        problems.UNKNOWN_OUTCOME,
                        line.outcome.span,
                        line.outcome.text,
                        outcomes,
                        what=f"`{self.program.name}` has no outcome called",
                    )
                )
            return None
        state, value = self._expected(line.expected, outcome)
        if state is None:
            return None
        needs: set[str] = set()
        assumes: set[str] = set()
        cites: set[str] = set()
        due: datetime.date | None = None
        on_time: bool | None = None
        for detail in line.details:
            match detail:
                case tree.DetailNeeds(path=path):
                    self._check_path(path)
                    needs.add(path.text)
                case tree.DetailAssumes(name=name):
                    self._assume(tree.ScenarioAssume(name, tree.YesNoLit(True), span=detail.span), {}) if (
                        name.text not in {a.name for a in self.program.assumptions}
                    ) else None
                    assumes.add(name.text)
                case tree.DetailCites(text=text):
                    cites.add(text.text)
                case tree.DetailDue(date=date):
                    due = date.value
                case tree.DetailTime(on_time=yes):
                    on_time = yes
        return Expectation(
            outcome.name,
            state,
            value,
            frozenset(needs) if needs else None,
            frozenset(assumes),
            frozenset(cites),
            due,
            on_time,
            span=line.span,
        )

    def _is_damaged(self, name: str) -> bool:
        declared = self.names.own.declared
        item = declared.clauses.get(name) or declared.values.get(name)
        return item is not None

    def _expected(self, expected: tree.Expected, outcome: core.Outcome) -> tuple[str | None, core.Plain]:
        states = (*_STATES[outcome.family], *_ANY_STATES)
        word = expected.state
        if word is None and isinstance(expected.value, tree.Ref):
            named = expected.value.text
            misplaced = named in _ALL_STATES and not (
                isinstance(outcome.type, Enumeration) and named in outcome.type.members
            )
            word = named if named in states or misplaced else None
        if word is not None:
            if word in states:
                return word, None
            self._say_state(expected, word, outcome, states)
            return None, None
        assert expected.value is not None
        if outcome.type is None:
            self._say_state(expected, expected.span.text, outcome, states)
            return None, None
        if isinstance(outcome.type, Unresolved):
            return None, None
        constant = self.expressions.constant(expected.value, outcome.type)
        return (None, None) if constant is None else ("decided", constant.value)

    def _say_state(
        self, expected: tree.Expected, word: str, outcome: core.Outcome, states: tuple[str, ...]
    ) -> None:
        what = "rule" if outcome.family == "rule" else outcome.family
        self.names.say(
            problems.BAD_SCENARIO.at(
                expected.span,
                f"`{outcome.name}` can never be `{word}`",
                label="not an answer it can give",
                help=f"{'an' if what[0] in 'aeiou' else 'a'} {what} is {', '.join(states)}"
                + (", or has a value" if outcome.type is not None else ""),
            )
        )

    def _check_path(self, path: tree.Ref) -> None:
        known = {*schema_paths(self.program.records), *(f.name for f in self.program.case_facts)}
        known |= {a.name for a in self.program.assumptions}
        if path.text not in known and path.parts[0].text != "territories":
            self.names.say(
                problems.unknown(
                    problems.UNKNOWN_FIELD, path.span, path.text, known, what="there is no fact called"
                )
            )


def schema_paths(records: tuple[core.RecordSchema, ...]) -> list[str]:
    """Every fact's path without index, such as `vehicle.chains.steps.country`."""
    prefixes: dict[str, str] = {}
    found: list[str] = []
    for record in records:
        if record.parent is None or record.parent not in prefixes:
            prefixes[record.name] = record.name
        else:
            prefixes[record.name] = f"{prefixes[record.parent]}.{record.parent_field}"
        found.extend(f"{prefixes[record.name]}.{item.name}" for item in record.fields)
    return found


def _is_unknown(node: tree.Expr) -> bool:
    return isinstance(node, tree.Ref) and node.text == "unknown"
