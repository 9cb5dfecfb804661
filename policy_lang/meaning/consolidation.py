"""One meaning from the meanings of all versions of a text: what stands there goes by the date asked about.

Every version was understood as a whole text. What all of them share stays as it is; what differs becomes a
choice by the date, in the core, so that every reading of a policy sees one program (rules T1, T3).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import attrs
from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.meaning.amendments import Amendment, Version
from policy_lang.meaning.names import Entry, Grant, Meant, NamedDefinition, NamedList
from policy_lang.program import core
from policy_lang.program.schema import every
from policy_lang.program.types import Date, Text, Type, YesNo
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.text import Span
from policy_lang.syntax import tree

_Thing = TypeVar("_Thing")


_SHARED = (
    "kinds",
    "units",
    "records",
    "statuses",
    "purposes",
    "acts",
    "events",
    "deeds",
    "flags",
    "tables",
)
"""What later versions add to; it never changes under one name, or is looked at by itself."""


@define
class _Run:
    """Some versions in which a thing reads the same, from the first of them on."""

    start: datetime.date | None
    thing: object | None


def consolidate(
    versions: list[Version], meanings: list[Meant], amendments: list[Amendment]
) -> tuple[Meant, list[Diagnostic]]:
    """What a text means on every date; `meanings` belong to the versions, in order."""
    return _Merger(versions, meanings, amendments).merged()


@define
class _Merger:
    versions: list[Version]
    meanings: list[Meant]
    amendments: list[Amendment]
    found: list[Diagnostic] = field(factory=list)

    def merged(self) -> tuple[Meant, list[Diagnostic]]:
        last = self.meanings[-1]
        whole = Meant(self.meanings[0].declared, self._instrument(), uses=last.uses)
        whole.edition = last.edition
        for space in _SHARED:
            for meant in self.meanings:
                getattr(whole, space).update(getattr(meant, space))
        whole.certain = _distinct(one for meant in self.meanings for one in meant.certain)
        whole.promises = _distinct(one for meant in self.meanings for one in meant.promises)
        whole.case_facts = _distinct(fact for meant in self.meanings for fact in meant.case_facts)
        whole.assumptions = _distinct(one for meant in self.meanings for one in meant.assumptions)
        whole.territories = _distinct(one for meant in self.meanings for one in meant.territories)
        self._entries(whole)
        for name in _names(meant.definitions for meant in self.meanings):
            runs = self._runs([meant.definitions.get(name) for meant in self.meanings])
            whole.definitions[name] = self._definition(runs)
        self._grants(whole)
        for name in _names({o.name: o for o in meant.outcomes} for meant in self.meanings):
            whole.outcomes.append(self._outcome(name))
        return whole, self.found

    def _instrument(self) -> core.Instrument:
        """The header as it reads in the end, with everything that changed the text."""
        taken = tuple(
            core.Amended(
                one.name,
                "rectification" if one.header.kind == "rectification" else "amendment",
                one.title,
                one.start,
                one.in_force,
                *_verified(one.header),
            )
            for one in sorted(self.amendments, key=lambda one: one.order)
        )
        return attrs.evolve(self.meanings[-1].instrument, amendments=taken)

    def _runs(self, things: Sequence[object | None]) -> list[_Run]:
        """How a thing reads, version by version, those that read the same put together."""
        runs: list[_Run] = []
        for version, thing in zip(self.versions, things, strict=True):
            if not runs or runs[-1].thing != thing:
                runs.append(_Run(version.start, thing))
        return runs

    # ---------------------------------------------------------------- names

    def _entries(self, whole: Meant) -> None:
        for name in _names(meant.entries for meant in self.meanings):
            runs = self._runs([meant.entries.get(name) for meant in self.meanings])
            there = [run.thing for run in runs if isinstance(run.thing, Entry)]
            for other in there[1:]:
                self._check_entry(name, there[0], other)
            entry = there[-1]
            if isinstance(entry, NamedList) and len(runs) > 1:
                entry = _list_by_date(entry, runs)
            whole.entries[name] = entry

    def _check_entry(self, name: str, first: Entry, other: Entry) -> None:
        if type(first) is not type(other):
            self._say_kind(name, first.span, other.span)
        elif isinstance(first, NamedDefinition) and isinstance(other, NamedDefinition):
            if (first.type, first.subject) != (other.type, other.subject):
                self._say_kind(name, first.span, other.span)
        elif isinstance(first, NamedList) and isinstance(other, NamedList) and first.type != other.type:
            self._say_kind(name, first.span, other.span)

    def _say_kind(self, name: str, first: Span, other: Span) -> None:
        self.found.append(
            problems.AMENDMENT_CHANGES_KIND.at(
                other,
                f"`{name}` becomes something else than it was",
                label="from here on",
                related=[(first, "until then")],
                help="delete it, and insert the new one under another name",
            )
        )

    # ---------------------------------------------------------------- definitions, grants

    def _definition(self, runs: list[_Run]) -> core.Definition:
        there = [run.thing for run in runs if isinstance(run.thing, core.Definition)]
        latest = there[-1]
        if len(runs) == 1:
            return latest
        kind = latest.name.rpartition("#")[2] if "#" in latest.name else ""
        holds = latest.parameters or kind in ("applies", "permits", "changes_nothing")
        cites = latest.cites if all(one.cites == latest.cites for one in there) else ()

        def body(run: _Run) -> core.Expr:
            if isinstance(run.thing, core.Definition):
                return run.thing.body
            if holds:  # what is not part of the text grants nothing, beats nothing and changes nothing
                return core.Const(kind == "changes_nothing", YesNo(), span=latest.span)
            return self._absent(latest.label or latest.name, runs, run, latest.span)

        def cited(run: _Run) -> tuple[str, ...]:
            return () if cites or not isinstance(run.thing, core.Definition) else run.thing.cites

        choice = _by_date(runs, body, cited, latest)
        return attrs.evolve(latest, body=choice, cites=cites)

    def _grants(self, whole: Meant) -> None:
        """Grants that changed are told apart, so that each keeps its own words."""
        seen: dict[str, list[Grant]] = {}
        for meant in self.meanings:
            for grant in meant.grants:
                known = seen.setdefault(grant.definition, [])
                if grant not in known:
                    known.append(grant)
        for grants in seen.values():
            for number, grant in enumerate(grants):
                if number == 0 and len(grants) == 1:
                    whole.grants.append(grant)
                    continue
                whole.grants.append(self._grant_of_its_own(whole, grant, number + 1))

    def _grant_of_its_own(self, whole: Meant, grant: Grant, number: int) -> Grant:
        def own(name: str) -> str:
            things = [m.definitions[name] if grant in m.grants else None for m in self.meanings]
            definition = self._definition(self._runs(things))
            renamed = f"{name}@{number}"
            whole.definitions[renamed] = attrs.evolve(definition, name=renamed)
            return renamed

        return attrs.evolve(
            grant, definition=own(grant.definition), definition_any_good=own(grant.definition_any_good)
        )

    # ---------------------------------------------------------------- outcomes

    def _outcome(self, name: str) -> core.Outcome:
        runs = self._runs([next((o for o in m.outcomes if o.name == name), None) for m in self.meanings])
        there = [run.thing for run in runs if isinstance(run.thing, core.Outcome)]
        latest = there[-1]
        if len(runs) == 1:
            return latest
        for other in there[1:]:
            one_kind = (
                other.subject == there[0].subject
                and other.type == there[0].type
                and (other.schedule is None) == (there[0].schedule is None)
                and (other.family == "rule") == (there[0].family == "rule")
            )
            if not one_kind:
                self._say_kind(name, there[0].span, other.span)
                return latest
        body_type = latest.type or (YesNo() if latest.schedule is not None else Text())

        def body(run: _Run) -> core.Expr:
            if isinstance(run.thing, core.Outcome):
                return run.thing.body
            return self._absent(latest.label or name, runs, run, latest.span)

        choice = _by_date(runs, body, lambda _: (), latest, body_type)
        wordings = tuple(
            core.Wording(run.start, one.label, one.cites, one.force, one.actor, one.act, one.family)
            for run in runs
            if isinstance(one := run.thing, core.Outcome)
        )
        return attrs.evolve(
            latest,
            body=choice,
            defences=self._defences(runs),
            schedule=self._schedule(name, runs),
            wordings=wordings,
        )

    def _defences(self, runs: list[_Run]) -> tuple[core.Defence, ...]:
        found: dict[str, core.Defence] = {}
        for run in runs:
            if isinstance(run.thing, core.Outcome):
                found.update({defence.name: defence for defence in run.thing.defences})
        merged: list[core.Defence] = []
        for name, latest in found.items():

            def state(run: _Run, name: str = name, latest: core.Defence = latest) -> core.Expr:
                if isinstance(run.thing, core.Outcome):
                    for defence in run.thing.defences:
                        if defence.name == name:
                            return defence.state
                return self._absent(latest.label, runs, run, latest.state.span)

            bodies = [state(run) for run in runs]
            if all(one == bodies[0] for one in bodies):
                merged.append(latest)
                continue
            cases = [
                core.Case(_from(run.start, latest.state.span), one, span=latest.state.span)
                for run, one in zip(runs, bodies, strict=True)
                if run.start is not None
            ]
            choice = core.Choose(
                "first", tuple(reversed(cases)), bodies[0], Text(), by_text=True, span=latest.state.span
            )
            merged.append(attrs.evolve(latest, state=choice))
        return tuple(merged)

    def _schedule(self, name: str, runs: list[_Run]) -> core.Schedule | None:
        """The latest schedule, with those that earlier due dates come from."""
        latest: core.Schedule | None = None
        earlier: list[core.EarlierSchedule] = []
        for run in runs:
            schedule = run.thing.schedule if isinstance(run.thing, core.Outcome) else None
            start = self._counts_from(name, run)
            if run.start is not None and start is not None:
                earlier.append(core.EarlierSchedule(start, latest))
            latest = schedule or latest
            gone = run.thing is None and run.start is not None
            if gone:
                latest = None
        if latest is None and not any(one.schedule is not None for one in earlier):
            return None
        if latest is None:
            kept = next(one.schedule for one in reversed(earlier) if one.schedule is not None)
            return attrs.evolve(kept, earlier=tuple(earlier), is_over=True)
        return attrs.evolve(latest, earlier=tuple(earlier))

    def _counts_from(self, name: str, run: _Run) -> datetime.date | None:
        """From which due date on a version of a duty counts: where it says so, else from its own first day."""
        for version, meant in zip(self.versions, self.meanings, strict=True):
            if version.start != run.start:
                continue
            clause = meant.declared.clauses.get(name)
            for line in clause.lines if clause is not None else ():
                if isinstance(line, tree.Application):
                    schedule = run.thing.schedule if isinstance(run.thing, core.Outcome) else None
                    if schedule is None or line.event.text not in _events(schedule):
                        self._say_application(line, schedule)
                    return line.start.value
        return run.start

    def _say_application(self, line: tree.Application, schedule: core.Schedule | None) -> None:
        if schedule is None:
            message, help = "this clause never falls due", "leave the line out"
        else:
            message = f"`{line.event.text}` is not what fulfils this duty"
            names = sorted(_events(schedule))
            help = f"write `{names[0]}`" if names else "add `fulfilled by EVENT` to the duty"
        self.found.append(problems.WRONG_USE.at(line.event.span, message, label="here", help=help))

    # ---------------------------------------------------------------- shared

    def _absent(self, label: str, runs: list[_Run], run: _Run, span: Span) -> core.Absent:
        """Why something is not part of the text in some versions."""
        place = runs.index(run)
        if all(earlier.thing is None for earlier in runs[:place]):
            start = next(later.start for later in runs[place:] if later.thing is not None)
            message = f"{label} is part of the text only from {start}"
            return core.Absent("not in force", "not-yet-inserted", message, span=span)
        return core.Absent("not in force", "deleted", f"{label} was deleted from {run.start}", span=span)


def _events(schedule: core.Schedule) -> set[str]:
    """The events whose dates discharge a duty."""
    facts = every(schedule.event) if schedule.event is not None else ()
    return {one.field for one in facts if isinstance(one, core.Fact)}


def _by_date(
    runs: list[_Run],
    body: Callable[[_Run], core.Expr],
    cites: Callable[[_Run], tuple[str, ...]],
    latest: core.Definition | core.Outcome,
    kind: Type | None = None,
) -> core.Choose:
    """A choice among versions: the latest that has begun on the date asked about."""
    span = latest.span
    cases = tuple(
        core.Case(_from(run.start, span), body(run), cites(run), span=_span(run, span))
        for run in reversed(runs)
        if run.start is not None
    )
    first = runs[0]
    return core.Choose(
        "first", cases, body(first), kind or latest.type or Text(), cites(first), by_text=True, span=span
    )


def _span(run: _Run, default: Span) -> Span:
    return getattr(run.thing, "span", default)


def _from(start: datetime.date | None, span: Span) -> core.Expr:
    assert start is not None
    return core.Compare("ge", core.At(span=span), core.Const(start, Date(), span=span), span=span)


def _list_by_date(latest: NamedList, runs: list[_Run]) -> NamedList:
    members = _distinct(
        member for run in runs if isinstance(run.thing, NamedList) for member in run.thing.members
    )
    versions = tuple(
        (
            run.start,
            run.thing if isinstance(run.thing, NamedList) else attrs.evolve(latest, members=(), open=False),
        )
        for run in runs
    )
    return attrs.evolve(latest, members=tuple(members), versions=versions)


def _names(tables: Iterable[dict[str, _Thing]]) -> Iterator[str]:
    """Every key of some tables once, in order."""
    return iter(dict.fromkeys(name for table in tables for name in table))


def _distinct(things: Iterable[_Thing]) -> list[_Thing]:
    found: list[_Thing] = []
    for thing in things:
        if thing not in found:
            found.append(thing)
    return found


def _verified(header: tree.Instrument) -> tuple[datetime.date | None, str]:
    for line in header.lines:
        if isinstance(line, tree.Verified):
            return line.date.value, line.against.text
    return None, ""
