"""What `pol diff` says of facts that are missing, against the reference interpreter on facts with gaps.

`POL_DIFF_PAIRS` is how many pairs of generated programs are compared: 30 unless it says otherwise.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from typing import Any

import pytest

from policy_lang.program.core import Outcome, Program
from policy_lang.program.facts import Events, Facts
from policy_lang.program.likeness import Likeness, Numbers
from policy_lang.tools.diff.missing import where_facts_are_missing
from policy_lang.tools.diff.versions import Versions
from tests.reference.edits import edited
from tests.reference.evaluating import evaluate
from tests.reference.generators import generate_case
from tests.reference.interpreter import scene_of
from tests.reference.neutral import neutral
from tests.reference.values import Gone

PAIRS = int(os.environ.get("POL_DIFF_PAIRS", "30"))
ELEMENTS = 2


@pytest.mark.slow
def test_what_is_said_where_facts_are_missing_is_so_for_all_facts_tried() -> None:
    seen: Counter[str] = Counter()
    for seed in range(PAIRS):
        compare_pair(seed, seen)
    assert seen["same"] >= PAIRS // 10
    assert seen["changed"] >= PAIRS // 10


def compare_pair(seed: int, seen: Counter[str]) -> None:
    rng = random.Random(seed)
    old, situations = generate_case(rng, 30)
    new, kind = edited(old, rng)
    numbers = Numbers()
    alike = Likeness(old, numbers), Likeness(new, numbers)
    tried = [(neutral(old, one.raw), one.as_of) for one in situations if fits(one.raw)]
    for one, other in zip(old.outcomes, new.outcomes, strict=False):
        if one.name != other.name or one.schedule is not None or one.body == other.body:
            continue
        versions = Versions.of(one, other, alike)
        found = where_facts_are_missing(versions, time.monotonic() + 3, is_same=True, elements=ELEMENTS)
        where = f"seed {seed} ({kind}): {one.name}"
        assert "not confirmed" not in found.reason, where
        seen[found.state] += 1
        if found.state in ("same", "asks"):
            for facts, day in tried:
                if not happens_too_often(facts):
                    assert said(old, one, facts, day) == said(new, other, facts, day), f"{where}: {facts}"


def said(program: Program, outcome: Outcome, facts: Facts, day: Any) -> Any:
    value = evaluate(outcome.body, scene_of(outcome, program, facts, day, {}, False))
    return value.reason if isinstance(value, Gone) else value


def fits(raw: Any) -> bool:
    """Whether no list is longer than was gone through."""
    if isinstance(raw, dict):
        return all(fits(one) for key, one in raw.items() if key not in ("review", "notice"))
    return not isinstance(raw, list) or (len(raw) <= ELEMENTS and all(fits(one) for one in raw))


def happens_too_often(facts: Facts) -> bool:
    return any(isinstance(one, Events) and len(one.dates) > 3 for one in facts.case.values())
