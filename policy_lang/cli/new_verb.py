"""`pol new`: a file to start from, with scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy_lang.cli.group import DONE

if TYPE_CHECKING:
    from policy_lang.tools.start import Kind


@click.command("new")
@click.argument("kind", type=click.Choice(["agreement", "law", "framework", "vocabulary"]))
@click.argument("name")
@click.option(
    "--folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="Where to write them; otherwise here.",
)
def command(kind: Kind, name: str, folder: Path) -> int:
    """Write a commented starting file NAME.pol, and NAME.scenarios.pol with scenarios for it.

    Files that exist are never overwritten.
    """
    from policy_lang.tools.start import misfit, start  # the texts are needed only here

    why = misfit(name)
    if why is not None:
        raise click.UsageError(f"`{name}` cannot be the name of a new {kind}: {why}.")
    texts = {folder / file: text for file, text in start(kind, name).items()}
    for path in texts:
        if path.exists() or path.is_symlink():
            raise click.UsageError(f"`{path}` exists already; nothing was written.")
    for path, text in texts.items():
        try:
            with path.open("x", encoding="utf-8", newline="\n") as stream:
                stream.write(text)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise click.UsageError(f"`{path}` cannot be written: {reason}.") from None
        click.echo(f"wrote {path}")
    policy, scenarios = texts
    click.echo(f"next: pol check {policy} {scenarios} && pol test {scenarios}")
    return DONE
