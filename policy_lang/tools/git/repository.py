"""A repository of git, through the program `git`."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from attrs import frozen


class Refused(Exception):
    """What was asked for cannot be done here; the message says why, for people."""


@frozen
class Repository:
    """A repository with files to work on; `top` is the folder of these, `common` where git keeps its own."""

    top: Path
    common: Path

    def git(self, *words: str, may_fail: bool = False, data: bytes = b"") -> bytes:
        """What `git` prints; nothing where it fails and may."""
        done = _run(["-C", str(self.top), *words], data)
        if done.returncode and not may_fail:
            raise Refused(f"`git {words[0]}` failed: {_last_line(done.stderr)}")
        return b"" if done.returncode else done.stdout

    # ---------------------------------------------------------------------------------------- its own settings

    def settings(self, name: str) -> list[str]:
        """The values of a setting that is kept in this repository, not those of the user or the machine."""
        found = self.git("config", "--local", "-z", "--get-all", name, may_fail=True)
        return [os.fsdecode(value) for value in found.split(b"\0")[:-1]]

    def keep(self, name: str, value: str) -> None:
        """Keeps a setting in this repository, in place of the one there was."""
        self.git("config", "--local", "--replace-all", name, value)

    def add(self, name: str, value: str) -> None:
        """Keeps one more value of a setting."""
        self.git("config", "--local", "--add", name, value)

    def forget(self, name: str, value: str) -> None:
        """Removes this value of a setting; its section with the last one."""
        self.git("config", "--local", "--fixed-value", "--unset-all", name, value)

    @property
    def hooks(self) -> Path:
        """The folder in which git looks for hooks, wherever a setting puts it."""
        found = os.fsdecode(self.git("rev-parse", "--git-path", "hooks")).rstrip("\n")
        return self.top / found

    @property
    def is_merge_shown_with_base(self) -> bool:
        """Whether conflicts are to show the version that both sides started from."""
        style = self.git("config", "--get", "merge.conflictStyle", may_fail=True).strip()
        return style in (b"diff3", b"zdiff3")


def repository(folder: Path) -> Repository:
    """The repository that a folder belongs to. Refused without git, without a repository or without files in it."""
    top = _run(["-C", str(folder), "rev-parse", "--show-toplevel"])
    if top.returncode:
        if b"work tree" in top.stderr:
            raise Refused("this repository has no files to work on: go to a folder in which its files are")
        if b"ownership" in top.stderr:
            raise Refused("this repository belongs to somebody else, and git does not trust it")
        raise Refused("this folder is not in a repository of git: make one with `git init`, or go to one")
    common = _run(["-C", str(folder), "rev-parse", "--path-format=absolute", "--git-common-dir"])
    if common.returncode:
        raise Refused("this needs git 2.31 or newer")
    return Repository(_path(top.stdout), _path(common.stdout))


def _path(printed: bytes) -> Path:
    return Path(os.fsdecode(printed.removesuffix(b"\n")))


def _run(words: Iterable[str], data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - every word is one argument
            ["git", *words],  # noqa: S607 - git is where the user has it
            input=data,
            capture_output=True,
            check=False,
            env={**os.environ, "LC_ALL": "C"},
        )
    except OSError:
        raise Refused("git is not installed, or is not where programs are looked for") from None


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].removeprefix("fatal: ").removeprefix("error: ") if lines else "it does not say why"
