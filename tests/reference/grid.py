"""Complete facts at the limits that two programs name, with at most so many elements in each list."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import define, field

from policy_lang.program.core import Const, FieldSchema, Program
from policy_lang.program.schema import every
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    DateSpan,
    Enumeration,
    HsCode,
    ListOf,
    Number,
    Period,
    Text,
    Type,
    YesNo,
    is_numeric,
)
from tests.reference.neutral import Raw, fits
from tests.reference.pools import CODE_POOL

COUNTRIES = ("US", "JP", "CN", "FR")
PERIODS = (
    "0 years 0 months 0 days",
    "0 years 1 months 0 days",
    "1 years 0 months 0 days",
    "0 years 0 months 30 days",
)


@define
class Grid:
    """Values at the limits of both programs, for every fact."""

    programs: tuple[Program, ...]
    most: int
    numbers: list[Decimal] = field(init=False)
    dates: list[date] = field(init=False)

    def __attrs_post_init__(self) -> None:
        numbers, dates = {Decimal(0), Decimal(1)}, {date(2024, 1, 1)}
        for program in self.programs:
            bodies = [one.body for one in program.definitions] + [one.body for one in program.outcomes]
            consts: list[Any] = [one.value for one in program.assumptions]
            consts += [one for body in bodies for one in every(body) if isinstance(one, Const)]
            for one in consts:
                if isinstance(one.value, Decimal):
                    numbers.add(one.value)
                elif isinstance(one.value, date):
                    dates.add(one.value)
                elif isinstance(one.value, tuple) and one.value and isinstance(one.value[0], date):
                    dates.update(one.value)
            for record in program.records:
                for each in record.fields:
                    for end in (each.bounds.lower, each.bounds.upper):
                        if isinstance(end, date):
                            dates.add(end)
                        elif end is not None:
                            numbers.add(end)
        self.numbers = sorted(numbers)
        self.dates = sorted(dates)

    def days(self) -> list[date]:
        """The dates at the limits and those beside them."""
        return [one + timedelta(days=n) for one in self.dates for n in (-1, 0, 1)]

    def values(self, kind: Type, declared: Iterable[FieldSchema]) -> list[Any]:
        """What a fact may be, as it is written in facts."""
        fields = list(declared)
        match kind:
            case YesNo():
                found: list[Any] = [True, False]
            case Date():
                found = [one.isoformat() for one in self.days() if all(fits(one, f.bounds) for f in fields)]
            case DateSpan():
                found = [f"{a} to {b}" for a in self.dates[:3] for b in self.dates if a <= b]
            case Period():
                found = list(PERIODS)
            case Country():
                found = list(COUNTRIES)
            case Enumeration(members=members):
                found = list(members)
            case HsCode():
                found = [one for one in CODE_POOL if len(one.replace(".", "")) >= kind.digits]
            case Text():
                found = ["a", "b", "another text"]
            case _:
                assert is_numeric(kind)
                steps = [Decimal(0), Decimal(1), Decimal(-1), Decimal("0.01"), Decimal("-0.01")]
                near = [one + step for one in self.numbers for step in steps]
                if isinstance(kind, Number) and kind.whole:
                    near = [one for one in near if one == int(one)]
                found = [str(one) for one in near if all(fits(one, f.bounds) for f in fields)]
        if fields and all(one.optional for one in fields):
            found.append("none")
        return found

    def given(self, record: str, rng: random.Random) -> Raw | None:
        """One record with every fact stated; None where both programs' limits leave nothing."""
        schemas = [one for program in self.programs for one in program.records if one.name == record]
        raw: Raw = {}
        for name in dict.fromkeys(each.name for one in schemas for each in one.fields):
            declared = [each for one in schemas for each in one.fields if each.name == name]
            kind = declared[0].type
            if isinstance(kind, ListOf):
                elements = [self.given(kind.record, rng) for _ in range(rng.randint(0, self.most))]
                raw[name] = [one for one in elements if one is not None]
                continue
            values = self.values(kind, declared)
            if not values or any(each.type != kind for each in declared):
                return None
            raw[name] = rng.choice(values)
        return raw

    def facts(self, record: str | None, rng: random.Random) -> tuple[Raw, date] | None:
        """One set of facts about that record, and a date asked about."""
        raw: Raw = {}
        if record is not None:
            inner = self.given(record, rng)
            if inner is None:
                return None
            raw[record] = inner
        for fact in self.programs[0].case_facts:
            if isinstance(fact.type, Dates):
                happened = sorted(rng.sample(self.days(), rng.randint(0, 2)))
                raw[fact.name] = sorted({one.isoformat() for one in happened}) or "none"
            else:
                raw[fact.name] = rng.choice(self.values(fact.type, ()))
        return raw, rng.choice(self.days())

    def beside(self, raw: Raw, record: str | None, rng: random.Random) -> Raw | None:
        """The same facts with another value for one fact of the record, or of an element of it."""
        if record is None or record not in raw:
            return None
        copy = {**raw, record: _copied(raw[record])}
        at, name = copy[record], record
        while True:
            schemas = [one for program in self.programs for one in program.records if one.name == name]
            each = rng.choice(schemas[0].fields)
            if not isinstance(each.type, ListOf):
                declared = [one for schema in schemas for one in schema.fields if one.name == each.name]
                values = self.values(each.type, declared)
                if not values:
                    return None
                at[each.name] = rng.choice(values)
                return copy
            if not at.get(each.name):
                return None
            at, name = rng.choice(at[each.name]), each.type.record


def _copied(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {key: _copied(value) for key, value in raw.items()}
    return [_copied(one) for one in raw] if isinstance(raw, list) else raw


def longest(raw: Any) -> int:
    """How many elements the longest list in some facts has."""
    if isinstance(raw, dict):
        return max((longest(value) for value in raw.values()), default=0)
    if isinstance(raw, list):
        return max([len(raw), *(longest(value) for value in raw)])
    return 0
