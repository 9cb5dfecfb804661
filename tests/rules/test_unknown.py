"""What is unknown, what waits, what is needed and what an answer rests on: rules W1 to W7."""

from __future__ import annotations

import pytest

from tests.rules.texts import Text, compiled

HERDS = """
law herds
    title "Herds"
    in force from 2020-01-01

record herd "A herd"
    fenced   yes or no                      "Is it fenced?"
    owner    country                        "Whose is it?"
    head     whole number at least 0        "How many?"
    animals  list of animal

record animal in herd "One animal"
    weight   quantity kg at least 0 kg
    sick     determination                  "Is it sick?"
    old      yes or no

determination drought "Is there a drought?"

assume fences_count is yes
    because "a fence is enough"             [Reading A]
    but see "it is not"                     [Reading B]

assume owners_count is no
    because "owners do not matter"          [Reading C]
    but see "they do"                       [Reading D]

rule kept for herd : yes or no
    yes when fenced or fences_count
    otherwise no

rule watched for herd : yes or no
    yes when fenced
    yes when owners_count
    otherwise no

rule kept_dry for herd : yes or no
    fenced or drought

rule any_sick for herd : yes or no
    any of animals is sick

rule old_and_sick for herd : whole number
    count of animals where old and sick

rule sick_in_drought for herd : yes or no
    drought and any of animals is sick

rule by_owner for herd : whole number
    1 when fenced
    2 when owners_count
    otherwise 3
"""


@pytest.fixture(scope="module")
def herds(tmp_path_factory: pytest.TempPathFactory) -> Text:
    return compiled(tmp_path_factory.mktemp("herds"), HERDS)


def herd(**facts: object) -> dict[str, object]:
    return {"herd": facts}


def test_w6_an_assumption_that_makes_no_difference_is_neither_named_nor_cited(herds: Text) -> None:
    outcome = herds.outcome("kept", herd(fenced=True))
    assert (outcome.value, outcome.assumes) == (True, [])
    assert outcome.because == ["herd.fenced is yes"]
    assert outcome.cites == []
    outcome = herds.outcome("kept", herd(fenced=False))
    assert (outcome.value, outcome.assumes) == (True, ["fences_count"])
    assert "assumed: fences_count is yes" in outcome.because
    assert outcome.cites == ["Reading A"]


def test_w6_an_assumption_that_kept_another_case_away_is_named_and_cited(herds: Text) -> None:
    outcome = herds.outcome("by_owner", herd(fenced=True))
    assert (outcome.value, outcome.assumes, outcome.cites) == (1, ["owners_count"], ["Reading C"])
    assert "assumed: owners_count is no" in outcome.because
    outcome = herds.outcome("watched", herd(fenced=True))
    assert (outcome.value, outcome.assumes, outcome.cites) == (True, [], [])
    assert not any("owners_count" in one for one in outcome.because)


def test_w6_a_determination_that_makes_no_difference_is_not_named(herds: Text) -> None:
    outcome = herds.outcome("kept_dry", {**herd(fenced=True), "drought": True})
    assert outcome.determinations == []
    assert outcome.because == ["herd.fenced is yes"]
    outcome = herds.outcome("kept_dry", {**herd(fenced=False), "drought": True})
    assert [one["name"] for one in outcome.determinations] == ["drought"]
    assert "drought is yes" in outcome.because


def animals(*sick: tuple[bool | None, object]) -> dict[str, object]:
    return herd(animals=[{"old": old} if said is None else {"old": old, "sick": said} for old, said in sick])


def made(by: str, value: bool = True) -> dict[str, object]:
    return {"value": value, "by": by}


def test_w6_of_the_determinations_in_a_list_only_those_that_matter_are_listed(herds: Text) -> None:
    facts = animals((True, made("A")), (False, made("B")), (True, made("C", False)), (True, None))
    outcome = herds.outcome("old_and_sick", facts)
    assert outcome.state == "undetermined"
    assert [(one["where"], one["by"]) for one in outcome.determinations] == [
        ("animal 1", "A"),
        ("animal 3", "C"),
    ]
    assert outcome.determinations[0]["name"] == "herd.animals.sick"
    assert "herd.animals.sick of animal 3 is no, decided by C" in herds.explained("old_and_sick", facts)


def test_w6_no_determination_in_a_list_is_listed_where_none_matters(herds: Text) -> None:
    facts = animals((False, made("A")), (True, made("B")))
    assert herds.outcome("sick_in_drought", {**facts, "drought": False}).determinations != []
    unasked = herds.outcome("old_and_sick", animals((False, made("A")), (False, made("B"))))
    assert (unasked.value, unasked.determinations) == (0, [])
    assert unasked.because != []


def test_w6_every_determination_of_a_list_that_any_of_may_need_is_listed(herds: Text) -> None:
    outcome = herds.outcome("any_sick", animals((True, made("A")), (True, made("B", False))))
    assert outcome.value is True
    assert [one["by"] for one in outcome.determinations] == ["A", "B"]


# ------------------------------------------------------------------------------ W1 to W5, W7

LOTS = """
law lots
    title "Lots"
    in force from 2020-01-01

record lot "A lot"
    fresh   yes or no
    clean   yes or no
    price   money USD at least 10 USD at most 20 USD
    weight  quantity kg at least 0 kg
    items   list of item

record item in lot "One item"
    worth   money USD at least 0 USD
    good    yes or no

rule both for lot : yes or no
    fresh and clean

rule one for lot : yes or no
    fresh or clean

rule risky for lot : yes or no
    price / weight is more than 1 USD

rule both_risky for lot : yes or no
    fresh and 1 kg is at least 50 % of weight

rule dear for lot : yes or no
    2 * price + 1 USD is more than 20 USD

rule cheap for lot : yes or no
    price is less than 20 USD

rule same for lot : yes or no
    price - price is 0 USD

rule total for lot : money USD
    sum of worth of items

rule how_many for lot : whole number
    count of items where good

rule any_good for lot : yes or no
    any of items is good

rule all_good for lot : yes or no
    all of items are good

rule dearest for lot : money USD
    most of worth of items
"""


@pytest.fixture(scope="module")
def lots(tmp_path_factory: pytest.TempPathFactory) -> Text:
    text = LOTS.replace("price / weight is more than 1 USD", "weight is more than 0 kg")
    return compiled(tmp_path_factory.mktemp("lots"), text)


def lot(**facts: object) -> dict[str, object]:
    return {"lot": facts}


def test_w1_there_is_a_value_or_a_reason_for_its_absence(lots: Text) -> None:
    assert lots.outcome("both", lot()).absence.reason == "unknown"  # type: ignore[union-attr]  # where it is nothing, this fails
    assert lots.outcome("both", lot(), "2019-12-31").absence.reason == "not in force"  # type: ignore[union-attr]  # where it is nothing, this fails
    error = lots.outcome("both_risky", lot(fresh=True, weight=0))
    assert (error.state, error.absence.reason) == ("error", "error")  # type: ignore[union-attr]  # where it is nothing, this fails
    assert lots.outcome("both", lot(fresh=True, clean=True)).absence is None


def test_w2_an_unknown_number_lies_within_its_limits(lots: Text) -> None:
    assert lots.value("dear", lot()) is True
    assert lots.state("cheap", lot()) == "undetermined"
    assert lots.state("same", lot()) == "undetermined"  # two mentions of a fact are not related


@pytest.mark.parametrize(
    ("fresh", "clean", "both", "one"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (False, False, False, False),
        (True, None, None, True),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_w3_one_no_decides_and_one_yes_decides_or(
    lots: Text, fresh: object, clean: object, both: object, one: object
) -> None:
    facts = lot(**{k: v for k, v in (("fresh", fresh), ("clean", clean)) if v is not None})
    assert lots.outcome("both", facts).value is both
    assert lots.outcome("one", facts).value is one


def test_w3_unknown_stands_before_an_error(lots: Text) -> None:
    assert lots.state("both_risky", lot(weight=0)) == "undetermined"
    assert lots.value("both_risky", lot(fresh=False, weight=0)) is False
    assert lots.state("both_risky", lot(fresh=True, weight=0)) == "error"


def test_w4_what_was_decided_needs_nothing(lots: Text) -> None:
    assert lots.outcome("both", lot(fresh=True)).needs == ["lot.clean"]
    assert lots.outcome("both", lot(fresh=False)).needs == []
    assert lots.outcome("all_good", lot(items=[{"good": True}, {}])).needs == ["lot.items.good"]


def test_w5_an_answer_stays_when_more_becomes_known(lots: Text) -> None:
    for more in ({}, {"clean": True}, {"clean": False}, {"price": 12, "weight": 0}):
        assert lots.value("both", lot(fresh=False, **more)) is False
        assert lots.value("dear", lot(**more)) is True


def test_w7_an_empty_list_is_known_and_a_list_not_given_is_not(lots: Text) -> None:
    empty = lot(items=[])
    assert [lots.value(name, empty) for name in ("total", "how_many", "any_good", "all_good")] == [
        0,
        0,
        False,
        True,
    ]
    assert lots.outcome("dearest", empty).reasons[0]["code"] == "nothing-to-compare"
    assert lots.outcome("total", lot()).needs == ["lot.items", "lot.items.worth"]
    assert lots.value("how_many", lot(items=[{"good": True}, {"good": False}])) == 1
