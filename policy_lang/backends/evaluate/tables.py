"""What a decision needs to know of a program besides the generated code: plain tables that load fast."""

from __future__ import annotations

import datetime

from attrs import evolve, frozen

from policy_lang.program.core import (
    CaseFact,
    Family,
    Force,
    Plain,
    RecordSchema,
    Schedule,
    Wording,
    wording_on,
)
from policy_lang.program.types import Type


@frozen
class OutcomeRow:
    """What is fixed about one outcome. `scope`: the records in scope, from the root to the subject."""

    name: str
    family: Family
    subject: str | None
    scope: tuple[str, ...]
    type: str | None
    force: Force | None
    label: str
    cites: tuple[str, ...]
    instrument: str
    judged_on: str | None
    defences: tuple[tuple[str, str], ...]
    schedule: Schedule | None
    wordings: tuple[Wording, ...] = ()

    def on(self, day: datetime.date) -> OutcomeRow:
        """The same outcome as it is called in the text of that day."""
        said = wording_on(self.wordings, day)
        if said is None:
            return self
        return evolve(self, label=said.label, cites=said.cites, force=said.force, family=said.family)


@frozen
class AssumptionRow:
    """One assumption: the value it has unless a run says otherwise."""

    name: str
    type: Type
    value: Plain


@frozen
class Check:
    """One check of a record: the sentence it was written as, and the facts of records that it looks at."""

    sentence: str
    facts: tuple[tuple[str, str, Type], ...]  # record, field, type


@frozen
class Tables:
    """The facts' schema, the outcomes and the assumptions, without any expression.

    `checks` has for each record what its checks say; `covered` the outcomes, by index, that rest
    on records and the date alone; `depth` is how deep calls can nest.
    """

    name: str
    instruments: tuple[str, ...]
    verified: datetime.date | None
    last_verified: tuple[tuple[str, datetime.date], ...]  # of every instrument that says so
    amendments: tuple[tuple[str, datetime.date | None], ...]  # of any text, with the first day of each
    records: tuple[RecordSchema, ...]
    case_facts: tuple[CaseFact, ...]
    checks: tuple[tuple[Check, ...], ...]
    outcomes: tuple[OutcomeRow, ...]
    assumptions: tuple[AssumptionRow, ...]
    paths: tuple[str, ...]
    determinations: frozenset[str]
    territories: tuple[tuple[tuple[str, str], bool | None], ...]
    covered: frozenset[int]
    depth: int
