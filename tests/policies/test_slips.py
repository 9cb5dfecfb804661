"""Whether the scenarios of every policy notice nearly every slip that a drafter could have made in it.

Of each policy a few slips are tried, chosen by a seed; with `POL_SLIPS=all` every slip of every policy, which takes
some minutes.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.tools.mutate.report import MutationReport, put_to_test, sentence
from policy_lang.tools.run_scenarios import run_scenario

POLICIES = Path(__file__).parent.parent.parent / "policies"
FILES = sorted(POLICIES.rglob("*.scenarios.pol"))
EVERY = os.environ.get("POL_SLIPS") == "all"
FEW = 40
ENOUGH = 95  # percent of the slips that change an answer


def put(path: Path) -> MutationReport:
    compiled, found = compile_file(path)
    assert compiled.program is not None, found
    return put_to_test(
        compiled.program,
        compiled.scenarios,
        run_scenario,
        budget=1200 if EVERY else 60,
        seed=1,
        most=None if EVERY else FEW,
    )


@pytest.mark.parametrize("path", FILES, ids=[path.name.partition(".")[0] for path in FILES])
def test_slips_are_noticed(path: Path) -> None:
    tested = put(path)
    assert not tested.failing
    noticed, known = tested.share
    assert known, "some slips change an answer"
    missed = [sentence(one.mutant) for one in tested.told_apart]
    assert noticed * 100 >= ENOUGH * known, missed
    if EVERY:
        assert not tested.not_tried
