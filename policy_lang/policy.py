"""A loaded policy and its decisions: `Policy.evaluate` answers what the instrument says of a case."""

from __future__ import annotations

import datetime
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from policy_lang.backends.evaluate.compiled import CompiledEvaluator, broken_checks, compile_evaluator
from policy_lang.backends.evaluate.plain import WAYS_OUT, Fallback
from policy_lang.backends.evaluate.run import (
    Finding,
    Run,
    asked,
    facts_from_records,
    in_order,
    rests_on,
    without_determinations,
)
from policy_lang.backends.evaluate.tables import OutcomeRow, Tables
from policy_lang.program.core import Plain, Program
from policy_lang.program.fact_values import Mistake, read_value
from policy_lang.program.facts import FactProblem, Facts, Made, facts_from_mapping
from policy_lang.program.numbers import in_words
from policy_lang.program.schema import Schema
from policy_lang.program.types import Dates, ListOf
from policy_lang.program.values import Absence, Value, needs_of
from policy_lang.source.suggest import closest

if TYPE_CHECKING:
    from policy_lang.program.basis import Basis
    from policy_lang.program.tracer import Tracer

Explain: TypeAlias = "Callable[[DecidedOutcome], tuple[tuple[str, ...], tuple[str, ...]]]"
"""Gives the reasons of an outcome as sentences, and the citations it rests on."""

_NO_BREACH = ("complied", "not applicable", "not in force", "suspended")
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
    """A compiled policy, ready to decide cases.

    Made from a program. With an `evaluator` that was compiled before and kept, the program may be given
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

        `assume` replaces assumptions for this once; `outcomes` asks for these only. Raises
        `InvalidFacts` for facts that do not fit, `InvalidQuestion` for a date, a name or an assumed
        value that cannot be.
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


class Decision:
    """What a policy says of one case on one day. Outcomes are worked out in full when they are looked at.

    `values` has the core value of every outcome of the policy, `...` where it is not worked out yet;
    `records` the root records as tuples of their fields, where the facts were plain and complete.
    """

    def __init__(
        self,
        policy: Policy,
        as_of: datetime.date,
        numbers: Sequence[int],
        values: Sequence[Any],
        records: tuple[tuple[object, ...] | None, ...],
    ) -> None:
        self.policy = policy
        self.as_of = as_of
        self._numbers = numbers
        self._values = values
        self._records = records

    @cached_property
    def run(self) -> Run:
        """The general evaluation of the same case, which knows the reasons."""
        facts = facts_from_records(self.policy.tables, self._records)
        return Run(self.policy.evaluator, facts, self.as_of, self.policy.assumptions)

    @property
    def facts(self) -> Facts:
        """The facts that were decided on."""
        return self.run.facts

    @property
    def assumed(self) -> Mapping[str, Value]:
        """The value of every assumption in this decision."""
        return self.run.assumed

    @cached_property
    def outcomes(self) -> Mapping[str, DecidedOutcome]:
        """The outcomes that were asked for, by name, in the order of the policy."""
        return Outcomes(self, self.policy.numbered(self._numbers))

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the outcomes that were asked for."""
        rows = self.policy.tables.outcomes
        return tuple(rows[number].name for number in self._numbers)

    @property
    def states(self) -> dict[str, str]:
        """The state of every outcome: the quickest way to look at them all."""
        rules = self.policy.rules
        names = self.policy.names
        values = self._values
        states: dict[str, str] = {}
        for number in self._numbers:
            value = values[number]
            is_word = type(value) is str and number not in rules
            states[names[number]] = value if is_word else self.state_of(number)
        return states

    def value_of(self, number: int) -> Value:
        """The core value of the outcome with this index."""
        value = self._values[number]
        return self.run.finding(number).value if value is ... else cast(Value, value)

    def state_of(self, number: int) -> str:
        """The word for what the outcome with this index came to."""
        value = self._values[number]
        if type(value) is str and number not in self.policy.rules:
            return value
        return _state(self.policy.tables.outcomes[number], self.value_of(number))

    def finding(self, number: int) -> Finding:
        """What the outcome with this index came to, in full."""
        return self.run.finding(number)

    @cached_property
    def _wanted(self) -> dict[str, int]:
        """How many of the outcomes asked for need each question."""
        wanted: dict[str, int] = {}
        for number in self._numbers:
            for name in needs_of((self.value_of(number),)):
                wanted[name] = wanted.get(name, 0) + 1
        return wanted

    def ordered(self, needs: Iterable[str]) -> list[str]:
        """The questions in the order in which to ask them (rule W4)."""
        return list(in_order(needs, self.policy.order, self._wanted))

    @cached_property
    def tracer(self) -> Tracer:
        """The same case once more, with every step kept."""
        from policy_lang.program.tracer import Tracer  # only an explanation needs it

        return Tracer(self.policy.program, self.facts, self.as_of, self.assumed)

    @cached_property
    def bare_tracer(self) -> Tracer:
        """The same case with nothing assumed or determined, each element of a list asked about apart."""
        from policy_lang.program.tracer import Tracer  # only determinations in lists need it

        return Tracer(self.policy.program, self.bare.facts, self.as_of, {}, apart=True)

    @cached_property
    def bare(self) -> Run:
        """The same case with no assumption and no determination made (rule W6)."""
        facts = without_determinations(self.policy.tables, self.facts)
        return Run(self.policy.evaluator, facts, self.as_of, {})

    def to_json(self) -> dict[str, object]:
        """The decision as the JSON document of the command line: numbers as text, dates as ISO 8601."""
        tables = self.policy.tables
        return {
            "policy": self.policy.name,
            "as_of": self.as_of.isoformat(),
            "instruments": list(tables.instruments),
            "amendments": [name for name, start in tables.amendments if start is None or start <= self.as_of],
            "verified": None if tables.verified is None else tables.verified.isoformat(),
            "unchanged_since": {
                name: day.isoformat() for name, day in tables.last_verified if self.as_of > day
            },
            "asked": list(self.asked),
            "outcomes": {name: outcome.to_json() for name, outcome in self.outcomes.items()},
        }


class Outcomes(Mapping[str, "DecidedOutcome"]):
    """The outcomes of a decision; each object is made when it is looked up."""

    __slots__ = ("_decision", "_made", "_numbers")

    def __init__(self, decision: Decision, numbers: dict[str, int]) -> None:
        self._decision = decision
        self._numbers = numbers
        self._made: dict[str, DecidedOutcome] = {}

    def __getitem__(self, name: str) -> DecidedOutcome:
        made = self._made.get(name)
        if made is None:
            number = self._numbers[name]
            made = self._made[name] = DecidedOutcome(self._decision, number, self._decision.state_of(number))
        return made

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def _all(self) -> dict[str, DecidedOutcome]:
        """All outcomes by name; quicker than looking each up."""
        made, decision = self._made, self._decision
        if len(made) != len(self._numbers):
            states = decision.states
            self._made = {
                name: made.get(name) or DecidedOutcome(decision, number, states[name])
                for name, number in self._numbers.items()
            }
        return self._made

    def items(self) -> ItemsView[str, DecidedOutcome]:
        return self._all().items()

    def values(self) -> ValuesView[DecidedOutcome]:
        return self._all().values()

    def __len__(self) -> int:
        return len(self._numbers)


class DecidedOutcome:
    """One outcome of a decision. `needs`, `assumes`, `because` and `cites` are worked out when asked for.

    `state` is the word for what it came to: `granted`, `decided`, `undetermined`, ...
    """

    __slots__ = ("__dict__", "_number", "decision", "state")

    def __init__(self, decision: Decision, number: int, state: str) -> None:
        self.decision = decision
        self._number = number
        self.state = state

    @cached_property
    def _row(self) -> OutcomeRow:
        row = self.decision.policy.tables.outcomes[self._number]
        if not row.wordings:
            return row
        day: object = self.decision.as_of
        if row.schedule is not None:
            found = self.decision.finding(self._number).duty
            day = found.due if found is not None and found.due is not None else day
        elif row.judged_on is not None:
            record, _, name = row.judged_on.rpartition(".")
            given = self.decision.facts.subjects.get(record)
            day = given.values.get(name) if given is not None else None
        return row.on(day if isinstance(day, datetime.date) else self.decision.as_of)

    @cached_property
    def _value(self) -> Value:
        return self.decision.value_of(self._number)

    @cached_property
    def _finding(self) -> Finding:
        return self.decision.finding(self._number)

    @property
    def name(self) -> str:
        return self._row.name

    @property
    def family(self) -> str:
        return self._row.family

    @property
    def subject(self) -> str | None:
        """The record it is about; None: the instrument itself."""
        return self._row.subject

    @property
    def label(self) -> str:
        return self._row.label

    @property
    def instrument(self) -> str:
        return self._row.instrument

    @property
    def force(self) -> str | None:
        """How firmly it binds: `binding`, `permission`, `best endeavours`, ..."""
        return self._row.force

    @property
    def type(self) -> str | None:
        """The type of the value as an author writes it (`money USD`); None where the state is all."""
        return self._row.type

    @property
    def judged_on(self) -> str | None:
        """The field with the date that governs, where that is not the date asked about."""
        return self._row.judged_on

    @property
    def absence(self) -> Absence | None:
        """Why there is no answer; None when there is one."""
        value = self._value
        return value if isinstance(value, Absence) else None

    @property
    def value(self) -> Plain:
        """The value of a rule; None when it has none, and for all other families."""
        value = self._value
        return None if self._row.family != "rule" or isinstance(value, Absence) else value

    @property
    def needs(self) -> list[str]:
        """The questions whose answers are missing, the most needed first; empty unless undetermined."""
        return self.decision.ordered(needs_of((self._value,)))

    @cached_property
    def _rests_on(self) -> tuple[frozenset[str], frozenset[str]]:
        return rests_on(self._finding, self.decision.bare.finding(self._number))

    @property
    def assumes(self) -> list[str]:
        """The assumptions that the answer rests on (rule W6), in order of declaration."""
        return [row.name for row in self._tables.assumptions if row.name in self._rests_on[0]]

    @property
    def calendar_assumes(self) -> list[str]:
        """The assumptions that the later dates of the calendar rest on."""
        return [row.name for row in self._tables.assumptions if row.name in self._rests_on[1]]

    @cached_property
    def _determined(self) -> list[tuple[str, Made]]:
        """The determinations that the answer rests on, in order of declaration, then of the lists."""
        made = self.decision.facts.made
        names = [name for name in self._rests_on[0] if name in made] if made else []
        names.sort(key=lambda n: (self.decision.policy.order.get(n, 0), n))
        found = [(name, one) for name in names for one in made[name]]
        if not any(one.place for _, one in found):
            return found
        apart = self._finding_apart
        return [(name, one) for name, one in found if not one.place or (name, one.place) in apart]

    @property
    def determinations(self) -> list[dict[str, object]]:
        """The determinations that the answer rests on: what was decided, by whom and when.

        Of those in a list only the elements that matter, each with its place in `where`.
        """
        said: list[dict[str, object]] = []
        for name, one in self._determined:
            said.append({"name": name, "value": one.value, "by": one.by, "on": one.on})
            if one.place:
                said[-1]["where"] = self._where(name, one.place)
        return said

    @cached_property
    def _finding_apart(self) -> frozenset[tuple[str, tuple[int, ...]]]:
        """The determinations in lists that would be needed if none were made: path and place of each."""
        value = self.decision.bare_tracer.outcome(self.name).value
        found = [need.rpartition(" ") for need in needs_of((value,))]
        return frozenset((name, tuple(map(int, place.split(".")))) for name, blank, place in found if blank)

    def _where(self, path: str, place: tuple[int, ...]) -> str:
        """An element of a list as people speak of it: `chain 2, step 1`."""
        records = {record.name: record for record in self._tables.records}
        root, *steps = path.split(".")
        record, words, rest = records[root], [], list(place)
        for step in steps:
            kind = next(one.type for one in record.fields if one.name == step)
            if isinstance(kind, ListOf):
                record = records[kind.record]
                words.append(f"{record.name} {rest.pop(0)}")
        return ", ".join(words)

    @property
    def defences(self) -> list[dict[str, object]]:
        """The grounds on which a breach may be justified, each with its state and what it needs.

        None where nothing is breached, for then nothing has to be justified.
        """
        listed: list[dict[str, object]] = []
        if self.state in _NO_BREACH:
            return listed
        for (name, label), value in zip(self._row.defences, self._finding.defences, strict=True):
            needs = value.needs if isinstance(value, Absence) else frozenset()
            state = _word(value)
            listed.append(
                {"name": name, "label": label, "state": state, "needs": self.decision.ordered(needs)}
            )
        return listed

    @property
    def due(self) -> datetime.date | None:
        """The due date that the state of an obligation is about."""
        return None if self._finding.duty is None else self._finding.duty.due

    @property
    def since(self) -> datetime.date | None:
        """The first day on which an obligation was overdue."""
        return None if self._finding.duty is None else self._finding.duty.since

    @property
    def calendar(self) -> tuple[datetime.date, ...]:
        """All due dates of an obligation up to the date asked about, and the next two."""
        return () if self._finding.duty is None else self._finding.duty.calendar

    @property
    def on_time(self) -> bool | None:
        """Whether a fulfilled obligation was fulfilled by its due date."""
        return None if self._finding.duty is None else self._finding.duty.on_time

    @property
    def conflict(self) -> list[dict[str, object]]:
        """The clauses and values that clash, where the state is `conflict`."""
        absence = self.absence
        if absence is None or absence.reason != "conflict":
            return []
        clashes = cast("frozenset[tuple[Plain, tuple[str, tuple[str, ...]]]]", absence.detail)
        ordered = sorted(clashes, key=lambda clash: (_line_number(clash[1][0]), str(clash[0])))
        return [{"value": value, "where": where, "cites": list(cites)} for value, (where, cites) in ordered]

    @property
    def reasons(self) -> list[dict[str, str]]:
        """The code and the sentence for each reason why there is no answer, other than a missing fact."""
        absence = self.absence
        if absence is None or absence.reason in ("unknown", "conflict"):
            return []
        return [
            {"code": str(code), "message": str(message)} for code, message in sorted(absence.detail, key=str)
        ]

    @property
    def _tables(self) -> Tables:
        return self.decision.policy.tables

    @cached_property
    def _trace(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        explain = self.decision.policy.explain
        if explain is not None:
            return explain(self)
        from policy_lang.program.reasons import because, cites_of  # only an explanation needs it

        told = self.decision.tracer.outcome(self.name)
        basis = self._basis
        return because(told, basis), cites_of(told, basis)

    @cached_property
    def _basis(self) -> Basis:
        """What the answer rests on, of all that was assumed and determined (rule W6)."""
        from policy_lang.program.basis import Basis  # only an explanation needs it

        decision = self.decision
        if not decision.assumed and not decision.facts.made:
            return Basis()
        return Basis(
            frozenset(self.assumes),
            frozenset((name, one.place) for name, one in self._determined),
            decision.policy.determination_paths,
            frozenset(self.calendar_assumes) - set(self.assumes),
        )

    @cached_property
    def permitted_by(self) -> list[str]:
        """The clauses that permit what another forbids, where the answer is `complied` because of them."""
        if self.state != "complied":
            return []
        from policy_lang.program.reasons import permissions_of  # only an explanation needs it

        return list(permissions_of(self.decision.tracer.outcome(self.name)))

    @property
    def because(self) -> list[str]:
        """The facts, events and steps that led to the answer, as short sentences."""
        return list(self._trace[0])

    @property
    def cites(self) -> list[str]:
        """The citations of everything the answer rests on."""
        return list(self._trace[1])

    def to_json(self) -> dict[str, object]:
        """The outcome as it stands in the JSON document of the command line."""
        document: dict[str, object] = {
            "family": self.family,
            "subject": self.subject,
            "state": self.state,
            "value": plain_json(self.value),
            "type": self.type,
            "force": self.force,
            "needs": self.needs,
            "assumes": self.assumes,
            "determinations": [
                {key: plain_json(cast(Plain, value)) for key, value in one.items()}
                for one in self.determinations
            ],
            "cites": self.cites,
            "because": self.because,
        }
        if self._row.defences:
            document["defences"] = self.defences
        if self.permitted_by:
            document["permitted_by"] = self.permitted_by
        if self._row.schedule is not None:
            document["due"] = plain_json(self.due)
            document["since"] = plain_json(self.since)
            document["on_time"] = self.on_time
            document["calendar"] = [day.isoformat() for day in self.calendar]
            document["calendar_assumes"] = self.calendar_assumes
        if self.state == "conflict":
            clashes = self.conflict
            document["conflict"] = [
                {**one, "value": plain_json(cast(Plain, one["value"]))} for one in clashes
            ]
        if self.reasons:
            document["error" if self.state == "error" else "reason"] = self.reasons[0]
        return document


def _state(row: OutcomeRow, value: Value) -> str:
    if type(value) is str and row.family != "rule":
        return value
    if isinstance(value, Absence):
        return "undetermined" if value.reason == "unknown" else value.reason
    return "decided" if row.family == "rule" else _word(value)


def _word(value: Value) -> str:
    if isinstance(value, Absence):
        return "undetermined" if value.reason == "unknown" else value.reason
    return str(plain_json(value))


def _line_number(where: str) -> tuple[str, int]:
    path, _, line = where.rpartition(":")
    return path, int(line) if line.isdigit() else 0


def plain_json(value: Plain) -> object:
    """A value as JSON carries it: numbers as text so that nothing rounds them, dates as ISO 8601."""
    if isinstance(value, (Decimal, Fraction)):
        return in_words(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple) and len(value) == 2:
        return " to ".join(str(day) for day in value)
    if isinstance(value, tuple):
        named = zip(value, ("year", "month", "day"), strict=False)
        parts = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in named if n]
        return " ".join(parts) or "0 days"
    return value
