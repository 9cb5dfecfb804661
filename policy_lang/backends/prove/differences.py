"""For which facts two forms differ: cases that together are all of them, each as wide as could be shown.

A difference is found as one set of facts, then what does not matter is dropped from it and what does is widened as
long as the solver proves that the change stays the same; then the next is sought outside of all found before.
"""

from __future__ import annotations

import time
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import z3
from attrs import define, field, frozen

from policy_lang.backends.prove.forms import (
    Form,
    Truth,
    all_of,
    any_of,
    equal_forms,
    formula,
    is_false,
    opposite,
    same,
    term,
)
from policy_lang.backends.prove.space import MOST_EVENTS, Space, Unknown, value_in, written
from policy_lang.program.countries import DEPENDENT
from policy_lang.program.types import Date, Dates, Type, is_numeric

MOST_CASES = 6
_STEP = 0.4
"""So many seconds are given to one step of making a case wider; where they do not suffice, it stays as it is."""


@frozen
class Range:
    """Numbers, day numbers or counts from `lower` to `upper`; None: without end."""

    lower: Fraction | int | None
    lower_open: bool
    upper: Fraction | int | None
    upper_open: bool


@frozen
class Words:
    """One of these words, or with `other` any but these."""

    words: tuple[str, ...]
    other: bool = False


@frozen(eq=False)
class Condition:
    """What one fact must be for the change to happen."""

    unknown: Unknown
    value: bool | Range | Words


Change: TypeAlias = Literal["other", "more", "less"]


@frozen(eq=False)
class Difference:
    """One case of a change. `facts` is an example, `day` the date asked about in it.

    `by` is how much more or less it is, where that is the same throughout the case.
    """

    conditions: tuple[Condition, ...]
    facts: dict[str, Any]
    day: int
    change: Change
    by: Fraction | None = None


@frozen(eq=False)
class Found:
    """All that was found: `complete` when the solver proved that there is no other case.

    `sizes`: lists of up to so many elements were gone through in full. `territories`: there are more that differ from these only in that some country is a territory of another.
    """

    cases: tuple[Difference, ...]
    complete: bool
    sizes: int
    territories: bool = False


class _OutOfTime(Exception):
    """The solver came to no end in the time allowed."""


def differences(
    space: Space,
    old: Form,
    new: Form,
    kind: Type | None,
    roots: tuple[str, ...],
    limit: float,
    most_cases: int = MOST_CASES,
) -> Found:
    """The cases in which two forms over one space differ, at most so many. `limit` is in seconds."""
    differ = opposite(same(old, new))
    if is_false(differ):
        return Found((), True, space.most)
    search = _Search(space, old, new, kind, roots, time.monotonic() + limit, formula(differ), most_cases)
    return search.run()


def can_be(space: Space, truth: Truth, limit: float) -> bool | None:
    """Whether something holds for any facts at all; None when that is not settled within so many seconds."""
    solver = z3.Solver()
    solver.set("timeout", max(1, int(limit * 1000)))
    solver.add(*space.background(), formula(truth))
    answer = solver.check()
    return None if answer == z3.unknown else bool(answer == z3.sat)


@define(eq=False)
class _Search:
    space: Space
    old: Form
    new: Form
    kind: Type | None
    roots: tuple[str, ...]
    deadline: float
    differ: Any
    most_cases: int
    relevant: list[Unknown] = field(init=False)
    blocked: list[Any] = field(factory=list)
    sizes: list[Any] = field(factory=list)
    plain: list[Any] = field(init=False)  # no country is a territory of another, unless the texts name it

    def run(self) -> Found:
        self.relevant = self._relevant()
        self.plain = self.space.without_territories(self.relevant)
        cases: list[Difference] = []
        lengths = [one for one in self.relevant if one.kind == "length" and not isinstance(one.type, Dates)]
        done = 0
        try:
            for most in range(1, self.space.most + 1) if lengths else (self.space.most,):
                self.sizes = [one.variable <= most for one in lengths]
                if not self._find(cases):
                    return Found(tuple(cases), False, done)
                done = most
            if not self.plain:
                return Found(tuple(cases), True, done)
            self.plain = []
            if not cases:
                return Found(tuple(cases), self._find(cases), done)
            rest = self._solver()
            rest.add(self.differ, *self.blocked)
            return Found(tuple(cases), True, done, self._check(rest))
        except _OutOfTime:
            return Found(tuple(cases), False, done)

    def _find(self, cases: list[Difference]) -> bool:
        """Gathers cases; whether they are all."""
        main = self._solver()
        main.add(self.differ, *self.blocked, *self.sizes)
        while self._check(main):
            if len(cases) >= self.most_cases:
                return False
            cases.append(self._case(main, self._short_model(main)))
        return True

    def _solver(self) -> Any:
        solver = z3.Solver()
        solver.add(*self.space.background(), *self.plain)
        return solver

    def _check(self, solver: Any, *assumed: Any) -> bool:
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _OutOfTime
        solver.set("timeout", max(1, int(left * 1000)))
        answer = solver.check(*assumed)
        if answer == z3.unknown:
            raise _OutOfTime
        return bool(answer == z3.sat)

    def _is_ruled_out(self, solver: Any, *assumed: Any) -> bool:
        """Whether the solver shows in the time for one step that this cannot be."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise _OutOfTime
        solver.set("timeout", int(max(1, min(left, _STEP) * 1000)))
        return bool(solver.check(*assumed) == z3.unsat)

    def _relevant(self) -> list[Unknown]:
        """The facts that the difference speaks of, the date asked about last."""
        names: set[str] = set()
        seen: set[int] = set()
        waiting = [self.differ]
        while waiting:
            one = waiting.pop()
            if one.get_id() in seen:
                continue
            seen.add(one.get_id())
            if z3.is_const(one) and one.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                name = str(one)
                names.add(name)
                if name in self.space.days.source:
                    waiting.append(self.space.days.source[name])
            waiting.extend(one.children())
        found = [one for name, one in self.space.unknowns.items() if name in names]
        return sorted(found, key=lambda one: one.kind == "asked")

    def _short_model(self, main: Any) -> Any:
        """What the solver chose, with numbers that facts can state if there are such."""
        model = main.model()
        numbers = [one for one in self.relevant if one.kind == "number" and not one.whole]
        values = [(one, value_in(model, one)) for one in numbers]
        if all(value is not None and _is_short(value, one) for one, value in values):
            return model
        for places in (100, 1, 10**6):
            main.push()
            for one in numbers:
                main.add(one.variable * places == z3.ToReal(z3.Int(f"steps!{one.name}")))
            left = min(_STEP, self.deadline - time.monotonic())
            main.set("timeout", max(1, int(left * 1000)))
            found = main.check() == z3.sat
            if found:
                model = main.model()
            main.pop()
            if found:
                break
        return model

    # ------------------------------------------------------------------------------------ one case

    def _case(self, main: Any, model: Any) -> Difference:
        change, kept = self._change(model)
        inner = self._solver()
        inner.add(z3.Not(formula(kept)))
        values = {one.name: value_in(model, one) for one in self.relevant}
        conditions = self._widened(inner, model, values)
        formulas = [formula_of(self.space, one) for one in conditions]
        self.blocked.append(z3.Not(z3.And(*formulas)) if formulas else z3.BoolVal(False))
        main.add(self.blocked[-1])
        example = self._solver()
        example.add(formula(kept), *formulas)
        facts, day = self._example(example, conditions, values)
        return Difference(tuple(conditions), facts, day, change, self._by(change, formulas, facts))

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

    def _by(self, change: Change, formulas: list[Any], facts: dict[str, Any]) -> Fraction | None:
        """How much more or less, where that is always the same."""
        del facts
        if change == "other" or not is_numeric(self.kind or Date()):
            return None
        try:
            one = self._solver()
            one.add(*formulas, self.differ)
            if not self._check(one):
                return None
            gap = term(self.new.content) - term(self.old.content)
            found = one.model().eval(gap, model_completion=True)
            if not z3.is_rational_value(found):
                return None
            one.add(gap != found)
            return None if self._check(one) else abs(Fraction(found.as_fraction()))
        except _OutOfTime:
            return None

    # ------------------------------------------------------------------------------------- widening

    def _is_there(self, one: Unknown, model: Any) -> bool:
        return all(model.eval(count, True).as_long() > index for count, index in one.inside)

    def _widened(self, inner: Any, model: Any, values: dict[str, Any]) -> list[Condition]:
        there = [one for one in self.relevant if self._is_there(one, model)]
        marks = [z3.Bool(f"mark!{n}") for n in range(len(there))]
        inner.push()
        for mark, one in zip(marks, there, strict=True):
            inner.add(z3.Implies(mark, one.variable == model.eval(one.variable, True)))
        ruled_out = self._is_ruled_out(inner, *marks)
        core = {str(one) for one in (inner.unsat_core() if ruled_out else marks)}
        left = [(mark, one) for mark, one in zip(marks, there, strict=True) if str(mark) in core]
        for pair in list(left):
            rest = [mark for mark, _ in left if mark is not pair[0]]
            if self._is_ruled_out(inner, *rest):
                left.remove(pair)
        inner.pop()
        left.sort(key=lambda pair: len(pair[1].inside))
        conditions = [Condition(one, self._exactly(one, values[one.name])) for _, one in left]
        for number in range(len(conditions)):
            conditions[number] = self._widest(inner, conditions, number)
        return [one for one in conditions if not _is_anything(self.space, one)]

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

        try:
            if isinstance(this.value, Words):
                return Condition(this.unknown, self._more_words(this, holds))
            if isinstance(this.value, Range) and this.value.lower is not None:
                return Condition(this.unknown, self._longer(this, this.value, holds))
            return this
        finally:
            inner.pop()

    def _is_ruled_out_with(self, inner: Any, more: Any) -> bool:
        inner.push()
        try:
            inner.add(more)
            return self._is_ruled_out(inner)
        finally:
            inner.pop()

    def _more_words(self, this: Condition, holds: Any) -> Words:
        assert isinstance(this.value, Words)
        options = this.unknown.options
        known = [one for one in options if one in self.space.mentioned or one in this.value.words]
        rest = len(known) < len(options)
        good = [one for one in known if one in this.value.words or holds(Words((one,)))]
        bad = tuple(one for one in known if one not in good)
        if rest and holds(Words(tuple(known), other=True)):
            return Words(bad, other=True)
        return Words(tuple(good))

    def _longer(self, this: Condition, start: Range, holds: Any) -> Range:
        kind = this.unknown.kind
        value = start.lower
        assert value is not None
        if kind == "number":
            points: list[Any] = list(self.space.numbers)
        else:
            points = [day + move for day in self.space.dates for move in (-1, 0, 1)]
            points = sorted(set(points)) if kind != "length" else list(range(10))
        upper = _end(
            [
                Range(start.lower, False, one, is_open)
                for one in points
                if one > value
                for is_open in (True, False)
            ],
            Range(start.lower, False, None, True),
            holds,
        )
        best = upper or start
        lower = _end(
            [
                Range(one, is_open, best.upper, best.upper_open)
                for one in reversed(points)
                if one < value
                for is_open in (True, False)
            ],
            Range(None, True, best.upper, best.upper_open),
            holds,
        )
        best = lower or best
        if kind in ("date", "asked"):
            best = _to_the_day(best, holds)
        if kind == "length" and not isinstance(this.unknown.type, Dates) and best.upper is None:
            return Range(
                best.lower, best.lower_open, self.space.most, False
            )  # longer ones were not looked at
        return best

    # ------------------------------------------------------------------------------------- examples

    def _example(
        self, solver: Any, conditions: list[Condition], values: dict[str, Any]
    ) -> tuple[dict[str, Any], int]:
        """Facts in which the change happens, as plain as they can be."""
        by_name = {one.unknown.name: one for one in conditions}
        wanted = [one for one in self.space.unknowns.values() if self._belongs(one)]
        wanted.sort(key=lambda one: (one.kind != "length", len(one.inside)))
        chosen: dict[str, Any] = {}
        self.deadline = max(self.deadline, time.monotonic() + 2)
        for one in wanted:
            lengths = {str(count): count for count, _ in one.inside}
            if any(
                chosen.get(name, 0) <= index for name, (_, index) in zip(lengths, one.inside, strict=False)
            ):
                continue
            chosen[one.name] = self._plainest(solver, one, by_name.get(one.name), values.get(one.name))
        day = next(chosen[one.name] for one in wanted if one.kind == "asked")
        return self._facts(wanted, chosen), day

    def _belongs(self, one: Unknown) -> bool:
        head = one.place[0]
        if one.kind == "asked" or head in self.roots:
            return True
        return one in self.relevant or (len(one.place) == 1 and head not in self._root_names())

    def _root_names(self) -> set[str]:
        return {r.name for program in self.space.programs for r in program.records}

    def _plainest(self, solver: Any, one: Unknown, condition: Condition | None, found: Any) -> Any:
        tried: list[Any] = []
        for value in [*_candidates(self.space, one, condition), found]:
            if value is None or value in tried or (one.kind == "number" and not _is_short(value, one)):
                continue
            tried.append(value)
            solver.push()
            solver.add(one.variable == term(value))
            if self._check(solver):
                return value
            solver.pop()
        self._check(solver)
        value = value_in(solver.model(), one)
        solver.add(one.variable == solver.model().eval(one.variable, True))
        return value

    def _facts(self, wanted: list[Unknown], chosen: dict[str, Any]) -> dict[str, Any]:
        facts: dict[str, Any] = {name: {} for name in self.roots}
        none = {one.place for one in wanted if one.part == "none" and chosen.get(one.name) is True}
        parts: dict[tuple[Any, ...], dict[str, Any]] = {}
        for one in wanted:
            if one.kind == "asked" or one.name not in chosen:
                continue
            value = chosen[one.name]
            if one.kind == "length" and not isinstance(one.type, Dates):
                _put(facts, one.place, [{} for _ in range(value)])
            elif one.place in none:
                _put(facts, one.place, "none")
            elif one.part == "none":
                continue
            elif one.part:
                parts.setdefault(one.place, {})[one.part] = (
                    value if one.kind == "number" else written(self.space, one, value)
                )
            elif value is not None:
                _put(facts, one.place, written(self.space, one, value))
        for place, said in parts.items():
            _put(facts, place, _joined(said))
        return facts


def _joined(said: dict[str, Any]) -> Any:
    if "first" in said:
        return f"{said['first']} to {said['last']}"
    if "years" in said:
        return f"{int(said['years'])} years {int(said['months'])} months {int(said['days'])} days"
    return [said[str(n)] for n in range(min(said["count"], MOST_EVENTS))] or "none"


def _put(facts: dict[str, Any], place: tuple[Any, ...], value: Any) -> None:
    if len(place) == 1 and "." in str(place[0]):
        place = tuple(str(place[0]).split("."))
    holder: Any = facts
    for step in place[:-1]:
        if isinstance(step, int):
            holder = holder[step]
        else:
            holder = holder.setdefault(step, {})
    holder[place[-1]] = value


def _holds(model: Any, truth: Truth) -> bool:
    if isinstance(truth, bool):
        return truth
    return bool(z3.is_true(model.eval(truth, model_completion=True)))


def _end(steps: list[Range], whole: Range, holds: Any) -> Range | None:
    """The widest of these, each wider than the one before, that holds; all hold up to some step and none after."""
    if holds(whole):
        return whole
    low, high = 0, len(steps)
    while low < high:
        middle = (low + high) // 2
        if holds(steps[middle]):
            low = middle + 1
        else:
            high = middle
    return steps[low - 1] if low else None


def _to_the_day(best: Range, holds: Any) -> Range:
    """Moves the ends of a stretch of days, each to the very day on which it ends."""
    lower, upper = best.lower, best.upper
    best = Range(
        None if lower is None else lower + best.lower_open,
        False,
        None if upper is None else upper - best.upper_open,
        False,
    )
    for side in (-1, 1):
        end = best.lower if side == -1 else best.upper
        if end is None:
            continue
        reach = 1
        while reach < 4_000_000 and holds(_stretched(best, side, reach)):
            best = _stretched(best, side, reach)
            reach *= 2
        while reach > 1:
            reach //= 2
            if holds(_stretched(best, side, reach)):
                best = _stretched(best, side, reach)
    return best


def _stretched(one: Range, side: int, by: int) -> Range:
    if side == -1:
        assert one.lower is not None
        return Range(one.lower - by, False, one.upper, False)
    assert one.upper is not None
    return Range(one.lower, False, one.upper + by, False)


def formula_of(space: Space, one: Condition) -> Any:
    """When a condition holds."""
    variable = one.unknown.variable
    match one.value:
        case bool():
            return variable if one.value else z3.Not(variable)
        case Words(words, other):
            among = z3.Or(*(variable == space.word(word) for word in words))
            return z3.Not(among) if other else among
        case Range(lower, lower_open, upper, upper_open):
            parts = []
            if lower is not None:
                parts.append(variable > term(lower) if lower_open else variable >= term(lower))
            if upper is not None:
                parts.append(variable < term(upper) if upper_open else variable <= term(upper))
            return z3.And(*parts)


def _is_anything(space: Space, one: Condition) -> bool:
    """Whether a condition leaves every value open after all."""
    del space
    if isinstance(one.value, Words):
        return one.value.other and not one.value.words
    return isinstance(one.value, Range) and one.value.lower is None and one.value.upper is None


def _candidates(space: Space, one: Unknown, condition: Condition | None) -> list[Any]:
    """Plain values, those at the ends of the condition first."""
    found: list[Any] = []
    value = condition.value if condition is not None else None
    if isinstance(value, Range):
        found += [
            value.lower if not value.lower_open else None,
            value.upper if not value.upper_open else None,
        ]
        if one.kind == "number":
            near = [end for end in (value.lower, value.upper) if end is not None]
            found += [end + step for end in near for step in (1, -1, Fraction(1, 100), Fraction(-1, 100))]
            if value.lower is not None and value.upper is not None:
                found.append((Fraction(value.lower) + Fraction(value.upper)) / 2)
    elif isinstance(value, Words) and not value.other:
        found += [space.word(word) for word in value.words]
    elif isinstance(value, bool):
        return [value]
    match one.kind:
        case "yes or no":
            found += [False, True]
        case "length":
            found += [0, 1, 2, 3]
        case "date" | "asked":
            found += [739617]  # 2026-01-01
        case "number":
            found += [Fraction(n) for n in (0, 1, 100, 1000)]
        case "word":
            first = [space.word(word) for word in one.options if word in space.mentioned]
            found += (first or [space.word(word) for word in one.options])[:3]
    return found


def _is_short(value: Fraction, one: Unknown) -> bool:
    """Whether facts can state this number."""
    if one.whole:
        return value.denominator == 1
    places = 10 ** (one.decimals if one.decimals is not None else 6)
    return bool((value * places).denominator == 1)


def without_idle_territories(facts: dict[str, Any], space: Space) -> dict[str, Any]:
    """The facts without territories that no country in them has to do with."""
    stated = facts.get("territories")
    if not stated:
        return facts
    used: set[str] = set()
    waiting: list[Any] = [value for key, value in facts.items() if key != "territories"]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, str):
            used.add(one)
    kept = {
        name: value
        for name, value in stated.items()
        if name in used or (name in space.mentioned and DEPENDENT[name] in used)
    }
    rest = {key: value for key, value in facts.items() if key != "territories"}
    return {**rest, "territories": kept} if kept else rest
