"""Coverage in the tracefile form of lcov, for whatever shows it beside a file.

A clause or rule is a function, each value that something can come to a branch, and a line counts as reached as often as
the most tried thing that begins on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from policy_lang.source.text import SourceFile
from policy_lang.tools.coverage.measure import Coverage, Measured


def to_lcov(coverages: Sequence[Coverage]) -> str:
    """One record a file. What a remark excuses is left out."""
    lines = [
        line
        for coverage in coverages
        for source in coverage.sources
        for line in _record(
            source, [one for one in coverage.measured if one.item.span.file.name == source.name]
        )
    ]
    return "".join(f"{line}\n" for line in lines)


def _record(source: SourceFile, measured: Sequence[Measured]) -> Iterator[str]:
    yield "TN:"
    yield f"SF:{' '.join(source.name.splitlines())}"
    functions = [one for one in measured if one.item.kind == "outcome"]
    for one in functions:
        yield f"FN:{_line(one)},{one.item.key[1]}"
    for one in functions:
        yield f"FNDA:{_times(one)},{one.item.key[1]}"
    yield f"FNF:{len(functions)}"
    yield f"FNH:{sum(1 for one in functions if one.tried)}"
    branches = list(_branches(measured))
    for line, block, number, times in branches:
        # A dash says that the whole was never looked at, a nought that only this value never came.
        yield f"BRDA:{line},{block},{number},{'-' if times is None else times}"
    yield f"BRF:{len(branches)}"
    yield f"BRH:{sum(1 for *_, times in branches if times)}"
    reached: dict[int, int] = {}
    for one in measured:
        if len(one.excused) < len(one.counts):
            reached[_line(one)] = max(reached.get(_line(one), 0), _times(one))
    for line, times in sorted(reached.items()):
        yield f"DA:{line},{times}"
    yield f"LF:{len(reached)}"
    yield f"LH:{sum(1 for times in reached.values() if times)}"
    yield "end_of_record"


def _branches(measured: Iterable[Measured]) -> Iterator[tuple[int, int, int, int | None]]:
    for block, one in enumerate(measured):
        excused = {value for value, _ in one.excused}
        for number, (value, times) in enumerate(one.counts):
            if value not in excused:
                yield _line(one), block, number, times if one.tried else None


def _line(one: Measured) -> int:
    return one.item.span.file.position(one.item.span.start)[0]


def _times(one: Measured) -> int:
    return sum(times for _, times in one.counts)
