"""A file as pieces of its text: each clause, rule, table or other item with the comments right above it.

A comment that stands apart from the item below it is a piece of its own. The pieces with what lies between
them are the whole text, so that a piece which nobody touched stays as it was, to the last blank.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import attrs
from attrs import frozen

from policy_lang.source.diagnostic import has_errors
from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree
from policy_lang.syntax.from_source import read
from policy_lang.syntax.to_source import to_source

Key: TypeAlias = tuple[str, ...]
"""What makes a piece the same in two versions: what kind of thing it is, and its name."""

COMMENT = "comment"
_NO_FILE = SourceFile("", "")


@frozen
class Piece:
    """One piece of a file. `gap` is what lies between it and the piece before it; the first has none."""

    key: Key
    text: str
    gap: str
    is_first: bool
    item: tree.Item | None = None
    stem: Key = ()  # the key that it shares with others, where what it says is what tells it from them

    @property
    def is_comment(self) -> bool:
        """Whether it is no item, but a comment that stands apart."""
        return self.item is None


@frozen
class Pieces:
    """All pieces of a file in order; `tail` is what follows the last."""

    pieces: tuple[Piece, ...]
    tail: str

    @property
    def by_key(self) -> dict[Key, Piece]:
        return {one.key: one for one in self.pieces}

    @property
    def order(self) -> list[Key]:
        return [one.key for one in self.pieces]

    def with_keys(self, keys: Iterable[Key]) -> Pieces:
        """The same pieces under other keys."""
        found = [attrs.evolve(one, key=key) for one, key in zip(self.pieces, keys, strict=True)]
        return attrs.evolve(self, pieces=tuple(found))


@lru_cache(maxsize=16)
def pieces_of(text: str) -> Pieces | None:
    """The pieces of a text with `\\n` line ends; None when it does not parse. Several may have one key."""
    source = SourceFile("", text)
    file, problems = read(source)
    if has_errors(problems):
        return None
    found: list[Piece] = []
    end = 0  # of the last piece
    for start, stop, item in _stretches(source, file.items):
        key = _key(item) if item is not None else (COMMENT, text[start:stop])
        found.append(Piece(key, text[start:stop], text[end:start], not found, item))
        end = stop
    return Pieces(tuple(found), text[end:])


def _stretches(
    source: SourceFile, items: tuple[tree.Item, ...]
) -> Iterable[tuple[int, int, tree.Item | None]]:
    """Where each piece begins and ends."""
    lines = source.text.split("\n")
    starts = [source.position(item.span.start)[0] - 1 for item in items]
    offsets = [0]
    for line in lines:
        offsets.append(offsets[-1] + len(line) + 1)
    above = 0  # the first line that belongs to no piece yet
    for number, (start, following) in enumerate(pairwise([*starts, len(lines)])):
        first = start
        while first > above and lines[first - 1].startswith("#"):
            first -= 1
        yield from _comments(lines, offsets, above, first)
        last = max(
            n for n in range(start, following) if n == start or (lines[n][:1] == " " and lines[n].strip())
        )
        yield offsets[first], offsets[last] + len(lines[last]), items[number]
        above = last + 1
    yield from _comments(lines, offsets, above, len(lines))


def _comments(
    lines: list[str], offsets: list[int], first: int, end: int
) -> Iterable[tuple[int, int, tree.Item | None]]:
    """The comments between two items, in blocks that blank lines part."""
    begun: int | None = None
    for n in range(first, end + 1):
        is_comment = n < end and bool(lines[n].strip())
        if is_comment and begun is None:
            begun = n
        elif not is_comment and begun is not None:
            yield offsets[begun], offsets[n - 1] + len(lines[n - 1]), None
            begun = None


def _key(item: tree.Item) -> Key:
    kind = type(item).__name__
    match item:
        case tree.Instrument() | tree.Use() | tree.Terminated():
            return (kind,)
        case tree.NotEncoded():
            return (kind, item.topic.text)
        case tree.Territory():
            return (kind, item.sovereign.text, str(item.included))
        case tree.Scenario() | tree.Property():
            return (kind, item.label.text)
        case tree.Deleted():
            return (kind, item.what, item.name.text)
        case tree.ChangedDate():
            return (kind, item.what, "" if item.name is None else item.name.text)
        case tree.ChangedForce():
            return (kind, "" if item.name is None else item.name.text)
        case tree.ChangedParty():
            return (kind, item.code.text)
        case _:
            return (kind, item.name.text)


# ------------------------------------------------------------------------------- the same piece in two versions


def matched(versions: tuple[Pieces, Pieces, Pieces]) -> tuple[Pieces, Pieces, Pieces] | None:
    """The versions with no key twice in any of them; None where that cannot be.

    Where a version has several pieces of one key, as with two lines of `use`, what they say tells them apart.
    """
    counted = [Counter(version.order) for version in versions]
    double = {key for count in counted for key, number in count.items() if number > 1}
    found = []
    for version in versions:
        seen: Counter[Key] = Counter()
        pieces: list[Piece] = []
        for piece in version.pieces:
            key, stem = piece.key, piece.stem
            if key in double and piece.item is not None:
                said = to_source(tree.File(_NO_FILE, (piece.item,)))
                key, stem = (*key, said), key
            seen[key] += 1
            if seen[key] > 1:
                if not piece.is_comment:
                    return None
                key = (*key, str(seen[key]))
            pieces.append(attrs.evolve(piece, key=key, stem=stem))
        found.append(attrs.evolve(version, pieces=tuple(pieces)))
    return found[0], found[1], found[2]


def renamed(base: Pieces, side: Pieces, other: Pieces) -> Pieces:
    """A side with what it only renamed under the old key, so that a new name is a change like others."""
    before, here, there = base.by_key, side.by_key, other.by_key
    gone = [piece for key, piece in before.items() if key not in here]
    new: dict[Key, Key] = {}
    for piece in side.pieces:
        if piece.key in before:
            continue
        twin = next((old for old in gone if _differs_in_name(old.item, piece.item)), None)
        if twin is None:
            continue
        both = piece.key in there
        if both and (there[piece.key].text != piece.text or twin.key in there):
            continue  # the other side has something else of this name
        gone.remove(twin)
        new[piece.key] = twin.key
    return side.with_keys(new.get(key, key) for key in side.order)


def _differs_in_name(old: Any, new: Any) -> bool:
    if old is None or type(old) is not type(new):
        return False
    part = "label" if isinstance(old, tree.Scenario | tree.Property) else "name"
    name = getattr(new, part, None)
    return isinstance(name, tree.Name | tree.Text) and bool(attrs.evolve(old, **{part: name}) == new)


@lru_cache(maxsize=4_096)
def canonical(text: str) -> str:
    """The text of a piece in the canonical layout: the same for two that differ in layout only."""
    file, problems = read(SourceFile("", text))
    return text if has_errors(problems) else to_source(file)
