"""Facts that meet a condition, as near as can be to facts that are given, and plain where they have to differ."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any, Literal, TypeAlias

import z3
from attrs import define, field, frozen

from policy_lang.backends.prove.asking import asked
from policy_lang.backends.prove.space import KNOWN, MOST_EVENTS, Space, Unknown, value_in, written
from policy_lang.program.types import Dates, Number

_WORK = 12_000_000
_QUICK_WORK = 1_000_000
"""So many steps of the solver are given to a question, and to one that only makes facts plainer: not a time, so that the
same question has the same answer on every machine."""

_MOST_ASKED = 600
"""So many questions are asked for one goal."""

_THIRD = ("CL", "US", "JP", "CN")
"""Countries to be outside of a list, the likeliest to be asked about first."""


@frozen(eq=False)
class Example:
    """Complete facts that meet a condition, with the date and the assumptions taken otherwise."""

    facts: dict[str, Any]
    day: int
    assume: dict[str, bool]
    values: Mapping[str, Any]  # by the name of the unknown


Answer: TypeAlias = Example | Literal["never", "unsettled"]


def nearest(
    space: Space,
    truth: Any,
    names: frozenset[str],
    like: Mapping[str, Any],
    assumed: Mapping[str, bool],
    until: float,
) -> Answer:
    """Facts that meet `truth`, which speaks of the unknowns with these names.

    `like` has values by the name of the unknown; `assumed` what the text assumes, by the name that the solver uses;
    `until` is when all time is over, by the clock that only goes on.
    """
    try:
        return _Search(space, truth, names, like, assumed, until).run()
    except _OutOfTime:
        return "unsettled"


def unit_of(unknown: Unknown) -> Fraction:
    """The smallest step of a fact that a text can mean: a day, a cent, one of what is counted."""
    if unknown.whole or unknown.kind in ("date", "asked", "length"):
        return Fraction(1)
    if unknown.decimals is not None:
        return Fraction(1, 10**unknown.decimals)
    return Fraction(1) if isinstance(unknown.type, Number) else Fraction(1, 100)


class _OutOfTime(Exception):
    """The solver came to no end in the time allowed."""


@define(eq=False)
class _Search:
    """One goal: values are kept as they were where that can be, and plain where it cannot."""

    space: Space
    truth: Any
    names: frozenset[str]
    like: Mapping[str, Any]
    assumed: Mapping[str, bool]
    until: float
    asked: int = 0
    solver: Any = field(init=False)

    def run(self) -> Answer:
        space = self.space
        unknowns = [one for name, one in space.unknowns.items() if name in self.names]
        unknowns.sort(key=lambda one: (one.kind != "length", len(one.inside)))
        assumptions = sorted(name for name in self.names if name.startswith("assume!"))
        self.solver = z3.Solver()
        self.solver.add(*space.background(), *space.without_territories(unknowns), self.truth)
        marks: dict[str, Any] = {}
        for one in unknowns:
            value = self.like.get(one.name, _usual(space, one))
            marks[one.name] = one.variable == value_term(one, value)
        for name in assumptions:
            marks[name] = z3.Bool(name) == z3.BoolVal(self.assumed[name])
        mark_names = {name: z3.Bool(f"mark!{n}") for n, name in enumerate(marks)}
        back = {str(mark): name for name, mark in mark_names.items()}
        for name, mark in mark_names.items():
            self.solver.add(z3.Implies(mark, marks[name]))
        held = dict(mark_names)
        loosened: list[str] = []
        while not self.check(*held.values()):
            core = [back[str(one)] for one in self.solver.unsat_core()]
            if not core:
                return "never"
            for name in core:
                loosened.append(name)
                del held[name]
        return self.example(unknowns, assumptions, held, loosened, mark_names)

    def example(
        self,
        unknowns: list[Unknown],
        assumptions: list[str],
        held: dict[str, Any],
        loosened: list[str],
        marks: dict[str, Any],
    ) -> Example:
        """The facts found, with what had to change put back where it can be, and otherwise made plain."""
        space = self.space
        model = self.solver.model()
        by_name = {one.name: one for one in unknowns}
        loosened.sort(key=lambda name: not name.startswith("assume!"))
        for name in loosened:
            if self.quickly(*held.values(), marks[name]):
                held[name] = marks[name]
                model = self.solver.model()
        for name in [one for one in loosened if one not in held]:
            if name.startswith("assume!"):
                self.solver.add(z3.Bool(name) == model.eval(z3.Bool(name), True))
                continue
            one = by_name[name]
            for plain in (*self.plainer(one), one.variable == model.eval(one.variable, True)):
                self.solver.push()
                self.solver.add(plain)
                if self.quickly(*held.values()):
                    model = self.solver.model()
                    break
                self.solver.pop()
            self.solver.add(one.variable == model.eval(one.variable, True))
        values = {one.name: value_in(model, one) for one in unknowns}
        if any(value is None for value in values.values()):
            raise _OutOfTime  # a number that no facts can state
        assume = {
            name.partition("!")[2]: bool(z3.is_true(model.eval(z3.Bool(name), True))) for name in assumptions
        }
        values.update({f"assume!{name}": value for name, value in assume.items()})
        turned = {name: value for name, value in assume.items() if value != self.assumed[f"assume!{name}"]}
        facts, day = facts_of(space, unknowns, values)
        return Example(facts, day, turned, values)

    def plainer(self, one: Unknown) -> Iterator[Any]:
        """What may be asked of a fact, the plainest first."""
        for value in _plainer(self.space, one):
            yield one.variable == value_term(one, value)
        if one.kind == "number" and not one.whole:
            for places in (1, 100):
                yield one.variable * places == z3.ToReal(z3.Int(f"steps!{places}!{one.name}"))

    def check(self, *assumed: Any) -> bool:
        answer = self.answer(_WORK, *assumed)
        if answer is None:
            raise _OutOfTime
        return answer

    def quickly(self, *assumed: Any) -> bool:
        return self.answer(_QUICK_WORK, *assumed) is True

    def answer(self, work: int, *assumed: Any) -> bool | None:
        self.asked += 1
        if time.monotonic() >= self.until or self.asked > _MOST_ASKED:
            raise _OutOfTime
        return asked(self.solver, self.until, work, *assumed)


# ------------------------------------------------------------------------------------------ values


def value_term(one: Unknown, value: Any) -> Any:
    """A value as a term of the solver."""
    if one.kind == "yes or no":
        return z3.BoolVal(bool(value))
    return z3.RealVal(str(Fraction(value))) if one.kind == "number" else z3.IntVal(int(value))


def _usual(space: Space, one: Unknown) -> Any:
    """What a fact is taken to be while nothing asks for something else."""
    match one.kind:
        case "yes or no":
            return False
        case "length":
            return 0
        case "number":
            return Fraction(0) if one.part else Fraction(100 * (1 + _place_among_like(space, one)))
        case "date" | "asked":
            return _usual_day(space) + (0 if one.part else _place_among_like(space, one))
        case _:
            known = [word for word in one.options if word in space.mentioned] or list(one.options)
            return space.word(known[_place_among_like(space, one) % len(known)])


def _place_among_like(space: Space, one: Unknown) -> int:
    """How many facts of the same kind stand before it in its record: no two of them are to be taken for each other."""
    alike = [
        other
        for other in space.unknowns.values()
        if other.kind == one.kind and other.type == one.type and other.place[:-1] == one.place[:-1]
    ]
    return next(n for n, other in enumerate(alike) if other.place == one.place) if one.place[1:] else 0


def _usual_day(space: Space) -> int:
    """A day in the middle of the year that begins after the first days that the text names."""
    known = [day for day in space.dates if day > 1]
    return known[len(known) // 2] + 45 if known else 739617


def _plainer(space: Space, one: Unknown) -> list[Any]:
    """Values to try, the plainest first."""
    match one.kind:
        case "yes or no":
            return []
        case "length":
            return [0, 1, 2, 3]
        case "number":
            unit = unit_of(one)
            known = list(space.numbers)
            rest = [100 - value for value in known if 0 < value < 100]
            plain = [Fraction(n) for n in (100, 1000, 50, 10, 1, 0, 200, 10_000)]
            beside = [value + step for value in known[:30] for step in (-unit, unit)]
            return list(dict.fromkeys((*plain[:2], *known[:40], *rest[:20], *plain[2:], *beside)))
        case "date" | "asked":
            days = [day + step for day in space.dates for step in (45, 0, -1, 1)]
            return [day for day in days if day >= 1][:60]
        case _:
            named = [word for word in one.options if word in space.mentioned]
            others = [word for word in (*_THIRD, *one.options[:12]) if word in one.options]
            return [space.word(word) for word in dict.fromkeys((*named[:12], *others))]


def facts_of(
    space: Space, unknowns: Iterable[Unknown], values: Mapping[str, Any]
) -> tuple[dict[str, Any], int]:
    """Chosen values as facts are given, and the day asked about."""
    facts: dict[str, Any] = {}
    day = _usual_day(space)
    unsaid = {one.place for one in unknowns if one.part == KNOWN and not values[one.name]}
    chosen_ = [
        one
        for one in unknowns
        if one.part != KNOWN
        and one.place not in unsaid
        and all(int(values.get(str(count), 0)) > index for count, index in one.inside)
    ]
    absent = {one.place for one in chosen_ if one.part == "none" and values[one.name]}
    parts: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in sorted(chosen_, key=lambda each: len(each.place)):
        value = values[one.name]
        if one.kind == "asked":
            day = value
        elif one.kind == "length" and not isinstance(one.type, Dates):
            _put(facts, one.place, [{} for _ in range(value)])
        elif one.place in absent:
            _put(facts, one.place, "none")
        elif one.part == "none":
            continue
        elif one.part:
            said = value if one.kind in ("number", "length") else written(space, one, value)
            parts.setdefault(one.place, {})[one.part] = said
        else:
            _put(facts, one.place, written(space, one, value))
    events: dict[str, Any] = {}
    for place, said_of in parts.items():
        if "count" in said_of:
            events[str(place[0])] = _joined(said_of)
        elif place not in absent:
            _put(facts, place, _joined(said_of))
    for name, days in sorted(events.items()):
        received = events.get(f"{name}.received")
        if not name.endswith(".received"):
            _put(facts, (name,), days if received is None else {"dates": days, "received": received})
    return facts, day


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
            while len(holder) <= step:
                holder.append({})
            holder = holder[step]
        else:
            holder = holder.setdefault(step, {})
    holder[place[-1]] = value
