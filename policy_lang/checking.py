"""Checks files: every mistake and every doubt, of all of them, in one run.

When nothing was found, that is kept: as long as no file that could matter changes, the next run says so at once.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from policy_lang.source.cache import cache_folder, digest, stamp
from policy_lang.source.diagnostic import Diagnostic, in_reading_order
from policy_lang.source.files import MOST_BYTES


def check(files: Sequence[Path]) -> tuple[Diagnostic, ...]:
    """What is wrong or doubtful in these files, in reading order."""
    kept = _Kept.of(files)
    before = kept.state() if kept is not None else None
    if kept is not None and kept.is_clean(before):
        return ()
    from policy_lang.meaning.checks import lint  # the compiler is not needed when the cache answers
    from policy_lang.meaning.load import Library
    from policy_lang.pipeline import compile_file

    library = Library()
    found: list[Diagnostic] = []
    facts_files: set[str] = set()
    for path in files:
        compiled, said = compile_file(path, library)
        facts_files |= {source.name for source in compiled.facts_files}
        found.extend(said)
        found.extend(lint(path, library, sound=compiled.program is not None))
    if kept is not None and not found:
        kept.write(before, sorted(facts_files))
    return in_reading_order(found)


def _digest(name: str) -> str:
    """Changes with a file of facts, and with where a link leads."""
    return f"{digest(Path(name)).hex()} {os.path.realpath(name)!a}"


@frozen
class _Kept:
    """What is kept of a run that found nothing: the state that everything was in."""

    path: Path
    files: Sequence[Path]

    @classmethod
    def of(cls, files: Sequence[Path]) -> _Kept | None:
        """Where it is kept for these files; None when nothing can be."""
        folder = cache_folder()
        if folder is None:
            return None
        named = repr([str(path.absolute()) for path in files]).encode("utf-8", "surrogatepass")
        return cls(folder / f"clean-{hashlib.sha256(named).hexdigest()[:32]}", files)

    def state(self) -> bytes | None:
        """Changes with this package and with every file that the answer rests on.

        A file can use, or be tried by, those beside it and no others; so all of these count. None when one of
        them cannot be read, or is too large to be a policy.
        """
        known = hashlib.sha256(repr(stamp()).encode())
        asked = set(self.files)
        try:
            beside = {path for folder in {p.parent for p in asked} for path in folder.glob("*.pol")}
            for path in sorted(asked | beside):
                if not path.is_file() or path.stat().st_size > MOST_BYTES:
                    return None
                known.update(
                    repr((str(path), os.path.realpath(path), digest(path))).encode("utf-8", "surrogatepass")
                )
        except OSError:
            return None
        return known.digest()

    def is_clean(self, state: bytes | None) -> bool:
        """Whether nothing was found in this state, and the files that scenarios take facts from are as they were."""
        try:
            known, _, taken = self.path.read_bytes().partition(b"\n")
            if state is None or known != state.hex().encode():
                return False
            facts: dict[str, str] = json.loads(taken)
            return all(_digest(name) == seen for name, seen in facts.items())
        except (OSError, ValueError):
            return False

    def write(self, state: bytes | None, facts_files: Sequence[str]) -> None:
        """Keeps that nothing was found. What cannot be kept is no mistake."""
        try:
            if state is not None:
                taken = json.dumps({name: _digest(name) for name in facts_files})
                self.path.write_bytes(state.hex().encode() + b"\n" + taken.encode())
        except OSError:
            self.path.unlink(missing_ok=True)
