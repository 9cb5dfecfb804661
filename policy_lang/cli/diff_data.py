"""`pol diff --data`: what a change does to cases in rows."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy_lang.cli.group import DONE, INVALID, NO
from policy_lang.cli.inputs import DateType
from policy_lang.cli.output import check_target, drawable, invalid, place_whole, print_document
from policy_lang.loading import load_policy

_NUMBER = re.compile(r"[+-][0-9]+(?:\.[0-9]+)?(?: ?%| [A-Z]{3})?")

if TYPE_CHECKING:
    from collections.abc import Callable

    from policy_lang.policy import Policy
    from policy_lang.tools.diff.impact import Changed


def compare_on_data(
    old: Path,
    new: Path,
    data: Path,
    as_of: str | None,
    outcomes: Sequence[str],
    samples: int,
    output: Path | None,
    kind: str,
) -> int:
    """Decides every row with both versions, prints what differs, and gives the exit status."""
    from policy_lang.program.row_facts import UnknownColumn
    from policy_lang.source.rows import UnusableRows, open_rows
    from policy_lang.tools.diff import impact_report
    from policy_lang.tools.diff.impact import impact

    if old.is_dir() or new.is_dir():
        raise click.UsageError("with `--data`, name files, no folders")
    if kind not in ("text", "json"):
        raise click.UsageError("with `--data`, the format is text or json")
    check_target(output)
    policies: list[Policy] = []
    for path in (old, new):
        policy, diagnostics = load_policy(path)
        if policy is None:
            return invalid(kind, diagnostics)
        policies.append(policy)
    for name in outcomes:
        if not any(name in policy.names for policy in policies):
            raise click.UsageError(f"no outcome is called `{name}` in either version")
    day = DateType().convert(as_of, None, None) if as_of else datetime.datetime.now().astimezone().date()
    try:
        with ExitStack() as opened:
            rows = opened.enter_context(open_rows(data))
            tell = opened.enter_context(_written(output, rows.head)) if output is not None else None
            found = impact(policies[0], policies[1], rows, day, samples=samples, only=outcomes, tell=tell)
    except (UnusableRows, UnknownColumn) as wrong:
        raise click.UsageError(f"`--data {data}`: {wrong}") from None
    if kind == "json":
        print_document({"data": data.name, "as_of": day.isoformat(), **impact_report.to_json(found)})
    else:
        asked = f"asked about {day} where a row does not say" + (" (today)" if as_of is None else "")
        click.echo(drawable(f"{new.name} on {data.name}, {asked}\n\n{impact_report.to_text(found)}"))
    if found.refused:
        return INVALID
    return NO if found.changed else DONE


@contextmanager
def _written(out: Path, head: Sequence[str] | None) -> Iterator[Callable[[Changed], None]]:
    """Writes every change to a file, as it is found: the file appears when all are in it, or not at all."""
    from policy_lang.tools.diff.impact_report import row_document

    ending = out.suffix.lower()
    if ending not in (".csv", ".jsonl", ".ndjson"):
        raise click.UsageError(f"`--output {out}`: the name ends in .csv, .jsonl or .ndjson")
    with place_whole(out) as stream:
        columns = ["row", "outcome", "old", "new", "by"]
        if ending == ".csv":
            rest = list(head) if head is not None else ["as_of", "facts"]
            _put(stream, out, _csv_line([*columns, *rest]))

        def tell(one: Changed) -> None:
            document = row_document(one)
            if ending != ".csv":
                _put(stream, out, json.dumps(document, ensure_ascii=False) + "\n")
                return
            cells = [document[name] for name in columns]
            if head is not None:
                cells += [*one.cells, *[""] * (len(head) - len(one.cells))]
            else:
                cells += [document["as_of"], json.dumps(document["facts"], ensure_ascii=False)]
            _put(stream, out, _csv_line(cells))

        yield tell


def _put(stream: io.BufferedIOBase, out: Path, text: str) -> None:
    try:
        stream.write(text.encode("utf-8"))
    except OSError as error:
        raise click.FileError(str(out), f"cannot be written: {error.strerror or error}") from error


def _csv_line(cells: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow([_cell(cell) for cell in cells])
    return line.getvalue()


def _cell(cell: object) -> object:
    """What stands in a cell; an apostrophe before what a sheet would work out, unless it is a number."""
    if not isinstance(cell, str) or not cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "" if cell is None else cell
    return cell if _NUMBER.fullmatch(cell) else f"'{cell}"
