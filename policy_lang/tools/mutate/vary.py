"""Facts near to those of a scenario: one fact or two put on an edge, next to it, or to another word."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, cast

from attrs import field, frozen

from policy_lang.program.core import Const, Fact, Program
from policy_lang.program.schema import Schema
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    Enumeration,
    HsCode,
    ListOf,
    Period,
    Type,
    YesNo,
    is_numeric,
)

Path: TypeAlias = "tuple[str | int, ...]"
"""The way to one value: a record, fields, and places in lists counted from 0."""

_DAY = datetime.timedelta(days=1)
_FEW = 3  # elements of a list that are varied
_MOST = 40  # values tried for one fact


class Unknown:
    """Stands for `this fact is not given`."""


UNKNOWN = Unknown()


@frozen(eq=False)
class Change:
    """One change to the facts of a case: the value at a path. With an empty path, the date asked about."""

    path: Path
    value: object
    is_assumption: bool = False  # the path has only its name


@frozen(eq=False)
class Case:
    """Facts with a date, and how they differ from the scenario `like` that they were made from."""

    facts: Mapping[str, Any]
    as_of: datetime.date
    assume: Mapping[str, Any]
    like: str
    changes: tuple[Change, ...] = ()


def changed(case: Case, change: Change) -> Case:
    """The case with one change more."""
    changes = (*case.changes, change)
    if change.is_assumption:
        assume = {**case.assume, str(change.path[0]): change.value}
        return Case(case.facts, case.as_of, assume, case.like, changes)
    if not change.path:
        return Case(case.facts, cast(datetime.date, change.value), case.assume, case.like, changes)
    facts = copy.deepcopy(dict(case.facts))
    inner: Any = facts
    for step in change.path[:-1]:
        if isinstance(step, str) and isinstance(inner, dict):
            inner = inner.setdefault(step, {})
        else:
            inner = inner[step]
    last = change.path[-1]
    if isinstance(change.value, Unknown):
        inner.pop(last, None)
    elif isinstance(last, int) and last == len(inner):
        inner.append(copy.deepcopy(change.value))
    else:
        inner[last] = copy.deepcopy(change.value)
    return Case(facts, case.as_of, case.assume, case.like, changes)


@frozen(eq=False)
class Varied:
    """The changes that may be made to the facts of one program."""

    program: Program
    schema: Schema = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "schema", Schema(self.program))

    def changes(
        self, case: Case, fact: Fact, edges: Iterable[Const], others: Iterable[Const] = ()
    ) -> Iterator[Change]:
        """Changes of this fact to what it may be near the values written; `others` are written farther away."""
        values = self.values(fact, [*edges], [*others])
        for path in self.paths(case, fact):
            was = at(case.facts, path)
            for value in values:
                if value is not was and (type(value) is not type(was) or value != was):
                    yield Change(path, value)

    def values(self, fact: Fact, edges: list[Const], others: list[Const]) -> list[object]:
        """What a fact may be, the likeliest to matter first; at last unknown."""
        kind = fact.type
        close = [one.value for one in edges if _fits(one, kind)]
        far = [one.value for one in others if _fits(one, kind)]
        found: list[object] = []
        match kind:
            case YesNo():
                found += [True, False]
            case Enumeration(members=members):
                found += [*close, *members[:2], *members[-1:], *far]
                found += members if len(members) <= 12 else ()
            case Country():
                found += [*close, "US", "CL", *far]
            case HsCode():
                found += [*close, *far]
            case Date():
                found += [day for one in (*close, *far) for day in _around(cast(datetime.date, one))]
            case Dates():
                days = [day for one in (*close, *far) for day in _around(cast(datetime.date, one))]
                found += [[], *([day] for day in days)]
            case Period():
                found += [*close, *far]
            case _ if is_numeric(kind):
                found += [one for value in (*close, *far) for one in next_to(cast(Decimal, value))]
                found += [Decimal(0), Decimal(1)]
            case _:
                pass
        unique: dict[str, object] = {}
        for one in found:
            unique.setdefault(repr(one), one)
        return [*list(unique.values())[:_MOST], UNKNOWN]

    def paths(self, case: Case, fact: Fact) -> list[Path]:
        """Where this fact stands in the facts of the case; in a list, in its first few elements."""
        if fact.record is None:
            return [(fact.field,)]
        found: list[Path] = [()]
        for name in self.schema.scope(fact.record):
            record = self.schema.records.get(name)
            if record is None:
                return []
            if record.parent is None:
                found = [(name,)]
                continue
            inner: list[Path] = []
            for path in found:
                listed = at(case.facts, (*path, str(record.parent_field)))
                if isinstance(listed, (list, tuple)):
                    inner.extend((*path, str(record.parent_field), n) for n in range(min(len(listed), _FEW)))
            found = inner
        return [(*path, fact.field) for path in found]

    def longer_lists(self, case: Case, fact: Fact, spare: Mapping[str, list[object]]) -> Iterator[Change]:
        """Changes of lists on the way to this fact: one more element as others have it, and none at all."""
        for name in self.schema.scope(fact.record):
            record = self.schema.records.get(name)
            if record is None or record.parent is None:
                continue
            own = Fact(record.parent, str(record.parent_field), ListOf(name))
            for path in self.paths(case, own):
                listed = at(case.facts, path)
                count = len(listed) if isinstance(listed, (list, tuple)) else 0
                for element in spare.get(name, ())[:4]:
                    yield Change(path, [element]) if not count else Change((*path, count), element)
                if count:
                    yield Change(path, [])
                    yield Change((*path, count), copy.deepcopy(cast("list[object]", listed)[0]))

    def elements(self, facts: Iterable[Mapping[str, Any]]) -> dict[str, list[object]]:
        """Elements of lists that these facts have, by the name of their record."""
        found: dict[str, list[object]] = {}
        for record in self.program.records:
            if record.parent is None:
                continue
            fact = Fact(record.parent, str(record.parent_field), ListOf(record.name))
            for one in facts:
                for path in self.paths(Case(one, datetime.date.min, {}, ""), fact):
                    for element in at(one, path) or ():
                        kept = found.setdefault(record.name, [])
                        if element not in kept and len(kept) < 8:
                            kept.append(element)
        return found


def at(facts: Any, path: Path) -> Any:
    """What stands at a path; None where nothing does."""
    for step in path:
        if isinstance(step, int):
            if not isinstance(facts, (list, tuple)) or step >= len(facts):
                return None
            facts = facts[step]
        elif isinstance(facts, Mapping):
            facts = facts.get(step)
        else:
            return None
    return facts


def next_to(value: Decimal | Fraction) -> list[object]:
    """A number, and the numbers one unit of its last place away, but no less than one hundredth."""
    if isinstance(value, Fraction):
        below = Decimal(value.numerator * 100 // value.denominator) / 100
        return [below, below + Decimal("0.01")]
    exponent = value.normalize().as_tuple().exponent
    unit = Decimal(1).scaleb(max(-2, min(0, int(exponent))))
    return [value, value + unit, value - unit]


def _around(day: datetime.date) -> list[datetime.date]:
    ends = (datetime.date.min, datetime.date.max)
    return [day, *([] if day in ends else [day - _DAY, day + _DAY])]


def days_around(days: Iterable[datetime.date]) -> list[datetime.date]:
    """These days and those before and after, each once."""
    return list(dict.fromkeys(one for day in days for one in _around(day)))


def _fits(const: Const, kind: Type) -> bool:
    """Whether a written value is of the kind that a fact is."""
    if isinstance(kind, Dates):
        return isinstance(const.type, Date)
    if isinstance(kind, Enumeration):
        return isinstance(const.type, Enumeration) and const.value in kind.members
    if is_numeric(kind):
        return is_numeric(const.type) and type(kind) is type(const.type)
    return type(kind) is type(const.type)
