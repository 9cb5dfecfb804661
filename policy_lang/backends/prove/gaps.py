"""Facts of which some are left out, so that only one of two versions gives an answer, or that they give another one.

A difference is sought in a partial space; of the facts found, as few are left out as can be.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import z3
from attrs import define, frozen

from policy_lang.backends.prove.asking import asked
from policy_lang.backends.prove.examples import example, facts_of, is_short
from policy_lang.backends.prove.forms import (
    Form,
    OutOfTime,
    Truth,
    all_of,
    formula,
    is_false,
    opposite,
    same,
    variables_of,
)
from policy_lang.backends.prove.reach import unknown_of
from policy_lang.backends.prove.regions import Condition
from policy_lang.backends.prove.space import KNOWN, Space, Unknown, value_in

_STEPS = 2_000_000
"""So much work of the solver is given to one step of making an example plainer: the same on every machine."""


@frozen(eq=False)
class Gap:
    """An example: `facts`, the `day` asked about, and those facts that are `left_out` and matter."""

    left_out: tuple[Unknown, ...]
    facts: dict[str, Any]
    day: int


@frozen(eq=False)
class Gaps:
    """An example of each kind that was found; `settled`: of the kinds without one it is proved that there is none."""

    lost: Gap | None = None  # decided before, and no longer
    gained: Gap | None = None  # undetermined before, and decided now
    other: Gap | None = None  # decided otherwise, whatever is left out
    settled: bool = True


def gaps(
    space: Space,
    old: Form,
    new: Form,
    roots: tuple[str, ...],
    deadline: float,
    *,
    other: bool,
    most_steps: int = 0,
) -> Gaps:
    """Where two forms over a partial space differ because facts are missing.

    `most_steps` bounds the work of the solver for each kind, alike on every machine; 0: only `deadline` does.
    With `other` also where both are decided, and differ all the same: there are no such facts where the forms are the
    same for complete facts, but for what is presumed of facts that are not given, and what is said of territories.
    """
    before, after = unknown_of(old), unknown_of(new)
    kinds: dict[str, Truth] = {
        "lost": all_of((opposite(before), after)),
        "gained": all_of((before, opposite(after))),
    }
    if other:
        kinds["other"] = all_of((opposite(before), opposite(after), opposite(same(old, new))))
    found: dict[str, Gap | None] = {}
    settled = True
    for kind, truth in kinds.items():
        try:
            found[kind] = facts_where(space, truth, roots, deadline, most_steps)
        except OutOfTime:
            settled = False
    return Gaps(**found, settled=settled)


def facts_where(
    space: Space, truth: Truth, roots: tuple[str, ...], deadline: float, most_steps: int = 0
) -> Gap | None:
    """Facts over a partial space for which something holds, with as few left out as can be; None: there are none.

    `roots` names the records that the facts must state. Raises `OutOfTime` where that is not settled by the moment
    `deadline` of the monotonic clock.
    """
    return None if is_false(truth) else _Search(space, roots, deadline, most_steps).example(truth)


@define(eq=False)
class _Search:
    space: Space
    roots: tuple[str, ...]
    deadline: float
    most_steps: int

    def example(self, truth: Truth) -> Gap | None:
        """Facts for which it holds, with as few left out as can be."""
        names = variables_of(formula(truth))
        unknowns = list(self.space.unknowns.values())
        plain = self.space.without_territories(one for one in unknowns if one.name in names)
        for more in (plain, []) if plain else ([],):
            solver = z3.Solver()
            solver.add(*self.space.background(), *more, formula(truth))
            if self._check(solver):
                return self._plainest(solver, solver.model(), unknowns, names)
        return None

    def _plainest(self, solver: Any, found: Any, unknowns: list[Unknown], names: set[str]) -> Gap:
        known = [one for one in unknowns if one.part == KNOWN]
        self._pin(solver, known)
        model = solver.model() if self._quick(solver) else found
        model = self._short(solver, unknowns, model)
        solver.add(*(one.variable == model.eval(one.variable, model_completion=True) for one in known))
        wanted = [one for one in unknowns if self._belongs(one, names)]
        wanted.sort(key=lambda one: (one.part != KNOWN, one.kind != "length", len(one.inside)))
        settled = {
            one.name: Condition(one, z3.is_true(model.eval(one.variable, model_completion=True)))
            for one in known
        }
        model = example(self.space, solver, self._quick, wanted, settled, model)
        left_out = [
            one
            for one in known
            if one.name in names
            and not z3.is_true(model.eval(one.variable, model_completion=True))
            and all(model.eval(count, True).as_long() > index for count, index in one.inside)
        ]
        day = next(value_in(model, one) for one in unknowns if one.kind == "asked")
        return Gap(tuple(left_out), facts_of(self.space, model, wanted, self.roots), day)

    def _pin(self, solver: Any, known: list[Unknown]) -> None:
        """Says that all these facts are given, but for some of those that cannot be given together."""
        given = {str(one.variable): one for one in sorted(known, key=self.space.rank)}
        out: list[Unknown] = []
        while True:
            answer = self._quick(solver, *(one.variable for one in given.values()))
            if answer is not False:
                break
            core = {str(one) for one in solver.unsat_core()}
            clash = [one for name, one in given.items() if name in core]
            last = min(clash, key=lambda one: (one.place[0] == "territories", len(one.inside)))
            del given[last.name]
            out.append(last)
        if answer is None:
            return
        if len(out) == 1:  # the first fact, as they are declared, that will do
            every = {**given, out[0].name: out[0]}
            for one in sorted(known, key=self.space.rank):
                rest = [other.variable for name, other in every.items() if name != one.name]
                if one is out[0] or self._quick(solver, *rest):
                    solver.add(*rest)
                    return
        solver.add(*(one.variable for one in given.values()))
        for one in out[:-1]:
            if self._quick(solver, one.variable):
                solver.add(one.variable)

    def _belongs(self, one: Unknown, names: Iterable[str]) -> bool:
        head = one.place[0]
        if one.kind == "asked" or head in self.roots or one.name in names:
            return True
        records = {record.name for program in self.space.programs for record in program.records}
        return head == "territories" or (len(one.place) == 1 and head not in records)

    def _short(self, solver: Any, unknowns: list[Unknown], model: Any) -> Any:
        """What the solver chose, with numbers that facts can state if there are such."""
        numbers = [one for one in unknowns if one.kind == "number" and not one.whole]
        values = [(one, value_in(model, one)) for one in numbers]
        if all(value is not None and is_short(value, one) for one, value in values):
            return model
        for places in (100, 1, 10**6):
            solver.push()
            for one in numbers:
                solver.add(one.variable * places == z3.ToReal(z3.Int(f"steps!{one.name}")))
            found = self._quick(solver)
            if found:
                model = solver.model()
            solver.pop()
            if found:
                break
        return model

    def _check(self, solver: Any, *assumed: Any) -> bool:
        answer = asked(solver, self.deadline, self.most_steps, *assumed)
        if answer is None:
            raise OutOfTime
        return answer

    def _quick(self, solver: Any, *assumed: Any) -> bool | None:
        return asked(solver, self.deadline, _STEPS, *assumed)
