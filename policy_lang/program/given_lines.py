"""Facts as the lines of a scenario that give them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, cast

from attrs import field, frozen

from policy_lang.program.core import Program, RecordSchema
from policy_lang.program.fact_values import Mistake, read_date, read_value
from policy_lang.program.sentences import said
from policy_lang.program.types import Dates, DateSpan, HsCode, ListOf, Period, Text, Type, is_numeric

_UNWRITABLE = re.compile('["\x00-\x1f\x7f\ud800-\udfff]')
_LONGEST = 3_000  # characters of a text; the lines of a file have an end, too


class CannotBeGiven(Exception):
    """No line of a scenario gives these facts; the argument says which, in words."""


def given_lines(
    program: Program, facts: Mapping[str, Any], but: Collection[tuple[str, ...]] = ()
) -> list[str]:
    """The lines below `scenario` or `facts` that give these facts, indented as in a scenario.

    `but` are the fields of records that are given elsewhere, as `("vehicle", "msrp")`. Read again, the lines give
    the same facts; what no line says raises `CannotBeGiven`.
    """
    return list(_Lines(program, but).of(facts))


def written(value: Any, kind: Type) -> str:
    """A value of the facts as a policy writes it, with who decided it where the facts say so."""
    if isinstance(value, Mapping) and "value" in value:
        return f"{written(value['value'], kind)}{_decided(value)}"
    if value == "none" and not isinstance(kind, Text):
        return "none"
    if isinstance(value, str) and "/" in value and is_numeric(kind):
        raise CannotBeGiven(f"the number {value}, which has no decimals")
    plain = read_value(value, kind)
    if isinstance(plain, Mistake):
        raise CannotBeGiven(f"a value that is none of its kind: {plain.message}")
    if plain == "unknown" and not isinstance(kind, Text):
        raise CannotBeGiven("the word `unknown`, which would take the fact away")
    match kind:
        case Text():
            return quoted(str(plain))
        case HsCode():
            return f"HS {plain}"
        case Period():
            return _period(cast(tuple[int, int, int], plain))
        case DateSpan():
            first, last = cast(tuple[datetime.date, datetime.date], plain)
            return f"(from {first.isoformat()} until {last.isoformat()})"
        case _:
            return said(plain, kind)


def quoted(text: str) -> str:
    """A text in quotation marks; no text of a policy has such marks inside."""
    if _UNWRITABLE.search(text):
        raise CannotBeGiven("a text with a quotation mark, a tab or several lines in it")
    if text != text.strip():
        raise CannotBeGiven("a text with blanks at its ends")
    if len(text) > _LONGEST:
        raise CannotBeGiven(f"a text of more than {_LONGEST:,} characters")
    return f'"{text}"'


@frozen
class _Lines:
    """Writes the lines for facts of one program."""

    program: Program
    but: Collection[tuple[str, ...]]
    records: Mapping[str, RecordSchema] = field(init=False)
    case_facts: Mapping[str, Type] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "records", {one.name: one for one in self.program.records})
        object.__setattr__(self, "case_facts", {one.name: one.type for one in self.program.case_facts})

    def of(self, facts: Mapping[str, Any]) -> Iterator[str]:
        parties = {name.partition(".")[0] for name in self.case_facts if "." in name}
        for name, value in facts.items():
            record = self.records.get(name)
            kind = self.case_facts.get(name)
            if value is None:
                continue
            if record is not None and record.parent is None:
                yield f"    given {name}"
                yield from self._fields(record, value, "        ", name)
            elif isinstance(kind, Dates):
                yield from _event(name, value, f"{name}.received" in self.case_facts)
            elif kind is not None:
                yield f"    given {name} {written(value, kind)}"
            elif name in parties and isinstance(value, Mapping):
                for party, days in value.items():
                    if f"{name}.{party}" not in self.case_facts:
                        raise CannotBeGiven(f"`{name}` by {party}, of which the policy says nothing")
                    has_two = f"{name}.{party}.received" in self.case_facts
                    if days is not None:
                        yield from _event(f"{name} by {party}", days, has_two)
            elif name != "territories":
                raise CannotBeGiven(f"`{name}`, of which the policy says nothing")
            elif value:
                raise CannotBeGiven("which territories count with the country they belong to")

    def _fields(self, record: RecordSchema, values: Any, margin: str, root: str = "") -> Iterator[str]:
        fields = [one.name for one in record.fields]
        if not isinstance(values, Mapping):
            raise CannotBeGiven(f"`{record.name}` as anything but its facts")
        for name in values:
            if name not in fields:
                raise CannotBeGiven(f"`{name}` of `{record.name}`, of which the policy says nothing")
        for one in record.fields:
            value = values.get(one.name)
            if value is None or (root, one.name) in self.but:
                continue
            if not isinstance(one.type, ListOf):
                yield f"{margin}{one.name} {written(value, one.type)}"
            elif value in ("none", []) or value == ():
                yield f"{margin}{one.name} none"
            elif not isinstance(value, (list, tuple)):
                raise CannotBeGiven(f"`{one.name}` as anything but a list")
            else:
                inner = margin
                if one.type.record in fields:  # then the word alone would be taken for the field
                    yield f"{margin}{one.name}"
                    inner = f"{margin}    "
                for element in value:
                    yield f"{inner}{one.type.record}"
                    child = self.records[one.type.record]
                    yield from self._fields(child, {} if element is None else element, f"{inner}    ")


def _decided(value: Mapping[str, Any]) -> str:
    """Who decided a determination, and when."""
    by, on = value.get("by"), value.get("on")
    if by is None:
        if on is not None:
            raise CannotBeGiven("when something was decided without who did")
        return ""
    return f", decided by {quoted(str(by))}{f' on {_date(on)}' if on is not None else ''}"


def _period(parts: Sequence[int]) -> str:
    named = zip(parts, ("year", "month", "day"), strict=True)
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in named if n) or "0 days"


def _event(named: str, value: Any, has_two: bool) -> Iterator[str]:
    """The line that gives the dates of an event; none where nothing is known of them."""
    until = ""
    if isinstance(value, Mapping):
        if value.get("received") is not None:
            raise CannotBeGiven("the days on which something arrived without those on which it was given")
        if value.get("known_until") is None and value.get("dates") is None:
            return
        if value.get("known_until") is not None:
            until = f", known until {_date(value['known_until'])}"
        value = value.get("dates") or []
    if value == "none" or (isinstance(value, (list, tuple)) and not value):
        yield f"    given {named} none{until}"
        return
    if not isinstance(value, (list, tuple)):
        raise CannotBeGiven(f"the dates of `{named}` as anything but a list")
    yield f"    given {named} on {', '.join(_once(one, has_two) for one in value)}{until}"


def _once(value: Any, has_two: bool) -> str:
    if not isinstance(value, Mapping):
        return _date(value)
    if value.get("given") is None or not has_two:
        raise CannotBeGiven("the day on which something arrived without the day on which it was given")
    given = _date(value["given"])
    return given if value.get("received") is None else f"{given} received {_date(value['received'])}"


def _date(value: Any) -> str:
    read = read_date(value)
    if isinstance(read, Mistake):
        raise CannotBeGiven(f"a date that is none: {read.message}")
    return read.isoformat()
