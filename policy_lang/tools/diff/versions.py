"""One outcome in both versions: as formulas over the same facts, and as answers to facts."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from attrs import define, field, frozen

from policy_lang.backends.prove.forms import Form, owed
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.space import Space
from policy_lang.backends.prove.standins import Depth, StandIns, Worth
from policy_lang.policy import InvalidFacts, Policy
from policy_lang.program.answers import answer_words
from policy_lang.program.core import Outcome, Program
from policy_lang.program.likeness import Likeness
from policy_lang.program.slices import slice_for
from policy_lang.tools.diff.known_facts import known_to


@frozen(eq=False)
class View:
    """Both versions over facts with lists of up to so many elements."""

    space: Space
    old: Lowering
    new: Lowering
    stand_ins: StandIns
    depth: Depth

    @property
    def has_lists(self) -> bool:
        """Whether how long a list is can matter."""
        return self.space.has_lists


@define(eq=False)
class Versions:
    """An outcome of an old and of a new program, each with the part of its program that it rests on."""

    old: Outcome
    new: Outcome
    programs: tuple[Program, Program]
    alike: tuple[Likeness, Likeness]
    _policies: tuple[Policy, Policy] | None = field(default=None)

    @classmethod
    def of(cls, old: Outcome, new: Outcome, alike: tuple[Likeness, Likeness]) -> Versions:
        """The two of them."""
        programs = slice_for(alike[0].program, old), slice_for(alike[1].program, new)
        return cls(old, new, programs, alike)

    def view(self, most: int, deadline: float, depth: Depth) -> View:
        """Both as formulas. Raises `OutOfTime` when that takes longer than until `deadline`.

        `depth` says what stands for itself and is not taken apart.
        """
        space = Space(self.programs, most)
        plain = [Lowering(one, space, deadline=deadline) for one in self.programs]
        for one in plain:
            one.checks()
        shared: list[set[int]] = []
        reached: list[set[int]] = []
        own: list[set[int]] = []
        for program, outcome, alike in zip(self.programs, (self.old, self.new), self.alike, strict=True):
            worth = Worth(program, depth)
            shared.append({alike.of(one) for one in worth.reached(outcome) if worth.is_worth(one)})
            reached.append({alike.of(one) for one in worth.reached(outcome)})
            own.append({alike.of(one) for one in worth.own(outcome)} if depth == "changed" else set())
        home = plain[1].scope_of(self.new).at.content
        both = frozenset(shared[0] & shared[1])
        stand_ins = StandIns(
            space,
            both,
            home,
            (frozenset(own[0]), frozenset(own[1])),
            everywhere=frozenset(reached[0] & reached[1]),
        )
        old, new = (
            Lowering(program, space, deadline=deadline, stand_in=stand_ins.hook(lowering, alike.of, side))
            for side, (program, lowering, alike) in enumerate(
                zip(self.programs, plain, self.alike, strict=True)
            )
        )
        return View(space, old, new, stand_ins, depth)

    def forms(self, view: View) -> tuple[Form, Form]:
        """What both give. A duty that is not triggered does not apply: no other answer tells the two apart."""
        forms = view.old.outcome(self.old), view.new.outcome(self.new)
        view.stand_ins.compare_pairs()
        if view.depth == "changed":
            old, new = (
                Worth(program, view.depth).words(outcome)
                for program, outcome in zip(self.programs, (self.old, self.new), strict=True)
            )
            view.stand_ins.compare_answers(*forms, self.new.type, (old, new))
        return forms if self.new.schedule is None else (owed(forms[0]), owed(forms[1]))

    def answers(self, facts: Mapping[str, Any], day: datetime.date) -> tuple[str, str] | None:
        """What both answer; None for facts that one of them refuses."""
        said: list[str] = []
        for number, outcome in enumerate((self.old, self.new)):
            decided = self.decided(number, facts, day)
            if decided is None:
                return None
            said.append(answer_words(decided, outcome.type))
        return said[0], said[1]

    def decided(self, number: int, facts: Mapping[str, Any], day: datetime.date) -> Any:
        """What one version (0 the old, 1 the new) decides; None where it refuses the facts."""
        if self._policies is None:
            self._policies = (Policy(self.programs[0]), Policy(self.programs[1]))
        name = (self.old, self.new)[number].name
        try:
            decision = self._policies[number].evaluate(
                known_to(self.programs[number], facts), day, outcomes=[name]
            )
        except InvalidFacts:
            return None
        return decision.outcomes[name]
