"""`pol check`: parse, resolve, type-check, and warn of what is doubtful."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy_lang.checking import check
from policy_lang.cli.group import DONE, NO
from policy_lang.cli.output import count, policy_files, print_document, print_findings, say
from policy_lang.source.diagnostic import Diagnostic

if TYPE_CHECKING:
    from policy_lang.tools.tables import TableReport


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
@click.option("--allow", "allowed", multiple=True, metavar="CODE", help="Leave this warning out; repeatable.")
@click.option("--tables", is_flag=True, help="Also list every case that no row of a table names.")
def command(paths: tuple[Path, ...], kind: str, allowed: tuple[str, ...], tables: bool) -> int:
    """Find mistakes in policies: every file, every independent mistake, in one run.

    Warnings are about what can be used but looks doubtful. A remark `# allow: CODE because REASON`, on the
    line or just above it, allows one at one place.
    """
    _check_allowed(allowed)
    files = policy_files(paths)
    problems = tuple(d for d in check(files) if d.severity == "error" or d.code.name not in allowed)
    _print(kind, files, problems, _tables(files) if tables else None)
    if not files:
        click.echo("no policy files found: nothing was checked", err=True)
    return NO if problems or not files else DONE


def _check_allowed(names: tuple[str, ...]) -> None:
    if not names:
        return
    from policy_lang.meaning.checks import CODES  # the compiler loads when it is needed
    from policy_lang.source.suggest import closest  # only a slip needs it

    warnings = [code.name for code in CODES]
    for name in names:
        if name not in warnings:
            near = closest(name, warnings)
            hint = f"Did you mean `{near}`?" if near is not None else f"Warnings: {', '.join(warnings)}."
            raise click.UsageError(f"`--allow {name}`: there is no warning called so. {hint}")


def _tables(files: list[Path]) -> list[TableReport]:
    from policy_lang.tools.tables import report  # the compiler loads when it is needed

    return report(files)


def _print(
    kind: str, files: list[Path], problems: tuple[Diagnostic, ...], tables: list[TableReport] | None
) -> None:
    from policy_lang.source import render  # drawn only here
    from policy_lang.source.finding import from_diagnostics

    match kind:
        case "json":
            document: dict[str, object] = {
                "files": [str(path) for path in files],
                "problems": render.to_json(problems),
            }
            if tables is not None:
                document["tables"] = [table.to_json() for table in tables]
            print_document(document)
        case "sarif" | "github":
            print_findings(kind, from_diagnostics(problems))
        case "plain":
            if problems:
                click.echo(render.render_plain(problems))
            for table in tables or ():
                click.echo("\n".join(table.lines()))
        case _:
            say(problems)
            for table in tables or ():
                click.echo("\n".join(table.lines()))
            if files:
                errors = sum(1 for p in problems if p.severity == "error")
                warnings = len(problems) - errors
                said = [count(errors, "error")] if errors else []
                said += [count(warnings, "warning")] if warnings else []
                verdict = ", ".join(said) or "no problems"
                click.echo(f"{count(len(files), 'file')} checked: {verdict}")
