"""Source text and places in it."""

from __future__ import annotations

from bisect import bisect_right

from attrs import field, frozen


@frozen
class SourceFile:
    """One file as it was read. `name` is the path as the author gave it; text has `\\n` line ends."""

    name: str
    text: str
    _starts: tuple[int, ...] = field(init=False, repr=False, eq=False)

    @_starts.default
    def _line_starts(self) -> tuple[int, ...]:
        starts = [0]
        position = self.text.find("\n")
        while position != -1:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return tuple(starts)

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1; the column in Unicode characters."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of one line, counted from 1, without its line end; empty past the end."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")

    @property
    def line_count(self) -> int:
        return len(self._starts)


@frozen
class Span:
    """A stretch of one file: `start` counts characters from 0, `end` is the first one after it."""

    file: SourceFile = field(repr=False)
    start: int
    end: int

    @property
    def place(self) -> str:
        """`path:line:column`, as printed in messages."""
        line, column = self.file.position(self.start)
        return f"{self.file.name}:{line}:{column}"

    @property
    def text(self) -> str:
        return self.file.text[self.start : self.end]

    def to(self, other: Span) -> Span:
        """From the start of this span to the end of the other."""
        return Span(self.file, self.start, max(self.end, other.end))


NOWHERE = Span(SourceFile("", ""), 0, 0)
"""The place of what no author wrote."""
