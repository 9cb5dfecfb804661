"""Policies as they stood in a revision kept by git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click

from policy_lang.tools.git.staged import READ_TOGETHER

_LINK = b"120000"
_FILES = (b"100644", b"100755", _LINK)
_MOST_BYTES = 16 * 1024 * 1024
"""A larger file is no policy, and no facts of a scenario either."""


def as_it_stood(revision: str, path: Path, into: Path) -> Path:
    """Writes the folder that `path` is in, as it stood in that revision, and gives the place of `path` there.

    For a folder, the folder itself. Nothing is checked out: the files of the working copy stay as they are. What is written
    is what was committed, byte for byte: no setting of the repository can put anything else in its place.
    """
    folder = path if path.is_dir() else path.parent
    missing = click.UsageError(f"`{path}` does not stand in the revision `{revision}`")
    if revision.startswith("-"):
        raise click.UsageError(f"`{revision}` is not a revision")
    listed = _git(folder, "ls-tree", "-r", "-l", "-z", "--end-of-options", revision, ".")
    if listed is None:
        raise missing
    wanted = list(_wanted(listed, path))
    held = _git(folder, "cat-file", "--batch", data=b"".join(b"%s\n" % one for _, _, one in wanted))
    if held is None:
        raise missing
    into.mkdir(parents=True, exist_ok=True)
    at = 0
    for name, is_link, _ in wanted:
        head, _, _ = held[at:].partition(b"\n")
        at += len(head) + 1
        size = int(head.rsplit(b" ", 1)[1])
        _write(into / os.fsdecode(name), held[at : at + size], is_link=is_link)
        at += size + 1
    found = into if path.is_dir() else into / path.name
    if not found.exists() or (path.is_dir() and not listed):
        raise missing
    return found


def _wanted(listed: bytes, path: Path) -> Iterator[tuple[bytes, bool, bytes]]:
    """The files that policies are read together with: name, whether it is a link, and what git calls its content."""
    for entry in listed.split(b"\0")[:-1]:
        about, _, name = entry.partition(b"\t")
        mode, _, content, size = about.split()
        is_read = Path(os.fsdecode(name)).suffix in READ_TOGETHER or os.fsdecode(name) == path.name
        if mode in _FILES and is_read and int(size) <= _MOST_BYTES:
            yield name, mode == _LINK, content


def _write(place: Path, data: bytes, *, is_link: bool) -> None:
    """One file, and nothing outside of the folder, whatever it is called; a link only where it leads down from its place."""
    leads_to = Path(os.fsdecode(data)) if is_link else Path()
    if any(".." in one.parts for one in (place, leads_to)) or leads_to.is_absolute():
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    if not is_link:
        place.write_bytes(data)
    elif not place.exists():
        place.symlink_to(leads_to)


def _git(folder: Path, *words: str, data: bytes = b"") -> bytes | None:
    """What git prints; None where it fails."""
    try:
        asked = ["git", "-C", str(folder), *words]
        ran = subprocess.run(asked, input=data, capture_output=True, check=False)  # noqa: S603 - each word is one argument
    except OSError:
        raise click.UsageError("revisions are kept by git, and git is not installed") from None
    return ran.stdout if ran.returncode == 0 else None
