"""What the complete variant runs on: plain values, and one way out for anything unusual."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import NoReturn

from policy_lang.program import dates, hs, numbers
from policy_lang.program.countries import COUNTRIES
from policy_lang.program.fact_values import LONGEST_NUMBER, Mistake, read_date, read_number
from policy_lang.program.hs import canonical, digits_of
from policy_lang.program.values import ANY, Absence, Interval


class Fallback(Exception):
    """The facts are not plain and complete, or the answer is no plain value."""


WAYS_OUT = (Fallback, LookupError, TypeError, ValueError, ArithmeticError, AttributeError)
"""What the complete variant may raise when the general variant has to decide."""

_MOST_REMEMBERED = 10_000
_days: dict[str, datetime.date] = {}
_numbers: dict[str, dict[str, Decimal]] = {}


def hs_code(raw: object, digits: int) -> str:
    """The HS code that a fact gives, of at least so many digits."""
    found = canonical(raw) if type(raw) is str and len(raw) < 40 else None
    if found is None or digits_of(found) < digits:
        raise Fallback
    return found


def fall(*_: object) -> NoReturn:
    """Leaves the complete variant."""
    raise Fallback


def day(raw: object) -> datetime.date:
    """The date that a fact gives. Texts are remembered: the same dates come again and again."""
    if type(raw) is not str:
        if type(raw) is datetime.date:
            return raw
        raise Fallback
    found = _days.get(raw)
    if found is None:
        read = read_date(raw)
        if isinstance(read, Mistake):
            raise Fallback
        if len(_days) >= _MOST_REMEMBERED:
            _days.clear()
        found = _days[raw] = read
    return found


def amount(raw: object, unit: str) -> Decimal:
    """The number that a fact gives, in that unit; texts are remembered."""
    if type(raw) is not str:
        if type(raw) is not Decimal:
            raise Fallback
        read = read_number(raw, unit)
        if isinstance(read, Mistake):
            raise Fallback
        return read
    known = _numbers.get(unit)
    if known is None:
        if len(_numbers) >= 100:
            _numbers.clear()
        known = _numbers[unit] = {}
    found = known.get(raw)
    if found is None:
        read = read_number(raw, unit)
        if isinstance(read, Mistake):
            raise Fallback
        if len(known) >= _MOST_REMEMBERED:
            known.clear()
        found = known[raw] = read
    return found


def share(percent: Decimal, whole: Decimal) -> Decimal:
    """So many percent of a number that must be more than zero."""
    if whole <= 0:
        raise Fallback
    return numbers.EXACT.scaleb(numbers.EXACT.multiply(percent, whole), -2)


def in_percent(part: Decimal, whole: Decimal) -> numbers.Number:
    """The one as percent of the other, which must be more than zero."""
    if whole <= 0:
        raise Fallback
    return numbers.as_percent(part, whole)


def same_country(left: str, right: str, pairs: frozenset[tuple[str, str]]) -> bool:
    """Whether two countries are the same; a territory beside its sovereign is for the general variant."""
    if (left, right) in pairs or (right, left) in pairs:
        raise Fallback
    return left == right


def one_of(*conditions: bool) -> None:
    """Leaves the complete variant when more than one case holds."""
    if sum(conditions) > 1:
        raise Fallback


PLAIN_NAMES: dict[str, object] = {
    "__builtins__": {
        "type": type, "tuple": tuple, "len": len, "frozenset": frozenset, "min": min, "max": max,
        "dict": dict, "list": list, "str": str, "int": int,
    },
    "Decimal": Decimal,
    "Fraction": Fraction,
    "date": datetime.date,
    "Absence": Absence,
    "Interval": Interval,
    "ANY": ANY,
    "COUNTRIES": COUNTRIES,
    "ADD": numbers.EXACT.add,
    "SUB": numbers.EXACT.subtract,
    "MUL": numbers.EXACT.multiply,
    "NEG": numbers.EXACT.minus,
    "SCALE": numbers.EXACT.scaleb,
    "LIMIT": 10**LONGEST_NUMBER,
    "divide": numbers.divide,
    "round_to": numbers.round_to,
    "add_period": dates.add_period,
    "subtract_period": dates.subtract_period,
    "first_of_month": dates.first_of_month,
    "last_of_month": dates.last_of_month,
    "start_of_year": dates.start_of_year,
    "span": dates.span,
    "days_in": dates.days_in,
    "days_common": dates.days_common,
    "hs_part": hs.part_of,
    "hs_code": hs_code,
    "fall": fall,
    "day": day,
    "amount": amount,
    "share": share,
    "in_percent": in_percent,
    "same_country": same_country,
    "one_of": one_of,
    "YES_NO": {"yes": True, "no": False},
}  # fmt: skip
"""Everything that the code of the complete variant can reach."""
