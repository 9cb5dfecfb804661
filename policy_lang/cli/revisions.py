"""Policies as they stood in a revision kept by git."""

from __future__ import annotations

import io
import subprocess
import tarfile
from pathlib import Path

import click


def as_it_stood(revision: str, path: Path, into: Path) -> Path:
    """Writes the folder that `path` is in, as it stood in that revision, and gives the place of `path` there.

    For a folder, the folder itself. Nothing is checked out: the files of the working copy stay as they are.
    """
    folder = path if path.is_dir() else path.parent
    if revision.startswith("-"):
        raise click.UsageError(f"`{revision}` is not a revision")
    asked = ["git", "-C", str(folder), "archive", "--format=tar", revision, "--", "."]
    try:
        ran = subprocess.run(asked, capture_output=True, check=False)  # noqa: S603 - the name is one argument
    except OSError:
        raise click.UsageError("revisions are kept by git, and git is not installed") from None
    if ran.returncode != 0:
        raise click.UsageError(f"`{path}` does not stand in the revision `{revision}`")
    with tarfile.open(fileobj=io.BytesIO(ran.stdout)) as archive:
        if hasattr(tarfile, "data_filter"):
            archive.extractall(into, filter="data")
        else:  # before Python 3.11.4: links are left out, as nothing would check where they lead
            plain = [one for one in archive if one.isfile() or one.isdir()]
            archive.extractall(into, plain)  # noqa: S202 - git names nothing outside of the folder
    found = into if path.is_dir() else into / path.name
    if not found.exists():
        raise click.UsageError(f"`{path}` does not stand in the revision `{revision}`")
    return found
