"""Remarks that allow a warning at one place: `# allow: CODE because REASON`, on the line or just above it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from attrs import frozen

from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.suggest import closest
from policy_lang.source.text import SourceFile, Span

CODE = Code("idle-allow", "a warning is allowed at one place, by its name and for a reason", "warning")

PROVED = frozenset(
    {"conflict", "no-answer", "gap-in-time", "overlap-in-time", "never-matters", "not-settled"}
)
"""What only `pol prove` finds: whether such a remark is idle is not known where a file is checked."""

_REMARK = re.compile(r'"[^"\n]*"|\[[^\]\n]*\]|#[ ]*(?P<allow>allow:(?P<rest>[^\n]*))|#[^\n]*')
_REST = re.compile(r"\s*(?P<code>[a-z][a-z-]*)(?:\s+because\s+(?P<reason>\S.*))?\s*")


@frozen
class _Allow:
    """One remark: the warning it names, why, and the lines (counted from 1) for which it speaks."""

    code: str
    reason: str
    lines: tuple[int, ...]
    span: Span


def sift(source: SourceFile, found: Iterable[Diagnostic], names: Collection[str]) -> Iterator[Diagnostic]:
    """The warnings about one file that no remark allows, then what is wrong with the remarks.

    `names` are all warnings that there are.
    """
    allows = list(_allows(source))
    speaking: dict[tuple[str, int], list[int]] = {}
    for number, allow in enumerate(allows):
        for line in allow.lines if allow.reason else ():
            speaking.setdefault((allow.code, line), []).append(number)
    heeded: set[int] = set()
    for diagnostic in found:
        fitting = speaking.get((diagnostic.code.name, source.position(diagnostic.span.start)[0]))
        if fitting is None:
            yield diagnostic
        else:
            heeded.update(fitting)
    for number, allow in enumerate(allows):
        if number not in heeded and not (allow.code in PROVED and allow.reason):
            yield _idle(allow, names)


def allowed(source: SourceFile) -> frozenset[tuple[str, int]]:
    """What remarks of this file allow for a reason: each code with a line (counted from 1)."""
    return frozenset((allow.code, line) for allow in _allows(source) if allow.reason for line in allow.lines)


def _idle(allow: _Allow, names: Collection[str]) -> Diagnostic:
    if allow.code not in names:
        near = closest(allow.code, names)
        return CODE.at(
            allow.span,
            f"there is no warning `{allow.code}`"
            if allow.code
            else "this does not say which warning is allowed",
            label="allows nothing",
            help=f"did you mean `{near}`?" if near else "write `# allow: CODE because REASON`",
        )
    if not allow.reason:
        return CODE.at(
            allow.span,
            "this does not say why the warning is allowed",
            label="allows nothing",
            help=f"write `# allow: {allow.code} because REASON`",
        )
    return CODE.at(
        allow.span,
        f"there is no warning `{allow.code}` here to allow",
        label="allows nothing",
        help="remove the remark, or move it to the line of the warning or just above it",
    )


def _allows(source: SourceFile) -> Iterator[_Allow]:
    below = first_lines_below(source)
    for match in _REMARK.finditer(source.text):
        if match["allow"] is None:
            continue
        rest = _REST.fullmatch(match["rest"])
        line = source.position(match.start())[0]
        yield _Allow(
            rest["code"] if rest is not None else match["rest"].split(" ", 1)[0],
            (rest["reason"] or "").strip() if rest is not None else "",
            (line, below[line]) if line in below else (line,),
            Span(source, match.start(), match.end()),
        )


def first_lines_below(source: SourceFile) -> dict[int, int]:
    """For each line that is a remark alone, the first line below it that is more than a remark."""
    below: dict[int, int] = {}
    lines = source.text.split("\n")
    for number in range(len(lines), 0, -1):
        if lines[number - 1].lstrip().startswith("#"):
            below[number] = below.get(number + 1, number + 1)
    return below
