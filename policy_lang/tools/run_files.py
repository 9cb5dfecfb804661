"""Runs the scenarios of files: plain reports of what was run and what went wrong, which any printer can use.

A report holds no policy and no decision, so that it can be sent from one process to another.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeAlias

from attrs import frozen

from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.policy import Decision, Policy
from policy_lang.program.scenario import NOT_FILLED_IN, Scenario
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.text import Span
from policy_lang.tools.run_scenarios import Result, run_scenario

Explain: TypeAlias = Callable[[Decision, str], str]
"""Gives the whole way to the outcome of this name."""

SCENARIO_FAILED = Code("scenario-failed", "")
"""What a failure is called where it is shown like a problem of the file."""


@frozen
class Failure:
    """One thing that was not as expected, with its place, and why it came out as it did.

    `outcome` is None for what is about the facts. Only the first failure of an outcome explains it; what is not
    filled in is not explained, as the answer has to come from the law and not from the policy.
    """

    span: Span
    outcome: str | None
    expected: str
    got: str
    explanation: str = ""

    @property
    def is_open(self) -> bool:
        """Whether nothing is expected yet: the answer is still to be filled in."""
        return self.expected == NOT_FILLED_IN

    @property
    def words(self) -> str:
        """Both sides in one sentence."""
        if self.is_open:
            return f"not filled in: got {self.got}"
        return f"expected {self.expected}, got {self.got}"


@frozen
class CaseReport:
    """One case that ran; `seconds` is how long it took."""

    label: str
    group: str
    case: str
    span: Span
    as_of: datetime.date
    failures: tuple[Failure, ...]
    seconds: float

    @property
    def passed(self) -> bool:
        return not self.failures

    @property
    def is_open(self) -> bool:
        """Whether it fails for nothing but answers that are still to be filled in."""
        return bool(self.failures) and all(failure.is_open for failure in self.failures)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The failures as problems of the file, for whatever shows these."""
        return tuple(
            SCENARIO_FAILED.at(failure.span, f"{self.label}: {_about(failure)}", label=failure.words)
            for failure in self.failures
        )


@frozen
class FileReport:
    """One file that was asked for: its problems, the cases that ran, and every file that mattered."""

    path: Path
    problems: tuple[Diagnostic, ...]
    cases: tuple[CaseReport, ...]
    files: tuple[Path, ...]

    @property
    def is_invalid(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)


def run_file(
    path: Path, library: Library, explain: Explain, *, only: str = "", fail_fast: bool = False
) -> FileReport:
    """Runs the cases in a file whose names contain `only`, whatever the capitals; to the first failure with `fail_fast`.

    A library shared between calls reads each file once.
    """
    compiled, problems = compile_file(path, library)
    files = tuple(Path(source.name) for source in (*compiled.sources, *compiled.facts_files))
    cases: list[CaseReport] = []
    if compiled.program is not None and compiled.scenarios:
        policy = Policy(compiled.program)
        for case in run_cases(policy, chosen(compiled.scenarios, only), explain):
            cases.append(case)
            if fail_fast and not case.passed:
                break
    return FileReport(path, problems, tuple(cases), files)


def chosen(scenarios: tuple[Scenario, ...], only: str) -> tuple[Scenario, ...]:
    """The cases whose names contain this text."""
    text = only.casefold()
    return tuple(one for one in scenarios if text in one.label.casefold()) if text else scenarios


def run_cases(policy: Policy, scenarios: tuple[Scenario, ...], explain: Explain) -> Iterator[CaseReport]:
    """Runs these cases, each when it is asked for."""
    for scenario in scenarios:
        start = time.perf_counter()
        result = run_scenario(policy, scenario)
        failures = () if result.passed else tuple(_failures(result, explain))
        yield CaseReport(
            scenario.label,
            scenario.group or scenario.label,
            scenario.case,
            scenario.span,
            scenario.as_of,
            failures,
            time.perf_counter() - start,
        )


def _failures(result: Result, explain: Explain) -> Iterator[Failure]:
    scenario = result.scenario
    expected = "facts that fit"
    if scenario.bad_facts:
        expected = f"refused facts ({scenario.bad_code})" if scenario.bad_code else "refused facts"
    if result.accepted:
        yield Failure(scenario.span, None, expected, "facts that fit")
    if result.refused:
        codes = ", ".join(dict.fromkeys(problem.code for problem in result.refused))
        lines = [f"{problem.place}: {problem.message}" for problem in result.refused]
        yield Failure(scenario.span, None, expected, f"refused facts ({codes})", "\n".join(lines))
    for unkept in result.unkept:
        holding = f'the property "{unkept.expected.label}" to hold'
        yield Failure(unkept.expected.span, None, holding, unkept.got)
    explained: set[tuple[str, int]] = set()
    for miss in result.misses:
        name = miss.expectation.outcome
        key = (name, id(miss.decision))
        is_told = key in explained or miss.expected == NOT_FILLED_IN
        told = "" if is_told else explain(miss.decision, name)
        if miss.expected != NOT_FILLED_IN:
            explained.add(key)
        yield Failure(miss.expectation.span, name, miss.expected, miss.got, told)


def _about(failure: Failure) -> str:
    return failure.words if failure.outcome is None else f"`{failure.outcome}`: {failure.words}"
