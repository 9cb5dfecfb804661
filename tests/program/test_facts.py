"""Facts: every accepted form, and every problem with its place."""

import datetime
from decimal import Decimal

import pytest

from policy_lang.program.fact_values import Mistake, read_value
from policy_lang.program.facts import Events, facts_from_mapping
from policy_lang.program.types import Money, Number, Percent, Period
from tests.backends.programs import AGREEMENT, VEHICLES


def problems(raw, program=VEHICLES):
    return [(p.place, p.code) for p in facts_from_mapping(program, raw)[1]]


def values(raw, program=VEHICLES):
    facts, found = facts_from_mapping(program, raw)
    assert found == ()
    return facts


@pytest.mark.parametrize(
    "price", [45000, "45000", "45000 USD", "45000.00", Decimal("45000.0"), Decimal("4.5E+4")]
)
def test_amounts(price):
    assert values({"vehicle": {"price": price}}).subjects["vehicle"].values == {"price": Decimal(45000)}


@pytest.mark.parametrize(
    ("price", "code"),
    [
        (45000.5, "float-number"),
        ("45000 EUR", "wrong-unit"),
        ("1e5", "wrong-kind"),
        ("1,000", "wrong-kind"),
        ("", "wrong-kind"),
        ("-", "wrong-kind"),
        ("NaN", "wrong-kind"),
        (Decimal("NaN"), "wrong-kind"),
        (Decimal("Infinity"), "wrong-kind"),
        (True, "wrong-kind"),
        ([], "wrong-kind"),
        ("9" * 35, "number-too-long"),
        pytest.param(10**5000, "number-too-long", id="very long"),
        (Decimal("1E+40"), "number-too-long"),
        (Decimal("1E-40"), "number-too-long"),
        ("0." + "1" * 34, "number-too-long"),
        ("-1", "out-of-bounds"),
        ("1.005", "out-of-bounds"),
        ("none", "none-given"),
        ("٣", "wrong-kind"),
    ],
)
def test_bad_amounts(price, code):
    assert problems({"vehicle": {"price": price}}) == [("vehicle.price", code)]


def test_percent_and_yes_no():
    facts = values({"measure": {"rate": "40 %"}, "practice": {"non_market": "no"}}, AGREEMENT)
    assert facts.subjects["measure"].values["rate"] == 40
    assert facts.subjects["practice"].values["non_market"] is False
    assert values({"measure": {"rate": "40%"}}, AGREEMENT).subjects["measure"].values["rate"] == 40


def test_unknown_and_none_and_empty():
    raw = {"vehicle": {"price": None, "rebate": "none", "chains": []}}
    assert values(raw).subjects["vehicle"].values == {"rebate": None, "chains": ()}
    assert values({"vehicle": {"chains": "none"}}).subjects["vehicle"].values == {"chains": ()}
    assert values({"vehicle": None}).is_empty
    assert values({}).is_empty


@pytest.mark.parametrize(
    "day", ["2024-02-30", "20240201", "2024-W01-1", "2024-1-31", 20240131, 1.5, "0000-01-01"]
)
def test_bad_dates(day):
    (found,) = facts_from_mapping(VEHICLES, {"vehicle": {"placed_in_service": day}})[1]
    assert found.path == ("vehicle", "placed_in_service")


def test_all_problems_are_reported_with_suggestions():
    raw = {
        "vehicel": {},
        "vehicle": {
            "prise": 1,
            "chains": [{"mineral": "lithum", "value": 0, "steps": [{"country": "jp"}, 5]}],
        },
        "chain": {},
        3: 4,
    }
    found = facts_from_mapping(VEHICLES, raw)[1]
    assert [(p.place, p.code) for p in found] == [
        ("vehicel", "unknown-fact"),
        ("vehicle.prise", "unknown-fact"),
        ("vehicle.chains[0].mineral", "unknown-word"),
        ("vehicle.chains[0].value", "out-of-bounds"),
        ("vehicle.chains[0].steps[0].country", "unknown-country"),
        ("vehicle.chains[0].steps[1]", "wrong-kind"),
        ("chain", "misplaced-record"),
        ("`3`", "unknown-fact"),
    ]
    assert found[0].help == "did you mean `vehicle`?"
    assert found[2].help == "did you mean `lithium`?"
    assert found[4].help == "write it in capitals: JP"
    assert "not" in found[6].message


def test_events():
    day = datetime.date(2025, 3, 10)
    assert values({"reviews": ["2025-03-10"]}, AGREEMENT).case == {"reviews": Events((day,))}
    known = {"dates": [day], "known_until": "2025-04-01"}
    assert values({"reviews": known}, AGREEMENT).case["reviews"].known_until == datetime.date(2025, 4, 1)
    assert values({"reviews": []}, AGREEMENT).case == {"reviews": Events(())}
    assert values({"reviews": None}, AGREEMENT).case == {}
    assert problems({"reviews": "2025-03-10"}, AGREEMENT) == [("reviews", "wrong-kind")]
    assert problems({"reviews": ["soon"]}, AGREEMENT) == [("reviews[0]", "wrong-kind")]
    assert problems({"reviews": {"date": []}}, AGREEMENT) == [("reviews.date", "unknown-fact")]


def test_determinations():
    facts = values({"necessary": {"value": "yes", "by": "Panel", "on": "2024-01-01"}}, AGREEMENT)
    assert facts.case == {"necessary": True}
    assert facts.made["necessary"][0].by == "Panel"
    assert problems({"necessary": {"value": 3, "whom": 1}}, AGREEMENT) == [
        ("necessary.whom", "unknown-fact"),
        ("necessary", "wrong-kind"),
    ]
    assert problems({"sourcing": {"country": {"value": "JP"}}}, AGREEMENT) == [
        ("sourcing.country", "wrong-kind")
    ]


def test_territories():
    assert values({"territories": {"PR": "yes", "GU": False}}).territories == {"PR": True, "GU": False}
    assert problems({"territories": {"US": True, "PR": 1}}) == [
        ("territories.US", "unknown-territory"),
        ("territories.PR", "wrong-kind"),
    ]


def test_facts_of_any_shape_are_refused_calmly():
    deep: object = []
    for _ in range(100_000):
        deep = [deep]
    for raw in (
        [],
        "x",
        None,
        5,
        {"vehicle": deep},
        {"vehicle": {"price": deep}},
        {"vehicle": {"chains": deep}},
    ):
        assert facts_from_mapping(VEHICLES, raw)[1]
    assert len(facts_from_mapping(VEHICLES, {"vehicle": {"chains": [7] * 5000}})[1]) == 1000


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2 years", (2, 0, 0)),
        ("1 year 6 months", (1, 6, 0)),
        ("30 days", (0, 0, 30)),
        ("1 month and 1 day", (0, 1, 1)),
    ],
)
def test_periods(text, period):
    assert read_value(text, Period()) == period


def test_whole_numbers_and_text_that_is_no_period():
    assert isinstance(read_value("2.5", Number(whole=True)), Mistake)
    assert read_value("2.0", Number(whole=True)) == 2
    for text in ("", " ", "soon", "2", "2 years 2 years", 5):
        assert isinstance(read_value(text, Period()), Mistake)


def test_an_exponent_is_no_unit():
    for kind in (Number(), Money("USD"), Percent()):
        mistake = read_value("1e5", kind)
        assert isinstance(mistake, Mistake)
        assert (mistake.code, "exponent" in mistake.help) == ("wrong-kind", True)
