"""Reasons and citations name what an answer rests on, and nothing else that was assumed or determined (rule W6)."""

from __future__ import annotations

import random

import pytest
from attrs import evolve

from policy_lang.policy import DecidedOutcome, Policy
from policy_lang.program.core import Program, Reading
from tests.property.decisions import cases, compiled, decide
from tests.reference.generators import generate_case

SEEDS = range(60)


def told_apart(program: Program) -> Program:
    """The same program, with citations that tell the assumptions apart."""
    readings = {one.name: (Reading("r", (f"<{one.name}>",)),) for one in program.assumptions}
    assumptions = tuple(
        evolve(one, readings=readings[one.name], against=readings[one.name]) for one in program.assumptions
    )
    return evolve(program, assumptions=assumptions)


def rests_on(outcome: DecidedOutcome) -> set[str]:
    return {*outcome.assumes, *outcome.calendar_assumes}


@pytest.mark.parametrize("seed", SEEDS)
def test_w6_the_citations_of_an_assumption_are_given_where_the_answer_rests_on_it(seed: int) -> None:
    program, situations = generate_case(random.Random(seed), 6)
    policy = Policy(told_apart(program))
    for s in situations:
        for outcome in policy.evaluate(s.raw, s.as_of, assume=s.assume).outcomes.values():
            cited = {cite[1:-1] for cite in outcome.cites if cite.startswith("<")}
            assert set(outcome.assumes) <= cited <= rests_on(outcome), outcome.name


@pytest.mark.parametrize("seed", SEEDS)
def test_w6_the_reasons_name_what_was_assumed_and_determined_where_the_answer_rests_on_it(seed: int) -> None:
    program, situations = generate_case(random.Random(seed), 6)
    policy = Policy(program)
    names = {one.name for one in program.assumptions}
    for s in situations:
        for outcome in policy.evaluate(s.raw, s.as_of, assume=s.assume).outcomes.values():
            said = [one for one in outcome.because if one.startswith("assumed: ")]
            assumed = {name for name in names for one in said if one.startswith(f"assumed: {name} is ")}
            assert assumed <= rests_on(outcome), outcome.name
            determined = {str(one["name"]) for one in outcome.determinations}
            if any(one in ("necessary is yes", "necessary is no") for one in outcome.because):
                assert "necessary" in determined, outcome.name


def test_w6_taking_back_the_determinations_that_are_not_listed_changes_nothing() -> None:
    for name, number in cases():
        policy, scenarios = compiled(name)
        scenario = scenarios[number]
        decision = decide(policy, scenario)
        for outcome in decision.outcomes.values():
            listed = {str(one["name"]) for one in outcome.determinations}
            idle = {key for key in decision.facts.made if key not in listed and "." not in key}
            if not idle:
                continue
            facts = {key: value for key, value in scenario.facts.items() if key not in idle}
            again = policy.evaluate(facts, scenario.as_of, dict(scenario.assume), [outcome.name])
            found = again.outcomes[outcome.name]
            assert (found.state, found.value) == (outcome.state, outcome.value), (name, scenario.label)
