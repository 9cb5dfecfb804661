"""Scenarios as tests of pytest."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from tests.cli.test_test_verb import write

ROOT = Path(__file__).parent.parent
pytest_plugins = ["pytester"]
# Where the package is installed, pytest knows the plugin already, and would refuse it twice.
_IS_INSTALLED = bool(entry_points(group="pytest11", name="pol_scenarios"))
PLUGIN = () if _IS_INSTALLED else ("-p", "policy_lang.pytest_plugin")


def test_each_case_is_an_item_with_the_messages_of_pol_test(pytester: pytest.Pytester) -> None:
    write(pytester.path, higher="no")
    result = pytester.runpytest_inprocess(*PLUGIN, "-v")
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*small.scenarios.pol::Prices: low PASSED*",
            "*small.scenarios.pol::Prices: higher FAILED*",
            "FAILED: Prices: higher",
            "*^^ expected no, got yes",
            "*dear: yes*",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_what_is_not_filled_in_does_not_pass(pytester: pytest.Pytester) -> None:
    write(pytester.path, higher="?")
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(["NOT FILLED IN: Prices: higher", "*not filled in: got yes"])


def test_items_can_be_picked_by_name(pytester: pytest.Pytester) -> None:
    write(pytester.path, higher="no")
    pytester.runpytest_inprocess(*PLUGIN, "-k", "Late").assert_outcomes(passed=2, deselected=4)


def test_a_file_without_scenarios_has_no_items_and_one_with_mistakes_is_an_error(
    pytester: pytest.Pytester,
) -> None:
    path = write(pytester.path)
    (pytester.path / "broken.pol").write_text(
        "law broken\n\nrule r : number\n    nothing\n", encoding="utf-8"
    )
    result = pytester.runpytest_inprocess(*PLUGIN)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["error[[]unknown-name[]]: nothing is called `nothing`"])
    (pytester.path / "broken.pol").unlink()
    path.unlink()
    assert pytester.runpytest_inprocess(*PLUGIN).ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_it_stays_away_where_there_are_no_policies_and_imports_nothing_heavy(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_nothing_of_ours_is_loaded():
            loaded = {name.partition(".")[0] for name in sys.modules}
            assert not loaded & {"lark", "click", "rich.console"}
            assert not [name for name in sys.modules if name.startswith("policy_lang.") and name != "policy_lang.pytest_plugin"]
        """
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            *PLUGIN,
            "-p",
            "no:cacheprovider",
            "-p",
            "no:hypothesispytest",
        ],
        cwd=pytester.path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "1 passed" in done.stdout, done.stdout


def test_it_is_announced_and_can_be_left_out(pytester: pytest.Pytester) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"pol_scenarios": "policy_lang.pytest_plugin"}
    write(pytester.path)
    (pytester.path / "pol-0.dist-info").mkdir()
    (pytester.path / "pol-0.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: pol\nVersion: 0\n"
    )
    (pytester.path / "pol-0.dist-info" / "entry_points.txt").write_text(
        "[pytest11]\npol_scenarios = policy_lang.pytest_plugin\n"
    )
    for options, status in (
        ((), pytest.ExitCode.OK),
        (("-p", "no:pol_scenarios"), pytest.ExitCode.NO_TESTS_COLLECTED),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", *options],
            cwd=pytester.path,
            env={"PYTHONPATH": f"{ROOT}:{pytester.path}", "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == status, done.stdout + done.stderr
