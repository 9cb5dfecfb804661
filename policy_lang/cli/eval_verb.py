"""`pol eval`: decide a case."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from policy_lang.cli.group import DONE, INVALID, UNDETERMINED
from policy_lang.cli.inputs import (
    AS_OF,
    ASSUME,
    SET,
    facts_option,
    read_assumptions,
    read_facts_files,
    set_facts,
    today,
)
from policy_lang.cli.output import drawable, invalid, print_document, say, text_width, wants_colour
from policy_lang.cli.solver_options import limit_option
from policy_lang.loading import load_policy
from policy_lang.policy import Decision, InvalidFacts, InvalidQuestion, Policy
from policy_lang.program.core import Plain
from policy_lang.program.fact_diagnostics import to_diagnostics

if TYPE_CHECKING:
    from policy_lang.tools.sensitivity import Sensitivity


@click.command("eval")
@click.argument("policy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@facts_option("Facts as JSON, YAML or TOML, or a filled list of questions; `-`: standard input.")
@SET
@AS_OF
@ASSUME
@click.option(
    "--outcome",
    "--for",
    "outcomes",
    multiple=True,
    metavar="NAME",
    help="Ask for this outcome only (may be repeated).",
)
@click.option("--explain", "in_full", is_flag=True, help="The whole way to each answer, and why not.")
@click.option(
    "--sensitivity",
    "in_doubt",
    is_flag=True,
    help="Which answers hold under every assumption, and which turn on one.",
)
@click.option(
    "--what-if",
    "aims",
    multiple=True,
    metavar="OUTCOME=ANSWER",
    help="The least that would have to change for that answer, as credit>=3750 (repeatable).",
)
@click.option(
    "--fixed",
    multiple=True,
    metavar="FACT,...",
    help="With --what-if: facts that stay as they are; `vehicle.chains` or `vehicle.*` for more than one.",
)
@click.option(
    "--may-change",
    multiple=True,
    metavar="FACT,...",
    help="With --what-if: facts that may change after all; `as_of`: the date asked about.",
)
@click.option(
    "--most", type=click.IntRange(1, 50), default=3, metavar="N", help="With --what-if: at most so many ways."
)
@limit_option(10.0, "With --what-if: how long to look for each aim.")
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --what-if: write the facts of each way into this folder.",
)
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    policy: Path,
    files: tuple[str, ...],
    settings: tuple[str, ...],
    as_of: datetime.date | None,
    assumed: tuple[str, ...],
    outcomes: tuple[str, ...],
    in_full: bool,
    in_doubt: bool,
    aims: tuple[str, ...],
    fixed: tuple[str, ...],
    may_change: tuple[str, ...],
    most: int,
    limit: float,
    save: Path | None,
    kind: str,
) -> int:
    """Decide a case: what POLICY says of these facts on that day, and why.

    Without any facts, every outcome is shown with the questions that it needs answered.
    """
    if aims and (in_full or in_doubt or outcomes):
        raise click.UsageError("`--what-if` names its outcome itself, and goes with no other question")
    if not aims and (fixed or may_change or save):
        raise click.UsageError("`--fixed`, `--may-change` and `--save` go with `--what-if`")
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
    readings: tuple[Sensitivity, ...] = ()
    try:
        if aims:
            from policy_lang.cli.what_if import answer_what_if  # only this question needs the solver

            return answer_what_if(
                loaded,
                facts,
                day,
                assume,
                aims,
                fixed=_names_in(fixed),
                may_change=_names_in(may_change),
                most=most,
                limit=limit,
                save=save,
                kind=kind,
                is_today=as_of is None,
            )
        decision = loaded.evaluate(facts, day, assume, outcomes or None)
        if in_doubt:
            from policy_lang.tools.explain import answer  # only this question needs them
            from policy_lang.tools.sensitivity import sensitivity

            readings = sensitivity(loaded, facts, day, assume, outcomes or None, words=answer)
    except InvalidFacts as wrong:
        return invalid(kind, to_diagnostics(wrong.problems, read, typed))
    except InvalidQuestion as question:
        raise click.UsageError(str(question)) from None
    if kind == "json":
        more = {"sensitivity": {one.outcome: _reading_json(one) for one in readings}} if in_doubt else {}
        print_document({**decision.to_json(), **more})
    elif in_doubt:
        click.echo(drawable("\n".join(line for one in readings for line in _reading_text(one))))
    else:
        click.echo(_text(decision, loaded, in_full, as_of is None))
    states = set(decision.states.values())
    if "error" in states:
        return INVALID
    return UNDETERMINED if states & {"undetermined", "conflict"} else DONE


def _names_in(settings: tuple[str, ...]) -> list[str]:
    """Names of facts, several of them separated by commas."""
    return [name.strip() for setting in settings for name in setting.split(",") if name.strip()]


def _reading_json(one: Sensitivity) -> dict[str, object]:
    return {
        "holds": one.holds,
        "rests_on": list(one.rests_on),
        "turns": [
            {
                "assume": {name: "yes" if value else "no" for name, value in turn.flipped},
                "answer": turn.answer,
            }
            for turn in one.turns
        ],
        "not_varied": list(one.fixed),
    }


def _reading_text(one: Sensitivity) -> list[str]:
    if one.turns:
        lines = [f"{one.outcome}: {one.answer}, but"]
        for turn in one.turns:
            flipped = " and ".join(f"{name} is {'yes' if value else 'no'}" for name, value in turn.flipped)
            lines.append(f"  {turn.answer} if {flipped}")
    elif one.rests_on:
        lines = [f"{one.outcome}: {one.answer}, whichever way {', '.join(one.rests_on)} is read"]
    else:
        lines = [f"{one.outcome}: {one.answer}, resting on no assumption"]
    if one.fixed:
        lines.append(f"  not varied, being no yes or no: {', '.join(one.fixed)}")
    return lines


def _text(decision: Decision, policy: Policy, in_full: bool, is_today: bool) -> str:
    from policy_lang.tools.explain import explain, heading, summary  # not needed for JSON

    width = text_width()
    lines = heading(decision)
    if is_today:
        lines[0] += " (today)"
    for name in decision.asked:
        lines.append("")
        if in_full:
            lines.append(explain(decision, name, width=width))
        else:
            lines.extend(summary(decision, name))
    if not decision.asked:
        known = ", ".join(policy.names)
        lines.append(f"\nnothing is asked: no outcome is about the facts given. Outcomes: {known}")
    text = drawable("\n".join(lines))
    return _coloured(text) if wants_colour(err=False) else text


def _coloured(text: str) -> str:
    """Names of outcomes in bold: they start in the first column and end at a colon."""
    shown: list[str] = []
    for line in text.split("\n"):
        name, colon, rest = line.partition(":")
        bold = colon and name.isidentifier()
        shown.append(click.style(name, bold=True) + colon + rest if bold else line)
    return "\n".join(shown)
