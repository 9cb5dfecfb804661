"""Whether two programs give the same for all facts: all of them given, or some missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_lang.backends.prove.equivalence import equivalent
from policy_lang.pipeline import compile_file
from policy_lang.program.core import Program

TEXT = """law discount
    title     "Discounts"

record line in sale
    made_in     country
    price       money USD at least 0 USD

record sale
    lines       list of line
    total       money USD at least 0 USD
    floor       money USD at least 0 USD
    agreed      yes or no
    member      yes or no
    paid        date at least 2020-01-01

rule local for line : yes or no
    made_in is US

rule dear for line : yes or no
    price is more than 10 USD

rule dear_and_local for line : yes or no
    dear and local

rule near for line : yes or no
    made_in is one of (US, PR)

rule asked for sale : yes or no
    {}
"""


def compiled(folder: Path, body: str) -> Program:
    path = folder / "discount.pol"
    path.write_text(TEXT.format(body), "utf-8")
    found, diagnostics = compile_file(path)
    assert found.program is not None, diagnostics
    return found.program


@pytest.mark.parametrize(
    ("old", "new", "complete", "partial"),
    [
        ("agreed and member", "member and agreed", True, True),
        ("agreed", "agreed and (member or not member)", True, False),
        ("agreed", "agreed or (agreed and member)", True, True),
        ("agreed", "(agreed and member) or (agreed and not member)", True, False),
        ("agreed or total is at least 0 USD", "yes", True, True),
        ("agreed or total is more than 0 USD", "yes", False, False),
        ("total + floor is at least floor", "total is at least 0 USD", True, False),
        ("(lesser of total and 0 USD) is at most 0 USD", "yes", True, True),
        ("total * 2 is at least 20 USD", "total is at least 10 USD", True, True),
        ("total is at least 10 USD", "total is more than 10 USD", False, False),
        ("paid is after 2019-12-31", "yes", True, True),
        ("any of lines is dear", "not (none of lines is dear)", True, True),
        ("any of lines is dear and (any of lines is local)", "any of lines is dear_and_local", False, False),
        ("sum of price of lines is at least 0 USD", "yes", True, True),
        ("any of lines is local", "any of lines is near", False, False),
    ],
)  # fmt: skip
def test_programs_are_told_apart(tmp_path: Path, old: str, new: str, complete: bool, partial: bool) -> None:
    programs = [compiled(tmp_path, body) for body in (old, new)]
    for missing, expected in ((False, complete), (True, partial)):
        found = equivalent(*programs, limit=10, partial=missing)["asked"]
        assert (found.same, found.reason) == (expected, "")


@pytest.mark.parametrize(
    ("old", "new", "complete", "partial"),
    [
        ("agreed and member", "member and agreed", None, None),
        ("any of lines is dear", "not (none of lines is dear)", None, None),
        ("any of lines is dear or (any of lines is dear_and_local)", "any of lines is dear", None, 3),
        ("sum of price of lines is at least 0 USD", "yes", 3, 3),
        ("(count of lines where near) is at least 0", "yes", 3, 3),
    ],
)
def test_what_is_asked_of_a_list_is_settled_for_any_length(
    tmp_path: Path, old: str, new: str, complete: int | None, partial: int | None
) -> None:
    programs = [compiled(tmp_path, body) for body in (old, new)]
    for missing, expected in ((False, complete), (True, partial)):
        found = equivalent(*programs, limit=10, partial=missing)["asked"]
        assert (found.same, found.elements) == (True, expected)
