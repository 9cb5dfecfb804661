"""What a person waits for: `pol diff` of policies of many clauses, each as a process of its own.

Compared are a policy and the same with one change, and two that have nothing in common. Beside them, in turn, run
`git diff` of the same two files, which says what git says of them, and `pol check` of both, which only reads them.

    python benchmarks/comparisons.py [CLAUSES] [ROUNDS] [LIMIT]

prints the median time of each, and how many times that of reading both it is.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.long_policies import policy, with_one_change  # noqa: E402 - found beside this file

POL = [sys.executable, "-m", "policy_lang.cli"]


def seconds(command: list[str]) -> float:
    """How long one process takes from start to end."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    begun = time.perf_counter()
    ran = subprocess.run(command, env=environment, capture_output=True, check=False)  # noqa: S603 - every word is one argument
    taken = time.perf_counter() - begun
    assert ran.returncode in (0, 1, 4), ran.stderr.decode()
    return taken


def main() -> None:
    """Runs everything in turn, several times over."""
    numbers = [int(one) for one in sys.argv[1:]]
    clauses, rounds, limit = (*numbers, *(300, 5, 20)[len(numbers) :])
    text = policy("long", clauses, 1)
    versions = {"old": text, "changed": with_one_change(text), "other": policy("long", clauses, 2)}
    with tempfile.TemporaryDirectory() as folder:
        paths: dict[str, str] = {}
        for name, one in versions.items():
            place = Path(folder, name)
            place.mkdir()
            (place / "long.pol").write_text(one, "utf-8")
            paths[name] = str(place / "long.pol")
        commands = {
            "git diff, one change": ["git", "diff", "--no-index", paths["old"], paths["changed"]],
            "pol check, both": [*POL, "check", paths["old"], paths["changed"]],
            "pol diff, one change": [*POL, "diff", paths["old"], paths["changed"]],
            f"pol diff, unrelated, limit {limit} s": [
                *POL, "diff", paths["old"], paths["other"], "--limit", str(limit)
            ],
        }  # fmt: skip
        taken: dict[str, list[float]] = {}
        for _ in range(rounds):
            for name, command in commands.items():
                taken.setdefault(name, []).append(seconds(command))
    middle = {name: statistics.median(times) for name, times in taken.items()}
    print(f"{clauses} clauses, {text.count(chr(10))} lines")
    for name, time_taken in middle.items():
        print(f"{name:36}{time_taken:8.2f} s{time_taken / middle['pol check, both']:8.1f} times")


if __name__ == "__main__":
    main()
