"""Types, exact numbers, percentages, shares of nothing, boundary words, dates and limits: rules V1 to V7."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.texts import codes

LAW = """
law odd
    title "Odd"

record thing "A thing"
    {fields}

rule answer for thing : {kind}
    {body}
"""


def codes_of(folder: Path, kind: str, body: str, fields: str = "amount money USD") -> list[str]:
    return codes(folder, LAW.format(fields=fields, kind=kind, body=body))


@pytest.mark.parametrize(
    "sum_of",
    [
        "2024-01-31 + 1 year",
        "2024-01-31 + 2 months",
        "2024-01-30 - 1 month",
        "2024-02-29 + 4 years",
        "2023-12-30 + 14 months + 1 day",
        "2024-01-29 + 1 month",
        "2024-01-31 + 1 year 2 months 5 days",
    ],
)
def test_v6_no_rounding_is_asked_for_where_the_day_exists(tmp_path: Path, sum_of: str) -> None:
    found = codes_of(tmp_path, "date", sum_of)
    assert found == (["rounding-needed"] if "14 months" in sum_of else [])


@pytest.mark.parametrize(
    "sum_of", ["2024-01-31 + 1 month", "2024-02-29 + 1 year", "2023-01-29 + 1 month", "day + 1 year"]
)
def test_v6_rounding_is_asked_for_where_the_day_may_be_missing(tmp_path: Path, sum_of: str) -> None:
    assert codes_of(tmp_path, "date", sum_of, "day date") == ["rounding-needed"]


@pytest.mark.parametrize(
    ("timing", "needed"),
    [
        ("within 1 year of 2024-01-31 and every 2 years thereafter", False),
        ("within 2 months of 2024-01-31 and every 2 months thereafter", True),
        ("within 1 month of 2024-01-31", True),
        ("at least 1 month before 2024-01-31", False),
        ("within 5 days of 2024-01-31 and every 1 year thereafter", True),
        ("by 2024-01-31 and every 12 months thereafter", False),
        ("by 2024-02-29 and every 4 years thereafter", True),
    ],
)
def test_v6_due_dates_ask_for_rounding_only_where_a_day_may_be_missing(
    tmp_path: Path, timing: str, needed: bool
) -> None:
    text = f"""
    agreement due
        title "Due"
        parties US "A", JP "B"
        in force from 2024-01-01

    clause meet "Meet"
        the parties shall "meet" {timing}
    """
    assert codes(tmp_path, text) == (["rounding-needed"] if needed else [])
