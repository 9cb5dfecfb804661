"""`pol check`: parse, resolve, type-check."""

from __future__ import annotations

from pathlib import Path

import click

from policy_lang import __version__
from policy_lang.cli.group import DONE, NO
from policy_lang.cli.output import count, policy_files, print_document, say
from policy_lang.source.diagnostic import Diagnostic, in_reading_order


@click.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "plain", "json", "github", "sarif"]),
    default="text",
    show_default=True,
    help="How problems are printed.",
)
def command(paths: tuple[Path, ...], kind: str) -> int:
    """Find mistakes in policies: every file, every independent mistake, in one run."""
    from policy_lang.meaning.load import Library  # the compiler loads when its verb runs
    from policy_lang.pipeline import compile_file

    files = policy_files(paths)
    library = Library()
    found: list[Diagnostic] = []
    for path in files:
        found.extend(compile_file(path, library)[1])
    problems = in_reading_order(found)
    _print(kind, files, problems)
    if not files:
        click.echo("no policy files found: nothing was checked", err=True)
    return NO if problems or not files else DONE


def _print(kind: str, files: list[Path], problems: tuple[Diagnostic, ...]) -> None:
    from policy_lang.source import render  # drawn only here

    match kind:
        case "json":
            document = {"files": [str(path) for path in files], "problems": render.to_json(problems)}
            print_document(document)
        case "sarif":
            print_document(render.to_sarif(problems, version=__version__))
        case "github":
            if problems:
                click.echo(render.render_github(problems))
        case "plain":
            if problems:
                click.echo(render.render_plain(problems))
        case _:
            say(problems)
            if files:
                errors = sum(1 for p in problems if p.severity == "error")
                warnings = len(problems) - errors
                said = [count(errors, "error")] if errors else []
                said += [count(warnings, "warning")] if warnings else []
                verdict = ", ".join(said) or "no problems"
                click.echo(f"{count(len(files), 'file')} checked: {verdict}")
