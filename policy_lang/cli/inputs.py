"""What verbs are given: facts from files and from the command line, a date, and assumptions."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from policy_lang.program.fact_diagnostics import FACT_CODES
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.facts_file import MOST_BYTES, FactsFile, read_facts
from policy_lang.source.facts_problem import DEEPEST
from policy_lang.source.facts_typed import TypedFacts

_Verb = TypeVar("_Verb", bound=Callable[..., Any])


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


def today() -> datetime.date:
    """The date where the user is."""
    return datetime.datetime.now().astimezone().date()


def facts_option(help: str) -> Callable[[_Verb], _Verb]:
    """`--facts`, which may be repeated; each verb says what it takes."""
    kind = click.Path(allow_dash=True)
    return click.option("--facts", "files", type=kind, multiple=True, metavar="FILE", help=help)


SET = click.option(
    "--set", "settings", multiple=True, metavar="FACT=VALUE", help="One fact, as vehicle.msrp=45000."
)
AS_OF = click.option("--as-of", "as_of", type=DateType(), help="The date asked about; by default today.")
ASSUME = click.option(
    "--assume",
    "assumed",
    multiple=True,
    metavar="NAME=VALUE",
    help="Take an assumption differently, this once.",
)
OUT = click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Write to this file, all of it or nothing; not printed then.",
)


def read_facts_files(names: Iterable[str]) -> tuple[dict[str, object], list[FactsFile], list[Diagnostic]]:
    """The facts of several files together; `-` is standard input. A key given by two files is reported."""
    values: dict[str, object] = {}
    files: list[FactsFile] = []
    problems: list[Diagnostic] = []
    for name in names:
        if name == "-":
            shown, data = "<standard input>", sys.stdin.buffer.read(MOST_BYTES)
        else:
            try:
                with Path(name).open("rb") as stream:
                    shown, data = name, stream.read(MOST_BYTES)
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
                    FACT_CODES["repeated-fact"].at(
                        span, f"`{key}` is given by two files", help="give it in one"
                    )
                )
            values[key] = value
    return values, files, problems


def set_facts(values: dict[str, object], settings: Iterable[str], events: Iterable[str]) -> TypedFacts:
    """Adds facts written as `vehicle.msrp=45000`, and gives what was typed: a value replaces one from a file.

    An empty value makes a fact unknown. The dates of an event are separated by commas.
    """
    settings = tuple(settings)
    dated = frozenset(events)
    for setting in settings:
        path, sign, text = setting.partition("=")
        steps = [step.strip() for step in path.split(".")]
        if not sign or not all(steps):
            raise click.UsageError(f"`--set {setting}`: write it like `--set vehicle.msrp=45000`")
        if len(steps) > DEEPEST:
            raise click.UsageError(f"`--set {setting[:60]}...`: no fact lies that deep")
        place: dict[str, Any] = values
        for step in steps[:-1]:
            inner = place.setdefault(step, {})
            if not isinstance(inner, dict):
                raise click.UsageError(
                    f"`--set {setting}`: `{step}` is a list or a value; set it in a facts file"
                )
            place = inner
        text = text.strip()
        value: object = None if text in ("", "unknown") else text
        if ".".join(steps) in dated and value is not None and text != "none":
            value = [part.strip() for part in text.split(",")]
        place[steps[-1]] = value
    return TypedFacts.of(settings)


def read_assumptions(settings: Iterable[str]) -> dict[str, object]:
    """Assumptions written as `NAME=VALUE`."""
    assume: dict[str, object] = {}
    for setting in settings:
        name, sign, text = setting.partition("=")
        if not sign or not name.strip():
            raise click.UsageError(f"`--assume {setting}`: write it like `--assume review_recurs=no`")
        assume[name.strip()] = text.strip()
    return assume
