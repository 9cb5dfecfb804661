"""Facts with some of them moved: put into the facts as they were given, and put into words."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from attrs import frozen

from policy_lang.backends.prove.space import Place
from policy_lang.program.core import Plain
from policy_lang.program.facts import Events
from policy_lang.program.numbers import in_words
from policy_lang.program.sentences import said
from policy_lang.program.types import Type

MoveKind: TypeAlias = Literal["changed", "filled in", "added", "removed"]


@frozen
class FactMove:
    """One fact that has to be another. `others` are values that would do as well, all else being as it is."""

    place: Place
    kind: MoveKind
    type: Type | None  # None for an element of a list, or for a whole list
    old: Plain | Events = None
    new: Plain | Events = None
    others: tuple[str, ...] = ()
    is_least: bool = True
    is_determination: bool = False

    @property
    def path(self) -> str:
        """The fact as people name it, places in lists counted from 1: `vehicle.chains.2.value`."""
        return path_of(self.place)

    @property
    def old_words(self) -> str:
        """What is given."""
        return said(self.old, self.type)

    @property
    def new_words(self) -> str:
        """What it would have to be."""
        return said(self.new, self.type)


def path_of(place: Place) -> str:
    """A place as people write it, lists counted from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in place)


def with_moves(
    raw: Mapping[str, object], as_of: datetime.date, moves: Iterable[FactMove]
) -> tuple[dict[str, Any], datetime.date]:
    """The facts and the date asked about, with all of that moved."""
    facts: dict[str, Any] = copy.deepcopy(dict(raw))
    in_order = sorted(moves, key=lambda one: order(one.place))
    for one in in_order:
        if one.place == ("as_of",):
            assert isinstance(one.new, datetime.date)
            as_of = one.new
        elif one.kind != "removed":
            _put(facts, one)
    for one in reversed(in_order):
        if one.kind == "removed":
            del _holder(facts, one.place[:-1])[one.place[-1]]
    return facts, as_of


def order(place: Place) -> tuple[str, ...]:
    """Sorts places, what lies in a list by its number."""
    return tuple(f"{step:06}" if isinstance(step, int) else step for step in place)


def _put(facts: dict[str, Any], one: FactMove) -> None:
    if one.type is None and isinstance(one.place[-1], int):
        _holder(facts, one.place)
        return
    place = _steps(one.place)
    holder = _holder(facts, place[:-1])
    old = holder.get(place[-1])
    if one.type is None:
        holder[place[-1]] = []
    elif isinstance(one.new, Events) and isinstance(old, Mapping) and "received" in old:
        holder[place[-1]] = {**old, "dates": written(one.new)}
    else:
        holder[place[-1]] = written(one.new)


def _steps(place: Place) -> Place:
    """A name with a party in it leads two steps down."""
    return tuple(str(place[0]).split(".")) if len(place) == 1 else place


def _holder(facts: dict[str, Any], place: Place) -> Any:
    """The group or list at a place, made where there is none."""
    at: Any = facts
    for n, step in enumerate(place):
        is_list = n + 1 < len(place) and isinstance(place[n + 1], int)
        if isinstance(step, int):
            while len(at) <= step:
                at.append({})
            if at[step] is None:
                at[step] = {}
        elif at.get(step) is None or at[step] == "none":
            at[step] = [] if is_list else {}
        at = at[step]
    return at


def written(value: Plain | Events) -> Any:
    """A value as facts files have it."""
    if isinstance(value, Events):
        return [day.isoformat() for day in value.dates] or "none"
    if value is None:
        return "none"
    if isinstance(value, (bool, str)):
        return value
    if isinstance(value, (Decimal, Fraction)):
        number = Fraction(value)
        return int(number) if number.denominator == 1 and abs(number) < 10**15 else in_words(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if len(value) == 3:
        years, months, days = value
        return f"{years} years {months} months {days} days"
    return said(value)
