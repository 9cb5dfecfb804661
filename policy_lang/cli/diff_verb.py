"""`pol diff`: what a change of a policy means."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import evolve

from policy_lang.cli.group import DONE, NO, UNDETERMINED
from policy_lang.cli.output import (
    FOR_FILES,
    drawable,
    invalid,
    need_package,
    print_document,
    print_findings,
    wants_colour,
    write_whole,
)
from policy_lang.cli.revisions import as_it_stood
from policy_lang.cli.solver_options import elements_option, limit_option

if TYPE_CHECKING:
    from policy_lang.source.finding import Finding
    from policy_lang.tools.diff.compare import Comparison


@click.command("diff")
@click.argument(
    "paths", nargs=-1, required=True, metavar="OLD NEW", type=click.Path(exists=True, path_type=Path)
)
@click.option(
    "--rev",
    metavar="A[..B]",
    help="Compare PATH as it stood in revision A of git with B, or with what it is now.",
)
@click.option(
    "--as-of",
    "as_of",
    metavar="DATE[..DATE]",
    help="Compare the words of the texts as they stood on that day, or of one text on two days; with --data, the date asked about.",
)
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Decide every row of FILE (.csv, .jsonl, .json, .xlsx) with both, and say which come out otherwise.",
)
@click.option(
    "--samples",
    type=click.IntRange(0, 1000),
    metavar="N",
    help="With --data: so many rows of each change (3).",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="With --data: write every changed row to FILE (.csv, .jsonl).",
)
@click.option(
    "--outcome",
    "--for",
    "outcomes",
    multiple=True,
    metavar="NAME",
    help="Compare this outcome only (repeatable).",
)
@limit_option(20.0, "How long to look, at all outcomes together.")
@elements_option("Go through lists of up to so many elements; by default 1, then 3.")
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write an example of each case into this folder.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "json", "markdown", "github", "sarif"]),
    default="text",
    show_default=True,
)
def command(
    paths: tuple[Path, ...],
    rev: str | None,
    as_of: str | None,
    data: Path | None,
    samples: int | None,
    output: Path | None,
    outcomes: tuple[str, ...],
    limit: float,
    elements: int | None,
    save: Path | None,
    kind: str,
) -> int:
    """Say what changed from OLD to NEW, in the text and in what it means.

    With --rev, name one of them only. Both are policies, or both are folders of policies. Exit status: 0 the meaning is the same; 1 it differs; 4 it
    could not be settled.
    """
    if data is None and (output is not None or samples is not None):
        raise click.UsageError("`--output` and `--samples` go with `--data`")
    if as_of is not None and data is None:
        from policy_lang.cli.texts_of_days import compare_days  # only this needs it

        if rev is not None or len(paths) > 2 or (len(paths) == 1 and ".." not in as_of):
            raise click.UsageError(
                "with `--as-of`, name two files, or one and two days: `--as-of 2024-01-01..2025-01-01`"
            )
        return compare_days(paths[0], paths[-1], as_of, kind)
    if data is None:
        need_package("z3", "z3-solver", "`pol diff`")

    def answer(old: Path, new: Path, asked: Path | None) -> int:
        if data is None:
            return _compare(old, new, asked, outcomes, limit, elements, save, kind)
        from policy_lang.cli.diff_data import compare_on_data  # only this needs it

        most = 3 if samples is None else samples
        return compare_on_data(old, new, data, as_of, outcomes, most, output, kind)

    if rev is None:
        if len(paths) != 2:
            raise click.UsageError("name two files or two folders, or one of them and `--rev`")
        return answer(*paths, None)
    if len(paths) != 1:
        raise click.UsageError("with `--rev`, name one file or one folder")
    first, _, second = rev.partition("..")
    with tempfile.TemporaryDirectory() as folder:
        old = as_it_stood(first, paths[0], Path(folder) / "old")
        new = as_it_stood(second, paths[0], Path(folder) / "new") if second else paths[0]
        return answer(old, new, paths[0])


def _compare(
    old: Path,
    new: Path,
    asked: Path | None,
    outcomes: tuple[str, ...],
    limit: float,
    elements: int | None,
    save: Path | None,
    kind: str,
) -> int:
    if old.is_dir() != new.is_dir():
        raise click.UsageError("compare two files or two folders")
    begun = time.monotonic()
    from policy_lang.tools.diff import report  # the solver loads only when it is needed
    from policy_lang.tools.diff.clock import Clock
    from policy_lang.tools.diff.compare import compare

    comparison, diagnostics = compare(old, new, clock=Clock(limit, begun), elements=elements, only=outcomes)
    if comparison is None:
        return invalid(kind, diagnostics)
    if outcomes:
        _check_names(comparison, outcomes)
    if save is not None:
        _save(comparison, save)
    if kind == "json":
        print_document(report.to_json(comparison))
    elif kind in FOR_FILES:
        from policy_lang.tools.diff.findings import findings  # as above

        print_findings(kind, [_as_asked(one, new, asked) for one in findings(comparison)])
    elif kind == "markdown":
        from policy_lang.tools.diff.to_markdown import to_markdown  # as above

        click.echo(drawable(to_markdown(comparison)))
    else:
        _print(comparison)
    return status_of(comparison)


def status_of(comparison: Comparison) -> int:
    """The exit status."""
    if comparison.differs:
        return NO
    return DONE if comparison.is_settled else UNDETERMINED


def _print(comparison: Comparison) -> None:
    """The comparison for people: as a terminal can show it, or as it is in a file."""
    if sys.stdout.isatty():
        from policy_lang.cli.diff_text import draw  # only a terminal needs it

        width = shutil.get_terminal_size().columns
        click.echo(draw(comparison, width=width, colour=wants_colour(err=False)))
    else:
        from policy_lang.tools.diff.report import to_text  # the solver loads only when it is needed

        click.echo(drawable(to_text(comparison)))


def _as_asked(one: Finding, new: Path, asked: Path | None) -> Finding:
    """The finding with its place in the file that was named, also where a text was taken out of git."""
    if asked is None:
        return one
    one = evolve(one, related=())  # the old text lies in a folder that will be gone
    there, here = (path if path.is_dir() else path.parent for path in (new, asked))
    path = Path(one.span.file.name)
    if not path.is_relative_to(there):
        return one
    name = str(here / path.relative_to(there))
    return evolve(one, span=evolve(one.span, file=evolve(one.span.file, name=name)))


def _check_names(comparison: Comparison, outcomes: tuple[str, ...]) -> None:
    known = {one.name for file in comparison.files if file.meaning for one in file.meaning.outcomes}
    for name in outcomes:
        if name not in known:
            raise click.UsageError(f"no outcome is called `{name}` in either version")


def _save(comparison: Comparison, folder: Path) -> None:
    """Writes the facts of each example, ready for `pol eval --facts`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.FileError(str(folder), f"cannot be made: {error.strerror or error}") from error
    for file in comparison.files:
        for one in file.meaning.outcomes if file.meaning is not None else ():
            examples = [(case.facts, case.as_of) for case in one.cases]
            if one.missing is not None:
                examples += [(case.facts, case.as_of) for case in one.missing.examples]
            for number, (facts, day) in enumerate(examples, 1):
                stem = file.name.removesuffix(".pol").replace("/", ".")
                name = f"{stem}.{one.name}.{number}.as-of-{day}.json"
                text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
                write_whole(folder / name, text.encode("utf-8"))
