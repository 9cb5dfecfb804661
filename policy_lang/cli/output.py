"""What verbs share: which files are meant, and how diagnostics and documents are printed."""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click
from attrs import evolve

from policy_lang.source.diagnostic import Diagnostic, has_errors

if TYPE_CHECKING:
    from policy_lang.source.finding import Finding
    from policy_lang.source.text import Span


def policy_files(paths: Iterable[Path]) -> list[Path]:
    """The files meant: each file, and for a folder every `.pol` file in it and below, by name.

    A link in a folder that leads out of it does not count: what lies elsewhere was not named.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            for candidate in sorted(path.rglob("*.pol")):
                inner = candidate.relative_to(path).parts
                if any(part.startswith(".") for part in inner):
                    continue
                is_inside = not candidate.is_symlink() or candidate.resolve().is_relative_to(path.resolve())
                if candidate.is_file() and is_inside:
                    found[candidate] = None
        else:
            found[path] = None
    return list(found)


def wants_colour(err: bool = True) -> bool:
    """Whether to draw in colour: on a terminal, unless NO_COLOR says not to."""
    stream = sys.stderr if err else sys.stdout
    return stream.isatty() and not os.environ.get("NO_COLOR")


MOST_DRAWN = 100
"""So many problems of facts are drawn; a program gets all that there are."""


def say(diagnostics: Sequence[Diagnostic], most: int | None = None) -> None:
    """Diagnostics for people, on standard error; with `most`, of the rest only how many there are."""
    if not diagnostics:
        return
    from policy_lang.source.render import render_people  # drawing is needed only when there is a problem

    width = None
    if sys.stderr.isatty():
        width = os.get_terminal_size(sys.stderr.fileno()).columns
    click.echo(render_people(diagnostics[:most], colour=wants_colour(), width=width), err=True)
    if most is not None and len(diagnostics) > most:
        click.echo(f"... and {len(diagnostics) - most} more", err=True)


FOR_FILES = ("github", "sarif")
"""Formats that show findings at their places in files."""


def findings_text(kind: str, findings: Iterable[Finding]) -> str:
    """Findings as annotations for GitHub, nothing where there are none, or as SARIF.

    Paths below the current folder are written relative to it.
    """
    shown = [_from_here(one) for one in findings]
    if kind == "sarif":
        from policy_lang import __version__
        from policy_lang.source.to_sarif import to_sarif  # only this format needs it

        return json.dumps(to_sarif(shown, version=__version__), indent=2, ensure_ascii=True)
    from policy_lang.source.to_github import to_github  # as above

    return to_github(shown).rstrip("\n")


def print_findings(kind: str, findings: Iterable[Finding]) -> None:
    """The same on standard output."""
    text = findings_text(kind, findings)
    if text:
        click.echo(text)


def _from_here(one: Finding) -> Finding:
    related = tuple((_place_from_here(span), label) for span, label in one.related)
    return evolve(one, span=_place_from_here(one.span), related=related)


def _place_from_here(span: Span) -> Span:
    path = Path(span.file.name)
    if not span.file.name or not path.is_absolute() or not path.is_relative_to(Path.cwd()):
        return span
    return evolve(span, file=evolve(span.file, name=str(path.relative_to(Path.cwd()))))


def invalid(kind: str, diagnostics: Sequence[Diagnostic]) -> int:
    """Says what is wrong with a policy or with facts, for people and, in a format for programs, for these."""
    from policy_lang.cli.group import INVALID  # it imports this module

    if kind == "json":
        from policy_lang.source.render import to_json  # drawn only here

        print_document({"problems": to_json(diagnostics)})
    elif kind in FOR_FILES:
        from policy_lang.source.finding import from_diagnostics  # as above

        print_findings(kind, from_diagnostics(diagnostics))
    say(diagnostics, most=MOST_DRAWN)
    assert has_errors(diagnostics)
    return INVALID


def text_width() -> int:
    """How wide text may be: as the terminal within limits, else 100."""
    if not sys.stdout.isatty():
        return 100
    import shutil  # only a terminal has a width

    return max(60, min(shutil.get_terminal_size().columns, 140))


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


# ------------------------------------------------------------------------------ files that verbs write


def need_package(module: str, package: str, what: str) -> None:
    """Says what to install when a package is missing, before any work is done. A wrong use of the command."""
    from importlib.util import find_spec  # most verbs need no package besides ours

    if find_spec(module) is None:
        raise click.UsageError(f"{what} needs the package {package}: install it with `pip install {package}`")


def check_target(out: Path | None) -> None:
    """Refuses an output file that is a folder or a device, before any work is done."""
    if out is not None and out.exists() and not out.is_file():
        raise click.UsageError(f"`--out {out}`: this is no ordinary file")


def write_whole(out: Path, data: bytes) -> None:
    """Puts the data in place of the file: all of it or nothing. Its permissions stay as they were."""
    with place_whole(out) as stream:
        try:
            stream.write(data)
        except OSError as error:
            raise _unwritable(out, error) from error


@contextmanager
def place_whole(out: Path) -> Iterator[BufferedIOBase]:
    """What is written here takes the place of the file at the end; where anything goes wrong, it stays as it was."""
    try:
        target = out.resolve()
        if target.exists():
            mode = stat.S_IMODE(target.stat().st_mode)
        else:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        stream = tempfile.NamedTemporaryFile(  # noqa: SIM115 - closed below, whatever happens
            "wb", dir=target.parent, prefix=".pol-", delete=False
        )
    except OSError as error:
        raise _unwritable(out, error) from error
    temporary = Path(stream.name)
    try:
        yield cast(BufferedIOBase, stream)
        try:
            stream.flush()
            os.fsync(stream.fileno())
            stream.close()
            temporary.chmod(mode)
            temporary.replace(target)
        except OSError as error:
            raise _unwritable(out, error) from error
    finally:
        with suppress(OSError):
            stream.close()
        temporary.unlink(missing_ok=True)


def _unwritable(out: Path, error: OSError) -> click.FileError:
    return click.FileError(str(out), f"cannot be written: {error.strerror or error}")


def print_bytes(data: bytes, what: str) -> None:
    """A file that is no text, on standard output; never on a terminal, which would show it as noise."""
    if sys.stdout.isatty():
        raise click.UsageError(f"{what} is no text for a terminal: name a file with `--out FILE`")
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
