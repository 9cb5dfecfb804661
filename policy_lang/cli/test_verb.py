"""`pol test`: run scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from policy_lang.cli.group import DONE, INVALID, NO
from policy_lang.cli.output import count, drawable, policy_files, print_document, say
from policy_lang.source.diagnostic import Diagnostic, in_reading_order

if TYPE_CHECKING:
    from policy_lang.tools.run_scenarios import Result


@click.command("test")
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How results are printed.",
)
@click.option("-v", "--verbose", is_flag=True, help="Name the scenarios that passed, too.")
def command(paths: tuple[Path, ...], kind: str, verbose: bool) -> int:
    """Run the scenarios in these files and folders (by default: the folder `policies`)."""
    from policy_lang.meaning.load import Library  # the compiler loads when its verb runs
    from policy_lang.pipeline import compile_file
    from policy_lang.policy import Policy
    from policy_lang.tools.run_scenarios import run_scenario

    files = policy_files(paths or (Path("policies"),))
    library = Library()
    problems: list[Diagnostic] = []
    results: list[Result] = []
    for path in files:
        compiled, found = compile_file(path, library)
        problems.extend(found)
        if compiled.program is not None and compiled.scenarios:
            policy = Policy(compiled.program)
            results.extend(run_scenario(policy, scenario) for scenario in compiled.scenarios)
    said = in_reading_order(problems)
    say(said)
    if kind == "json":
        print_document(_document(files, said, results))
    else:
        _print(results, verbose)
    if any(p.severity == "error" for p in said):
        return INVALID
    return DONE if results and all(result.passed for result in results) else NO


def _print(results: list[Result], verbose: bool) -> None:
    for result in results:
        if not result.passed:
            click.echo(drawable(_failure(result)))
            click.echo()
        elif verbose:
            click.echo(drawable(f"passed: {result.scenario.label}"))
    failed = sum(1 for result in results if not result.passed)
    if not results:
        click.echo("no scenario ran")
    elif failed:
        click.echo(f"{count(len(results), 'scenario')}: {len(results) - failed} passed, {failed} failed")
    else:
        click.echo(f"{count(len(results), 'scenario')}: all passed")


def _failure(result: Result) -> str:
    from policy_lang.tools.explain import explain  # only a failure needs it

    scenario = result.scenario
    lines = [f"FAILED: {scenario.label}", f"  {scenario.span.place}, as of {scenario.as_of}"]
    lines.extend(f"  these facts are refused: {p.place}: {p.message}" for p in result.refused)
    if result.accepted:
        lines.append("  expected the facts to be refused, but they are accepted")
    explained: set[str] = set()
    for miss in result.misses:
        name = miss.expectation.outcome
        lines.append(f"  {miss.expectation.span.place}: {name}")
        lines.append(f"    expected: {miss.expected}")
        lines.append(f"    got:      {miss.got}")
        if name not in explained and result.decision is not None:
            explained.add(name)
            lines.extend(f"      {line}" for line in explain(result.decision, name).splitlines())
    return "\n".join(lines)


def _document(
    files: list[Path], problems: tuple[Diagnostic, ...], results: list[Result]
) -> dict[str, object]:
    from policy_lang.source.render import to_json  # drawn only here

    return {
        "files": [str(path) for path in files],
        "problems": to_json(problems),
        "passed": sum(1 for result in results if result.passed),
        "failed": sum(1 for result in results if not result.passed),
        "scenarios": [
            {
                "scenario": result.scenario.label,
                "place": result.scenario.span.place,
                "as_of": result.scenario.as_of.isoformat(),
                "passed": result.passed,
                "refused": [{"place": p.place, "message": p.message} for p in result.refused],
                "misses": [
                    {
                        "outcome": miss.expectation.outcome,
                        "place": miss.expectation.span.place,
                        "expected": miss.expected,
                        "got": miss.got,
                    }
                    for miss in result.misses
                ],
            }
            for result in results
        ],
    }
