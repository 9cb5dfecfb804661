"""`pol explain`."""

from __future__ import annotations

from typing import Any

import pytest

from policy_lang.tools.document import page_names


def test_prints_the_page(pol: Any) -> None:
    ran = pol("explain", "mixed-and-or")
    assert ran.status == 0
    assert ran.out.startswith("mixed-and-or: ")
    assert "error[mixed-and-or]" in ran.out
    assert "(dear and heavy) or late" in ran.out
    assert ran.err == ""


def test_lists_every_code(pol: Any) -> None:
    ran = pol("explain")
    assert ran.status == 0
    assert [line.split()[0] for line in ran.out.splitlines()] == page_names()


def test_a_slip_is_answered_with_the_nearest_code(pol: Any) -> None:
    ran = pol("explain", "unknwn-name")
    assert ran.status == 2
    assert "Did you mean `unknown-name`?" in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("code", ["", "../check-failed", "no such code", "x" * 5000])
def test_what_is_no_code_is_wrong_use(pol: Any, code: str) -> None:
    ran = pol("explain", code)
    assert ran.status == 2
    assert "there is no diagnostic" in ran.err


def test_the_document(pol: Any) -> None:
    ran = pol("explain", "wrong-unit", "--format", "json")
    assert ran.status == 0
    assert set(ran.json) == {"code", "title", "meaning", "example", "problems", "mended"}
    assert set(ran.json["example"]) == {"example.pol", "facts.json"}
    assert [p["code"] for p in ran.json["problems"]] == ["wrong-unit"]
    assert set(pol("explain", "--format", "json").json["codes"]) == set(page_names())
