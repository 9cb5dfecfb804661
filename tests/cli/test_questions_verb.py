"""`pol questions`: the lists as they are printed, the way back, and every wrong use."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Pol
from tests.conftest import Golden

GOLDEN = ROOT / "tests/golden/questions"
POLICIES = ROOT / "policies"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        (
            "japan.txt",
            ["us_japan_2023.pol", "--for", "joint_review", "--for", "non_market", "--for", "labour_laws"],
        ),
        (
            "credit.md",
            [
                "clean_vehicle_credit.pol",
                "--for",
                "credit",
                "--facts",
                "examples/whole_vehicle.json",
                "--set",
                "vehicle.msrp=",
            ],
        ),
        ("mexico.json", ["us_mexico_action_plan_2026.pol"]),
        ("decided.txt", ["eu_us_critical_minerals_draft.pol", "--for", "export_duties"]),
    ],
)
def test_the_list_reads_well(
    pol: Pol, golden: Golden, monkeypatch: pytest.MonkeyPatch, name: str, arguments: list[str]
) -> None:
    monkeypatch.chdir(POLICIES)
    kind = {"txt": "text", "md": "markdown", "json": "json"}[name.rpartition(".")[2]]
    ran = pol("questions", *arguments, "--as-of", "2026-06-14", "--format", kind)
    assert (ran.status, ran.err) == (0, "")
    golden(GOLDEN / name, ran.out)


def test_the_ending_of_the_file_tells_the_format(pol: Pol, small: Path, tmp_path: Path) -> None:
    for name, start in (
        ("a.xlsx", b"PK"),
        ("a.md", b"# Questions"),
        ("a.json", b"{"),
        ("a.txt", b"Questions"),
    ):
        ran = pol("questions", small, "--as-of", "2024-06-01", "--out", tmp_path / name)
        assert (ran.status, ran.out, ran.err) == (0, "", "")
        assert (tmp_path / name).read_bytes().startswith(start)
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".")) == []


def test_a_filled_list_decides(pol: Pol, small: Path, tmp_path: Path) -> None:
    out = tmp_path / "list.md"
    pol("questions", small, "--as-of", "2024-06-01", "--for", "dear", "--out", out)
    text = out.read_text(encoding="utf-8")
    out.write_text(text.replace("| What was paid? |  |", "| What was paid? | 7.50 USD |"), encoding="utf-8")
    ran = pol("eval", small, "--as-of", "2024-06-01", "--facts", out, "--outcome", "dear", "--format", "json")
    assert ran.json["outcomes"]["dear"]["value"] is True
    again = pol("questions", small, "--as-of", "2024-06-01", "--for", "dear", "--facts", out)
    assert "Is it dear? decided: yes" in again.out
    assert "Nothing has to be asked" in again.out


def test_an_error_is_reported_with_status_three(pol: Pol, small: Path) -> None:
    source = small.read_text(encoding="utf-8").replace(
        "price as percent of 3 USD", "3 USD as percent of price"
    )
    small.write_text(source, encoding="utf-8")
    ran = pol("questions", small, "--as-of", "2024-06-01", "--set", "sale.price=0", "--for", "share")
    assert ran.status == 3
    assert "no answer" in ran.out


def test_a_bad_cell_is_said_with_sheet_and_cell(pol: Pol, small: Path, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    out = tmp_path / "list.xlsx"
    pol("questions", small, "--as-of", "2024-06-01", "--for", "dear", "--out", out)
    book = load_workbook(out)
    row = next(row for row in book["Questions"].iter_rows() if row[7].value == "sale.price")
    row[2].value = "-3"
    book.save(out)
    ran = pol("eval", small, "--facts", out, "--as-of", "2024-06-01")
    assert ran.status == 3
    assert f"list.xlsx[Questions!{row[2].coordinate}]" in ran.err
    assert "sale.price: `-3` is not at least 0" in ran.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--for", "dea"], "no outcome is called `dea`; did you mean `dear`?"),
        (["--assume", "nothing=yes"], "nothing assumed is called `nothing`"),
        (["--format", "docx"], "docx"),
        (["--out", "."], "this is no ordinary file"),
        (["--out", "no/such/folder/list.md"], "cannot be written: No such file or directory"),
    ],
)
def test_wrong_use(pol: Pol, small: Path, arguments: list[str], said: str) -> None:
    ran = pol("questions", small, *arguments)
    assert ran.status == 2
    assert said in ran.err


def test_a_workbook_is_not_shown_on_a_terminal(
    pol: Pol, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)
    ran = pol("questions", small, "--format", "xlsx")
    assert ran.status == 2
    assert "a workbook is no text for a terminal: name a file with `--out FILE`" in ran.err


def test_a_missing_package_is_named(
    pol: Pol, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    ran = pol("questions", small, "--out", tmp_path / "list.xlsx")
    assert ran.status == 2
    assert "pip install openpyxl" in ran.err
    assert not (tmp_path / "list.xlsx").exists()


def test_bad_facts_and_bad_policies(pol: Pol, small: Path, broken: Path) -> None:
    ran = pol("questions", small, "--set", "sale.price=-1", "--format", "json")
    assert ran.status == 3
    assert ran.json["problems"][0]["code"] == "out-of-bounds"
    assert pol("questions", broken).status == 3
