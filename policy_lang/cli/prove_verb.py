"""`pol prove`: clashes, gaps, broken promises and cases that never matter, for all facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy_lang.cli.group import DONE, NO, UNDETERMINED
from policy_lang.cli.output import (
    FOR_FILES,
    count,
    drawable,
    invalid,
    need_package,
    print_document,
    print_findings,
    say,
)
from policy_lang.pipeline import compile_file

if TYPE_CHECKING:
    from policy_lang.tools.prove.look import Proved, Remark


@click.command("prove")
@click.argument("policy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--limit",
    type=click.FloatRange(0.1, 3600),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="How long to look at one question.",
)
@click.option(
    "--elements",
    type=click.IntRange(1, 10),
    metavar="NUMBER",
    help="Go through lists of up to so many elements; by default 3.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
)
def command(policy: Path, limit: float, elements: int | None, kind: str) -> int:
    """Look for facts for which POLICY clashes with itself, has no answer or breaks a promise.

    Cases that can never matter are told, too. Exit status: 0 nothing was found; 1 something was; 4 something could
    not be settled.
    """
    need_package("z3", "z3-solver", "prove", "`pol prove`")
    compiled, diagnostics = compile_file(policy)
    if compiled.program is None:
        return invalid(kind, diagnostics)
    say(diagnostics)
    from policy_lang.tools.prove.look import look  # the solver loads only when it is needed

    proved = look(compiled.program, limit=limit, elements=elements)
    if kind == "json":
        print_document(
            {
                "policy": compiled.program.name,
                "elements": proved.elements,
                "remarks": [_json(one) for one in proved.remarks],
            }
        )
    elif kind in FOR_FILES:
        from policy_lang.tools.prove.findings import findings  # as above

        print_findings(kind, findings(proved))
    else:
        click.echo(drawable(_text(proved)))
    kinds = {one.kind for one in proved.remarks}
    if kinds - {"not settled"}:
        return NO
    return UNDETERMINED if kinds else DONE


def _json(one: Remark) -> dict[str, object]:
    return {
        "kind": one.kind,
        "about": one.about,
        "when": one.when or None,
        "detail": list(one.detail),
        "facts": one.facts,
        "as_of": one.as_of.isoformat() if one.as_of is not None else None,
    }


def _text(proved: Proved) -> str:
    lines: list[str] = []
    for one in proved.remarks:
        lines.append(f"{one.about}: {one.kind}" + (f" when {one.when}" if one.when else ""))
        lines += [f"  {line}" for line in one.detail]
    if not proved.remarks:
        lines.append("no clash, no gap, no broken promise, and every case can matter")
    lines.append(
        f"gone through: {count(proved.outcomes, 'outcome')} for complete facts, "
        f"with lists of up to {count(proved.elements, 'element')}"
    )
    return "\n".join(lines)
