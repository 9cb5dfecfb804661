"""`pol test`: what runs, what is said of it, and to whom."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import junitparser
import pytest

from tests.cli.conftest import ROOT, SMALL, Pol

DONE, NO, WRONG_USE, INVALID = range(4)

SCENARIOS = """\
scenarios for small

scenario "Prices"
    as of 2024-06-30
    given sale
        late no
    case         | sale.price | expect dear
        "low"    | 5 USD      | no
        "higher" | 5.01 USD   | {higher}
        "50 %"   | 6 USD      | yes

scenario "Late <sales> & others, 100 %"
    as of 2024-06-30, 2025-06-30
    given sale
        price 1 USD
        late  yes
    expect dear yes, assumes late_counts
    expect dear no, assuming late_counts is no

scenario "Below zero"
    as of 2024-06-30
    given sale
        price -1 USD
    expect bad facts {reason}
"""


def write(folder: Path, name: str = "small", higher: str = "yes", reason: str = "out-of-bounds") -> Path:
    (folder / f"{name}.pol").write_text(SMALL.replace("law small", f"law {name}"), encoding="utf-8")
    path = folder / f"{name}.scenarios.pol"
    text = SCENARIOS.replace("for small", f"for {name}").format(higher=higher, reason=reason)
    path.write_text(text, encoding="utf-8")
    return path


def test_each_row_and_each_date_is_counted_and_named(pol: Pol, tmp_path: Path) -> None:
    ran = pol("test", tmp_path / write(tmp_path), "-v")
    assert ran.status == DONE
    assert ran.out.splitlines() == [
        "passed: Prices: low",
        "passed: Prices: higher",
        "passed: Prices: 50 %",
        "passed: Late <sales> & others, 100 %: as of 2024-06-30",
        "passed: Late <sales> & others, 100 %: as of 2025-06-30",
        "passed: Below zero",
        "3 scenarios, 6 cases: all passed",
    ]


@pytest.mark.parametrize("wrong", [None, 0, 49])
def test_a_table_of_fifty_rows_is_fifty_cases(pol: Pol, tmp_path: Path, wrong: int | None) -> None:
    path = write(tmp_path)
    rows = [
        f'        "row {n}" | {n} USD | {"yes" if (n > 5) != (n == wrong) else "no"}\n'  # dear: over 5 USD
        for n in range(50)
    ]
    head = 'scenario "Fifty"\n    as of 2024-06-30\n    given sale\n        late no\n'
    head += "    case | sale.price | expect dear\n"
    path.write_text(f"scenarios for small\n\n{head}{''.join(rows)}", encoding="utf-8")
    ran = pol("test", path, "-v")
    document = pol("test", path, "--format", "json").json
    if wrong is None:
        assert ran.out.endswith("1 scenario, 50 cases: all passed\n")
        assert [line for line in ran.out.splitlines() if line.startswith("passed: ")] == [
            f"passed: Fifty: row {n}" for n in range(50)
        ]
    else:
        assert ran.status == NO
        assert f"FAILED: Fifty: row {wrong}\n" in ran.out
        assert ran.out.endswith("1 scenario, 50 cases: 49 passed, 1 failed\n")
    assert document["passed"] + document["failed"] == 50


def test_a_failure_marks_its_cell_and_tells_the_whole_way(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path, higher="no")
    ran = pol("test", path)
    assert ran.status == NO
    assert "FAILED: Prices: higher\n  as of 2024-06-30\n" in ran.out
    assert f"{path}:9:33" in ran.out
    assert "^^ expected no, got yes\n" in ran.out
    explained = pol("eval", tmp_path / "small.pol", "--as-of", "2024-06-30", "--set", "sale.price=5.01",
                    "--set", "sale.late=no", "--outcome", "dear", "--explain")  # fmt: skip
    way = explained.out.partition("\n\n")[2].strip()
    assert way.startswith("dear: yes")
    assert "\n".join(f"  {line}".rstrip() for line in way.splitlines()) in ran.out
    assert ran.out.endswith("3 scenarios, 6 cases: 5 passed, 1 failed\n")


def test_facts_refused_for_another_reason(pol: Pol, tmp_path: Path) -> None:
    ran = pol("test", write(tmp_path, reason="check-failed"))
    assert ran.status == NO
    assert "expected refused facts (check-failed), got refused facts (out-of-bounds)" in ran.out
    assert "sale.price: " in ran.out


def test_some_of_them(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path, higher="no")
    ran = pol("test", path, "-k", "LATE <")
    assert (ran.status, ran.out) == (DONE, "1 scenario, 2 cases: all passed\n")
    ran = pol("test", path, "-k", "nothing of this name")
    assert (ran.status, ran.out) == (NO, "no scenario ran: no name contains `nothing of this name`\n")


def test_nothing_ran(pol: Pol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    assert pol("test", empty).status == NO
    monkeypatch.chdir(empty)
    ran = pol("test")
    assert ran.status == NO
    assert "no folder `policies`" in ran.err


def test_stops_at_the_first_failure(pol: Pol, tmp_path: Path) -> None:
    write(tmp_path, "a", higher="no")
    write(tmp_path, "b", higher="no")
    ran = pol("test", tmp_path, "--fail-fast")
    assert ran.status == NO
    assert ran.out.count("FAILED") == 1
    assert ran.out.endswith("1 scenario, 2 cases: 1 passed, 1 failed; stopped at the first failure\n")
    document = pol("test", tmp_path, "--fail-fast", "--format", "json").json
    assert (document["passed"], document["failed"]) == (1, 1)


def test_an_invalid_file_is_3_and_the_others_run_all_the_same(pol: Pol, tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "wrong.pol").write_text("law wrong\n\nrule r : number\n    nothing\n", encoding="utf-8")
    ran = pol("test", tmp_path)
    assert ran.status == INVALID
    assert "unknown-name" in ran.err
    assert ran.out == "3 scenarios, 6 cases: all passed\n"


def test_renaming_a_subject_or_an_outcome_is_an_error(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path)
    policy = tmp_path / "small.pol"
    for old, new, code in (
        ("record sale", "record sold", "unknown-name"),
        ("rule dear", "rule dearer", "unknown-outcome"),
    ):
        text = SMALL.replace(old, new)
        policy.write_text(text.replace("for sale", "for sold") if "sold" in new else text, encoding="utf-8")
        ran = pol("test", path)
        assert ran.status == INVALID
        assert code in ran.err
        assert ran.out == "no scenario ran\n"


def test_more_processes_say_the_same(spawn: Pol, tmp_path: Path) -> None:
    for name in "abc":
        write(tmp_path, name, higher="no" if name == "b" else "yes")
    one = spawn("test", tmp_path, "-v", "--jobs", "1")
    assert spawn("test", tmp_path, "-v", "--jobs", "3") == one
    assert one.status == NO
    assert one.out.endswith("9 scenarios, 18 cases: 17 passed, 1 failed\n")
    assert "\r" not in one.err  # progress is for terminals


def test_the_document(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path, higher="no", reason="check-failed")
    document = pol("test", path, "--format", "json").json
    assert (document["passed"], document["failed"], document["problems"]) == (4, 2, [])
    row = document["scenarios"][1]
    assert (row["scenario"], row["case"], row["name"]) == ("Prices", "higher", "Prices: higher")
    assert row["place"] == f"{path}:9:9"
    assert row["refused"] == []
    [miss] = row["misses"]
    assert miss.pop("explanation").startswith("dear: yes")
    assert miss == {"outcome": "dear", "place": f"{path}:9:33", "expected": "no", "got": "yes"}
    refused = document["scenarios"][-1]
    assert refused["refused"][0]["place"] == "sale.price"
    assert refused["misses"][0]["outcome"] is None


OPEN = """\
scenarios for small

scenario "Prices"
    as of 2024-06-30
    given sale
        late no
    case      | sale.price | expect dear
        "low" | 5 USD      | no
        "?"   | 5.01 USD   | ?

scenario "Both"
    as of 2024-06-30
    given sale
        price 1 USD
        late  yes
    expect dear no
    expect dear ?, assuming late_counts is no

scenario "Too little is known"
    as of 2024-06-30
    given sale
        price 1 USD
    expect dear ?
"""


def test_what_is_not_filled_in_is_kept_and_never_passes(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(OPEN, encoding="utf-8")
    assert pol("fmt", "--check", path).status == DONE
    ran = pol("test", path)
    assert ran.status == NO
    assert "NOT FILLED IN: Prices: ?\n" in ran.out
    assert "^ not filled in: got yes\n" in ran.out
    assert "FAILED: Both\n" in ran.out  # one answer is wrong, the other is missing
    assert "not filled in: got no\n" in ran.out
    assert "not filled in: got undetermined, needs sale.late\n" in ran.out
    assert ran.out.endswith("3 scenarios, 4 cases: 1 passed, 1 failed, 2 not filled in\n")
    document = pol("test", path, "--format", "json").json
    assert (document["passed"], document["failed"], document["not_filled_in"]) == (1, 3, 2)
    [miss] = document["scenarios"][1]["misses"]
    assert miss == {
        "outcome": "dear",
        "place": f"{path}:9:30",
        "expected": "?",
        "got": "yes",
        "explanation": "",  # the answer has to come from the law
    }
    suites = junitparser.JUnitXml.fromstring(pol("test", path, "--format", "junit").out.encode())
    failures = [(case.name, case.result[0].type) for suite in suites for case in suite if case.result]
    assert failures == [
        ("Prices: ?", "not-filled-in"),
        ("Both", "scenario-failed"),
        ("Too little is known", "not-filled-in"),
    ]
    assert "::error" in pol("test", path, "--format", "github").out


def test_a_question_mark_is_no_fact(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(OPEN.replace("| 5 USD      | no", "| ?          | no"), encoding="utf-8")
    ran = pol("test", path)
    assert ran.status == INVALID
    assert "`?` is no value of a fact" in ran.err


def test_junit_is_read_back(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path, higher="no")
    (tmp_path / "wrong.pol").write_text("law wrong\n\nrule r : number\n    nothing\n", encoding="utf-8")
    out = tmp_path / "results.xml"
    ran = pol("test", tmp_path, "--format", "junit", "--out", out)
    assert ran.status == INVALID
    assert "FAILED: Prices: higher" in ran.out  # people see it all the same
    read = junitparser.JUnitXml.fromfile(str(out))
    assert (read.tests, read.failures, read.errors) == (7, 1, 1)
    suites = {suite.name: suite for suite in read}
    cases = list(suites[str(path)])
    assert [case.name for case in cases][3] == "Late <sales> & others, 100 %: as of 2024-06-30"
    [failure] = cases[1].result
    assert failure.message == "expected no, got yes"
    assert "dear: yes" in failure.text
    assert (cases[1]._elem.get("file"), cases[1]._elem.get("line")) == (str(path), "9")
    [broken] = suites[str(tmp_path / "wrong.pol")]
    assert isinstance(broken.result[0], junitparser.Error)
    printed = junitparser.JUnitXml.fromstring(pol("test", path, "--format", "junit").out.encode())
    assert printed.tests == 6


def test_junit_holds_only_what_xml_can(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path)
    text = path.read_text(encoding="utf-8").replace('"low"', '"low \ufffe \U0001f600 ]]> \u202e"')
    path.write_text(text, encoding="utf-8")
    out = tmp_path / "results.xml"
    assert pol("test", path, "--format", "junit", "--out", out).status == DONE
    [suite] = junitparser.JUnitXml.fromfile(str(out))
    assert next(iter(suite)).name == "Prices: low \ufffd \U0001f600 ]]> \u202e"


def test_annotations_for_github_are_escaped(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path, higher="no")
    text = path.read_text(encoding="utf-8").replace(
        '"50 %"   | 6 USD      | yes', '"50 %"   | 6 USD      | no'
    )
    path.write_text(text, encoding="utf-8")
    ran = pol("test", path, "--format", "github")
    first, second = ran.out.splitlines()
    place = str(path).replace(":", "%3A").replace(",", "%2C")
    assert first.startswith(
        f"::error file={place},line=9,col=33,title=scenario-failed::Prices: higher: `dear`: expected no, got yes%0Adear: yes"
    )
    assert "::Prices: 50 %25: `dear`" in second
    assert pol("test", write(tmp_path), "--format", "github").out == ""


def test_out_that_cannot_be_written_and_watching_for_programs_are_wrong_use(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path)
    assert pol("test", path, "--out", tmp_path / "no" / "such" / "folder").status == WRONG_USE
    assert pol("test", path, "--watch", "--format", "json").status == WRONG_USE
    assert pol("test", path, "--jobs", "0").status == WRONG_USE


def test_text_goes_into_a_file_as_well(pol: Pol, tmp_path: Path) -> None:
    out = tmp_path / "results.txt"
    ran = pol("test", write(tmp_path), "--out", out)
    assert ran.out == out.read_text(encoding="utf-8") == "3 scenarios, 6 cases: all passed\n"


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals differ")
def test_watching_runs_again_and_ends_cleanly(tmp_path: Path) -> None:
    path = write(tmp_path)
    said = tmp_path / "said.txt"
    with said.open("w") as stream:
        watching = subprocess.Popen(
            [sys.executable, "-m", "policy_lang.cli", "test", str(path), "--watch"],
            stdout=stream,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        )
        try:
            _wait_for(said, "watching 2 files")
            write(tmp_path, higher="no")
            _wait_for(said, "5 passed, 1 failed")
            _wait_for(said, "watching", 2)
            watching.send_signal(signal.SIGINT)
            assert watching.wait(20) == NO
        finally:
            watching.kill()
    assert "Traceback" not in said.read_text()
    assert "Aborted" not in said.read_text()


def _wait_for(path: Path, text: str, times: int = 1) -> None:
    end = time.monotonic() + 30
    while path.read_text().count(text) < times:
        assert time.monotonic() < end, path.read_text()
        time.sleep(0.05)


# ---------------------------------------------------------------------------- coverage


def test_coverage_follows_the_results(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path)
    plain = pol("test", path)
    ran = pol("test", path, "--coverage")
    assert ran.status == plain.status == DONE
    assert ran.out.startswith(plain.out)
    assert "small: " in ran.out
    assert pol("test", path, "--coverage", "--fail-under", "0").status == DONE


def test_too_little_coverage_is_a_no(pol: Pol, tmp_path: Path) -> None:
    path = write(tmp_path)
    ran = pol("test", path, "-k", "prices", "--coverage", "--fail-under", "100")
    assert ran.status == NO
    assert "is less than 100 %" in ran.err


@pytest.mark.parametrize("kind", ["json", "lcov", "html", "text"])
def test_coverage_is_written_whole_or_not_at_all(pol: Pol, tmp_path: Path, kind: str) -> None:
    path = write(tmp_path)
    out = tmp_path / "report"
    ran = pol("test", path, "--coverage", "--coverage-format", kind, "--coverage-out", out)
    assert ran.status == DONE
    start = {"json": "{", "lcov": "TN:", "html": "<!doctype html>", "text": "small: "}[kind]
    assert out.read_text().startswith(start)
    missing = tmp_path / "nowhere" / "report"
    refused = pol("test", path, "--coverage", "--coverage-format", kind, "--coverage-out", missing)
    assert refused.status != DONE
    assert "cannot be written" in refused.err


@pytest.mark.parametrize(
    "options",
    [
        ("--fail-under", "50"),
        ("--coverage-format", "html"),
        ("--coverage", "--coverage-format", "lcov"),
        ("--coverage", "--watch"),
        ("--coverage", "--format", "json"),
        ("--coverage", "--fail-under", "101"),
    ],
)
def test_coverage_options_that_do_not_fit_are_refused(
    pol: Pol, tmp_path: Path, options: tuple[str, ...]
) -> None:
    assert pol("test", write(tmp_path), *options).status == WRONG_USE
