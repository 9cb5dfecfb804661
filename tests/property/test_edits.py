"""Edits of the text, and what they change: names change nothing, the agreement's list changes the credit."""

from __future__ import annotations

import datetime
import re
import shutil
from pathlib import Path

import pytest

from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.policy import Policy
from tests.property.decisions import POLICIES, cases, compiled, decide, summary, whole_vehicle

AS_OF = datetime.date(2026, 11, 22)


def edited(folder: Path, name: str, pattern: str, replacement: str, *, everywhere: bool = False) -> None:
    """Changes the text of one file in the folder, or of all of them."""
    files = folder.glob("*.pol") if everywhere else [folder / f"{name}.pol"]
    changed = 0
    for path in files:
        text, count = re.subn(pattern, replacement, path.read_text(encoding="utf-8"))
        path.write_text(text, encoding="utf-8")
        changed += count
    assert changed, pattern


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in POLICIES.glob("*.pol"):
        shutil.copy(path, tmp_path)
    return tmp_path


def policy_in(folder: Path, name: str) -> Policy:
    result, problems = compile_file(folder / f"{name}.pol", Library())
    assert problems == ()
    assert result.program is not None
    return Policy(result.program)


def test_a_mineral_taken_off_the_agreements_list_changes_the_credit(folder: Path) -> None:
    before = policy_in(folder, "clean_vehicle_credit").evaluate(whole_vehicle(), AS_OF).outcomes
    edited(folder, "us_japan_2023", r"cobalt, graphite, lithium", "cobalt, lithium")
    after = policy_in(folder, "clean_vehicle_credit").evaluate(whole_vehicle(), AS_OF).outcomes
    assert (before["credit"].value, before["minerals_share"].value) == (7500, 60)
    assert (after["credit"].value, after["minerals_share"].value) == (3750, 30)
    assert after["components_met"].value is before["components_met"].value is True


def test_the_end_of_the_agreement_changes_the_credit(folder: Path) -> None:
    edited(
        folder,
        "us_japan_2023",
        r"in force     from 2023-03-28 ",
        "in force from 2023-03-28 until 2024-06-13 ",
    )
    after = policy_in(folder, "clean_vehicle_credit").evaluate(whole_vehicle(), AS_OF).outcomes
    assert (after["credit"].value, after["minerals_share"].value) == (3750, 30)
    edited(folder, "us_japan_2023", r"until 2024-06-13", "until 2024-06-14")
    again = policy_in(folder, "clean_vehicle_credit").evaluate(whole_vehicle(), AS_OF).outcomes
    assert again["credit"].value == 7500


def test_an_agreement_that_serves_another_purpose_does_not_count(folder: Path) -> None:
    edited(folder, "us_japan_2023", r"use trade\n", 'use trade\n\npurpose statistics "Statistics"\n')
    edited(
        folder, "us_japan_2023", r"for the purposes of clean_vehicle_credit", "for the purposes of statistics"
    )
    after = policy_in(folder, "clean_vehicle_credit").evaluate(whole_vehicle(), AS_OF).outcomes
    assert after["credit"].value == 3750


RENAMES = [
    ("clean_vehicle_credit", "from_partner", "done_by_a_friend"),
    ("clean_vehicle_credit", "minerals_required", "zz_table"),
    ("clean_vehicle_credit", "qualifying_value", "a"),
    ("clean_vehicle_credit", "credit", "amount_of_credit"),
    ("clean_vehicle_credit", "north_america", "na"),
    ("clean_vehicle_credit", "eligible", "or_else"),
    ("us_japan_2023", "critical_minerals", "five"),
    ("us_japan_2023", "review_recurs", "again_and_again"),
    ("us_japan_2023", "non_market_practice", "unfair"),
    ("us_japan_2023", "export_duties", "duties"),
]


@pytest.mark.parametrize(("name", "old", "new"), RENAMES, ids=[f"{old} to {new}" for _, old, new in RENAMES])
def test_renaming_keeps_answers(folder: Path, name: str, old: str, new: str) -> None:
    edited(folder, name, rf"(?<![\w.\"]){old}(?![\w\"])", new, everywhere=True)
    other = policy_in(folder, name)
    policy, scenarios = compiled(name)
    for _, number in [case for case in cases() if case[0] == name][::8]:
        scenario = scenarios[number]
        assume = {new if key == old else key: value for key, value in scenario.assume.items()}
        before = summary(decide(policy, scenario))
        after = summary(other.evaluate(dict(scenario.facts), scenario.as_of, assume))
        for said in before.values():
            for many in ("needs", "assumes", "calendar_assumes"):
                if many in said:
                    said[many] = sorted(new if one == old else one for one in said[many])
        for said in after.values():
            for many in ("needs", "assumes", "calendar_assumes"):
                if many in said:
                    said[many] = sorted(said[many])
        assert after == {new if key == old else key: said for key, said in before.items()}, scenario.label
