"""What a scenario expects: a state or a value, and what goes with it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Name, Text, span_field
from policy_lang.syntax.tree.expressions import Expr, Ref
from policy_lang.syntax.tree.literals import DateLit


@frozen
class Expected:
    """A state in words, or the value of a rule; a bare name may be either. The state `?` is still to be filled in."""

    state: str | None
    value: Expr | None
    span: Span = span_field()


@frozen
class DetailNeeds:
    path: Ref
    span: Span = span_field()


@frozen
class DetailAssumes:
    name: Name
    span: Span = span_field()


@frozen
class DetailDue:
    date: DateLit
    span: Span = span_field()


@frozen
class DetailCites:
    text: Text
    span: Span = span_field()


@frozen
class DetailTime:
    on_time: bool
    span: Span = span_field()


EncodedWord: TypeAlias = Literal["clause", "rule", "table", "exception"]


@frozen
class DetailBecause:
    """The answer comes from this clause, rule, table or exception."""

    what: EncodedWord
    path: Ref
    span: Span = span_field()


@frozen
class DetailAssuming:
    """The answer is that with this assumption taken so."""

    name: Name
    value: Expr
    span: Span = span_field()


@frozen
class DetailBetween:
    """The values that clash."""

    values: tuple[Expr, ...]
    span: Span = span_field()


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
    span: Span = span_field()


@frozen
class ExpectBadFacts:
    """The facts are refused; with a code, for this reason."""

    code: Name | None = None
    span: Span = span_field()


@frozen
class ExpectProperty:
    """That a property holds for these facts; one that compares two cases has those of `other`, too."""

    label: Text
    other: Name | None
    span: Span = span_field()
