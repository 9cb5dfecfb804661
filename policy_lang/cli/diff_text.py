"""A comparison on a terminal: in colour, and with the texts side by side where there is room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click
from rich.cells import cell_len

from policy_lang.cli.output import drawable
from policy_lang.tools.diff.compare import Comparison
from policy_lang.tools.diff.report import Part, parts
from policy_lang.tools.diff.side_by_side import Line, Row, Stretch, side_by_side

ROOM = 110
"""From so many columns on, two texts stand side by side."""

WIDEST = 200
_INDENT = 6
_STYLES: dict[str, dict[str, Any]] = {
    "file": {"bold": True},
    "outcome": {"bold": True},
    "case": {"fg": "yellow"},
    "limits": {"dim": True},
    "same meaning": {"fg": "green", "bold": True},
    "meaning differs": {"fg": "yellow", "bold": True},
    "not settled": {"fg": "magenta", "bold": True},
}


def draw(comparison: Comparison, *, width: int, colour: bool) -> str:
    """The comparison for a terminal of so many columns. Long lines are broken."""
    lines: list[str] = []
    for part in parts(comparison):
        lines.extend(_styled(part, width, colour))
        if part.kind == "text" and width >= ROOM and part.file is not None and part.file.before is not None:
            blocks = side_by_side(part.file.before, part.file.head.file)
            name, _, _ = part.text.strip().partition(": ")
            lines.extend(_block(blocks.get(name, ()), min(width, WIDEST), colour))
    return "\n".join(lines)


def _styled(part: Part, width: int, colour: bool) -> Iterator[str]:
    """A line in as many as the terminal needs for it."""
    text = drawable(part.text)
    style = _STYLES.get(text if part.kind == "verdict" else part.kind)
    indent = len(text) - len(text.lstrip(" "))
    for line in _wrapped(Line(text), width) if text else [Line("")]:
        margin = len(line.text) - len(line.text.lstrip(" "))
        said = line.text[margin:]
        yield " " * max(margin, indent) + (click.style(said, **style) if colour and style and said else said)


def _block(rows: Iterable[Row], width: int, colour: bool) -> Iterator[str]:
    """Two columns; a star stands before each line in which they differ."""
    room = (width - _INDENT - 3 - 2) // 2
    for row in rows:
        if row.is_gap:
            yield " " * _INDENT + "  ..."
            continue
        sides = [list(_wrapped(line, room)) if line is not None else [] for line in (row.old, row.new)]
        for number in range(max(map(len, sides))):
            old, new = (side[number] if number < len(side) else Line("") for side in sides)
            star = "*" if row.differs and not number else " "
            left = _painted(old, "red", colour) + " " * (room - cell_len(old.text))
            yield f"{' ' * _INDENT}{star} {left} │ {_painted(new, 'green', colour)}".rstrip()


def _wrapped(line: Line, room: int) -> Iterator[Line]:
    """A line in pieces of so many columns at most, broken at blanks; later pieces stand in further."""
    hang = len(line.text) - len(line.text.lstrip()) + 4
    hang = hang if hang < room // 2 else 0
    start, margin = 0, 0
    while True:
        end = _end(line.text, start, room - margin)
        inside = [
            (max(a, start) - start + margin, min(b, end) - start + margin)
            for a, b in line.changed
            if a < end and b > start
        ]
        yield Line(" " * margin + line.text[start:end], tuple(inside))
        if end >= len(line.text):
            return
        start = end + 1 if line.text[end] == " " else end
        margin = hang


def _end(text: str, start: int, room: int) -> int:
    """How far a piece of a line goes that starts here."""
    end, cells = start, 0
    while end < len(text) and cells + cell_len(text[end]) <= room:
        cells += cell_len(text[end])
        end += 1
    if end == len(text) or text[end] == " ":
        return end
    blank = text.rfind(" ", start, end)
    return blank if blank > start and text[start:blank].strip() else max(end, start + 1)


def _painted(line: Line, colour: str, is_coloured: bool) -> str:
    if not is_coloured:
        return line.text
    text, at = "", 0
    for first, last in _in_order(line.changed):
        text += line.text[at:first] + click.style(line.text[first:last], fg=colour, bold=True)
        at = last
    return text + line.text[at:]


def _in_order(stretches: Iterable[Stretch]) -> list[Stretch]:
    return sorted(stretches)
