"""Whether two programs give the same whatever the facts are, all given or some of them missing.

    space = Space((old, new), MOST_ELEMENTS, partial=True)
    one, other = Lowering(old, space), Lowering(new, space)
    is_same(space, one.outcome(a), other.outcome(b), limit)

asks about two outcomes; `equivalent` does it for whole programs. `differences.can_be` asks whether something can be so
at all. In a partial space, `form.gone["unknown"]` says when an outcome is undetermined.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from attrs import define, field, frozen

from policy_lang.backends.prove.differences import can_be
from policy_lang.backends.prove.forms import Form, NotLowered, is_false, opposite, owed, same
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.space import MOST_ELEMENTS, Space
from policy_lang.program.core import Outcome, Program


@frozen
class Verdict:
    """What is known of two outcomes. `same`: they are proved to be one, or proved not to be; None: not settled.

    `elements`: lists of up to so many elements were gone through; None where it holds for lists of any length.
    `reason`: why it is not settled, in words.
    """

    same: bool | None
    elements: int | None = None
    reason: str = ""


def is_same(space: Space, old: Form, new: Form, limit: float) -> bool | None:
    """Whether two forms over one space give the same for all facts; None if that takes longer than so many seconds.

    Two absences are the same when their reasons are: what is said of them, and what is asked for, is not compared.
    """
    differ = opposite(same(old, new))
    if is_false(differ):
        return True
    found = can_be(space, differ, limit)
    return None if found is None else not found


def equivalent(
    old: Program,
    new: Program,
    *,
    limit: float,
    partial: bool,
    most: int = MOST_ELEMENTS,
    only: Iterable[str] = (),
) -> dict[str, Verdict]:
    """For each outcome that both programs have, whether it is the same for all facts that both accept.

    `partial`: also where facts are missing. `limit` is in seconds for each outcome. Of a duty only that it applies is
    compared: its schedule is not.
    """
    comparison = Comparison(old, new, partial, most)
    names = frozenset(only)
    before = {one.name: one for one in old.outcomes}
    return {
        one.name: comparison.verdict(before[one.name], one, limit)
        for one in new.outcomes
        if one.name in before and (not names or one.name in names)
    }


@define(eq=False)
class Comparison:
    """Two programs over the same facts. What is lowered once is kept for further outcomes."""

    old: Program
    new: Program
    partial: bool
    most: int = MOST_ELEMENTS
    deadline: float | None = None  # by the monotonic clock; lowering raises `OutOfTime` after it
    space: Space = field(init=False)
    lowerings: tuple[Lowering, Lowering] = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.space = Space((self.old, self.new), self.most, self.partial)
        self.lowerings = (
            Lowering(self.old, self.space, deadline=self.deadline),
            Lowering(self.new, self.space, deadline=self.deadline),
        )
        for one in self.lowerings:
            one.checks()

    def forms(self, old: Outcome, new: Outcome) -> tuple[Form, Form]:
        """What both versions of an outcome give. Raises `NotLowered` where the solver cannot read one of them."""
        forms = self.lowerings[0].outcome(old), self.lowerings[1].outcome(new)
        return forms if new.schedule is None else (owed(forms[0]), owed(forms[1]))

    def verdict(self, old: Outcome, new: Outcome, limit: float) -> Verdict:
        """Whether two outcomes are the same for all facts."""
        until = time.monotonic() + limit
        try:
            forms = self.forms(old, new)
        except NotLowered as why:
            return Verdict(None, reason=str(why))
        found = is_same(self.space, *forms, max(0.0, until - time.monotonic()))
        reason = "" if found is not None else f"no end within {limit:g} seconds"
        bounded = self.space.has_lists and not self.space.stands_for_any_length
        return Verdict(found, self.most if bounded else None, reason)
