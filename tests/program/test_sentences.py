"""English for every kind of expression, and for what was found."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Plain,
    Schedule,
)
from policy_lang.program.findings import actual, compared, found
from policy_lang.program.sentences import phrase, said, schedule_words
from policy_lang.program.trace import Place, Trace
from policy_lang.program.types import (
    Country,
    Date,
    ListOf,
    Money,
    Percent,
    Period,
    Quantity,
    Type,
    YesNo,
)
from policy_lang.program.values import unknown

USD = Money("USD")
D = Decimal
PRICE = Fact("vehicle", "msrp", USD)
COUNTRY = Fact("sourcing", "country", Country())
DAY = Fact("vehicle", "day", Date())
AGREED = Fact("measure", "agreed", YesNo())


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (D("62.50"), Percent(), "62.5 %"),
        (D(3750), USD, "3750 USD"),
        (D("1E+3"), Quantity("kWh"), "1000 kWh"),
        (Fraction(200, 3), Percent(), "200/3 %"),
        (datetime.date(2024, 2, 29), Date(), "2024-02-29"),
        (True, YesNo(), "yes"),
        (None, USD, "none"),
        ((2, 1, 0), Period(), "2 years and 1 month"),
        ((0, 0, 0), Period(), "0 days"),
    ],
)
def test_values_are_said_as_people_write_them(value: Plain | Fraction, kind: Type, words: str) -> None:
    assert said(value, kind) == words


def const(value: Plain, kind: Type) -> Const:
    return Const(value, kind)


JP, US = const("JP", Country()), const("US", Country())
CAP = Call("law.price_cap", USD)
LISTED = Fact("vehicle", "chains", ListOf("chain"))


@pytest.mark.parametrize(
    ("expr", "words"),
    [
        (Compare("eq", COUNTRY, JP), "sourcing.country is JP"),
        (Compare("gt", PRICE, CAP), "vehicle.msrp is more than price cap"),
        (Compare("ge", DAY, At()), "vehicle.day is on or after the date asked about"),
        (Not(Compare("gt", PRICE, CAP)), "vehicle.msrp is at most price cap"),
        (Not(Compare("eq", COUNTRY, JP)), "sourcing.country is not JP"),
        (Member(COUNTRY, (JP, US), "partners"), "sourcing.country is one of partners"),
        (Not(Member(COUNTRY, (JP, US))), "sourcing.country is not JP or US"),
        (And((AGREED, Or((AGREED, AGREED)))), "measure.agreed and (measure.agreed or measure.agreed)"),
        (Not(AGREED), "measure.agreed is no"),
        (Op("add", (PRICE, CAP), USD), "vehicle.msrp + price cap"),
        (
            Op("percent_of", (const(D(5), Percent()), Op("add", (PRICE, CAP), USD)), USD),
            "5 % of (vehicle.msrp + price cap)",
        ),
        (
            Op("round", (PRICE,), USD, ("up", D(1000))),
            "vehicle.msrp rounded up to a multiple of 1000 USD",
        ),
        (
            Op("add_period", (DAY, const((0, 1, 0), Period())), Date(), ("down",)),
            "1 month after vehicle.day (rounded down)",
        ),
        (
            Fold("sum", LISTED, "chain", AGREED, Fact("chain", "value", USD), USD),
            "the sum of value over vehicle.chains where measure.agreed",
        ),
        (
            Not(Fold("any", LISTED, "chain", None, Fact("chain", "barred", YesNo()), YesNo())),
            "none of vehicle.chains is barred",
        ),
        (
            Choose("unordered", (Case(AGREED, const(D(1), USD)),), const(D(0), USD), USD),
            "1 USD when measure.agreed, otherwise 0 USD",
        ),
        (Absent("not in force", "ended", "it ended"), "no value (it ended)"),
        (Assumed("review_recurs", YesNo()), "review_recurs"),
    ],
)
def test_each_expression_has_its_words(expr: Expr, words: str) -> None:
    assert phrase(expr) == words


def test_words_that_nest_without_end_stop() -> None:
    expr: Expr = PRICE
    for _ in range(5_000):
        expr = Op("subtract", (expr, PRICE), USD)
    assert "..." in phrase(expr)
    assert len(phrase(expr)) < 1_000


def known(node: Expr, value: Plain, place: Place | None = None) -> Trace:
    return Trace(node, value, place=place)


def test_a_comparison_is_told_as_it_truly_is() -> None:
    five, cap = known(PRICE, D(5)), known(CAP, D(9))
    above = Compare("gt", PRICE, CAP)
    assert compared(Trace(above, False, (five, cap))) == ["vehicle.msrp is 5 USD, at most price cap (9 USD)"]
    assert actual(Trace(above, False, (five, cap))) == "5 USD against 9 USD"
    kr = known(COUNTRY, "KR")
    assert compared(Trace(Compare("eq", COUNTRY, JP), False, (kr, known(JP, "JP")))) == [
        "sourcing.country is KR, not JP"
    ]


def test_a_territory_is_told_with_its_sovereign() -> None:
    sides = (known(COUNTRY, "PR"), known(US, "US"))
    yes = Trace(Compare("eq", COUNTRY, US), True, sides)
    assert compared(yes) == ["sourcing.country is PR, which counts as part of US"]
    not_known = Trace(Compare("eq", COUNTRY, US), unknown(("territories.PR",)), sides)
    assert found(not_known) == "nothing says whether PR counts as part of US"


def test_an_element_of_a_list_is_named_by_its_place() -> None:
    place = Place("step", 1, Place("chain", 2, Place("vehicle")))
    country = Fact("step", "country", Country())
    assert found(known(country, "KR", place)) == "country of chain 2, step 1 is KR"
    gap = Trace(country, unknown(("vehicle.chains.steps.country",)), place=place)
    assert found(gap) == "nothing is said about country of chain 2, step 1"
    anywhere = Place("step", 0, Place("chain", 0, Place("vehicle")))
    gap = Trace(country, unknown(("vehicle.chains.steps.country",)), place=anywhere)
    assert found(gap) == "nothing is said about vehicle.chains.steps.country"


def test_a_schedule_is_told_as_the_clause_says_it() -> None:
    schedule = Schedule(
        const(datetime.date(2023, 3, 28), Date()),
        "entry into force",
        (2, 0, 0),
        every=(2, 0, 0),
        recurs=Assumed("review_recurs", YesNo()),
    )
    assert schedule_words(schedule) == (
        "within 2 years of entry into force, and every 2 years thereafter, counted from the previous due date, "
        "when review_recurs"
    )
    before = Schedule(const(None, Date()), "the meeting", (0, 0, 30), backwards=True)
    assert schedule_words(before) == "at least 30 days before the meeting"
    assert schedule_words(Schedule(const(None, Date()), "2024-05-01", None)) == "by 2024-05-01"
