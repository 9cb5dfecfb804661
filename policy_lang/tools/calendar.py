"""A calendar: what falls due when, and every date on which some answer can change.

Due dates are worked out as the decisions work them out, day by day where the text changes; no day is ever
moved for a weekend. The other dates are those of `dates_that_matter`; where the facts decide an outcome on the
day before and on the day, the entry says what it comes to.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import cached_property

from attrs import define, evolve, field

from policy_lang.policy import DecidedOutcome, Decision, Policy
from policy_lang.program.calendar_entry import AS_OF, Answer, Calendar, DueDate, Entry, Kind, Remark, merged
from policy_lang.program.core import At, Instrument, Outcome, Plain, Schedule
from policy_lang.program.dates_that_matter import ASKED, Crossing, Walk
from policy_lang.program.duty_words import who_must
from policy_lang.program.events import event_words
from policy_lang.program.facts import Events
from policy_lang.program.schema import Schema
from policy_lang.program.sentences import listed, phrase, said, schedule_words
from policy_lang.program.values import needs_of
from policy_lang.program.what_changes import change
from policy_lang.source.text import Span

_DAY = datetime.timedelta(days=1)
_MOST_DECISIONS = 2_000  # that are kept at a time


def calendar_of(
    policy: Policy,
    files: Mapping[str, str],
    start: datetime.date,
    end: datetime.date,
    facts: Mapping[str, object],
    assume: Mapping[str, Plain] | None = None,
) -> Calendar:
    """The calendar of one policy from `start` to `end`, both counted. `files` has the path of each instrument.

    Raises what `Policy.evaluate` raises for facts and assumptions that do not fit.
    """
    return merged([_Maker(policy, files, start, end, facts, assume or {}).make()])


@define(eq=False, slots=False)
class _Maker:
    """Makes the calendar of one policy."""

    policy: Policy
    files: Mapping[str, str]
    start: datetime.date
    end: datetime.date
    facts: Mapping[str, object]
    assume: Mapping[str, Plain]
    _decisions: dict[datetime.date, Decision] = field(init=False, factory=dict)
    _entries: list[Entry] = field(init=False, factory=list)
    _remarks: list[Remark] = field(init=False, factory=list)

    def make(self) -> Calendar:
        """All entries and remarks."""
        crossings = self._walk.crossings(self.start, self.end)
        self._instruments(crossings)
        self._amendments()
        self._texts(crossings)
        days: set[datetime.date] = {one.day for one in crossings if one.moves == ASKED}
        for outcome in self.policy.program.outcomes:
            if outcome.schedule is not None:
                days |= self._duty(outcome, outcome.schedule, crossings)
        if any(self._walk.is_free(outcome) for outcome in self.policy.program.outcomes):
            days.update(self.start + n * _DAY for n in range((self.end - self.start).days + 1))
        self._answers(days)
        return Calendar(tuple(self._entries), tuple(self._remarks))

    @cached_property
    def _walk(self) -> Walk:
        on_it = self._on(self.start)
        return Walk(self.policy.program, on_it.assumed, on_it.facts.case)

    @cached_property
    def _titles(self) -> dict[str, Instrument]:
        return {one.name: one for one in self.policy.program.instruments}

    def _on(self, day: datetime.date) -> Decision:
        """The decision as of that day, on the facts given."""
        found = self._decisions.get(day)
        if found is None:
            if len(self._decisions) >= _MOST_DECISIONS:
                self._decisions.clear()
            found = self._decisions[day] = self.policy.evaluate(dict(self.facts), day, self.assume or None)
        return found

    # ---------------------------------------------------------------- dates of the text

    def _instruments(self, crossings: tuple[Crossing, ...]) -> None:
        """The first day of each instrument, and the first day without it."""
        affects: dict[tuple[str, datetime.date, str], dict[str, None]] = {}
        for one in crossings:
            if self._is_of_instrument(one):
                key = (one.site.reading.owner.instrument, one.day, one.moves)
                affects.setdefault(key, {}).update(dict.fromkeys(one.outcomes))
        for instrument in self.policy.program.instruments:
            self._term(instrument)
            for day, kind in self._ends(instrument):
                if not self.start <= day <= self.end:
                    continue
                title = _title(instrument)
                place: Span | None = None
                if kind == "in force":
                    text = f"{title} enters into force"
                else:
                    text = f"{title} is no longer in force (last day: {day - _DAY})"
                    if instrument.term is not None:
                        place = instrument.term.span
                        text += f", unless it is extended before, {instrument.term.words}"
                facts = [m for (name, d, m) in affects if (name, d) == (instrument.name, day) and m != ASKED]
                changed: dict[str, None] = {}
                for moves in (ASKED, *facts):
                    changed.update(affects.get((instrument.name, day, moves), {}))
                self._entries.append(
                    evolve(
                        self._entry(day, kind, instrument.name, text, instrument.name, place),
                        affects=tuple(changed),
                        by=tuple(sorted({AS_OF, *facts})),
                        questions=self._questions(facts),
                        cites=instrument.cites,
                    )
                )

    def _term(self, instrument: Instrument) -> None:
        """Says when a term ends that ends after the calendar, and what extends it."""
        last = self._last_day(instrument) if instrument.term is not None else None
        if instrument.term is None or last is None or last < self.end or self.start > last:
            return
        title = _title(instrument)
        text = f"{title}: its term ends after {last}, unless it is extended before, {instrument.term.words}"
        entry = self._entry(self.start, "ended", instrument.name, text, instrument.name, instrument.term.span)
        self._remarks.append(
            Remark(instrument.name, text, instrument.name, entry.instrument_title, entry.file, entry.line)
        )

    def _ends(self, instrument: Instrument) -> list[tuple[datetime.date, Kind]]:
        """The first day of an instrument, and the first day without it, as far as there are any."""
        found: list[tuple[datetime.date, Kind]] = []
        if instrument.in_force is not None and not instrument.never_in_force:
            found.append((instrument.in_force, "in force"))
        last = self._last_day(instrument)
        if last is not None and last < datetime.date.max:
            found.append((last + _DAY, "ended"))
        return found

    def _last_day(self, instrument: Instrument) -> datetime.date | None:
        """The last day of its force; of a term, as far as the events given extend it."""
        if instrument.term is None:
            return instrument.until
        return self._walk.last_day(instrument.term.last_day)

    def _amendments(self) -> None:
        """The first day of each changed text."""
        for instrument in self.policy.program.instruments:
            for amended in instrument.amendments:
                if amended.start is None or not self.start <= amended.start <= self.end:
                    continue
                text = f"{amended.title} amends {_title(instrument)}"
                entry = self._entry(amended.start, "in force", amended.name, text, instrument.name, None)
                self._entries.append(evolve(entry, by=(AS_OF,)))

    def _is_of_instrument(self, one: Crossing) -> bool:
        """Whether a crossing is the start or the end of its whole instrument."""
        node, instrument = one.site.node, self._titles.get(one.site.reading.owner.instrument)
        is_bound = isinstance(node.left, At) and node.comparison in ("lt", "gt")
        return is_bound and instrument is not None and one.day in dict(self._ends(instrument))

    def _texts(self, crossings: tuple[Crossing, ...]) -> None:
        """The days on which the text reads otherwise: windows, rows, members, and dates compared with others."""
        found: dict[tuple[datetime.date, str, tuple[str, str]], list[Crossing]] = {}
        for one in crossings:
            if not self._is_of_instrument(one):
                key = (one.day, one.site.reading.owner.instrument, change(self._walk, one))
                found.setdefault(key, []).append(one)
        for (day, instrument, (name, text)), alike in found.items():
            owner = alike[0].site.reading.owner
            by = sorted({one.moves or AS_OF for one in alike})
            affects = dict.fromkeys(name for one in alike for name in one.outcomes)
            row = alike[0].site.row
            entry = self._entry(day, "change", name, text, instrument, alike[0].site.node.span)
            self._entries.append(
                evolve(
                    entry,
                    by=tuple(by),
                    affects=tuple(affects),
                    cites=(row.cites if row is not None else ()) or owner.on(day).cites,
                    questions=self._questions(by),
                )
            )

    # ---------------------------------------------------------------- duties

    def _duty(
        self, outcome: Outcome, schedule: Schedule, crossings: tuple[Crossing, ...]
    ) -> set[datetime.date]:
        """Adds the due dates of one obligation, and gives every day on which its state can change."""
        number = self.policy.numbers[outcome.name]
        events = self._on(self.end).tracer.outcome(outcome.name).events
        held = events.dates if events is not None else ()
        cuts = {one.day for one in crossings if outcome.name in one.outcomes and one.moves == ASKED}
        cuts |= self._told(outcome, cuts)
        starts = sorted({self.start, *(day for day in cuts if self.start < day <= self.end)})
        ends = [*(day - _DAY for day in starts[1:]), self.end]
        dues: dict[datetime.date, Entry] = {}
        doubts: list[DecidedOutcome] = []
        for first, last in zip(starts, ends, strict=True):
            decision = self._on(last)
            duty = decision.finding(number).duty
            decided = self._outcome(decision, outcome.name)
            if duty is None or decided is None:
                continue
            doubts.append(decided)
            for day in duty.calendar:
                # A due date counts if the text in force on that day produces it (rule T3).
                if first <= day <= last:
                    is_later = day != duty.calendar[0]
                    dues[day] = self._due(outcome.on(day), schedule.of(day), decision, day, is_later, held)
        self._entries.extend(dues.values())
        self._doubts(outcome, schedule, doubts, bool(dues))
        return {*cuts, *dues, *(day + _DAY for day in dues if day < datetime.date.max)}

    def _told(self, outcome: Outcome, cuts: set[datetime.date]) -> set[datetime.date]:
        """The days that the facts and the anchor of a duty give, the anchor as it is read before each cut."""
        ends = {*(day - _DAY for day in cuts if day > self.start), self.end}
        starts = (self._starts_on(outcome, self._on(day)) for day in sorted(ends))
        days = {day for day in starts if day is not None}
        told = self._on(self.end).tracer.outcome(outcome.name)
        for events in (told.anchor.value if told.anchor is not None else None, told.events):
            if isinstance(events, Events):
                days.update(events.dates)
                if events.known_until is not None and events.known_until < datetime.date.max:
                    days.add(events.known_until + _DAY)
        return days

    def _due(
        self,
        outcome: Outcome,
        schedule: Schedule,
        decision: Decision,
        day: datetime.date,
        is_later: bool,
        held: tuple[datetime.date, ...],
    ) -> Entry:
        number = self.policy.numbers[outcome.name]
        bare = decision.bare.finding(number)
        needs = needs_of(bare.parts) | (needs_of(bare.recurs) if is_later else frozenset())
        made = {*self.policy.assumptions, *decision.facts.made}
        done_on = next((one for one in held if self._is_done(outcome, day, one)), None)
        done: bool | None = done_on is not None
        if not done:
            events = self._on(self.end).tracer.outcome(outcome.name).events
            done = False if events is not None and events.is_known_on(day) else None
        origin = self._starts_on(outcome, decision) if schedule.backwards and not is_later else None
        owed = DueDate(
            outcome.actor,
            outcome.act,
            outcome.force or "",
            schedule_words(schedule),
            origin,
            done,
            done_on,
            schedule.event_words.startswith("receipt of "),
        )
        who = who_must(outcome, self.policy.program.instruments)
        text = f"{outcome.label or outcome.name}: {who} {outcome.act or 'act'}".rstrip()
        return evolve(
            self._entry(day, "due", outcome.name, text, outcome.instrument, outcome.span),
            affects=(outcome.name,),
            rests_on=tuple(sorted(needs & made)),
            cites=outcome.cites,
            due=owed,
        )

    def _starts_on(self, outcome: Outcome, decision: Decision) -> datetime.date | None:
        """The date from which the periods of a duty run, as far as it is known."""
        told = decision.tracer.outcome(outcome.name).anchor
        value: object = told.value if told is not None else None
        if isinstance(value, Events):
            return value.dates[0] if value.dates else None
        return value if isinstance(value, datetime.date) else None

    def _is_done(self, outcome: Outcome, due: datetime.date, day: datetime.date) -> bool:
        """Whether what was due on one day is discharged on another."""
        duty = self._on(day).finding(self.policy.numbers[outcome.name]).duty
        if duty is None or duty.due is None or due not in duty.calendar:
            return False
        return duty.state == "fulfilled" or due < duty.due

    def _doubts(
        self, outcome: Outcome, schedule: Schedule, decided: list[DecidedOutcome], has_dues: bool
    ) -> None:
        """Remarks on what has no date yet, and on what was due before the calendar begins."""
        decided = [one for one in decided if one.state not in ("not in force", "not applicable")]
        if not decided:
            return
        first, last = decided[0], decided[-1]
        what = f"{outcome.label or outcome.name}, due {schedule_words(schedule)}"
        if first.due is not None and first.due < self.start and first.state != "fulfilled":
            known = "" if first.state != "undetermined" else "; whether it was done is not stated"
            self._remark(outcome, f"{outcome.label or outcome.name}: was due by {first.due}{known}")
        if not has_dues and not last.calendar and last.state in ("not yet triggered", "undetermined"):
            missing = [event_words(one) if one in self.policy.events else one for one in last.needs]
            why = f"not known: {listed(missing, 'and')}" if missing else schedule.anchor_words
            if last.state == "not yet triggered":
                why = f"it has not begun to run: {schedule.anchor_words}"
            self._remark(outcome, f"{what}: no date can be told ({why})")
        elif last.state == "error":
            self._remark(outcome, f"{what}: {'; '.join(one['message'] for one in last.reasons)}")
        elif schedule.every is not None and last.calendar:
            finding = last.decision.finding(self.policy.numbers[outcome.name])
            if needs_of(finding.recurs) and schedule.recurs is not None:
                self._remark(
                    outcome, f"{what}: whether it falls due again is not known ({phrase(schedule.recurs)})"
                )
            elif schedule.counted_from == "held":
                self._remark(outcome, f"{what}: a later due date can be told only when this was done")

    def _remark(self, outcome: Outcome, text: str) -> None:
        entry = self._entry(self.start, "due", outcome.name, text, outcome.instrument, outcome.span)
        self._remarks.append(
            Remark(entry.name, text, entry.instrument, entry.instrument_title, entry.file, entry.line)
        )

    # ---------------------------------------------------------------- what it comes to

    def _answers(self, days: set[datetime.date]) -> None:
        """Says of each day what the outcomes come to before and on it, where the facts decide that."""
        dues = {(one.day, one.name) for one in self._entries if one.kind == "due"}
        for day in sorted(days):
            if not max(self.start, datetime.date.min + _DAY) <= day <= self.end:
                continue
            changed = self._changed(day)
            for n, entry in enumerate(self._entries):
                if entry.day == day and entry.kind in ("in force", "ended", "change"):
                    answers = tuple(changed.pop(name) for name in entry.affects if name in changed)
                    self._entries[n] = evolve(entry, answers=answers)
            for name, answer in changed.items():
                self._change(day, name, answer, (day - _DAY, name) in dues)

    def _changed(self, day: datetime.date) -> dict[str, Answer]:
        before, after = self._on(day - _DAY), self._on(day)
        changed: dict[str, Answer] = {}
        for name in after.asked:
            was, now = self._outcome(before, name), self._outcome(after, name)
            if was is not None and now is not None:
                if (was.state, was.value, was.due) != (now.state, now.value, now.due):
                    changed[name] = Answer(name, self._words(was), self._words(now))
        return changed

    def _change(self, day: datetime.date, name: str, answer: Answer, is_passed: bool) -> None:
        outcome = next(one for one in self.policy.program.outcomes if one.name == name)
        label = outcome.label or name.replace("_", " ")
        kind: Kind = "event"
        text = f"{label}: {answer.before}; from this day {answer.after}"
        if is_passed:
            kind = "passed"
            text = f"{label}: the due date has passed; from this day {answer.after}"
            if answer.after.startswith("undetermined"):
                late = "overdue" if outcome.force == "binding" else "past its target date, without breach"
                text = f"{label}: the due date has passed; from this day {late}, unless it was done"
        self._entries.append(
            evolve(
                self._entry(day, kind, name, text, outcome.instrument, outcome.span),
                affects=(name,),
                answers=(answer,),
                cites=outcome.cites,
            )
        )

    def _words(self, outcome: DecidedOutcome) -> str:
        if outcome.state == "decided":
            declared = self.policy.program.outcomes[self.policy.numbers[outcome.name]]
            return said(outcome.value, declared.type)
        words = outcome.state
        if outcome.due is not None and outcome.state in ("pending", "overdue", "fulfilled"):
            words += f" (due by {outcome.due})"
        return words

    def _outcome(self, decision: Decision, name: str) -> DecidedOutcome | None:
        return decision.outcomes.get(name)

    # ---------------------------------------------------------------- shared

    def _entry(
        self, day: datetime.date, kind: Kind, name: str, text: str, instrument: str, span: Span | None
    ) -> Entry:
        told = self._titles.get(instrument, self.policy.program.instruments[0])
        file, line = self.files.get(instrument, ""), 1
        if span is not None and span.file.name:
            file, line = span.file.name, span.file.position(span.start)[0]
        return Entry(day, kind, name, text, instrument, _title(told), file, line, told.verified)

    def _questions(self, paths: Iterable[str]) -> dict[str, str]:
        """The question that asks for each of these facts."""
        program = self.policy.program
        schema = Schema(program)
        labels = {f.name: f.label for f in program.case_facts}
        labels |= {f"{schema.path(r.name)}.{f.name}": f.label for r in program.records for f in r.fields}
        return {path: labels[path] for path in paths if labels.get(path)}


def _title(instrument: Instrument) -> str:
    return instrument.short_title or instrument.title or instrument.name.replace("_", " ")
