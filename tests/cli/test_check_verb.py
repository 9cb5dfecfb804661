"""`pol check` and its warnings; what each warns of is in `test_lint.py`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

DOUBTFUL = """\
agreement a
    parties US "United States of America", JP "Japan"

clause talks "Talks"
    the parties shall confer on "prices"
"""


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    path = tmp_path / "a.pol"
    path.write_text(DOUBTFUL, encoding="utf-8")
    return path


def test_a_warning_is_a_reason_to_say_no(pol: Any, doubtful: Path) -> None:
    ran = pol("check", str(doubtful))
    assert ran.status == 1
    assert "warning[missing-citation]" in ran.err
    assert ran.out == "1 file checked: 1 warning\n"


def test_a_warning_stops_no_other_verb(pol: Any, doubtful: Path) -> None:
    ran = pol("eval", str(doubtful), "--as-of", "2025-01-01")
    assert ran.status == 0
    assert "warning" not in ran.err


def test_a_warning_can_be_allowed_everywhere(pol: Any, doubtful: Path) -> None:
    ran = pol("check", str(doubtful), "--allow", "missing-citation", "--allow", "no-scenario")
    assert ran.status == 0
    assert ran.out == "1 file checked: no problems\n"


def test_a_warning_can_be_allowed_at_one_place(pol: Any, doubtful: Path) -> None:
    doubtful.write_text(
        DOUBTFUL.replace("\nclause", "\n# allow: missing-citation because nobody kept the text\nclause"),
        encoding="utf-8",
    )
    assert pol("check", str(doubtful)).status == 0


def test_only_warnings_can_be_allowed(pol: Any, doubtful: Path) -> None:
    for name, answer in (
        ("missing-citatoin", "Did you mean `missing-citation`?"),
        ("unknown-name", "Warnings: "),
    ):
        ran = pol("check", str(doubtful), "--allow", name)
        assert ran.status == 2
        assert answer in ran.err


def test_the_document_tells_warnings_from_errors(pol: Any, doubtful: Path) -> None:
    ran = pol("check", str(doubtful), "--format", "json")
    assert ran.status == 1
    assert [(p["code"], p["severity"]) for p in ran.json["problems"]] == [("missing-citation", "warning")]
