"""What a scenario can expect of an answer besides its state, met and missed."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.policy import Policy
from policy_lang.tools.run_scenarios import run_scenario

AGREEMENT = """\
agreement base
    parties  AU "Australia", CL "Chile"
    in force from 2024-01-01

use trade

clause duties "Duties"
    neither party shall impose export_duty on nickel, lithium exported to the other party

clause small_duties "Small duties"
    CL may impose export_duty on nickel exported to AU
        notwithstanding clause duties
        when measure.rate is at most 2 %

clause other_duties "Other duties"
    neither party shall impose export_duty on nickel exported to the other party
    subject to clause small_duties

exception emergency to clause duties "Emergency"
    justified when urgent

clause partner "Partner"
    treat CL as free_trade_partner of AU with respect to nickel

determination urgent "Is it urgent?"
"""

LAW = """\
law taxed
    in force from 2024-01-01

use trade, base

table rates : percent by year_asked
    in 2024          5 %
    from 2025-01-01  6 %

rule year_asked : date
    2024-06-30

rule rate for sourcing : percent
    0 % when country has status free_trade_partner of AU for good
    otherwise rates

rule clashing for sourcing : whole number
    1 when country is CL
    2 when good is nickel
    otherwise 3

rule doubled for sourcing : whole number
    clashing * 2

"""


def misses(folder: Path, name: str, scenario: str) -> list[tuple[str, str]]:
    (folder / "base.pol").write_text(AGREEMENT, encoding="utf-8")
    (folder / "taxed.pol").write_text(LAW, encoding="utf-8")
    path = folder / f"{name}.scenarios.pol"
    path.write_text(
        f'scenarios for {name}\n\nscenario "It"\n    as of 2024-06-30\n{scenario}', encoding="utf-8"
    )
    compiled, problems = compile_file(path)
    assert not problems, problems
    assert compiled.program is not None
    [case] = compiled.scenarios
    result = run_scenario(Policy(compiled.program), case)
    assert not result.refused
    return [(miss.expected, miss.got) for miss in result.misses]


DUTY = """\
    given measure
        kind export_duty
        by   CL
        to   AU
        good nickel
        rate {rate} %
"""


@pytest.mark.parametrize(
    ("rate", "more", "line", "missed"),
    [
        (2, "", "duties complied, because clause small_duties", []),
        (2, "", "other_duties not applicable, because clause base.small_duties", []),
        (3, "    given urgent no\n", "duties breached, because clause small_duties", [("because clause small_duties", "because of nothing else")]),
        (3, "    given urgent yes\n", "duties justified, because exception emergency", []),
        (3, "    given urgent no\n", "duties breached", []),
    ],
)  # fmt: skip
def test_the_clause_or_exception_it_comes_from(
    tmp_path: Path, rate: int, more: str, line: str, missed: list[tuple[str, str]]
) -> None:
    assert misses(tmp_path, "base", f"{DUTY.format(rate=rate)}{more}    expect {line}\n") == missed


SOURCING = "    given sourcing\n        country {country}\n        good    {good}\n"


@pytest.mark.parametrize(
    ("country", "good", "line", "missed"),
    [
        ("CL", "nickel", "rate 0 %, because clause base.partner", []),
        ("AU", "nickel", "rate 5 %, because table rates", []),
        ("AU", "nickel", "rate 5 %, because clause partner", [("because clause partner", "because rule year_asked, table rates")]),
        ("CL", "nickel", "clashing conflict, between 1 and 2", []),
        ("CL", "nickel", "clashing conflict, between 1 and 3", [("between 1 and 3", "between 1 and 2")]),
        ("CL", "lithium", "clashing conflict, between 1 and 2", [("conflict", "1"), ("between 1 and 2", "nothing clashes")]),
        ("CL", "nickel", "doubled conflict, because rule clashing", []),
    ],
)  # fmt: skip
def test_the_rule_or_table_or_grant_it_comes_from_and_what_clashes(
    tmp_path: Path, country: str, good: str, line: str, missed: list[tuple[str, str]]
) -> None:
    scenario = f"{SOURCING.format(country=country, good=good)}    expect {line}\n"
    assert misses(tmp_path, "taxed", scenario) == missed
