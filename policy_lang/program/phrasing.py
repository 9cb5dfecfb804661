"""What authors wrote that no answer rests on, kept for people: the words of clauses, lists and definitions.

The core decides by its conditions alone. A reader also wants to see them put as the text puts them: who
treats whom as what, on which goods, for which purpose. Nothing here is ever evaluated.
"""

from __future__ import annotations

import datetime

import attrs
from attrs import frozen

from policy_lang.program.types import Type
from policy_lang.source.text import NOWHERE, Span


@frozen
class Grant:
    """What a status is granted to whom, by name. Without goods: for all goods; without purposes: for all."""

    status: str
    countries: tuple[str, ...]
    partner: str
    goods: tuple[str, ...] = ()  # words of a kind, or names of lists
    purposes: tuple[str, ...] = ()
    designation: str = ""


@frozen
class Phrasing:
    """How a clause is put. What does not belong to its form is empty."""

    verb: str = ""  # `impose`, `shall endeavour to`, `recognises`
    act: str = ""  # the name of the act that is forbidden or permitted
    goods: tuple[str, ...] = ()  # words of a kind, or names of lists; none: all goods
    direction: str = ""  # `exported to` or `imported from`
    counterpart: str = ""  # a country; with a direction, none is `the other party`
    beats: str = ""  # the prohibition that a permission beats
    grant: Grant | None = None


@frozen
class ListMember:
    """A member of a named list, with the first and the last day of its membership."""

    value: str
    start: datetime.date | None = None
    until: datetime.date | None = None


@frozen
class NamedMembers:
    """A list that has a name. An open one leaves undecided what it does not name."""

    name: str
    type: Type
    members: tuple[ListMember, ...]
    open: bool
    cites: tuple[str, ...] = ()
    instrument: str = ""
    texts: tuple[
        tuple[datetime.date | None, NamedMembers], ...
    ] = ()  # where amended: from when each reads so
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)

    def on(self, day: datetime.date) -> NamedMembers:
        """The list as it reads in the text of that day."""
        begun = [one for start, one in self.texts if start is None or start <= day]
        return begun[-1] if begun else self


@frozen
class Word:
    """A word that an instrument gives a meaning: a status, a purpose, an act, a kind or a word of that kind."""

    what: str  # `status`, `purpose`, `act`, `kind`, `word`
    name: str
    label: str = ""
    of: str = ""  # the kind that a word is of
    headings: tuple[str, ...] = ()  # of the Harmonized System; they help to find a good and decide nothing
    instrument: str = ""
