"""`pol test --mutate`: which slips of a drafter the scenarios would not notice."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import frozen

from policy_lang.cli.group import DONE, INVALID, NO
from policy_lang.cli.output import count, drawable, policy_files, print_document, say
from policy_lang.source.diagnostic import Diagnostic, in_reading_order

if TYPE_CHECKING:
    from policy_lang.program.core import Program
    from policy_lang.program.scenario import Scenario
    from policy_lang.tools.mutate.report import MutationReport, Unnoticed


@frozen
class Asked:
    """What is asked of a test by mutation."""

    paths: tuple[Path, ...]
    kind: str
    budget: float
    seed: int
    fail_under: int | None
    verbose: bool


def run(asked: Asked) -> int:
    """Tests the scenarios of every policy in these files, and gives the exit status."""
    from policy_lang.tools.mutate.report import (
        put_to_test,
        to_json,
    )  # the compiler loads when its verb runs
    from policy_lang.tools.run_scenarios import run_scenario

    if asked.kind not in ("text", "json"):
        raise click.UsageError(f"`--mutate` prints text or JSON, not {asked.kind}")
    policies, problems = _policies(policy_files(asked.paths))
    said = in_reading_order(problems)
    say(said)
    tests: list[MutationReport] = []
    progress = _Progress()
    for n, (program, scenarios) in enumerate(policies):
        progress.policy = f"{program.name} ({n + 1} of {len(policies)})"
        tests.append(
            put_to_test(
                program, scenarios, run_scenario, budget=asked.budget, seed=asked.seed, tick=progress.tick
            )
        )
    progress.clear()
    if asked.kind == "json":
        from policy_lang.source.render import to_json as diagnostics_to_json  # drawn only here

        print_document(
            {
                "seed": asked.seed,
                "budget": f"{asked.budget:g}",
                "problems": diagnostics_to_json(said),
                "policies": [to_json(one) for one in tests],
            }
        )
    elif tests:
        click.echo("\n\n".join(drawable(_report(one, asked.verbose)) for one in tests))
    else:
        click.echo("no scenario ran")
    if any(one.severity == "error" for one in said):
        return INVALID
    return DONE if tests and all(_is_enough(one, asked.fail_under) for one in tests) else NO


def _is_enough(tested: MutationReport, fail_under: int | None) -> bool:
    noticed, known = tested.share
    return not tested.failing and noticed * 100 >= (100 if fail_under is None else fail_under) * known


def _policies(files: Sequence[Path]) -> tuple[list[tuple[Program, list[Scenario]]], list[Diagnostic]]:
    """Every policy that has scenarios in these files, with all of them."""
    from policy_lang.meaning.load import Library  # as above
    from policy_lang.pipeline import compile_file

    library = Library()
    problems: list[Diagnostic] = []
    found: dict[tuple[str, str], tuple[Program, list[Scenario]]] = {}
    for path in files:
        compiled, said = compile_file(path, library)
        problems.extend(said)
        program = compiled.program
        if program is not None and compiled.scenarios:
            where = program.outcomes[0].span.file.name if program.outcomes else ""
            found.setdefault((program.name, where), (program, []))[1].extend(compiled.scenarios)
    return list(found.values()), problems


class _Progress:
    """A bar on a terminal, on standard error; nothing elsewhere."""

    _WIDTH = 24

    def __init__(self) -> None:
        self.policy = ""
        self._shows = sys.stderr.isatty()
        self._drawn = ""

    def tick(self, what: str, done: int, total: int) -> None:
        if not self._shows:
            return
        filled = self._WIDTH * done // max(total, 1)
        words = {
            "run": "slips run",
            "search": "survivors looked into",
            "prove": "put to the solver",
        }[what]
        bar = f"{'#' * filled}{'.' * (self._WIDTH - filled)}"
        line = f"{self.policy} [{bar}] {done} of {total} {words}"
        if line != self._drawn:
            self._drawn = line
            click.echo(f"\r\x1b[K{line}", err=True, nl=False)

    def clear(self) -> None:
        if self._drawn:
            click.echo("\r\x1b[K", err=True, nl=False)


# ---------------------------------------------------------------------------- for people


def _report(tested: MutationReport, verbose: bool) -> str:
    lines: list[str] = []
    for group in _grouped([one for one in tested.unnoticed if not one.changes_nothing]):
        lines.extend((*_unnoticed(tested, group), ""))
    if verbose:
        lines.extend(f"changes no answer: {one.mutant.words}" for one in tested.changing_nothing)
        lines.extend(f"noticed: {one.words}: {label}" for one, label in tested.noticed)
    return "\n".join((*lines, *_summary(tested)))


def _grouped(unnoticed: Sequence[Unnoticed]) -> list[list[Unnoticed]]:
    """Words of one list that could be missing belong together; every other slip stands alone."""
    found: dict[object, list[Unnoticed]] = {}
    for one in unnoticed:
        _, missing, the_list = one.mutant.words.partition(" were missing from ")
        key = (missing, the_list, one.witness is None) if missing else one.mutant.number
        found.setdefault(key, []).append(one)
    return list(found.values())


def _unnoticed(tested: MutationReport, group: list[Unnoticed]) -> list[str]:
    from policy_lang.tools.mutate.report import answers, differs, sentence  # as above

    first = group[0]
    title = "NOT NOTICED" if first.witness is not None else "NOT TOLD APART"
    text = sentence(first.mutant)
    if len(group) > 1:
        words = [one.mutant.words.partition(" were missing from ")[0] for one in group]
        the_list = first.mutant.words.partition(" were missing from ")[2]
        text = f"if any of {', '.join(words)} were missing from {the_list}, no scenario would notice"
    span = first.mutant.span
    line, _ = span.file.position(span.start)
    lines = [f"{title}: {text}", f"  {span.place}", f"    {line} | {span.file.line(line).strip()}"]
    witness = first.witness
    if witness is None:
        reason = "" if first.finished else "; there was no time for the rest"
        lines.append(f"  {count(first.tried, 'case')} tried, and both answer alike{reason}")
        if first.proof is not None and first.proof.reason:
            lines.append(f"  not settled for all facts: {first.proof.reason}")
        return lines
    lines.append("  facts that tell the two apart:")
    if witness.case.like:
        lines.append(f"    those of “{witness.case.like}”")
    changes = differs(witness)
    joined = ("but ", "and ") if witness.case.like else ("", "")
    lines.extend(f"    {joined[n > 0]}{one}" for n, one in enumerate(changes))
    if not any(one.startswith("as of") for one in changes):
        lines.append(f"    as of {witness.case.as_of}")
    says, otherwise = answers(tested, witness)
    lines.append(f"  {witness.outcome}: {says}; with the slip: {otherwise}")
    return lines


def _shown(idle: Sequence[Unnoticed]) -> str:
    """For which facts that is shown, and what was only tried."""
    proofs = [one.proof for one in idle if one.proof is not None]
    elements = max((one.elements or 0 for one in proofs), default=0)
    events = max((one.events or 0 for one in proofs), default=0)
    limits = [f"lists of up to {count(elements, 'element')}"] if elements else []
    limits += [f"events of up to {count(events, 'date')}"] if events else []
    among = f" with {' and '.join(limits)}" if limits else ""
    only = [one for one in idle if one.proof is not None and not one.proof.missing]
    everywhere = f"shown for all facts{among}, also where some are left out"
    if not only:
        return everywhere
    tried = f"{count(sum(one.tried for one in only), 'case')} tried, some with facts left out, are alike"
    if len(only) == len(idle):
        return f"shown for all complete facts{among}; {tried}"
    return f"{everywhere}; {len(only)} of them only where all are given, and {tried}"


def _summary(tested: MutationReport) -> list[str]:
    noticed, known = tested.share
    percent = f" ({noticed * 100 // known} %)" if known else ""
    tried = count(tested.scenarios, "scenario")
    lines = [
        f"{tested.policy.name}: {tried} noticed {noticed} of {count(known, 'slip')} that change an answer{percent}"
    ]
    apart = tested.not_told_apart
    if apart:
        unfinished = sum(not one.finished for one in apart)
        more = f"; for {unfinished} of them the time was over" if unfinished else ""
        lines.append(
            f"  {len(apart)} more not told apart: no facts were found on which the answers differ, which proves nothing{more}"
        )
    idle = tested.changing_nothing
    if idle:
        lines.append(f"  {len(idle)} more change no answer: {_shown(idle)}")
    left_out = {
        "mean the same as the text": tested.same_as_text,
        "the same as another slip": tested.same_as_another,
        "would be refused by `pol check`": tested.refused,
    }
    if any(left_out.values()):
        said = ", ".join(f"{number} {what}" for what, number in left_out.items() if number)
        lines.append(f"  {sum(left_out.values())} left aside: {said}")
    if tested.not_tried:
        lines.append(f"  {tested.not_tried} not tried: the time was over; `--budget` gives more")
    if tested.failing:
        labels = ", ".join(f"“{one.label}”" for one in tested.failing[:3])
        lines.append(
            f"  {count(len(tested.failing), 'scenario')} left out because of failing already: {labels}"
        )
    return lines
