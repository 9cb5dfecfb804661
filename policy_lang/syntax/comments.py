"""Where comments and citations go: to the same place between the same words as in the source."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal, TypeAlias

from attrs import field, frozen

from policy_lang.syntax import tree
from policy_lang.syntax.sentences import Cited, Sentence
from policy_lang.syntax.words import PART, source_words

Margin: TypeAlias = tuple[Literal["citation", "on the line", "own line"], str]
"""A citation in its brackets, a comment after words, or a comment on a line of its own."""


@frozen
class OwnLine:
    """A comment between sentences."""

    depth: int
    text: str
    after_blank: bool


@frozen
class Placed:
    """A sentence with its margin.

    `before` are the comments on lines of their own above it; `margin` has what stands after so many words
    of it. `after_blank` when its author left a blank line above it; None when it has no author.
    """

    sentence: Sentence
    before: tuple[OwnLine, ...] = ()
    margin: dict[int, list[Margin]] = field(factory=dict)
    after_blank: bool | None = None


def place(file: tree.File, sentences: Sequence[Sentence]) -> tuple[list[Placed], list[OwnLine]]:
    """Every sentence with its margin, and the comments after the last one.

    Sentences that were made, and not read from this file, have no places: their citations stand at the
    end of the first sentence that can have them, and there are no comments.
    """
    starts = [sentence.span.start for sentence in sentences]
    read = all(s.span.file is file.source for s in sentences) and starts == sorted(set(starts))
    if not read:
        return _placed_somewhere(sentences), []
    source = _Source(file.source.text, sentences, starts)
    for citation, owner in _citations(sentences):
        source.add_citation(citation, owner)
    for comment in file.comments:
        source.add_comment(comment)
    return source.placed(), source.between[len(sentences)]


def _citations(sentences: Sequence[Sentence]) -> list[tuple[tree.Citation, Cited]]:
    """Every citation with what it belongs to, in the order of the source."""
    owners: dict[int, Cited] = {}
    for sentence in sentences:
        for owner in (sentence.owner, *(owner for _, owner in sentence.owners)):
            owners[id(owner)] = owner
    found = [(citation, owner) for owner in owners.values() for citation in owner.cites]
    return sorted(found, key=lambda c: c[0].span.start)


def _part_ends(sentence: Sentence) -> list[int]:
    """How many words lie before the end of each part."""
    words = sentence.words
    return [*(i for i in range(1, len(words)) if words[i].rank <= PART and not words[i].fill), len(words)]


def _placed_somewhere(sentences: Sequence[Sentence]) -> list[Placed]:
    placed = []
    done: set[int] = set()
    for sentence in sentences:
        margin: dict[int, list[Margin]] = {}
        ends: dict[int, int] = {}  # by owner: the end of the last part of this sentence that is its own
        for end in _part_ends(sentence):
            ends[id(sentence.owner_of(end - 1))] = end
        for end in sorted(ends.values()):
            owner = sentence.owner_of(end - 1)
            if owner.cites and id(owner) not in done:
                margin[end] = [("citation", f"[{c.text}]") for c in owner.cites]
            done.add(id(owner))
        placed.append(Placed(sentence, margin=margin))
    return placed


class _Source:
    """The margin of a source file, gathered sentence by sentence."""

    def __init__(self, text: str, sentences: Sequence[Sentence], starts: list[int]) -> None:
        self._text = text
        self._sentences = sentences
        self._starts = starts
        self._words = source_words(text)
        self._first_words = [bisect_left(self._words, start) for start in starts]
        self._margins: list[list[tuple[int, int, Margin]]] = [[] for _ in sentences]
        self.between: list[list[OwnLine]] = [[] for _ in range(len(sentences) + 1)]

    def _gap(self, number: int, offset: int) -> int:
        """How many words of a sentence stand before an offset in it."""
        count = len(self._sentences[number].words)
        if not self._sentences[number].may_break:
            return count
        return min(max(bisect_left(self._words, offset) - self._first_words[number], 1), count)

    def add_citation(self, citation: tree.Citation, owner: Cited) -> None:
        """Puts a citation after the words before it, as long as it belongs to the same thing there."""
        offset = citation.span.start
        near = max(bisect_right(self._starts, offset) - 1, 0)
        gap = self._gap(near, offset)
        number = near
        if self._sentences[near].owner_of(gap - 1) is not owner:
            number, gap = self._nearest(near, owner)
        self._margins[number].append((gap, offset, ("citation", f"[{citation.text}]")))

    def _nearest(self, near: int, owner: Cited) -> tuple[int, int]:
        """A sentence and a gap in it for a citation of this owner: the last before, else the first after."""
        for number in range(near, -1, -1):
            sentence = self._sentences[number]
            for end in reversed(_part_ends(sentence)):
                if sentence.owner_of(end - 1) is owner:
                    return number, end
        return next(
            (number, end)
            for number in range(near, len(self._sentences))
            for end in range(1, len(self._sentences[number].words) + 1)
            if self._sentences[number].owner_of(end - 1) is owner
        )

    def add_comment(self, comment: tree.Comment) -> None:
        """Puts a comment after the words before it, or between two sentences."""
        offset = comment.span.start
        number = bisect_right(self._starts, offset) - 1
        if number >= 0:
            gap = self._gap(number, offset)
            inside = gap < len(self._sentences[number].words) or any(
                place > offset for _, place, _ in self._margins[number]
            )
            if inside or not comment.own_line:
                kind: Literal["own line", "on the line"] = "own line" if comment.own_line else "on the line"
                self._margins[number].append((gap, offset, (kind, comment.text)))
                return
        here = self.between[number + 1]
        depth = self._depth(number, self._column(offset), here[-1].depth if here else None)
        here.append(OwnLine(depth, comment.text, self._is_after_blank(offset)))

    def _depth(self, number: int, column: int, most: int | None) -> int:
        """How deep a comment after this sentence stands: in a block that ends here, or with what follows."""
        following = self._sentences[number + 1].depth if number + 1 < len(self._sentences) else 0
        if number < 0:
            return following
        depth = self._sentences[number].depth
        while depth > following:
            while self._sentences[number].depth > depth:
                number -= 1
            starts_at = self._column(self._starts[number])
            if (most is None or depth <= most) and starts_at <= column:
                return depth
            depth -= 1
        return following

    def _column(self, offset: int) -> int:
        return offset - self._text.rfind("\n", 0, offset) - 1

    def _is_after_blank(self, offset: int) -> bool:
        line_start = self._text.rfind("\n", 0, offset)
        return (
            line_start > 0 and not self._text[self._text.rfind("\n", 0, line_start) + 1 : line_start].strip()
        )

    def placed(self) -> list[Placed]:
        """Every sentence with its margin."""
        return [
            Placed(sentence, tuple(before), _settled(sentence, margin), self._is_after_blank(start))
            for sentence, before, margin, start in zip(
                self._sentences, self.between[:-1], self._margins, self._starts, strict=True
            )
        ]


def _settled(sentence: Sentence, found: list[tuple[int, int, Margin]]) -> dict[int, list[Margin]]:
    """What stands in each gap: citations at the end of their part, comments where they were.

    A comment before a mark that is glued to its word comes after the mark.
    """
    gaps: dict[int, list[Margin]] = {}
    for gap, _, margin in sorted(found):
        gaps.setdefault(gap, []).append(margin)
    if not gaps:
        return gaps
    ends = _part_ends(sentence)
    moving: list[Margin] = []
    for gap in sorted({*gaps, *ends}):
        here = gaps.get(gap, [])
        comments = [m for m in here if m[0] != "citation"]
        if gap not in ends and _stands(comments):
            moving += (m for m in here if m[0] == "citation")
            gaps[gap] = comments
        else:
            gaps[gap] = [*moving, *here]
            moving = []
    for gap in range(len(sentence.words) - 1, 0, -1):
        _move_on(sentence, gaps, gap)
    for end in ends:
        if end in gaps:
            gaps[end] = _comment_last(gaps[end])
    return {gap: margins for gap, margins in gaps.items() if margins}


def _move_on(sentence: Sentence, gaps: dict[int, list[Margin]], gap: int) -> None:
    """Moves comments after the glued words that follow, as far as other comments leave room."""
    while gap < len(sentence.words) and sentence.words[gap].glued and gaps.get(gap):
        both = gaps[gap] + gaps.get(gap + 1, [])
        crowded = sum(1 for kind, _ in both if kind == "on the line") > 1
        if crowded or not _stands(both) or any(kind == "citation" for kind, _ in gaps[gap]):
            return
        if gap + 1 == len(sentence.words) and any(kind == "own line" for kind, _ in gaps[gap]):
            return  # it would leave the sentence
        del gaps[gap]
        gap += 1
        gaps[gap] = both


def _stands(margins: list[Margin]) -> bool:
    """Whether each comment that is to stand on a line after something does so."""
    room = True
    for kind, _ in margins:
        if kind == "on the line" and not room:
            return False
        room = kind == "citation"
    return True


def _comment_last(margins: list[Margin]) -> list[Margin]:
    """A comment on the line, and then only citations: the comment after these."""
    for i in range(len(margins) - 1, -1, -1):
        if margins[i][0] == "on the line":
            return [*margins[:i], *margins[i + 1 :], margins[i]]
        if margins[i][0] == "own line":
            break
    return margins
