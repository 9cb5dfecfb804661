"""`pol git`: policies compared and merged by git, clause by clause."""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import evolve

from policy_lang.cli.group import DONE, NO, HelpfulGroup
from policy_lang.cli.output import say, write_whole
from policy_lang.source.diagnostic import has_errors

if TYPE_CHECKING:
    from policy_lang.tools.merge.merge import Marks


@click.group("git", cls=HelpfulGroup)
def command() -> None:
    """Let git compare and merge policies clause by clause, and check what is committed."""


@command.command("install")
@click.option("--print", "only_print", is_flag=True, help="Write nothing; print what would be written.")
@click.option("--no-hook", is_flag=True, help="Leave out the check before each commit.")
def install_command(only_print: bool, no_hook: bool) -> int:
    """Set up the repository that this folder is in.

    Written are settings of this repository only, one line of its file `.gitattributes`, and a hook that checks what is
    committed. `pol git uninstall` takes all of it back.
    """
    from policy_lang.tools.git import setup  # only this verb needs it
    from policy_lang.tools.git.repository import Refused, repository

    try:
        here = repository(Path())
        if only_print:
            steps = setup.plan(here, with_hook=not no_hook)
            click.echo("\n\n".join(f"{step.place}\n{_indented(step.text)}" for step in steps))
            return DONE
        said = setup.install(here, write_whole, with_hook=not no_hook)
    except Refused as why:
        raise click.UsageError(f"{why}.") from None
    click.echo("\n".join(said) or "everything is set up already")
    return DONE


@command.command("uninstall")
def uninstall_command() -> int:
    """Take back what `pol git install` wrote, and nothing else."""
    from policy_lang.tools.git import setup  # only this verb needs it
    from policy_lang.tools.git.repository import Refused, repository

    try:
        said = setup.uninstall(repository(Path()), write_whole)
    except Refused as why:
        raise click.UsageError(f"{why}.") from None
    click.echo("\n".join(said) or "nothing is set up here")
    return DONE


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.splitlines())


# ------------------------------------------------------------------------------------------ what git itself calls

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@command.command("textconv", hidden=True)
@click.argument("file", type=_FILE)
def textconv_command(file: Path) -> int:
    """Print the policy in FILE in the usual layout; a file that cannot be read, as it is."""
    from policy_lang.tools.git.textconv import converted  # only this needs it

    sys.stdout.buffer.write(converted(file))
    return DONE


@command.command("merge", hidden=True)
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.argument("size", type=click.IntRange(1, 1000))
@click.argument("name")
@click.argument("labels", nargs=-1)
def merge_command(base: Path, ours: Path, theirs: Path, size: int, name: str, labels: tuple[str, ...]) -> int:
    """Merge the three versions of the file NAME into OURS; status 1 where conflicts are marked in it.

    LABELS are what the versions are called: the base, ours and theirs.
    """
    from policy_lang.source.files import decode  # the reader loads when the verb runs
    from policy_lang.tools.git.repository import Refused, repository
    from policy_lang.tools.merge.merge import Marks, merge

    marks = _named(Marks(size), labels)
    with contextlib.suppress(Refused):  # also of use outside a repository
        marks = evolve(marks, with_base=repository(Path()).is_merge_shown_with_base)
    data = [path.read_bytes() for path in (base, ours, theirs)]
    read = [decode(one, name) for one in data]
    texts = [source.text for source, _ in read]
    merged = None if any(problem for _, problem in read) else merge(texts[0], texts[1], texts[2], marks)
    if merged is None:
        click.echo(f"{name} cannot be read clause by clause in every version: merged line by line", err=True)
        return _line_by_line(base, ours, theirs, marks)
    text = merged.text.replace("\n", "\r\n") if b"\r\n" in data[1] else merged.text
    mark = b"\xef\xbb\xbf" if data[1].startswith(b"\xef\xbb\xbf") else b""
    write_whole(ours, mark + text.encode("utf-8"))
    return NO if merged.conflicts else DONE


def _named(marks: Marks, labels: tuple[str, ...]) -> Marks:
    """Marks with the names of the versions. Git before 2.44 has none, and leaves the signs for them as they are."""
    usual = (marks.base, marks.ours, marks.theirs)
    given = [label if label and not label.startswith("%") else "" for label in labels]
    base, ours, theirs = (
        label or name for name, label in zip_longest(usual, given[: len(usual)], fillvalue="")
    )
    return evolve(marks, base=base, ours=ours, theirs=theirs)


def _line_by_line(base: Path, ours: Path, theirs: Path, marks: Marks) -> int:
    """What git would do without us."""
    labels = [word for label in (marks.ours, marks.base, marks.theirs) for word in ("-L", label)]
    style = ["--diff3"] if marks.with_base else []
    words = ["git", "merge-file", "-q", *style, f"--marker-size={marks.size}", *labels]
    done = subprocess.run([*words, str(ours), str(base), str(theirs)], check=False)  # noqa: S603 - as git calls it
    return done.returncode if done.returncode in (0, 255) else NO


@command.command("hook", hidden=True)
def hook_command() -> int:
    """Check, format and test the policies that are about to be committed, as they are about to be committed."""
    from policy_lang.tools.git.repository import Refused, repository
    from policy_lang.tools.git.staged import lay_out, staged_policies

    try:
        here = repository(Path())
        policies = staged_policies(here)
        if not policies:
            return DONE
        with tempfile.TemporaryDirectory() as folder:
            lay_out(here, policies, Path(folder))
            return _checked(Path(folder), policies)
    except Refused as why:
        raise click.UsageError(f"{why}.") from None


def _checked(folder: Path, policies: list[str]) -> int:
    """Whether the policies in a folder are fit to be committed; what is wrong is printed, and warnings are, too."""
    from policy_lang.checking import check  # the compiler loads when the verb runs
    from policy_lang.cli import fmt_verb, test_verb

    with contextlib.chdir(folder):
        problems = check([Path(name) for name in policies])
        say(problems)
        is_fine = not has_errors(problems)
        if is_fine:
            tests = sorted({str(path) for name in policies for path in _with_scenarios(Path(name))})
            is_fine = _says_yes(fmt_verb.command, "--check", "--", *policies)
            is_fine = (not tests or _says_yes(test_verb.command, "--", *tests)) and is_fine
    if is_fine:
        return DONE
    click.echo("nothing was committed: mend what is said above, or commit with `--no-verify`", err=True)
    return NO


def _says_yes(verb: click.Command, *words: str) -> bool:
    """Whether another verb is content; what it says is printed when it is not."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = verb.main(list(words), prog_name=f"pol {verb.name}", standalone_mode=False)
    if status:
        click.echo(said.getvalue(), err=True, nl=False)
    return not status


def _with_scenarios(policy: Path) -> Iterator[Path]:
    """The policy and the files of scenarios beside it that are called after it, as far as they have scenarios."""
    for path in policy.parent.iterdir():
        is_beside = path.name.startswith(f"{policy.stem}.") and path.suffix == ".pol"
        if is_beside and any(line.startswith(b"scenario ") for line in path.read_bytes().splitlines()):
            yield path
