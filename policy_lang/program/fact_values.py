"""One value as facts files give it: numbers, amounts, dates, words, yes and no (section 4 of the language).

`read_value` gives the value, or a `Mistake` that says what is wrong with it.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from decimal import Decimal
from typing import assert_never

from attrs import frozen

from policy_lang.program.core import Bounds, Plain
from policy_lang.program.countries import COUNTRIES
from policy_lang.program.hs import canonical, digits_of
from policy_lang.program.numbers import in_words
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    DateSpan,
    Enumeration,
    HsCode,
    ListOf,
    Money,
    Number,
    Percent,
    Period,
    Quantity,
    RecordOf,
    Text,
    Type,
    Unresolved,
    YesNo,
    describe,
)
from policy_lang.program.values import precedes
from policy_lang.source.suggest import closest

LONGEST_NUMBER = 34
"""The most digits that a number in facts may have."""

_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_AMOUNT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) *(%|[^\W\d_]\S*)")
_PERIOD = re.compile(r"(?:([0-9]{1,5}) years?)?(?:(?:,? and |, | )?([0-9]{1,6}) months?)?"
                     r"(?:(?:,? and |, | )?([0-9]{1,7}) days?)?")  # fmt: skip
_TOO_BIG = 10**LONGEST_NUMBER
_LONGEST_SHOWN = 40


@frozen
class Mistake:
    """What is wrong with one value: a code in words, a sentence, and how to mend it."""

    code: str
    message: str
    help: str = ""


def shown(raw: object) -> str:
    """A raw value for a message: short, and safe for values of any size or depth."""
    if raw is None:
        return "nothing"
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if raw == "":
        return "an empty text"
    if isinstance(raw, str):
        text = raw if len(raw) <= _LONGEST_SHOWN else raw[:_LONGEST_SHOWN] + "..."
        return f"`{''.join(c if c.isprintable() else '?' for c in text)}`"
    if isinstance(raw, int):
        return f"`{raw}`" if -_TOO_BIG < raw < _TOO_BIG else "a very long number"
    if isinstance(raw, (float, Decimal, datetime.date)):
        return f"`{str(raw)[:_LONGEST_SHOWN]}`"
    if isinstance(raw, dict):
        return "a group of named values"
    if isinstance(raw, (list, tuple)):
        return "a list"
    return f"a value of the kind `{type(raw).__name__[:_LONGEST_SHOWN]}`"


def read_value(raw: object, kind: Type, bounds: Bounds | None = None) -> Plain | Mistake:
    """The value of one fact of this type, or what is wrong with it; never `none` and never a list."""
    value: Decimal | datetime.date | Mistake
    match kind:
        case Number(whole=whole):
            value = read_number(raw, "")
            if whole and isinstance(value, Decimal) and value != value.to_integral_value():
                return Mistake("not-whole", f"{shown(raw)} is not a whole number")
        case Percent():
            value = read_number(raw, "%")
        case Money(currency=unit) | Quantity(unit=unit):
            value = read_number(raw, unit)
        case Date():
            value = read_date(raw)
        case YesNo():
            return _read_yes_no(raw)
        case Enumeration():
            return _read_word(raw, kind)
        case Country():
            return _read_country(raw)
        case Text():
            if isinstance(raw, str):
                return unicodedata.normalize("NFC", raw)
            return Mistake("wrong-kind", f"{shown(raw)} is not text", "put it in quotation marks")
        case Period():
            return _read_period(raw)
        case DateSpan():
            return _read_span(raw)
        case HsCode():
            return _read_hs_code(raw, kind)
        case RecordOf() | ListOf() | Dates() | Unresolved():
            return Mistake("wrong-kind", f"{describe(kind)} cannot be given as one value")
        case _:
            assert_never(kind)
    if isinstance(value, Mistake) or bounds is None:
        return value
    return _outside(value, bounds) or value


def read_number(raw: object, unit: str) -> Decimal | Mistake:
    """The exact number, from an integer, a `Decimal` or text; `unit` may stand after it in text."""
    if isinstance(raw, bool):
        return Mistake("wrong-kind", f"{shown(raw)} is not a number")
    if isinstance(raw, int):
        return Decimal(raw) if -_TOO_BIG < raw < _TOO_BIG else _too_long()
    if isinstance(raw, Decimal):
        return _checked_decimal(raw)
    if isinstance(raw, float):
        return Mistake(
            "float-number",
            f"{shown(raw)} is a binary number, which cannot hold most decimals exactly",
            'write it as text, such as "40.5"',
        )
    if not isinstance(raw, str):
        return Mistake("wrong-kind", f"{shown(raw)} is not a number")
    if len(raw) > 200:
        return _too_long()
    text = raw.strip()
    if not _NUMBER.fullmatch(text):
        amount = _AMOUNT.fullmatch(text)
        if amount is None:
            return _not_a_number(raw)
        text, given = amount.groups()
        if given[0] in "eE" and given[1:].lstrip("+-").isdigit():
            return _not_a_number(raw)
        if given != unit:
            if not unit:
                return Mistake("wrong-unit", f"{shown(raw)} has a unit, but a plain number is expected")
            return Mistake("wrong-unit", f"{shown(raw)} is not in {unit}", f"give the amount in {unit}")
    if sum(c.isdigit() for c in text) > LONGEST_NUMBER:
        return _too_long()
    return Decimal(text)


def _checked_decimal(number: Decimal) -> Decimal | Mistake:
    if not number.is_finite():
        return Mistake("wrong-kind", f"{shown(number)} is not a number")
    digits, exponent = number.as_tuple().digits, int(number.as_tuple().exponent)
    length = max(len(digits), -exponent) if exponent < 0 else len(digits) + (exponent if any(digits) else 0)
    if length > LONGEST_NUMBER:
        return _too_long()
    return number if exponent <= 0 else Decimal(int(number))


def _too_long() -> Mistake:
    return Mistake("number-too-long", f"the number has more than {LONGEST_NUMBER} digits")


def _not_a_number(raw: str) -> Mistake:
    return Mistake(
        "wrong-kind",
        f"{shown(raw)} is not a number",
        "write the digits with a point for decimals, without an exponent or separators",
    )


def read_date(raw: object) -> datetime.date | Mistake:
    """The date, from ISO 8601 text `YYYY-MM-DD` or a date."""
    if isinstance(raw, datetime.datetime):
        return Mistake("wrong-kind", f"{shown(raw)} has a time of day; a date is expected")
    if isinstance(raw, datetime.date):
        return raw
    if isinstance(raw, str) and len(raw) == 10 and raw[4] == raw[7] == "-" and raw.isascii():
        try:
            return datetime.date.fromisoformat(raw)
        except ValueError:
            return Mistake("no-such-date", f"{shown(raw)} is not a day of the calendar")
    return Mistake("wrong-kind", f"{shown(raw)} is not a date", "write it as YYYY-MM-DD")


def _read_yes_no(raw: object) -> bool | Mistake:
    if isinstance(raw, bool):
        return raw
    if isinstance(raw, str) and raw in ("yes", "no"):
        return raw == "yes"
    return Mistake("wrong-kind", f"{shown(raw)} is neither yes nor no", "write yes or no")


def _read_word(raw: object, kind: Enumeration) -> str | Mistake:
    if isinstance(raw, str) and raw in kind.members:
        return str(raw)
    near = closest(raw, kind.members) if isinstance(raw, str) else None
    if near is not None:
        hint = f"did you mean `{near}`?"
    else:
        words = [f"`{member}`" for member in kind.members[:12]]
        hint = f"it can be {', '.join(words)}" + (", ..." if len(kind.members) > 12 else "")
    what = kind.name if kind.name is not None else "word that is possible here"
    return Mistake("unknown-word", f"{shown(raw)} is no {what}", hint)


def _read_country(raw: object) -> str | Mistake:
    if isinstance(raw, str) and raw in COUNTRIES:
        return str(raw)
    if not isinstance(raw, str):
        return Mistake("wrong-kind", f"{shown(raw)} is not the code of a country")
    hint = "use the two-letter code of ISO 3166-1, such as JP"
    if raw.upper() in COUNTRIES:
        hint = f"write it in capitals: {raw.upper()}"
    else:
        named = [code for code, name in COUNTRIES.items() if name.casefold() == raw.casefold()]
        if named:
            hint = f"write its code: {named[0]}"
    return Mistake("unknown-country", f"{shown(raw)} is not the code of a country", hint)


def _read_period(raw: object) -> tuple[int, int, int] | Mistake:
    """The period, from text such as `2 years 6 months`, or from a tuple of years, months and days."""
    if isinstance(raw, tuple) and len(raw) == 3 and all(type(part) is int for part in raw):
        return raw
    found = _PERIOD.fullmatch(raw) if isinstance(raw, str) and raw and len(raw) < 80 else None
    if found is None or not any(found.groups()):
        return Mistake("wrong-kind", f"{shown(raw)} is not a period", "write it as `2 years 6 months`")
    years, months, days = (int(part or 0) for part in found.groups())
    return years, months, days


def _read_span(raw: object) -> tuple[datetime.date, datetime.date] | Mistake:
    """The span, from text such as `2024-01-01 to 2024-06-30`, from `from` and `until`, or from two dates."""
    ends: tuple[object, ...] = ()
    if isinstance(raw, dict) and set(raw) == {"from", "until"}:
        ends = (raw["from"], raw["until"])
    elif isinstance(raw, str) and len(raw) < 40:
        ends = tuple(part.strip() for part in raw.split(" to "))
    elif isinstance(raw, tuple):
        ends = raw[:3]
    if len(ends) != 2:
        return Mistake("wrong-kind", f"{shown(raw)} is not a span", "write it as `2024-01-01 to 2024-06-30`")
    first, last = read_date(ends[0]), read_date(ends[1])
    if isinstance(first, Mistake):
        return first
    if isinstance(last, Mistake):
        return last
    if last < first:
        return Mistake("wrong-kind", f"{shown(raw)} ends before it begins", "write the earlier date first")
    return first, last


def _read_hs_code(raw: object, kind: HsCode) -> str | Mistake:
    """The code, from text; a number would have lost its leading zero."""
    if not isinstance(raw, str):
        return Mistake("wrong-kind", f"{shown(raw)} is not an HS code", 'write it as text, such as "0406.90"')
    found = canonical(raw) if len(raw) < 40 else None
    if found is None:
        return Mistake(
            "bad-hs-code", f"{shown(raw)} is not an HS code", "write 6, 8 or 10 digits, such as 8507.60"
        )
    if digits_of(found) < kind.digits:
        return Mistake(
            "bad-hs-code",
            f"{shown(raw)} has {digits_of(found)} digits; at least {kind.digits} are needed",
            "give the code of the goods themselves, not only of their chapter or heading",
        )
    return found


def _outside(value: Decimal | datetime.date, bounds: Bounds) -> Mistake | None:
    """What is wrong with a value that breaks the bounds of its field (rule V7)."""
    lower, upper = bounds.lower, bounds.upper
    words = in_words(value) if isinstance(value, Decimal) else value.isoformat()
    date = isinstance(value, datetime.date)
    if lower is not None and (precedes(value, lower) or (bounds.lower_open and value == lower)):
        limit = in_words(lower) if isinstance(lower, Decimal) else lower.isoformat()
        if date:
            need = f"after {limit}" if bounds.lower_open else f"on or after {limit}"
        else:
            need = f"more than {limit}" if bounds.lower_open else f"at least {limit}"
        return Mistake("out-of-bounds", f"`{words}` is not {need}")
    if upper is not None and (precedes(upper, value) or (bounds.upper_open and value == upper)):
        limit = in_words(upper) if isinstance(upper, Decimal) else upper.isoformat()
        if date:
            need = f"before {limit}" if bounds.upper_open else f"on or before {limit}"
        else:
            need = f"less than {limit}" if bounds.upper_open else f"at most {limit}"
        return Mistake("out-of-bounds", f"`{words}` is not {need}")
    if bounds.digits is not None and isinstance(value, Decimal):
        digits = sum(c.isdigit() for c in words)
        if digits > bounds.digits:
            return Mistake(
                "out-of-bounds", f"`{words}` has {digits} digits; at most {bounds.digits} are allowed"
            )
    if bounds.decimals is not None and isinstance(value, Decimal):
        places = len(words.partition(".")[2])
        if places > bounds.decimals:
            most = "no decimals" if bounds.decimals == 0 else f"at most {bounds.decimals} decimals"
            return Mistake("out-of-bounds", f"`{words}` has {places} decimals; {most} are allowed")
    return None
