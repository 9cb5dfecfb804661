"""What scenarios give and expect, as words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import assert_never

from policy_lang.syntax import tree
from policy_lang.syntax.phrases import date, expression, quoted
from policy_lang.syntax.words import NEVER, PART, STEP, Word, at, at_column, enumerate_words, flat, say

_WIDEST = 1_000
"""A table of cases wider than this is left unaligned, so that its lines stay within the limits of a file."""


def as_of(line: tree.AsOf | tree.AsOfEach) -> list[Word]:
    """The dates asked about."""
    if isinstance(line, tree.AsOf):
        return [*say("as of"), *enumerate_words((say(date(day)) for day in line.dates), PART)]
    step = say(f"each {line.step}") if isinstance(line.step, str) else _every(line.step)
    return [*say("as of"), *step, *say(f"from {date(line.first)} until {date(line.last)}", PART)]


def _every(step: tree.PeriodLit) -> list[Word]:
    return [*say("every"), *expression(step, NEVER)]


def given(line: tree.GivenEvent | tree.GivenValue | tree.GivenFile) -> list[Word]:
    """A fact, the dates of an event, or a file of facts."""
    if isinstance(line, tree.GivenFile):
        return say(f"given facts from {quoted(line.path)}")
    if isinstance(line, tree.GivenValue):
        return [*say(f"given {line.name.text}"), *expression(line.value, NEVER), *decided_by(line.decided)]
    by = f" by {line.by.text}" if line.by is not None else ""
    return [*say(f"given {line.event.text}{by}"), *_dates(line)]


def _dates(line: tree.GivenEvent | tree.CellDates) -> list[Word]:
    """`on` the days, or `none`, and until when they are known."""
    received = line.received or (None,) * len(line.dates)
    days = [
        date(day) if known is None else f"{date(day)} received {date(known)}"
        for day, known in zip(line.dates, received, strict=True)
    ]
    words = [*say("on" if days else "none"), *enumerate_words((say(day) for day in days), NEVER)]
    return words if line.known_until is None else [*words, *_known_until(line.known_until)]


def decided_by(decided: tree.Decided | None) -> list[Word]:
    """Who decided, and when; or nothing."""
    if decided is None:
        return []
    words = [Word(",", glued=True), *say(f"decided by {quoted(decided.by)}")]
    return words if decided.on is None else [*words, *say(f"on {date(decided.on)}")]


def expect(line: tree.Expect) -> list[Word]:
    """What is expected of one outcome."""
    words = [*say(f"expect {line.outcome.text}"), *_expected(line.expected, PART + 1)]
    for detail in line.details:
        words += [Word(",", glued=True), *at(PART, _detail(detail), fill=True)]
    return words


def _expected(expected: tree.Expected, rank: int) -> list[Word]:
    if expected.value is not None:
        return expression(expected.value, rank)
    return say((expected.state or "").partition(";")[0])


def expect_property(line: tree.ExpectProperty) -> list[Word]:
    """That a property holds, and compared with which facts."""
    words = say(f"expect property {quoted(line.label)}")
    return words if line.other is None else [*words, *say(f"compared with {line.other.text}", PART)]


def bad_facts(line: tree.ExpectBadFacts) -> list[Word]:
    """That the facts are refused, and why."""
    return say("expect bad facts" if line.code is None else f"expect bad facts {line.code.text}")


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
        case tree.DetailBecause(what=what, path=path):
            return say(f"because {what} {path.text}")
        case tree.DetailAssuming(name=name, value=value):
            return [*say(f"assuming {name.text} is"), *expression(value, NEVER)]
        case tree.DetailBetween(values=values):
            words = say("between")
            for n, one in enumerate(values):
                words += [*(say("and") if n else []), *expression(one, NEVER)]
            return words
    assert_never(detail)


# ------------------------------------------------------------------------------------------ tables of cases


def table(item: tree.CaseTable) -> Iterator[list[Word]]:
    """The header of a table of cases, then its rows: each on one line, every bar below the bar above it."""
    lines = [[say("case"), *(_column(column) for column in item.columns)]]
    lines += [[say(quoted(row.label)), *(_cell(cell) for cell in row.cells)] for row in item.rows]
    bars: list[int] = []
    for n in range(max(len(line) for line in lines) - 1):
        ends = [
            _end(line[n], bars[n - 1] if n else None, first=line is lines[0])
            for line in lines
            if n < len(line)
        ]
        bars.append(max(ends) + 1)
    aligned = not bars or bars[-1] < _WIDEST
    for line in lines:
        words = list(line[0])
        for bar, cell in zip(bars, line[1:], strict=False):
            words += [*at_column(bar if aligned else 0, say("|")), *(at(NEVER, cell) if cell else [])]
        yield words


def _end(cell: list[Word], bar: int | None, *, first: bool) -> int:
    """Where a cell ends that stands at the start of its line, or after a bar."""
    if bar is None:
        return (STEP if first else 2 * STEP) + len(flat(cell))
    return bar + 1 + (1 + len(flat(cell)) if cell else 0)


def _column(column: tree.Column) -> list[Word]:
    match column:
        case tree.ColumnFact(path=path, by=by):
            return say(path.text if by is None else f"{path.text} by {by.text}")
        case tree.ColumnAsOf():
            return say("as of")
        case tree.ColumnWith():
            return say("with")
        case tree.ColumnAssume(name=name):
            return say(f"assume {name.text}")
        case tree.ColumnExpect(outcome=name):
            return say(f"expect {name.text}")
        case tree.ColumnBadFacts():
            return say("expect bad facts")
    assert_never(column)


def _cell(cell: tree.Cell | None) -> list[Word]:
    match cell:
        case None:
            return []
        case tree.CellCode(code=code):
            return say(code.text)
        case tree.CellDates():
            return _dates(cell)
        case tree.CellValue(expected=expected, parts=parts):
            words = _expected(expected, NEVER)
            for part in parts:
                if isinstance(part, tree.Decided):
                    words += decided_by(part)
                elif isinstance(part, tree.DateLit):
                    words += _known_until(part)
                else:
                    words += [Word(",", glued=True), *_detail(part)]
            return words
    assert_never(cell)


def _known_until(day: tree.DateLit) -> list[Word]:
    return [Word(",", glued=True), *say(f"known until {date(day)}")]
