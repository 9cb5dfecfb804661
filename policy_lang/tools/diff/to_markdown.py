"""A comparison as Markdown, for a comment on a pull request: long lists are folded, and it is never too long for one.

What an author wrote cannot become Markdown, HTML, a link or a call to a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from policy_lang.tools.diff.compare import Comparison, FileDiff
from policy_lang.tools.diff.report import details, limits, said, same, verdict

_SHOWN = 10
"""A list longer than this is folded."""

LONGEST = 60_000
"""GitHub takes no comment of more than 65,536 characters."""


def to_markdown(comparison: Comparison) -> str:
    """The comparison as a document. Where it would be too long, only the beginning of each list is told."""
    for most in (None, _SHOWN, 1):
        text = "\n".join(_lines(comparison, most)).rstrip()
        if len(text) <= LONGEST:
            return text
    lines = [_title(comparison), "", "This comparison is too long to be shown here."]
    return "\n".join(lines)


def _title(comparison: Comparison) -> str:
    return f"# Comparison: {verdict(comparison)}"


def _lines(comparison: Comparison, most: int | None) -> Iterable[str]:
    yield from (_title(comparison), "")
    for one in comparison.files:
        yield from (f"## {escaped(one.name)}", "")
        if one.meaning is None:
            yield from (f"The file is {one.fate}.", "")
            continue
        yield from ("### Text", "", *_folded(one.text, "changes of the text", most), "")
        yield from ("### Meaning", "", *_outcomes(one, most))
        yield from (escaped(line) for line in same(one.meaning))
        yield from ("", *(escaped(line) for line in limits(one.meaning)), "")


def _outcomes(file: FileDiff, most: int | None) -> Iterable[str]:
    assert file.meaning is not None
    shown = False
    for outcome in file.meaning.outcomes:
        if outcome.status == "same" and not outcome.renamed_from:
            continue
        shown = True
        yield f"- **{escaped(outcome.name.replace('_', ' '))}**: {escaped(said(outcome))}"
        yield from (f"  {line}" if line else "" for line in _folded(list(details(outcome)), "lines", most))
    if shown:
        yield ""


def _folded(lines: Sequence[str], what: str, most: int | None) -> list[str]:
    """A list; what is beyond the first lines of a long one is folded, or only counted where there is a limit."""
    first, rest = lines[: most or _SHOWN], lines[most or _SHOWN :]
    found = [f"- {escaped(line)}" for line in first]
    if not rest:
        return found
    if most is not None:
        return [*found, f"- ... and {len(rest)} more"]
    folded = [f"- {escaped(line)}" for line in rest]
    return [*found, "", f"<details><summary>{len(rest)} more {what}</summary>", "", *folded, "", "</details>"]


_CODE = re.compile(r"`([^`]*)`")
_MARKS = re.compile(
    r"^(?P<number>[0-9]+)(?=[.)])"
    r"|(?P<mark>^[+>=-]|[\\`*<\[\]~]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;))"
    r"|(?P<call>[@#])"  # people, issues
    r"|(?P<link>://|www(?=\.))",
    re.IGNORECASE,
)


def escaped(text: str) -> str:
    """A text in one line that means nothing to Markdown, but for what stands between backticks: that is code."""
    line = " ".join(text.split())
    parts: list[str] = []
    at = 0
    for code in _CODE.finditer(line):
        parts += [_plain(line[at : code.start()]), f"`{code[1]}`" if code[1].strip() else ""]
        at = code.end()
    return "".join([*parts, _plain(line[at:])])


def _plain(text: str) -> str:
    return _MARKS.sub(_without_meaning, text)


def _without_meaning(found: re.Match[str]) -> str:
    if found["mark"]:
        return f"\\{found[0]}"
    # A space without width, written out, keeps what follows apart from the sign: then nobody is called.
    return f"{chr(92) if found[0] == '#' else ''}{found[0]}&#8203;"
