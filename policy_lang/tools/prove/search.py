"""Looks for facts in which something holds, first with short lists, and for one question not longer than allowed."""

from __future__ import annotations

import datetime
from collections.abc import Callable

from attrs import define, field, frozen

from policy_lang.backends.prove.differences import MOST_CASES, Found, can_be, differences
from policy_lang.backends.prove.forms import Form, NotLowered, Truth, is_false
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.space import Space
from policy_lang.policy import Policy
from policy_lang.program.core import Program
from policy_lang.program.types import YesNo

_FIRST = datetime.date(1000, 1, 1).toordinal()
_LAST = datetime.date(8999, 12, 31).toordinal()
"""The days that are gone through: far from the ends of the calendar, which no law means to reach."""


@frozen
class Searched:
    """The cases that were found, and in which view of the facts; or in `why_not` why that is not known.

    `elements`: lists of up to so many were gone through in full.
    """

    found: Found | None
    view: Lowering | None
    why_not: str = ""
    elements: int = 0


@define(eq=False)
class Searcher:
    """All facts of one program, with lists of up to `most` elements. `limit` is in seconds for each question."""

    program: Program
    limit: float
    most: int
    policy: Policy = field(init=False)
    _views: dict[tuple[int, bool], Lowering] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.policy = Policy(self.program)

    def view(self, most: int, *, open_readings: bool = False) -> Lowering:
        """The program as formulas, with lists of up to so many elements; with `open_readings`, however it is read."""
        key = (most, open_readings)
        if key not in self._views:
            lowering = self._views[key] = Lowering(
                self.program, Space((self.program,), most, first_day=_FIRST, last_day=_LAST), open_readings
            )
            lowering.checks()
        return self._views[key]

    def roots(self, subject: str | None) -> tuple[str, ...]:
        """The record of the facts that one of this kind lies in."""
        return self.view(1).schema.scope(subject)[:1]

    def search(
        self, truth: Callable[[Lowering], Truth], subject: str | None, most_cases: int = MOST_CASES
    ) -> Searched:
        """The cases in which something holds, at most so many; `subject` is the record that it is about."""
        last: Searched | None = None
        for most in sorted({1, self.most}):
            lowering = self.view(most)
            try:
                holds = truth(lowering)
            except NotLowered as reason:
                return Searched(None, None, str(reason))
            found = differences(
                lowering.space,
                Form(False),
                Form(holds),
                YesNo(),
                self.roots(subject),
                self.limit,
                most_cases=most_cases,
            )
            sizes = most if found.sizes is None else found.sizes
            if found.cases:
                return Searched(found, lowering, elements=sizes)
            if found.complete:
                last = Searched(found, lowering, elements=most)
            elif last is None and sizes == 0:
                return Searched(None, None, f"no end within {self.limit:g} seconds")
            else:
                done = max(sizes, last.elements if last is not None else 0)
                why = f"no end within {self.limit:g} seconds with lists of more than {_count(done)}"
                return Searched(found, lowering, why, elements=done)
        assert last is not None
        return last

    def never(self, truth: Callable[[Lowering], Truth]) -> bool | None:
        """Whether something holds for no facts, with lists of up to `most` elements; None: not settled."""
        lowering = self.view(self.most)
        try:
            holds = truth(lowering)
        except NotLowered:
            return None
        if is_false(holds):
            return True
        possible = can_be(lowering.space, holds, self.limit)
        return None if possible is None else not possible


def _count(number: int) -> str:
    return "1 element" if number == 1 else f"{number} elements"
