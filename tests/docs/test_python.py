"""The page about Python says what is so: its examples run, and the names that it names are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import policy_lang
from policy_lang.policy import DecidedOutcome, Decision

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/python.md").read_text(encoding="utf-8")


def test_the_examples_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 3
    exec(compile("\n".join(blocks), "python.md", "exec"), {})  # noqa: S102 - our own page


def test_every_name_is_there() -> None:
    for name in re.findall(r"`policy_lang\.(\w+)", PAGE):
        assert name in policy_lang.__all__
        assert getattr(policy_lang, name).__doc__
    for name in re.findall(r"`decision\.(\w+)", PAGE):
        assert hasattr(Decision, name)
    table = PAGE.partition("| of an outcome |")[2].partition("\n\n")[0]
    named = [name for row in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", row.split("|")[1])]
    assert len(named) > 15
    for name in named:
        assert hasattr(DecidedOutcome, name) or name == "state"


def test_every_public_name_is_on_the_page() -> None:
    for name in policy_lang.__all__:
        assert name == "__version__" or name in PAGE
