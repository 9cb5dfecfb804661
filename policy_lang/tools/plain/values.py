"""Values and terms in plain words, as a contract has them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction

from policy_lang.program.numbers import in_words
from policy_lang.program.sentences import period
from policy_lang.program.titles import country_name, long_date, spaced
from policy_lang.program.types import (
    Country,
    Enumeration,
    HsCode,
    Money,
    Percent,
    Quantity,
    Type,
)


def quoted(name: str) -> str:
    """A term of the policy."""
    return f"“{spaced(name)}”"


def among(name: str) -> str:
    """That something belongs to a list: `one of the “critical minerals”`, `in “north america”`."""
    return f"one of the {quoted(name)}" if name.endswith("s") else f"in {quoted(name)}"


def value_words(value: object, kind: Type | None) -> str:
    """A value as a contract has it: `28 March 2023`, `1,000 USD`, `the United States`."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (Decimal, Fraction)):
        number = in_words(value)
        match kind:
            case Percent():
                return f"{number} %"
            case Money(currency=unit) | Quantity(unit=unit):
                return f"{_grouped(number)} {spaced(unit)}"
            case _:
                return number
    if isinstance(value, datetime.date):
        return long_date(value)
    if isinstance(value, tuple):
        match value:
            case (datetime.date() as first, datetime.date() as last):
                return f"{long_date(first)} to {long_date(last)}"
            case _:
                return period([int(n) for n in value])
    match kind:
        case Country():
            return country_name(str(value))
        case Enumeration():
            return spaced(str(value))
        case HsCode():
            return f"HS {value}"
        case _:
            return f"“{value}”"


def _grouped(number: str) -> str:
    """Digits in groups of three: `1,000,000`."""
    whole, point, rest = number.partition(".")
    sign, digits = ("-", whole[1:]) if whole.startswith("-") else ("", whole)
    return f"{sign}{int(digits):,}{point}{rest}" if digits.isdigit() else number
