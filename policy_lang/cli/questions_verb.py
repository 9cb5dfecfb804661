"""`pol questions`: what still has to be asked, of whom, and why."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from policy_lang.cli.group import DONE, INVALID
from policy_lang.cli.inputs import (
    AS_OF,
    ASSUME,
    OUT,
    SET,
    facts_option,
    read_assumptions,
    read_facts_files,
    set_facts,
    today,
)
from policy_lang.cli.output import (
    check_target,
    drawable,
    invalid,
    need_package,
    print_bytes,
    say,
    text_width,
    write_whole,
)
from policy_lang.loading import load_policy
from policy_lang.policy import InvalidFacts, InvalidQuestion
from policy_lang.program.core import Plain
from policy_lang.program.fact_diagnostics import to_diagnostics

if TYPE_CHECKING:
    from policy_lang.tools.questions.ask import QuestionList

_FORMATS = {".md": "markdown", ".markdown": "markdown", ".xlsx": "xlsx", ".json": "json"}


@click.command("questions")
@click.argument("policy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--for",
    "--outcome",
    "outcomes",
    multiple=True,
    metavar="OUTCOME",
    help="Ask what decides this outcome (may be repeated).",
)
@facts_option("What is known already: JSON, YAML, TOML, or a filled list; `-`: standard input.")
@SET
@AS_OF
@ASSUME
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "markdown", "xlsx", "json"]),
    help="How the list is written; by default as the name of --out ends, else as text.",
)
@OUT
def command(
    policy: Path,
    outcomes: tuple[str, ...],
    files: tuple[str, ...],
    settings: tuple[str, ...],
    as_of: datetime.date | None,
    assumed: tuple[str, ...],
    kind: str | None,
    out: Path | None,
) -> int:
    """List what POLICY still has to be told before it can decide: of whom, and why.

    A list written as a workbook or as Markdown is filled in and read back: `pol eval --facts FILE`.
    """
    kind = kind or (_FORMATS.get(out.suffix.lower(), "text") if out is not None else "text")
    check_target(out)
    if kind == "xlsx":
        need_package("openpyxl", "openpyxl", "--format xlsx")
    loaded, diagnostics = load_policy(policy)
    if loaded is None:
        return invalid(kind, diagnostics)
    say(diagnostics)
    facts, read, problems = read_facts_files(files)
    typed = set_facts(facts, settings, loaded.events)
    if problems:
        return invalid(kind, problems)
    day = as_of or today()
    assume = cast("dict[str, Plain]", read_assumptions(assumed))
    try:
        decision = loaded.evaluate(facts, day, assume, outcomes or None)
    except InvalidFacts as wrong:
        return invalid(kind, to_diagnostics(wrong.problems, read, typed))
    except InvalidQuestion as question:
        raise click.UsageError(str(question)) from None
    from policy_lang.tools.questions.ask import ask  # only once there is something to ask

    questions = ask(decision, facts)
    data = _written(questions, kind)
    if out is not None:
        write_whole(out, data)
    elif kind == "xlsx":
        print_bytes(data, "a workbook")
    else:
        click.echo(data.decode(), nl=False)
    return INVALID if "error" in decision.states.values() else DONE


def _written(questions: QuestionList, kind: str) -> bytes:
    """The list in its format; each is loaded only when it is asked for."""
    if kind == "xlsx":
        from policy_lang.tools.questions.to_workbook import to_workbook

        return to_workbook(questions)
    if kind == "json":
        from policy_lang.tools.questions.to_json import to_json

        return (json.dumps(to_json(questions), indent=2, ensure_ascii=True) + "\n").encode()
    if kind == "markdown":
        from policy_lang.tools.questions.to_markdown import to_markdown

        return drawable(to_markdown(questions)).encode()
    from policy_lang.tools.questions.to_text import to_text

    return drawable(to_text(questions, width=text_width())).encode()
