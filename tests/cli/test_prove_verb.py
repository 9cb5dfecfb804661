"""`pol prove`: what is found in policies with a clash, a gap or an idle case, and that the library has none."""

from __future__ import annotations

import json
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
    ran = pol("prove", POLICIES / name, "--limit", "20")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("no clash, no gap")


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
    (found,) = ran.json["remarks"]
    assert (found["kind"], found["about"]) == ("conflict", "fee")
    assert found["when"] == "kind is new, price is more than 100 USD, from 2024-01-01"
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
    assert pol("prove", tmp_path).status == 2
