"""Slips in which facts are taken: limits of fields, checks of records, territories, the purpose that a law serves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.policy import InvalidFacts, Policy
from policy_lang.program.core import Program
from policy_lang.program.scenario import Scenario
from policy_lang.tools.coverage.measure import measure
from policy_lang.tools.mutate.report import MutationReport, answers, put_to_test, to_json
from policy_lang.tools.mutate.slips import slips_of
from policy_lang.tools.run_scenarios import run_scenario
from policy_lang.tools.suggest.report import SlipsAsked, suggest
from tests.tools.filled_in import fill_in

CRATES = """\
law crates
    title    "Crates Law"
    in force from 2024-01-01
    verified 2026-11-22 against "nothing: this law is invented"

territory of US includes PR, GU
territory of NZ excludes CK

record crate "A crate"
    value    money USD more than 5 USD with 2 decimals
    share    percent at least 0 % at most 100 %
    packed   date at least 2020-01-01
    sent     date
    size     small, middle or large
    origin   country
    lots     list of lot
    check packed is on or before sent
    check size is one of (small, middle) or value exceeds 100 USD

record lot in crate "A part of a crate"
    weight   number at least 0
    fragile  yes or no
    check not fragile or weight is less than 50

rule fee for crate : money USD                                          [Section 1]
    5 USD when origin is US
    3 USD when origin is NZ
    otherwise 1 USD

rule heavy for crate : yes or no                                        [Section 2]
    yes when any of lots is fragile
    otherwise no
"""

SENTENCES = (
    "field `value` of record `crate` said `at least` instead of `more than` in `more than 5 USD`",
    "field `value` of record `crate` said `6 USD` in `more than 5 USD`",
    "field `value` of record `crate` left out the limit `more than 5 USD`",
    "field `value` of record `crate` said `3` in `with 2 decimals`",
    "field `value` of record `crate` left out the limit `with 2 decimals`",
    "field `share` of record `crate` said `less than` instead of `at most` in `at most 100 %`",
    "field `share` of record `crate` said `99 %` in `at most 100 %`",
    "field `packed` of record `crate` said `2020-01-02` in `at least 2020-01-01`",
    "field `weight` of record `lot` left out the limit `at least 0`",
    "record `crate` left out the check `packed is on or before sent`",
    "the check of record `crate` said `before` instead of `on or before` in `packed is on or before sent`",
    "the check of record `crate` said `after` instead of `on or before` in `packed is on or before sent`",
    "the check of record `crate` asked about `sent` instead of `packed`",
    "the check of record `crate` left out `middle` in",
    "the check of record `crate` said `101 USD` instead of `100 USD`",
    "the check of record `crate` said `and` instead of `or` in",
    "the check of record `crate` left out the condition `value exceeds 100 USD`",
    "the check of record `lot` lost the `not` in `not fragile`",
    "the territories of `US` were said with `excludes` instead of `includes`",
    "the territories of `NZ` were said with `includes` instead of `excludes`",
    "`GU` were missing from the territories that `US` includes",
)


ONE = """\
scenarios for crates

scenario "A crate"
    as of 2024-06-01
    given crate
        value  200 USD
        share  50 %
        packed 2024-01-01
        sent   2024-02-01
        size   small
        origin NZ
        lot
            weight  10
            fragile yes
"""


def read(path: Path) -> tuple[Program, tuple[Scenario, ...]]:
    compiled, found = compile_file(path)
    assert compiled.program is not None, found
    return compiled.program, compiled.scenarios


@pytest.fixture(scope="module")
def crates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("crates") / "crates.pol"
    path.write_text(CRATES, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(crates: Path) -> list[str]:
    return [one.words for one in slips_of(read(crates)[0]).mutants]


@pytest.fixture(scope="module")
def tested(crates: Path) -> MutationReport:
    path = crates.with_name("one.scenarios.pol")
    path.write_text(f"{ONE}    expect heavy yes\n", encoding="utf-8")
    return put_to_test(*read(path), run_scenario, budget=120, seed=1)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_this_slip_is_made(made: list[str], sentence: str) -> None:
    assert any(one.startswith(sentence) for one in made), made


def refused(program: Program, facts: dict[str, Any], day: Any) -> bool:
    try:
        Policy(program).evaluate(facts, day)
    except InvalidFacts:
        return True
    return False


def test_facts_that_tell_them_apart_are_refused_by_one_of_the_two(tested: MutationReport) -> None:
    found = [one for one in tested.told_apart if one.witness is not None and one.witness.refused]
    assert {one.witness.refused for one in found if one.witness is not None} == {"policy", "slip"}
    for one in found:
        assert one.witness is not None
        case = one.witness.case
        ours = refused(tested.policy.program, dict(case.facts), case.as_of)
        theirs = refused(one.mutant.program, dict(case.facts), case.as_of)
        assert ours is (one.witness.refused == "policy")
        assert theirs is (one.witness.refused == "slip")
        says, otherwise = answers(tested, one.witness)
        assert (says == "the facts are refused") is ours
        assert (otherwise == "the facts are refused") is theirs
    [document] = [one for one in to_json(tested)["survivors"] if SENTENCES[9] in one["if"]]
    assert document["told_apart_by"]["refused_by"] == "policy"


def test_each_slip_is_noticed_or_told_apart(tested: MutationReport, made: list[str]) -> None:
    assert tested.share[1] == len(made), [one.mutant.words for one in tested.not_told_apart]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("more than 5 USD", "at least 5 USD"),
        (" at most 100 %", ""),
        ("packed is on or before sent", "packed is before sent"),
        ("    check not fragile or weight is less than 50\n", ""),
        ("US includes PR, GU", "US includes PR"),
        ("NZ excludes CK", "NZ includes CK"),
    ],
)
def test_a_slip_in_the_core_is_the_slip_in_the_text(
    crates: Path, tmp_path: Path, right: str, wrong: str
) -> None:
    path = tmp_path / "crates.pol"
    assert right in CRATES
    path.write_text(CRATES.replace(right, wrong), encoding="utf-8")
    changed = read(path)[0]

    def demands(program: Program) -> object:
        checks = [[check for check, _ in one.checks] for one in program.records]
        bounds = [[field.bounds for field in one.fields] for one in program.records]
        return checks, bounds, sorted(program.territories)

    same = [one for one in slips_of(read(crates)[0]).mutants if demands(one.program) == demands(changed)]
    assert len(same) == 1, [one.words for one in same]


def test_suggested_cases_notice_them_and_break_each_check(crates: Path) -> None:
    program, _ = read(crates)
    compiled, _ = compile_file(crates)
    asked = SlipsAsked(1, lambda *_: None)
    one = suggest(program, (), compiled.sources, budget=300, tick=lambda *_: None, slips=asked)
    assert one.text.count("Refused facts: it is not so that '") == 3
    assert {each.refused for each in one.scenarios} == {"", "check-failed", "out-of-bounds"}
    assert not one.unsettled
    assert one.then == one.to_try
    path = crates.with_name("crates.scenarios.pol")
    path.write_text(f"scenarios for crates\n\n{one.text}", encoding="utf-8")
    fill_in(path)
    [coverage] = [each for each in measure([path]) if each.policy == "crates"]
    assert coverage.gaps == ()
    again = put_to_test(*read(path), run_scenario, budget=120, seed=1)
    assert not again.failing
    assert not again.told_apart, [each.mutant.words for each in again.told_apart]


LAND = """\
agreement land
    title    "Agreement"
    parties  JP "Japan", US "United States"
    in force from 2024-01-01
    verified 2026-11-22 against "nothing: invented"

use trade

clause partner "Partner"                                                [Article 1]
    treat JP as free_trade_partner of US
        for the purposes of clean_vehicle_credit
"""

LEVY = """\
law levy
    title    "Levy"
    serves   clean_vehicle_credit
    in force from 2024-01-01
    verified 2026-11-22 against "nothing: invented"

use trade, land

record cargo
    origin  country

rule free for cargo : yes or no                                         [Section 1]
    yes when origin has status free_trade_partner of US
    otherwise no
"""


def test_a_purpose_that_a_law_does_not_say_it_serves(tmp_path: Path) -> None:
    (tmp_path / "land.pol").write_text(LAND, encoding="utf-8")
    path = tmp_path / "levy.pol"
    path.write_text(LEVY, encoding="utf-8")
    program, _ = read(path)
    [slip] = [one for one in slips_of(program).mutants if "serves" in one.words]
    assert slip.words == "the header did not say `serves clean_vehicle_credit`"
    assert slip.span.place.endswith("levy.pol:3:14")
    tested = put_to_test(program, (), run_scenario, budget=60, seed=1)
    [found] = [one for one in tested.told_apart if one.mutant.words == slip.words]
    assert found.witness is not None
    facts = {"cargo": {"origin": "JP"}}
    assert Policy(program).evaluate(facts, found.witness.case.as_of).outcomes["free"].value is True
    path.write_text(LEVY.replace("    serves   clean_vehicle_credit\n", ""), encoding="utf-8")
    without, _ = read(path)
    for country in ("JP", "CL"):
        facts = {"cargo": {"origin": country}}
        states = [
            Policy(each).evaluate(facts, found.witness.case.as_of).outcomes["free"].value
            for each in (without, slip.program)
        ]
        assert states == [False, False]
