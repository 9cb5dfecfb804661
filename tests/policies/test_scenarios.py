"""Every scenario of `policies/`, and whether together they reach every answer that can be given."""

from __future__ import annotations

import pytest

from policy_lang.program.core import Outcome
from policy_lang.program.scenario import Scenario
from policy_lang.program.types import YesNo
from policy_lang.tools.run_scenarios import run_scenario
from tests.property.decisions import NAMES, POLICIES, compiled, decide

ALL = [(name, scenario) for name in NAMES for scenario in compiled(name)[1]]


@pytest.mark.parametrize(
    ("name", "scenario"), ALL, ids=[f"{name}: {scenario.label}" for name, scenario in ALL]
)
def test_scenario(name: str, scenario: Scenario) -> None:
    result = run_scenario(compiled(name)[0], scenario)
    assert result.passed, [(miss.expected, miss.got) for miss in result.misses] or result.refused


def test_every_policy_has_scenarios() -> None:
    assert {"us_japan_2023", "us_free_trade_agreements", "clean_vehicle_credit"} <= set(NAMES)
    assert {path.name for path in POLICIES.glob("*.scenarios.pol")} == {
        f"{name}.scenarios.pol" for name in NAMES
    }


# What an outcome of each family could be at all, apart from what no case can bring about here: nothing in
# these policies is suspended, no two cases of one clause clash, and no clause calculates.
POSSIBLE = {
    "status": {"granted", "not granted", "not in force", "undetermined"},
    "prohibition": {"complied", "breached", "justified", "not applicable", "not in force", "undetermined"},
    "obligation": {
        "not yet triggered",
        "pending",
        "fulfilled",
        "overdue",
        "target date passed; no breach",
        "not applicable",
        "not in force",
        "undetermined",
    },
    "flag": {"raised", "clear", "not in force", "undetermined"},
    "undertaking": {"applies", "does not apply", "not in force", "undetermined"},
}

IMPOSSIBLE = {
    "export_duties": {"justified": "no exception is encoded"},
    "joint_review": {
        "not yet triggered": "it is counted from entry into force, and before that nothing is in force",
        "target date passed; no breach": "the review is binding",
        "not applicable": "the review is owed on no condition",
    },
    **{
        name: {
            "does not apply": "it is promised in all cases",
            "undetermined": "it depends on no fact",
        }
        for name in (
            "investment_review",
            "circular_approaches",
            "labelling_and_recycling",
            "environmental_assessment",
            "labour_laws",
            "forced_labour_goods",
            "labour_remedies",
            "labour_advisory_body",
        )
    },
}


def _outcomes(name: str) -> tuple[Outcome, ...]:
    return compiled(name)[0].program.outcomes


@pytest.mark.parametrize("outcome", _outcomes("us_japan_2023"), ids=lambda outcome: str(outcome.name))
def test_each_clause_of_the_agreement_is_expected_to_come_out_every_way_it_can(outcome: Outcome) -> None:
    expected = {
        expectation.state
        for scenario in compiled("us_japan_2023")[1]
        for expectation in scenario.expectations
        if expectation.outcome == outcome.name
    }
    assert expected == POSSIBLE[outcome.family] - IMPOSSIBLE.get(outcome.name, {}).keys()


@pytest.mark.parametrize(
    "outcome",
    [one for one in _outcomes("us_free_trade_agreements") if one.family == "status"],
    ids=lambda outcome: str(outcome.name),
)
def test_each_partner_is_expected_on_both_sides_of_its_date(outcome: Outcome) -> None:
    expected = {
        expectation.state
        for scenario in compiled("us_free_trade_agreements")[1]
        for expectation in scenario.expectations
        if expectation.outcome == outcome.name
    }
    assert expected >= {"granted", "not granted", "not in force"}


def test_each_rule_of_the_credit_comes_out_every_way_it_can() -> None:
    policy, scenarios = compiled("clean_vehicle_credit")
    reached: dict[str, set[object]] = {name: set() for name in policy.names}
    for scenario in scenarios:
        if not scenario.bad_facts:
            for name, decided in decide(policy, scenario).outcomes.items():
                reached[name].add(decided.value if decided.state == "decided" else decided.state)
    for outcome in policy.program.outcomes:
        values = {value for value in reached[outcome.name] if not isinstance(value, str)}
        states = {value for value in reached[outcome.name] if isinstance(value, str)}
        assert states == {"undetermined", "not in force"}, outcome.name
        if isinstance(outcome.type, YesNo):
            assert values == {True, False}, outcome.name
        else:
            assert len(values) > 1, outcome.name
    assert reached["credit"] >= {0, 3750, 3751, 7500}
    assert reached["minerals_amount"] >= {0, 3750}
    assert reached["components_amount"] >= {0, 3750}


def test_every_assumption_is_flipped_by_a_scenario_that_expects_something_else() -> None:
    for name in NAMES:
        policy, scenarios = compiled(name)
        flipped = {assumed for scenario in scenarios for assumed in scenario.assume}
        own = {one.name for one in policy.program.assumptions if one.instrument == name}
        assert own <= flipped, name
