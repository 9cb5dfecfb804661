"""Whether scenarios notice slips of a drafter: planted by hand in the text, and all at once in the core."""

from __future__ import annotations

import datetime
import shutil
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from policy_lang.backends.evaluate.changed import Original
from policy_lang.pipeline import compile_file
from policy_lang.policy import Policy
from policy_lang.program.core import Program
from policy_lang.program.scenario import Scenario
from policy_lang.tools.mutate.notice import watch
from policy_lang.tools.mutate.proof import Prover
from policy_lang.tools.mutate.report import MutationReport, facts_document, put_to_test, to_json
from policy_lang.tools.mutate.rests_on import Rests
from policy_lang.tools.mutate.slips import slips_of
from policy_lang.tools.run_scenarios import run_scenario
from tests.cli.conftest import Pol, pol  # noqa: F401 - a fixture
from tests.property.decisions import POLICIES

# ------------------------------------------------------------------- slips planted in the policies

PLANTED = (
    # policy, what is right, what a drafter wrote instead
    ("clean_vehicle_credit", "battery_kwh is less than 7 ", "battery_kwh is at most 7 "),
    ("clean_vehicle_credit", "acquired is after 2025-09-30 ", "acquired is on or after 2025-09-30 "),
    ("clean_vehicle_credit", "lesser of magi_this_year", "greater of magi_this_year"),
    ("clean_vehicle_credit", "    in 2025                             60 %", "    in 2025                             50 %"),
    ("clean_vehicle_credit", "at least 50 % of extracted", "at least 50 % of processed"),
    ("clean_vehicle_credit", "from_entity_of_concern and mineral is", "from_entity_of_concern or mineral is"),
    ("clean_vehicle_credit", "joint or surviving_spouse   300000", "joint                       300000"),
    ("clean_vehicle_credit", "tellurium, terbium, thulium", "tellurium, thulium"),
    ("clean_vehicle_credit", "\n    but 0 USD when not eligible", ""),
    ("us_japan_2023", "lithium, manganese, nickel", "lithium, manganese"),
    ("us_japan_2023", "practice.by is a non_party\n        and practice.good", "practice.by is a party\n        and practice.good"),
    ("us_japan_2023", "within 2 years of", "within 3 years of"),
    ("us_japan_2023", "counted from the previous due date", "counted from the date it was held"),
    ("us_japan_2023", "in force     from 2023-03-28", "in force     from 2023-03-29"),
    ("us_japan_2023", "assume review_recurs is yes", "assume review_recurs is no"),
    ("us_japan_2023", "on critical_minerals exported to the other party", "exported to the other party"),
    ("us_japan_2023", "one of (export_restriction, import_restriction)", "one of (export_restriction, export_duty)"),
    ("us_free_trade_agreements", "treat CA, MX as", "treat CA as"),
    ("us_free_trade_agreements", "from 1994-01-01 until 2020-06-30", "from 1994-01-01 until 2020-07-01"),
    ("us_free_trade_agreements", "treat KR as free_trade_partner of US from 2012-03-15", "treat KP as free_trade_partner of US from 2012-03-15"),
    ("us_mexico_action_plan_2026", '"identify critical minerals"\n        within 60 days', '"identify critical minerals"\n        within 2 months rounded down'),
    ("us_japan_framework_2025", "fulfilled by financial_support", "fulfilled by investment_ministerials"),
    ("us_australia_framework_2025", "amount is at least 1000000000 USD", "amount is at least 100000000 USD"),
    ("us_australia_framework_2025", "australian_billion_reached\n        when each", "australian_billion_reached\n        when not each"),
    ("eu_us_critical_minerals_draft", "    not in force  ", "    in force from 2024-01-01  "),
    ("examples/lithium_2024", "lithium     1 %", "lithium     2 %"),
    ("examples/lithium_protocol_2026", "from 2026-07-01 until 2026-12-31", "from 2026-07-01 until 2027-12-31"),
    ("examples/lithium_protocol_2025", "cobalt is removed, graphite is added", "graphite is added"),
    ("examples/tin_agreement", "by 16 years by confirmation by each party", "by 16 years by confirmation by either party"),
    ("examples/tin_agreement", "within 30 days of receipt of withdrawal", "within 30 days of withdrawal"),
    ("examples/tin_agreement", "at least 60 days before sessions", "within 60 days of sessions"),
    ("examples/quota_year", "the year from 1 July\n        where covered", "the year from 1 January\n        where covered"),
    ("examples/quota_year", "barrel of brine cheese\" is 50 kg", "barrel of brine cheese\" is 5 kg"),
    ("examples/import_duty_calculator", "no      1.25", "any     1.25"),
    ("examples/employee_discount", "lesser of discount and", "greater of discount and"),
    ("examples/child_tax_credit_phaseout", "rounded up to whole number", "rounded down to whole number"),
)  # fmt: skip


def scenarios_of(name: str) -> str:
    """The policy whose scenarios have to fail: of an amendment, what it amends."""
    return "examples/lithium_2024" if "lithium" in name else name


def changed_copy(folder: Path, name: str, right: str, wrong: str) -> Path:
    """A copy of all policies with one slip, and the file of scenarios that should notice it."""
    for path in (*POLICIES.rglob("*.pol"), *POLICIES.rglob("*.json")):
        target = folder / path.relative_to(POLICIES)
        target.parent.mkdir(exist_ok=True)
        shutil.copy(path, target)
    changed = folder / f"{name}.pol"
    text = changed.read_text(encoding="utf-8")
    assert text.count(right) == 1
    changed.write_text(text.replace(right, wrong), encoding="utf-8")
    return folder / f"{scenarios_of(name)}.scenarios.pol"


@pytest.mark.parametrize(("name", "right", "wrong"), PLANTED, ids=[wrong.strip() for _, _, wrong in PLANTED])
def test_a_planted_slip_fails(pol: Pol, tmp_path: Path, name: str, right: str, wrong: str) -> None:  # noqa: F811 - a fixture
    ran = pol("test", "--fail-fast", str(changed_copy(tmp_path, name, right, wrong)))
    assert ran.status == 1, ran.out + ran.err
    assert "failed" in ran.out


# ------------------------------------------------------------------- one small policy, seen whole

POLICY = """agreement small
    title    "A small agreement"
    parties  JP "Japan", US "United States"
    signed   2023-12-01
    in force from 2024-01-01
    verified 2026-11-22 against "nothing: invented"

use trade

metals means cobalt, nickel

record sale
    price   money USD at least 0 USD
    metal   mineral
    country country

rule dutiable for sale : yes or no
    yes when price exceeds 100 USD and metal is in metals       [Article 1]
    otherwise no

rule duty for sale : money USD
    10 USD when dutiable    [Article 2]
    otherwise 0 USD

clause review "Review"
    the parties shall review this agreement
        within 2 years of entry into force      [Article 3]
"""

SCENARIOS = """scenarios for small

scenario "A dear cobalt"
    as of 2024-06-01
    given sale
        price 200 USD
        metal cobalt
    expect duty 10 USD

scenario "A cheap cobalt"
    as of 2024-06-01
    given sale
        price 50 USD
        metal cobalt
    expect duty 0 USD
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "small.pol").write_text(POLICY, encoding="utf-8")
    path = tmp_path / "small.scenarios.pol"
    path.write_text(SCENARIOS, encoding="utf-8")
    return path


@cache
def read(path: Path) -> tuple[Program, tuple[Scenario, ...]]:
    compiled, found = compile_file(path)
    assert compiled.program is not None, found
    return compiled.program, compiled.scenarios


def report_of(path: Path, budget: float = 60) -> MutationReport:
    program, scenarios = read(path)
    return put_to_test(program, scenarios, run_scenario, budget=budget, seed=1)


def test_a_boundary_that_nothing_tests_is_told_apart_on_the_boundary(small: Path) -> None:
    found = {one.mutant.words: one for one in report_of(small).told_apart}
    one = found["rule `dutiable` said `at least` instead of `more than` in `price exceeds 100 USD`"]
    assert one.mutant.span.place.endswith("small.pol:18:14")
    assert one.witness is not None
    assert one.witness.case.facts["sale"]["price"] == 100


def test_what_tells_a_slip_apart_really_does(small: Path) -> None:
    result = report_of(small)
    assert result.told_apart
    for one in result.told_apart:
        assert one.witness is not None
        if one.witness.refused:
            continue  # tests/tools/test_mutate_facts.py
        case = one.witness.case
        name = one.witness.outcome
        ours, theirs = (
            Policy(program).evaluate(dict(case.facts), case.as_of, case.assume, [name]).outcomes[name]
            for program in (result.policy.program, one.mutant.program)
        )
        assert (ours.state, ours.value, ours.due, ours.needs) != (
            theirs.state,
            theirs.value,
            theirs.due,
            theirs.needs,
        )


def test_every_kind_of_slip_is_made(small: Path) -> None:
    words = [one.words for one in slips_of(read(small)[0]).mutants]
    for part in (
        "`nickel` were missing from the list `metals`",
        "the list `metals` had `aluminum` as well",
        "said `101 USD` instead of `100 USD`",
        "said `or` instead of `and`",
        "left out the condition `metal is in metals`",
        "left out `10 USD when dutiable [Article 2]`",
        "had the value of its neighbour in `10 USD when dutiable [Article 2]`",
        "said `1 year` instead of `2 years`",
        "counted from signature instead of entry into force",
        "the header said `in force from` a day later than 2024-01-01",
    ):
        assert any(part in one for one in words), part


def test_an_answer_that_nothing_expects_is_found(small: Path) -> None:
    """The duty to hold a review is in no scenario: a slip in it is told apart by a date."""
    found = [one for one in report_of(small).told_apart if one.mutant.kind == "period"]
    assert found
    for one in found:
        assert one.witness is not None
        assert one.witness.outcome == "review"


def test_the_same_seed_gives_the_same_report(small: Path) -> None:
    assert to_json(report_of(small)) == to_json(report_of(small))


def test_without_time_nothing_is_claimed(small: Path) -> None:
    result = report_of(small, budget=0)
    assert result.not_tried == len(slips_of(read(small)[0]).mutants)
    assert not result.noticed


def test_a_facts_file_has_what_pol_eval_reads(small: Path) -> None:
    result = report_of(small)
    for one in result.told_apart:
        document = facts_document(result, one)
        if document["refused_by"] is not None:
            continue
        decision = result.policy.evaluate(document["facts"], one.witness.case.as_of)  # type: ignore[union-attr]  # where it is nothing, this fails
        assert document["outcome"] in decision.asked


# ------------------------------------------------------------------- every sort of slip, as a sentence

SORTS = """agreement sorts
    title        "An agreement in which much can go wrong"
    parties      JP "Japan", US "United States"
    signed       2023-12-01
    in force     from 2024-01-01
    verified     2026-11-22 against "nothing: invented"

use trade

hazardous includes cobalt, nickel
partners means JP, CL from 2024-07-01

determination needed "Is the measure needed?"
event notices by each party, given and received
event meetings

clause no_duties "Duties"
    no party shall impose export_duty on hazardous exported to the other party
    does not apply when measure.rate is less than 1 %

clause allowed "Allowed"
    US may impose export_duty on cobalt exported to JP
        notwithstanding clause no_duties
        until 2026-12-31

exception health to clause no_duties "Protection of health"
    must be invoked by the party taking the measure
    justified when needed
    provided that measure.rate is at most 20 %

clause talks "Talks"
    the parties shall "hold talks"
        within 2 months rounded down of receipt of notices by JP
        and every 6 months rounded down thereafter, counted from the date it was held
        fulfilled by meetings

record parcel
    value    money USD at least 0 USD
    weight   number at least 0
    country  country
    sent     date
    held     date
    parts    list of part

record part in parcel
    price    money USD at least 0 USD
    broken   yes or no

table fee for parcel : money USD by country, weight first row that matches
    JP,   at least 10   300 USD
    any,  at least 20   200 USD
    otherwise           0 USD

rule fee_due for parcel : money USD
    fee

rule base for parcel : money USD
    value - fee

rule charge for parcel : money USD
    (5 % of base) rounded up to 2 decimals
    but 0 USD when none of parts is broken

rule share for parcel : number
    (most of part.price of parts where broken) / value

rule fresh for parcel : yes or no
    sent + 30 days is on or after held and (country is in partners or weight exceeds 3)

rule year for parcel : date
    first day of the year from 1 July that contains sent
"""

SENTENCES = (
    "rule `fresh` said `at least` instead of `more than` in `weight exceeds 3`",
    "rule `fresh` said `4` instead of `3`",
    "rule `fresh` said `or` instead of `and` in `sent + 30 days is on or after held and",
    "rule `fresh` left out the condition `country is in partners",
    "rule `fresh` asked about `held` instead of `sent`",
    "rule `fresh` said `31 days` instead of `30 days`",
    "rule `fresh` said `30 months` instead of `30 days`",
    "the list `partners` said `after` instead of `on or after` in `2024-07-01`",
    "the list `partners` said `2024-06-30` instead of `2024-07-01`",
    "the list `partners` said `2025-07-01` instead of `2024-07-01`",
    "`cobalt` were missing from the list `hazardous`",
    "the list `hazardous` had `aluminum` as well",
    "the list `hazardous` said `means` instead of `includes`",
    "the header said `in force from` a day later than 2024-01-01",
    "clause `no_duties` left out `does not apply when measure.rate is less than 1 %`",
    "clause `no_duties` left out the exception `health`",
    "exception `health` counted without being invoked",
    "clause `no_duties` left out the condition `needed`",
    "clause `no_duties` asked about `to` instead of `by` in `no party shall`",
    "clause `allowed` left out the permission `US may impose export_duty on cobalt exported to JP",
    "clause `allowed` said `JP` instead of `US`",
    "clause `allowed` ended a day later than written",
    "clause `talks` said `3 months` instead of `2 months` for the first due date",
    "clause `talks` said `2 years` instead of `2 months` for the first due date",
    "clause `talks` said every `7 months` instead of every `6 months`",
    "clause `talks` counted from the previous due date instead of the day it was last done",
    "clause `talks` fell due only once",
    "clause `talks` rounded due dates up instead of down",
    "clause `talks` said `should` instead of `shall`",
    "clause `talks` asked about `receipt of notices by US` instead of `receipt of notices by JP`",
    "table `fee` had `any, at least 20 200 USD` before `JP, at least 10 300 USD`",
    "table `fee` left out `any, at least 20 200 USD`",
    "table `fee` had the value of its neighbour in `any, at least 20 200 USD`",
    "table `fee` said `30 USD` instead of `300 USD`",
    "rule `base` added instead of subtracting in `value - fee`",
    "rule `charge` rounded down instead of up in",
    "rule `charge` did not round in",
    "rule `charge` rounded to a multiple of 0.10 instead of 0.01 in",
    "rule `charge` took `fee_due` instead of `base`",
    "rule `charge` left out `but 0 USD when none of parts is broken`",
    "rule `charge` said `any of` instead of `none of` in `none of parts is broken`",
    "rule `share` asked for `least` instead of `most` in",
    "rule `share` left out the condition `broken` in",
    "rule `share` divided the other way round in",
    "rule `year` began the year a month later in",
)


@pytest.fixture(scope="module")
def sorts(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    path = tmp_path_factory.mktemp("sorts") / "sorts.pol"
    path.write_text(SORTS, encoding="utf-8")
    return [one.words for one in slips_of(read(path)[0]).mutants]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_this_slip_is_made(sorts: list[str], sentence: str) -> None:
    assert any(one.startswith(sentence) for one in sorts)


# ------------------------------------------------------------------- slips are read as their text would be

WORDS = """law words
    title    "A law with words"
    in force from 2024-01-01
    verified 2026-11-22 against "nothing: invented"

record parcel
    size   small, middle or large
    sent   date

table fee for parcel : money USD by size
    small    1 USD      [Section 1]
    middle   2 USD
    large    3 USD

table charge for parcel : money USD by sent, size
    from 2024-01-01 until 2024-12-31,  small or middle  1 USD   [Section 2]
    from 2024-01-01 until 2024-12-31,  large            2 USD
    from 2025-01-01,                   small or middle  3 USD
    from 2025-01-01,                   large            4 USD

rule fee_due for parcel : money USD
    fee

rule charge_due for parcel : money USD
    charge

rule days for parcel : whole number
    1 when size is small
    2 when size is middle or size is large
    otherwise 3

rule stamps for parcel : whole number
    1 when size is small        [Section 3]
    2 when size is middle
    3 when size is large
"""


def answer(program: Program, outcome: str, **parcel: str) -> str:
    decided = Policy(program).evaluate({"parcel": parcel}, datetime.date(2025, 6, 1)).outcomes[outcome]
    return str(decided.value) if decided.state == "decided" else decided.state


def test_a_row_left_out_leaves_its_words_without_an_answer(tmp_path: Path) -> None:
    """A table that names every word needs no row `otherwise`; with a row less, that word has no answer."""
    path = tmp_path / "words.pol"
    path.write_text(WORDS, encoding="utf-8")
    program, _ = read(path)
    made = {one.words: one.program for one in slips_of(program).mutants}
    without = made["table `fee` left out `large 3 USD`"]
    assert answer(without, "fee_due", size="large") == "error"
    assert answer(without, "fee_due", size="small") == "1"
    assert answer(without, "fee_due") == "undetermined"
    without = made["table `charge` left out `from 2025-01-01, large 4 USD`"]
    assert answer(without, "charge_due", size="large", sent="2025-01-01") == "error"
    assert answer(without, "charge_due", size="large", sent="2024-12-31") == "2"
    assert answer(without, "charge_due", size="large", sent="2023-12-31") == "not in force"
    later = made["table `charge` said `after` instead of `on or after` in `from 2025-01-01`"]
    assert answer(later, "charge_due", size="large", sent="2025-01-01") == "error"
    twice = made["table `fee` said `small` instead of `middle`"]
    assert answer(twice, "fee_due", size="small") == "conflict"


ROWS = [line for line in WORDS.splitlines() if line[:4] == "    " and "USD" in line]


@pytest.mark.parametrize("row", ROWS, ids=[" ".join(row.split()) for row in ROWS])
def test_a_slip_in_the_core_is_the_slip_in_the_text(tmp_path: Path, row: str) -> None:
    """A row left out of the core gives the program that the text without that row gives."""
    (tmp_path / "words.pol").write_text(WORDS, encoding="utf-8")
    shorter = tmp_path / "shorter" / "words.pol"
    shorter.parent.mkdir()
    shorter.write_text(WORDS.replace(f"{row}\n", ""), encoding="utf-8")
    words = " ".join(row.split())
    mutants = {one.words: one.program for one in slips_of(read(tmp_path / "words.pol")[0]).mutants}
    (ours,) = (program for said, program in mutants.items() if said.endswith(f"left out `{words}`"))
    theirs, _ = read(shorter)
    assert {one.name: one.body for one in ours.definitions} == {
        one.name: one.body for one in theirs.definitions
    }


def test_a_slip_that_would_be_refused_is_none(tmp_path: Path) -> None:
    """A rule without `otherwise` that names every word cannot lose a case unseen."""
    path = tmp_path / "words.pol"
    path.write_text(WORDS, encoding="utf-8")
    slips = slips_of(read(path)[0])
    words = [one.words for one in slips.mutants]
    assert not any("`stamps` left out" in one for one in words)
    assert any("`stamps` said `2` instead of `1`" in one for one in words)
    assert any("`days` left out `1 when size is small`" in one for one in words)
    assert slips.refused >= 3


# ------------------------------------------------------------------- shown by the solver

FAR = """law far
    title    "A law that is reached by few facts"
    in force from 2024-01-01
    verified 2026-11-22 against "nothing: invented"

assume parts_count is no
    because "parts are not mentioned"   [Section 2]
    but see "a part is a parcel too"    [own reading]

record parcel
    price    money USD at least 0 USD
    length   number at least 0
    width    number at least 0
    height   number at least 0
    parts    list of part

record part in parcel
    weight   number at least 0

rule dear for parcel : yes or no
    price exceeds 100 USD and price is at least 50 USD      [Section 1]

rule rare for parcel : yes or no
    length is 17 and width is 23 and height is 29 and price exceeds 7 USD   [Section 3]

rule heavy for parcel : yes or no
    parts_count and any of parts is weighty and price is at least 0 USD     [Section 2]

rule weighty for part : yes or no
    weight exceeds 10
"""

FAR_SCENARIOS = """scenarios for far

scenario "A parcel"
    as of 2024-06-01
    given parcel
        price 200 USD
        length 1
        width 1
        height 1
    expect dear yes
    expect rare no
    expect heavy no
"""


@pytest.fixture(scope="module")
def far(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("far")
    (folder / "far.pol").write_text(FAR, encoding="utf-8")
    path = folder / "far.scenarios.pol"
    path.write_text(FAR_SCENARIOS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def tested(far: Path) -> MutationReport:
    return report_of(far)


IDLE = "rule `dear` said `more than` instead of `at least` in `price is at least 50 USD`"
RARE = "rule `rare` said `at least` instead of `more than` in `price exceeds 7 USD`"


def test_a_slip_that_changes_nothing_is_shown_to_and_does_not_count(tested: MutationReport) -> None:
    result = tested
    idle = {one.mutant.words: one for one in result.changing_nothing}
    proof = idle[IDLE].proof
    assert proof is not None
    assert proof.elements is None, "no list has a say in it"
    assert proof.missing, "nor does it matter where facts are left out"
    assert idle[IDLE].tried > 5
    assert not {one.mutant.words for one in result.told_apart} & set(idle)
    assert result.share[1] == len(result.noticed) + len(result.told_apart)


def test_the_solver_finds_facts_that_are_far_from_every_scenario(tested: MutationReport) -> None:
    found = {one.mutant.words: one for one in tested.told_apart}[RARE]
    assert found.witness is not None
    assert not found.witness.case.like, "it was made from no scenario"
    parcel = found.witness.case.facts["parcel"]
    assert [str(parcel[name]) for name in ("length", "width", "height", "price")] == ["17", "23", "29", "7"]
    assert (found.witness.says, found.witness.mutant_says) == (False, True)


def test_the_other_reading_has_a_say_in_what_changes_nothing(far: Path) -> None:
    """Nothing is heavy as the text is read; whether a slip matters is asked of the other reading, too."""
    program, _ = read(far)
    mutants = {one.words: one for one in slips_of(program).mutants}
    prover = Prover(program, Rests(program))
    proof = prover.proof(mutants["rule `weighty` said `11` instead of `10`"], ["heavy"], monotonic() + 60)
    assert proof.status == "other"
    assert proof.case is not None
    assert proof.case.assume == {"parts_count": True}
    idle = mutants["rule `heavy` left out the condition `price is at least 0 USD`"]
    proof = prover.proof(idle, ["heavy"], monotonic() + 60)
    assert (proof.status, proof.missing) == ("same", True)
    assert proof.elements is None, "what is asked of any element is shown for lists of any length"
    assert prover.proof(mutants[RARE], ["rare"], monotonic()).status == "not settled", "there was no time"


def test_without_the_solver_nothing_is_shown(far: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("policy_lang.tools.mutate.report.find_spec", lambda _: None)
    result = report_of(far)
    assert not result.changing_nothing
    assert {IDLE, RARE} <= {one.mutant.words for one in result.not_told_apart}


def test_what_is_shown_is_said(pol: Pol, far: Path, tested: MutationReport) -> None:  # noqa: F811 - a fixture
    ran = pol("test", "--mutate", "-v", str(far))
    assert f"changes no answer: {IDLE}" in ran.out
    assert "more change no answer: shown for all facts" in ran.out
    assert "\n    parcel.length = 17\n    parcel.width = 23\n" in ran.out
    assert "parts[1].weight = 1" in ran.out, "nothing like it is in any scenario"
    assert "\n    assuming that parts_count is yes\n" in ran.out
    document = to_json(tested)
    assert document["changing_nothing"] == sum(one["changes_nothing"] for one in document["survivors"]) > 0


# ------------------------------------------------------------------- skipping is sound


@pytest.mark.parametrize(
    "name", ["us_japan_2023", "us_mexico_action_plan_2026", "us_australia_framework_2025"]
)
def test_skipped_scenarios_would_not_have_noticed(name: str) -> None:
    program, scenarios = read(POLICIES / f"{name}.scenarios.pol")
    policy = Policy(program)
    watching, failing = watch(Original(program, policy.evaluator), scenarios, run_scenario)
    assert not failing
    for mutant in slips_of(program).mutants:
        slow = Policy(mutant.program)
        fails = any(not run_scenario(slow, scenario).passed for scenario in scenarios)
        assert (watching.survivor(mutant) is None) == fails, mutant.words


# ------------------------------------------------------------------- on the command line


def test_survivors_end_with_status_1(pol: Pol, small: Path) -> None:  # noqa: F811 - a fixture
    ran = pol("test", "--mutate", str(small))
    assert ran.status == 1
    assert "NOT NOTICED: if rule `dutiable` said `at least` instead of `more than`" in ran.out
    assert "18 | yes when price exceeds 100 USD" in ran.out
    assert "but sale.price = 100" in ran.out
    assert "duty: 0 USD; with the slip: 10 USD" in ran.out or "dutiable: no; with the slip: yes" in ran.out
    assert ran.err == ""


def test_fail_under_decides_the_status(pol: Pol, small: Path) -> None:  # noqa: F811 - a fixture
    assert pol("test", "--mutate", "--fail-under", "1", str(small)).status == 0
    assert pol("test", "--mutate", "--fail-under", "100", str(small)).status == 1


def test_json_has_survivors_and_facts(pol: Pol, small: Path) -> None:  # noqa: F811 - a fixture
    ran = pol("test", "--mutate", "--format", "json", str(small))
    policy: dict[str, Any] = ran.json["policies"][0]
    assert policy["policy"] == "small"
    assert policy["not_noticed"] == sum(one["told_apart_by"] is not None for one in policy["survivors"])
    assert policy["noticed"] == len(policy["killed"])
    facts = [one["told_apart_by"] for one in policy["survivors"] if "price exceeds" in one["if"]]
    assert facts[0]["facts"]["sale"]["price"] == "100"


def test_scenarios_that_fail_already_are_left_out(pol: Pol, small: Path) -> None:  # noqa: F811 - a fixture
    small.write_text(SCENARIOS.replace("expect duty 0 USD", "expect duty 3 USD"), encoding="utf-8")
    ran = pol("test", "--mutate", "--fail-under", "0", str(small))
    assert ran.status == 1
    assert "1 scenario left out because of failing already: “A cheap cobalt”" in ran.out


def test_what_does_not_go_together_is_refused(pol: Pol, small: Path) -> None:  # noqa: F811 - a fixture
    assert pol("test", "--mutate", "--format", "junit", str(small)).status == 2
    assert pol("test", "--mutate", "--fail-fast", str(small)).status == 2
    assert pol("test", "--fail-under", "50", str(small)).status == 2
