"""How far the scenarios of each policy try it: what was reached, what never was, and what need not be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import define, field, frozen

from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.policy import Decision, InvalidFacts, Policy
from policy_lang.program.core import Plain
from policy_lang.program.scenario import Scenario
from policy_lang.source.text import SourceFile
from policy_lang.tools.coverage.items import APPLIED, REFUSED, Item, Items, Key, Kind
from policy_lang.tools.coverage.reached import reached
from policy_lang.tools.coverage.remarks import Remark, remarks
from policy_lang.tools.run_scenarios import run_scenario


@frozen
class Measured:
    """One item with how often it came to each of its values, and the remarks that excuse the others."""

    item: Item
    counts: tuple[tuple[str, int], ...]
    excused: tuple[tuple[str, str], ...]  # (value, why it is not tried)

    @property
    def missing(self) -> tuple[str, ...]:
        """What it never came to, and nobody says why."""
        excused = {value for value, _ in self.excused}
        return tuple(value for value, times in self.counts if not times and value not in excused)

    @property
    def tried(self) -> int:
        return sum(1 for _, times in self.counts if times)

    @property
    def sentence(self) -> str:
        """What was never tried, in one sentence; empty when nothing is missing."""
        return sentence(self.item, self.missing, self.tried + len(self.excused)) if self.missing else ""


@frozen
class Coverage:
    """How far the scenarios of one policy try it. `idle` are remarks that excuse nothing."""

    policy: str
    scenarios: int
    measured: tuple[Measured, ...]
    sources: tuple[SourceFile, ...]
    idle: tuple[Remark, ...]

    @property
    def gaps(self) -> tuple[Measured, ...]:
        return tuple(one for one in self.measured if one.missing)

    @property
    def excused(self) -> int:
        return sum(len(one.excused) for one in self.measured)

    def of(self, *kinds: Kind) -> tuple[int, int]:
        """How many values of these kinds of items were tried, and how many there are to try."""
        chosen = [one for one in self.measured if not kinds or one.item.kind in kinds]
        tried = sum(one.tried for one in chosen)
        return tried, tried + sum(len(one.missing) for one in chosen)

    @property
    def percent(self) -> int:
        """Rounded down, so that 100 means everything."""
        tried, total = self.of()
        return 100 * tried // total if total else 100


def sentence(item: Item, missing: tuple[str, ...], others: int) -> str:
    """What was never tried, in one plain sentence."""
    if item.kind == "version":
        return f"{item.words} was never asked about"
    if item.kind == "check":
        return f"{item.words} never refused any facts"
    if item.values == (APPLIED,):
        return f"{item.words} never applied"
    if not others:
        return f"{item.words} was never {'asked for' if item.kind == 'outcome' else 'looked at'}"
    if item.kind == "condition":
        return f"{item.words} was never {' and never '.join(missing)}"
    return f"{item.words} never came to {' or '.join(f'`{value}`' for value in missing)}"


@define
class _Tally:
    """What is gathered about one policy from all files with scenarios for it."""

    items: Items
    sources: tuple[SourceFile, ...]
    scenarios: int = 0
    counts: Counter[tuple[Key, str]] = field(factory=Counter)


def measure(paths: Iterable[Path], only: str = "", library: Library | None = None) -> tuple[Coverage, ...]:
    """The coverage of every policy among these files, or that scenarios in them are about, by name of its file.

    Only cases that pass count, and with `only` those whose names contain it: a case that fails shows nothing. A file
    with errors is left out.
    """
    library = library if library is not None else Library()
    tallies: dict[Path, _Tally] = {}
    for path in paths:
        compiled, _ = compile_file(path, library)
        program = compiled.program
        if program is None or program.instruments[0].kind == "vocabulary":
            continue
        tally = tallies.get(library.policy_of(path).resolve())
        items = Items(program)
        if tally is None:
            tally = tallies[library.policy_of(path).resolve()] = _Tally(items, compiled.sources)
        policy = Policy(program) if compiled.scenarios else None
        for scenario in compiled.scenarios:
            if policy is None or only.casefold() not in scenario.label.casefold():
                continue
            if run_scenario(policy, scenario).passed:
                tally.scenarios += 1
                if scenario.bad_facts:
                    tally.counts.update((key, REFUSED) for key in broken(items, policy, scenario))
                    continue
                for decision in _decisions(policy, scenario):
                    tally.counts.update(reached(items, decision))
    return tuple(_coverage(tally) for _, tally in sorted(tallies.items()))


def _decisions(policy: Policy, scenario: Scenario) -> Iterator[Decision]:
    """One for all that is expected with the same assumptions."""
    asked: dict[tuple[tuple[str, Plain], ...], dict[str, None]] = {}
    for expectation in scenario.expectations:
        asked.setdefault(expectation.assuming, {})[expectation.outcome] = None
    for assuming, names in asked.items():
        assume = {**scenario.assume, **dict(assuming)}
        yield policy.evaluate(dict(scenario.facts), scenario.as_of, assume, names)


def broken(items: Items, policy: Policy, scenario: Scenario) -> set[Key]:
    """The checks for which the facts of a scenario are refused."""
    try:
        policy.evaluate(dict(scenario.facts), scenario.as_of, dict(scenario.assume))
    except InvalidFacts as refused:
        return {
            key
            for problem in refused.problems
            if problem.code == "check-failed"
            for (_, sentence), key in items.checks.items()
            if sentence in problem.message
        }
    return set()


def _coverage(tally: _Tally) -> Coverage:
    own = {item.span.file.name for item in tally.items.found.values()}
    sources = tuple(source for source in tally.sources if source.name in own)
    excuses = [one for source in sources for one in remarks(source)]
    used: set[int] = set()
    measured = []
    for item in sorted(tally.items.found.values(), key=lambda one: (one.key[2:], one.kind)):
        counts = tuple((value, tally.counts[item.key, value]) for value in item.values)
        line = item.span.file.position(item.span.start)[0]
        excused: list[tuple[str, str]] = []
        for value, times in counts:
            for n, remark in enumerate(excuses):
                speaks = remark.span.file.name == item.span.file.name and line in remark.lines
                if not times and speaks and remark.reason and _names(remark, item, value):
                    used.add(n)
                    excused.append((value, remark.reason))
                    break
        measured.append(Measured(item, counts, tuple(excused)))
    idle = tuple(one for n, one in enumerate(excuses) if n not in used)
    return Coverage(tally.items.program.name, tally.scenarios, tuple(measured), sources, idle)


def excused(items: Items, sources: Iterable[SourceFile]) -> Iterator[tuple[Key, str]]:
    """What remarks in these files say need not be tried."""
    for source in sources:
        for remark in remarks(source):
            for item in items.found.values():
                line = item.span.file.position(item.span.start)[0]
                if remark.reason and item.span.file.name == source.name and line in remark.lines:
                    yield from ((item.key, value) for value in item.values if _names(remark, item, value))


def _names(remark: Remark, item: Item, value: str) -> bool:
    """Whether a remark is about this value; a case is named by what it is."""
    return value in remark.what or (value in (APPLIED, REFUSED) and item.kind in remark.what)
