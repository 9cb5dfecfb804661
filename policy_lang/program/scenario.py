"""A scenario: facts, a date, and what a policy is expected to say of them."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from attrs import field, frozen

from policy_lang.program.core import Plain
from policy_lang.source.text import NOWHERE, Span


@frozen
class Expectation:
    """What one outcome should be: its state, or for a rule its value; and what it should rest on.

    `needs`, `assumes` and `cites` are None when nothing was said about them; `needs` is complete when given,
    the other two name some of what should be there.
    """

    outcome: str
    state: str
    value: Plain = None
    needs: frozenset[str] | None = None
    assumes: frozenset[str] = frozenset()
    cites: frozenset[str] = frozenset()
    due: datetime.date | None = None
    on_time: bool | None = None
    span: Span = field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Scenario:
    """One case. `facts` has the form in which facts are given to a policy; `bad_facts`: they should be refused."""

    label: str
    as_of: datetime.date
    facts: Mapping[str, object]
    assume: Mapping[str, Plain]
    expectations: tuple[Expectation, ...]
    bad_facts: bool = False
    span: Span = field(kw_only=True, default=NOWHERE, eq=False)
