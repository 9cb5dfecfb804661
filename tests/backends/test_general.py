"""Decisions on any facts: what is known, what is not, and what the answers rest on."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from policy_lang.policy import InvalidFacts, InvalidQuestion, Policy
from tests.backends.programs import AGREEMENT, VEHICLES

DAY = datetime.date(2024, 6, 1)


@pytest.fixture(scope="module")
def vehicles():
    return Policy(VEHICLES)


@pytest.fixture(scope="module")
def agreement():
    return Policy(AGREEMENT)


def step(activity, country, value):
    return {"activity": activity, "country": country, "value_added": value}


def vehicle(*chains, **more):
    return {"vehicle": {"placed_in_service": "2024-05-01", "price": "45000", "chains": list(chains), **more}}


GOOD = {
    "mineral": "lithium",
    "value": 300,
    "steps": [step("extraction", "AU", 60), step("extraction", "CN", 40)],
}
BAD = {
    "mineral": "gallium",
    "value": 100,
    "steps": [step("extraction", "JP", 60), step("processing", "US", 9)],
}


class TestVehicles:
    def test_decides(self, vehicles):
        outcomes = vehicles.evaluate(vehicle(GOOD, BAD, rebate="none"), DAY).outcomes
        assert outcomes["qualifying_value"].value == 300
        assert outcomes["required"].value == 50
        assert outcomes["required"].type == "percent"
        assert outcomes["credit"].value == 7500
        assert outcomes["per_chain"].value == 22500
        assert outcomes["after_rebate"].state == "error"
        assert outcomes["after_rebate"].to_json()["error"]["code"] == "none-used"

    def test_a_status_is_read_on_the_date_of_the_call(self, vehicles):
        chain = {"mineral": "lithium", "value": 1, "steps": [step("extraction", "JP", 1)]}
        facts = vehicle(chain)
        assert vehicles.evaluate(facts, DAY).outcomes["qualifying_value"].value == 1
        facts["vehicle"]["placed_in_service"] = "2023-03-27"
        assert vehicles.evaluate(facts, DAY).outcomes["qualifying_value"].value == 0

    def test_no_row_is_not_in_force(self, vehicles):
        facts = vehicle(GOOD, placed_in_service="2022-01-01")
        found = vehicles.evaluate(facts, DAY).outcomes["required"]
        assert found.state == "not in force"
        assert found.reasons == [{"code": "no-row", "message": "no row of the table speaks of that date"}]
        assert found.needs == []

    def test_what_cannot_matter_is_not_asked(self, vehicles):
        chain = {"mineral": "lithium", "value": 5, "steps": [{"activity": "processing"}]}
        found = vehicles.evaluate(vehicle(chain), DAY).outcomes["qualifying_value"]
        assert (found.state, found.value) == ("decided", 0)

    def test_intervals_decide_a_sum(self, vehicles):
        facts = vehicle(GOOD | {"steps": [step("extraction", "AU", 60), step("extraction", None, 40)]})
        assert vehicles.evaluate(facts, DAY).outcomes["qualifying_value"].value == 300
        facts = vehicle(GOOD | {"steps": [step("extraction", "AU", 60), step("extraction", None, 70)]})
        found = vehicles.evaluate(facts, DAY).outcomes["qualifying_value"]
        assert found.state == "undetermined"
        assert found.needs == ["vehicle.chains.steps.country"]

    def test_nothing_known(self, vehicles):
        decision = vehicles.evaluate({}, DAY)
        assert set(decision.states.values()) == {"undetermined"}
        needs = decision.outcomes["qualifying_value"].needs
        assert needs[:2] == ["vehicle.placed_in_service", "vehicle.chains"]
        assert "vehicle.chains.steps.value_added" in needs
        assert decision.asked == tuple(vehicles.numbers)

    def test_order_of_needs_goes_by_how_many_need_them(self, vehicles):
        decision = vehicles.evaluate({"vehicle": {}}, DAY)
        assert decision.outcomes["credit"].needs == ["vehicle.placed_in_service", "vehicle.price"]

    def test_no_chains(self, vehicles):
        outcomes = vehicles.evaluate(vehicle(), DAY).outcomes
        assert outcomes["qualifying_value"].value == 0
        assert outcomes["per_chain"].state == "error"
        assert outcomes["per_chain"].reasons[0]["code"] == "division-by-zero"

    def test_no_finite_decimal(self, vehicles):
        found = vehicles.evaluate(vehicle(GOOD, BAD, BAD, price=200), DAY).outcomes["per_chain"]
        assert found.value == Fraction(200, 3)
        assert found.to_json()["value"] == "200/3"

    def test_territories(self, vehicles):
        chain = GOOD | {"steps": [step("extraction", "PR", 1)]}
        assert vehicles.evaluate(vehicle(chain), DAY).outcomes["qualifying_value"].value == 300
        facts = vehicle(chain) | {"territories": {"PR": "no"}}
        assert vehicles.evaluate(facts, DAY).outcomes["qualifying_value"].value == 0
        guam = GOOD | {"steps": [step("extraction", "GU", 1)]}
        found = vehicles.evaluate(vehicle(guam), DAY).outcomes["qualifying_value"]
        assert found.needs == ["territories.GU"]
        facts = vehicle(guam) | {"territories": {"GU": True}}
        assert vehicles.evaluate(facts, DAY).outcomes["qualifying_value"].value == 300

    def test_assumptions(self, vehicles):
        chain = BAD | {"steps": [step("recycling", "US", 1)]}
        found = vehicles.evaluate(vehicle(chain), DAY).outcomes["qualifying_value"]
        assert found.value == 100
        assert found.assumes == ["recycling_counts"]
        flipped = vehicles.evaluate(vehicle(chain), DAY, assume={"recycling_counts": "no"})
        assert flipped.outcomes["qualifying_value"].value == 0
        assert vehicles.evaluate(vehicle(GOOD), DAY).outcomes["qualifying_value"].assumes == []

    def test_checks(self, vehicles):
        facts = vehicle(GOOD | {"steps": [step("extraction", "AU", 2_000_000)]}, price=10, rebate=20)
        with pytest.raises(InvalidFacts) as caught:
            vehicles.evaluate(facts, DAY)
        assert [(p.place, p.code) for p in caught.value.problems] == [
            ("vehicle", "check-failed"),
            ("vehicle.chains[0].steps[0]", "check-failed"),
        ]

    def test_some_outcomes_only(self, vehicles):
        decision = vehicles.evaluate(vehicle(GOOD), DAY, outcomes=["credit"])
        assert list(decision.outcomes) == ["credit"]
        with pytest.raises(InvalidQuestion, match="did you mean `credit`"):
            vehicles.evaluate({}, DAY, outcomes=["credits"])


class TestAgreement:
    def test_only_given_subjects_are_decided(self, agreement):
        decision = agreement.evaluate({"sourcing": {"country": "JP", "good": "lithium"}}, DAY)
        assert decision.states["fta_treatment"] == "granted"
        assert "export_duties" not in decision.outcomes
        assert decision.states["undertaking_7"] == "applies"
        assert len(decision.outcomes) == 15

    def test_json(self, agreement):
        document = agreement.evaluate({"sourcing": {"country": "JP", "good": "graphite"}}, DAY).to_json()
        assert {key: document[key] for key in ("policy", "as_of", "instruments", "verified")} == {
            "policy": "agreement",
            "as_of": "2024-06-01",
            "instruments": ["agreement", "trade"],
            "verified": "2026-11-22",
        }
        assert document["outcomes"]["fta_treatment"] == {
            "family": "status",
            "subject": "sourcing",
            "state": "granted",
            "value": None,
            "type": None,
            "force": "binding",
            "needs": [],
            "assumes": ["graphite_counts"],
            "determinations": [],
            "cites": ["CRS IF12517; secondary"],
            "because": [
                "sourcing.country is JP",
                "sourcing.good is graphite",
                "graphite is one of cobalt, graphite, lithium, manganese and nickel",
                "assumed: graphite_counts is yes",
            ],
        }
        review = document["outcomes"]["joint_review"]
        assert (review["state"], review["due"]) == ("pending", "2025-03-28")
        assert review["calendar"] == ["2025-03-28", "2027-03-28"]
        assert review["assumes"] == []
        assert review["calendar_assumes"] == ["review_recurs"]

    def test_before_and_on_the_day_of_entry_into_force(self, agreement):
        facts = {"sourcing": {"country": "JP", "good": "lithium"}}
        before = agreement.evaluate(facts, datetime.date(2023, 3, 27))
        assert set(before.states.values()) == {"not in force"}
        on = agreement.evaluate(facts, datetime.date(2023, 3, 28))
        assert on.states["fta_treatment"] == "granted"

    def test_breach_and_defence(self, agreement):
        measure = {"kind": "export_duty", "by": "US", "to": "JP", "good": "nickel", "rate": "0.5 %"}
        found = agreement.evaluate({"measure": measure}, DAY).outcomes["export_duties"]
        assert found.state == "breached"
        assert found.to_json()["defences"] == [
            {
                "name": "security",
                "label": "Essential security",
                "state": "undetermined",
                "needs": ["necessary"],
            }
        ]
        found = agreement.evaluate({"measure": measure | {"to": "CN"}}, DAY).outcomes["export_duties"]
        assert found.state == "not applicable"

    def test_determinations_are_repeated(self, agreement):
        made = {"value": "yes", "by": "USTR", "on": "2024-01-05"}
        practice = {"by": "CN", "good": "nickel", "kind": "dumping", "non_market": made}
        found = agreement.evaluate({"practice": practice}, DAY).outcomes["non_market_practice"]
        assert found.state == "raised"
        assert found.to_json()["determinations"] == [
            {"name": "practice.non_market", "value": True, "by": "USTR", "on": "2024-01-05"}
        ]
        found = agreement.evaluate({"practice": practice | {"by": "JP"}}, DAY).outcomes["non_market_practice"]
        assert (found.state, found.determinations) == ("clear", [])

    @pytest.mark.parametrize(
        ("as_of", "reviews", "state", "due"),
        [
            ("2025-03-28", None, "pending", "2025-03-28"),
            ("2025-03-29", None, "undetermined", "2025-03-28"),
            ("2025-03-29", [], "overdue", "2025-03-28"),
            ("2025-03-29", ["2025-03-10"], "pending", "2027-03-28"),
            ("2027-03-29", ["2025-03-10"], "overdue", "2027-03-28"),
            (
                "2027-03-29",
                {"dates": ["2025-03-10"], "known_until": "2026-01-01"},
                "undetermined",
                "2027-03-28",
            ),
        ],
    )
    def test_reviews(self, agreement, as_of, reviews, state, due):
        facts = {} if reviews is None else {"reviews": reviews}
        found = agreement.evaluate(facts, datetime.date.fromisoformat(as_of)).outcomes["joint_review"]
        assert found.state == state
        assert found.due == datetime.date.fromisoformat(due)
        assert found.needs == (["reviews"] if state == "undetermined" else [])

    def test_once_only(self, agreement):
        day = datetime.date(2025, 6, 1)
        found = agreement.evaluate({"reviews": ["2025-04-10"]}, day, {"review_recurs": False}).outcomes
        assert found["joint_review"].state == "fulfilled"
        assert found["joint_review"].on_time is False
        assert found["joint_review"].assumes == ["review_recurs"]

    def test_wrong_questions(self, agreement):
        for bad in (1.5, "2024-01-01", None, datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)):
            with pytest.raises(InvalidQuestion):
                agreement.evaluate({}, bad)
        with pytest.raises(InvalidQuestion, match="did you mean `review_recurs`"):
            agreement.evaluate({}, DAY, {"review_recur": True})
        with pytest.raises(InvalidQuestion):
            agreement.evaluate({}, DAY, {"review_recurs": Decimal(1)})
