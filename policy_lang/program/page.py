"""Indented lines with citations, broken to a width."""

from __future__ import annotations

from collections.abc import Iterable

from attrs import define, field, frozen

from policy_lang.source.lines import in_lines

_MOST_LINES = 5_000
_DEEPEST_INDENT = 24


@frozen
class Line:
    """One line before it is broken: how far it stands in, its text, and what it cites."""

    depth: int
    text: str
    cites: tuple[str, ...]


@define(eq=False)
class Page:
    """Lines with their depth, broken to the width when all are there."""

    width: int
    lines: list[Line] = field(factory=list)
    held: list[str] = field(factory=list)

    @property
    def is_full(self) -> bool:
        return len(self.lines) >= _MOST_LINES

    def add(self, depth: int, text: str, cites: Iterable[str] = ()) -> None:
        if len(self.lines) == _MOST_LINES:
            self.lines.append(Line(1, "... the rest is left out", ()))
        elif not self.is_full:
            self.lines.append(Line(depth, text, tuple(dict.fromkeys((*self.held, *cites)))))
            self.held.clear()

    def hold(self, cites: Iterable[str]) -> None:
        """Citations that belong to the next line."""
        self.held.extend(cites)

    def text(self) -> str:
        return "\n".join(row for line in self.lines for row in self._rows(line)) + "\n"

    def _rows(self, line: Line) -> list[str]:
        indent = "  " * min(line.depth, _DEEPEST_INDENT)
        text = "  ".join([line.text, *(f"[{cite}]" for cite in line.cites)])
        wide = max(self.width, len(indent) + 40)
        return in_lines(text, wide, indent, indent + "    ") or [""]
