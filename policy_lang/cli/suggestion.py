"""`pol test --suggest`: scenarios for what no scenario tries yet, for the author to fill in."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from policy_lang.cli.group import DONE, INVALID, NO
from policy_lang.cli.output import (
    check_target,
    count,
    drawable,
    need_package,
    policy_files,
    print_document,
    say,
    write_whole,
)
from policy_lang.source.diagnostic import Diagnostic, in_reading_order

if TYPE_CHECKING:
    from policy_lang.program.core import Program
    from policy_lang.program.scenario import Scenario
    from policy_lang.source.text import SourceFile
    from policy_lang.tools.suggest.report import Gap, Suggestions
    from policy_lang.tools.suggest.slips import Telling


@frozen
class Asked:
    """What is asked for."""

    paths: tuple[Path, ...]
    kind: str
    budget: float
    out: Path | None
    slips: bool = False  # also for the slips that no scenario would notice
    seed: int = 1


@frozen(eq=False)
class _About:
    """One policy with the scenarios there are for it, and the files behind it."""

    program: Program
    scenarios: list[Scenario]
    sources: tuple[SourceFile, ...]


def run(asked: Asked) -> int:
    """Suggests scenarios for every policy in these files, and gives the exit status."""
    if asked.kind not in ("text", "json"):
        raise click.UsageError(f"`--suggest` prints text or JSON, not {asked.kind}")
    need_package("z3", "z3-solver", "`pol test --suggest`")
    check_target(asked.out)
    if asked.out is not None and asked.out.exists() and not _may_replace(asked.out):
        raise click.UsageError(f"`{asked.out}` is there already, and is not overwritten: name another file")
    from policy_lang.tools.suggest.report import (
        SlipsAsked,
        suggest,
    )  # the compiler and the solver load when this is asked for

    policies, problems = _policies(policy_files(asked.paths))
    said = in_reading_order(problems)
    say(said)
    if asked.out is not None and len(policies) > 1:
        raise click.UsageError(
            f"`--out` takes the scenarios of one policy, and these are {len(policies)}: name one of them"
        )
    progress = _Progress()
    found: list[Suggestions] = []
    for n, one in enumerate(policies):
        progress.policy = f"{one.program.name} ({n + 1} of {len(policies)})"
        found.append(
            suggest(
                one.program,
                one.scenarios,
                one.sources,
                budget=asked.budget,
                tick=progress.tick,
                slips=SlipsAsked(asked.seed, progress.tick_slips) if asked.slips else None,
            )
        )
    progress.clear()
    if asked.kind == "json":
        from policy_lang.source.render import to_json as diagnostics_to_json  # drawn only here

        print_document(
            {
                "budget": f"{asked.budget:g}",
                "problems": diagnostics_to_json(said),
                "policies": [_document(one) for one in found],
            }
        )
    elif not found:
        click.echo("no policy was looked at")
    else:
        click.echo("\n\n".join(drawable(_text(one, asked.out)) for one in found))
    if asked.out is not None and found and found[0].scenarios:
        head = f"scenarios for {found[0].policy}\n\n"
        write_whole(asked.out, (head + found[0].text).encode())
    if any(one.severity == "error" for one in said):
        return INVALID
    return DONE if found and not any(one.scenarios for one in found) else NO


def _may_replace(out: Path) -> bool:
    """Asks before a file is overwritten; where nobody can answer, it is not."""
    return sys.stdin.isatty() and click.confirm(f"`{out}` is there already. Overwrite it?", err=True)


def _policies(files: list[Path]) -> tuple[list[_About], list[Diagnostic]]:
    """Every policy among these files, or that scenarios in them are about; no vocabularies."""
    from policy_lang.meaning.load import Library  # as above
    from policy_lang.pipeline import compile_file

    library = Library()
    problems: list[Diagnostic] = []
    found: dict[Path, _About] = {}
    for path in files:
        compiled, said = compile_file(path, library)
        problems.extend(said)
        program = compiled.program
        if program is None or program.instruments[0].kind == "vocabulary":
            continue
        own = library.policy_of(path).resolve()
        about = found.setdefault(own, _About(program, [], compiled.sources))
        about.scenarios.extend(compiled.scenarios)
    return list(found.values()), problems


class _Progress:
    """A line on a terminal, on standard error; nothing elsewhere."""

    def __init__(self) -> None:
        self.policy = ""
        self._shows = sys.stderr.isatty()
        self._drawn = False

    def tick(self, done: int, total: int) -> None:
        """Draws how much of what was never tried has been looked into."""
        if self._shows:
            click.echo(f"\r\x1b[K{self.policy}: {done} of {total} gaps looked into", err=True, nl=False)
            self._drawn = True

    def tick_slips(self, what: str, done: int, total: int) -> None:
        """Draws how far the test with slips is."""
        if self._shows:
            words = {
                "run": "slips run",
                "search": "survivors looked into",
                "prove": "put to the solver",
            }[what]
            click.echo(f"\r\x1b[K{self.policy}: {done} of {total} {words}", err=True, nl=False)
            self._drawn = True

    def clear(self) -> None:
        """Takes the line away."""
        if self._drawn:
            click.echo("\r\x1b[K", err=True, nl=False)


# ---------------------------------------------------------------------------- for people and programs


def _text(one: Suggestions, out: Path | None) -> str:
    lines = list(_summary(one, out))
    remarks = "\n".join(f"# {line}".rstrip() for line in lines)
    if out is not None:
        return "\n".join(lines)
    return f"{one.text}\n{remarks}" if one.text else remarks


def _summary(one: Suggestions, out: Path | None) -> Iterator[str]:
    if not one.scenarios:
        ended = "" if one.finished else ", as far as the time went"
        yield f"{one.policy}: nothing is missing{ended}: the scenarios try {one.tried} of {one.to_try}"
    else:
        cases = f" with {count(one.cases, 'case')}" if one.cases > len(one.scenarios) else ""
        yield f"{one.policy}: {count(len(one.scenarios), 'scenario')}{cases} suggested, {count(one.answers, 'answer')} to fill in"
        yield f"tried now: {one.tried} of {one.to_try}; with the answers filled in: {one.then} of {one.to_try}"
        yield (
            "no fewer cases would try as much of what was found"
            if one.is_least
            else "there may be fewer cases that try as much"
        )
        yield "read the law for each answer, write it in place of the `?`, and run `pol test`"
        refused = sum(bool(each.refused) for each in one.scenarios)
        if refused:
            yield f"{count(refused, 'scenario')} with `expect bad facts`: read the law whether such facts can really not be"
        if out is not None:
            yield f"wrote {out}"
    if one.slips is not None:
        yield from _slips(one.slips)
    if one.left_out:
        yield "what has to be written by hand, with facts from a file:"
        yield from (f"  {each}" for each in one.left_out)
    if one.never:
        yield "what no facts can try, with lists of up to two elements:"
        yield from (_line(gap) for gap in one.never)
    if one.unsettled:
        more = "" if one.finished else " (the time was over; `--budget` gives more)"
        yield f"what is not settled{more}:"
        yield from (_line(gap) for gap in one.unsettled)


def _slips(told: Telling) -> Iterator[str]:
    """What was found of slips, in a sentence each."""
    noticed = f"{count(told.noticed, 'slip')} would be noticed with the answers filled in"
    if told.told_apart:
        cases = count(len(told.picked), "case")
        yield f"{noticed}; {told.told_apart} more through the {cases} whose names begin with what would be wrong"
    else:
        yield f"{noticed}, and no other was found to change an answer"
    if told.changing_nothing:
        yield f"{count(told.changing_nothing, 'slip')} more are shown to change no answer"
    if told.not_told_apart:
        yield f"{count(told.not_told_apart, 'slip')} more not told apart: no facts were found on which the answers differ"
    if told.not_tried:
        yield f"{count(told.not_tried, 'slip')} not tried: the time was over; `--budget` gives more"


def _line(gap: Gap) -> str:
    return f"  {gap.place}: {gap.words}"


def _document(one: Suggestions) -> dict[str, object]:
    return {
        "policy": one.policy,
        "text": one.text,
        "scenarios": [
            {
                "scenario": each.label,
                "outcomes": list(each.outcomes),
                "refused": each.refused or None,
                "assume": {name: value for name, value in each.assume if isinstance(value, bool)},
                "cases": [
                    {
                        "name": row.label,
                        "as_of": None if row.as_of is None else row.as_of.isoformat(),
                        "facts": dict(row.facts),
                        "notices": list(row.notices),
                    }
                    for row in each.rows
                ],
            }
            for each in one.scenarios
        ],
        "least": one.is_least,
        "finished": one.finished,
        "tried": one.tried,
        "tried_then": one.then,
        "to_try": one.to_try,
        "left_out": list(one.left_out),
        "never": [{"place": gap.place, "what": gap.words} for gap in one.never],
        "not_settled": [{"place": gap.place, "what": gap.words} for gap in one.unsettled],
        "slips": None if one.slips is None else _slips_document(one.slips),
    }


def _slips_document(told: Telling) -> dict[str, object]:
    return {
        "noticed": told.noticed,
        "noticed_by_more_cases": told.told_apart,
        "not_told_apart": told.not_told_apart,
        "changing_nothing": told.changing_nothing,
        "not_tried": told.not_tried,
    }
