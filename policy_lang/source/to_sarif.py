"""Findings as SARIF 2.1.0 (OASIS), the form in which places that show code take the findings of tools."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from policy_lang.source.finding import Finding, Kind
from policy_lang.source.text import Span

_LINK = re.compile(r"\[(?=[^\]\n]*+\]\()")
"""The bracket that would begin a link: in these logs, plain text has them, too."""


def to_sarif(findings: Iterable[Finding], *, version: str = "") -> dict[str, Any]:
    """One log of plain values; `version` is that of the program.

    Each kind of finding is a rule, in order of name. Lines and columns count from 1, columns in Unicode
    characters; the end of a region is the first column after it.
    """
    said = tuple(findings)
    kinds = sorted({one.kind.name: one.kind for one in said}.values(), key=lambda kind: kind.name)
    number = {kind.name: n for n, kind in enumerate(kinds)}
    driver: dict[str, Any] = {"name": "pol", "rules": [_rule(kind) for kind in kinds]}
    if version:
        driver["semanticVersion"] = version
        driver["version"] = version
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": driver},
                "columnKind": "unicodeCodePoints",
                "results": [_result(one, number[one.kind.name]) for one in said],
            }
        ],
    }


def _rule(kind: Kind) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": kind.name, "defaultConfiguration": {"level": kind.level}}
    if kind.title:
        rule["shortDescription"] = {"text": kind.title}
    if kind.why:
        rule["fullDescription"] = {"text": kind.why}
    if kind.help:
        # Who cannot show Markdown shows the text, which is the same: the pages read well as they stand.
        rule["help"] = {"text": kind.help, "markdown": kind.help}
    return rule


def _result(one: Finding, rule: int) -> dict[str, Any]:
    text = "\n".join([one.message, *one.more, *([f"help: {one.advice}"] if one.advice else [])])
    result: dict[str, Any] = {
        "ruleId": one.kind.name,
        "ruleIndex": rule,
        "level": one.kind.level,
        "message": {"text": _LINK.sub(r"\\[", text)},
    }
    if not one.is_nowhere:
        result["locations"] = [_location(one.span)]
    if one.related:
        result["relatedLocations"] = [
            {"id": n, **_location(span), "message": {"text": label}}
            for n, (span, label) in enumerate(one.related, start=1)
        ]
    return result


def _location(span: Span) -> dict[str, Any]:
    line, column = span.file.position(span.start)
    end_line, end_column = span.file.position(span.end)
    region = {"startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(span.file.name)}, "region": region}}


def _uri(name: str) -> str:
    """The path as a URI reference: relative paths stay relative, absolute ones get the `file` scheme."""
    path = PurePath(name)
    encoded = quote(path.as_posix(), safe="/", errors="surrogatepass")
    return f"file://{encoded}" if path.is_absolute() else encoded
