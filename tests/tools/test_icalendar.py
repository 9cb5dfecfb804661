"""The calendar of the invented agreement on tin, as text lines, as JSON, and read back by another reader of iCalendar."""

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import vobject  # type: ignore[import-untyped]  # it comes without types

from policy_lang.cli import main

EXAMPLES = Path(__file__).parent.parent.parent / "policies" / "examples"
FILES = [str(EXAMPLES / "tin_agreement.pol"), str(EXAMPLES / "tin_relief.pol")]
FACTS = {
    "confirmation": {"BO": ["2026-07-01"], "MY": ["2036-07-01"]},
    "sessions": ["2025-05-03"],
    "proposals": {"MY": ["2025-03-03"]},
    "reviews": {"dates": ["2026-06-30"], "known_until": "2026-12-31"},
    "withdrawal": {"BO": "none", "MY": "none"},
}


@pytest.fixture
def facts(tmp_path: Path) -> str:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(FACTS))
    return str(path)


Run = Callable[..., str]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    def run(*options: str) -> str:
        monkeypatch.setattr(sys, "argv", ["pol", "calendar", *FILES, *options])
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code
        return capsysbinary.readouterr().out.decode()

    return run


def test_what_is_written_is_read_back_by_another_reader(run: Run, facts: str) -> None:
    span = ("--facts", facts, "--from", "2025-01-01", "--until", "2053-12-31")
    document = json.loads(run(*span, "--format", "json"))
    read = vobject.readOne(run(*span, "--format", "ics"))
    events = [(event.dtstart.value.isoformat(), event.summary.value) for event in read.contents["vevent"]]
    assert events == [(entry["date"], entry["text"]) for entry in document["entries"]]
    uids = [event.uid.value for event in read.contents["vevent"]]
    assert len(set(uids)) == len(uids)
    days = {(event.dtend.value - event.dtstart.value).days for event in read.contents["vevent"]}
    assert days == {1}
    described = {event.summary.value: event.description.value for event in read.contents["vevent"]}
    agenda = described["Proposals for the agenda: Malaysia shall send its proposals"]
    assert "this is the latest day to act, counted back from 2025-05-03" in agenda
    assert "done on 2025-03-03" in agenda
    ended = next(text for text in described if text.startswith("Tin Agreement is no longer in force"))
    assert "last day: 2052-07-01" in ended
    assert "by 16 years by confirmation by each party" in ended


def test_due_dates_with_actor_and_force(run: Run, facts: str) -> None:
    document = json.loads(
        run("--facts", facts, "--from", "2025-01-01", "--until", "2033-12-31", "--format", "json")
    )
    owed = {(one["date"], one["name"]): one for one in document["entries"] if one["kind"] == "due"}
    assert sorted(owed) == [
        ("2025-03-04", "agenda"),
        ("2026-07-01", "joint_review"),
        ("2032-07-01", "joint_review"),
    ]
    agenda = owed["2025-03-04", "agenda"]
    assert (agenda["actor"], agenda["force"], agenda["latest_day_to_act"]) == ("MY", "binding", True)
    assert (agenda["done"], agenda["done_on"]) == (True, "2025-03-03")
    assert owed["2032-07-01", "joint_review"]["done"] is None


def test_the_first_end_of_a_term_when_nobody_confirmed(run: Run) -> None:
    text = run("--from", "2036-01-01", "--until", "2037-12-31")
    assert "2036-07-02 Wednesday: Tin Agreement is no longer in force (last day: 2036-07-01)" in text
    assert "unless it is extended before, by 16 years by confirmation by each party" in text
    before = run("--from", "2025-01-01", "--until", "2026-12-31")
    assert "its term ends after 2036-07-01" in before


def test_a_weekend_is_said(run: Run) -> None:
    text = run("--from", "2021-01-01", "--until", "2021-12-31")
    assert "2021-10-31 Sunday: due: Statistics: each party shall publish its statistics on tin" in text
    assert "falls on a Sunday; the date is not moved" in text
