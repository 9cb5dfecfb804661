"""A policy in the usual layout, as `git diff` compares it: `python -m policy_lang.tools.git.textconv FILE`.

Git asks for each version of each file anew, two for every change that `git log -p` shows. So what was asked before is
kept, and then answered without loading anything.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from pathlib import Path

from policy_lang.source.cache import cache_folder, stamp

_MOST = 4_000
"""So many texts are kept; then the older half is forgotten."""


def converted(path: Path) -> bytes:
    """The text of a policy in the usual layout; a file that cannot be read clause by clause, as it is."""
    data = path.read_bytes()
    kept = _place(data)
    if kept is not None:
        with contextlib.suppress(OSError):
            return kept.read_bytes()
    text = _formatted(data)
    if kept is not None:
        _keep(kept, text)
    return text


def _formatted(data: bytes) -> bytes:
    from policy_lang.source.diagnostic import has_errors  # what was kept needs no reader
    from policy_lang.source.files import decode
    from policy_lang.syntax.from_source import read
    from policy_lang.syntax.to_source import to_source

    source, unreadable = decode(data, "")
    if unreadable is not None:
        return data
    file, problems = read(source)
    return data if has_errors(problems) else to_source(file).encode("utf-8")


def _place(data: bytes) -> Path | None:
    """Where the text made of this data is kept, by this version of the program; None: nowhere."""
    folder = cache_folder()
    if folder is None:
        return None
    name = hashlib.sha256(repr(stamp()).encode("ascii") + data).hexdigest()
    return folder / "texts" / name


def _keep(place: Path, text: bytes) -> None:
    """Keeps a text, all of it or nothing. That it cannot be kept is no reason not to show it."""
    with contextlib.suppress(OSError):
        place.parent.mkdir(mode=0o700, exist_ok=True)
        temporary = place.with_name(f"{place.name}.{os.getpid()}")
        temporary.write_bytes(text)
        temporary.replace(place)
        found = list(os.scandir(place.parent))
        if len(found) > _MOST:
            for entry in sorted(found, key=lambda one: one.stat().st_mtime_ns)[: len(found) // 2]:
                Path(entry.path).unlink(missing_ok=True)


if __name__ == "__main__":
    sys.stdout.buffer.write(converted(Path(sys.argv[1])))
