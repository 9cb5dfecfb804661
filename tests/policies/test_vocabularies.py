"""The vocabularies of units and of groups of countries, at the numbers and days that matter."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path

import pytest

from policy_lang import load
from policy_lang.policy import Policy
from policy_lang.program.countries import COUNTRIES

UNITS = """law measures
    title "Measures"

use units

record load "A load"
    oil    quantity barrel
    coal   quantity short_ton
    gold   quantity troy_ounce
    shirts quantity dozen
    cloth  quantity square_yard

rule litres for load : quantity litre
    oil in litre
rule kilograms for load : quantity kg
    coal in kg
rule grams for load : quantity g
    gold in g
rule pieces for load : quantity piece
    shirts in piece
rule area for load : quantity square_metre
    cloth in square_metre
rule long_tons for load : quantity long_ton
    coal in long_ton
"""

MEMBERS = """law members
    title "Members"

use country_groups

record person "A person"
    home country

rule inside for person : yes or no
    home is in eu_members
"""


def policy(folder: Path, name: str, text: str) -> Policy:
    path = folder / f"{name}.pol"
    path.write_text(text, encoding="utf-8")
    return load(path)


def test_factors_are_exact(tmp_path: Path) -> None:
    one = dict.fromkeys(("oil", "coal", "gold", "shirts", "cloth"), 1)
    told = policy(tmp_path, "measures", UNITS).evaluate({"load": one}, datetime.date(2024, 1, 1)).outcomes
    values = {name: Fraction(str(outcome.value)) for name, outcome in told.items()}
    assert values == {
        "litres": Fraction("158.987294928"),
        "kilograms": Fraction("907.18474"),
        "grams": Fraction("31.1034768"),
        "pieces": 12,
        "area": Fraction("0.83612736"),
        "long_tons": Fraction(2000, 2240),
    }


@pytest.mark.parametrize(
    ("day", "count"),
    [
        ("1957-12-31", 0),
        ("1958-01-01", 6),
        ("1972-12-31", 6),
        ("1973-01-01", 9),
        ("1981-01-01", 10),
        ("1985-12-31", 10),
        ("1986-01-01", 12),
        ("1995-01-01", 15),
        ("2004-04-30", 15),
        ("2004-05-01", 25),
        ("2007-01-01", 27),
        ("2013-06-30", 27),
        ("2013-07-01", 28),
        ("2020-01-31", 28),
        ("2020-02-01", 27),
    ],
)
def test_how_many_members_there_were(tmp_path: Path, day: str, count: int) -> None:
    found = policy(tmp_path, "members", MEMBERS)
    as_of = datetime.date.fromisoformat(day)
    states = [
        found.evaluate({"person": {"home": code}}, as_of).outcomes["inside"].value
        for code in sorted(COUNTRIES)
    ]
    assert states.count(True) == count
