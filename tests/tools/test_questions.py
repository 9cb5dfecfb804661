"""Lists of questions: filled in, they decide what they were made for."""

from __future__ import annotations

import datetime
import random
from pathlib import Path

import pytest

from policy_lang.loading import load
from policy_lang.policy import InvalidFacts, Policy
from policy_lang.source.facts_file import read_facts
from policy_lang.tools.questions.ask import QuestionList, ask
from tests.tools.filling import drawn, filled_markdown, filled_workbook

ROOT = Path(__file__).parents[2]
POLICIES = sorted(
    path
    for folder in ("policies", "policies/examples")
    for path in (ROOT / folder).glob("*.pol")
    if ".scenarios" not in path.name
)
DAY = datetime.date(2026, 6, 14)
MOST_ROUNDS = 8


def _ask(policy: Policy, facts: dict[str, object], names: tuple[str, ...]) -> QuestionList:
    return ask(policy.evaluate(facts, DAY, None, names), facts)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(3))
def test_answering_every_question_decides_every_outcome(path: Path, seed: int) -> None:
    chance = random.Random(f"{path.stem} {seed}")
    policy = load(path)
    parties = tuple(code for code, _ in policy.program.instruments[0].parties) or ("US", "JP")
    draw = drawn(chance, DAY, parties)
    questions = _ask(policy, {}, policy.names)
    rounds = 0
    while questions.questions:
        rounds += 1
        assert rounds <= MOST_ROUNDS, [one.path for one in questions.questions]
        for _ in range(20):  # facts drawn by chance may not fit together
            name, data = "filled.md", filled_markdown(questions, draw)
            if rounds % 2 == 0 or seed == 0:
                name, data = "filled.xlsx", filled_workbook(questions, draw)
            read, problems = read_facts(name, data)
            assert read is not None, [f"{one.span.place}: {one.message}" for one in problems]
            try:
                questions = _ask(policy, dict(read.values), policy.names)
                break
            except InvalidFacts as refused:
                if {one.code for one in refused.problems} != {"check-failed"}:
                    raise
        else:
            pytest.skip("no facts drawn fit together")
    assert [
        one for one in questions.standings if one.is_open or (one.state == "undetermined" and not one.note)
    ] == []
