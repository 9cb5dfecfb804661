"""The types a value can have. Every expression has exactly one, known before anything runs."""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen


@frozen
class YesNo:
    """Yes or no. At run time a Python `bool`."""


@frozen
class Number:
    """A number. At run time a `Decimal`, or a `Fraction` where a quotient has no finite decimal."""

    whole: bool = False


@frozen
class Percent:
    """A percentage, held in points: 40 % is `Decimal(40)`."""


@frozen
class Money:
    """An amount of one currency, named by its ISO 4217 code."""

    currency: str


@frozen
class Quantity:
    """An amount measured in one unit, such as `kWh` or `lb`. Units are never converted silently."""

    unit: str


@frozen
class Date:
    """A calendar date from 0001-01-01 to 9999-12-31. At run time a `datetime.date`."""


@frozen
class Period:
    """Years, months and days. At run time a `(years, months, days)` tuple."""


@frozen
class DateSpan:
    """The days from one date to another, both counted. At run time a pair of dates, the earlier first."""


@frozen
class HsCode:
    """A code of one edition of the Harmonized System, of at least so many digits. At run time a `str`."""

    edition: str
    digits: int = 6


@frozen
class Text:
    """Free text, in Unicode normalisation form C."""


@frozen
class Country:
    """A country by its ISO 3166-1 alpha-2 code, or XK, XI, EU. At run time a `str`."""


@frozen
class Enumeration:
    """One of a closed set of words. `name` is what an author calls the set; inline sets have none.

    Two enumerations are the same type only when both name and members agree.
    """

    name: str | None
    members: tuple[str, ...]


@frozen
class RecordOf:
    """One record of the kind `record`."""

    record: str


@frozen
class ListOf:
    """A complete list of records of the kind `record`."""

    record: str


@frozen
class Dates:
    """The dates on which an event happened: a complete list up to the as-of date."""


@frozen
class Unresolved:
    """Stands where a mistake was already reported, so that one mistake gives one message."""


Type: TypeAlias = (
    YesNo
    | Number
    | Percent
    | Money
    | Quantity
    | Date
    | Period
    | DateSpan
    | HsCode
    | Text
    | Country
    | Enumeration
    | RecordOf
    | ListOf
    | Dates
    | Unresolved
)

NUMERIC = (Number, Percent, Money, Quantity)


def is_numeric(kind: Type) -> bool:
    """Whether values of this type are held as exact numbers."""
    return isinstance(kind, NUMERIC)


def is_ordered(kind: Type) -> bool:
    """Whether `is more than` and its relatives make sense for this type."""
    return isinstance(kind, (*NUMERIC, Date))


def describe(kind: Type) -> str:
    """The type as an author would write it, for messages and for outcomes (`money USD`)."""
    match kind:
        case YesNo():
            return "yes or no"
        case Number(whole=whole):
            return "whole number" if whole else "number"
        case Percent():
            return "percent"
        case Money(currency=currency):
            return f"money {currency}"
        case Quantity(unit=unit):
            return f"quantity {unit}"
        case Date():
            return "date"
        case Period():
            return "period"
        case DateSpan():
            return "span"
        case HsCode(edition=edition, digits=digits):
            more = f" with {digits} digits" if digits != 6 else ""
            return f"HS {edition} code{more}"
        case Text():
            return "text"
        case Country():
            return "country"
        case Enumeration(name=name, members=members):
            if name is not None:
                return name
            return f"{', '.join(members[:-1])} or {members[-1]}" if len(members) > 1 else members[0]
        case RecordOf(record=record):
            return record
        case ListOf(record=record):
            return f"list of {record}"
        case Dates():
            return "dates"
        case Unresolved():
            return "something unknown"
