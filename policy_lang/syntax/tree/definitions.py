"""Definitions: lists, territories, assumptions, purposes, statuses, units, kinds, acts, events and records."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Citation, Name, Text, span_field, wording
from policy_lang.syntax.tree.expressions import Expr
from policy_lang.syntax.tree.parts import Bound, Digits, Reading, Window
from policy_lang.syntax.tree.types import TypeExpr


@frozen
class Member:
    """A member of a list: a word, a country or an HS code (`HS 8507`), with the dates of its membership."""

    name: Name
    window: Window = Window()
    span: Span = span_field()


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
    limits: tuple[Bound | int | Digits, ...] = wording(())
    type_written: bool = wording(True)
    span: Span = span_field()


@frozen
class Check:
    condition: Expr
    span: Span = span_field()


@frozen
class Means:
    """A named list; `open` when it only `includes` its members."""

    name: Name
    members: tuple[Member, ...]
    open: bool
    cites: tuple[Citation, ...] = ()
    now: bool = False  # `now means`: in an amendment, in place of what it meant before
    span: Span = span_field()


@frozen
class Territory:
    sovereign: Name
    codes: tuple[Name, ...]
    included: bool
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class Assume:
    name: Name
    value: Expr
    readings: tuple[Reading, ...]
    against: tuple[Reading, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class Purpose:
    name: Name
    label: Text | None
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class Status:
    name: Name
    label: Text | None
    record: Name
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class Unit:
    """A unit of measure; with `factor` and `base`, one is so many of the other. `words`: the base as written."""

    name: Name
    label: Text | None
    factor: Decimal | None = None
    base: Name | None = None
    cites: tuple[Citation, ...] = ()
    words: str = wording("")
    span: Span = span_field()


@frozen
class KindMember:
    name: Name
    label: Text | None
    hs: tuple[str, ...] = ()
    span: Span = span_field()


@frozen
class Kind:
    name: Name
    label: Text | None
    members: tuple[KindMember, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class ActLine:
    """A part of an act: a condition (`scope`, `done`) or the field that plays a role."""

    what: Literal["scope", "done", "by", "on", "exported to", "imported from"]
    condition: Expr | None
    field: Name | None
    span: Span = span_field()


@frozen
class Act:
    name: Name
    record: Name
    label: Text | None
    lines: tuple[ActLine, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class Event:
    """`by` holds the words `each party` where each has dates of its own; `two_dates`: given and received."""

    name: Name
    label: Text | None
    by: str | None = None
    two_dates: bool = False
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class Determination:
    name: Name
    type: TypeExpr
    label: Text | None
    cites: tuple[Citation, ...] = ()
    type_written: bool = wording(True)
    span: Span = span_field()


@frozen
class Record:
    name: Name
    parent: Name | None
    judged_on: Name | None
    label: Text | None
    fields: tuple[Field, ...]
    checks: tuple[Check, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()
