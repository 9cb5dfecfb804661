"""`pol eval --what-if`: what would have to change, asked from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from policy_lang.backends.prove import nearest
from policy_lang.backends.prove.given_facts import GivenLowering
from policy_lang.pipeline import compile_file
from policy_lang.policy import Policy
from policy_lang.tools.what_if import search
from tests.cli.conftest import ROOT, Pol

JAPAN = ROOT / "policies" / "us_japan_2023.pol"
COPPER = ("--set", "sourcing.country=JP", "--set", "sourcing.good=copper", "--as-of", "2024-06-01")
TOLL = """\
law toll
    in force from 2024-01-01

record truck
    weight      number at least 0 with 2 decimals "How heavy is it?"
    axles       list of axle
    electric    yes or no
    permit      determination "May it drive?"
    registered  date
    fee         money EUR at least 0 EUR with 2 decimals

record axle in truck
    load        number at least 0

rule heavy for truck : yes or no            [invented]
    weight is more than 7.5

rule toll for truck : money EUR             [invented]
    40 EUR
    but 0 EUR when electric or not heavy
    but 10 EUR when permit and heavy and not electric

rule crowded for truck : yes or no          [invented]
    count of axles is more than 2

rule loaded for axle : yes or no            [invented]
    load is more than 10

rule full for truck : yes or no             [invented]
    any of axles is loaded

rule refund for truck : money EUR           [invented]
    fee / 2

rule old for truck : yes or no              [invented]
    registered is before 2010-05-01
"""


@pytest.fixture
def toll(tmp_path: Path) -> Path:
    path = tmp_path / "toll.pol"
    path.write_text(TOLL, "utf-8")
    return path


def facts(tmp_path: Path, **truck: object) -> Path:
    path = tmp_path / "truck.json"
    path.write_text(json.dumps({"truck": truck}), "utf-8")
    return path


def asked(pol: Pol, *arguments: str | Path) -> dict:
    ran = pol("eval", *arguments, "--format", "json")
    assert ran.err == ""
    (found,) = ran.json["what_if"]
    return {**found, "status code": ran.status}


def moves(found: dict) -> list[list[tuple]]:
    return [
        [(m["fact"], m["kind"], m["from"], m["to"]) for m in answer["moves"]] for answer in found["answers"]
    ]


def test_it_reads_well(pol: Pol) -> None:
    ran = pol("eval", JAPAN, *COPPER, "--what-if", "fta_treatment=granted")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.split("\n\n", 1)[1] == (
        "now: `fta_treatment` is not granted\n"
        "to have `fta_treatment` granted:\n"
        "\n"
        "1. change one fact\n"
        "     sourcing.good: from copper to cobalt\n"
        "       as well: graphite, lithium, manganese or nickel\n"
        "\n"
        "every other way takes in one of these; each was decided again with the facts so changed\n"
        "taken as given: the date asked about, 2024-06-01\n"
    )


def test_what_cannot_be_is_said_with_what_was_kept(pol: Pol) -> None:
    ran = pol("eval", JAPAN, *COPPER, "--what-if", "fta_treatment=granted", "--fixed", "sourcing.good")
    assert ran.status == 1
    assert "`fta_treatment` cannot be granted, whatever the other facts are" in ran.out
    assert "taken as given: `sourcing.good` and the date asked about, 2024-06-01" in ran.out
    everything = pol("eval", JAPAN, *COPPER, "--what-if", "fta_treatment=granted", "--fixed", "*")
    assert everything.status == 1


def test_the_date_asked_about_changes_only_when_it_may(pol: Pol) -> None:
    early = ("--set", "sourcing.country=JP", "--set", "sourcing.good=cobalt", "--as-of", "2020-01-01")
    aim = ("--what-if", "fta_treatment=granted")
    assert asked(pol, JAPAN, *early, *aim)["status"] == "impossible"
    found = asked(pol, JAPAN, *early, *aim, "--may-change", "as_of")
    assert moves(found) == [[("as_of", "changed", "2020-01-01", "2023-03-28")]]
    assert found["answers"][0]["as_of"] == "2023-03-28"


def test_numbers_and_dates_move_as_little_as_they_can(pol: Pol, toll: Path, tmp_path: Path) -> None:
    given = facts(tmp_path, weight=9, electric=False, permit=False, registered="2012-01-01", fee="30.01")
    day = ("--facts", given, "--as-of", "2024-06-01")
    found = asked(pol, toll, *day, "--what-if", "toll=0", "--fixed", "truck.electric")
    assert moves(found) == [[("truck.weight", "changed", 9, "7.5")]]
    found = asked(pol, toll, *day, "--what-if", "heavy=no")
    assert moves(found) == [[("truck.weight", "changed", 9, "7.5")]]
    found = asked(pol, toll, *day, "--what-if", "old=yes")
    assert moves(found) == [[("truck.registered", "changed", "2012-01-01", "2010-04-30")]]
    found = asked(pol, toll, *day, "--what-if", "refund>15.01 EUR")
    assert moves(found) == [[("truck.fee", "changed", "30.01", "30.03")]]
    light = facts(tmp_path, weight="7.5", electric=False, permit=False)
    found = asked(pol, toll, "--facts", light, "--as-of", "2024-06-01", "--what-if", "toll=40")
    assert moves(found) == [[("truck.weight", "changed", "7.5", "7.51")]]


def test_what_is_not_known_is_filled_in_and_counted_apart(pol: Pol, toll: Path, tmp_path: Path) -> None:
    given = facts(tmp_path, weight=9)
    day = ("--facts", given, "--as-of", "2024-06-01")
    found = asked(pol, toll, *day, "--what-if", "toll=10 EUR")
    assert moves(found)[0] == [
        ("truck.electric", "filled in", None, False),
        ("truck.permit", "filled in", None, True),
    ]
    answer = found["answers"][0]
    assert (answer["changes"], answer["filled_in"]) == (0, 2)
    assert [move["determination"] for move in answer["moves"]] == [False, True]
    text = pol("eval", toll, *day, "--what-if", "toll=10 EUR").out
    assert "truck.permit is yes (not known so far)\n       somebody has to determine that" in text
    one = asked(pol, toll, *day, "--what-if", "toll=decided")
    assert moves(one)[0] == [("truck.electric", "filled in", None, True)]


def test_lists_get_elements_only_as_a_last_resort(pol: Pol, toll: Path, tmp_path: Path) -> None:
    given = facts(tmp_path, axles=[{"load": 8}, {"load": 12}])
    day = ("--facts", given, "--as-of", "2024-06-01")
    found = asked(pol, toll, *day, "--what-if", "full=no")
    assert moves(found) == [[("truck.axles.2.load", "changed", 12, 10)]]
    found = asked(pol, toll, *day, "--what-if", "crowded=yes")
    assert moves(found) == [[("truck.axles.3", "added", None, None)]]
    found = asked(pol, toll, *day, "--what-if", "full=no", "--fixed", "truck.axles.load")
    assert moves(found) == [[("truck.axles.2", "removed", None, None)]]
    assert found["answers"][0]["facts"]["truck"]["axles"] == [{"load": 8}]
    assert "a last resort" in pol("eval", toll, *day, "--what-if", "crowded=yes").out
    assert (
        asked(pol, toll, *day, "--what-if", "crowded=yes", "--fixed", "truck.axles")["status"] == "impossible"
    )


def test_a_list_that_is_not_known_is_filled_in(pol: Pol, toll: Path, tmp_path: Path) -> None:
    given = facts(tmp_path, weight=9)
    day = ("--facts", given, "--as-of", "2024-06-01")
    found = asked(pol, toll, *day, "--what-if", "full=yes")
    assert found["answers"][0]["changes"] == 0
    (axle,) = found["answers"][0]["facts"]["truck"]["axles"]
    assert float(axle["load"]) > 10
    found = asked(pol, toll, *day, "--what-if", "full=no")
    assert found["answers"][0]["facts"]["truck"]["axles"] == []


def test_duties_are_tried_out(pol: Pol) -> None:
    found = asked(pol, JAPAN, "--as-of", "2026-06-01", "--what-if", "joint_review=pending")
    assert found["by_trying"]
    assert moves(found)[0][0][:2] == ("reviews", "filled in")
    assert found["answers"][0]["answer"].startswith("pending")


def test_what_trying_does_not_find_is_not_called_impossible(pol: Pol) -> None:
    ran = pol("eval", JAPAN, "--as-of", "2026-06-01", "--what-if", "joint_review=not yet triggered")
    assert ran.status == 4
    assert "is not settled (" in ran.out
    assert "other values of one and of two facts were tried)" in ran.out


def test_what_is_not_settled_in_the_time_is_said(
    pol: Pol, toll: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = facts(tmp_path, axles=[{"load": 8}, {"load": 8}])
    day = ("--facts", given, "--as-of", "2024-06-01")
    monkeypatch.setattr(nearest, "asked", lambda *_: None)  # the solver comes to no end
    monkeypatch.setattr(search, "trials", lambda *_: ())
    found = asked(pol, toll, *day, "--what-if", "crowded=yes")
    assert (found["status"], found["status code"], found["answers"]) == ("not settled", 4, [])
    assert found["reason"].endswith("whether more or fewer elements do, had no end within 10 seconds")


def test_the_limit_bounds_the_making_of_formulas(toll: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled, _ = compile_file(toll)
    assert compiled.program is not None
    raw = {"truck": {"axles": [{"load": 8} for _ in range(2)]}}
    seen: list[int] = []
    monkeypatch.setattr(GivenLowering, "fold_known", lambda *_: seen.append(1))
    found = search.what_if(Policy(compiled.program), raw, date(2024, 6, 1), "crowded=yes", limit=0)
    assert (found.status, found.reason, found.answers) == ("not settled", "no end within 0 seconds", ())
    assert seen == []


def test_what_is_so_already_needs_no_change(pol: Pol) -> None:
    ran = pol("eval", JAPAN, *COPPER, "--what-if", "fta_treatment=not granted")
    assert ran.status == 0
    assert "nothing has to change" in ran.out


def test_assumptions_are_kept(pol: Pol, small: Path) -> None:
    sale = ("--set", "sale.price=1", "--set", "sale.late=no", "--as-of", "2024-06-01")
    aim = ("--what-if", "dear=yes")
    assert len(asked(pol, small, *sale, *aim)["answers"]) == 2
    found = asked(pol, small, *sale, *aim, "--assume", "late_counts=no")
    assert moves(found) == [[("sale.price", "changed", "1", "5.01")]] or moves(found) == [
        [("sale.price", "changed", 1, "5.01")]
    ]


def test_the_facts_of_each_answer_can_be_kept(pol: Pol, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    pol("eval", JAPAN, *COPPER, "--what-if", "fta_treatment=granted", "--save", folder)
    (path,) = folder.iterdir()
    assert path.name == "fta_treatment.1.as-of-2024-06-01.json"
    ran = pol("eval", JAPAN, "--facts", path, "--as-of", "2024-06-01", "--outcome", "fta_treatment")
    assert "fta_treatment: granted" in ran.out


def test_facts_in_other_formats_are_kept_exactly(pol: Pol, toll: Path, tmp_path: Path) -> None:
    path = tmp_path / "truck.toml"
    path.write_text("[truck]\nweight = 9.25\nregistered = 2012-01-01\nelectric = false\n", "utf-8")
    found = asked(pol, toll, "--facts", path, "--as-of", "2024-06-01", "--what-if", "toll=0 EUR")
    number = moves(found).index([("truck.electric", "changed", False, True)])
    assert found["answers"][number]["facts"]["truck"]["weight"] == "9.25"
    assert found["answers"][number]["facts"]["truck"]["registered"] == "2012-01-01"


@pytest.mark.parametrize(
    ("aim", "said"),
    [
        ("fta_treatment", "write what you aim at like"),
        ("fta_treatmen=granted", "did you mean `fta_treatment`?"),
        ("fta_treatment=breached", "is never `breached`"),
        ("fta_treatment>=granted", "has no value to compare"),
        ("fta_treatment=undetermined", "nothing to aim at"),
        ("", "write what you aim at like"),
    ],
)
def test_aims_that_cannot_be(pol: Pol, aim: str, said: str) -> None:
    ran = pol("eval", JAPAN, *COPPER, "--what-if", aim)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_wrong_uses(pol: Pol, toll: Path) -> None:
    aim = ("--what-if", "toll=0")
    assert "did you mean `truck.weight`?" in pol("eval", toll, *aim, "--fixed", "truck.weigth").err
    assert "cannot be that" in pol("eval", toll, "--what-if", "toll=0 USD").err
    assert "neither more nor less" in pol("eval", toll, "--what-if", "heavy>yes").err
    assert pol("eval", toll, "--fixed", "truck").status == 2
    assert pol("eval", toll, *aim, "--explain").status == 2
    assert pol("eval", toll, *aim, "--set", "truck.weight=-1").status == 3


def test_without_the_question_no_solver_is_loaded() -> None:
    code = (
        "import sys; import policy_lang.cli.eval_verb\n"
        "sys.exit('z3' in sys.modules or 'policy_lang.tools.what_if' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 0
