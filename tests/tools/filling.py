"""Fills a list of questions as a person would, with answers drawn by chance from those that are allowed."""

from __future__ import annotations

import datetime
import io
import random
import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from openpyxl import load_workbook

from policy_lang.program.countries import COUNTRIES
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    DateSpan,
    Enumeration,
    HsCode,
    Percent,
    Period,
    Text,
    YesNo,
    is_numeric,
)
from policy_lang.tools.questions.ask import QuestionList
from policy_lang.tools.questions.form import Entry, Form, ListTable, make_form
from policy_lang.tools.questions.to_markdown import cell, to_markdown
from policy_lang.tools.questions.to_workbook import to_workbook

Draw = Callable[[Entry], str]


def drawn(chance: random.Random, as_of: datetime.date, countries: tuple[str, ...], most: int = 3) -> Draw:
    """Draws one allowed answer at a time; `countries` come up more often than others."""

    def day(lower: object = None, upper: object = None) -> datetime.date:
        first = lower if isinstance(lower, datetime.date) else as_of - datetime.timedelta(2000)
        last = upper if isinstance(upper, datetime.date) else as_of
        return first + datetime.timedelta(chance.randint(1, max((last - first).days - 1, 1)))

    def draw(one: Entry) -> str:
        if one.address.endswith(".known_until"):
            return ""
        if one.optional and chance.random() < 0.2:
            return "none"
        match one.type:
            case YesNo():
                return chance.choice(["yes", "no"])
            case Enumeration(members=members):
                return chance.choice(members)
            case Country():
                return chance.choice([*countries, *countries, chance.choice(list(COUNTRIES))])
            case Date():
                return day(one.bounds.lower, one.bounds.upper).isoformat()
            case Dates():
                days = {day().isoformat() for _ in range(chance.randint(0, 2))}
                return ", ".join(sorted(days)) or "none"
            case DateSpan():
                days_of = sorted([day(), day()])
                return f"{days_of[0]} to {days_of[1]}"
            case HsCode():
                return chance.choice(["8507.60", "0406.90", "610910", "0406.90.00.10"])
            case Period():
                return f"{chance.randint(1, 3)} years"
            case Text():
                return chance.choice(["=1+1", "a | b", "plain"])
            case kind if is_numeric(kind):
                if "How many are there?" in one.words:
                    return str(chance.randint(0, most))
                lower = one.bounds.lower if isinstance(one.bounds.lower, Decimal) else Decimal(0)
                upper = (
                    one.bounds.upper
                    if isinstance(one.bounds.upper, Decimal)
                    else lower + chance.choice([10, 1000, 90000])
                )
                number = lower + (upper - lower) * chance.randint(1, 99) / 100
                return f"{number.quantize(Decimal(1)) if number > lower + 1 else number:f}" + (
                    " %" if kind == Percent() else ""
                )
        raise AssertionError(one)

    return draw


def answers(form: Form, draw: Draw) -> dict[str, str]:
    """An answer for everything that is open, by its address; those about elements have their numbers in it."""
    found = {one.address: draw(one) for one in form.asked}
    counts = {**{one.address: one.answer for one in form.given}, **found}
    for table in form.tables:
        for place in _places(table, counts):
            old = dict(table.rows).get(place, ("",) * len(table.columns))
            for one, given in zip(table.columns, old, strict=True):
                address = _at(one.address, place)
                counts[address] = given or draw(one)
                found[address] = "" if given else counts[address]
    return {address: answer for address, answer in found.items() if answer}


def _at(address: str, place: tuple[int, ...]) -> str:
    for number in place:
        address = address.replace("[]", f"#{number}", 1)
    return address


def _places(table: ListTable, counts: dict[str, str]) -> Iterator[tuple[int, ...]]:
    """The elements there are, as far as the answers tell."""
    waiting: list[tuple[int, ...]] = [()]
    for _, address in table.numbers:
        waiting = [
            (*place, n)
            for place in waiting
            for n in range(1, int(counts.get(_at(address.removesuffix("[]"), place)) or 0) + 1)
        ]
    yield from waiting


def filled_markdown(questions: QuestionList, draw: Draw) -> bytes:
    """The Markdown form with an answer in every cell that wants one."""
    found = answers(make_form(questions), draw)
    lines: list[str] = []
    heads: list[str] = []
    rows: set[str] = set()
    for written in to_markdown(questions).split("\n"):
        line = written
        parts = re.split(r"(?<!\\)\|", line)
        named = [path[-1] if (path := re.findall(r"`([^`]+)`", part)) else "" for part in parts]
        if named[1:2] and named[1].endswith("[]"):
            heads, rows = named, set()
        elif heads and len(parts) == len(heads) and parts[1].strip().isdigit():
            place = tuple(int(part) for part, head in zip(parts, heads, strict=True) if head.endswith("[]"))
            rows.add(str(place))
            line = _row(parts, heads, place, found)
        elif heads and not line.startswith("|"):
            missing = [place for place in _all_places(heads, found) if str(place) not in rows]
            lines.extend(_row([""] * len(heads), heads, place, found) for place in missing)
            heads = []
        elif len(parts) == 9 and named[-2] in found:
            parts[3] = f" {cell(found[named[-2]])} "
            line = "|".join(parts)
        lines.append(line)
    return "\n".join(lines).encode()


def _row(parts: list[str], heads: list[str], place: tuple[int, ...], found: dict[str, str]) -> str:
    cells = list(parts)
    numbers = iter(place)
    for n, head in enumerate(heads):
        if head.endswith("[]"):
            cells[n] = f" {next(numbers)} "
        elif head and _at(head, place) in found:
            cells[n] = f" {cell(found[_at(head, place)])} "
    return "|".join(cells)


def _all_places(heads: list[str], found: dict[str, str]) -> list[tuple[int, ...]]:
    named = [head for head in heads if head and not head.endswith("[]")]
    depth = sum(head.endswith("[]") for head in heads)
    places: dict[tuple[int, ...], None] = {}
    for address in found:
        numbers = tuple(int(n) for n in re.findall(r"#(\d+)", address))
        if len(numbers) == depth and any(_at(head, numbers) == address for head in named):
            places[numbers] = None
    return list(places)


def filled_workbook(questions: QuestionList, draw: Draw) -> bytes:
    """The workbook with an answer in every cell that wants one."""
    found = answers(make_form(questions), draw)
    book = load_workbook(io.BytesIO(to_workbook(questions)))
    for sheet in book.worksheets:
        heads: list[str] = []
        rows: set[tuple[int, ...]] = set()
        last = 0
        for row in sheet.iter_rows():
            texts = ["" if one.value is None else str(one.value) for one in row]
            if heads and texts[0].isdigit():
                place = tuple(int(texts[n]) for n, head in enumerate(heads) if head.endswith("[]"))
                rows.add(place)
                last = row[0].row or 0
                for n, head in enumerate(heads):
                    if head and _at(head, place) in found:
                        row[n].value = found[_at(head, place)]
            elif texts[0].endswith("[]"):
                heads, last = texts, row[0].row or 0
            elif len(texts) >= 8 and texts[7] in found:
                row[2].value = found[texts[7]]
                row[2].data_type = "s"
        for place in _all_places(heads, found) if heads else ():
            if place not in rows:
                last += 1
                for n, head in enumerate(heads):
                    if head.endswith("[]"):
                        sheet.cell(last, n + 1, place[n])
                    elif _at(head, place) in found:
                        sheet.cell(last, n + 1, found[_at(head, place)])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
