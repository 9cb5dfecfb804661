"""Builds expressions: all that can stand where a value or a condition is wanted."""

from __future__ import annotations

import calendar
from typing import Any, cast

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import NO_SUCH_DATE, Here, unit_of, words

_ORDERINGS: dict[str, tree.Ordering] = {
    "exceeds": "gt",
    "does not exceed": "le",
    "is more than": "gt",
    "is at least": "ge",
    "is less than": "lt",
    "is at most": "le",
    "is before": "lt",
    "is after": "gt",
    "is on or before": "le",
    "is on or after": "ge",
}


def all_of(here: Here, children: list[Any]) -> tree.Logic:
    return tree.Logic("and", tuple(children), span=here.span)


def one_of(here: Here, children: list[Any]) -> tree.Logic:
    return tree.Logic("or", tuple(children), span=here.span)


def mixed(here: Here, children: list[Any]) -> list[Any]:
    return children  # operands, and the words between them


def turn_to(here: Here, children: list[Any]) -> str:
    return str(children[0])


def mixed_logic(here: Here, children: list[Any]) -> tree.MixedLogic:
    *operands, turn, rest = children
    before = "and" if turn == "or" else "or"
    return tree.MixedLogic(
        (*operands, *rest[::2]),
        connectives=(*(before for _ in operands[1:]), turn, *(str(word) for word in rest[1::2])),
        span=here.span,
    )


def negation(here: Here, children: list[Any]) -> tree.Negation:
    return tree.Negation(children[0], span=here.span)


def ordering(here: Here, children: list[Any]) -> str:
    return words(children)


def compare(here: Here, children: list[Any]) -> tree.Ordered:
    left, words, right = children
    return tree.Ordered(_ORDERINGS[words], left, right, words=words, span=here.span)


def between(here: Here, children: list[Any]) -> tree.Between:
    return tree.Between(children[0], children[1], children[2], span=here.span)


def equals(here: Here, children: list[Any]) -> tree.Is:
    return tree.Is(children[0], children[1], span=here.span)


def differs(here: Here, children: list[Any]) -> tree.Is:
    return tree.Is(children[0], children[1], negated=True, span=here.span)


def is_in(here: Here, children: list[Any]) -> tree.IsIn:
    return tree.IsIn(children[0], children[1], date=children[2], span=here.span)


def is_not_in(here: Here, children: list[Any]) -> tree.IsIn:
    operand, options, date = children
    return tree.IsIn(operand, options, negated=True, date=date, span=here.span)


def is_in_hs(here: Here, children: list[Any]) -> tree.InHs:
    return tree.InHs(children[0], children[1], span=here.span)


def is_not_in_hs(here: Here, children: list[Any]) -> tree.InHs:
    return tree.InHs(children[0], children[1], negated=True, span=here.span)


def is_in_year(here: Here, children: list[Any]) -> tree.InYear:
    operand, year, anchor = children
    return tree.InYear(operand, year, anchor, span=here.span)


def is_not_in_year(here: Here, children: list[Any]) -> tree.InYear:
    operand, year, anchor = children
    return tree.InYear(operand, year, anchor, negated=True, span=here.span)


def within_word(here: Here, children: list[Any]) -> str:
    return words(children)


def is_within(here: Here, children: list[Any]) -> tree.Within:
    operand, period, rounding, which, anchor = children
    return tree.Within(operand, period, rounding, which, anchor, span=here.span)


def is_not_within(here: Here, children: list[Any]) -> tree.Within:
    operand, period, rounding, which, anchor = children
    return tree.Within(operand, period, rounding, which, anchor, negated=True, span=here.span)


def year(here: Here, children: list[Any]) -> tree.Year:
    """A day that no month has is reported; so is 29 February, on which few years could begin."""
    number, name = children
    day, month, span = here.whole(number), tree.MONTHS.index(str(name)) + 1, here.span
    if not 1 <= day <= calendar.monthrange(2023, month)[1]:
        here.say(
            NO_SUCH_DATE.at(
                span,
                f"no year begins on {number} {name}",
                label="not a day of every year",
                help="write a day that every year has, such as `1 July`",
            )
        )
        day = 1
    return tree.Year(day, month, span=span)


def is_one_of(here: Here, children: list[Any]) -> tree.IsIn:
    return tree.IsIn(children[0], tuple(children[1:]), span=here.span)


def is_not_one_of(here: Here, children: list[Any]) -> tree.IsIn:
    return tree.IsIn(children[0], tuple(children[1:]), negated=True, span=here.span)


def article(here: Here, children: list[Any]) -> str:
    return str(children[0])


def is_a(here: Here, children: list[Any]) -> tree.IsA:
    operand, article, name = children
    return tree.IsA(operand, here.name(name), article=article, span=here.span)


def is_not_a(here: Here, children: list[Any]) -> tree.IsA:
    operand, article, name = children
    return tree.IsA(operand, here.name(name), negated=True, article=article, span=here.span)


def has_status(here: Here, children: list[Any]) -> tree.HasStatus:
    country, status, partner, good, date = children
    return tree.HasStatus(country, here.name(status), here.name(partner), good, date, span=here.span)


def any_is(here: Here, children: list[Any]) -> tree.Quantified:
    return tree.Quantified("any", children[0], children[1], span=here.span)


def all_are(here: Here, children: list[Any]) -> tree.Quantified:
    return tree.Quantified("all", children[0], children[1], span=here.span)


def applies(here: Here, children: list[Any]) -> tree.Applies:
    return tree.Applies(children[0], negated=False, span=here.span)


def does_not_apply(here: Here, children: list[Any]) -> tree.Applies:
    return tree.Applies(children[0], negated=True, span=here.span)


def none_is(here: Here, children: list[Any]) -> tree.Quantified:
    return tree.Quantified("none", children[0], children[1], span=here.span)


def sum_sign(here: Here, children: list[Any]) -> str:
    return str(children[0])


def product_sign(here: Here, children: list[Any]) -> str:
    return words(children)


def sum(here: Here, children: list[Any]) -> tree.Sum:
    rest = tuple(zip(children[1::2], children[2::2], strict=True))
    return tree.Sum(children[0], rest, span=here.span)


def product(here: Here, children: list[Any]) -> tree.Product:
    rest = tuple(zip(children[1::2], children[2::2], strict=True))
    return tree.Product(children[0], rest, span=here.span)


def negative(here: Here, children: list[Any]) -> tree.Negative:
    return tree.Negative(children[-1], span=here.span)


def on_date(here: Here, children: list[Any]) -> tree.OnDate:
    return tree.OnDate(children[0], children[1], span=here.span)


def converted(here: Here, children: list[Any]) -> tree.Converted:
    operand, unit = children
    name = tree.Name(unit_of(unit), span=here.place(unit))
    return tree.Converted(operand, name, words=str(unit), span=here.span)


def rounding_way(here: Here, children: list[Any]) -> str:
    return words(children[1:])


def round_plain(here: Here, children: list[Any]) -> tuple[str, Any, str]:
    return children[0], None, ""


def round_decimals(here: Here, children: list[Any]) -> tuple[str, Any, str]:
    return children[0], min(here.whole(children[1]), 34), str(children[1])


def round_whole(here: Here, children: list[Any]) -> tuple[str, Any, str]:
    return children[0], "whole", ""


def round_multiple(here: Here, children: list[Any]) -> tuple[str, Any, str]:
    return children[0], children[1], ""


def rounded(here: Here, children: list[Any]) -> tree.Rounded:
    operand, (way, to, decimals) = children
    return tree.Rounded(operand, way, to, decimals=decimals, span=here.span)


def brackets(here: Here, children: list[Any]) -> tree.Brackets:
    return tree.Brackets(children[0], span=here.span)


def percent_of(here: Here, children: list[Any]) -> tree.PercentOf:
    return tree.PercentOf(children[0], children[1], span=here.span)


def fold_word(here: Here, children: list[Any]) -> str:
    return str(children[0])


def aggregate(here: Here, children: list[Any]) -> tree.Aggregate:
    kind, body, records, *where = children
    return tree.Aggregate(kind, body, records, where[0] if where else None, span=here.span)


def count(here: Here, children: list[Any]) -> tree.Aggregate:
    records, *where = children
    return tree.Aggregate("count", None, records, where[0] if where else None, span=here.span)


def lesser(here: Here, children: list[Any]) -> tree.Pick:
    return tree.Pick("lesser", children[0], children[1], span=here.span)


def greater(here: Here, children: list[Any]) -> tree.Pick:
    return tree.Pick("greater", children[0], children[1], span=here.span)


def first_day(here: Here, children: list[Any]) -> tree.DayOfMonth:
    return tree.DayOfMonth("first", children[0], span=here.span)


def last_day(here: Here, children: list[Any]) -> tree.DayOfMonth:
    return tree.DayOfMonth("last", children[0], span=here.span)


def first_day_of_year(here: Here, children: list[Any]) -> tree.DayOfYear:
    return tree.DayOfYear("first", children[0], children[1], span=here.span)


def last_day_of_year(here: Here, children: list[Any]) -> tree.DayOfYear:
    return tree.DayOfYear("last", children[0], children[1], span=here.span)


def asked_date(here: Here, children: list[Any]) -> tree.AskedDate:
    return tree.AskedDate(span=here.span)


def hs_part(here: Here, children: list[Any]) -> str:
    return str(children[0])


def hs_part_of(here: Here, children: list[Any]) -> tree.HsPart:
    return tree.HsPart(cast(Any, children[0]), children[1], span=here.span)


def span(here: Here, children: list[Any]) -> tree.SpanOf:
    return tree.SpanOf(children[0], children[1], span=here.span)


def span_constant(here: Here, children: list[Any]) -> tree.SpanOf:
    first, last = children
    return tree.SpanOf(here.date(first), here.date(last), span=here.span)


def days_in(here: Here, children: list[Any]) -> tree.DaysIn:
    return tree.DaysIn(children[0], span=here.span)


def days_common(here: Here, children: list[Any]) -> tree.DaysIn:
    return tree.DaysIn(children[0], children[1], span=here.span)


def up_to(here: Here, children: list[Any]) -> tree.Expr:
    return cast(tree.Expr, children[0])


def running_total(here: Here, children: list[Any]) -> tree.RunningTotal:
    body, records, by, until, year, where = children
    return tree.RunningTotal(body, records, by, until, year, where, span=here.span)


def path(here: Here, children: list[Any]) -> tree.Ref:
    first, *rest = children
    names = [here.name(first)]
    for token in rest:
        span = here.between((token.start_pos or 0) + 1, token.end_pos or 0)
        names.append(tree.Name(str(token)[1:], span=span))
    return tree.Ref(tuple(names), span=here.span)


def constant(here: Here, children: list[Any]) -> tree.Expr:
    sign, value = children
    if sign is None:
        return cast(tree.Expr, value)
    return tree.Negative(value, span=here.span)
