"""Facts that are not known: an answer once decided never changes when more is known (rule W5)."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_lang.policy import Decision
from tests.property.decisions import (
    NAMES,
    cases,
    compiled,
    decide,
    leaves,
    schema_path,
    whole_vehicle,
    without,
)


def assert_agrees(less: Decision, more: Decision) -> None:
    """What is decided on fewer facts is decided so on all of them."""
    for name, known in more.outcomes.items():
        outcome = less.outcomes[name]
        assert (outcome.state == "undetermined") == bool(outcome.needs), (name, outcome.state, outcome.needs)
        if outcome.state == "undetermined":
            continue
        if (outcome.state, known.state) == ("pending", "fulfilled"):
            continue  # the one exception: an event that was early (rule F4)
        assert (outcome.state, outcome.value) == (known.state, known.value), name


@pytest.mark.parametrize("policy_name", NAMES)
@settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck), derandomize=True)
@given(data=st.data())
def test_leaving_out_any_facts_of_a_scenario(policy_name: str, data: st.DataObject) -> None:
    numbers = [n for name, n in cases() if name == policy_name]
    policy, scenarios = compiled(policy_name)
    scenario = scenarios[data.draw(st.sampled_from(numbers))]
    paths = leaves(scenario.facts)
    dropped = data.draw(st.sets(st.sampled_from(paths))) if paths else set()
    more = decide(policy, scenario)
    facts = without(dict(scenario.facts), dropped)
    less = policy.evaluate(facts, scenario.as_of, dict(scenario.assume), more.asked)
    assert_agrees(less, more)


AS_OF = datetime.date(2026, 11, 22)


@pytest.mark.parametrize("path", leaves(whole_vehicle()), ids=lambda p: ".".join(map(str, p)))
def test_leaving_out_one_fact_of_a_vehicle(path: tuple[str | int, ...]) -> None:
    policy, _ = compiled("clean_vehicle_credit")
    facts = whole_vehicle()
    more = policy.evaluate(facts, AS_OF)
    less = policy.evaluate(without(facts, {path}), AS_OF)
    assert set(less.asked) == set(more.asked)
    for name, known in more.outcomes.items():
        outcome = less.outcomes[name]
        if outcome.state == "undetermined":
            assert schema_path(path) in outcome.needs
            assert all(
                need == schema_path(path) or need.startswith(f"{schema_path(path)}.")
                for need in outcome.needs
            )
        else:
            assert (outcome.state, outcome.value) == (known.state, known.value), name


def test_facts_that_decide_alone_need_no_others() -> None:
    policy, _ = compiled("clean_vehicle_credit")
    for facts in (
        {"placed_in_service": "2024-06-14", "final_assembly": "JP"},
        {"placed_in_service": "2024-06-14", "battery_kwh": "6.9"},
        {"placed_in_service": "2024-06-14", "msrp": "80000.01"},
        {"placed_in_service": "2026-06-14", "acquired": "2025-10-01"},
    ):
        outcome = policy.evaluate({"vehicle": facts}, AS_OF, outcomes=["credit"]).outcomes["credit"]
        assert (outcome.state, outcome.value, outcome.needs) == ("decided", 0, [])


@pytest.mark.parametrize("policy_name", NAMES)
def test_with_no_facts_at_all_every_question_is_asked(policy_name: str) -> None:
    policy, _ = compiled(policy_name)
    decision = policy.evaluate({}, AS_OF)
    assert set(decision.asked) == {outcome.name for outcome in policy.program.outcomes}
    for outcome in decision.outcomes.values():
        if outcome.subject is not None and outcome.state != "not in force":
            assert outcome.state == "undetermined", outcome.name
            assert outcome.needs, outcome.name


def test_with_no_facts_at_all_the_credit_asks_for_all_it_rests_on() -> None:
    policy, _ = compiled("clean_vehicle_credit")
    needs = set(policy.evaluate({}, AS_OF).outcomes["credit"].needs)
    schema = {schema_path(path) for path in leaves(whole_vehicle())}
    assert needs == schema
