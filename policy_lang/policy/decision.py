"""What a policy says of one case: its outcomes by name, each worked out when it is looked at."""

from __future__ import annotations

import datetime
from collections.abc import ItemsView, Iterable, Iterator, Mapping, Sequence, ValuesView
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from policy_lang.backends.evaluate.run import (
    Finding,
    Run,
    facts_from_records,
    in_order,
    without_determinations,
)
from policy_lang.policy.outcome import DecidedOutcome, state_in_words
from policy_lang.program.facts import Facts
from policy_lang.program.values import Value, needs_of

if TYPE_CHECKING:
    from policy_lang.policy import Policy
    from policy_lang.program.tracer import Tracer


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
        return state_in_words(self.policy.tables.outcomes[number], self.value_of(number))

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
