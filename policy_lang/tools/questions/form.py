"""A list of questions laid out as a form: rows for single facts, a table for each list, and what is known already.

The addresses of the answers are those that `policy_lang/source/facts_sheet.py` reads.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal

from attrs import define, evolve, field, frozen

from policy_lang.program.asking import (
    answer_kind,
    case_question,
    field_question,
    plain_name,
    territory_question,
)
from policy_lang.program.core import Bounds, FieldSchema, RecordSchema
from policy_lang.program.events import RECEIVED
from policy_lang.program.schema import Schema
from policy_lang.program.sentences import period
from policy_lang.program.types import Date, Dates, ListOf, Number, Text, Type, YesNo
from policy_lang.tools.questions.ask import Question, QuestionList

_COUNT = Number(whole=True)
_FEWEST = Bounds(lower=Decimal(0))
_BLANK_ROWS = 5
_BLANK_INNER_ROWS = 3


@frozen
class Entry:
    """One place for an answer: its address, the question, and what kind of answer belongs there.

    `question` is the question it belongs to, where it is open; of several entries for one, the first explains it.
    """

    address: str
    words: str
    type: Type
    kind: str
    question: Question | None = None
    bounds: Bounds = field(factory=Bounds)
    optional: bool = False
    answer: str = ""
    is_first: bool = True


@frozen
class ListTable:
    """A table with a row for each element of a list. `numbers` heads its first columns: the way to the element.

    `noun` is what one element is called.
    """

    title: str
    noun: str
    path: str
    numbers: tuple[tuple[str, str], ...]  # (word, address)
    columns: tuple[Entry, ...]
    rows: tuple[tuple[tuple[int, ...], tuple[str, ...]], ...]  # (numbers, answers)


@frozen
class Form:
    """Everything to be filled in, and what was given."""

    asked: tuple[Entry, ...]
    tables: tuple[ListTable, ...]
    given: tuple[Entry, ...]


def make_form(questions: QuestionList) -> Form:
    """The form for a list of questions."""
    return _Layout(questions).form()


def answer_text(raw: object) -> str:
    """A fact as it is written in an answer; nothing where it is unknown."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, Decimal):
        return f"{raw:f}"
    if isinstance(raw, datetime.date):
        return raw.isoformat()
    if isinstance(raw, list):
        return ", ".join(answer_text(one) for one in raw)
    return period(raw) if isinstance(raw, tuple) else str(raw)


@define(eq=False, slots=False)
class _Layout:
    """Sorts questions and given facts into rows and tables."""

    questions: QuestionList
    schema: Schema = field(init=False)
    asked: dict[str, Question] = field(init=False)

    def __attrs_post_init__(self) -> None:
        program = self.questions.program
        self.schema = Schema(program)
        self.asked = {one.path: one for one in self.questions.questions}
        self._roots = [record for record in program.records if record.parent is None]
        self._in_lists = {
            f"{self.schema.path(record.name)}.{one.name}"
            for record in program.records
            if record.parent is not None
            for one in record.fields
        }
        self._events = {fact.name for fact in program.case_facts if isinstance(fact.type, Dates)}
        self._given_cases = [fact for fact in program.case_facts if self._has(fact.name)]

    def _has(self, name: str) -> bool:
        return self._value_at(name) is not None

    def form(self) -> Form:
        """The whole form."""
        rows = [
            entry
            for one in self.questions.questions
            if one.path not in self._in_lists
            for entry in self._entries(one, one.path, self._value_at(one.path))
        ]
        return Form(tuple(rows), tuple(self._tables()), tuple(self._given()))

    def _value_at(self, path: str) -> object:
        """What is given under a path; of the receipt of an event, only the days on which it was received."""
        event, _, last = path.rpartition(".")
        if last == RECEIVED and event in self._events:
            return _event_parts(self._value_at(event)).received
        here: object = self.questions.given
        for step in path.split("."):
            here = here.get(step) if isinstance(here, Mapping) else None
        return here

    def _entries(self, one: Question, address: str, value: object = None) -> list[Entry]:
        """The places for the answer to one question; a determination and an event have several."""
        first = Entry(address, one.words, one.type, one.kind, one, one.bounds, one.optional)
        if one.role == "determination":
            return _determination(first, value)
        if one.role == "event":
            return _event(first, value)
        if one.role == "list":
            return [_counted(first)]
        return [first]

    # -------------------------------------------------------------------------- given

    def _given(self) -> Iterator[Entry]:
        """The facts that are given and stand in no list, and how many elements the given lists have."""
        given = self.questions.given
        for record in self._roots:
            values = given.get(record.name)
            if isinstance(values, Mapping):
                for one in record.fields:
                    address = f"{record.name}.{one.name}"
                    if values.get(one.name) is not None and address not in self.asked:
                        yield from self._known(one, record, address, values[one.name])
        for fact in self._given_cases:
            if fact.name not in self.asked:
                first = Entry(fact.name, case_question(fact), fact.type, answer_kind(fact.type))
                value = self._value_at(fact.name)
                if isinstance(fact.type, Dates):
                    yield from _event(first, value)
                else:
                    yield from _known_determination(first, value)
        territories = given.get("territories")
        if isinstance(territories, Mapping):
            for code, value in territories.items():
                yield Entry(
                    f"territories.{code}",
                    territory_question(str(code)),
                    YesNo(),
                    answer_kind(YesNo()),
                    answer=answer_text(value),
                )

    def _known(self, one: FieldSchema, record: RecordSchema, address: str, value: object) -> Iterator[Entry]:
        kind = answer_kind(one.type, one.bounds, optional=one.optional)
        first = Entry(address, field_question(one, record.name), one.type, kind)
        if isinstance(one.type, ListOf):
            number = str(len(value)) if isinstance(value, list | tuple) else "0"
            yield _counted(first, number)
        elif one.determination:
            yield from _known_determination(first, value)
        else:
            yield evolve(first, answer=answer_text(value))

    # -------------------------------------------------------------------------- lists

    def _tables(self) -> Iterator[ListTable]:
        for record in self.questions.program.records:
            if record.parent is None:
                continue
            path = self.schema.path(record.name)
            elements = list(self._elements(record.name))
            named = {key for _, values in elements for key, value in values.items() if value is not None}
            fields = [one for one in record.fields if one.name in named or f"{path}.{one.name}" in self.asked]
            if not fields and path not in self.asked and not elements:
                continue
            columns = [entry for one in fields for entry in self._column(record, one)]
            owners = [one for one in self.schema.scope(record.name) if one in self._list_records()]
            numbers = tuple((plain_name(one).capitalize(), f"{self._address(one)}[]") for one in owners)
            rows = [*elements, *self._blank(record, elements)]
            yield ListTable(
                record.label or plain_name(record.name).capitalize(),
                plain_name(record.name),
                path,
                numbers,
                tuple(columns),
                tuple(
                    (place, tuple(_cell(values, entry.address) for entry in columns))
                    for place, values in sorted(rows, key=lambda row: row[0])
                ),
            )

    def _list_records(self) -> set[str]:
        return {record.name for record in self.questions.program.records if record.parent is not None}

    def _address(self, record: str) -> str:
        """The address of a list: `vehicle.chains[].steps`."""
        words = ""
        for name in self.schema.scope(record):
            schema = self.schema.records[name]
            if schema.parent is None:
                words = name
            else:
                is_root = self.schema.records[schema.parent].parent is None
                words = f"{words}{'' if is_root else '[]'}.{schema.parent_field}"
        return words

    def _column(self, record: RecordSchema, one: FieldSchema) -> list[Entry]:
        address = f"{self._address(record.name)}[].{one.name}"
        question = self.asked.get(f"{self.schema.path(record.name)}.{one.name}")
        if question is not None:
            return self._entries(question, address)
        kind = answer_kind(one.type, one.bounds, optional=one.optional)
        entry = Entry(
            address, field_question(one, record.name), one.type, kind, None, one.bounds, one.optional
        )
        if isinstance(one.type, ListOf):
            return [_counted(entry)]
        return _determination(entry, None) if one.determination else [entry]

    def _elements(self, record: str) -> Iterator[tuple[tuple[int, ...], Mapping[str, object]]]:
        """The given elements of a list, each with the way to it, counted from 1."""
        schema = self.schema.records[record]
        if schema.parent is None:
            values = self.questions.given.get(record)
            if isinstance(values, Mapping):
                yield (), values
            return
        for place, values in self._elements(schema.parent):
            inner = values.get(str(schema.parent_field))
            if isinstance(inner, list | tuple):
                for n, one in enumerate(inner, 1):
                    yield (*place, n), one if isinstance(one, Mapping) else {}

    def _blank(
        self, record: RecordSchema, elements: list[tuple[tuple[int, ...], Mapping[str, object]]]
    ) -> Iterator[tuple[tuple[int, ...], Mapping[str, object]]]:
        """Numbered rows to be filled, where a list is not given."""
        if self.schema.path(record.name) not in self.asked:
            return
        assert record.parent is not None
        taken = {place[:-1] for place, _ in elements}
        owners = [place for place, _ in self._elements(record.parent)]
        outer = self.schema.records[record.parent]
        is_inner = outer.parent is not None
        if is_inner and not owners:
            owners = [place for place, _ in self._blank(outer, [])]
        for owner in owners or [()]:
            values = dict(self._elements(record.parent)).get(owner, {})
            if owner in taken or values.get(str(record.parent_field)) is not None:
                continue
            for n in range(1, (_BLANK_INNER_ROWS if is_inner else _BLANK_ROWS) + 1):
                yield (*owner, n), {}


def _counted(entry: Entry, answer: str = "") -> Entry:
    words = entry.words if entry.words.endswith(("?", ".", "!")) else f"{entry.words}."
    return evolve(
        entry,
        words=f"{words} How many are there?",
        type=_COUNT,
        kind="a whole number; 0, if there is none",
        bounds=_FEWEST,
        optional=False,
        answer=answer,
    )


def _made(value: object, part: str) -> object:
    if isinstance(value, Mapping):
        return value.get(part)
    return value if part == "value" else None


def _determination(first: Entry, value: object) -> list[Entry]:
    """The places for what was decided, by whom and when."""
    follows = evolve(first, bounds=Bounds(), optional=False, is_first=False)
    return [
        evolve(first, address=f"{first.address}.value", answer=answer_text(_made(value, "value"))),
        evolve(
            follows,
            address=f"{first.address}.by",
            words="Who decided that?",
            type=Text(),
            kind="a name",
            answer=answer_text(_made(value, "by")),
        ),
        evolve(
            follows,
            address=f"{first.address}.on",
            words="When was that decided?",
            type=Date(),
            kind=answer_kind(Date()),
            answer=answer_text(_made(value, "on")),
        ),
    ]


def _known_determination(first: Entry, value: object) -> Iterator[Entry]:
    yield from (one for one in _determination(first, value) if one.answer)


@frozen
class _EventParts:
    """The days of an event as they were given: of the event, of its receipt, and up to when they are complete."""

    dates: object = None
    received: object = None
    until: object = None


def _event_parts(value: object) -> _EventParts:
    """Takes apart the forms in which an event may be given; days of which one is missing are not known."""
    until: object = None
    received: object = None
    days = value
    if isinstance(value, Mapping):
        days, received, until = value.get("dates"), value.get("received"), value.get("known_until")
    if isinstance(days, list | tuple) and any(isinstance(one, Mapping) for one in days):
        pairs: list[Mapping[str, object]] = [
            one if isinstance(one, Mapping) else {"given": one} for one in days
        ]
        days = _all_known([one.get("given") for one in pairs])
        received = received if received is not None else _all_known([one.get("received") for one in pairs])
    return _EventParts(days, received, until)


def _all_known(days: list[object]) -> object:
    return None if any(one is None for one in days) else days


def _days(raw: object) -> str:
    if isinstance(raw, list | tuple):
        return ", ".join(answer_text(one) for one in raw) or "none"
    return answer_text(raw)


def _event(first: Entry, value: object) -> list[Entry]:
    """The places for the dates of an event, and for how far they are known; for its receipt, for the dates alone."""
    if first.address.endswith(f".{RECEIVED}"):
        return [evolve(first, address=f"{first.address}[]", answer=_days(value))]
    parts = _event_parts(value)
    return [
        evolve(first, address=f"{first.address}.dates[]", answer=_days(parts.dates)),
        evolve(
            first,
            address=f"{first.address}.known_until",
            words="Up to which day is that complete?",
            type=Date(),
            kind=f"{answer_kind(Date())}; nothing, if no more can come to light",
            answer=answer_text(parts.until),
            is_first=False,
        ),
    ]


def _cell(values: Mapping[str, object], address: str) -> str:
    """What an element says under the address of a column."""
    steps = address.rpartition("[].")[2].split(".")
    value = values.get(steps[0])
    if len(steps) == 2:
        return answer_text(_made(value, steps[1]))
    if isinstance(value, Mapping):
        return ""
    if isinstance(value, list | tuple) and all(one is None or isinstance(one, Mapping) for one in value):
        return str(len(value))
    return answer_text(value)
