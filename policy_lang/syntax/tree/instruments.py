"""The head of a file: what instrument it is, what its header says, and what it uses or leaves out."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Citation, Name, Text, span_field
from policy_lang.syntax.tree.literals import DateLit, PeriodLit
from policy_lang.syntax.tree.parts import Happening, Suspended, Window


@frozen
class HeaderText:
    """`title`, `short title` or `source`; a title may name its language."""

    what: Literal["title", "short title", "source"]
    text: Text
    language: Name | None = None
    span: Span = span_field()


@frozen
class Parties:
    parties: tuple[tuple[Name, Text], ...]
    word: Literal["parties", "participants"]
    span: Span = span_field()


@frozen
class HeaderDate:
    """`signed`, or `ceases on`, which is the first day it is no longer in force."""

    what: Literal["signed", "ceases"]
    date: DateLit
    span: Span = span_field()


@frozen
class InForce:
    """The days of its force, both ends counted; no window at all is `not in force`."""

    window: Window | None
    span: Span = span_field()


@frozen
class TermStart:
    """What a term is counted from: the words `entry into force` or `signature`."""

    kind: Literal["entry into force", "signature"]
    span: Span = span_field()


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
    span: Span = span_field()


@frozen
class Extended:
    """`extended by PERIOD by EVENT`, `extended until PERIOD after EVENT`: what makes the term longer."""

    way: Literal["by", "until"]
    period: PeriodLit
    rounding: Literal["up", "down"] | None
    event: Happening
    span: Span = span_field()


@frozen
class Verified:
    date: DateLit
    against: Text
    span: Span = span_field()


@frozen
class Serves:
    purposes: tuple[Name, ...]
    span: Span = span_field()


@frozen
class Nomenclature:
    """`nomenclature HS 2017`: the edition of the file's HS codes."""

    edition: str
    span: Span = span_field()


@frozen
class AppliesFrom:
    """`applies from DATE`: an amendment reaches back, or starts to matter only later."""

    date: DateLit
    span: Span = span_field()


@frozen
class Draft:
    """`draft`: the amendment is left out."""

    span: Span = span_field()


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
    span: Span = span_field()

    @property
    def changes_another(self) -> bool:
        return self.target is not None


@frozen
class ScenariosFor:
    name: Name
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class Use:
    names: tuple[Name, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class NotEncoded:
    topic: Text
    because: Text
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()
