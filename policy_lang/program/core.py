"""The compiled form: a policy as data, with every name resolved and one date parameter.

A `Program` holds definitions (values about a record, or about the instrument itself) and the
outcomes that are reported. All readings of a policy (the evaluator, the explanation, later SQL and
the prover) lower these dozen kinds of expression and nothing else.

Meaning of each kind, in terms of *core values*. A core value is a value, or a reason for its absence:
unknown, error, conflict, not in force, suspended, not applicable (see `program/values.py`).
"""

from __future__ import annotations

import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

import attrs
from attrs import frozen

from policy_lang.program.phrasing import Grant, NamedMembers, Phrasing, Word
from policy_lang.program.types import Type
from policy_lang.source.text import NOWHERE, Span

Plain: TypeAlias = (
    bool
    | Decimal
    | Fraction
    | datetime.date
    | str
    | tuple[int, int, int]
    | tuple[str, ...]
    | tuple[datetime.date, datetime.date]
    | None
)
"""A value that is present. `None` is the known absence (`none`) of an optional field."""

Reason: TypeAlias = Literal["unknown", "error", "conflict", "not in force", "suspended", "not applicable"]


@frozen
class Const:
    """A value written in the policy."""

    value: Plain
    type: Type
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Fact:
    """A field of the record `record` that is in scope; with `record` None, a fact about the whole case.

    The latter is an event's dates, or a determination that belongs to no record. Its bounds stand in the program's schema, not here.
    """

    record: str | None
    field: str
    type: Type
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Assumed:
    """The value of the assumption called `name`."""

    name: str
    type: Type
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class At:
    """The date asked about: the one date parameter (rule T1)."""

    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


Operator: TypeAlias = Literal[
    "add",  # n-ary, numbers of one type; also a date and periods
    "subtract",  # two operands; a date minus a period; two dates give a whole number of days
    "negate",
    "multiply",  # n-ary; at most one operand has a unit or currency; a percent factor counts as P/100
    "divide",  # error when the divisor is zero
    "percent_of",  # (P, X): P % of X
    "share_of",  # (P, X) inside a comparison: as percent_of, but an error unless X > 0 (rule V4)
    "as_percent",  # (A, B): A as percent of B; an error unless B > 0
    "lesser",  # n-ary
    "greater",  # n-ary
    "round",  # params (mode, multiple): to a multiple of `multiple`, a positive number
    "add_period",  # (date, period): params (rounding,): "down", "up" or "abort"
    "subtract_period",
    "first_of_month",
    "last_of_month",
    "year_of",
    "either_event",  # n-ary, the dates of events: those of them all
    "each_event",  # n-ary, the dates of events: the days by which all had done it once, twice, ...
    "term_end",  # (last day, dates of an event): the last day of a term that the event extends (rule T7);
    # params (way, period, rounding, is last day): see `program/events.py`
    "start_of_year",  # params (month, day): the first day of the year that begins so and contains the date
    "span",  # (first, last): the days from the one to the other; an error when the last is the earlier one
    "start_of_span",
    "end_of_span",
    "days_in",  # how many days a span has, both ends counted
    "days_common",  # how many days two spans have in common
    "hs_part",  # params (digits,): the first so many digits of an HS code
]


@frozen
class Op:
    """A strict operator: it needs all its operands (rule W3). Arithmetic is exact (rule V2).

    For `round`, `params` is `(mode, multiple)`: mode one of `up` (towards plus infinity, also below zero),
    `down` (towards minus infinity), `towards zero`, `away from zero`, and to the nearest with ties `half up`
    (towards plus infinity), `half down`, `half away from zero` or `half even`.
    """

    operator: Operator
    operands: tuple[Expr, ...]
    type: Type
    params: tuple[Plain | int, ...] = ()
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


Comparison: TypeAlias = Literal["eq", "lt", "le", "gt", "ge"]


@frozen
class Compare:
    """Compares two operands of one type; numbers and dates are compared as intervals (rule W2).

    `eq` on countries knows dependent territories: a territory's code against its sovereign's is
    undetermined unless the program's `territories` say otherwise (rule N5).
    """

    comparison: Comparison
    left: Expr
    right: Expr
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Member:
    """Whether `operand` equals one of `options`. With `name`, the option list is the definition so called."""

    operand: Expr
    options: tuple[Expr, ...]
    name: str | None = None
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class And:
    """Yes when all are yes; `no` absorbs everything (rule W3)."""

    operands: tuple[Expr, ...]
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Or:
    """Yes when any is yes; `yes` absorbs everything (rule W3)."""

    operands: tuple[Expr, ...]
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Not:
    """Turns yes and no round."""

    operand: Expr
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Case:
    """One case, exception or table row: its value applies when its condition is yes."""

    when: Expr
    value: Expr
    cites: tuple[str, ...] = ()
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Choose:
    """A value by cases. `unordered` follows rule C1, `first` rule C5."""

    mode: Literal["unordered", "first"]
    cases: tuple[Case, ...]
    default: Expr
    type: Type
    cites: tuple[str, ...] = ()  # of the default line
    by_text: bool = False  # the cases are texts of different days, the latest first
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


def text_of(choice: Choose, day: datetime.date) -> tuple[Expr, tuple[str, ...]]:
    """What a choice among texts reads on a day, and its citations."""
    for case in choice.cases:
        match case.when:
            case Compare(left=At(), right=Const(value=datetime.date() as start)) if day < start:
                continue
            case _:
                return case.value, case.cites
    return choice.default, choice.cites


@frozen
class Absent:
    """No value, for a reason that is a matter of the text: what is unknown or clashes comes from the case."""

    reason: Literal["error", "not in force", "suspended", "not applicable"]
    code: str  # permanent, in words: "no-row", "not-yet-in-force", "ended", ...
    message: str  # a sentence for people
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


FoldKind: TypeAlias = Literal["sum", "count", "any", "all", "most", "least"]


@frozen
class Fold:
    """Goes through the records in `list`, each bound to the record name `record` for `where` and `body`.

    Elements whose `where` is no are left out. `count` has no body. Empty lists: sum 0, count 0, any
    no, all yes, most and least an error (rule W7).
    """

    kind: FoldKind
    list: Fact
    record: str
    where: Expr | None
    body: Expr | None
    type: Type
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Bind:
    """A record made for one call: field names with the expressions that fill them, in schema order."""

    record: str
    fields: tuple[tuple[str, Expr], ...]


@frozen
class Call:
    """The value of a definition, for the records in scope here.

    `bind` puts a record made on the spot into scope. `at` replaces the date asked about for everything
    below (rule T1); None keeps it.
    """

    definition: str
    type: Type
    bind: Bind | None = None
    at: Expr | None = None
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


Expr: TypeAlias = (
    Const | Fact | Assumed | At | Op | Compare | Member | And | Or | Not | Choose | Absent | Fold | Call
)


# ---------------------------------------------------------------------------- what the facts look like


@frozen
class Bounds:
    """Constant limits of a field. Facts outside them are bad facts; an unknown fact lies within them."""

    lower: Decimal | datetime.date | None = None
    lower_open: bool = False  # True: `more than`
    upper: Decimal | datetime.date | None = None
    upper_open: bool = False  # True: `less than`
    decimals: int | None = None  # at most so many places after the point
    digits: int | None = None  # at most so many digits in all


@frozen
class FieldSchema:
    """One field of a record."""

    name: str
    type: Type
    label: str = ""
    bounds: Bounds = Bounds()
    optional: bool = False  # `none` is a value
    determination: bool = False  # characterised by somebody, never computed
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class RecordSchema:
    """A kind of record. `parent` and `parent_field` tell in which list of which record it lives."""

    name: str
    fields: tuple[FieldSchema, ...]
    label: str = ""
    parent: str | None = None
    parent_field: str | None = None
    judged_on: str | None = None  # a date field of this record (rule T2); children inherit it
    checks: tuple[tuple[Expr, str], ...] = ()  # (must not be no, the sentence it was written as)
    instrument: str = ""
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class CaseFact:
    """A fact about the whole case: an event (type `Dates`) or a determination that has no record."""

    name: str
    type: Type
    label: str = ""
    determination: bool = False
    presumed: bool | None = None  # taken so unless the facts say otherwise; None: unknown until given
    instrument: str = ""
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Reading:
    """One way to read the law, and where it comes from."""

    because: str
    cites: tuple[str, ...] = ()


@frozen
class Assumption:
    """How the policy reads a doubtful text: the value taken, and the readings for and against it."""

    name: str
    value: Const
    readings: tuple[Reading, ...] = ()
    against: tuple[Reading, ...] = ()
    instrument: str = ""
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


# ---------------------------------------------------------------------------- what is defined and decided


@frozen
class Definition:
    """A value derived from facts: a rule, a table, a grant of a status, or a part of a clause.

    `subject` is the record it is about; its parents are in scope too. None: about the instrument.
    """

    name: str
    subject: str | None
    type: Type
    body: Expr
    label: str = ""
    cites: tuple[str, ...] = ()
    instrument: str = ""
    parameters: bool = False  # True: called only with a `bind` (a grant of a status)
    keys: tuple[Expr, ...] = ()  # of a table: what it goes by, as the conditions of its rows have it
    grant: Grant | None = None  # of the grant of a status: what is granted, in words
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)

    def on(self, day: datetime.date) -> Definition:
        """The definition as it reads in the text of that day."""
        if not isinstance(self.body, Choose) or not self.body.by_text:
            return self
        body, cites = text_of(self.body, day)
        return attrs.evolve(self, body=body, cites=cites or self.cites)


Family: TypeAlias = Literal["status", "prohibition", "obligation", "flag", "undertaking", "rule"]
Force: TypeAlias = Literal[
    "binding", "permission", "best endeavours", "hortatory", "affirmation", "political"
]


Rounding: TypeAlias = Literal["down", "up", "abort"]
"""Which day counts when a month has none of that number: its last, the next month's first, or neither."""


@frozen
class Schedule:
    """When an obligation falls due and what discharges it (rule F4).

    The due dates are: `first` (from the anchor), then, while `recurs` is yes, every `every` after it,
    counted from the previous due date or from the date on which the duty was last discharged, and none
    later than `last`.
    """

    anchor: Expr  # the date the clock starts, or Absent; of the dates of an event, the earliest
    anchor_words: str  # "entry into force"
    first: tuple[int, int, int] | None  # added to the anchor; None: due on the anchor date itself
    backwards: bool = False  # True: `at least PERIOD before`: the period is taken from the anchor
    every: tuple[int, int, int] | None = None
    rounding: Rounding = "abort"
    counted_from: Literal["due", "held"] = "due"
    recurs: Expr | None = None  # whether the later due dates are owed; None with `every`: always
    event: Expr | None = None  # the dates that discharge; None: cannot be shown as done
    event_words: str = ""  # "notice by either party"
    event_label: str = ""  # what the author calls it, for people: "Notice of termination"
    month_day: Literal["first", "last"] | None = None  # every due date is moved to this day of its month
    anniversary: bool = False  # for people: `first` was written as the number of an anniversary
    last: Expr | None = None  # the last day on which a duty that recurs can fall due; None: no such day
    earlier: tuple[EarlierSchedule, ...] = ()  # where the text was amended, in order
    is_over: bool = False  # True: from the day of the last of `earlier` on, nothing more falls due

    @property
    def texts(self) -> tuple[Schedule | None, ...]:
        """The schedule of every text, the first text first; None where there was no such clause."""
        return (*(one.schedule for one in self.earlier), None if self.is_over else self)

    def of(self, due: datetime.date) -> Schedule:
        """The schedule that a due date comes from."""
        return next((one.schedule for one in self.earlier if due < one.before and one.schedule), self)

    @property
    def expressions(self) -> tuple[Expr, ...]:
        """What is worked out for it."""
        there = [one for one in self.texts if one is not None]
        parts = [part for one in there for part in (one.anchor, one.recurs, one.event, one.last)]
        return tuple(part for part in parts if part is not None)


@frozen
class EarlierSchedule:
    """Due dates before that day come from an earlier text (rule T3); None: there was no such clause."""

    before: datetime.date
    schedule: Schedule | None


@frozen
class Defence:
    """A ground on which a breach is justified (rule F3)."""

    name: str
    label: str
    state: Expr  # a `state` text: "not invoked", "made out", "rejected"


@frozen
class Wording:
    """What is said of an outcome from one day on, where amendments changed it; None: from the beginning."""

    start: datetime.date | None
    label: str
    cites: tuple[str, ...]
    force: Force | None
    actor: str
    act: str
    family: Family


@frozen
class Outcome:
    """Something the policy reports.

    For every family but `obligation`, `body` gives the answer: for `rule` the value itself, otherwise
    the word for the state as text ("granted", "breached", ...). An obligation has a `schedule`, and
    `body` gives yes when the clause is in force and triggered, else the reason why not.
    """

    name: str
    family: Family
    subject: str | None
    body: Expr
    type: Type | None  # of the value; None where the state is all there is
    force: Force | None
    label: str = ""
    cites: tuple[str, ...] = ()
    instrument: str = ""
    actor: str = ""  # who must act, for people
    act: str = ""  # what must be done, for people
    schedule: Schedule | None = None
    defences: tuple[Defence, ...] = ()
    judged_on: str | None = None  # "vehicle.placed_in_service": read on that date, not the as-of date
    wordings: tuple[Wording, ...] = ()  # where the text was amended, in order; else empty
    phrasing: Phrasing | None = None  # how the clause is put; a rule has none
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)

    def on(self, day: datetime.date) -> Outcome:
        """The outcome as it is called in the text of that day."""
        found = wording_on(self.wordings, day)
        if found is None:
            return self
        return attrs.evolve(
            self,
            label=found.label,
            cites=found.cites,
            force=found.force,
            actor=found.actor,
            act=found.act,
            family=found.family,
        )


def wording_on(wordings: tuple[Wording, ...], day: datetime.date) -> Wording | None:
    """The wording of that day: the last that has begun, or the first there is."""
    begun = [one for one in wordings if one.start is None or one.start <= day]
    return begun[-1] if begun else wordings[0] if wordings else None


@frozen
class Amended:
    """What changed an instrument. `start` is the first day of the changed text; None: from the beginning."""

    name: str
    kind: Literal["amendment", "rectification"]
    title: str
    start: datetime.date | None
    in_force: datetime.date
    verified: datetime.date | None = None
    verified_against: str = ""


PromiseKind: TypeAlias = Literal["greater certainty", "without prejudice"]


@frozen
class Promise:
    """What a clause promises to leave as it is (rule F7); it has no effect itself.

    `claim` is a definition that must never be no, for any facts; without one, `kept` tells whether the answers
    of `keeps` cannot depend on the clause, so that nothing is left to prove.
    """

    kind: PromiseKind
    clause: str
    keeps: tuple[str, ...]  # the outcomes that must stay as they are; none: all but the clause's own
    claim: str | None
    kept: bool
    cites: tuple[str, ...] = ()
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Compared:
    """Two cases that differ in one fact, and which turn of an answer is ruled out (rule F8).

    The second case has more of the fact where `more` is set, else less of it: a larger number, a later day, yes
    rather than no, or a list with more elements. Its answer is then never more, with `rules_out_more`, or never less.
    """

    fact: Fact
    more: bool
    answer: Expr
    rules_out_more: bool
    answer_name: str


@frozen
class Property:
    """What must be so whatever the facts are (rule F8); a part of no answer.

    It has a condition `holds`, or compares two cases. `when` says in which cases alone; `judged_on` is the date that
    it is read on, as for an outcome.
    """

    label: str
    subject: str | None
    holds: Expr | None
    when: Expr | None
    compared: Compared | None
    judged_on: str | None
    words: str  # as it was written
    cites: tuple[str, ...] = ()
    instrument: str = ""
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)

    @property
    def expressions(self) -> tuple[Expr, ...]:
        """What is worked out for it."""
        parts = [self.holds, self.when]
        if self.compared is not None:
            parts += [self.compared.fact, self.compared.answer]
        return tuple(one for one in parts if one is not None)


@frozen
class Term:
    """A term that an event extends (rule T7)."""

    last_day: Expr  # of its force, as the events extend it
    unextended: datetime.date  # its last day when nothing extends it
    words: str  # "by 16 years by confirmation by each party"
    span: Span = attrs.field(kw_only=True, default=NOWHERE, eq=False)


@frozen
class Instrument:
    """One file's worth of law: what is said in its header."""

    name: str
    kind: Literal["agreement", "law", "framework", "vocabulary"]
    title: str = ""
    short_title: str = ""
    titles: tuple[tuple[str, str], ...] = ()  # in other languages: (code, title)
    parties: tuple[tuple[str, str], ...] = ()
    signed: datetime.date | None = None
    in_force: datetime.date | None = None
    until: datetime.date | None = None  # the last day of its force
    term: Term | None = None  # then nothing stands in `until`
    never_in_force: bool = False
    verified: datetime.date | None = None
    verified_against: str = ""
    source: str = ""
    cites: tuple[str, ...] = ()
    not_encoded: tuple[tuple[str, str], ...] = ()
    suspended: tuple[tuple[datetime.date | None, datetime.date | None], ...] = ()  # both ends counted
    amendments: tuple[Amended, ...] = ()  # in order
    line_cites: tuple[tuple[str, tuple[str, ...]], ...] = ()  # what a line of the header says, where from
    serves: tuple[str, ...] = ()  # the purposes that a law looks after
    uses: tuple[str, ...] = ()


@frozen
class Program:
    """A whole compiled policy: the instrument `name` with everything it uses."""

    name: str
    instruments: tuple[Instrument, ...]  # the policy's own first, then those it uses, by name
    records: tuple[RecordSchema, ...]  # in order of declaration; parents before children
    case_facts: tuple[CaseFact, ...]
    assumptions: tuple[Assumption, ...]
    territories: tuple[tuple[str, str, bool], ...]  # (territory, sovereign, included?)
    definitions: tuple[Definition, ...]  # each after those it calls
    outcomes: tuple[Outcome, ...]  # of the policy itself, in the order of the file
    goods: tuple[tuple[str, tuple[str, ...]], ...] = attrs.field(default=())  # named lists, for display
    promises: tuple[Promise, ...] = attrs.field(default=())  # of the policy itself, for a prover
    lists: tuple[NamedMembers, ...] = ()  # the same with all that was said of them
    words: tuple[Word, ...] = ()  # what the words mean that clauses and facts use
    properties: tuple[Property, ...] = ()  # what is stated about the policy, for a prover
