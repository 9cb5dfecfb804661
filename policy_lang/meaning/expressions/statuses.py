"""Conditions on what other clauses say: the statuses they grant, and, in a property, their states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.typed import same_type, type_of
from policy_lang.meaning.names import Grant
from policy_lang.program import core
from policy_lang.program.types import Country, Date, Enumeration, YesNo
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.expressions.walk import Expressions


def state(here: Expressions, node: tree.Expr) -> core.Expr | None:
    """A condition on the state of a clause, which only a property can have."""
    if here.answers is None:
        return None
    fields = {one.name: one.type for schema in here.scope() for one in schema.fields}

    def in_view(name: str, word: str) -> bool:
        """Whether a value is called so; one that the word is not among is no match for a clause."""
        kind = fields.get(name)
        if kind is None:
            return bool(here.names.entry(name))
        return not word or (isinstance(kind, Enumeration) and word in kind.members)

    return here.answers.state(node, in_view)


def say_applies(here: Expressions, node: tree.Applies) -> core.Expr:
    """Reports that it is asked whether a clause applies where that cannot be asked."""
    here.names.say(
        problems.WRONG_USE.at(
            node.span,
            "only a property can ask whether a clause applies",
            label="here",
            help="name a rule, a fact or a status; or write `subject to clause NAME` below a clause",
        )
        if here.answers is None
        else problems.WRONG_USE.at(
            node.operand.span,
            "this is no clause that applies",
            label="not a clause",
            help="name an undertaking of this policy",
        )
    )
    return here.unresolved(node.span)


def has_status(here: Expressions, node: tree.HasStatus) -> core.Expr:
    """Whether a country has a status: whether any clause in reach grants it."""
    country = here.value(node.country, Country())
    partner = here.names.country(node.partner)
    known = here.names.look_up("statuses", node.status, "no status is called")
    date = here.value(node.date, Date()) if node.date is not None else None
    good = here.lower(node.good) if node.good is not None else None
    if known is None:
        return here.unresolved(node.span)
    asked: list[core.Expr] = []
    for meant in here.names.own.reach():
        for grant in meant.grants:
            if (grant.status, grant.partner) != (node.status.text, partner):
                continue
            if grant.purposes and not set(grant.purposes) & set(here.purposes):
                continue
            asked.append(_ask(here, grant, country, good, date, node))
    if not asked:
        return core.Const(False, YesNo(), span=node.span)
    return asked[0] if len(asked) == 1 else core.Or(tuple(asked), span=node.span)


def _ask(
    here: Expressions,
    grant: Grant,
    country: core.Expr,
    good: core.Expr | None,
    date: core.Expr | None,
    node: tree.HasStatus,
) -> core.Expr:
    fields: list[tuple[str, core.Expr]] = [(grant.country_field, country)]
    definition = grant.definition_any_good
    if good is not None and grant.good_field is not None:
        schema = here.names.record_schema(grant.record)
        wanted = next(
            (f.type for f in schema.fields if f.name == grant.good_field) if schema else iter(()), None
        )
        if wanted is not None and not same_type(type_of(good), wanted):
            assert node.good is not None
            here.names.say(problems.wrong_type(node.good.span, wanted, type_of(good)))
            return here.unresolved(node.span)
        fields.append((grant.good_field, good))
        definition = grant.definition
    bind = core.Bind(grant.record, tuple(fields))
    return core.Call(definition, YesNo(), bind, date, span=node.span)
