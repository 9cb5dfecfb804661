"""What `pol eval` is asked: facts from files and from the command line, a date, and assumptions."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from policy_lang.program.facts import FactProblem
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.facts_file import FactsFile, read_facts
from policy_lang.source.text import SourceFile, Span

_WHY = {
    "check-failed": "the facts must fit together as the record says",
    "float-number": "numbers are exact, and binary floating point is not",
    "misplaced-record": "a record that lies in a list is given inside that list",
    "no-such-date": "a date is a day of the calendar",
    "none-given": "only an optional field can be `none`",
    "not-whole": "this fact is counted in whole numbers",
    "number-too-long": "a number has at most 34 digits",
    "out-of-bounds": "the policy says within which limits this fact must lie",
    "unknown-country": "countries are written as ISO 3166-1 codes of two capitals",
    "unknown-fact": "only facts that the policy asks about can be given",
    "unknown-territory": "territories are written as ISO 3166-1 codes of two capitals",
    "unknown-word": "a kind of thing has only the words listed for it",
    "wrong-kind": "each fact has one kind of value",
    "wrong-unit": "units and currencies are never converted silently",
}


class DateType(click.ParamType[datetime.date]):
    """A date as YYYY-MM-DD."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime.date:
        if isinstance(value, datetime.date):
            return value
        try:
            if len(value) != 10 or value[4] != "-" or value[7] != "-":  # dates have one spelling here
                raise ValueError(value)
            return datetime.date.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is not a day: write it as 2024-01-31", param, ctx)


def read_facts_files(names: Iterable[str]) -> tuple[dict[str, object], list[FactsFile], list[Diagnostic]]:
    """The facts of several files together; `-` is standard input. A key given by two files is reported."""
    values: dict[str, object] = {}
    files: list[FactsFile] = []
    problems: list[Diagnostic] = []
    for name in names:
        if name == "-":
            shown, data = "<standard input>", sys.stdin.buffer.read()
        else:
            try:
                shown, data = name, Path(name).read_bytes()
            except OSError as error:
                raise click.UsageError(
                    f"the facts file `{name}` cannot be read: {(error.strerror or str(error)).lower()}"
                ) from None
        found, said = read_facts(shown, data)
        problems.extend(said)
        if found is None:
            continue
        files.append(found)
        for key, value in found.values.items():
            if key in values:
                span = found.place((key,))
                problems.append(
                    _code("repeated-fact").at(span, f"`{key}` is given by two files", help="give it in one")
                )
            values[key] = value
    return values, files, problems


def set_facts(values: dict[str, object], settings: Iterable[str]) -> None:
    """Adds facts written as `vehicle.msrp=45000`; a value given here replaces one from a file.

    Several values, separated by commas, make the dates of an event. An empty value makes a fact unknown.
    """
    for setting in settings:
        path, sign, text = setting.partition("=")
        steps = path.strip().split(".")
        if not sign or not all(steps):
            raise click.UsageError(f"`--set {setting}`: write it like `--set vehicle.msrp=45000`")
        place: dict[str, Any] = values
        for step in steps[:-1]:
            inner = place.setdefault(step, {})
            if not isinstance(inner, dict):
                raise click.UsageError(
                    f"`--set {setting}`: `{step}` is a list or a value; set it in a facts file"
                )
            place = inner
        text = text.strip()
        place[steps[-1]] = None if text in ("", "unknown") else text


def split_dates(values: dict[str, object], events: Iterable[str]) -> None:
    """An event that was set on the command line has its dates separated by commas."""
    for name in events:
        text = values.get(name)
        if isinstance(text, str) and text != "none":
            values[name] = [part.strip() for part in text.split(",")]


def read_assumptions(settings: Iterable[str]) -> dict[str, object]:
    """Assumptions written as `NAME=VALUE`."""
    assume: dict[str, object] = {}
    for setting in settings:
        name, sign, text = setting.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"`--assume {setting}`: write it like `--assume review_recurs=no`")
        assume[name.strip()] = text.strip()
    return assume


def to_diagnostics(problems: Iterable[FactProblem], files: list[FactsFile]) -> list[Diagnostic]:
    """Problems of facts, each at its place in the file it came from."""
    found: list[Diagnostic] = []
    for problem in problems:
        owner = next((f for f in files if problem.path and problem.path[0] in f.values), None)
        span = owner.place(problem.path) if owner is not None else _on_command_line(problem)
        message = f"{problem.place}: {problem.message}" if problem.path else problem.message
        found.append(_code(problem.code).at(span, message, label="this fact", help=problem.help))
    return found


def _on_command_line(problem: FactProblem) -> Span:
    source = SourceFile("<facts>", problem.place)
    return Span(source, 0, len(problem.place))


def _code(name: str) -> Code:
    return Code(name, _WHY.get(name, "a fact is given once"))
