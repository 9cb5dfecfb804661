"""Every diagnostic has a page, whose example shows it and whose mended example is clean."""

from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import policy_lang.meaning
import policy_lang.meaning.checks
import policy_lang.source
import policy_lang.syntax
from policy_lang.program.fact_diagnostics import FACT_CODES
from policy_lang.source.diagnostic import Code
from policy_lang.tools.document import page_names, pages, read_page, said_of, to_text

DOCS = Path(__file__).parents[2] / "docs" / "reference" / "diagnostics"


def _codes() -> set[str]:
    found = set(FACT_CODES)
    for package in (policy_lang.source, policy_lang.syntax, policy_lang.meaning, policy_lang.meaning.checks):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            values = vars(importlib.import_module(module.name)).values()
            found |= {value.name for value in values if isinstance(value, Code)}
    return found


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(page_names()) == _codes()


@pytest.mark.parametrize("code", page_names())
def test_the_example_shows_the_diagnostic_and_mending_it_helps(code: str) -> None:
    page = read_page(code)
    assert [d.code.name for d in said_of(page.example)] == [code]
    assert page.mended
    assert [(d.code.name, d.message) for d in said_of(page.repaired)] == []


@pytest.mark.parametrize("code", page_names())
def test_a_page_has_a_title_and_says_what_is_meant(code: str) -> None:
    page = read_page(code)
    assert page.title
    assert not page.title.endswith(".")
    assert page.meaning.endswith(".")
    assert re.search(r"\b(token|parser?|AST|null pointer|exception raised)\b", page.meaning) is None


def test_the_pages_of_the_documentation_are_up_to_date() -> None:
    expected = pages()
    assert {path.name for path in DOCS.glob("*.md")} == set(expected), _HOW
    for name, text in expected.items():
        assert (DOCS / name).read_text(encoding="utf-8") == text, _HOW


_HOW = "run `python -m policy_lang.tools.document docs/reference/diagnostics`"


def test_a_page_in_a_terminal_shows_what_is_really_said() -> None:
    text = to_text(read_page("unknown-name"))
    assert text.startswith("unknown-name: Nothing is called so\n")
    assert "error[unknown-name]: nothing is called `critical_mineral`" in text
    assert "help: did you mean `critical_minerals`?" in text
    assert "```" not in text


def test_what_is_repeated_is_shown_once() -> None:
    block = read_page("file-too-large").example[0]
    assert block.text.count("# a remark\n") == 20_000
    assert block.shown.count("# a remark\n") == 1
    assert "(19,999 more like this)" in block.shown
