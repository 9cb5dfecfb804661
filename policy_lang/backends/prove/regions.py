"""Regions of facts: conditions on single facts, and on some elements of lists, whichever they are."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

import z3
from attrs import evolve, frozen

from policy_lang.backends.prove.forms import term
from policy_lang.backends.prove.space import Place, Space, Unknown


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


@frozen(eq=False)
class Some:
    """What some elements of lists must be, each another, whichever they are."""

    conditions: tuple[Condition, ...]
    truth: Any


Part: TypeAlias = "Condition | Some"


def formula_of(space: Space, one: Part) -> Any:
    """When the condition is met."""
    if isinstance(one, Some):
        return one.truth
    variable = one.unknown.variable
    there = [] if one.unknown.there is None else [term(one.unknown.there)]
    match one.value:
        case bool():
            return z3.And(*there, variable if one.value else z3.Not(variable))
        case Words(words, other):
            among = z3.Or(*(variable == space.word(word) for word in words))
            return z3.And(*there, z3.Not(among) if other else among)
        case Range(lower, lower_open, upper, upper_open):
            parts = there
            if lower is not None:
                parts.append(variable > term(lower) if lower_open else variable >= term(lower))
            if upper is not None:
                parts.append(variable < term(upper) if upper_open else variable <= term(upper))
            return z3.And(*parts)


def is_anything(one: Condition) -> bool:
    """Whether a condition leaves every value open after all."""
    if one.unknown.there is not None:
        return False
    if isinstance(one.value, Words):
        return one.value.other and not one.value.words
    return isinstance(one.value, Range) and one.value.lower is None and one.value.upper is None


def for_some(space: Space, unknowns: Mapping[str, Unknown], conditions: Iterable[Condition]) -> Some | None:
    """The same conditions on some elements, whichever they are; None where that cannot be said."""
    held = tuple(conditions)
    by_place = {(one.place, one.kind, one.part, one.sort): one for one in unknowns.values()}
    instances: list[Any] = []
    for moved in _moves([one.unknown.place for one in held], space.most):
        parts: list[Any] = []
        for one in held:
            place = moved(one.unknown.place)
            other = by_place.get((place, one.unknown.kind, one.unknown.part, one.unknown.sort))
            if other is None:
                return None
            parts += [count > index for count, index in other.inside]
            parts.append(formula_of(space, evolve(one, unknown=other)))
        instances.append(z3.And(*parts))
    return Some(held, z3.Or(*instances)) if len(instances) > 1 else None


def _moves(places: list[Place], most: int) -> Iterable[Any]:
    """All ways to take other elements of the same lists, different ones for different ones."""
    stems: dict[Place, list[int]] = {}
    for place in places:
        for n, step in enumerate(place):
            if isinstance(step, int):
                used = stems.setdefault(place[:n], [])
                if step not in used:
                    used.append(step)
    ways = [
        [dict(zip(used, chosen, strict=True)) for chosen in itertools.permutations(range(most), len(used))]
        for used in stems.values()
    ]
    for choice in itertools.product(*ways):
        table = dict(zip(stems, choice, strict=True))

        def moved(place: Place, table: dict[Place, dict[int, int]] = table) -> Place:
            return tuple(
                table[place[:n]][step] if isinstance(step, int) else step for n, step in enumerate(place)
            )

        yield moved
