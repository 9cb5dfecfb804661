"""A scenario: facts, a date, and what a policy is expected to say of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TypeAlias

from attrs import field, frozen

from policy_lang.program.core import Plain
from policy_lang.source.text import NOWHERE, Span

Encoded: TypeAlias = tuple[str, str | None, str]
"""A clause, rule, table or exception: which of these, its instrument where that is said, and its name."""


NOT_FILLED_IN = "?"
"""The state of an expectation that somebody still has to fill in: no answer is as expected."""


@frozen
class Expectation:
    """What one outcome should be: its state, or for a rule its value; and what it should rest on.

    `needs` and `between` are None when nothing was said about them, and complete when given; `assumes`, `cites`
    and `because` name some of what should be there. `assuming` holds assumptions that are taken differently for
    this expectation alone.
    """

    outcome: str
    state: str
    value: Plain = None
    needs: frozenset[str] | None = None
    assumes: frozenset[str] = frozenset()
    cites: frozenset[str] = frozenset()
    due: datetime.date | None = None
    on_time: bool | None = None
    because: frozenset[Encoded] = frozenset()
    between: frozenset[Plain] | None = None
    assuming: tuple[tuple[str, Plain], ...] = ()
    span: Span = field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class ExpectedProperty:
    """That a property holds for the facts of a case; of one that compares two, `other` are the other facts."""

    label: str
    other: Mapping[str, object] | None = None
    span: Span = field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Scenario:
    """One case. `facts` has the form in which facts are given to a policy; `bad_facts`: they should be refused.

    `label` tells it from all others in its file. A scenario that its author wrote as a table or for several
    dates gives one of these for each case: `group` is the author's name for all of them, `case` what tells this
    one from the rest, and empty where there is only one. With `bad_code`, refused for just this reason.
    """

    label: str
    as_of: datetime.date
    facts: Mapping[str, object]
    assume: Mapping[str, Plain]
    expectations: tuple[Expectation, ...]
    bad_facts: bool = False
    bad_code: str | None = None
    group: str = ""
    case: str = ""
    properties: tuple[ExpectedProperty, ...] = ()
    span: Span = field(kw_only=True, default=NOWHERE, eq=False)
