"""Slips of generated programs that are said to change no answer, against the reference interpreter on many facts."""

from __future__ import annotations

import os
import random
from decimal import Decimal
from time import monotonic

import pytest
from attrs import evolve

from policy_lang.program.core import And, Call, Compare, Const, Definition, Expr, Op, Or, Outcome, Program
from policy_lang.program.schema import every
from policy_lang.program.types import is_numeric
from policy_lang.tools.mutate.mutant import Mutant
from policy_lang.tools.mutate.places import Owner, rebuilt
from policy_lang.tools.mutate.proof import Prover
from policy_lang.tools.mutate.rests_on import Rests
from tests.reference.generators import generate_case
from tests.reference.grid import longest
from tests.reference.interpreter import decide
from tests.reference.neutral import Situation, neutral

PROGRAMS = int(os.environ.get("POL_SLIP_PROGRAMS", "20"))
"""So many generated programs are tried, each with three slips and ten sets of facts."""


@pytest.mark.parametrize("start", range(0, PROGRAMS, 10))
def test_what_is_shown_to_change_nothing_changes_nothing(start: int) -> None:
    shown = sum(check(seed) for seed in range(start, start + 10))
    assert shown >= 3


def check(seed: int) -> int:
    """How many of a few slips of one generated program were shown to change nothing."""
    rng = random.Random(seed)
    program, situations = generate_case(rng, 10)
    program = asked_for_everything(program)
    rests = Rests(program)
    prover = Prover(program, rests)
    shown = 0
    for number in range(3):
        mutant = slip(program, rng, number)
        if mutant is None:
            continue
        outcomes = [one.name for one in rests.outcomes_on(mutant.touched)]
        proof = prover.proof(mutant, outcomes, monotonic() + 1)
        if proof.status != "same":
            continue
        shown += 1
        for one in situations:
            most = max(proof.elements or 99, 0)
            if longest(one.raw) <= most and longest(one.raw) <= (proof.events or 99):
                assert_same(
                    program, mutant.program, one, missing=proof.missing, where=f"seed {seed}, {number}"
                )
    return shown


def asked_for_everything(program: Program) -> Program:
    """The program with an outcome more for each definition, so that a slip in any of them may matter."""
    roots = {one.name for one in program.records if one.parent is None}
    direct = tuple(
        Outcome(f"direct_{one.name}", "rule", one.subject, Call(one.name, one.type), one.type, None)
        for one in program.definitions
        if not one.parameters and (one.subject is None or one.subject in roots)
    )
    return evolve(program, outcomes=(*program.outcomes, *direct))


def assert_same(old: Program, new: Program, one: Situation, *, missing: bool, where: str) -> None:
    facts = neutral(old, one.raw)
    before, after = decide(old, facts, one.as_of), decide(new, facts, one.as_of)
    for name, answer in before.items():
        other = after[name]
        if not missing and "undetermined" in (answer.state, other.state):
            continue
        said = (answer.state, answer.value), (other.state, other.value)
        assert said[0] == said[1], f"{where}, {name}: {one}"


def slip(program: Program, rng: random.Random, number: int) -> Mutant | None:
    """The program with one thing changed in one definition or outcome; None where nothing there can be."""
    owners: list[Owner] = [*program.definitions, *program.outcomes]
    owner = rng.choice(owners)
    changed = [(one, to) for one in every(owner.body) for to in others(one, rng)]
    if not changed:
        return None
    was, now = rng.choice(changed)
    body = rebuilt(owner.body, {id(was): now})
    new = evolve(owner, body=body)
    definitions = tuple(
        new if one is owner and isinstance(new, Definition) else one for one in program.definitions
    )
    outcomes = tuple(new if one is owner and isinstance(new, Outcome) else one for one in program.outcomes)
    other = evolve(program, definitions=definitions, outcomes=outcomes)
    return Mutant(number, "condition", "", owner.span, other, (owner.name,))


def others(expr: Expr, rng: random.Random) -> list[Expr]:
    """What could stand there instead."""
    match expr:
        case Compare(comparison="lt" | "le" | "gt" | "ge"):
            return [
                evolve(expr, comparison=one) for one in ("lt", "le", "gt", "ge") if one != expr.comparison
            ]
        case And(operands=(first, *rest)) | Or(operands=(first, *rest)) if rest:
            return [first, type(expr)((*rest, first)), type(expr)((first, *rest, first))]
        case Const(value=bool()):
            return [evolve(expr, value=not expr.value)]
        case Const(value=Decimal() as number) if is_numeric(expr.type):
            return [evolve(expr, value=number + rng.choice((-1, 1)))]
        case Op(operator="lesser"):
            return [evolve(expr, operator="greater")]
        case _:
            return []
