"""`pol eval --what-if`: what would have to change."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy_lang.cli.group import DONE, NO, UNDETERMINED
from policy_lang.cli.output import drawable, need_package, print_document, write_whole
from policy_lang.policy import Policy
from policy_lang.program.core import Plain

if TYPE_CHECKING:
    from policy_lang.tools.what_if.search import WhatIf


def answer_what_if(
    policy: Policy,
    facts: Mapping[str, object],
    as_of: datetime.date,
    assume: Mapping[str, Plain],
    aims: Sequence[str],
    *,
    fixed: Sequence[str],
    may_change: Sequence[str],
    most: int,
    limit: float,
    save: Path | None,
    kind: str,
    is_today: bool,
) -> int:
    """Answers for each aim, and gives the exit status. Raises what `Policy.evaluate` raises."""
    need_package("z3", "z3-solver", "`--what-if`")
    from policy_lang.tools.explain import heading  # only this question needs them
    from policy_lang.tools.what_if import report
    from policy_lang.tools.what_if.goal import WrongGoal
    from policy_lang.tools.what_if.search import what_if

    found: list[WhatIf] = []
    for aim in aims:
        try:
            found.append(
                what_if(
                    policy,
                    facts,
                    as_of,
                    aim,
                    assume=assume,
                    fixed=fixed,
                    may_change=may_change,
                    most=most,
                    limit=limit,
                )
            )
        except WrongGoal as wrong:
            raise click.UsageError(f"`--what-if {aim}`: {wrong}") from None
    if save is not None:
        _save(found, save)
    if kind == "json":
        document = {
            "policy": policy.name,
            "as_of": as_of.isoformat(),
            "what_if": [report.to_json(one) for one in found],
        }
        print_document(json.loads(json.dumps(document, default=_plain)))
    else:
        decision = policy.evaluate(facts, as_of, assume, [one.goal.outcome.name for one in found])
        lines = heading(decision)
        if is_today:
            lines[0] += " (today)"
        for one in found:
            lines += ["", report.to_text(one)]
        click.echo(drawable("\n".join(lines)))
    statuses = {one.status for one in found}
    if "not settled" in statuses:
        return UNDETERMINED
    return NO if "impossible" in statuses else DONE


def _save(found: Sequence[WhatIf], folder: Path) -> None:
    """Writes the facts of each answer, ready for `pol eval --facts`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise click.FileError(str(folder), f"cannot be made: {error.strerror or error}") from error
    for one in found:
        for number, answer in enumerate(one.answers, 1):
            name = f"{one.goal.outcome.name}.{number}.as-of-{answer.as_of}.json"
            text = json.dumps(answer.facts, indent=2, ensure_ascii=False, default=_plain) + "\n"
            write_whole(folder / name, text.encode("utf-8"))


def _plain(value: object) -> object:
    """A value that a facts file in another format gave, as JSON has it."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)
