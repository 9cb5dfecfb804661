"""Whether a slip changes any answer at all: shown by the solver for all complete facts, or facts that it finds."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Iterator, Sequence
from time import monotonic
from typing import Any, Literal, TypeAlias

from attrs import evolve, field, frozen

from policy_lang.backends.prove.differences import differences, without_idle_territories
from policy_lang.backends.prove.forms import NotLowered
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.space import MOST_ELEMENTS, MOST_EVENTS, Space
from policy_lang.program.core import Assumed, Outcome, Program, Schedule
from policy_lang.program.schema import type_of
from policy_lang.program.types import Dates, ListOf, Text, Type
from policy_lang.tools.mutate.mutant import Mutant
from policy_lang.tools.mutate.rests_on import Rests
from policy_lang.tools.mutate.vary import Case

_SECONDS = 4.0  # for one expression of one outcome
_MOST_TURNED = 3  # assumptions that are taken both ways

Status: TypeAlias = Literal["same", "other", "not settled"]


@frozen(eq=False)
class Proof:
    """What the solver shows of one mutant.

    `same`: every outcome that could differ answers alike for all complete facts, on all dates, with every
    assumption it rests on taken either way; lists have up to `elements` elements, and events up to `events`
    dates, where there are any. `other`: `case` is an example, still to be confirmed. Nothing is shown of facts that
    are left out.
    """

    status: Status
    case: Case | None = None
    elements: int | None = None
    events: int | None = None
    reason: str = ""  # why it is not settled


@frozen(eq=False)
class Prover:
    """Compares one program with its mutants."""

    program: Program
    rests: Rests
    _sizes: tuple[int, ...] = field(default=(1, MOST_ELEMENTS))

    def proof(self, mutant: Mutant, outcomes: Sequence[str], until: float) -> Proof:
        """What can be shown of these outcomes before the time `until`."""
        try:
            return self._proof(mutant, frozenset(outcomes), until)
        except NotLowered as reason:
            return Proof("not settled", reason=str(reason))

    def _proof(self, mutant: Mutant, outcomes: frozenset[str], until: float) -> Proof:
        pairs = [
            (was, now)
            for was, now in zip(self.program.outcomes, mutant.program.outcomes, strict=True)
            if was.name in outcomes
        ]
        parts = [part for pair in pairs for one in pair for part in _parts(one)]
        deep = self.rests.deep(expr for _, expr in parts)
        if any(_bare(was.schedule) != _bare(now.schedule) for was, now in pairs):
            return Proof("not settled", reason="the duty is scheduled otherwise")
        listed = any(isinstance(one.type, ListOf) for one in self.rests.facts(deep))
        dated = any(isinstance(one.type, Dates) for one in self.rests.facts(deep))
        turned = dict.fromkeys(one.name for one in deep if isinstance(one, Assumed))
        for assume in self._readings(turned):
            old, new = _assuming(self.program, assume), _assuming(mutant.program, assume)
            for size in self._sizes if listed else self._sizes[-1:]:
                found = self._differs(old, new, pairs, size, until)
                if isinstance(found, str):
                    return Proof("not settled", reason=found)
                if found is not None:
                    facts, day = found
                    return Proof("other", Case(facts, datetime.date.fromordinal(day), assume, ""))
        return Proof("same", None, self._sizes[-1] if listed else None, MOST_EVENTS if dated else None)

    def _readings(self, names: Iterable[str]) -> Iterator[dict[str, Any]]:
        """The assumptions as they are, then every other way to take those that are yes or no."""
        values = {one.name: one.value.value for one in self.program.assumptions}
        turned = [one for one in names if isinstance(values.get(one), bool)]
        if len(turned) > _MOST_TURNED:
            raise NotLowered("it rests on too many assumptions")
        for ways in itertools.product((False, True), repeat=len(turned)):
            yield {name: not values[name] for name, other in zip(turned, ways, strict=True) if other}

    def _differs(
        self,
        old: Program,
        new: Program,
        pairs: Sequence[tuple[Outcome, Outcome]],
        size: int,
        until: float,
    ) -> tuple[dict[str, Any], int] | str | None:
        """Facts on which they differ; None where there are none; or why that is not known."""
        space = Space((old, new), size)
        before, after = Lowering(old, space), Lowering(new, space)
        before.checks()
        after.checks()
        for was, now in pairs:
            roots = () if was.subject is None else (was.subject,)
            for (kind, one), (_, other) in zip(_parts(was), _parts(now), strict=True):
                first = before.lower(one, before.scope_of(was))
                second = after.lower(other, after.scope_of(now))
                left = min(_SECONDS, until - monotonic())
                if left <= 0:
                    return "there was no time"
                found = differences(space, first, second, kind, roots, left)
                if found.cases:
                    case = found.cases[0]
                    return without_idle_territories(case.facts, space), case.day
                if not found.complete:
                    return "it came to no end in time"
        return None


def _parts(outcome: Outcome) -> Iterator[tuple[Type | None, Any]]:
    """What an outcome works out, each with its type."""
    yield outcome.type, outcome.body
    for defence in outcome.defences:
        yield Text(), defence.state
    if outcome.schedule is not None:
        for expr in outcome.schedule.expressions:
            yield type_of(expr), expr


def _bare(schedule: Schedule | None) -> object:
    """A schedule without what it works out."""
    if schedule is None:
        return None
    numbers = (schedule.first, schedule.backwards, schedule.every, schedule.rounding, schedule.counted_from)
    there = tuple(one is not None for one in (schedule.recurs, schedule.event, schedule.last))
    earlier = tuple((one.before, _bare(one.schedule)) for one in schedule.earlier)
    return (*numbers, schedule.month_day, schedule.is_over, there, earlier)


def _assuming(program: Program, assume: dict[str, Any]) -> Program:
    """The program with these assumptions taken so."""
    if not assume:
        return program
    assumptions = tuple(
        evolve(one, value=evolve(one.value, value=assume[one.name])) if one.name in assume else one
        for one in program.assumptions
    )
    return evolve(program, assumptions=assumptions)
