"""How `pol test` shows what it ran: for people, as a document, and for those who show tests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from policy_lang.cli.output import count, drawable
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.finding import Finding, Kind, from_diagnostics
from policy_lang.source.render import render_people, to_json
from policy_lang.tools.run_files import SCENARIO_FAILED, CaseReport, Failure, FileReport

_FAILED = Kind(SCENARIO_FAILED.name, title="A scenario is not answered as it expects")


def as_text(
    reports: Sequence[FileReport], *, verbose: bool, nothing: str, stopped: bool, colour: bool = False
) -> str:
    """Each failure with its place, both sides and the way to what was got; then how many there were."""
    cases = [case for report in reports for case in report.cases]
    lines: list[str] = []
    for case in cases:
        if not case.passed:
            lines += [failed(case, colour=colour), ""]
        elif verbose:
            lines.append(drawable(f"passed: {case.label}"))
    return "\n".join([*lines, _verdict(cases, nothing, stopped)])


def _verdict(cases: Sequence[CaseReport], nothing: str, stopped: bool) -> str:
    if not cases:
        return nothing
    waiting = sum(case.is_open for case in cases)
    failures = sum(not case.passed for case in cases) - waiting
    scenarios = len({(case.span.file.name, case.group) for case in cases})
    total = count(scenarios, "scenario") + (
        f", {count(len(cases), 'case')}" if len(cases) > scenarios else ""
    )
    if not failures and not waiting:
        return f"{total}: all passed"
    ended = "; stopped at the first failure" if stopped else ""
    parts = [f"{len(cases) - failures - waiting} passed"]
    parts += [f"{failures} failed"] if failures else []
    parts += [f"{waiting} not filled in"] if waiting else []
    return f"{total}: {', '.join(parts)}{ended}"


def failed(case: CaseReport, *, colour: bool = False) -> str:
    """A case that failed, as people see it: each place once, with all that was missed there."""
    title = "NOT FILLED IN" if case.is_open else "FAILED"
    lines = [drawable(f"{title}: {case.label}"), f"  as of {case.as_of}"]
    places: dict[tuple[int, int], list[Failure]] = {}
    for failure in case.failures:
        places.setdefault((failure.span.start, failure.span.end), []).append(failure)
    for failures in places.values():
        lines.append(_drawn(failures, colour))
        for failure in failures:
            if failure.explanation:
                told = drawable(failure.explanation).splitlines()
                lines += ["", *(f"  {line}".rstrip() for line in told), ""]
    return "\n".join(lines).rstrip("\n")


def _drawn(failures: Sequence[Failure], colour: bool) -> str:
    """The line of the file with what was expected marked, without a headline of its own."""
    said = "; ".join(failure.words for failure in failures)
    problem = SCENARIO_FAILED.at(failures[0].span, "", label=said)
    return render_people([problem], colour=colour).partition("\n")[2].rstrip("\n")


def findings(problems: Iterable[Diagnostic], reports: Iterable[FileReport]) -> tuple[Finding, ...]:
    """The problems of the files, then every failure with the way to what came."""
    return (
        *from_diagnostics(problems),
        *(
            Finding(_FAILED, problem.span, problem.message, more=tuple(failure.explanation.splitlines()))
            for report in reports
            for case in report.cases
            for problem, failure in zip(case.diagnostics(), case.failures, strict=True)
        ),
    )


def as_json(
    files: Sequence[Path], problems: Iterable[Diagnostic], reports: Sequence[FileReport]
) -> dict[str, object]:
    """The document: the files, their problems, and every case."""
    cases = [case for report in reports for case in report.cases]
    return {
        "files": [str(path) for path in files],
        "problems": to_json(tuple(problems)),
        "passed": sum(case.passed for case in cases),
        "failed": sum(not case.passed for case in cases),
        "not_filled_in": sum(case.is_open for case in cases),
        "scenarios": [_case_json(case) for case in cases],
    }


def _case_json(case: CaseReport) -> dict[str, object]:
    about_facts = [failure for failure in case.failures if failure.outcome is None]
    return {
        "scenario": case.group,
        "case": case.case,
        "name": case.label,
        "place": case.span.place,
        "as_of": case.as_of.isoformat(),
        "passed": case.passed,
        "refused": [
            {"place": place, "message": message}
            for failure in about_facts
            for place, _, message in (line.partition(": ") for line in failure.explanation.splitlines())
        ],
        "misses": [
            {
                "outcome": failure.outcome,
                "place": failure.span.place,
                "expected": failure.expected,
                "got": failure.got,
                "explanation": failure.explanation,
            }
            for failure in case.failures
        ],
    }


def json_text(document: object) -> str:
    """A document as text."""
    return json.dumps(document, indent=2, ensure_ascii=True)
