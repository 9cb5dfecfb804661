"""Sums, products, shares and rounding, with the types that may meet in them."""

from __future__ import annotations

import itertools
from decimal import Decimal
from typing import TYPE_CHECKING

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.dates import date_sum
from policy_lang.meaning.expressions.typed import fractional, joined, same_type, say_unequal, type_of
from policy_lang.program import core
from policy_lang.program.types import Date, Number, Percent, Type, Unresolved, is_numeric, is_ordered
from policy_lang.source.text import Span
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.expressions.walk import Expressions


def _numeric(here: Expressions, node: tree.Expr) -> core.Expr | None:
    """An operand that is a number of some type, or None, reported."""
    expr = here.lower(node)
    found = type_of(expr)
    if isinstance(found, Unresolved):
        return None
    if not is_numeric(found):
        here.names.say(problems.wrong_type(node.span, "a number or an amount", found))
        return None
    return expr


def sum_of(here: Expressions, node: tree.Sum) -> core.Expr:
    """Terms added or taken away, all of one type; a period moves a date."""
    terms = [node.first, *(term for _, term in node.rest)]
    if _say_unclear_choice(here, terms):
        return here.unresolved(node.span)
    for term, follower in itertools.pairwise(terms):
        if isinstance(term, tree.PercentOf):
            here.names.say(
                problems.AMBIGUOUS_SHARE.at(
                    term.span.to(follower.span),
                    "it is not clear what the percentage is taken of",
                    label="two readings",
                    help="put brackets around the percentage or around the sum",
                )
            )
            return here.unresolved(node.span)
    total = here.lower(node.first)
    added: list[core.Expr] = [total]
    for sign, term in node.rest:
        kind = type_of(total)
        if isinstance(kind, Unresolved):
            here.lower(term)
            return here.unresolved(node.span)
        if isinstance(kind, Date):
            total = date_sum(here, total, sign, term, node.span)
            added = [total]
            continue
        if not is_numeric(kind):
            here.names.say(problems.wrong_type(node.first.span, "a number or an amount", kind))
            return here.unresolved(node.span)
        operand = here.lower(term, kind)
        if not same_type(type_of(operand), kind):
            say_unequal(here.names, node.first.span, kind, term, type_of(operand), "added or subtracted")
            return here.unresolved(node.span)
        if isinstance(type_of(operand), Unresolved):
            return here.unresolved(node.span)
        both = joined(kind, type_of(operand))
        if sign == "+":
            added.append(operand)
            total = core.Op("add", tuple(added), both, span=node.span) if len(added) > 1 else operand
        else:
            total = core.Op("subtract", (total, operand), both, span=node.span)
            added = [total]
    return total


def _say_unclear_choice(here: Expressions, terms: list[tree.Expr]) -> bool:
    """Whether a `lesser of` or `greater of` runs into what follows it; reported."""
    for term, follower in itertools.pairwise(terms):
        if isinstance(term, tree.Pick):
            here.names.say(
                problems.AMBIGUOUS_CHOICE.at(
                    term.span.to(follower.span),
                    f"it is not clear where the `{term.which} of` ends",
                    label="two readings",
                    help=f"put brackets around its second part, or around `{term.which} of ...` as a whole",
                )
            )
            return True
    return False


def product_of(here: Expressions, node: tree.Product) -> core.Expr:
    """Factors, in the order written."""
    if _say_unclear_choice(here, [node.first, *(term for _, term in node.rest)]):
        return here.unresolved(node.span)
    total = _numeric(here, node.first)
    for sign, term in node.rest:
        operand = _numeric(here, term)
        if total is None or operand is None:
            total = None
            continue
        total = _times(here, total, sign, operand, term, node.span)
    return total if total is not None else here.unresolved(node.span)


def _times(
    here: Expressions,
    total: core.Expr,
    sign: tree.ProductSign,
    operand: core.Expr,
    term: tree.Expr,
    span: Span,
) -> core.Expr | None:
    left, right = type_of(total), type_of(operand)
    plain_left, plain_right = isinstance(left, Number), isinstance(right, Number)
    if sign == "*" and (plain_left or plain_right) and Percent() not in (left, right):
        kind = joined(left, right) if plain_left and plain_right else (right if plain_left else left)
        return core.Op("multiply", (total, operand), kind, span=span)
    if sign == "applied to" and isinstance(left, Percent):
        return core.Op("percent_of", (total, operand), right, span=span)
    if sign == "/" and same_type(left, right):
        return core.Op("divide", (total, operand), Number(), span=span)
    if sign == "/" and plain_right:
        return core.Op("divide", (total, operand), left, span=span)
    if sign == "as percent of" and same_type(left, right):
        return core.Op("as_percent", (total, operand), Percent(), span=span)
    help_text = {
        "*": "a percentage of an amount is written `RATE applied to AMOUNT`"
        if Percent() in (left, right)
        else "multiply by a plain number",
        "/": "divide by an amount of the same type, or by a plain number",
        "applied to": "the left side must be a percentage",
        "as percent of": "both sides must be of the same type",
    }[sign]
    here.names.say(
        problems.WRONG_TYPE.at(
            term.span,
            f"{problems.a(left)} `{sign}` {problems.a(right)} has no meaning",
            label=f"this is {problems.a(right)}",
            help=help_text,
        )
    )
    return None


def negative_of(here: Expressions, node: tree.Negative, operand: tree.Expr, wanted: Type | None) -> core.Expr:
    """A number or an amount with the other sign."""
    expr = here.lower(operand, wanted)
    if isinstance(expr, core.Const) and isinstance(expr.value, Decimal):
        return core.Const(-expr.value, expr.type, span=node.span)
    found = type_of(expr)
    if isinstance(found, Unresolved):
        return expr
    if not is_numeric(found):
        here.names.say(problems.wrong_type(operand.span, "a number or an amount", found))
        return here.unresolved(node.span)
    return core.Op("negate", (expr,), found, span=node.span)


def percent_of(
    here: Expressions, operator: core.Operator, percent: core.Expr, operand: tree.Expr, span: Span
) -> core.Expr:
    """A percentage of an amount."""
    expr = _numeric(here, operand)
    if expr is None:
        return here.unresolved(span)
    return core.Op(operator, (percent, expr), fractional(type_of(expr)), span=span)


def pick(here: Expressions, which: str, left: tree.Expr, right: tree.Expr, span: Span) -> core.Expr:
    """The lesser or the greater of two values of one type."""
    first = here.lower(left)
    kind = type_of(first)
    second = here.lower(right, kind)
    other = type_of(second)
    if isinstance(kind, Unresolved) or isinstance(other, Unresolved):
        return here.unresolved(span)
    if not is_ordered(kind):
        here.names.say(problems.wrong_type(left.span, "a number, an amount or a date", kind))
        return here.unresolved(span)
    if not same_type(kind, other):
        say_unequal(here.names, left.span, kind, right, other, "compared")
        return here.unresolved(span)
    operator: core.Operator = "lesser" if which == "lesser" else "greater"
    return core.Op(operator, (first, second), joined(kind, other), span=span)


def rounded(here: Expressions, node: tree.Rounded) -> core.Expr:
    """A number or an amount, rounded to decimals, to a whole number or to a multiple."""
    expr = _numeric(here, node.operand)
    if expr is None:
        return here.unresolved(node.span)
    kind = type_of(expr)
    multiple: Decimal
    if node.way == "never":
        here.names.say(
            problems.WRONG_USE.at(
                node.span,
                "`rounded never` is for dates",
                label="not a date",
                help="write it after a period that is added to a date, as in `D + 1 month rounded never`",
            )
        )
        return here.unresolved(node.span)
    match node.to:
        case None:
            here.names.say(
                problems.WRONG_USE.at(
                    node.span,
                    "this does not say what to round to",
                    label="rounded to what?",
                    help="write `rounded up to 2 decimals`, `to whole number` or `to a multiple of ...`",
                )
            )
            return here.unresolved(node.span)
        case int(places):
            multiple = Decimal(1).scaleb(-places)
        case "whole":
            multiple = Decimal(1)
        case _:
            constant = here.constant(node.to, kind)
            if constant is None:
                return here.unresolved(node.span)
            if not isinstance(constant.value, Decimal) or constant.value <= 0:
                here.names.say(
                    problems.WRONG_USE.at(
                        node.to.span,
                        "a multiple is more than 0",
                        label="this multiple",
                        help="write a positive amount, such as `1000`, in the unit of what is rounded",
                    )
                )
                return here.unresolved(node.span)
            multiple = constant.value
    if isinstance(kind, Number):
        kind = Number(multiple == multiple.to_integral_value())
    return core.Op("round", (expr,), kind, (node.way, multiple), span=node.span)
