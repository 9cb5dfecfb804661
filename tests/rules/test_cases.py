"""Cases, exceptions, brackets and tables: rules C1 to C5."""

from __future__ import annotations

import pytest

from tests.rules.texts import Text, compiled

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
