"""One line of a calendar, and what has no date: as data, for text, JSON and iCalendar alike."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable
from typing import Literal, TypeAlias

from attrs import evolve, field, frozen

Kind: TypeAlias = Literal["due", "passed", "in force", "ended", "change", "event"]
"""What a day is: a due date; the first day after one; the first day of an instrument, the first day
without it; a day on which an answer can change; a day on which it does, because of what the facts tell."""

AS_OF = "as_of"
"""The date asked about, where the dates that decide are listed."""

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@frozen
class Answer:
    """What an outcome comes to on the day before, and on the day."""

    name: str
    before: str
    after: str


@frozen
class DueDate:
    """What is owed on a due date. `done` is None where the facts do not tell."""

    actor: str
    act: str
    force: str
    timing: str  # "within 2 years of entry into force"
    counted_back_from: datetime.date | None = None  # then the due date is the latest day to act
    done: bool | None = None
    done_on: datetime.date | None = None
    on_receipt: bool = False  # it is done when it is received, not when it is sent


@frozen
class Entry:
    """One thing that is to be known about one day. `file` and `line` are where the policy says it.

    `by` has the dates that decide: `as_of`, and the paths of facts; `affects` the outcomes that can change;
    `rests_on` the assumptions and determinations that the date rests on.
    """

    day: datetime.date
    kind: Kind
    name: str
    text: str
    instrument: str
    instrument_title: str
    file: str
    line: int
    verified: datetime.date | None = None
    by: tuple[str, ...] = (AS_OF,)
    affects: tuple[str, ...] = ()
    rests_on: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    answers: tuple[Answer, ...] = ()
    due: DueDate | None = None
    questions: dict[str, str] = field(factory=dict, eq=False)  # the question that asks for each date in `by`

    @property
    def weekday(self) -> str:
        """The name of the day of the week."""
        return _WEEKDAYS[self.day.weekday()]

    @property
    def is_weekend(self) -> bool:
        """Whether the day is a Saturday or a Sunday; the date is never moved for it."""
        return self.day.weekday() >= 5

    @property
    def uid(self) -> str:
        """What names this entry in other people's calendars: the same in every run, and in every folder."""
        told = [self.instrument, self.kind, self.day.isoformat()]
        told.append(self.text if self.kind == "change" else self.name)
        return f"{hashlib.sha256('|'.join(told).encode()).hexdigest()[:32]}@policy-lang"

    def to_json(self) -> dict[str, object]:
        """The entry as it stands in the JSON document of the command line."""
        due = self.due
        document: dict[str, object] = {
            "date": self.day.isoformat(),
            "weekday": self.weekday,
            "weekend": self.is_weekend,
            "kind": self.kind,
            "name": self.name,
            "text": self.text,
            "instrument": self.instrument,
            "file": self.file,
            "line": self.line,
            "verified": None if self.verified is None else self.verified.isoformat(),
            "by": list(self.by),
            "affects": list(self.affects),
            "rests_on": list(self.rests_on),
            "cites": list(self.cites),
            "answers": [
                {"outcome": one.name, "before": one.before, "after": one.after} for one in self.answers
            ],
        }
        if due is not None:
            document |= {
                "actor": due.actor,
                "act": due.act,
                "force": due.force,
                "timing": due.timing,
                "latest_day_to_act": due.counted_back_from is not None,
                "counted_back_from": _iso(due.counted_back_from),
                "on_receipt": due.on_receipt,
                "done": due.done,
                "done_on": _iso(due.done_on),
            }
        return document


@frozen
class Remark:
    """What belongs to a calendar and has no day in it: a duty without a date, one already past its date."""

    name: str
    text: str
    instrument: str
    instrument_title: str
    file: str
    line: int

    def to_json(self) -> dict[str, object]:
        """The remark as it stands in the JSON document of the command line."""
        return {
            "name": self.name,
            "text": self.text,
            "instrument": self.instrument,
            "file": self.file,
            "line": self.line,
        }


_ORDER: tuple[Kind, ...] = ("due", "in force", "ended", "change", "event", "passed")


@frozen
class Calendar:
    """The entries in order of their days, and the remarks, of one policy or of several."""

    entries: tuple[Entry, ...] = ()
    remarks: tuple[Remark, ...] = ()


def merged(calendars: Iterable[Calendar]) -> Calendar:
    """Several calendars as one. What several policies say alike, because they use one file, stands once."""
    entries: dict[tuple[str, str, int], Entry] = {}
    remarks: dict[Remark, None] = {}
    for calendar in calendars:
        for entry in calendar.entries:
            key = (entry.uid, entry.file, entry.line)
            known = entries.get(key)
            entries[key] = entry if known is None else _together(known, entry)
        remarks.update(dict.fromkeys(calendar.remarks))
    ordered = sorted(
        entries.values(), key=lambda e: (e.day, _ORDER.index(e.kind), e.file, e.line, e.name, e.text)
    )
    return Calendar(tuple(ordered), tuple(remarks))


def _together(one: Entry, other: Entry) -> Entry:
    return evolve(
        one,
        by=tuple(sorted({*one.by, *other.by})),
        affects=tuple(dict.fromkeys((*one.affects, *other.affects))),
        answers=tuple(dict.fromkeys((*one.answers, *other.answers))),
        questions=one.questions | other.questions,
    )


def _iso(day: datetime.date | None) -> str | None:
    return None if day is None else day.isoformat()
