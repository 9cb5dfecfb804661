"""Cases that scenarios can be made of, each with what it tries: asked of the evaluator, never assumed."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeAlias

from attrs import define, field, frozen

from policy_lang.policy import Decision, InvalidFacts, InvalidQuestion, Policy
from policy_lang.program.core import Plain
from policy_lang.program.trace import Trace
from policy_lang.tools.coverage.items import Items
from policy_lang.tools.coverage.reached import reached
from policy_lang.tools.suggest.edges import Edges

Tried: TypeAlias = tuple[Any, str]
"""What a case can try: an item or an edge, and what it comes to."""

Path: TypeAlias = tuple[str | int, ...]


@frozen(eq=False)
class Case:
    """Facts with a date and assumptions."""

    facts: Mapping[str, Any]
    as_of: datetime.date
    assume: Mapping[str, Plain] = field(factory=dict)


@frozen(eq=False)
class Asked:
    """What a policy says of one outcome in a case, and what that tries."""

    state: str
    answer: object  # equal for equal answers
    tried: frozenset[Tried]
    needs: tuple[str, ...]


@define(eq=False)
class Asker:
    """Puts cases to the policy."""

    policy: Policy
    items: Items
    edges: Edges
    _kept: dict[tuple[str, str], Asked | None] = field(factory=dict)

    def ask(self, case: Case, outcome: str) -> Asked | None:
        """What comes of it; None for facts that are refused."""
        key = (repr((case.facts, case.as_of, sorted(case.assume.items()))), outcome)
        if key not in self._kept:
            self._kept[key] = self._asked(case, outcome)
        return self._kept[key]

    def dated(self, case: Case, outcome: str, first: Asked) -> Case:
        """The case on the day that its record is judged on, where that is the same."""
        judged = next(one.judged_on for one in self.items.program.outcomes if one.name == outcome)
        if judged is None:
            return case
        record, _, name = judged.rpartition(".")
        day = case.facts.get(record, {}).get(name)
        if not isinstance(day, str):
            return case
        dated = Case(case.facts, datetime.date.fromisoformat(day), case.assume)
        found = self.ask(dated, outcome)
        return dated if found is not None and found.answer == first.answer else case

    def _asked(self, case: Case, outcome: str) -> Asked | None:
        try:
            facts = copy.deepcopy(dict(case.facts))
            decision = self.policy.evaluate(facts, case.as_of, case.assume, [outcome])
        except (InvalidFacts, InvalidQuestion):
            return None
        decided = decision.outcomes[outcome]
        return Asked(
            decided.state,
            (decided.state, decided.value, decided.due, decided.on_time),
            tried_in(self.items, self.edges, decision),
            tuple(decided.needs) if decided.state == "undetermined" else (),
        )


def tried_in(items: Items, edges: Edges, decision: Decision) -> frozenset[Tried]:
    """Every item and edge that a decision tries."""
    found: set[Tried] = set()

    def look(trace: Trace) -> None:
        side = edges.side(trace)
        if side is not None:
            found.add(side)
        key = edges.lists.get(id(trace.node))
        if key is not None and trace.children and isinstance(trace.children[0].value, str):
            if trace.children[0].value in edges.written[key].options:
                found.add((key, f"is {trace.children[0].value}"))

    found.update(reached(items, decision, look))
    for name in decision.asked:
        day = decision.tracer.outcome(name).at.value
        for key, start in edges.texts.items():
            if (
                isinstance(day, datetime.date)
                and abs((day - start).days) <= 1
                and name in edges.bears_on(key)
            ):
                found.add((key, "at" if day == start else "below" if day < start else "above"))
    return frozenset(found)


# ------------------------------------------------------------------------------------------ fewer facts


def leaves(facts: Any, path: Path = ()) -> Iterator[Path]:
    """The ways to everything that can be left out: single facts first, then lists and records.

    An element of a list cannot: a list that is given is complete, so that without it the case would be another.
    """
    if isinstance(facts, Mapping):
        for key, value in facts.items():
            yield from leaves(value, (*path, key))
            yield (*path, key)
    elif isinstance(facts, list):
        for n, one in enumerate(facts):
            yield from leaves(one, (*path, n))


def without(facts: Mapping[str, Any], path: Path) -> dict[str, Any] | None:
    """The facts without what stands at a path; None where nothing does."""
    found = copy.deepcopy(dict(facts))
    holder: Any = found
    for step in path[:-1]:
        try:
            holder = holder[step]
        except (KeyError, IndexError, TypeError):
            return None
    try:
        del holder[path[-1]]
    except (KeyError, IndexError, TypeError):
        return None
    return found


def at(facts: Any, path: Path) -> Any:
    """What stands at a path that there is."""
    for step in path:
        facts = facts[step]
    return facts


def changed(facts: Mapping[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The facts with something else at a path that there is."""
    found = copy.deepcopy(dict(facts))
    at(found, path[:-1])[path[-1]] = value
    return found


def fewest(asker: Asker, case: Case, outcome: str, keep: Iterable[Tried]) -> Case:
    """The case with as few facts as give the same answer and still try the same."""
    wanted = frozenset(keep)
    first = asker.ask(case, outcome)
    if first is None:
        return case
    case = asker.dated(case, outcome, first)
    for path in list(leaves(case.facts)):
        facts = without(case.facts, path)
        if facts is None:
            continue
        fewer = Case(facts, case.as_of, case.assume)
        found = asker.ask(fewer, outcome)
        if found is not None and found.answer == first.answer and wanted <= found.tried:
            case = fewer
    return case
