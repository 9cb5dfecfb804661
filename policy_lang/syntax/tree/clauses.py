"""Clauses: a sentence in one of six forms, the lines below it, and the exceptions that justify a breach."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Citation, Name, Text, span_field, wording
from policy_lang.syntax.tree.expressions import Expr, Ref
from policy_lang.syntax.tree.literals import DateLit, PeriodLit
from policy_lang.syntax.tree.parts import Happening, Suspended, Window


@frozen
class Goods:
    """`with respect to ...`: all goods when `refs` is None."""

    refs: tuple[Ref, ...] | None
    span: Span = span_field()


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
    span: Span = span_field()


@frozen
class Actor:
    """`neither party`, `each party`, `the participants`, a country code, ..."""

    words: str
    country: Name | None = None
    span: Span = span_field()


@frozen
class Direction:
    """`exported to` or `imported from`; the counterpart None is `the other party`."""

    flow: Literal["exported to", "imported from"]
    counterpart: Name | None
    span: Span = span_field()


@frozen
class Prohibition:
    """`verb` is `impose`, `apply`, `maintain`, `adopt`, or nothing."""

    actor: Actor
    act: Name
    goods: Goods | None
    direction: Direction | None
    when: Expr | None
    window: Window
    verb: str = wording("")
    span: Span = span_field()


@frozen
class Permission:
    actor: Actor
    act: Name
    goods: Goods | None
    direction: Direction | None
    beats: Name | None  # none is named by what is said for greater certainty
    when: Expr | None
    window: Window
    verb: str = wording("")
    span: Span = span_field()


@frozen
class Deed:
    """What is to be done; `kind` tells the form, `topic` what it is about.

    `reviewed` is what a review calls the instrument: `agreement`, `framework` or `law`.
    """

    kind: Literal["text", "review", "confer"]
    topic: Text | Name | None
    against: bool = False
    reviewed: str = wording("agreement")
    span: Span = span_field()


@frozen
class Anchor:
    kind: Literal["entry into force", "signature", "date", "event"]
    date: DateLit | None = None
    event: Happening | None = None
    span: Span = span_field()


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
    word: str = wording("on")
    span: Span = span_field()


@frozen
class Recurrence:
    """`counting_written` is no when the author left it to the usual way, from the due date."""

    period: PeriodLit
    counted_from: Literal["due", "held"]
    when: Expr | None
    rounding: Literal["up", "down"] | None = None
    counting_written: bool = wording(True)
    span: Span = span_field()


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
    modal_words: str = wording("")
    span: Span = span_field()


@frozen
class Affirmation:
    actor: Actor
    verb: str
    topic: Text
    on_record: Name | None
    goods: Goods | None
    when: Expr | None
    window: Window
    span: Span = span_field()


@frozen
class Flag:
    name: Name
    record: Name
    when: Expr
    window: Window
    span: Span = span_field()


Form: TypeAlias = Treat | Prohibition | Permission | Duty | Affirmation | Flag


@frozen
class Excluded:
    """`does not apply when ...`: outside the scope of the clause."""

    when: Expr
    span: Span = span_field()


@frozen
class Yields:
    """`subject to clause X`: where X applies, this clause does not."""

    clause: Name
    span: Span = span_field()


@frozen
class Prevails:
    """`notwithstanding clause X`: where this clause applies, X does not."""

    clause: Name
    span: Span = span_field()


@frozen
class Preserves:
    """`without prejudice to clause X`: this clause must leave every answer of X as it is."""

    clause: Name
    span: Span = span_field()


@frozen
class Application:
    """`applies to reviews falling due from DATE`: from when on a replaced duty counts."""

    event: Name
    start: DateLit
    span: Span = span_field()


ClauseLine: TypeAlias = Excluded | Yields | Prevails | Preserves | Suspended | Application


@frozen
class DefenceLine:
    """A part of a defence; `invoked` and `self-judging` have no condition."""

    what: Literal["invoked", "justified", "provided", "self-judging"]
    condition: Expr | None = None
    names_invoker: bool = False  # `by the party taking the measure` was written
    span: Span = span_field()


@frozen
class Defence:
    """`exception X to clause Y`: a ground on which a breach of Y is justified."""

    name: Name
    clause: Name
    label: Text | None
    lines: tuple[DefenceLine, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class Certainty:
    """`for greater certainty,` before the sentence of a clause."""

    span: Span = span_field()


@frozen
class Clause:
    """With `certainty`, what it says holds without it: it must change no answer."""

    name: Name
    label: Text | None
    form: Form
    lines: tuple[ClauseLine, ...] = ()
    certainty: Certainty | None = None
    cites: tuple[Citation, ...] = ()
    inserted: bool = wording(False)  # `is inserted` was written
    span: Span = span_field()
