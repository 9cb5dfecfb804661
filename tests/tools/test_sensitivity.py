"""Every answer that turns on an assumption is found, and no other."""

import datetime
import json
from pathlib import Path

import pytest

from policy_lang import load
from policy_lang.tools.explain import answer
from policy_lang.tools.sensitivity import Sensitivity, sensitivity

ROOT = Path(__file__).parent.parent.parent
POLICIES = ROOT / "policies"


def readings(policy: str, facts: dict[str, object], day: str, *names: str) -> dict[str, Sensitivity]:
    loaded = load(POLICIES / f"{policy}.pol")
    found = sensitivity(loaded, facts, datetime.date.fromisoformat(day), None, names or None, words=answer)
    return {one.outcome: one for one in found}


def test_a_second_review_turns_on_whether_reviews_recur() -> None:
    found = readings("us_japan_2023", {"reviews": ["2025-03-10"]}, "2026-06-01", "joint_review")[
        "joint_review"
    ]
    assert found.rests_on == ("review_recurs",)
    assert [turn.flipped for turn in found.turns] == [(("review_recurs", False),)]
    assert found.answer.startswith("pending")
    assert found.turns[0].answer.startswith("fulfilled")


def test_an_answer_that_rests_on_nothing_holds() -> None:
    facts: dict[str, object] = {"sourcing": {"country": "JP", "good": "lithium"}}
    found = readings("us_japan_2023", facts, "2024-06-01", "fta_treatment")["fta_treatment"]
    assert found.holds
    assert found.rests_on == ()


def test_flipping_one_by_hand_gives_what_is_said() -> None:
    facts = json.loads((POLICIES / "examples" / "vehicle_2026.json").read_text())
    policy = load(POLICIES / "clean_vehicle_credit.pol")
    day = datetime.date(2026, 1, 15)
    for one in sensitivity(policy, facts, day, words=answer):
        for turn in one.turns:
            other = policy.evaluate(facts, day, dict(turn.flipped)).outcomes[one.outcome]
            assert answer(other) == turn.answer != one.answer


@pytest.mark.parametrize("name", ["whole_vehicle", "vehicle_2026"])
def test_what_holds_holds_for_every_single_flip(name: str) -> None:
    facts = json.loads((POLICIES / "examples" / f"{name}.json").read_text())
    policy = load(POLICIES / "clean_vehicle_credit.pol")
    day = datetime.date(2026, 1, 15)
    held = {one.outcome: one.answer for one in sensitivity(policy, facts, day, words=answer) if one.holds}
    for assumption, value in policy.assumptions.items():
        assert isinstance(value, bool)
        other = policy.evaluate(facts, day, {assumption: not value})
        for outcome, words in held.items():
            assert answer(other.outcomes[outcome]) == words
