"""Completion with the tab key: what the how-to page says to type works."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT

PAGE = (ROOT / "docs/how-to/complete-commands.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with `pol` in it, as an installation makes it."""
    script = tmp_path / "pol"
    start = f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\n"
    script.write_text(start + "from policy_lang.cli import main\nmain()\n", encoding="utf-8")
    script.chmod(0o755)
    return tmp_path


def _run(folder: Path, words: list[str], **more: str) -> str:
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        words,
        env={**os.environ, "PATH": path, **more},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert "Traceback" not in done.stderr
    return done.stdout


@pytest.mark.parametrize(
    ("shell", "registers"),
    [("bash", "complete -o nosort -F"), ("zsh", "compdef"), ("fish", "complete --no-files --command pol")],
)
def test_each_shell_gets_its_program(folder: Path, shell: str, registers: str) -> None:
    assert f"_POL_COMPLETE={shell}_source pol" in PAGE
    printed = _run(folder, ["pol"], _POL_COMPLETE=f"{shell}_source")
    assert registers in printed
    assert f"_POL_COMPLETE={shell}_complete" in printed


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("pol qu", "questions"),
        ("pol me", "memo"),
        ("pol gi", "git"),
        ("pol git un", "uninstall"),
        ("pol questions --fo", "--format"),
        ("pol questions --format x", "xlsx"),
        ("pol memo --format d", "docx"),
    ],
)
@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_what_is_offered(folder: Path, shell: str, typed: str, offered: str) -> None:
    words = typed.split()
    last = {"COMP_CWORD": str(len(words) - 1)} if shell == "zsh" else {"COMP_CWORD": words[-1]}
    printed = _run(folder, ["pol"], _POL_COMPLETE=f"{shell}_complete", COMP_WORDS=typed, **last)
    assert offered in printed.replace(",", "\n").replace("\t", "\n").split("\n")


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes_a_verb(folder: Path) -> None:
    (line,) = [one for one in PAGE.split("\n") if one.startswith("eval") and "bash" in one]
    script = f"""{line}
COMP_WORDS=(pol ques) COMP_CWORD=1
_pol_completion pol ques pol; echo "verb ${{COMPREPLY[*]}}"
complete -p pol
"""
    printed = _run(folder, ["bash", "-c", script])
    assert "verb questions" in printed
    assert "-F _pol_completion pol" in printed
