"""One outcome of a decision: its state or value, and everything that is said with it."""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, cast

from policy_lang.backends.evaluate.run import Finding, rests_on
from policy_lang.backends.evaluate.tables import OutcomeRow, Tables
from policy_lang.program.core import Plain
from policy_lang.program.facts import Made
from policy_lang.program.numbers import in_words
from policy_lang.program.types import ListOf
from policy_lang.program.values import Absence, Value, needs_of

if TYPE_CHECKING:
    from policy_lang.policy.decision import Decision
    from policy_lang.program.basis import Basis

_NO_BREACH = ("complied", "not applicable", "not in force", "suspended")


class DecidedOutcome:
    """One outcome of a decision. `needs`, `assumes`, `because` and `cites` are worked out when asked for.

    `state` is the word for what it came to: `granted`, `decided`, `undetermined`, ...
    """

    __slots__ = ("__dict__", "_number", "decision", "state")

    def __init__(self, decision: Decision, number: int, state: str) -> None:
        self.decision = decision
        self._number = number
        self.state = state

    @cached_property
    def _row(self) -> OutcomeRow:
        row = self.decision.policy.tables.outcomes[self._number]
        if not row.wordings:
            return row
        day: object = self.decision.as_of
        if row.schedule is not None:
            found = self.decision.finding(self._number).duty
            day = found.due if found is not None and found.due is not None else day
        elif row.judged_on is not None:
            record, _, name = row.judged_on.rpartition(".")
            given = self.decision.facts.subjects.get(record)
            day = given.values.get(name) if given is not None else None
        return row.on(day if isinstance(day, datetime.date) else self.decision.as_of)

    @cached_property
    def _value(self) -> Value:
        return self.decision.value_of(self._number)

    @cached_property
    def _finding(self) -> Finding:
        return self.decision.finding(self._number)

    @property
    def name(self) -> str:
        return self._row.name

    @property
    def family(self) -> str:
        return self._row.family

    @property
    def subject(self) -> str | None:
        """The record it is about; None: the instrument itself."""
        return self._row.subject

    @property
    def label(self) -> str:
        return self._row.label

    @property
    def instrument(self) -> str:
        return self._row.instrument

    @property
    def force(self) -> str | None:
        """How firmly it binds: `binding`, `permission`, `best endeavours`, ..."""
        return self._row.force

    @property
    def type(self) -> str | None:
        """The type of the value as an author writes it (`money USD`); None where the state is all."""
        return self._row.type

    @property
    def judged_on(self) -> str | None:
        """The field with the date that governs, where that is not the date asked about."""
        return self._row.judged_on

    @property
    def absence(self) -> Absence | None:
        """Why there is no answer; None when there is one."""
        value = self._value
        return value if isinstance(value, Absence) else None

    @property
    def value(self) -> Plain:
        """The value of a rule; None when it has none, and for all other families."""
        value = self._value
        return None if self._row.family != "rule" or isinstance(value, Absence) else value

    @property
    def needs(self) -> list[str]:
        """The questions whose answers are missing, the most needed first; empty unless undetermined."""
        return self.decision.ordered(needs_of((self._value,)))

    @cached_property
    def _rests_on(self) -> tuple[frozenset[str], frozenset[str]]:
        return rests_on(self._finding, self.decision.bare.finding(self._number))

    @property
    def assumes(self) -> list[str]:
        """The assumptions that the answer rests on (rule W6), in order of declaration."""
        return [row.name for row in self._tables.assumptions if row.name in self._rests_on[0]]

    @property
    def calendar_assumes(self) -> list[str]:
        """The assumptions that the later dates of the calendar rest on."""
        return [row.name for row in self._tables.assumptions if row.name in self._rests_on[1]]

    @cached_property
    def _determined(self) -> list[tuple[str, Made]]:
        """The determinations that the answer rests on, in order of declaration, then of the lists."""
        made = self.decision.facts.made
        names = [name for name in self._rests_on[0] if name in made] if made else []
        names.sort(key=lambda n: (self.decision.policy.order.get(n, 0), n))
        found = [(name, one) for name in names for one in made[name]]
        if not any(one.place for _, one in found):
            return found
        apart = self._finding_apart
        return [(name, one) for name, one in found if not one.place or (name, one.place) in apart]

    @property
    def determinations(self) -> list[dict[str, object]]:
        """The determinations that the answer rests on: what was decided, by whom and when.

        Of those in a list only the elements that matter, each with its place in `where`.
        """
        said: list[dict[str, object]] = []
        for name, one in self._determined:
            said.append({"name": name, "value": one.value, "by": one.by, "on": one.on})
            if one.place:
                said[-1]["where"] = self._where(name, one.place)
        return said

    @cached_property
    def _finding_apart(self) -> frozenset[tuple[str, tuple[int, ...]]]:
        """The determinations in lists that would be needed if none were made: path and place of each."""
        value = self.decision.bare_tracer.outcome(self.name).value
        found = [need.rpartition(" ") for need in needs_of((value,))]
        return frozenset((name, tuple(map(int, place.split(".")))) for name, blank, place in found if blank)

    def _where(self, path: str, place: tuple[int, ...]) -> str:
        """An element of a list as people speak of it: `chain 2, step 1`."""
        records = {record.name: record for record in self._tables.records}
        root, *steps = path.split(".")
        record, words, rest = records[root], [], list(place)
        for step in steps:
            kind = next(one.type for one in record.fields if one.name == step)
            if isinstance(kind, ListOf):
                record = records[kind.record]
                words.append(f"{record.name} {rest.pop(0)}")
        return ", ".join(words)

    @property
    def defences(self) -> list[dict[str, object]]:
        """The grounds on which a breach may be justified, each with its state and what it needs.

        None where nothing is breached, for then nothing has to be justified.
        """
        listed: list[dict[str, object]] = []
        if self.state in _NO_BREACH:
            return listed
        for (name, label), value in zip(self._row.defences, self._finding.defences, strict=True):
            needs = value.needs if isinstance(value, Absence) else frozenset()
            state = _word(value)
            listed.append(
                {"name": name, "label": label, "state": state, "needs": self.decision.ordered(needs)}
            )
        return listed

    @property
    def due(self) -> datetime.date | None:
        """The due date that the state of an obligation is about."""
        return None if self._finding.duty is None else self._finding.duty.due

    @property
    def since(self) -> datetime.date | None:
        """The first day on which an obligation was overdue."""
        return None if self._finding.duty is None else self._finding.duty.since

    @property
    def calendar(self) -> tuple[datetime.date, ...]:
        """All due dates of an obligation up to the date asked about, and the next two."""
        return () if self._finding.duty is None else self._finding.duty.calendar

    @property
    def on_time(self) -> bool | None:
        """Whether a fulfilled obligation was fulfilled by its due date."""
        return None if self._finding.duty is None else self._finding.duty.on_time

    @property
    def conflict(self) -> list[dict[str, object]]:
        """The clauses and values that clash, where the state is `conflict`."""
        absence = self.absence
        if absence is None or absence.reason != "conflict":
            return []
        clashes = cast("frozenset[tuple[Plain, tuple[str, tuple[str, ...]]]]", absence.detail)
        ordered = sorted(clashes, key=lambda clash: (_line_number(clash[1][0]), str(clash[0])))
        return [{"value": value, "where": where, "cites": list(cites)} for value, (where, cites) in ordered]

    @property
    def reasons(self) -> list[dict[str, str]]:
        """The code and the sentence for each reason why there is no answer, other than a missing fact."""
        absence = self.absence
        if absence is None or absence.reason in ("unknown", "conflict"):
            return []
        return [
            {"code": str(code), "message": str(message)} for code, message in sorted(absence.detail, key=str)
        ]

    @property
    def _tables(self) -> Tables:
        return self.decision.policy.tables

    @cached_property
    def _trace(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        explain = self.decision.policy.explain
        if explain is not None:
            return explain(self)
        from policy_lang.program.reasons import because, cites_of  # only an explanation needs it

        told = self.decision.tracer.outcome(self.name)
        basis = self._basis
        return because(told, basis), cites_of(told, basis)

    @cached_property
    def _basis(self) -> Basis:
        """What the answer rests on, of all that was assumed and determined (rule W6)."""
        from policy_lang.program.basis import Basis  # only an explanation needs it

        decision = self.decision
        if not decision.assumed and not decision.facts.made:
            return Basis()
        return Basis(
            frozenset(self.assumes),
            frozenset((name, one.place) for name, one in self._determined),
            decision.policy.determination_paths,
            frozenset(self.calendar_assumes) - set(self.assumes),
        )

    @cached_property
    def permitted_by(self) -> list[str]:
        """The clauses that permit what another forbids, where the answer is `complied` because of them."""
        if self.state != "complied":
            return []
        from policy_lang.program.reasons import permissions_of  # only an explanation needs it

        return list(permissions_of(self.decision.tracer.outcome(self.name)))

    @property
    def because(self) -> list[str]:
        """The facts, events and steps that led to the answer, as short sentences."""
        return list(self._trace[0])

    @property
    def cites(self) -> list[str]:
        """The citations of everything the answer rests on."""
        return list(self._trace[1])

    def to_json(self) -> dict[str, object]:
        """The outcome as it stands in the JSON document of the command line."""
        document: dict[str, object] = {
            "family": self.family,
            "subject": self.subject,
            "state": self.state,
            "value": plain_json(self.value),
            "type": self.type,
            "force": self.force,
            "needs": self.needs,
            "assumes": self.assumes,
            "determinations": [
                {key: plain_json(cast(Plain, value)) for key, value in one.items()}
                for one in self.determinations
            ],
            "cites": self.cites,
            "because": self.because,
        }
        if self._row.defences:
            document["defences"] = self.defences
        if self.permitted_by:
            document["permitted_by"] = self.permitted_by
        if self._row.schedule is not None:
            document["due"] = plain_json(self.due)
            document["since"] = plain_json(self.since)
            document["on_time"] = self.on_time
            document["calendar"] = [day.isoformat() for day in self.calendar]
            document["calendar_assumes"] = self.calendar_assumes
        if self.state == "conflict":
            clashes = self.conflict
            document["conflict"] = [
                {**one, "value": plain_json(cast(Plain, one["value"]))} for one in clashes
            ]
        if self.reasons:
            document["error" if self.state == "error" else "reason"] = self.reasons[0]
        return document


def state_in_words(row: OutcomeRow, value: Value) -> str:
    """The word for what an outcome came to."""
    if type(value) is str and row.family != "rule":
        return value
    if isinstance(value, Absence):
        return "undetermined" if value.reason == "unknown" else value.reason
    return "decided" if row.family == "rule" else _word(value)


def _word(value: Value) -> str:
    if isinstance(value, Absence):
        return "undetermined" if value.reason == "unknown" else value.reason
    return str(plain_json(value))


def _line_number(where: str) -> tuple[str, int]:
    path, _, line = where.rpartition(":")
    return path, int(line) if line.isdigit() else 0


def plain_json(value: Plain) -> object:
    """A value as JSON carries it: numbers as text so that nothing rounds them, dates as ISO 8601."""
    if isinstance(value, (Decimal, Fraction)):
        return in_words(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, tuple) and len(value) == 2:
        return " to ".join(str(day) for day in value)
    if isinstance(value, tuple):
        named = zip(value, ("year", "month", "day"), strict=False)
        parts = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in named if n]
        return " ".join(parts) or "0 days"
    return value
