"""Looks for cases that try what no scenario tries: facts are found by solving, and then left out as far as can be."""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable

from attrs import define, field, frozen

from policy_lang.backends.prove.near_facts import Example
from policy_lang.backends.prove.probe import Goal, Key, Probe, Watched
from policy_lang.policy import Policy
from policy_lang.program.core import Program
from policy_lang.tools.coverage.items import Items
from policy_lang.tools.suggest.aims import MOST_OUTCOMES, Aim, Bearing, aims
from policy_lang.tools.suggest.cases import Asker, Case, Tried, fewest, leaves, without
from policy_lang.tools.suggest.edges import Edges

Tick = Callable[[int, int], None]
"""Told how much has been looked into, and how much there is."""

_UNSEEN = ("more", "less", "counts")
SIZES = (1, 2)
"""Lists of up to so many elements are looked at, one size after the other."""

_SECONDS = ((3.0, 10.0), (20.0, 60.0))
"""How long one question, and all questions for one aim, may take: at first, and again when all else was looked into."""


@frozen(eq=False)
class Candidate:
    """A case that may become a scenario, for one outcome. `for_`: what it was found for."""

    case: Case
    outcome: str
    tries: frozenset[Tried]
    turns: frozenset[Tried]  # on which the answer hangs
    for_: Tried


def serves(one: Candidate, aim: Aim) -> bool:
    """Whether the answer of a case hangs on what is aimed at."""
    return aim.tried in one.turns and one.outcome in aim.outcomes


@define(eq=False)
class Search:
    """The search for one policy. `already`: what its scenarios try; `until`: when the time is over."""

    program: Program
    items: Items
    edges: Edges
    already: frozenset[Tried]
    until: float
    tick: Tick
    policy: Policy = field(init=False)
    asker: Asker = field(init=False)
    bearing: Bearing = field(init=False)
    candidates: list[Candidate] = field(factory=list)
    never: dict[Tried, int] = field(factory=dict)  # proved for lists of up to so many elements
    unsettled: list[Tried] = field(factory=list)
    finished: bool = True
    aims: list[Aim] = field(factory=list)
    _probes: dict[int, Probe] = field(factory=dict)
    _last: dict[tuple[str, int], Example] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.policy = Policy(self.program)
        self.asker = Asker(self.policy, self.items, self.edges)
        self.bearing = Bearing(self.program)

    def probe(self, most: int) -> Probe:
        """The solver over lists of up to so many elements."""
        if most not in self._probes:
            items, edges = self.items, self.edges
            conditions = {
                node: key for node, key in items.by_node.items() if items.found[key].kind == "condition"
            }
            steps = {key: edge.unit for key, edge in edges.found.items()}
            self._probes[most] = Probe(
                self.program,
                Watched(
                    conditions=conditions,
                    cases={node: key for node, key in items.by_node.items() if node not in conditions},
                    defaults=items.defaults,
                    versions=items.versions,
                    edges=edges.by_node,
                    numbers=edges.numbers,
                    lists=edges.lists,
                    calculations=edges.calculations,
                    steps={**steps, **{key: one.step for key, one in edges.written.items()}},
                ),
                most,
            )
        return self._probes[most]

    def run(self) -> None:
        """Looks for a case for each aim that no case found before serves; what takes long waits for the others."""
        waiting = self.aims = aims(self.items, self.edges, self.bearing, self.already)
        for question, aim_time in _SECONDS:
            later: list[Aim] = []
            for n, aim in enumerate(waiting):
                self.tick(len(self.aims) - len(waiting) + n - len(later), len(self.aims))
                if self.is_over():
                    later += waiting[n:]
                    break
                if not self._is_served(aim) and not self._serve(aim, question, aim_time):
                    later.append(aim)
            waiting = later
        self.unsettled += [aim.tried for aim in waiting if not self._is_served(aim)]
        self.tick(len(self.aims), len(self.aims))

    def is_over(self) -> bool:
        """Whether the time is over, which is then remembered."""
        over = time.monotonic() > self.until
        self.finished = self.finished and not over
        return over

    def _is_served(self, aim: Aim) -> bool:
        return any(serves(one, aim) for one in self.candidates)

    def _serve(self, aim: Aim, question: float, aim_time: float) -> bool:
        """Tries to find a case in which the answer hangs on what is aimed at, and else one that only tries it.

        What is no item of the text but an edge, a number or a word of a list, is of no use where nothing hangs on it.
        Gives whether more time would be of no use.
        """
        is_item = aim.key in self.items.found
        until = min(self.until, time.monotonic() + aim_time)
        answers: list[str] = []
        for matters in (True, False) if is_item else (True,):
            if not matters and any(aim.tried in one.tries for one in self.candidates):
                return True
            answers.clear()
            for outcome in aim.outcomes[:MOST_OUTCOMES]:
                goal = self._goal(aim, outcome, matters)
                for most in SIZES if self.bearing.has_lists(outcome) else SIZES[:1]:
                    last = self._last.get((outcome, most))
                    like = last.values if last is not None else {}
                    answer = self.probe(most).solve(goal, like, min(until, time.monotonic() + question))
                    if not isinstance(answer, Example):
                        answers.append(answer)
                        continue
                    self._last[outcome, most] = answer
                    if self._take(aim, goal, answer, most):
                        return True
                    answers.append("unsettled")
        if any(answer != "never" for answer in answers):
            return False
        if is_item and answers:
            self.never[aim.tried] = SIZES[-1]
        elif is_item:
            self.unsettled.append(aim.tried)  # no outcome bears on it that could be solved for
        return True

    def base(self, aim: Aim) -> Case | None:
        """A case that meets an aim, to leave facts out of; it becomes no scenario by itself."""
        for most in SIZES if aim.outcomes and time.monotonic() < self.until else ():
            goal = self._goal(aim, aim.outcomes[0], True)
            answer = self.probe(most).solve(goal, {}, min(self.until, time.monotonic() + _SECONDS[-1][0]))
            if isinstance(answer, Example):
                case = Case(answer.facts, datetime.date.fromordinal(answer.day), answer.assume)
                return fewest(self.asker, case, goal.outcome, [aim.tried])
        return None

    def _goal(self, aim: Aim, outcome: str, matters: bool) -> Goal:
        item = self.items.found.get(aim.key)
        if item is not None and item.kind == "outcome":
            return Goal(outcome, aim.want, outcome, False)
        if item is not None and item.kind == "defence":
            return Goal((outcome, item.key[1]), aim.want, outcome, False)
        return Goal(aim.key, aim.want, outcome, matters and (item is None or item.kind != "version"))

    def _take(self, aim: Aim, goal: Goal, example: Example, most: int) -> bool:
        """Keeps an example as a case, if the evaluator says that it does what it was found for."""
        case = Case(example.facts, datetime.date.fromordinal(example.day), example.assume)
        asked = self.asker.ask(case, goal.outcome)
        keep = [aim.tried] if aim.want not in _UNSEEN else []
        if asked is None or not asked.tried.issuperset(keep):
            return False
        case = fewest(self.asker, case, goal.outcome, keep)
        asked = self.asker.ask(case, goal.outcome)
        assert asked is not None
        turns = {aim.tried}
        others = [
            Goal(key, want, goal.outcome)
            for key, want in asked.tried | self._unseen()
            if (key, want) not in self.already and (key, want) not in turns and want != "unknown"
        ]
        found = self.probe(most).hangs_on(goal.outcome, example, others)
        turns.update((one.key, one.want) for one in found)
        self.candidates.append(Candidate(case, goal.outcome, asked.tried, frozenset(turns), aim.tried))
        return True

    def _unseen(self) -> frozenset[Tried]:
        """What no step of a case shows by itself."""
        numbers: set[Key] = set(self.edges.numbers.values())
        found = {(key, want) for key in numbers for want in ("more", "less")}
        return frozenset(found | {(key, "counts") for key in self.edges.calculations.values()})

    def settle(self) -> None:
        """Takes back what was said of something that some case tries after all."""
        tried = {one for each in self.candidates for one in each.tries | each.turns}
        self.unsettled = [one for one in dict.fromkeys(self.unsettled) if one not in tried]
        self.never = {one: most for one, most in self.never.items() if one not in tried}


def leave_out(search: Search, present: Iterable[tuple[Case, str]]) -> None:
    """Adds cases in which one fact is not known, made of those found and of those that scenarios have."""
    open_: set[Tried] = set()
    for key, item in search.items.found.items():
        for value in ("unknown", "undetermined"):
            if value in item.values and (key, value) not in search.already:
                open_.add((key, value))
    for case, outcome in [*((one.case, one.outcome) for one in search.candidates), *present]:
        if not open_ or search.is_over():
            break
        _leave_out_of(search, case, outcome, open_)
    for key, _ in sorted(open_, key=repr):
        if search.is_over():
            break
        for aim in aims(search.items, search.edges, search.bearing, frozenset(), key):
            base = search.base(aim) if (key, "unknown") in open_ or (key, "undetermined") in open_ else None
            if base is not None:
                _leave_out_of(search, base, aim.outcomes[0], open_)
    search.unsettled += sorted(open_, key=repr)


def _leave_out_of(search: Search, case: Case, outcome: str, open_: set[Tried]) -> None:
    for path in list(leaves(case.facts)) if open_ else ():
        facts = without(case.facts, path)
        if facts is None:
            continue
        less = Case(facts, case.as_of, case.assume)
        asked = search.asker.ask(less, outcome)
        new = open_ & asked.tried if asked is not None and asked.state == "undetermined" else set()
        if asked is not None and new:
            open_ -= new
            search.candidates.append(
                Candidate(less, outcome, asked.tried, frozenset(new), min(new, key=repr))
            )
