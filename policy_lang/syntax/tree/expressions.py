"""Expressions: all that can stand where a value or a condition is wanted."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Name, Text, span_field, wording
from policy_lang.syntax.tree.literals import (
    CountryLit,
    DateLit,
    HsLit,
    MoneyLit,
    NoneLit,
    NumberLit,
    PercentLit,
    PeriodLit,
    QuantityLit,
    YesNoLit,
)


@frozen
class Ref:
    """A name, or names joined by dots: `graphite`, `vehicle.placed_in_service`."""

    parts: tuple[Name, ...]
    span: Span = span_field()

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@frozen
class Brackets:
    inner: Expr
    span: Span = span_field()


@frozen
class Sum:
    """`first` with terms added or taken away, in the order written."""

    first: Expr
    rest: tuple[tuple[Literal["+", "-"], Expr], ...]
    span: Span = span_field()


ProductSign: TypeAlias = Literal["*", "/", "applied to", "as percent of"]


@frozen
class Product:
    first: Expr
    rest: tuple[tuple[ProductSign, Expr], ...]
    span: Span = span_field()


@frozen
class Negative:
    operand: Expr
    span: Span = span_field()


@frozen
class PercentOf:
    percent: PercentLit
    operand: Expr
    span: Span = span_field()


@frozen
class Pick:
    """`lesser of A and B`, `greater of A and B`."""

    which: Literal["lesser", "greater"]
    left: Expr
    right: Expr
    span: Span = span_field()


@frozen
class DayOfMonth:
    which: Literal["first", "last"]
    operand: Expr
    span: Span = span_field()


MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)


@frozen
class Year:
    """A year of twelve months that begins on this day of this month: `the year from 1 July`."""

    day: int
    month: int
    span: Span = span_field()


@frozen
class DayOfYear:
    """`first day of the year from 1 July that contains D`."""

    which: Literal["first", "last"]
    year: Year
    operand: Expr
    span: Span = span_field()


@frozen
class AskedDate:
    """`the date asked about`."""

    span: Span = span_field()


@frozen
class HsPart:
    """`the heading of CODE`."""

    part: Literal["chapter", "heading", "subheading"]
    operand: Expr
    span: Span = span_field()


@frozen
class SpanOf:
    """`(from D until E)`: the days from the one to the other, both counted."""

    first: Expr
    last: Expr
    span: Span = span_field()


@frozen
class DaysIn:
    """`count of days in SPAN`, or with `other` those `common to SPAN and SPAN`."""

    operand: Expr
    other: Expr | None = None
    span: Span = span_field()


@frozen
class Converted:
    """`X in kg`; `unit` is in the singular, `words` the unit as written."""

    operand: Expr
    unit: Name
    words: str = wording("")
    span: Span = span_field()


RoundingWay: TypeAlias = Literal[
    "up",
    "down",
    "half up",
    "half even",
    "half down",
    "towards zero",
    "away from zero",
    "half away from zero",
    "never",
]


@frozen
class Rounded:
    """`to` is None (a period's rounding), a number of decimals, `whole`, or the unit of a multiple.

    `decimals` is their number as written, which may be more than there is any use for.
    """

    operand: Expr
    way: RoundingWay
    to: int | Literal["whole"] | Expr | None
    decimals: str = wording("")
    span: Span = span_field()


@frozen
class OnDate:
    """`X on D`: X as it stood on the date D."""

    operand: Expr
    date: Expr
    span: Span = span_field()


@frozen
class Aggregate:
    kind: Literal["sum", "count", "most", "least"]
    body: Expr | None
    list: Ref
    where: Expr | None
    span: Span = span_field()


Ordering: TypeAlias = Literal["lt", "le", "gt", "ge"]


@frozen
class RunningTotal:
    """`running total of BODY of LIST by DATE up to and including D in the year from 1 July where ...`."""

    body: Expr
    list: Ref
    by: Ref
    until: Expr | None
    year: Year | None
    where: Expr | None
    span: Span = span_field()


@frozen
class Ordered:
    """`A is at least B` and its relatives; `words` is how it was written."""

    ordering: Ordering
    left: Expr
    right: Expr
    words: str = wording("")
    span: Span = span_field()


@frozen
class Between:
    operand: Expr
    lower: Expr
    upper: Expr
    span: Span = span_field()


@frozen
class Is:
    left: Expr
    right: Expr
    negated: bool = False
    span: Span = span_field()


@frozen
class IsIn:
    """`options` is a name of a list, or the options themselves."""

    operand: Expr
    options: Ref | tuple[Expr, ...]
    negated: bool = False
    date: Expr | None = None
    span: Span = span_field()


@frozen
class InHs:
    """`CODE is in HS 8507`."""

    operand: Expr
    code: HsLit
    negated: bool = False
    span: Span = span_field()


@frozen
class InYear:
    """`D is in the year from 1 July that contains E`."""

    operand: Expr
    year: Year
    anchor: Expr
    negated: bool = False
    span: Span = span_field()


@frozen
class Within:
    """`D is within 30 days after E`: from E to 30 days after it, both days counted."""

    operand: Expr
    period: PeriodLit
    rounding: Literal["up", "down"] | None
    which: Literal["after", "before"]
    anchor: Expr
    negated: bool = False
    span: Span = span_field()


@frozen
class IsA:
    """`practice.by is a non_party`."""

    operand: Expr
    adjective: Name
    negated: bool = False
    article: str = wording("a")
    span: Span = span_field()


@frozen
class HasStatus:
    """`country has status free_trade_partner of US for mineral on day`."""

    country: Expr
    status: Name
    partner: Name
    good: Ref | None
    date: Expr | None
    span: Span = span_field()


@frozen
class Quantified:
    """`any of chains is NAME`."""

    kind: Literal["any", "all", "none"]
    list: Ref
    predicate: Ref
    span: Span = span_field()


@frozen
class Applies:
    """`clause applies`, which only a property can ask."""

    operand: Expr
    negated: bool
    span: Span = span_field()


@frozen
class Logic:
    connective: Literal["and", "or"]
    operands: tuple[Expr, ...]
    span: Span = span_field()


@frozen
class MixedLogic:
    """`and` beside `or` without brackets: kept so that it is reported once and well.

    `connectives` are the words between the operands.
    """

    operands: tuple[Expr, ...]
    connectives: tuple[str, ...] = wording(())
    span: Span = span_field()


@frozen
class Negation:
    operand: Expr
    span: Span = span_field()


Expr: TypeAlias = (
    NumberLit
    | PercentLit
    | MoneyLit
    | QuantityLit
    | PeriodLit
    | DateLit
    | Text
    | CountryLit
    | HsLit
    | YesNoLit
    | NoneLit
    | Ref
    | Brackets
    | Sum
    | Product
    | Negative
    | PercentOf
    | Pick
    | DayOfMonth
    | DayOfYear
    | AskedDate
    | HsPart
    | SpanOf
    | DaysIn
    | Converted
    | RunningTotal
    | InHs
    | InYear
    | Within
    | Rounded
    | OnDate
    | Aggregate
    | Ordered
    | Between
    | Is
    | IsIn
    | IsA
    | HasStatus
    | Quantified
    | Applies
    | Logic
    | MixedLogic
    | Negation
)
