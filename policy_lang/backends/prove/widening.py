"""Makes a condition on one fact as wide as the solver shows it to hold."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

from policy_lang.backends.prove.regions import Condition, Range, Words
from policy_lang.backends.prove.space import Space
from policy_lang.program.types import Dates

Holds: TypeAlias = Callable[["Range | Words"], bool]
"""Whether the change is sure to stay the same with that in the place of the condition."""


Edge: TypeAlias = Callable[[bool, Fraction], "tuple[Fraction, bool] | None"]
"""The nearest number above (True) or below a number for which it is not so, and whether it is that very number."""


def widest(space: Space, this: Condition, holds: Holds, edge: Edge) -> Condition:
    """The widest condition found for one fact."""
    if isinstance(this.value, Words):
        return Condition(this.unknown, _more_words(space, this, this.value, holds))
    if isinstance(this.value, Range) and this.value.lower is not None:
        return Condition(this.unknown, _longer(space, this, this.value, holds, edge))
    return this


def _more_words(space: Space, this: Condition, value: Words, holds: Holds) -> Words:
    options = this.unknown.options
    known = [one for one in options if one in space.mentioned or one in value.words]
    rest = len(known) < len(options)
    good = [one for one in known if one in value.words or holds(Words((one,)))]
    bad = tuple(one for one in known if one not in good)
    if rest and holds(Words(tuple(known), other=True)):
        return Words(bad, other=True)
    if not rest and len(bad) < len(good):
        return Words(bad, other=True)
    return Words(tuple(good))


def _longer(space: Space, this: Condition, start: Range, holds: Holds, edge: Edge) -> Range:
    kind = this.unknown.kind
    value = start.lower
    assert value is not None
    if kind == "number":
        points: list[Any] = list(space.numbers)
    elif kind == "length":
        points = list(range(10))
    else:
        points = sorted({day + move for day in space.dates for move in (-1, 0, 1)})
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
    if kind == "number" and not this.unknown.whole:
        best = _to_the_number(best, holds, edge)
    if kind in ("date", "asked"):
        best = _to_the_day(best, holds)
    if kind == "length" and not isinstance(this.unknown.type, Dates) and best.upper is None:
        return Range(best.lower, best.lower_open, space.most, False)  # longer ones were not looked at
    return best


def _end(steps: list[Range], whole: Range, holds: Holds) -> Range | None:
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


def _to_the_number(best: Range, holds: Holds, edge: Edge) -> Range:
    """Moves the ends of a stretch of numbers, each to the very number at which it ends."""
    for above in (False, True):
        end = best.upper if above else best.lower
        if end is None:
            continue
        found = edge(above, Fraction(end))
        if found is None:
            continue
        number, counts = found
        # The nearest number for which it is not so is where the stretch ends; counting, it stays outside.
        for is_open in (counts, True):
            wider = (
                Range(best.lower, best.lower_open, number, is_open)
                if above
                else Range(number, is_open, best.upper, best.upper_open)
            )
            if holds(wider):
                best = wider
                break
    return best


def _to_the_day(best: Range, holds: Holds) -> Range:
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
