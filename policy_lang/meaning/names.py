"""What each name means in one instrument: its own declarations, then those of the files it uses."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TypeAlias

from attrs import define, field, frozen

from policy_lang.meaning import problems
from policy_lang.meaning.declarations import Declared
from policy_lang.meaning.table_cover import Rows
from policy_lang.program import core
from policy_lang.program.countries import COUNTRIES
from policy_lang.program.hs import canonical
from policy_lang.program.types import Enumeration, Type
from policy_lang.program.units import BUILT_IN, Unit
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.suggest import closest
from policy_lang.source.text import Span
from policy_lang.syntax import tree

_MISTAKEN = {"UK": "GB", "EL": "GR", "SU": "RU", "YU": "RS", "BU": "MM", "ZR": "CD", "TP": "TL"}
"""Codes that people write for countries, and the codes of ISO 3166-1."""


@frozen
class NamedMember:
    """A member of a named list, with the days of its membership (both ends counted)."""

    value: core.Const
    window: tree.Window


@frozen
class NamedList:
    """A list that has a name. An open one leaves what it does not name undetermined."""

    name: str
    type: Type
    members: tuple[NamedMember, ...]
    open: bool
    span: Span = field(eq=False)
    versions: tuple[
        tuple[datetime.date | None, NamedList], ...
    ] = ()  # where amended: from when each reads so
    cites: tuple[str, ...] = ()


@frozen
class NamedValue:
    """A name for one expression: an assumption or a fact about the whole case."""

    expr: core.Assumed | core.Fact
    span: Span = field(eq=False)


@frozen
class NamedDefinition:
    """A rule or a table: `qualified` is its name in the program."""

    qualified: str
    instrument: str
    subject: str | None
    type: Type
    span: Span = field(eq=False)


Entry: TypeAlias = NamedList | NamedValue | NamedDefinition


@frozen
class ActInfo:
    """An act with the fields that play its parts; conditions are about the act's record."""

    name: str
    label: str
    record: str
    scope: core.Expr | None
    done: core.Expr
    roles: dict[str, str]


@frozen
class EventInfo:
    """An event. Where it has parties, each has dates of its own; `two_dates`: given and received."""

    name: str
    label: str
    parties: tuple[str, ...]
    two_dates: bool
    span: Span = field(eq=False)


@frozen
class Grant:
    """A status that an instrument grants, ready to be asked for by others."""

    status: str
    partner: str
    purposes: tuple[str, ...]  # none: for all
    record: str
    country_field: str
    good_field: str | None
    definition: str  # takes country and good; no while the grant is not in force
    definition_any_good: str  # takes the country alone
    clause: str = ""


@define
class Meant:
    """What one instrument means: everything that the instruments using it, and its program, need."""

    declared: Declared
    instrument: core.Instrument
    edition: str = ""  # of its HS codes; empty: it does not say
    kinds: dict[str, tree.Kind] = field(factory=dict)
    units: dict[str, Unit] = field(factory=dict)
    records: dict[str, core.RecordSchema] = field(factory=dict)
    statuses: dict[str, tree.Status] = field(factory=dict)
    purposes: dict[str, tree.Purpose] = field(factory=dict)
    acts: dict[str, ActInfo] = field(factory=dict)
    entries: dict[str, Entry] = field(factory=dict)
    events: dict[str, EventInfo] = field(factory=dict)
    deeds: dict[str, core.CaseFact] = field(
        factory=dict
    )  # when a duty was done, by the clause that names no event
    case_facts: list[core.CaseFact] = field(factory=list)
    assumptions: list[core.Assumption] = field(factory=list)
    territories: list[tuple[str, str, bool]] = field(factory=list)
    grants: list[Grant] = field(factory=list)
    certain: list[Grant] = field(factory=list)  # said for greater certainty: nobody asks for them
    promises: list[core.Promise] = field(factory=list)
    flags: dict[str, str] = field(factory=dict)  # what it raises, by the clause that raises it
    definitions: dict[str, core.Definition] = field(factory=dict)
    tables: dict[str, Rows] = field(factory=dict)
    outcomes: list[core.Outcome] = field(factory=list)
    uses: tuple[Meant, ...] = ()
    amended_by: tuple[Declared, ...] = ()

    def reach(self) -> list[Meant]:
        """This instrument and all those it rests on, each once, itself first, then by name."""
        found: dict[str, Meant] = {}
        waiting = list(self.uses)
        while waiting:
            used = waiting.pop()
            if used.instrument.name not in found:
                found[used.instrument.name] = used
                waiting.extend(used.uses)
        return [self, *(found[name] for name in sorted(found))]


_MOST_SUGGESTIONS = 200


@define
class Names:
    """Looks names up for one instrument and keeps the diagnostics of doing so."""

    own: Meant
    found: list[Diagnostic] = field(factory=list)

    def say(self, diagnostic: Diagnostic) -> None:
        self.found.append(diagnostic)

    def _entries(self, space: str, name: str) -> list[tuple[Meant, object]]:
        """What is called so, with where: the file's own comes before that of others."""
        own = getattr(self.own, space)
        if name in own:
            return [(self.own, own[name])]
        spaces = ((used, getattr(used, space)) for used in self.own.uses)
        return [(used, names[name]) for used, names in spaces if name in names]

    def _seen(self, space: str) -> list[str]:
        """The names that could have been meant; none once so many were wrong that nobody reads suggestions."""
        if len(self.found) >= _MOST_SUGGESTIONS:
            return []
        tables = (getattr(meant, space) for meant in (self.own, *self.own.uses))
        return list(dict.fromkeys(name for table in tables for name in table))

    def look_up(self, space: str, name: tree.Name, what: str, others: Iterable[str] = ()) -> object | None:
        """The thing called so in one space of names (`records`, `statuses`, ...), or None, reported.

        `others` are more names that the author may have meant.
        """
        entries = self._entries(space, name.text)
        if len(entries) > 1:
            self.say_ambiguous(name, [meant.instrument.name for meant, _ in entries])
            return None
        if entries:
            return entries[0][1]
        if not self.is_excused(name.text):
            known = [*self._seen(space), *others]
            self.say(problems.unknown(problems.UNKNOWN_NAME, name.span, name.text, known, what=what))
        return None

    def entry(self, text: str) -> list[Entry]:
        """The values called so; more than one when two used files clash."""
        return [entry for _, entry in self.places(text)]

    def places(self, text: str) -> list[tuple[str, Entry]]:
        """The values called so, each with the name of the instrument that defines it."""
        own = self.own.entries.get(text)
        if own is not None:
            return [(self.own.instrument.name, own)]
        return [(used.instrument.name, used.entries[text]) for used in self.own.uses if text in used.entries]

    def entry_names(self) -> list[str]:
        return self._seen("entries")

    def record_schema(self, name: str) -> core.RecordSchema | None:
        for meant in (self.own, *self.own.uses):
            if name in meant.records:
                return meant.records[name]
        return None

    def kinds_with(self, word: str) -> list[tree.Kind]:
        """The kinds of things that have a member called so."""
        return [kind for kind in self._kinds() if any(m.name.text == word for m in kind.members)]

    def _kinds(self) -> list[tree.Kind]:
        return [kind for meant in (self.own, *self.own.uses) for kind in meant.kinds.values()]

    def words(self) -> list[str]:
        return [member.name.text for kind in self._kinds() for member in kind.members]

    def is_excused(self, name: str) -> bool:
        """Whether an unknown name may have been declared by something that could not be read."""
        return name in self.own.declared.lost or any(name in used.declared.lost for used in self.own.uses)

    def say_ambiguous(self, name: tree.Name, places: list[str], help_text: str = "") -> None:
        self.say(
            problems.AMBIGUOUS_NAME.at(
                name.span,
                f"`{name.text}` could mean two things: it is known from {' and from '.join(f'`{p}`' for p in places)}",
                label="which one?",
                help=help_text or "give one of them another name",
            )
        )

    def unit(self, name: tree.Name) -> Unit | None:
        """The unit called so, or None, reported."""
        if name.text in BUILT_IN:
            return BUILT_IN[name.text]
        entries = self._entries("units", name.text)
        if len(entries) > 1:
            self.say_ambiguous(name, [meant.instrument.name for meant, _ in entries])
            return None
        if entries:
            found = entries[0][1]
            assert isinstance(found, Unit)
            return found
        message = f"there is no unit `{name.text}`"
        if not (self.is_excused(name.text) or any(d.message == message for d in self.found)):
            known = [*BUILT_IN, *self._seen("units")]
            near = closest(name.text, known)
            help_text = f"did you mean `{near}`?" if near else f"declare it: `unit {name.text}`"
            if name.text in ("percent", "per_cent", "pct"):
                help_text = "a percentage is written with its sign: `50 %`"
            elif name.text in ("dollar", "dollars", "euro", "euros", "yen", "pounds"):
                help_text = "an amount has the code of its currency behind it: `5 USD`"
            self.say(problems.UNKNOWN_UNIT.at(name.span, message, label="not known", help=help_text))
        return None

    def edition(self, span: Span) -> str | None:
        """The edition of this file's HS codes, or None, reported."""
        if self.own.edition:
            return self.own.edition
        if not any(d.code is problems.NO_NOMENCLATURE for d in self.found):
            self.say(
                problems.NO_NOMENCLATURE.at(
                    span,
                    "this file does not say from which edition its HS codes are",
                    label="an HS code",
                    help="add a line such as `nomenclature HS 2017` below the first line of the file",
                )
            )
        return None

    def hs_code(self, text: str, span: Span) -> str | None:
        """A code in its one spelling, or None, reported."""
        found = canonical(text)
        if found is None:
            self.say(
                problems.BAD_HS_CODE.at(
                    span,
                    f"`HS {text.removeprefix('HS ')}` is not an HS code",
                    label="this code",
                    help="write 2 digits for a chapter, 4 for a heading, 6 for a subheading: `HS 8507.60`",
                )
            )
        return found

    def country(self, name: tree.Name) -> str:
        """A country's code, checked."""
        if name.text not in COUNTRIES:
            near = _MISTAKEN.get(name.text) or closest(name.text, COUNTRIES)
            help_text = f"did you mean `{near}`?" if near else "write the code of ISO 3166-1, such as `JP`"
            self.say(
                problems.UNKNOWN_COUNTRY.at(
                    name.span, f"there is no country `{name.text}`", label="not known", help=help_text
                )
            )
        return name.text


def enumeration(kind: tree.Kind) -> Enumeration:
    """The type whose values are the words of a kind."""
    return Enumeration(kind.name.text, tuple(member.name.text for member in kind.members))
