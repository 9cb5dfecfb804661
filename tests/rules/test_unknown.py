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
