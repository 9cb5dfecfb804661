"""The limits of a file (section Limits of the reference): each has its own diagnostic."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lark import Tree

from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.text import SourceFile, Span

MOST_BYTES = 1024 * 1024
MOST_LINES = 20_000
MOST_COLUMNS = 4_096
MOST_NESTING = 64
MOST_DIGITS = 34
_MOST_TREE_DEPTH = 250

FILE_TOO_LARGE = Code("file-too-large", "a policy file holds at most 1 MiB and 20,000 lines")
LINE_TOO_LONG = Code("line-too-long", "a line holds at most 4,096 characters")
NESTED_TOO_DEEPLY = Code("nested-too-deeply", "brackets and blocks go at most 64 levels deep")
NUMBER_TOO_LONG = Code("number-too-long", "a number has at most 34 digits")
TAB = Code("tab", "the depth of a line is counted in blanks, and a tab has no fixed width")
STRANGE_CHARACTER = Code("strange-character", "a policy file is plain text in UTF-8")

_DIGITS = re.compile(r"[0-9][0-9.]{34,}")


def check(source: SourceFile) -> Iterator[Diagnostic]:
    """Everything that stops a file from being read at all."""
    text = source.text
    top = Span(source, 0, min(len(text), 1))
    size = len(text.encode("utf-8", "surrogatepass"))
    lines = text.count("\n") + (not text.endswith("\n"))
    if size > MOST_BYTES or lines > MOST_LINES:
        yield FILE_TOO_LARGE.at(
            top,
            f"this file is too large: {lines:,} lines, {-(-size // 1024):,} KiB",
            label="this file",
            help="split it into several instruments and `use` them",
        )
        return
    offset = 0
    for line in text.split("\n"):
        if len(line) > MOST_COLUMNS:
            yield LINE_TOO_LONG.at(
                Span(source, offset, offset + 40),
                f"this line has {len(line):,} characters",
                label="this line",
                help="continue on deeper lines",
            )
        indentation = len(line) - len(line.lstrip())
        if line.strip() and "\t" in line[:indentation]:
            at = offset + line.index("\t")
            yield TAB.at(
                Span(source, at, at + 1),
                "this line is indented with a tab",
                label="a tab",
                help="use four blanks for each level",
            )
        offset += len(line) + 1
    for match in re.finditer(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]", text):
        yield STRANGE_CHARACTER.at(
            Span(source, match.start(), match.end()),
            f"this file holds a character that cannot stand in a policy (U+{ord(match.group()):04X})",
            label="this character",
            help="remove it; if the file is no text at all, save it again as UTF-8 text",
        )
        return
    yield from _check_nesting(source)
    for match in _DIGITS.finditer(text):
        if sum(c.isdigit() for c in match.group()) > MOST_DIGITS and not _in_words(text, match.start()):
            yield NUMBER_TOO_LONG.at(
                Span(source, match.start(), match.end()),
                "this number is too long",
                label="this number",
                help="write at most 34 digits",
            )


def _in_words(text: str, offset: int) -> bool:
    """Whether a place lies in a quoted string, a citation or a comment, roughly: judged from its line."""
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line.count('"') % 2 == 1 or "#" in line or line.rfind("[") > line.rfind("]")


_BRACKETS = re.compile(r'"[^"\n]*"|\[[^\]\n]*\]|#[^\n]*|[()]')


def _check_nesting(source: SourceFile) -> Iterator[Diagnostic]:
    depth = 0
    for match in _BRACKETS.finditer(source.text):
        if match.group() == "(":
            depth += 1
            if depth > MOST_NESTING:
                yield too_deep(Span(source, match.start(), match.end()))
                return
        elif match.group() == ")":
            depth = max(depth - 1, 0)
    indents: list[int] = []
    offset = 0
    for line in source.text.split("\n"):
        stripped = line.lstrip()
        if stripped and not stripped.startswith("#"):
            indent = len(line) - len(stripped)
            while indents and indents[-1] >= indent:
                indents.pop()
            indents.append(indent)
            if len(indents) > MOST_NESTING:
                yield too_deep(Span(source, offset + indent, offset + len(line)))
                return
        offset += len(line) + 1


def too_deep(span: Span) -> Diagnostic:
    """What is said of something nested too deeply."""
    return NESTED_TOO_DEEPLY.at(
        span,
        "this is nested too deeply",
        label="here",
        help="give a part of it a name of its own with `rule`",
    )


def is_too_deep(parsed: Tree[Any]) -> bool:
    """Whether the tree is deeper than later stages, which do recurse, are built for."""
    level: list[Tree[Any]] = [parsed]
    for _ in range(_MOST_TREE_DEPTH):
        level = [child for node in level for child in node.children if isinstance(child, Tree)]
        if not level:
            return False
    return True
