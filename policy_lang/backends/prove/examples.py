"""Facts in which a change happens, as plain as they can be, written as files of facts are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Any

import z3

from policy_lang.backends.prove.forms import term
from policy_lang.backends.prove.regions import Condition, Range, Words
from policy_lang.backends.prove.space import (
    KNOWN,
    LIMITED,
    MOST_EVENTS,
    UNTIL,
    Space,
    Unknown,
    value_in,
    written,
)
from policy_lang.program.countries import DEPENDENT
from policy_lang.program.types import Dates

_DAYS = 12
"""So many of the days that the texts name are tried: else the day of an example is any that the solver came upon."""


def example(
    space: Space,
    solver: Any,
    check: Callable[..., bool | None],
    wanted: list[Unknown],
    conditions: Mapping[str, Condition],
    found: Any,
) -> Any:
    """A model with plain values of these unknowns, as far as `check` allows; `found` is one that is there anyway."""
    model = _plainest(space, solver, check, wanted, conditions, found)
    if all_short(model, wanted):
        return model
    for places in (100, 1, 10**6):
        solver.push()
        solver.add(*in_steps(wanted, places))
        short = _plainest(space, solver, check, wanted, conditions, found)
        solver.pop()
        if all_short(short, wanted):
            return short
    return model


def _plainest(
    space: Space,
    solver: Any,
    check: Callable[..., bool | None],
    wanted: list[Unknown],
    conditions: Mapping[str, Condition],
    found: Any,
) -> Any:
    """The same; some numbers may be such as facts cannot state.

    The first plain value of each is asked for at once; where they cannot all be, one of those that clash is changed.
    """
    options = {
        one.name: _options(space, one, conditions.get(one.name), value_in(found, one)) for one in wanted
    }
    rank = {one.name: n for n, one in enumerate(wanted)}
    variables = {one.name: one.variable for one in wanted}
    chosen = {name: 0 for name, values in options.items() if values}
    marks: dict[tuple[str, int], Any] = {}
    marked: dict[int, str] = {}  # by the number that the solver gave to the mark
    for _ in range(4 * len(wanted) + 40):
        assumed = []
        for name, n in chosen.items():
            if (name, n) not in marks:
                mark = marks[name, n] = z3.Bool(f"plain!{name}!{n}")
                marked[mark.get_id()] = name
                solver.add(z3.Implies(mark, variables[name] == term(options[name][n])))
            assumed.append(marks[name, n])
        answer = check(solver, *assumed)
        if answer:
            return solver.model()
        clash = [marked[one.get_id()] for one in solver.unsat_core()] if answer is False else []
        if not clash:
            return found
        last = max(clash, key=lambda name: rank[name])
        chosen[last] += 1
        if chosen[last] >= len(options[last]):
            del chosen[last]
    return found


def in_steps(wanted: Iterable[Unknown], places: int) -> list[Any]:
    """That numbers are whole multiples of one part in so many."""
    return [
        one.variable * places == z3.ToReal(z3.Int(f"steps!{one.name}"))
        for one in wanted
        if one.kind == "number" and not one.whole
    ]


def all_short(model: Any, wanted: Iterable[Unknown]) -> bool:
    """Whether facts can state all numbers in a model."""
    values = [(one, value_in(model, one)) for one in wanted if one.kind == "number"]
    return all(value is not None and is_short(value, one) for one, value in values)


def facts_of(space: Space, model: Any, wanted: list[Unknown], roots: Iterable[str]) -> dict[str, Any]:
    """The facts that a model stands for, as they are written."""
    chosen = {one.name: value_in(model, one) for one in wanted}
    missing = {one.place for one in wanted if one.part == KNOWN and chosen[one.name] is False}
    there = [
        one
        for one in wanted
        if one.part != KNOWN
        and one.place not in missing
        and all(_number(model, count) > index for count, index in one.inside)
    ]
    facts: dict[str, Any] = {name: {} for name in roots}
    none = {one.place for one in there if one.part == "none" and chosen[one.name] is True}
    parts: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in there:
        value = chosen[one.name]
        if one.kind == "asked":
            continue
        if one.kind == "length" and not isinstance(one.type, Dates):
            _put(facts, one.place, [{} for _ in range(value)])
        elif one.place in none:
            _put(facts, one.place, "none")
        elif one.part == "none":
            continue
        elif one.part:
            parts.setdefault(one.place, {})[one.part] = (
                value if one.kind == "number" else written(space, one, value)
            )
        elif value is not None:
            _put(facts, one.place, written(space, one, value))
    for place, said in parts.items():
        _put(facts, place, _joined(said))
    return facts


def _number(model: Any, count: Any) -> int:
    return int(model.eval(count, model_completion=True).as_long())


def _joined(said: dict[str, Any]) -> Any:
    if "first" in said:
        return f"{said['first']} to {said['last']}"
    if "years" in said:
        return f"{int(said['years'])} years {int(said['months'])} months {int(said['days'])} days"
    days = [said[str(n)] for n in range(min(said["count"], MOST_EVENTS))]
    if said.get(LIMITED) is True:
        return {"dates": days, "known_until": said[UNTIL]}
    return days or "none"


def _put(facts: dict[str, Any], place: tuple[Any, ...], value: Any) -> None:
    if len(place) == 1 and "." in str(place[0]):
        place = tuple(str(place[0]).split("."))
    holder: Any = facts
    for step in place[:-1]:
        holder = holder[step] if isinstance(step, int) else holder.setdefault(step, {})
    holder[place[-1]] = value


def _options(space: Space, one: Unknown, condition: Condition | None, found: Any) -> list[Any]:
    """Plain values that facts can state, the plainest first, and last the one that was found."""
    tried: list[Any] = []
    for value in [*_candidates(space, one, condition), found]:
        if value is None or value in tried or (one.kind == "number" and not is_short(value, one)):
            continue
        tried.append(value)
    return tried


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
            found += [True, False] if one.part == KNOWN and space.partial else [False, True]
        case "length":
            found += [0, 1, 2, 3]
        case "date" | "asked":
            found += [739617, *sorted(day for day in space.dates if day > 1)[:_DAYS]]  # 2026-01-01
        case "number":
            found += [Fraction(n) for n in (0, 1, 100, 1000)]
        case "word":
            first = [space.word(word) for word in one.options if word in space.mentioned]
            found += (first or [space.word(word) for word in one.options])[:3]
    return found


def is_short(value: Fraction, one: Unknown) -> bool:
    """Whether facts can state this number."""
    if one.whole:
        return value.denominator == 1
    places = 10 ** (one.decimals if one.decimals is not None else 6)
    return bool((value * places).denominator == 1)


def without_idle_territories(facts: dict[str, Any], space: Space) -> dict[str, Any]:
    """The facts without territories that nothing in them or in the texts has to do with."""
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
        if name in used or (name in space.mentioned and DEPENDENT[name] in used | space.mentioned)
    }
    rest = {key: value for key, value in facts.items() if key != "territories"}
    return {**rest, "territories": kept} if kept else rest
