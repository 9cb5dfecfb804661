"""The action that says on a pull request what it changes: its file, and its work with a stand-in for GitHub."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))

LAW = """\
law honey
    in force from 2024-01-01

record jar
    organic yes or no

rule levy for jar : money USD
    1 USD when organic
    otherwise 2 USD
"""

GH = """\
#!{python}
import json, os, pathlib, sys
log = pathlib.Path(os.environ["GH_LOG"])
words = sys.argv[1:]
if "--jq" in words:
    print(os.environ.get("GH_FOUND", ""))
    sys.exit()
body = next(word.removeprefix("body=@") for word in words if word.startswith("body=@"))
calls = json.loads(log.read_text()) if log.exists() else []
log.write_text(json.dumps([*calls, [words[:4], pathlib.Path(body).read_text()]]))
sys.exit(int(os.environ.get("GH_STATUS", "0")))
"""


def test_every_action_it_uses_is_pinned_and_no_text_of_people_is_part_of_a_program() -> None:
    assert ACTION["runs"]["using"] == "composite"
    for step in ACTION["runs"]["steps"]:
        if "uses" in step:
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", step["uses"])
        else:
            assert "${{" not in step["run"]
            assert step["shell"] == "bash"
            # A module of the pull request must not be taken for one of Python.
            assert len(re.findall(r"\s-m\s", step["run"])) == len(re.findall(r"\s-I -m\s", step["run"]))
    given = set(re.findall(r"\$\{\{ inputs\.(\w+) \}\}", (ROOT / "action.yml").read_text(encoding="utf-8")))
    assert given == set(ACTION["inputs"])


Run = Callable[..., tuple[int, str, list[Any]]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs what the action runs, in a repository whose first commit is the base; gives status, output and calls."""
    if shutil.which("git") is None or shutil.which("bash") is None:
        pytest.skip("there is no git or no bash here")
    folder = tmp_path / "a repository"
    (folder / "policies").mkdir(parents=True)
    (tmp_path / "bin").mkdir()
    for name, text in (
        ("gh", GH.format(python=sys.executable)),
        ("pol", f'#!/bin/sh\nexec {sys.executable} -P -m policy_lang.cli "$@"\n'),
    ):
        (tmp_path / "bin" / name).write_text(text, encoding="utf-8")
        (tmp_path / "bin" / name).chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | {
        "PATH": f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "GIT_CONFIG_GLOBAL": os.devnull,
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_REPOSITORY": "somebody/laws",
        "GH_LOG": str(tmp_path / "log"),
        "POL": str(tmp_path / "bin" / "pol"),
        "POL_PATH": "policies",
        "POL_BASE": "HEAD",
        "POL_LIMIT": "5",
        "POL_COMMENT": "true",
        "POL_NUMBER": "7",
    }

    def work(text: str, **more: str) -> tuple[int, str, list[Any]]:
        path = folder / "policies" / "honey.pol"
        if not (folder / ".git").exists():
            path.write_text(LAW, encoding="utf-8")
            for words in (
                ["init", "-q"],
                ["add", "."],
                ["-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "one"],
            ):
                subprocess.run(["git", *words], cwd=folder, env=environment, check=True)  # noqa: S607 - git stands elsewhere on each machine
        path.write_text(text, encoding="utf-8")
        done = subprocess.run(
            ["bash", str(ROOT / ".ci/compare")],  # noqa: S607 - as the action does
            cwd=folder,
            env=environment | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        log = tmp_path / "log"
        calls = json.loads(log.read_text("utf-8")) if log.exists() else []
        said = (tmp_path / "output").read_text("utf-8").splitlines()[-1]
        assert (tmp_path / "summary").read_text("utf-8").startswith("# Comparison")
        return done.returncode, said + "\n" + done.stdout, calls

    return work


def test_one_comment_is_written_and_then_written_anew(run: Run) -> None:
    status, said, calls = run(LAW.replace("2 USD", "3 USD"))
    assert (status, said) == (0, "verdict=differs\n")
    ((words, body),) = calls
    assert words == ["api", "--method", "POST", "repos/somebody/laws/issues/7/comments"]
    assert body.startswith(
        "<!-- written by the action that compares policies -->\n# Comparison: meaning differs\n"
    )
    assert "2 USD -> 3 USD" in body
    status, said, calls = run(LAW + "# a remark\n", GH_FOUND="41")
    assert (status, said) == (0, "verdict=same\n")
    assert calls[1][0] == ["api", "--method", "PATCH", "repos/somebody/laws/issues/comments/41"]


def test_where_no_comment_can_be_written_the_comparison_is_in_the_summary(run: Run) -> None:
    status, said, _ = run(LAW.replace("2 USD", "3 USD"), GH_STATUS="1")
    assert status == 0
    assert "::notice title=no comment was written::" in said
    assert run(LAW, POL_COMMENT="false", GH_LOG="/not/there")[0] == 0


def test_mistakes_are_shown_and_fail_the_run(run: Run) -> None:
    status, said, calls = run(LAW.replace("when organic", "when organc"))
    assert status == 1
    assert said.startswith("verdict=invalid\n::error file=policies/honey.pol,line=8,")
    assert "not possible" in calls[0][1]


def test_what_was_not_there_before_is_new(run: Run) -> None:
    assert run(LAW, POL_PATH="./policies")[1] == "verdict=same\n"
    status, said, _ = run(LAW, POL_PATH="other")
    assert (status, said) == (0, "verdict=new\n")
