"""F7: promises that clauses make are proved, or broken by facts that show it."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_lang.policy import Policy
from policy_lang.tools.prove import promises
from policy_lang.tools.prove.remarks import Remark
from policy_lang.tools.prove.search import Searcher
from tests.rules.test_promises import PACT
from tests.rules.texts import compiled


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Policy, dict[str, list[Remark]]]:
    policy = compiled(tmp_path_factory.mktemp("pact"), PACT).policy
    searcher = Searcher(policy.program, 30, 1)
    told: dict[str, list[Remark]] = {}
    for one in policy.program.promises:
        told.setdefault(f"{one.clause}: {one.kind}", []).extend(promises.look_at(one, searcher))
    return policy, told


def test_f7_promises_that_are_kept_are_proved(found: tuple[Policy, dict[str, list[Remark]]]) -> None:
    told = found[1]
    assert told["affirmed: greater certainty"] == []
    assert told["affirmed: without prejudice"] == []  # nothing that the ban depends on asks for it


def test_f7_what_is_permitted_for_certainty_may_not_be_a_breach(
    found: tuple[Policy, dict[str, list[Remark]]],
) -> None:
    policy, told = found
    first = told["low: greater certainty"][0]
    assert first.kind == "broken promise"
    assert "rate is more than 2 % and at most 3 %" in first.when
    assert first.facts is not None
    assert first.as_of is not None
    outcomes = policy.evaluate(first.facts, first.as_of).outcomes
    assert outcomes["ban"].state == "breached"


def test_f7_a_status_for_certainty_must_be_granted_by_another_clause(
    found: tuple[Policy, dict[str, list[Remark]]],
) -> None:
    (first,) = found[1]["narrow: greater certainty"]
    assert first.when.endswith("from 2024-01-01 to 2024-02-29")  # the other clause begins in March


def test_f7_without_prejudice_compares_the_answers_with_and_without_the_clause(
    found: tuple[Policy, dict[str, list[Remark]]], tmp_path: Path
) -> None:
    told = found[1]["watch: without prejudice"]
    assert {one.kind for one in told} == {"broken promise"}
    assert all("rate is more than 95 %" in one.when for one in told)
    assert "ban is breached; without this clause it would be not applicable" in {
        line for one in told for line in one.detail
    }
    kept = PACT.replace(
        "when measure.rate is more than 95 %", "when measure.rate is more than 95 %\n        until 2023-12-31"
    )
    policy = compiled(tmp_path, kept).policy
    searcher = Searcher(policy.program, 30, 1)
    (promise,) = [one for one in policy.program.promises if one.clause == "watch"]
    assert promises.look_at(promise, searcher) == []
