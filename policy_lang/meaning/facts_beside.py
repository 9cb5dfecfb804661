"""Facts files that scenarios name: in the folder of the policy, or below it, and nowhere else."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

from policy_lang.meaning import problems
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.facts_file import MOST_BYTES, FactsFile, read_facts
from policy_lang.syntax import tree


def read_beside(path: tree.Text, folder: Path) -> tuple[FactsFile | None, tuple[Diagnostic, ...]]:
    """The facts of the file that is written there, or None, and what is wrong with it.

    A way out of the folder is refused, whether by its words or by a link: a policy may come from a stranger.
    """

    def refused(message: str, help_text: str) -> tuple[None, tuple[Diagnostic, ...]]:
        return None, (problems.NO_FACTS_FILE.at(path.span, message, label="this file", help=help_text),)

    written = path.text
    parts = PurePosixPath(written).parts
    if not parts or "\\" in written or not written.isprintable():
        return refused(f"`{written}` names no file", 'write a name such as "examples/whole_vehicle.json"')
    if written.startswith(("/", "~")) or PureWindowsPath(written).drive or ".." in parts:
        return refused(
            f"`{written}` leads out of the folder of the policy",
            "put the file beside the policy, or below it",
        )
    target = folder / written
    try:
        inside = target.resolve().is_relative_to(folder.resolve())
        if inside and target.is_file():
            with target.open("rb") as stream:
                return read_facts(str(target), stream.read(MOST_BYTES))
    except (OSError, ValueError, RuntimeError):  # a name too long, a circle of links, no permission
        return refused(f"`{written}` cannot be read", "check the file")
    if not inside:
        return refused(
            f"`{written}` is a link that leads out of the folder of the policy",
            "put the file itself beside the policy, or below it",
        )
    return refused(f"there is no file `{written}` beside the policy", "check the name")
