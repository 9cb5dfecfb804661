"""`pol diff --as-of`: the texts of one day, or of two, compared in their words."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from policy_lang.cli.group import DONE, NO
from policy_lang.cli.inputs import DateType
from policy_lang.cli.output import drawable, invalid, print_document


def days_of(as_of: str) -> tuple[datetime.date, datetime.date]:
    """The day of the old and that of the new text, from `DATE` or `DATE..DATE`."""
    first, dots, second = as_of.partition("..")
    old = DateType().convert(first, None, None)
    return old, DateType().convert(second, None, None) if dots else old


def compare_days(old: Path, new: Path, as_of: str, kind: str) -> int:
    """Prints what is another in the words of both texts, and gives the exit status."""
    from policy_lang.source.text import SourceFile
    from policy_lang.tools.consolidated import consolidated
    from policy_lang.tools.diff.structure import changes_between

    if old.is_dir() or new.is_dir():
        raise click.UsageError("with `--as-of`, name files, no folders")
    days = days_of(as_of)
    texts: list[SourceFile] = []
    for path, day in zip((old, new), days, strict=True):
        found, diagnostics = consolidated(path, day)
        if found is None:
            return invalid(kind, diagnostics)
        texts.append(SourceFile(f"{path} as of {day}", found.text))
    lines = changes_between(*texts)
    same = not lines
    verdict = "same text" if same else "text differs"
    if kind == "json":
        print_document(
            {
                "verdict": verdict,
                "file": new.name,
                "as_of": [day.isoformat() for day in days],
                "text": lines,
            }
        )
        return DONE if same else NO
    if kind not in ("text", "markdown"):
        raise click.UsageError("with `--as-of`, the format is text, markdown or json")
    of_days = f"as of {days[0]}" if days[0] == days[1] else f"as of {days[0]} and of {days[1]}"
    if kind == "markdown":
        shown = [f"# {new.name} {of_days}: {verdict}", "", *(f"- {line}" for line in lines)]
    else:
        shown = [f"{new.name} {of_days}", *(f"  {line}" for line in lines), *([""] if lines else []), verdict]
    click.echo(drawable("\n".join(shown)))
    return DONE if same else NO
