"""A warning of mypy or ruff that is not minded has the reason beside it, for whoever reads the line later."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
FOLDERS = ("policy_lang", "benchmarks", "tests")
LEFT_OUT = re.compile(r"# *(?:type: ignore|noqa)\b")
WITH_REASON = re.compile(r"# (?:type: ignore\[[a-z, -]+\]  # |noqa: [A-Z]+[0-9]+(?:, [A-Z]+[0-9]+)* - )\w")


def _without_reason(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines(), 1):
        if LEFT_OUT.search(line) and not WITH_REASON.search(line):
            yield f"{number}: {line.strip()}"


def test_the_reason_stands_beside_every_warning_left_out() -> None:
    found = (path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
    files = sorted(path for path in found if path != Path(__file__))  # which has some as samples
    assert files
    bare = [f"{path.name}:{one}" for path in files for one in _without_reason(path.read_text("utf-8"))]
    assert bare == []


def test_a_warning_left_out_without_a_reason_is_found() -> None:
    assert list(_without_reason("a = b  # type: ignore[operator]")) == ["1: a = b  # type: ignore[operator]"]
    assert list(_without_reason("a = b  # noqa: S603")) == ["1: a = b  # noqa: S603"]
    assert list(_without_reason("a = b  # type: ignore[operator]  # both are numbers")) == []
    assert list(_without_reason("a = b  # noqa: S603 - one word each")) == []
