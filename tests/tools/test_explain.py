"""Explanations: read the golden texts aloud before accepting a change to them."""

from __future__ import annotations

import datetime
import json
import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from attrs import frozen

from policy_lang.pipeline import compile_file
from policy_lang.policy import Decision, Policy
from policy_lang.program.core import Plain
from policy_lang.tools.explain import explain, heading, summary
from tests.reference.generators import generate_case

Golden = Callable[[Path, str], None]
HERE = Path(__file__).parent.parent / "golden" / "explain"
JARGON = re.compile(
    r"\b(None|True|False|Decimal|Fraction|fold|node|datetime|Absence|Const|frozenset|trace)\b|object at"
)


@frozen
class Question:
    """One case with the outcome to explain. `facts`: a file of the examples, or the facts themselves."""

    policy: str
    facts: str | Mapping[str, object]
    as_of: str
    outcome: str
    assume: Mapping[str, Plain] = {}


AGREEMENT, CREDIT = "us_japan_2023", "clean_vehicle_credit"
LITHIUM = {"sourcing": {"country": "JP", "good": "lithium"}}
PRACTICE = {"by": "CL", "good": "nickel", "kind": "subsidy"}
DECIDED = {**PRACTICE, "non_market": {"value": True, "by": "USTR", "on": "2024-05-01"}}

QUESTIONS = {
    "granted": Question(AGREEMENT, LITHIUM, "2024-06-01", "fta_treatment"),
    "not_granted": Question(
        AGREEMENT, {"sourcing": {"country": "KR", "good": "gallium"}}, "2027-06-01", "fta_treatment"
    ),
    "undetermined": Question(AGREEMENT, {"sourcing": {"good": "lithium"}}, "2024-06-01", "fta_treatment"),
    "not_in_force": Question(AGREEMENT, LITHIUM, "2022-06-01", "fta_treatment"),
    "breached": Question(AGREEMENT, "export_duty_graphite", "2024-06-01", "export_duties"),
    "out_of_scope": Question(
        AGREEMENT,
        {"measure": {"kind": "import_duty", "by": "JP", "to": "US", "good": "lithium", "rate": 3}},
        "2024-06-01",
        "export_duties",
    ),
    "determined": Question(AGREEMENT, {"practice": DECIDED}, "2024-06-01", "non_market"),
    "assumed": Question(AGREEMENT, LITHIUM, "2024-06-01", "national_treatment"),
    "nothing_asked": Question(AGREEMENT, {}, "2024-06-01", "circular_approaches"),
    "review_pending": Question(AGREEMENT, {"reviews": ["2025-03-10"]}, "2025-06-01", "joint_review"),
    "review_overdue": Question(
        AGREEMENT, {"reviews": []}, "2026-06-01", "joint_review", {"review_recurs": False}
    ),
    "review_unknown": Question(AGREEMENT, {}, "2025-06-01", "joint_review"),
    "credit": Question(CREDIT, "whole_vehicle", "2024-12-01", "credit"),
    "credit_2026": Question(CREDIT, "vehicle_2026", "2026-12-01", "minerals_met"),
    "political": Question("us_australia_framework_2025", {}, "2026-01-01", "us_financing"),
    "never_in_force": Question(
        "eu_us_critical_minerals_draft",
        {"measure": {"kind": "export_duty", "by": "EU", "to": "US", "good": "lithium", "rate": 3}},
        "2024-06-01",
        "export_duties",
    ),
    "no_row": Question(
        "examples/child_tax_credit_phaseout",
        {"tax_return": {"tax_year_day": "2012-05-05", "filing_status": "joint", "agi": 100000}},
        "2024-06-01",
        "reduction",
    ),
}


@pytest.fixture(scope="module")
def loaded(policies: Path) -> dict[str, Policy]:
    found: dict[str, Policy] = {}
    for name in sorted({question.policy for question in QUESTIONS.values()}):
        compiled, problems = compile_file(policies / f"{name}.pol")
        assert compiled.program is not None, problems
        found[name] = Policy(compiled.program)
    return found


def decide(question: Question, loaded: dict[str, Policy], policies: Path) -> Decision:
    facts = question.facts
    if isinstance(facts, str):
        facts = json.loads((policies / "examples" / f"{facts}.json").read_text("utf-8"))
    day = datetime.date.fromisoformat(question.as_of)
    return loaded[question.policy].evaluate(facts, day, question.assume)


@pytest.mark.parametrize("name", QUESTIONS)
def test_explanations(name: str, loaded: dict[str, Policy], policies: Path, golden: Golden) -> None:
    question = QUESTIONS[name]
    decision = decide(question, loaded, policies)
    short = "\n".join([*heading(decision), "", *summary(decision, question.outcome)])
    golden(HERE / f"{name}.txt", f"{short}\n\n{explain(decision, question.outcome)}")


def test_no_line_is_wider_than_asked_for(loaded: dict[str, Policy], policies: Path) -> None:
    decision = decide(QUESTIONS["credit"], loaded, policies)
    assert max(map(len, explain(decision, "credit", width=80).splitlines())) <= 90
    assert max(map(len, explain(decision, "credit", width=140).splitlines())) <= 140


def test_a_reading_that_is_taken_for_once_is_said(loaded: dict[str, Policy], policies: Path) -> None:
    question = Question(
        AGREEMENT, LITHIUM, "2024-06-01", "national_treatment", {"national_treatment_affirmed": False}
    )
    decision = decide(question, loaded, policies)
    assert "no (for this run; the policy says yes)" in explain(decision, question.outcome)
    assert any("assumes" in line for line in summary(decision, question.outcome))


def test_anything_can_be_explained_without_jargon() -> None:
    for seed in range(60):
        program, situations = generate_case(random.Random(seed), 3)
        policy = Policy(program)
        for s in situations:
            decision = policy.evaluate(s.raw, s.as_of, assume=s.assume)
            for name, outcome in decision.outcomes.items():
                lines = summary(decision, name)
                assert 1 <= len(lines) <= 7
                for text in (explain(decision, name), *lines, *outcome.because):
                    assert not JARGON.search(text), text


def test_every_kind_of_ending_says_why() -> None:
    seen: set[str] = set()
    for seed in range(150):
        program, situations = generate_case(random.Random(seed), 3)
        policy = Policy(program)
        for s in situations:
            decision = policy.evaluate(s.raw, s.as_of, assume=s.assume)
            for outcome in decision.outcomes.values():
                if outcome.state in ("undetermined", "error", "conflict", "not in force", "suspended"):
                    seen.add(outcome.state)
                    assert outcome.because, (seed, outcome.name)
    assert {"undetermined", "error", "conflict", "not in force"} <= seen
