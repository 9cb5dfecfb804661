"""Cases for the slips that no scenario would notice: on each, the policy and the policy with the slip answer differently."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence

from attrs import define, field, frozen

from policy_lang.backends.evaluate.changed import Original
from policy_lang.backends.prove.cover import least_cover
from policy_lang.policy import Decision, InvalidFacts, Policy
from policy_lang.program.scenario import Expectation, Scenario
from policy_lang.tools.mutate.mutant import Mutant
from policy_lang.tools.mutate.report import Tick, put_to_test
from policy_lang.tools.mutate.rests_on import Rests
from policy_lang.tools.mutate.tell_apart import Witness
from policy_lang.tools.run_scenarios import run_scenario
from policy_lang.tools.suggest.cases import Asked, Asker, Case, leaves, without
from policy_lang.tools.suggest.choose import ANY_REASON, Picked
from policy_lang.tools.suggest.labels import named, shortened
from policy_lang.tools.suggest.present import as_written

_CHOOSING = 10.0
"""Seconds for choosing the fewest cases."""


@frozen(eq=False)
class Telling:
    """The cases for slips. `noticed` counts the slips that need no more cases, `told_apart` those that these cases are for."""

    picked: tuple[Picked, ...]
    noticed: int
    told_apart: int
    not_told_apart: int  # no facts were found on which the answers differ, and nothing was shown
    changing_nothing: int  # shown to change no answer
    not_tried: int  # for want of time


def telling(
    asker: Asker,
    scenarios: Sequence[Scenario],
    picked: Sequence[Picked],
    *,
    budget: float,
    seed: int,
    tick: Tick,
    among: Callable[[Mutant], bool] | None = None,
) -> Telling:
    """The fewest cases that notice every slip which neither the scenarios nor the cases picked already would notice.

    What is picked counts as filled in with the answers of the policy. `budget` is in seconds. With `among`, only the slips
    count that it says yes to.
    """
    until = time.monotonic() + budget
    filled = [one for each in picked for one in filled_in(asker.policy, each)]
    tested = put_to_test(
        asker.policy.program,
        [*scenarios, *filled],
        run_scenario,
        budget=budget,
        seed=seed,
        tick=tick,
        among=among,
    )
    teller = _Teller(asker, [one.mutant for one in tested.told_apart], until)
    found = [teller.fewest(one.mutant, one.witness) for one in tested.told_apart if one.witness is not None]
    cases = [one for one in found if one is not None]
    told = [teller.told_by(one) for one in cases]
    cover = least_cover([frozenset(one) for one in told], _CHOOSING)
    chosen = [_picked(asker, cases[n], tuple(told[n].values())) for n in cover.chosen]
    noticed, _ = tested.share
    return Telling(
        tuple(chosen),
        noticed,
        len(cases),
        len(tested.not_told_apart) + len(found) - len(cases),
        len(tested.changing_nothing),
        tested.not_tried,
    )


@frozen(eq=False)
class _Told:
    """A case that tells a slip apart through one outcome."""

    case: Case
    outcome: str
    mutant: Mutant


@define(eq=False)
class _Teller:
    """Asks of cases which slips they tell apart. `mutants`: those that nothing else notices."""

    asker: Asker
    mutants: Sequence[Mutant]
    until: float
    _original: Original = field(init=False)
    _policies: dict[int, Policy] = field(factory=dict)
    _reached: Mapping[int, frozenset[str]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        program = self.asker.policy.program
        self._original = Original(program, self.asker.policy.evaluator)
        rests = Rests(program)
        self._reached = {
            one.number: frozenset(each.name for each in rests.outcomes_on(one.touched))
            for one in self.mutants
        }

    def tells(self, case: Case, outcome: str, mutant: Mutant) -> bool:
        """Whether a scenario of this case, once filled in, would notice the slip."""
        filled = list(filled_in(self.asker.policy, Picked(case, (outcome,), "", frozenset())))
        return any(not run_scenario(self._policy(mutant), one).passed for one in filled)

    def _policy(self, mutant: Mutant) -> Policy:
        if mutant.number not in self._policies:
            changed = self._original.changed(mutant.program)
            self._policies[mutant.number] = Policy(mutant.program, changed.evaluator)
        return self._policies[mutant.number]

    def fewest(self, mutant: Mutant, witness: Witness) -> _Told | None:
        """The facts that tell a slip apart, without those that have no part in it; None where no scenario would notice."""
        whole = Case(as_written(witness.case.facts), witness.case.as_of, witness.case.assume)
        outcome = witness.outcome
        first = self.asker.ask(whole, outcome)
        dated = whole if first is None else self.asker.dated(whole, outcome, first)
        case = dated if self.tells(dated, outcome, mutant) else whole
        if case is whole and not self.tells(whole, outcome, mutant):
            return None
        plain = Case(case.facts, case.as_of)
        if case.assume and _is_alike(first, self.asker.ask(plain, outcome)):
            case = plain if self.tells(plain, outcome, mutant) else case
        for path in list(leaves(case.facts)):
            less = without(case.facts, path)
            if less is None or time.monotonic() > self.until:
                continue
            fewer = Case(less, case.as_of, case.assume)
            if not _is_alike(first, self.asker.ask(fewer, outcome)):
                continue
            if self.tells(fewer, outcome, mutant):
                case = fewer
        return _Told(case, outcome, mutant)

    def told_by(self, told: _Told) -> dict[int, str]:
        """The slips that a case tells apart, by number and in words; without the time to look, the one it was made for."""
        found = {told.mutant.number: told.mutant.words}
        for one in self.mutants:
            if time.monotonic() > self.until:
                break
            if told.outcome in self._reached[one.number] and self.tells(told.case, told.outcome, one):
                found[one.number] = one.words
        return found


def _is_alike(one: Asked | None, other: Asked | None) -> bool:
    """Whether the same comes of two cases, be it that their facts are refused."""
    if one is None or other is None:
        return one is other
    return (one.answer, one.needs) == (other.answer, other.needs)


def filled_in(policy: Policy, picked: Picked) -> Iterator[Scenario]:
    """The scenarios of a case as they will be with the answers of the policy, one for each outcome."""
    case = picked.case
    try:
        decision = policy.evaluate(dict(case.facts), case.as_of, case.assume, picked.outcomes or None)
    except InvalidFacts as refused:
        code = code_of(refused)
        yield Scenario(picked.label, case.as_of, case.facts, case.assume, (), bad_facts=True, bad_code=code)
        return
    for name in picked.outcomes:
        expected = expectation(decision, name)
        yield Scenario(picked.label, case.as_of, case.facts, case.assume, (expected,))


def code_of(refused: InvalidFacts) -> str | None:
    """Why facts are refused, where it is for one reason alone."""
    codes = {one.code for one in refused.problems}
    return codes.pop() if len(codes) == 1 else None


def expectation(decision: Decision, outcome: str) -> Expectation:
    """What a scenario expects that was filled in with this answer."""
    found = decision.outcomes[outcome]
    needs = frozenset(found.needs) if found.state == "undetermined" and found.needs else None
    return Expectation(outcome, found.state, found.value, needs, due=found.due)


def _picked(asker: Asker, told: _Told, notices: tuple[str, ...]) -> Picked:
    asked = asker.ask(told.case, told.outcome)
    if asked is None:
        [scenario] = filled_in(asker.policy, Picked(told.case, (), "", frozenset()))
        words = f"Refused facts: if {shortened(told.mutant.words)}"
        return Picked(told.case, (), words, frozenset(), notices, scenario.bad_code or ANY_REASON)
    label = f"{named(told.outcome)}: if {shortened(told.mutant.words)}"
    return Picked(told.case, (told.outcome,), label, asked.tried, notices)
