"""Scenarios: facts given, dates asked about, and what is expected of them."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Citation, Name, Text, span_field
from policy_lang.syntax.tree.case_tables import CaseTable
from policy_lang.syntax.tree.expectations import Expect, ExpectBadFacts, ExpectProperty
from policy_lang.syntax.tree.expressions import Expr
from policy_lang.syntax.tree.given import Given
from policy_lang.syntax.tree.literals import DateLit, PeriodLit


@frozen
class AsOf:
    """The date asked about; with several, each is a case of its own."""

    dates: tuple[DateLit, ...]
    span: Span = span_field()


EachUnit: TypeAlias = Literal["day", "month", "year"]


@frozen
class AsOfEach:
    """A case for each of the dates from `first` on, so far apart, up to `last`."""

    step: EachUnit | PeriodLit
    first: DateLit
    last: DateLit
    span: Span = span_field()


@frozen
class WithFacts:
    name: Name
    span: Span = span_field()


@frozen
class ScenarioAssume:
    name: Name
    value: Expr
    span: Span = span_field()


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


@frozen
class Scenario:
    label: Text
    lines: tuple[ScenarioLine, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()
