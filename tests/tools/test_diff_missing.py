"""What a comparison says of facts that are missing: answers lost and gained, and other questions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policy_lang.cli.diff_verb import status_of
from policy_lang.cli.group import UNDETERMINED
from policy_lang.policy import Policy
from policy_lang.tools.diff.clock import Clock
from policy_lang.tools.diff.compare import Comparison, FileDiff
from policy_lang.tools.diff.findings import findings
from policy_lang.tools.diff.meaning import Meaning, OutcomeDiff, Pair
from policy_lang.tools.diff.report import details, said, to_json, to_text
from policy_lang.tools.diff.to_markdown import to_markdown
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
        "there may be more cases: other missing facts may lead there, too",
    ]
    document = outcome_document(found)
    assert (document["complete"], document["missing"]["complete"]) == (False, False)
    for text, answer in ((old, answers[0]), (new, answers[1])):
        decided = Policy(compiled(tmp_path, text)).evaluate(example.facts, example.as_of).outcomes["asked"]
        assert (decided.value is True) == (answer == "yes")


def test_a_version_that_only_asks_for_more_is_told_so(tmp_path: Path) -> None:
    found = compared(tmp_path, "agreed", "agreed or (agreed and member)")
    assert found.missing is not None
    assert (found.status, found.missing.state) == ("changed", "asks")
    first, second, third = details(found)
    assert first == "the same for all facts and all dates, known or not, but it asks for other facts"
    assert second.endswith("undetermined, asks for agreed -> undetermined, asks for agreed and member")
    assert third == "there may be more cases: other missing facts may lead there, too"


def test_what_is_open_only_where_facts_are_missing_is_not_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = "agreed or total is at least 0 USD"
    pair = Pair(compiled(tmp_path, given), compiled(tmp_path, "yes"), Clock(60), None, frozenset())
    monkeypatch.setattr(Clock, "for_missing", lambda clock: clock.begun)  # it is over at once
    meaning = pair.meaning()
    (found,) = meaning.outcomes
    assert (found.status, meaning.differs, meaning.is_settled) == ("not settled", False, False)
    assert found.missing is not None
    assert found.missing.state == "not settled"
    assert said(found) == (
        "not settled (where facts are missing: it came to no end in its share of the time); "
        "the same for all complete facts and all dates"
    )
    whole = Comparison((FileDiff("sale.pol", (), meaning),))
    assert status_of(whole) == UNDETERMINED
    text, document = to_text(whole), to_json(whole)
    assert "same meaning" not in text
    assert f"    {said(found)}: asked" in text.splitlines()
    assert text.endswith("\nnot settled")
    assert f"- **asked**: {said(found)}" in to_markdown(whole)
    (finding,) = findings(whole)
    assert finding.kind.name == "outcome-not-settled"
    assert finding.message == f"`asked`: {said(found)}"
    assert document["verdict"] == "not settled"
    assert outcome_document(found)["complete"] is False


def outcome_document(one: OutcomeDiff) -> Any:
    """What the JSON document says of it."""
    files: Any = to_json(Comparison((FileDiff("sale.pol", (), Meaning((one,), 3, 20.0)),)))["files"]
    return files[0]["outcomes"][0]


def test_a_change_shows_what_it_does_where_a_fact_is_missing(tmp_path: Path) -> None:
    found = compared(tmp_path, "agreed and total is at least 10 USD", "agreed and total is at least 5 USD")
    assert found.missing is not None
    assert found.status == "changed"
    assert [(one.old, one.new) for one in found.missing.examples] == [("no", "undetermined")]
