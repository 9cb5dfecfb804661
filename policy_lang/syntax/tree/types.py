"""Types, as the author wrote them: what kind of value a field holds, or a rule gives."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Name, span_field, wording


@frozen
class TypeYesNo:
    span: Span = span_field()


@frozen
class TypeNumber:
    whole: bool
    span: Span = span_field()


@frozen
class TypePercent:
    span: Span = span_field()


@frozen
class TypeMoney:
    currency: str
    span: Span = span_field()


@frozen
class TypeQuantity:
    unit: str
    words: str = wording("")
    span: Span = span_field()


@frozen
class TypePlain:
    """`date`, `period`, `span`, `text` or `country`."""

    word: Literal["date", "period", "span", "text", "country"]
    span: Span = span_field()


@frozen
class TypeHs:
    """`HS code`, or `HS 2017 code` where the edition is not that of the file."""

    edition: str | None
    span: Span = span_field()


@frozen
class TypeList:
    record: Name
    span: Span = span_field()


@frozen
class TypeNamed:
    name: Name
    span: Span = span_field()


@frozen
class TypeWords:
    words: tuple[Name, ...]
    span: Span = span_field()


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
