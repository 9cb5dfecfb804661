"""Policies of three hundred clauses: one change is found at once, and a limit of time holds whatever is compared."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from benchmarks.long_policies import policy, with_one_change
from tests.cli.conftest import ROOT, Pol


def written(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "long.pol").write_text(text, "utf-8")
    return folder / "long.pol"


def test_one_change_among_three_hundred_clauses(tmp_path: Path) -> None:
    text = policy("long", 300, 1)
    old, new = written(tmp_path / "old", text), written(tmp_path / "new", with_one_change(text))
    ran = subprocess.run(
        [sys.executable, "-m", "policy_lang.cli", "diff", str(old), str(new)],
        capture_output=True,
        cwd=ROOT,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (1, "")
    assert "    duty rate 0: changed\n" in ran.stdout
    assert "8 % -> 9 % (1 % more)" in ran.stdout
    assert "the same for all facts and all dates, known or not: 249 other outcomes" in ran.stdout
    assert "there may be more cases" not in ran.stdout


def test_what_there_is_no_time_for_is_named(pol: Pol, tmp_path: Path) -> None:
    old = written(tmp_path / "old", policy("long", 120, 1))
    new = written(tmp_path / "new", policy("long", 120, 2))
    begun = time.monotonic()
    ran = pol("diff", old, new, "--limit", "1", "--format", "json")
    assert time.monotonic() - begun < 30  # the limit, and what a machine with other work to do takes on top
    assert ran.status == 1
    (file,) = ran.json["files"]
    assert file["limit"] == 1
    unsettled = [one for one in file["outcomes"] if one["status"] == "not settled"]
    assert unsettled
    assert all(one["reason"] for one in unsettled)
    left = pol("diff", old, new, "--limit", "0.1").out
    assert "not settled (there was no time left for it): " in left
    assert "in at most 0.1 seconds for all" in left


def test_where_the_solver_comes_to_no_end_facts_are_tried(pol: Pol, tmp_path: Path) -> None:
    text = (
        'agreement both_act\n    parties US "one", JP "other"\n    in force from 2024-01-01\n\n'
        "event notice by each party\n\n"
        'clause talks "Talks"\n    the parties shall "talk" within 30 days of notice by each party\n'
    )
    old = written(tmp_path / "old", text)
    new = written(tmp_path / "new", text.replace("30 days", "40 days"))
    for path in (old, new):
        path.rename(path.with_name("both_act.pol"))
    ran = pol("diff", old.with_name("both_act.pol"), new.with_name("both_act.pol"), "--format", "json")
    (found,) = ran.json["files"][0]["outcomes"]
    assert found["status"] in ("changed", "not settled")
    assert found["complete"] is False
    assert found["tried"] > 0
    said = pol("diff", old.with_name("both_act.pol"), new.with_name("both_act.pol")).out
    assert str(found["tried"]) in said or found["status"] == "changed"
