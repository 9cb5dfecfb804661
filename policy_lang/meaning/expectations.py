"""What scenarios expect: each expectation against the outcomes that the policy has."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.names import Meant, NamedDefinition, Names
from policy_lang.program import core
from policy_lang.program.fact_diagnostics import FACT_CODES
from policy_lang.program.scenario import NOT_FILLED_IN, Encoded, Expectation
from policy_lang.program.states import ANY_STATES, STATES
from policy_lang.program.types import Enumeration, Unresolved
from policy_lang.source.suggest import closest
from policy_lang.source.text import Span
from policy_lang.syntax import tree

_ALL_STATES = frozenset(state for states in STATES.values() for state in states)


@define(slots=False)
class Expectations:
    """Reads the expectations of one file of scenarios."""

    policy: Meant
    names: Names
    expressions: Expressions
    program: core.Program
    misstated: frozenset[str] = frozenset()  # properties that could not be read, which was reported
    _paths: set[str] = field(init=False, factory=set)

    @cached_property
    def outcomes(self) -> dict[str, core.Outcome]:
        """The outcomes that can be expected, by name."""
        return {outcome.name: outcome for outcome in self.program.outcomes}

    def outcome(self, name: tree.Name) -> core.Outcome | None:
        """The outcome called so, or None, reported."""
        found = self.outcomes.get(name.text)
        if found is None and self._is_a_part(name.text):
            self.names.say(
                problems.UNKNOWN_OUTCOME.at(
                    name.span,
                    f"`{name.text}` is no answer in itself",
                    label="a part of others",
                    help="expect a rule or a clause that rests on it",
                )
            )
        elif found is None and not (self.names.is_excused(name.text) or self._is_damaged(name.text)):
            self.names.say(
                problems.unknown(
                    problems.UNKNOWN_OUTCOME,
                    name.span,
                    name.text,
                    self.outcomes,
                    what=f"`{self.program.name}` has no outcome called",
                )
            )
        return found

    def property(self, label: tree.Text) -> core.Property | None:
        """The property called so, or None, reported."""
        known = {one.label: one for one in self.program.properties}
        if label.text not in known and label.text not in self.misstated:
            self.names.say(
                problems.unknown(
                    problems.UNKNOWN_NAME, label.span, label.text, known, what="no property is called"
                )
            )
        return known.get(label.text)

    def assumption(self, name: tree.Name) -> core.Assumption | None:
        """The assumption called so, or None, reported."""
        known = {a.name: a for a in self.program.assumptions}
        if name.text not in known and not self.names.is_excused(name.text):
            self.names.say(
                problems.unknown(
                    problems.UNKNOWN_NAME, name.span, name.text, known, what="no assumption is called"
                )
            )
        return known.get(name.text)

    def assumed(self, name: tree.Name, value: tree.Expr) -> tuple[str, core.Plain] | None:
        """An assumption with the value that it is to have."""
        assumption = self.assumption(name)
        if assumption is None:
            return None
        constant = self.expressions.constant(value, assumption.value.type)
        return None if constant is None else (assumption.name, constant.value)

    def say_bad(self, span: Span, message: str, help_text: str, label: str = "here") -> None:
        """Reports a scenario that cannot be meant so."""
        self.names.say(problems.BAD_SCENARIO.at(span, message, label=label, help=help_text))

    def expectation(self, line: tree.Expect) -> Expectation | None:
        """What one line, or one cell of a table, expects; None where it cannot be told, reported."""
        outcome = self.outcome(line.outcome)
        if outcome is None:
            return None
        state, value = self._expected(line.expected, outcome)
        if state is None:
            return None
        if not line.details:
            return Expectation(outcome.name, state, value, span=line.span)
        found: dict[str, Any] = {}
        for detail in line.details:
            self._detail(detail, outcome, state, found)
        return Expectation(outcome.name, state, value, **found, span=line.span)

    def _detail(self, detail: tree.Detail, outcome: core.Outcome, state: str, found: dict[str, Any]) -> None:
        nothing: frozenset[object] = frozenset()
        match detail:
            case tree.DetailNeeds(path=path):
                self._check_path(path)
                found["needs"] = found.get("needs", nothing) | {path.text}
            case tree.DetailAssumes(name=name):
                self.assumption(name)
                found["assumes"] = found.get("assumes", nothing) | {name.text}
            case tree.DetailCites(text=text):
                found["cites"] = found.get("cites", nothing) | {text.text}
            case tree.DetailDue(date=date):
                found["due"] = date.value
            case tree.DetailTime(on_time=yes):
                found["on_time"] = yes
            case tree.DetailBecause(what=what, path=path):
                encoded = self._encoded(what, path, outcome)
                if encoded is not None:
                    found["because"] = found.get("because", nothing) | {encoded}
            case tree.DetailAssuming(name=name, value=value):
                taken = self.assumed(name, value)
                if taken is not None:
                    found["assuming"] = (*found.get("assuming", ()), taken)
            case tree.DetailBetween(values=values):
                found["between"] = self._between(values, outcome, state, detail.span)

    def _between(
        self, values: tuple[tree.Expr, ...], outcome: core.Outcome, state: str, span: Span
    ) -> frozenset[core.Plain]:
        if state != "conflict" or outcome.type is None:
            self.say_bad(
                span,
                "only values clash, and only in a conflict",
                f"write `expect {outcome.name} conflict, between ...` for a rule",
            )
            return frozenset()
        if isinstance(outcome.type, Unresolved):
            return frozenset()
        constants = [self.expressions.constant(value, outcome.type) for value in values]
        return frozenset(one.value for one in constants if one is not None)

    def _encoded(self, what: tree.EncodedWord, path: tree.Ref, outcome: core.Outcome) -> Encoded | None:
        """What the answer should come from, checked."""
        instrument, name = _split(path)
        known: dict[str, list[str]] = {}
        for part in self.policy.reach():
            declared = part.declared
            items: list[str] = [*declared.clauses] if what == "clause" else []
            if what == "exception":
                items = [*declared.defences]
            if what in ("rule", "table"):
                kind = tree.Rule if what == "rule" else tree.Table
                items = [n for n, item in declared.values.items() if isinstance(item, kind)]
            for item in items:
                known.setdefault(item, []).append(declared.name)
        if name == outcome.name and instrument in (None, outcome.instrument):
            self.say_bad(
                path.span,
                f"every answer of `{outcome.name}` comes from `{outcome.name}`",
                "name another clause, rule, table or exception that decides it",
            )
            return None
        if name in known and (instrument is None or instrument in known[name]):
            return what, instrument, name
        if not self.names.is_excused(name):
            article = "an" if what == "exception" else "a"
            self.names.say(
                problems.unknown(
                    problems.UNKNOWN_NAME, path.span, path.text, known, what=f"there is no {what}"
                )
                if not self._is_other_item(name)
                else problems.WRONG_USE.at(
                    path.span,
                    f"`{path.text}` is not {article} {what}",
                    help="say whether it is a clause, a rule, a table or an exception",
                )
            )
        return None

    def _is_other_item(self, name: str) -> bool:
        return any(
            name in {**part.declared.clauses, **part.declared.defences}
            or isinstance(part.declared.values.get(name), tree.Rule | tree.Table)
            for part in self.policy.reach()
        )

    def code(self, name: tree.Name) -> str | None:
        """The reason for which facts are refused, or None, reported."""
        if name.text in FACT_CODES:
            return name.text
        near = closest(name.text, FACT_CODES)
        known = ", ".join(f"`{code}`" for code in FACT_CODES)
        self.say_bad(
            name.span,
            f"facts are never refused as `{name.text}`",
            f"did you mean `{near}`?" if near is not None else f"there is {known}",
            "not known",
        )
        return None

    def _is_a_part(self, name: str) -> bool:
        """Whether something is called so from which answers are made, but which is none."""
        own = self.names.own
        item, entry = own.declared.values.get(name), own.entries.get(name)
        if isinstance(item, tree.Rule):
            subject = entry.subject if isinstance(entry, NamedDefinition) else None
            schema = self.names.record_schema(subject) if subject is not None else None
            return schema is not None and schema.parent is not None
        return item is not None and not own.declared.is_damaged(item)

    def _is_damaged(self, name: str) -> bool:
        declared = self.names.own.declared
        item = declared.clauses.get(name) or declared.values.get(name)
        return item is not None

    def _expected(self, expected: tree.Expected, outcome: core.Outcome) -> tuple[str | None, core.Plain]:
        states = (*STATES[outcome.family], *ANY_STATES)
        word = expected.state
        if word == NOT_FILLED_IN:
            return word, None
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
        self.say_bad(
            expected.span,
            f"`{outcome.name}` can never be `{word}`",
            f"{'an' if what[0] in 'aeiou' else 'a'} {what} is {', '.join(states)}"
            + (", or has a value" if outcome.type is not None else ""),
            "not an answer it can give",
        )

    def _check_path(self, path: tree.Ref) -> None:
        if not self._paths:
            self._paths |= {*schema_paths(self.program.records), *(f.name for f in self.program.case_facts)}
            self._paths |= {a.name for a in self.program.assumptions}
        if path.text not in self._paths and path.parts[0].text != "territories":
            self.names.say(
                problems.unknown(
                    problems.UNKNOWN_FIELD,
                    path.span,
                    path.text,
                    self._paths,
                    what="there is no fact called",
                )
            )


def _split(path: tree.Ref) -> tuple[str | None, str]:
    """The instrument where it is said, and the name."""
    *instrument, name = (part.text for part in path.parts)
    return (".".join(instrument) or None), name


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
