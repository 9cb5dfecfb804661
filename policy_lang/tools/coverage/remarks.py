"""Remarks that say why something is not tried: `# not tried: WHAT because REASON`, on its line or just above it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from attrs import frozen

from policy_lang.meaning.checks.allowed import first_lines_below
from policy_lang.source.text import SourceFile, Span

_REMARK = re.compile(r'"[^"\n]*"|\[[^\]\n]*\]|#[ ]*(?P<mark>not tried:(?P<rest>[^\n]*))|#[^\n]*')
_REST = re.compile(r"\s*(?P<what>\S.*?)\s+because\s+(?P<reason>\S.*?)\s*")


@frozen
class Remark:
    """One remark: what was left out, why, and the lines (counted from 1) for which it speaks.

    `what` are the values that need not be tried, such as `unknown` or a state. Without a reason it says nothing.
    """

    what: tuple[str, ...]
    reason: str
    lines: tuple[int, ...]
    span: Span


def remarks(source: SourceFile) -> Iterator[Remark]:
    """The remarks of one file, in order."""
    below = first_lines_below(source)
    for match in _REMARK.finditer(source.text):
        if match["mark"] is None:
            continue
        rest = _REST.fullmatch(match["rest"])
        line = source.position(match.start())[0]
        what = rest["what"] if rest is not None else match["rest"]
        yield Remark(
            tuple(word.strip().strip("`") for word in what.split(",")),
            rest["reason"] if rest is not None else "",
            (line, below[line]) if line in below else (line,),
            Span(source, match.start(), match.end()),
        )
