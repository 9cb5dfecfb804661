"""From tree to text: the canonical layout, the same for all who write the same.

Only blanks and line ends are the formatter's to choose. Words, their order, comments and what citations
belong to stay as the author has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from attrs import evolve, frozen

from policy_lang.syntax import tree
from policy_lang.syntax.comments import OwnLine, Placed, place
from policy_lang.syntax.sentences import sentences
from policy_lang.syntax.words import ROOM, STEP, WIDTH, best_column, flat, lines

_CITATIONS = 72
"""The usual column of citations, counted from 0."""

_GROUPED = (
    tree.Use,
    tree.NotEncoded,
    tree.Means,
    tree.Territory,
    tree.Purpose,
    tree.Status,
    tree.Event,
    tree.Determination,
    tree.Deleted,
    tree.ChangedMembers,
    tree.ChangedDate,
    tree.ChangedForce,
    tree.Terminated,
    tree.ChangedParty,
)
"""Neighbours of these kinds stand together or apart as their author has them."""


@frozen
class _Line:
    """One line of text; nothing but a margin when `text` is empty.

    Citations for which there is no room beside it stand `below`, at that depth.
    """

    indent: int
    text: str
    below: int
    cites: tuple[str, ...] = ()
    comment: str = ""

    @property
    def end(self) -> int:
        return self.indent + len(self.text)


def to_source(file: tree.File) -> str:
    """The canonical text of a file that was read without mistakes.

    Reading it again gives an equal tree with the same comments; formatting it again changes nothing.
    """
    items = [sentences(item) for item in file.items]
    placed, after = place(file, [sentence for item in items for sentence in item])
    text = _Text()
    at = 0
    for item, parts in zip(file.items, items, strict=True):
        text.add_item(item, placed[at : at + len(parts)])
        at += len(parts)
    for comment in after:
        text.add_comment(comment, needs_blank=False)
    return "".join(f"{line}\n" for line in text.lines)


class _Text:
    """The lines so far, and what decides about a blank line before the next."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._depth = 0
        self._last_item: tree.Item | None = None
        self._in_comments = True

    def add_item(self, item: tree.Item, placed: Sequence[Placed]) -> None:
        """Adds an item with the comments before it; those deeper than it end the item before."""
        written = [_sentence_lines(p) for p in placed]
        column = _citation_column(line for lines in written for line in lines)
        for p, found in zip(placed, written, strict=True):
            apart = self._stands_apart(item, p) if p.sentence.depth == 0 else False
            for comment in p.before:
                self.add_comment(comment, needs_blank=apart and comment.depth == 0)
            blank = p.after_blank or False
            if p.sentence.depth == 0 and not self._in_comments:
                blank = blank or apart
            self._separate(p.sentence.depth, blank)
            self._in_comments = False
            for line in found:
                self.lines.extend(_margined(line, column))
        self._last_item = item

    def _stands_apart(self, item: tree.Item, head: Placed) -> bool:
        """Whether a blank line belongs between this item and the one before it."""
        if isinstance(item, _GROUPED) and isinstance(self._last_item, _GROUPED):
            return head.after_blank is None and type(item) is not type(self._last_item)
        return True

    def add_comment(self, comment: OwnLine, *, needs_blank: bool) -> None:
        """Adds a comment on a line of its own."""
        self._separate(comment.depth, comment.after_blank or (needs_blank and not self._in_comments))
        self.lines.append(" " * comment.depth * STEP + comment.text)
        self._in_comments = comment.depth == 0

    def _separate(self, depth: int, blank: bool) -> None:
        if blank and self.lines and depth <= self._depth:
            self.lines.append("")
        self._depth = depth


def _sentence_lines(placed: Placed) -> list[_Line]:
    """The lines of a sentence with what stands in its margin."""
    sentence, margin = placed.sentence, placed.margin
    indent = sentence.depth * STEP
    inside = [gap for gap in margin if gap < len(sentence.words)]
    stretches = lines(sentence.words, indent, inside, may_break=sentence.may_break)
    deeper = [stretch.indent for stretch in stretches[1:]] + [indent + STEP]
    found: list[_Line] = []
    for stretch, next_indent in zip(stretches, deeper, strict=True):
        text = flat(sentence.words[stretch.start : stretch.end], stretch.indent)
        own = sentence.owner_of(stretch.end - 1) is not sentence.owner
        below = (stretch.indent if own else indent) + STEP
        found.append(_Line(stretch.indent, text, below))
        is_open = True  # whether the last line has room in its margin
        for kind, said in margin.get(stretch.end, ()):
            match kind:
                case "citation":
                    if not is_open:
                        found.append(_Line(next_indent, "", below))
                    found[-1] = evolve(found[-1], cites=(*found[-1].cites, said))
                    is_open = True
                case "on the line":
                    found[-1] = evolve(found[-1], comment=said)
                    is_open = False
                case "own line":
                    found.append(_Line(next_indent, said, below))
                    is_open = False
    return found


def _citation_column(found: Iterator[_Line]) -> int:
    sizes = [(line.end, len(" ".join(line.cites))) for line in found if line.text and line.cites]
    return best_column(sizes, usual=_CITATIONS)


def _margined(line: _Line, column: int) -> list[str]:
    """A line with its citations and its comment: beside it where there is room, else below."""
    text = " " * line.indent + line.text
    below: list[str] = []
    if line.cites:
        cites = " ".join(line.cites)
        earlier = (WIDTH - len(cites)) // STEP * STEP
        if line.text and line.end + ROOM + len(cites) <= WIDTH:
            text = f"{text:{max(line.end + ROOM, min(column, earlier))}}{cites}"
        else:
            below = _packed(line.cites, line.below)
            if not line.text:
                text = below.pop(0)
    found = [text, *below]
    if line.comment:
        found[-1] += f"  {line.comment}"
    return found


def _packed(cites: Sequence[str], indent: int) -> list[str]:
    """Citations on lines of their own, as many on each as fit."""
    packed = [" " * indent + cites[0]]
    for cite in cites[1:]:
        if len(packed[-1]) + 1 + len(cite) <= WIDTH:
            packed[-1] += f" {cite}"
        else:
            packed.append(" " * indent + cite)
    return packed
