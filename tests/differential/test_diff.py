"""What `pol diff` says of generated pairs of programs, against the reference interpreter on many facts."""

from __future__ import annotations

import random
from typing import Any

import pytest
from attrs import evolve

from policy_lang.program.core import Compare, Const, Expr, Op, Program
from policy_lang.program.facts import Facts
from policy_lang.program.types import is_numeric
from policy_lang.tools.diff.meaning import Meaning, meaning_of_change
from tests.reference.generators import NUMBER_POOL, Situation, generate_case, neutral, parts_of, with_parts
from tests.reference.interpreter import decide


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 40, 20))
def test_what_is_called_the_same_is_the_same_for_all_facts_tried(start: int) -> None:
    changed = same = 0
    for seed in range(start, start + 20):
        rng = random.Random(seed)
        program, situations = generate_case(rng, 12)
        other = altered(program, rng)
        meaning = meaning_of_change(program, other, limit=0.3, elements=None)
        different = differing(program, other, situations)
        for outcome in meaning.outcomes:
            if outcome.status == "same":
                assert outcome.name not in different, (
                    f"seed {seed}: {outcome.name}: {different[outcome.name]}"
                )
                same += 1
            elif outcome.status == "changed":
                changed += bool(outcome.cases)
        assert_not_our_defect(meaning, seed)
    assert changed >= 1
    assert same >= 20


def assert_not_our_defect(meaning: Meaning, seed: int) -> None:
    """Every example that the solver gave was confirmed."""
    wrong = [one.name for one in meaning.outcomes if "not confirmed" in one.reason]
    assert not wrong, f"seed {seed}: {wrong}"


def differing(old: Program, new: Program, situations: list[Situation]) -> dict[str, Any]:
    """The outcomes that are decided otherwise for some of these facts."""
    found: dict[str, Any] = {}
    for one in situations:
        facts: Facts = neutral(old, one.raw)
        before, after = decide(old, facts, one.as_of), decide(new, facts, one.as_of)
        for name, answer in before.items():
            other = after[name]
            if "undetermined" in (answer.state, other.state):
                continue
            if longest(one.raw) <= 3 and (answer.state, answer.value) != (other.state, other.value):
                found[name] = (one, answer, other)
    return found


def longest(raw: Any) -> int:
    if isinstance(raw, dict):
        return max((longest(value) for value in raw.values()), default=0)
    if isinstance(raw, list):
        return max([len(raw), *(longest(value) for value in raw)])
    return 0


def altered(program: Program, rng: random.Random) -> Program:
    """The program with a few constants, comparisons or operators changed."""

    def change(expr: Expr) -> Expr:
        expr = with_parts(expr, tuple(change(part) for part in parts_of(expr)))
        if rng.random() > 0.15:
            return expr
        match expr:
            case Const(value=bool()):
                return evolve(expr, value=not expr.value)
            case Const() if is_numeric(expr.type):
                return evolve(expr, value=rng.choice(NUMBER_POOL))
            case Compare(comparison="lt" | "le" | "gt" | "ge"):
                return evolve(expr, comparison=rng.choice(("lt", "le", "gt", "ge")))
            case Op(operator="lesser"):
                return evolve(expr, operator="greater")
        return expr

    outcomes = tuple(evolve(one, body=change(one.body)) for one in program.outcomes)
    definitions = tuple(evolve(one, body=change(one.body)) for one in program.definitions)
    return evolve(program, outcomes=outcomes, definitions=definitions)
