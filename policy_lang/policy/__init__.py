"""A loaded policy and its decisions: `Policy.evaluate` answers what the instrument says of a case."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeAlias

from policy_lang.backends.evaluate.compiled import CompiledEvaluator, broken_checks, compile_evaluator
from policy_lang.backends.evaluate.plain import WAYS_OUT, Fallback
from policy_lang.backends.evaluate.run import Run, asked, facts_from_records
from policy_lang.policy.decision import Decision, Outcomes
from policy_lang.policy.outcome import DecidedOutcome, plain_json
from policy_lang.program.core import Plain, Program
from policy_lang.program.fact_values import Mistake, read_value
from policy_lang.program.facts import FactProblem, Facts, facts_from_mapping
from policy_lang.program.schema import Schema
from policy_lang.program.types import Dates
from policy_lang.program.values import Value
from policy_lang.source.suggest import closest

__all__ = [
    "DecidedOutcome",
    "Decision",
    "Explain",
    "InvalidFacts",
    "InvalidQuestion",
    "Outcomes",
    "Policy",
    "plain_json",
]

Explain: TypeAlias = "Callable[[DecidedOutcome], tuple[tuple[str, ...], tuple[str, ...]]]"
"""Gives the reasons of an outcome as sentences, and the citations it rests on."""

_MOST_DAYS = 10_000
_MOST_MASKS = 1_000


class InvalidFacts(Exception):
    """The facts have problems: `problems` lists them all."""

    def __init__(self, problems: tuple[FactProblem, ...]) -> None:
        super().__init__("; ".join(f"{p.place}: {p.message}" for p in problems[:5]))
        self.problems = problems


class InvalidQuestion(ValueError):
    """The question cannot be asked: no such outcome or assumption, or no date."""


class Policy:
    """A compiled policy, ready to decide cases: `policy_lang.load` gives one, `evaluate` decides.

    It does not change, whatever it is asked. Made from a program. With an `evaluator` that was compiled before and kept, the program may be given
    as a function that loads it: then it is loaded only when an explanation asks for it.
    """

    def __init__(
        self, program: Program | Callable[[], Program], evaluator: CompiledEvaluator | None = None
    ) -> None:
        self._program = program
        self.evaluator = evaluator if evaluator is not None else compile_evaluator(self.program)
        tables = self.tables = self.evaluator.tables
        self.name = tables.name
        self.order = {path: n for n, path in enumerate(tables.paths)}
        self.numbers = {row.name: n for n, row in enumerate(tables.outcomes)}
        self.assumptions: dict[str, Plain] = {row.name: row.value for row in tables.assumptions}
        self.explain: Explain | None = None
        self._decide = self.evaluator.decide
        self._asked: dict[int, tuple[int, ...]] = {}
        self._named: dict[tuple[int, ...], dict[str, int]] = {}
        self._timeless: dict[datetime.date, tuple[Value, ...]] = {}
        self._all = range(len(tables.outcomes))
        self.names = tuple(row.name for row in tables.outcomes)
        self.rules = frozenset(n for n, row in enumerate(tables.outcomes) if row.family == "rule")
        self._roots = tuple(record.name for record in tables.records if record.parent is None)
        self._instrument = tuple(n for n, row in enumerate(tables.outcomes) if row.subject is None)

    @cached_property
    def program(self) -> Program:
        """The program that this policy was compiled from."""
        return self._program if isinstance(self._program, Program) else self._program()

    @cached_property
    def determination_paths(self) -> dict[tuple[str | None, str], str]:
        """Where each determination stands in the facts, by its record and its name."""
        schema = Schema(self.program)
        paths: dict[tuple[str | None, str], str] = {
            (None, fact.name): fact.name for fact in self.tables.case_facts if fact.determination
        }
        for record in self.tables.records:
            for one in record.fields:
                if one.determination:
                    paths[record.name, one.name] = f"{schema.path(record.name)}.{one.name}"
        return paths

    @property
    def events(self) -> tuple[str, ...]:
        """The names of the events that facts may give the dates of."""
        return tuple(fact.name for fact in self.tables.case_facts if isinstance(fact.type, Dates))

    def evaluate(
        self,
        facts: Mapping[str, object],
        as_of: datetime.date,
        assume: Mapping[str, Plain] | None = None,
        outcomes: Iterable[str] | None = None,
    ) -> Decision:
        """What the policy says of these facts on that day.

        `facts` are plain values by subject, event or determination, as in a facts file: amounts in the currency of their
        field, percentages in points, quantities in the unit of their field; exact, so no binary numbers; None is unknown.
        `assume` replaces assumptions for this once; `outcomes` asks for these only, otherwise those about what is given.
        Raises `InvalidFacts` for facts that do not fit, `InvalidQuestion` for a date, a name or an assumed value that
        cannot be.
        """
        if type(as_of) is not datetime.date:
            raise InvalidQuestion("the date asked about must be a date")
        wanted = None if outcomes is None else self._numbers_of(outcomes)
        if not assume and self._decide is not None and type(facts) is dict:
            try:
                instrument = self._timeless.get(as_of) or self._about_instrument(as_of)
                mask, values, records = self._decide(facts, as_of, instrument)
                numbers = self._asked.get(mask) or self._asked_for(mask)
                if wanted is not None:
                    numbers = self._wanted_among(numbers, wanted)
                if len(facts) == mask.bit_count() != 0:
                    return Decision(self, as_of, numbers, values, records)
                if mask:
                    return self._with_case_facts(facts, as_of, numbers, values, records)
            except WAYS_OUT:
                pass  # whatever is unusual about these facts, the general variant says what
        return self._evaluate_in_general(
            facts,
            as_of,
            self._assumed(assume) if assume else self.assumptions,
            wanted,
        )

    def _wanted_among(self, asked: tuple[int, ...], wanted: tuple[int, ...]) -> tuple[int, ...]:
        """The outcomes that are wanted; those about records that are not given need the general variant."""
        if not frozenset(wanted).issubset(asked):
            raise Fallback
        return wanted

    def _about_instrument(self, as_of: datetime.date) -> tuple[Value, ...]:
        """What the outcomes about the instrument itself come to when nothing is given about the case."""
        try:
            values = self.evaluator.about_instrument(as_of)
        except WAYS_OUT:
            values = (...,) * len(self._instrument)
        run = Run(self.evaluator, Facts(), as_of, self.assumptions)
        known = tuple(
            run.finding(number).value if value is ... else value
            for number, value in zip(self._instrument, values, strict=True)
        )
        if len(self._timeless) >= _MOST_DAYS:
            self._timeless.clear()
        self._timeless[as_of] = known
        return known

    def _with_case_facts(
        self,
        raw: Mapping[str, object],
        as_of: datetime.date,
        numbers: tuple[int, ...],
        values: Sequence[Any],
        records: tuple[tuple[object, ...] | None, ...],
    ) -> Decision:
        """The decision when something is given besides plain records: events and determinations.

        They cannot matter to an outcome that the complete variant covers; the others are left open.
        """
        case, problems = facts_from_mapping(
            self.tables, {name: value for name, value in raw.items() if name not in self._roots}
        )
        if problems or case.territories:
            raise Fallback
        covered = self.evaluator.tables.covered
        left_open = [value if n in covered else ... for n, value in enumerate(values)]
        decision = Decision(self, as_of, numbers, left_open, records)
        facts = facts_from_records(self.tables, records)
        facts.case, facts.made = case.case, {**facts.made, **case.made}
        decision.run = Run(self.evaluator, facts, as_of, self.assumptions)
        return decision

    def _asked_for(self, mask: int) -> tuple[int, ...]:
        """The outcomes that are asked for when just these root records are given."""
        given = {name for n, name in enumerate(self._roots) if mask >> n & 1}
        rows = self.tables.outcomes
        numbers = tuple(n for n, row in enumerate(rows) if row.subject is None or row.subject in given)
        if len(self._asked) < _MOST_MASKS:
            self._asked[mask] = numbers
        return numbers

    def _evaluate_in_general(
        self,
        raw: Mapping[str, object],
        as_of: datetime.date,
        assumed: Mapping[str, Plain],
        wanted: tuple[int, ...] | None,
    ) -> Decision:
        facts, problems = facts_from_mapping(self.tables, raw)
        run = Run(self.evaluator, facts, as_of, assumed)
        if not problems:
            problems = broken_checks(self.evaluator, facts, run.case, as_of)
        if problems:
            raise InvalidFacts(problems)
        numbers = asked(self.tables, facts) if wanted is None else wanted
        wanted_here = frozenset(numbers)
        values = [run.finding(n).value if n in wanted_here else ... for n in self._all]
        decision = Decision(self, as_of, numbers, values, ())
        decision.run = run
        return decision

    def _assumed(self, assume: Mapping[str, Plain]) -> dict[str, Plain]:
        assumed = dict(self.assumptions)
        kinds = {row.name: row.type for row in self.tables.assumptions}
        for name, raw in assume.items():
            if name not in kinds:
                raise InvalidQuestion(f"nothing assumed is called `{name}`{_suggest(name, kinds)}")
            value = read_value(raw, kinds[name])
            if isinstance(value, Mistake):
                raise InvalidQuestion(f"`{name}` cannot be assumed so: {value.message}")
            assumed[name] = value
        return assumed

    def numbered(self, numbers: Sequence[int]) -> dict[str, int]:
        """The names of some outcomes with their indexes; the same object each time, not to be changed."""
        key = tuple(numbers)
        found = self._named.get(key)
        if found is None:
            found = {self.names[number]: number for number in key}
            if len(self._named) < _MOST_MASKS:
                self._named[key] = found
        return found

    def _numbers_of(self, names: Iterable[str]) -> tuple[int, ...]:
        chosen: dict[int, None] = {}
        for name in names:
            if name not in self.numbers:
                raise InvalidQuestion(f"no outcome is called `{name}`{_suggest(name, self.numbers)}")
            chosen[self.numbers[name]] = None
        return tuple(chosen)


def _suggest(name: object, names: Iterable[str]) -> str:
    near = closest(name, names) if isinstance(name, str) else None
    return f"; did you mean `{near}`?" if near is not None else ""
