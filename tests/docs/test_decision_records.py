"""Decision records are numbered without a gap, by their names and in their titles."""

from __future__ import annotations

from pathlib import Path

RECORDS = sorted((Path(__file__).parents[2] / "docs" / "adr").glob("*.md"))


def test_records_are_numbered_from_one_on() -> None:
    assert [path.name[:4] for path in RECORDS] == [f"{number:04}" for number in range(1, len(RECORDS) + 1)]


def test_each_title_has_the_number_of_its_file() -> None:
    titles = {path.name: path.read_text("utf-8").partition("\n")[0] for path in RECORDS}
    assert {
        name: title for name, title in titles.items() if not title.startswith(f"# {int(name[:4])}. ")
    } == {}
