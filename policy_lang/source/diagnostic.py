"""What is said about a place in a source file: one object for every rendering."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from attrs import field, frozen

from policy_lang.source.text import Span

Severity: TypeAlias = Literal["error", "warning"]


@frozen
class Code:
    """A kind of problem, with a permanent name in words (`unknown-name`).

    `why` is the rule that the author's text breaks, the same for every occurrence.
    """

    name: str
    why: str
    severity: Severity = "error"

    def at(
        self,
        span: Span,
        message: str,
        *,
        label: str = "here",
        help: str = "",
        related: Iterable[tuple[Span, str]] = (),
    ) -> Diagnostic:
        """This problem at one place: what is wrong, and how to mend it."""
        return Diagnostic(self, span, message, label=label, help=help, related=tuple(related))


@frozen
class Diagnostic:
    """One problem. `message` is one lower-case sentence; names stand in backticks.

    `label` is drawn beside the marker; `related` are other places that explain the problem.
    """

    code: Code
    span: Span
    message: str
    label: str = field(kw_only=True, default="here")
    help: str = field(kw_only=True, default="")
    related: tuple[tuple[Span, str], ...] = field(kw_only=True, default=())

    @property
    def severity(self) -> Severity:
        return self.code.severity


def has_errors(diagnostics: Iterable[Diagnostic]) -> bool:
    """Whether any of them stops the policy from being used; warnings do not."""
    return any(d.severity == "error" for d in diagnostics)


def in_reading_order(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Sorted by file and place, each said once."""
    seen: dict[tuple[str, int, int, str, str], Diagnostic] = {}
    for d in diagnostics:
        seen.setdefault((d.span.file.name, d.span.start, d.span.end, d.code.name, d.message), d)
    return tuple(seen[key] for key in sorted(seen))
