"""Looks for facts that break the stated properties (rule F8); every example is decided before it is told."""

from __future__ import annotations

import datetime
from typing import Any

from policy_lang.backends.prove.differences import Difference
from policy_lang.backends.prove.examples import without_idle_territories
from policy_lang.backends.prove.forms import Truth
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.stated import Stated, both_cases, stated
from policy_lang.backends.prove.words import conditions_in_words
from policy_lang.policy import InvalidFacts
from policy_lang.program.core import Property
from policy_lang.program.properties import Kept, for_case, for_pair
from policy_lang.tools.prove.remarks import Remark
from policy_lang.tools.prove.search import Searcher


def look_at(one: Property, searcher: Searcher) -> tuple[list[Remark], int]:
    """What is found about one property, and the size of lists that it was proved for; 0: not proved."""
    lowered: dict[int, Stated] = {}

    def broken(lowering: Lowering) -> Truth:
        lowered[id(lowering)] = stated(lowering, one)
        return lowered[id(lowering)].broken

    searched = searcher.search(broken, one.subject, most_cases=1)
    if searched.found is None:
        return [_unsettled(one, searched.why_not)], 0
    assert searched.view is not None
    for case in searched.found.cases:  # one is enough to see that it is broken
        remark = _confirmed(one, case, lowered[id(searched.view)], searched.view, searcher)
        if remark is not None:
            return [remark], 0
    if searched.found.cases:
        return [_unsettled(one, "an example was not confirmed")], 0
    if searcher.never(lambda lowering: stated(lowering, one).asked):
        told = "no facts meet its condition, so it says nothing"
        return [Remark("never asked", _named(one), detail=(told,), stated=one.label, span=one.span)], 0
    return [], searched.elements


def _named(one: Property) -> str:
    return f'"{one.label}"'


def _unsettled(one: Property, why: str) -> Remark:
    return Remark("not settled", _named(one), detail=(why,), stated=one.label, span=one.span)


def _confirmed(
    one: Property, case: Difference, found: Stated, view: Lowering, searcher: Searcher
) -> Remark | None:
    """The example, where the evaluator agrees that it breaks the property."""
    day = datetime.date.fromordinal(case.day)
    facts, other = (case.facts, None) if one.compared is None else both_cases(case.facts, found)
    facts = without_idle_territories(facts, view.space)
    other = None if other is None else without_idle_territories(other, view.space)
    kept = kept_by(searcher, one, facts, other, day)
    if kept is None or kept.verdict != "broken":
        return None
    detail = [f"stated: {one.words}"]
    if kept.words != "broken":
        detail.append(kept.words.removeprefix("broken: "))
    detail += _answers(one, (facts, other), day, searcher)
    return Remark(
        "broken property",
        _named(one),
        conditions_in_words(case),
        tuple(detail),
        facts,
        day,
        other,
        stated=one.label,
        span=one.span,
    )


def kept_by(
    searcher: Searcher, one: Property, facts: dict[str, Any], other: dict[str, Any] | None, day: datetime.date
) -> Kept | None:
    """What has become of a property for these facts; None where they are refused."""
    try:
        case = searcher.policy.evaluate(facts, day, outcomes=()).tracer
        if other is None:
            return for_case(one, case)
        return for_pair(one, case, searcher.policy.evaluate(other, day, outcomes=()).tracer)
    except InvalidFacts:
        return None


def _answers(
    one: Property,
    cases: tuple[dict[str, Any], dict[str, Any] | None],
    day: datetime.date,
    searcher: Searcher,
) -> list[str]:
    """What the policy answers in two cases that are compared."""
    if one.compared is None or cases[1] is None:
        return []
    name = one.compared.answer_name
    if name not in searcher.policy.numbers:
        return []
    found = []
    for words, facts in (("in the first case", cases[0]), ("in the second", cases[1])):
        outcome = searcher.policy.evaluate(facts or {}, day, outcomes=[name]).outcomes[name]
        value = outcome.to_json()["value"] if outcome.state == "decided" else outcome.state
        found.append(f"{words}: {name.replace('_', ' ')} is {value}")
    return found
