"""Exact arithmetic: nothing is lost, and what is too long says so."""

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest

from policy_lang.program import numbers


def test_adds_beyond_the_usual_precision():
    assert numbers.add(Decimal("9" * 40), Decimal("0." + "1" * 40)) == Decimal("9" * 40 + "." + "1" * 40)


def test_a_quotient_stays_decimal_where_it_can():
    assert numbers.divide(Decimal(1), Decimal(8)) == Decimal("0.125")
    assert isinstance(numbers.divide(Decimal(1), Decimal(8)), Decimal)
    assert numbers.divide(Decimal(1), Decimal(3)) == Fraction(1, 3)


def test_a_fraction_comes_back_to_a_decimal():
    third = numbers.divide(Decimal(1), Decimal(3))
    back = numbers.multiply(third, Decimal("1.5"))
    assert isinstance(back, Decimal)
    assert back == Decimal("0.5")
    assert numbers.add(third, numbers.divide(Decimal(2), Decimal(3))) == Decimal(1)


def test_a_long_quotient_that_ends():
    assert numbers.divide(Decimal(1), Decimal(2**300)) * 1 == Decimal(1) / 1 * numbers.settle(
        Fraction(1, 2**300)
    )


def test_too_long_is_an_error_of_arithmetic():
    big = Decimal("9" * 4000)
    with pytest.raises(decimal.DecimalException):
        numbers.multiply(big, big)
    with pytest.raises(decimal.DecimalException):
        numbers.settle(Fraction(1, 3**9000))


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [
        ("up", "2.1", "3"),
        ("up", "-2.1", "-2"),
        ("up", "2", "2"),
        ("down", "2.9", "2"),
        ("down", "-2.1", "-3"),
        ("half up", "2.5", "3"),
        ("half up", "-2.5", "-2"),
        ("half up", "2.49", "2"),
        ("half even", "2.5", "2"),
        ("half even", "3.5", "4"),
        ("half even", "-2.5", "-2"),
        ("half even", "2.51", "3"),
        ("half down", "2.5", "2"),
        ("half down", "2.51", "3"),
        ("half down", "-2.5", "-3"),
        ("towards zero", "2.9", "2"),
        ("towards zero", "-2.9", "-2"),
        ("towards zero", "-2", "-2"),
        ("away from zero", "2.1", "3"),
        ("away from zero", "-2.1", "-3"),
        ("away from zero", "0", "0"),
        ("half away from zero", "2.5", "3"),
        ("half away from zero", "2.49", "2"),
        ("half away from zero", "-2.5", "-3"),
        ("half away from zero", "-2.49", "-2"),
    ],
)
def test_rounds(mode, value, expected):
    assert numbers.round_to(mode, Decimal(value), Decimal(1)) == Decimal(expected)


def test_rounds_half_a_cent_and_thousands_and_thirds():
    assert numbers.round_to("half up", Decimal("0.125"), Decimal("0.01")) == Decimal("0.13")
    assert numbers.round_to("half even", Decimal("0.125"), Decimal("0.01")) == Decimal("0.12")
    assert numbers.round_to("up", Decimal("1000.01"), Decimal(1000)) == Decimal(2000)
    assert numbers.round_to("half up", Fraction(200, 3), Decimal("0.01")) == Decimal("66.67")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Decimal("7500.00"), "7500"),
        (Decimal("1E+3"), "1000"),
        (Decimal("-0.0"), "0"),
        (Decimal("0.10"), "0.1"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("-12.50"), "-12.5"),
        (Fraction(200, 3), "200/3"),
        (Fraction(-1, 3), "-1/3"),
    ],
)
def test_plain_notation(value, words):
    assert numbers.in_words(value) == words
