"""What the scenarios that there are already try, beyond what coverage counts."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from attrs import evolve

from policy_lang.backends.evaluate.changed import Original
from policy_lang.backends.prove.probe import OTHER_WAY, Key
from policy_lang.policy import Policy, plain_json
from policy_lang.program.core import Const, Fold, Op
from policy_lang.program.scenario import Scenario
from policy_lang.tools.mutate.mutant import Mutant
from policy_lang.tools.mutate.notice import watch
from policy_lang.tools.mutate.places import Node, Owner, owners, replaced, sites_of
from policy_lang.tools.run_scenarios import run_scenario
from policy_lang.tools.suggest.cases import Case, Tried
from policy_lang.tools.suggest.edges import Edges


def noticed(policy: Policy, edges: Edges, scenarios: Sequence[Scenario]) -> Iterator[Tried]:
    """The numbers and calculations of which some scenario would notice that they are otherwise: each is tried so."""
    if not scenarios:
        return
    program = edges.program
    watching, _ = watch(Original(program, policy.evaluator), scenarios, run_scenario)
    places: dict[Key, list[tuple[Node, Owner]]] = {}
    for owner in owners(program):
        for site in sites_of(owner):
            key = edges.numbers.get(id(site.node)) or edges.calculations.get(id(site.node))
            if key is not None:
                places.setdefault(key, []).append((site.node, owner))
    for key, found in places.items():
        for want in ("more", "less") if key in edges.numbers.values() else ("counts",):
            changes = {id(node): _otherwise(node, want) for node, _ in found}
            touched = frozenset(id(owner) for _, owner in found)
            names = tuple(owner.name for _, owner in found)
            other = Mutant(0, "amount", "", found[0][0].span, replaced(program, changes, touched), names)
            if watching.survivor(other) is None:
                yield key, want


def _otherwise(node: Node, want: str) -> Node:
    """A number a step more or less, or a calculation done the other way."""
    if isinstance(node, Const):
        assert isinstance(node.value, Decimal)
        return evolve(node, value=node.value + (1 if want == "more" else -1))
    if isinstance(node, Fold):
        return evolve(node, kind="all" if node.kind == "any" else "any")
    assert isinstance(node, Op)
    if node.operator == "round":
        return node.operands[0]
    return evolve(node, operator=OTHER_WAY[node.operator])


def cases_of(scenario: Scenario) -> Iterator[tuple[Case, str]]:
    """What a scenario asks about, with facts as a scenario can be written with them again."""
    if scenario.bad_facts:
        return
    facts = as_written(scenario.facts)
    for one in scenario.expectations:
        yield Case(facts, scenario.as_of, {**scenario.assume, **dict(one.assuming)}), one.outcome


def as_written(value: Any) -> Any:
    """Facts in the form in which a scenario gives them: nothing that is not known, numbers and dates as texts."""
    if isinstance(value, Mapping):
        return {key: as_written(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [as_written(one) for one in value]
    if value is None or isinstance(value, (bool, str, dict)):
        return value
    return plain_json(value)


def moment_tried(
    outcome: str, day: datetime.date, facts: Mapping[str, Any], assume: Mapping[str, Any]
) -> Tried:
    """A day on which a duty was asked about, with what had happened."""
    events = {name: _dates(value) for name, value in facts.items()}
    told = sorted((name, repr(value)) for name, value in events.items() if value is not None)
    return ("moment", outcome, str(sorted(assume.items())), str(told)), day.isoformat()


def _dates(value: Any) -> Any:
    """The dates of an event in one form, however facts give them."""
    if value is None:
        return None
    if value == "none":
        return ()
    if isinstance(value, Mapping):
        if "dates" in value:
            return _dates(value["dates"])
        if "given" in value:
            return str(value["given"])
        return tuple(sorted((str(party), _dates(one)) for party, one in value.items()))
    if isinstance(value, (list, tuple)):
        return tuple(sorted(str(_dates(one)) if isinstance(one, Mapping) else str(one) for one in value))
    return str(value)
