"""Which mutants the scenarios of a policy notice: each is run only against those that it can reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from time import monotonic
from typing import Protocol

from attrs import Factory, define, frozen

from policy_lang.backends.evaluate.changed import Called, ChangedEvaluator, Original
from policy_lang.policy import Decision, Policy
from policy_lang.program.scenario import Scenario
from policy_lang.tools.mutate.mutant import Mutant


class Ran(Protocol):
    """What came of one scenario."""

    @property
    def passed(self) -> bool: ...

    @property
    def decision(self) -> Decision | None: ...


Runner = Callable[[Policy, Scenario], Ran]
"""Runs one scenario. It looks at a policy only by asking it."""


@frozen(eq=False)
class Watched:
    """One scenario that passes, with everything that was worked out for it."""

    scenario: Scenario
    calls: tuple[Called, ...]
    names: frozenset[str]  # of the functions called
    outcomes: frozenset[str]  # that it expects something of
    is_explained: bool  # it also looks at reasons, which can differ where no value does


@frozen(eq=False)
class Survivor:
    """A mutant that no scenario notices. `near`: those that reach it, nearest first."""

    mutant: Mutant
    changed: ChangedEvaluator
    near: tuple[Watched, ...]


@define(eq=False)
class Watch:
    """Runs mutants against scenarios. `reached` counts the scenarios that had to be run or looked at."""

    original: Original
    watched: tuple[Watched, ...]
    run: Runner
    runs: int = 0
    skipped: int = 0
    noticed: dict[int, str] = Factory(dict)  # number of a mutant: the scenario that failed first

    def survivor(self, mutant: Mutant) -> Survivor | None:
        """The mutant with what is near to it, where no scenario notices it; None: one does."""
        changed = self.original.changed(mutant.program)
        policy = Policy(mutant.program, changed.evaluator)
        touched = frozenset(mutant.touched)
        assumptions = mutant.program.assumptions is not self.original.program.assumptions
        near: list[Watched] = []
        nearest: list[Watched] = []  # something is worked out otherwise, and yet they pass
        for one in self.watched:
            reached = bool(changed.names & one.names)
            wide = assumptions or changed.facts_differ
            elsewhere = changed.elsewhere and (wide or bool(touched & one.outcomes))
            if not reached and not elsewhere:
                self.skipped += 1
                continue
            if not elsewhere and not one.is_explained and changed.gives_the_same(one.calls):
                near.append(one)
                self.skipped += 1
                continue
            nearest.append(one)
            self.runs += 1
            if not self.run(policy, one.scenario).passed:
                self.noticed[mutant.number] = one.scenario.label
                return None
        return Survivor(mutant, changed, (*nearest, *near))

    def survivors(
        self, mutants: Sequence[Mutant], until: float, tick: Callable[[int], None]
    ) -> Iterator[tuple[Mutant, Survivor | None]]:
        """Each mutant that could be run before the time was over, with what survived."""
        for n, mutant in enumerate(mutants):
            if monotonic() > until:
                return
            yield mutant, self.survivor(mutant)
            tick(n + 1)


def watch(
    original: Original, scenarios: Sequence[Scenario], run: Runner
) -> tuple[Watch, tuple[Scenario, ...]]:
    """What watches over mutants, and the scenarios that fail already and so can notice nothing."""
    watched: list[Watched] = []
    failing: list[Scenario] = []
    for scenario in scenarios:
        evaluator, log = original.logged()
        ran = run(Policy(original.program, evaluator), scenario)
        if not ran.passed:
            failing.append(scenario)
            continue
        decision = ran.decision
        explained = decision is not None and bool({"tracer", "bare_tracer"} & set(vars(decision)))
        names = frozenset(one.name for one in log.calls)
        expected = frozenset(one.outcome for one in scenario.expectations)
        watched.append(Watched(scenario, tuple(log.calls), names, expected, explained))
    return Watch(original, tuple(watched), run), tuple(failing)
