"""The worked example of date arithmetic covers every vector (rule V6)."""

import datetime
import json
from pathlib import Path

from policy_lang.pipeline import compile_file

ROOT = Path(__file__).parent.parent.parent
VECTORS = [json.loads(line) for line in (ROOT / "tests" / "program" / "dates.jsonl").read_text().splitlines()]


def test_each_vector_is_a_scenario() -> None:
    compiled, diagnostics = compile_file(ROOT / "policies" / "examples" / "date_arithmetic.scenarios.pol")
    assert diagnostics == ()
    told: list[tuple[object, ...]] = []
    for scenario in compiled.scenarios:
        move = scenario.facts["move"]
        assert isinstance(move, dict)
        if len(scenario.expectations) > 1:
            continue  # what is said where something is not known is no vector
        (expected,) = scenario.expectations
        answer = "AmbiguousComputation" if expected.state == "error" else str(expected.value)
        told.append((expected.outcome, str(move["start"]), move.get("amount"), move.get("missing"), answer))
    wanted: list[tuple[object, ...]] = []
    for vector in VECTORS:
        if vector["op"] == "add":
            amount = vector["amount"]
            period = (amount["years"], amount["months"], amount["days"])
            missing = {"up": "up", "down": "down", "abort": "never"}[vector["rounding"]]
            wanted.append(("moved", vector["date"], period, missing, vector["expected"]))
        else:
            name = "first_day" if vector["op"] == "first_day_of_month" else "last_day"
            wanted.append((name, vector["date"], None, None, vector["expected"]))
    assert told == wanted
    assert len(told) == 94


def test_a_day_that_does_not_exist_is_an_outcome_not_an_exception() -> None:
    from policy_lang import load

    policy = load(ROOT / "policies" / "examples" / "date_arithmetic.pol")
    facts = {"move": {"start": "2024-01-31", "amount": "1 month", "missing": "never"}}
    outcome = policy.evaluate(facts, datetime.date(2024, 1, 31)).outcomes["moved"]
    assert outcome.state == "error"
    assert outcome.reasons[0]["code"] == "no-such-day"
