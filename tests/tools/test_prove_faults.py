"""Five planted faults of each kind, in copies of policies of the library: each is found with facts that show it.

The facts are decided again here, by the evaluator and, for conflicts, as the reference interpreter decides them.
"""

from __future__ import annotations

import datetime
import os
import shutil
from pathlib import Path

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.policy import Policy
from policy_lang.program.core import Program
from policy_lang.program.properties import for_case, for_pair
from policy_lang.tools.prove import answers, dead, in_time, properties
from policy_lang.tools.prove.remarks import Remark
from policy_lang.tools.prove.search import Searcher
from tests.reference.interpreter import decide
from tests.reference.neutral import neutral

POLICIES = Path(__file__).parents[2] / "policies"
LIMIT = float(os.environ.get("POL_PROVE_LIMIT", "30"))


def planted(folder: Path, name: str, old: str, new: str) -> Program:
    """A policy of the library with one edit."""
    path = POLICIES / f"{name}.pol"
    for beside in (*POLICIES.glob("*.pol"), *path.parent.glob("*.pol")):
        if ".scenarios" not in beside.name:
            shutil.copy(beside, folder / beside.name)
    text = path.read_text("utf-8")
    assert text.count(old) == 1, old
    edited = folder / path.name
    edited.write_text(text.replace(old, new), "utf-8")
    compiled, problems = compile_file(edited)
    assert compiled.program is not None, [problem.message for problem in problems]
    return compiled.program


def asked(program: Program, name: str, elements: int = 1) -> tuple[list[Remark], Searcher]:
    searcher = Searcher(program, LIMIT, elements)
    one = next(one for one in answers.everything_asked(program) if one.name == name)
    return answers.look_at(one, searcher)[0], searcher


def decided(program: Program, remark: Remark, name: str) -> str:
    """What the evaluator says of the example, and the reference interpreter with it."""
    assert remark.facts is not None
    assert remark.as_of is not None
    state = Policy(program).evaluate(remark.facts, remark.as_of, outcomes=[name]).outcomes[name].state
    facts = neutral(program, {key: value for key, value in remark.facts.items() if key != "territories"})
    assert decide(program, facts, remark.as_of, {})[name].state == state
    return state


def reason_in_list(searcher: Searcher, remark: Remark, name: str) -> str | None:
    one = next(one for one in answers.everything_asked(searcher.program) if one.name == name)
    assert remark.facts is not None
    assert remark.as_of is not None
    kinds = ("conflict", "error")
    return next(
        (
            kind
            for kind in kinds
            if answers.absent_there(one, remark.facts, remark.as_of, kind, searcher) is not None
        ),
        None,
    )


SERVICES = "    20 % when kind is services"
CONFLICTS = [
    (
        "examples/employee_discount",
        SERVICES,
        "    25 % when kind is services and customer_price is more than 100 USD\n    otherwise 0 %\n"
        + SERVICES,
        "highest_percentage",
    ),
    (
        "examples/import_duty_calculator",
        "    10 % of value when sanctioned",
        "    5 % of value when value is more than 1000 USD\n    10 % of value when sanctioned",
        "fees",
    ),
    (
        "examples/child_tax_credit_phaseout",
        "until 2017-12-31,   joint ",
        "until 2018-06-30,   joint ",
        "threshold",
    ),
]


@pytest.mark.parametrize(("name", "old", "new", "about"), CONFLICTS)
def test_a_planted_conflict_is_found(tmp_path: Path, name: str, old: str, new: str, about: str) -> None:
    program = planted(tmp_path, name, old, new)
    remarks, _ = asked(program, about)
    found = [one for one in remarks if one.kind == "conflict"]
    assert found
    assert all(len(one.detail) == 2 for one in found)  # both values, each with its place
    assert {decided(program, one, about) for one in found} == {"conflict"}


@pytest.mark.parametrize(
    ("name", "old", "new", "about"),
    [
        (
            "examples/quota_year",
            "    barrels in tonne when packing is barrels",
            "    barrels in tonne when packing is barrels\n    0 tonne when weight is more than 900 kg\n    otherwise 0 tonne",
            "quantity",
        ),
        (
            "clean_vehicle_credit",
            "    yes when country is in rest_of_north_america and not north_america_is_three_countries",
            "    yes when country is in rest_of_north_america\n    no when country is MX",
            "in_north_america",
        ),
    ],
)
def test_a_planted_conflict_in_a_list_is_found(
    tmp_path: Path, name: str, old: str, new: str, about: str
) -> None:
    remarks, searcher = asked(planted(tmp_path, name, old, new), about)
    found = [one for one in remarks if one.kind == "conflict"]
    assert found
    assert all(len(one.detail) == 2 for one in found)
    assert {reason_in_list(searcher, one, about) for one in found} == {"conflict"}


def test_two_rows_of_one_day_overlap_in_time(tmp_path: Path) -> None:
    program = planted(tmp_path, "examples/quota_year", "    from 2021-07-01  ", "    from 2021-06-01  ")
    remarks, _ = asked(program, "left_by_then")
    (found,) = [one for one in remarks if one.kind != "not settled"]
    assert (found.kind, found.when) == (
        "overlap in time",
        "asked until from 2021-06-01 to 2021-06-30, from 2019-01-01",
    )
    assert decided(program, found, "left_by_then") == "conflict"


@pytest.mark.parametrize(
    ("name", "old", "new", "about", "days"),
    [
        (
            "examples/quota_year",
            "until 2021-06-30    2 tonne",
            "until 2021-05-31    2 tonne",
            "yearly quantity",
            "from 2021-06-01 to 2021-06-30",
        ),
        (
            "clean_vehicle_credit",
            "    in 2027                             80 %\n",
            "",
            "components required",
            "from 2027-01-01 to 2027-12-31",
        ),
    ],
)
def test_a_planted_gap_in_time_is_found(
    tmp_path: Path, name: str, old: str, new: str, about: str, days: str
) -> None:
    program = planted(tmp_path, name, old, new)
    searcher = Searcher(program, LIMIT, 1)
    found = [one for one in in_time.look(searcher) if one.about == about]
    assert [one.kind for one in found] == ["gap in time"]
    assert days in found[0].when
    assert days in found[0].detail[0]
    table = next(
        one for one in answers.own_definitions(program) if one.name.endswith(about.replace(" ", "_"))
    )
    facts, day = found[0].facts, found[0].as_of
    assert facts is not None
    assert day is not None
    assert answers.absent_there(answers.about(program, table), facts, day, "not in force", searcher)


@pytest.mark.parametrize(
    ("name", "old", "new", "about", "kind"),
    [
        (
            "examples/child_tax_credit_phaseout",
            "    from 2018-01-01,                    joint or",
            "    from 2019-01-01,                    joint or",
            "threshold",
            "gap in time",
        ),
        (
            "examples/import_duty_calculator",
            "    otherwise                                       1\n",
            "",
            "factor",
            "no answer",
        ),
    ],
)
def test_a_planted_gap_is_found(tmp_path: Path, name: str, old: str, new: str, about: str, kind: str) -> None:
    program = planted(tmp_path, name, old, new)
    remarks, _ = asked(program, about)
    found = [one for one in remarks if one.kind == kind]
    assert found
    assert {decided(program, one, about) for one in found} == {"error"}


def test_a_planted_gap_in_a_list_is_found(tmp_path: Path) -> None:
    old = "    extracted_by_partners as percent of extracted when extracted is more than 0 USD\n    otherwise 0 %\n"
    new = "    extracted_by_partners as percent of extracted\n"
    remarks, searcher = asked(planted(tmp_path, "clean_vehicle_credit", old, new), "extraction_share")
    found = [one for one in remarks if one.kind == "no answer"]
    assert found
    assert {reason_in_list(searcher, one, "extraction_share") for one in found} == {"error"}


PRICE = "    but no when msrp exceeds price_cap"


@pytest.mark.parametrize(
    ("name", "after", "line", "text"),
    [
        (
            "clean_vehicle_credit",
            PRICE,
            "    but no when msrp exceeds 90000 USD and msrp exceeds price_cap",
            "msrp exceeds 90000 USD and msrp exceeds price_cap",
        ),
        (
            "examples/import_duty_calculator",
            "    KP or IR,                       US,     any     3",
            "    KP,                             US,     no      3",
            "KP, US, no 3",
        ),
        (
            "examples/employee_discount",
            "        [26 USC 132(c), property; secondary]",
            "    20 % when kind is services and customer_price is more than 5 USD\n    otherwise 0 %",
            "kind is services and customer_price is more than 5 USD",
        ),
        (
            "examples/quota_year",
            "    weight in tonne when packing is loose",
            "    weight in tonne when packing is loose and weight is more than 3 kg\n    otherwise 0 tonne",
            "packing is loose and weight is more than 3 kg",
        ),
        (
            "examples/lithium_2024",
            "    yes when handling_fee is less than 2 %",
            "    yes when handling_fee is less than 1 % and sourcing.good is in covered_minerals",
            "handling_fee is less than 1 % and sourcing.good is in covered_minerals",
        ),
    ],
)
def test_a_planted_dead_case_is_found(tmp_path: Path, name: str, after: str, line: str, text: str) -> None:
    program = planted(tmp_path, name, after, f"{after}\n{line}")
    found = next(one for one in dead.look(Searcher(program, LIMIT, 1)) if text in one.detail[0])
    assert found.kind == "never matters"
    facts, day = found.facts, found.as_of
    if facts is None:
        assert "is never so" in found.detail[0]
        return
    assert day is not None
    original, _ = compile_file(POLICIES / f"{name}.pol")
    assert original.program is not None
    with_it, without = (Policy(one).evaluate(facts, day).outcomes for one in (program, original.program))
    assert {n: (o.state, o.value) for n, o in with_it.items()} == {
        n: (o.state, o.value) for n, o in without.items()
    }


def test_a_clause_that_is_never_breached_is_found(tmp_path: Path) -> None:
    line = "neither party shall impose export_duty on critical_minerals exported to the other party"
    program = planted(tmp_path, "us_japan_2023", line, f"{line}\n        when measure.rate is less than 0 %")
    found = {(one.about, one.detail) for one in dead.look(Searcher(program, LIMIT, 1))}
    assert ("export duties", ("it is never breached",)) in found


def test_nothing_of_the_kind_is_found_without_a_fault() -> None:
    for name in ("examples/employee_discount", "examples/child_tax_credit_phaseout", "us_japan_2023"):
        compiled, _ = compile_file(POLICIES / f"{name}.pol")
        assert compiled.program is not None
        searcher = Searcher(compiled.program, LIMIT, 1)
        assert not list(dead.look(searcher))
        assert not list(in_time.look(searcher))


@pytest.mark.parametrize(
    ("name", "old", "new", "label"),
    [
        (
            "clean_vehicle_credit",
            "    but no when acquired is after 2025-09-30 ",
            "    but no when acquired is after 2025-12-31 ",
            "No credit for what was acquired after 30 September 2025",
        ),
        (
            "clean_vehicle_credit",
            "    3750 USD when minerals_met",
            "    4000 USD when minerals_met",
            "Nobody gets more than 7,500 USD",
        ),
        (
            "clean_vehicle_credit",
            "    van or suv or pickup    80000 USD",
            "    van or suv or pickup    85000 USD",
            "No credit above the highest price",
        ),
        (
            "clean_vehicle_credit",
            PRICE,
            "    but no when msrp is less than price_cap",
            "A dearer vehicle never gets more",
        ),
        (
            "clean_vehicle_credit",
            "is from_entity_of_concern and placed_in_service is after 2023-12-31",
            "is from_entity_of_concern and placed_in_service is after 2024-12-31",
            "No credit with a component of a foreign entity of concern from 2024",
        ),
        (
            "us_japan_2023",
            "    in force     from 2023-03-28 ",
            "    in force     from 2023-03-01 ",
            "No treatment as a partner before the agreement",
        ),
    ],
)
def test_a_property_that_an_edit_breaks_is_found(
    tmp_path: Path, name: str, old: str, new: str, label: str
) -> None:
    program = planted(tmp_path, name, old, new)
    stated = next(one for one in program.properties if one.label == label)
    (found,), size = properties.look_at(stated, Searcher(program, LIMIT, 1))
    assert (found.kind, found.stated, size) == ("broken property", label, 0)
    policy, day = Policy(program), found.as_of or datetime.date.min
    assert found.facts is not None
    cases = [policy.evaluate(one, day, outcomes=()).tracer for one in (found.facts, found.other) if one]
    kept = for_case(stated, cases[0]) if len(cases) == 1 else for_pair(stated, cases[0], cases[1])
    assert kept.verdict == "broken"
    original, _ = compile_file(POLICIES / f"{name}.pol")
    assert original.program is not None
    sound = Policy(original.program)
    stated = next(one for one in original.program.properties if one.label == label)
    cases = [sound.evaluate(one, day, outcomes=()).tracer for one in (found.facts, found.other) if one]
    kept = for_case(stated, cases[0]) if len(cases) == 1 else for_pair(stated, cases[0], cases[1])
    assert kept.verdict == "holds"
