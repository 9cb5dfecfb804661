"""Exact arithmetic: decimals, and fractions only where a quotient has no finite decimal (rule V2).

Every function takes and gives a `Decimal` or a `Fraction`; a fraction that has a finite decimal form
comes back as a `Decimal`. A result of more than `DIGITS` digits raises a `decimal.DecimalException`.
"""

from __future__ import annotations

import decimal
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = Decimal | Fraction

DIGITS = 4096
"""The longest number that a calculation may give, in digits before and after the point together."""

EXACT = decimal.Context(
    prec=DIGITS,
    Emax=DIGITS,
    Emin=-DIGITS,
    rounding=decimal.ROUND_HALF_EVEN,
    capitals=1,
    clamp=0,
    flags=[],
    traps=[
        decimal.Inexact,
        decimal.Overflow,
        decimal.Subnormal,
        decimal.DivisionByZero,
        decimal.InvalidOperation,
    ],
)
_SHORT = decimal.Context(
    prec=60, flags=[], traps=[decimal.Inexact, decimal.DivisionByZero, decimal.InvalidOperation]
)
_TOO_LONG = 10**DIGITS
ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)


def settle(value: Fraction) -> Number:
    """The same number, as a `Decimal` where it has a finite decimal form."""
    numerator, denominator = value.numerator, value.denominator
    if abs(numerator) >= _TOO_LONG or denominator >= _TOO_LONG:
        raise decimal.Inexact
    twos = (denominator & -denominator).bit_length() - 1
    rest = denominator >> twos
    fives = 0
    while rest % 5 == 0:
        rest //= 5
        fives += 1
    if rest != 1:
        return value
    places = max(twos, fives)
    whole = numerator * 2 ** (places - twos) * 5 ** (places - fives)
    return EXACT.scaleb(EXACT.create_decimal(whole), -places)


def add(a: Number, b: Number) -> Number:
    """Gives a + b."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return EXACT.add(a, b)
    return settle(Fraction(a) + Fraction(b))


def subtract(a: Number, b: Number) -> Number:
    """Gives a - b."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return EXACT.subtract(a, b)
    return settle(Fraction(a) - Fraction(b))


def negate(a: Number) -> Number:
    """Gives -a; never a negative zero."""
    return EXACT.minus(a) if isinstance(a, Decimal) else -a


def multiply(a: Number, b: Number) -> Number:
    """Gives a times b."""
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        return EXACT.multiply(a, b)
    return settle(Fraction(a) * Fraction(b))


def divide(a: Number, b: Number) -> Number:
    """Gives a / b. Raises `ZeroDivisionError` when b is zero."""
    if not b:
        raise ZeroDivisionError
    if isinstance(a, Decimal) and isinstance(b, Decimal):
        try:
            return _SHORT.divide(a, b)
        except decimal.DecimalException:
            pass
    return settle(Fraction(a) / Fraction(b))


def hundredth(a: Number, times: int = 1) -> Number:
    """Gives a / 100, so many times over; with less than none, times 100."""
    if isinstance(a, Decimal):
        return EXACT.scaleb(a, -2 * times)
    return settle(a / Fraction(100) ** times)


def percent_of(percent: Number, a: Number) -> Number:
    """So many percent of a; `percent` is in points."""
    return hundredth(multiply(percent, a))


def as_percent(a: Number, b: Number) -> Number:
    """Gives a as percent of b, in points. Raises `ZeroDivisionError` when b is zero."""
    return divide(multiply(a, HUNDRED), b)


def round_to(mode: str, value: Number, multiple: Number) -> Number:
    """The multiple of `multiple` (a positive number) near `value`.

    `up` goes towards plus infinity, `down` towards minus infinity; `half up` and its like go to the nearest,
    with ties as their name says, `half even` with ties to the even multiple.
    """
    quotient = Fraction(value) / Fraction(multiple)
    count = quotient.numerator // quotient.denominator
    rest = quotient - count
    match mode:
        case "down":
            pass
        case "up":
            count += rest > 0
        case "half up":
            count += 2 * rest >= 1
        case "half down":
            count += 2 * rest > 1
        case "towards zero":
            count += value < 0 and rest > 0
        case "away from zero":
            count += value > 0 and rest > 0
        case "half away from zero":
            count += 2 * rest > 1 or (2 * rest == 1 and value > 0)
        case "half even":
            count += 2 * rest > 1 or (2 * rest == 1 and count % 2 == 1)
        case _:
            raise ValueError(f"unknown way of rounding: {mode!r}")
    return multiply(EXACT.create_decimal(count), multiple)


def in_words(value: Number) -> str:
    """The number in plain notation: no exponent, no trailing zeros; `200/3` where no decimal ends."""
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text
