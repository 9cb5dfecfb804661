"""What a comparison says of facts that are missing: answers lost and gained, and other questions."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_lang.policy import Policy
from policy_lang.tools.diff.clock import Clock
from policy_lang.tools.diff.meaning import OutcomeDiff, Pair
from policy_lang.tools.diff.report import details
from tests.backends.test_equivalence import compiled


def compared(folder: Path, old: str, new: str) -> OutcomeDiff:
    pair = Pair(compiled(folder, old), compiled(folder, new), Clock(60), None, frozenset())
    return pair.meaning().outcomes[0]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("agreed and member", "member and agreed"),
        ("agreed or total is at least 0 USD", "yes"),
        ("paid is after 2019-12-31", "yes"),
        ("sum of price of lines is at least 0 USD", "yes"),
        ("(lesser of total and 0 USD) is at most 0 USD", "yes"),
    ],
)
def test_what_is_decided_alike_is_the_same_known_or_not(tmp_path: Path, old: str, new: str) -> None:
    found = compared(tmp_path, old, new)
    assert found.missing is not None
    assert (found.status, found.missing.state) == ("same", "same")


@pytest.mark.parametrize(
    ("old", "new", "left_out", "answers"),
    [
        ("agreed", "agreed and (member or not member)", "member", ("yes", "undetermined")),
        ("agreed and (member or not member)", "agreed", "member", ("undetermined", "yes")),
        ("total is at least 0 USD", "total + floor is at least floor", "floor", ("yes", "undetermined")),
        ("not (any of lines is dear)", "(none of lines is dear) and (member or not member)", "member",
         ("yes", "undetermined")),
    ],
)  # fmt: skip
def test_an_answer_that_is_lost_or_gained_has_an_example(
    tmp_path: Path, old: str, new: str, left_out: str, answers: tuple[str, str]
) -> None:
    found = compared(tmp_path, old, new)
    assert found.missing is not None
    assert (found.status, found.cases, found.missing.state) == ("changed", (), "changed")
    (example,) = found.missing.examples
    assert (example.old, example.new) == answers
    assert left_out not in example.facts["sale"]
    assert list(details(found)) == [
        "the same for all complete facts and all dates, but not where facts are missing",
        f"for example with {left_out} not known, on {example.as_of}: {answers[0]} -> {answers[1]}",
    ]
    for text, answer in ((old, answers[0]), (new, answers[1])):
        decided = Policy(compiled(tmp_path, text)).evaluate(example.facts, example.as_of).outcomes["asked"]
        assert (decided.value is True) == (answer == "yes")


def test_a_version_that_only_asks_for_more_is_told_so(tmp_path: Path) -> None:
    found = compared(tmp_path, "agreed", "agreed or (agreed and member)")
    assert found.missing is not None
    assert (found.status, found.missing.state) == ("changed", "asks")
    first, second = details(found)
    assert first == "the same for all facts and all dates, known or not, but it asks for other facts"
    assert second.endswith("undetermined, asks for agreed -> undetermined, asks for agreed and member")


def test_a_change_shows_what_it_does_where_a_fact_is_missing(tmp_path: Path) -> None:
    found = compared(tmp_path, "agreed and total is at least 10 USD", "agreed and total is at least 5 USD")
    assert found.missing is not None
    assert found.status == "changed"
    assert [(one.old, one.new) for one in found.missing.examples] == [("no", "undetermined")]
