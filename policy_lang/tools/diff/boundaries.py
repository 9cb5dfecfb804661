"""Facts at the limits that texts name, to be tried where the solver does not settle a question."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

from policy_lang.backends.prove.space import Space
from policy_lang.program.core import FieldSchema, Program
from policy_lang.program.numbers import settle
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

TRIALS = 300


class _Draws:
    """Choices that look like chance and are the same in every run."""

    def __init__(self) -> None:
        self.state = 1

    def pick(self, options: list[Any]) -> Any:
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return options[(self.state >> 33) % len(options)]


def trials(
    program: Program, space: Space, subject: str | None
) -> Iterable[tuple[dict[str, Any], datetime.date]]:
    """So many sets of facts with a day each; some break limits that the texts set, and are refused then."""
    draws = _Draws()
    records = {one.name: one for one in program.records}
    days = [
        datetime.date.fromordinal(n + m) for n in space.dates for m in (-1, 0, 1) if 1 <= n + m <= 3652059
    ]
    days = days or [datetime.date(2026, 1, 1)]

    def value(kind: Type, one: FieldSchema | None = None) -> Any:
        match kind:
            case YesNo():
                return draws.pick([True, False])
            case Date():
                return draws.pick(days).isoformat()
            case DateSpan():
                first, last = sorted((draws.pick(days), draws.pick(days)))
                return f"{first} to {last}"
            case Period():
                return draws.pick(["0 days", "1 month", "30 days", "1 year", "2 years"])
            case Country():
                return draws.pick(
                    [w for w in sorted(space.mentioned) if len(w) == 2 and w.isupper()] or ["JP"]
                )
            case Enumeration(members=members):
                return draws.pick(list(members))
            case HsCode():
                return draws.pick(list(space.codes) or ["8507.60"])
            case Text():
                return draws.pick([*space.texts, "another text"])
            case Dates():
                return draws.pick([[], [draws.pick(days).isoformat()]]) or "none"
            case ListOf(record=record):
                return [given(record) for _ in range(draws.pick([0, 1, 1, 2]))]
            case _ if is_numeric(kind):
                whole = isinstance(kind, Number) and kind.whole
                steps = [Fraction(0), Fraction(1), Fraction(-1)] + ([] if whole else [Fraction(1, 100)])
                number = draws.pick(list(space.numbers) or [Fraction(0)]) + draws.pick(steps)
                if (
                    one is not None
                    and one.bounds.lower is not None
                    and number < Fraction(str(one.bounds.lower))
                ):
                    number = Fraction(str(one.bounds.lower)) + 1
                return str(settle(Fraction(round(number)) if whole else number))
            case _:
                return None

    def given(name: str) -> dict[str, Any]:
        found = {one.name: value(one.type, one) for one in records[name].fields}
        return {key: one for key, one in found.items() if one is not None}

    for _ in range(TRIALS):
        facts: dict[str, Any] = {} if subject is None else {subject: given(subject)}
        for fact in program.case_facts:
            if "." not in fact.name:
                facts[fact.name] = value(fact.type)
        yield facts, draws.pick(days)
