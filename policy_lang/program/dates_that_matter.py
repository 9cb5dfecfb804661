"""Every date on which an answer can change, found in the core: where a date that moves is compared with one that does not.

Two kinds of date move: the date asked about (its name is the empty text), and the dates among the facts, such
as the one that a record is judged on. The walk follows calls and replaces the date asked about as they do. It
may find a date on which nothing changes in the end. It misses none on which something does, but where the date
asked about meets anything but constants: `is_free` says so, and then only trying each day can tell.
"""

from __future__ import annotations

import datetime
from collections.abc import Generator, Iterable, Mapping
from itertools import islice, product
from typing import Any, TypeAlias

from attrs import define, evolve, field, frozen

from policy_lang.program.core import (
    And,
    Assumed,
    At,
    Bind,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Outcome,
    Program,
)
from policy_lang.program.facts import Facts
from policy_lang.program.schema import Schema, below, type_of
from policy_lang.program.trace import Trace, unrolled
from policy_lang.program.tracer import Tracer
from policy_lang.program.types import Date, Period, is_numeric
from policy_lang.program.values import Absence, Value

ASKED = ""
"""The name of the date asked about, among the dates that move."""

_MOST_WAYS = 20_000
_MOST_TERMS = 200  # of one expression: dates that are worked out of very many others are not gone into
_DAY = datetime.timedelta(days=1)


@frozen
class Term:
    """One date or number that an expression may come to, worked out of one date that moves.

    `moves` names that date, which `expr` has as the date asked about; None: it is the same on any day.
    """

    moves: str | None
    expr: Expr


_Ats: TypeAlias = tuple[Term, ...]
_Bound: TypeAlias = tuple[tuple[str, str, tuple[Term, ...]], ...]
_Task: TypeAlias = Generator[Any, Any, Any]


@frozen(eq=False)
class Reading:
    """A definition or an outcome, read on a date: `at` is what the date asked about stands for in it."""

    owner: Definition | Outcome
    at: _Ats
    bound: _Bound = ()


@frozen(eq=False)
class Site:
    """One comparison where it stands: in which reading, row, and group of conditions."""

    reading: Reading
    node: Compare
    row: Case | None
    group: And | None
    choice: Or | None


@frozen(eq=False)
class Crossing:
    """On `day`, a comparison first comes out otherwise than the day before. `outcomes` can hang on it."""

    day: datetime.date
    moves: str
    site: Site
    outcomes: tuple[str, ...]


@define(eq=False)
class Walk:
    """Walks the core of one program, with these assumptions and events.

    A term that events may extend ends as the events given tell; what is not told extends nothing.
    """

    program: Program
    assumed: Mapping[str, Value]
    events: Mapping[str, object] = field(factory=dict)
    _schema: Schema = field(init=False)
    _definitions: dict[str, Definition] = field(init=False)
    _tracer: Tracer = field(init=False)
    _terms: dict[object, tuple[Term, ...]] = field(init=False, factory=dict)
    _readings: dict[object, Reading] = field(init=False, factory=dict)
    _found: dict[int, tuple[list[Site], list[Reading]]] = field(init=False, factory=dict)
    _free: set[int] = field(init=False, factory=set)  # the readings in which At meets more than constants

    def __attrs_post_init__(self) -> None:
        self._schema = Schema(self.program)
        self._definitions = {one.name: one for one in self.program.definitions}
        self._tracer = Tracer(self.program, Facts(case=dict(self.events)), datetime.date.min, {})

    # ---------------------------------------------------------------- crossings

    def crossings(self, start: datetime.date, end: datetime.date) -> tuple[Crossing, ...]:
        """All crossings from `start` to `end`, both counted, in the order of the days."""
        users: dict[int, list[str]] = {}
        sites: dict[int, Site] = {}
        for outcome in self.program.outcomes:
            for site in self._sites(outcome):
                sites[id(site)] = site
                users.setdefault(id(site), []).append(outcome.name)
        found = [
            Crossing(day, moves, site, tuple(users[key]))
            for key, site in sites.items()
            for day, moves in self._days(site, start, end)
        ]
        return tuple(sorted(found, key=lambda crossing: crossing.day))

    def reading_of(self, outcome: Outcome) -> Reading:
        """An outcome, read on the date that governs it."""
        moves = ASKED
        if outcome.judged_on is not None:
            record, _, name = outcome.judged_on.rpartition(".")
            moves = f"{self._schema.path(record)}.{name}"
        return self._reading(outcome, (Term(moves, At()),), ())

    def is_free(self, outcome: Outcome) -> bool:
        """Whether the date asked about is compared or reckoned with what other facts tell."""
        readings = [self.reading_of(outcome)]
        self._spread(readings)
        return any(id(one) in self._free and any(term.moves == ASKED for term in one.at) for one in readings)

    def _spread(self, readings: list[Reading]) -> None:
        """Adds all that these readings call, each once."""
        seen = {id(one) for one in readings}
        for reading in readings:
            for called in self._within(reading)[1]:
                if id(called) not in seen:
                    seen.add(id(called))
                    readings.append(called)

    def _reading(self, owner: Definition | Outcome, at: _Ats, bound: _Bound) -> Reading:
        key = (id(owner), at, bound)
        found = self._readings.get(key)
        if found is None:
            found = self._readings[key] = Reading(owner, at, bound)
        return found

    def _sites(self, outcome: Outcome) -> Iterable[Site]:
        readings = [self.reading_of(outcome)]
        self._spread(readings)
        return [site for reading in readings for site in self._within(reading)[0]]

    def _within(self, reading: Reading) -> tuple[list[Site], list[Reading]]:
        """The comparisons that stand in one definition or outcome itself, and what it calls."""
        known = self._found.get(id(reading))
        if known is not None:
            return known
        sites: list[Site] = []
        calls: list[Reading] = []
        nowhere: tuple[Case | None, And | None, Or | None] = (None, None, None)
        stack: list[tuple[Expr, tuple[Case | None, And | None, Or | None]]] = [
            (root, nowhere) for root in reversed(_roots(reading.owner))
        ]
        seen: set[int] = set()
        while stack:
            expr, around = stack.pop()
            if id(expr) in seen:
                continue
            seen.add(id(expr))
            row, group, choice = around
            match expr:
                case Compare() if _is_in_time(expr):
                    sites.append(Site(reading, expr, row, group, choice))
                case Member(operand=operand, options=options) if isinstance(type_of(operand), Date):
                    equalities = [Compare("eq", operand, one, span=expr.span) for one in options]
                    sites.extend(Site(reading, one, row, group, choice) for one in equalities)
                case Call():
                    called = self._called(expr, reading)
                    if called is not None:
                        calls.append(called)
                case At():
                    self._free.add(id(reading))
                case _:
                    pass
            if isinstance(expr, Choose):
                for case in reversed(expr.cases):
                    stack += [(case.value, (case, group, choice)), (case.when, (case, None, None))]
                stack.append((expr.default, around))
                continue
            if isinstance(expr, And):
                around = (row, expr, choice)
            elif isinstance(expr, Or):
                around = (row, group, expr)
            if not _is_settled(expr):
                stack.extend((part, around) for part in reversed(below(expr)))
        self._found[id(reading)] = sites, calls
        return sites, calls

    def _called(self, call: Call, reading: Reading) -> Reading | None:
        definition = self._definitions.get(call.definition)
        if definition is None:
            return None
        at = reading.at if call.at is None else unrolled(self._terms_of(call.at, reading))
        bound = unrolled(self._bound(call.bind, reading)) if call.bind is not None else reading.bound
        return self._reading(definition, at, bound)

    def _bound(self, bind: Bind, reading: Reading) -> _Task:
        kept: list[tuple[str, str, tuple[Term, ...]]] = []
        for name, value in bind.fields:
            if isinstance(type_of(value), Date):
                terms = yield self._terms_of(value, reading)
                kept.append((bind.record, name, terms))
        return tuple(kept)

    # ---------------------------------------------------------------- what moves with what

    def _terms_of(self, expr: Expr, reading: Reading) -> _Task:
        """What a date, a number or a period may come to, as far as it hangs on dates alone."""
        key = (id(expr), id(reading.owner), reading.at, reading.bound)
        if key not in self._terms:
            self._terms[key] = ()  # no definition calls itself; this only keeps a mistake from looping
            found: Iterable[Term] = yield self._worked_out(expr, reading)
            self._terms[key] = tuple(dict.fromkeys(found))[:_MOST_TERMS]
        return self._terms[key]

    def _worked_out(self, expr: Expr, reading: Reading) -> _Task:
        found: list[Term] = []
        match expr:
            case Const():
                found.append(Term(None, expr))
            case Assumed(name=name, type=kind):
                taken = self.assumed.get(name)
                if not isinstance(taken, Absence):
                    found.append(Term(None, Const(taken, kind)))
            case At():
                found.extend(reading.at)
            case Fact(type=Date()):
                found.extend(self._of_fact(expr, reading))
            case Choose(cases=cases, default=default):
                for value in (*(case.value for case in cases), default):
                    found.extend((yield self._terms_of(value, reading)))
            case Call():
                called = self._called(expr, reading)
                if called is not None and isinstance(called.owner, Definition):
                    found.extend((yield self._terms_of(called.owner.body, called)))
            case Fold(body=body) if body is not None and isinstance(expr.type, Date):
                found.extend((yield self._terms_of(body, reading)))
            case Op(operator="term_end"):
                last = self.last_day(expr)
                if last is not None:
                    found.append(Term(None, Const(last, Date())))
            case Op(operands=operands):
                parts: list[tuple[Term, ...]] = []
                for operand in operands:
                    parts.append((yield self._terms_of(operand, reading)))  # noqa: PERF401 - no comprehension can yield
                for combined in islice(product(*parts), _MOST_WAYS):
                    moving = {term.moves for term in combined} - {None}
                    if len(moving) <= 1 and len(found) < _MOST_TERMS:
                        whole = evolve(expr, operands=tuple(term.expr for term in combined))
                        found.append(Term(next(iter(moving), None), whole))
            case _:
                pass
        return found

    def last_day(self, term: Expr) -> datetime.date | None:
        """The last day of a term, as far as the events given extend it."""
        value = self._value(term, datetime.date.min)
        if isinstance(value, Absence) and value.interval is not None:
            return value.interval.lower if isinstance(value.interval.lower, datetime.date) else None
        return value if isinstance(value, datetime.date) else None

    def _of_fact(self, fact: Fact, reading: Reading) -> Iterable[Term]:
        for record, name, terms in reading.bound:
            if (record, name) == (fact.record, fact.field):
                return terms
        path = fact.field if fact.record is None else f"{self._schema.path(fact.record)}.{fact.field}"
        return (Term(path, At()),)

    def _days(self, site: Site, start: datetime.date, end: datetime.date) -> set[tuple[datetime.date, str]]:
        found: set[tuple[datetime.date, str]] = set()
        for moves, whole in self._comparisons(site.node, site.reading):
            if moves is not None:
                found |= {(day, moves) for day in self._changes(whole, start, end)}
        return found

    def _comparisons(self, node: Compare, reading: Reading) -> list[tuple[str | None, Compare]]:
        """The comparison with each way in which its sides hang on dates; the date that moves is its `At`."""
        left: tuple[Term, ...] = unrolled(self._terms_of(node.left, reading))
        right: tuple[Term, ...] = unrolled(self._terms_of(node.right, reading))
        found: dict[tuple[str | None, Compare], None] = {}
        for one, other in product(left, right):
            moving = {one.moves, other.moves} - {None}
            if len(moving) <= 1:
                moves = next(iter(moving), None)
                found[moves, Compare(node.comparison, one.expr, other.expr)] = None
        return list(found)

    def _changes(self, whole: Compare, start: datetime.date, end: datetime.date) -> Iterable[datetime.date]:
        """The days within the range on which a comparison of one moving date comes out otherwise."""
        for side, other in ((whole.left, whole.right), (whole.right, whole.left)):
            if isinstance(side, At) and isinstance(other, Const) and isinstance(other.value, datetime.date):
                after = [other.value + _DAY] if other.value < datetime.date.max else []
                is_left = side is whole.left
                on_it = whole.comparison in (("lt", "ge") if is_left else ("gt", "le"))
                days = [other.value] if on_it else after
                if whole.comparison == "eq":
                    days = [other.value, *after]
                return [day for day in days if start <= day <= end]
        found: list[datetime.date] = []
        day = max(start, datetime.date.min + _DAY)
        before = self._value(whole, day - _DAY)
        for number in range((end - day).days + 1):
            now = self._value(whole, day + number * _DAY)
            if now != before:
                found.append(day + number * _DAY)
            before = now
        return found

    def _value(self, expr: Expr, day: datetime.date) -> Value:
        return self._tracer.expr(expr, {}, Trace(At(), day)).value

    # ---------------------------------------------------------------- how it stands on one day

    def truth(self, expr: Expr, reading: Reading, moves: str, day: datetime.date) -> bool | None:
        """What a condition comes to when the date that moves is this day; None: that hangs on other facts.

        Where one of several dates counts, this is the one.
        """
        match expr:
            case Const(value=bool(value)):
                return value
            case Compare() if _is_in_time(expr):
                ways = self._comparisons(expr, reading)
                chosen = [whole for moving, whole in ways if moving == moves]
                if not chosen and any(moving is not None for moving, _ in ways):
                    return None  # another date decides
                values = {self._value(whole, day) for whole in (chosen or [whole for _, whole in ways])}
                only = values.pop() if len(values) == 1 else None
                return only if isinstance(only, bool) else None
            case Not(operand=operand):
                inner = self.truth(operand, reading, moves, day)
                return None if inner is None else not inner
            case And(operands=operands) | Or(operands=operands):
                absorbs = isinstance(expr, Or)
                parts = [self.truth(one, reading, moves, day) for one in operands]
                if absorbs in parts:
                    return absorbs
                return None if None in parts else not absorbs
            case _:
                return None


def _roots(owner: Definition | Outcome) -> tuple[Expr, ...]:
    if isinstance(owner, Definition):
        return (owner.body,)
    more = () if owner.schedule is None else owner.schedule.expressions
    return (owner.body, *(defence.state for defence in owner.defences), *more)


def _is_settled(expr: Expr) -> bool:
    """Whether the date asked about stands in this expression, and all that it meets is constants."""
    match expr:
        case Compare(left=At() | Const(), right=At() | Const() | Op(operator="term_end")):
            return True
        case Member(operand=At(), options=options):
            return all(isinstance(one, Const) for one in options)
        case Call(at=At(), bind=None):
            return True
        case _:
            return False


def _is_in_time(node: Compare) -> bool:
    """Whether a comparison may hang on a date: it is about dates, or about numbers such as a year."""
    kinds = (type_of(node.left), type_of(node.right))
    return any(isinstance(kind, (Date, Period)) or (kind is not None and is_numeric(kind)) for kind in kinds)
