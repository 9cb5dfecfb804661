"""Cases in rows, one after the other: CSV, JSON lines, a JSON array or the first sheet of a workbook.

Rows are never held together, so that a file of any length takes the same room. What is wrong with one row is said of that
row; what is wrong with the file as a whole raises `UnusableRows`.
"""

from __future__ import annotations

import csv
import datetime
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, TextIO

from attrs import frozen

from policy_lang.source.archive import archive_mistake
from policy_lang.source.facts_problem import DEEPEST
from policy_lang.source.facts_sheet import read_cell

MOST_BYTES_IN_SHEET = 32 * 1024 * 1024
_LONGEST_ROW = 8 * 1024 * 1024
_MOST_COLUMNS = 16_384  # no sheet has more
_MOST_CELLS_BESIDE = 4_000_000
_CHUNK = 256 * 1024
_LONGEST_NUMBER = 60
_BLANKS = " \t\r\n"


class UnusableRows(Exception):
    """No row of a file can be read; the argument says why."""


@frozen
class Row:
    """One case. `number` is the line of the sheet (the head is 1) or of the file, or the place in an array, from 1.

    `cells` goes with the columns of the head; in JSON, `values` has the facts. `mistake` says why it cannot be used.
    """

    number: int
    cells: Sequence[object] = ()
    values: Mapping[str, object] | None = None
    mistake: str = ""


@frozen
class Rows:
    """The rows of a file; `head` has its columns, None for JSON, where every row names its facts."""

    head: tuple[str, ...] | None
    rows: Iterator[Row]


@contextmanager
def open_rows(path: Path) -> Iterator[Rows]:
    """The rows of a file, whose ending tells what it is. Raises `UnusableRows`, also while rows are read."""
    ending = path.suffix.lower()
    try:
        if ending == ".xlsx":
            yield _sheet(path)
            return
        with path.open(encoding="utf-8-sig", newline="") as stream:
            if ending in (".jsonl", ".ndjson"):
                yield Rows(None, _json_lines(stream))
            elif ending == ".json":
                yield Rows(None, _json_array(stream))
            elif ending in (".csv", ".tsv", ".txt"):
                yield _csv(stream, ending)
            else:
                known = ".csv, .tsv, .jsonl, .ndjson, .json or .xlsx"
                raise UnusableRows(f"`{path.name}`: the name of a file with rows ends in {known}")
    except UnicodeDecodeError:
        raise UnusableRows(f"`{path.name}` is not UTF-8 text") from None
    except OSError as error:
        raise UnusableRows(
            f"`{path.name}` cannot be read: {(error.strerror or str(error)).lower()}"
        ) from None


def _head(cells: Sequence[object]) -> tuple[str, ...]:
    names = [str(cell).strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise UnusableRows("the first row names no columns")
    if len(names) > _MOST_COLUMNS:
        raise UnusableRows(f"there are more than {_MOST_COLUMNS:,} columns in the first row")
    if not all(names):
        raise UnusableRows("a column has no name in the first row")
    if (twice := _given_twice(names)) is not None:
        raise UnusableRows(f"two columns are called `{twice}`")
    return tuple(names)


def _given_twice(names: Iterable[str]) -> str | None:
    """The first name that was there before."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return None


# ------------------------------------------------------------------------------------------------ CSV


def _csv(stream: TextIO, ending: str) -> Rows:
    first = stream.readline(_LONGEST_ROW)
    if not first.strip():
        raise UnusableRows("the file is empty")
    marks = "\t" if ending == ".tsv" else max(",;\t", key=first.count)
    rest = iter(_Lines(first, stream))
    reader = csv.reader(rest, delimiter=marks, strict=True)
    try:
        head = _head(next(reader))
    except csv.Error as error:
        raise UnusableRows(f"the first row cannot be read: {error}") from None
    return Rows(head, _csv_rows(reader, len(head)))


class _Lines:
    """The first line, then the rest of a file."""

    def __init__(self, first: str, stream: TextIO) -> None:
        self.first = first
        self.stream = stream

    def __iter__(self) -> Iterator[str]:
        line = self.first
        while line:
            if len(line) >= _LONGEST_ROW:
                raise UnusableRows("a row has more than 8 MiB")
            yield line
            line = self.stream.readline(_LONGEST_ROW)


def _csv_rows(reader: Any, columns: int) -> Iterator[Row]:
    number = 1
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, mistake=f"this row is no CSV: {str(error).lower()}")
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) > columns and any(cell.strip() for cell in cells[columns:]):
            yield Row(number, mistake=f"{len(cells)} cells under {columns} columns")
        else:
            yield Row(number, cells)


# ----------------------------------------------------------------------------------------------- JSON


def _decimal(digits: str) -> object:
    try:
        return Decimal(digits) if len(digits) <= _LONGEST_NUMBER else digits
    except InvalidOperation:
        return digits


def _whole(digits: str) -> object:
    return int(digits) if len(digits) <= _LONGEST_NUMBER else digits


def _no_number(word: str) -> object:
    raise ValueError(f"`{word}` is not a number")


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = _given_twice(name for name, _ in pairs)
        assert twice is not None
        raise ValueError(f"`{twice[:60]}` is given twice")
    return found


_DECODER = json.JSONDecoder(
    parse_float=_decimal,
    parse_int=_whole,
    parse_constant=_no_number,
    object_pairs_hook=_unique,
)


def _row(number: int, value: object) -> Row:
    if not isinstance(value, dict):
        return Row(number, mistake="a case is a group of named values")
    return Row(number, values=value)


def _wrong(number: int, error: Exception) -> Row:
    if isinstance(error, RecursionError):
        return Row(number, mistake=f"it is nested more than {DEEPEST} deep")
    message = error.msg.lower() if isinstance(error, json.JSONDecodeError) else str(error)
    return Row(number, mistake=f"this is not JSON: {message}" if message else "this is not JSON")


def _json_lines(stream: TextIO) -> Iterator[Row]:
    number = 0
    while line := stream.readline(_LONGEST_ROW):
        number += 1
        if len(line) >= _LONGEST_ROW and not line.endswith("\n"):
            raise UnusableRows(f"line {number} has more than 8 MiB")
        if not line.strip():
            continue
        try:
            yield _row(number, _DECODER.decode(line))
        except (ValueError, RecursionError) as error:
            yield _wrong(number, error)


def _json_array(stream: TextIO) -> Iterator[Row]:
    buffer = _Buffer(stream)
    if buffer.skip(_BLANKS) != "[":
        raise UnusableRows("a file of rows in JSON holds a list of cases: [{...}, {...}]")
    buffer.at += 1
    number = 0
    while (mark := buffer.skip(_BLANKS)) != "]":
        if number:
            if mark != ",":
                raise UnusableRows(f"after case {number}, a comma or the end of the list is missing")
            buffer.at += 1
            buffer.skip(_BLANKS)
        number += 1
        try:
            yield _row(number, buffer.value())
        except RecursionError as error:
            yield _wrong(number, error)
            return
        except ValueError as error:
            message = error.msg.lower() if isinstance(error, json.JSONDecodeError) else str(error)
            raise UnusableRows(f"case {number} cannot be read, and so none after it: {message}") from None
    buffer.at += 1
    if buffer.skip(_BLANKS):
        raise UnusableRows("something stands after the end of the list of cases")


class _Buffer:
    """A window on a long text, that moves on as values are read."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream
        self.text = ""
        self.at = 0

    def more(self) -> bool:
        """Reads on; no at the end of the file."""
        found = self.stream.read(_CHUNK)
        self.text, self.at = self.text[self.at :] + found, 0
        return bool(found)

    def skip(self, blanks: str) -> str:
        """The next character that is no blank; nothing at the end."""
        while True:
            while self.at < len(self.text) and self.text[self.at] in blanks:
                self.at += 1
            if self.at < len(self.text):
                return self.text[self.at]
            if not self.more():
                return ""

    def value(self) -> object:
        """The next value; more is read until it is whole."""
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
                length = end - self.at
                if end < len(self.text) or not self.more():  # a number may go on in what is read next
                    self.at += length
                    return value
            except json.JSONDecodeError:
                if len(self.text) - self.at > _LONGEST_ROW or not self.more():
                    raise


# ---------------------------------------------------------------------------------------------- sheets


def _sheet(path: Path) -> Rows:
    data = path.read_bytes() if path.stat().st_size <= MOST_BYTES_IN_SHEET else b""
    if not data:
        raise UnusableRows(f"`{path.name}` is larger than 32 MiB, or empty: save it as CSV")
    said = archive_mistake(data)
    if said:
        raise UnusableRows(f"{said}; save it as CSV")
    try:
        from openpyxl import load_workbook  # an extra: only workbooks need it
    except ImportError:
        raise UnusableRows("rows in a workbook need the package openpyxl: `pip install openpyxl`") from None
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()
        rows = sheet.iter_rows()
        head = _head([cell.value if cell.value is not None else "" for cell in next(rows, ())])
    except UnusableRows:
        raise
    except Exception:  # noqa: BLE001 - a damaged workbook breaks its reader in many ways
        raise UnusableRows(f"`{path.name}` cannot be read as an Excel workbook") from None
    return Rows(head, _sheet_rows(path.name, sheet.title, rows, len(head)))


def _sheet_rows(name: str, sheet: str, rows: Iterator[Any], columns: int) -> Iterator[Row]:
    number, beside = 1, 0
    while True:
        number += 1
        try:
            row = next(rows, None)
        except Exception:  # noqa: BLE001 - a damaged workbook breaks its reader in many ways
            raise UnusableRows(f"row {number} and what follows cannot be read") from None
        if row is None:
            return
        beside += max(0, len(row) - columns)
        if beside > _MOST_CELLS_BESIDE:
            raise UnusableRows("too many cells stand under no column; save it as CSV")
        cells: list[object] = [""] * columns
        mistake = ""
        for cell in row:
            if cell.value in (None, ""):
                continue
            found = read_cell(name, sheet, cell)
            if cell.column > columns:
                mistake = mistake or f"{cell.coordinate}: a cell under no column"
            elif found.mistake:
                mistake = mistake or f"{cell.coordinate}: {found.mistake}"
            else:
                cells[cell.column - 1] = found.value
        if mistake:
            yield Row(number, mistake=mistake)
        elif any(cell != "" for cell in cells):
            yield Row(number, [_plain(cell) for cell in cells])


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime.date) else value
