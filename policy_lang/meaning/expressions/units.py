"""Quantities in another unit."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.typed import type_of
from policy_lang.program import core
from policy_lang.program.numbers import settle
from policy_lang.program.types import Number, Quantity, Unresolved
from policy_lang.program.units import factor_between
from policy_lang.source.text import Span
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.expressions.walk import Expressions


def in_unit(here: Expressions, operand: tree.Expr, unit_name: tree.Name, span: Span) -> core.Expr:
    """A quantity expressed in another unit that measures the same."""
    expr = here.lower(operand)
    kind = type_of(expr)
    to = here.names.unit(unit_name)
    if isinstance(kind, Unresolved) or to is None:
        return here.unresolved(span)
    if not isinstance(kind, Quantity):
        here.names.say(problems.wrong_type(operand.span, "a quantity with a unit", kind))
        return here.unresolved(span)
    unit = here.names.unit(tree.Name(kind.unit, span=operand.span))
    if unit is None:
        return here.unresolved(span)
    factor = factor_between(unit, to)
    if factor is None:
        here.names.say(
            problems.WRONG_TYPE.at(
                unit_name.span,
                f"a quantity in {unit.name} cannot be expressed in {to.name}",
                label="this measures something else",
                related=[(operand.span, f"this is a quantity in {unit.name}")],
                help="if the text fixes a factor, declare it: `unit NAME is 12 kg`",
            )
        )
        return here.unresolved(span)
    return converted(expr, factor, Quantity(to.name), span)


def converted(expr: core.Expr, factor: Fraction, kind: Quantity, span: Span) -> core.Expr:
    """A quantity in another unit: multiplied, or divided by the inverse, so that one number is exact."""
    if type_of(expr) == kind:
        return expr
    times, by = settle(factor), settle(1 / factor)
    if isinstance(times, Decimal) or not isinstance(by, Decimal):
        return core.Op("multiply", (expr, core.Const(times, Number(), span=span)), kind, span=span)
    return core.Op("divide", (expr, core.Const(by, Number(), span=span)), kind, span=span)
