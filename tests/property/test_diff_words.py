"""What is said of the words of two files, whatever they hold: something for every change, and never a failure."""

from __future__ import annotations

import itertools
from random import Random
from typing import Any

import attrs
import pytest

from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree
from policy_lang.syntax.from_source import read
from policy_lang.tools.diff.structure import changes_of_text
from tests.property.sources import Author


def drawn(seed: int) -> tree.File | None:
    file, problems = read(SourceFile("drawn.pol", Author(Random(seed)).file()))
    return None if problems else file


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_any_two_files_are_compared(start: int) -> None:
    files = [file for seed in range(start, start + 100) if (file := drawn(seed)) is not None]
    assert len(files) > 50
    for old, new in itertools.pairwise(files):
        assert changes_of_text(old, old) == []
        lines = changes_of_text(old, new)
        assert all(line.strip() and "\n" not in line for line in lines)


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_items_of_one_kind_and_name_are_compared_word_by_word(start: int) -> None:
    """Two items by chance are given one name, so that each part of them is compared."""
    found: dict[type, list[Any]] = {}
    for seed in range(start, start + 100):
        file = drawn(seed)
        for item in file.items if file is not None else ():
            if isinstance(getattr(item, "name", None), tree.Name):
                found.setdefault(type(item), []).append(item)
    compared = 0
    for items in found.values():
        for a, b in itertools.pairwise(items):
            one = attrs.evolve(b, name=a.name)
            old, new = (tree.File(SourceFile("", ""), (item,)) for item in (a, one))
            lines = changes_of_text(old, new)
            assert bool(lines) is (a != one)
            assert len(lines) <= 1
            assert all("\n" not in line and "tree." not in line and "()" not in line for line in lines)
            compared += 1
    assert compared > 60
