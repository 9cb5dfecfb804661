"""`pol memo`: memoranda as they are printed, their stamps, and every wrong use."""

from __future__ import annotations

import hashlib
import importlib.util
import shlex
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Pol
from tests.conftest import Golden

GOLDEN = ROOT / "tests/golden/memo"
POLICIES = ROOT / "policies"


@pytest.mark.parametrize(
    ("name", "status", "arguments"),
    [
        (
            "graphite.md",
            0,
            ["us_japan_2023.pol", "--facts", "examples/export_duty_graphite.json", "--for", "export_duties"],
        ),
        ("australia.md", 4, ["us_australia_framework_2025.pol", "--for", "australian_financing"]),
        (
            "credit.md",
            0,
            ["clean_vehicle_credit.pol", "--facts", "examples/whole_vehicle.json", "--for", "credit"],
        ),
        ("review.md", 0, ["us_japan_2023.pol", "--set", "reviews=2025-03-10", "--for", "joint_review"]),
    ],
)
def test_the_memorandum_reads_well(
    pol: Pol, golden: Golden, monkeypatch: pytest.MonkeyPatch, name: str, status: int, arguments: list[str]
) -> None:
    monkeypatch.chdir(POLICIES)
    ran = pol("memo", *arguments, "--as-of", "2026-06-14")
    assert (ran.status, ran.err) == (status, "")
    # The digests change with every remark in a policy; that they are right is tested below.
    text = "\n".join(
        line.partition("SHA-256")[0] if "SHA-256" in line else line for line in ran.out.split("\n")
    )
    golden(GOLDEN / name, text)


def test_the_stamp_names_every_file_and_makes_it_again(
    pol: Pol, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    facts = tmp_path / "the facts.json"
    facts.write_text('{"sale": {"price": 7}}', encoding="utf-8")
    first = pol("memo", small, "--facts", facts.name, "--for", "dear", "--assume", "late_counts=no")
    assert first.status == 0
    for path in (small, facts):
        assert hashlib.sha256(path.read_bytes()).hexdigest() in first.out
    line = next(one for one in first.out.split("\n") if "Made again by" in one)
    words = shlex.split(line.split("|")[2].strip())
    assert words[:2] == ["pol", "memo"]
    assert "--as-of" in words
    assert pol(*words[1:]).out == first.out


def test_a_word_document_is_written_whole_and_the_same_each_time(
    pol: Pol, small: Path, tmp_path: Path
) -> None:
    for name in ("a.docx", "b.docx"):
        ran = pol(
            "memo",
            small,
            "--as-of",
            "2024-06-01",
            "--set",
            "sale.price=7",
            "--for",
            "dear",
            "--out",
            tmp_path / name,
        )
        assert (ran.status, ran.out, ran.err) == (0, "", "")
    assert (tmp_path / "a.docx").read_bytes() == (tmp_path / "b.docx").read_bytes()
    assert not [one for one in tmp_path.iterdir() if one.name.startswith(".")]


def test_statuses(pol: Pol, small: Path, broken: Path) -> None:
    assert pol("memo", small, "--as-of", "2024-06-01").status == 4
    source = small.read_text(encoding="utf-8").replace(
        "price as percent of 3 USD", "3 USD as percent of price"
    )
    small.write_text(source, encoding="utf-8")
    ran = pol("memo", small, "--as-of", "2024-06-01", "--set", "sale.price=0")
    assert ran.status == 3
    assert "There is no answer: " in ran.out
    assert pol("memo", broken).status == 3
    assert pol("memo", small, "--set", "sale.price=-1").status == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--for", "dea"], "no outcome is called `dea`; did you mean `dear`?"),
        (["--facts", "nowhere.json"], "the facts file `nowhere.json` cannot be read"),
        (["--out", "."], "this is no ordinary file"),
        (["--out", "no/such/folder/memo.md"], "cannot be written: No such file or directory"),
    ],
)
def test_wrong_use(pol: Pol, small: Path, arguments: list[str], said: str) -> None:
    ran = pol("memo", small, *arguments)
    assert ran.status == 2
    assert said in ran.err


def test_a_document_is_not_shown_on_a_terminal(
    pol: Pol, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(sys.stdout), "isatty", lambda _: True)
    ran = pol("memo", small, "--format", "docx")
    assert ran.status == 2
    assert "a Word document is no text for a terminal: name a file with `--out FILE`" in ran.err


def test_a_missing_package_is_named(
    pol: Pol, small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    ran = pol("memo", small, "--out", tmp_path / "memo.docx")
    assert ran.status == 2
    assert "pip install python-docx" in ran.err
    assert not (tmp_path / "memo.docx").exists()
