"""Reports of scenarios as JUnit XML, which most places that run tests can show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.render import render_plain
from policy_lang.tools.run_files import CaseReport, FileReport

_FORBIDDEN = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""Characters that XML cannot hold at all."""


def to_junit(reports: Iterable[FileReport]) -> str:
    """The document: a suite for each file, a test case for each case, an error for a file that is invalid."""
    root = ET.Element("testsuites", name="pol test")
    totals = {"tests": 0, "failures": 0, "errors": 0}
    seconds = 0.0
    for report in reports:
        errors = [problem for problem in report.problems if problem.severity == "error"]
        if not report.cases and not errors:
            continue
        failed = sum(not case.passed for case in report.cases)
        counts = {"tests": len(report.cases) + bool(errors), "failures": failed, "errors": int(bool(errors))}
        took = sum(case.seconds for case in report.cases)
        about = {"name": _clean(str(report.path)), "skipped": "0", "time": f"{took:.3f}"}
        about.update({name: str(number) for name, number in counts.items()})
        suite = ET.SubElement(root, "testsuite", about)
        if errors:
            _add_error(suite, report, errors)
        for case in report.cases:
            _add_case(suite, report, case)
        totals = {name: total + counts[name] for name, total in totals.items()}
        seconds += took
    root.attrib.update({name: str(total) for name, total in totals.items()}, time=f"{seconds:.3f}")
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=False)


def _add_case(suite: ET.Element, report: FileReport, case: CaseReport) -> None:
    line, _ = case.span.file.position(case.span.start)
    element = ET.SubElement(
        suite,
        "testcase",
        name=_clean(case.label),
        classname=_clean(str(report.path)),
        file=_clean(case.span.file.name),
        line=str(line),
        time=f"{case.seconds:.3f}",
    )
    if case.failures:
        problems = case.diagnostics()
        failure = ET.SubElement(
            element,
            "failure",
            type="not-filled-in" if case.is_open else "scenario-failed",
            message=_clean("; ".join(f.words for f in case.failures)),
        )
        told = [one.explanation for one in case.failures if one.explanation]
        failure.text = _clean("\n".join([render_plain(problems), *told]))


def _add_error(suite: ET.Element, report: FileReport, errors: list[Diagnostic]) -> None:
    name = _clean(str(report.path))
    element = ET.SubElement(
        suite, "testcase", name="the file can be read", classname=name, file=name, time="0.000"
    )
    error = ET.SubElement(element, "error", type=errors[0].code.name, message=_clean(errors[0].message))
    error.text = _clean(render_plain(errors))


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
