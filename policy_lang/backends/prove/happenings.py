"""The dates of several events together, as formulas (rules F4 and T7).

The dates of an event are the last day up to which they are all known, their number, and so many days in order; what
stands after these says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import z3

from policy_lang.backends.prove.days import LAST
from policy_lang.backends.prove.forms import Content, all_of, choice
from policy_lang.backends.prove.reach import related


def either_event(parts: Sequence[Content]) -> Content:
    """The dates of all these events together, each once."""
    until = _least([one[0] for one in parts])
    found = [(count > n, day) for _, count, *days in parts for n, day in enumerate(days)]
    count: Content = 0
    before: Content = 0
    listed: list[Content] = []
    for _ in found:
        following: Content = LAST + 1
        for there, day in found:
            following = choice(all_of((there, day > before, related("lt", day, following))), day, following)
        count = count + z3.If(following <= LAST, 1, 0)
        listed.append(following)
        before = following
    return (until, count, *listed)


def each_event(parts: Sequence[Content]) -> Content:
    """The days by which all had done it once, twice and so on.

    One of them for whom it is settled that it did not is enough to settle that not all did.
    """
    until = _least([one[0] for one in parts])
    count = _least([one[1] for one in parts])
    listed = [_greatest(list(turn)) for turn in zip(*(one[2:] for one in parts), strict=False)]
    settled: Content = 0
    for n, day in enumerate(listed):
        settled = settled + z3.If(all_of((count > n, related("le", day, until))), 1, 0)
    return (_greatest([until, *(_no_more_than(one, settled) for one in parts)]), count, *listed)


def _no_more_than(one: Content, times: Content) -> Content:
    """The last day up to which it is known that an event happened no more than so often."""
    until, count, *days = one
    found = until
    for n, day in enumerate(days):
        before = choice(day - 1 > 1, day - 1, 1)
        found = choice(all_of((times == n, count > n)), _least([before, until]), found)
    return found


def _least(numbers: Sequence[Content]) -> Content:
    best = numbers[0]
    for one in numbers[1:]:
        best = choice(related("lt", one, best), one, best)
    return best


def _greatest(numbers: Sequence[Content]) -> Content:
    best = numbers[0]
    for one in numbers[1:]:
        best = choice(related("gt", one, best), one, best)
    return best
