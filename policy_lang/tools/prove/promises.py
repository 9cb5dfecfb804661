"""Looks for facts that break what clauses promise to leave as it is (rule F7)."""

from __future__ import annotations

import datetime

import attrs

from policy_lang.backends.prove.differences import Found, differences
from policy_lang.backends.prove.examples import without_idle_territories
from policy_lang.backends.prove.forms import NotLowered, Truth, all_of, opposite
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.space import Space
from policy_lang.backends.prove.words import conditions_in_words
from policy_lang.policy import InvalidFacts, Policy
from policy_lang.program.core import Call, Const, Outcome, Program, Promise
from policy_lang.program.types import YesNo
from policy_lang.tools.prove.answers import judged_on
from policy_lang.tools.prove.remarks import Remark, plain
from policy_lang.tools.prove.search import Searcher

_ASKED = ("#applies", "#permits", "#asked", "#any_good")
"""The parts of a clause that the answers of others can rest on."""


def look_at(promise: Promise, searcher: Searcher) -> list[Remark]:
    """What is found about one promise; nothing where it is kept for all facts."""
    if promise.claim is not None:
        return _claim(promise, promise.claim, searcher)
    if promise.kept:
        return []  # nothing that must stay as it is asks for the clause
    return _compared(promise, searcher)


def _unsettled(promise: Promise, why: str) -> Remark:
    return Remark(
        "not settled", plain(promise.clause), detail=(f"what it promises: {why}",), span=promise.span
    )


def _claim(promise: Promise, claim: str, searcher: Searcher) -> list[Remark]:
    """For greater certainty: what the clause says must hold without it."""
    definition = next(one for one in searcher.program.definitions if one.name == claim)
    judged = judged_on(searcher.program, definition.subject)

    def broken(lowering: Lowering) -> Truth:
        scope, there = lowering.first_of(definition.subject, judged)
        form = lowering.lower(definition.body, scope)
        return all_of((there, opposite(form.is_gone), opposite(form.none), opposite(form.content)))

    searched = searcher.search(broken, definition.subject)
    if searched.found is None or searched.view is None:
        return [_unsettled(promise, searched.why_not)]
    remarks = []
    for case in searched.found.cases:
        day = datetime.date.fromordinal(case.day)
        facts = without_idle_territories(case.facts, searched.view.space)
        try:
            tracer = searcher.policy.evaluate(facts, day, outcomes=()).tracer
            values = tracer.about(Call(claim, YesNo()), definition.subject, judged)
        except InvalidFacts:
            values = []
        if not any(value is False for _, value in values):
            remarks.append(_unsettled(promise, "an example was not confirmed"))
            continue
        remarks.append(
            Remark(
                "broken promise",
                plain(promise.clause),
                conditions_in_words(case),
                ("it promises to change nothing",),
                facts,
                day,
                outcome=promise.clause,
                span=promise.span,
            )
        )
    return remarks


def _compared(promise: Promise, searcher: Searcher) -> list[Remark]:
    """Without prejudice: the answer must be the same in a text in which the clause has no effect."""
    program = searcher.program
    without = _without(program, promise.clause)
    plain_policy: Policy | None = None
    remarks: list[Remark] = []
    for name in promise.keeps:
        outcome = next(one for one in program.outcomes if one.name == name)
        space = Space((program, without), searcher.most)
        try:
            found = _changes(space, outcome, program, without, searcher.limit)
        except NotLowered as reason:
            remarks.append(_unsettled(promise, str(reason)))
            continue
        if not found.cases and not found.complete:
            remarks.append(_unsettled(promise, f"no end within {searcher.limit:g} seconds"))
        for case in found.cases:
            plain_policy = plain_policy or Policy(without)
            day = datetime.date.fromordinal(case.day)
            facts = without_idle_territories(case.facts, space)
            states = [
                policy.evaluate(facts, day, outcomes=[name]).outcomes[name].state
                for policy in (searcher.policy, plain_policy)
            ]
            if states[0] == states[1]:
                remarks.append(_unsettled(promise, "an example was not confirmed"))
                continue
            remarks.append(
                Remark(
                    "broken promise",
                    plain(promise.clause),
                    conditions_in_words(case),
                    (f"{plain(name)} is {states[0]}; without this clause it would be {states[1]}",),
                    facts,
                    day,
                    outcome=name,
                    span=promise.span,
                    related=((outcome.span, "what should stay as it is"),),
                )
            )
    return remarks


def _changes(space: Space, outcome: Outcome, program: Program, without: Program, limit: float) -> Found:
    lowerings = [Lowering(one, space) for one in (program, without)]
    for lowering in lowerings:
        lowering.checks()
    old, new = (lowering.outcome(outcome) for lowering in lowerings)
    roots = lowerings[0].schema.scope(outcome.subject)[:1]
    return differences(space, new, old, outcome.type, roots, limit)


def _without(program: Program, clause: str) -> Program:
    """The same policy, in which no answer rests on this clause."""
    parts = {f"{program.name}.{clause}{part}" for part in _ASKED}
    no = Const(False, YesNo())
    return attrs.evolve(
        program,
        definitions=tuple(
            attrs.evolve(one, body=no) if one.name in parts else one for one in program.definitions
        ),
    )
