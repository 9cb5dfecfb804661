"""Obligations: due dates, what discharges them, and the days around them."""

import datetime
from datetime import date

import pytest

from policy_lang.program.core import Const, Fact, Schedule
from policy_lang.program.facts import Events
from policy_lang.program.obligation import Told, duty
from policy_lang.program.types import Date, Dates
from policy_lang.program.values import absent, unknown

ANCHOR = date(2023, 3, 28)


def decide(
    as_of,
    held=None,
    *,
    force="binding",
    anchor=ANCHOR,
    recurs=True,
    body=True,
    until=None,
    last=None,
    **schedule,
):
    reviews = Fact(None, "reviews", Dates())
    fields = {"first": (2, 0, 0), "every": (2, 0, 0), "event": reviews} | schedule
    made = Schedule(Const(ANCHOR, Date()), "entry into force", **fields)
    gaps = () if until is None else ((until, "reviews"),)
    done = unknown({"reviews"}) if held is None else Events(tuple(sorted(held)), until, gaps)
    return duty("review", made, lambda _: force, body, [Told(anchor, recurs, done, last)], as_of)


def binds(_):
    return "binding"


def test_pending_up_to_and_on_the_due_date():
    for day in (ANCHOR, date(2025, 3, 28)):
        found = decide(day)
        assert (found.state, found.due) == ("pending", date(2025, 3, 28))
    assert decide(date(2023, 3, 27)).state == "not yet triggered"


def test_the_day_after():
    day = date(2025, 3, 29)
    assert decide(day).absence.needs == {"reviews"}
    assert (decide(day, []).state, decide(day, []).since) == ("overdue", day)
    assert decide(day, [], force="political").state == "target date passed; no breach"
    assert decide(day, [], until=date(2025, 3, 28)).state == "undetermined"
    assert decide(day, [], until=day).state == "overdue"
    assert decide(day, [day]).state == "pending"


def test_an_event_before_the_anchor_discharges_nothing():
    assert decide(date(2025, 3, 29), [date(2023, 3, 27)]).state == "overdue"
    assert decide(date(2025, 3, 29), [ANCHOR]).state == "pending"


def test_a_second_review_discharges_the_next_date_only_in_its_period():
    early = [date(2024, 1, 1), date(2024, 2, 1)]
    assert decide(date(2027, 4, 1), early).due == date(2027, 3, 28)
    assert decide(date(2027, 4, 1), [date(2024, 1, 1), date(2025, 3, 28)]).due == date(2029, 3, 28)


def test_events_after_the_day_asked_about_do_not_count():
    assert decide(date(2025, 3, 29), [date(2025, 3, 30)]).state == "overdue"


def test_counted_from_the_day_it_was_held():
    found = decide(date(2025, 6, 1), [date(2025, 4, 10)], counted_from="held")
    assert (found.due, found.calendar) == (date(2027, 4, 10), (date(2025, 3, 28), date(2027, 4, 10)))


def test_once_only():
    found = decide(date(2030, 1, 1), [date(2025, 3, 29)], every=None)
    assert (found.state, found.due, found.on_time) == ("fulfilled", date(2025, 3, 28), False)
    assert decide(date(2030, 1, 1), [date(2025, 3, 28)], recurs=False).on_time is True


def test_recurrence_matters_only_once_the_first_is_discharged():
    doubt = unknown({"recurs"})
    assert decide(date(2024, 1, 1), recurs=doubt).state == "pending"
    assert decide(date(2024, 1, 1), recurs=doubt).calendar == (date(2025, 3, 28),)
    assert decide(date(2024, 1, 1), [ANCHOR], recurs=doubt).absence.needs == {"recurs"}


def test_calendar_has_the_past_and_the_next_two():
    found = decide(date(2027, 3, 28))
    assert [day.year for day in found.calendar] == [2025, 2027, 2029, 2031]


def test_anchor_that_is_an_event():
    notice = Schedule(Fact(None, "notice", Dates()), "notice of termination", (0, 0, 30))

    def state(anchor, as_of):
        return duty("leave", notice, binds, True, [Told(anchor)], as_of)

    day = date(2024, 6, 1)
    assert state(Events((date(2024, 5, 20), date(2024, 5, 25))), day).due == date(2024, 6, 19)
    assert state(Events((date(2024, 6, 2),)), day).state == "not yet triggered"
    assert state(Events((), date(2024, 5, 31), ((date(2024, 5, 31), "notice"),)), day).absence.needs == {
        "notice"
    }
    assert state(unknown({"notice"}), day).state == "undetermined"
    assert state(Events((date(2024, 5, 1),)), date(2024, 6, 1)).absence.needs == {"leave.done"}


def test_backwards_and_on_the_day():
    before = {"first": (0, 6, 0), "backwards": True, "every": None}
    assert decide(ANCHOR, [date(2022, 1, 1)], **before).state == "fulfilled"
    assert decide(ANCHOR, [], **before).due == date(2022, 9, 28)
    assert decide(ANCHOR, first=None, every=None).state == "pending"


def test_the_reasons_of_the_clause():
    assert decide(ANCHOR, body=False).state == "not applicable"
    assert decide(ANCHOR, body=absent("suspended", "s", "off")).state == "suspended"
    assert decide(ANCHOR, anchor=absent("error", "e", "bad")).state == "error"
    assert decide(ANCHOR, body=unknown({"x"})).absence.needs == {"x"}


@pytest.mark.parametrize(
    ("schedule", "code"),
    [
        ({"every": (0, 0, 0)}, "too-many-due-dates"),
        ({"every": (0, 0, 1), "first": (0, 0, 1)}, "too-many-due-dates"),
        ({"first": (9999, 0, 0)}, "date-out-of-range"),
        ({"first": (0, 11, 3), "every": (1, 0, 0)}, None),
    ],
)
def test_limits(schedule, code):
    found = decide(date(2300, 1, 1), **schedule)
    if code is None:
        assert found.state == "undetermined"
    else:
        assert [one[0] for one in found.absence.detail] == [code]


def test_a_day_that_does_not_exist():
    leap = date(2024, 2, 29)
    found = decide(leap, anchor=leap, first=(1, 0, 0), every=None)
    assert [one[0] for one in found.absence.detail] == ["no-such-day"]
    assert decide(leap, anchor=leap, first=(1, 0, 0), every=None, rounding="down").due == date(2025, 2, 28)
    assert decide(leap, anchor=leap, first=(1, 0, 0), every=None, rounding="up").due == datetime.date(
        2025, 3, 1
    )


# ------------------------------------------------------------- what each event discharges (rule F4)


def test_a_date_given_twice_discharges_one_due_date():
    twice = [date(2025, 3, 28), date(2025, 3, 28)]
    assert decide(date(2027, 4, 1), twice).state == "overdue"
    assert decide(date(2027, 4, 1), twice, counted_from="held").due == date(2027, 3, 28)


def test_a_period_begins_on_the_day_it_is_counted_from():
    assert decide(date(2025, 3, 29), [ANCHOR]).due == date(2027, 3, 28)
    on_the_due_date = [date(2024, 1, 1), date(2025, 3, 28)]
    assert decide(date(2027, 4, 1), on_the_due_date).due == date(2029, 3, 28)


def test_in_time_or_late_is_said_only_where_it_is_settled():
    once = {"every": None}
    late, day = [date(2025, 4, 1)], date(2025, 5, 1)
    assert decide(day, late, **once).on_time is False
    assert decide(day, late, until=date(2025, 3, 28), **once).on_time is False
    assert decide(day, late, until=date(2025, 3, 27), **once).on_time is None
    assert decide(day, [date(2025, 3, 28)], until=date(2023, 1, 1), **once).on_time is True


def test_the_first_event_counts_only_where_no_earlier_one_is_possible():
    notice = Schedule(Fact(None, "notice", Dates()), "notice", (0, 0, 30))

    def state(until):
        anchor = Events((date(2024, 5, 20),), until, ((until, "notice"),))
        return duty("leave", notice, binds, True, [Told(anchor)], date(2024, 6, 1))

    assert state(date(2024, 5, 19)).due == date(2024, 6, 19)
    assert state(date(2024, 5, 18)).absence.needs == {"notice"}


def test_counted_back_from_an_event_that_is_still_to_come():
    told = Told(Events((date(2025, 9, 1),)))
    notice = Schedule(Fact(None, "meeting", Dates()), "meeting", (0, 0, 60), backwards=True)
    found = duty("agenda", notice, binds, True, [told], date(2025, 6, 1))
    assert (found.state, found.due) == ("pending", date(2025, 7, 3))


@pytest.mark.parametrize(
    ("day", "dues"),
    [
        ("first", [date(2025, 6, 1), date(2025, 12, 1), date(2026, 6, 1)]),
        ("last", [date(2025, 6, 30), date(2025, 12, 31), date(2026, 6, 30)]),
    ],
)
def test_on_a_day_of_a_month(day, dues):
    found = decide(
        date(2025, 12, 31), anchor=date(2025, 3, 31), first=(0, 3, 0), every=(0, 6, 0), month_day=day
    )
    assert list(found.calendar)[:3] == dues


def test_no_due_date_after_the_last_day():
    held = [date(2024, 1, 1)]
    assert decide(date(2026, 1, 1), held, last=date(2027, 3, 28)).due == date(2027, 3, 28)
    found = decide(date(2026, 1, 1), held, last=date(2027, 3, 27))
    assert (found.state, found.due, found.calendar) == ("fulfilled", date(2025, 3, 28), (date(2025, 3, 28),))
