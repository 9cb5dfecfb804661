"""Calendars: due dates as decided, and no day on which an answer changes is missing."""

from __future__ import annotations

import datetime
import json
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_lang.pipeline import compile_file
from policy_lang.policy import InvalidFacts, InvalidQuestion, Policy
from policy_lang.program.calendar_entry import Calendar, Entry, merged
from policy_lang.program.core import (
    And,
    At,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    FieldSchema,
    Instrument,
    Op,
    Outcome,
    Program,
    RecordSchema,
)
from policy_lang.program.dates_that_matter import Walk
from policy_lang.program.types import Date, Number, Period, Text, YesNo
from policy_lang.tools.calendar import calendar_of
from policy_lang.tools.to_icalendar import to_icalendar
from tests.reference.generators import generate_case

POLICIES = Path(__file__).parent.parent.parent / "policies"
DAY = datetime.timedelta(days=1)
FIRST, LAST = datetime.date(2023, 1, 1), datetime.date(2030, 12, 31)


def day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)


def policy_in(path: Path) -> Policy:
    compiled, problems = compile_file(path)
    assert compiled.program is not None, problems
    return Policy(compiled.program)


def written(tmp_path: Path, text: str, name: str = "pact") -> Policy:
    path = tmp_path / f"{name}.pol"
    path.write_text(text, encoding="utf-8")
    return policy_in(path)


def calendar(
    policy: Policy,
    start: str | datetime.date = FIRST,
    end: str | datetime.date = LAST,
    facts: Mapping[str, object] | None = None,
    assume: Mapping[str, Any] | None = None,
) -> Calendar:
    first = day(start) if isinstance(start, str) else start
    last = day(end) if isinstance(end, str) else end
    return calendar_of(policy, {}, first, last, facts or {}, assume)


def dues(found: Calendar) -> list[str]:
    return [one.day.isoformat() for one in found.entries if one.kind == "due"]


def texts(found: Calendar) -> list[str]:
    return [f"{one.day}: {one.text}" for one in found.entries if one.kind != "due"]


def one_due(found: Calendar, on: str) -> Entry:
    return next(one for one in found.entries if one.kind == "due" and one.day == day(on))


# ------------------------------------------------------------------------------ nothing is missing


def changes(
    policy: Policy, facts: Mapping[str, object], first: datetime.date, last: datetime.date
) -> set[tuple[datetime.date, str]]:
    """Every day on which some answer is another than the day before, found by trying each."""
    found: set[tuple[datetime.date, str]] = set()
    before: dict[str, object] = {}
    now = first - DAY
    while now <= last:
        decided = policy.evaluate(dict(facts), now)
        answers: dict[str, object] = {
            name: (one.state, one.value, one.due) for name, one in decided.outcomes.items()
        }
        if before:
            found |= {(now, name) for name, answer in answers.items() if before[name] != answer}
        before = answers
        now += DAY
    return found


FACTS: dict[str, list[dict[str, object]]] = {
    "us_japan_2023": [
        {},
        {"sourcing": {"country": "JP", "good": "lithium"}, "reviews": ["2025-03-10", "2027-05-01"]},
        {"reviews": {"dates": ["2026-01-01"], "known_until": "2027-06-30"}},
        {"measure": {"kind": "export_duty", "by": "JP", "to": "US", "good": "graphite", "rate": "5"}},
    ],
    "us_free_trade_agreements": [
        {"sourcing": {"country": country, "good": "lithium"}} for country in ("MX", "KR")
    ],
    "clean_vehicle_credit": [{"sourcing": {"country": "JP", "good": "lithium"}}],
    "us_australia_framework_2025": [{}, {"us_billion_reached": ["2026-03-01"]}],
}
NAMES = sorted(path.stem for path in POLICIES.glob("*.pol") if "." not in path.stem)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_every_change_of_an_answer_is_in_the_calendar(name: str) -> None:
    policy = policy_in(POLICIES / f"{name}.pol")
    for facts in FACTS.get(name, [{}]):
        found = calendar(policy, facts=facts)
        listed = {(one.day, outcome) for one in found.entries for outcome in one.affects}
        assert changes(policy, facts, FIRST, LAST) - listed == set()


@pytest.mark.slow
def test_every_change_by_the_date_that_a_record_is_judged_on() -> None:
    policy = policy_in(POLICIES / "clean_vehicle_credit.pol")
    facts = json.loads((POLICIES / "examples" / "whole_vehicle.json").read_text(), parse_float=str)
    for moving in ("placed_in_service", "acquired"):
        found = calendar(policy)
        path = f"vehicle.{moving}"
        listed = {(one.day, name) for one in found.entries if path in one.by for name in one.affects}
        before: dict[str, object] = {}
        now = FIRST - DAY
        missed = set()
        while now <= LAST:
            facts["vehicle"][moving] = now.isoformat()
            decided = policy.evaluate(facts, day("2024-06-14"))
            answers: dict[str, object] = {n: (o.state, o.value) for n, o in decided.outcomes.items()}
            answers.pop("share_date")  # it is the date itself
            if before:
                missed |= {(now, n) for n, answer in answers.items() if before[n] != answer} - listed
            before = answers
            now += DAY
        assert missed == set()


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 2**48))
def test_no_change_is_missing_in_programs_made_by_chance(seed: int) -> None:
    program, situations = generate_case(random.Random(seed), 1)
    policy, facts = Policy(program), situations[0].raw
    first, last = day("2024-01-15"), day("2024-03-15")
    try:
        found = calendar(policy, first, last, facts)
    except (InvalidFacts, InvalidQuestion):
        return
    listed = {(one.day, outcome) for one in found.entries for outcome in one.affects}
    assert changes(policy, facts, first, last) - listed == set()


# ------------------------------------------------------------------------------ the walk by itself


def program_with(body: Expr, judged: bool = True) -> Program:
    record = RecordSchema(
        "sale",
        (FieldSchema("made", Date()), FieldSchema("wait", Number())),
        judged_on="made" if judged else None,
    )
    outcome = Outcome(
        "answer",
        "rule",
        "sale",
        body,
        YesNo(),
        None,
        instrument="x",
        judged_on="sale.made" if judged else None,
    )
    return Program("x", (Instrument("x", "law"),), (record,), (), (), (), (), (outcome,))


def crossing_days(body: Expr, judged: bool = True) -> list[str]:
    walk = Walk(program_with(body, judged), {})
    return [str(one.day) for one in walk.crossings(FIRST, LAST)]


AT, MADE = At(), Fact("sale", "made", Date())
NEW_YEAR = Const(datetime.date(2025, 1, 1), Date())


@pytest.mark.parametrize(
    ("comparison", "expected"),
    [
        ("ge", ["2025-01-01"]),
        ("lt", ["2025-01-01"]),
        ("gt", ["2025-01-02"]),
        ("le", ["2025-01-02"]),
        ("eq", ["2025-01-01", "2025-01-02"]),
    ],
)
def test_the_first_day_on_which_a_comparison_comes_out_otherwise(
    comparison: Any, expected: list[str]
) -> None:
    assert crossing_days(Compare(comparison, AT, NEW_YEAR)) == expected
    assert crossing_days(Compare(comparison, MADE, NEW_YEAR)) == expected


def test_the_date_may_stand_on_the_right() -> None:
    assert crossing_days(Compare("le", NEW_YEAR, AT)) == ["2025-01-01"]
    assert crossing_days(Compare("lt", NEW_YEAR, AT)) == ["2025-01-02"]


def test_dates_worked_out_of_a_date() -> None:
    month = Const((0, 1, 0), Period())
    later = Op("add_period", (MADE, month), Date(), ("down",))
    assert crossing_days(Compare("ge", later, Const(day("2024-02-29"), Date()))) == ["2024-01-29"]
    year = Op("year_of", (MADE,), Number(whole=True))
    assert crossing_days(Compare("eq", year, Const(2025, Number(whole=True)))) == [  # type: ignore[arg-type]  # so it is made
        "2025-01-01",
        "2026-01-01",
    ]


def test_what_hangs_on_other_facts_is_known_to_be_free() -> None:
    fixed = program_with(Compare("ge", AT, NEW_YEAR), judged=False)
    free = program_with(Compare("ge", AT, MADE), judged=False)
    assert [Walk(one, {}).is_free(one.outcomes[0]) for one in (fixed, free)] == [False, True]


def test_a_long_chain_of_definitions_is_no_matter() -> None:
    from policy_lang.program.core import Call

    first = Definition("x.d0", None, Date(), Choose("first", (), MADE, Date()))
    chain = [
        first,
        *(Definition(f"x.d{n}", None, Date(), Call(f"x.d{n - 1}", Date())) for n in range(1, 3000)),
    ]
    program = program_with(Compare("ge", Call("x.d2999", Date()), NEW_YEAR))
    program = Program("x", program.instruments, program.records, (), (), (), tuple(chain), program.outcomes)
    assert [str(one.day) for one in Walk(program, {}).crossings(FIRST, LAST)] == ["2025-01-01"]


def test_a_range_begins_and_ends_with_its_days() -> None:
    body = And((Compare("ge", AT, NEW_YEAR), Compare("le", AT, NEW_YEAR)))
    walk = Walk(
        program_with(Choose("first", (Case(body, Const("a", Text())),), Const("b", Text()), Text())), {}
    )
    on = datetime.date(2025, 1, 1)
    assert [one.day for one in walk.crossings(on, on)] == [on]
    assert [one.day for one in walk.crossings(on + DAY, on + DAY)] == [on + DAY]
    assert walk.crossings(on + 2 * DAY, LAST) == ()


# ------------------------------------------------------------------------------ due dates

PACT = """\
agreement pact
    title "Pact on Scrap"
    parties ID "Republic of Indonesia", KR "Republic of Korea"
    signed 2024-03-15
    in force from 2024-07-01 until 2028-06-30
    verified 2026-11-22 against "nothing: invented"

use trade

scarce means cobalt, gallium from 2025-01-01, nickel until 2025-12-31

event requests "Requests for information"
event notices "Notices of renewal"

assume yearly is yes
    because "each year"   [own reading]
    but see "once"        [own reading]

clause duties "Export duties"
    neither party shall impose export_duty on scarce exported to the other party

clause partner "Korea as a partner"
    treat KR as free_trade_partner of ID with respect to scarce from 2025-02-01 until 2026-02-28

clause notice "Notice of renewal"
    the parties shall "give notice" at least 6 months rounded down before 2027-03-31
        fulfilled by notices

clause answer "Answers"
    the parties shall "answer" within 30 days of requests

clause meeting "Meeting"
    the parties shall review this agreement within 1 year of entry into force
        and every 1 year thereafter, counted from the previous due date, when yearly

clause aim "Aim"
    KR should "publish" by 2026-05-02
"""


@pytest.fixture
def pact(tmp_path: Path) -> Policy:
    return written(tmp_path, PACT)


def test_due_dates_with_who_and_what(pact: Policy) -> None:
    found = calendar(pact)
    assert dues(found) == ["2025-07-01", "2026-05-02", "2026-07-01", "2026-09-30", "2027-07-01"]
    aim = one_due(found, "2026-05-02")
    assert aim.due is not None
    assert (aim.due.actor, aim.due.act, aim.due.force) == ("KR", "publish", "hortatory")
    assert aim.text == "Aim: the Republic of Korea should publish"


def test_a_weekend_is_said_and_nothing_moves(pact: Policy) -> None:
    found = calendar(pact)
    weekends = [(str(one.day), one.weekday) for one in found.entries if one.kind == "due" and one.is_weekend]
    assert weekends == [("2026-05-02", "Saturday")]


def test_the_latest_day_to_act_before_a_date(pact: Policy) -> None:
    due = one_due(calendar(pact), "2026-09-30").due
    assert due is not None
    assert due.counted_back_from == day("2027-03-31")
    assert one_due(calendar(pact), "2025-07-01").due.counted_back_from is None  # type: ignore[union-attr]  # where it is nothing, this fails


def test_the_assumption_that_a_date_rests_on(pact: Policy) -> None:
    found = calendar(pact)
    assert one_due(found, "2025-07-01").rests_on == ()
    assert one_due(found, "2026-07-01").rests_on == ("yearly",)
    assert dues(calendar(pact, assume={"yearly": False})) == ["2025-07-01", "2026-05-02", "2026-09-30"]


def test_what_was_done_is_said(pact: Policy) -> None:
    facts = {"reviews": ["2025-06-01", "2026-08-15"], "notices": "none"}
    found = calendar(pact, facts=facts)
    told = {str(e.day): (e.due.done, e.due.done_on) for e in found.entries if e.due is not None}
    assert told["2025-07-01"] == (True, day("2025-06-01"))
    assert told["2026-07-01"] == (True, day("2026-08-15"))
    assert told["2027-07-01"] == (False, None)
    assert told["2026-09-30"] == (False, None)
    assert told["2026-05-02"] == (None, None)
    assert "2026-07-02: Meeting: the due date has passed; from this day overdue (due by 2026-07-01)" in texts(
        found
    )


def test_a_duty_without_a_date_is_remarked_on(pact: Policy) -> None:
    remarks = [one.text for one in calendar(pact).remarks]
    assert remarks == ["Answers, due within 30 days of requests: no date can be told (not known: requests)"]
    found = calendar(pact, facts={"requests": ["2024-09-01"]})
    assert dues(found)[0] == "2024-10-01"
    assert not any("Answers" in one.text for one in found.remarks)


def test_a_due_date_from_before_the_calendar_is_remarked_on(pact: Policy) -> None:
    found = calendar(pact, "2025-08-01", "2026-01-01", {"reviews": "none"})
    assert "Meeting: was due by 2025-07-01" in [one.text for one in found.remarks]


def test_what_would_fall_due_after_the_end_is_not_owed(pact: Policy) -> None:
    assert "2028-07-01" not in dues(calendar(pact))


# ------------------------------------------------------------------------------ the text


def test_the_dates_of_the_text_in_words(pact: Policy) -> None:
    said = texts(calendar(pact))
    assert "2024-07-01: Pact on Scrap enters into force" in said
    assert "2028-07-01: Pact on Scrap is no longer in force (last day: 2028-06-30)" in said
    assert "2025-02-01: Korea as a partner: begins to apply" in said
    assert "2026-03-01: Korea as a partner: ceases to apply (last day: 2026-02-28)" in said
    assert said.count("2025-01-01: scarce: gallium begins to count") == 1
    assert said.count("2026-01-01: scarce: nickel ceases to count") == 1


def test_rows_and_cases_in_words() -> None:
    found = calendar(policy_in(POLICIES / "clean_vehicle_credit.pol"))
    by_day = {(str(one.day), one.text): one.by for one in found.entries}
    both = ("vehicle.acquired", "vehicle.placed_in_service")
    assert by_day["2025-01-01", "minerals required becomes 60 % (until then 50 %)"] == both
    assert by_day["2025-10-01", "eligible becomes no"] == ("vehicle.acquired",)


def test_what_is_in_force_later_is_said_with_its_answers() -> None:
    policy = policy_in(POLICIES / "us_free_trade_agreements.pol")
    found = calendar(policy, "2020-06-01", "2020-08-01", {"sourcing": {"country": "CA", "good": "lithium"}})
    told = [(a.name, a.before, a.after) for e in found.entries for a in e.answers]
    assert ("canada", "not in force", "granted") in told
    assert ("nafta", "granted", "not in force") in told


def test_a_policy_used_by_another_is_told_once() -> None:
    names = ("us_japan_2023", "clean_vehicle_credit")
    policies = [policy_in(POLICIES / f"{name}.pol") for name in names]
    found = merged(calendar(policy) for policy in policies)
    entries = [one for one in found.entries if one.text.endswith("Minerals Agreement enters into force")]
    assert [(str(one.day), one.by) for one in entries] == [
        ("2023-03-28", ("as_of", "vehicle.placed_in_service"))
    ]
    assert {"joint_review", "credit"} <= set(entries[0].affects)
    assert list(found.entries) == sorted(found.entries, key=lambda one: one.day)


def test_it_is_the_same_each_time(pact: Policy, tmp_path: Path) -> None:
    again = written(tmp_path, PACT, "other")
    first, second = calendar(pact), calendar(again)
    assert [one.uid for one in first.entries] == [one.uid for one in second.entries]
    assert len({one.uid for one in first.entries}) == len(first.entries)


# ------------------------------------------------------------------------------ iCalendar


def test_the_file_reads_back_with_another_library(pact: Policy) -> None:
    vobject = pytest.importorskip("vobject")
    found = calendar(pact)
    details = {one.uid: "goes by; a, b\nand \\ more" for one in found.entries}
    data = to_icalendar(found.entries, details)
    assert data == to_icalendar(calendar(pact).entries, details)
    events = list(vobject.readOne(data.decode()).vevent_list)
    assert [one.dtstart.value for one in events] == [one.day for one in found.entries]
    assert [one.dtend.value for one in events] == [one.day + DAY for one in found.entries]
    assert [one.summary.value for one in events] == [one.text for one in found.entries]
    assert [one.uid.value for one in events] == [one.uid for one in found.entries]
    assert {one.dtstamp.value.date() for one in events} == {day("2026-11-22")}
    assert {one.description.value for one in events} == {"goes by; a, b\nand \\ more"}
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_no_two_events_have_one_name(pact: Policy) -> None:
    vobject = pytest.importorskip("vobject")
    entries = calendar(pact).entries
    events = vobject.readOne(to_icalendar([*entries, *entries], {}).decode()).vevent_list
    assert len({one.uid.value for one in events}) == 2 * len(entries)


def test_the_last_day_there_is(tmp_path: Path) -> None:
    text = 'law far\n    in force from 2000-01-01 until 9999-12-31\n\nclause last\n    US should "act" by 9999-12-31\n'
    policy = written(
        tmp_path, text.replace("\n\nclause", '\n    parties US "United States"\n\nclause'), "far"
    )
    found = calendar(policy, "9999-12-01", "9999-12-31")
    assert dues(found) == ["9999-12-31"]
    assert b"99991231" in to_icalendar(found.entries, {})
    assert texts(calendar(policy, "0001-01-01", "0001-01-31")) == []
