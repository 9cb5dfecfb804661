"""What the README shows is what the command prints."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def run(words: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
    command = [sys.executable, "-m", "policy_lang.cli", *words]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_answer_shown_is_the_answer_given() -> None:
    (block,) = re.findall(r"```console\n\$ pol (.*?)\n(.*?)```", README, re.DOTALL)
    result = run(shlex.split(block[0]))
    assert result.stdout == block[1]
    assert result.returncode == 0


def test_the_policy_shown_is_in_the_repository() -> None:
    (block,) = re.findall(r"```pol\n(.*?)```", README, re.DOTALL)
    policy = " ".join((ROOT / "policies" / "us_japan_2023.pol").read_text(encoding="utf-8").split())
    for line in block.splitlines():
        assert " ".join(re.sub(r"\[.*\]", "", line).split()) in policy


def test_the_first_command_decides_and_explains() -> None:
    (command,) = re.findall(r"```sh\npip install \. && (.*?)\n```", README, re.DOTALL)
    for part in command.split(" && "):
        words = shlex.split(part)
        assert words[0] == "pol"
        result = run(words[1:])
        assert result.returncode == 0, result.stderr
        assert "[" in result.stdout


def test_the_second_command_is_what_ci_runs() -> None:
    (command,) = re.findall(r"```sh\n(pip install -e .*?)\n```", README, re.DOTALL)
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    for part in command.split(" && "):
        assert part in ci
