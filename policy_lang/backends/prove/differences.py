"""For which facts two forms differ: cases that together are all of them, each as wide as could be shown.

A difference is found as one set of facts, then what does not matter is dropped from it and what does is widened as
long as the solver proves that the change stays the same; then the next is sought outside of all found before.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import z3
from attrs import define, field, frozen

from policy_lang.backends.prove.asking import asked
from policy_lang.backends.prove.examples import all_short, example, facts_of, in_steps
from policy_lang.backends.prove.forms import (
    Form,
    OutOfTime,
    Truth,
    all_of,
    any_of,
    equal_forms,
    formula,
    is_false,
    is_formula,
    opposite,
    same,
    term,
    variables_of,
)
from policy_lang.backends.prove.regions import (
    Condition,
    Part,
    Range,
    Some,
    Words,
    for_some,
    formula_of,
    is_anything,
)
from policy_lang.backends.prove.space import Space, Unknown, value_in
from policy_lang.backends.prove.standins import StandIns
from policy_lang.backends.prove.widening import widest
from policy_lang.program.types import Date, Dates, Type, is_numeric

MOST_CASES = 12
_STEP = 2_000_000
"""So much work of the solver, less than half a second, is given to one step of making a case wider; where it does not
suffice, the case stays as it is. Counted in work and not in time, it gives the same cases on every machine."""

_CHECK = 40_000_000
"""And so much to finding one more case, or to showing that there is none."""

Change: TypeAlias = Literal["other", "more", "less"]


@frozen(eq=False)
class Difference:
    """One case of a change. `facts` is an example, `day` the date asked about in it.

    `by` is how much more or less it is, where that is the same throughout the case. `region` is the whole case;
    None where there was no time to see how far it reaches, so that only the example is known.
    """

    conditions: tuple[Part, ...]
    facts: dict[str, Any]
    day: int
    change: Change
    by: Fraction | None
    region: Any


@frozen(eq=False)
class Found:
    """All that was found: `complete` when the solver proved that there is no other case.

    `sizes`: lists of up to so many elements were gone through in full; None where it does not matter how long they are.
    `territories`: what is said here of a country is not so of every territory of it, or of others; None: that is not
    settled.
    `queries` are what the solver found to have no answer, so that the cases are all.
    """

    cases: tuple[Difference, ...]
    complete: bool
    sizes: int | None
    territories: bool | None = False
    queries: tuple[tuple[Any, ...], ...] = ()

    @property
    def speaks_of_rules(self) -> bool:
        """Whether some case says what a rule gives, rather than what the facts are."""
        parts = [part for case in self.cases for part in case.conditions]
        held = [one for part in parts for one in (part.conditions if isinstance(part, Some) else (part,))]
        return any(one.unknown.said for one in held)


def differences(
    space: Space,
    old: Form,
    new: Form,
    kind: Type | None,
    roots: tuple[str, ...],
    limit: float,
    stand_ins: StandIns | None = None,
    most_cases: int = MOST_CASES,
    patience: int = 100,
    most_steps: int = 100_000,
) -> Found:
    """The cases in which two forms over one space differ, at most so many. `limit` is in seconds."""
    differ = opposite(same(old, new))
    if is_false(differ):
        return Found((), True, None)
    deadline = time.monotonic() + limit
    search = _Search(
        space, old, new, kind, roots, deadline, formula(differ), stand_ins, most_cases, patience, most_steps
    )
    return search.run()


def can_be(space: Space, truth: Truth, limit: float) -> bool | None:
    """Whether something holds for any facts at all; None when that is not settled within so many seconds."""
    solver = z3.SimpleSolver()
    solver.add(*space.background(), formula(truth))
    return asked(solver, time.monotonic() + max(limit, 0.001), 0)


@define(eq=False)
class _Search:
    space: Space
    old: Form
    new: Form
    kind: Type | None
    roots: tuple[str, ...]
    deadline: float
    differ: Any
    stand_ins: StandIns | None
    most_cases: int
    patience: int  # so many steps may be too much work before the whole is given up
    most_steps: int
    relevant: list[Unknown] = field(init=False)  # what the difference speaks of, the date asked about last
    below: list[Unknown] = field(init=False)  # the facts that these rest on
    near: list[Any] = field(init=False)  # what has to hold of what the difference speaks of
    meaning: list[Any] = field(init=False)  # what stands for something stands for it
    blocked: list[Any] = field(factory=list)
    sizes: list[Any] = field(factory=list)
    plain: list[Any] = field(init=False)  # no country is a territory of another, unless the texts name it
    proofs: list[tuple[Any, ...]] = field(factory=list)
    given_up: int = 0  # so many steps were too much work
    steps: int = 0
    far: bool = True  # the last proof needed to know what stands for what

    def run(self) -> Found:
        self.meaning = [] if self.stand_ins is None else self.stand_ins.meaning
        self._look_round()
        self.plain = self.space.without_territories([*self.relevant, *self.below])
        cases: list[Difference] = []
        lengths = [one for one in self.relevant if one.kind == "length" and not isinstance(one.type, Dates)]
        done: int | None = 0
        try:
            for most in range(1, self.space.most + 1) if lengths else (None,):
                self.sizes = [one.variable <= most for one in lengths]
                if not self._find(cases):
                    return Found(tuple(cases), False, done)
                done = most if lengths else self._whatever_length()
            territories: bool | None = False
            if self.plain:
                self.plain = []
                if not cases:
                    complete = self._find(cases)
                    return Found(tuple(cases), complete, done, queries=tuple(self.proofs))
                territories = self._is_otherwise(cases)
            return Found(tuple(self._needed(cases)), True, done, territories, tuple(self.proofs))
        except OutOfTime:
            return Found(tuple(cases), False, done)

    def _whatever_length(self) -> int | None:
        """Up to which length of lists the last proof holds, where they bear only on what stands for something."""
        if self.far and any(one.kind == "length" and not isinstance(one.type, Dates) for one in self.below):
            return self.space.most
        return None

    def _find(self, cases: list[Difference]) -> bool:
        """Gathers cases; whether they are all."""
        rough = self._solver(self.near)
        rough.add(self.differ, *self.blocked, *self.sizes)
        main = self._solver(self.space.background(), self.meaning)
        main.add(self.differ, *self.blocked, *self.sizes)
        while True:
            self.far = not self.meaning or self._check(rough)
            if not self.far or not self._check(main):
                break
            if len(cases) >= self.most_cases:
                return False
            model = main.model()
            try:
                model = self._short_model(main)
                cases.append(self._case(model))
            except OutOfTime:
                cases.append(self._example_alone(model))
                raise
            rough.add(self.blocked[-1])
            main.add(self.blocked[-1])
        self.proofs.append(
            (*self.space.background(), *self.plain, *self.meaning, *self.sizes, self.differ, *self.blocked)
        )
        return True

    def _is_otherwise(self, cases: list[Difference]) -> bool | None:
        """Whether, territories being left free, there are changes outside of the cases, or none somewhere inside."""
        outside = self._is_left([self.differ, *self.blocked])
        if outside is not False:
            return outside
        return self._is_left([z3.Or(*(one.region for one in cases)), z3.Not(self.differ)])

    def _is_left(self, parts: list[Any]) -> bool | None:
        """Whether this can be, for facts of any kind; None when that is not settled."""
        rough = self._solver(self.near)
        rough.add(*parts)
        rest = self._solver(self.space.background(), self.meaning)
        rest.add(*parts)
        try:
            return (not self.meaning or self._check(rough)) and self._check(rest)
        except OutOfTime:
            return None

    def _needed(self, cases: list[Difference]) -> list[Difference]:
        """The cases without those that lie in the others together."""
        kept = list(cases)
        for one in sorted(cases, key=lambda one: -len(one.conditions)):
            others = [z3.Not(other.region) for other in kept if other is not one]
            if not others or self.deadline <= time.monotonic():
                continue
            solver = self._solver(self.near)
            solver.add(one.region, *others)
            if self._quick(solver) is False:
                kept.remove(one)
        return kept

    def _solver(self, *given: Iterable[Any]) -> Any:
        solver = z3.SimpleSolver()  # the other one tries for half a second what helps only elsewhere
        solver.add(*(one for parts in given for one in parts), *self.plain)
        return solver

    def _check(self, solver: Any, *assumed: Any) -> bool:
        answer = asked(solver, self.deadline, _CHECK, *assumed)
        if answer is None:
            raise OutOfTime
        return answer

    def _quick(self, solver: Any, *assumed: Any) -> bool | None:
        """The same, in the time for one step; None when that does not suffice."""
        answer = asked(solver, self.deadline, _STEP, *assumed)
        self.given_up += answer is None
        return answer

    def _is_ruled_out(self, solver: Any, *assumed: Any) -> bool:
        """Whether the solver shows in the time for one step that this cannot be."""
        self.steps += 1
        if self.deadline <= time.monotonic() or self.given_up > self.patience or self.steps > self.most_steps:
            raise OutOfTime
        return self._quick(solver, *assumed) is False

    def _look_round(self) -> None:
        """Finds the facts that the difference speaks of, and what has to hold of them."""
        unknowns = dict(self.space.unknowns)
        if self.stand_ins is not None:
            unknowns.update(self.stand_ins.unknowns)
        direct = variables_of(self.differ, *_formulas(self.old), *_formulas(self.new))
        waiting = list(direct)
        while waiting:  # parts of dates rest on the dates
            source = self.space.days.source.get(waiting.pop())
            if source is not None:
                more = variables_of(source) - direct
                direct |= more
                waiting.extend(more)
        if self.stand_ins is not None:
            direct.update(self.stand_ins.compared)
        self.near = _about(set(direct), self.space.valid, self.space.days.known)
        everything = direct | variables_of(*self.meaning, *self.near)
        order = sorted(unknowns.values(), key=self.space.rank)
        self.relevant = [one for one in order if one.name in direct]
        self.below = [
            one for one in order if one.name in everything and one.name not in direct and not one.said
        ]

    def _short_model(self, main: Any) -> Any:
        """What the solver chose, with numbers that facts can state if there are such."""
        model = main.model()
        facts = [one for one in (*self.relevant, *self.below) if not one.said]
        if all_short(model, facts):
            return model
        for places in (100, 1, 10**6):
            main.push()
            main.add(*in_steps(facts, places))
            found = self._quick(main)
            if found:
                model = main.model()
            main.pop()
            if found:
                break
        return model

    # ------------------------------------------------------------------------------------ one case

    def _case(self, model: Any) -> Difference:
        change, kept = self._change(model)
        inner = self._solver(self.near)
        inner.add(z3.Not(formula(kept)))
        conditions = self._for_some(inner, self._widened(inner, model))
        region = (
            z3.And(*(formula_of(self.space, one) for one in conditions)) if conditions else z3.BoolVal(True)
        )
        self.blocked.append(z3.Not(region))
        facts, day = self._example(kept, region, conditions, model)
        return Difference(tuple(conditions), facts, day, change, self._by(change, region), region)

    def _example_alone(self, model: Any) -> Difference:
        """A case of which only the example is known."""
        wanted = self._wanted()
        day = next(value_in(model, one) for one in wanted if one.kind == "asked")
        facts = facts_of(self.space, model, wanted, self.roots)
        return Difference((), facts, day, self._change(model)[0], None, None)

    def _change(self, model: Any) -> tuple[Change, Truth]:
        """What the change is in this example, and when it is the same change."""
        sides: list[Truth] = []
        both_there = True
        for form in (self.old, self.new):
            reason = next((r for r, t in form.gone.items() if _holds(model, t)), None)
            if reason is not None:
                sides.append(form.gone[reason])
                both_there = False
            elif _holds(model, form.none):
                sides.append(all_of((opposite(form.is_gone), form.none)))
                both_there = False
            else:
                there = all_of((opposite(form.is_gone), opposite(form.none)))
                sides.append(all_of((there, self._value_kept(model, form))))
        if both_there and self.kind is not None and (is_numeric(self.kind) or isinstance(self.kind, Date)):
            a, b = term(self.old.content), term(self.new.content)
            more = _holds(model, b > a)
            sides.append(b > a if more else b < a)
            return ("more" if more else "less"), all_of(sides)
        sides.append(any_of((self.old.is_gone, self.new.is_gone, opposite(equal_forms(self.old, self.new)))))
        return "other", all_of(sides)

    def _value_kept(self, model: Any, form: Form) -> Truth:
        """Words and yes or no must stay as they are; numbers, dates and periods need not."""
        content = form.content
        if isinstance(content, z3.BoolRef):
            return content if _holds(model, content) else opposite(content)
        if isinstance(content, z3.ArithRef) and self._is_word():
            return content == model.eval(content, model_completion=True)
        return True

    def _is_word(self) -> bool:
        return self.kind is None or not (is_numeric(self.kind) or isinstance(self.kind, Date))

    def _by(self, change: Change, region: Any) -> Fraction | None:
        """How much more or less, where that is always the same."""
        if change == "other" or not is_numeric(self.kind or Date()):
            return None
        one = self._solver(self.near)
        one.add(region, self.differ)
        if not self._quick(one):
            return None
        gap = term(self.new.content) - term(self.old.content)
        found = one.model().eval(gap, model_completion=True)
        if not z3.is_rational_value(found):
            return None
        one.add(gap != found)
        return abs(Fraction(found.as_fraction())) if self._quick(one) is False else None

    # ------------------------------------------------------------------------------------- widening

    def _is_there(self, one: Unknown, model: Any) -> bool:
        return all(model.eval(count, True).as_long() > index for count, index in one.inside)

    def _widened(self, inner: Any, model: Any) -> list[Condition]:
        values = {one.name: value_in(model, one) for one in self.relevant}
        there = [one for one in self.relevant if self._is_there(one, model) and self._counts(one, model)]
        marks = [z3.Bool(f"mark!{n}") for n in range(len(there))]
        inner.push()
        for mark, one in zip(marks, there, strict=True):
            inner.add(z3.Implies(mark, one.variable == model.eval(one.variable, True)))
            if one.there is not None:
                inner.add(z3.Implies(mark, formula(one.there)))
        ruled_out = self._is_ruled_out(inner, *marks)
        core = {str(one) for one in (inner.unsat_core() if ruled_out else marks)}
        left = [(mark, one) for mark, one in zip(marks, there, strict=True) if str(mark) in core]
        for pair in list(left):
            rest = [mark for mark, _ in left if mark is not pair[0]]
            if self._is_ruled_out(inner, *rest):
                left.remove(pair)
        inner.pop()
        conditions = [Condition(one, self._exactly(one, values[one.name])) for _, one in left]
        for number in range(len(conditions)):
            conditions[number] = self._widest(inner, conditions, number)
        return [one for one in conditions if not is_anything(one)]

    def _counts(self, one: Unknown, model: Any) -> bool:
        """Whether a value that stands for something is one in this example."""
        if one.reason:
            return _holds(model, one.variable)
        return one.there is None or _holds(model, one.there)

    def _exactly(self, one: Unknown, value: Any) -> bool | Range | Words:
        if one.kind == "yes or no":
            return bool(value)
        if one.kind == "word":
            return Words((self.space.names[value],))
        return Range(value, False, value, False)

    def _widest(self, inner: Any, conditions: list[Condition], number: int) -> Condition:
        """The widest condition found for one fact, the others staying as they are."""
        this = conditions[number]
        inner.push()
        for n, other in enumerate(conditions):
            if n != number:
                inner.add(formula_of(self.space, other))

        def holds(value: Range | Words) -> bool:
            return self._is_ruled_out_with(inner, formula_of(self.space, Condition(this.unknown, value)))

        def edge(above: bool, end: Fraction) -> tuple[Fraction, bool] | None:
            return self._edge(inner, this.unknown, above, end)

        try:
            return widest(self.space, this, holds, edge)
        finally:
            inner.pop()

    def _edge(self, inner: Any, one: Unknown, above: bool, end: Fraction) -> tuple[Fraction, bool] | None:
        """The nearest number beyond an end for which what the solver is to rule out is so."""
        best = z3.Optimize()
        best.set("timeout", 400)
        variable, there = one.variable, True if one.there is None else one.there
        best.add(*inner.assertions(), formula(there), variable > term(end) if above else variable < term(end))
        aim = best.minimize(variable) if above else best.maximize(variable)
        if self.deadline <= time.monotonic() or best.check() != z3.sat:
            return None
        infinite, value, tiny = (
            Fraction(str(one)) if z3.is_rational_value(one) or z3.is_int_value(one) else None
            for one in (best.lower_values(aim) if above else best.upper_values(aim))
        )
        return None if infinite != 0 or value is None else (value, tiny == 0)

    def _is_ruled_out_with(self, inner: Any, *more: Any) -> bool:
        inner.push()
        try:
            inner.add(*more)
            return self._is_ruled_out(inner)
        finally:
            inner.pop()

    def _for_some(self, inner: Any, conditions: list[Condition]) -> list[Part]:
        """The conditions with what is asked of elements of lists asked of some, whichever they are."""
        held = [one for one in conditions if one.unknown.inside]
        rest: list[Part] = [one for one in conditions if not one.unknown.inside]
        if not held:
            return rest
        unknowns = dict(self.space.unknowns)
        if self.stand_ins is not None:
            unknowns.update(self.stand_ins.unknowns)
        some = for_some(self.space, unknowns, held)
        if some is None:
            return list(conditions)
        lists = {str(count) for one in held for count, _ in one.unknown.inside}
        loose = [one for one in rest if isinstance(one, Some) or one.unknown.name not in lists]
        for kept in (loose, rest):
            if self._is_ruled_out_with(inner, some.truth, *(formula_of(self.space, one) for one in kept)):
                asked = [one for one in kept if isinstance(one, Condition) and one.unknown.kind == "asked"]
                return [*(one for one in kept if one not in asked), some, *asked]
        return list(conditions)

    # ------------------------------------------------------------------------------------- examples

    def _example(
        self, kept: Truth, region: Any, conditions: list[Part], found: Any
    ) -> tuple[dict[str, Any], int]:
        """Facts in which the change happens, as plain as they can be."""
        held = [
            one for part in conditions for one in (part.conditions if isinstance(part, Some) else (part,))
        ]
        named = {one.unknown.name: one for one in held}
        wanted = self._wanted()
        solver = self._solver(self.space.background(), self.meaning)
        solver.add(formula(kept), region)
        model = example(self.space, solver, self._quick, wanted, named, found)
        day = next(value_in(model, one) for one in wanted if one.kind == "asked")
        return facts_of(self.space, model, wanted, self.roots), day

    def _wanted(self) -> list[Unknown]:
        """The facts that an example states."""
        known = {one.name for one in (*self.relevant, *self.below)}
        wanted = [one for one in self.space.unknowns.values() if self._belongs(one, known)]
        wanted.sort(key=lambda one: (one.kind != "length", one.name not in known, len(one.inside)))
        return wanted

    def _belongs(self, one: Unknown, known: set[str]) -> bool:
        head = one.place[0]
        if one.kind == "asked" or head in self.roots:
            return True
        return one.name in known or (len(one.place) == 1 and head not in self._root_names())

    def _root_names(self) -> set[str]:
        return {r.name for program in self.space.programs for r in program.records}


def _holds(model: Any, truth: Truth) -> bool:
    if isinstance(truth, bool):
        return truth
    return bool(z3.is_true(model.eval(truth, model_completion=True)))


def _formulas(form: Form) -> list[Any]:
    """The formulas that a form is made of."""
    contents = form.content if isinstance(form.content, tuple) else (form.content,)
    return [one for one in (*contents, *form.gone.values(), form.none) if is_formula(one)]


def _about(names: set[str], linked: list[Any], defining: list[Any]) -> list[Any]:
    """The formulas that bear on these names, directly or through others; of `defining` only those of parts named."""
    parts = [(one, variables_of(one)) for one in defining]
    left = [(one, variables_of(one)) for one in linked]
    found = [one for one, spoken in parts if any("!" in name and name in names for name in spoken)]
    while True:
        new = [pair for pair in left if pair[1] & names]
        if not new:
            return found
        left = [pair for pair in left if not pair[1] & names]
        for one, spoken in new:
            found.append(one)
            names |= spoken
