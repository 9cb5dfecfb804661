"""`pol new`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

KINDS = ("agreement", "law", "framework", "vocabulary")


@pytest.mark.parametrize("kind", KINDS)
def test_the_files_are_clean_and_their_scenarios_pass(pol: Any, tmp_path: Path, kind: str) -> None:
    ran = pol("new", kind, "copper_2025", "--folder", str(tmp_path))
    assert ran.status == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copper_2025.pol", "copper_2025.scenarios.pol"]
    assert (tmp_path / "copper_2025.pol").read_text(encoding="utf-8").find(f"\n{kind} copper_2025\n") > 0
    assert pol("check", str(tmp_path)).status == 0
    assert pol("test", str(tmp_path)).status == 0
    assert pol("fmt", "--check", str(tmp_path)).status == 0


@pytest.mark.parametrize("there", ["copper.pol", "copper.scenarios.pol"])
def test_nothing_is_overwritten(pol: Any, tmp_path: Path, there: str) -> None:
    (tmp_path / there).write_text("mine", encoding="utf-8")
    ran = pol("new", "law", "copper", "--folder", str(tmp_path))
    assert ran.status == 2
    assert "exists already; nothing was written" in ran.err
    assert [p.name for p in tmp_path.iterdir()] == [there]
    assert (tmp_path / there).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    "name", ["", "Copper", "9x", "a-b", "../copper", "a/b", "is", "trade", "x" * 65, "a\nb"]
)
def test_names_are_checked(pol: Any, tmp_path: Path, name: str) -> None:
    ran = pol("new", "law", name, "--folder", str(tmp_path))
    assert ran.status == 2
    assert list(tmp_path.iterdir()) == []


def test_the_folder_has_to_be_there(pol: Any, tmp_path: Path) -> None:
    assert pol("new", "law", "copper", "--folder", str(tmp_path / "nowhere")).status == 2
