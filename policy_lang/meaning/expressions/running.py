"""Running totals: what has been added up in a list until a day, perhaps only since its year began.

A total for an element of the list itself (`rule ... for entry`) compares the days of all elements with that of
this one. Inside the sum the list's record is each element in turn, so this one's day is handed to a definition of
its own, in a record made for the call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_lang.meaning import problems
from policy_lang.meaning.expressions import spans
from policy_lang.meaning.expressions.lists import list_of
from policy_lang.program import core
from policy_lang.program.schema import type_of
from policy_lang.program.types import Date, ListOf, Type, Unresolved, is_numeric
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.expressions.walk import Expressions


def total(here: Expressions, node: tree.RunningTotal) -> core.Expr:
    """The sum of what lies on or before a day; what is wrong is reported and gives something unresolved."""
    nothing = core.Const(None, Unresolved(), span=node.span)
    records = list_of(here, node.list)
    if records is None:
        return nothing
    assert isinstance(records.type, ListOf)
    record = records.type.record
    element = here.within(record)
    body, day = element.lower(node.body), element.value(node.by, Date())
    where = element.condition(node.where) if node.where is not None else None
    about_element = record in {schema.name for schema in here.scope()}
    if node.until is not None:
        until = here.value(node.until, Date())
    elif about_element:
        until = here.value(node.by, Date())
    else:
        here.names.say(
            problems.WRONG_USE.at(
                node.span,
                f"this does not say until which day; it is not about one `{record}`",
                label="until when?",
                help="add `up to and including DATE`",
            )
        )
        return nothing
    kind = type_of(body)
    if kind is None or any(isinstance(type_of(e), Unresolved) for e in (body, day, until)):
        return nothing
    if not is_numeric(kind):
        here.names.say(problems.wrong_type(node.body.span, "a number or an amount", kind))
        return nothing
    if not about_element:
        return _sum(node, records, record, body, day, until, where, kind)
    return _called(here, node, records, record, body, day, until, where, kind)


def _sum(
    node: tree.RunningTotal,
    records: core.Fact,
    record: str,
    body: core.Expr,
    day: core.Expr,
    until: core.Expr,
    where: core.Expr | None,
    kind: Type,
) -> core.Expr:
    conditions: list[core.Expr] = [core.Compare("le", day, until, span=node.by.span)]
    if node.year is not None:
        start = spans.start_of_year(node.year, until)
        conditions.insert(0, core.Compare("ge", day, start, span=node.year.span))
    if where is not None:
        conditions.append(where)
    counted = conditions[0] if len(conditions) == 1 else core.And(tuple(conditions), span=node.span)
    return core.Fold("sum", records, record, counted, body, kind, span=node.span)


def _called(
    here: Expressions,
    node: tree.RunningTotal,
    records: core.Fact,
    record: str,
    body: core.Expr,
    day: core.Expr,
    until: core.Expr,
    where: core.Expr | None,
    kind: Type,
) -> core.Expr:
    name = f"{here.owner}#{len(here.extra) + 1}"
    made = f"{name.rpartition('.')[2]}"
    schema = here.names.record_schema(record)
    assert schema is not None
    limit = core.Fact(made, "until", Date(), span=node.span)
    here.names.own.records[made] = core.RecordSchema(
        made,
        (core.FieldSchema("until", Date(), span=node.span),),
        parent=schema.parent,
        parent_field=made,  # no field of that name, so that nothing takes it for an element
        span=node.span,
    )
    here.extra[name] = core.Definition(
        name,
        made,
        kind,
        _sum(node, records, record, body, day, limit, where, kind),
        " ".join(node.span.text.split()),
        instrument=here.names.own.instrument.name,
        span=node.span,
    )
    return core.Call(name, kind, core.Bind(made, (("until", until),)), span=node.span)
