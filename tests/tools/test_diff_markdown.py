"""A comparison as Markdown: nothing that an author wrote becomes anything but text, and long lists are folded."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from policy_lang.tools.diff.compare import Comparison, FileDiff
from policy_lang.tools.diff.meaning import Case, Meaning, OutcomeDiff
from policy_lang.tools.diff.missing import Missing
from policy_lang.tools.diff.to_markdown import LONGEST, escaped, to_markdown

GITHUB_LIKE = MarkdownIt("commonmark").enable(["strikethrough", "table"])


def compared(lines: int, cases: int, words: str = "good is cobalt") -> Comparison:
    day = datetime.date(2024, 1, 1)
    found = tuple(Case(f"{words} {n}", "yes", "no", {}, day) for n in range(cases))
    meaning = Meaning(
        (OutcomeDiff("levy", "changed", found), OutcomeDiff("fee", "same", missing=Missing("same"))), 3, 5.0
    )
    return Comparison((FileDiff("a.pol", tuple(f"{words}: {n} is moved" for n in range(lines)), meaning),))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("`x < 1` now reads `x > 1`", "`x < 1` now reads `x > 1`"),
        ("<img src=x onerror=y>", "\\<img src=x onerror=y>"),
        ("[a](https://example.org)", "\\[a\\](https://&#8203;example.org)"),
        ("see @someone and #12", "see @&#8203;someone and \\#&#8203;12"),
        ("- a\n- b", "\\- a - b"),
        ("1. first", "1&#8203;. first"),
        ("> quoted", "\\> quoted"),
        ("snake_case _not_ **bold**", "snake_case \\_not\\_ \\*\\*bold\\*\\*"),
        ("a ` b < c", "a \\` b \\< c"),
        ("&lt;b&gt; & more", "\\&lt;b\\&gt; & more"),
    ],
)
def test_what_an_author_wrote_stays_text(text: str, written: str) -> None:
    assert escaped(text) == written


@given(st.text("ab`*_<>[]()#@!&;|~-+.:/\\ \n1", max_size=40))
def test_no_text_becomes_anything_but_text_and_code(text: str) -> None:
    """Judged by a reader of Markdown that is not ours."""
    html = GITHUB_LIKE.render(f"- {escaped(text)}")
    tags = set(re.findall(r"<(/?[a-z0-9]+)", html))
    assert tags <= {"ul", "/ul", "li", "/li", "code", "/code", "p", "/p"}, html
    assert html.count("<ul>") == html.count("<li>") == 1


def test_a_short_comparison_is_not_folded() -> None:
    assert "<details>" not in to_markdown(compared(10, 10))


def test_long_lists_are_folded_and_nothing_is_left_out() -> None:
    text = to_markdown(compared(12, 25))
    assert "<details><summary>2 more changes of the text</summary>" in text
    assert "<details><summary>15 more lines</summary>" in text
    assert all(f"good is cobalt {n}: yes -> no" in text for n in range(25))


def test_a_comparison_always_fits_into_a_comment() -> None:
    text = to_markdown(compared(5_000, 5_000))
    assert len(text) <= LONGEST
    assert "- ... and 4990 more" in text
    text = to_markdown(compared(1, 1, "x" * LONGEST))
    assert len(text) <= LONGEST
    assert "too long" in text
    assert "meaning differs" in text
