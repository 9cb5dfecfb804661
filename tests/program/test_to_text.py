"""The core form as text: every node is named, and it stays the same."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.program.core import Program
from policy_lang.program.to_text import to_core_text
from tests.reference.generators import generate_case

Golden = Callable[[Path, str], None]
HERE = Path(__file__).parent.parent / "golden" / "explain"


def program(path: Path) -> Program:
    compiled, problems = compile_file(path)
    assert compiled.program is not None, problems
    return compiled.program


@pytest.mark.parametrize("name", ["fta_treatment", "export_duties", "joint_review"])
def test_the_core_form_of_a_clause(name: str, policies: Path, golden: Golden) -> None:
    golden(HERE / f"core.{name}.txt", to_core_text(program(policies / "us_japan_2023.pol"), name))


@pytest.mark.parametrize("name", ["credit", "qualifies", "minerals_required"])
def test_the_core_form_of_a_rule_and_of_a_table(name: str, policies: Path, golden: Golden) -> None:
    golden(HERE / f"core.{name}.txt", to_core_text(program(policies / "clean_vehicle_credit.pol"), name))


def test_what_is_called_can_follow(policies: Path) -> None:
    text = to_core_text(program(policies / "clean_vehicle_credit.pol"), "minerals_met", calls=True)
    titles = [line.split()[1] for line in text.splitlines() if line.startswith("definition ")]
    assert titles[0] == "clean_vehicle_credit.minerals_met"
    assert "us_japan_2023.fta_treatment#asked" in titles
    assert len(titles) == len(set(titles))


def test_what_is_not_there_is_refused(policies: Path) -> None:
    with pytest.raises(KeyError):
        to_core_text(program(policies / "us_japan_2023.pol"), "nothing_so_called")


def test_any_program_has_a_core_form() -> None:
    for seed in range(60):
        made, _ = generate_case(random.Random(seed), 1)
        for name in (*(o.name for o in made.outcomes), *(d.name for d in made.definitions)):
            text = to_core_text(made, name, calls=True)
            assert text == to_core_text(made, name, calls=True)
            assert "Decimal" not in text
