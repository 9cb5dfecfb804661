"""Exceptions of four kinds: outside the scope, giving way, permitted, and justified (rules C3, F2, F3, F6)."""

import datetime
from pathlib import Path

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.policy import Decision, Policy

DAY = datetime.date(2024, 6, 1)
POLICY = """
agreement quarry
    title "Quarry Agreement"
    parties US "A", JP "B"
    in force from 2024-01-01

use trade

determination necessary "Is the measure necessary to protect essential security?"
determination temporary "Is it temporary?"

critical_minerals means cobalt, nickel

clause export_duties "Export duties"                                    [Art. 3]
    neither party shall impose export_duty on critical_minerals exported to the other party
    does not apply when measure.rate is less than 1 %
    subject to clause small_trade

clause small_trade "Small trade"                                        [Art. 4]
    US may impose export_duty on cobalt exported to the other party notwithstanding clause restrictions

clause restrictions "Restrictions"                                      [Art. 5]
    no party shall impose export_restriction on critical_minerals

clause watch "Watching nickel"                                          [Art. 6]
    flag nickel_watch on measure when measure.good is nickel
    notwithstanding clause talks

clause talks "Talks"                                                    [Art. 7]
    the parties shall confer on "duties" on measure

exception security to clause export_duties "Essential security"         [Art. 9]
    must be invoked by the party taking the measure
    justified when necessary
    provided that temporary

exception own_view to clause restrictions "In its own view"             [Art. 10]
    self-judging

exception shortage to clause restrictions "Shortage"                    [Art. 11]
    justified when necessary
"""
DUTY = {"kind": "export_duty", "by": "JP", "to": "US", "good": "nickel", "rate": 5}
BAN: dict[str, object] = {"kind": "export_restriction", "by": "JP", "to": "US", "good": "nickel"}


@pytest.fixture(scope="module")
def policy(tmp_path_factory: pytest.TempPathFactory) -> Policy:
    path = tmp_path_factory.mktemp("quarry") / "quarry.pol"
    path.write_text(POLICY.lstrip())
    compiled, diagnostics = compile_file(path)
    assert diagnostics == ()
    assert compiled.program is not None
    return Policy(compiled.program)


def decide(policy: Policy, measure: dict[str, object], **more: object) -> Decision:
    return policy.evaluate({"measure": measure, **more}, DAY)


def test_f3_the_breach_is_found_when_nobody_invokes_a_defence(policy: Policy) -> None:
    outcome = decide(policy, DUTY).outcomes["export_duties"]
    assert outcome.state == "breached"
    assert [(d["name"], d["state"]) for d in outcome.defences] == [("security", "not invoked")]


@pytest.mark.parametrize(
    ("facts", "defence", "state"),
    [
        ({}, "not invoked", "breached"),
        ({"security": False, "necessary": True, "temporary": True}, "not invoked", "breached"),
        ({"security": True}, "undetermined", "undetermined"),
        ({"security": True, "necessary": True}, "undetermined", "undetermined"),
        ({"security": True, "necessary": True, "temporary": True}, "made out", "justified"),
        ({"security": True, "necessary": True, "temporary": False}, "rejected", "breached"),
        ({"security": True, "necessary": False}, "rejected", "breached"),
    ],
)
def test_f3_the_four_states_of_a_defence(
    policy: Policy, facts: dict[str, object], defence: str, state: str
) -> None:
    outcome = decide(policy, DUTY, **facts).outcomes["export_duties"]
    assert [d["state"] for d in outcome.defences] == [defence]
    assert outcome.state == state


def test_f3_what_a_defence_needs_is_listed(policy: Policy) -> None:
    (defence,) = decide(policy, DUTY, security=True).outcomes["export_duties"].defences
    assert defence["needs"] == ["necessary", "temporary"]


def test_f3_a_self_judging_defence_needs_only_to_be_invoked(policy: Policy) -> None:
    assert decide(policy, BAN, necessary=False).outcomes["restrictions"].state == "breached"
    assert decide(policy, BAN, own_view=True, necessary=False).outcomes["restrictions"].state == "justified"


def test_f3_a_defence_that_need_not_be_invoked_is_looked_at_at_once(policy: Policy) -> None:
    assert decide(policy, BAN).outcomes["restrictions"].state == "undetermined"
    assert decide(policy, BAN, necessary=True).outcomes["restrictions"].state == "justified"


def test_f3_nothing_is_justified_where_nothing_is_breached(policy: Policy) -> None:
    outcome = decide(policy, {**DUTY, "rate": 0, "good": "copper"}, security=True).outcomes["export_duties"]
    assert outcome.state == "not applicable"


def test_c3_does_not_apply_when(policy: Policy) -> None:
    assert decide(policy, {**DUTY, "rate": "0.9"}).outcomes["export_duties"].state == "not applicable"
    assert decide(policy, {**DUTY, "rate": 1}).outcomes["export_duties"].state == "breached"


def test_f6_subject_to(policy: Policy) -> None:
    cobalt = {**DUTY, "by": "US", "to": "JP", "good": "cobalt"}
    outcomes = decide(policy, cobalt).outcomes
    assert outcomes["small_trade"].state == "permitted"
    assert outcomes["export_duties"].state == "not applicable"
    assert outcomes["export_duties"].reasons[0]["code"] == "gives-way"


def test_f6_notwithstanding_is_the_same_from_the_other_side(policy: Policy) -> None:
    assert decide(policy, DUTY).outcomes["talks"].state == "not applicable"
    assert decide(policy, {**DUTY, "good": "cobalt"}).outcomes["talks"].state == "applies"
    assert decide(policy, {**DUTY, "good": "cobalt"}).outcomes["watch"].state == "clear"


def test_f6_who_gives_way_is_unknown_where_the_other_is(policy: Policy) -> None:
    unknown = {key: value for key, value in DUTY.items() if key != "by"}
    outcome = decide(policy, {**unknown, "good": "cobalt"}).outcomes["export_duties"]
    assert outcome.state == "undetermined"
    assert outcome.needs == ["measure.by"]


def test_f2_a_permission_beats_the_prohibition_it_names(tmp_path: Path) -> None:
    path = tmp_path / "open.pol"
    path.write_text(
        'agreement open\n    title "Open"\n    parties US "A", JP "B"\n\nuse trade\n\n'
        'clause ban "Ban"\n    no party shall impose export_duty\n\n'
        'clause free "Free"\n    JP may impose export_duty notwithstanding clause ban\n'
        "        when measure.rate is at most 3 %\n"
    )
    compiled, diagnostics = compile_file(path)
    assert diagnostics == ()
    assert compiled.program is not None
    policy = Policy(compiled.program)
    assert decide(policy, {**DUTY, "rate": 3}).outcomes["ban"].state == "complied"
    assert decide(policy, {**DUTY, "rate": 4}).outcomes["ban"].state == "breached"
    assert decide(policy, {**DUTY, "rate": 3, "by": "US"}).outcomes["ban"].state == "breached"


def test_f6_circles_are_reported(tmp_path: Path) -> None:
    path = tmp_path / "ring.pol"
    path.write_text(
        'agreement ring\n    title "Ring"\n    parties US "A", JP "B"\n\nuse trade\n\n'
        'clause a "A"\n    flag x on measure when measure.good is nickel\n    subject to clause b\n\n'
        'clause b "B"\n    flag y on measure when measure.good is cobalt\n    subject to clause a\n'
    )
    _, diagnostics = compile_file(path)
    assert [d.code.name for d in diagnostics] == ["circular-definition"]
