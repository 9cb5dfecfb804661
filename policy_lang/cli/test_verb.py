"""`pol test`: run scenarios."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from policy_lang.cli.group import DONE, INVALID, NO
from policy_lang.cli.output import check_target, count, findings_text, policy_files, say, wants_colour
from policy_lang.source.diagnostic import in_reading_order

if TYPE_CHECKING:
    from policy_lang.meaning.load import Library
    from policy_lang.tools.run_files import FileReport

_WORTH_SHARING = 2 * 1024 * 1024
"""From so many bytes of policies on, starting more processes costs less than they save."""

_POLL = 0.3
"""Seconds between two looks at the files that are watched."""


@frozen
class _Asked:
    """What a run is asked to do."""

    paths: tuple[Path, ...]
    kind: str
    only: str
    fail_fast: bool
    out: Path | None
    jobs: int | None
    verbose: bool


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "json", "junit", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How results are printed.",
)
@click.option("-k", "only", default="", metavar="TEXT", help="Run only what has this text in its name.")
@click.option("--fail-fast", is_flag=True, help="Stop at the first failure.")
@click.option("--watch", is_flag=True, help="Run again whenever a file changes, until Ctrl-C.")
@click.option(
    "--out",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the results into a file; what is for people is printed all the same.",
)
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="How many processes to use.")
@click.option("-v", "--verbose", is_flag=True, help="Name the cases that passed, too.")
@click.option("--mutate", is_flag=True, help="Say which slips of a drafter the scenarios would not notice.")
@click.option(
    "--suggest",
    is_flag=True,
    help="Print scenarios for what none tries yet, to be filled in; with --mutate also for slips.",
)
@click.option(
    "--budget",
    type=click.FloatRange(min=0),
    metavar="SECONDS",
    help="With --mutate and --suggest: the time for each policy (60, or 300).",
)
@click.option("--seed", type=int, default=1, show_default=True, help="With --mutate: the order of things.")
@click.option("--coverage", is_flag=True, help="Say what of the policies no scenario tries.")
@click.option(
    "--coverage-format",
    type=click.Choice(["text", "json", "lcov", "html"]),
    default="text",
    show_default=True,
    help="How the coverage is written into the file of `--coverage-out`.",
)
@click.option(
    "--coverage-out",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the coverage into a file, too.",
)
@click.option(
    "--fail-under",
    type=click.IntRange(0, 100),
    metavar="PERCENT",
    help="With --coverage: how much must be tried. With --mutate: how much noticed, by default everything.",
)
def command(
    paths: tuple[Path, ...],
    kind: str,
    only: str,
    fail_fast: bool,
    watch: bool,
    out: Path | None,
    jobs: int | None,
    verbose: bool,
    mutate: bool,
    suggest: bool,
    budget: float | None,
    seed: int,
    coverage: bool,
    coverage_format: str,
    coverage_out: Path | None,
    fail_under: int | None,
) -> int:
    """Run the scenarios in these files and folders (by default: the folder `policies`)."""
    if not mutate:
        _check_coverage(coverage, coverage_format, coverage_out, fail_under, kind, watch, out)
    if watch and kind != "text" and out is None:
        raise click.UsageError(
            f"`--watch` prints for people; to keep `--format {kind}`, name a file with `--out`"
        )
    asked = _Asked(paths or (Path("policies"),), kind, only, fail_fast, out, jobs, verbose)
    if not paths and not asked.paths[0].is_dir():
        click.echo("no scenario ran: there is no folder `policies` here; name files or folders", err=True)
        return NO
    if suggest:
        from policy_lang.cli import suggestion  # only this option needs it

        if watch or only or fail_fast or coverage or coverage_out is not None or fail_under is not None:
            raise click.UsageError(
                "`--suggest` goes with paths, `--format`, `--budget`, `--out`, `--mutate` and `--seed`"
            )
        seconds = 300 if budget is None else budget
        return suggestion.run(suggestion.Asked(asked.paths, kind, seconds, out, slips=mutate, seed=seed))
    if mutate:
        from policy_lang.cli import mutation  # only this option needs it

        if watch or only or fail_fast or out is not None or coverage or coverage_out is not None:
            raise click.UsageError(
                "`--mutate` goes with paths, `--format`, `--budget`, `--seed`, `--fail-under` and `-v`"
            )
        return mutation.run(
            mutation.Asked(asked.paths, kind, 60 if budget is None else budget, seed, fail_under, verbose)
        )
    if watch:
        return _watch(asked)
    status = _run(asked)[0]
    if not coverage or status == INVALID:
        return status
    from policy_lang.cli.coverage_output import report_coverage  # only who asks for it pays for it

    enough = report_coverage(policy_files(asked.paths), only, coverage_format, coverage_out, fail_under)
    return status or enough


def _check_coverage(
    coverage: bool,
    coverage_format: str,
    coverage_out: Path | None,
    fail_under: int | None,
    kind: str,
    watch: bool,
    out: Path | None,
) -> None:
    """Refuses what cannot be asked for together, before any work is done."""
    if not coverage:
        if coverage_format != "text" or coverage_out is not None or fail_under is not None:
            raise click.UsageError(
                "`--coverage-format`, `--coverage-out` and `--fail-under` go with `--coverage`, the last also with `--mutate`"
            )
        return
    if watch:
        raise click.UsageError("`--coverage` and `--watch` do not go together")
    if coverage_format != "text" and coverage_out is None:
        raise click.UsageError(f"name a file for `--coverage-format {coverage_format}` with `--coverage-out`")
    if kind != "text" and out is None:
        raise click.UsageError(
            f"`--coverage` prints for people; to keep `--format {kind}`, name a file with `--out`"
        )
    check_target(coverage_out)


def _run(asked: _Asked) -> tuple[int, list[Path]]:
    """Runs everything once, and gives the status and the files that mattered."""
    from policy_lang.cli import test_output  # the compiler loads when its verb runs

    files = policy_files(asked.paths)
    reports = list(_reports(files, asked))
    problems = in_reading_order(problem for report in reports for problem in report.problems)
    say(problems)
    text = test_output.as_text(
        reports,
        verbose=asked.verbose,
        nothing=f"no scenario ran: no name contains `{asked.only}`" if asked.only else "no scenario ran",
        stopped=asked.fail_fast and len(reports) < len(files),
        colour=wants_colour(err=False),
    )
    match asked.kind:
        case "json":
            document = test_output.json_text(test_output.as_json(files, problems, reports))
        case "junit":
            from policy_lang.tools.to_junit import to_junit  # only this format needs it

            document = f'<?xml version="1.0" encoding="UTF-8"?>\n{to_junit(reports)}'
        case "github" | "sarif":
            document = findings_text(asked.kind, test_output.findings(problems, reports))
        case _:
            document = click.unstyle(text) if asked.out is not None else text
    if asked.out is None:
        if document:
            click.echo(document)
    else:
        _write(asked.out, document)
        click.echo(text)
    watched = [*files, *(path for report in reports for path in report.files)]
    if any(report.is_invalid for report in reports):
        return INVALID, watched
    cases = [case for report in reports for case in report.cases]
    return (DONE if cases and all(case.passed for case in cases) else NO), watched


def _write(path: Path, document: str) -> None:
    try:
        path.write_text(f"{document}\n", encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise click.UsageError(
            f"`{path}` cannot be written: {(error.strerror or str(error)).lower()}"
        ) from None


# ---------------------------------------------------------------------------- running


def _reports(files: list[Path], asked: _Asked) -> Iterator[FileReport]:
    """The reports in the order of the files, up to the first failure with `--fail-fast`."""
    jobs = asked.jobs if asked.jobs is not None else _jobs_worth(files)
    found = _one_by_one(files, asked) if min(jobs, len(files)) < 2 else _side_by_side(files, asked, jobs)
    begun = time.monotonic()
    shows = sys.stderr.isatty()
    drawn = False
    try:
        for number, report in enumerate(found, 1):
            if shows and time.monotonic() - begun > 0.5:
                drawn = True
                click.echo(f"\r\x1b[K{number} of {count(len(files), 'file')}", err=True, nl=False)
            yield report
            if asked.fail_fast and (report.is_invalid or not all(case.passed for case in report.cases)):
                return
    finally:
        if drawn:
            click.echo("\r\x1b[K", err=True, nl=False)


def _jobs_worth(files: list[Path]) -> int:
    total = 0
    for path in files:
        with suppress(OSError):  # what cannot be read is reported later
            total += path.stat().st_size
    return (os.cpu_count() or 1) if total >= _WORTH_SHARING else 1


def _one_by_one(files: list[Path], asked: _Asked) -> Iterator[FileReport]:
    from policy_lang.meaning.load import Library  # the compiler loads when its verb runs

    library = Library()
    for path in files:
        yield _report(path, library, asked)


def _report(path: Path, library: Library, asked: _Asked) -> FileReport:
    from policy_lang.tools.explain import explain  # as above
    from policy_lang.tools.run_files import run_file

    return run_file(path, library, explain, only=asked.only, fail_fast=asked.fail_fast)


_shared: list[Library] = []
"""What a process that helps has read so far."""


def _report_aside(path: Path, asked: _Asked) -> FileReport:
    from policy_lang.meaning.load import Library  # as above

    if not _shared:
        _shared.append(Library())
    return _report(path, _shared[0], asked)


def _side_by_side(files: list[Path], asked: _Asked, jobs: int) -> Iterator[FileReport]:
    from concurrent.futures import ProcessPoolExecutor  # only many files need it

    pool = ProcessPoolExecutor(min(jobs, len(files)))
    try:
        waiting = [pool.submit(_report_aside, path, asked) for path in files]
        for report in waiting:
            yield report.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


# ---------------------------------------------------------------------------- watching


def _watch(asked: _Asked) -> int:
    """Runs again whenever something changes. Ctrl-C ends it with the status of the last run."""
    status = DONE
    try:
        while True:
            status, watched = _run(asked)
            before = _state(asked, watched)
            click.echo(f"watching {count(len(before), 'file')}; Ctrl-C ends", err=True)
            while _state(asked, watched) == before:
                time.sleep(_POLL)
            click.echo("", err=True)
    except KeyboardInterrupt:
        click.echo("", err=True)
        return status


def _state(asked: _Asked, watched: list[Path]) -> dict[Path, tuple[int, int] | None]:
    """When each file changed last, and its size; None for one that is not there."""
    found: dict[Path, tuple[int, int] | None] = {}
    for path in [*policy_files(asked.paths), *watched]:
        try:
            state = path.stat()
            found[path] = (state.st_mtime_ns, state.st_size)
        except OSError:
            found[path] = None
    return found
