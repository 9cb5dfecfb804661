"""Ten thousand cases in one table, run by `pol test`; and the same cases in a table of pytest, the usual tool for it.

Both are processes of their own, in turn. The peer decides the same four lines of law in plain Python, without dates in
force, unknown facts or explanations, and reads its cases as Python.

    python benchmarks/scenarios.py [ROWS] [ROUNDS]

prints the median time of each, `pol test` of the policies of this project, and the ratio of the first two.
"""

from __future__ import annotations

import datetime
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent

POLICY = """\
law fees
    in force from 2024-06-01

record shipment, judged on arrival
    arrival date
    weight  quantity tonne at least 0 tonne
    origin  country

rule small for shipment : yes or no
    yes when weight is less than 1 tonne
    otherwise no

rule fee for shipment : money NZD
    5 NZD when small
    7 NZD when origin is CL and not small
    otherwise 10 NZD
"""

PEER = """\
import datetime
from decimal import Decimal

import pytest


def is_small(weight):
    return weight < 1


def fee(weight, origin):
    return 5 if is_small(weight) else 7 if origin == "CL" else 10


@pytest.mark.parametrize(("arrival", "weight", "origin", "expected_fee", "expected_small"), [
{rows}
], ids=[f"n{{n}}" for n in range({count})])
def test_case(arrival, weight, origin, expected_fee, expected_small):
    assert fee(weight, origin) == expected_fee
    assert is_small(weight) is expected_small
"""


def write(folder: Path, count: int) -> None:
    """The same cases for both."""
    rows, peer = [], []
    for n in range(count):
        tenths, origin = n % 7 * 3, ["CL", "AU", "NZ"][n % 3]
        day = datetime.date(2024, 7, 1) + datetime.timedelta(days=n % 900)
        small = tenths < 10
        fee = 5 if small else 7 if origin == "CL" else 10
        weight = f"{tenths // 10}.{tenths % 10}"
        said = "yes" if small else "no"
        rows.append(f'        "n{n}" | {day} | {weight} tonne | {origin} | {fee} NZD | {said}\n')
        peer.append(
            f'    (datetime.date.fromisoformat("{day}"), Decimal("{weight}"), "{origin}", {fee}, {small}),'
        )
    head = "    case | shipment.arrival | shipment.weight | shipment.origin | expect fee | expect small\n"
    (folder / "fees.pol").write_text(POLICY, encoding="utf-8")
    (folder / "fees.scenarios.pol").write_text(
        f'scenarios for fees\n\nscenario "Many"\n{head}{"".join(rows)}', encoding="utf-8"
    )
    (folder / "test_peer.py").write_text(PEER.format(rows="\n".join(peer), count=count), encoding="utf-8")


def seconds(command: list[str], folder: Path) -> float:
    """How long one process takes from start to end; it has to succeed."""
    start = time.perf_counter()
    subprocess.run(  # noqa: S603 - our own commands
        command,
        cwd=folder,
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    return time.perf_counter() - start


def main() -> None:
    """Runs both, in turn, and prints what was measured."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    pol = [sys.executable, "-m", "policy_lang.cli", "test"]
    peer = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_peer.py"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, count)
        ours, theirs, all_ours = [], [], []
        for _ in range(rounds):
            ours.append(seconds([*pol, "fees.scenarios.pol"], folder))
            theirs.append(seconds(peer, folder))
            all_ours.append(seconds([*pol, str(ROOT / "policies")], folder))
    took, other = statistics.median(ours), statistics.median(theirs)
    print(f"pol test, {count:,} rows      {took:6.2f} s")
    print(f"pytest, {count:,} cases       {other:6.2f} s")
    print(f"ratio                       {took / other:6.2f}")
    print(f"pol test policies/          {statistics.median(all_ours):6.2f} s")


if __name__ == "__main__":
    main()
