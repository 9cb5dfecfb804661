"""Looks for the least that would have to change, and has every answer decided by the evaluator before it is told."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import attrs
from attrs import define, field, frozen

from policy_lang.backends.prove.forms import NotLowered, OutOfTime
from policy_lang.backends.prove.given_facts import AS_OF, NOT_GIVEN, GivenLowering, GivenSpace, Leaf
from policy_lang.backends.prove.nearest import Move, Moves, Nearest
from policy_lang.backends.prove.space import Place
from policy_lang.policy import InvalidFacts, InvalidQuestion, Policy
from policy_lang.program.answers import answer_words
from policy_lang.program.core import Const, Plain, Program
from policy_lang.program.countries import COUNTRIES, DEPENDENT
from policy_lang.program.facts import Facts, facts_from_mapping
from policy_lang.program.types import Country, Date, Enumeration, is_numeric
from policy_lang.tools.what_if.by_trying import trials
from policy_lang.tools.what_if.facts_moved import FactMove, order, path_of, with_moves
from policy_lang.tools.what_if.goal import Goal, read_goal

Status: TypeAlias = Literal["already", "found", "impossible", "not settled"]

_MORE = 3  # so many answers more are looked at than are told, so that the smallest are
_MOST_REFUSED = 40

_FOR_TRIALS = 0.2
"""This part of the time is kept for trying values out, where the solver comes to no end and has found nothing."""


@frozen
class Answer:
    """One way to get there. `facts` and `as_of` are those that the evaluator was asked about; `said` its answer."""

    moves: tuple[FactMove, ...]
    facts: Mapping[str, Any]
    as_of: datetime.date
    said: str

    @property
    def changes(self) -> int:
        """How many facts are other than given."""
        return sum(one.kind != "filled in" for one in self.moves)

    @property
    def filled_in(self) -> int:
        """How many facts are told that were not known."""
        return len(self.moves) - self.changes

    @property
    def rank(self) -> tuple[int, int, Fraction]:
        """Less comes first: fewer changes, fewer facts filled in, smaller changes of numbers and dates."""
        return self.changes, self.filled_in, sum((_size(one) for one in self.moves), Fraction(0))


@frozen
class WhatIf:
    """What was found. `by_solver`: nothing smaller will do; otherwise values were tried out.

    `complete`: there are no ways besides these, but for more of the same. `sizes`: up to so many elements of each list
    were looked at. `stays` has what was left as it is.
    """

    goal: Goal
    now: str
    as_of: datetime.date
    status: Status
    answers: tuple[Answer, ...] = ()
    reason: str = ""
    by_solver: bool = True
    complete: bool = False
    stays: tuple[str, ...] = ()
    sizes: tuple[tuple[str, int], ...] = ()


def what_if(
    policy: Policy,
    raw: Mapping[str, object],
    as_of: datetime.date,
    aim: str,
    *,
    assume: Mapping[str, Plain] | None = None,
    fixed: Iterable[str] = (),
    may_change: Iterable[str] = (),
    most: int = 3,
    limit: float = 10.0,
) -> WhatIf:
    """The smallest changes of these facts by which an outcome comes out as wanted.

    `fixed` names facts that stay as they are, by their path, its beginning, or with `*`; `may_change` takes facts out
    of that again, and the date asked about, which stays by itself. `limit` is in seconds. Raises `WrongGoal`, and what
    `Policy.evaluate` raises.
    """
    goal = read_goal(aim, policy.program)
    search = _Search(policy, raw, as_of, goal, assume or {}, tuple(fixed), tuple(may_change), limit)
    return search.run(most)


@define(eq=False)
class _Search:
    policy: Policy
    raw: Mapping[str, object]
    as_of: datetime.date
    goal: Goal
    assume: Mapping[str, Plain]
    fixed: tuple[str, ...]
    may_change: tuple[str, ...]
    limit: float
    deadline: float = field(init=False)  # the moment when all has to be done
    for_solver: float = field(init=False)  # and the one until which formulas are made and solved
    answers: list[Answer] = field(factory=list)
    program: Program = field(init=False)
    facts: Facts = field(init=False)
    space: GivenSpace | None = None

    def run(self, most: int) -> WhatIf:
        self.deadline = time.monotonic() + self.limit
        self.for_solver = self.deadline - _FOR_TRIALS * self.limit
        name = self.goal.outcome.name
        decision = self.policy.evaluate(self.raw, self.as_of, self.assume, [name])
        now = decision.outcomes[name]
        self.facts, _ = facts_from_mapping(self.policy.tables, self.raw)
        self._check_names()
        assumed = dict(decision.assumed)
        self.program = attrs.evolve(
            self.policy.program,
            assumptions=tuple(
                attrs.evolve(one, value=Const(assumed[one.name], one.value.type))  # type: ignore[arg-type]  # yes or no
                for one in self.policy.program.assumptions
            ),
        )
        found = WhatIf(
            self.goal, answer_words(now, self.goal.outcome.type), self.as_of, "already", stays=self._stays()
        )
        if self.goal.is_met(now):
            return found
        try:
            status, reason, complete = self.by_solver(most)
            found = attrs.evolve(found, status=status, reason=reason, complete=complete, sizes=self._sizes())
        except NotLowered as why:
            complete = self.by_trying(most)
            status = "found" if self.answers else "not settled"
            reason = str(why) if self.answers else f"{why}; other values of one and of two facts were tried"
            found = attrs.evolve(found, status=status, reason=reason, by_solver=False)
        self.answers.sort(key=lambda one: (*one.rank, self.declared(one)))
        return attrs.evolve(
            found,
            answers=tuple(self.answers[:most]),
            complete=found.complete and len(self.answers) <= most,
        )

    # --------------------------------------------------------------------------------- what may move

    def is_fixed(self, place: Place) -> bool:
        """Whether a fact must stay as it is."""
        names = {path_of(place), ".".join(step for step in place if isinstance(step, str))}
        if place == AS_OF or any(_names(one, names) for one in self.fixed):
            return not any(_names(one, names) for one in self.may_change)
        return False

    def declared(self, answer: Answer) -> list[tuple[int, tuple[str, ...]]]:
        """Sorts ways alike by the order in which their facts are declared, what must be determined last."""
        last = len(self.policy.order)
        found = []
        for one in answer.moves:
            path = ".".join(step for step in one.place if isinstance(step, str))
            found.append((self.policy.order.get(path, last) + last * one.is_determination, order(one.place)))
        return sorted(found)

    def _check_names(self) -> None:
        """Refuses a name that no fact has: it would keep nothing as it is."""
        known = {"as_of", *(row.name for row in self.policy.tables.records if row.parent is None)}
        known |= set(self.policy.tables.paths)
        for one in (*self.fixed, *self.may_change):
            plain = ".".join(step for step in one.split(".") if not step.isdigit())
            if not any(_names(plain, {name}) for name in known):
                from policy_lang.source.suggest import closest  # only a slip needs it

                near = closest(plain, known)
                raise InvalidQuestion(
                    f"no fact is called `{one}`" + (f"; did you mean `{near}`?" if near is not None else "")
                )

    def _stays(self) -> tuple[str, ...]:
        kept = list(self.fixed)
        if self.is_fixed(AS_OF) and "as_of" not in kept:
            kept.append("as_of")
        return tuple(kept)

    def _sizes(self) -> tuple[tuple[str, int], ...]:
        if self.space is None:
            return ()
        counts: dict[str, int] = {}
        for leaf in self.space.leaves.values():
            if leaf.role == "element":
                path = ".".join(step for step in leaf.place if isinstance(step, str))
                counts[path] = max(counts.get(path, 0), int(leaf.place[-1]) + 1)
        return tuple(sorted(counts.items()))

    # ------------------------------------------------------------------------------------- by solver

    def by_solver(self, most: int) -> tuple[Status, str, bool]:
        """Looks for answers; how it ended, why, and whether that is all there is."""
        outcome = self.goal.outcome
        if outcome.schedule is not None:
            raise NotLowered("what a duty comes to hangs on how its due dates follow each other")
        refused = 0
        unsure: list[str] = []
        for with_elements in (False, True):
            space = GivenSpace.of(self.program, self.facts, self.as_of, self.is_fixed, with_elements)
            self.space = space
            lowering = GivenLowering(self.program, space, deadline=self.for_solver)
            try:
                wanted = self.goal.truth(space, lowering.outcome(outcome))
                lowering.checks()
            except OutOfTime:
                return self.out_of_time(most, with_elements)
            if with_elements and not any(leaf.of_given_list for leaf in space.leaves.values()):
                break
            nearest = Nearest(space, wanted, self.for_solver - time.monotonic())
            for moves in nearest.found():
                answer = self.confirmed(self.told(moves))
                if answer is None:
                    refused += 1
                    nearest.refuse(moves)
                    if refused >= _MOST_REFUSED:
                        return self.ended("examples were not confirmed")
                elif self.is_new(answer):
                    self.answers.append(answer)
                    if len(self.answers) >= most + _MORE:
                        return "found", "", False
            if nearest.end == "out of time":
                return self.out_of_time(most, with_elements)
            if self.answers:
                return "found", "", True
            unsure = [path_of(leaf.place) for leaf in space.leaves.values() if self.is_held_unknown(leaf)]
        if unsure:
            return self.ended(f"what is not known stays so: {', '.join(unsure[:5])}")
        if refused:
            return self.ended("examples were not confirmed")
        return "impossible", "", True

    def out_of_time(self, most: int, with_elements: bool) -> tuple[Status, str, bool]:
        """How it ends where the solver's time is over: in what is left of the whole, values are tried out."""
        if not self.answers:
            self.by_trying(most)
        return self.ended(self.no_end(with_elements))

    def is_held_unknown(self, leaf: Leaf) -> bool:
        """Whether a fact stays unknown of which the limits, that the evaluator knows, may decide."""
        kind = leaf.type
        return leaf.is_fixed and leaf.given is NOT_GIVEN and (is_numeric(kind) or isinstance(kind, Date))

    def no_end(self, with_elements: bool) -> str:
        """What is not known where the time ends."""
        if with_elements:
            return f"other values will not do; whether more or fewer elements do, had no end within {self.limit:g} seconds"
        return f"no end within {self.limit:g} seconds"

    def ended(self, reason: str) -> tuple[Status, str, bool]:
        """That the search came to no end; what was found up to then counts."""
        return ("found" if self.answers else "not settled"), reason, False

    def told(self, moves: Moves) -> list[FactMove]:
        """The same in terms of facts."""
        return [self._move(one) for one in moves.moves]

    def _move(self, one: Move) -> FactMove:
        leaf = one.leaf
        if leaf.role == "element":
            given = leaf.given is not NOT_GIVEN
            return FactMove(
                leaf.place, "removed" if given else "added" if leaf.of_given_list else "filled in", None
            )
        if leaf.role == "list":
            return FactMove(leaf.place, "filled in", None)
        is_determination = leaf.schema is not None and leaf.schema.determination
        if leaf.given is NOT_GIVEN:
            return FactMove(
                leaf.place, "filled in", leaf.type, new=one.value, is_determination=is_determination
            )
        return FactMove(
            leaf.place,
            "changed",
            leaf.type,
            leaf.given,  # type: ignore[arg-type]  # what a leaf holds is plain
            one.value,
            is_least=one.is_least,
            is_determination=is_determination,
        )

    # -------------------------------------------------------------------------------------- confirm

    def confirmed(self, moves: list[FactMove]) -> Answer | None:
        """The answer as the evaluator gives it, without moves that it does not need; None where it is another."""
        if self.decide(moves) is None:
            return None
        for one in sorted(moves, key=lambda one: one.kind != "filled in"):
            if one.type is None and one.kind == "filled in":
                continue  # lists that are filled in come with what lies in them
            rest = [other for other in moves if other is not one and not _lies_in(other.place, one)]
            if self.decide(rest) is not None:
                moves = rest
        moves = [attrs.evolve(one, others=self.others(moves, one)) for one in moves]
        facts, as_of = with_moves(self.raw, self.as_of, moves)
        said = self.decide(moves)
        assert said is not None
        return Answer(tuple(sorted(moves, key=lambda one: order(one.place))), facts, as_of, said)

    def decide(self, moves: Iterable[FactMove]) -> str | None:
        """What the evaluator answers where it is what is aimed at."""
        facts, as_of = with_moves(self.raw, self.as_of, moves)
        name = self.goal.outcome.name
        try:
            decided = self.policy.evaluate(facts, as_of, self.assume, [name]).outcomes[name]
        except InvalidFacts:
            return None
        return answer_words(decided, self.goal.outcome.type) if self.goal.is_met(decided) else None

    def others(self, moves: list[FactMove], one: FactMove) -> tuple[str, ...]:
        """Words that would do as well as this one."""
        match one.type:
            case Enumeration(members=members):
                options: Iterable[str] = members
            case Country():
                mentioned = self.space.mentioned if self.space is not None else frozenset()
                plain = [code for code in COUNTRIES if code not in DEPENDENT]
                options = sorted(plain, key=lambda code: (code not in mentioned, code))
            case _:
                return ()
        found: list[str] = []
        for word in options:
            if word in (one.new, one.old) or time.monotonic() > self.deadline:
                continue
            other = [attrs.evolve(m, new=word) if m is one else m for m in moves]
            if self.decide(other) is not None:
                found.append(word)
        return tuple(found)

    def is_new(self, answer: Answer) -> bool:
        """Whether no answer found before is part of this one."""
        places = {(one.place, one.kind) for one in answer.moves}
        return not any({(one.place, one.kind) for one in known.moves} <= places for known in self.answers)

    # --------------------------------------------------------------------------------------- trying

    def by_trying(self, most: int) -> bool:
        """Tries out values where the solver cannot help: of one fact, then of two."""
        for moves in trials(
            self.program, self.facts, self.as_of, self.is_fixed, self.goal.outcome, self.policy
        ):
            if time.monotonic() > self.deadline or len(self.answers) >= most + _MORE:
                return False
            if self.decide(moves) is None:
                continue
            answer = self.confirmed(moves)
            if answer is not None and self.is_new(answer):
                self.answers.append(answer)
        return True


def _names(pattern: str, names: Iterable[str]) -> bool:
    """Whether a pattern means one of these facts, or a group that it lies in."""
    return any(
        fnmatchcase(name, pattern) or fnmatchcase(name, pattern + ".*") or name.startswith(pattern + ".")
        for name in names
    )


def _lies_in(place: Place, one: FactMove) -> bool:
    return one.kind == "added" and place[: len(one.place)] == one.place


def _size(one: FactMove) -> Fraction:
    """How big a change is: of a number its share of the old one, of a date in years, of anything else one."""
    if one.kind != "changed":
        return Fraction(one.kind != "filled in")
    if isinstance(one.old, datetime.date) and isinstance(one.new, datetime.date):
        return Fraction(abs((one.new - one.old).days), 365)
    if isinstance(one.old, (Decimal, Fraction)) and isinstance(one.new, (Decimal, Fraction)):
        old, new = Fraction(one.old), Fraction(one.new)
        return abs(new - old) / max(abs(old), Fraction(1))
    return Fraction(1)
