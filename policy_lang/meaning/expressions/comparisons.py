"""Conditions that compare: which is more, whether two are the same, whether one is among others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_lang.meaning import problems
from policy_lang.meaning.expressions import codes, spans
from policy_lang.meaning.expressions.arithmetic import percent_of
from policy_lang.meaning.expressions.codes import in_code
from policy_lang.meaning.expressions.dates import on_date
from policy_lang.meaning.expressions.references import named_list
from policy_lang.meaning.expressions.typed import same_type, say_unequal, type_of
from policy_lang.meaning.force import window_conditions
from policy_lang.meaning.names import NamedList
from policy_lang.program import core
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    DateSpan,
    HsCode,
    ListOf,
    Period,
    Type,
    Unresolved,
    YesNo,
    is_ordered,
)
from policy_lang.source.text import Span
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.expressions.walk import Expressions


def ordered(
    here: Expressions, ordering: tree.Ordering, left: tree.Expr, right: tree.Expr, span: Span
) -> core.Expr:
    """Whether one value comes before, at or after another of its type."""
    first = _side(here, left, None)
    kind = type_of(first)
    second = _side(here, right, kind)
    other = type_of(second)
    if isinstance(kind, Unresolved) or isinstance(other, Unresolved):
        return here.unresolved(span)
    if isinstance(kind, Period) and isinstance(other, Period):
        return _unresolved_periods(here, span)
    if not is_ordered(kind):
        here.names.say(problems.wrong_type(left.span, "a number, an amount or a date", kind))
        return here.unresolved(span)
    if not same_type(kind, other):
        say_unequal(here.names, left.span, kind, right, other, "compared")
        return here.unresolved(span)
    return core.Compare(ordering, first, second, span=span)


def _side(here: Expressions, node: tree.Expr, wanted: Type | None) -> core.Expr:
    """One side of a comparison: a share of something there must be a share of more than nothing (V4)."""
    inner = node
    while isinstance(inner, tree.Brackets):
        inner = inner.inner
    if isinstance(inner, tree.PercentOf):
        return percent_of(here, "share_of", here.lower(inner.percent), inner.operand, inner.span)
    expr = here.lower(node, wanted)
    if isinstance(inner, tree.Product) and isinstance(expr, core.Op) and expr.operator == "percent_of":
        return core.Op("share_of", expr.operands, expr.type, span=expr.span)
    return expr


def equal(here: Expressions, node: tree.Is) -> core.Expr:
    """Whether two values are the same, or are not."""
    left = _side(here, node.left, None)
    kind = type_of(left)
    right = _side(here, node.right, kind)
    other = type_of(right)
    if isinstance(kind, Unresolved) or isinstance(other, Unresolved):
        return here.unresolved(node.span)
    if isinstance(node.right, tree.NoneLit) and not _is_optional(here, left):
        here.names.say(
            problems.WRONG_USE.at(
                node.right.span,
                "only an optional field can be `none`",
                label="never none",
                help="declare the field `optional`, or leave this condition out",
            )
        )
        return here.unresolved(node.span)
    if not same_type(kind, other):
        say_unequal(here.names, node.left.span, kind, node.right, other, "compared")
        return here.unresolved(node.span)
    if isinstance(kind, (ListOf, Dates)):
        here.names.say(problems.wrong_type(node.left.span, "a single value", kind))
        return here.unresolved(node.span)
    equal: core.Expr
    if isinstance(kind, HsCode) and isinstance(other, HsCode):
        equal = codes.equal(here.names, left, right, node)
    elif isinstance(kind, Period):
        return _unresolved_periods(here, node.span)
    elif isinstance(kind, YesNo) and isinstance(right, core.Const):
        equal = left if right.value is True else core.Not(left, span=node.span)
    else:
        equal = core.Compare("eq", left, right, span=node.span)
    return core.Not(equal, span=node.span) if node.negated else equal


def _is_optional(here: Expressions, expr: core.Expr) -> bool:
    if not isinstance(expr, core.Fact) or expr.record is None:
        return False
    schema = here.names.record_schema(expr.record)
    return schema is not None and any(f.name == expr.field and f.optional for f in schema.fields)


def is_in(here: Expressions, node: tree.IsIn) -> core.Expr:
    """Whether a value is one of some others, belongs to a named list, or lies in a span of days."""
    if node.date is not None:
        today = tree.IsIn(node.operand, node.options, node.negated, span=node.span)
        return on_date(here, today, node.date, node.span)
    operand = here.lower(node.operand)
    kind = type_of(operand)
    if isinstance(kind, Unresolved):
        return operand
    if isinstance(kind, Date) and isinstance(node.options, tree.Ref):
        days = here.value(node.options, DateSpan())
        first = core.Op("start_of_span", (days,), Date(), span=node.options.span)
        last = core.Op("end_of_span", (days,), Date(), span=node.options.span)
        return spans.inside(operand, first, last, node.negated, node.span)
    member: core.Expr
    if isinstance(node.options, tuple):
        if isinstance(kind, HsCode):
            parts = [in_code(here, operand, option, node.span) for option in node.options]
            member = core.Or(tuple(parts), span=node.span)
        else:
            options = tuple(here.value(option, kind) for option in node.options)
            member = core.Member(operand, options, span=node.span)
    else:
        named = named_list(here, node.options)
        if named is None:
            return here.unresolved(node.span)
        if not same_type(named.type, kind):
            say_unequal(here.names, node.operand.span, kind, node.options, named.type, "compared")
            return here.unresolved(node.span)
        if isinstance(kind, HsCode) and not codes.reaches(here.names, kind, named, node):
            return here.unresolved(node.span)
        member = membership(operand, named, node.span)
    return core.Not(member, span=node.span) if node.negated else member


def is_a(here: Expressions, node: tree.IsA) -> core.Expr:
    """Whether a country is a party, or something has a name that stands for a list."""
    word = node.adjective.text
    if word in ("party", "non_party"):
        operand = here.value(node.operand, Country())
        if not here.parties:
            here.names.say(
                problems.NO_PARTIES.at(
                    node.adjective.span,
                    "this instrument names no parties",
                    help="add `parties` to its header",
                )
            )
            return here.unresolved(node.span)
        options = tuple(core.Const(code, Country(), span=node.adjective.span) for code in here.parties)
        member: core.Expr = core.Member(operand, options, "parties", span=node.span)
        negative = (word == "non_party") != node.negated
        return core.Not(member, span=node.span) if negative else member
    return is_in(
        here,
        tree.IsIn(
            node.operand,
            tree.Ref((node.adjective,), span=node.adjective.span),
            node.negated,
            span=node.span,
        ),
    )


def _unresolved_periods(here: Expressions, span: Span) -> core.Expr:
    here.names.say(
        problems.WRONG_TYPE.at(
            span,
            "two periods are not compared: how long a month is depends on where it begins",
            label="two periods",
            help="add each to a date, and compare the dates",
        )
    )
    return here.unresolved(span)


def membership(operand: core.Expr, named: NamedList, span: Span) -> core.Expr:
    """Whether a value belongs to a named list, on the date asked about."""
    if named.versions:
        (_, first), *later = named.versions
        cases = tuple(
            core.Case(
                core.Compare("ge", core.At(span=span), core.Const(start, Date(), span=span), span=span),
                membership(operand, version, span),
                span=span,
            )
            for start, version in reversed(later)
        )
        return core.Choose("first", cases, membership(operand, first, span), YesNo(), by_text=True, span=span)
    always = tuple(m.value for m in named.members if m.window == tree.Window())
    parts: list[core.Expr] = []
    if isinstance(named.type, HsCode):
        parts += codes.among(operand, always, named.name, span)
    elif always or not named.members:
        parts.append(core.Member(operand, always, named.name, span=span))
    for member in named.members:
        if member.window != tree.Window():
            conditions = window_conditions(member.window)
            belongs = codes.among(operand, (member.value,), None, span)
            conditions += belongs or [core.Compare("eq", operand, member.value, span=span)]
            parts.append(core.And(tuple(conditions), span=span))
    if named.open:
        parts.append(core.Fact(None, named.name, YesNo(), span=span))
    return parts[0] if len(parts) == 1 else core.Or(tuple(parts), span=span)
