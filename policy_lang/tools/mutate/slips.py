"""Every slip that could have been made in a policy, as mutants; those that change nothing are counted."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from attrs import evolve, field, frozen

from policy_lang.program.core import (
    At,
    Call,
    Case,
    Compare,
    Const,
    Definition,
    Expr,
    Instrument,
    Member,
    Outcome,
    Program,
    Schedule,
)
from policy_lang.program.schema import Schema, every
from policy_lang.program.sentences import period, said
from policy_lang.program.types import Country, Date, Enumeration
from policy_lang.source.text import SourceFile, Span
from policy_lang.tools.mutate.mutant import Kind, Mutant
from policy_lang.tools.mutate.phrases import Phrases, Slip, longer_and_shorter, quoted
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
from policy_lang.tools.mutate.refit import Refit
from policy_lang.tools.mutate.same import simplified

_DAY = datetime.timedelta(days=1)
_KEYWORD = re.compile(r"\s*(rule|table|clause|exception|assume)\b")


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
        made += self._assumptions()
        made.sort(key=lambda one: (one.span.file.name, one.span.start))
        original = _Signature(self.program)
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

    def _phrases(self) -> Iterator[_Made]:
        phrases = Phrases(self.schema)
        for place in places_of(self.program):
            span = place.span
            if all(_is_within_a_phrase(site) for site in place.sites):
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
        if len({one.owner.name.partition("#")[0] for one in place.sites}) > 1 and "the list" in words:
            return words.removeprefix("left out ").replace(" in ", " were missing from ", 1)
        return f"{named(place.owner)} {words}"

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
                    and node.right.span == node.span == owner.span
                ):
                    yield node.span.start, node.span.end, owner, node

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
                changes = {
                    id(node): evolve(node, right=Const(moved, node.right.type, span=node.span))  # type: ignore[union-attr]
                    for _, node in nodes
                }
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
            for kind, words, schedule in _other_schedules(outcome.schedule, instrument):
                outcomes = list(self.program.outcomes)
                outcomes[n] = evolve(outcome, schedule=schedule)
                program = evolve(self.program, outcomes=tuple(outcomes))
                yield _Made(kind, f"{named(outcome)} {words}", outcome.span, program)

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


def named(owner: Owner) -> str:
    """What the author calls a definition or an outcome: rule `eligible`, clause `export_duties`."""
    name = owner.name.rpartition(".")[2].partition("#")[0]
    line, _ = owner.span.file.position(owner.span.start)
    found = _KEYWORD.match(owner.span.file.line(line))
    return f"{found.group(1)} `{name}`" if found is not None else f"`{name}`"


class _Signature:
    """What a program says, in a form in which programs that say the same are equal."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.known: dict[int, object] = {}

    def difference(self, program: Program) -> tuple[tuple[object, ...], tuple[str, ...]]:
        """What a changed program says otherwise, and the names of what differs; nothing where it says the same."""
        found: list[object] = []
        names: list[str] = []
        pairs: list[tuple[Owner, Owner]] = [
            *zip(self.program.definitions, program.definitions, strict=True),
            *zip(self.program.outcomes, program.outcomes, strict=True),
        ]
        for was, now in pairs:
            if was is not now:
                said_now = _said(now)
                if id(was) not in self.known:
                    self.known[id(was)] = _said(was)
                if said_now != self.known[id(was)]:
                    kind = "o" if isinstance(now, Outcome) else "d"
                    found.append((kind, now.name, said_now))
                    names.append(now.name)
        if self.program.assumptions is not program.assumptions:
            for one, other in zip(self.program.assumptions, program.assumptions, strict=True):
                if one != other:
                    found.append((other.name, other.value))
                    names.append(other.name)
        return tuple(found), tuple(names)


def _said(owner: Owner) -> object:
    if isinstance(owner, Definition):
        return simplified(owner.body)
    states = tuple(simplified(one.state) for one in owner.defences)
    return simplified(owner.body), states, owner.schedule, owner.judged_on


def _is_within_a_phrase(site: Site) -> bool:
    """Whether the author wrote no words for this node alone: it is part of what the words around it became."""
    node, parent = site.node, site.parent
    if node.span == site.owner.span:
        return True
    if parent is None or isinstance(node, Const) or isinstance(parent, Case):
        return False  # a list of one word has the span of that word
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


def _other_schedules(
    schedule: Schedule, instrument: Instrument | None
) -> Iterator[tuple[Kind, str, Schedule]]:
    if schedule.first is not None:
        was = period(schedule.first)
        for parts in longer_and_shorter(schedule.first):
            words = f"said `{period(parts)}` instead of `{was}` for the first due date"
            yield "period", words, evolve(schedule, first=parts)
        if schedule.backwards:
            yield "schedule", f"counted the {was} forwards", evolve(schedule, backwards=False)
    if schedule.every is not None:
        for parts in longer_and_shorter(schedule.every):
            words = f"said every `{period(parts)}` instead of every `{period(schedule.every)}`"
            yield "period", words, evolve(schedule, every=parts)
        if schedule.counted_from == "due":
            words = "counted from the day it was last done instead of the previous due date"
            yield "schedule", words, evolve(schedule, counted_from="held")
        else:
            words = "counted from the previous due date instead of the day it was last done"
            yield "schedule", words, evolve(schedule, counted_from="due")
        yield "schedule", "fell due only once", evolve(schedule, every=None, recurs=None, last=None)
        if schedule.recurs is not None:
            words = "fell due again without the condition on that"
            yield "condition", words, evolve(schedule, recurs=None)
    if schedule.last is not None:
        yield "schedule", "fell due again without an end", evolve(schedule, last=None)
    if schedule.month_day is not None:
        other = "last" if schedule.month_day == "first" else "first"
        words = f"fell due on the {other} instead of the {schedule.month_day} day of the month"
        yield "schedule", words, evolve(schedule, month_day="last" if other == "last" else "first")
    if schedule.rounding != "abort":
        way = "up" if schedule.rounding == "down" else "down"
        words = f"rounded due dates {way} instead of {schedule.rounding}"
        yield "arithmetic", words, evolve(schedule, rounding="up" if way == "up" else "down")
    anchor = schedule.anchor
    if isinstance(anchor, Const) and isinstance(anchor.value, datetime.date):
        signed = instrument.signed if instrument is not None else None
        if instrument is not None and signed is not None and signed != anchor.value:
            words = f"counted from signature instead of {schedule.anchor_words}"
            yield "schedule", words, evolve(schedule, anchor=evolve(anchor, value=signed))
        for step in (_DAY, -_DAY):
            moved = anchor.value + step
            words = f"counted from {moved} instead of {anchor.value}"
            yield "day", words, evolve(schedule, anchor=evolve(anchor, value=moved))
