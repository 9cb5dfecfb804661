"""The whole test of one policy: what was tried, what was noticed, and what was not."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from random import Random
from time import monotonic
from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from policy_lang.backends.evaluate.changed import Original
from policy_lang.policy import Policy, plain_json
from policy_lang.program.core import Program
from policy_lang.program.scenario import Scenario
from policy_lang.program.sentences import said
from policy_lang.program.values import Absence, Value
from policy_lang.tools.mutate.mutant import Mutant
from policy_lang.tools.mutate.notice import Runner, Survivor, watch
from policy_lang.tools.mutate.slips import slips_of
from policy_lang.tools.mutate.tell_apart import FIRST_ROUNDS, LAST_ROUNDS, Searcher, UnderWay, Witness
from policy_lang.tools.mutate.vary import Change, Unknown

if TYPE_CHECKING:
    from policy_lang.tools.mutate.proof import Proof, Prover


def _silent(what: str, done: int, total: int) -> None:
    """Says nothing."""


Tick = Callable[[str, int, int], None]
"""Told how far the test is: what is being done, how much of it is done, how much there is."""


@frozen(eq=False)
class Unnoticed:
    """A slip that no scenario notices. Without a witness, nothing that tells the two apart was found."""

    mutant: Mutant
    witness: Witness | None
    tried: int  # cases that were put to both
    finished: bool  # False: there was no time for the whole search
    proof: Proof | None = None  # where no facts were found; None: nothing is there that could show it

    @property
    def changes_nothing(self) -> bool:
        """Whether it is shown for all complete facts that it changes no answer, and the rest shown or tried."""
        return (
            self.witness is None and self.finished and self.proof is not None and self.proof.status == "same"
        )


@frozen(eq=False)
class MutationReport:
    """What came of testing the scenarios of one policy."""

    policy: Policy
    scenarios: int
    failing: tuple[Scenario, ...]  # they fail without any slip, and were left out
    noticed: tuple[tuple[Mutant, str], ...]  # with the scenario that failed
    unnoticed: tuple[Unnoticed, ...] = field(factory=tuple)
    same_as_text: int = 0
    same_as_another: int = 0
    refused: int = 0  # `pol check` would not let them pass
    not_tried: int = 0  # for want of time

    @property
    def told_apart(self) -> tuple[Unnoticed, ...]:
        """The slips that change an answer which no scenario asks for."""
        return tuple(one for one in self.unnoticed if one.witness is not None)

    @property
    def not_told_apart(self) -> tuple[Unnoticed, ...]:
        """The slips for which nothing was found that they change, and nothing shown."""
        return tuple(one for one in self.unnoticed if one.witness is None and not one.changes_nothing)

    @property
    def changing_nothing(self) -> tuple[Unnoticed, ...]:
        """The slips that are shown to change no answer; they count neither way."""
        return tuple(one for one in self.unnoticed if one.changes_nothing)

    @property
    def share(self) -> tuple[int, int]:
        """How many slips were noticed, of how many that are known to change an answer."""
        return len(self.noticed), len(self.noticed) + len(self.told_apart)


def put_to_test(
    program: Program,
    scenarios: Sequence[Scenario],
    run: Runner,
    *,
    budget: float,
    seed: int,
    most: int | None = None,
    tick: Tick = _silent,
    among: Callable[[Mutant], bool] | None = None,
) -> MutationReport:
    """What the scenarios notice of every slip that could have been made in this policy.

    `budget` is in seconds. When it is not enough, the slips that are tried are chosen by the seed; the same
    seed tries the same slips and the same facts in the same order. With `most`, no more than so many are tried,
    and with `among` only those that it says yes to.
    """
    until = monotonic() + budget
    policy = Policy(program)
    watching, failing = watch(Original(program, policy.evaluator), scenarios, run)
    slips = slips_of(program)
    order = [one for one in slips.mutants if among is None or among(one)]
    Random(seed).shuffle(order)  # noqa: S311 - repeatable, not secret
    total = len(order)
    order = order[:most]
    tried: list[Mutant] = []
    alive: list[Survivor] = []
    for mutant, survivor in watching.survivors(order, until, lambda n: tick("run", n, total)):
        tried.append(mutant)
        if survivor is not None:
            alive.append(survivor)
    searcher = Searcher(policy, watching.watched, seed)
    searches = searcher.begun(alive)

    def looked() -> None:
        tick("search", sum(one.finished for one in searches), len(searches))

    searcher.go_on(searches, FIRST_ROUNDS, until, looked)
    open_ = [one for one in searches if one.witness is None]
    prover = _prover(program, searcher) if open_ and monotonic() <= until else None
    proofs: dict[int, Proof] = {}
    for n, one in enumerate(open_ if prover is not None else ()):
        assert prover is not None
        proofs[id(one)] = _put_to(prover, one, searcher, until)
        tick("prove", n + 1, len(open_))
    unsettled = [one for one in open_ if id(one) not in proofs or proofs[id(one)].status == "not settled"]
    searcher.go_on(unsettled, LAST_ROUNDS, until, looked)
    found = [
        Unnoticed(one.survivor.mutant, one.witness, one.tried, one.is_long, proofs.get(id(one)))
        for one in searches
    ]
    found.sort(key=lambda one: one.mutant.number)
    noticed = [(one, watching.noticed[one.number]) for one in tried if one.number in watching.noticed]
    noticed.sort(key=lambda pair: pair[0].number)
    return MutationReport(
        policy,
        len(scenarios),
        failing,
        tuple(noticed),
        tuple(found),
        slips.same_as_text,
        slips.same_as_another,
        slips.refused,
        total - len(tried),
    )


def _prover(program: Program, searcher: Searcher) -> Prover | None:
    """What shows that slips change nothing; None where the solver is not installed."""
    if find_spec("z3") is None:
        return None
    from policy_lang.tools.mutate.proof import Prover  # loads the solver

    return Prover(program, searcher.rests)


def _put_to(prover: Prover, search: UnderWay, searcher: Searcher, until: float) -> Proof:
    """What the solver makes of a mutant that no facts were found for. Facts that it finds are tried."""
    survivor = search.survivor
    proof = prover.proof(survivor.mutant, searcher.outcomes_of(survivor), until)
    if proof.case is not None:
        search.witness = searcher.confirmed(survivor, proof.case)
        if search.witness is None:
            return evolve(proof, status="not settled", case=None, reason="an example was not confirmed")
    return proof


# ---------------------------------------------------------------------------- for people and programs


def sentence(mutant: Mutant) -> str:
    """What the slip is, and that nothing notices it."""
    return f"if {mutant.words}, no scenario would notice"


def answers(tested: MutationReport, witness: Witness) -> tuple[str, str]:
    """What the policy and the mutant say of the outcome that tells them apart."""
    if witness.refused:
        both = ("the facts are refused", "the facts are taken")
        return both if witness.refused == "policy" else (both[1], both[0])
    kind = next(one.type for one in tested.policy.program.outcomes if one.name == witness.outcome)

    def words(value: Value, due: datetime.date | None) -> str:
        if isinstance(value, Absence):
            if value.reason != "unknown":
                return value.reason
            needs = f", needs {', '.join(sorted(value.needs))}" if witness.only_needs else ""
            return f"undetermined{needs}"
        text = said(value, kind)
        return f"{text}, due {due}" if due is not None else text

    return words(witness.says, witness.due[0]), words(witness.mutant_says, witness.due[1])


def differs(witness: Witness) -> list[str]:
    """How the facts differ from those of the scenario that they were made from."""
    if not witness.case.like:
        given = [f"{path} = {value}" for path, value in _flat("", json_of(witness.case.facts))]
        turned = witness.case.assume.items()
        return [*given, *(f"assuming that {name} is {said(value)}" for name, value in turned)]
    return [_change(one) for one in witness.case.changes]


def _flat(path: str, value: Any) -> Iterator[tuple[str, str]]:
    """Each fact with the way to it."""
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _flat(f"{path}.{key}" if path else key, inner)
    elif isinstance(value, list) and value and all(isinstance(one, Mapping) and one for one in value):
        for n, inner in enumerate(value, 1):
            yield from _flat(f"{path}[{n}]", inner)
    else:
        yield path, _short(value) or "{}"


def _change(change: Change) -> str:
    if not change.path:
        return f"as of {change.value}"
    if change.is_assumption:
        return f"assuming that {change.path[0]} is {said(change.value)}"
    path = ""
    for step in change.path:
        path += f"[{step + 1}]" if isinstance(step, int) else f"{'.' if path else ''}{step}"
    if isinstance(change.value, Unknown):
        return f"{path} not given"
    if isinstance(change.value, (list, dict)):
        parts = json_of(change.value)
        return f"{path} = {_short(parts)}"
    return f"{path} = {said(change.value)}"


def _short(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_short(one) for one in value)}]"
    if isinstance(value, dict):
        return f"({', '.join(f'{key} {_short(one)}' for key, one in value.items())})"
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def json_of(value: Any) -> Any:
    """Facts as a facts file has them."""
    if isinstance(value, Mapping):
        return {key: json_of(one) for key, one in value.items()}
    if isinstance(value, list):
        return [json_of(one) for one in value]
    return plain_json(value)


def facts_document(tested: MutationReport, one: Unnoticed) -> dict[str, Any]:
    """The facts that tell a policy from a slip, with the question to ask of them."""
    witness = one.witness
    assert witness is not None
    says, otherwise = answers(tested, witness)
    return {
        "as_of": witness.case.as_of.isoformat(),
        "facts": json_of(witness.case.facts),
        "assume": {name: plain_json(value) for name, value in witness.case.assume.items()},
        "like": witness.case.like,
        "but": differs(witness),
        "outcome": witness.outcome,
        "policy_says": says,
        "slip_says": otherwise,
        "refused_by": witness.refused or None,
    }


def to_json(tested: MutationReport) -> dict[str, Any]:
    """The test of one policy as a JSON document."""
    noticed, known = tested.share

    def slip(mutant: Mutant) -> dict[str, Any]:
        return {"kind": mutant.kind, "if": mutant.words, "place": mutant.span.place}

    return {
        "policy": tested.policy.name,
        "scenarios": tested.scenarios,
        "failing": [one.label for one in tested.failing],
        "noticed": noticed,
        "not_noticed": len(tested.told_apart),
        "not_told_apart": len(tested.not_told_apart),
        "changing_nothing": len(tested.changing_nothing),
        "same_as_text": tested.same_as_text,
        "same_as_another": tested.same_as_another,
        "refused": tested.refused,
        "not_tried": tested.not_tried,
        "percent_noticed": f"{noticed * 100 // known if known else 100}",
        "survivors": [
            {
                **slip(one.mutant),
                "cases_tried": one.tried,
                "search_finished": one.finished,
                "changes_nothing": one.changes_nothing,
                "also_where_facts_are_left_out": one.changes_nothing
                and one.proof is not None
                and one.proof.missing,
                "not_settled_because": one.proof.reason if one.proof is not None else "",
                "told_apart_by": facts_document(tested, one) if one.witness is not None else None,
            }
            for one in tested.unnoticed
        ],
        "killed": [{**slip(mutant), "noticed_by": label} for mutant, label in tested.noticed],
    }
