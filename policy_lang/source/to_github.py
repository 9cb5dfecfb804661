"""Findings as workflow commands, which GitHub shows beside the changed lines of a pull request."""

from __future__ import annotations

from collections.abc import Iterable

from policy_lang.source.finding import Finding
from policy_lang.source.render import visible

_COMMANDS = {"error": "error", "warning": "warning", "note": "notice"}


def to_github(findings: Iterable[Finding]) -> str:
    """One command a line. Nothing that an author wrote can end it or begin another."""
    return "".join(f"{_command(one)}\n" for one in findings)


def _command(one: Finding) -> str:
    lines = [one.message, *one.more]
    lines += [f"why: {one.kind.why}"] if one.kind.why else []
    lines += [f"help: {one.advice}"] if one.advice else []
    where = ""
    if not one.is_nowhere:
        line, column = one.span.file.position(one.span.start)
        where = f"file={_property(one.span.file.name)},line={line},col={column},"
    said = _data("\n".join(map(visible, lines)))
    return f"::{_COMMANDS[one.kind.level]} {where}title={_property(one.kind.name)}::{said}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
