"""What a change means: for every outcome, that it is the same for all facts, or the cases in which it is not.

Every case found is decided again by the evaluator, with both versions, before anybody is told of it.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias

import attrs
from attrs import define, field, frozen

from policy_lang.backends.prove.differences import Difference, Found, differences, without_idle_territories
from policy_lang.backends.prove.forms import NotLowered
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.space import MOST_ELEMENTS, Space
from policy_lang.backends.prove.words import conditions_in_words
from policy_lang.policy import InvalidFacts, Policy
from policy_lang.program.answers import answer_words
from policy_lang.program.core import Call, Outcome, Program, Schedule
from policy_lang.program.numbers import settle
from policy_lang.program.schema import every
from policy_lang.program.sentences import listed, said
from policy_lang.program.types import Date, Dates, describe
from policy_lang.tools.diff.boundaries import trials
from policy_lang.tools.diff.known_facts import known_to

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
    """What became of one outcome. `complete`: there are no other cases than these, within the limits."""

    name: str
    status: Status
    cases: tuple[Case, ...] = ()
    complete: bool = True
    elements: int | None = None  # lists of up to so many elements were gone through
    territories: bool = False
    renamed_from: str = ""
    notes: tuple[str, ...] = ()
    reason: str = ""  # why it is not settled


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


def meaning_of_change(
    old: Program, new: Program, *, limit: float, elements: int | None, only: Iterable[str] = ()
) -> Meaning:
    """Compares every outcome of two programs. `elements` bounds the lists; None: as it goes."""
    pair = _Pair(old, new, limit, elements)
    return Meaning(tuple(pair.all(frozenset(only))), elements or MOST_ELEMENTS, limit)


@define(eq=False)
class _View:
    """Both programs over facts with lists of up to so many elements."""

    space: Space
    old: Lowering
    new: Lowering

    @classmethod
    def of(cls, old: Program, new: Program, most: int) -> _View:
        space = Space((old, new), most)
        view = cls(space, Lowering(old, space), Lowering(new, space))
        view.old.checks()
        view.new.checks()
        return view


@define(eq=False)
class _Pair:
    old: Program
    new: Program
    limit: float
    elements: int | None
    policies: tuple[Policy, Policy] = field(init=False)
    _views: dict[int, _View] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.policies = (Policy(self.old), Policy(self.new))

    def view(self, most: int) -> _View:
        if most not in self._views:
            self._views[most] = _View.of(self.old, self.new, most)
        return self._views[most]

    def all(self, only: frozenset[str]) -> Iterable[OutcomeDiff]:
        before = {one.name: one for one in self.old.outcomes}
        after = {one.name: one for one in self.new.outcomes}
        gone = [one for name, one in before.items() if name not in after]
        for name, outcome in after.items():
            if only and name not in only:
                continue
            if name in before:
                yield self.compare(before[name], outcome)
                continue
            twin = next((one for one in gone if self.is_same(one, outcome)), None)
            if twin is None:
                yield OutcomeDiff(name, "added")
            else:
                gone.remove(twin)
                yield OutcomeDiff(name, "same", renamed_from=twin.name, elements=self.elements)
        yield from (OutcomeDiff(one.name, "removed") for one in gone if not only or one.name in only)

    def is_same(self, old: Outcome, new: Outcome) -> bool:
        """Whether two outcomes of different names are one that was renamed."""
        alike = (old.family, old.subject, old.type, old.force, old.actor, old.act)
        if alike != (new.family, new.subject, new.type, new.force, new.actor, new.act):
            return False
        return self.compare(old, new).status == "same"

    # ---------------------------------------------------------------------------------- one outcome

    def compare(self, old: Outcome, new: Outcome) -> OutcomeDiff:
        notes = tuple(_notes(old, new))
        if old.type != new.type or old.subject != new.subject or old.family != new.family:
            return OutcomeDiff(new.name, "changed", notes=notes)
        try:
            found, view = self.search(old, new)
        except NotLowered as reason:
            return self.by_trying(old, new, notes, str(reason))
        if found is None:
            return self.by_trying(old, new, notes, f"no end within {self.limit:g} seconds")
        assert view is not None
        cases = [self.confirmed(one, old, new, view) for one in found.cases]
        good = tuple(sorted((one for one in cases if one is not None), key=lambda one: one.when))
        result = OutcomeDiff(
            new.name, "same", good, found.complete, found.sizes, found.territories, notes=notes
        )
        if len(good) < len(cases):
            result = attrs.evolve(
                result, status="not settled", complete=False, reason="an example was not confirmed"
            )
        if good or notes:
            return attrs.evolve(result, status="changed")
        if result.status == "not settled":
            return result
        if new.schedule is not None and old.schedule is not None:
            return self.by_calendar(old, new, result)
        return result

    def search(self, old: Outcome, new: Outcome) -> tuple[Found | None, _View | None]:
        """What the solver finds, with short lists first; None where it comes to no end."""
        found: Found | None = None
        view: _View | None = None
        for most in (self.elements,) if self.elements else (1, MOST_ELEMENTS):
            here = self.view(most)
            one, other = here.old.outcome(old), here.new.outcome(new)
            roots = () if new.subject is None else (new.subject,)
            latest = differences(here.space, one, other, new.type, roots, self.limit)
            if latest.cases:
                return latest, here
            if latest.complete:
                found, view = latest, here
            elif found is None:
                return None, None
            else:
                return attrs.evolve(found, complete=True), view
        return found, view

    def confirmed(self, one: Difference, old: Outcome, new: Outcome, view: _View) -> Case | None:
        """The case with the answers of both versions; None where they turn out to be the same."""
        day = datetime.date.fromordinal(one.day)
        facts = without_idle_territories(one.facts, view.space)
        answers = self.answers(facts, day, old, new)
        if answers is None or answers[0] == answers[1]:
            return None
        by = ""
        if one.by is not None:
            by = f"{said(settle(one.by), new.type)} {one.change}"
        elif one.change != "other":
            words = {"more": "later", "less": "earlier"} if isinstance(new.type, Date) else {}
            by = f"for example; always {words.get(one.change, one.change)}"
        return Case(conditions_in_words(one), *answers, facts, day, by)

    def answers(
        self, facts: Mapping[str, Any], day: datetime.date, old: Outcome, new: Outcome
    ) -> tuple[str, str] | None:
        """What both versions answer; None for facts that one of them refuses."""
        said_: list[str] = []
        for policy, program, outcome in (
            (self.policies[0], self.old, old),
            (self.policies[1], self.new, new),
        ):
            try:
                decision = policy.evaluate(known_to(program, facts), day, outcomes=[outcome.name])
            except InvalidFacts:
                return None
            said_.append(answer_words(decision.outcomes[outcome.name], outcome.type))
        return said_[0], said_[1]

    # ------------------------------------------------------------------------------------- by trying

    def by_trying(self, old: Outcome, new: Outcome, notes: tuple[str, ...], reason: str) -> OutcomeDiff:
        """Where the solver does not settle it: facts at the limits that the texts name are tried."""
        space = self.view(1).space
        for facts, day in trials(self.new, space, new.subject):
            answers = self.answers(facts, day, old, new)
            if answers is not None and answers[0] != answers[1]:
                case = Case(f"an example on {day}", *answers, facts, day, alone=True)
                return OutcomeDiff(new.name, "changed", (case,), False, notes=notes, reason=reason)
        status: Status = "changed" if notes else "not settled"
        return OutcomeDiff(new.name, status, (), False, notes=notes, reason=reason)

    def by_calendar(self, old: Outcome, new: Outcome, result: OutcomeDiff) -> OutcomeDiff:
        """Duties: compared as they are written, and where they are not, day by day as they fall due."""
        assert old.schedule is not None
        assert new.schedule is not None
        if _bare(old.schedule) == _bare(new.schedule) and self.same_definitions(new.schedule):
            return result
        events: dict[str, Any] = {
            one.name: "none"
            for one in self.new.case_facts
            if isinstance(one.type, Dates) and "." not in one.name
        }
        days = [datetime.date.fromordinal(n) for n in self.view(1).space.dates]
        found: list[Case] = []
        tried: set[datetime.date] = set()
        while days and len(tried) < 200:
            day = days.pop(0)
            if day in tried:
                continue
            tried.add(day)
            told = [self.due_dates(number, outcome, events, day) for number, outcome in ((0, old), (1, new))]
            if None not in told and told[0] != told[1]:
                (one, _), (other, _) = told[0] or ("", ()), told[1] or ("", ())
                when = f"when nothing has happened yet, on {day}"
                found.append(Case(when, one, other, events, day, alone=True))
                break
            step = datetime.timedelta(days=1)
            for _, calendar in (one for one in told if one is not None):
                for due in calendar[-2:]:
                    if datetime.date.min < due < datetime.date.max:
                        days += [due, due + step]
        if found:
            return attrs.evolve(result, status="changed", cases=tuple(found), complete=False)
        reason = "the duty is written differently, but no day was found on which it falls due differently"
        return attrs.evolve(result, status="not settled", complete=False, reason=reason)

    def due_dates(
        self, number: int, outcome: Outcome, events: Mapping[str, Any], day: datetime.date
    ) -> tuple[str, tuple[datetime.date, ...]] | None:
        """What one version says of a duty on that day, with what falls due; None where it refuses the facts."""
        policy = self.policies[number]
        try:
            decision = policy.evaluate(known_to(policy.program, events), day, outcomes=[outcome.name])
        except InvalidFacts:
            return None
        decided = decision.outcomes[outcome.name]
        words = answer_words(decided, outcome.type)
        if decided.calendar:
            words += f", falling due on {listed([one.isoformat() for one in decided.calendar[-4:]], 'and')}"
        return words, decided.calendar

    def same_definitions(self, schedule: Schedule) -> bool:
        """Whether all that a duty rests on is defined alike in both programs."""
        before = {one.name: one for one in self.old.definitions}
        after = {one.name: one for one in self.new.definitions}
        waiting = list(schedule.expressions)
        seen: set[str] = set()
        while waiting:
            for expr in every(waiting.pop()):
                if isinstance(expr, Call) and expr.definition not in seen:
                    seen.add(expr.definition)
                    one = before.get(expr.definition)
                    if one is None or one.body != after[expr.definition].body:
                        return False
                    waiting.append(one.body)
        return {a.name: a.value for a in self.old.assumptions} == {
            a.name: a.value for a in self.new.assumptions
        }


def _bare(schedule: Schedule) -> Schedule:
    """The schedule without what is only said of it."""
    earlier = tuple(
        attrs.evolve(one, schedule=None if one.schedule is None else _bare(one.schedule))
        for one in schedule.earlier
    )
    return attrs.evolve(schedule, anchor_words="", event_words="", event_label="", earlier=earlier)


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
