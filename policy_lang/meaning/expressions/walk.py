"""Expressions: names resolved, types found and checked, sugar taken away, in one walk to the core."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.meaning.expressions import (
    arithmetic,
    codes,
    comparisons,
    dates,
    lists,
    references,
    running,
    spans,
    statuses,
    units,
)
from policy_lang.meaning.expressions.typed import fits, type_of, with_unit
from policy_lang.meaning.names import Names
from policy_lang.program import core
from policy_lang.program.types import (
    Country,
    Date,
    DateSpan,
    Money,
    Number,
    Percent,
    Period,
    Quantity,
    Text,
    Type,
    Unresolved,
    YesNo,
    is_numeric,
)
from policy_lang.source.text import Span
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.outcome_states import Answers


@define
class Expressions:
    """Lowers the expressions of one instrument. `subject` is the record in scope, with its parents."""

    names: Names
    subject: str | None = None
    owner: str = ""  # the definition being lowered: gives names to the parts it needs
    purposes: tuple[str, ...] = ()  # those that the instrument serves
    parties: tuple[str, ...] = ()
    extra: dict[str, core.Definition] = field(factory=dict)  # definitions made on the way
    answers: Answers | None = None  # in a property: what the policy answers can be asked about, too

    def value(self, node: tree.Expr, wanted: Type) -> core.Expr:
        """An expression of a wanted type; a mistake is reported and gives something unresolved."""
        expr = self.lower(node, wanted)
        found = type_of(expr)
        if not fits(found, wanted):
            help_text = ""
            if is_numeric(wanted) and isinstance(node, tree.NumberLit):
                help_text = f"write `{with_unit(node.value, wanted)}`"
            self.names.say(problems.wrong_type(node.span, wanted, found, help_text))
            return self.unresolved(node.span)
        return expr

    def condition(self, node: tree.Expr) -> core.Expr:
        return self.value(node, YesNo())

    def within(self, record: str | None) -> Expressions:
        """The same with another record in scope."""
        return Expressions(
            self.names, record, self.owner, self.purposes, self.parties, self.extra, self.answers
        )

    def constant(self, node: tree.Expr, wanted: Type) -> core.Const | None:
        """A constant of a wanted type, or None, reported."""
        expr = self.value(node, wanted)
        if isinstance(expr, core.Const):
            return expr if not isinstance(expr.type, Unresolved) else None
        self.names.say(
            problems.WRONG_USE.at(node.span, "only a constant can stand here", help="write the value itself")
        )
        return None

    def unresolved(self, span: Span) -> core.Const:
        return core.Const(None, Unresolved(), span=span)

    def lower(self, node: tree.Expr, wanted: Type | None = None) -> core.Expr:
        """The core of one expression. `wanted` only helps to read bare words; it is not enforced."""
        span = node.span
        match node:
            case tree.NumberLit(value=number):
                return core.Const(number, Number(number == number.to_integral_value()), span=span)
            case tree.PercentLit(value=number):
                return core.Const(number, Percent(), span=span)
            case tree.MoneyLit(value=number, currency=currency):
                return core.Const(number, Money(currency), span=span)
            case tree.QuantityLit(value=number, unit=unit):
                if self.names.unit(tree.Name(unit, span=span)) is None:
                    return self.unresolved(span)
                return core.Const(number, Quantity(unit), span=span)
            case tree.PeriodLit(years=years, months=months, days=days):
                return core.Const((years, months, days), Period(), span=span)
            case tree.DateLit(value=date):
                return core.Const(date, Date(), span=span)
            case tree.Text(text=text):
                return core.Const(text, Text(), span=span)
            case tree.CountryLit(code=code):
                return core.Const(self.names.country(tree.Name(code, span=span)), Country(), span=span)
            case tree.HsLit(code=code):
                return codes.constant(self.names, code, span) or self.unresolved(span)
            case tree.YesNoLit(value=yes):
                return core.Const(yes, YesNo(), span=span)
            case tree.NoneLit():
                return core.Const(None, wanted if wanted is not None else Unresolved(), span=span)
            case tree.Ref():
                return references.reference(self, node, wanted)
            case tree.Brackets(inner=inner):
                return self.lower(inner, wanted)
            case tree.Sum():
                return arithmetic.sum_of(self, node)
            case tree.Product():
                return arithmetic.product_of(self, node)
            case tree.Negative(operand=operand):
                return arithmetic.negative_of(self, node, operand, wanted)
            case tree.PercentOf(percent=percent, operand=operand):
                return arithmetic.percent_of(self, "percent_of", self.lower(percent), operand, span)
            case tree.Pick(which=which, left=left, right=right):
                return arithmetic.pick(self, which, left, right, span)
            case tree.DayOfMonth(which=which, operand=operand):
                return spans.first_or_last_day(which, dates.dated(self, operand, DateSpan()), span)
            case tree.DayOfYear(which=which, year=year, operand=operand):
                day = self.value(operand, Date())
                return spans.end_of_year(year, day) if which == "last" else spans.start_of_year(year, day)
            case tree.AskedDate():
                return core.At(span=span)
            case tree.HsPart(part=part, operand=operand):
                return codes.part_of(self, part, operand, span)
            case tree.SpanOf(first=start, last=last):
                return dates.span_of(self, start, last, span)
            case tree.DaysIn(operand=operand, other=None):
                return core.Op("days_in", (self.value(operand, DateSpan()),), Number(True), span=span)
            case tree.DaysIn(operand=operand, other=tree_other):
                assert tree_other is not None
                pair = (self.value(operand, DateSpan()), self.value(tree_other, DateSpan()))
                return core.Op("days_common", pair, Number(True), span=span)
            case tree.Converted(operand=operand, unit=unit_name):
                return units.in_unit(self, operand, unit_name, span)
            case tree.RunningTotal():
                return running.total(self, node)
            case tree.Rounded():
                return arithmetic.rounded(self, node)
            case tree.OnDate(operand=operand, date=date_node):
                return dates.on_date(self, operand, date_node, span)
            case tree.Aggregate():
                return lists.aggregate(self, node)
            case tree.Ordered(ordering=ordering, left=left, right=right):
                return comparisons.ordered(self, ordering, left, right, span)
            case tree.Between(operand=operand, lower=lower, upper=upper):
                return core.And(
                    (
                        comparisons.ordered(self, "ge", operand, lower, span),
                        comparisons.ordered(self, "le", operand, upper, span),
                    ),
                    span=span,
                )
            case tree.Is() | tree.IsIn() | tree.Applies() if (
                asked := statuses.state(self, node)
            ) is not None:
                return asked
            case tree.Is():
                return comparisons.equal(self, node)
            case tree.IsIn():
                return comparisons.is_in(self, node)
            case tree.Applies():
                return statuses.say_applies(self, node)
            case tree.InHs(operand=operand, code=code_node, negated=negated):
                return codes.in_hs(self, operand, code_node, negated, span)
            case tree.InYear(operand=operand, year=year, anchor=anchor, negated=negated):
                return spans.in_year(
                    self.value(operand, Date()), year, self.value(anchor, Date()), negated, span
                )
            case tree.Within():
                return dates.within(self, node)
            case tree.IsA():
                return comparisons.is_a(self, node)
            case tree.HasStatus():
                return statuses.has_status(self, node)
            case tree.Quantified():
                return lists.quantified(self, node)
            case tree.Logic(connective=connective, operands=operands):
                parts = tuple(self.condition(operand) for operand in operands)
                return core.And(parts, span=span) if connective == "and" else core.Or(parts, span=span)
            case tree.MixedLogic(operands=operands):
                for operand in operands:
                    self.condition(operand)
                self.names.say(
                    problems.MIXED_AND_OR.at(
                        span,
                        "`and` and `or` stand side by side without brackets",
                        label="two readings",
                        help="put brackets around the part that belongs together",
                    )
                )
                return self.unresolved(span)
            case tree.Negation(operand=operand):
                return core.Not(self.condition(operand), span=span)
        assert_never(node)

    def scope(self) -> list[core.RecordSchema]:
        """The records in scope: the subject, then its parents."""
        found: list[core.RecordSchema] = []
        name = self.subject
        while name is not None and len(found) < 64:
            schema = self.names.record_schema(name)
            if schema is None:
                break
            found.append(schema)
            name = schema.parent
        return found
