"""The folder where things are kept that can be made again at any time."""

from __future__ import annotations

import os
import stat
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
