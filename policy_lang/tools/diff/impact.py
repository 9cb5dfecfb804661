"""What a change does to cases in rows: how many come out otherwise, which, and by how much money.

Each row is decided by both versions, and nothing is kept of it but counts and a few samples.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import define, field, frozen

from policy_lang.policy import Decision, InvalidFacts, Policy
from policy_lang.program.core import Call, Definition, Expr, Outcome, Program
from policy_lang.program.fact_values import Mistake, read_date
from policy_lang.program.numbers import Number, settle
from policy_lang.program.row_facts import AS_OF, Columns, columns_of
from policy_lang.program.schema import every
from policy_lang.program.sentences import said
from policy_lang.program.types import Type, is_numeric
from policy_lang.source.rows import Row, Rows
from policy_lang.tools.diff.known_facts import known_to

_MOST_TRANSITIONS = 200
_MOST_BAD = 20
_OTHER = ("other", "other")

Answer: TypeAlias = tuple[str, object, object]
"""The state of an outcome, its value, and for a duty the day on which it is due."""


@frozen
class Changed:
    """One outcome of one row that comes out otherwise."""

    row: int
    outcome: str
    old: str
    new: str
    by: Number | None
    facts: Mapping[str, Any]
    as_of: datetime.date
    cells: Sequence[object] = ()


@define(eq=False)
class Transition:
    """How often one answer became another, with the first such rows."""

    count: int = 0
    samples: list[Changed] = field(factory=list)


@define(eq=False)
class OutcomeImpact:
    """What became of one outcome over all rows. `more` and `less` add up numbers that went up and down."""

    name: str
    type: Type | None
    changed: int = 0
    transitions: dict[tuple[str, str], Transition] = field(factory=dict)
    more: tuple[int, Fraction] = (0, Fraction(0))
    less: tuple[int, Fraction] = (0, Fraction(0))

    def add(self, one: Changed, key: tuple[str, str], samples: int) -> None:
        """Counts a change in."""
        self.changed += 1
        if key not in self.transitions and len(self.transitions) >= _MOST_TRANSITIONS:
            key = _OTHER
        found = self.transitions.setdefault(key, Transition())
        found.count += 1
        if len(found.samples) < samples:
            found.samples.append(one)
        if one.by is not None:
            by = Fraction(one.by)
            if by > 0:
                self.more = self.more[0] + 1, self.more[1] + by
            else:
                self.less = self.less[0] + 1, self.less[1] - by


@define(eq=False)
class Impact:
    """The whole. `bad` lists the first rows that could not be decided, `refused` counts them all.

    `same` are outcomes that need not be decided: nothing that they rest on is another. `only` are in one version only.
    """

    rows: int = 0
    changed: int = 0
    refused: int = 0
    bad: list[tuple[int, str]] = field(factory=list)
    outcomes: dict[str, OutcomeImpact] = field(factory=dict)
    same: tuple[str, ...] = ()
    only: tuple[tuple[str, str], ...] = ()
    not_read: tuple[str, ...] = ()

    def refuse(self, row: int, why: str) -> None:
        """Counts a row that could not be decided."""
        self.refused += 1
        if len(self.bad) < _MOST_BAD:
            self.bad.append((row, why))


def impact(
    old: Policy,
    new: Policy,
    data: Rows,
    as_of: datetime.date,
    *,
    samples: int = 3,
    only: Iterable[str] = (),
    tell: Callable[[Changed], None] | None = None,
) -> Impact:
    """Decides every row with both versions. `as_of` is the date asked about where a row has none of its own.

    `tell` is given every change as it is found. Raises `UnknownColumn`, and what reading the rows raises.
    """
    wanted = frozenset(only)
    before = {one.name: one for one in old.program.outcomes if not wanted or one.name in wanted}
    after = {one.name: one for one in new.program.outcomes if not wanted or one.name in wanted}
    both = [name for name in after if name in before]
    found = Impact(same=tuple(one for one in both if _is_alike(old.program, new.program, one)))
    found.only = (
        *((name, "the new version only") for name in after if name not in before),
        *((name, "the old version only") for name in before if name not in after),
    )
    asked = [name for name in both if name not in found.same]
    found.outcomes = {name: OutcomeImpact(name, after[name].type) for name in asked}
    columns = None
    if data.head is not None:
        columns = columns_of(data.head, (old.program, new.program))
        found.not_read = columns.others
    run = _Run(old, new, found, columns, as_of, samples, tell, {n: (before[n], after[n]) for n in asked})
    for row in data.rows:
        found.rows += 1
        if row.mistake:
            found.refuse(row.number, row.mistake)
        else:
            run.row(row)
    return found


@define(eq=False)
class _Run:
    old: Policy
    new: Policy
    found: Impact
    columns: Columns | None
    as_of: datetime.date
    samples: int
    tell: Callable[[Changed], None] | None
    outcomes: Mapping[str, tuple[Outcome, Outcome]]
    same_facts: bool = field(init=False)
    _asked: dict[frozenset[str], tuple[str, ...]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        one, other = (
            {record.name: [(f.name, f.type) for f in record.fields] for record in policy.program.records}
            for policy in (self.old, self.new)
        )
        events = [{fact.name for fact in policy.program.case_facts} for policy in (self.old, self.new)]
        self.same_facts = one == other and events[0] == events[1]

    def row(self, row: Row) -> None:
        """Decides one row with both versions."""
        read = self.read(row)
        if isinstance(read, str):
            self.found.refuse(row.number, read)
            return
        facts, as_of = read
        if not facts:
            self.found.refuse(row.number, "it gives no facts")
            return
        names = self.asked(facts)
        decisions: list[Decision] = []
        refusals: list[str] = []
        by = ""
        for policy, what in ((self.old, "old"), (self.new, "new")):
            mine = facts if self.same_facts else known_to(policy.program, facts)
            try:
                decisions.append(policy.evaluate(mine, as_of, outcomes=names))
            except InvalidFacts as wrong:
                one = wrong.problems[0]
                refusals.append(f"{one.place}: {one.message}")
                by = f" (says the {what} version)"
        if refusals:
            self.found.refuse(row.number, refusals[0] + (by if decisions else ""))
            return
        changes = [
            change
            for name in names
            if (change := self.compare(name, decisions[0], decisions[1], row, facts, as_of)) is not None
        ]
        self.found.changed += bool(changes)

    def read(self, row: Row) -> tuple[dict[str, Any], datetime.date] | str:
        """The facts of a row and the date asked about; or what is wrong with it."""
        stated: object = None
        if self.columns is not None:
            facts = self.columns.facts(row.cells)
            if self.columns.as_of is not None and self.columns.as_of < len(row.cells):
                stated = row.cells[self.columns.as_of]
        else:
            facts = dict(row.values or {})
            if AS_OF not in self.old.tables.paths and AS_OF not in self.new.tables.paths:
                stated = facts.pop(AS_OF, None)
        if stated is None or stated == "":
            return facts, self.as_of
        day = read_date(stated.strip() if isinstance(stated, str) else stated)
        if isinstance(day, Mistake):
            return f"as_of: {day.message}"
        return facts, day

    def asked(self, facts: Mapping[str, Any]) -> tuple[str, ...]:
        """The outcomes that these facts are about."""
        given = frozenset(facts)
        names = self._asked.get(given)
        if names is None:
            names = tuple(
                name
                for name, pair in self.outcomes.items()
                if all(one.subject is None or one.subject in given for one in pair)
            )
            if len(self._asked) < 1_000:
                self._asked[given] = names
        return names

    def compare(
        self,
        name: str,
        old: Decision,
        new: Decision,
        row: Row,
        facts: Mapping[str, Any],
        as_of: datetime.date,
    ) -> Changed | None:
        one, other = _answer(old, name), _answer(new, name)
        if one == other:
            return None
        before, after = self.outcomes[name]
        by: Number | None = None
        words = _words(one, before.type), _words(other, after.type)
        key = words
        old_number, new_number = _number(one, before), _number(other, after)
        if old_number is not None and new_number is not None and before.type == after.type:
            by = settle(new_number - old_number)
            key = ("a number", "more" if by > 0 else "less")
        change = Changed(row.number, name, *words, by, facts, as_of, row.cells)
        self.found.outcomes[name].add(change, key, self.samples)
        if self.tell is not None:
            self.tell(change)
        return change


def _answer(decision: Decision, name: str) -> Answer:
    number = decision.policy.numbers[name]
    row = decision.policy.tables.outcomes[number]
    state = decision.state_of(number)
    value = decision.value_of(number) if row.family == "rule" and state == "decided" else None
    if row.family != "obligation":
        return state, value, None
    return state, None, decision.outcomes[name].due


def _words(answer: Answer, kind: Type | None) -> str:
    state, value, due = answer
    if state == "decided":
        return said(value, kind)
    return f"{state}, due by {due}" if due is not None else state


def _number(answer: Answer, outcome: Outcome) -> Fraction | None:
    value = answer[1]
    is_number = outcome.type is not None and is_numeric(outcome.type)
    return Fraction(value) if is_number and isinstance(value, (Decimal, Fraction)) else None


# ---------------------------------------------------------------------------------- what cannot differ


def _is_alike(old: Program, new: Program, name: str) -> bool:
    """Whether an outcome and all that it rests on are written alike in both versions."""
    if (old.assumptions, old.territories, old.records, old.case_facts) != (
        new.assumptions,
        new.territories,
        new.records,
        new.case_facts,
    ):
        return False
    one, other = (next(o for o in program.outcomes if o.name == name) for program in (old, new))
    if one != other:
        return False
    before, after = ({d.name: d for d in program.definitions} for program in (old, new))
    waiting: list[Expr] = list(_bodies(one))
    seen: set[str] = set()
    while waiting:
        for expr in every(waiting.pop()):
            if isinstance(expr, Call) and expr.definition not in seen:
                seen.add(expr.definition)
                definition: Definition = before[expr.definition]
                if definition != after.get(expr.definition):
                    return False
                waiting.append(definition.body)
    return True


def _bodies(outcome: Outcome) -> Iterable[Expr]:
    yield outcome.body
    yield from (one.state for one in outcome.defences)
    if outcome.schedule is not None:
        yield from outcome.schedule.expressions
