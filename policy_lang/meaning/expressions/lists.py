"""Questions about all records of a list: counted, summed, and what is so of any, all or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.typed import type_of
from policy_lang.program import core
from policy_lang.program.types import ListOf, Number, Unresolved, YesNo, is_numeric, is_ordered
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.expressions.walk import Expressions


def list_of(here: Expressions, ref: tree.Ref) -> core.Fact | None:
    """The list of records that a name stands for, or None, reported."""
    expr = here.lower(ref)
    if isinstance(type_of(expr), Unresolved):
        return None
    if isinstance(expr, core.Fact) and isinstance(expr.type, ListOf):
        return expr
    here.names.say(problems.wrong_type(ref.span, "a list of records", type_of(expr)))
    return None


def aggregate(here: Expressions, node: tree.Aggregate) -> core.Expr:
    """What is counted or added up in a list, or the most or least there."""
    records = list_of(here, node.list)
    if records is None:
        return here.unresolved(node.span)
    assert isinstance(records.type, ListOf)
    element = here.within(records.type.record)
    where = element.condition(node.where) if node.where is not None else None
    if node.kind == "count":
        return core.Fold("count", records, records.type.record, where, None, Number(True), span=node.span)
    assert node.body is not None
    body = element.lower(node.body)
    kind = type_of(body)
    if isinstance(kind, Unresolved):
        return here.unresolved(node.span)
    if not (is_numeric(kind) if node.kind == "sum" else is_ordered(kind)):
        here.names.say(problems.wrong_type(node.body.span, "a number or an amount", kind))
        return here.unresolved(node.span)
    return core.Fold(node.kind, records, records.type.record, where, body, kind, span=node.span)


def quantified(here: Expressions, node: tree.Quantified) -> core.Expr:
    """Whether something is so of any, of all or of no record of a list."""
    records = list_of(here, node.list)
    if records is None:
        return here.unresolved(node.span)
    assert isinstance(records.type, ListOf)
    body = here.within(records.type.record).condition(node.predicate)
    fold = core.Fold(
        "all" if node.kind == "all" else "any",
        records,
        records.type.record,
        None,
        body,
        YesNo(),
        span=node.span,
    )
    return core.Not(fold, span=node.span) if node.kind == "none" else fold
