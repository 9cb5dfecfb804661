"""Where the solver does not settle it: facts at the limits that the texts name, and duties day by day."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from policy_lang.backends.prove.space import Space
from policy_lang.program.answers import answer_words
from policy_lang.program.sentences import listed
from policy_lang.program.types import Dates
from policy_lang.tools.diff.boundaries import trials
from policy_lang.tools.diff.versions import Versions

MOST_EXAMPLES = 3
_MOST_DAYS = 200


@frozen
class Example:
    """Facts to which two versions give different answers."""

    when: str
    old: str
    new: str
    facts: dict[str, Any]
    as_of: datetime.date


@frozen
class Tried:
    """What came of trying. `count` sets of facts were taken by both versions."""

    examples: tuple[Example, ...]
    count: int


def try_facts(versions: Versions, space: Space, until: float) -> Tried:
    """Asks both versions about facts at the limits that the texts name, until that moment.

    Of every pair of answers the first example is kept, up to three of them.
    """
    found: dict[tuple[str, str], Example] = {}
    count = 0
    for facts, day in trials(versions.programs[1], space, versions.new.subject):
        if time.monotonic() > until:
            break
        answers = versions.answers(facts, day)
        if answers is None:
            continue
        count += 1
        if answers[0] != answers[1] and answers not in found:
            found[answers] = Example(f"an example on {day}", *answers, facts, day)
            if len(found) == MOST_EXAMPLES:
                break
    return Tried(tuple(found.values()), count)


def try_days(versions: Versions, days: Iterable[int], until: float) -> Tried:
    """Asks both versions of a duty when it falls due while nothing happens, on the days that the texts name and after."""
    events: dict[str, Any] = {
        one.name: "none"
        for one in versions.programs[1].case_facts
        if isinstance(one.type, Dates) and "." not in one.name
    }
    waiting = [datetime.date.fromordinal(one) for one in days]
    tried: set[datetime.date] = set()
    while waiting and len(tried) < _MOST_DAYS and time.monotonic() < until:
        day = waiting.pop(0)
        if day in tried:
            continue
        tried.add(day)
        told = [_falling_due(versions, number, events, day) for number in (0, 1)]
        if told[0] is not None and told[1] is not None and told[0] != told[1]:
            when = f"when nothing has happened yet, on {day}"
            example = Example(when, told[0][0], told[1][0], events, day)
            return Tried((example,), len(tried))
        step = datetime.timedelta(days=1)
        for due in (due for one in told if one is not None for due in one[1][-2:]):
            if datetime.date.min < due < datetime.date.max:
                waiting += [due, due + step]
    return Tried((), len(tried))


def _falling_due(
    versions: Versions, number: int, events: Mapping[str, Any], day: datetime.date
) -> tuple[str, tuple[datetime.date, ...]] | None:
    """What one version says of a duty on that day, with what falls due; None where it refuses the facts."""
    decided = versions.decided(number, events, day)
    if decided is None:
        return None
    words = answer_words(decided, (versions.old, versions.new)[number].type)
    if decided.calendar:
        words += f", falling due on {listed([one.isoformat() for one in decided.calendar[-4:]], 'and')}"
    return words, decided.calendar
