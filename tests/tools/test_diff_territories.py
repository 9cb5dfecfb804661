"""What a comparison says where facts state themselves whether a territory counts with the country it belongs to."""

from __future__ import annotations

import datetime
import itertools
from pathlib import Path
from typing import Any

import pytest
import z3

from policy_lang.pipeline import compile_file
from policy_lang.program.core import Program
from policy_lang.tools.diff.clock import Clock
from policy_lang.tools.diff.meaning import Pair
from tests.differential.test_prove import bound
from tests.reference.evaluating import evaluate
from tests.reference.interpreter import scene_of
from tests.reference.neutral import neutral
from tests.reference.values import Gone

TEXT = """law duty
    title     "Duty"

record sale
    origin    country

territory of US {} PR

rule ours for sale: yes or no
    yes when origin is {}
    otherwise no
"""
DAY = datetime.date(2026, 1, 1)


def compiled(path: Path, stated: str, origin: str) -> Program:
    path.write_text(TEXT.format(stated, origin), "utf-8")
    found, diagnostics = compile_file(path)
    assert found.program is not None, diagnostics
    return found.program


@pytest.mark.parametrize(
    ("old", "new", "cases", "territories"),
    [
        (("includes", "US"), ("includes", "one of (US, PR)"),
         ["origin is PR, PR is not counted with the country it belongs to: no -> yes"], False),
        (("excludes", "US"), ("excludes", "one of (US, PR)"), ["origin is PR: no -> yes"], True),
        (("includes", "US"), ("excludes", "US"),
         ["origin is PR, the facts do not say whether PR is counted with the country it belongs to: yes -> no"], False),
        (("includes", "US"), ("includes", "JP"), ["origin is JP: no -> yes", "origin is PR or US: yes -> no"], True),
    ],
)  # fmt: skip
def test_facts_that_overrule_both_texts_are_compared_too(
    tmp_path: Path, old: tuple[str, str], new: tuple[str, str], cases: list[str], territories: bool
) -> None:
    programs = compiled(tmp_path / "old.pol", *old), compiled(tmp_path / "new.pol", *new)
    pair = Pair(*programs, Clock(60), None, frozenset())
    (outcome,) = pair.meaning().outcomes
    assert [f"{case.when}: {case.old} -> {case.new}" for case in outcome.cases] == cases
    assert (outcome.status, outcome.complete, outcome.territories) == ("changed", True, territories)
    found, view = pair.searched["ours"]
    regions = [case.region for case in found.cases]
    differing = 0
    for origin, pr, gu in itertools.product(
        ("US", "PR", "GU", "JP"), (None, True, False), (None, True, False)
    ):
        said = {name: value for name, value in (("PR", pr), ("GU", gu)) if value is not None}
        raw: Any = {"sale": {"origin": origin}, "territories": said}
        answers = [answer_of(program, raw) for program in programs]
        if "unknown" in answers or (territories and (origin == "GU" or pr is not None)):
            continue  # territories for which the cases speak only in so far as their country
        solver = z3.SimpleSolver()
        known = bound(view.space, neutral(programs[1], raw), DAY)
        assert known is not None
        solver.add(*view.space.background(), *view.stand_ins.meaning, *known)
        assert solver.check() == z3.sat
        solver.add(z3.Or(*regions))
        assert (solver.check() == z3.sat) == (answers[0] != answers[1]), raw
        differing += answers[0] != answers[1]
    assert differing


def answer_of(program: Program, raw: Any) -> Any:
    """What the reference gives."""
    outcome = program.outcomes[0]
    value = evaluate(outcome.body, scene_of(outcome, program, neutral(program, raw), DAY, {}, False))
    return value.reason if isinstance(value, Gone) else value
