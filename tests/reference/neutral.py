"""Facts as somebody would write them, and the same facts in the neutral form that every reading takes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from attrs import frozen

from policy_lang.program.core import (
    Bounds,
    Program,
    RecordSchema,
)
from policy_lang.program.facts import Events, Facts, Given
from policy_lang.program.types import (
    Date,
    Dates,
    DateSpan,
    ListOf,
    Period,
    Type,
    is_numeric,
)

Raw: TypeAlias = dict[str, Any]


@frozen
class Situation:
    """One set of facts, as somebody would write them, with the date asked about and what is assumed."""

    raw: Raw
    as_of: date
    assume: dict[str, Any]


def fits(value: Any, bounds: Bounds) -> bool:
    lower: Any = bounds.lower
    upper: Any = bounds.upper
    if lower is not None and (value < lower or (bounds.lower_open and value == lower)):
        return False
    return not (upper is not None and (value > upper or (bounds.upper_open and value == upper)))


def neutral(program: Program, raw: Raw) -> Facts:
    """The facts as they stand after reading, by a conversion of our own: `raw` is known to be right."""
    schemas = {r.name: r for r in program.records}

    def plain(kind: Type, value: Any) -> Any:
        if value == "none":
            return None
        if isinstance(kind, ListOf):
            return tuple(given(schemas[kind.record], element or {}) for element in value)
        if isinstance(kind, DateSpan):
            first, last = value.split(" to ")
            return date.fromisoformat(first), date.fromisoformat(last)
        if isinstance(kind, Date):
            return date.fromisoformat(value)
        if isinstance(kind, Period):
            words = value.replace("s ", " ").removesuffix("s").split()
            said = dict(zip(words[1::2], map(int, words[::2]), strict=True))
            return tuple(said.get(unit, 0) for unit in ("year", "month", "day"))
        return Decimal(value) if is_numeric(kind) else value

    def given(schema: RecordSchema, values: Raw) -> Given:
        return Given(
            {f.name: plain(f.type, values[f.name]) for f in schema.fields if values.get(f.name) is not None}
        )

    case: dict[str, Any] = {}
    for c in program.case_facts:
        if c.name in raw:
            case[c.name] = happened(raw[c.name]) if isinstance(c.type, Dates) else raw[c.name]
    subjects = {n: given(schemas[n], raw[n]) for n in raw if n in schemas}
    return Facts(subjects=subjects, case=case, territories=raw.get("territories", {}), made={})


def happened(raw: Any) -> Events:
    if isinstance(raw, dict):
        dates, until = raw.get("dates", []), date.fromisoformat(raw["known_until"])
        return Events(tuple(date.fromisoformat(d) for d in dates), until)
    return Events(() if raw == "none" else tuple(date.fromisoformat(d) for d in raw), None)
