"""What verbs share: which files are meant, and how diagnostics and documents are printed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from policy_lang.source.diagnostic import Diagnostic


def policy_files(paths: Iterable[Path]) -> list[Path]:
    """The files meant: each file, and for a folder every `.pol` file in it and below, by name."""
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            for candidate in sorted(path.rglob("*.pol")):
                inner = candidate.relative_to(path).parts
                if candidate.is_file() and not any(part.startswith(".") for part in inner):
                    found[candidate] = None
        else:
            found[path] = None
    return list(found)


def wants_colour(err: bool = True) -> bool:
    """Whether to draw in colour: on a terminal, unless NO_COLOR says not to."""
    stream = sys.stderr if err else sys.stdout
    return stream.isatty() and not os.environ.get("NO_COLOR")


def say(diagnostics: Sequence[Diagnostic]) -> None:
    """Diagnostics for people, on standard error."""
    if not diagnostics:
        return
    from policy_lang.source.render import render_people  # drawing is needed only when there is a problem

    width = None
    if sys.stderr.isatty():
        width = os.get_terminal_size(sys.stderr.fileno()).columns
    click.echo(render_people(diagnostics, colour=wants_colour(), width=width), err=True)


def drawable(text: str) -> str:
    """The text with whatever could steer a terminal made visible; line ends stay."""
    if text.replace("\n", "").isprintable():
        return text
    from policy_lang.source.render import visible  # only such text needs it

    return "\n".join(map(visible, text.split("\n")))


def print_document(document: object) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=True))


def count(number: int, what: str) -> str:
    """`1 scenario`, `2 scenarios`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
