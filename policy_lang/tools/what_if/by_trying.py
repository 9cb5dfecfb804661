"""Changes of one or two facts to values at the limits that the text names, where the solver cannot help."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from typing import Any

from policy_lang.backends.prove.given_facts import AS_OF
from policy_lang.backends.prove.space import Place, Space
from policy_lang.policy import Policy
from policy_lang.program.core import FieldSchema, Outcome, Plain, Program
from policy_lang.program.fact_values import Mistake, read_value
from policy_lang.program.facts import Events, Facts, Given
from policy_lang.program.numbers import settle
from policy_lang.program.schema import Schema
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    Enumeration,
    ListOf,
    Number,
    Type,
    YesNo,
    is_numeric,
)
from policy_lang.tools.what_if.facts_moved import FactMove, MoveKind

_MOST_DAYS = 60


def trials(
    program: Program,
    facts: Facts,
    as_of: datetime.date,
    is_fixed: Callable[[Place], bool],
    outcome: Outcome,
    policy: Policy,
) -> Iterator[list[FactMove]]:
    """Changes to be tried, of single facts first."""
    space = Space((program,))
    days = _days(space, facts, as_of, outcome, policy)
    singles = [
        move for move in _moves(program, facts, as_of, outcome, space, days) if not is_fixed(move.place)
    ]
    singles.sort(key=lambda one: one.kind == "filled in", reverse=True)
    yield from ([one] for one in singles)
    for one, other in itertools.combinations(singles, 2):
        if one.place != other.place:
            yield [one, other]


def _days(
    space: Space, facts: Facts, as_of: datetime.date, outcome: Outcome, policy: Policy
) -> list[datetime.date]:
    """Days near which an answer may change, the nearest first."""
    found = {datetime.date.fromordinal(number) for number in space.dates}
    for value in facts.case.values():
        if isinstance(value, Events):
            found.update(value.dates)
    decided = policy.evaluate({}, as_of, outcomes=[outcome.name]).outcomes[outcome.name]
    found.update(decided.calendar)
    found.update(one for one in (decided.due, decided.since) if one is not None)
    near = {as_of}
    for day in found:
        for move in (-1, 0, 1):
            if 1 <= day.toordinal() + move <= datetime.date.max.toordinal():
                near.add(day + datetime.timedelta(days=move))
    return sorted(near, key=lambda day: (abs((day - as_of).days), day))[:_MOST_DAYS]


def _moves(
    program: Program,
    facts: Facts,
    as_of: datetime.date,
    outcome: Outcome,
    space: Space,
    days: list[datetime.date],
) -> Iterable[FactMove]:
    schema = Schema(program)
    for fact in program.case_facts:
        place = (fact.name,)
        given = fact.name in facts.case
        if isinstance(fact.type, Dates):
            if fact.name.endswith(".received"):
                continue
            old: Any = facts.case.get(fact.name)
            for new in _events(old if isinstance(old, Events) else None, days, as_of):
                kind: MoveKind = "changed" if given else "filled in"
                yield FactMove(place, kind, fact.type, old if given else None, new)
        else:
            old_value = facts.case.get(fact.name)
            for value in (True, False) if isinstance(fact.type, YesNo) else ():
                yield from _one(place, fact.type, given, old_value, value, fact.determination)
    for name in schema.scope(outcome.subject)[:1]:
        yield from _of_record(schema, (name,), facts.subjects.get(name, Given({})), name, space, days)
    if not facts.subjects or outcome.subject is None:
        yield from (FactMove(AS_OF, "changed", Date(), as_of, day) for day in days if day != as_of)


def _of_record(
    schema: Schema, place: Place, given: Given, name: str, space: Space, days: list[datetime.date]
) -> Iterable[FactMove]:
    for one in schema.records[name].fields:
        inner = (*place, one.name)
        known = one.name in given.values
        value = given.values.get(one.name)
        if isinstance(one.type, ListOf):
            for n, element in enumerate(value if isinstance(value, tuple) else ()):
                yield from _of_record(schema, (*inner, n), element, one.type.record, space, days)
            continue
        for new in _values(one, space, days):
            yield from _one(inner, one.type, known, value, new, one.determination)


def _one(
    place: Place, kind: Type, known: bool, old: Any, new: Plain, is_determination: bool
) -> Iterable[FactMove]:
    if not known:
        yield FactMove(place, "filled in", kind, None, new, is_determination=is_determination)
    elif old != new:
        yield FactMove(place, "changed", kind, old, new, is_determination=is_determination)


def _values(one: FieldSchema, space: Space, days: list[datetime.date]) -> Iterable[Plain]:
    kind = one.type
    options: Iterable[object] = ()
    match kind:
        case YesNo():
            options = (True, False)
        case Enumeration(members=members):
            options = members
        case Country():
            options = sorted(word for word in space.mentioned if len(word) == 2 and word.isupper())
        case Date():
            options = days
        case _ if is_numeric(kind):
            whole = isinstance(kind, Number) and kind.whole
            steps = [Decimal(0), Decimal(1), Decimal(-1)] + (
                [] if whole else [Decimal("0.01"), Decimal("-0.01")]
            )
            numbers = [settle(number) for number in space.numbers]
            options = [number + step for number in numbers if isinstance(number, Decimal) for step in steps]
    for raw in options:
        value = read_value(raw, kind, one.bounds)
        if not isinstance(value, Mistake):
            yield value


def _events(old: Events | None, days: list[datetime.date], as_of: datetime.date) -> Iterable[Events]:
    """Other dates of an event: one more, one moved, one less."""
    known = old.dates if old is not None else ()
    past = [day for day in days if day <= as_of]
    if old is None or known:
        yield Events(())
    for day in past:
        if day not in known:
            yield Events(tuple(sorted((*known, day))))
    for n in range(len(known)):
        rest = (*known[:n], *known[n + 1 :])
        yield Events(rest)
        for day in past:
            if day not in known:
                yield Events(tuple(sorted((*rest, day))))
