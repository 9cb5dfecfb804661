"""What policies say of the cases in `policies/`, in a form that can be compared."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.policy import Decision, Policy
from policy_lang.program.scenario import Scenario

POLICIES = Path(__file__).parent.parent.parent / "policies"
NAMES = tuple(sorted(path.stem for path in POLICIES.glob("*.pol") if "." not in path.stem))


@cache
def compiled(name: str) -> tuple[Policy, tuple[Scenario, ...]]:
    """One of the policies, and its scenarios."""
    result, problems = compile_file(POLICIES / f"{name}.scenarios.pol", _library())
    assert problems == ()
    assert result.program is not None
    return Policy(result.program), result.scenarios


@cache
def _library() -> Library:
    return Library()


def cases() -> list[tuple[str, int]]:
    """Every scenario whose facts are right, by policy and number."""
    return [(name, n) for name in NAMES for n, one in enumerate(compiled(name)[1]) if not one.bad_facts]


def whole_vehicle() -> dict[str, Any]:
    """The facts of the example in which everything about a vehicle is known."""
    text = (POLICIES / "examples" / "whole_vehicle.json").read_text(encoding="utf-8")
    facts: dict[str, Any] = json.loads(text, parse_float=str)
    return facts


def decide(policy: Policy, scenario: Scenario, outcomes: Iterable[str] | None = None) -> Decision:
    return policy.evaluate(dict(scenario.facts), scenario.as_of, dict(scenario.assume), outcomes)


def summary(decision: Decision) -> dict[str, dict[str, Any]]:
    """Everything said of every outcome, without what only tells of order, place and wording."""
    found: dict[str, dict[str, Any]] = {}
    for name, outcome in decision.outcomes.items():
        said = dict(outcome.to_json())
        for many in ("needs", "assumes", "cites", "calendar_assumes"):
            if many in said:
                said[many] = sorted(said[many])  # type: ignore[call-overload]  # of another shape, this fails
        said["conflict"] = sorted(str(clash["value"]) for clash in outcome.conflict)
        for reason in ("reason", "error"):
            if reason in said:
                said[reason] = said[reason]["code"]  # type: ignore[index]  # of another shape, this fails
        del said["because"]
        found[name] = said
    return found


Step = str | int


def leaves(facts: Mapping[str, Any]) -> list[tuple[Step, ...]]:
    """The path of every fact that can be left out: fields, lists as a whole, fields of their elements."""
    found: list[tuple[Step, ...]] = []
    waiting: list[tuple[tuple[Step, ...], Any]] = [((), facts)]
    while waiting:
        path, value = waiting.pop()
        is_fact = bool(path) and isinstance(path[-1], str)
        # An event with the day up to which it is known, and a determination with who made it, are one fact.
        is_one = is_fact and isinstance(value, dict) and ("dates" in value or {"value", "by"} <= value.keys())
        if isinstance(value, dict) and not is_one:
            waiting.extend(((*path, key), inner) for key, inner in value.items())
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            found.append(path)
            waiting.extend(((*path, n), inner) for n, inner in enumerate(value))
        elif is_fact:
            found.append(path)
    return sorted(found, key=str)


def without(facts: Any, dropped: set[tuple[Step, ...]], path: tuple[Step, ...] = ()) -> Any:
    """A copy of the facts in which some are not known."""
    if isinstance(facts, dict):
        return {
            key: without(value, dropped, (*path, key))
            for key, value in facts.items()
            if (*path, key) not in dropped
        }
    if isinstance(facts, list):
        return [without(value, dropped, (*path, n)) for n, value in enumerate(facts)]
    return facts


def schema_path(path: tuple[Step, ...]) -> str:
    """The name of the question for the fact at this path."""
    return ".".join(step for step in path if isinstance(step, str))
