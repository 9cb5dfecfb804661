"""What the tables of some policies cover: every case that no row names, in words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from policy_lang.meaning.checks.linted import Linted
from policy_lang.meaning.checks.table_rows import covered
from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file


@frozen
class TableReport:
    """One table. `uncovered` are the cases without a row; they fall through to `otherwise` where there is one."""

    file: str
    line: int
    name: str
    ordered: bool
    has_otherwise: bool
    uncovered: tuple[str, ...]
    overlaps: tuple[str, ...]
    is_too_large: bool = False

    def to_json(self) -> dict[str, object]:
        """The report as JSON carries it."""
        return {
            "file": self.file,
            "line": self.line,
            "table": self.name,
            "ordered": self.ordered,
            "otherwise": self.has_otherwise,
            "uncovered": list(self.uncovered),
            "overlaps": list(self.overlaps),
            "too_large": self.is_too_large,
        }

    def lines(self) -> list[str]:
        """The report for people."""
        head = f"{self.file}:{self.line}: table `{self.name}`"
        if self.is_too_large:
            return [f"{head}: too many combinations to look at"]
        found = [f"    both fit: {words}" for words in self.overlaps]
        if not self.uncovered:
            return [f"{head}: its rows cover everything", *found]
        end = "falls through to `otherwise`" if self.has_otherwise else "has no row"
        return [f"{head}: {end} when", *(f"    {words}" for words in self.uncovered), *found]


def report(files: Sequence[Path]) -> list[TableReport]:
    """The tables of these files, in order; none of a file that has errors."""
    library = Library()
    found: list[TableReport] = []
    for path in files:
        compiled, _ = compile_file(path, library)
        declared = library.declare(path)
        if compiled.program is None or declared.header is None:
            continue
        linted = Linted(path, declared, library.understand(path), library)
        assert linted.meant is not None
        for rows in linted.meant.tables.values():
            cover = covered(linted, rows)
            line = rows.span.file.position(rows.span.start)[0]
            uncovered = tuple(cover.words(box) for box in cover.missing) if cover is not None else ()
            overlaps = cover.clashes.values() if cover is not None else ()
            found.append(
                TableReport(
                    str(path),
                    line,
                    rows.name,
                    rows.ordered,
                    rows.has_otherwise,
                    uncovered,
                    tuple(cover.words(box) for boxes in overlaps for box in boxes)
                    if cover is not None
                    else (),
                    cover is None,
                )
            )
    return found
