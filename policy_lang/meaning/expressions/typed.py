"""The types of core expressions, and how they fit together."""

from __future__ import annotations

from decimal import Decimal

from policy_lang.meaning import problems
from policy_lang.meaning.names import Names
from policy_lang.program import core, schema
from policy_lang.program.types import (
    Enumeration,
    HsCode,
    ListOf,
    Money,
    Number,
    Percent,
    Quantity,
    Text,
    Type,
    Unresolved,
    YesNo,
    is_numeric,
)
from policy_lang.source.text import Span
from policy_lang.syntax import tree

YES = core.Const(True, YesNo())
NO = core.Const(False, YesNo())


def type_of(expr: core.Expr) -> Type:
    """The type of a core expression; `Absent` fits everywhere and counts as unresolved."""
    found = schema.type_of(expr)
    return found if found is not None else Unresolved()


def same_type(left: Type, right: Type) -> bool:
    """Whether values of both types may meet; whole numbers are numbers."""
    if isinstance(left, Unresolved) or isinstance(right, Unresolved):
        return True
    if isinstance(left, Number) and isinstance(right, Number):
        return True
    if isinstance(left, HsCode) and isinstance(right, HsCode):
        return left.edition == right.edition
    return left == right


def fits(found: Type, wanted: Type) -> bool:
    """Whether a value of one type may stand where the other is declared."""
    if isinstance(wanted, Number) and wanted.whole and isinstance(found, Number):
        return found.whole
    if isinstance(wanted, HsCode) and isinstance(found, HsCode):
        return found.edition == wanted.edition and found.digits >= wanted.digits
    return same_type(found, wanted)


def conjunction(parts: list[core.Expr], span: Span) -> core.Expr:
    """All of them; yes when there are none."""
    if not parts:
        return YES
    return parts[0] if len(parts) == 1 else core.And(tuple(parts), span=span)


def say_unequal(names: Names, first: Span, kind: Type, node: tree.Expr, other: Type, verb: str) -> None:
    """Reports two values that cannot meet."""
    help_text = ""
    if isinstance(node, tree.NumberLit) and is_numeric(kind):
        help_text = f"write `{with_unit(node.value, kind)}`"
    names.say(
        problems.WRONG_TYPE.at(
            node.span,
            f"{problems.a(kind)} and {problems.a(other)} cannot be {verb}",
            label=f"this is {problems.a(other)}",
            related=[(first, f"this is {problems.a(kind)}")],
            help=help_text or _way_to_meet(kind, other),
        )
    )


def _way_to_meet(left: Type, right: Type) -> str:
    """How values of two types may be brought together."""
    match left, right:
        case (Money(), Money()) | (Quantity(), Quantity()) | (HsCode(), _) | (_, ListOf()):
            return problems.way_to(left, right)
        case (Enumeration(), Enumeration()):
            return "two kinds of words have nothing in common; compare each with its own words"
        case (Text(), _) | (_, Text()):
            return "quotation marks make a text: write numbers, dates and words without them"
        case _:
            return "both sides must be of the same type"


def joined(left: Type, right: Type) -> Type:
    """The type of what is made of two numbers or amounts: whole only when both are."""
    if isinstance(left, Number) and isinstance(right, Number):
        return Number(left.whole and right.whole)
    return left


def fractional(kind: Type) -> Type:
    """The same type, for values that may have a fraction."""
    return Number() if isinstance(kind, Number) else kind


def with_unit(value: Decimal, wanted: Type) -> str:
    """A bare number written as a value of a type."""
    match wanted:
        case Money(currency=currency):
            return f"{value} {currency}"
        case Quantity(unit=unit):
            return f"{value} {unit}"
        case Percent():
            return f"{value} %"
        case _:
            return str(value)
