"""What each outcome of a program is, worked out in the slowest and plainest way.

This is the yardstick for the real readings, so it shares nothing with them but the program as data and
the facts in neutral form. Numbers are `Fraction`s; nothing is remembered between two evaluations of the
same expression; sums, counts and memberships are spelled out as the plainer expressions they stand for.
The letters in comments (W3, C1, F4 ...) name the rules.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from attrs import evolve, frozen

from policy_lang.program.core import (
    Fact,
    Outcome,
    Program,
)
from policy_lang.program.facts import Facts, Given
from policy_lang.program.types import Dates, ListOf
from tests.reference.comparisons import wanted
from tests.reference.evaluating import evaluate, fact
from tests.reference.obligations import Answer, absent_answer, obligation
from tests.reference.scene import Scene, at_place, path_of, places, record_schema, type_of
from tests.reference.values import is_gone


@frozen
class ReferenceOutcome:
    """What the policy says on one outcome. `needs` and `assumes` have no order here."""

    state: str
    value: Any = None
    needs: frozenset[str] = frozenset()
    assumes: frozenset[str] = frozenset()
    determinations: frozenset[str] = frozenset()
    due: date | None = None
    calendar: tuple[date, ...] = ()
    on_time: bool | None = None
    detail: frozenset[tuple[Any, ...]] = frozenset()

    @property
    def codes(self) -> frozenset[str]:
        """The codes of an error, or of another reason why there is no value."""
        return frozenset(d[0] for d in self.detail) if self.state != "conflict" else frozenset()


def decide(
    program: Program,
    facts: Facts,
    as_of: date,
    assume: Mapping[str, Any] | None = None,
    unmade: bool = False,
) -> dict[str, ReferenceOutcome]:
    """Every outcome that is asked for, by name.

    With `unmade`, as if nobody had assumed or determined anything; `assumes` and `determinations` are then left empty.
    """
    nothing_given = not facts.subjects and not facts.case and not facts.territories
    result = {}
    for outcome in program.outcomes:
        if nothing_given or outcome.subject is None or outcome.subject in facts.subjects:
            answer = answer_to(outcome, program, facts, as_of, assume or {}, unmade)
            bare = Answer("") if unmade else answer_to(outcome, program, facts, as_of, assume or {}, True)
            if outcome.schedule is not None and not unmade:
                bare = evolve(
                    bare, needs=bare.needs | parts_needed(outcome, program, facts, as_of, answer.done_once)
                )
            result[outcome.name] = ReferenceOutcome(  # W6
                answer.state,
                answer.value,
                answer.needs,
                bare.needs & {a.name for a in program.assumptions},
                bare.needs & determined(program, facts),
                answer.due,
                answer.calendar,
                answer.on_time,
                answer.detail,
            )
    return result


def parts_needed(
    outcome: Outcome, program: Program, facts: Facts, as_of: date, done_once: bool
) -> frozenset[str]:
    """W6 for a duty: it rests on its body and its anchor, and once discharged on whether it recurs."""
    assert outcome.schedule is not None
    scene = scene_of(outcome, program, facts, as_of, {}, True)
    parts = [outcome.body]
    if not isinstance(type_of(outcome.schedule.anchor), Dates):
        parts.append(outcome.schedule.anchor)
    if done_once and outcome.schedule.recurs is not None:
        parts.append(outcome.schedule.recurs)
    values = [wanted(evaluate(part, scene)) for part in parts]
    return frozenset(n for value in values if is_gone(value) for n in absent_answer(value).needs)


def scene_of(
    outcome: Outcome, program: Program, facts: Facts, as_of: date, assume: Mapping[str, Any], unmade: bool
) -> Scene:
    records: dict[str, Given | None] = {}
    if outcome.subject is not None:
        records[outcome.subject] = facts.subjects.get(outcome.subject)
    scene = Scene(program, facts, assume, unmade, as_of, records)
    if outcome.judged_on is not None:  # T2
        record, field = outcome.judged_on.split(".")
        kind = next(f.type for f in record_schema(program, record).fields if f.name == field)
        scene = evolve(scene, at=fact(Fact(record, field, kind), scene))
    return scene


def answer_to(
    outcome: Outcome, program: Program, facts: Facts, as_of: date, assume: Mapping[str, Any], unmade: bool
) -> Answer:
    scene = scene_of(outcome, program, facts, as_of, assume, unmade)
    if outcome.family == "obligation":
        return obligation(outcome, scene, as_of)
    value = evaluate(outcome.body, scene)
    if is_gone(value):
        return absent_answer(value)
    if outcome.family == "rule":
        return Answer("decided", value=value)
    assert isinstance(value, str)
    return Answer(value)


def determined(program: Program, facts: Facts) -> frozenset[str]:
    """The determinations that were given, each with its place in lists."""
    found = {c.name for c in program.case_facts if c.determination and c.name in facts.case}
    where = places(program, facts)

    def look_into(record: str, given: Given) -> None:
        for f in record_schema(program, record).fields:
            if f.name in given.values:
                if f.determination:
                    found.add(at_place(path_of(program, record, f.name), where[id(given)]))
                if isinstance(f.type, ListOf):
                    for element in given.values[f.name]:  # type: ignore[attr-defined]  # of another shape, this fails
                        look_into(f.type.record, element)

    for name, given in facts.subjects.items():
        look_into(name, given)
    return frozenset(found)
