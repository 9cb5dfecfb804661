"""Facts that a program takes, but that break a condition on one of its records: found by the solver."""

from __future__ import annotations

import datetime

from attrs import evolve

from policy_lang.backends.prove.near_facts import Example
from policy_lang.backends.prove.probe import Goal, Probe, Watched
from policy_lang.program.core import Expr, Fact, Fold, Outcome, Program
from policy_lang.program.types import ListOf, YesNo
from policy_lang.tools.mutate.vary import Case

_NAME = "the check"
_NOTHING = Watched({}, {}, {}, {}, {}, {}, {}, {}, {})
SIZES = (1, 2)
"""Lists of up to so many elements are looked at, one size after the other."""


def breaking(program: Program, record: str, condition: Expr, until: float) -> Case | str:
    """Facts that the program takes and that break this condition on a record of this name, or why there are none.

    That is `never` where it is shown for lists of up to two elements, and else `unsettled`.
    """
    records = {one.name: one for one in program.records}
    subject, asked = records[record], condition
    while subject.parent is not None:  # of a list, some element has to break it
        inner = Fact(subject.parent, str(subject.parent_field), ListOf(subject.name))
        asked = Fold("all", inner, subject.name, None, asked, YesNo())
        subject = records[subject.parent]
    rule = Outcome(_NAME, "rule", subject.name, asked, YesNo(), None, span=condition.span)
    asking = evolve(program, outcomes=(rule,))
    reason = "never"
    for most in SIZES if subject.name != record else SIZES[:1]:
        answer = Probe(asking, _NOTHING, most).solve(Goal(_NAME, "no", _NAME, False), {}, until)
        if isinstance(answer, Example):
            facts = {name: value for name, value in answer.facts.items() if name == subject.name}
            return Case(facts, datetime.date.fromordinal(answer.day), answer.assume, "")
        reason = answer
    return reason
