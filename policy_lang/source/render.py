"""Diagnostics as text for people, for logs, and for other programs.

Three renderings of one object; `finding.py` leads to two more, for programs that show files. What an author wrote
reaches a terminal only after every character that could steer it was made visible: a policy may come from a stranger.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

from attrs import frozen

from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.lines import in_lines
from policy_lang.source.text import SourceFile, Span

_TAB = 4
"""Tabs in a drawn line reach to the next multiple of so many columns."""

_WIDEST = 160
"""A source line is drawn to so many columns, also where nothing says how wide the terminal is."""

_NARROWEST = 40
"""A terminal narrower than this is drawn for as if it were so wide."""

Role: TypeAlias = Literal["error", "warning", "related", "frame", "bold"]
Paint: TypeAlias = Callable[[str, Role], str]

_STYLES: dict[Role, str] = {
    "error": "bold red",
    "warning": "bold yellow",
    "related": "blue",
    "frame": "dim",
    "bold": "bold",
}


# ---------------------------------------------------------------------------- for people


def render_people(
    diagnostics: Iterable[Diagnostic], *, colour: bool = False, width: int | None = None
) -> str:
    """The diagnostics with the source lines drawn and marked, a blank line between two of them.

    `colour` writes the escape codes of a terminal. With `width` (columns), sentences are wrapped; without
    it they are not. Source lines wider than that, or than 160 columns, are cut around their marker. A mark
    over several lines covers the first line to its end. Ends in a line end, unless there is nothing to say.
    """
    paint = _coloured() if colour else _plain
    columns = None if width is None else max(width, _NARROWEST)
    return "\n".join("".join(f"{line.rstrip()}\n" for line in _drawn(d, paint, columns)) for d in diagnostics)


def render_plain(diagnostics: Iterable[Diagnostic]) -> str:
    """One line `path:line:column: error[code]: message` for each, then its reasons, indented."""
    lines: list[str] = []
    for d in diagnostics:
        place = "" if _is_nowhere(d.span) else f"{visible(d.span.place)}: "
        lines.append(f"{place}{d.severity}[{d.code.name}]: {visible(d.message)}")
        lines += [f"    {kind}: {visible(text)}" for kind, text in _reasons(d)]
        lines += [f"    see: {visible(span.place)}: {visible(label)}" for span, label in _related(d)]
    return "".join(f"{line}\n" for line in lines)


def visible(text: str) -> str:
    """The text with every character that is not drawn as itself written out, as in `\\u{202E}`.

    These are control characters (a line end and a tab too), the invisible ones that turn the direction
    of writing or join letters, line and paragraph separators, and halves of surrogate pairs.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return f"\\u{{{ord(character):04X}}}"
    return character


def _cells(text: str) -> int:
    """How many columns of a terminal the text takes: two for most East Asian characters."""
    if text.isascii():
        return len(text)
    # Only lines that hold wide characters need rich; importing it costs more than a whole check.
    from rich.cells import cell_len

    return cell_len(text)


def _plain(text: str, _role: Role) -> str:
    return text


def _coloured() -> Paint:
    # Only a terminal needs rich; importing it costs more than a whole check.
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {role: Style.parse(words) for role, words in _STYLES.items()}
    return lambda text, role: styles[role].render(text, color_system=ColorSystem.STANDARD) if text else ""


@frozen
class _Mark:
    """One marked stretch of one line; columns count characters of the line from 0."""

    line: int
    start: int
    end: int
    label: str
    role: Role


def _drawn(d: Diagnostic, paint: Paint, width: int | None) -> Iterator[str]:
    yield paint(f"{d.severity}[{d.code.name}]", d.severity) + ": " + paint(visible(d.message), "bold")

    blocks = [] if _is_nowhere(d.span) else _blocks(d)
    marks = [mark for _, _, group in blocks for mark in group]
    gutter = max((len(str(mark.line)) for mark in marks), default=1)
    bar = paint(" " * gutter + " |", "frame")
    for number, (place, file, group) in enumerate(blocks):
        yield paint(" " * (gutter - 1) + (":::" if number else "-->"), "frame") + f" {visible(place)}"
        if not group:
            continue
        yield bar
        yield from _lines(file, group, gutter, paint, width)
        yield bar

    for kind, text in _reasons(d):
        yield from _wrapped(" " * (gutter + 1) + f"{kind}: ", visible(text), width)


def _reasons(d: Diagnostic) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in (("why", d.code.why), ("help", d.help)) if text]


def _wrapped(start: str, text: str, width: int | None) -> list[str]:
    if width is None:
        return [start + text]
    return in_lines(text, width, start, " " * len(start))


def _related(d: Diagnostic) -> list[tuple[Span, str]]:
    return [(span, label) for span, label in d.related if not _is_nowhere(span)]


def _is_nowhere(span: Span) -> bool:
    return not span.file.name


def _blocks(d: Diagnostic) -> list[tuple[str, SourceFile, list[_Mark]]]:
    """What is drawn of each file: its headline, the file and the marks; the problem's own file first."""
    blocks: dict[SourceFile, tuple[str, SourceFile, list[_Mark]]] = {}
    places: list[tuple[Span, str, Role]] = [(d.span, d.label, d.severity)]
    places += [(span, label, "related") for span, label in _related(d)]
    for span, label, role in places:
        _, _, marks = blocks.setdefault(span.file, (span.place, span.file, []))
        if span.file.text:
            marks.append(_mark(span, label, role))
    return list(blocks.values())


def _mark(span: Span, label: str, role: Role) -> _Mark:
    line, column = span.file.position(span.start)
    text = span.file.line(line)
    start = min(column - 1, len(text))
    return _Mark(line, start, min(start + max(span.end - span.start, 0), len(text)), label, role)


def _lines(
    file: SourceFile, marks: Sequence[_Mark], gutter: int, paint: Paint, width: int | None
) -> Iterator[str]:
    """Each marked line once, in the order of the file, with its marks below it from left to right."""
    bar = paint(" " * gutter + " |", "frame")
    previous = 0
    for line in sorted({mark.line for mark in marks}):
        if previous and line > previous + 1:
            yield paint("...", "frame")
        previous = line
        here = sorted((m for m in marks if m.line == line), key=lambda m: (m.start, m.end))
        room = _WIDEST if width is None else min(width - gutter - 3, _WIDEST)
        text, places = _laid_out(file.line(line), here, room)
        yield paint(f"{line:>{gutter}} |", "frame") + f" {text}"
        for mark, (indent, length) in zip(here, places, strict=True):
            sign = ("-" if mark.role == "related" else "^") * length
            label = f" {visible(mark.label)}" if mark.label else ""
            yield bar + " " * (indent + 1) + paint(sign + label, mark.role)


def _laid_out(line: str, marks: Sequence[_Mark], width: int) -> tuple[str, list[tuple[int, int]]]:
    """The line as drawn, and for each mark the column where its sign begins and the sign's length.

    A line wider than `width` columns is cut, `…` standing for what is left out; of its marks only
    the one of the problem itself is sure to be seen.
    """
    main = next((mark for mark in marks if mark.role != "related"), marks[0])
    # Of a line without end only the surroundings of the main mark are laid out at all.
    before = max(main.start - 4 * width, 0)
    after = min(main.start + 4 * width, len(line))
    line, more = line[before:after], after < len(line)
    pieces: list[str] = []
    edges = [0]  # the column in which each character of the line begins, and the end of the last
    for character in line:
        piece = " " * (_TAB - edges[-1] % _TAB) if character == "\t" else _visible(character)
        pieces.append(piece)
        edges.append(edges[-1] + _cells(piece))

    first, last = 0, len(pieces)
    if edges[-1] > width:
        first, last = _window(edges, main.start - before, width)
    left = "…" if first or before else ""
    right = "…" if last < len(pieces) or more else ""
    end = edges[last] - edges[first] + len(left)
    places = []
    for mark in marks:
        at, until = (min(max(column - before, 0), len(line)) for column in (mark.start, mark.end))
        start = min(max(edges[at] - edges[first] + len(left), 0), end)
        stop = min(max(edges[until] - edges[first] + len(left), 0), end)
        places.append((start, max(stop - start, 1)))
    return left + "".join(pieces[first:last]) + right, places


def _window(edges: Sequence[int], start: int, width: int) -> tuple[int, int]:
    """The characters of a long line that are drawn: some before the mark, and as many after as fit."""
    room = width - 2  # for an ellipsis on each side
    first = start
    while first > 0 and edges[start] - edges[first - 1] <= room // 3:
        first -= 1
    last = first
    while last < len(edges) - 1 and edges[last + 1] - edges[first] <= room:
        last += 1
    while first > 0 and last == len(edges) - 1 and edges[last] - edges[first - 1] <= room:
        first -= 1
    return first, last


# ---------------------------------------------------------------------------- for programs


def to_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """The diagnostics as plain values for JSON, nothing shortened or escaped.

    Lines and columns count from 1, columns in Unicode characters; `end_column` is the first one after
    the marked text. A diagnostic about no file has None for all of its place.
    """
    return [
        {
            "code": d.code.name,
            "severity": d.severity,
            "message": d.message,
            "why": d.code.why,
            "help": d.help,
            **_place(d.span),
            "label": d.label,
            "related": [{**_place(span), "label": label} for span, label in d.related],
        }
        for d in diagnostics
    ]


def _place(span: Span) -> dict[str, Any]:
    if _is_nowhere(span):
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    line, column = span.file.position(span.start)
    end_line, end_column = span.file.position(span.end)
    return {
        "file": span.file.name,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
    }
