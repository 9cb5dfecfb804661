"""A policy as sentences that a lawyer can sign."""

from __future__ import annotations

import datetime
import json
import random
import re
from pathlib import Path

import attrs
import pytest

from policy_lang.loading import load_policy
from policy_lang.program.core import At, Case, Choose, Compare, Const, Program
from policy_lang.program.types import Date, Text
from policy_lang.tools.coverage_of_text import coverage_of_text
from policy_lang.tools.plain.document import to_plain
from policy_lang.tools.show import overview
from tests.conftest import POLICIES, Golden
from tests.reference.generators import generate_case

GOLDEN = Path(__file__).parent.parent / "golden" / "plain"
LIBRARY = sorted(
    p
    for p in POLICIES.rglob("*.pol")
    if ".scenarios" not in p.name
    and not re.search(r"^(amendment|rectification) ", p.read_text("utf-8"), re.MULTILINE)
)


def program_of(path: Path) -> Program:
    loaded, found = load_policy(path)
    assert loaded is not None, [d.message for d in found]
    return loaded.program


def written(tmp_path: Path, text: str, name: str = "deal") -> str:
    """The plain text of a small policy."""
    path = tmp_path / f"{name}.pol"
    path.write_text(text, encoding="utf-8")
    return to_plain(program_of(path)).text(width=1_000)


@pytest.mark.parametrize("name", ["us_japan_2023", "clean_vehicle_credit"])
def test_the_plain_text_is_as_it_was_read(name: str, golden: Golden) -> None:
    golden(GOLDEN / f"{name}.txt", to_plain(program_of(POLICIES / f"{name}.pol")).text())


def test_the_sentence_about_japan() -> None:
    text = " ".join(to_plain(program_of(POLICIES / "us_japan_2023.pol")).text().split())
    assert (
        "Japan is treated as a free trade partner of the United States of America with respect to cobalt, graphite, "
        "lithium, manganese and nickel, for the purposes of the clean vehicle credit, by designation of the US "
        "Department of the Treasury. [CRS IF12517; secondary]"
    ) in text


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: p.stem)
def test_no_policy_of_the_library_needs_an_underscore(path: Path) -> None:
    plain = to_plain(program_of(path))
    assert "_" not in plain.text()
    document = plain.document()
    json.dumps(document)
    text = plain.text(width=10_000)
    for line in text.splitlines():
        if line.startswith("    ") and not line.strip().startswith(("[", "---")):
            without = re.sub(r"(\s*\[[^]]*\])+$", "", line)
            is_row = re.search(r"\S  +\S", line.strip()) or not re.search(r"[a-z] [a-z]", line)
            assert without.endswith((".", ":", ";", "?", "!")) or is_row, line


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: p.stem)
def test_every_clause_rule_and_table_is_there(path: Path) -> None:
    program = program_of(path)
    items = {(str(i["kind"]), str(i["name"])) for i in to_plain(program).document()["items"]}  # type: ignore[attr-defined]  # of another shape, this fails
    names = {name for _, name in items}
    for outcome in program.outcomes:
        assert outcome.name in names
    for one in program.definitions:
        if one.instrument == program.name and "#" not in one.name and not one.parameters:
            assert one.name.partition(".")[2] in names
    for assumption in program.assumptions:
        if assumption.instrument == program.name:
            assert ("assumption", assumption.name) in items


DEAL = """\
agreement deal
    parties CL "Republic of Chile", NZ "New Zealand"
    in force from 2024-06-01

use trade

metals means copper, nickel, lead from 2025-01-01 until 2025-12-31
others includes zinc
"""


@pytest.mark.parametrize(
    ("lines", "sentences"),
    [
        (
            """clause small "Small duties"    [Article 3]
    each party may impose export_duty on lead notwithstanding clause no_duties when rate is at most 5 %
clause no_duties "Duties"    [Article 2]
    neither party shall impose export_duty on metals exported to the other party
    does not apply when measure.to is CL
""",
            [
                "Each party may impose an export duty on lead.",
                "What is permitted here is no breach of “Duties”.",
                "Neither party shall impose any export duty on the “metals” exported to the other party.",
                "(c) “good” is one of the “metals”;",
                "What “Small duties” permits is no breach of this.",
                "This clause does not apply when “to” is Chile.",
                "“metals” means copper, nickel and lead (from 1 January 2025 until 31 December 2025).",
                "“others” includes zinc.",
            ],
        ),
        (
            """determination healthy "Is it needed for health?"
clause no_duties "Duties"    [Article 2]
    CL shall not maintain export_duty on all goods
    subject to clause watched
clause watched "Watched"    [Article 4]
    flag danger on measure when measure.good is in others
exception health to clause no_duties "Protection of health"    [Article 5]
    must be invoked by the party taking the measure
    justified when healthy
""",
            [
                "The Republic of Chile shall not maintain any export duty on any goods.",
                (
                    "A breach is justified under “Protection of health” if it has been invoked and when it is determined "
                    "that the answer to “Is it needed for health?” is yes. [Article 5]"
                ),
                "This clause is subject to “Watched”: where that applies, this does not.",
                "This clause prevails over “Duties”: where this applies, that does not.",
                "Any “measure” is flagged as “danger” when “good” is one of the “others”.",
            ],
        ),
        (
            """assume goes_on is yes
    because "talks are held until the list is settled"    [own reading]
    but see "one round is enough"    [own reading]
clause talks "Talks"    [Article 7]
    NZ should "hold talks" within 2 months of entry into force
        and every 6 months thereafter, when goes_on
clause openness "Openness"    [Article 8]
    each party recognises "the value of trade" until 2026-12-31
""",
            [
                (
                    "New Zealand should hold talks within 2 months of entry into force (1 June 2024), and every 6 months "
                    "thereafter"
                ),
                "It falls due again only while the assumption “goes on” holds.",
                "It first falls due on 1 August 2024.",
                "It does not bind: when the date has passed, nobody is in breach.",
                "Each party recognises the value of trade.",
                "This clause applies until 31 December 2026.",
                "The text is read as: “talks are held until the list is settled”. [own reading]",
                "It could also be read as: “one round is enough”. [own reading]",
                "On it rest: “Talks”.",
            ],
        ),
        (
            """record sale
    price    money USD at least 0 USD
    sold     optional date
    kind     goods or services
    dear     yes or no
    late     yes or no "Was it late?"
rule fee for sale : money USD "The fee"    [Article 9]
    (2.5 % of price) rounded half up to 2 decimals when dear
    (price * 3) rounded up to a multiple of 10 USD when sold is none
    otherwise 0 USD
    but 1 USD when not late and kind is not goods
table rate for sale : percent by kind, price    [Article 10]
    goods, at least 10 USD and less than 20 USD    5 %
    any, at least 20 USD                           7 %
    otherwise                                      0 %
""",
            [
                "(a) 1 USD, when the answer to “Was it late?” is no and “kind” is not goods;",
                "(i) (2.5 % of “price”) rounded half up to 2 decimals, when “dear” is yes;",
                "(ii) (“price” * 3) rounded up to a multiple of 10 USD, when “sold” is absent;",
                "(iii) in every other case, 0 USD.",
                "goods      at least 10 USD and less than 20 USD  5 %",
                "any other                                        0 %",
                "“sold”: a date, or none.",
            ],
        ),
    ],
    ids=["permission", "defence", "duties", "rules"],
)
def test_each_form_has_its_sentences(lines: str, sentences: list[str], tmp_path: Path) -> None:
    text = written(tmp_path, DEAL + "\n" + lines)
    for sentence in sentences:
        assert sentence in text


def test_names_choose_what_is_shown() -> None:
    program = program_of(POLICIES / "us_japan_2023.pol")
    plain = to_plain(program, ["export_duties"])
    assert [item.name for section in plain.sections for item in section.items] == ["export_duties"]
    assert "Neither party shall impose any export duty" in plain.text()


def test_any_program_can_be_put_into_sentences() -> None:
    for seed in range(150):
        program, _ = generate_case(random.Random(seed), 1)
        plain = to_plain(program)
        assert plain.text()
        json.dumps(plain.document())
        assert coverage_of_text(program).text()
        json.dumps(coverage_of_text(program).document())
        assert overview(program).text()
        json.dumps(overview(program).document())


def test_a_clause_whose_conditions_change_by_date_is_said_for_each_text() -> None:
    program = program_of(POLICIES / "us_japan_2023.pol")
    duties = next(one for one in program.outcomes if one.name == "export_duties")
    day = Const(datetime.date(2027, 4, 1), Date())
    assert isinstance(duties.body, Choose)
    shorter = attrs.evolve(duties.body, cases=duties.body.cases[:-1])
    later = Case(Compare("ge", At(), day), shorter)
    amended = attrs.evolve(duties, body=Choose("first", (later,), duties.body, Text()))
    outcomes = tuple(amended if one is duties else one for one in program.outcomes)
    text = to_plain(attrs.evolve(program, outcomes=outcomes), ["export_duties"]).text(width=1_000)
    assert "As the text reads until 31 March 2027:" in text
    assert "As the text reads from 1 April 2027:" in text
    assert text.count("breached, when all of this holds:") == 2
    assert text.count("complied, when") == 1
