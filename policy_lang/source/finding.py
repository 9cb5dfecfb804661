"""What a verb found at a place of a file: the one shape from which SARIF and annotations for GitHub are written.

Problems of a file, scenarios that fail, outcomes that change and clauses that clash are all findings.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources
from typing import Literal, TypeAlias

from attrs import field, frozen

from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.text import Span

Level: TypeAlias = Literal["error", "warning", "note"]


@frozen
class Kind:
    """A kind of finding with a permanent name in words; `why` says in one sentence why it matters.

    `title` and `help` (Markdown) are for those who want to read more; both may be empty.
    """

    name: str
    why: str = ""
    level: Level = "error"
    title: str = ""
    help: str = ""


@frozen
class Finding:
    """One thing found. `message` is one sentence, `more` what else there is to say, a line each.

    `advice` is how to mend it. `related` are other places that explain it.
    """

    kind: Kind
    span: Span
    message: str
    more: tuple[str, ...] = field(kw_only=True, default=())
    advice: str = field(kw_only=True, default="")
    related: tuple[tuple[Span, str], ...] = field(kw_only=True, default=())

    @property
    def is_nowhere(self) -> bool:
        """Whether it is about no file."""
        return not self.span.file.name


def from_diagnostics(diagnostics: Iterable[Diagnostic]) -> tuple[Finding, ...]:
    """The problems of files as findings, in their order."""
    kinds: dict[str, Kind] = {}
    found = []
    for d in diagnostics:
        code = d.code
        kind = kinds.get(code.name)
        if kind is None:
            kind = kinds[code.name] = Kind(code.name, code.why, code.severity, *_page(code.name))
        related = tuple((span, label) for span, label in d.related if span.file.name)
        found.append(Finding(kind, d.span, d.message, advice=d.help, related=related))
    return tuple(found)


def _page(code: str) -> tuple[str, str]:
    """The title of a diagnostic's page and the page itself; both empty where there is none."""
    page = resources.files("policy_lang.source") / "pages" / f"{code}.md"
    if not page.is_file():
        return "", ""
    title, _, rest = page.read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("# ").strip(), rest.strip()
