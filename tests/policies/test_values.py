"""Values of every kind in one policy: what its scenario expects, by every reading of it."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path

from policy_lang import load
from policy_lang.pipeline import compile_file
from policy_lang.policy import Policy
from policy_lang.tools.run_scenarios import run_scenario
from tests.differential.test_reference import exact
from tests.reference.interpreter import decide

HERE = Path(__file__).parent


def policy() -> Policy:
    return load(HERE / "values.pol")


def test_the_scenarios() -> None:
    compiled, problems = compile_file(HERE / "values.pol")
    assert problems == ()
    assert len(compiled.scenarios) >= 1
    for scenario in compiled.scenarios:
        result = run_scenario(policy(), scenario)
        assert result.passed, [(miss.expected, miss.got) for miss in result.misses] or result.refused


def test_the_reference_interpreter_agrees_however_many_facts_are_known() -> None:
    compiled, _ = compile_file(HERE / "values.pol")
    assert compiled.program is not None
    as_of = datetime.date(2020, 6, 1)
    given = compiled.scenarios[0].facts["item"]
    assert isinstance(given, dict)
    for count in range(len(given) + 1):
        decision = policy().evaluate({"item": dict(list(given.items())[:count])}, as_of)
        told, wanted = decision.outcomes, decide(compiled.program, decision.facts, as_of)
        for name, outcome in told.items():
            answer = (outcome.state, exact(outcome.value), frozenset(outcome.needs))
            assert answer == (wanted[name].state, wanted[name].value, wanted[name].needs), name


def test_there_and_back_a_quantity_is_the_same() -> None:
    for pounds in ("0.1", "1", "3", "1234567.89"):
        told = policy().evaluate({"item": {"weight": pounds}}, datetime.date(2020, 6, 1)).outcomes
        assert exact(told["in_lb"].value) == Fraction(pounds)
        assert exact(told["in_kg"].value) == Fraction(pounds) * Fraction("0.45359237")
