"""Answers that are easy to get wrong, and the names that other people's checks rely on."""

from __future__ import annotations

import copy
import datetime
from decimal import Decimal
from typing import Any

import pytest

from policy_lang.policy import DecidedOutcome
from policy_lang.program.types import Country, Date, Dates, Enumeration, ListOf, Money, Number, Percent, YesNo
from tests.property.decisions import compiled

TODAY = datetime.date(2026, 11, 22)


def vehicle(**changes: Any) -> dict[str, Any]:
    """A vehicle that meets everything, delivered in 2024."""
    facts: dict[str, Any] = {
        "placed_in_service": "2024-06-01",
        "acquired": "2024-06-01",
        "final_assembly": "US",
        "battery_kwh": 75,
        "gross_weight_lb": 5500,
        "class": "suv",
        "msrp": 60000,
        "filing_status": "joint",
        "magi_this_year": 200000,
        "magi_last_year": 200000,
        "chains": [chain(("extraction", "AU", 100))],
        "components": [{"value": 1000, "made_in": "US", "from_entity_of_concern": False}],
    }
    return {"vehicle": {**copy.deepcopy(facts), **changes}}


def chain(*steps: tuple[str, str, int], mineral: str = "lithium", value: int = 1000) -> dict[str, Any]:
    return {
        "mineral": mineral,
        "value": value,
        "from_entity_of_concern": False,
        "steps": [{"activity": a, "country": c, "value_added": v} for a, c, v in steps],
    }


def credit(facts: dict[str, Any], *outcomes: str, **assume: bool) -> tuple[DecidedOutcome, ...]:
    policy, _ = compiled("clean_vehicle_credit")
    decided = policy.evaluate(facts, TODAY, assume or None, outcomes or ("credit",)).outcomes
    return tuple(decided[name] for name in outcomes or ("credit",))


def agreement(
    facts: dict[str, Any], name: str, as_of: datetime.date = datetime.date(2024, 6, 1)
) -> DecidedOutcome:
    return compiled("us_japan_2023")[0].evaluate(facts, as_of, None, [name]).outcomes[name]


def test_the_vehicle_from_which_the_others_are_made_has_the_full_credit() -> None:
    (amount,) = credit(vehicle())
    assert (amount.state, amount.value, amount.type) == ("decided", 7500, "money USD")


def test_recycling_in_china_is_half_of_nothing_and_qualifies_no_chain() -> None:
    facts = vehicle(chains=[chain(("recycling", "CN", 500))])
    share, met, amount = credit(facts, "minerals_share", "minerals_met", "credit")
    assert (share.value, met.value, amount.value) == (0, False, 3750)


def test_recycling_of_no_value_in_north_america_qualifies_no_chain() -> None:
    (share,) = credit(vehicle(chains=[chain(("recycling", "US", 0))]), "minerals_share")
    assert (share.state, share.value) == ("decided", 0)


def test_recycling_in_japan_does_not_count_but_processing_there_does() -> None:
    (recycled,) = credit(
        vehicle(chains=[chain(("recycling", "JP", 500), mineral="graphite")]), "minerals_share"
    )
    (processed,) = credit(
        vehicle(chains=[chain(("processing", "JP", 500), mineral="graphite")]), "minerals_share"
    )
    (at_home,) = credit(
        vehicle(chains=[chain(("recycling", "MX", 500), mineral="graphite")]), "minerals_share"
    )
    assert (recycled.value, processed.value, at_home.value) == (0, 100, 100)


def test_in_early_2023_the_law_was_in_force_and_the_sourcing_tests_were_not() -> None:
    facts = vehicle(placed_in_service="2023-02-01", acquired="2023-02-01", battery_kwh=7)
    amount, minerals, components = credit(facts, "credit", "minerals_met", "components_met")
    assert (amount.state, amount.value) == ("decided", 3751)
    assert (minerals.state, components.state) == ("not in force", "not in force")
    for day, value in (("2023-01-01", 3751), ("2023-04-17", 3751), ("2023-04-18", 7500)):
        (amount,) = credit(vehicle(placed_in_service=day, acquired=day, battery_kwh=7))
        assert (amount.state, amount.value) == ("decided", value), day
    (before,) = credit(vehicle(placed_in_service="2022-12-31", acquired="2022-12-31"))
    assert before.state == "not in force"


@pytest.mark.parametrize(
    ("kwh", "value"),
    [("6.999", 0), ("7", 3751), ("7.999", 3751), ("8", 4168), ("15.9", 7087), ("16", 7500), ("100", 7500)],
)
def test_before_the_sourcing_tests_only_whole_kilowatt_hours_count(kwh: str, value: int) -> None:
    (amount,) = credit(vehicle(placed_in_service="2023-02-01", acquired="2023-02-01", battery_kwh=kwh))
    assert amount.value == value


def test_a_practice_of_unknown_character_raises_no_flag_and_asks_for_the_determination() -> None:
    flag = agreement({"practice": {"by": "CL", "good": "nickel"}}, "non_market")
    assert (flag.state, flag.needs) == ("undetermined", ["practice.non_market"])


def test_a_determination_carries_who_made_it() -> None:
    made = {"value": True, "by": "USTR", "on": "2024-05-01"}
    flag = agreement({"practice": {"by": "CL", "good": "nickel", "non_market": made}}, "non_market")
    assert flag.state == "raised"
    assert flag.determinations == [
        {"name": "practice.non_market", "value": True, "by": "USTR", "on": datetime.date(2024, 5, 1)}
    ]


def test_a_battery_without_chains_meets_nothing() -> None:
    share, met, amount = credit(vehicle(chains=[]), "minerals_share", "minerals_met", "credit")
    assert (share.state, share.value) == ("decided", 0)
    assert (met.value, amount.value) == (False, 3750)


def test_a_battery_without_components_meets_nothing() -> None:
    share, met, amount = credit(vehicle(components=[]), "components_share", "components_met", "credit")
    assert (share.value, met.value, amount.value) == (0, False, 3750)


def test_a_japanese_duty_on_graphite_is_a_breach_when_nobody_speaks_of_exceptions() -> None:
    measure = {"kind": "export_duty", "by": "JP", "to": "US", "good": "graphite", "rate": 5}
    duty = agreement({"measure": measure}, "export_duties")
    assert (duty.state, duty.force) == ("breached", "binding")
    assert all(defence["state"] == "not invoked" for defence in duty.defences)


def test_acquired_in_time_and_delivered_later_the_shares_are_those_of_delivery_and_that_is_an_assumption() -> (
    None
):
    late = {"placed_in_service": "2026-01-15", "acquired": "2025-09-20"}
    (amount,) = credit(vehicle(**late))
    assert (amount.state, amount.value) == ("decided", 7500)
    both = [
        chain(("extraction", "AU", 100), value=650),
        chain(("extraction", "ID", 100), value=350, mineral="nickel"),
    ]
    (met,) = credit(vehicle(**late, chains=both), "minerals_met")
    assert (met.value, met.assumes) == (False, ["share_year_follows_delivery"])
    (flipped,) = credit(vehicle(**late, chains=both), "minerals_met", share_year_follows_delivery=False)
    assert flipped.value is True
    (too_late,) = credit(vehicle(placed_in_service="2026-01-15", acquired="2025-10-01"))
    assert too_late.value == 0


@pytest.mark.parametrize(
    ("at_the_cap", "over_it"),
    [
        ({"msrp": 80000}, {"msrp": "80000.01"}),
        ({"class": "other", "msrp": 55000}, {"class": "other", "msrp": "55000.01"}),
        (
            {"magi_this_year": 300000, "magi_last_year": 300000},
            {"magi_this_year": "300000.01", "magi_last_year": "300000.01"},
        ),
        (
            {"filing_status": "head_of_household", "magi_this_year": 225000, "magi_last_year": 999999},
            {"filing_status": "head_of_household", "magi_this_year": 225001, "magi_last_year": 999999},
        ),
        (
            {"filing_status": "single", "magi_this_year": 999999, "magi_last_year": 150000},
            {"filing_status": "single", "magi_this_year": 999999, "magi_last_year": 150001},
        ),
        ({"gross_weight_lb": "13999.99"}, {"gross_weight_lb": 14000}),
        ({"battery_kwh": 7}, {"battery_kwh": "6.99"}),
    ],
    ids=[
        "price of an suv",
        "price of another",
        "joint income",
        "head of household",
        "single",
        "weight",
        "battery",
    ],
)
def test_what_equals_a_limit_is_on_the_right_side_of_it(
    at_the_cap: dict[str, Any], over_it: dict[str, Any]
) -> None:
    assert credit(vehicle(**at_the_cap))[0].value == 7500
    assert credit(vehicle(**over_it))[0].value == 0


def test_shares_are_exact() -> None:
    chains = [
        chain(("extraction", "AU", 100), value=1),
        chain(("extraction", "ID", 100), value=2, mineral="nickel"),
    ]
    (share,) = credit(vehicle(chains=chains), "minerals_share")
    assert share.to_json()["value"] == "100/3"
    chains[1]["value"] = "1"
    (half, met) = credit(vehicle(chains=chains), "minerals_share", "minerals_met")
    assert (half.value, met.value) == (Decimal(50), True)


def test_an_entity_of_concern_bars_the_whole_credit_only_after_its_date() -> None:
    components = [{"value": 1000, "made_in": "US", "from_entity_of_concern": True}]
    for day, value in (("2023-12-31", 7500), ("2024-01-01", 0)):
        (amount,) = credit(vehicle(placed_in_service=day, acquired=day, components=components))
        assert amount.value == value, day
    chains = [{**chain(("extraction", "AU", 100)), "from_entity_of_concern": True}]
    for day, value in (("2024-12-31", 7500), ("2025-01-01", 0)):
        (amount,) = credit(vehicle(placed_in_service=day, acquired=day, chains=chains))
        assert amount.value == value, day


# ------------------------------------------------------------------ names that other people's checks rely on


def test_names_of_the_agreement() -> None:
    program = compiled("us_japan_2023")[0].program
    families = {outcome.name: (outcome.family, outcome.subject) for outcome in program.outcomes}
    assert families["fta_treatment"] == ("status", "sourcing")
    assert families["export_duties"] == ("prohibition", "measure")
    assert families["joint_review"] == ("obligation", None)
    assert families["non_market"] == ("flag", "practice")
    assert [(fact.name, fact.type) for fact in program.case_facts] == [("reviews", Dates())]
    fields = {record.name: {field.name: field for field in record.fields} for record in program.records}
    assert set(fields["sourcing"]) == {"country", "good"}
    assert set(fields["measure"]) == {"kind", "by", "to", "good", "rate"}
    assert set(fields["practice"]) >= {"by", "good", "kind", "non_market"}
    assert fields["measure"]["rate"].type == Percent()
    assert isinstance(fields["measure"]["kind"].type, Enumeration)
    assert set(fields["measure"]["kind"].type.members) == {
        "export_duty",
        "import_duty",
        "export_restriction",
        "import_restriction",
    }
    assert fields["practice"]["non_market"].determination
    assert fields["practice"]["non_market"].type == YesNo()


def test_names_of_the_credit() -> None:
    program = compiled("clean_vehicle_credit")[0].program
    types = {outcome.name: outcome.type for outcome in program.outcomes}
    for name, kind in {
        "minerals_met": YesNo(),
        "components_met": YesNo(),
        "eligible": YesNo(),
        "credit": Money("USD"),
        "minerals_share": Percent(),
        "components_share": Percent(),
    }.items():
        assert types[name] == kind
    records = {record.name: record for record in program.records}
    assert records["vehicle"].judged_on == "placed_in_service"
    fields = {name: {field.name: field.type for field in record.fields} for name, record in records.items()}
    usd = Money("USD")
    assert fields["vehicle"] == {
        "placed_in_service": Date(),
        "acquired": Date(),
        "final_assembly": Country(),
        "battery_kwh": Number(),
        "gross_weight_lb": Number(),
        "class": Enumeration(None, ("van", "suv", "pickup", "other")),
        "msrp": usd,
        "filing_status": Enumeration(
            None, ("joint", "surviving_spouse", "head_of_household", "single", "separate")
        ),
        "magi_this_year": usd,
        "magi_last_year": usd,
        "chains": ListOf("chain"),
        "components": ListOf("component"),
    }
    assert set(fields["chain"]) == {"mineral", "value", "steps", "from_entity_of_concern"}
    assert fields["step"] == {
        "activity": Enumeration(None, ("extraction", "processing", "recycling")),
        "country": Country(),
        "value_added": usd,
    }
    assert fields["component"] == {"value": usd, "made_in": Country(), "from_entity_of_concern": YesNo()}


def test_the_twenty_partners_on_the_day_before_and_the_day_itself() -> None:
    policy, _ = compiled("us_free_trade_agreements")
    begins = {
        "IL": "1985-09-01", "CA": "1994-01-01", "MX": "1994-01-01", "JO": "2001-12-17", "CL": "2004-01-01",
        "SG": "2004-01-01", "AU": "2005-01-01", "MA": "2006-01-01", "SV": "2006-03-01", "HN": "2006-04-01",
        "NI": "2006-04-01", "GT": "2006-07-01", "BH": "2006-08-01", "DO": "2007-03-01", "CR": "2009-01-01",
        "OM": "2009-01-01", "PE": "2009-02-01", "KR": "2012-03-15", "CO": "2012-05-15", "PA": "2012-10-31",
    }  # fmt: skip
    assert len(begins) == 20
    for code, first in begins.items():
        day = datetime.date.fromisoformat(first)
        facts = {"sourcing": {"country": code, "good": "copper"}}
        for date, expected in ((day - datetime.timedelta(days=1), False), (day, True), (TODAY, True)):
            answer = policy.evaluate(facts, date, None, ["is_partner"]).outcomes["is_partner"]
            assert answer.value is expected, (code, date)
    for code in ("JP", "CN", "GB", "IN"):
        facts = {"sourcing": {"country": code, "good": "copper"}}
        assert policy.evaluate(facts, TODAY, None, ["is_partner"]).outcomes["is_partner"].value is False


# ----------------------------------------------------------------------------- what newspapers got wrong


def test_the_credit_is_the_buyers_whatever_the_make_and_vehicles_from_japan_have_none() -> None:
    (amount,) = credit(vehicle(final_assembly="JP"))
    assert amount.value == 0


def test_components_from_trade_partners_do_not_count() -> None:
    components = [{"value": 1000, "made_in": "JP", "from_entity_of_concern": False}]
    share, amount = credit(vehicle(components=components), "components_share", "credit")
    assert (share.value, amount.value) == (0, 3750)


def test_restrictions_on_exports_are_recalled_and_not_prohibited_anew() -> None:
    measure = {"kind": "export_restriction", "by": "JP", "to": "US", "good": "nickel"}
    recalled = agreement({"measure": measure}, "restrictions")
    assert (recalled.state, recalled.force) == ("applies", "affirmation")
    assert agreement({"measure": measure}, "export_duties").state == "not applicable"


def test_whether_minerals_outside_the_agreement_count_from_japan_is_an_assumption() -> None:
    facts = vehicle(chains=[chain(("processing", "JP", 500), mineral="copper")])
    (none_applicable,) = credit(facts, "minerals_share")
    assert none_applicable.value == 0  # copper is no applicable critical mineral at all
    facts = vehicle(chains=[chain(("processing", "JP", 500), mineral="gallium")])
    (share,) = credit(facts, "minerals_share")
    assert (share.value, "other_minerals_count_from_japan" in share.assumes) == (0, True)
    (flipped,) = credit(facts, "minerals_share", other_minerals_count_from_japan=True)
    assert flipped.value == 100
