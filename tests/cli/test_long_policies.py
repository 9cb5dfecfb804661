"""Policies of three hundred clauses: one change is found at once, and a limit of time holds whatever is compared."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.long_policies import policy, with_one_change
from policy_lang.cli.diff_verb import status_of
from policy_lang.cli.group import NO
from policy_lang.tools.diff.clock import Clock
from policy_lang.tools.diff.compare import compare
from policy_lang.tools.diff.meaning import NO_TIME
from policy_lang.tools.diff.report import to_text
from tests.cli.conftest import ROOT, Pol


def written(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "long.pol").write_text(text, "utf-8")
    return folder / "long.pol"


def test_one_change_among_three_hundred_clauses(tmp_path: Path) -> None:
    text = policy("long", 300, 1)
    old, new = written(tmp_path / "old", text), written(tmp_path / "new", with_one_change(text))
    ran = subprocess.run(
        [sys.executable, "-m", "policy_lang.cli", "diff", str(old), str(new), "--limit", "300"],
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


def test_what_there_is_no_time_for_is_named(tmp_path: Path) -> None:
    old = written(tmp_path / "old", policy("long", 120, 1))
    new = written(tmp_path / "new", policy("long", 120, 2))
    begun = time.monotonic()
    looks = itertools.count()
    # After so many looks at the clock it is over, however quick the machine is.
    clock = Clock(30, begun, now=lambda: begun + (0 if next(looks) < 20 else 31))
    comparison, _ = compare(old, new, clock=clock, elements=1)
    assert comparison is not None
    assert status_of(comparison) == NO
    (file,) = comparison.files
    assert file.meaning is not None
    looked_at = [one for one in file.meaning.outcomes if one.reason != NO_TIME]
    left = [one for one in file.meaning.outcomes if one.reason == NO_TIME]
    assert looked_at
    assert left
    assert {one.status for one in left if not one.notes} == {"not settled"}
    text = to_text(comparison)
    assert f"not settled ({NO_TIME}): " in text
    assert all(one.name.replace("_", " ") in text for one in left if not one.notes)
    assert "in at most 30 seconds for all" in text


def test_the_limit_counts_from_the_beginning(tmp_path: Path) -> None:
    old = written(tmp_path / "old", policy("long", 12, 1))
    new = written(tmp_path / "new", policy("long", 12, 2))
    clock = Clock(20, time.monotonic() - 20)  # reading the files took all of it
    comparison, _ = compare(old, new, clock=clock, elements=None)
    assert comparison is not None
    (file,) = comparison.files
    assert file.meaning is not None
    compared = [one for one in file.meaning.outcomes if one.status not in ("added", "removed", "same")]
    assert compared
    assert all(one.reason == NO_TIME or one.notes for one in compared if not one.cases)
    assert not any(one.cases for one in compared)


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
