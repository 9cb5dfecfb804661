"""The hooks that this project offers to pre-commit: their file, what they run, and (on request) a trial of them.

The trial installs this project as pre-commit does, in some minutes: `POL_TRY_REPO=1` asks for it.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from pre_commit.clientlib import load_manifest  # type: ignore[import-untyped]  # it comes without types

ROOT = Path(__file__).parent.parent
MANIFEST = ROOT / ".pre-commit-hooks.yaml"
HOOKS: list[dict[str, Any]] = yaml.safe_load(MANIFEST.read_text(encoding="utf-8"))

GOOD = """\
law small
    in force  from 2024-01-01

record sale
    price   money USD at least 0 USD    "What was paid?"

rule dear for sale : yes or no "Is it dear?"                            [own reading]
    yes when price is more than 5 USD
    otherwise no

scenario "Dear"
    as of 2024-06-01
    given sale
        price 7 USD
    expect dear yes
"""


def test_the_file_is_one_that_pre_commit_takes() -> None:
    assert [hook["id"] for hook in load_manifest(MANIFEST)] == ["pol-check", "pol-fmt", "pol-test"]


def _repository(folder: Path) -> Path:
    """A repository with one policy, as the formatter writes it and without problems."""
    path = folder / "laws" / "small.pol"
    path.parent.mkdir()
    path.write_text(GOOD, encoding="utf-8")
    return path


def _edits(path: Path) -> dict[str, str]:
    """For each hook a text that it refuses."""
    text = path.read_text(encoding="utf-8")
    return {
        "pol-check": text.replace("when price", "when prize"),
        "pol-fmt": text.replace("    otherwise", "     otherwise"),
        "pol-test": text.replace("expect dear yes", "expect dear no"),
    }


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook["id"])
def test_what_a_hook_runs(hook: dict[str, Any], tmp_path: Path) -> None:
    path = _repository(tmp_path)
    names = [] if hook.get("pass_filenames") is False else ["laws/small.pol"]
    words = [*shlex.split(hook["entry"]), *hook.get("args", []), *names]
    assert words[0] == "pol"

    def run() -> int:
        asked = [sys.executable, "-m", "policy_lang.cli", *words[1:]]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        return subprocess.run(
            asked, cwd=tmp_path, env=environment, capture_output=True, check=False
        ).returncode

    before = path.read_text(encoding="utf-8")
    assert run() == 0
    assert path.read_text(encoding="utf-8") == before
    bad = _edits(path)[hook["id"]]
    path.write_text(bad, encoding="utf-8")
    # A hook refuses a commit by its status, or by changing a file.
    assert run() != 0 or path.read_text(encoding="utf-8") != bad


@pytest.mark.skipif(not os.environ.get("POL_TRY_REPO"), reason="takes minutes: POL_TRY_REPO=1 asks for it")
def test_pre_commit_tries_this_repository(tmp_path: Path) -> None:
    assert shutil.which("git") is not None
    path = _repository(tmp_path)
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PYTHONPATH"))
    }
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, env=environment, check=True)  # noqa: S607 - git stands elsewhere on each machine

    def attempt() -> subprocess.CompletedProcess[str]:
        subprocess.run(["git", "add", "."], cwd=tmp_path, env=environment, check=True)  # noqa: S607 - git stands elsewhere on each machine
        asked = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), "--all-files"]
        return subprocess.run(
            asked, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=900
        )

    good = attempt()
    assert (good.returncode, good.stdout.count("Passed")) == (0, 3), good.stdout
    for name, text in _edits(path).items():
        path.write_text(text, encoding="utf-8")
        bad = attempt()
        assert bad.returncode == 1
        assert f"- hook id: {name}" in bad.stdout
