"""Builds amendments: what one instrument changes in the text of another."""

from __future__ import annotations

from typing import Any

from lark import Token

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here, words


def this(here: Here, children: list[Any]) -> str:
    return words(children)


party_word = this


def replaced_clause(here: Here, children: list[Any]) -> tree.ReplacedClause:
    name, label, certainty, form, *lines = children
    return tree.ReplacedClause(
        here.name(name),
        here.text(label),
        form,
        tuple(lines),
        certainty,
        here.cites(),
        span=here.span,
    )


def replaced_rule(here: Here, children: list[Any]) -> tree.ReplacedRule:
    name, label, *lines = children
    return tree.ReplacedRule(
        here.name(name),
        here.text(label),
        tuple(c for c in lines if isinstance(c, tree.Case)),
        tuple(c[1] for c in lines if isinstance(c, tuple)),
        here.cites(),
        span=here.span,
    )


def replaced_table(here: Here, children: list[Any]) -> tree.ReplacedTable:
    name, label, *rows = children
    return tree.ReplacedTable(here.name(name), here.text(label), tuple(rows), here.cites(), span=here.span)


def replaced_defence(here: Here, children: list[Any]) -> tree.ReplacedDefence:
    name, label, *lines = children
    return tree.ReplacedDefence(here.name(name), here.text(label), tuple(lines), here.cites(), span=here.span)


def _deleted(here: Here, what: tree.ItemWord, name: Token) -> tree.Deleted:
    return tree.Deleted(what, here.name(name), span=here.span)


def deleted_clause(here: Here, children: list[Any]) -> tree.Deleted:
    return _deleted(here, "clause", children[0])


def deleted_rule(here: Here, children: list[Any]) -> tree.Deleted:
    return _deleted(here, "rule", children[0])


def deleted_table(here: Here, children: list[Any]) -> tree.Deleted:
    return _deleted(here, "table", children[0])


def deleted_defence(here: Here, children: list[Any]) -> tree.Deleted:
    return _deleted(here, "exception", children[0])


def deleted_value(here: Here, children: list[Any]) -> tree.Deleted:
    return _deleted(here, "definition", children[0])


def member_added(here: Here, children: list[Any]) -> tree.MemberChange:
    return tree.MemberChange(here.member_name(children[0]), True, span=here.span)


def member_removed(here: Here, children: list[Any]) -> tree.MemberChange:
    return tree.MemberChange(here.member_name(children[0]), False, span=here.span)


def changed_members(here: Here, children: list[Any]) -> tree.ChangedMembers:
    name, *changes = children
    return tree.ChangedMembers(here.name(name), tuple(changes), span=here.span)


def row_added(here: Here, children: list[Any]) -> tree.AddedRow:
    return tree.AddedRow(children[0], span=here.span)


def row_removed(here: Here, children: list[Any]) -> tree.RemovedRow:
    return tree.RemovedRow(children[0], here.cites(), span=here.span)


def otherwise_removed(here: Here, children: list[Any]) -> tree.RemovedRow:
    return tree.RemovedRow((), here.cites(), span=here.span)


def changed_rows(here: Here, children: list[Any]) -> tree.ChangedRows:
    name, *changes = children
    return tree.ChangedRows(here.name(name), tuple(changes), here.cites(), span=here.span)


def new_date(here: Here, children: list[Any]) -> tuple[tree.DateLit, tree.DateLit]:
    old, new = children
    return here.date(old), here.date(new)


def _new_date(here: Here, what: tree.ItemWord, children: list[Any]) -> tree.ChangedDate:
    name, (old, new) = children
    return tree.ChangedDate(what, here.name(name), old, new, span=here.span)


def date_in_clause(here: Here, children: list[Any]) -> tree.ChangedDate:
    return _new_date(here, "clause", children)


def date_in_rule(here: Here, children: list[Any]) -> tree.ChangedDate:
    return _new_date(here, "rule", children)


def date_in_table(here: Here, children: list[Any]) -> tree.ChangedDate:
    return _new_date(here, "table", children)


def date_in_value(here: Here, children: list[Any]) -> tree.ChangedDate:
    return _new_date(here, "definition", children)


def date_in_header(here: Here, children: list[Any]) -> tree.ChangedDate:
    this, (old, new) = children
    return tree.ChangedDate("definition", None, old, new, this=this, span=here.span)


def suspended_clause(here: Here, children: list[Any]) -> tree.ChangedForce:
    name, suspended = children
    return tree.ChangedForce(here.name(name), suspended, span=here.span)


def suspended_whole(here: Here, children: list[Any]) -> tree.ChangedForce:
    this, suspended = children
    return tree.ChangedForce(None, suspended, this=this, span=here.span)


def terminated(here: Here, children: list[Any]) -> tree.Terminated:
    this, day = children
    on = here.date(day) if day is not None else None
    return tree.Terminated(on, this=this, span=here.span)


def party_added(here: Here, children: list[Any]) -> tree.ChangedParty:
    word, code, name = children
    return tree.ChangedParty(here.name(code), here.text(name), word=word, span=here.span)


def party_removed(here: Here, children: list[Any]) -> tree.ChangedParty:
    word, code = children
    return tree.ChangedParty(here.name(code), None, word=word, span=here.span)
