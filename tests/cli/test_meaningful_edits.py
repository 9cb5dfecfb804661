"""Edits of the library that mean something: each is found, with all its cases, and every example is confirmed.

A third of them are tried each time; `POL_DIFF_EDITS=all` tries them all.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
import z3

from policy_lang.backends.prove.forms import formula, opposite, same
from policy_lang.cli.diff_verb import status_of
from policy_lang.cli.group import NO
from policy_lang.pipeline import compile_file
from policy_lang.program.core import Program
from policy_lang.tools.diff.clock import Clock
from policy_lang.tools.diff.compare import Comparison, FileDiff
from policy_lang.tools.diff.meaning import Case, Pair
from policy_lang.tools.diff.versions import Versions
from tests.cli.conftest import ROOT, Pol
from tests.cli.meaningful_edits import EDITS, Edit

POLICIES = ROOT / "policies"
TRIED = EDITS if os.environ.get("POL_DIFF_EDITS") == "all" else EDITS[::3]
LIMIT = 100.0


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the policies, to be edited."""
    folder = tmp_path_factory.mktemp("drafts") / "policies"
    shutil.copytree(POLICIES, folder)
    return folder


def test_there_are_sixty_kinds_of_edit() -> None:
    assert len({one.kind for one in EDITS}) == len(EDITS) >= 60
    assert sum(not one.unsettled for one in EDITS) >= 60


@pytest.mark.parametrize("edit", TRIED, ids=[one.kind for one in TRIED])
def test_an_edit_is_found_with_all_its_cases(drafts: Path, edit: Edit) -> None:
    text = (POLICIES / edit.file).read_text("utf-8")
    assert edit.old in text, edit.old
    draft = drafts / edit.file
    draft.write_text(text.replace(edit.old, edit.new, 1), "utf-8")
    try:
        name = edit.policy or edit.file
        programs = [compiled(folder / name) for folder in (POLICIES, drafts)]
    finally:
        shutil.copy(POLICIES / edit.file, draft)
    pair = Pair(programs[0], programs[1], Clock(LIMIT), None, frozenset([edit.outcome]))
    pair.clock.waiting = 1
    meaning = pair.meaning()
    (found,) = meaning.outcomes
    assert status_of(Comparison((FileDiff(name, (), meaning),))) == NO
    said = [words(case) for case in found.cases]
    assert found.status == "changed"
    assert any(edit.words in one for one in said), said
    assert "not confirmed" not in found.reason
    versions = versions_of(pair, edit.outcome)
    for case in found.cases:
        answers = versions.answers(case.facts, case.as_of)
        assert answers is not None
        if not case.alone:
            assert answers == (case.old, case.new)
            assert case.old != case.new
    if not edit.unsettled:
        assert found.complete, said
        assert_these_are_all(pair, edit.outcome)


def compiled(path: Path) -> Program:
    one, _ = compile_file(path)
    assert one.program is not None
    return one.program


def words(case: Case) -> str:
    return f"{case.when}: {case.old} -> {case.new}" + (f" ({case.by})" if case.by else "")


def versions_of(pair: Pair, name: str) -> Versions:
    old, new = (next(one for one in program.outcomes if one.name == name) for program in (pair.old, pair.new))
    return Versions.of(old, new, pair.alike)


def assert_these_are_all(pair: Pair, name: str) -> None:
    """The solver, asked anew, finds nothing outside of the cases, and nothing in them that does not differ."""
    found, view = pair.searched[name]
    view.old.deadline = view.new.deadline = None
    old, new = versions_of(pair, name).forms(view)
    differ = formula(opposite(same(old, new)))
    background = [*view.space.background(), *view.stand_ins.meaning]
    unlike = view.space.without_territories(view.space.unknowns.values())
    outside = z3.SimpleSolver()
    outside.set("timeout", 60_000)
    outside.add(*background, *unlike, differ, *(z3.Not(case.region) for case in found.cases))
    assert outside.check() == z3.unsat
    for case in found.cases:
        inside = z3.SimpleSolver()
        inside.set("timeout", 60_000)
        inside.add(*background, *unlike, case.region, z3.Not(differ))
        assert inside.check() == z3.unsat


def test_the_command_ends_with_one(pol: Pol, drafts: Path) -> None:
    edit = EDITS[0]
    draft = drafts / edit.file
    draft.write_text((POLICIES / edit.file).read_text("utf-8").replace(edit.old, edit.new, 1), "utf-8")
    try:
        ran = pol("diff", POLICIES / edit.file, draft, "--for", edit.outcome)
        assert (ran.status, ran.err) == (1, "")
        assert edit.words in ran.out
    finally:
        shutil.copy(POLICIES / edit.file, draft)
