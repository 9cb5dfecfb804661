"""Cases, exceptions, rows and clauses that can never matter: without them every answer would be the same."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import attrs
from attrs import define, frozen

from policy_lang.backends.prove.differences import can_be
from policy_lang.backends.prove.examples import without_idle_territories
from policy_lang.backends.prove.forms import NotLowered, Truth, all_of, opposite, same
from policy_lang.backends.prove.lower import Lowering, Scope
from policy_lang.policy import InvalidFacts, Policy
from policy_lang.program.core import Absent, Case, Choose, Const, Expr, Fold, Program
from policy_lang.program.schema import children, every
from policy_lang.program.sentences import short_name
from policy_lang.tools.prove.answers import judged_on, own_definitions
from policy_lang.tools.prove.remarks import Remark, plain
from policy_lang.tools.prove.search import Searcher

_WORDS = frozenset({"granted", "breached", "permitted", "raised", "applies", "made out"})
"""Answers that a clause exists for: one that is never given shows that the clause does nothing."""


@frozen
class _Part:
    """One case of a choice, where it stands, and by which lists one comes to it."""

    about: str
    subject: str | None
    choose: Choose
    case: Case
    folds: tuple[Fold, ...]
    is_clause: bool


def look(searcher: Searcher) -> Iterator[Remark]:
    """What is told of every case that never matters."""
    seen: set[str] = set()
    if searcher.program.instruments[0].never_in_force:
        return  # nothing in it can matter, and nothing is meant to
    for part in _parts(searcher.program):
        text = " ".join(part.case.when.span.text.split())
        place = part.case.when.span.place
        if not text or place in seen:
            continue
        seen.add(place)
        yield from _Looker(searcher, part, text, place).remarks()


def _parts(program: Program) -> Iterator[_Part]:
    """Every case of what the policy itself decides, those of its clauses first."""
    bodies: list[tuple[str, str | None, Expr, bool]] = []
    for outcome in program.outcomes:
        is_clause = outcome.family != "rule"
        bodies.append((plain(outcome.name), outcome.subject, outcome.body, is_clause))
        bodies.extend((plain(one.name), outcome.subject, one.state, True) for one in outcome.defences)
    own = own_definitions(program)
    bodies.extend((plain(short_name(one.name)), one.subject, one.body, False) for one in own)
    for about, subject, body, is_clause in bodies:
        for choose, folds in _choices(body):
            for case in choose.cases:
                if not choose.by_text and _may_be_idle(choose, case):
                    yield _Part(about, subject, choose, case, folds, is_clause)


def _may_be_idle(choose: Choose, case: Case) -> bool:
    """Not why a text is not in force."""
    del choose
    return not isinstance(case.value, Absent) or case.value.reason == "not applicable"


def _choices(body: Expr) -> Iterator[tuple[Choose, tuple[Fold, ...]]]:
    """Every choice by cases in a body, with the lists that it is made for each element of."""
    waiting: list[tuple[Expr, tuple[Fold, ...]]] = [(body, ())]
    while waiting:
        one, folds = waiting.pop()
        if isinstance(one, Choose):
            yield one, folds
        if isinstance(one, Fold):
            waiting.extend((part, (*folds, one)) for part in (one.where, one.body) if part is not None)
        waiting.extend((part, folds) for part in reversed(children(one)))


@define(eq=False)
class _Looker:
    """Whether one case matters, for one record of its kind."""

    searcher: Searcher
    part: _Part
    text: str
    place: str

    def remarks(self) -> Iterator[Remark]:
        try:
            for most in sorted({1, self.searcher.most}):
                lowering = self.searcher.view(most, open_readings=True)
                matters = can_be(lowering.space, self.matters(lowering), self.searcher.limit)
                if matters is None:
                    yield self.remark("not settled", f"whether `{self.text}` matters, at {self.place}")
                if matters is not False:
                    return
        except NotLowered:
            return  # what is asked about events of several parties is not read
        yield self.found()

    def scope(self, lowering: Lowering) -> tuple[Scope, Truth]:
        """The record that it is about, with the elements of lists that it is made for."""
        part, program = self.part, self.searcher.program
        scope, there = lowering.first_of(part.subject, judged_on(program, part.subject))
        parts = [there]
        for fold in part.folds:
            assert fold.list.record is not None
            owner = scope.records[fold.list.record]
            parts.append(lowering.space.length(owner, fold.list.field) > 0)
            element = lowering.space.element(owner, fold.list.field, fold.record, 0)
            scope = Scope({**scope.records, fold.record: element}, scope.at)
        return scope, all_of(parts)

    def matters(self, lowering: Lowering) -> Truth:
        """When the choice comes to something else without the case."""
        scope, there = self.scope(lowering)
        choose = _apart_from_default(self.part.choose)
        without = attrs.evolve(choose, cases=tuple(one for one in choose.cases if one is not self.part.case))
        differ = opposite(same(lowering.lower(choose, scope), lowering.lower(without, scope)))
        return all_of((there, differ))

    def met(self, lowering: Lowering) -> Truth:
        """When the condition of the case is yes."""
        scope, there = self.scope(lowering)
        when = lowering.lower(self.part.case.when, scope)
        return all_of((there, opposite(when.is_gone), opposite(when.none), when.content))

    def found(self) -> Remark:
        value = self.part.case.value
        if self.part.is_clause and isinstance(value, Const) and value.value in _WORDS:
            return self.remark("never matters", f"it is never {value.value}")
        example = self.example()
        if example is None:
            return self.remark("never matters", f"`{self.text}` is never so, at {self.place}")
        return attrs.evolve(
            self.remark("never matters", f"without `{self.text}` every answer is the same, at {self.place}"),
            facts=example[0],
            as_of=example[1],
        )

    def remark(self, kind: Any, detail: str) -> Remark:
        return Remark(kind, self.part.about, detail=(detail,), span=self.part.case.when.span)

    def example(self) -> tuple[dict[str, Any], datetime.date] | None:
        """Facts that meet the condition, of which the evaluator says the same with and without the case."""
        searched = self.searcher.search(self.met, self.part.subject, most_cases=2)
        if searched.found is None or searched.view is None:
            return None
        without: Policy | None = None
        for case in searched.found.cases:
            day = datetime.date.fromordinal(case.day)
            facts = without_idle_territories(case.facts, searched.view.space)
            without = without or Policy(_left_out(self.searcher.program, self.part.choose, self.part.case))
            try:
                answers = [
                    {
                        name: (one.state, one.value)
                        for name, one in policy.evaluate(facts, day).outcomes.items()
                    }
                    for policy in (self.searcher.policy, without)
                ]
            except InvalidFacts:
                continue
            if answers[0] == answers[1]:
                return facts, day
        return None


def _apart_from_default(choose: Choose) -> Choose:
    """The choice with nothing for the cases that it does not name.

    A case that says the same as `otherwise` matters: it is what the text says of it. An exception that says the same
    as the thing excepted does not.
    """
    values = {one.value.span for one in choose.cases if one.value.span.file.name}
    stands_for_one = any(one.span in values for one in every(choose.default))
    if not isinstance(choose.default, Const) and not stands_for_one:
        return choose
    return attrs.evolve(choose, default=Absent("error", "no-case", ""))


def _left_out(program: Program, choose: Choose, case: Case) -> Program:
    """The same program without one case."""
    new = attrs.evolve(choose, cases=tuple(one for one in choose.cases if one is not case))
    return attrs.evolve(
        program,
        definitions=tuple(
            attrs.evolve(one, body=_replaced(one.body, choose, new)) for one in program.definitions
        ),
        outcomes=tuple(
            attrs.evolve(
                one,
                body=_replaced(one.body, choose, new),
                defences=tuple(attrs.evolve(d, state=_replaced(d.state, choose, new)) for d in one.defences),
            )
            for one in program.outcomes
        ),
    )


def _replaced(node: Any, old: Choose, new: Choose) -> Any:
    """The same expression with another choice in the place of one."""
    if node is old:
        return new
    if isinstance(node, tuple):
        found = tuple(_replaced(one, old, new) for one in node)
        return node if all(a is b for a, b in zip(found, node, strict=True)) else found
    if not attrs.has(type(node)) or isinstance(node, Const):
        return node
    changed = {
        name: made
        for name in getattr(type(node), "__match_args__", ())
        if (made := _replaced(getattr(node, name), old, new)) is not getattr(node, name)
    }
    return attrs.evolve(node, **changed) if changed else node
