"""Cases as scenarios in the language, ready to be pasted and filled in."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen

from policy_lang.program.core import FieldSchema, Plain, Program, RecordSchema
from policy_lang.program.sentences import said
from policy_lang.program.types import (
    Dates,
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


class NotWritable(Exception):
    """These facts cannot be put as a scenario."""


@frozen
class Row:
    """One case: its name, its date (None where the record is judged on one of its own) and its facts."""

    label: str
    as_of: datetime.date | None
    facts: Mapping[str, Any]


@frozen
class Suggested:
    """One scenario. With several rows it is a table; the rows differ in `columns` only."""

    label: str
    rows: tuple[Row, ...]
    assume: tuple[tuple[str, Plain], ...]
    outcomes: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...] = ()  # `("vehicle", "msrp")`; the date is `("as of",)`

    @property
    def cases(self) -> int:
        """How many cases it has."""
        return len(self.rows)


@frozen
class Writer:
    """Writes scenarios about one program."""

    program: Program
    records: Mapping[str, RecordSchema]

    @classmethod
    def of(cls, program: Program) -> Writer:
        """The writer for a program."""
        return cls(program, {one.name: one for one in program.records})

    def scenario(self, one: Suggested) -> str:
        """The text of a scenario; `pol fmt` puts it into its final form."""
        first = one.rows[0]
        columns = set(one.columns)
        lines = [f"scenario {_quoted(one.label)}"]
        if first.as_of is not None and ("as of",) not in columns:
            lines.append(f"    as of {first.as_of.isoformat()}")
        lines += [f"    assume {name} is {said(value)}" for name, value in one.assume]
        lines += self._given(first.facts, columns)
        if one.cases == 1:
            return "\n".join([*lines, *(f"    expect {name} ?" for name in one.outcomes)])
        header = " | ".join(
            [
                "case",
                *(".".join(column) for column in one.columns),
                *(f"expect {name}" for name in one.outcomes),
            ]
        )
        lines.append(f"    {header}")
        for row in one.rows:
            cells = [self._cell(row, column) for column in one.columns]
            cells += ["?"] * len(one.outcomes)
            lines.append(f"        {' | '.join([_quoted(row.label), *cells])}")
        return "\n".join(lines)

    def _cell(self, row: Row, column: tuple[str, ...]) -> str:
        if column == ("as of",):
            assert row.as_of is not None
            return row.as_of.isoformat()
        record, name = column
        value = row.facts.get(record, {}).get(name)
        return "unknown" if value is None else self._value(value, self._field(record, name).type)

    def _given(self, facts: Mapping[str, Any], columns: set[tuple[str, ...]]) -> Iterator[str]:
        for name, value in facts.items():
            if name in self.records:
                yield f"    given {name}"
                yield from self._fields(name, value, 2, columns)
            elif name == "territories":
                yield from self._territories(value)
            else:
                yield from self._case_fact(name, value)

    def _territories(self, value: Any) -> Iterator[str]:
        if value:
            raise NotWritable
        yield from ()

    def _fields(
        self, record: str, values: Mapping[str, Any], depth: int, columns: set[tuple[str, ...]]
    ) -> Iterator[str]:
        margin = "    " * depth
        order = [one.name for one in self.records[record].fields if one.name in values]
        if len(order) < len(values):
            raise NotWritable
        for name in order:
            value = values[name]
            if depth == 2 and (record, name) in columns:
                continue
            kind = self._field(record, name).type
            if isinstance(kind, ListOf) and isinstance(value, list):
                if not value:
                    yield f"{margin}{name} none"
                for element in value:
                    yield f"{margin}{kind.record}"
                    yield from self._fields(kind.record, element, depth + 1, columns)
            else:
                yield f"{margin}{name} {self._value(value, kind)}"

    def _field(self, record: str, name: str) -> FieldSchema:
        found = next((one for one in self.records[record].fields if one.name == name), None)
        if found is None:
            raise NotWritable
        return found

    def _case_fact(self, name: str, value: Any) -> Iterator[str]:
        if isinstance(value, Mapping):
            for party, days in value.items():
                yield f"    given {name} by {party} {_days(days)}"
            return
        kind = next((one.type for one in self.program.case_facts if one.name == name), None)
        if kind is None:
            raise NotWritable
        yield f"    given {name} {_days(value) if isinstance(kind, Dates) else self._value(value, kind)}"

    def _value(self, value: Any, kind: Type) -> str:
        if value is None or isinstance(value, (list, dict)):
            raise NotWritable
        if value == "none" and not isinstance(kind, Text):
            return "none"
        match kind:
            case YesNo():
                return "yes" if value in (True, "yes") else "no"
            case Percent():
                return f"{_number(value)} %"
            case Money(currency=unit) | Quantity(unit=unit):
                return f"{_number(value)} {unit}"
            case HsCode():
                return f"HS {value}"
            case Text():
                return _quoted(str(value))
            case Period():
                return _period(str(value))
            case _:
                return str(value)


def _number(value: Any) -> str:
    text = str(value)
    if "/" in text:
        raise NotWritable  # no decimals say it
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
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise NotWritable
    return f"on {', '.join(_day(one) for one in value)}"


def _day(one: Any) -> str:
    if isinstance(one, Mapping):
        return f"{one['given']} received {one['received']}"
    return str(one)


def _quoted(text: str) -> str:
    plain = " ".join(text.replace('"', "'").split())
    return f'"{plain}"'
