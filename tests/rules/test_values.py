"""Types, exact numbers, percentages, shares of nothing, boundary words, dates and limits: rules V1 to V7."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from policy_lang.policy import InvalidFacts
from tests.rules.texts import Text, codes, compiled

LAW = """
law odd
    title "Odd"

record thing "A thing"
    {fields}

rule answer for thing : {kind}
    {body}
"""


def codes_of(folder: Path, kind: str, body: str, fields: str = "amount money USD") -> list[str]:
    return codes(folder, LAW.format(fields=fields, kind=kind, body=body))


@pytest.mark.parametrize(
    "sum_of",
    [
        "2024-01-31 + 1 year",
        "2024-01-31 + 2 months",
        "2024-01-30 - 1 month",
        "2024-02-29 + 4 years",
        "2023-12-30 + 14 months + 1 day",
        "2024-01-29 + 1 month",
        "2024-01-31 + 1 year 2 months 5 days",
    ],
)
def test_v6_no_rounding_is_asked_for_where_the_day_exists(tmp_path: Path, sum_of: str) -> None:
    found = codes_of(tmp_path, "date", sum_of)
    assert found == (["rounding-needed"] if "14 months" in sum_of else [])


@pytest.mark.parametrize(
    "sum_of", ["2024-01-31 + 1 month", "2024-02-29 + 1 year", "2023-01-29 + 1 month", "day + 1 year"]
)
def test_v6_rounding_is_asked_for_where_the_day_may_be_missing(tmp_path: Path, sum_of: str) -> None:
    assert codes_of(tmp_path, "date", sum_of, "day date") == ["rounding-needed"]


@pytest.mark.parametrize(
    ("timing", "needed"),
    [
        ("within 1 year of 2024-01-31 and every 2 years thereafter", False),
        ("within 2 months of 2024-01-31 and every 2 months thereafter", True),
        ("within 1 month of 2024-01-31", True),
        ("at least 1 month before 2024-01-31", False),
        ("within 5 days of 2024-01-31 and every 1 year thereafter", True),
        ("by 2024-01-31 and every 12 months thereafter", False),
        ("by 2024-02-29 and every 4 years thereafter", True),
    ],
)
def test_v6_due_dates_ask_for_rounding_only_where_a_day_may_be_missing(
    tmp_path: Path, timing: str, needed: bool
) -> None:
    text = f"""
    agreement due
        title "Due"
        parties US "A", JP "B"
        in force from 2024-01-01

    clause meet "Meet"
        the parties shall "meet" {timing}
    """
    assert codes(tmp_path, text) == (["rounding-needed"] if needed else [])


@pytest.mark.parametrize(
    ("fields", "kind", "body", "code"),
    [
        ("amount money USD", "money USD", "amont", "unknown-name"),
        ("amount money USD", "money EUR", "amount", "wrong-type"),
        ("good mineral\n    mineral text", "yes or no", "good is cobalt", "unknown-name"),
        ("origin country", "yes or no", "origin is UK", "unknown-country"),
        ("colour red or blue", "yes or no", "colour is green", "unknown-word"),
        ("amount money USD", "number", "amount", "wrong-type"),
        ("weight quantity kg", "quantity lb", "weight", "wrong-type"),
    ],
)
def test_v1_what_is_misspelt_or_of_another_type_is_an_error_where_it_stands(
    tmp_path: Path, fields: str, kind: str, body: str, code: str
) -> None:
    assert code in codes_of(tmp_path, kind, body, fields)


AMOUNTS = """
law amounts
    title "Amounts"

record deal "A deal"
    a        money USD
    b        money USD
    share    percent
    day      date
    pieces   whole number at least 1 at most 9
    price    money USD at least 0 USD with 2 decimals
    rebate   optional money USD
    check rebate is none or price is at least 1 USD

rule third for deal : money USD
    a / 3

rule rounded for deal : money USD
    (a / 3) rounded half up to 2 decimals

rule both for deal : money USD
    a + b

rule part for deal : percent
    a as percent of b

rule taken for deal : money USD
    share applied to b

rule enough for deal : yes or no
    a is at least 50 % of b

rule safely_enough for deal : yes or no
    b is more than 0 USD and a is at least 50 % of b

rule enough_as_percent for deal : yes or no
    part is at least 50 %

rule bounds for deal : text
    "exceeds" when a exceeds 10 USD
    "exactly" when a is between 10 USD and 10 USD
    otherwise "below"

rule at_most for deal : yes or no
    a does not exceed 10 USD

rule month_later for deal : date
    day + 1 month rounded down

rule month_later_up for deal : date
    day + 1 month 1 day rounded up

rule in_time for deal : yes or no
    day is on or before 2024-01-31 + 30 days
"""


@pytest.fixture(scope="module")
def amounts(tmp_path_factory: pytest.TempPathFactory) -> Text:
    return compiled(tmp_path_factory.mktemp("amounts"), AMOUNTS)


def deal(**facts: object) -> dict[str, object]:
    return {"deal": facts}


def test_v2_nothing_is_rounded_that_is_not_said_to_be(amounts: Text) -> None:
    assert amounts.value("third", deal(a="200")) == Fraction(200, 3)
    assert str(amounts.value("rounded", deal(a="200"))) == "66.67"
    assert str(amounts.value("both", deal(a="0.1", b="0.2"))) == "0.3"


def test_v3_a_percentage_is_no_number(amounts: Text, tmp_path: Path) -> None:
    assert amounts.value("part", deal(a=1, b=8)) == Fraction(25, 2)
    assert amounts.value("taken", deal(share="12.5", b=8)) == 1
    assert codes_of(tmp_path, "number", "share * 2", "share percent") == ["wrong-type"]
    assert codes_of(tmp_path, "money USD", "10 % of amount + amount") == ["ambiguous-share"]
    assert codes_of(tmp_path, "date", "2024-1-31", "day date") == ["bad-number"]


def test_v4_a_share_of_nothing_is_never_yes(amounts: Text) -> None:
    for name in ("enough", "enough_as_percent"):
        outcome = amounts.outcome(name, deal(a=0, b=0))
        assert (outcome.state, outcome.reasons[0]["code"]) == ("error", "share-of-nothing")
        assert amounts.state(name, deal(a=5, b=-1)) == "error"
        assert amounts.value(name, deal(a=1, b=2)) is True
    assert amounts.value("safely_enough", deal(a=0, b=0)) is False


@pytest.mark.parametrize(
    ("a", "words", "at_most"), [("9.99", "below", True), (10, "exactly", True), ("10.01", "exceeds", False)]
)
def test_v5_boundary_words_say_whether_the_limit_counts(
    amounts: Text, a: object, words: str, at_most: bool
) -> None:
    assert amounts.value("bounds", deal(a=a)) == words
    assert amounts.value("at_most", deal(a=a)) is at_most


def test_v5_within_days_of_a_date_does_not_count_that_date(amounts: Text) -> None:
    assert amounts.value("in_time", deal(day="2024-03-01")) is True
    assert amounts.value("in_time", deal(day="2024-03-02")) is False


def test_v6_months_are_added_first_and_rounded_once(amounts: Text) -> None:
    assert str(amounts.value("month_later", deal(day="2024-01-31"))) == "2024-02-29"
    assert str(amounts.value("month_later_up", deal(day="2023-01-31"))) == "2023-03-02"


def test_v7_facts_that_break_a_limit_are_bad_facts(amounts: Text) -> None:
    bad = (
        {"pieces": 0},
        {"pieces": 10},
        {"pieces": "1.5"},
        {"price": "-1"},
        {"price": "1.005"},
        {"price": "none"},
        {"price": "0.5", "rebate": "1"},
    )
    for facts in bad:
        with pytest.raises(InvalidFacts):
            amounts.decide(deal(**facts))
    assert amounts.decide(deal(price="0.5", rebate="none")).facts is not None
