"""Events of several parties, days of receipt, and the terms that events extend."""

from datetime import date

import pytest

from policy_lang.program.core import CaseFact, Program
from policy_lang.program.events import each, either, event_words, term_end
from policy_lang.program.facts import Events, facts_from_mapping
from policy_lang.program.types import Dates
from policy_lang.program.values import unknown


def told(*years, until=None, name="a"):
    known = None if until is None else date(until, 1, 1)
    return Events(tuple(date(y, 1, 1) for y in years), known, () if known is None else ((known, name),))


NOTHING = unknown({"b"})


def test_either_has_the_dates_of_all():
    both = either([told(2021, 2023), told(2022, 2023)])
    assert [day.year for day in both.dates] == [2021, 2022, 2023]
    assert both.is_known_on(date.max)
    partly = either([told(2021), NOTHING])
    assert partly.dates == (date(2021, 1, 1),)
    assert partly.asks(date(2021, 1, 1)) == {"b"}
    assert either([unknown({"a"}), NOTHING]).needs == {"a", "b"}


def test_each_has_the_days_by_which_all_had_done_it():
    assert [day.year for day in each([told(2021, 2023), told(2022)]).dates] == [2022]


def test_one_that_did_not_settles_that_not_all_did():
    assert each([told(), NOTHING]).is_known_on(date.max)
    assert not each([told(2021), NOTHING]).is_known_on(date(2021, 1, 1))
    assert each([told(2021), NOTHING]).is_known_on(date(2020, 12, 31))
    partly = each([told(until=2030), NOTHING])
    assert (partly.is_known_on(date(2030, 1, 1)), partly.is_known_on(date(2030, 1, 2))) == (True, False)


FIRST = date(2036, 7, 1)


def end(extensions, way="by", *, is_last_day=True):
    return term_end(FIRST, extensions, way, (16, 0, 0), "abort", is_last_day)


def test_a_term_is_extended_only_while_it_lasts():
    assert end(Events(())) == FIRST
    assert end(Events((FIRST,))) == date(2052, 7, 1)
    assert end(Events((date(2036, 7, 2),))) == FIRST
    assert end(Events((date(2026, 7, 1), date(2052, 7, 1)))) == date(2068, 7, 1)


def test_until_a_period_after_the_event_never_shortens():
    assert end(Events((date(2026, 7, 1),)), "until") == date(2042, 7, 1)
    assert end(Events((date(2020, 6, 30),)), "until") == FIRST


def test_without_a_last_day_the_end_is_the_first_day_over():
    assert end(Events(()), is_last_day=False) == date(2036, 6, 30)
    assert end(Events((FIRST,)), is_last_day=False) == date(2036, 6, 30)
    assert end(Events((date(2036, 6, 30),)), is_last_day=False) == date(2052, 6, 30)


def test_what_is_not_known_can_only_extend():
    found = end(unknown({"confirmation"}))
    assert (found.needs, found.interval.lower) == ({"confirmation"}, FIRST)
    partly = end(Events((date(2030, 1, 1),), date(2040, 1, 1), ((date(2040, 1, 1), "confirmation"),)))
    assert (partly.needs, partly.interval.lower) == ({"confirmation"}, date(2052, 7, 1))
    assert end(Events((), FIRST)) == FIRST


def test_an_end_after_the_last_year_is_an_error():
    found = term_end(date(9990, 1, 1), Events((date(9989, 1, 1),)), "by", (16, 0, 0), "abort", True)
    assert [code for code, _ in found.detail] == ["date-out-of-range"]


# ------------------------------------------------------------------------------ as facts give them

NOTICE = tuple(
    CaseFact(name, Dates())
    for name in ("notice.US", "notice.US.received", "notice.JP", "notice.JP.received", "meeting")
)


def read(raw):
    facts, problems = facts_from_mapping(Program("p", (), (), NOTICE, (), (), (), ()), raw)
    return facts.case, [(problem.place, problem.code) for problem in problems]


def days(events):
    return [day.isoformat() for day in events.dates]


def test_each_party_has_its_own_dates():
    case, problems = read({"notice": {"US": ["2025-03-10", "2025-03-10"], "JP": "none"}})
    assert not problems
    assert days(case["notice.US"]) == ["2025-03-10"]
    assert case["notice.JP"].dates == ()
    assert "meeting" not in case


def test_what_was_given_is_received_no_earlier():
    case, _ = read({"notice": {"US": ["2025-03-10", {"given": "2025-01-02", "received": "2025-01-09"}]}})
    received = case["notice.US.received"]
    assert days(received) == ["2025-01-09"]
    assert (received.known_until, received.asks(date(2025, 4, 1))) == (
        date(2025, 3, 9),
        {"notice.US.received"},
    )


def test_what_was_received_was_given_on_some_day_before():
    case, _ = read({"notice": {"US": [{"received": "2025-01-09"}]}})
    assert case["notice.US"].asks(date(2020, 1, 1)) == {"notice.US"}
    assert case["notice.US.received"].known_until is None


def test_the_days_of_receipt_alone():
    for raw in ({"notice": {"US": {"received": ["2025-01-09"]}}}, {"notice.US.received": ["2025-01-09"]}):
        case, problems = read(raw)
        assert not problems
        assert (set(case), days(case["notice.US.received"])) == ({"notice.US.received"}, ["2025-01-09"])


def test_a_list_known_until_a_day():
    case, _ = read({"notice": {"US": {"dates": ["2025-03-10"], "known_until": "2025-12-31"}}})
    assert case["notice.US"].known_until == date(2025, 12, 31)
    assert case["notice.US.received"].known_until == date(2025, 3, 9)


@pytest.mark.parametrize(
    ("raw", "place", "code"),
    [
        ({"notice": ["2025-03-10"]}, "notice", "wrong-kind"),
        ({"notice": {"FR": []}}, "notice.FR", "unknown-fact"),
        ({"notice": {"US": "2025-03-10"}}, "notice.US", "wrong-kind"),
        ({"notice": {"US": [{"sent": "2025-03-10"}]}}, "notice.US[0].sent", "unknown-fact"),
        ({"notice": {"US": {"day": 1}}}, "notice.US.day", "unknown-fact"),
        (
            {"notice": {"US": [{"given": "2025-03-10", "received": "2025-03-09"}]}},
            "notice.US[0].received",
            "check-failed",
        ),
        ({"meeting": [{"given": "2025-03-10"}]}, "meeting[0]", "wrong-kind"),
    ],
)
def test_mistakes_have_their_place(raw, place, code):
    assert read(raw)[1] == [(place, code)]


def test_events_in_words():
    assert event_words("notice.US.received") == "receipt of notice by US"
    assert event_words("joint_meetings") == "joint meetings"
