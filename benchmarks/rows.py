"""How fast `pol diff --data` goes through rows, against a loop that somebody wrote by hand for this one change.

Run it with `python benchmarks/rows.py [ROWS]`. It prints rows per second of both, and the memory taken.
"""

from __future__ import annotations

import csv
import datetime
import itertools
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from policy_lang.loading import load
from policy_lang.source.rows import open_rows
from policy_lang.tools.diff.impact import impact

ROOT = Path(__file__).parent.parent
POLICY = ROOT / "policies" / "us_japan_2023.pol"
OLD_GOODS = {"cobalt", "graphite", "lithium", "manganese", "nickel"}
NEW_GOODS = OLD_GOODS - {"graphite"}
IN_FORCE = datetime.date(2023, 3, 28)


def main(rows: int) -> None:
    """Makes the rows, goes through them both ways, and prints what it took."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "rows.csv"
        write(data, rows)
        draft = Path(folder) / POLICY.name
        text = POLICY.read_text("utf-8").replace("cobalt, graphite, lithium", "cobalt, lithium", 1)
        draft.write_text(text, "utf-8")
        old, new = load(POLICY), load(draft)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        with open_rows(data) as read:
            found = impact(old, new, read, IN_FORCE, only=["fta_treatment"])
        ours = time.perf_counter() - start
        after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start = time.perf_counter()
        counted = by_hand(data)
        hand = time.perf_counter() - start
    pair = found.outcomes["fta_treatment"].transitions["granted", "not granted"].count
    assert pair == counted["granted", "not granted"], (pair, counted)
    print(f"{rows} rows, {found.changed} changed")
    print(f"pol diff --data: {rows / ours:,.0f} rows/s ({1e6 * ours / rows:.1f} us a row)")
    print(f"by hand:         {rows / hand:,.0f} rows/s ({1e6 * hand / rows:.1f} us a row)")
    print(f"{ours / hand:.1f} times the time by hand; {(after - before) / 1024:.1f} MiB more memory")


def write(path: Path, rows: int) -> None:
    """Rows of sourcing, always the same."""
    draws = random.Random(1)  # noqa: S311 - no secret
    goods = [*sorted(OLD_GOODS), "copper", "tin", "zinc"]
    days = [f"{year}-{month:02}-15" for year, month in itertools.product(range(2022, 2026), range(1, 13))]
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["sourcing.country", "sourcing.good", "as_of"])
        for _ in range(rows):
            out.writerow([draws.choice(("JP", "KR", "CN")), draws.choice(goods), draws.choice(days)])


def by_hand(path: Path) -> Counter[tuple[str, str]]:
    """The same question, as a script for this one change would have it."""
    counted: Counter[tuple[str, str]] = Counter()
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            day = datetime.date.fromisoformat(row["as_of"])
            answers = []
            for goods in (OLD_GOODS, NEW_GOODS):
                if day < IN_FORCE:
                    answers.append("not in force")
                elif row["sourcing.country"] == "JP" and row["sourcing.good"] in goods:
                    answers.append("granted")
                else:
                    answers.append("not granted")
            if answers[0] != answers[1]:
                counted[answers[0], answers[1]] += 1
    return counted


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
