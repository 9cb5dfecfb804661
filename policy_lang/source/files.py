"""Reading policy files, and finding the ones that others use."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.text import SourceFile, Span

UNREADABLE_FILE = Code("unreadable-file", "a policy file is plain text in UTF-8")
_VOCABULARY = Path(__file__).parent.parent / "library"
MOST_BYTES = 4 * 1024 * 1024
"""So much of a file is read: far over the limit of a policy file, so that one too large is still reported well."""


def read_file(path: Path, name: str | None = None) -> tuple[SourceFile, Diagnostic | None]:
    """The text of a file, with line ends made equal and a byte order mark left out.

    A file that cannot be read gives an empty text and the reason.
    """
    shown = name if name is not None else str(path)
    empty = SourceFile(shown, "")
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        return empty, UNREADABLE_FILE.at(
            Span(empty, 0, 0), f"this file cannot be read: {reason}", label="this file", help="check the path"
        )
    return decode(data, shown)


def decode(data: bytes, shown: str) -> tuple[SourceFile, Diagnostic | None]:
    """The text of what was read, in the same way."""
    empty = SourceFile(shown, "")
    try:
        # What is cut off may end within a character, and is refused for its size in any case.
        text = data.decode("utf-8-sig", "replace" if len(data) == MOST_BYTES else "strict")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = f"this file is not UTF-8 text: line {line} holds other bytes"
        return empty, UNREADABLE_FILE.at(
            Span(empty, 0, 0), message, label="this file", help="save it again as UTF-8 text"
        )
    return SourceFile(shown, text.replace("\r\n", "\n")), None


def find_instrument(name: str, folder: Path) -> Path | None:
    """The file of the instrument called `name`: in the folder, or in the package's own vocabulary.

    Nothing outside these two is ever read: a link that leads out of the folder does not count.
    """
    for place in (folder, _VOCABULARY):
        candidate = place / f"{name}.pol"
        if candidate.is_file() and candidate.resolve().parent == place.resolve():
            return candidate
    return None


@cache
def vocabulary_with(name: str) -> str | None:
    """The vocabulary that comes with the package and declares this name, if one does."""
    declared = re.compile(rf"^(?:[a-z]+ |    )?{re.escape(name)}\b", re.MULTILINE)
    for path in sorted(_VOCABULARY.glob("*.pol")):
        if declared.search(path.read_text(encoding="utf-8")):
            return path.stem
    return None


_CHANGES = re.compile(
    rb"^(?:amendment|rectification)[ ]+[a-z][a-z0-9_]*[ ]+to[ ]+([a-z][a-z0-9_]*)", re.MULTILINE
)
_MOST_HEAD = 64 * 1024  # a header stands at the top of its file


def amendments_in(folder: Path) -> dict[str, tuple[Path, ...]]:
    """The files of a folder that change others, by the instrument they change, in the order of their names.

    Only their headers are looked at. A link that leads out of the folder does not count.
    """
    found: dict[str, list[Path]] = {}
    inside = folder.resolve()
    for path in sorted(folder.glob("*.pol")):
        if not path.is_file() or path.resolve().parent != inside:
            continue  # opening a pipe would wait for somebody to write to it
        try:
            with path.open("rb") as stream:
                head = stream.read(_MOST_HEAD)
        except OSError:
            continue
        match = _CHANGES.search(head.replace(b"\r\n", b"\n"))
        if match is not None:
            found.setdefault(match.group(1).decode("ascii"), []).append(path)
    return {name: tuple(paths) for name, paths in found.items()}


def known_instruments(folder: Path) -> list[str]:
    """The names that `use` could name from here."""
    found: set[str] = set()
    for place in (folder, _VOCABULARY):
        if place.is_dir():
            found.update(path.stem for path in place.glob("*.pol") if "." not in path.stem)
    return sorted(found)
