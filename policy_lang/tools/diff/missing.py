"""What a change means where facts are missing: answers that are lost or gained by it, and other questions."""

from __future__ import annotations

import datetime
import itertools
import time
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

from attrs import frozen

from policy_lang.backends.prove.equivalence import Comparison
from policy_lang.backends.prove.examples import without_idle_territories
from policy_lang.backends.prove.forms import NotLowered, OutOfTime
from policy_lang.backends.prove.gaps import Gap, Gaps, gaps
from policy_lang.backends.prove.space import MOST_ELEMENTS, Space
from policy_lang.backends.prove.words import left_out_in_words
from policy_lang.program.sentences import listed
from policy_lang.tools.diff.boundaries import trials
from policy_lang.tools.diff.trying import Example
from policy_lang.tools.diff.versions import Versions

_SETS = 8
"""So many sets of facts are taken, each with fewer and fewer of them given, to see what is asked for."""

_FOR_EXAMPLES = 10_000_000
"""So many steps of the solver are given to an example where an outcome is changed anyway: a few seconds."""

State: TypeAlias = Literal["same", "changed", "asks", "not settled"]


@frozen
class Missing:
    """What became of an outcome where facts are missing.

    `changed`: some facts decide it in one version only, or otherwise; there is an example of each kind, and other facts may
    lead there too. `asks`: it is
    undetermined for the same facts, but then asks for others. `elements`: lists of up to so many elements were gone
    through; None where it does not matter how long they are.
    """

    state: State
    examples: tuple[Example, ...] = ()
    elements: int | None = None
    reason: str = ""


def where_facts_are_missing(
    versions: Versions, deadline: float, *, is_same: bool, elements: int | None
) -> Missing:
    """Compares both versions over facts of which some may be left out.

    `is_same`: they were shown to be the same for complete facts; where they are not, only short lists are looked at,
    for examples. The moment `deadline` is by the monotonic clock.
    """
    settled: Missing | None = None
    lengths = (1, MOST_ELEMENTS) if is_same else (1,)
    for most in (elements,) if elements else lengths:
        comparison = Comparison(*versions.programs, True, most, deadline)
        roots = () if versions.new.subject is None else (versions.new.subject,)
        try:
            old, new = comparison.forms(versions.old, versions.new)
            steps = 0 if is_same else _FOR_EXAMPLES
            found = gaps(comparison.space, old, new, roots, deadline, other=is_same, most_steps=steps)
        except NotLowered as why:
            return Missing("not settled", reason=str(why))
        except OutOfTime:
            found = Gaps(settled=False)
        examples = list(_examples(found, versions, comparison.space))
        if None in examples:
            return Missing("not settled", reason="an example was not confirmed")
        if examples:
            return Missing("changed", tuple(one for one in examples if one is not None))
        if not found.settled:
            break
        bounded = comparison.space.has_lists and not comparison.space.stands_for_any_length
        settled = Missing("same", elements=most if bounded else None)
        if not bounded:
            break
    if settled is None:
        return Missing("not settled", reason="it came to no end in its share of the time")
    other = other_questions(versions, deadline) if is_same else None
    return settled if other is None else Missing("asks", (other,), settled.elements)


def _examples(found: Gaps, versions: Versions, space: Space) -> Iterator[Example | None]:
    """The examples in words; None for one that the evaluator does not confirm."""
    for gap in (found.lost, found.gained, found.other):
        if gap is not None:
            yield _example(gap, versions, space)


def _example(gap: Gap, versions: Versions, space: Space) -> Example | None:
    day = datetime.date.fromordinal(gap.day)
    facts = without_idle_territories(gap.facts, space)
    answers = versions.answers(facts, day)
    if answers is None or answers[0] == answers[1]:
        return None
    return Example(f"{left_out_in_words(gap.left_out)}, on {day}", *answers, facts, day)


def other_questions(versions: Versions, until: float) -> Example | None:
    """Facts for which both versions are undetermined, and ask for other facts; None where none were found."""
    space = Space(versions.programs, 1)
    sets = itertools.islice(trials(versions.programs[1], space, versions.new.subject), _SETS)
    for whole, day in sets:
        for facts in _with_less(whole):
            if time.monotonic() > until:
                return None
            before, after = (versions.decided(number, facts, day) for number in (0, 1))
            if before is None or after is None or before.state != after.state:
                continue
            if set(before.needs) != set(after.needs):
                asked, asks = (f"undetermined, asks for {_facts(one.needs)}" for one in (before, after))
                return Example(f"for example on {day}", asked, asks, facts, day)
    return None


def _with_less(facts: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Facts of which one only is left out, or all but one, or all."""
    for name, given in facts.items():
        if not isinstance(given, Mapping):
            yield {key: value for key, value in facts.items() if key != name}
            continue
        for left_out in given:
            yield {**facts, name: {key: value for key, value in given.items() if key != left_out}}
        for kept in given:
            yield {name: {kept: given[kept]}}
        yield {name: {}}


def _facts(paths: Iterable[str]) -> str:
    return listed([path.rpartition(".")[2].replace("_", " ") for path in paths], "and")
