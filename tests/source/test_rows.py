"""Cases in rows: what is read of each kind of file, and what is refused."""

from __future__ import annotations

import datetime
import json
import random
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from policy_lang.source.rows import Row, UnusableRows, open_rows


def read(path: Path) -> tuple[tuple[str, ...] | None, list[Row]]:
    with open_rows(path) as rows:
        return rows.head, list(rows.rows)


def written(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'sale.price,sale.note\n5,"a, b"\n\n7,\n'),
        ("a.csv", '\ufeffsale.price;sale.note\r\n5;"a, b"\r\n;\r\n7;\r\n'),
        ("a.tsv", "sale.price\tsale.note\n5\ta, b\n\n7\t\n"),
    ],
)
def test_csv(tmp_path: Path, name: str, text: str) -> None:
    head, rows = read(written(tmp_path, name, text))
    assert head == ("sale.price", "sale.note")
    assert [(row.number, list(row.cells)) for row in rows] == [(2, ["5", "a, b"]), (4, ["7", ""])]


def test_a_bad_row_does_not_end_the_file(tmp_path: Path) -> None:
    _, rows = read(written(tmp_path, "a.csv", 'a,b\n1,2,3\n4,"5"6\n7,8\n'))
    assert [bool(row.mistake) for row in rows] == [True, True, False]
    assert rows[0].mistake == "3 cells under 2 columns"
    _, rows = read(
        written(tmp_path, "a.jsonl", '{"a": 1}\n[1]\n{"a": \n{"a": 1, "a": 2}\n{"a": NaN}\n{"a": 2.50}\n')
    )
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6]
    assert [bool(row.mistake) for row in rows] == [False, True, True, True, True, False]
    assert "given twice" in rows[3].mistake
    assert rows[5].values == {"a": Decimal("2.50")}


def test_nesting_without_end_is_refused(tmp_path: Path) -> None:
    deep = '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"
    _, rows = read(written(tmp_path, "a.jsonl", f'{deep}\n{{"a": 1}}\n'))
    assert [bool(row.mistake) for row in rows] == [True, False]


def test_a_json_array_is_read_in_parts(tmp_path: Path) -> None:
    draws = random.Random(1)
    cases = [{"text": "x" * draws.randint(0, 5000), "n": n} for n in range(300)]
    text = json.dumps(cases, indent=draws.choice((None, 2)))
    _, rows = read(written(tmp_path, "a.json", text))
    assert [dict(row.values or {}) for row in rows] == cases
    assert [row.number for row in rows] == list(range(1, 301))
    _, none = read(written(tmp_path, "b.json", " [ ] "))
    assert none == []
    _, numbers = read(written(tmp_path, "c.json", "[1, {}, null]"))
    assert [bool(row.mistake) for row in numbers] == [True, False, True]


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.csv", "", "empty"),
        ("a.csv", "\n1,2\n", "empty"),
        ("a.csv", "a,a\n1,2\n", "two columns are called `a`"),
        ("a.csv", "a,,b\n1,2,3\n", "has no name"),
        ("a.csv", b"a,b\n\xff\xfe,1\n", "not UTF-8"),
        ("a.json", "{}", "holds a list of cases"),
        ("a.json", "", "holds a list of cases"),
        ("a.json", '[{"a": 1} {"a": 2}]', "a comma or the end of the list is missing"),
        ("a.json", '[{"a": 1},', "case 2 cannot be read"),
        ("a.json", '[{"a": 1}', "a comma or the end of the list is missing"),
        ("a.json", '[{"a": 1}] x', "after the end"),
        ("a.csv", ",".join(f"a{n}" for n in range(20_000)), "more than 16,384 columns"),
        (
            "a.json",
            f"[{{{','.join(f'{chr(34)}a{n}{chr(34)}:1' for n in [*range(150_000), 149_999])}}}]",
            "given twice",
        ),
        ("a.pdf", "a", "ends in .csv"),
        ("a.xlsx", "no archive", "save it as CSV"),
        ("a.xlsx", "", "empty"),
    ],
)
def test_files_that_cannot_be_used(tmp_path: Path, name: str, text: str | bytes, said: str) -> None:
    with pytest.raises(UnusableRows, match=said):
        read(written(tmp_path, name, text))


def test_a_sheet(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.append(["sale.price", "sale.on", "sale.late", "sale.share"])
    sheet.append([5, datetime.date(2024, 2, 29), True, "7.5"])
    sheet.append(["=1+1", None, None, None])
    sheet.append([])
    sheet.append([None, "2024-01-01", None, None, "beside"])
    sheet["A6"], sheet["D6"] = 0.1, 0.4
    sheet["D6"].number_format = "0 %"
    book.save(tmp_path / "a.xlsx")
    head, rows = read(tmp_path / "a.xlsx")
    assert head == ("sale.price", "sale.on", "sale.late", "sale.share")
    assert [row.number for row in rows] == [2, 3, 5, 6]
    assert list(rows[0].cells) == [5, "2024-02-29", True, "7.5"]
    assert rows[1].mistake.startswith("A3: this cell holds a formula")
    assert rows[2].mistake == "E5: a cell under no column"
    assert list(rows[3].cells) == [Decimal("0.1"), "", "", "40 %"]


_FAR_RIGHT = '<row><c r="XFD9"><v>1</v></c></row>'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("<v>5</v>", "<v>NaN</v>", "row 3 and what follows cannot be read"),
        ("<v>5</v>", f"<v>{'1' * 5000}</v>", "row 3 and what follows cannot be read"),
        ("</sheetData>", '<row r="4"><c r="ZZZZZ4"><v>1</v></c></row></sheetData>', "row 4 and what follows"),
        ("</sheetData>", _FAR_RIGHT * 300 + "</sheetData>", "under no column"),
    ],
)
def test_a_sheet_that_is_damaged_on_purpose(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(UnusableRows, match=said):
        read(_changed(tmp_path, "xl/worksheets/sheet1.xml", old, new))


def test_a_workbook_with_little_but_formats_is_refused(tmp_path: Path) -> None:
    font = '<font><sz val="1"/></font>'
    with pytest.raises(UnusableRows, match="more than 8 MiB of formats"):
        read(_changed(tmp_path, "xl/styles.xml", "</fonts>", f"{font * 400_000}</fonts>"))


def _changed(folder: Path, part: str, old: str, new: str) -> Path:
    """A workbook with something else in one of its parts."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in (["sale.price", "sale.late"], [4, True], [5, True]):
        sheet.append(row)
    book.save(folder / "whole.xlsx")
    with zipfile.ZipFile(folder / "whole.xlsx") as whole, zipfile.ZipFile(folder / "a.xlsx", "w", 8) as made:
        for one in whole.namelist():
            text = whole.read(one)
            assert one != part or old.encode() in text
            made.writestr(one, text.replace(old.encode(), new.encode()) if one == part else text)
    return folder / "a.xlsx"
