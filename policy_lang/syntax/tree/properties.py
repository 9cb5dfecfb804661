"""Properties: what must be so whatever the facts are."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Citation, Name, Text, span_field
from policy_lang.syntax.tree.expressions import Expr, Ref
from policy_lang.syntax.tree.parts import Window


@frozen
class Claim:
    """`always CONDITION` or `never CONDITION`, with `when` only in some cases."""

    kind: Literal["always", "never"]
    condition: Expr
    when: Expr | None
    window: Window
    span: Span = span_field()


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
    span: Span = span_field()


@frozen
class Property:
    """What must be so whatever the facts are: for a prover, and part of no answer."""

    label: Text
    record: Name | None
    claim: Claim | Monotone
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()
