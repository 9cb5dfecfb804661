"""`pol prove`: what is found in policies with a clash, a gap or an idle case, and that the library has none."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Pol

POLICIES = ROOT / "policies"

HEAD = """law sample
    in force from 2024-01-01

record sale "A sale"
    price   money USD at least 0 USD    "What was paid?"
    kind    new or old                  "Is it new?"

"""


@pytest.mark.parametrize(
    "name",
    ["us_japan_2023.pol", "examples/employee_discount.pol", "examples/lithium_2024.pol"],
)
def test_policies_of_the_library_have_nothing_of_the_kind(pol: Pol, name: str) -> None:
    ran = pol("prove", POLICIES / name, "--limit", "20", "--elements", "1")
    assert (ran.status, ran.err) == (0, "")
    assert ": no clash, no gap" in ran.out
    assert ran.out.count("proved: ") == (POLICIES / name).read_text("utf-8").count("\nproperty ")


@pytest.mark.skipif("POL_PROVE_LIBRARY" not in os.environ, reason="takes minutes; for the whole library")
def test_the_whole_library_holds(pol: Pol) -> None:
    ran = pol("prove", POLICIES, "--limit", os.environ["POL_PROVE_LIBRARY"])
    assert (ran.status, ran.err) == (0, ""), ran.out
    assert "everything holds" in ran.out


def test_a_clash_is_shown_with_facts_and_both_clauses(pol: Pol, tmp_path: Path) -> None:
    policy = tmp_path / "sample.pol"
    policy.write_text(
        HEAD
        + "rule fee for sale : money USD\n"
        + "    10 USD when kind is new\n    20 USD when price is more than 100 USD\n    otherwise 0 USD\n",
        "utf-8",
    )
    ran = pol("prove", policy, "--format", "json")
    assert ran.status == 1
    (found,) = ran.json["policies"][0]["remarks"]
    assert (found["kind"], found["about"], found["line"]) == ("conflict", "fee", 8)
    assert found["when"] == "price is more than 100 USD, kind is new, from 2024-01-01"
    assert len(found["detail"]) == 2
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps(found["facts"]), "utf-8")
    assert pol("eval", policy, "--facts", facts, "--as-of", found["as_of"]).status == 4


def test_a_gap_and_an_idle_case_are_found(pol: Pol, tmp_path: Path) -> None:
    policy = tmp_path / "sample.pol"
    policy.write_text(
        HEAD
        + "rule share for sale : percent\n    10 USD as percent of price\n\n"
        + "rule fee for sale : money USD\n"
        + "    10 USD when price is less than 50 USD and price is more than 60 USD\n    otherwise 0 USD\n",
        "utf-8",
    )
    ran = pol("prove", policy)
    assert ran.status == 1
    assert "share: no answer when price is at most 0 USD, from 2024-01-01" in ran.out
    assert "`price is less than 50 USD and price is more than 60 USD` is never so" in ran.out


def test_wrong_uses(pol: Pol, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pol"
    broken.write_text("law broken\n    in force from\n", "utf-8")
    assert pol("prove", broken).status == 3
    assert pol("prove").status == 2
    assert pol("prove", tmp_path / "missing.pol").status == 2
    empty = tmp_path / "empty"
    empty.mkdir()
    ran = pol("prove", empty)
    assert (ran.status, ran.err) == (1, "no policies found: nothing was proved\n")


PROPERTIES = (
    HEAD
    + """rule fee for sale : money USD
    20 USD when price is more than 100 USD
    otherwise 0 USD
    but 5 USD when kind is old

property "Nobody pays more than ten"
    always fee is at most 10 USD

property "A dearer sale never costs less"
    more price never gives less fee

property "Nothing is ever cheap and dear"
    never fee is more than 30 USD when price is less than 1 USD and price is more than 2 USD
"""
)


def test_a_counterexample_is_saved_as_a_failing_scenario_and_saved_once(pol: Pol, tmp_path: Path) -> None:
    policy = tmp_path / "sample.pol"
    policy.write_text(PROPERTIES, "utf-8")
    ran = pol("prove", policy, "--save", tmp_path)
    assert ran.status == 1
    saved = tmp_path / "sample.scenarios.pol"
    assert ran.err == f"1 scenario added to {saved}\n"
    assert '"Nobody pays more than ten": broken property' in ran.out
    assert '"Nothing is ever cheap and dear": never asked' in ran.out
    assert 'proved: "A dearer sale never costs less"' in ran.out
    text = saved.read_text("utf-8")
    assert 'scenario "Nobody pays more than ten: a case that breaks it"' in text
    assert pol("fmt", "--check", saved).status == 0
    tested = pol("test", saved)
    assert (tested.status, tested.out.splitlines()[-1]) == (1, "1 scenario: 0 passed, 1 failed")
    again = pol("prove", policy, "--save", saved)
    assert (again.err, saved.read_text("utf-8")) == ("", text)
    policy.write_text(PROPERTIES.replace("20 USD when", "9 USD when"), "utf-8")
    assert pol("test", saved).status == 0


def test_both_cases_of_a_comparison_are_saved_below_what_is_there(pol: Pol, tmp_path: Path) -> None:
    policy = tmp_path / "sample.pol"
    policy.write_text(PROPERTIES.replace("20 USD when price is more", "3 USD when price is less"), "utf-8")
    saved = tmp_path / "sample.scenarios.pol"
    before = "scenarios for sample\n\n# a remark\nfacts other_case\n    given sale\n        price 1 USD\n"
    saved.write_text(before, "utf-8")
    ran = pol("prove", policy, "--save", saved, "--format", "json")
    (found,) = [one for one in ran.json["policies"][0]["remarks"] if one["kind"] == "broken property"]
    assert found["property"] == "A dearer sale never costs less"
    assert found["compared_with"]["sale"]["price"] != found["facts"]["sale"]["price"]
    text = saved.read_text("utf-8")
    assert text.startswith(before)
    assert 'expect property "A dearer sale never costs less" compared with other_case_2' in text
    assert pol("test", saved).status == 1


def test_what_cannot_stand_in_a_file_is_not_written(pol: Pol, tmp_path: Path) -> None:
    policy = tmp_path / "sample.pol"
    policy.write_text(PROPERTIES, "utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    ran = pol("prove", policy, "--save", elsewhere)
    assert ran.status == 3
    assert "nothing was written" in ran.err
    assert not list(elsewhere.iterdir())


def test_properties_may_stand_with_the_scenarios_and_a_folder_means_all_policies(
    pol: Pol, tmp_path: Path
) -> None:
    head, _, stated = PROPERTIES.partition("property ")
    (tmp_path / "sample.pol").write_text(head, "utf-8")
    (tmp_path / "sample.scenarios.pol").write_text(f"scenarios for sample\n\nproperty {stated}", "utf-8")
    (tmp_path / "words.pol").write_text("vocabulary words\n\nkind colour\n    red\n", "utf-8")
    ran = pol("prove", tmp_path, "--format", "json")
    (policy,) = ran.json["policies"]
    assert policy["policy"] == "sample"
    assert [one["kind"] for one in policy["remarks"]] == ["broken property", "never asked"]
    assert policy["remarks"][0]["file"].endswith("sample.scenarios.pol")
    assert policy["properties"] == [{"name": "A dearer sale never costs less", "elements": 3}]


def test_what_is_known_and_meant_can_be_allowed(pol: Pol, tmp_path: Path) -> None:
    policy = tmp_path / "sample.pol"
    rule = "rule share for sale : percent [x]\n    10 USD as percent of price # allow: share-of-nothing because so\n"
    policy.write_text(HEAD + rule, "utf-8")
    assert pol("prove", policy).status == 1
    policy.write_text(HEAD + "# allow: no-answer because nothing is free\n" + rule, "utf-8")
    ran = pol("prove", policy)
    assert ran.status == 0
    assert "allowed at the place: share (no answer)" in ran.out
    assert pol("check", policy).status == 0
