"""Which clauses, rules, tables and exceptions an answer comes from: where the steps that decided it are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import TypeAlias

from policy_lang.program.core import Case, Not, Or
from policy_lang.program.findings import is_grant_question
from policy_lang.program.reasons import deciding, near_grants
from policy_lang.program.trace import OutcomeTrace, Trace
from policy_lang.source.text import SourceFile, Span

Item: TypeAlias = tuple[str, str, str]
"""What it is (`clause`, `rule`, `table` or `exception`), the instrument it stands in, and its name."""

_ITEM = re.compile(r"(clause|rule|table|exception)[ ]+([a-z][a-z0-9_]*)")


def deciding_items(told: OutcomeTrace) -> frozenset[Item]:
    """The items that an outcome came from, its own among them.

    Cases that did not apply, and exceptions that were not there, do not count.
    """
    found: set[Item] = set()
    lines: dict[tuple[int, int], Item | None] = {}
    for step in _steps(told):
        span: Span | None = getattr(step.node, "span", None)
        if span is None or not span.file.text:
            continue
        key = (id(span.file), span.file.position(span.start)[0])
        if key not in lines:
            lines[key] = _item_around(span.file, key[1])
        item = lines[key]
        if item is not None:
            found.add(item)
    return frozenset(found)


def _steps(told: OutcomeTrace) -> Iterator[Trace]:
    """Every step that counted."""
    stack = [told.body, *(part for part in (told.anchor, told.recurs) if part is not None)]
    seen: set[int] = set()
    while stack:
        step = stack.pop()
        if id(step) in seen:
            continue
        seen.add(id(step))
        if isinstance(step.node, Case) and step.children[0].value is False:
            continue
        if isinstance(step.node, Not) and step.value is True:
            continue
        yield step
        is_ungranted = is_grant_question(step) and step.value is not True and isinstance(step.node, Or)
        stack.extend(near_grants(step)[0] if is_ungranted else deciding(step))


def _item_around(file: SourceFile, line: int) -> Item | None:
    """The item that a line belongs to: its own, or that of the last line above it that starts in the first column."""
    while line > 0:
        text = file.line(line)
        if text and text[0] not in " #":
            match = _ITEM.match(text)
            return (match[1], PurePath(file.name).stem, match[2]) if match is not None else None
        line -= 1
    return None
