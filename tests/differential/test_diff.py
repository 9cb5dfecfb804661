"""What `pol diff` says of generated pairs of programs, against the reference interpreter on facts at their limits.

`POL_DIFF_PAIRS` is how many pairs are compared: 60 unless it says otherwise.
"""

from __future__ import annotations

import datetime
import os
import random
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
import z3
from attrs import define, field

from policy_lang.backends.prove.differences import Found
from policy_lang.program.core import Outcome, Program
from policy_lang.program.facts import Facts
from policy_lang.tools.diff.clock import Clock
from policy_lang.tools.diff.meaning import OutcomeDiff, Pair
from policy_lang.tools.diff.versions import View
from tests.differential.test_prove import bound
from tests.reference.edits import edited
from tests.reference.evaluating import evaluate
from tests.reference.generators import generate_case, generate_like
from tests.reference.grid import Grid
from tests.reference.interpreter import scene_of
from tests.reference.neutral import Raw, neutral
from tests.reference.values import Gone

PAIRS = int(os.environ.get("POL_DIFF_PAIRS", "60"))
FIRST = int(os.environ.get("POL_DIFF_FIRST", "0"))
ELEMENTS = 2
DRAWS = 24
LIMIT = 4.0


@pytest.mark.slow
@pytest.mark.parametrize("start", range(FIRST, FIRST + PAIRS, 20))
def test_what_is_said_of_a_change_is_so_for_all_facts_tried(
    start: int, record_property: Callable[[str, object], None]
) -> None:
    seen = Seen()
    for seed in range(start, min(start + 20, FIRST + PAIRS)):
        compare_pair(seed, seen)
    record_property("seen", dict(seen.counts))
    assert seen.counts["cases that are not needed"] == 0
    assert seen.counts["same"] >= 10
    assert seen.counts["changed, complete"] >= 1


@define
class Seen:
    """What came up."""

    counts: Counter[str] = field(factory=Counter)


def pair_of(seed: int) -> tuple[Program, Program, str]:
    """Two programs: one with an edit, or several; now and then two that have nothing to do with each other."""
    rng = random.Random(seed)
    program, _ = generate_case(rng, 0)
    if seed % 8 == 7:
        return program, generate_like(program, rng), "unrelated"
    other, kind = edited(program, rng)
    for _ in range(seed % 3):
        other, kind = edited(other, rng)
    return program, other, kind


def compare_pair(seed: int, seen: Seen) -> None:
    old, new, kind = pair_of(seed)
    pair = Pair(old, new, Clock(LIMIT), ELEMENTS, frozenset())
    pair.clock.waiting = pair.waiting
    meaning = pair.meaning()
    before = {one.name: one for one in old.outcomes}
    after = {one.name: one for one in new.outcomes}
    grid = Grid((old, new), ELEMENTS)
    for diff in meaning.outcomes:
        where = f"seed {seed} ({kind}): {diff.name}"
        assert "not confirmed" not in diff.reason, where
        if diff.status in ("added", "removed") or diff.notes or diff.renamed_from:
            continue
        one, other = before[diff.name], after[diff.name]
        state = diff.status + (", complete" if diff.status == "changed" and diff.complete else "")
        seen.counts[state] += 1
        for case in diff.cases:
            if "falling due" not in case.old + case.new:
                assert_differs(old, new, one, other, case.facts, case.as_of, where)
                seen.counts["examples"] += 1
        if diff.status == "not settled" or (diff.status == "changed" and not diff.cases):
            continue
        if one.type != other.type or one.subject != other.subject:
            continue
        searched = pair.searched.get(diff.name)
        rng = random.Random(seed)
        tried = [grid.facts(one.subject, rng) for _ in range(DRAWS)]
        for case in diff.cases[:3]:
            near = [grid.beside(case.facts, one.subject, rng) for _ in range(8)]
            tried += [(raw, case.as_of) for raw in near if raw is not None]
        for each in tried:
            if each is not None and each[0]:
                check_one(old, new, one, other, each, diff, searched, where, seen)
        if searched is not None and diff.cases and all(not case.alone for case in diff.cases):
            check_regions(*searched, seen)


def check_one(
    old: Program,
    new: Program,
    one: Outcome,
    other: Outcome,
    tried: tuple[Raw, datetime.date],
    diff: OutcomeDiff,
    searched: tuple[Found, View] | None,
    where: str,
    seen: Seen,
) -> None:
    raw, day = tried
    answers = answers_of(old, new, one, other, raw, day)
    if answers is None:
        return
    seen.counts["facts"] += 1
    if answers[0] == answers[1]:
        return
    seen.counts["facts that differ"] += 1
    assert diff.status == "changed", f"{where}: {raw}, {day}: {answers}"
    if not diff.complete or searched is None or searched[0].sizes not in (None, ELEMENTS):
        return
    found, view = searched
    known = bound(view.space, neutral(new, raw), day)
    if known is None:
        return
    solver = z3.SimpleSolver()
    solver.set("timeout", 3000)
    solver.add(*view.space.background(), *view.stand_ins.meaning, *known)
    if solver.check() != z3.sat:
        return
    solver.add(*(z3.Not(case.region) for case in found.cases))
    answer = solver.check()
    assert answer != z3.sat, f"{where}: {raw}, {day}: {answers} lies in no case"
    seen.counts["inside a case"] += answer == z3.unsat


def check_regions(found: Found, view: View, seen: Seen) -> None:
    """No case lies in the others together."""
    for n, case in enumerate(found.cases):
        others = [z3.Not(one.region) for m, one in enumerate(found.cases) if m != n]
        if not found.complete or not others:
            continue
        solver = z3.SimpleSolver()
        solver.set("timeout", 400)
        solver.add(*view.space.background(), case.region, *others)
        seen.counts["cases that are needed"] += 1
        if solver.check() == z3.unsat:
            seen.counts["cases that are not needed"] += 1


def answers_of(
    old: Program, new: Program, one: Outcome, other: Outcome, raw: Raw, day: datetime.date
) -> tuple[Any, Any] | None:
    """What the reference gives for both; None where facts do not decide it."""
    found = []
    for program, outcome in ((old, one), (new, other)):
        known: Facts = neutral(program, raw)
        value = evaluate(outcome.body, scene_of(outcome, program, known, day, {}, False))
        if isinstance(value, Gone) and value.reason == "unknown":
            return None
        if outcome.schedule is not None and value is False:
            value = Gone("not applicable")  # a duty that is not triggered
        found.append(value.reason if isinstance(value, Gone) else ("value", value))
    return found[0], found[1]


def assert_differs(
    old: Program, new: Program, one: Outcome, other: Outcome, raw: Raw, day: datetime.date, where: str
) -> None:
    """The reference, too, gives different answers to an example."""
    answers = answers_of(old, new, one, other, raw, day)
    assert answers is None or answers[0] != answers[1], f"{where}: {raw}, {day}: {answers}"
