"""Cases about duties: the days around which they fall due, done in time, done late, and nobody says whether done."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from attrs import define, field, frozen

from policy_lang.policy import InvalidFacts, InvalidQuestion, Policy
from policy_lang.program.core import Assumed, Call, Expr, Fact, Outcome, Program
from policy_lang.program.schema import every
from policy_lang.program.types import Date, Dates, YesNo
from policy_lang.tools.suggest.cases import Case

_DAY = datetime.timedelta(days=1)
_FAR = 12  # years that are looked ahead for what falls due
_DUE = 2  # due dates around which days are tried


@frozen(eq=False)
class Moment:
    """One case of a duty, and in words what it is about."""

    case: Case
    words: str


@define(eq=False)
class Duties:
    """Makes cases about the duties of one policy."""

    policy: Policy
    program: Program
    day: datetime.date
    _definitions: Mapping[str, Expr] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._definitions = {one.name: one.body for one in self.program.definitions}

    def moments(self, outcome: Outcome, base: Mapping[str, Any]) -> Iterator[Moment]:
        """The cases of one duty. `base`: facts on which it is owed."""
        if outcome.schedule is None:
            return
        readings: list[dict[str, Any]] = [{}]
        readings += [{name: not known} for name, known in self._assumed(outcome)]
        facts = self._started(outcome, base)
        for assume in readings:
            yield from self._of_reading(outcome, facts, assume)

    def _of_reading(
        self, outcome: Outcome, facts: dict[str, Any], assume: dict[str, Any]
    ) -> Iterator[Moment]:
        schedule = outcome.schedule
        assert schedule is not None
        anchors = self._facts_in([schedule.anchor], Dates)
        done = self._facts_in([schedule.event], Dates)
        only = f", with {_plain(next(iter(assume)))} taken the other way" if assume else ""

        def case(day: datetime.date, happened: Sequence[datetime.date] | None) -> Case:
            given = copy.deepcopy(facts)
            for name in done:
                if name in anchors:
                    continue
                if happened is None:
                    _drop(given, name)
                else:
                    _give(given, name, [one.isoformat() for one in happened], self.program)
            return Case(given, day, assume)

        for name in anchors:
            waiting = copy.deepcopy(facts)
            _give(waiting, name, [], self.program)
            yield Moment(Case(waiting, self.day, assume), f"nothing has started it yet{only}")
            waiting = copy.deepcopy(facts)
            _drop(waiting, name)
            yield Moment(Case(waiting, self.day, assume), f"nobody says whether it has started{only}")
        dates = self._due_dates(outcome, case)
        for n, due in enumerate(dates):
            place = sum(schedule.of(one) is schedule.of(due) for one in dates[:n])
            if place >= _DUE or not datetime.date.min + 40 * _DAY < due < datetime.date.max - 40 * _DAY:
                continue
            earlier = dates[:n]
            which = f"the {_ordinal(n)} due date" if len(dates) > 1 else "the due date"
            yield Moment(case(due, earlier), f"on {which}, not done yet{only}")
            yield Moment(case(due + _DAY, earlier), f"the day after {which}, not done{only}")
            if not done or place:
                continue
            yield Moment(case(due + _DAY, [*earlier, due]), f"done on {which}{only}")
            yield Moment(case(due + 2 * _DAY, [*earlier, due + _DAY]), f"done the day after {which}{only}")
            yield Moment(case(due + _DAY, None), f"nobody says whether it was done by {which}{only}")
            if n + 1 < len(dates):
                early = [*earlier, due - 30 * _DAY]
                yield Moment(case(due + _DAY, early), f"done thirty days before {which}{only}")
                words = f"before the next due date, done thirty days before {which}{only}"
                yield Moment(case(dates[n + 1] - 20 * _DAY, early), words)

    def _due_dates(self, outcome: Outcome, case: Any) -> list[datetime.date]:
        days = [self.day, *(_later(self.day, years) for years in (2, 5, _FAR))]
        found: dict[datetime.date, None] = {}
        for day in days:
            asked: Case = case(day, [])
            try:
                decision = self.policy.evaluate(
                    copy.deepcopy(dict(asked.facts)), asked.as_of, asked.assume, [outcome.name]
                )
            except (InvalidFacts, InvalidQuestion):
                continue
            decided = decision.outcomes[outcome.name]
            due = (*decided.calendar, *((decided.due,) if decided.due is not None else ()))
            found.update(dict.fromkeys(due))
        return sorted(found)

    def _started(self, outcome: Outcome, base: Mapping[str, Any]) -> dict[str, Any]:
        """The facts, with a day for everything from which the duty is counted."""
        facts = copy.deepcopy(dict(base))
        assert outcome.schedule is not None
        for text in outcome.schedule.texts:
            if text is None:
                continue
            for name in self._facts_in([text.anchor], Dates):
                _give(facts, name, [self.day.isoformat()], self.program)
            for expr in self._all([text.anchor]):
                if isinstance(expr, Fact) and expr.record is not None and isinstance(expr.type, Date):
                    facts.setdefault(expr.record, {}).setdefault(expr.field, self.day.isoformat())
        return facts

    def _assumed(self, outcome: Outcome) -> list[tuple[str, bool]]:
        known = {one.name: one.value.value for one in self.program.assumptions}
        assert outcome.schedule is not None
        names = dict.fromkeys(
            one.name
            for one in self._all([outcome.body, *outcome.schedule.expressions])
            if isinstance(one, Assumed) and isinstance(one.type, YesNo)
        )
        return [(name, bool(known[name])) for name in names]

    def _facts_in(self, exprs: Sequence[Expr | None], kind: type) -> list[str]:
        found = (one for one in self._all([expr for expr in exprs if expr is not None]))
        return list(
            dict.fromkeys(
                one.field
                for one in found
                if isinstance(one, Fact) and one.record is None and isinstance(one.type, kind)
            )
        )

    def _all(self, exprs: Sequence[Expr]) -> Iterator[Expr]:
        """Everything that is worked out for these, through what they call."""
        waiting, called = list(exprs), set[str]()
        while waiting:
            for one in every(waiting.pop()):
                yield one
                if isinstance(one, Call) and one.definition not in called:
                    called.add(one.definition)
                    waiting.append(self._definitions[one.definition])


def _later(day: datetime.date, years: int) -> datetime.date:
    return day.replace(year=min(day.year + years, 9000), day=min(day.day, 28))


def _give(facts: dict[str, Any], name: str, days: list[str], program: Program) -> None:
    """Gives an event its dates; where there are two days, it is received on the day on which it is given."""
    names = {one.name for one in program.case_facts}
    base = name.removesuffix(".received")
    told: Any = days
    if f"{base}.received" in names:
        told = [{"given": day, "received": day} for day in days]
    event, _, party = base.partition(".")
    if party:
        by_party = facts.get(event)
        facts[event] = {**(by_party if isinstance(by_party, dict) else {}), party: told}
    else:
        facts[event] = told


def _drop(facts: dict[str, Any], name: str) -> None:
    event, _, party = name.removesuffix(".received").partition(".")
    if party and isinstance(facts.get(event), dict):
        facts[event].pop(party, None)
    else:
        facts.pop(event, None)


def _ordinal(n: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth")
    return words[n] if n < len(words) else f"{n + 1}th"


def _plain(name: str) -> str:
    return name.replace("_", " ")
