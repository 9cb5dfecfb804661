"""Cases, exceptions, brackets and tables: rules C1 to C5."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.texts import Text, codes, compiled

RATES = """
law rates
    title "Rates"
    in force from 2020-01-01

record parcel "A parcel"
    sent  date                    "When was it sent?"
    kind  letter, box or tube     "What is it?"
    thick optional letter, box or tube

table rate for parcel : percent by sent, kind
    in 2024, letter         1 %
    in 2024, box            2 %
    in 2024, tube           2 %
    in 2025, letter or box  3 %

table by_word for parcel : percent by kind
    letter  1 %
    box     2 %
    tube    2 %

rule due for parcel : percent
    rate

rule flat for parcel : percent
    by_word

rule by_cases for parcel : percent
    1 % when kind is letter
    2 % when kind is box
    2 % when kind is tube

rule over_half for parcel : yes or no
    rate is more than 0.5 %
"""


@pytest.fixture(scope="module")
def rates(tmp_path_factory: pytest.TempPathFactory) -> Text:
    return compiled(tmp_path_factory.mktemp("rates"), RATES)


def parcel(**facts: str) -> dict[str, dict[str, str]]:
    return {"parcel": facts}


def test_c5_a_missing_row_is_an_error_where_other_rows_fit_the_date(rates: Text) -> None:
    outcome = rates.outcome("due", parcel(sent="2025-03-01", kind="tube"))
    assert outcome.state == "error"
    assert outcome.reasons[0]["code"] == "no-row"


def test_t5_a_date_of_which_no_row_speaks_is_not_in_force(rates: Text) -> None:
    for kind in ({"kind": "tube"}, {}):
        outcome = rates.outcome("due", parcel(sent="2026-01-01", **kind))
        assert outcome.state == "not in force"
        assert outcome.reasons[0]["code"] == "no-row"


def test_c5_a_word_that_is_not_known_leaves_only_the_rows_of_that_date(rates: Text) -> None:
    assert rates.value("over_half", parcel(sent="2024-03-01")) is True
    assert rates.state("due", parcel(sent="2024-03-01")) == "undetermined"
    assert rates.state("over_half", parcel(sent="2025-03-01")) == "undetermined"  # a tube has no row


def test_c5_and_c2_nothing_else_is_possible_where_every_word_has_its_case(rates: Text) -> None:
    for name in ("flat", "by_cases"):
        assert rates.state(name, parcel()) == "undetermined"
        assert rates.value(name, parcel(kind="tube")) == 2


LADDER = """
law ladder
    title "Ladder"

record step "A step"
    a  yes or no
    b  yes or no
    c  yes or no
    d  yes or no

rule cases for step : whole number
    1 when a
    2 when b
    otherwise 0

rule agreeing for step : whole number
    1 when a
    1 when b
    otherwise 0

rule nested for step : whole number
    1 when a
        but 2 when b
            but 3 when c
                but 4 when d
    otherwise 0
    but 9 when c and not b

rule clash for step : whole number
    0
    but 1 when a
    but 2 when b
"""


@pytest.fixture(scope="module")
def ladder(tmp_path_factory: pytest.TempPathFactory) -> Text:
    return compiled(tmp_path_factory.mktemp("ladder"), LADDER)


def step(yes: str, no: str = "") -> dict[str, dict[str, bool]]:
    return {"step": {**dict.fromkeys(yes, True), **dict.fromkeys(no, False)}}


def test_c1_cases_that_hold_together_and_differ_are_a_conflict_for_good(ladder: Text) -> None:
    assert ladder.state("cases", step("ab")) == "conflict"
    assert {one["value"] for one in ladder.outcome("cases", step("ab")).conflict} == {1, 2}
    assert ladder.value("cases", step("a", "b")) == 1
    assert ladder.state("cases", step("a")) == "undetermined"  # b may clash with it
    assert ladder.value("agreeing", step("a")) == 1
    assert ladder.value("agreeing", step("ab")) == 1


def test_c2_a_rule_says_what_holds_when_no_case_does(ladder: Text, tmp_path: Path) -> None:
    assert ladder.value("cases", step("", "ab")) == 0
    text = LADDER.replace("    2 when b\n    otherwise 0\n", "    2 when b\n", 1)
    assert codes(tmp_path, text) == ["no-default"]
    twice = LADDER.replace("    2 when b\n    otherwise 0\n", "    2\n    otherwise 0\n", 1)
    assert codes(tmp_path, twice) == ["several-defaults"]


@pytest.mark.parametrize(
    ("yes", "no", "value"),
    [
        ("", "abcd", 0),
        ("a", "bcd", 1),
        ("ab", "cd", 2),
        ("abc", "d", 3),
        ("abcd", "", 4),
        ("ac", "bd", 9),
        ("c", "abd", 9),
    ],
)
def test_c3_exceptions_nest_and_each_belongs_to_what_stands_above_it(
    ladder: Text, yes: str, no: str, value: int
) -> None:
    assert ladder.value("nested", step(yes, no)) == value


def test_c3_exceptions_of_one_level_that_differ_are_a_conflict(ladder: Text) -> None:
    assert ladder.state("clash", step("ab")) == "conflict"
    assert ladder.value("clash", step("a", "b")) == 1
    assert ladder.value("clash", step("", "ab")) == 0


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("a and b or c", ["mixed-and-or"]),
        ("(a and b) or c", []),
        ("a and (b or c)", []),
        ("a or b or c", []),
    ],
)
def test_c4_and_beside_or_needs_brackets(tmp_path: Path, condition: str, found: list[str]) -> None:
    text = LADDER + f"\nrule mixed for step : yes or no\n    {condition}\n"
    assert codes(tmp_path, text) == found


def test_c4_a_sum_with_a_condition_stands_alone_or_in_brackets(tmp_path: Path) -> None:
    text = (
        "law heap\n\nrecord heap\n    stones list of stone\n\nrecord stone in heap\n    weight quantity kg\n"
        "    big yes or no\n\nrule heavy for heap : yes or no\n    {} is more than 3 kg\n"
    )
    whole = "sum of weight of stones where big"
    assert codes(tmp_path, text.format(f"({whole})")) == []
    assert codes(tmp_path, text.format(whole)) != []


def test_c5_rows_are_read_in_order_where_the_table_says_so(tmp_path: Path) -> None:
    text = compiled(
        tmp_path,
        """
        law rows
            title "Rows"

        record box "A box"
            kilos  number
            red    yes or no

        table fee for box : whole number by kilos, red first row that matches
            at least 10,  any    3
            at least 5,   yes    2
            at least 1,   any    1
            otherwise            0

        table clashing for box : whole number by kilos
            at least 10          3
            at least 5           2
            otherwise            0

        rule due for box : whole number
            fee

        rule clash for box : whole number
            clashing
        """,
    )
    for kilos, red, due in ((10, True, 3), (9, True, 2), (9, False, 1), (1, True, 1), (0, True, 0)):
        assert text.value("due", {"box": {"kilos": kilos, "red": red}}) == due
    assert text.value("due", {"box": {"kilos": 12}}) == 3
    assert text.state("due", {"box": {"kilos": 7}}) == "undetermined"
    assert text.state("clash", {"box": {"kilos": 12}}) == "conflict"
