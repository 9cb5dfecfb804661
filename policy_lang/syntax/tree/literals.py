"""Values written out: numbers, amounts, periods, dates, codes, yes and no."""

from __future__ import annotations

import datetime
from decimal import Decimal

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import span_field, wording


@frozen
class NumberLit:
    value: Decimal
    span: Span = span_field()


@frozen
class PercentLit:
    value: Decimal
    span: Span = span_field()


@frozen
class MoneyLit:
    value: Decimal
    currency: str
    span: Span = span_field()


@frozen
class QuantityLit:
    """`unit` is in the singular; `words` is the unit as written."""

    value: Decimal
    unit: str
    words: str = wording("")
    span: Span = span_field()


@frozen
class PeriodLit:
    """`words` is how it was written; the ordinal, for an anniversary."""

    years: int
    months: int
    days: int
    words: str = wording("")
    span: Span = span_field()


@frozen
class DateLit:
    value: datetime.date
    span: Span = span_field()


@frozen
class CountryLit:
    code: str
    span: Span = span_field()


@frozen
class HsLit:
    code: str
    span: Span = span_field()


@frozen
class YesNoLit:
    value: bool
    span: Span = span_field()


@frozen
class NoneLit:
    span: Span = span_field()
