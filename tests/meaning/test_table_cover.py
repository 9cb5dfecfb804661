"""What is said about the rows of a table, against the answers that the policy gives case by case."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path

import pytest

from policy_lang import load
from policy_lang.meaning.checks.linted import Linted
from policy_lang.meaning.checks.table_rows import covered
from policy_lang.meaning.load import Library
from policy_lang.meaning.table_cover import Cover
from policy_lang.pipeline import compile_file
from policy_lang.tools.tables import report

HERE = Path(__file__).parent / "tables.pol"
AS_OF = datetime.date(2024, 6, 1)
VALUES: dict[str, list[object]] = {
    "metal": ["copper", "lead", "zinc"],
    "weight": ["0", "4.99", "5", "7", "10", "19.99", "20", "21"],
    "day": ["2020-12-31", "2021-01-01", "2021-01-31", "2021-02-01", "2021-12-31", "2022-01-01", "2022-01-02"],
    "origin": ["US", "CA", "FR"],
    "listed": [True, False],
    "code": ["8507.60", "8507.10", "6101.20", "0406.90"],
    "number": [0, 1, 4, 5, 6, 10],
}


def covers() -> dict[str, tuple[tuple[str, ...], Cover]]:
    library = Library()
    compiled, problems = compile_file(HERE, library)
    assert compiled.program is not None, problems
    linted = Linted(HERE, library.declare(HERE), library.understand(HERE), library)
    assert linted.meant is not None
    found = {}
    for rows in linted.meant.tables.values():
        cover = covered(linted, rows)
        assert cover is not None
        found[rows.name] = (rows.words, cover)
    return found


def cells_of(cover: Cover, keys: tuple[str, ...], values: tuple[object, ...]) -> tuple[int, ...]:
    """In which cell of each key a value lies, told by whether the words of the cell are true of it."""
    from decimal import Decimal

    from policy_lang.meaning.table_cells import One, Range
    from policy_lang.program.core import Plain
    from policy_lang.program.values import compare, unknown

    found = []
    for one, key, raw in zip(cover.axes, keys, values, strict=True):
        value: Plain = raw  # type: ignore[assignment]  # so it is made
        if key in ("weight", "number"):
            value = Decimal(str(raw))
        if key == "day":
            value = datetime.date.fromisoformat(str(raw))
        inside = []
        for n, cell in enumerate(one.cells):
            if isinstance(cell, Range):
                low = cell.interval.lower is None or compare("ge", value, cell.interval.lower)
                high = cell.interval.upper is None or compare("le", value, cell.interval.upper)
                ends = (cell.interval.lower_open and value == cell.interval.lower) or (
                    cell.interval.upper_open and value == cell.interval.upper
                )
                inside += [n] if low and high and not ends else []
                assert unknown((), cell.interval) is not None
            elif isinstance(cell, One):
                is_code = key == "code" and str(value).startswith(str(cell.value))
                inside += [n] if value == cell.value or is_code else []
            elif not inside:
                inside.append(n)
        found.append(max(inside, key=lambda n: len(str(getattr(one.cells[n], "value", "")))))
    return tuple(found)


@pytest.mark.parametrize("name", ["by_weight", "by_day", "by_country", "by_code", "by_number"])
def test_each_case_is_told_as_it_is_answered(name: str) -> None:
    keys, cover = covers()[name]
    policy = load(HERE)
    for values in itertools.product(*(VALUES[key] for key in keys)):
        outcome = policy.evaluate({"item": dict(zip(keys, values, strict=True))}, AS_OF).outcomes[
            f"ask_{name}"
        ]
        cell = cells_of(cover, keys, values)
        missing = any(all(n in part for n, part in zip(cell, box, strict=True)) for box in cover.missing)
        clash = any(
            all(n in part for n, part in zip(cell, box, strict=True))
            for boxes in cover.clashes.values()
            for box in boxes
        )
        falls = outcome.state in ("error", "not in force") or str(outcome.value) == "99"
        assert missing == falls, (values, outcome.state)
        assert clash == (outcome.state == "conflict"), (values, outcome.state)


def test_the_report_in_words() -> None:
    told = {one.name: one for one in report([HERE])}
    assert told["by_day"].uncovered == ("day lies from 2021-01-01 until 2021-01-31",)
    assert told["by_day"].overlaps == ("day lies on 2022-01-01",)
    assert told["by_number"].uncovered == ("number is 5",)
    assert told["by_country"].uncovered == ("origin is CA and listed is no", "origin is neither US nor CA")
    assert told["by_asked_date"].uncovered == ("the date asked about lies from 2021-01-01 until 2021-01-31",)
    assert told["by_code"].uncovered == ("code is neither HS 8507, HS 61 nor HS 8507.60",)
    assert told["by_weight"].lines()[1:] == [
        "    metal is copper and weight is at least 0 kg and less than 5 kg",
        "    metal is zinc",
        "    both fit: metal is copper and weight is at least 10 kg and less than 20 kg",
    ]
