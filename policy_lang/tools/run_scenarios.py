"""Runs scenarios: for each, what was expected and what the policy says instead."""

from __future__ import annotations

from attrs import frozen

from policy_lang.policy import Decision, InvalidFacts, Policy, plain_json
from policy_lang.program.facts import FactProblem
from policy_lang.program.scenario import Expectation, Scenario


@frozen
class Miss:
    """One expectation that was not met: both sides in words, and what differs."""

    expectation: Expectation
    expected: str
    got: str


@frozen
class Result:
    """One scenario that ran. It passed when nothing was missed and no fact was refused."""

    scenario: Scenario
    misses: tuple[Miss, ...] = ()
    refused: tuple[FactProblem, ...] = ()
    accepted: bool = False  # bad facts were expected, but the facts were fine
    decision: Decision | None = None

    @property
    def passed(self) -> bool:
        return not (self.misses or self.refused or self.accepted)


def run_scenario(policy: Policy, scenario: Scenario) -> Result:
    """What the policy says of one scenario, against what is expected of it."""
    try:
        decision = policy.evaluate(
            dict(scenario.facts),
            scenario.as_of,
            dict(scenario.assume),
            dict.fromkeys(e.outcome for e in scenario.expectations) or None,
        )
    except InvalidFacts as invalid:
        if scenario.bad_facts:
            return Result(scenario)
        return Result(scenario, refused=invalid.problems)
    if scenario.bad_facts:
        return Result(scenario, accepted=True, decision=decision)
    misses: list[Miss] = []
    for expectation in scenario.expectations:
        misses.extend(_misses(expectation, decision))
    return Result(scenario, tuple(misses), decision=decision)


def _misses(expectation: Expectation, decision: Decision) -> list[Miss]:
    outcome = decision.outcomes[expectation.outcome]
    found: list[Miss] = []

    def compare(expected: str, got: str, equal: bool) -> None:
        if not equal:
            found.append(Miss(expectation, expected, got))

    got = _answer(outcome.state, outcome.value, outcome.type)
    wanted = _answer(expectation.state, expectation.value, outcome.type)
    same = outcome.state == expectation.state and (
        expectation.state != "decided" or outcome.value == expectation.value
    )
    compare(wanted, got, same)
    if expectation.needs is not None:
        needs = set(outcome.needs)
        compare(_listed("needs", expectation.needs), _listed("needs", needs), needs == expectation.needs)
    if expectation.assumes:
        assumes = set(outcome.assumes) | set(outcome.calendar_assumes)
        compare(
            _listed("assumes", expectation.assumes),
            _listed("assumes", assumes),
            expectation.assumes <= assumes,
        )
    if expectation.cites:
        cites = set(outcome.cites)
        compare(_listed("cites", expectation.cites), _listed("cites", cites), expectation.cites <= cites)
    if expectation.due is not None:
        compare(f"due {expectation.due}", f"due {outcome.due or 'never'}", outcome.due == expectation.due)
    if expectation.on_time is not None:
        words = {True: "on time", False: "late", None: "neither on time nor late"}
        compare(words[expectation.on_time], words[outcome.on_time], outcome.on_time is expectation.on_time)
    return found


def _answer(state: str, value: object, kind: str | None) -> str:
    if state != "decided":
        return state
    text = plain_json(value)  # type: ignore[arg-type]
    if isinstance(text, bool):
        return "yes" if text else "no"
    unit = {"percent": " %"}.get(kind or "", "")
    if kind is not None and kind.startswith(("money ", "quantity ")):
        unit = " " + kind.split(" ", 1)[1]
    return f"{text}{unit}"


def _listed(verb: str, names: set[str] | frozenset[str]) -> str:
    return f"{verb} {', '.join(sorted(names))}" if names else f"{verb} nothing"
