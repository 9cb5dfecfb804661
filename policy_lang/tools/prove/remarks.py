"""What was found about a policy, as data."""

from __future__ import annotations

import datetime
from typing import Any, Literal, TypeAlias

import attrs
from attrs import frozen

from policy_lang.source.text import NOWHERE, Span

Kind: TypeAlias = Literal[
    "conflict",
    "no answer",
    "broken promise",
    "broken property",
    "never asked",
    "never matters",
    "gap in time",
    "overlap in time",
    "not settled",
]

MORE = "there may be more cases"
"""Said where not all cases of a kind could be listed."""


@frozen
class Remark:
    """One thing found. `when` and `detail` are words; `facts` an example, where there is one.

    `other` are the facts of a second case, where two are compared. `outcome` is what the example was asked about,
    `stated` the property that it breaks. `span` is the clause, rule, case or property that it is about, `related`
    the other places that have a part in it.
    """

    kind: Kind
    about: str
    when: str = ""
    detail: tuple[str, ...] = ()
    facts: dict[str, Any] | None = None
    as_of: datetime.date | None = None
    other: dict[str, Any] | None = None
    outcome: str = ""
    stated: str = ""
    related: tuple[tuple[Span, str], ...] = ()
    span: Span = attrs.field(kw_only=True, default=NOWHERE)


@frozen
class Proved:
    """All that was found about one policy, and what was gone through with lists of up to how many elements.

    `properties` are those that hold, by name, with the size of lists that each was proved for.
    """

    policy: str
    remarks: tuple[Remark, ...]
    outcomes: int
    elements: int
    promises: int = 0
    properties: tuple[tuple[str, int], ...] = ()
    shorter: tuple[tuple[str, int], ...] = ()  # what was settled for shorter lists only
    stated: int = 0
    allowed: tuple[tuple[str, str], ...] = ()  # what the author says is meant: about what, and the kind

    @property
    def is_broken(self) -> bool:
        """Whether anything was found that should not be."""
        return any(one.kind != "not settled" for one in self.remarks)


def plain(name: str) -> str:
    """A name as people read it."""
    return name.replace("_", " ")
