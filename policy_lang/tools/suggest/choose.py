"""From many cases to few scenarios: the fewest cases, joined where their facts agree, alike ones in a table."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from attrs import define, evolve, frozen

from policy_lang.backends.prove.cover import least_cover
from policy_lang.program.core import Program
from policy_lang.program.given_lines import CannotBeGiven, given_lines
from policy_lang.program.sentences import listed
from policy_lang.tools.suggest.cases import Asker, Case, Tried
from policy_lang.tools.suggest.labels import Labels, named, unique
from policy_lang.tools.suggest.search import Search, serves
from policy_lang.tools.suggest.to_source import Row, Suggested, Writer

_MOST_COLUMNS = 3

ANY_REASON = "yes"
"""Facts that are refused for more reasons than one."""


@frozen(eq=False)
class Picked:
    """One case with the outcomes that are asked for, and its name."""

    case: Case
    outcomes: tuple[str, ...]
    label: str
    tries: frozenset[Tried]
    notices: tuple[str, ...] = ()  # the slips that it is for, in words
    refused: str = ""  # the reason why its facts are refused, or `ANY_REASON`; then nothing is asked


@frozen(eq=False)
class Chosen:
    """The cases chosen; `is_least`: no fewer would try as much."""

    picked: tuple[Picked, ...]
    is_least: bool


def fewest_cases(search: Search, wanted: frozenset[Tried], labels: Labels, limit: float) -> Chosen:
    """The fewest cases that try all of `wanted` and everything on which an answer was found to hang."""
    candidates, asker = search.candidates, search.asker
    by_tried: dict[Tried, list[int]] = {}
    for n, aim in enumerate(search.aims):
        by_tried.setdefault(aim.tried, []).append(n)
    sets: list[frozenset[object]] = []
    for one in candidates:
        hangs: set[object] = set(one.tries & wanted)
        for tried in one.turns:
            numbers = by_tried.get(tried, [])
            hangs.update(n for n in numbers if serves(one, search.aims[n]))
            if not numbers:
                hangs.add(("own", tried))
        sets.append(frozenset(hangs))
    cover = least_cover(sets, limit)
    picked: list[Picked] = []
    for n in cover.chosen:
        one = candidates[n]
        asked = asker.ask(one.case, one.outcome)
        assert asked is not None
        label = labels.of(one.outcome, one.for_, one.turns, asked)
        picked.append(Picked(one.case, (one.outcome,), label, one.tries))
    return Chosen(tuple(_joined(picked, asker)), cover.is_least)


def _joined(picked: Sequence[Picked], asker: Asker) -> list[Picked]:
    """Cases of one day whose facts agree become one, with several outcomes asked for."""
    found: list[Picked] = []
    for one in sorted(picked, key=lambda each: -_amount(each.case.facts)):
        for n, other in enumerate(found):
            if _goes_with(one, other, asker):
                tries = other.tries | one.tries
                found[n] = evolve(other, outcomes=(*other.outcomes, *one.outcomes), tries=tries)
                break
        else:
            found.append(one)
    order = {name.name: n for n, name in enumerate(asker.items.program.outcomes)}
    return sorted(found, key=lambda each: order[each.outcomes[0]])


def _goes_with(one: Picked, other: Picked, asker: Asker) -> bool:
    """Whether the facts of the other give the same answer to what the one asks."""
    if one.case.as_of != other.case.as_of or one.case.assume != other.case.assume:
        return False
    if one.case.facts and not _is_same_subject(one, other, asker):
        return False
    if not one.case.facts and other.case.facts:
        return False
    if set(one.outcomes) & set(other.outcomes) or not _is_within(one.case.facts, other.case.facts):
        return False
    for name in one.outcomes:
        alone, there = asker.ask(one.case, name), asker.ask(other.case, name)
        if alone is None or there is None or alone.answer != there.answer or alone.needs != there.needs:
            return False
        if not alone.tried <= there.tried:
            return False
    return True


def _is_same_subject(one: Picked, other: Picked, asker: Asker) -> bool:
    subjects = {
        each.subject for each in asker.items.program.outcomes if each.name in (*one.outcomes, *other.outcomes)
    }
    return len(subjects) == 1


def _is_within(facts: Any, others: Any) -> bool:
    """Whether the others have all of these facts."""
    if isinstance(facts, Mapping):
        if not isinstance(others, Mapping):
            return False
        return all(key in others and _is_within(value, others[key]) for key, value in facts.items())
    return bool(facts == others)


def _amount(facts: Any) -> int:
    if isinstance(facts, Mapping):
        return 1 + sum(_amount(one) for one in facts.values())
    return 1 + sum(_amount(one) for one in facts) if isinstance(facts, list) else 1


# ------------------------------------------------------------------------------------------ tables


@define(eq=False)
class _Group:
    """Cases that differ in few facts."""

    members: list[Picked]
    dates: list[datetime.date | None]
    columns: tuple[tuple[str, ...], ...] = ()


def givable(
    picked: Sequence[Picked], program: Program
) -> tuple[tuple[Picked, ...], tuple[tuple[Picked, str], ...]]:
    """The cases that a scenario can give, and those that none can, each with the reason in words."""
    kept: list[Picked] = []
    left_out: list[tuple[Picked, str]] = []
    for one in picked:
        try:
            given_lines(program, one.case.facts)
        except CannotBeGiven as reason:
            left_out.append((one, str(reason)))
        else:
            kept.append(one)
    return tuple(kept), tuple(left_out)


def as_scenarios(
    picked: Sequence[Picked], program: Program, taken: set[str]
) -> tuple[list[Suggested], list[str]]:
    """Scenarios with their texts, of cases that can be given; alike cases are rows of a table."""
    writer = Writer.of(program)
    groups: list[_Group] = []
    for one in picked:
        day = None if _is_dated(one, program) else one.case.as_of
        for group in groups:
            columns = _columns(group, one, day, writer)
            if columns is not None:
                group.members.append(one)
                group.dates.append(day)
                group.columns = columns
                break
        else:
            groups.append(_Group([one], [day]))
    made = [_scenario(group, program, taken) for group in groups]
    return made, [writer.scenario(one) for one in made]


def _is_dated(one: Picked, program: Program) -> bool:
    """Whether the facts have the day that counts, so that none has to be said."""
    judged = [each.judged_on for each in program.outcomes if each.name in one.outcomes]
    if None in judged or len(set(judged)) != 1:
        return False
    record, _, name = str(judged[0]).rpartition(".")
    return bool(one.case.facts.get(record, {}).get(name) == one.case.as_of.isoformat())


def _columns(
    group: _Group, one: Picked, day: datetime.date | None, writer: Writer
) -> tuple[tuple[str, ...], ...] | None:
    """The columns of the group with one more row; None where they would be too many, or cannot be."""
    first = group.members[0]
    if first.refused or one.refused:
        return None
    if first.outcomes != one.outcomes or first.case.assume != one.case.assume:
        return None
    if (group.dates[0] is None) != (day is None):
        return None
    a, b = first.case.facts, one.case.facts
    if set(a) != set(b):
        return None
    columns = dict.fromkeys(group.columns)
    for record in a:
        if a[record] == b[record]:
            continue
        if record not in writer.records or not isinstance(a[record], Mapping):
            return None
        for name in dict.fromkeys((*a[record], *b[record])):
            was, now = a[record].get(name), b[record].get(name)
            if was == now:
                continue
            if isinstance(was, (list, dict)) or isinstance(now, (list, dict)):
                return None
            columns[record, name] = None
    if group.dates[0] != day:
        columns[("as of",)] = None
    if len(columns) > _MOST_COLUMNS:
        return None
    return tuple(columns)


def _scenario(group: _Group, program: Program, taken: set[str]) -> Suggested:
    first = group.members[0]
    assume = tuple(sorted(first.case.assume.items()))
    if len(group.members) == 1:
        label = unique(first.label, taken)
        row = Row(label, group.dates[0], first.case.facts, first.notices)
        return Suggested(label, (row,), assume, first.outcomes, refused=first.refused)
    columns = _ordered(group.columns, program)
    of = [column[-1].replace("_", " ") for column in columns if column != ("as of",)]
    dates = "on several dates" if ("as of",) in columns else ""
    values = f"several values of {listed(of, 'and')}" if of else ""
    label = unique(f"{named(first.outcomes[0])}: {', '.join(one for one in (values, dates) if one)}", taken)
    rows: list[Row] = []
    names: set[str] = set()
    for one, day in zip(group.members, group.dates, strict=True):
        own = one.label.partition(": ")[2] or one.label
        rows.append(Row(unique(own, names), day, one.case.facts, one.notices))
    return Suggested(label, tuple(rows), assume, first.outcomes, columns)


def _ordered(columns: tuple[tuple[str, ...], ...], program: Program) -> tuple[tuple[str, ...], ...]:
    """The columns in the order in which the facts are declared, the date first."""
    declared = [(record.name, one.name) for record in program.records for one in record.fields]
    return tuple(sorted(columns, key=lambda one: declared.index(one) if one in declared else -1))
