"""Words and lines: how a sentence of the canonical text is broken where it is too long for one line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from attrs import evolve, frozen

WIDTH = 110
STEP = 4
"""Blanks for each level."""
ROOM = 2
"""The fewest blanks between columns."""

ALWAYS = 0
"""Rank of a gap where a new line always begins."""
PART = 1
"""Rank of the gaps between the parts of a sentence; deeper phrases have higher ranks, and break later."""
NEVER = 10_000
"""Rank of a gap that only a comment can break."""

_MOST_COLUMNS = 4_096
_WORD = re.compile(
    r'"[^"\n]*"|HS [0-9][0-9.]*|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]+(?:\.[0-9]+)*[a-z]*|\.?[A-Za-z_][A-Za-z0-9_]*|\S'
)
_CODE = re.compile(rf"(?:\[[^\]\n]*\]|#[^\n]*)|({_WORD.pattern})")


@frozen
class Word:
    """One word, number, quoted text or mark, with what may happen in the gap before it.

    `fill` gaps break only where the line is full; `glued` words follow without a blank. `column` is where
    the word stands when the line does not reach that far without it (counted from 0; 0 means anywhere).
    """

    text: str
    rank: int = NEVER
    glued: bool = False
    fill: bool = False
    column: int = 0


def say(text: str, rank: int = NEVER, *, fill: bool = False) -> list[Word]:
    """The words of a text; the rank is that of the gap before the first."""
    words: list[Word] = []
    end = 0
    for match in _WORD.finditer(text):
        glued = bool(words) and match.start() == end
        words.append(Word(match.group(), glued=glued) if words else Word(match.group(), rank, fill=fill))
        end = match.end()
    return words


def at(rank: int, words: list[Word], *, fill: bool = False) -> list[Word]:
    """The same words with another rank before the first."""
    return [evolve(words[0], rank=rank, fill=fill), *words[1:]]


def at_column(column: int, words: list[Word]) -> list[Word]:
    """The same words, the first in a column."""
    return [evolve(words[0], column=column), *words[1:]]


def glue(words: list[Word]) -> list[Word]:
    """The same words, without a blank before the first."""
    return [evolve(words[0], glued=True, rank=NEVER), *words[1:]]


def enumerate_words(phrases: Iterable[list[Word]], rank: int) -> list[Word]:
    """Phrases with commas between them, filling the lines."""
    words: list[Word] = []
    for phrase in phrases:
        words += [Word(",", glued=True), *at(rank, phrase, fill=True)] if words else phrase
    return words


def source_words(text: str) -> list[int]:
    """Where each word of a source file starts; comments and citations hold no words."""
    return [match.start(1) for match in _CODE.finditer(text) if match.group(1) is not None]


def flat(words: Sequence[Word], indent: int = 0) -> str:
    """The words on one line that starts at `indent`, without the blanks before it."""
    pieces: list[str] = []
    position = indent
    for word in words:
        if pieces:
            gap = 0 if word.glued else max(1, word.column - position)
            pieces.append(" " * gap)
            position += gap
        pieces.append(word.text)
        position += len(word.text)
    return "".join(pieces)


@frozen
class Stretch:
    """Words `start` to `end` (this one not counted) on a line of their own."""

    indent: int
    start: int
    end: int


def lines(words: Sequence[Word], indent: int, forced: Collection[int], *, may_break: bool) -> list[Stretch]:
    """The lines of a sentence; `forced` are the words that must begin one.

    A sentence that fits stands on one line. One that does not is broken at the gaps of the lowest rank,
    what follows the first of them stands one level deeper, and so on with each piece.
    """
    if not may_break:
        return [Stretch(indent, 0, len(words))]
    found: list[Stretch] = []
    _break(words, Stretch(indent, 0, len(words)), frozenset(forced), found)
    return found


def _break(words: Sequence[Word], piece: Stretch, forced: frozenset[int], found: list[Stretch]) -> None:
    if _fits(words, piece, forced):
        found.append(piece)
        return
    inner = range(piece.start + 1, piece.end)
    rank = min((words[i].rank for i in inner), default=NEVER)
    gaps = [i for i in inner if words[i].rank == rank]
    if rank == NEVER:
        too_long = len(flat(words[piece.start : piece.end], piece.indent)) > _MOST_COLUMNS - piece.indent
        gaps = [i for i in gaps if i in forced or (too_long and not words[i].glued)]
        if not gaps:
            found.append(piece)
            return
    pieces = [
        Stretch(piece.indent + (STEP if start != piece.start else 0), start, end)
        for start, end in zip([piece.start, *gaps], [*gaps, piece.end], strict=True)
    ]
    if all(words[i].fill for i in gaps):
        pieces = _filled(words, pieces, forced)
    for part in pieces:
        if part == piece:
            found.append(part)
        else:
            _break(words, part, forced, found)


def _fits(words: Sequence[Word], piece: Stretch, forced: frozenset[int]) -> bool:
    inner = range(piece.start + 1, piece.end)
    if any(i in forced or words[i].rank == ALWAYS for i in inner):
        return False
    return piece.indent + len(flat(words[piece.start : piece.end], piece.indent)) <= WIDTH


def _filled(words: Sequence[Word], pieces: list[Stretch], forced: frozenset[int]) -> list[Stretch]:
    """Neighbours joined as long as the line has room for them."""
    filled = [pieces[0]]
    for piece in pieces[1:]:
        joined = evolve(filled[-1], end=piece.end)
        if _fits(words, joined, forced):
            filled[-1] = joined
        else:
            filled.append(piece)
    return filled


def best_column(ends: Sequence[tuple[int, int]], *, usual: int, least: int = 0) -> int:
    """The column that suits most lines of a block; of equals, one that few lines reach past, near the usual.

    Each line has an end and the width of what is to stand in the column, two blanks after it. Columns are
    multiples of four, from `least` on, so that a slightly longer word seldom moves a whole block.
    """

    def merit(column: int) -> tuple[int, int, int]:
        reaches = [end + ROOM <= column for end, _ in ends]
        suited = sum(
            1 for fits, (_, width) in zip(reaches, ends, strict=True) if fits and column + width <= WIDTH
        )
        return suited, sum(reaches) if suited else 0, -abs(column - usual)

    return max(range(least, max(WIDTH, least + 1), STEP), key=merit)
