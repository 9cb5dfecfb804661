"""One date, what records are judged on, windows, and how far a text was verified: rules T1, T2, T5, T6."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.texts import Text, compiled

BASE = """
agreement base
    title "Base"
    parties US "A", JP "B"
    in force from 2024-01-01 until 2024-12-31
    verified 2024-06-30 against "the text"

use trade

clause grant "Grant"                            [Art. 1]
    treat JP as free_trade_partner of US from 2024-03-01
"""
LEVY = """
law levy
    title "Levy"
    in force from 2023-01-01
    verified 2025-01-31 against "the text"

use trade, base

partners means JP from 2024-02-01 until 2024-11-30, CL

record load, judged on arrival "A load"
    arrival  date
    sent     date
    origin   country

record crate "A crate"
    origin   country

rule partner for load : yes or no
    origin is in partners

rule partner_when_sent for load : yes or no
    (origin is in partners) on sent

rule granted for load : yes or no
    origin has status free_trade_partner of US

rule granted_when_sent for load : yes or no
    origin has status free_trade_partner of US on sent

rule crate_partner for crate : yes or no
    origin is in partners

rule season for crate : whole number
    1 when origin is JP until 2024-06-30
    2 when origin is JP from 2024-07-01
    otherwise 3
"""


@pytest.fixture(scope="module")
def levy(tmp_path_factory: pytest.TempPathFactory) -> Text:
    return compiled(tmp_path_factory.mktemp("levy"), LEVY, base=BASE)


def load(**facts: str) -> dict[str, dict[str, str]]:
    return {"load": facts}


def test_t1_everything_is_read_on_the_date_asked_about(levy: Text) -> None:
    crate = {"crate": {"origin": "JP"}}
    for day, partner, season in (
        ("2024-01-31", False, 1),
        ("2024-02-01", True, 1),
        ("2024-07-01", True, 2),
        ("2024-12-01", False, 2),
    ):
        assert levy.value("crate_partner", crate, day) is partner
        assert levy.value("season", crate, day) == season


def test_t1_a_phrase_with_a_date_replaces_the_date_for_all_below_it(levy: Text) -> None:
    facts = load(arrival="2024-12-15", sent="2024-11-30", origin="JP")
    assert levy.value("partner", facts) is False
    assert levy.value("partner_when_sent", facts) is True
    late = load(arrival="2024-12-31", sent="2024-02-29", origin="JP")
    assert (levy.value("granted", late), levy.value("granted_when_sent", late)) == (True, False)


def test_t2_a_record_is_judged_on_its_own_date(levy: Text) -> None:
    facts = load(arrival="2024-02-01", sent="2024-02-01", origin="JP")
    assert levy.value("partner", facts, "2030-01-01") is True
    assert levy.outcome("partner", load(origin="JP"), "2024-06-01").needs == ["load.arrival"]
    assert levy.value("partner", load(arrival="2024-06-01", origin="FR"), "2030-01-01") is False
    explained = levy.explained("partner", facts, "2030-01-01")
    assert "read as of 2024-02-01 (load.arrival); asked on 2030-01-01" in explained


def test_t5_not_yet_and_no_more_in_force_are_told_apart_and_are_no_answer(levy: Text) -> None:
    early = levy.outcome("crate_partner", {"crate": {"origin": "JP"}}, "2022-12-31")
    assert (early.state, early.reasons[0]["code"]) == ("not in force", "not-yet-in-force")
    facts = load(arrival="2025-01-01", sent="2024-12-31", origin="JP")
    assert levy.value("granted", facts) is False  # the grant has ended: simply not granted
    assert levy.value("granted_when_sent", facts) is True


def test_t5_the_windows_of_a_clause_are_told_from_those_of_its_text(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    base = compiled(tmp_path_factory.mktemp("base"), BASE)
    sourcing = {"sourcing": {"country": "JP", "good": "tin"}}
    found = [
        (o.state, *(r["code"] for r in o.reasons), *(r["message"] for r in o.reasons))
        for o in (base.outcome("grant", sourcing, day) for day in ("2023-12-31", "2024-02-29", "2025-01-01"))
    ]
    assert found == [
        ("not in force", "not-yet-in-force", "Base is in force only from 2024-01-01"),
        ("not in force", "not-yet-in-force", "this clause applies from 2024-03-01"),
        ("not in force", "ended", "Base was in force only until 2024-12-31"),
    ]
    assert base.state("grant", sourcing, "2024-03-01") == "granted"


def test_t6_every_text_that_an_answer_uses_is_taken_as_unchanged_since_it_was_verified(levy: Text) -> None:
    facts = load(arrival="2024-12-15", sent="2024-03-15", origin="JP")
    explained = levy.explained("granted", facts, "2026-01-01")
    assert "text verified on 2025-01-31 against the text" in explained
    assert "text of base taken as unchanged since 2024-06-30" in explained
    assert "of base" not in levy.explained("partner", facts, "2026-01-01")  # it does not use that text
    assert levy.decide(facts, "2026-01-01").to_json()["unchanged_since"] == {
        "levy": "2025-01-31",
        "base": "2024-06-30",
    }
    assert levy.decide(facts, "2024-06-30").to_json()["unchanged_since"] == {}


TERM = """
agreement fixed
    title "Fixed"
    parties US "A", JP "B"
    in force from 2020-07-01 until 2 years after entry into force
    extended by 2 years by confirmations

use trade

event confirmations "Confirmations"

clause grant "Grant"                            [Art. 1]
    treat JP as free_trade_partner of US
"""


@pytest.mark.parametrize(
    ("confirmations", "day", "state"),
    [
        (None, "2022-07-01", "granted"),
        (None, "2022-07-02", "undetermined"),
        ([], "2022-07-02", "not in force"),
        (["2022-07-01"], "2024-07-01", "granted"),
        (["2022-07-01"], "2024-07-02", "not in force"),
        (["2022-07-02"], "2022-07-03", "not in force"),
    ],
)
def test_t7_a_term_lasts_as_long_as_it_is_extended_while_it_lasts(
    tmp_path: Path, confirmations: list[str] | None, day: str, state: str
) -> None:
    facts = {"sourcing": {"country": "JP", "good": "tin"}, "confirmations": confirmations}
    assert compiled(tmp_path, TERM).state("grant", facts, day) == state
