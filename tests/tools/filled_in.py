"""Fills in suggested scenarios with the answers of a policy that is right."""

from __future__ import annotations

from pathlib import Path

from policy_lang.meaning.load import Library
from policy_lang.tools.run_files import run_file


def _silent(*_: object) -> str:
    return ""


def fill_in(path: Path) -> None:
    """Puts what the policy answers in place of every `?` in a file of scenarios."""
    report = run_file(path, Library(), _silent)
    assert not report.problems, report.problems
    text = path.read_text(encoding="utf-8")
    marks = {}
    for case in report.cases:
        for failure in case.failures:
            assert failure.is_open, failure
            marks[failure.span.start + failure.span.text.rindex("?")] = failure.got
    for place in sorted(marks, reverse=True):
        text = text[:place] + marks[place] + text[place + 1 :]
    assert "?" not in "".join(line.split('"')[-1] for line in text.splitlines())
    path.write_text(text, encoding="utf-8")
