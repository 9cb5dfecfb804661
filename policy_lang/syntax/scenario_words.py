"""What scenarios give and expect, as words."""

from __future__ import annotations

from typing import assert_never

from policy_lang.syntax import tree
from policy_lang.syntax.phrases import date, expression, quoted
from policy_lang.syntax.words import NEVER, PART, Word, at, enumerate_words, say


def given(line: tree.GivenEvent | tree.GivenValue) -> list[Word]:
    """A fact, or the dates of an event."""
    if isinstance(line, tree.GivenValue):
        return [*say(f"given {line.name.text}"), *expression(line.value, NEVER), *decided_by(line.decided)]
    by = f" by {line.by.text}" if line.by is not None else ""
    words = say(f"given {line.event.text}{by} {'on' if line.dates else 'none'}")
    received = line.received or (None,) * len(line.dates)
    days = [
        date(day) if known is None else f"{date(day)} received {date(known)}"
        for day, known in zip(line.dates, received, strict=True)
    ]
    words += enumerate_words((say(day) for day in days), NEVER)
    if line.known_until is not None:
        words += [Word(",", glued=True), *say(f"known until {date(line.known_until)}")]
    return words


def decided_by(decided: tree.Decided | None) -> list[Word]:
    """Who decided, and when; or nothing."""
    if decided is None:
        return []
    words = [Word(",", glued=True), *say(f"decided by {quoted(decided.by)}")]
    return words if decided.on is None else [*words, *say(f"on {date(decided.on)}")]


def expect(line: tree.Expect) -> list[Word]:
    """What is expected of one outcome."""
    words = say(f"expect {line.outcome.text}")
    if line.expected.value is not None:
        words += expression(line.expected.value, PART + 1)
    else:
        words += say((line.expected.state or "").partition(";")[0])
    for detail in line.details:
        words += [Word(",", glued=True), *at(PART, _detail(detail), fill=True)]
    return words


def _detail(detail: tree.Detail) -> list[Word]:
    match detail:
        case tree.DetailNeeds(path=path):
            return say(f"needs {path.text}")
        case tree.DetailAssumes(name=name):
            return say(f"assumes {name.text}")
        case tree.DetailDue(date=day):
            return say(f"due {date(day)}")
        case tree.DetailCites(text=text):
            return say(f"cites {quoted(text)}")
        case tree.DetailTime(on_time=on_time):
            return say("on time" if on_time else "late")
    assert_never(detail)
