"""The folder where things are kept that can be made again at any time."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from pathlib import Path


def cache_folder() -> Path | None:
    """A folder that only this user can write to, or None: then nothing is kept.

    It lies below XDG_CACHE_HOME (by default ~/.cache); POL_CACHE=off does without. What is read from it may
    become code, so a folder that others could write to is not used.
    """
    if os.environ.get("POL_CACHE") == "off":
        return None
    root = os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser()
    folder = Path(root) / "policy-lang"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        state = folder.stat()
    except OSError:
        return None
    if hasattr(os, "getuid") and (
        state.st_uid != os.getuid() or state.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    ):
        return None
    return folder


def digest(path: Path) -> bytes:
    """The SHA-256 of a file."""
    return hashlib.sha256(path.read_bytes()).digest()


def stamp() -> tuple[int, bytes]:
    """Changes with Python and whenever this package's files do: what was kept with another stamp is not used.

    A checkout being worked on never sees old results in this way.
    """
    root = Path(__file__).parent.parent
    state = hashlib.sha256(os.fsencode(root))
    for folder in _FOLDERS:
        try:
            with os.scandir(root / folder) as entries:
                files = sorted(
                    (e.name, e.stat().st_size, e.stat().st_mtime_ns) for e in entries if e.is_file()
                )
        except OSError:
            files = []
        state.update(repr((folder, files)).encode("utf-8", "surrogatepass"))
    return sys.hexversion, state.digest()


_FOLDERS = ". source syntax meaning meaning/checks program backends backends/evaluate library".split()
"""Those whose files decide what a policy means, and what is said of it."""
