"""Date arithmetic against vectors, and at the edges of the calendar."""

import datetime
import json
from pathlib import Path

import pytest

from policy_lang.program import dates

VECTORS = [json.loads(line) for line in (Path(__file__).parent / "dates.jsonl").read_text().splitlines()]


def moved(vector):
    start = datetime.date.fromisoformat(vector["date"])
    if vector["op"] == "first_day_of_month":
        return dates.first_of_month(start)
    if vector["op"] == "last_day_of_month":
        return dates.last_of_month(start)
    amount = vector["amount"]
    return dates.add_period(start, (amount["years"], amount["months"], amount["days"]), vector["rounding"])


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: json.dumps(v)[:90])
def test_agrees_with_vector(vector):
    if vector["expected"] == "AmbiguousComputation":
        with pytest.raises(dates.NoSuchDayError):
            moved(vector)
    else:
        assert moved(vector) == datetime.date.fromisoformat(vector["expected"])


def test_takes_a_period_off():
    start = datetime.date(2024, 3, 31)
    assert dates.subtract_period(start, (0, 1, 0), "down") == datetime.date(2024, 2, 29)
    assert dates.subtract_period(start, (0, 1, 0), "up") == datetime.date(2024, 3, 1)
    assert dates.subtract_period(start, (1, 0, 1), "abort") == datetime.date(2023, 3, 30)
    with pytest.raises(dates.NoSuchDayError):
        dates.subtract_period(start, (0, 1, 0), "abort")


@pytest.mark.parametrize(
    ("start", "period"),
    [
        (datetime.date.max, (0, 0, 1)),
        (datetime.date.max, (1, 0, 0)),
        (datetime.date(9999, 12, 1), (0, 1, 0)),
        (datetime.date.min, (0, 0, -1)),
        (datetime.date.min, (0, -1, 0)),
        (datetime.date(2024, 1, 1), (999_999_999, 0, 0)),
        (datetime.date(2024, 1, 1), (0, 0, 10**12)),
    ],
)
def test_stays_in_the_calendar(start, period):
    with pytest.raises(dates.DateOutOfRangeError):
        dates.add_period(start, period, "down")


def test_last_day_of_the_last_month():
    assert dates.last_of_month(datetime.date(9999, 12, 5)) == datetime.date.max
