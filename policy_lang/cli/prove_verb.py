"""`pol prove`: clashes, gaps, broken promises and properties, and cases that never matter, for all facts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy_lang.cli.group import DONE, INVALID, NO, UNDETERMINED
from policy_lang.cli.output import (
    FOR_FILES,
    count,
    drawable,
    invalid,
    need_package,
    policy_files,
    print_document,
    print_findings,
    say,
    write_whole,
)
from policy_lang.cli.solver_options import elements_option, limit_option
from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.program.given_lines import CannotBeGiven, given_lines
from policy_lang.source.diagnostic import has_errors

if TYPE_CHECKING:
    from policy_lang.program.core import Program
    from policy_lang.source.diagnostic import Diagnostic
    from policy_lang.tools.prove.remarks import Proved, Remark


@click.command("prove")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path), metavar="PATH..."
)
@limit_option(5.0, "How long to look at one question.")
@elements_option(
    "Go through lists of up to so many elements; by default 3, or fewer where the time is short."
)
@click.option(
    "--save",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Add every example as a failing scenario to this file, or to the files of scenarios in this folder.",
)
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "json", "github", "sarif"]),
    default="text",
    show_default=True,
)
def command(paths: tuple[Path, ...], limit: float, elements: int | None, save: Path | None, kind: str) -> int:
    """Look for facts for which a policy clashes with itself, has no answer, or breaks a promise or a property.

    Cases that can never matter and gaps in time are told, too. A folder means every policy in it; the properties in
    NAME.scenarios.pol belong to NAME.pol. Exit status: 0 nothing was found; 1 something was; 3 a policy has mistakes;
    4 something could not be settled.
    """
    need_package("z3", "z3-solver", "`pol prove`")
    compiled, diagnostics = _compiled(policy_files(paths), frozenset(one for one in paths if one.is_file()))
    if has_errors(diagnostics):
        return invalid(kind, diagnostics)
    say(diagnostics)
    if save is not None and not save.is_dir() and len(compiled) > 1:
        raise click.UsageError("`--save FILE` is for one policy; name a folder for several")
    from policy_lang.tools.prove.look import look  # the solver loads only when it is needed

    proved: list[Proved] = []
    for number, (_, program) in enumerate(compiled):
        proved.append(look(program, limit=limit, elements=elements))
        if kind == "text":  # each as soon as it is there: a folder may take minutes
            click.echo(drawable(("\n" if number else "") + _text(program, proved[-1])))
    _print(kind, proved)
    if not compiled:
        click.echo("no policies found: nothing was proved", err=True)
        return NO
    if save is not None:
        status = _save(save, [program for _, program in compiled], proved)
        if status != DONE:
            return status
    if any(one.is_broken for one in proved):
        return NO
    return UNDETERMINED if any(one.remarks for one in proved) else DONE


def _compiled(
    files: Sequence[Path], named: frozenset[Path]
) -> tuple[list[tuple[Path, Program]], list[Diagnostic]]:
    """Every policy that is meant, with the properties stated beside it; vocabularies only where they are named."""
    library = Library()
    found: dict[Path, tuple[Path, Program]] = {}
    problems: dict[Diagnostic, None] = {}
    for path in files:
        policy = library.policy_of(path)
        beside = policy.with_name(f"{policy.stem}.scenarios.pol")
        if policy.resolve() in found:
            continue
        is_other = path in named and path != policy  # a file of scenarios, or an amendment that is tried
        compiled, said = compile_file(path if is_other else beside if beside.is_file() else policy, library)
        problems.update(dict.fromkeys(said))
        program = compiled.program
        if program is None:
            continue
        if program.instruments[0].kind != "vocabulary" or path in named:
            found[policy.resolve()] = (policy, program)
    return list(found.values()), list(problems)


# ------------------------------------------------------------------------------------------ what is printed


def _print(kind: str, proved: Sequence[Proved]) -> None:
    if kind == "json":
        print_document({"policies": [_json(one) for one in proved]})
    elif kind in FOR_FILES:
        from policy_lang.tools.prove.findings import findings  # the solver is loaded

        print_findings(kind, tuple(found for one in proved for found in findings(one)))
    elif len(proved) > 1:
        click.echo(drawable("\n" + _summary(proved)))


def _json(proved: Proved) -> dict[str, object]:
    return {
        "policy": proved.policy,
        "elements": proved.elements,
        "outcomes": proved.outcomes,
        "promises": proved.promises,
        "properties": [{"name": name, "elements": size} for name, size in proved.properties],
        "shorter": [{"about": name, "elements": size} for name, size in proved.shorter],
        "allowed": [{"about": name, "kind": kind} for name, kind in proved.allowed],
        "remarks": [_remark(one) for one in proved.remarks],
    }


def _remark(one: Remark) -> dict[str, object]:
    line, column = one.span.file.position(one.span.start) if one.span.file.name else (None, None)
    return {
        "kind": one.kind,
        "about": one.about,
        "when": one.when or None,
        "detail": list(one.detail),
        "facts": one.facts,
        "as_of": one.as_of.isoformat() if one.as_of is not None else None,
        "compared_with": one.other,
        "outcome": one.outcome or None,
        "property": one.stated or None,
        "file": one.span.file.name or None,
        "line": line,
        "column": column,
    }


def _text(program: Program, proved: Proved) -> str:
    lines: list[str] = []
    for one in proved.remarks:
        lines.append(f"{one.about}: {one.kind}" + (f" when {one.when}" if one.when else ""))
        lines += [f"  {line}" for line in one.detail]
        lines += _example(program, one)
    gone = f"{count(proved.outcomes, 'outcome')}"
    if proved.promises:
        gone += f", {count(proved.promises, 'promise')}"
    if not proved.is_broken:
        lines.append(f"{proved.policy}: no clash, no gap, no broken promise, and every case can matter")
    lines += [
        f'  proved: "{name}"' + ("" if size == proved.elements else f" (for {_lists(size)})")
        for name, size in proved.properties
    ]
    lines.append(f"gone through: {gone} for complete facts, with {_lists(proved.elements)}")
    if proved.allowed:
        lines.append(
            f"  allowed at the place: {', '.join(f'{name} ({kind})' for name, kind in proved.allowed)}"
        )
    named = {f'"{name}"' for name, _ in proved.properties}
    shorter = [f"{name} ({_lists(size)})" for name, size in proved.shorter if name not in named]
    if shorter:
        lines.append(f"  in the time given, with shorter lists only: {', '.join(shorter)}")
    return "\n".join(lines)


def _lists(size: int) -> str:
    return f"lists of up to {count(size, 'element')}"


def _example(program: Program, one: Remark) -> list[str]:
    """The facts of an example, as a scenario would give them."""
    if one.facts is None or one.as_of is None:
        return []
    lines = [f"  for example as of {one.as_of}:"]
    try:
        lines += [f"    {line[4:]}" for line in given_lines(program, one.facts)]
        if one.other is not None:
            lines.append("  compared with:")
            lines += [f"    {line[4:]}" for line in given_lines(program, one.other)]
    except CannotBeGiven:
        import json  # such facts are rare

        lines.append(f"    {json.dumps(one.facts)}")
    return lines


def _summary(proved: Sequence[Proved]) -> str:
    holding = sum(1 for one in proved if not one.remarks)
    stated = sum(one.stated for one in proved)
    kept = sum(len(one.properties) for one in proved)
    found = sum(1 for one in proved for remark in one.remarks if remark.kind != "not settled")
    open_ = sum(1 for one in proved for remark in one.remarks if remark.kind == "not settled")
    parts = ["everything holds"] if holding == len(proved) else []
    parts += [f"{found} found"] if found else []
    parts += [f"{open_} not settled"] if open_ else []
    said = f"{len(proved)} policies: {', '.join(parts)}"
    return f"{said}; {kept} of {count(stated, 'property').replace('propertys', 'properties')} proved"


# ------------------------------------------------------------------------------------------ what is saved


def _save(to: Path, programs: Sequence[Program], proved: Sequence[Proved]) -> int:
    """Writes the failing scenarios, all files or none of them."""
    from policy_lang.tools.prove.save import with_counterexamples  # only a saved example needs it

    writing: list[tuple[Path, str, tuple[str, ...]]] = []
    for program, one in zip(programs, proved, strict=True):
        path = to / f"{program.name}.scenarios.pol" if to.is_dir() else to
        if to.is_dir() and path.resolve().parent != to.resolve():
            raise click.UsageError(f"`--save {to}`: {path.name} in it is a link that leads elsewhere")
        try:
            before = path.read_text("utf-8") if path.exists() else None
        except (OSError, UnicodeDecodeError):
            raise click.UsageError(f"`--save {path}`: this file cannot be read") from None
        saved = with_counterexamples(program, one.remarks, path, before)
        for words in saved.left_out:
            click.echo(f"not saved: {words}", err=True)
        if saved.problems:
            say(saved.problems)
            click.echo(f"nothing was written: the scenarios cannot stand in {path}", err=True)
            return INVALID
        if saved.labels:
            writing.append((path, saved.text, saved.labels))
    for path, text, labels in writing:
        write_whole(path, text.encode("utf-8"))
        click.echo(f"{count(len(labels), 'scenario')} added to {path}", err=True)
    return DONE
