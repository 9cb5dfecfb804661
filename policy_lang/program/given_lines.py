"""Facts as the lines of a scenario that give them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from policy_lang.program.core import Program
from policy_lang.program.types import (
    DateSpan,
    HsCode,
    ListOf,
    Money,
    Percent,
    Period,
    Quantity,
    Text,
    Type,
    YesNo,
)

_PERIOD = re.compile(r"(\d+) years (\d+) months (\d+) days")
_SPAN = re.compile(r"(\S+) to (\S+)")


class CannotBeGiven(Exception):
    """No line of a scenario gives these facts; the argument says which, in words."""


def given_lines(program: Program, facts: Mapping[str, Any]) -> list[str]:
    """The lines below `scenario` or `facts` that give these facts, indented as in a scenario."""
    records = {record.name: record for record in program.records}
    case_facts = {one.name: one.type for one in program.case_facts}

    def fields(record: str, values: Mapping[str, Any], margin: str) -> Iterator[str]:
        for one in records[record].fields:
            if one.name not in values:
                continue
            value = values[one.name]
            if isinstance(one.type, ListOf) and isinstance(value, list) and value:
                for element in value:
                    yield f"{margin}{one.type.record}"
                    yield from fields(one.type.record, element, margin + "    ")
            else:
                yield f"{margin}{one.name} {'none' if value == [] else written(value, one.type)}"

    lines: list[str] = []
    for name, value in facts.items():
        if name in records:
            lines += [f"    given {name}", *fields(name, value, "        ")]
        elif name == "territories":
            if value:
                raise CannotBeGiven("which territories count with the country they belong to")
        elif isinstance(value, Mapping):
            lines += [f"    given {name} by {party} {_days(days)}" for party, days in value.items()]
        elif isinstance(value, Sequence) and not isinstance(value, str):
            lines.append(f"    given {name} {_days(value)}")
        else:
            lines.append(f"    given {name} {written(value, case_facts[name])}")
    return lines


def written(value: Any, kind: Type) -> str:
    """A value of the facts as a policy writes it."""
    if value == "none" and not isinstance(kind, Text):
        return "none"
    text = str(value)
    match kind:
        case YesNo():
            return "yes" if value in (True, "yes") else "no"
        case Percent():
            return f"{_number(text)} %"
        case Money(currency=unit) | Quantity(unit=unit):
            return f"{_number(text)} {unit}"
        case HsCode():
            return f"HS {text}"
        case Text():
            return f'"{text}"'
        case DateSpan():
            return _SPAN.sub(r"(from \1 until \2)", text)
        case Period():
            return _period(text)
        case _:
            return _number(text)


def _number(text: str) -> str:
    if "/" in text:
        raise CannotBeGiven(f"the number {text}, which has no decimals")
    return text


def _period(text: str) -> str:
    found = _PERIOD.fullmatch(text)
    if found is None:
        return text
    parts = zip(found.groups(), ("year", "month", "day"), strict=True)
    return " ".join(f"{n} {unit}{'' if n == '1' else 's'}" for n, unit in parts if n != "0") or "0 days"


def _days(value: Any) -> str:
    if value in ([], "none"):
        return "none"
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise CannotBeGiven("an event of which each date has two days")
    return f"on {', '.join(value)}"
