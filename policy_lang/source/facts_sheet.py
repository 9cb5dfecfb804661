"""Filled lists of questions, as workbooks or Markdown tables, to facts: nothing in them is ever worked out.

What is read are tables of two kinds. One has a column `Fact` and a column `Answer`: each row answers one fact,
named by its path. The other is about a list, and has a row of paths above its rows: `vehicle.chains[]` heads the
numbers of the elements, `vehicle.chains[].value` one of their facts. How many elements there are is the answer to
`vehicle.chains` itself. A path that ends in `[]` in the first kind of table takes several values with commas between.
"""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import islice
from typing import Any, TypeAlias

from attrs import define, field, frozen

from policy_lang.source.archive import archive_mistake
from policy_lang.source.text import SourceFile, Span

Steps: TypeAlias = tuple[str | int, ...]

_MOST_ROWS = 20_000
_MOST_CELLS = 400_000
_LAST_ROW = 1_048_576  # of a sheet
_MOST_ELEMENTS = 10_000
_EXCEL_DIGITS = 15
_FORMULA = "this cell holds a formula, and formulas are not worked out"
_ADDRESS = re.compile(r"[^\W\d]\w*(?:\[\])?(?:\.[^\W\d]\w*(?:\[\])?)*")
_FACT, _ANSWER = "Fact", "Answer"


@frozen
class SheetMistake:
    """What is wrong in a filled list: where, what, and how to mend it."""

    span: Span
    message: str
    help: str = ""
    is_repeated: bool = False


@frozen
class FilledList:
    """What a filled list says, where each answer stands, and what is wrong with it."""

    values: Mapping[str, object]
    places: Mapping[Steps, Span]
    mistakes: tuple[SheetMistake, ...]


@frozen
class Cell:
    """One cell that is not empty. `mistake` says why its value cannot be used."""

    value: object
    span: Span
    mistake: str = ""
    help: str = ""

    @property
    def text(self) -> str:
        return self.value if isinstance(self.value, str) else str(self.value)


Row: TypeAlias = Mapping[int, Cell]
"""The cells of a row that are not empty, by column."""


def read_tables(tables: Sequence[Sequence[Row]], whole: Span) -> FilledList:
    """The facts in all tables of a file; `whole` is the place of what is said about the file itself."""
    reader = _Reader()
    found = [reader.table(rows) for rows in tables]
    if not any(found):
        help = f"its questions stand in a table with the columns {_FACT} and {_ANSWER}: `pol questions` makes one"
        return FilledList({}, {}, (SheetMistake(whole, "there is no list of questions in this file", help),))
    return reader.filled()


@define(eq=False)
class _Reader:
    """Gathers answers by their path, then puts the facts together."""

    answers: dict[Steps, Cell] = field(factory=dict)
    numbered: dict[Steps, Cell] = field(
        factory=dict
    )  # elements that have an answer, and where their number stands
    lists: set[str] = field(factory=set)  # paths that end in `[]`
    mistakes: list[SheetMistake] = field(factory=list)

    def wrong(self, cell: Cell, message: str, help: str = "", is_repeated: bool = False) -> None:
        self.mistakes.append(SheetMistake(cell.span, message, help, is_repeated))

    # ------------------------------------------------------------------------------ tables

    def table(self, rows: Sequence[Row]) -> bool:
        """Reads one table or sheet; no when there are no questions in it."""
        known = False
        columns: tuple[int, int] | None = None
        heads: dict[int, str] = {}
        for row in rows:
            texts = {column: cell.text.strip() for column, cell in row.items() if isinstance(cell.value, str)}
            titles = {text: column for column, text in reversed(texts.items())}
            paths = {column: address(text) for column, text in texts.items()}
            first = paths.get(min(row)) if row else None
            if _FACT in titles and _ANSWER in titles:
                columns, heads, known = (titles[_FACT], titles[_ANSWER]), {}, True
            elif first and first.endswith("[]") and columns is None:
                heads, known = {column: path for column, path in paths.items() if path}, True
                self.lists.update(path for path in heads.values() if path.endswith("[]"))
            elif columns is not None:
                self.answer(row, *columns)
            elif heads:
                self.element(row, heads)
        return known

    def answer(self, row: Row, fact: int, answer: int) -> None:
        """One row of questions."""
        named, given = row.get(fact), row.get(answer)
        if named is not None and named.mistake:
            self.wrong(named, named.mistake, named.help)
        elif given is None:
            return
        elif named is None:
            self.wrong(given, "nothing says which fact this answers", f"write its path in the column {_FACT}")
        else:
            path = address(named.text)
            if path is None:
                self.wrong(named, f"`{named.text[:60]}` does not name a fact", "leave this column as it was")
            elif "[]" in path[:-2]:
                self.wrong(named, "a fact of an element of a list stands in the table of that list")
            else:
                self.keep(tuple(path.split(".")), given)

    def element(self, row: Row, heads: Mapping[int, str]) -> None:
        """One row of the table of a list."""
        numbers: dict[str, int] = {}
        filled = [c for c, path in heads.items() if not path.endswith("[]") and c in row]
        last: Cell | None = None
        for column, path in heads.items():
            if not path.endswith("[]"):
                continue
            cell = row.get(column)
            if cell is None:
                if filled:
                    self.wrong(row[filled[0]], "nothing says which one this is about", "number its row")
                return
            number = _count(cell, least=1)
            if number is None:
                if cell.mistake:
                    self.wrong(cell, cell.mistake, cell.help)
                else:
                    self.wrong(
                        cell, f"`{cell.text[:40]}` is not a number of a row", "rows are numbered from 1"
                    )
                return
            numbers[path], last = number, cell
        for column in filled:
            steps = _concrete(heads[column], numbers)
            if steps is None:
                continue
            self.keep(steps, row[column])
            assert last is not None
            for n, step in enumerate(steps):
                if isinstance(step, int):
                    self.numbered.setdefault(steps[: n + 1], last)

    def keep(self, path: Steps, cell: Cell) -> None:
        if cell.mistake:
            self.wrong(cell, cell.mistake, cell.help)
        elif path in self.answers:
            where = self.answers[path].span.file.name
            self.wrong(cell, f"`{_said(path)}` is answered twice", f"leave one out; see {where}", True)
        else:
            self.answers[path] = cell

    # ------------------------------------------------------------------------------ facts

    def filled(self) -> FilledList:
        """The facts, lists first, so that what is answered about their elements has a place to stand."""
        values: dict[str, object] = {}
        places: dict[Steps, Span] = {}
        elements = 0
        for asked, cell in sorted(self.answers.items(), key=lambda one: len(one[0])):
            path, value = asked, cell.value
            if f"{_schema(path)}[]" in self.lists:
                number = _count(cell, least=0)
                if number is None:
                    self.wrong(
                        cell, f"`{cell.text[:40]}` is not how many there are", "write a whole number, or 0"
                    )
                    continue
                elements += number
                if elements > _MOST_ELEMENTS:
                    message = f"with these, there are more than {_MOST_ELEMENTS:,} of all lists together"
                    self.wrong(cell, message, "leave out what no outcome asks for")
                    continue
                value = [{} for _ in range(number)]
            elif isinstance(path[-1], str) and path[-1].endswith("[]"):
                path = (*path[:-1], path[-1][:-2])
                value = _several(value)
            if self.place(values, path, value, cell):
                places[path] = cell.span
        for path, cell in self.answers.items():
            if path[-1] == "known_until" and (*path[:-1], "dates[]") not in self.answers:
                self.wrong(
                    cell, "this is complete up to a day, but no dates are given", "give them, or `none`"
                )
        return FilledList(values, places, tuple(self.mistakes))

    def place(self, values: dict[str, object], path: Steps, value: object, cell: Cell) -> bool:
        """Puts one value where its path leads, unless something else is there already, or nothing is."""
        here: Any = values
        for n, step in enumerate(path[:-1]):
            if isinstance(step, int):
                if step >= len(here):
                    there = "only one" if len(here) == 1 else str(len(here)) if here else "none"
                    message = f"this is number {step + 1} of `{_said(path[:n])}`, and there is {there}"
                    self.wrong(
                        self.numbered[path[: n + 1]], message, "say how many there are where that is asked"
                    )
                    return False
                here = here[step]
            elif isinstance(path[n + 1], int):
                here = here.get(step)
                if not isinstance(here, list):
                    listed = _said(path[: n + 1])
                    help = f"answer `{listed}` with a number"
                    self.wrong(cell, f"nothing says how many there are of `{listed}`", help)
                    return False
            else:
                here = here.setdefault(step, {})
                if not isinstance(here, dict):
                    self.wrong(cell, f"`{_said(path[: n + 1])}` is answered already", "leave one out", True)
                    return False
        if path[-1] in here:
            self.wrong(cell, f"`{_said(path)}` is answered already", "leave one out", True)
            return False
        here[path[-1]] = value
        return True


def address(text: str) -> str | None:
    """The path that a cell names, by itself or in backticks after some words."""
    found = re.search(r"`([^`]+)`\s*$", text)
    path = found[1] if found else text.strip()
    return path if len(path) < 500 and _ADDRESS.fullmatch(path) else None


def _concrete(path: str, numbers: Mapping[str, int]) -> Steps | None:
    """The path with the numbers of the elements in it, counted from 0; None when a number is missing."""
    steps: list[str | int] = []
    walked = ""
    for part in path.split("."):
        walked = f"{walked}.{part}" if walked else part
        steps.append(part.removesuffix("[]"))
        if part.endswith("[]"):
            if walked not in numbers:
                return None
            steps.append(numbers[walked] - 1)
    return tuple(steps)


def _schema(path: Steps) -> str:
    words = ""
    for step in path:
        words += "[]" if isinstance(step, int) else f".{step}" if words else step
    return words


def _said(path: Steps) -> str:
    words = ""
    for step in path:
        words += f"[{step + 1}]" if isinstance(step, int) else f".{step}" if words else step
    return words


def _count(cell: Cell, *, least: int) -> int | None:
    value = cell.value
    if cell.mistake or isinstance(value, bool):
        return None
    if value == "none" and least == 0:
        return 0
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,6}", value):
        value = int(value)
    return value if isinstance(value, int) and least <= value <= _MOST_ELEMENTS else None


def _several(value: object) -> object:
    """Values with commas, semicolons or line ends between them; the word `none` stays."""
    if value == "none" or not isinstance(value, str):
        return value if value == "none" else [value]
    return [part.strip() for part in re.split(r"[,;\n]", value) if part.strip()]


# ---------------------------------------------------------------------------------------- Markdown


def read_markdown(source: SourceFile) -> FilledList:
    """The facts in the tables of a Markdown file."""
    tables: list[list[Row]] = []
    offset = 0
    is_inside = False
    for line in source.text.split("\n"):
        if line.lstrip().startswith("|"):
            if not is_inside:
                tables.append([])
            tables[-1].append(dict(_markdown_cells(source, line, offset)))
        is_inside = line.lstrip().startswith("|")
        offset += len(line) + 1
    return read_tables(tables, Span(source, 0, 0))


def _markdown_cells(source: SourceFile, line: str, offset: int) -> Iterator[tuple[int, Cell]]:
    start = line.index("|") + 1
    # What a cell took is never given back: a line of a million letters is gone through once.
    for column, found in enumerate(re.finditer(r"((?:[^|\\]++|\\.|\\$)*+)(?:\||$)", line[start:])):
        raw = found[1]
        text = re.sub(r"<br>|\\([^\w\s])", lambda mark: mark[1] or "\n", raw.strip())
        if text and not re.fullmatch(r":?-+:?", text):
            begin = offset + start + found.start(1) + len(raw) - len(raw.lstrip())
            yield column, Cell(text, Span(source, begin, begin + len(raw.strip())))


# ---------------------------------------------------------------------------------------- workbooks


def read_workbook(name: str, data: bytes) -> FilledList:
    """The facts in the sheets of a workbook. Raises `ImportError` when openpyxl is not installed."""
    from openpyxl import load_workbook  # an extra: only workbooks need it

    whole = Span(SourceFile(name, ""), 0, 0)
    said = archive_mistake(data)
    if said:
        help = "save it as an Excel workbook (.xlsx) without a password, with nothing but the list in it"
        return FilledList({}, {}, (SheetMistake(whole, said, help),))
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        tables = [list(_rows(name, sheet)) for sheet in book.worksheets]
    except _TooLarge as large:
        return FilledList(
            {}, {}, (SheetMistake(whole, str(large), "leave out what is no list of questions"),)
        )
    except Exception:  # noqa: BLE001 - a damaged workbook breaks its reader in many ways
        message = "this file cannot be read as an Excel workbook"
        return FilledList({}, {}, (SheetMistake(whole, message, "save it again as .xlsx"),))
    return read_tables(tables, whole)


class _TooLarge(Exception):
    """A sheet that holds more than a list of questions ever does; never leaves this module."""


def _rows(name: str, sheet: Any) -> Iterator[Row]:
    sheet.reset_dimensions()  # what a file claims about its size need not be so
    cells = 0
    for number, row in enumerate(islice(sheet.iter_rows(), _LAST_ROW), 1):
        cells += len(row)
        found = {
            cell.column: read_cell(name, sheet.title, cell) for cell in row if cell.value not in (None, "")
        }
        if cells > _MOST_CELLS or (found and number > _MOST_ROWS):
            message = f"the sheet {sheet.title} is too large: at most {_MOST_ROWS} rows and {_MOST_CELLS} cells are read"
            raise _TooLarge(message)
        yield {column: cell for column, cell in found.items() if cell.value != ""}


def read_cell(name: str, sheet: str, cell: Any) -> Cell:
    """One cell of a sheet, with its name as its place: `answers.xlsx[Questions!C7]`."""
    raw = cell.value
    shown = str(raw) if isinstance(raw, str | int | float | datetime.date) else ""
    file = SourceFile(f"{name}[{sheet}!{cell.coordinate}]", " ".join(shown.split())[:200])
    span = Span(file, 0, max(1, len(file.text)))
    if cell.data_type == "f":
        return Cell(shown, span, _FORMULA, "put its result in its place, as a value")
    if cell.data_type == "e":
        return Cell(shown, span, f"this cell holds the error `{shown}`, and no answer")
    if isinstance(raw, str):
        return Cell(raw.strip(), span)
    if isinstance(raw, bool):
        return Cell(raw, span)
    if isinstance(raw, int | float):
        return _number(raw, cell.number_format, span)
    if isinstance(raw, datetime.datetime):
        return Cell(raw.date() if raw.time() == datetime.time() else raw, span)
    if isinstance(raw, datetime.date):
        return Cell(raw, span)
    return Cell(shown, span, "this cell holds a time of day or another thing that is no answer")


def _number(raw: float, shown_as: str, span: Span) -> Cell:
    """A number as the sheet shows it: a sheet keeps 40 % as 0.4, and its currency only in the format.

    Sheets keep binary numbers; up to 15 digits, the shortest decimal that gives the same one is what was typed.
    """
    exact = Decimal(repr(raw))
    if not exact.is_finite() or abs(exact) >= Decimal(10) ** 34:
        return Cell(str(raw), span, "this number is too large")
    exact = exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
    if len(exact.normalize().as_tuple().digits) > _EXCEL_DIGITS:
        message = f"a sheet keeps {_EXCEL_DIGITS} digits of a number, and this one has more"
        return Cell(exact, span, message, "format the cell as text, and write the number again")
    bare = re.sub(r'"[^"]*"|\\.', "", shown_as)
    if "%" in bare:
        return Cell(f"{(exact * 100).normalize():f} %", span)
    currency = re.search(r"\[\$([A-Z]{3})", shown_as) or re.search(r'"\s*([A-Z]{3})\s*"', shown_as)
    symbols = {"€": "EUR", "£": "GBP"}
    code = currency[1] if currency else next((symbols[s] for s in symbols if s in shown_as), "")
    if code:
        return Cell(f"{exact:f} {code}", span)
    return Cell(int(exact) if exact == exact.to_integral_value() else exact, span)
