"""Well-typed programs, and facts to try them on: `generate_case` from one random source, `cases` for Hypothesis.

Values are drawn from a small palette per program, and facts lie on its values or right beside them, so that
boundaries are hit. Programs are kept small enough for a reading that remembers nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import define, evolve
from hypothesis import strategies as st

from policy_lang.program.core import (
    Absent,
    Assumed,
    At,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    FieldSchema,
    Fold,
    Instrument,
    Not,
    Op,
    Outcome,
    Program,
    RecordSchema,
    Schedule,
)
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    DateSpan,
    ListOf,
    Period,
    Type,
    is_numeric,
)
from tests.reference.expressions import ExpressionMaker
from tests.reference.neutral import Raw, Situation, fits
from tests.reference.pools import (
    COUNTRY_POOL,
    DATE,
    DATE_POOL,
    DEAREST,
    NUMBER_POOL,
    PARENTS,
    PERIOD,
    SCALARS,
    SPAN,
    TEXT,
    USD,
    WHOLE,
    YES_NO,
)
from tests.reference.shapes import parts_of


@define
class _Maker(ExpressionMaker):
    """Makes one program; holds what has been declared so far."""

    def affordable(self, make: Callable[[int], Expr]) -> Expr:
        """What `make` gives for a depth, made again, and less deep, while it costs too much."""
        for depth in (3, 2, 2, 1, 1):
            made = make(depth)
            if self.cost(made) <= DEAREST:
                return made
        return make(0)

    def cost(self, expr: Expr | None) -> int:
        match expr:
            case None:
                return 0
            case Call():
                bound = expr.bind.fields if expr.bind is not None else ()
                return self.costs[expr.definition] + self.cost(expr.at) + sum(self.cost(e) for _, e in bound)
            case Fold():
                return 2 + 2 * (self.cost(expr.where) + self.cost(expr.body))
            case _:
                return 1 + sum(self.cost(e) for e in parts_of(expr))

    def define(self) -> None:
        for i in range(self.rng.randint(4, 8)):
            subject = self.pick(("vehicle", "chain", "chain", "step", "step", "sourcing", "measure", None))
            kind = self.pick((YES_NO, YES_NO, YES_NO, *SCALARS))
            body = self.body(kind, self.scope_of(subject))
            parameters = subject == "sourcing" and self.chance(0.7)
            self.definitions.append(Definition(f"d{i}", subject, kind, body, parameters=parameters))
            self.costs[f"d{i}"] = 1 + self.cost(body)

    def body(self, kind: Type, scope: tuple[str, ...]) -> Expr:
        return self.affordable(lambda depth: self.make(kind, scope, depth))

    def scope_of(self, subject: str | None) -> tuple[str, ...]:
        scope: tuple[str, ...] = ()
        while subject is not None:
            scope = (subject, *scope)
            subject = PARENTS[subject]
        return scope

    def outcome(self, name: str) -> Outcome:
        family: Any = (
            "rule"
            if self.tight and self.chance(0.8)
            else self.pick(
                ("status", "prohibition", "flag", "undertaking", "rule", "rule", "obligation", "obligation")
            )
        )
        subject = self.pick(("vehicle", "vehicle", "sourcing", "measure", None))
        if self.tight:
            subject = self.pick(("vehicle", "vehicle", "measure"))
        scope = self.scope_of(subject)
        judged_on = f"{subject}.day" if subject is not None and self.chance(0.2) else None
        result = Outcome(
            name,
            family,
            subject,
            Const(True, YES_NO),
            None,
            self.pick(("binding", "binding", "hortatory")),
            judged_on=judged_on,
        )
        if family == "rule":
            kind = self.pick((YES_NO, YES_NO, USD)) if self.tight else self.pick(SCALARS)
            return evolve(result, type=kind, body=self.body(kind, scope))
        if family == "obligation":
            body = self.affordable(
                lambda depth: self.guarded(YES_NO, self.condition(scope, depth - 2), scope)
            )
            return evolve(result, body=body, schedule=self.schedule(scope))
        yes, no = {
            "status": ("granted", "not granted"),
            "prohibition": ("breached", "complied"),
            "flag": ("raised", "clear"),
            "undertaking": ("applies", "does not apply"),
        }[family]

        def body_of_depth(depth: int) -> Expr:
            answer = Choose(
                self.pick(("unordered", "first")),
                tuple(
                    Case(self.make(YES_NO, scope, depth - 1), Const(self.pick((yes, yes, no)), TEXT))
                    for _ in range(self.rng.randint(1, 2))
                ),
                Const(no, TEXT),
                TEXT,
            )
            return self.guarded(TEXT, answer, scope)

        return evolve(result, body=self.affordable(body_of_depth))

    def condition(self, scope: tuple[str, ...], depth: int) -> Expr:
        return Const(True, YES_NO) if self.chance(0.5) else self.make(YES_NO, scope, depth)

    def guarded(self, kind: Type, answer: Expr, scope: tuple[str, ...]) -> Expr:
        """The answer inside a window, a suspension and a scope, some of the time."""
        cases = []
        if self.chance(0.3):
            cases.append(
                Case(
                    Compare("lt", At(), Const(self.plain(DATE), DATE)),
                    Absent("not in force", "not-yet-in-force", "not yet in force"),
                )
            )
        if self.chance(0.15):
            over = Compare("gt", At(), self.last_day())
            cases.append(Case(over, Absent("not in force", "ended", "the term is over")))
        if self.chance(0.2):
            cases.append(
                Case(
                    Compare("ge", At(), Const(self.plain(DATE), DATE)),
                    Absent("suspended", "suspended", "suspended"),
                )
            )
        if self.chance(0.3):
            cases.append(
                Case(
                    Not(self.make(YES_NO, scope, 1)),
                    Absent("not applicable", "out-of-scope", "outside its scope"),
                )
            )
        return Choose("first", tuple(cases), answer, kind) if cases else answer

    def schedule(self, scope: tuple[str, ...]) -> Schedule:
        anchor: Expr = Const(self.plain(DATE), DATE)
        if self.chance(0.3):
            anchor = self.happening("notice")
        elif self.chance(0.3):
            anchor = self.make(DATE, scope, 1)
        every = self.pick((None, None, (0, 1, 0), (1, 0, 0), (2, 0, 0), (0, 0, 90)))
        if self.chance(0.01):  # more due dates than anybody can want
            anchor, every = Const(date(1990, 1, 1), DATE), (0, 0, 1)
        recurs = self.make(YES_NO, scope, 1) if self.chance(0.3) else None
        if self.chance(0.3):
            recurs = Assumed("doubted", YES_NO)
        first = self.pick((None, (0, 0, 30), (0, 1, 0), (0, 6, 0), (1, 0, 0), (2, 0, 0), (2, 0, 0)))
        return Schedule(
            anchor,
            "the start",
            first,
            backwards=first is not None and self.chance(0.1),
            every=every,
            rounding=self.pick(("down", "down", "up", "abort")),
            counted_from=self.pick(("due", "held")),
            recurs=recurs if every is not None else None,
            event=self.happening("review") if self.chance(0.75) else None,
            event_words="review",
            month_day=self.pick((None, None, None, "first", "last")),
            last=self.last_day() if every is not None and self.chance(0.3) else None,
        )

    def happening(self, usual: str) -> Expr:
        """The dates of one event, of any of two, or by which both had happened."""
        facts = tuple(Fact(None, name, Dates()) for name in ("review", "notice"))
        if self.chance(0.7):
            return Fact(None, usual, Dates())
        return Op(self.pick(("either_event", "each_event")), facts, Dates())

    def last_day(self) -> Expr:
        """A last day, or that of a term that an event extends."""
        first = Const(self.plain(DATE), DATE)
        if self.chance(0.3):
            return first
        length = self.pick(((1, 0, 0), (0, 6, 0), (0, 0, 90)))
        params = (self.pick(("by", "until")), length, self.pick(("up", "down", "abort")), self.chance(0.6))
        return Op("term_end", (first, self.happening("notice")), DATE, params)

    def program(self) -> Program:
        self.tight = self.chance(0.3)
        self.declare()
        return self.finished()

    def like(self, other: Program) -> Program:
        """Another program about the same records and events."""
        self.numbers = [Decimal(0), Decimal(1), *self.rng.sample(NUMBER_POOL, 3)]
        self.dates = self.rng.sample(DATE_POOL, 3)
        self.records, self.case_facts = list(other.records), list(other.case_facts)
        self.assumptions = list(other.assumptions)
        return self.finished()

    def finished(self) -> Program:
        self.define()
        outcomes = tuple(self.outcome(f"o{i}") for i in range(self.rng.randint(3, 6)))
        territories = [("PR", "US", self.chance(0.5))] if self.chance(0.3) else []
        return Program(
            "generated",
            (Instrument("generated", "agreement"),),
            tuple(self.records),
            tuple(self.case_facts),
            tuple(self.assumptions),
            tuple(territories),
            tuple(self.definitions),
            outcomes,
        )

    # ---------------------------------------------------------------------------------------- facts

    def situation(self) -> Situation:
        known = self.pick((0.1, 0.4, 0.7)) if self.tight else self.pick((0.2, 0.5, 0.8, 0.9, 1.0, 1.0))
        raw: Raw = {}
        for record in self.records:
            if record.parent is None and self.chance(0.85):
                raw[record.name] = self.given(record, known)
        for event in ("review", "notice"):
            if self.chance(max(known, 0.5)):
                raw[event] = self.events()
        if self.chance(known):
            raw["necessary"] = self.chance(0.5)
        if self.chance(0.2):
            raw["territories"] = {t: self.chance(0.5) for t in ("PR", "GU") if self.chance(0.6)}
        assume = {a.name: self.plain(a.value.type) for a in self.assumptions if self.chance(0.15)}
        return Situation(raw, self.near_date(), assume)

    def near_date(self) -> date:
        near = self.pick(self.dates) + timedelta(days=self.pick((-1, 0, 0, 1, 32, 400)))
        assert isinstance(near, date)
        return near

    def events(self) -> Any:
        dates = sorted({self.near_date() for _ in range(self.rng.randint(0, 4))})
        listed = [d.isoformat() for d in dates]
        if listed and self.chance(0.1):
            listed.append(self.pick(listed))  # a date that is given twice
        if self.chance(0.2):
            return {"dates": listed, "known_until": max([*dates, self.near_date()]).isoformat()}
        if self.chance(0.1):  # some of the dates lie after the day up to which all are known
            return {"dates": listed, "known_until": self.near_date().isoformat()}
        if self.chance(0.1):
            return {"known_until": self.near_date().isoformat()}
        return listed or "none"

    def given(self, record: RecordSchema, known: float) -> Raw:
        raw: Raw = {}
        for f in record.fields:
            if not self.chance(known):
                if self.chance(0.2):
                    raw[f.name] = None
            elif isinstance(f.type, ListOf):
                inner = self.schema(f.type.record)
                size = self.pick((0, 1, 1, 2, 2, 3))
                raw[f.name] = [None if self.chance(0.02) else self.given(inner, known) for _ in range(size)]
            elif f.optional and self.chance(0.3):
                raw[f.name] = "none"
            else:
                raw[f.name] = self.written(f)
        return raw

    def written(self, f: FieldSchema) -> Any:
        if isinstance(f.type, Date):
            near = [self.near_date(), self.pick(self.dates), self.pick(DATE_POOL[-3:])]
            fitting = [d for d in near if fits(d, f.bounds)]
            return (fitting[0] if fitting else f.bounds.upper).isoformat()  # type: ignore[union-attr]  # where it is nothing, this fails
        if isinstance(f.type, Country):
            return self.pick(COUNTRY_POOL)
        if isinstance(f.type, DateSpan):
            return " to ".join(day.isoformat() for day in self.plain(SPAN))
        if isinstance(f.type, Period):
            return "{} years {} months {} days".format(*self.plain(PERIOD))
        if not is_numeric(f.type):
            return self.plain(f.type)
        step = Decimal(1) if f.type == WHOLE else self.pick((Decimal(1), Decimal("0.01"), Decimal("0.5")))
        numbers = [self.plain(f.type) + step * self.rng.randint(-1, 1) for _ in range(4)]
        ends: list[Any] = [e for e in (f.bounds.lower, f.bounds.upper) if e is not None]
        ends += [e + step for e in ends] + [e - step for e in ends] + [sum(ends) / 2]
        if f.type == WHOLE:
            ends = [e for e in ends if e == int(e)]
        value = self.pick([n for n in numbers if fits(n, f.bounds)] or [e for e in ends if fits(e, f.bounds)])
        return str(value) if value != int(value) or self.chance(0.5) else int(value)


def generate_case(rng: random.Random, situations: int = 10) -> tuple[Program, list[Situation]]:
    """One program, and so many sets of facts for it."""
    maker = _Maker(rng)
    program = maker.program()
    return program, [maker.situation() for _ in range(situations)]


def generate_like(program: Program, rng: random.Random) -> Program:
    """A program that has nothing in common with another but its records and events."""
    return _Maker(rng).like(program)


def cases(situations: int = 10) -> st.SearchStrategy[tuple[Program, list[Situation]]]:
    """Programs with facts. Everything follows from one seed: fast, but what fails has to be minimised by us."""
    return st.integers(0, 2**48).map(lambda seed: generate_case(random.Random(seed), situations))
