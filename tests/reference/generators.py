"""Well-typed programs, and facts to try them on: `generate_case` from one random source, `cases` for Hypothesis.

Values are drawn from a small palette per program, and facts lie on its values or right beside them, so that
boundaries are hit. Programs are kept small enough for a reading that remembers nothing.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeAlias, assert_never

from attrs import define, evolve, field, frozen
from hypothesis import strategies as st

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    Assumption,
    At,
    Bind,
    Bounds,
    Call,
    Case,
    CaseFact,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    FieldSchema,
    Fold,
    Instrument,
    Member,
    Not,
    Op,
    Or,
    Outcome,
    Program,
    RecordSchema,
    Schedule,
)
from policy_lang.program.facts import Events, Facts, Given
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    DateSpan,
    Enumeration,
    HsCode,
    ListOf,
    Money,
    Number,
    Percent,
    Period,
    Quantity,
    Text,
    Type,
    YesNo,
    is_numeric,
    is_ordered,
)

Raw: TypeAlias = dict[str, Any]


@frozen
class Situation:
    """One set of facts, as somebody would write them, with the date asked about and what is assumed."""

    raw: Raw
    as_of: date
    assume: dict[str, Any]


YES_NO = YesNo()
NUMBER = Number()
WHOLE = Number(whole=True)
PERCENT = Percent()
USD = Money("USD")
KWH = Quantity("kWh")
DATE = Date()
PERIOD = Period()
SPAN = DateSpan()
CODE = HsCode("2017")
HEADING = HsCode("2017", 4)
TEXT = Text()
COUNTRY = Country()
MINERAL = Enumeration("mineral", ("cobalt", "lithium", "nickel"))
ACTIVITY = Enumeration(None, ("extraction", "processing", "recycling"))

SCALARS: tuple[Type, ...] = (
    YES_NO,
    NUMBER,
    WHOLE,
    PERCENT,
    USD,
    KWH,
    DATE,
    TEXT,
    COUNTRY,
    MINERAL,
    ACTIVITY,
    PERIOD,
    SPAN,
    CODE,
)
NUMBERS: tuple[Type, ...] = (NUMBER, WHOLE, PERCENT, USD, KWH)

NUMBER_POOL = tuple(
    Decimal(n) for n in ("-3", "-1", "0", "0.5", "1", "2", "3", "7", "10", "40", "50", "99.99")
)
DATE_POOL = tuple(
    date.fromisoformat(d)
    for d in (
        "2020-02-29",
        "2023-03-28",
        "2024-01-31",
        "2024-02-29",
        "2024-06-30",
        "2024-12-31",
        "2025-01-01",
    )
)
CODE_POOL = ("8507.60", "8507.10.00", "8508.11", "0406.90", "8517.12")
COUNTRY_POOL = ("US", "PR", "GU", "JP", "CN", "HK", "FR")
BOUNDS = (
    Bounds(),
    Bounds(),
    Bounds(lower=Decimal(0)),
    Bounds(lower=Decimal(0)),
    Bounds(lower=Decimal(0), lower_open=True),
    Bounds(lower=Decimal(0), upper=Decimal(100)),
    Bounds(lower=Decimal(1), upper=Decimal(10), upper_open=True),
    Bounds(upper=Decimal(0)),
    Bounds(lower=Decimal(2), upper=Decimal(2)),
)
TIGHT_NUMBERS = tuple(Decimal(n) for n in (-2, -1, 0, 0, 0, 1, 2))
TIGHT_PERCENTS = tuple(Decimal(n) for n in (-100, 0, 0, 0, 50, 100, 200))
PERIODS = ((0, 0, 1), (0, 0, 30), (0, 1, 0), (0, 3, 0), (1, 0, 0), (2, 0, 0), (1, 1, 1), (0, 0, 0))

ROUNDINGS = (
    "up",
    "down",
    "half up",
    "half even",
    "half down",
    "towards zero",
    "away from zero",
    "half away from zero",
)

PARENTS = {"vehicle": None, "chain": "vehicle", "step": "chain", "sourcing": None, "measure": None}
LISTS = {"chain": "chains", "step": "steps"}
DEAREST = 250  # how many expressions one definition may cost to evaluate, calls spelled out


@define
class _Maker:
    """Makes one program; holds what has been declared so far."""

    rng: random.Random
    tight: bool = False  # little but arithmetic on small bounded unknowns, to meet at the ends of intervals
    numbers: list[Decimal] = field(factory=list)
    dates: list[date] = field(factory=list)
    records: list[RecordSchema] = field(factory=list)
    case_facts: list[CaseFact] = field(factory=list)
    assumptions: list[Assumption] = field(factory=list)
    definitions: list[Definition] = field(factory=list)
    costs: dict[str, int] = field(factory=dict)

    # -------------------------------------------------------------------------------- small choices

    def chance(self, likelihood: float) -> bool:
        return self.rng.random() < likelihood

    def pick(self, options: Sequence[Any]) -> Any:
        return self.rng.choice(options)

    def plain(self, kind: Type) -> Any:
        """A constant of the type, from the palette."""
        match kind:
            case YesNo():
                return self.chance(0.5)
            case Number(whole=True):
                return Decimal(self.rng.randint(0, 3))
            case Percent() if self.tight:
                return self.pick(TIGHT_PERCENTS)
            case Number() | Percent() | Money() | Quantity():
                return self.pick(self.numbers)
            case Date():
                return self.pick(self.dates)
            case Period():
                return self.pick(PERIODS)
            case DateSpan():
                return tuple(sorted(self.rng.choices(self.dates, k=2)))
            case HsCode():
                return self.pick(CODE_POOL)
            case Text():
                return self.pick(("a", "b"))
            case Country():
                return self.pick(COUNTRY_POOL[:4])
            case Enumeration(members=members):
                return self.pick(members)
        raise AssertionError(kind)

    # -------------------------------------------------------------------------------------- schema

    def declare(self) -> None:
        self.numbers = [Decimal(0), Decimal(1), *self.rng.sample(NUMBER_POOL, 3)]
        kinds = SCALARS
        if self.tight:
            self.numbers, kinds = list(TIGHT_NUMBERS), (*NUMBERS[:4], *NUMBERS[2:4], YES_NO, DATE)
        self.dates = self.rng.sample(DATE_POOL, 3)
        for name, parent in PARENTS.items():
            fields = [self.field_of(kind, i) for i, kind in enumerate(self.rng.choices(kinds, k=4))]
            fields.append(FieldSchema("agreed", YES_NO))
            if name == "sourcing":
                fields.append(FieldSchema("origin", COUNTRY))
            if parent is None:
                fields.append(FieldSchema("day", DATE, optional=self.chance(0.1)))
            fields += [FieldSchema(LISTS[c], ListOf(c)) for c, p in PARENTS.items() if p == name]
            self.rng.shuffle(fields)
            self.records.append(
                RecordSchema(name, tuple(fields), parent=parent, parent_field=LISTS.get(name))
            )
        for name in ("review", "notice"):
            self.case_facts.append(CaseFact(name, Dates()))
        self.case_facts.append(CaseFact("necessary", YES_NO, determination=True))
        for i, kind in enumerate(self.rng.choices(SCALARS, k=3)):
            self.assumptions.append(Assumption(f"assumed{i}", Const(self.plain(kind), kind)))
        self.assumptions.append(Assumption("doubted", Const(self.plain(YES_NO), YES_NO)))

    def field_of(self, kind: Type, number: int) -> FieldSchema:
        bounds = Bounds()
        if self.tight and is_numeric(kind):
            bounds = self.tight_bounds(kind)
        elif is_numeric(kind) and not isinstance(kind, Number):
            bounds = self.pick(BOUNDS)
        elif kind in (NUMBER, WHOLE):
            bounds = self.pick(BOUNDS[:4])
        elif isinstance(kind, Date) and self.chance(0.4):
            bounds = Bounds(lower=min(self.dates), lower_open=self.chance(0.3), upper=max(DATE_POOL))
        return FieldSchema(
            f"f{number}",
            kind,
            bounds=bounds,
            optional=self.chance(0.02 if self.tight or isinstance(kind, YesNo) else 0.15),
            determination=self.chance(0.15),
        )

    def tight_bounds(self, kind: Type) -> Bounds:
        lower, upper = sorted(self.rng.sample(TIGHT_PERCENTS if kind == PERCENT else TIGHT_NUMBERS, 2))
        may_be_open = kind != WHOLE and lower < upper  # or nothing might lie between
        return Bounds(
            lower=lower if self.chance(0.8) else None,
            lower_open=may_be_open and self.chance(0.5),
            upper=upper if self.chance(0.6) else None,
            upper_open=may_be_open and self.chance(0.5),
        )

    def schema(self, record: str) -> RecordSchema:
        return next(r for r in self.records if r.name == record)

    # ---------------------------------------------------------------------------------- expressions

    def facts_of(self, kind: Type, scope: tuple[str, ...], even_none: bool) -> list[Fact]:
        found = [
            Fact(r, f.name, f.type)
            for r in scope
            for f in self.schema(r).fields
            if f.type == kind and (even_none or not f.optional)
        ]
        return found + [Fact(None, c.name, c.type) for c in self.case_facts if c.type == kind]

    def leaf(self, kind: Type, scope: tuple[str, ...], even_none: bool = False) -> Expr:
        facts = self.facts_of(kind, scope, even_none or is_ordered(kind) or isinstance(kind, YesNo))
        assumed = [Assumed(a.name, kind) for a in self.assumptions if a.value.type == kind]
        if facts and self.chance(0.9 if self.tight else 0.7):
            return self.rng.choice(facts)
        if assumed and self.chance(0.3):
            return self.rng.choice(assumed)
        if isinstance(kind, Date) and self.chance(0.5):
            return At()
        if isinstance(kind, YesNo):
            number = self.pick((USD, DATE, COUNTRY, MINERAL))
            return Compare(
                self.pick(("lt", "ge")) if is_ordered(number) else "eq",
                self.leaf(number, scope),
                Const(self.plain(number), number),
            )
        return Const(self.plain(kind), kind)

    def absent(self) -> Absent:
        reason = self.pick(("error", "error", "not in force", "suspended", "not applicable"))
        return Absent(reason, f"{reason.replace(' ', '-')}-{self.rng.randint(1, 2)}", "because it says so")

    def make(self, kind: Type, scope: tuple[str, ...], depth: int) -> Expr:
        """An expression of the type, about the records in scope, at most so deep."""
        if depth <= 0:
            return self.leaf(kind, scope)
        if self.chance(0.005 if self.tight else 0.03):
            return self.absent()
        forms: list[Callable[[], Expr | None]] = [
            lambda: self.leaf(kind, scope),
            lambda: self.choose(kind, scope, depth - 1),
            lambda: self.called(kind, scope),
            lambda: self.called(kind, scope),
        ]
        if kind == SPAN:
            forms += [lambda: Op("span", (self.leaf(DATE, scope), self.leaf(DATE, scope)), SPAN)]
        if isinstance(kind, YesNo):
            forms += [lambda: self.logic(scope, depth - 1)] * 3 + [
                lambda: self.comparison(scope, depth - 1)
            ] * 4
            forms += [lambda: self.fold(self.pick(("any", "all")), YES_NO, scope, depth - 1)] * 2
            if self.tight:
                forms += [lambda: self.comparison(scope, depth - 1)] * 20
        elif isinstance(kind, Date):
            forms += [lambda: self.moved_date(scope, depth - 1)] * 2
            forms += [lambda: self.fold(self.pick(("most", "least")), kind, scope, depth - 1)]
        elif is_numeric(kind):
            forms += [lambda: self.arithmetic(kind, scope, depth - 1)] * (15 if self.tight else 5)
            forms += [
                lambda: self.fold(self.pick(("sum", "sum", "most", "least")), kind, scope, depth - 1)
            ] * 2
            if kind == WHOLE:
                forms += [lambda: self.fold("count", kind, scope, depth - 1)] * 2
        while True:
            made = self.rng.choice(forms)()
            if made is not None:
                return made

    def logic(self, scope: tuple[str, ...], depth: int) -> Expr:
        if self.chance(0.25):
            return Not(self.make(YES_NO, scope, depth))
        operands = tuple(self.make(YES_NO, scope, depth) for _ in range(self.rng.randint(1, 3)))
        return And(operands) if self.chance(0.5) else Or(operands)

    def comparison(self, scope: tuple[str, ...], depth: int) -> Expr:
        kind = self.pick(
            (*(k for k in SCALARS[1:] if k != PERIOD), COUNTRY, USD, DATE)
        )  # months never compare with days
        if self.tight and self.chance(0.9):
            kind = self.pick((NUMBER, PERCENT, USD))
        left = self.make(kind, scope, depth) if self.chance(0.7) else self.leaf(kind, scope, even_none=True)
        if is_numeric(kind) and kind != PERCENT and self.chance(0.15):
            share = Op("share_of", (self.make(PERCENT, scope, 0), self.make(kind, scope, depth)), kind)
            return Compare(self.pick(("lt", "le", "gt", "ge")), left, share)
        if is_ordered(kind):
            right: Expr = Const(self.plain(kind), kind) if self.chance(0.6) else self.make(kind, scope, depth)
            return Compare(self.pick(("eq", "lt", "le", "gt", "ge")), left, right)
        if self.chance(0.5):
            options = tuple(self.leaf(kind, scope, even_none=True) for _ in range(self.rng.randint(0, 3)))
            return Member(left, options)
        if isinstance(left, Fact) and self.chance(0.2):
            return Compare("eq", left, Const(None, kind))
        if kind == CODE and self.chance(0.6):
            heading = Const(self.pick(("8507", "8508", "0406")), HEADING)
            return Compare("eq", Op("hs_part", (left,), HEADING, (4,)), heading)
        return Compare("eq", left, self.leaf(kind, scope, even_none=True))

    def arithmetic(self, kind: Type, scope: tuple[str, ...], depth: int) -> Expr | None:
        def some(of: Type) -> Expr:
            return self.make(of, scope, depth)

        operator = self.pick(
            (
                "add",
                "subtract",
                "negate",
                "multiply",
                "divide",
                "percent_of",
                "as_percent",
                "lesser",
                "greater",
                "round",
                "round",
                "dates",
            )
        )
        match operator:
            case "add" | "lesser" | "greater":
                return Op(operator, tuple(some(kind) for _ in range(self.rng.randint(1, 3))), kind)
            case "subtract":
                return Op("subtract", (some(kind), some(kind)), kind)
            case "negate":
                return Op("negate", (some(kind),), kind)
            case "multiply":
                factors = [some(kind), some(self.pick((NUMBER, PERCENT)))]
                if self.chance(0.2):
                    factors.append(some(PERCENT))
                self.rng.shuffle(factors)
                return Op("multiply", tuple(factors), kind)
            case "divide" if kind == NUMBER:
                of = self.pick(NUMBERS)
                return Op("divide", (some(of), some(of)), kind)
            case "divide":
                return Op("divide", (some(kind), some(NUMBER)), kind)
            case "percent_of":
                return Op("percent_of", (some(PERCENT), some(kind)), kind)
            case "as_percent" if kind == PERCENT:
                of = self.pick((NUMBER, USD, KWH))
                return Op("as_percent", (some(of), some(of)), kind)
            case "round":
                mode = self.pick(ROUNDINGS)
                multiple = self.pick((Decimal(1), Decimal("0.01"), Decimal(10), Decimal("2.5")))
                return Op("round", (some(kind),), kind, (mode, multiple))
            case "dates" if kind in (NUMBER, WHOLE):
                if self.chance(0.4):
                    return Op("year_of", (some(DATE),), WHOLE)
                if self.chance(0.3):
                    return Op("days_in", (some(SPAN),), WHOLE)
                if self.chance(0.4):
                    return Op("days_common", (some(SPAN), some(SPAN)), WHOLE)
                return Op("subtract", (some(DATE), some(DATE)), WHOLE)
        return None

    def moved_date(self, scope: tuple[str, ...], depth: int) -> Expr:
        operator = self.pick(("add_period", "subtract_period", "first_of_month", "last_of_month", "lesser"))
        operands: tuple[Expr, ...] = (self.make(DATE, scope, depth),)
        if operator in ("first_of_month", "last_of_month"):
            return Op(operator, operands, DATE)
        if self.chance(0.2):
            return Op("start_of_year", operands, DATE, self.pick(((1, 1), (7, 1), (2, 28), (12, 31))))
        if self.chance(0.1):
            span = (self.make(SPAN, scope, depth),)
            return Op(self.pick(("start_of_span", "end_of_span")), span, DATE)
        if operator == "lesser":
            return Op(self.pick(("lesser", "greater")), (*operands, self.make(DATE, scope, depth)), DATE)
        period = (
            self.make(PERIOD, scope, depth - 1) if self.chance(0.4) else Const(self.plain(PERIOD), PERIOD)
        )
        return Op(operator, (*operands, period), DATE, (self.pick(("down", "up", "abort")),))

    def choose(self, kind: Type, scope: tuple[str, ...], depth: int) -> Expr:
        mode = self.pick(("unordered", "first"))
        value = self.make(kind, scope, 0)  # one value in several cases is what C1 is about
        cases = tuple(
            Case(
                self.make(YES_NO, scope, depth),
                self.absent()
                if self.chance(0.1)
                else value
                if self.chance(0.4)
                else self.make(kind, scope, depth),
                cites=(f"article {i}",),
            )
            for i in range(self.rng.randint(1, 3))
        )
        default: Expr = self.absent() if self.chance(0.1) else self.make(kind, scope, depth)
        if self.chance(0.2):
            default = value
        return Choose(mode, cases, default, kind)

    def fold(self, kind: Any, of: Type, scope: tuple[str, ...], depth: int) -> Expr | None:
        lists = [(r, f) for r in scope for f in self.schema(r).fields if isinstance(f.type, ListOf)]
        if not lists:
            return None
        record, schema = self.pick(lists)
        assert isinstance(schema.type, ListOf)
        element = schema.type.record
        # a fold over the list in which a record of the scope lives replaces that record, and ends what is in it
        kept = tuple(r for r in scope if r != element and PARENTS[r] != element)
        inner = (*kept, element)
        where = self.make(YES_NO, inner, depth) if self.chance(0.5) else None
        body = None if kind == "count" else self.make(of, inner, depth)
        return Fold(kind, Fact(record, schema.name, schema.type), element, where, body, of)

    def called(self, kind: Type, scope: tuple[str, ...]) -> Expr | None:
        callable_here = [
            d
            for d in self.definitions
            if d.type == kind and (d.subject is None or d.subject in scope or d.parameters)
        ]
        if not callable_here:
            return None
        d = self.pick(callable_here)
        bind = None
        if d.parameters:
            assert d.subject is not None
            bind = Bind(
                d.subject,
                tuple(
                    (f.name, self.make(f.type, scope, self.rng.randint(0, 1)))
                    for f in self.schema(d.subject).fields
                ),
            )
        at = self.make(DATE, scope, self.rng.randint(0, 1)) if self.chance(0.25) else None
        return Call(d.name, kind, bind, at)

    # ------------------------------------------------------------------------ definitions, outcomes

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
            return (fitting[0] if fitting else f.bounds.upper).isoformat()  # type: ignore[union-attr]
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


def fits(value: Any, bounds: Bounds) -> bool:
    lower: Any = bounds.lower
    upper: Any = bounds.upper
    if lower is not None and (value < lower or (bounds.lower_open and value == lower)):
        return False
    return not (upper is not None and (value > upper or (bounds.upper_open and value == upper)))


def parts_of(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one."""
    match expr:
        case Op() | And() | Or():
            return expr.operands
        case Compare():
            return (expr.left, expr.right)
        case Member():
            return (expr.operand, *expr.options)
        case Not():
            return (expr.operand,)
        case Choose():
            return (*(e for c in expr.cases for e in (c.when, c.value)), expr.default)
        case Fold():
            return tuple(e for e in (expr.where, expr.body) if e is not None)
        case Call():
            bound = () if expr.bind is None else tuple(e for _, e in expr.bind.fields)
            return bound if expr.at is None else (*bound, expr.at)
        case Const() | Fact() | Assumed() | At() | Absent():
            return ()
        case _:
            assert_never(expr)


def with_parts(expr: Expr, parts: tuple[Expr, ...]) -> Expr:
    """The same expression with other parts inside, in the order of `parts_of`."""
    match expr:
        case Op() | And() | Or():
            return evolve(expr, operands=parts)
        case Compare():
            return evolve(expr, left=parts[0], right=parts[1])
        case Member():
            return evolve(expr, operand=parts[0], options=parts[1:])
        case Not():
            return Not(parts[0])
        case Choose():
            pairs = zip(parts[::2], parts[1::2], strict=False)
            cases = tuple(evolve(c, when=w, value=v) for c, (w, v) in zip(expr.cases, pairs, strict=False))
            return evolve(expr, cases=cases, default=parts[-1])
        case Fold():
            where = parts[0] if expr.where is not None else None
            return evolve(expr, where=where, body=parts[-1] if expr.body is not None else None)
        case Call():
            bind = expr.bind
            if bind is not None:
                filled = zip(bind.fields, parts, strict=False)
                bind = evolve(bind, fields=tuple((name, part) for (name, _), part in filled))
            return evolve(expr, bind=bind, at=parts[-1] if expr.at is not None else None)
        case Const() | Fact() | Assumed() | At() | Absent():
            return expr
        case _:
            assert_never(expr)


def neutral(program: Program, raw: Raw) -> Facts:
    """The facts as they stand after reading, by a conversion of our own: `raw` is known to be right."""
    schemas = {r.name: r for r in program.records}

    def plain(kind: Type, value: Any) -> Any:
        if value == "none":
            return None
        if isinstance(kind, ListOf):
            return tuple(given(schemas[kind.record], element or {}) for element in value)
        if isinstance(kind, DateSpan):
            first, last = value.split(" to ")
            return date.fromisoformat(first), date.fromisoformat(last)
        if isinstance(kind, Date):
            return date.fromisoformat(value)
        if isinstance(kind, Period):
            words = value.replace("s ", " ").removesuffix("s").split()
            said = dict(zip(words[1::2], map(int, words[::2]), strict=True))
            return tuple(said.get(unit, 0) for unit in ("year", "month", "day"))
        return Decimal(value) if is_numeric(kind) else value

    def given(schema: RecordSchema, values: Raw) -> Given:
        return Given(
            {f.name: plain(f.type, values[f.name]) for f in schema.fields if values.get(f.name) is not None}
        )

    case: dict[str, Any] = {}
    for c in program.case_facts:
        if c.name in raw:
            case[c.name] = happened(raw[c.name]) if isinstance(c.type, Dates) else raw[c.name]
    subjects = {n: given(schemas[n], raw[n]) for n in raw if n in schemas}
    return Facts(subjects=subjects, case=case, territories=raw.get("territories", {}), made={})


def happened(raw: Any) -> Events:
    if isinstance(raw, dict):
        dates, until = raw.get("dates", []), date.fromisoformat(raw["known_until"])
        return Events(tuple(date.fromisoformat(d) for d in dates), until)
    return Events(() if raw == "none" else tuple(date.fromisoformat(d) for d in raw), None)


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
