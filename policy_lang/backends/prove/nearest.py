"""The least that must be other than given for something to hold: as few facts as possible, each moved as little as possible.

Sets of facts are sought with few changes first, then with few unknown facts filled in; what contains a set found
before is left out. All that is found is for the evaluator to confirm.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import z3
from attrs import define, field, frozen

from policy_lang.backends.prove.asking import asked
from policy_lang.backends.prove.forms import Truth, formula, is_false
from policy_lang.backends.prove.given_facts import NOT_GIVEN, GivenSpace, Leaf, number_of
from policy_lang.backends.prove.space import MOST_EVENTS, Unknown, value_in
from policy_lang.program.core import Plain
from policy_lang.program.countries import DEPENDENT
from policy_lang.program.facts import Events
from policy_lang.program.numbers import settle
from policy_lang.program.types import Money

End: TypeAlias = Literal["all found", "impossible", "out of time"]

_FINEST = 12  # places after the point, where the policy says nothing
_MOST_CHANGES = 8


@frozen(eq=False)
class Move:
    """One fact as it would have to be. `value` is `None` for the known `none`; for elements and lists it says nothing."""

    leaf: Leaf
    value: Plain | Events
    is_least: bool = True  # no smaller change of this number or date will do


@frozen(eq=False)
class Moves:
    """One set of facts that have to move."""

    moves: tuple[Move, ...]

    @property
    def changes(self) -> int:
        """How many given facts are other than given."""
        return sum(not one.leaf.is_filled_in or one.leaf.of_given_list for one in self.moves)


class _OutOfTime(Exception):
    """The solver came to no end in the time allowed."""


@define(eq=False)
class Nearest:
    """Looks for sets of facts to move, until `limit` seconds are over. `end` says afterwards how it ended."""

    space: GivenSpace
    wanted: Truth
    limit: float
    end: End = "all found"
    deadline: float = field(init=False)
    leaves: list[Leaf] = field(init=False)
    _seen: list[Any] = field(factory=list)
    _step: dict[str, Fraction] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.deadline = time.monotonic() + self.limit

    def found(self) -> Iterator[Moves]:
        """The sets, the smallest first. One that the evaluator refuses should be told to `refuse`."""
        if is_false(self.wanted):
            self.end = "impossible"
            return
        self.leaves = [one for one in self.space.leaves.values() if not is_false(one.moved)]
        changes = [one for one in self.leaves if not one.is_filled_in or one.of_given_list]
        filled = [one for one in self.leaves if one.is_filled_in and not one.of_given_list]
        try:
            main = self._solver()
            if not self._check(main):
                self.end = "impossible"
                return
            for count in range(min(len(changes), _MOST_CHANGES) + 1):
                main.push()
                main.add(*_at_most(changes, count))
                try:
                    yield from self._of_size(main, changes, filled)
                finally:
                    main.pop()
                main.add(*self._seen)
                if not self._check(main):
                    return
            self.end = "out of time"
        except _OutOfTime:
            self.end = "out of time"

    def _of_size(self, main: Any, changes: list[Leaf], filled: list[Leaf]) -> Iterator[Moves]:
        """Every smallest set with so many changes."""
        main.add(*self._seen)
        fills = 0
        while self._check(main):
            while not self._check(main, *self._few(main, filled, fills)):
                fills += 1
            model = main.model()
            moved = [one for one in (*changes, *filled) if z3.is_true(model.eval(one.moved, True))]
            self._seen.append(z3.Not(z3.And(*(one.moved for one in moved))) if moved else z3.BoolVal(False))
            yield self._concrete(moved, model)
            main.add(self._seen[-1])

    def _few(self, main: Any, filled: list[Leaf], fills: int) -> list[Any]:
        if fills >= len(filled):
            return []
        mark = z3.Bool(f"fill at most {fills}")
        main.add(*(z3.Implies(mark, one) for one in _at_most(filled, fills)))
        return [mark]

    def refuse(self, refused: Moves) -> None:
        """Makes known that a set was no answer with these values: others may be."""
        if self._seen:
            self._seen.pop()
        parts = [one.leaf.moved for one in refused.moves]
        parts += [u.variable == v for one in refused.moves for u, v in self._exactly(one)]
        self._seen.append(z3.Not(z3.And(*parts)) if parts else z3.BoolVal(False))

    def _exactly(self, move: Move) -> list[tuple[Unknown, Any]]:
        found = []
        for one in move.leaf.unknowns:
            if one.part == "none":
                found.append((one, z3.BoolVal(move.value is None)))
            elif move.value is not None and (value := number_of(self.space, one, move.value)) is not None:
                found.append((one, _term(one, value)))
        return found

    # ------------------------------------------------------------------------------------- solvers

    def _solver(self) -> Any:
        solver = z3.Solver()
        solver.add(*self.space.background(), formula(self.wanted), *self._steps(self.leaves, declared=True))
        return solver

    def _check(self, solver: Any, *assumed: Any) -> bool:
        answer = asked(solver, self.deadline, 0, *assumed)
        if answer is None:
            raise _OutOfTime
        return answer

    # -------------------------------------------------------------------------------------- values

    def _concrete(self, moved: list[Leaf], model: Any) -> Moves:
        """The values for one set of facts, as near to those given as can be."""
        solver = self._solver()
        chosen = set(map(id, moved))
        for leaf in self.leaves:
            solver.add(leaf.moved if id(leaf) in chosen else z3.Not(leaf.moved))
        if self._check(solver):
            model = solver.model()
        for leaf in moved:
            for one in leaf.unknowns:
                if one.kind == "length":
                    self._plainest(solver, leaf, one)
        numbers = [(leaf, one) for leaf in moved for one in leaf.unknowns if one.kind in _MEASURED]
        self._settle_steps(solver, [one for _, one in numbers if one.kind == "number"])
        least: dict[int, bool] = {}
        for leaf, one in numbers:
            least[id(leaf)] = self._nearest_number(solver, leaf, one) and least.get(id(leaf), True)
        for leaf in moved:
            for one in leaf.unknowns:
                if one.kind in ("word", "yes or no"):
                    self._plainest(solver, leaf, one)
        self._check(solver)
        model = solver.model()
        moves = [Move(leaf, self._value(model, leaf), least.get(id(leaf), True)) for leaf in moved]
        return Moves(tuple(moves))

    def _places(self, one: Unknown) -> int | None:
        """So many places after the point has this number where the policy says it; else None."""
        return 0 if one.whole else one.decimals

    def _steps(self, leaves: list[Leaf], declared: bool) -> list[Any]:
        """That numbers have no more places than the policy allows."""
        return [
            _on_steps(one, places)
            for leaf in leaves
            for one in leaf.unknowns
            if one.kind == "number" and declared and (places := self._places(one)) is not None
        ]

    def _settle_steps(self, solver: Any, unknowns: list[Unknown]) -> None:
        """Puts every number on steps that people use, as far as there is an answer on them."""
        for one in unknowns:
            declared = self._places(one)
            usual = self._usual(one) if declared is None else declared
            self._step[one.name] = Fraction(1, 10**usual)
            if declared is not None:
                continue
            for places in dict.fromkeys((usual, usual + 2, 6, _FINEST)):
                solver.push()
                solver.add(_on_steps(one, places))
                if self._check(solver):
                    self._step[one.name] = Fraction(1, 10**places)
                    break
                solver.pop()

    def _usual(self, one: Unknown) -> int:
        """How many places are usual: those of what is given and of what the policy names, two for money."""
        numbers = [Fraction(number) for number in self.space.numbers]
        given = self.space.leaves[one.place].given
        if given is not NOT_GIVEN and (value := number_of(self.space, one, given)) is not None:
            numbers.append(Fraction(value))
        most = 2 if isinstance(one.type, Money) else 0
        for number in numbers:
            while most < 6 and (number * 10**most).denominator != 1:
                most += 1
        return most

    def _nearest_number(self, solver: Any, leaf: Leaf, one: Unknown) -> bool:
        """Settles a number or a day as near to what is given as can be; whether that is shown to be the nearest."""
        old = None
        if leaf.given is not NOT_GIVEN and leaf.given is not None:
            old = number_of(self.space, one, leaf.given)
        if old is None:
            self._plainest(solver, leaf, one)
            return True
        self._check(solver)
        step = self._step.get(one.name, Fraction(1))
        best = value_in(solver.model(), one)
        if best is None:
            return False
        low, high = (
            -1,
            _steps_between(best, old, step),
        )  # a move of `low` steps will not do, one of `high` will
        least = True
        while high - low > 1:
            middle = (low + high) // 2
            solver.push()
            solver.add(*_near(one, old, middle * step))
            try:
                if self._check(solver):
                    best = value_in(solver.model(), one)
                    high = _steps_between(best, old, step)
                else:
                    low = middle
            except _OutOfTime:
                least = False
                break
            finally:
                solver.pop()
        solver.add(one.variable == _term(one, best))
        return least

    def _plainest(self, solver: Any, leaf: Leaf, one: Unknown) -> None:
        """Settles what has no nearest value: the first that will do of those that the policy names."""
        for value in self._candidates(leaf, one):
            solver.push()
            solver.add(one.variable == _term(one, value))
            if self._check(solver):
                return
            solver.pop()
        self._check(solver)
        solver.add(one.variable == solver.model().eval(one.variable, True))

    def _candidates(self, leaf: Leaf, one: Unknown) -> list[Any]:
        space = self.space
        match one.kind:
            case "yes or no":
                return [False] if one.part == "none" else [False, True]
            case "number":
                whole = [
                    n for n in space.numbers if (n / self._step.get(one.name, Fraction(1))).denominator == 1
                ]
                return [Fraction(0), *whole, Fraction(1), Fraction(100), Fraction(1000)]
            case "date" | "asked":
                return [space.as_of.toordinal(), *space.dates]
            case "length":
                given = leaf.given
                near = len(given.dates) if isinstance(given, Events) else 0
                return sorted(range(MOST_EVENTS + 1), key=lambda n: (abs(n - near), n))
            case "word":
                named = [w for w in one.options if w in space.mentioned and w not in DEPENDENT]
                rest = [w for w in one.options if w not in named and w not in DEPENDENT]
                return [space.word(w) for w in [*named, *rest]]

    def _value(self, model: Any, leaf: Leaf) -> Plain | Events:
        """The value of a leaf in an answer of the solver."""
        if leaf.role != "fact":
            return None
        parts = {one.part: value_in(model, one) for one in leaf.unknowns}
        kinds = {one.part: one for one in leaf.unknowns}
        if parts.get("none"):
            return None
        if "count" in parts:
            days = (parts[str(n)] for n in range(parts["count"]))
            return Events(tuple(datetime.date.fromordinal(day) for day in days))
        if "first" in parts:
            return (
                datetime.date.fromordinal(parts["first"]),
                datetime.date.fromordinal(parts["last"]),
            )
        if "years" in parts:
            return int(parts["years"]), int(parts["months"]), int(parts["days"])
        one, value = kinds[""], parts[""]
        match one.kind:
            case "yes or no":
                return bool(value)
            case "number":
                return settle(Fraction(value))
            case "date" | "asked":
                return datetime.date.fromordinal(value)
            case _:
                name: str = self.space.names[value]
                return name


_MEASURED = ("number", "date", "asked")


def _at_most(leaves: list[Leaf], count: int) -> list[Any]:
    """That at most so many of these move."""
    if count >= len(leaves):
        return []
    if count == 0:
        return [z3.Not(one.moved) for one in leaves]
    return [z3.PbLe([(one.moved, 1) for one in leaves], count)]


def _on_steps(one: Unknown, places: int) -> Any:
    steps = z3.Int(f"steps of {places}!{one.name}")
    return one.variable * z3.RealVal(10**places) == z3.ToReal(steps)


def _near(one: Unknown, old: Any, by: Fraction) -> list[Any]:
    return [one.variable >= _term(one, old - by), one.variable <= _term(one, old + by)]


def _term(one: Unknown, value: Any) -> Any:
    if one.kind == "yes or no":
        return z3.BoolVal(bool(value))
    return z3.RealVal(str(Fraction(value))) if one.kind == "number" else z3.IntVal(int(value))


def _steps_between(new: Any, old: Any, step: Fraction) -> int:
    """How many steps lie between two numbers, a part of a step counting as a whole one."""
    return -int(-abs(Fraction(new) - Fraction(old)) // step) if new is not None else 0
