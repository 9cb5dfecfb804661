"""What plain text is made of: sentences with points below them, tables, and how both are printed."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TypeAlias

from attrs import frozen

from policy_lang.source.lines import in_lines

_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv")
_WIDEST_COLUMN = 44


@frozen
class Point:
    """One sentence, or the opening of one that goes on in the points below it."""

    text: str
    parts: tuple[Point, ...] = ()
    cites: tuple[str, ...] = ()


@frozen
class Grid:
    """A table: the heads of its columns, and each row with what it cites."""

    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


Block: TypeAlias = Point | Grid


@frozen
class Item:
    """One clause, rule, table, definition or record: what it is called, and all that it says."""

    kind: str
    name: str
    title: str
    blocks: tuple[Block, ...]
    cites: tuple[str, ...] = ()


@frozen
class Section:
    """Items of one kind under a heading."""

    heading: str
    items: tuple[Item, ...]


def lines_of(item: Item, width: int) -> list[str]:
    """An item as indented lines, under its title."""
    lines = wrapped(item.title, "", "    ", width)
    for block in item.blocks:
        if isinstance(block, Grid):
            lines.extend(_grid_lines(block, "    ", width))
        else:
            lines.extend(_point_lines(block, "    ", "", ".", 0, width))
    if item.cites:
        lines.extend(wrapped(_cited(item.cites), "    ", "    ", width))
    return lines


def _point_lines(point: Point, indent: str, mark: str, end: str, depth: int, width: int) -> list[str]:
    closing = ":" if point.parts else "" if point.text[-1:] in (".", "?", "!") and end == "." else end
    text = f"{mark}{point.text}{closing}"
    if point.cites:
        text += f" {_cited(point.cites)}"
    below = indent + " " * len(mark)
    lines = wrapped(text, indent, below, width)
    last = len(point.parts) - 1
    for n, part in enumerate(point.parts):
        stop = end if n == last else ";"
        lines.extend(_point_lines(part, below + "  ", f"({_number(n, depth)}) ", stop, depth + 1, width))
    return lines


def _number(n: int, depth: int) -> str:
    """(a), (b); below them (i), (ii); below those (1), (2)."""
    if depth % 3 == 0 and n < 26:
        return chr(ord("a") + n)
    if depth % 3 == 1 and n < len(_ROMAN):
        return _ROMAN[n]
    return str(n + 1)


def _grid_lines(grid: Grid, indent: str, width: int) -> list[str]:
    cells = [grid.heads, *(row for row, _ in grid.rows)]
    columns = range(len(grid.heads))
    widths = [min(_WIDEST_COLUMN, max(len(row[n]) for row in cells)) for n in columns]
    lines = _row_lines(grid.heads, widths, indent)
    lines.append(indent + "  ".join("-" * one for one in widths))
    for row, cites in grid.rows:
        printed = _row_lines(row, widths, indent)
        if cites and len(printed[0]) + len(_cited(cites)) + 2 <= width:
            printed[0] += f"  {_cited(cites)}"
        elif cites:
            printed.extend(wrapped(_cited(cites), indent + "    ", indent + "    ", width))
        lines.extend(printed)
    return lines


def _row_lines(row: Sequence[str], widths: Sequence[int], indent: str) -> list[str]:
    broken = [textwrap.wrap(cell, wide) or [""] for cell, wide in zip(row, widths, strict=True)]
    return [
        (
            indent
            + "  ".join(
                (lines[n] if n < len(lines) else "").ljust(wide)
                for lines, wide in zip(broken, widths, strict=True)
            )
        ).rstrip()
        for n in range(max(map(len, broken)))
    ]


def _cited(cites: Sequence[str]) -> str:
    return " ".join(f"[{cite}]" for cite in cites)


def wrapped(text: str, first: str, later: str, width: int) -> list[str]:
    """A text broken into lines, with what stands before the first and before the others."""
    return in_lines(text, max(width, len(later) + 40), first, later) or [""]


def document_of(block: Block) -> dict[str, object]:
    """A sentence or a table as data."""
    if isinstance(block, Grid):
        rows = [{"cells": list(row), "cites": list(cites)} for row, cites in block.rows]
        return {"columns": list(block.heads), "rows": rows}
    found: dict[str, object] = {"text": block.text}
    if block.parts:
        found["parts"] = [document_of(part) for part in block.parts]
    if block.cites:
        found["cites"] = list(block.cites)
    return found
