"""Coverage as one HTML page with the text of each policy coloured; it needs nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from policy_lang.source.text import SourceFile
from policy_lang.tools.coverage.measure import Coverage, Measured
from policy_lang.tools.coverage.to_text import GROUPS

_STYLE = """
body { font-family: Georgia, serif; margin: 2em auto; max-width: 64em; color: #1b1b1b; background: #fff }
pre { font: 0.85em/1.45 monospace; border: 1px solid #ccc; padding: 0.6em; overflow-x: auto }
td, th { text-align: left; padding: 0.15em 1.2em 0.15em 0 }
.n { color: #888; user-select: none }
.tried { background: #d9f2d9 }
.part { background: #fff0b8; text-decoration: underline dotted #8a6d00 }
.never { background: #ffd6d1; text-decoration: underline #a40000 }
.excused { background: #dde6fb }
"""


def to_html(coverages: Sequence[Coverage]) -> str:
    """The page, in UTF-8. Colours never stand alone: what is missing is underlined, and said in a list."""
    body = "".join(part for one in coverages for part in _policy(one))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        "<title>What the scenarios try</title>\n"
        f"<style>{_STYLE}</style>\n</head>\n<body>\n<h1>What the scenarios try</h1>\n"
        '<p><span class="tried">tried</span>, <span class="part">tried in part</span>, '
        '<span class="never">never tried</span>, <span class="excused">not tried for a reason</span></p>\n'
        f"{body}</body>\n</html>\n"
    )


def _policy(coverage: Coverage) -> Iterator[str]:
    tried, total = coverage.of()
    yield f"<h2>{_text(coverage.policy)}: {coverage.percent} % ({tried} of {total})</h2>\n<table>\n"
    for title, kinds in GROUPS:
        part, whole = coverage.of(*kinds)
        if whole:
            yield f"<tr><td>{_text(title)}</td><td>{part} of {whole}</td></tr>\n"
    yield "</table>\n"
    if coverage.gaps or coverage.excused:
        yield "<ul>\n"
        for one in coverage.gaps:
            yield f"<li>{_link(one, coverage)}: {_text(one.sentence)}</li>\n"
        for one in coverage.measured:
            for value, reason in one.excused:
                why = f"{one.item.words} is not tried ({value}) because {reason}"
                yield f"<li>{_link(one, coverage)}: {_text(why)}</li>\n"
        yield "</ul>\n"
    for source in coverage.sources:
        yield f"<h3>{_text(source.name)}</h3>\n<pre>"
        yield from _coloured(source, coverage)
        yield "</pre>\n"


def _link(one: Measured, coverage: Coverage) -> str:
    source = one.item.span.file
    line = source.position(one.item.span.start)[0]
    return f'<a href="#{_anchor(source, coverage, line)}">{_text(source.name)}, line {line}</a>'


def _anchor(source: SourceFile, coverage: Coverage, line: int) -> str:
    return f"{escape(coverage.policy)}-{coverage.sources.index(source)}-{line}"


def _coloured(source: SourceFile, coverage: Coverage) -> Iterator[str]:
    """The lines of a file; what lies inside something else is painted over it."""
    own = [one for one in coverage.measured if one.item.span.file.name == source.name]
    paint: list[Measured | None] = [None] * len(source.text)
    # Of several things in the same words, the one that lacks most is seen.
    for one in sorted(own, key=lambda one: (one.item.span.start - one.item.span.end, len(one.missing))):
        span = one.item.span
        paint[span.start : span.end] = [one] * (span.end - span.start)
    start = 0
    for number in range(1, source.line_count + 1):
        line = source.line(number)
        yield f'<span class="n" id="{_anchor(source, coverage, number)}">{number:5}</span>  '
        at = 0
        while at < len(line):
            one_here = paint[start + at]
            end = at
            while end < len(line) and paint[start + end] is one_here:
                end += 1
            text = _text(line[at:end])
            yield text if one_here is None else _span(one_here, text)
            at = end
        yield "\n"
        start += len(line) + 1


def _span(one: Measured, text: str) -> str:
    if one.missing:
        look = "part" if one.tried else "never"
    else:
        look = "excused" if one.excused else "tried"
    counts = ", ".join(f"{value}: {times}" for value, times in one.counts)
    return f'<span class="{look}" title="{_text(one.sentence or counts)}">{text}</span>'


def _text(text: str) -> str:
    """Text of an author as HTML, with signs that no page can hold made visible."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))
