"""What a change means: for every outcome, that it is the same for all facts, or the cases in which it is not.

Every case found is decided again by the evaluator, with both versions, before anybody is told of it.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

import attrs
from attrs import define, field, frozen

from policy_lang.backends.prove.differences import MOST_CASES, Difference, Found, differences
from policy_lang.backends.prove.examples import without_idle_territories
from policy_lang.backends.prove.forms import NotLowered, OutOfTime
from policy_lang.backends.prove.space import MOST_ELEMENTS, Space
from policy_lang.backends.prove.standins import Depth
from policy_lang.backends.prove.words import conditions_in_words
from policy_lang.program.core import Outcome, Program
from policy_lang.program.likeness import Likeness, Numbers
from policy_lang.program.numbers import settle
from policy_lang.program.sentences import said
from policy_lang.program.types import Date, describe
from policy_lang.tools.diff.clock import Clock
from policy_lang.tools.diff.missing import Missing, where_facts_are_missing
from policy_lang.tools.diff.trying import Tried, try_days, try_facts
from policy_lang.tools.diff.versions import Versions, View

_DEPTHS: tuple[tuple[Depth, float], ...] = (("alike", 0.4), ("changed", 0.5), ("knots", 1.0))
"""What is not taken apart, in turn, and which part of what is left of its time an outcome gives to each."""

_FOR_SHORT_LISTS = 0.5

_FEW_CASES = 4
"""So many cases are told in facts, rather than in terms of rules."""

_AT_MOST = 20.0
"""So many seconds are spent on it at most; commonly it is the steps that are counted, alike on every machine."""

_FEW_STEPS, _MANY_STEPS = (3, 300), (100, 100_000)
"""So many steps may be too much work for the solver, and so many there may be in all, where something is known already and
where nothing is."""

NO_TIME = "there was no time left for it"

Status: TypeAlias = Literal["same", "changed", "not settled", "added", "removed"]


@frozen
class Case:
    """One case of a change. `facts` and `as_of` are an example that both versions were asked about."""

    when: str
    old: str
    new: str
    facts: dict[str, Any]
    as_of: datetime.date
    by: str = ""
    alone: bool = False  # only this example is known, not how far the case reaches


@frozen
class OutcomeDiff:
    """What became of one outcome. `complete`: for complete facts there are no other cases, within the limits."""

    name: str
    status: Status
    cases: tuple[Case, ...] = ()
    complete: bool = True
    elements: int | None = None  # lists of up to so many elements were gone through
    territories: bool | None = False
    renamed_from: str = ""
    notes: tuple[str, ...] = ()
    reason: str = ""  # why it is not settled
    tried: int | None = None  # so many sets of facts, or days, were tried instead
    schedule: bool = False  # it is when a duty falls due that was looked at
    missing: Missing | None = None  # what became of it where facts are missing

    @property
    def is_same_where_all_is_known(self) -> bool:
        """Whether it is shown to be the same for complete facts."""
        return self.complete and not self.cases and not self.notes and self.status not in ("added", "removed")


@frozen
class Meaning:
    """What a change of one policy means, outcome by outcome, in the order of the new text."""

    outcomes: tuple[OutcomeDiff, ...]
    elements: int
    limit: float

    @property
    def differs(self) -> bool:
        """Whether some outcome is another."""
        return any(one.status in ("changed", "added", "removed") for one in self.outcomes)

    @property
    def is_settled(self) -> bool:
        """Whether it is known of every outcome."""
        return all(one.status != "not settled" for one in self.outcomes)


@define(eq=False)
class Pair:
    """Two programs whose outcomes are compared. What is alike by its form alone is known at once."""

    old: Program
    new: Program
    clock: Clock
    elements: int | None
    only: frozenset[str]
    searched: dict[str, tuple[Found, View]] = field(factory=dict)  # what the solver found, by outcome
    alike: tuple[Likeness, Likeness] = field(init=False)
    _plan: list[_Planned] = field(init=False)

    def __attrs_post_init__(self) -> None:
        numbers = Numbers()
        self.alike = (Likeness(self.old, numbers), Likeness(self.new, numbers))
        self._plan = list(self._planned())

    @property
    def waiting(self) -> int:
        """How many outcomes have to be looked at by the solver."""
        return sum(1 for one in self._plan if one.settled is None)

    def meaning(self) -> Meaning:
        """What became of every outcome."""
        outcomes = tuple(one.settled or self.compare(one.old, one.new) for one in self._plan)
        return Meaning(outcomes, self.elements or MOST_ELEMENTS, self.clock.limit)

    def _planned(self) -> Iterable[_Planned]:
        """Every outcome of the new program and then what is gone, in order."""
        before = {one.name: one for one in self.old.outcomes}
        after = {one.name: one for one in self.new.outcomes}
        gone = {name: one for name, one in before.items() if name not in after}
        for name, outcome in after.items():
            if self.only and name not in self.only:
                continue
            if name in before:
                is_same = self._is_alike(before[name], outcome) and not any(_notes(before[name], outcome))
                settled = _of_one_form(name) if is_same else None
                yield _Planned(name, before[name], outcome, settled)
                continue
            twin = next((one for one in gone.values() if self._is_twin(one, outcome)), None)
            if twin is None:
                yield _Planned(name, outcome, outcome, OutcomeDiff(name, "added"))
            else:
                del gone[twin.name]
                renamed = attrs.evolve(_of_one_form(name), renamed_from=twin.name)
                yield _Planned(name, twin, outcome, renamed)
        for name, one in gone.items():
            if not self.only or name in self.only:
                yield _Planned(name, one, one, OutcomeDiff(name, "removed"))

    def _is_alike(self, old: Outcome, new: Outcome) -> bool:
        return self.alike[0].of_outcome(old) == self.alike[1].of_outcome(new)

    def _is_twin(self, old: Outcome, new: Outcome) -> bool:
        """Whether two outcomes of different names are one that was renamed."""
        alike = (old.force, old.actor, old.act) == (new.force, new.actor, new.act)
        return alike and self._is_alike(old, new)

    # ---------------------------------------------------------------------------------- one outcome

    def compare(self, old: Outcome, new: Outcome) -> OutcomeDiff:
        notes = tuple(_notes(old, new))
        if old.type != new.type or old.subject != new.subject or old.family != new.family:
            self.clock.waiting -= 1
            return OutcomeDiff(new.name, "changed", notes=notes)
        if self.clock.is_over:
            status: Status = "changed" if notes else "not settled"
            return OutcomeDiff(new.name, status, (), False, notes=notes, reason=NO_TIME)
        versions = Versions.of(old, new, self.alike)
        result = self.where_all_is_known(versions, notes)
        missing = self.where_facts_are_missing(versions, result)
        result = attrs.evolve(result, missing=missing)
        if missing.examples and result.status in ("same", "not settled"):
            return attrs.evolve(result, status="changed")
        if missing.state == "not settled" and result.status == "same":
            reason = f"where facts are missing: {missing.reason}"
            return attrs.evolve(result, status="not settled", reason=reason)
        return result

    def where_facts_are_missing(self, versions: Versions, result: OutcomeDiff) -> Missing:
        """What became of an outcome for facts of which some are left out."""
        old, new = versions.old.schedule, versions.new.schedule
        if (
            old is not None
            and new is not None
            and self.alike[0].of_schedule(old) != self.alike[1].of_schedule(new)
        ):
            return Missing("not settled", reason="the duty is written differently")
        is_same = result.status == "same"
        return where_facts_are_missing(
            versions, self.clock.for_missing(), is_same=is_same, elements=self.elements
        )

    def where_all_is_known(self, versions: Versions, notes: tuple[str, ...]) -> OutcomeDiff:
        """What became of an outcome for complete facts."""
        old, new = versions.old, versions.new
        try:
            found, view = self.search(versions, self.clock.for_solver())
        except NotLowered as reason:
            return self.by_trying(versions, notes, str(reason))
        if found is None:
            return self.by_trying(versions, notes, "it came to no end in its share of the time")
        assert view is not None
        self.searched[new.name] = found, view
        cases = [self.confirmed(one, versions, view) for one in found.cases]
        doubts = [one for one in cases if isinstance(one, str)]
        good = tuple(sorted((one for one in cases if isinstance(one, Case)), key=lambda one: one.when))
        result = OutcomeDiff(
            new.name,
            "same",
            good,
            found.complete,
            found.sizes,
            found.territories,
            notes=notes,
        )
        if doubts:
            result = attrs.evolve(result, status="not settled", complete=False, reason=doubts[0])
        if not result.complete:
            result = self.with_examples(versions, result)
        if result.cases or notes:
            return attrs.evolve(result, status="changed")
        if result.status == "not settled":
            return result
        if new.schedule is not None and old.schedule is not None:
            return self.by_calendar(versions, view, result)
        return result

    def search(self, versions: Versions, deadline: float) -> tuple[Found | None, View | None]:
        """What the solver finds; None where it comes to no end.

        First in terms of the rules that both versions share, which is quick, then in terms of facts, which says more.
        """
        best: tuple[Found | None, View | None] = (None, None)
        for depth, part in _DEPTHS:
            if depth == "changed" and best[0] is not None and best[0].complete:
                continue
            begun = time.monotonic()
            until, most, patience = begun + part * (deadline - begun), MOST_CASES, _MANY_STEPS
            if depth == "knots" and best[0] is not None and best[0].complete:
                most = max(_FEW_CASES, 2 * len(best[0].cases))
                patience, until = _FEW_STEPS, min(until, begun + _AT_MOST)
            found = self._search(versions, until, depth, most, patience)
            if found[0] is not None and (best[0] is None or found[0].complete):
                best = found
            if best[0] is not None and best[0].complete and not best[0].speaks_of_rules:
                break
        return best

    def _search(
        self, versions: Versions, deadline: float, depth: Depth, most_cases: int, patience: tuple[int, int]
    ) -> tuple[Found | None, View | None]:
        """The same in one of the terms, with short lists first."""
        best: tuple[Found | None, View | None] = (None, None)
        lengths = (self.elements,) if self.elements else (1, MOST_ELEMENTS)
        for most in lengths:
            try:
                view = versions.view(most, deadline, depth)
                old, new = versions.forms(view)
            except OutOfTime:
                return best
            found = differences(
                view.space,
                old,
                new,
                versions.new.type,
                () if versions.new.subject is None else (versions.new.subject,),
                (deadline - time.monotonic()) * (1 if most == lengths[-1] else _FOR_SHORT_LISTS),
                view.stand_ins,
                most_cases,
                *patience,
            )
            if found.complete and not found.cases and view.space.stands_for_any_length:
                found = attrs.evolve(found, sizes=None)
            if (found.complete or found.cases) and (best[0] is None or _worth(found) > _worth(best[0])):
                best = found, view
            settled = found.complete and found.sizes is None
            if settled or not view.has_lists or (patience is _FEW_STEPS and not found.complete):
                break
        return best

    def confirmed(self, one: Difference, versions: Versions, view: View) -> Case | str:
        """The case with the answers of both versions; or why it cannot be shown."""
        day = datetime.date.fromordinal(one.day)
        facts = without_idle_territories(one.facts, view.space)
        answers = versions.answers(facts, day)
        if answers is not None and answers[0] == answers[1] and facts != one.facts:
            facts, answers = one.facts, versions.answers(one.facts, day)
        if answers is None:
            return "the facts of one version do not fit the other"
        if answers[0] == answers[1]:
            return "an example was not confirmed"
        kind = versions.new.type
        by = ""
        if one.by is not None:
            by = f"{said(settle(one.by), kind)} {one.change}"
        elif one.change != "other":
            words = {"more": "later", "less": "earlier"} if isinstance(kind, Date) else {}
            by = f"for example; always {words.get(one.change, one.change)}"
        if one.region is None:
            return Case(f"an example on {day}", *answers, facts, day, alone=True)
        return Case(conditions_in_words(one), *answers, facts, day, by)

    # ------------------------------------------------------------------------------------- by trying

    def by_trying(self, versions: Versions, notes: tuple[str, ...], reason: str) -> OutcomeDiff:
        """Where the solver does not settle it: facts at the limits that the texts name are tried."""
        space = Space(versions.programs, 1)
        tried = try_facts(versions, space, self.clock.for_trials())
        cases = _alone(tried)
        status: Status = "changed" if cases or notes else "not settled"
        return OutcomeDiff(
            versions.new.name, status, cases, False, notes=notes, reason=reason, tried=tried.count
        )

    def with_examples(self, versions: Versions, result: OutcomeDiff) -> OutcomeDiff:
        """Where the solver did not find all cases: changes of other kinds, too, that facts at the limits show."""
        tried = try_facts(versions, Space(versions.programs, 1), self.clock.for_trials())
        shown = {(one.old, one.new) for one in result.cases}
        more = tuple(one for one in _alone(tried) if (one.old, one.new) not in shown)
        return attrs.evolve(result, cases=(*result.cases, *more), tried=tried.count)

    def by_calendar(self, versions: Versions, view: View, result: OutcomeDiff) -> OutcomeDiff:
        """Duties: compared as they are written, and where they are not, day by day as they fall due."""
        old, new = versions.old.schedule, versions.new.schedule
        assert old is not None
        assert new is not None
        if self.alike[0].of_schedule(old) == self.alike[1].of_schedule(new):
            return result
        tried = try_days(versions, view.space.dates, self.clock.end)
        if tried.examples:
            return attrs.evolve(
                result,
                status="changed",
                cases=_alone(tried),
                complete=False,
                tried=tried.count,
                schedule=True,
            )
        reason = "the duty is written differently, but no day was found on which it falls due differently"
        return attrs.evolve(result, status="not settled", complete=False, reason=reason, tried=tried.count)


@frozen
class _Planned:
    """An outcome in both versions; `settled` where no solver is needed."""

    name: str
    old: Outcome
    new: Outcome
    settled: OutcomeDiff | None


def _worth(found: Found) -> tuple[bool, float]:
    """What is more says more."""
    return found.complete, float("inf") if found.sizes is None else found.sizes


def _of_one_form(name: str) -> OutcomeDiff:
    """An outcome that is the same by its form alone, whatever is known."""
    return OutcomeDiff(name, "same", missing=Missing("same"))


def _alone(tried: Tried) -> tuple[Case, ...]:
    """The examples that were found by trying, as cases of which only the example is known."""
    return tuple(Case(one.when, one.old, one.new, one.facts, one.as_of, alone=True) for one in tried.examples)


def _notes(old: Outcome, new: Outcome) -> Iterable[str]:
    """What is another about an outcome besides its answers."""
    if old.family != new.family:
        yield f"a {old.family} becomes a {new.family}"
    if old.subject != new.subject:
        yield f"it is about {new.subject or 'the instrument'}, no longer about {old.subject or 'the instrument'}"
    if old.type != new.type and old.type is not None and new.type is not None:
        yield f"it gives {describe(new.type)}, no longer {describe(old.type)}"
    if old.force != new.force:
        yield f"its force is {new.force}, no longer {old.force}"
    if old.actor != new.actor:
        yield f"who must act is {new.actor or 'not said'}, no longer {old.actor or 'not said'}"
    if old.act != new.act:
        yield f"what must be done is `{new.act}`, no longer `{old.act}`"
