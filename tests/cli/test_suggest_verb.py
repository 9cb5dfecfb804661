"""`pol test --suggest`: what it prints, writes and refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Pol
from tests.tools.test_suggest import DUTY


@pytest.fixture
def honey(tmp_path: Path) -> Path:
    path = tmp_path / "honey.pol"
    path.write_text(DUTY, encoding="utf-8")
    return path


def test_the_command_prints_what_can_be_pasted(pol: Pol, honey: Path, tmp_path: Path) -> None:
    ran = pol("test", "--suggest", honey)
    assert ran.status == 1
    assert ran.out.startswith('scenario "')
    assert "# tried now: 0 of " in ran.out
    path = tmp_path / "pasted.pol"
    path.write_text(f"scenarios for honey\n\n{ran.out}", encoding="utf-8")
    tested = pol("test", path)
    assert tested.status == 1
    assert tested.out.splitlines()[-1].endswith("not filled in")


def test_a_file_is_written_whole_and_never_over_another(pol: Pol, honey: Path, tmp_path: Path) -> None:
    out = tmp_path / "honey.scenarios.pol"
    ran = pol("test", "--suggest", honey, "--output", out)
    assert ran.status == 1
    assert f"wrote {out}" in ran.out
    text = out.read_text(encoding="utf-8")
    assert text.startswith("scenarios for honey\n\nscenario ")
    assert pol("fmt", "--check", out).status == 0
    ran = pol("test", "--suggest", honey, "--output", out)
    assert ran.status == 2
    assert "is not overwritten" in ran.err
    assert out.read_text(encoding="utf-8") == text


def test_the_document(pol: Pol, honey: Path) -> None:
    document = pol("test", "--suggest", honey, "--format", "json", "--budget", "0").json
    [one] = document["policies"]
    assert (one["policy"], one["finished"], one["tried"]) == ("honey", False, 0)
    assert one["not_settled"]
    assert document["problems"] == []
    document = pol("test", "--suggest", honey, "--format", "json").json
    [one] = document["policies"]
    case = one["scenarios"][0]["cases"][0]
    assert set(case) == {"name", "as_of", "facts", "notices"}
    assert one["slips"] is None
    assert one["text"].startswith("scenario ")


SMALL = """\
law small
    title    "Small Law"
    in force from 2024-01-01
    verified 2026-11-22 against "nothing: this law is invented"

record thing
    weight  number at least 0   "How heavy is it?"

rule heavy for thing : yes or no                                        [Section 1]
    yes when weight is more than 10
    otherwise no
"""


def test_slips_that_no_scenario_notices_are_asked_for(pol: Pol, tmp_path: Path) -> None:
    small = tmp_path / "small.pol"
    small.write_text(SMALL, encoding="utf-8")
    ran = pol("test", "--suggest", "--mutate", small)
    assert ran.status == 1
    assert " slips would be noticed with the answers filled in" in ran.out
    document = pol("test", "--suggest", "--mutate", small, "--format", "json", "--seed", "2").json
    [one] = document["policies"]
    slips = one["slips"]
    assert set(slips) == {
        "noticed",
        "noticed_by_more_cases",
        "not_told_apart",
        "changing_nothing",
        "not_tried",
    }
    assert slips["noticed"] >= 5
    cases = [case for each in one["scenarios"] for case in each["cases"]]
    assert any(case["notices"] for case in cases)  # of the limit of the field


def test_wrong_use_and_invalid_files(pol: Pol, honey: Path, tmp_path: Path) -> None:
    assert pol("test", "--suggest", honey, "--watch").status == 2
    assert pol("test", "--suggest", honey, "--format", "junit").status == 2
    other = tmp_path / "other.pol"
    other.write_text("law other\n\nrule r : number\n    nothing\n", encoding="utf-8")
    ran = pol("test", "--suggest", other)
    assert ran.status == 3
    assert "unknown-name" in ran.err
    assert ran.out == "no policy was looked at\n"
