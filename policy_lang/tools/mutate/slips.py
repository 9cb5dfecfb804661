"""Every slip that could have been made in a policy, as mutants; those that change nothing are counted."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from itertools import pairwise

from attrs import evolve, field, frozen

from policy_lang.program.core import (
    Absent,
    At,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Expr,
    Fact,
    Instrument,
    Member,
    Op,
    Program,
)
from policy_lang.program.schema import Schema, every
from policy_lang.program.sentences import said
from policy_lang.program.types import Country, Date, Enumeration, YesNo
from policy_lang.source.text import SourceFile, Span
from policy_lang.tools.mutate.duties import other_force, other_schedules
from policy_lang.tools.mutate.facts import slips_in_facts
from policy_lang.tools.mutate.mutant import Kind, Mutant
from policy_lang.tools.mutate.naming import bare_name, is_a_name, listed_at, named
from policy_lang.tools.mutate.phrases import Phrases
from policy_lang.tools.mutate.places import (
    Owner,
    Place,
    Replacements,
    Site,
    own_files,
    owners,
    places_of,
    rebuilt,
    replaced,
    sites_of,
)
from policy_lang.tools.mutate.refit import Refit, is_ordered
from policy_lang.tools.mutate.same import Signature
from policy_lang.tools.mutate.written import Slip, Written, quoted

_DAY = datetime.timedelta(days=1)


@frozen
class Slips:
    """The mutants of a policy, and how many slips were left aside because they change nothing."""

    mutants: tuple[Mutant, ...]
    same_as_text: int = 0  # they say what the policy says
    same_as_another: int = 0  # they say what another mutant says
    refused: int = 0  # they would not be read at all: a rule that no longer says what holds for every word


@frozen(eq=False)
class _Made:
    kind: Kind
    words: str
    span: Span
    program: Program


def slips_of(program: Program) -> Slips:
    """Every mutant of a program, in the order of the file."""
    return _Maker(program).slips()


@frozen(eq=False)
class _Maker:
    program: Program
    schema: Schema = field(init=False)
    files: frozenset[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "schema", Schema(self.program))
        object.__setattr__(self, "files", own_files(self.program))

    def slips(self) -> Slips:
        made = [*self._phrases(), *self._lists(), *self._windows(), *self._schedules(), *self._read_on()]
        made += [*self._assumptions(), *self._closed(), *self._orders(), *self._never()]
        made += [_Made(*one) for one in slips_in_facts(self.program, self._phrased, self.files)]
        made.sort(key=lambda one: (one.span.file.name, one.span.start))
        original = Signature(self.program)
        seen: set[object] = set()
        mutants: list[Mutant] = []
        same = again = refused = 0
        refit = Refit(self.program)
        for one in made:
            program = refit.program_of(one.program)
            if program is None:
                refused += 1
                continue
            difference, touched = original.difference(program)
            if not difference:
                same += 1
            elif difference in seen:
                again += 1
            else:
                seen.add(difference)
                mutants.append(Mutant(len(mutants) + 1, one.kind, one.words, one.span, program, touched))
        return Slips(tuple(mutants), same, again, refused)

    # ---------------------------------------------------------------- slips in phrases

    @property
    def _phrased(self) -> Phrases:
        own = tuple(one for one in self.program.definitions if one.instrument == self.program.name)
        header = self.program.instruments[0].parties if self.program.instruments else ()
        return Phrases(self.schema, Written(tuple(code for code, _ in header)), own)

    def _phrases(self) -> Iterator[_Made]:
        phrases = self._phrased
        for place in places_of(self.program):
            span = place.span
            if all(_is_within_a_phrase(site) for site in place.sites) or is_a_name(place):
                continue
            slips = [*phrases.slips(place), *self._read_at_once(place)]
            for kind, words, node in slips:
                changes = {id(site.node): node for site in place.sites}
                yield self._made(kind, self._worded(place, words), span, place, changes)

    def _read_at_once(self, place: Place) -> Iterator[Slip]:
        """A status that is asked for on another date: one phrase, which became a question for each grant."""
        node = place.node
        if isinstance(node, Case) or not f" {node.span.text}".count(" on "):
            return
        calls = [
            one
            for one in every(node)
            if isinstance(one, Call) and one.at is not None and one.span == node.span
        ]
        if calls:
            changes = {id(one): evolve(one, at=None) for one in calls}
            yield "read-on", f"read {quoted(node)} on its own date, without `on`", rebuilt(node, changes)

    def _made(self, kind: Kind, words: str, span: Span, place: Place, changes: Replacements) -> _Made:
        touched = frozenset(id(site.owner) for site in place.sites)
        return _Made(kind, words, span, replaced(self.program, changes, touched))

    def _worded(self, place: Place, words: str) -> str:
        if "the list" in words:
            return words.removeprefix("left out ").replace(" in ", " were missing from ", 1)
        return f"{listed_at(place.span) or named(place.owner)} {words}"

    # ---------------------------------------------------------------- lists

    def _lists(self) -> Iterator[_Made]:
        """Something added to a list: the first country or word that no list of the policy has."""
        groups: dict[tuple[str, tuple[Expr, ...]], list[tuple[Owner, Member]]] = {}
        for owner in owners(self.program):
            for site in sites_of(owner):
                node = site.node
                if isinstance(node, Member) and node.options and node.span.file.name in self.files:
                    at = node.options[0].span
                    if at.file.name in self.files and at != node.span:
                        key = (f"{at.file.name}:{at.start}", node.options)
                        groups.setdefault(key, []).append((owner, node))
        for members in groups.values():
            owner, first = members[0]
            option = first.options[0]
            if not isinstance(option, Const) or not isinstance(option.value, str):
                continue
            extra = _not_in(first)
            if extra is None:
                continue
            span = first.options[-1].span
            new = evolve(option, value=extra)
            changes = {id(one): evolve(one, options=(*one.options, new)) for _, one in members}
            touched = frozenset(id(one) for one, _ in members)
            name = f"the list `{first.name}`" if first.name is not None else named(owner)
            words = f"{name} had `{extra}` as well"
            yield _Made("list", words, span, replaced(self.program, changes, touched))

    def _closed(self) -> Iterator[_Made]:
        """Lists that are open, closed; grounds that must be invoked, without that."""
        facts: dict[str, list[tuple[Owner, Fact]]] = {}
        lists: dict[str, Span] = {}
        grounds = {one.name: one.state.span for each in self.program.outcomes for one in each.defences}
        for owner in owners(self.program):
            for site in sites_of(owner):
                node = site.node
                if isinstance(node, Member) and node.name is not None and node.options:
                    lists.setdefault(node.name, node.options[0].span)
                elif isinstance(node, Fact) and node.record is None and isinstance(node.type, YesNo):
                    facts.setdefault(node.field, []).append((owner, node))
        for name, found in facts.items():
            if name in grounds:
                value, span = True, grounds[name]
                words = f"exception `{name}` counted without being invoked"
            elif name in lists and lists[name].file.name in self.files:
                value, span = False, lists[name]
                words = f"the list `{name}` said `means` instead of `includes`"
            else:
                continue
            changes = {id(node): Const(value, YesNo(), span=node.span) for _, node in found}
            touched = frozenset(id(owner) for owner, _ in found)
            kind: Kind = "priority" if value else "list"
            yield _Made(kind, words, span, replaced(self.program, changes, touched))

    def _orders(self) -> Iterator[_Made]:
        """Two rows in the other order, where the first that matches counts."""
        for n, one in enumerate(self.program.definitions):
            body = one.body
            if one.span.file.name not in self.files or not isinstance(body, Choose) or not is_ordered(one):
                continue
            for at, (first, second) in enumerate(pairwise(body.cases)):
                cases = (*body.cases[:at], second, first, *body.cases[at + 2 :])
                definitions = list(self.program.definitions)
                definitions[n] = evolve(one, body=evolve(body, cases=cases))
                words = f"{named(one)} had {quoted(second)} before {quoted(first)}"
                program = evolve(self.program, definitions=tuple(definitions))
                yield _Made("case", words, second.span, program)

    # ---------------------------------------------------------------- when the instrument is in force

    def _window_spans(self) -> Iterator[tuple[int, int, Owner, Compare]]:
        """The conditions that ask whether the instrument is in force, which no clause says by itself."""
        for owner in owners(self.program):
            for site in sites_of(owner):
                node = site.node
                if (
                    isinstance(node, Compare)
                    and isinstance(node.left, At)
                    and isinstance(node.right, Const)
                    and node.right.span == node.span
                    and (node.span == owner.span or node.span.text == bare_name(owner))
                ):
                    yield node.span.start, node.span.end, owner, node

    def _never(self) -> Iterator[_Made]:
        """An instrument that never entered into force, without that line."""
        found: list[tuple[Owner, Case]] = []
        for owner in owners(self.program):
            for site in sites_of(owner):
                match site.node:
                    case Case(value=Absent(code="never-in-force")):
                        found.append((owner, site.node))
                    case _:
                        pass
        if found:
            words = "the header did not say `not in force`"
            changes = {id(node): None for _, node in found}
            touched = frozenset(id(owner) for owner, _ in found)
            yield _Made("day", words, found[0][1].span, replaced(self.program, changes, touched))

    def _windows(self) -> Iterator[_Made]:
        days = _header_days(self.program.instruments[0]) if self.program.instruments else set()
        found: dict[tuple[str, datetime.date, Span | None], list[tuple[Owner, Compare]]] = {}
        for _, _, owner, node in self._window_spans():
            assert isinstance(node.right, Const)
            assert isinstance(node.right.value, datetime.date)
            day = node.right.value
            starts = node.comparison in ("lt", "ge")  # of a guard, or of a condition; the others end
            own = None if day in days else owner.span
            found.setdefault(("starts" if starts else "ends", day, own), []).append((owner, node))
        for (way, day, own), nodes in found.items():
            owner, first = nodes[0]
            span = _written(first.span.file, day, first.span) if own is None else own
            for moved in (day + _DAY, day - _DAY):
                right = Const(moved, Date(), span=first.span)
                changes = {id(node): evolve(node, right=right) for _, node in nodes}
                touched = frozenset(id(owner) for owner, _ in nodes)
                later = "later" if moved > day else "earlier"
                if own is not None:
                    words = (
                        f"{named(owner)} {'began' if way == 'starts' else 'ended'} a day {later} than written"
                    )
                else:
                    which = "in force from" if way == "starts" else "in force until"
                    words = f"the header said `{which}` a day {later} than {day}"
                yield _Made("day", words, span, replaced(self.program, changes, touched))

    # ---------------------------------------------------------------- duties

    def _schedules(self) -> Iterator[_Made]:
        for n, outcome in enumerate(self.program.outcomes):
            if outcome.schedule is None or outcome.span.file.name not in self.files:
                continue
            instrument = next(
                (one for one in self.program.instruments if one.name == outcome.instrument), None
            )
            for kind, words, schedule in other_schedules(outcome.schedule, instrument):
                outcomes = list(self.program.outcomes)
                outcomes[n] = evolve(outcome, schedule=schedule)
                program = evolve(self.program, outcomes=tuple(outcomes))
                yield _Made(kind, f"{named(outcome)} {words}", outcome.span, program)
            for words, force in other_force(outcome, instrument.kind if instrument is not None else None):
                outcomes = list(self.program.outcomes)
                outcomes[n] = evolve(outcome, force=force)
                program = evolve(self.program, outcomes=tuple(outcomes))
                yield _Made("word", f"{named(outcome)} {words}", outcome.span, program)

    def _read_on(self) -> Iterator[_Made]:
        """The date on which the law is read: those of the record, or the date asked about."""
        judged = {one.judged_on for one in self.program.outcomes if one.judged_on is not None}
        for path in sorted(judged):
            name, _, own = path.rpartition(".")
            record = self.schema.records.get(name)
            if record is None or record.span.file.name not in self.files:
                continue
            others = [one.name for one in record.fields if one.name != own and isinstance(one.type, Date)]
            for other in (None, *others[:1]):
                outcomes = tuple(
                    evolve(one, judged_on=f"{name}.{other}" if other is not None else None)
                    if one.judged_on == path
                    else one
                    for one in self.program.outcomes
                )
                what = f"`{other}`" if other is not None else "the date asked about"
                words = f"record `{name}` were judged on {what} instead of `{own}`"
                yield _Made("read-on", words, record.span, evolve(self.program, outcomes=outcomes))

    def _assumptions(self) -> Iterator[_Made]:
        for n, one in enumerate(self.program.assumptions):
            if one.instrument not in ("", self.program.name) or not isinstance(one.value.value, bool):
                continue
            if one.span.file.name not in self.files:
                continue
            turned = evolve(one, value=evolve(one.value, value=not one.value.value))
            assumptions = list(self.program.assumptions)
            assumptions[n] = turned
            words = f"`{one.name}` were assumed to be {said(turned.value.value)}"
            program = evolve(self.program, assumptions=tuple(assumptions))
            yield _Made("assumption", words, one.span, program)


def _is_within_a_phrase(site: Site) -> bool:
    """Whether the author wrote no words for this node alone: it is part of what the words around it became."""
    node, parent = site.node, site.parent
    if node.span == site.owner.span:
        return True
    if isinstance(node, Op) and node.operator == "start_of_year":
        return False  # the year that an author names is a part of other phrases
    if parent is None or isinstance(node, (Const, Case)) or isinstance(parent, Case):
        return (
            False  # a list of one word has the span of that word, and an exception that of what it is made to
        )
    return parent.span == node.span


def _header_days(instrument: Instrument) -> set[object]:
    return {one for one in (instrument.in_force, instrument.until) if one is not None}


def _written(file: SourceFile, day: datetime.date, otherwise: Span) -> Span:
    """Where the header names that day."""
    found = re.search(rf"^\s+(?:in force|until|ceases|terminates)\b[^\n]*?({day})", file.text, re.MULTILINE)
    return Span(file, found.start(1), found.end(1)) if found is not None else otherwise


def _not_in(member: Member) -> str | None:
    """A country or word that is not in the list, but could be."""
    option = member.options[0]
    present = {one.value for one in member.options if isinstance(one, Const)}
    assert isinstance(option, Const)
    match option.type:
        case Enumeration(members=members):
            return next((one for one in members if one not in present), None)
        case Country():
            return next((one for one in ("CL", "US", "JP", "CN") if one not in present), None)
        case _:
            return None
