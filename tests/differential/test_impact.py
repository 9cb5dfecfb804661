"""What a change does to rows, against the reference interpreter row by row."""

from __future__ import annotations

import random

import pytest

from policy_lang.policy import Policy
from policy_lang.source.rows import Row, Rows
from policy_lang.tools.diff.impact import Changed, impact
from tests.reference.edits import altered
from tests.reference.generators import generate_case
from tests.reference.interpreter import decide
from tests.reference.neutral import neutral


@pytest.mark.slow
@pytest.mark.parametrize("start", range(0, 40, 20))
def test_the_rows_that_change_are_those_of_the_reference(start: int) -> None:
    changed = 0
    for seed in range(start, start + 20):
        rng = random.Random(seed)
        old, cases = generate_case(rng, 8)
        new = altered(old, rng)
        rows = [Row(n, values={**one.raw, "as_of": one.as_of.isoformat()}) for n, one in enumerate(cases, 1)]
        told: list[Changed] = []
        found = impact(Policy(old), Policy(new), Rows(None, iter(rows)), cases[0].as_of, tell=told.append)
        refused = {row for row, _ in found.bad}
        expected = set()
        for number, one in enumerate(cases, 1):
            if number in refused or not one.raw:
                continue
            facts = neutral(old, one.raw)
            before, after = decide(old, facts, one.as_of), decide(new, facts, one.as_of)
            expected |= {
                (number, name)
                for name, answer in before.items()
                if (answer.state, answer.value, answer.due)
                != (after[name].state, after[name].value, after[name].due)
            }
        assert {(one.row, one.outcome) for one in told} == expected, f"seed {seed}"
        changed += len(expected)
        assert sum(one.changed for one in found.outcomes.values()) == len(expected)
    assert changed > 20
