"""What a person waits for: `pol check` of all policies and `pol eval` of one, each as a process of its own.

The first run finds an empty cache, the second finds what the first left. Beside them, in turn, run a Python that does
nothing, and mypy, a checker with the same task for another language, over as many lines of Python.

    python benchmarks/commands.py [ROUNDS]

prints the median time of each, and how many times that of the empty Python it is.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
POLICIES = ROOT / "policies"
POL = [sys.executable, "-m", "policy_lang.cli"]
EVAL = [*POL, "eval", str(POLICIES / "us_japan_2023.pol"), "--as-of", "2025-01-01"]
FACTS = ["--set", "sourcing.country=JP", "--set", "sourcing.good=lithium"]


def python_of_as_many_lines(lines: int) -> list[str]:
    """Files of this package, together at least as long."""
    chosen: list[str] = []
    for path in sorted((ROOT / "policy_lang").rglob("*.py")):
        if lines > 0:
            chosen.append(str(path))
            lines -= path.read_text(encoding="utf-8").count("\n")
    return chosen


def seconds(command: list[str], cache: str) -> float:
    """How long one process takes from start to end."""
    environment = {**os.environ, "XDG_CACHE_HOME": cache, "PYTHONPATH": str(ROOT)}
    begun = time.perf_counter()
    ran = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=False)  # noqa: S603 - every word is one argument
    taken = time.perf_counter() - begun
    assert ran.returncode in (0, 4), ran.stderr.decode()
    return taken


def main() -> None:
    """Runs everything in turn, several times over."""
    lines = sum(path.read_text(encoding="utf-8").count("\n") for path in POLICIES.rglob("*.pol"))
    peer = [sys.executable, "-m", "mypy", "--no-error-summary", "--follow-imports=silent"]
    commands = {
        "pol check": [*POL, "check", str(POLICIES)],
        "pol eval": [*EVAL, *FACTS],
        "mypy": [*peer, *python_of_as_many_lines(lines)],
    }
    taken: dict[str, list[float]] = {"python -c pass": []}
    for _ in range(int(sys.argv[1]) if len(sys.argv) > 1 else 7):
        taken["python -c pass"].append(seconds([sys.executable, "-c", "pass"], ""))
        for name, command in commands.items():
            cache = tempfile.mkdtemp()
            last = [f"--cache-dir={cache}"] if name == "mypy" else []
            for run in ("first", "second"):
                taken.setdefault(f"{name}, {run} run", []).append(seconds([*command, *last], cache))
            shutil.rmtree(cache)
    middle = {name: statistics.median(times) for name, times in taken.items()}
    print(f"{lines} lines of policies, and as many of Python for mypy")
    for name, time_taken in middle.items():
        print(f"{name:24}{time_taken * 1000:8.0f} ms{time_taken / middle['python -c pass']:8.1f} times")


if __name__ == "__main__":
    main()
