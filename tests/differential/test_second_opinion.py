"""What one solver says of a change, another solver says, too: it reads the same questions as SMT-LIB text."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import cvc5
import pytest
import z3

from policy_lang.tools.diff.clock import Clock
from policy_lang.tools.diff.meaning import Pair
from tests.cli.meaningful_edits import EDITS
from tests.cli.test_meaningful_edits import POLICIES, compiled

TRIED = [one for one in EDITS if not one.unsettled][::7]
SECONDS = 20


@pytest.mark.slow
def test_another_solver_agrees(tmp_path: Path) -> None:
    drafts = tmp_path / "policies"
    shutil.copytree(POLICIES, drafts)
    asked, unanswered = 0, []
    for edit in TRIED:
        text = (POLICIES / edit.file).read_text("utf-8")
        (drafts / edit.file).write_text(text.replace(edit.old, edit.new, 1), "utf-8")
        name = edit.policy or edit.file
        old, new = (compiled(folder / name) for folder in (POLICIES, drafts))
        pair = Pair(old, new, Clock(100), None, frozenset([edit.outcome]))
        shutil.copy(POLICIES / edit.file, drafts / edit.file)
        pair.clock.waiting = 1
        pair.meaning()
        found, _ = pair.searched[edit.outcome]
        assert found.queries
        for query in found.queries:
            for parts, expected in ((query, "unsat"), (query[: len(query) - len(found.cases)], "sat")):
                if not found.cases and expected == "sat":
                    continue
                asked += 1
                answer = second_opinion(parts)
                if answer == "unknown":
                    unanswered.append((edit.kind, expected))
                else:
                    assert answer == expected, edit.kind
    assert asked >= 2 * len(TRIED)
    assert len(unanswered) <= asked // 5, unanswered


def second_opinion(parts: Any) -> str:
    """What cvc5 says of these formulas together: `sat`, `unsat` or, when the time ends, `unknown`."""
    writer = z3.Solver()
    writer.add(*parts)
    solver = cvc5.Solver()
    solver.setOption("tlimit-per", str(1000 * SECONDS))
    reader = cvc5.InputParser(solver)
    text = "(set-logic ALL)\n" + writer.to_smt2().replace("(check-sat)", "")
    reader.setStringInput(cvc5.InputLanguage.SMT_LIB_2_6, text, "question")
    symbols = reader.getSymbolManager()
    while True:
        command = reader.nextCommand()
        if command.isNull():
            break
        said = command.invoke(solver, symbols)
        assert "error" not in said, said
    answer = solver.checkSat()
    return "sat" if answer.isSat() else "unsat" if answer.isUnsat() else "unknown"
