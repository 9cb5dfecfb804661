"""Sets up a repository so that git compares and merges policies clause by clause, and takes it back."""

from __future__ import annotations

import shlex
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from attrs import frozen

from policy_lang.tools.git.repository import Refused, Repository

Write: TypeAlias = Callable[[Path, bytes], None]
"""Puts data in place of a file, all of it or nothing."""

_BEGIN = "# Policies, clause by clause: written by `pol git install`."
_BEGIN_IN_LINE = "# Policies, clause by clause: written by `pol git install` after a line without an end."
_LINE = "*.pol diff=pol merge=pol"
_WRITTEN = "pol.attributes"
"""The setting that says which files of attributes were written to."""

_SIGN = "# Written by `pol git install`; `pol git uninstall` removes it."
_HEAD_OF_HUNK = "^([a-z][^][#]*[^][# ])"
"""The first line of a clause, without what is cited there."""


def _python() -> str:
    """The Python that runs this, for a shell. What it is asked for is never looked for in the folder git works in."""
    return f"{shlex.quote(sys.executable)} -P -m policy_lang"


def settings() -> dict[str, str]:
    """What is kept among the settings of the repository. Where `pol` is gone, git does as it does without."""
    convert = f"{_python()}.tools.git.textconv"
    merge = f"{_python()}.cli git merge".replace("%", "%%")
    return {
        "diff.pol.textconv": f'pol() {{ {convert} "$1" 2>/dev/null || cat "$1"; }}; pol',
        "diff.pol.xfuncname": _HEAD_OF_HUNK,
        "merge.pol.name": "clause by clause",
        "merge.pol.driver": (
            f"{merge} %O %A %B %L %P %S %X %Y; said=$?; test $said -le 1 && exit $said; "
            "git merge-file -q --marker-size=%L -L ours -L base -L theirs %A %O %B"
        ),
    }


def hook() -> str:
    """The program that git runs before a commit."""
    python = shlex.quote(sys.executable)
    return f"""\
#!/bin/sh
{_SIGN}
if ! test -x {python}; then
    echo 'pol is no longer where it was: run `pol git install` again, or commit with --no-verify' >&2
    exit 1
fi
exec {_python()}.cli git hook
"""


@frozen
class Step:
    """One thing that is kept in a repository: where, and what it says."""

    place: str
    text: str


def plan(repository: Repository, *, with_hook: bool) -> list[Step]:
    """All that an installation writes."""
    kept = "\n".join(f"{name} = {value}" for name, value in settings().items())
    steps = [
        Step(_shown(repository.common / "config", repository), kept),
        Step(".gitattributes", f"{_BEGIN}\n{_LINE}"),
    ]
    if with_hook:
        steps.append(Step(_shown(repository.hooks / "pre-commit", repository), hook().rstrip("\n")))
    return steps


def _shown(path: Path, repository: Repository) -> str:
    """A path for people: below the top folder where it is there."""
    return str(path.relative_to(repository.top) if path.is_relative_to(repository.top) else path)


def install(repository: Repository, write: Write, *, with_hook: bool) -> list[str]:
    """Writes all of it, and says what. Doing it again changes nothing; what others wrote there is refused or kept."""
    for name, value in settings().items():
        foreign = [one for one in repository.settings(name) if one != value and not _is_ours(name, one)]
        if foreign:
            raise Refused(f"`{name}` is set to something else in this repository: `{foreign[0]}`")
    target = _free_hook(repository) if with_hook else None
    said = []
    for name, value in settings().items():
        if repository.settings(name) != [value]:
            repository.keep(name, value)
            said.append(f"set {name}")
    attributes = repository.top / ".gitattributes"
    if _add_line(attributes, write):
        repository.add(_WRITTEN, str(attributes))
        said.append(f"wrote `{_LINE}` into .gitattributes")
    if target is not None and _read(target) != hook():
        target.parent.mkdir(parents=True, exist_ok=True)
        write(target, _bytes(hook()))
        target.chmod(target.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        said.append(f"wrote {_shown(target, repository)}")
    return said


def uninstall(repository: Repository, write: Write) -> list[str]:
    """Takes back what an installation wrote, and nothing else; says what."""
    said = []
    for name in settings():
        ours = [one for one in repository.settings(name) if _is_ours(name, one)]
        for one in ours:
            repository.forget(name, one)
        said += [f"removed {name}"] if ours else []
    written = repository.settings(_WRITTEN)
    said += [
        f"removed `{_LINE}` from {_shown(Path(one), repository)}"
        for one in written
        if _remove_line(Path(one), write)
    ]
    for one in written:
        repository.forget(_WRITTEN, one)
    target = repository.hooks / "pre-commit"
    if _is_our_hook(_read(target)):
        target.unlink()
        said.append(f"removed {_shown(target, repository)}")
    elif _SIGN in _read(target):
        said.append(f"left {_shown(target, repository)}, to which something was added")
    return said


def _is_ours(name: str, value: str) -> bool:
    """Whether an installation wrote this value, be it of another version or from another folder."""
    return value == settings()[name] or " -P -m policy_lang." in value


def _is_our_hook(text: str) -> bool:
    """Whether an installation wrote the whole hook, be it from another folder."""
    found, ours = text.splitlines(), hook().splitlines()
    return (
        found[:2] == ours[:2]
        and len(found) == len(ours)
        and found[-1].endswith("-P -m policy_lang.cli git hook")
    )


def _free_hook(repository: Repository) -> Path:
    """Where the hook goes; refused where somebody else's would be lost, or where other repositories had it, too."""
    target = repository.hooks / "pre-commit"
    line = f"add the line `{_python()}.cli git hook` to it, and install with `--no-hook`"
    if not any(target.resolve().is_relative_to(one.resolve()) for one in (repository.common, repository.top)):
        raise Refused(
            f"hooks are kept in {target.parent}, which other repositories may use, too: install with `--no-hook`"
        )
    if target.is_symlink() or (target.exists() and not _is_our_hook(_read(target))):
        raise Refused(f"there is a hook already, {target}, and it is left alone: {line}")
    return target


# ------------------------------------------------------------------------------------------ the file of attributes


def _read(path: Path) -> str:
    """The text of a file, with its line ends; empty where there is none."""
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except OSError as error:
        raise Refused(f"`{path}` cannot be read: {(error.strerror or str(error)).lower()}") from error


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


def _add_line(path: Path, write: Write) -> bool:
    """Adds our line at the end, unless it is there; whether it was added."""
    if path.is_symlink():
        raise Refused(f"`{path}` is a link, which git does not follow: put a file in its place")
    text = _read(path)
    if _LINE in (line.strip() for line in text.splitlines()):
        return False
    end = "\r\n" if "\r\n" in text else "\n"
    is_open = bool(text) and not text.endswith("\n")
    begin = f"{end}{_BEGIN_IN_LINE}" if is_open else _BEGIN
    write(path, _bytes(f"{text}{begin}{end}{_LINE}{end}"))
    return True


def _remove_line(path: Path, write: Write) -> bool:
    """Removes what was added; the file, too, when nothing else is in it. Whether anything was removed."""
    text = _read(path)
    for end in ("\r\n", "\n"):
        for begin, instead in ((f"{end}{_BEGIN_IN_LINE}", ""), (_BEGIN, "")):
            added = f"{begin}{end}{_LINE}{end}"
            if added in text:
                left = text.replace(added, instead, 1)
                if left:
                    write(path, _bytes(left))
                else:
                    path.unlink()
                return True
    return False
