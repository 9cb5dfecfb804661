"""What the author wrote, as frozen trees. Nothing is resolved or typed yet.

Every node carries its `span`, keyword-only and out of equality, so that two trees are equal when they
say the same, wherever it stands. Where one thing can be said in several words, the words are kept, out of
equality as well: with them a tree holds every word of its source.
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Literal, TypeAlias, TypeVar

from attrs import field, frozen

from policy_lang.source.text import NOWHERE, SourceFile, Span


def _span() -> Span:
    return field(kw_only=True, default=NOWHERE, eq=False, repr=False)


_Wording = TypeVar("_Wording")


def _wording(usual: _Wording) -> _Wording:
    """How it was written, among words that say the same."""
    return field(kw_only=True, default=usual, eq=False)


@frozen
class Name:
    """A word that the author chose, or a country code."""

    text: str
    span: Span = _span()


@frozen
class Citation:
    """The text between square brackets, without them."""

    text: str
    span: Span = _span()


@frozen
class Comment:
    """A comment with its `#`; `own_line` when nothing stands before it."""

    text: str
    own_line: bool
    span: Span = _span()


@frozen
class Text:
    """A quoted string, without its quotes, in normalisation form C."""

    text: str
    span: Span = _span()


# ------------------------------------------------------------------------------------------ expressions


@frozen
class NumberLit:
    value: Decimal
    span: Span = _span()


@frozen
class PercentLit:
    value: Decimal
    span: Span = _span()


@frozen
class MoneyLit:
    value: Decimal
    currency: str
    span: Span = _span()


@frozen
class QuantityLit:
    """`unit` is in the singular; `words` is the unit as written."""

    value: Decimal
    unit: str
    words: str = _wording("")
    span: Span = _span()


@frozen
class PeriodLit:
    """`words` is how it was written; the ordinal, for an anniversary."""

    years: int
    months: int
    days: int
    words: str = _wording("")
    span: Span = _span()


@frozen
class DateLit:
    value: datetime.date
    span: Span = _span()


@frozen
class CountryLit:
    code: str
    span: Span = _span()


@frozen
class HsLit:
    code: str
    span: Span = _span()


@frozen
class YesNoLit:
    value: bool
    span: Span = _span()


@frozen
class NoneLit:
    span: Span = _span()


@frozen
class Ref:
    """A name, or names joined by dots: `graphite`, `vehicle.placed_in_service`."""

    parts: tuple[Name, ...]
    span: Span = _span()

    @property
    def text(self) -> str:
        return ".".join(part.text for part in self.parts)


@frozen
class Brackets:
    inner: Expr
    span: Span = _span()


@frozen
class Sum:
    """`first` with terms added or taken away, in the order written."""

    first: Expr
    rest: tuple[tuple[Literal["+", "-"], Expr], ...]
    span: Span = _span()


ProductSign: TypeAlias = Literal["*", "/", "applied to", "as percent of"]


@frozen
class Product:
    first: Expr
    rest: tuple[tuple[ProductSign, Expr], ...]
    span: Span = _span()


@frozen
class Negative:
    operand: Expr
    span: Span = _span()


@frozen
class PercentOf:
    percent: PercentLit
    operand: Expr
    span: Span = _span()


@frozen
class Pick:
    """`lesser of A and B`, `greater of A and B`."""

    which: Literal["lesser", "greater"]
    left: Expr
    right: Expr
    span: Span = _span()


@frozen
class DayOfMonth:
    which: Literal["first", "last"]
    operand: Expr
    span: Span = _span()


MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)


@frozen
class Year:
    """A year of twelve months that begins on this day of this month: `the year from 1 July`."""

    day: int
    month: int
    span: Span = _span()


@frozen
class DayOfYear:
    """`first day of the year from 1 July that contains D`."""

    which: Literal["first", "last"]
    year: Year
    operand: Expr
    span: Span = _span()


@frozen
class AskedDate:
    """`the date asked about`."""

    span: Span = _span()


@frozen
class HsPart:
    """`the heading of CODE`."""

    part: Literal["chapter", "heading", "subheading"]
    operand: Expr
    span: Span = _span()


@frozen
class SpanOf:
    """`(from D until E)`: the days from the one to the other, both counted."""

    first: Expr
    last: Expr
    span: Span = _span()


@frozen
class DaysIn:
    """`count of days in SPAN`, or with `other` those `common to SPAN and SPAN`."""

    operand: Expr
    other: Expr | None = None
    span: Span = _span()


@frozen
class Converted:
    """`X in kg`; `unit` is in the singular, `words` the unit as written."""

    operand: Expr
    unit: Name
    words: str = _wording("")
    span: Span = _span()


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
    decimals: str = _wording("")
    span: Span = _span()


@frozen
class OnDate:
    """`X on D`: X as it stood on the date D."""

    operand: Expr
    date: Expr
    span: Span = _span()


@frozen
class Aggregate:
    kind: Literal["sum", "count", "most", "least"]
    body: Expr | None
    list: Ref
    where: Expr | None
    span: Span = _span()


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
    span: Span = _span()


@frozen
class Ordered:
    """`A is at least B` and its relatives; `words` is how it was written."""

    ordering: Ordering
    left: Expr
    right: Expr
    words: str = _wording("")
    span: Span = _span()


@frozen
class Between:
    operand: Expr
    lower: Expr
    upper: Expr
    span: Span = _span()


@frozen
class Is:
    left: Expr
    right: Expr
    negated: bool = False
    span: Span = _span()


@frozen
class IsIn:
    """`options` is a name of a list, or the options themselves."""

    operand: Expr
    options: Ref | tuple[Expr, ...]
    negated: bool = False
    date: Expr | None = None
    span: Span = _span()


@frozen
class InHs:
    """`CODE is in HS 8507`."""

    operand: Expr
    code: HsLit
    negated: bool = False
    span: Span = _span()


@frozen
class InYear:
    """`D is in the year from 1 July that contains E`."""

    operand: Expr
    year: Year
    anchor: Expr
    negated: bool = False
    span: Span = _span()


@frozen
class Within:
    """`D is within 30 days after E`: from E to 30 days after it, both days counted."""

    operand: Expr
    period: PeriodLit
    rounding: Literal["up", "down"] | None
    which: Literal["after", "before"]
    anchor: Expr
    negated: bool = False
    span: Span = _span()


@frozen
class IsA:
    """`practice.by is a non_party`."""

    operand: Expr
    adjective: Name
    negated: bool = False
    article: str = _wording("a")
    span: Span = _span()


@frozen
class HasStatus:
    """`country has status free_trade_partner of US for mineral on day`."""

    country: Expr
    status: Name
    partner: Name
    good: Ref | None
    date: Expr | None
    span: Span = _span()


@frozen
class Quantified:
    """`any of chains is NAME`."""

    kind: Literal["any", "all", "none"]
    list: Ref
    predicate: Ref
    span: Span = _span()


@frozen
class Applies:
    """`clause applies`, which only a property can ask."""

    operand: Expr
    negated: bool
    span: Span = _span()


@frozen
class Logic:
    connective: Literal["and", "or"]
    operands: tuple[Expr, ...]
    span: Span = _span()


@frozen
class MixedLogic:
    """`and` beside `or` without brackets: kept so that it is reported once and well.

    `connectives` are the words between the operands.
    """

    operands: tuple[Expr, ...]
    connectives: tuple[str, ...] = _wording(())
    span: Span = _span()


@frozen
class Negation:
    operand: Expr
    span: Span = _span()


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

# ------------------------------------------------------------------------------------------ types


@frozen
class TypeYesNo:
    span: Span = _span()


@frozen
class TypeNumber:
    whole: bool
    span: Span = _span()


@frozen
class TypePercent:
    span: Span = _span()


@frozen
class TypeMoney:
    currency: str
    span: Span = _span()


@frozen
class TypeQuantity:
    unit: str
    words: str = _wording("")
    span: Span = _span()


@frozen
class TypePlain:
    """`date`, `period`, `span`, `text` or `country`."""

    word: Literal["date", "period", "span", "text", "country"]
    span: Span = _span()


@frozen
class TypeHs:
    """`HS code`, or `HS 2017 code` where the edition is not that of the file."""

    edition: str | None
    span: Span = _span()


@frozen
class TypeList:
    record: Name
    span: Span = _span()


@frozen
class TypeNamed:
    name: Name
    span: Span = _span()


@frozen
class TypeWords:
    words: tuple[Name, ...]
    span: Span = _span()


TypeExpr: TypeAlias = (
    TypeYesNo
    | TypeNumber
    | TypePercent
    | TypeMoney
    | TypeQuantity
    | TypePlain
    | TypeHs
    | TypeList
    | TypeNamed
    | TypeWords
)

# ------------------------------------------------------------------------------------------ small parts


@frozen
class Window:
    """`from` and `until` dates; both ends count."""

    start: DateLit | None = None
    end: DateLit | None = None
    span: Span = _span()


@frozen
class Reading:
    because: Text
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Case:
    """One line of a rule. `when` None is the default; `otherwise` tells how that was written."""

    value: Expr
    when: Expr | None
    window: Window = Window()
    exceptions: tuple[Case, ...] = ()
    otherwise: bool = False
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Member:
    """A member of a list: a word, a country or an HS code (`HS 8507`), with the dates of its membership."""

    name: Name
    window: Window = Window()
    span: Span = _span()


BoundWord: TypeAlias = Literal["more than", "at least", "less than", "at most"]


@frozen
class Bound:
    word: BoundWord
    value: Expr
    span: Span = _span()


@frozen
class Digits:
    """`with 8 digits`."""

    count: int
    span: Span = _span()


@frozen
class KeyWindow:
    """A date key: from, until, or both; `whole_year` when written `in 2024`."""

    window: Window
    whole_year: bool = _wording(False)
    span: Span = _span()


@frozen
class KeyGroup:
    name: Name
    span: Span = _span()


@frozen
class KeyAny:
    span: Span = _span()


@frozen
class KeyRange:
    bounds: tuple[Bound, ...]
    span: Span = _span()


@frozen
class KeyWords:
    options: tuple[Expr, ...]
    span: Span = _span()


Key: TypeAlias = KeyWindow | KeyGroup | KeyAny | KeyRange | KeyWords


@frozen
class Row:
    """A row of a table; no keys at all is the `otherwise` row."""

    keys: tuple[Key, ...]
    value: Expr
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Field:
    """`limits` are all limits in the order written; `type_written` is about a determination's."""

    name: Name
    type: TypeExpr
    label: Text | None = None
    bounds: tuple[Bound, ...] = ()
    decimals: int | None = None
    digits: int | None = None
    optional: bool = False
    determination: bool = False
    cites: tuple[Citation, ...] = ()
    limits: tuple[Bound | int | Digits, ...] = _wording(())
    type_written: bool = _wording(True)
    span: Span = _span()


@frozen
class Check:
    condition: Expr
    span: Span = _span()


# ------------------------------------------------------------------------------------------ clause forms


@frozen
class Goods:
    """`with respect to ...`: all goods when `refs` is None."""

    refs: tuple[Ref, ...] | None
    span: Span = _span()


@frozen
class Treat:
    countries: tuple[Name, ...]
    status: Name
    partner: Name
    goods: Goods | None
    purposes: tuple[Name, ...]
    designation: Text | None
    when: Expr | None
    window: Window
    span: Span = _span()


@frozen
class Actor:
    """`neither party`, `each party`, `the participants`, a country code, ..."""

    words: str
    country: Name | None = None
    span: Span = _span()


@frozen
class Direction:
    """`exported to` or `imported from`; the counterpart None is `the other party`."""

    flow: Literal["exported to", "imported from"]
    counterpart: Name | None
    span: Span = _span()


@frozen
class Prohibition:
    """`verb` is `impose`, `apply`, `maintain`, `adopt`, or nothing."""

    actor: Actor
    act: Name
    goods: Goods | None
    direction: Direction | None
    when: Expr | None
    window: Window
    verb: str = _wording("")
    span: Span = _span()


@frozen
class Permission:
    actor: Actor
    act: Name
    goods: Goods | None
    direction: Direction | None
    beats: Name | None  # none is named by what is said for greater certainty
    when: Expr | None
    window: Window
    verb: str = _wording("")
    span: Span = _span()


@frozen
class Deed:
    """What is to be done; `kind` tells the form, `topic` what it is about.

    `reviewed` is what a review calls the instrument: `agreement`, `framework` or `law`.
    """

    kind: Literal["text", "review", "confer"]
    topic: Text | Name | None
    against: bool = False
    reviewed: str = _wording("agreement")
    span: Span = _span()


@frozen
class Happening:
    """The dates of an event, as they are spoken of: `notice by JP`, `receipt of notice by either party`.

    `by` is a country's code or the words for the parties; None: the event is no party's own.
    """

    event: Name
    by: Name | None = None
    receipt: bool = False
    span: Span = _span()


@frozen
class Anchor:
    kind: Literal["entry into force", "signature", "date", "event"]
    date: DateLit | None = None
    event: Happening | None = None
    span: Span = _span()


@frozen
class Timing:
    """When it is due. `by` has a date; `anniversary` counts its years in `period`.

    `month` counts its months there, and `day` is the day of the month reached; `word` is `on` or `by`.
    """

    kind: Literal["by", "within", "before", "anniversary", "month"]
    period: PeriodLit | None
    anchor: Anchor
    rounding: Literal["up", "down"] | None = None
    day: Literal["first", "last"] | None = None
    word: str = _wording("on")
    span: Span = _span()


@frozen
class Recurrence:
    """`counting_written` is no when the author left it to the usual way, from the due date."""

    period: PeriodLit
    counted_from: Literal["due", "held"]
    when: Expr | None
    rounding: Literal["up", "down"] | None = None
    counting_written: bool = _wording(True)
    span: Span = _span()


Modal: TypeAlias = Literal["shall", "should", "shall endeavour to", "intend to"]


@frozen
class Duty:
    """`ACTOR shall DEED ...`: with a timing an obligation, else an undertaking."""

    actor: Actor
    modal: Modal
    deed: Deed
    timing: Timing | None
    recurrence: Recurrence | None
    fulfilled_by: Happening | None
    considering: tuple[Text | Name, ...]
    on_record: Name | None
    goods: Goods | None
    when: Expr | None
    window: Window
    modal_words: str = _wording("")
    span: Span = _span()


@frozen
class Affirmation:
    actor: Actor
    verb: str
    topic: Text
    on_record: Name | None
    goods: Goods | None
    when: Expr | None
    window: Window
    span: Span = _span()


@frozen
class Flag:
    name: Name
    record: Name
    when: Expr
    window: Window
    span: Span = _span()


Form: TypeAlias = Treat | Prohibition | Permission | Duty | Affirmation | Flag

# ------------------------------------------------------------------------------------------ scenarios


@frozen
class Decided:
    """Who characterised something, and when."""

    by: Text
    on: DateLit | None
    span: Span = _span()


@frozen
class FactValue:
    name: Name
    value: Expr
    decided: Decided | None = None
    span: Span = _span()


@frozen
class FactElement:
    """One element of a list, headed by the name of its record."""

    record: Name
    lines: tuple[FactLine, ...]
    span: Span = _span()


FactLine: TypeAlias = FactValue | FactElement


@frozen
class GivenRecord:
    record: Name
    lines: tuple[FactLine, ...]
    span: Span = _span()


@frozen
class GivenEvent:
    """The dates of an event; `received` has for each the day on which it was received, if that is said."""

    event: Name
    dates: tuple[DateLit, ...]
    known_until: DateLit | None
    by: Name | None = None
    received: tuple[DateLit | None, ...] = ()
    span: Span = _span()


@frozen
class GivenValue:
    name: Name
    value: Expr
    decided: Decided | None
    span: Span = _span()


@frozen
class GivenFile:
    """Facts from a file in the folder of the policy, or below it."""

    path: Text
    span: Span = _span()


Given: TypeAlias = GivenRecord | GivenEvent | GivenValue | GivenFile


@frozen
class AsOf:
    """The date asked about; with several, each is a case of its own."""

    dates: tuple[DateLit, ...]
    span: Span = _span()


EachUnit: TypeAlias = Literal["day", "month", "year"]


@frozen
class AsOfEach:
    """A case for each of the dates from `first` on, so far apart, up to `last`."""

    step: EachUnit | PeriodLit
    first: DateLit
    last: DateLit
    span: Span = _span()


@frozen
class WithFacts:
    name: Name
    span: Span = _span()


@frozen
class ScenarioAssume:
    name: Name
    value: Expr
    span: Span = _span()


@frozen
class Expected:
    """A state in words, or the value of a rule; a bare name may be either. The state `?` is still to be filled in."""

    state: str | None
    value: Expr | None
    span: Span = _span()


@frozen
class DetailNeeds:
    path: Ref
    span: Span = _span()


@frozen
class DetailAssumes:
    name: Name
    span: Span = _span()


@frozen
class DetailDue:
    date: DateLit
    span: Span = _span()


@frozen
class DetailCites:
    text: Text
    span: Span = _span()


@frozen
class DetailTime:
    on_time: bool
    span: Span = _span()


EncodedWord: TypeAlias = Literal["clause", "rule", "table", "exception"]


@frozen
class DetailBecause:
    """The answer comes from this clause, rule, table or exception."""

    what: EncodedWord
    path: Ref
    span: Span = _span()


@frozen
class DetailAssuming:
    """The answer is that with this assumption taken so."""

    name: Name
    value: Expr
    span: Span = _span()


@frozen
class DetailBetween:
    """The values that clash."""

    values: tuple[Expr, ...]
    span: Span = _span()


Detail: TypeAlias = (
    DetailNeeds
    | DetailAssumes
    | DetailDue
    | DetailCites
    | DetailTime
    | DetailBecause
    | DetailAssuming
    | DetailBetween
)


@frozen
class Expect:
    outcome: Name
    expected: Expected
    details: tuple[Detail, ...]
    span: Span = _span()


@frozen
class ExpectBadFacts:
    """The facts are refused; with a code, for this reason."""

    code: Name | None = None
    span: Span = _span()


@frozen
class ColumnFact:
    """A field of a record, an event, one party's with `by`, or a determination."""

    path: Ref
    by: Name | None = None
    span: Span = _span()


@frozen
class ColumnAsOf:
    span: Span = _span()


@frozen
class ColumnWith:
    span: Span = _span()


@frozen
class ColumnAssume:
    name: Name
    span: Span = _span()


@frozen
class ColumnExpect:
    outcome: Name
    span: Span = _span()


@frozen
class ColumnBadFacts:
    span: Span = _span()


Column: TypeAlias = ColumnFact | ColumnAsOf | ColumnWith | ColumnAssume | ColumnExpect | ColumnBadFacts


@frozen
class CellValue:
    """A value or a state, with whatever may stand after the one or the other."""

    expected: Expected
    parts: tuple[CellPart, ...] = ()
    span: Span = _span()


@frozen
class CellDates:
    """The dates of an event; those of receipt are as many, or none at all."""

    dates: tuple[DateLit, ...]
    known_until: DateLit | None
    received: tuple[DateLit | None, ...] = ()
    span: Span = _span()


@frozen
class CellCode:
    """Why facts are refused."""

    code: Name
    span: Span = _span()


Cell: TypeAlias = CellValue | CellDates | CellCode
CellPart: TypeAlias = Detail | Decided | DateLit


@frozen
class CaseRow:
    """One case. A cell that is None was left empty."""

    label: Text
    cells: tuple[Cell | None, ...]
    span: Span = _span()


@frozen
class CaseTable:
    columns: tuple[Column, ...]
    rows: tuple[CaseRow, ...]
    span: Span = _span()

    @property
    def taken(self) -> frozenset[str]:
        """The names of the facts that rows take, from the column `with`."""
        places = [n for n, column in enumerate(self.columns) if isinstance(column, ColumnWith)]
        cells = [row.cells[n] for row in self.rows for n in places if n < len(row.cells)]
        values = [cell.expected.value for cell in cells if isinstance(cell, CellValue)]
        return frozenset(value.text for value in values if isinstance(value, Ref))


@frozen
class ExpectProperty:
    """That a property holds for these facts; one that compares two cases has those of `other`, too."""

    label: Text
    other: Name | None
    span: Span = _span()


ScenarioLine: TypeAlias = (
    Given
    | AsOf
    | AsOfEach
    | WithFacts
    | ScenarioAssume
    | Expect
    | ExpectProperty
    | ExpectBadFacts
    | CaseTable
)

# ------------------------------------------------------------------------------------------ header lines


@frozen
class HeaderText:
    """`title`, `short title` or `source`; a title may name its language."""

    what: Literal["title", "short title", "source"]
    text: Text
    language: Name | None = None
    span: Span = _span()


@frozen
class Parties:
    parties: tuple[tuple[Name, Text], ...]
    word: Literal["parties", "participants"]
    span: Span = _span()


@frozen
class HeaderDate:
    """`signed`, or `ceases on`, which is the first day it is no longer in force."""

    what: Literal["signed", "ceases"]
    date: DateLit
    span: Span = _span()


@frozen
class InForce:
    """The days of its force, both ends counted; no window at all is `not in force`."""

    window: Window | None
    span: Span = _span()


@frozen
class TermStart:
    """What a term is counted from: the words `entry into force` or `signature`."""

    kind: Literal["entry into force", "signature"]
    span: Span = _span()


@frozen
class Lasting:
    """A term: `until PERIOD after ...`, its last day, or `ceases PERIOD after ...`, the first day without it.

    `start` is the first day of force, where the same line gives it.
    """

    what: Literal["until", "ceases"]
    start: DateLit | None
    period: PeriodLit
    rounding: Literal["up", "down"] | None
    counted_from: TermStart
    span: Span = _span()


@frozen
class Extended:
    """`extended by PERIOD by EVENT`, `extended until PERIOD after EVENT`: what makes the term longer."""

    way: Literal["by", "until"]
    period: PeriodLit
    rounding: Literal["up", "down"] | None
    event: Happening
    span: Span = _span()


@frozen
class Verified:
    date: DateLit
    against: Text
    span: Span = _span()


@frozen
class Serves:
    purposes: tuple[Name, ...]
    span: Span = _span()


@frozen
class Nomenclature:
    """`nomenclature HS 2017`: the edition of the file's HS codes."""

    edition: str
    span: Span = _span()


@frozen
class Suspended:
    """Some days on which an instrument or a clause is suspended, both ends counted."""

    window: Window
    span: Span = _span()


@frozen
class AppliesFrom:
    """`applies from DATE`: an amendment reaches back, or starts to matter only later."""

    date: DateLit
    span: Span = _span()


@frozen
class Draft:
    """`draft`: the amendment is left out."""

    span: Span = _span()


HeaderLine: TypeAlias = (
    HeaderText
    | Parties
    | HeaderDate
    | InForce
    | Lasting
    | Extended
    | Verified
    | Serves
    | Nomenclature
    | Suspended
    | AppliesFrom
    | Draft
)

# ------------------------------------------------------------------------------------------ items

InstrumentKind: TypeAlias = Literal[
    "agreement", "law", "framework", "vocabulary", "amendment", "rectification"
]


@frozen
class Instrument:
    """The head of a file. Amendments and rectifications have a `target`: the instrument that they change."""

    kind: InstrumentKind
    name: Name
    lines: tuple[HeaderLine, ...]
    cites: tuple[Citation, ...] = ()
    target: Name | None = None
    span: Span = _span()

    @property
    def changes_another(self) -> bool:
        return self.target is not None


@frozen
class ScenariosFor:
    name: Name
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Use:
    names: tuple[Name, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class NotEncoded:
    topic: Text
    because: Text
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Means:
    """A named list; `open` when it only `includes` its members."""

    name: Name
    members: tuple[Member, ...]
    open: bool
    cites: tuple[Citation, ...] = ()
    now: bool = False  # `now means`: in an amendment, in place of what it meant before
    span: Span = _span()


@frozen
class Territory:
    sovereign: Name
    codes: tuple[Name, ...]
    included: bool
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Assume:
    name: Name
    value: Expr
    readings: tuple[Reading, ...]
    against: tuple[Reading, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Purpose:
    name: Name
    label: Text | None
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Status:
    name: Name
    label: Text | None
    record: Name
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Unit:
    """A unit of measure; with `factor` and `base`, one is so many of the other. `words`: the base as written."""

    name: Name
    label: Text | None
    factor: Decimal | None = None
    base: Name | None = None
    cites: tuple[Citation, ...] = ()
    words: str = _wording("")
    span: Span = _span()


@frozen
class KindMember:
    name: Name
    label: Text | None
    hs: tuple[str, ...] = ()
    span: Span = _span()


@frozen
class Kind:
    name: Name
    label: Text | None
    members: tuple[KindMember, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class ActLine:
    """A part of an act: a condition (`scope`, `done`) or the field that plays a role."""

    what: Literal["scope", "done", "by", "on", "exported to", "imported from"]
    condition: Expr | None
    field: Name | None
    span: Span = _span()


@frozen
class Act:
    name: Name
    record: Name
    label: Text | None
    lines: tuple[ActLine, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Event:
    """`by` holds the words `each party` where each has dates of its own; `two_dates`: given and received."""

    name: Name
    label: Text | None
    by: str | None = None
    two_dates: bool = False
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Determination:
    name: Name
    type: TypeExpr
    label: Text | None
    cites: tuple[Citation, ...] = ()
    type_written: bool = _wording(True)
    span: Span = _span()


@frozen
class Record:
    name: Name
    parent: Name | None
    judged_on: Name | None
    label: Text | None
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Rule:
    """`cases` in the order written; `exceptions` stand at case level and except the whole rule."""

    name: Name
    record: Name | None
    type: TypeExpr
    label: Text | None
    cases: tuple[Case, ...]
    exceptions: tuple[Case, ...]
    cites: tuple[Citation, ...] = ()
    inserted: bool = _wording(False)  # `is inserted` was written
    span: Span = _span()


@frozen
class Table:
    name: Name
    record: Name | None
    type: TypeExpr
    keys: tuple[Ref | AskedDate, ...]
    ordered: bool
    label: Text | None
    rows: tuple[Row, ...]
    cites: tuple[Citation, ...] = ()
    inserted: bool = _wording(False)  # `is inserted` was written
    span: Span = _span()


@frozen
class Excluded:
    """`does not apply when ...`: outside the scope of the clause."""

    when: Expr
    span: Span = _span()


@frozen
class Yields:
    """`subject to clause X`: where X applies, this clause does not."""

    clause: Name
    span: Span = _span()


@frozen
class Prevails:
    """`notwithstanding clause X`: where this clause applies, X does not."""

    clause: Name
    span: Span = _span()


@frozen
class Preserves:
    """`without prejudice to clause X`: this clause must leave every answer of X as it is."""

    clause: Name
    span: Span = _span()


@frozen
class Application:
    """`applies to reviews falling due from DATE`: from when on a replaced duty counts."""

    event: Name
    start: DateLit
    span: Span = _span()


ClauseLine: TypeAlias = Excluded | Yields | Prevails | Preserves | Suspended | Application


@frozen
class DefenceLine:
    """A part of a defence; `invoked` and `self-judging` have no condition."""

    what: Literal["invoked", "justified", "provided", "self-judging"]
    condition: Expr | None = None
    names_invoker: bool = False  # `by the party taking the measure` was written
    span: Span = _span()


@frozen
class Defence:
    """`exception X to clause Y`: a ground on which a breach of Y is justified."""

    name: Name
    clause: Name
    label: Text | None
    lines: tuple[DefenceLine, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Certainty:
    """`for greater certainty,` before the sentence of a clause."""

    span: Span = _span()


@frozen
class Clause:
    """With `certainty`, what it says holds without it: it must change no answer."""

    name: Name
    label: Text | None
    form: Form
    lines: tuple[ClauseLine, ...] = ()
    certainty: Certainty | None = None
    cites: tuple[Citation, ...] = ()
    inserted: bool = _wording(False)  # `is inserted` was written
    span: Span = _span()


# ------------------------------------------------------------------------------------------ amendments


@frozen
class ReplacedClause:
    """The new text of a clause. A label that is not given stays."""

    name: Name
    label: Text | None
    form: Form
    lines: tuple[ClauseLine, ...] = ()
    certainty: Certainty | None = None
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class ReplacedRule:
    """The new cases of a rule. What it is about and what kind of answer it gives stay."""

    name: Name
    label: Text | None
    cases: tuple[Case, ...]
    exceptions: tuple[Case, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class ReplacedTable:
    """The new rows of a table. What it goes by and what kind of answer it gives stay."""

    name: Name
    label: Text | None
    rows: tuple[Row, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class ReplacedDefence:
    """The new text of an exception."""

    name: Name
    label: Text | None
    lines: tuple[DefenceLine, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


ItemWord: TypeAlias = Literal["clause", "rule", "table", "exception", "definition"]
"""What an amendment speaks of; definitions and assumptions go by their names alone."""


@frozen
class Deleted:
    what: ItemWord
    name: Name
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class MemberChange:
    name: Name
    added: bool
    span: Span = _span()


@frozen
class ChangedMembers:
    """Members added to a list, or removed from it."""

    name: Name
    changes: tuple[MemberChange, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class AddedRow:
    row: Row
    span: Span = _span()


@frozen
class RemovedRow:
    """A row of a table, named by its keys; none for `otherwise`."""

    keys: tuple[Key, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class ChangedRows:
    name: Name
    changes: tuple[AddedRow | RemovedRow, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class ChangedDate:
    """A date that is replaced wherever it stands: in one item, or in the header when there is no name.

    `this` is the word for the instrument in the header's case.
    """

    what: ItemWord
    name: Name | None
    old: DateLit
    new: DateLit
    cites: tuple[Citation, ...] = ()
    this: str = _wording("agreement")
    span: Span = _span()


@frozen
class ChangedForce:
    """A clause, or the whole instrument when there is no name, that is suspended."""

    name: Name | None
    suspended: Suspended
    cites: tuple[Citation, ...] = ()
    this: str = _wording("agreement")
    span: Span = _span()


@frozen
class Terminated:
    """The end of the instrument: the first day without it, or the day of the amendment itself."""

    on: DateLit | None
    cites: tuple[Citation, ...] = ()
    this: str = _wording("agreement")
    span: Span = _span()


@frozen
class ChangedParty:
    """A party that joins, with its name, or leaves."""

    code: Name
    added: Text | None
    cites: tuple[Citation, ...] = ()
    word: str = _wording("party")
    span: Span = _span()


Change: TypeAlias = (
    ReplacedClause
    | ReplacedRule
    | ReplacedTable
    | ReplacedDefence
    | Deleted
    | ChangedMembers
    | ChangedRows
    | ChangedDate
    | ChangedForce
    | Terminated
    | ChangedParty
)

# ------------------------------------------------------------------------------------------ properties


@frozen
class Claim:
    """`always CONDITION` or `never CONDITION`, with `when` only in some cases."""

    kind: Literal["always", "never"]
    condition: Expr
    when: Expr | None
    window: Window
    span: Span = _span()


Turn: TypeAlias = Literal["more", "less", "a later", "an earlier", "yes to", "no to"]
"""Which way a fact or an answer turns."""


@frozen
class Monotone:
    """`more FACT never gives less RULE`: two cases are compared that differ in one fact."""

    turn: Turn
    fact: Ref
    never: Turn
    answer: Ref
    when: Expr | None
    window: Window
    span: Span = _span()


@frozen
class Property:
    """What must be so whatever the facts are: for a prover, and part of no answer."""

    label: Text
    record: Name | None
    claim: Claim | Monotone
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


# ------------------------------------------------------------------------------------------ scenarios


@frozen
class Facts:
    name: Name
    given: tuple[Given, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


@frozen
class Scenario:
    label: Text
    lines: tuple[ScenarioLine, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = _span()


Item: TypeAlias = (
    Instrument
    | ScenariosFor
    | Use
    | NotEncoded
    | Means
    | Territory
    | Assume
    | Purpose
    | Status
    | Unit
    | Kind
    | Act
    | Event
    | Determination
    | Record
    | Rule
    | Table
    | Clause
    | Defence
    | Property
    | Facts
    | Scenario
    | Change
)


@frozen
class File:
    """One source file: its items in order, and every comment it holds.

    `damaged` are the ids of items of which some sentence could not be read, `lost` the names that unreadable
    items would have declared: later stages say nothing about either.
    """

    source: SourceFile
    items: tuple[Item, ...]
    comments: tuple[Comment, ...] = ()
    damaged: frozenset[int] = field(default=frozenset(), eq=False)
    lost: frozenset[str] = field(default=frozenset(), eq=False)
