"""What is suggested for one policy: scenarios, what they would try, and what nothing can try."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from attrs import frozen

from policy_lang.policy import Policy
from policy_lang.program.core import Plain, Program
from policy_lang.program.scenario import Scenario
from policy_lang.source.text import SourceFile
from policy_lang.syntax.from_source import read
from policy_lang.syntax.to_source import to_source
from policy_lang.tools.coverage.items import REFUSED, Item, Items
from policy_lang.tools.coverage.measure import broken, excused, sentence
from policy_lang.tools.mutate.mutant import THE_FACTS
from policy_lang.tools.mutate.report import Tick as SlipsTick
from policy_lang.tools.run_scenarios import run_scenario
from policy_lang.tools.suggest.cases import Tried, tried_in
from policy_lang.tools.suggest.choose import Picked, as_scenarios, fewest_cases, givable
from policy_lang.tools.suggest.edges import Edges
from policy_lang.tools.suggest.labels import Labels
from policy_lang.tools.suggest.present import cases_of, moment_tried, noticed
from policy_lang.tools.suggest.refused import refused_cases
from policy_lang.tools.suggest.search import Search, Tick, leave_out
from policy_lang.tools.suggest.slips import Telling, telling
from policy_lang.tools.suggest.to_source import Suggested
from policy_lang.tools.suggest.vary import add_duties, add_words

_LIMITS = 0.1
"""The share of the time, beside it, for the limits of fields, the checks of records and the territories."""
_CHOOSING = 0.03
"""The share of the time, beside it, for choosing the fewest cases."""


@frozen(eq=False)
class Gap:
    """Something that no case tries: in words, with its place."""

    place: str
    words: str


@frozen(eq=False)
class Suggestions:
    """What is suggested for one policy. `text` has the scenarios, in the form of `pol fmt`.

    `tried`, `then` and `to_try` count what coverage counts: now, with the answers filled in, and in all.
    """

    policy: str
    scenarios: tuple[Suggested, ...]
    text: str
    is_least: bool
    tried: int
    then: int
    to_try: int
    never: tuple[Gap, ...]  # proved: no facts with lists of up to two elements
    unsettled: tuple[Gap, ...]
    finished: bool  # False: the time was over
    left_out: tuple[str, ...] = ()  # cases that no scenario can give, each with the reason
    slips: Telling | None = None  # None: not asked for

    @property
    def cases(self) -> int:
        return sum(one.cases for one in self.scenarios)

    @property
    def answers(self) -> int:
        """How many answers there are to fill in."""
        return sum(one.cases * len(one.outcomes) for one in self.scenarios)


@frozen(eq=False)
class SlipsAsked:
    """That cases for slips are wanted, too. The same seed gives the same ones, as long as the time is enough."""

    seed: int
    tick: SlipsTick


def suggest(
    program: Program,
    scenarios: Sequence[Scenario],
    sources: Iterable[SourceFile],
    *,
    budget: float,
    tick: Tick,
    slips: SlipsAsked | None = None,
) -> Suggestions:
    """Scenarios for everything that those there are do not try. `budget` is in seconds.

    With `slips`, cases come after them for the slips that neither they, filled in, nor the scenarios there are notice;
    the search for the rest then takes no more than two thirds of the time.
    """
    until = time.monotonic() + budget
    items = Items(program)
    edges = Edges(program, items)
    policy = Policy(program)
    excuses = frozenset(excused(items, sources))
    already = {one for scenario in scenarios for one in _tried(policy, scenario, items, edges)}
    already.update(noticed(policy, edges, scenarios))
    rest = until if slips is None else until - budget / 3
    search = Search(program, items, edges, frozenset(already | excuses), rest - budget / 5, tick)
    search.run()
    search.until = rest
    add_duties(search)
    add_words(search)
    leave_out(search, [case for scenario in scenarios for case in cases_of(scenario)])
    search.settle()
    refused = tuple(refused_cases(search))
    everything = frozenset((key, value) for key, item in items.found.items() for value in item.values)
    wanted = everything - excuses
    chosen = fewest_cases(search, wanted - already, Labels(program, items, edges), _CHOOSING * budget)
    taken = {one.group or one.label for one in scenarios}
    told = None
    picked = (*chosen.picked, *refused)
    limits = telling(
        search.asker,
        scenarios,
        picked,
        budget=_LIMITS * budget,
        seed=1,
        tick=_silent,
        among=lambda one: THE_FACTS in one.touched,
    )
    picked = (*picked, *limits.picked)
    if slips is not None:
        left = max(until - time.monotonic(), budget / 3)
        told = telling(search.asker, scenarios, picked, budget=left, seed=slips.seed, tick=slips.tick)
        picked = (*picked, *told.picked)
    kept, left_out = givable(picked, program)
    made, texts = as_scenarios(kept, program, taken)
    then = {one for each in kept for one in each.tries} | already
    return Suggestions(
        program.name,
        tuple(made),
        _formatted(program.name, texts),
        chosen.is_least,
        len(wanted & already),
        len(wanted & then),
        len(wanted),
        tuple(_gaps(items, edges, (one for one in search.never if one in wanted))),
        tuple(_gaps(items, edges, search.unsettled)),
        search.finished,
        tuple(_left_out(left_out)),
        told,
    )


def _silent(what: str, done: int, total: int) -> None:
    """Says nothing."""


def _left_out(cases: Iterable[tuple[Picked, str]]) -> Iterator[str]:
    for one, reason in cases:
        yield f"{one.label}: no scenario can give {reason}"


def _tried(policy: Policy, scenario: Scenario, items: Items, edges: Edges) -> Iterator[Tried]:
    """What a scenario that passes tries."""
    if not run_scenario(policy, scenario).passed:
        return
    if scenario.bad_facts:
        yield from ((key, REFUSED) for key in broken(items, policy, scenario))
        return
    asked: dict[tuple[tuple[str, Plain], ...], dict[str, None]] = {}
    for one in scenario.expectations:
        asked.setdefault(one.assuming, {})[one.outcome] = None
    for assuming, names in asked.items():
        assume = {**scenario.assume, **dict(assuming)}
        for name in names:
            decision = policy.evaluate(dict(scenario.facts), scenario.as_of, assume, [name])
            yield from tried_in(items, edges, decision)
            yield moment_tried(name, scenario.as_of, scenario.facts, assume)


def _formatted(name: str, texts: Sequence[str]) -> str:
    """The scenarios as the formatter puts them, without the line that says what they are about."""
    if not texts:
        return ""
    head = f"scenarios for {name}\n\n"
    tree, problems = read(SourceFile("<suggested>", head + "\n\n".join(texts) + "\n"))
    assert not problems, problems
    return to_source(tree).partition("\n\n")[2]


def _gaps(items: Items, edges: Edges, tried: Iterable[Tried]) -> Iterator[Gap]:
    by_item: dict[Any, list[str]] = {}
    for key, want in tried:
        by_item.setdefault(key, []).append(want)
    for key, wants in by_item.items():
        item: Item | None = items.found.get(key)
        if item is not None:
            yield Gap(
                item.span.place.rpartition(":")[0],
                sentence(item, tuple(wants), 1).replace("was never", "is never"),
            )
            continue
        found = edges.found.get(key)
        written = edges.written.get(key)
        if found is not None:
            words = " and ".join(
                {"at": "on the edge", "below": "just below", "above": "just above"}[one] for one in wants
            )
            yield Gap(found.span.place.rpartition(":")[0], f"`{found.span.text}`, {words}")
        elif written is not None and written.options:
            missing = ", ".join(one.removeprefix("is ") for one in wants)
            yield Gap(written.span.place.rpartition(":")[0], f"{written.words or 'the list'}: {missing}")
        elif written is not None and wants == ["counts"]:
            yield Gap(
                written.span.place.rpartition(":")[0], f"`{written.words}`: whether it shows in an answer"
            )
        elif written is not None:
            words = " and ".join(f"one {one}" for one in wants)
            yield Gap(
                written.span.place.rpartition(":")[0], f"`{written.words}`: whether {words} would matter"
            )
