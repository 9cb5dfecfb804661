"""Runs scenarios: for each, what was expected and what the policy says instead."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeAlias

from attrs import frozen

from policy_lang.policy import DecidedOutcome, Decision, InvalidFacts, Policy, plain_json
from policy_lang.program.core import Plain
from policy_lang.program.deciding_items import deciding_items
from policy_lang.program.facts import FactProblem
from policy_lang.program.properties import for_case, for_pair
from policy_lang.program.scenario import NOT_FILLED_IN, Encoded, Expectation, ExpectedProperty, Scenario
from policy_lang.program.tracer import Tracer

_Assumed: TypeAlias = tuple[tuple[str, Plain], ...]


@frozen
class Miss:
    """One expectation that was not met: both sides in words, and the decision that they are about."""

    expectation: Expectation
    expected: str
    got: str
    decision: Decision


@frozen
class Unkept:
    """A property that was expected to hold, and what has become of it."""

    expected: ExpectedProperty
    got: str


@frozen
class Result:
    """One case that ran. It passed when nothing was missed, and facts were refused only as expected."""

    scenario: Scenario
    misses: tuple[Miss, ...] = ()
    refused: tuple[FactProblem, ...] = ()  # against expectation, or for another reason than was expected
    accepted: bool = False  # bad facts were expected, but the facts were fine
    decision: Decision | None = None
    unkept: tuple[Unkept, ...] = ()

    @property
    def passed(self) -> bool:
        return not (self.misses or self.refused or self.accepted or self.unkept)


def run_scenario(policy: Policy, scenario: Scenario) -> Result:
    """What the policy says of one case, against what is expected of it."""
    by_assumed: dict[_Assumed, list[Expectation]] = {}
    for expectation in scenario.expectations:
        by_assumed.setdefault(expectation.assuming, []).append(expectation)
    misses: list[Miss] = []
    first: Decision | None = None
    try:
        unkept = tuple(_unkept(policy, scenario)) if scenario.properties else ()
        for assuming, expectations in (by_assumed or {(): []}).items():
            decision = _decide(policy, scenario, assuming, expectations)
            first = first if first is not None else decision
            for expectation in expectations:
                misses.extend(_misses(expectation, decision))
    except InvalidFacts as invalid:
        reasons = {problem.code for problem in invalid.problems}
        if scenario.bad_facts and scenario.bad_code in (None, *reasons):
            return Result(scenario)
        return Result(scenario, refused=invalid.problems)
    return Result(scenario, tuple(misses), accepted=scenario.bad_facts, decision=first, unkept=unkept)


def _unkept(policy: Policy, scenario: Scenario) -> Iterator[Unkept]:
    """The properties that do not hold for this case, or of which that is not known."""
    known = {one.label: one for one in policy.program.properties}

    def traced(facts: Mapping[str, object]) -> Tracer:
        return policy.evaluate(dict(facts), scenario.as_of, dict(scenario.assume), ()).tracer

    for expected in scenario.properties:
        stated = known[expected.label]
        if expected.other is None:
            kept = for_case(stated, traced(scenario.facts))
        else:
            kept = for_pair(stated, traced(scenario.facts), traced(expected.other))
        if kept.verdict != "holds":
            yield Unkept(expected, kept.words)


def _decide(
    policy: Policy, scenario: Scenario, assuming: _Assumed, expectations: Iterable[Expectation]
) -> Decision:
    facts: Mapping[str, object] = scenario.facts
    assume = {**scenario.assume, **dict(assuming)} if assuming else dict(scenario.assume)
    wanted = dict.fromkeys(e.outcome for e in expectations) or None
    return policy.evaluate(facts if type(facts) is dict else dict(facts), scenario.as_of, assume, wanted)


def _misses(expectation: Expectation, decision: Decision) -> list[Miss]:
    outcome = decision.outcomes[expectation.outcome]
    found: list[Miss] = []

    def compare(expected: str, got: str) -> None:
        found.append(Miss(expectation, expected, got, decision))

    if expectation.state == NOT_FILLED_IN:
        compare(NOT_FILLED_IN, _whole_answer(outcome))
        return found
    if outcome.state != expectation.state or (
        expectation.state == "decided" and outcome.value != expectation.value
    ):
        compare(
            _answer(expectation.state, expectation.value, outcome.type),
            _answer(outcome.state, outcome.value, outcome.type),
        )
    if expectation.needs is not None and (needs := set(outcome.needs)) != expectation.needs:
        compare(_listed("needs", expectation.needs), _listed("needs", needs))
    if expectation.assumes:
        assumes = set(outcome.assumes) | set(outcome.calendar_assumes)
        if not expectation.assumes <= assumes:
            compare(_listed("assumes", expectation.assumes), _listed("assumes", assumes))
    if expectation.cites and not expectation.cites <= (cites := set(outcome.cites)):
        compare(_listed("cites", expectation.cites), _listed("cites", cites))
    if expectation.due is not None and outcome.due != expectation.due:
        compare(f"due {expectation.due}", f"due {outcome.due or 'never'}")
    if expectation.on_time is not None and outcome.on_time is not expectation.on_time:
        words = {True: "on time", False: "late", None: "neither on time nor late"}
        compare(words[expectation.on_time], words[outcome.on_time])
    if expectation.because:
        _compare_items(expectation.because, outcome, compare)
    if expectation.between is not None:
        clash = frozenset(one["value"] for one in outcome.conflict)
        if clash != expectation.between:
            compare(_between(expectation.between, outcome.type), _between(clash, outcome.type))
    return found


def _compare_items(
    expected: frozenset[Encoded], outcome: DecidedOutcome, compare: Callable[[str, str], None]
) -> None:
    items = deciding_items(outcome.decision.tracer.outcome(outcome.name))
    others = {(what, where, name) for what, where, name in items if name != outcome.name}
    met = all(
        any(what == w and name == n and instrument in (None, where) for w, where, n in items)
        for what, instrument, name in expected
    )
    if not met:
        said = {f"{what} {f'{where}.' if where else ''}{name}" for what, where, name in expected}
        got = {f"{what} {name}" for what, _, name in others}
        compare(_listed("because", said), _listed("because", got) if got else "because of nothing else")


def _between(values: Iterable[object], kind: str | None) -> str:
    said = sorted(_answer("decided", value, kind) for value in values)
    return f"between {' and '.join(said)}" if said else "nothing clashes"


def _answer(state: str, value: object, kind: str | None) -> str:
    if state != "decided":
        return state
    text = plain_json(value)  # type: ignore[arg-type]  # what is decided is a plain value
    if isinstance(text, bool):
        return "yes" if text else "no"
    unit = {"percent": " %"}.get(kind or "", "")
    if kind is not None and kind.startswith(("money ", "quantity ")):
        unit = " " + kind.split(" ", 1)[1]
    return f"{text}{unit}"


def _whole_answer(outcome: DecidedOutcome) -> str:
    """The answer as a scenario expects it, with what can be told of it: what it needs, and when it is due."""
    answer = [_answer(outcome.state.partition(";")[0], outcome.value, outcome.type)]
    if outcome.state == "undetermined":
        answer += [f"needs {name}" for name in sorted(outcome.needs)]
    if outcome.due is not None:
        answer.append(f"due {outcome.due}")
    return ", ".join(answer)


def _listed(verb: str, names: set[str] | frozenset[str]) -> str:
    return f"{verb} {', '.join(sorted(names))}" if names else f"{verb} nothing"
