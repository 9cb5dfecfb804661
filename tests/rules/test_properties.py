"""Properties (rule F8): what becomes of them for the facts of one case, and of two."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from policy_lang.program.properties import Kept, for_case, for_pair
from policy_lang.program.tracer import Tracer
from tests.rules.texts import Text, compiled

TOLL = """
law toll
    in force from 2024-01-01 until 2024-12-31

use trade

record lorry, judged on seen
    seen    date
    weight  number at least 0
    clean   yes or no
    axles   list of axle

record axle in lorry
    load    number at least 0

rule due for lorry : money EUR                                          [Art. 1]
    10 EUR when weight is more than 3
    20 EUR when weight is more than 9
    otherwise 0 EUR

rule share for lorry : percent                                          [Art. 2]
    1 as percent of weight

rule heavy_axles for lorry : number                                     [Art. 3]
    count of axles where load is more than 5

clause watched                                                          [Art. 4]
    flag watch on lorry when lorry.weight is more than 4 from 2024-03-01

property "Light"
    never due is more than 0 EUR when weight is less than 3

property "Some share"
    always share is less than 50 %

property "Watched"
    always watched is raised when weight is more than 4

property "In force"
    always watched is in force when weight is more than 4

property "Each axle" for axle
    always load is at most weight

property "Heavier"
    more weight never gives less due when clean

property "Axles"
    more load never gives less heavy_axles when load is more than 3

property "One more"
    more axles never gives less heavy_axles

property "Later"
    a later seen never gives more due

property "Clean"
    yes to clean never gives more due
"""


@pytest.fixture(scope="module")
def toll(tmp_path_factory: pytest.TempPathFactory) -> Text:
    return compiled(tmp_path_factory.mktemp("toll"), TOLL)


def lorry(**values: Any) -> dict[str, Any]:
    known = {"seen": "2024-06-01", "weight": 2, "clean": True, "axles": [], **values}
    return {"lorry": {name: value for name, value in known.items() if value is not None}}


def traced(toll: Text, facts: dict[str, Any]) -> Tracer:
    return toll.policy.evaluate(facts, datetime.date(2024, 6, 1), outcomes=()).tracer


def kept(toll: Text, label: str, *cases: dict[str, Any]) -> Kept:
    stated = next(one for one in toll.policy.program.properties if one.label == label)
    if len(cases) == 1:
        return for_case(stated, traced(toll, cases[0]))
    one, other = (traced(toll, case) for case in cases)
    back = for_pair(stated, other, one)
    assert back == for_pair(stated, one, other)
    return back


def test_f8_yes_holds_and_no_is_broken(toll: Text) -> None:
    assert kept(toll, "Watched", lorry(weight=5)).verdict == "holds"
    assert kept(toll, "Watched", lorry(weight=4)).verdict == "holds"
    assert kept(toll, "Watched", lorry(weight=5, seen="2024-02-29")).verdict == "broken"


def test_f8_a_conflict_or_an_error_breaks_it(toll: Text) -> None:
    assert kept(toll, "Light", lorry(weight=10)).verdict == "holds"  # the condition is no, whatever is due
    assert kept(toll, "Some share", lorry(weight=0)).words == "broken: there is no answer"
    assert kept(toll, "Some share", lorry(weight=1)).verdict == "broken"
    assert kept(toll, "Some share", lorry(weight=4)).verdict == "holds"


def test_f8_what_is_not_in_force_breaks_nothing_but_can_be_asked(toll: Text) -> None:
    assert kept(toll, "Some share", lorry(weight=1, seen="2025-01-01")).verdict == "holds"
    assert kept(toll, "In force", lorry(weight=5, seen="2024-02-29")).verdict == "broken"
    assert kept(toll, "In force", lorry(weight=5, seen="2024-03-01")).verdict == "holds"


def test_f8_what_is_unknown_is_not_known_to_hold(toll: Text) -> None:
    assert kept(toll, "Some share", lorry(weight=None)).needs == ("lorry.weight",)
    assert kept(toll, "Light", lorry(weight=1, seen=None)).verdict == "not known"
    assert kept(toll, "Each axle", lorry(axles=None)).needs == ("lorry.axles", "lorry.axles.load")


def test_f8_each_element_counts(toll: Text) -> None:
    assert kept(toll, "Each axle", lorry()).verdict == "holds"
    assert kept(toll, "Each axle", lorry(axles=[{"load": 1}, {"load": 2}])).verdict == "holds"
    assert kept(toll, "Each axle", lorry(axles=[{"load": 1}, {"load": 3}])).verdict == "broken"


def test_f8_two_cases_differ_in_one_fact(toll: Text) -> None:
    assert kept(toll, "Heavier", lorry(weight=3), lorry(weight=4)).verdict == "holds"
    assert kept(toll, "Heavier", lorry(weight=3), lorry(weight=10)).words == "broken: the answers clash"
    assert (
        kept(toll, "Heavier", lorry(weight=3, clean=False), lorry(weight=10, clean=False)).verdict == "holds"
    )
    assert kept(toll, "Heavier", lorry(weight=3), lorry(weight=4, clean=False)).verdict == "not compared"
    assert kept(toll, "Heavier", lorry(weight=3)).verdict == "not compared"
    assert kept(toll, "Light", lorry(weight=3), lorry(weight=4)).verdict == "not compared"
    assert kept(toll, "Heavier", lorry(weight=3), lorry(weight=None)).verdict == "not compared"


def test_f8_dates_and_yes_or_no_are_compared(toll: Text) -> None:
    late = {"seen": "2024-07-01", "weight": 5}
    assert kept(toll, "Later", lorry(weight=5), lorry(**late)).verdict == "holds"
    assert kept(toll, "Clean", lorry(weight=5), lorry(weight=5, clean=False)).verdict == "holds"


def test_f8_elements_are_compared_one_at_a_time(toll: Text) -> None:
    before, after = lorry(axles=[{"load": 1}, {"load": 4}]), lorry(axles=[{"load": 1}, {"load": 6}])
    assert kept(toll, "Axles", before, after).verdict == "holds"
    both = lorry(axles=[{"load": 2}, {"load": 6}])
    assert kept(toll, "Axles", before, both).verdict == "not compared"
    more = lorry(axles=[{"load": 1}, {"load": 9}, {"load": 4}])
    assert kept(toll, "One more", before, more).verdict == "holds"
    assert kept(toll, "One more", before, lorry(axles=[{"load": 5}])).verdict == "not compared"


def test_f8_the_turn_that_is_ruled_out_is_found(tmp_path: Path) -> None:
    text = TOLL.replace(
        "count of axles where load is more than 5", "10 - (count of axles where load is more than 5)"
    )
    cheap = compiled(tmp_path, text.replace("otherwise 0 EUR", "otherwise 15 EUR"))
    before, after = lorry(axles=[{"load": 4}]), lorry(axles=[{"load": 6}])
    assert kept(cheap, "Axles", before, after).verdict == "broken"
    assert kept(cheap, "Axles", lorry(axles=[{"load": 2}]), after).verdict == "holds"
    assert kept(cheap, "One more", lorry(), after).verdict == "broken"
    assert kept(cheap, "Heavier", lorry(weight=3), lorry(weight=4)).verdict == "broken"
