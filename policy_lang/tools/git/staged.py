"""What is about to be committed, laid out in a folder of its own with what it is read together with."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from policy_lang.tools.git.repository import Repository

READ_TOGETHER = {".pol", ".json", ".toml", ".yaml", ".yml", ".xlsx", ".md"}
"""A policy uses others of its folder; scenarios may take their facts from files."""


def staged_policies(repository: Repository) -> list[str]:
    """The policies that the next commit adds or changes, by their place below the top folder."""
    words = ("diff", "--cached", "--name-only", "--diff-filter=ACMR", "-z")
    names = [os.fsdecode(name) for name in repository.git(*words).split(b"\0") if name]
    return [name for name in names if name.endswith(".pol")]


def lay_out(repository: Repository, policies: list[str], into: Path) -> None:
    """Writes the folders of these policies as they are about to be committed; what is not staged is not in them."""
    folders = sorted({str(PurePosixPath(name).parent) for name in policies})
    listed = repository.git(
        "ls-files",
        "--cached",
        "-z",
        "--",
        *(":/" if one == "." else f":(top,literal){one}" for one in folders),
    )
    wanted = [
        name for name in listed.split(b"\0") if PurePosixPath(os.fsdecode(name)).suffix in READ_TOGETHER
    ]
    data = b"".join(name + b"\0" for name in wanted)
    repository.git("checkout-index", "-z", "--stdin", f"--prefix={into}{os.sep}", data=data)
