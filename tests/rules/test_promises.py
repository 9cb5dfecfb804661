"""Clauses that promise to change nothing (rule F7): no effect, kept as data, checked as far as a case shows."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_lang.program.promises import promise_words
from policy_lang.program.to_text import to_core_text
from policy_lang.tools.show import overview
from tests.rules.texts import Text, codes, compiled

PACT = """
agreement pact
    title "Pact"
    parties US "A", JP "B"
    in force from 2024-01-01

use trade

clause ban "No duties above 2 %"                                [Art. 1]
    neither party shall impose export_duty on cobalt exported to the other party
        when measure.rate is more than 2 %
    subject to clause emergency

clause emergency "Emergencies"                                  [Art. 2]
    flag emergency on measure when measure.rate is more than 90 %
    subject to clause watch

clause low "Low duties"                                         [Art. 3]
    for greater certainty, each party may impose export_duty on cobalt exported to the other party
        when measure.rate is at most 3 %

clause no_cobalt_duties "Duties on cobalt"                      [Art. 4]
    for greater certainty, JP shall not impose export_duty on cobalt exported to US when measure.rate is 50 %

clause wide "Wide status"                                       [Art. 5]
    treat JP as free_trade_partner of US with respect to cobalt, nickel from 2024-03-01

clause narrow "Narrow status"                                   [Art. 6]
    for greater certainty, treat JP as free_trade_partner of US with respect to cobalt

clause affirmed "Affirmed"                                      [Art. 7]
    for greater certainty, the parties affirm "their rights"
    without prejudice to clause ban

clause watch "Watch"                                            [Art. 8]
    flag watched on measure when measure.rate is more than 95 %
    without prejudice to clause ban
"""
DUTY = {"kind": "export_duty", "by": "JP", "to": "US", "good": "cobalt"}


@pytest.fixture(scope="module")
def pact(tmp_path_factory: pytest.TempPathFactory) -> Text:
    return compiled(tmp_path_factory.mktemp("pact"), PACT)


def duty(rate: object) -> dict[str, object]:
    return {"measure": {**DUTY, "rate": rate}}


def test_f7_what_is_said_for_greater_certainty_has_no_effect_on_others(pact: Text) -> None:
    assert pact.state("ban", duty("2.5")) == "breached"  # though Art. 3 would permit it
    sourcing = {"sourcing": {"country": "JP", "good": "cobalt"}}
    assert pact.state("wide", sourcing, "2024-02-01") == "not in force"


def test_f7_a_promise_that_the_facts_break_is_an_error(pact: Text) -> None:
    assert pact.state("low", duty(1)) == "permitted"
    broken = pact.outcome("low", duty("2.5"))
    assert broken.state == "error"
    assert broken.reasons[0]["code"] == "changes-something"
    assert pact.state("low", duty(4)) == "not applicable"
    sourcing = {"sourcing": {"country": "JP", "good": "cobalt"}}
    assert pact.state("narrow", sourcing, "2024-03-01") == "granted"
    assert pact.state("narrow", sourcing, "2024-02-01") == "error"
    assert pact.state("no_cobalt_duties", duty(50)) == "breached"


def test_f7_promises_are_kept_as_data_for_a_prover(pact: Text) -> None:
    program = pact.policy.program
    found = {(one.clause, one.kind): (one.keeps, one.claim, one.kept) for one in program.promises}
    assert found == {
        ("low", "greater certainty"): ((), "pact.low#changes_nothing", False),
        ("no_cobalt_duties", "greater certainty"): ((), "pact.no_cobalt_duties#changes_nothing", False),
        ("narrow", "greater certainty"): ((), "pact.narrow#changes_nothing", False),
        ("affirmed", "greater certainty"): ((), None, True),
        ("affirmed", "without prejudice"): (("ban",), None, True),
        ("watch", "without prejudice"): (("ban",), None, False),  # by way of Art. 2
    }
    claims = {one.name for one in program.definitions}
    assert all(one.claim is None or one.claim in claims for one in program.promises)


def test_f7_promises_are_shown_with_how_far_they_are_known_to_be_kept(pact: Text) -> None:
    program = pact.policy.program
    words = "said for greater certainty: it changes no answer (checked for the facts of each case, not proved for all)"
    assert promise_words(program, "low") == [words]
    assert overview(program, ["low"]).lines[0].text().endswith(words)
    assert "must never be no: call pact.low#changes_nothing" in to_core_text(program, "low")
    assert f"  {words}\n" in pact.explained("low", duty(1)).replace("\n      ", " ")
    assert promise_words(program, "watch") == [
        "without prejudice to ban: it leaves that answer as it is (not proved)"
    ]


def test_f7_a_permission_names_what_it_beats_unless_it_is_said_for_certainty(tmp_path: Path) -> None:
    text = PACT.replace("for greater certainty, each party", "each party")
    assert codes(tmp_path, text) == ["wrong-use"]
