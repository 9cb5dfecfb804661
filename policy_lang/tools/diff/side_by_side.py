"""The two texts of whatever changed, line beside line, with the words that changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import Any, TypeAlias

from attrs import frozen

from policy_lang.source.render import visible
from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree
from policy_lang.syntax.from_source import read
from policy_lang.syntax.to_source import to_source
from policy_lang.tools.diff.structure import changed_items

Stretch: TypeAlias = tuple[int, int]
"""Where changed words begin in a line, and the first character after them; counted from 0."""

_WORD = re.compile(r"\s+|[\w.%-]+|.")
_MARGIN = re.compile(r"(?<=\S) {3,}(?=\[)")
_AROUND = 1
"""So many lines are shown before and after a changed one."""


@frozen
class Line:
    """One line of one version, and which words of it changed."""

    text: str
    changed: tuple[Stretch, ...] = ()


@frozen
class Row:
    """A line of each version; None where a version has none. Neither has one where unchanged lines are left out."""

    old: Line | None
    new: Line | None

    @property
    def differs(self) -> bool:
        return self.old is None or self.new is None or bool(self.old.changed or self.new.changed)

    @property
    def is_gap(self) -> bool:
        return self.old is None and self.new is None


def side_by_side(old: SourceFile, new: SourceFile) -> dict[str, tuple[Row, ...]]:
    """For everything that both versions have and that reads otherwise, as it is called: its lines."""
    found = changed_items(read(old)[0], read(new)[0])
    return {
        name: tuple(_shortened(list(_rows(_lines(one), _lines(other)))))
        for name, (one, other) in found.items()
    }


def _lines(item: Any) -> list[str]:
    """The lines of an item; what is cited follows at once, for want of a margin."""
    lines = to_source(tree.File(_NO_FILE, (item,))).splitlines()
    return [visible(_MARGIN.sub("  ", line)) for line in lines]


_NO_FILE = SourceFile("", "")


def _rows(old: list[str], new: list[str]) -> Iterator[Row]:
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield from (Row(Line(text), Line(text)) for text in old[a:b])
            continue
        both = min(b - a, d - c)
        yield from (_compared(*pair) for pair in zip(old[a : a + both], new[c : c + both], strict=True))
        yield from (Row(_whole(text), None) for text in old[a + both : b])
        yield from (Row(None, _whole(text)) for text in new[c + both : d])


def _whole(text: str) -> Line:
    """A line all of which is another."""
    start = len(text) - len(text.lstrip())
    return Line(text, ((start, len(text)),))


def _compared(old: str, new: str) -> Row:
    """Two lines with the words that only one of them has."""
    words = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(None, *words, autojunk=False)
    if matcher.ratio() < 0.4:
        return Row(_whole(old), _whole(new))
    changes = [code for code in matcher.get_opcodes() if code[0] != "equal"]
    return Row(
        Line(old, tuple(_stretches(words[0], ((a, b) for _, a, b, _, _ in changes)))),
        Line(new, tuple(_stretches(words[1], ((c, d) for _, _, _, c, d in changes)))),
    )


def _stretches(words: list[str], ranges: Iterable[Stretch]) -> Iterator[Stretch]:
    """Where these ranges of words stand, without the blanks around them."""
    edges = [0]
    for word in words:
        edges.append(edges[-1] + len(word))
    for first, end in ranges:
        text = "".join(words[first:end])
        start = edges[first] + len(text) - len(text.lstrip())
        if text.strip():
            yield start, start + len(text.strip())


def _shortened(rows: list[Row]) -> Iterator[Row]:
    """The first line, what changed, and a little around it; the rest is left out."""
    near = {0}
    for number, row in enumerate(rows):
        if row.differs:
            near.update(range(max(number - _AROUND, 0), number + _AROUND + 1))
    last = -1
    for number in sorted(one for one in near if one < len(rows)):
        if number > last + 1:
            yield Row(None, None) if number > last + 2 else rows[last + 1]
        yield rows[number]
        last = number
    if last + 1 < len(rows):
        yield Row(None, None) if last + 2 < len(rows) else rows[last + 1]
