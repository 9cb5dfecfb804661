"""Facts and message side by side: what is said of each kind of mistake in a facts file.

`golden/facts/CODE.json` holds the mistake CODE, `CODE.txt` what is said of it; all are facts for `shop.pol`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_lang.program import fact_values, facts
from policy_lang.program.fact_diagnostics import FACT_CODES
from tests.cli.conftest import Pol

HERE = Path(__file__).parent.parent / "golden" / "facts"
CASES = sorted(path for path in HERE.iterdir() if path.suffix in (".json", ".yaml", ".toml"))


def _code_of(case: Path) -> str:
    return case.name.partition(".")[0]


def test_every_code_has_a_golden() -> None:
    written = "".join(
        Path(str(module.__file__)).read_text(encoding="utf-8") for module in (fact_values, facts)
    )
    codes = set(re.findall(r'Mistake\(\s*"([a-z-]+)"', written)) | {
        "unreadable-facts",
        "repeated-fact",
        "check-failed",
    }
    # Binary numbers come only from Python: every file gives exact ones.
    assert {_code_of(case) for case in CASES} == codes - {"float-number"}
    assert codes - {"unreadable-facts", "repeated-fact"} <= FACT_CODES.keys()


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case.stem))
def test_one_mistake_in_facts_gives_one_message(
    case: Path, pol: Pol, golden: Callable[[Path, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(HERE)
    arguments = ["eval", "shop.pol", "--facts", case.name, "--as-of", "2024-01-31"]
    ran = pol(*arguments)
    assert (ran.status, ran.out) == (3, "")
    golden(case.with_suffix(".txt"), ran.err)
    (problem,) = pol(*arguments, "--format", "json").json["problems"]
    assert problem["code"] == _code_of(case)
    assert problem["file"] == case.name
    assert problem["line"] >= 1
    assert problem["why"]
    assert problem["help"], "it says how to mend it"


def test_every_expected_file_has_its_case() -> None:
    assert {path.stem for path in HERE.glob("*.txt")} == {case.stem for case in CASES}
