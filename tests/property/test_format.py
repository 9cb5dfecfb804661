"""Laws of the canonical layout, on files drawn from the grammar and on the policies themselves."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from policy_lang.source.files import read_file
from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree
from policy_lang.syntax.from_source import read
from policy_lang.syntax.to_source import to_source
from tests.property.sources import Author, all_phrases, phrase

ROOT = Path(__file__).parent.parent.parent
POLICIES = [*sorted((ROOT / "policies").glob("*.pol")), ROOT / "policy_lang" / "library" / "trade.pol"]

_WORDS = re.compile(
    r'\[[^\]\n]*\]|(?P<comment>#[^\n]*)|(?P<word>"[^"\n]*"|HS [0-9.]+|[0-9]+(?:[-.][0-9]+)*[a-z]*|\.?[A-Za-z_][A-Za-z0-9_]*|\S)'
)


def _words(text: str) -> tuple[list[str], list[tuple[str, bool, int]], list[bool]]:
    """The words of a file, its comments with the number of words before each, and which words are glued."""
    words: list[str] = []
    comments: list[tuple[str, bool, int]] = []
    glued: list[bool] = []
    for match in _WORDS.finditer(text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if match["comment"] is not None:
            comments.append((match["comment"].rstrip(), not before.strip(), len(words)))
        elif match["word"] is not None:
            word = match["word"]
            if word[0] == '"':
                word = f'"{unicodedata.normalize("NFC", word[1:-1].strip())}"'
            words.append(word)
            glued.append(word[0] in ".,)" or (bool(before) and not before[-1].isspace()))
    return words, comments, glued


def _wording(node: Any) -> object:
    """A tree with all its words, also those that equality leaves out; without places."""
    if attrs.has(type(node)):
        parts = attrs.fields(type(node))
        return (type(node), *(_wording(getattr(node, part.name)) for part in parts if part.name != "span"))
    if isinstance(node, tuple):
        return tuple(_wording(part) for part in node)
    return str(node) if isinstance(node, Decimal) else node


def _read(text: str) -> tree.File:
    file, problems = read(SourceFile("formatted.pol", text))
    assert not problems, problems
    return file


def laws(file: tree.File) -> None:
    """What holds for every file that is read without mistakes.

    Formatted, it says the same in the same words, and formatted twice the same as once. Each comment stays
    with its words; it may only step behind a mark that is glued to them.
    """
    text = to_source(file)
    again = _read(text)
    assert again.items == file.items
    assert _wording(again.items) == _wording(file.items)
    assert to_source(again) == text
    assert [(c.text, c.own_line) for c in again.comments] == [(c.text, c.own_line) for c in file.comments]
    words, comments, _ = _words(file.source.text)
    new_words, new_comments, glued = _words(text)
    assert new_words == words
    for (said, own, place), (new_said, new_own, new_place) in zip(comments, new_comments, strict=True):
        assert (new_said, new_own) == (said, own)
        assert new_place >= place, said
        assert all(glued[place:new_place]), said
    assert text.endswith("\n") or not text
    assert "\n\n\n" not in text
    assert all(line == line.rstrip(" ") for line in text.split("\n"))


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.name)
def test_the_laws_hold_for_the_policies(path: Path) -> None:
    source, _ = read_file(path)
    laws(_read(source.text))


@given(st.integers(min_value=0, max_value=2**64))
@settings(max_examples=300, deadline=None)
def test_the_laws_hold_for_files_by_chance(seed: int) -> None:
    file, problems = read(SourceFile("drawn.pol", Author(Random(seed)).file()))
    assume(not problems)
    laws(file)


@pytest.mark.slow
def test_files_by_chance_hold_all_that_the_grammar_can_make() -> None:
    author = Author(Random(20261122), fairness=0.9)
    found: set[str] = set()
    for i in range(1600):
        before = author.used.copy()
        text = author.file(1, ("clause", "item", "change", "item")[i % 4])  # much is about clauses
        if not read(SourceFile("drawn.pol", text))[1]:
            found |= {phrase(rule) for rule in author.used - before}
    assert all_phrases() - found == set()
