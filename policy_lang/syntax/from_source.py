"""From text to tree: `read` parses one file item by item and reports every mistake it can tell apart.

Each top-level item is parsed on its own. When a sentence cannot be read, it is reported, blanked out
together with the lines below it, and the item is read again; so one mistake hides only itself.
"""

from __future__ import annotations

import gc
import re
from itertools import pairwise

from attrs import frozen
from lark import TextSlice, UnexpectedInput

from policy_lang.source.diagnostic import Diagnostic, in_reading_order
from policy_lang.source.text import SourceFile, Span
from policy_lang.syntax import forms, limits, syntax_errors, tree
from policy_lang.syntax.build import Builder, Margin
from policy_lang.syntax.layout import BadIndentation, Layout
from policy_lang.syntax.parser import parser

_MARGIN = re.compile(r'"[^"\n]*"|(?P<citation>\[[^\]\n]*\])|(?P<comment>#[^\n]*)')
_MOST_MISTAKES_AN_ITEM = 20


def read(source: SourceFile) -> tuple[tree.File, tuple[Diagnostic, ...]]:
    """The tree of one file with what is wrong in it. Items that cannot be read are left out."""
    problems = list(limits.check(source))
    if problems:
        return tree.File(source, ()), tuple(problems)
    margin = _margin(source)
    items: list[tree.Item] = []
    damaged: set[int] = set()
    lost: set[str] = set()
    is_open = False  # whether something is missing below the item before
    collecting = gc.isenabled()
    gc.disable()  # the collector would walk the growing tree again and again
    try:
        for start, end in _item_ranges(source.text):
            item, found = _read_item(source, margin, start, end)
            if is_open and item is None and not _begins_item(source.text[start:end]):
                found = []  # it is what was meant to stand below, and that has been said
            is_open = bool(found) and found[-1].message == syntax_errors.NOTHING_BELOW
            problems.extend(found)
            if item is None:
                lost.update(_declared_names(source.text[start:end]))
                continue
            items.append(item)
            if found:
                damaged.add(id(item))
    finally:
        if collecting:
            gc.enable()
    file = tree.File(source, tuple(items), margin.comments, frozenset(damaged), frozenset(lost))
    return file, in_reading_order(problems)


def _begins_item(text: str) -> bool:
    """Whether the first word is one that an item begins with."""
    return text.split(maxsplit=1)[0] in forms.ITEMS


_FIELD_NAMES = re.compile(r"^[ ]+([a-z][a-z0-9_]*)", re.MULTILINE)


def _declared_names(text: str) -> set[str]:
    """The names that an item which cannot be read may have declared."""
    names = set(re.findall(r"[a-z][a-z0-9_]*", text.split("\n", 1)[0]))
    return names | set(_FIELD_NAMES.findall(text))


def _margin(source: SourceFile) -> Margin:
    comments: list[tree.Comment] = []
    citations: list[tree.Citation] = []
    text = source.text
    for match in _MARGIN.finditer(text):
        span = Span(source, match.start(), match.end())
        if match["comment"] is not None:
            before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            comments.append(tree.Comment(match.group().rstrip(), not before.strip(), span=span))
        elif match["citation"] is not None:
            citations.append(tree.Citation(" ".join(match.group()[1:-1].split()), span=span))
    return Margin(tuple(comments), tuple(citations))


def _item_ranges(text: str) -> list[tuple[int, int]]:
    """Start and end of every item: a line that begins in column 1, with the deeper lines below it."""
    starts = [match.start() for match in re.finditer(r"^[^ \n#]", text, re.MULTILINE)]
    first_deep = re.search(r"^[ ]+[^ \n#]", text, re.MULTILINE)
    if first_deep and (not starts or first_deep.start() < starts[0]):
        starts.insert(0, first_deep.start())
    return list(pairwise([*starts, len(text)]))


@frozen
class _Blanks:
    """The text of an item with some sentences blanked out, every offset kept."""

    text: str
    count: int = 0

    def without(self, start: int, end: int) -> _Blanks:
        hidden = re.sub(r"[^\n]", " ", self.text[start:end])
        return _Blanks(self.text[:start] + hidden + self.text[end:], self.count + 1)


def _read_item(
    source: SourceFile, margin: Margin, start: int, end: int
) -> tuple[tree.Item | None, list[Diagnostic]]:
    lark, layout = parser()
    problems: list[Diagnostic] = []
    blanks = _Blanks(source.text)
    if source.text[start] == " ":
        line = source.text[start:].index(source.text[start:].lstrip()[0]) + start
        return None, [syntax_errors.first_line_indented(Span(source, line, _line_end(source.text, line)))]
    while True:
        layout.text = blanks.text
        try:
            parsed = lark.parse(TextSlice(blanks.text, start, end))
        except (UnexpectedInput, BadIndentation) as error:
            problem, place = syntax_errors.describe(source, error, start, end, layout)
            if blanks.count and place.past_the_text:
                return None, problems  # only what was blanked out is missing
            problems.append(problem)
            sentence = _sentence_start(layout, blanks.text, place.offset)
            if sentence <= start or len(problems) >= _MOST_MISTAKES_AN_ITEM:
                return None, problems
            blanks = blanks.without(sentence, _block_end(blanks.text, sentence, end))
            continue
        if limits.is_too_deep(parsed):
            return None, [*problems, limits.too_deep(Span(source, start, _line_end(source.text, start)))]
        item, found = Builder(source, margin.within(start, end)).build(parsed)
        problems.extend(found)
        return item, problems


def _sentence_start(layout: Layout, text: str, offset: int) -> int:
    """Where the sentence around an offset starts; -1 when it lies before the first."""
    line_start = text.rfind("\n", 0, offset) + 1
    if layout.awaiting and not text[line_start:offset].strip():
        return offset  # reading stopped at its first word
    known = next((s for s in reversed(layout.sentences) if s.start <= offset), None)
    return -1 if known is None else known.start


def _line_end(text: str, offset: int) -> int:
    end = text.find("\n", offset)
    return len(text) if end == -1 else end


def _block_end(text: str, start: int, end: int) -> int:
    """Where the sentence that starts here ends, together with every deeper line below it."""
    line_start = text.rfind("\n", 0, start) + 1
    indent = start - line_start
    position = _line_end(text, start)
    while position < end:
        following = _line_end(text, position + 1)
        line = text[position + 1 : following]
        if line.strip() and not line.lstrip().startswith("#") and len(line) - len(line.lstrip()) <= indent:
            break
        position = following
    return min(position, end)
