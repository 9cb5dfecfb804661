"""Whether a slip changes any answer at all: shown by the solver for all complete facts, or facts that it finds."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from time import monotonic
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from policy_lang.backends.prove.differences import differences
from policy_lang.backends.prove.equivalence import is_same
from policy_lang.backends.prove.examples import without_idle_territories
from policy_lang.backends.prove.forms import NotLowered
from policy_lang.backends.prove.lower import Lowering, Scope
from policy_lang.backends.prove.space import MOST_ELEMENTS, MOST_EVENTS, Space
from policy_lang.program.core import (
    Assumed,
    At,
    Call,
    Const,
    Definition,
    Expr,
    Fact,
    Outcome,
    Program,
    Schedule,
)
from policy_lang.program.schema import Schema, every, type_of
from policy_lang.program.types import Date, Dates, ListOf, Text, Type, YesNo
from policy_lang.tools.mutate.breaking import SIZES, breaking
from policy_lang.tools.mutate.mutant import THE_FACTS, Mutant
from policy_lang.tools.mutate.places import Owner, Replacements, replaced, roots
from policy_lang.tools.mutate.rests_on import Rests
from policy_lang.tools.mutate.vary import Case

_SECONDS = 4.0  # for one expression of one outcome
_ASSUME = "assume"

Status: TypeAlias = Literal["same", "other", "not settled"]


@frozen(eq=False)
class Proof:
    """What the solver shows of one mutant.

    `same`: every outcome that could differ answers alike for all facts that are complete, and with `missing` also
    where facts are left out; on all dates, with every assumption that is yes or no taken either way. Lists have up
    to `elements` elements (None: any number, or there is none), and events up to `events` dates. `other`: `case` is
    an example, still to be confirmed. What an undetermined answer asks for is not compared.
    """

    status: Status
    case: Case | None = None
    missing: bool = False
    elements: int | None = None
    events: int | None = None
    reason: str = ""  # why it is not settled


@frozen
class _Same:
    """What is known of two programs: whether they are the same, and for lists of how many elements."""

    same: bool | None
    elements: int | None = None


@frozen(eq=False)
class Prover:
    """Compares one program with its mutants."""

    program: Program
    rests: Rests
    _open: Program = field(init=False)
    _made: frozenset[str] = field(init=False)  # records that are made for a call
    _odd_dates: bool = field(init=False)  # something is read on a date that may not exist
    _elsewhere: bool = field(init=False)  # something is read on a date that may be missing

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "_open", _opened(self.program, frozenset()))
        owners: tuple[Owner, ...] = (*self.program.definitions, *self.program.outcomes)
        calls = [node for one in owners for root in roots(one) for node in every(root)]
        made = {one.bind.record for one in calls if isinstance(one, Call) and one.bind is not None}
        object.__setattr__(self, "_made", frozenset(made))
        dates = [one.at for one in calls if isinstance(one, Call) and one.at is not None]
        schema = Schema(self.program)
        object.__setattr__(self, "_odd_dates", not all(_is_given(one, schema) for one in dates))
        object.__setattr__(self, "_elsewhere", any(not isinstance(one, (At, Const)) for one in dates))

    def proof(self, mutant: Mutant, outcomes: Sequence[str], until: float) -> Proof:
        """What can be shown of these outcomes before the time `until`."""
        try:
            return self._proof(mutant, frozenset(outcomes), until)
        except NotLowered as reason:
            return Proof("not settled", reason=str(reason))

    def _proof(self, mutant: Mutant, outcomes: frozenset[str], until: float) -> Proof:
        if THE_FACTS in mutant.touched:
            return self._of_facts(mutant, until)
        pairs = [
            (was, now)
            for was, now in zip(self.program.outcomes, mutant.program.outcomes, strict=True)
            if was.name in outcomes
        ]
        if any(_bare(was) != _bare(now) for was, now in pairs):
            return Proof("not settled", reason="the duty is scheduled otherwise")
        turned = [
            was.name
            for was, now in zip(self.program.assumptions, mutant.program.assumptions, strict=True)
            if was != now
        ]
        old = _opened(self.program, frozenset(turned)) if turned else self._open
        new = _opened(mutant.program, frozenset(turned))
        deep = self.rests.deep(root for pair in pairs for one in pair for root in roots(one))
        facts = self.rests.facts(deep)
        lists = any(isinstance(one.type, ListOf) for one in facts)
        events = MOST_EVENTS if any(isinstance(one.type, Dates) for one in facts) else None
        whole = self._by_itself(old, new, until, partial=False)
        if not whole.same:
            for size in (1, MOST_ELEMENTS) if lists else (MOST_ELEMENTS,):
                found = self._differs(old, new, outcomes, size, until)
                if isinstance(found, str):
                    return Proof("not settled", reason=found)
                if found is not None:
                    given, day = found
                    assume = given.pop(_ASSUME, {})
                    return Proof("other", Case(given, datetime.date.fromordinal(day), assume, ""))
            whole = _Same(True, MOST_ELEMENTS if lists else None)
        missing = self._where_missing(old, new, outcomes, until)
        if missing.same is False:
            return Proof("not settled", reason="the answers differ where facts are left out")
        elements = max((one.elements or 0 for one in (whole, missing)), default=0) or None
        return Proof("same", None, bool(missing.same), elements, events)

    def _of_facts(self, mutant: Mutant, until: float) -> Proof:
        """Facts that only one of the two takes, because of a check that reads otherwise; limits are only tried."""
        until = min(until, monotonic() + _SECONDS)
        for was, now in zip(self.program.records, mutant.program.records, strict=True):
            if was.checks == now.checks:
                continue
            kept, new = dict(was.checks), dict(now.checks)
            gone = [(mutant.program, one) for one in kept if one not in new]
            added = [(self.program, one) for one in new if one not in kept]
            for program, check in (*gone, *added):
                found = breaking(program, was.name, check, until)
                if isinstance(found, Case):
                    return Proof("other", found)
                if found != "never":
                    return Proof("not settled", reason="it came to no end in time")
            return Proof("same", None, False, SIZES[-1] if was.parent is not None else None)
        return Proof("not settled", reason="the slip is in which facts are taken")

    def _where_missing(self, old: Program, new: Program, outcomes: frozenset[str], until: float) -> _Same:
        """Whether they are the same where facts are left out, too."""
        try:
            found = self._by_itself(old, new, until, partial=True)
            return found if found.same else self._everywhere(old, new, outcomes, until)
        except NotLowered:
            return _Same(None)

    # ---------------------------------------------------------------- what differs, looked at alone

    def _by_itself(self, old: Program, new: Program, until: float, *, partial: bool) -> _Same:
        """Whether every definition that differs gives the same for all facts about its record, on every date.

        No is never said: what differs here may never matter.
        """
        pairs = [(a, b) for a, b in zip(old.definitions, new.definitions, strict=True) if a.body != b.body]
        if self._odd_dates or not pairs or any(not self._is_about_facts(one) for one, _ in pairs):
            return _Same(None)
        if any(
            one.body != other.body or one.judged_on != other.judged_on or one.defences != other.defences
            for one, other in zip(old.outcomes, new.outcomes, strict=True)
        ):
            return _Same(None)
        if partial and any(not self._is_dated_by_its_record(one) for one, _ in pairs):
            return _Same(None)
        space = Space((old, new), MOST_ELEMENTS, partial)
        before, after = Lowering(old, space), Lowering(new, space)
        try:
            for one, other in pairs:
                scope = self._anywhere(one, space, before)
                first, second = before.lower(one.body, scope), after.lower(other.body, scope)
                left = min(_SECONDS, until - monotonic())
                if left <= 0 or not is_same(space, first, second, left):
                    return _Same(None)
        except NotLowered:
            return _Same(None)
        return _Same(True, _elements(space))

    def _is_about_facts(self, definition: Definition) -> bool:
        """Whether the definition is only ever asked about records that the facts give."""
        scope = self.rests.schema.scope(definition.subject)
        return not definition.parameters and not self._made.intersection(scope)

    def _is_dated_by_its_record(self, definition: Definition) -> bool:
        """Whether the date on which it is read is known to be what it is taken for, also where it may be missing."""
        asks = any(isinstance(one, At) for one in self.rests.deep([definition.body]))
        return not asks or (definition.subject is not None and not self._elsewhere)

    def _anywhere(self, definition: Definition, space: Space, lowering: Lowering) -> Scope:
        """Any record of that kind: of a list, the first element stands for every other."""
        scope = Scope({}, space.at)
        schema = self.rests.schema
        for name in schema.scope(definition.subject):
            record = schema.records[name]
            if record.parent is None:
                scope.records[name] = space.root(name)
            else:
                field_name = str(record.parent_field)
                scope.records[name] = space.element(scope.records[record.parent], field_name, name, 0)
            if record.judged_on is not None and space.partial:
                day = record.judged_on.rpartition(".")[2]
                scope.at = lowering.lower(Fact(name, day, Date()), scope)
        return scope

    # ---------------------------------------------------------------- outcome by outcome

    def _everywhere(self, old: Program, new: Program, outcomes: frozenset[str], until: float) -> _Same:
        """Whether all that these outcomes work out is the same, facts left out among them."""
        space = Space((old, new), MOST_ELEMENTS, partial=True)
        before, after = Lowering(old, space), Lowering(new, space)
        before.checks()
        after.checks()
        for was, now in zip(old.outcomes, new.outcomes, strict=True):
            if was.name not in outcomes:
                continue
            for (_, one), (_, other) in zip(_parts(was), _parts(now), strict=True):
                left = min(_SECONDS, until - monotonic())
                first = before.lower(one, before.scope_of(was))
                second = after.lower(other, after.scope_of(now))
                found = is_same(space, first, second, left) if left > 0 else None
                if not found:
                    return _Same(found)
        return _Same(True, _elements(space))

    def _differs(
        self, old: Program, new: Program, outcomes: frozenset[str], size: int, until: float
    ) -> tuple[dict[str, Any], int] | str | None:
        """Facts on which they differ; None where there are none; or why that is not known."""
        space = Space((old, new), size)
        before, after = Lowering(old, space), Lowering(new, space)
        before.checks()
        after.checks()
        for was, now in zip(old.outcomes, new.outcomes, strict=True):
            if was.name not in outcomes:
                continue
            names = () if was.subject is None else (was.subject,)
            for (kind, one), (_, other) in zip(_parts(was), _parts(now), strict=True):
                first = before.lower(one, before.scope_of(was))
                second = after.lower(other, after.scope_of(now))
                left = min(_SECONDS, until - monotonic())
                if left <= 0:
                    return "there was no time"
                found = differences(space, first, second, kind, names, left, most_cases=1)
                if found.cases:
                    case = found.cases[0]
                    return without_idle_territories(case.facts, space), case.day
                if not found.complete:
                    return "it came to no end in time"
        return None


def _elements(space: Space) -> int | None:
    """Of how many elements at most lists were; None where what is shown holds for any number."""
    return space.most if space.has_lists and not space.stands_for_any_length else None


def _parts(outcome: Outcome) -> Iterator[tuple[Type | None, Expr]]:
    """What an outcome works out, each with its type."""
    yield outcome.type, outcome.body
    for defence in outcome.defences:
        yield Text(), defence.state
    if outcome.schedule is not None:
        for expr in outcome.schedule.expressions:
            yield type_of(expr), expr


def _bare(outcome: Outcome) -> object:
    """What of an outcome is no expression."""
    return outcome.force, _bare_schedule(outcome.schedule)


def _bare_schedule(schedule: Schedule | None) -> object:
    if schedule is None:
        return None
    numbers = (schedule.first, schedule.backwards, schedule.every, schedule.rounding, schedule.counted_from)
    there = tuple(one is not None for one in (schedule.recurs, schedule.event, schedule.last))
    earlier = tuple((one.before, _bare_schedule(one.schedule)) for one in schedule.earlier)
    return (*numbers, schedule.month_day, schedule.is_over, there, earlier)


def _opened(program: Program, but: frozenset[str]) -> Program:
    """The program with every assumption that is yes or no left open, as if it were a fact; not those in `but`."""
    names = {one.name for one in program.assumptions if isinstance(one.value.value, bool)} - but
    changes: dict[int, Any] = {}
    touched: set[int] = set()
    owners: tuple[Owner, ...] = (*program.definitions, *program.outcomes)
    for owner in owners:
        for root in roots(owner):
            for node in every(root):
                if isinstance(node, Assumed) and node.name in names:
                    changes[id(node)] = Fact(None, f"{_ASSUME}.{node.name}", YesNo(), span=node.span)
                    touched.add(id(owner))
    found: Replacements = changes
    return replaced(program, found, frozenset(touched)) if changes else program


def _is_given(date: Expr, schema: Schema) -> bool:
    """Whether a date that something is read on is there whenever the facts are complete."""
    if isinstance(date, Fact) and date.record is not None:
        found = schema.field(date.record, date.field)
        return found is not None and not found.optional
    return isinstance(date, (At, Const))
