"""Suggestions are made only when they are close, and always the same."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy_lang.source.suggest import closest


@pytest.mark.parametrize(
    ("name", "candidate"),
    [
        ("critical_mineral", "critical_minerals"),  # a letter missing
        ("lithiumm", "lithium"),  # one too many
        ("cobelt", "cobalt"),  # a wrong one
        ("nikcel", "nickel"),  # two swapped
        ("Lithium", "lithium"),  # capitals are no slip
        ("jp", "JP"),
        ("PJ", "JP"),  # in two letters, only swapping tells anything
    ],
)
def test_a_slip_is_recognised(name: str, candidate: str) -> None:
    assert closest(name, ["manganese", "graphite", candidate, "US"]) == candidate


@pytest.mark.parametrize(
    ("name", "candidate"),
    [("JX", "JP"), ("x", "y"), ("foo", "bar"), ("gallium", "lithium"), ("minerals", "critical_minerals")],
)
def test_what_is_not_close_is_not_suggested(name: str, candidate: str) -> None:
    assert closest(name, [candidate]) is None


def test_nothing_is_close_to_nothing() -> None:
    assert closest("", ["a"]) is None
    assert closest("cobalt", []) is None
    assert closest("cobalt", [""]) is None


def test_the_name_itself_is_no_suggestion() -> None:
    assert closest("cobalt", ["cobalt"]) is None


def test_fewer_slips_win_then_capitals_then_the_alphabet() -> None:
    assert closest("country", ["county", "countries"]) == "county"
    assert closest("cobalT", ["COBALT", "cobalt"]) == "cobalt"
    assert closest("cobalx", ["cobaly", "cobalt"]) == "cobalt"


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=8))
def test_the_order_of_the_candidates_does_not_matter(name: str, names: list[str]) -> None:
    answer = closest(name, names)
    assert answer == closest(name, reversed(names)) == closest(name, [*names, *names])
    assert answer is None or answer in names


def test_the_work_is_bounded() -> None:
    many = [f"critical_mineral_{n:05}" for n in range(50_000)]
    start = time.perf_counter()
    assert closest("critical_mineral_0000x", many) == "critical_mineral_00000"
    assert closest("c" * 100_000, many) is None
    assert time.perf_counter() - start < 5
