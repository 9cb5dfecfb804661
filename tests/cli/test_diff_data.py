"""`pol diff --data`: what a change does to cases in rows."""

from __future__ import annotations

import csv
import json
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.cli.conftest import Pol

OLD = """\
law fee
    in force from 2024-01-01

record sale, judged on day
    day     date
    price   money EUR at least 0 EUR
    kind    new, used or scrap
    lots    list of lot

record lot in sale
    mass    number at least 0

rule fee for sale : money EUR           [invented]
    5 EUR
    but 10 EUR when price is more than 100 EUR

rule free for sale : yes or no          [invented]
    kind is scrap

rule heavy for sale : yes or no         [invented]
    sum of mass of lots is more than 10

rule late for sale : yes or no          [invented]
    day is after 2025-06-30
"""
NEW = (
    OLD.replace("more than 100 EUR", "more than 90 EUR")
    .replace("    5 EUR\n", "    4.5 EUR\n")
    .replace("kind is scrap", "kind is scrap or kind is used")
    .replace("more than 10\n", "at least 10\n")
)
CASES: list[dict[str, Any]] = [
    {"day": "2024-02-01", "price": "50", "kind": "new", "lots": [{"mass": 4}, {"mass": 6}]},
    {"day": "2024-02-01", "price": "95.50", "kind": "used", "lots": []},
    {"day": "2024-02-01", "price": "200", "kind": "scrap", "lots": [{"mass": 40}]},
]


@pytest.fixture
def drafts(tmp_path: Path) -> tuple[Path, Path]:
    for name, text in (("old", OLD), ("new", NEW)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "fee.pol").write_text(text, "utf-8")
    return tmp_path / "old" / "fee.pol", tmp_path / "new" / "fee.pol"


def in_form(folder: Path, ending: str) -> Path:
    """The cases as a file of that kind."""
    path = folder / f"sales.{ending}"
    if ending == "jsonl":
        path.write_text("".join(json.dumps({"sale": one}) + "\n" for one in CASES), "utf-8")
        return path
    if ending == "json":
        path.write_text(json.dumps([{"sale": one} for one in CASES]), "utf-8")
        return path
    head = ["sale.day", "sale.price", "sale.kind", "sale.lots", "sale.lots.1.mass", "sale.lots.2.mass"]
    table: list[list[object]] = [list(head)]
    for one in CASES:
        lots = [lot["mass"] for lot in one["lots"]]
        table.append(
            [one["day"], one["price"], one["kind"], "" if lots else "none", *lots, *[""] * (2 - len(lots))]
        )
    if ending == "xlsx":
        book = openpyxl.Workbook()
        sheet: Any = book.active
        for row in table:
            sheet.append([cell if cell != "" else None for cell in row])
        book.save(path)
        return path
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(table)
    return path


@pytest.mark.parametrize("ending", ["csv", "jsonl", "json", "xlsx"])
def test_every_kind_of_file_gives_the_same(
    pol: Pol, drafts: tuple[Path, Path], tmp_path: Path, ending: str
) -> None:
    ran = pol(
        "diff", *drafts, "--data", in_form(tmp_path, ending), "--as-of", "2024-06-01", "--format", "json"
    )
    assert (ran.status, ran.err) == (1, "")
    found = ran.json
    assert (found["rows"], found["changed"], found["refused"]) == (3, 2, 0)
    assert found["written_alike"] == ["late"]
    outcomes = {
        name: {(t["old"], t["new"]): t["rows"] for t in one["transitions"]}
        for name, one in found["outcomes"].items()
    }
    assert outcomes == {
        "fee": {("a number", "less"): 1, ("a number", "more"): 1},
        "free": {("no", "yes"): 1},
        "heavy": {("no", "yes"): 1},
    }
    assert found["outcomes"]["fee"]["less"] == {"rows": 1, "total": "0.5"}
    assert found["outcomes"]["fee"]["more"] == {"rows": 1, "total": "5"}


def test_it_reads_well(pol: Pol, drafts: tuple[Path, Path], tmp_path: Path) -> None:
    data = in_form(tmp_path, "csv")
    with data.open("a", encoding="utf-8") as stream:
        stream.write("2024-02-01,-1,new,none,,\n2024-02-30,1,new,none,,\n")
    ran = pol("diff", *drafts, "--data", data, "--as-of", "2024-06-01")
    assert (ran.status, ran.err) == (3, "")
    assert (
        ran.out
        == """\
fee.pol on sales.csv, asked about 2024-06-01 where a row does not say

5 rows read, 2 of them refused

fee: 2 rows otherwise
  less: 1 row, 0.5 EUR altogether
    row 2: 5 EUR -> 4.5 EUR; sale.day 2024-02-01, sale.price 50, sale.kind new, sale.lots.1.mass 4, sale.lots.2.ma...
  more: 1 row, 5 EUR altogether
    row 3: 5 EUR -> 10 EUR; sale.day 2024-02-01, sale.price 95.50, sale.kind used, sale.lots none

free: 1 row otherwise
  no -> yes: 1 row
    row 3: sale.day 2024-02-01, sale.price 95.50, sale.kind used, sale.lots none

heavy: 1 row otherwise
  no -> yes: 1 row
    row 2: sale.day 2024-02-01, sale.price 50, sale.kind new, sale.lots.1.mass 4, sale.lots.2.mass 6

written alike, and not decided: late

refused:
  row 5: sale.price: `-1` is not at least 0
  row 6: sale.day: `2024-02-30` is not a day of the calendar

2 rows come out otherwise
"""
    )


def test_rows_that_come_out_alike(pol: Pol, drafts: tuple[Path, Path], tmp_path: Path) -> None:
    data = in_form(tmp_path, "csv")
    ran = pol("diff", drafts[0], drafts[0], "--data", data, "--as-of", "2024-06-01")
    assert ran.status == 0
    assert ran.out.endswith("\nno row comes out otherwise\n")
    ran = pol("diff", *drafts, "--data", data, "--for", "late", "--as-of", "2024-06-01")
    assert ran.status == 0


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_every_changed_row_can_be_kept(
    pol: Pol, drafts: tuple[Path, Path], tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"changed.{ending}"
    pol("diff", *drafts, "--data", in_form(tmp_path, "csv"), "--output", out, "--samples", "0")
    if ending == "csv":
        with out.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        assert rows[0]["sale.price"] == "50"
    else:
        rows = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
        facts: Any = rows[0]["facts"]
        assert facts["sale"]["price"] == "50"
    told = [(str(row["row"]), row["outcome"], row["old"], row["new"], row["by"]) for row in rows]
    assert ("2", "fee", "5 EUR", "4.5 EUR", "-0.5") in told
    assert ("3", "fee", "5 EUR", "10 EUR", "5") in told
    assert len(told) == 4


def test_a_file_that_breaks_off_leaves_no_output(pol: Pol, drafts: tuple[Path, Path], tmp_path: Path) -> None:
    data = tmp_path / "sales.json"
    data.write_text(json.dumps([{"sale": CASES[0]}])[:-1] + ", {", "utf-8")
    out = tmp_path / "changed.csv"
    out.write_text("as it was", "utf-8")
    ran = pol("diff", *drafts, "--data", data, "--output", out)
    assert (ran.status, ran.out) == (2, "")
    assert "case 2 cannot be read" in ran.err
    assert out.read_text("utf-8") == "as it was"
    assert sorted(one.name for one in tmp_path.iterdir()) == ["changed.csv", "new", "old", "sales.json"]


def test_columns(pol: Pol, drafts: tuple[Path, Path], tmp_path: Path) -> None:
    data = tmp_path / "sales.csv"
    day = ("--as-of", "2024-06-01")
    data.write_text("invoice,sale.day,sale.price,sale.lots[1].mass\nA1,2024-02-01,95,10\n", "utf-8")
    ran = pol("diff", *drafts, "--data", data, *day)
    assert "columns not read, as no fact is called so: invoice" in ran.out
    assert "heavy: 1 row otherwise" in ran.out
    for column, said in (
        ("sale.prize", "did you mean `sale.price`?"),
        ("sale.lots.mass", "named by its place"),
        ("sale.price.1", "named by its place"),
        ("sale.lots.2000.mass", "at most 1000 elements"),
        ("sale.buyer", "no fact is called so"),
    ):
        data.write_text(f"{column}\n1\n", "utf-8")
        ran = pol("diff", *drafts, "--data", data, *day)
        assert (ran.status, ran.out) == (2, "")
        assert said in ran.err


def test_the_date_asked_about_may_stand_in_a_column(pol: Pol, tmp_path: Path) -> None:
    law = "law toll\n    in force from 2024-01-01\n\nrecord car\n    red yes or no\n\nrule due for car : yes or no\n    red\n"
    for name, text in (("old.pol", law), ("new.pol", law.replace("2024-01-01", "2025-01-01"))):
        (tmp_path / name).write_text(text, "utf-8")
    data = tmp_path / "cars.csv"
    data.write_text("car.red,as_of\nyes,2024-06-01\nyes,2025-06-01\nno,\nno,June\n", "utf-8")
    ran = pol(
        "diff",
        tmp_path / "old.pol",
        tmp_path / "new.pol",
        "--data",
        data,
        "--as-of",
        "2024-02-01",
        "--format",
        "json",
    )
    assert ran.status == 3
    (transition_yes, transition_no) = ran.json["outcomes"]["due"]["transitions"]
    assert [one["row"] for one in transition_yes["samples"] + transition_no["samples"]] == [2, 4]
    assert ran.json["refused_rows"] == [
        {"row": 5, "reason": "as_of: `June` is not a date"},
    ]
    lines = tmp_path / "cars.jsonl"
    lines.write_text('{"car": {"red": true}, "as_of": "2024-06-01"}\n{}\n', "utf-8")
    ran = pol("diff", tmp_path / "old.pol", tmp_path / "new.pol", "--data", lines, "--format", "json")
    assert (ran.json["changed"], ran.json["refused_rows"]) == (1, [{"row": 2, "reason": "it gives no facts"}])


def test_facts_that_only_one_version_knows(pol: Pol, drafts: tuple[Path, Path], tmp_path: Path) -> None:
    drafts[1].write_text(
        NEW.replace("    kind    new", "    cash    yes or no\n    kind    new").replace(
            "price is more than 90 EUR", "price is more than 90 EUR and not cash"
        ).replace("price   money EUR at least 0 EUR", "price   money EUR at least 60 EUR"),
        "utf-8",
    )  # fmt: skip
    data = tmp_path / "sales.csv"
    data.write_text("sale.day,sale.price,sale.cash\n2024-02-01,95,yes\n2024-02-01,50,yes\n", "utf-8")
    ran = pol("diff", *drafts, "--data", data, "--for", "fee", "--format", "json")
    assert ran.json["outcomes"]["fee"]["less"] == {"rows": 1, "total": "0.5"}
    assert ran.json["refused_rows"] == [
        {"row": 3, "reason": "sale.price: `50` is not at least 60 (says the new version)"}
    ]


def test_revisions_of_git_on_data(
    pol: Pol, drafts: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607 - git stands elsewhere on each machine

    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    drafts[0].write_text(NEW, "utf-8")
    ran = pol("diff", "--rev", "HEAD", drafts[0], "--data", in_form(tmp_path, "csv"), "--for", "free")
    assert ran.status == 1
    assert "no -> yes: 1 row" in ran.out


def test_wrong_uses(pol: Pol, drafts: tuple[Path, Path], tmp_path: Path) -> None:
    data = in_form(tmp_path, "csv")
    assert pol("diff", *drafts, "--output", tmp_path / "a.csv").status == 2
    assert pol("diff", *drafts, "--data", tmp_path / "none.csv").status == 2
    assert pol("diff", *drafts, "--data", data, "--output", tmp_path / "a.xml").status == 2
    assert pol("diff", *drafts, "--data", data, "--output", tmp_path / "no" / "a.csv").status == 2
    assert pol("diff", *drafts, "--data", data, "--for", "nothing").status == 2
    assert pol("diff", *drafts, "--data", data, "--format", "markdown").status == 2
    assert pol("diff", *drafts, "--data", data, "--as-of", "2024-01-01..2025-01-01").status == 2
    assert pol("diff", drafts[0].parent, drafts[1].parent, "--data", data).status == 2
    broken = tmp_path / "broken.pol"
    broken.write_text("law broken\n\nrule r : number\n    nothing\n", "utf-8")
    assert pol("diff", drafts[0], broken, "--data", data).status == 3


def test_no_cell_of_what_is_kept_is_worked_out_by_a_sheet(
    pol: Pol, drafts: tuple[Path, Path], tmp_path: Path
) -> None:
    out = tmp_path / "changed.csv"
    data = tmp_path / "sales.csv"
    lines = in_form(tmp_path, "csv").read_text("utf-8").splitlines()
    data.write_text("\n".join([f"{lines[0]},note", *(f"{line},=1+1" for line in lines[1:])]), "utf-8")
    pol("diff", *drafts, "--data", data, "--output", out)
    with out.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["note"] for row in rows} == {"'=1+1"}
    assert "-0.5" in {row["by"] for row in rows}
