"""Amendments: what one instrument changes in the text of another."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax.tree.basics import Citation, Name, Text, span_field, wording
from policy_lang.syntax.tree.clauses import Certainty, ClauseLine, DefenceLine, Form
from policy_lang.syntax.tree.literals import DateLit
from policy_lang.syntax.tree.parts import Suspended
from policy_lang.syntax.tree.rules import Case, Key, Row


@frozen
class ReplacedClause:
    """The new text of a clause. A label that is not given stays."""

    name: Name
    label: Text | None
    form: Form
    lines: tuple[ClauseLine, ...] = ()
    certainty: Certainty | None = None
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class ReplacedRule:
    """The new cases of a rule. What it is about and what kind of answer it gives stay."""

    name: Name
    label: Text | None
    cases: tuple[Case, ...]
    exceptions: tuple[Case, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class ReplacedTable:
    """The new rows of a table. What it goes by and what kind of answer it gives stay."""

    name: Name
    label: Text | None
    rows: tuple[Row, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class ReplacedDefence:
    """The new text of an exception."""

    name: Name
    label: Text | None
    lines: tuple[DefenceLine, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


ItemWord: TypeAlias = Literal["clause", "rule", "table", "exception", "definition"]
"""What an amendment speaks of; definitions and assumptions go by their names alone."""


@frozen
class Deleted:
    what: ItemWord
    name: Name
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class MemberChange:
    name: Name
    added: bool
    span: Span = span_field()


@frozen
class ChangedMembers:
    """Members added to a list, or removed from it."""

    name: Name
    changes: tuple[MemberChange, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class AddedRow:
    row: Row
    span: Span = span_field()


@frozen
class RemovedRow:
    """A row of a table, named by its keys; none for `otherwise`."""

    keys: tuple[Key, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class ChangedRows:
    name: Name
    changes: tuple[AddedRow | RemovedRow, ...]
    cites: tuple[Citation, ...] = ()
    span: Span = span_field()


@frozen
class ChangedDate:
    """A date that is replaced wherever it stands: in one item, or in the header when there is no name.

    `this` is the word for the instrument in the header's case.
    """

    what: ItemWord
    name: Name | None
    old: DateLit
    new: DateLit
    cites: tuple[Citation, ...] = ()
    this: str = wording("agreement")
    span: Span = span_field()


@frozen
class ChangedForce:
    """A clause, or the whole instrument when there is no name, that is suspended."""

    name: Name | None
    suspended: Suspended
    cites: tuple[Citation, ...] = ()
    this: str = wording("agreement")
    span: Span = span_field()


@frozen
class Terminated:
    """The end of the instrument: the first day without it, or the day of the amendment itself."""

    on: DateLit | None
    cites: tuple[Citation, ...] = ()
    this: str = wording("agreement")
    span: Span = span_field()


@frozen
class ChangedParty:
    """A party that joins, with its name, or leaves."""

    code: Name
    added: Text | None
    cites: tuple[Citation, ...] = ()
    word: str = wording("party")
    span: Span = span_field()


Change: TypeAlias = (
    ReplacedClause
    | ReplacedRule
    | ReplacedTable
    | ReplacedDefence
    | Deleted
    | ChangedMembers
    | ChangedRows
    | ChangedDate
    | ChangedForce
    | Terminated
    | ChangedParty
)
