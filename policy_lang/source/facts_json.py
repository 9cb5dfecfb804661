"""Facts in JSON: exact values, and where each stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TypeAlias

from policy_lang.source.facts_problem import DEEPEST, UnreadableFacts, repeated, too_deep
from policy_lang.source.text import SourceFile

Places: TypeAlias = dict[tuple[str | int, ...], tuple[int, int]]
Reading: TypeAlias = Callable[[str], object]

# INVARIANT: what was read of a text is never given back, so that no text takes more than one pass.
_TEXT = r'"(?>(?:[^"\\]++|\\.)*)(?:"|\Z)'
_DEPTH = re.compile(_TEXT + r"|[\[\]{}]", re.DOTALL)
_TOKEN = re.compile(_TEXT + r'|[\[\]{}:,]|[^\s\[\]{}:,"]++', re.DOTALL)


class _Twice(Exception):
    """A name that a group has twice."""


def read_json(source: SourceFile, whole: Reading, decimal: Reading) -> object:
    """The value in a file. Raises `UnreadableFacts`."""
    _check_depth(source.text)

    def constant(word: str) -> object:
        at = next(m.start() for m in _TOKEN.finditer(source.text) if m.group() == word)
        raise UnreadableFacts(f"`{word}` is not a number", at, "leave an unknown fact out, or null")

    try:
        return json.loads(
            source.text,
            parse_float=decimal,
            parse_int=whole,
            parse_constant=constant,
            object_pairs_hook=_object,
        )
    except json.JSONDecodeError as error:
        help_text = "look at the commas, the quotation marks and the brackets around this place"
        raise UnreadableFacts(f"this is not JSON: {error.msg.lower()}", error.pos, help_text) from None
    except _Twice:
        raise _repeated(source.text) from None


def _check_depth(text: str) -> None:
    """Refuses what is nested too deeply, before anything that recurses reads it."""
    depth = 0
    for match in _DEPTH.finditer(text):
        mark = match.group()
        if mark in ("[", "{"):
            depth += 1
            if depth > DEEPEST:
                raise too_deep(match.start())
        elif mark in ("]", "}"):
            depth -= 1


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _repeated(text: str) -> UnreadableFacts:
    """What is said of the first name that a group has twice, in a text that is JSON up to there."""
    open_: list[set[str] | None] = []  # the names seen in each group, None for a list
    naming = False
    for match in _TOKEN.finditer(text):
        mark = match.group()
        if mark in ("{", "["):
            open_.append(set() if mark == "{" else None)
            naming = mark == "{"
        elif mark in ("}", "]"):
            open_.pop()
            naming = False
        elif mark == ",":
            naming = bool(open_) and open_[-1] is not None
        elif naming:
            naming = False
            name, seen = str(json.loads(mark)), open_[-1]
            assert seen is not None
            if name in seen:
                return repeated(name, match.start())
            seen.add(name)
    raise AssertionError(text[:100])


def json_places(text: str) -> Places:
    """Where every value of a text stands that was read before."""
    found: Places = {}
    open_: list[str | int | None] = []  # per level: the key being read, None before one; or the list index
    for match in _TOKEN.finditer(text):
        mark = match.group()
        if mark in ("}", "]"):
            open_.pop()
        elif mark == ",":
            last = open_[-1]
            open_[-1] = last + 1 if isinstance(last, int) else None
        elif mark == ":":
            continue
        elif open_ and open_[-1] is None:
            open_[-1] = str(json.loads(mark))
        else:
            found[tuple(step for step in open_ if step is not None)] = (match.start(), match.end())
            if mark in ("{", "["):
                open_.append(None if mark == "{" else 0)
    return found
