"""Expressions by chance, of any type, over facts declared by chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import define, field

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
    Member,
    Not,
    Op,
    Or,
    RecordSchema,
)
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
from tests.reference.pools import (
    BOUNDS,
    CODE,
    CODE_POOL,
    COUNTRY,
    COUNTRY_POOL,
    DATE,
    DATE_POOL,
    HEADING,
    KWH,
    LISTS,
    MINERAL,
    NUMBER,
    NUMBER_POOL,
    NUMBERS,
    PARENTS,
    PERCENT,
    PERIOD,
    PERIODS,
    ROUNDINGS,
    SCALARS,
    SPAN,
    TIGHT_NUMBERS,
    TIGHT_PERCENTS,
    USD,
    WHOLE,
    YES_NO,
)


@define
class ExpressionMaker:
    """Makes expressions of any type over the facts that it has declared."""

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
