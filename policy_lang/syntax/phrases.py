"""Expressions, types and the other small parts of sentences, as words."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from policy_lang.syntax import tree
from policy_lang.syntax.words import NEVER, PART, Word, enumerate_words, glue, say

_USUAL_ORDERINGS: dict[tree.Ordering, str] = {
    "lt": "is less than",
    "le": "is at most",
    "gt": "is more than",
    "ge": "is at least",
}


def quoted(text: tree.Text) -> str:
    """A text in its quotes."""
    return f'"{text.text}"'


def label(text: tree.Text | None) -> list[Word]:
    """A text in its quotes, or nothing."""
    return [] if text is None else [Word(quoted(text))]


def number(value: Decimal) -> str:
    """A number as it was written, trailing zeros and all."""
    return format(value, "f")


def period(node: tree.PeriodLit) -> str:
    """`2 years 6 months`."""
    if node.words:
        return node.words
    counts = ((node.years, "year"), (node.months, "month"), (node.days, "day"))
    said = [f"{n} {unit}" if n == 1 else f"{n} {unit}s" for n, unit in counts if n]
    return " ".join(said) or "0 days"


def ordinal(node: tree.PeriodLit) -> str:
    """`2nd`: the years of a period, as the number of an anniversary."""
    return node.words or _ordinal(node.years)


def month_number(node: tree.PeriodLit) -> str:
    """`3rd`: the months of a period, as the number of a month."""
    return node.words or _ordinal(node.months)


def _ordinal(count: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{'th' if count % 100 in (11, 12, 13) else ending}"


def happening(node: tree.Happening) -> str:
    """`receipt of notice by either party`."""
    by = f" by {node.by.text}" if node.by is not None else ""
    return f"{'receipt of ' if node.receipt else ''}{node.event.text}{by}"


def date(node: tree.DateLit) -> str:
    """`2024-02-29`."""
    return node.value.isoformat()


def names(nodes: tuple[tree.Name, ...], rank: int) -> list[Word]:
    """`a, b, c`."""
    return enumerate_words((say(node.text) for node in nodes), rank)


def window(node: tree.Window, rank: int = PART) -> list[Word]:
    """`from D until D`, or nothing."""
    said = [f"from {date(node.start)}"] if node.start is not None else []
    said += [f"until {date(node.end)}"] if node.end is not None else []
    return say(" ".join(said), rank)


# ------------------------------------------------------------------------------------------ types


def type_words(node: tree.TypeExpr, rank: int) -> list[Word]:
    """A type as it is written after a name."""
    match node:
        case tree.TypeYesNo():
            return say("yes or no")
        case tree.TypeNumber(whole=whole):
            return say("whole number" if whole else "number")
        case tree.TypePercent():
            return say("percent")
        case tree.TypeMoney(currency=currency):
            return say(f"money {currency}")
        case tree.TypeQuantity(unit=unit, words=words):
            return say(f"quantity {words or unit}")
        case tree.TypePlain(word=word):
            return say(word)
        case tree.TypeHs(edition=edition):
            return say("HS code" if edition is None else f"HS {edition} code")
        case tree.TypeList(record=record):
            return say(f"list of {record.text}")
        case tree.TypeNamed(name=name):
            return say(name.text)
        case tree.TypeWords(words=options):
            return [*names(options[:-1], rank), *say(f"or {options[-1].text}", rank, fill=True)]
    assert_never(node)


def bound(node: tree.Bound | int | tree.Digits, rank: int) -> list[Word]:
    """`at least 0 USD`, `with 2 decimals`, `with 8 digits`."""
    if isinstance(node, tree.Digits):
        return say(f"with {node.count} digits", rank)
    if isinstance(node, int):
        return say(f"with {node} decimals", rank)
    return [*say(node.word, rank), *expression(node.value, rank + 1)]


# ------------------------------------------------------------------------------------------ expressions


def expression(node: tree.Expr, rank: int) -> list[Word]:
    """An expression; its outermost joints have the rank, inner ones higher ranks."""
    match node:
        case tree.Ref(text=text):
            return say(text)
        case tree.Brackets(inner=inner):
            return [Word("("), *glue(expression(inner, rank + 1)), Word(")", glued=True)]
        case tree.Logic(connective=connective, operands=operands):
            return _joined(operands, (connective,) * (len(operands) - 1), rank)
        case tree.MixedLogic(operands=operands, connectives=connectives):
            return _joined(operands, connectives or ("and",) * (len(operands) - 1), rank)
        case tree.Negation(operand=operand):
            return [*say("not"), *expression(operand, rank)]
        case tree.Sum(first=first, rest=rest) | tree.Product(first=first, rest=rest):
            words = expression(first, rank + 1)
            for sign, term in rest:
                words += [*say(sign, rank), *expression(term, rank + 1)]
            return words
        case tree.Negative(operand=operand):
            return [Word("-"), *glue(expression(operand, rank + 1))]
        case tree.PercentOf(percent=percent, operand=operand):
            return [*expression(percent, rank), *say("of"), *expression(operand, rank + 1)]
        case tree.Pick(which=which, left=left, right=right):
            first_words = [*say(f"{which} of"), *expression(left, rank + 1)]
            return [*first_words, *say("and", rank), *expression(right, rank + 1)]
        case tree.DayOfMonth(which=which, operand=operand):
            return [*say(f"{which} day of"), *expression(operand, rank + 1)]
        case tree.DayOfYear(which=which, year=twelve, operand=operand):
            words = [*say(f"{which} day of"), *year(twelve), *say("that contains")]
            return [*words, *expression(operand, rank + 1)]
        case tree.AskedDate():
            return say("the date asked about")
        case tree.HsPart(part=part, operand=operand):
            return [*say(f"the {part} of"), *expression(operand, rank + 1)]
        case tree.SpanOf(first=start, last=last):
            words = [*say("from"), *expression(start, rank + 1), *say("until", rank)]
            return [Word("("), *glue([*words, *expression(last, rank + 1)]), Word(")", glued=True)]
        case tree.DaysIn(operand=operand, other=other):
            words = [*say("count of days in" if other is None else "count of days common to")]
            words += expression(operand, rank + 1)
            return words if other is None else [*words, *say("and", rank), *expression(other, rank + 1)]
        case tree.Converted(operand=operand, unit=unit, words=written):
            return [*expression(operand, rank + 1), *say(f"in {written or unit.text}")]
        case tree.RunningTotal():
            return _running_total(node, rank)
        case tree.Rounded(operand=operand, way=way):
            return [*expression(operand, rank + 1), *say(f"rounded {way}", rank), *_rounded_to(node, rank)]
        case tree.OnDate(operand=operand, date=day):
            return [*expression(operand, rank + 1), *say("on", rank), *expression(day, rank + 1)]
        case tree.Aggregate():
            return _aggregate(node, rank)
        case (
            tree.Ordered()
            | tree.Between()
            | tree.Is()
            | tree.IsIn()
            | tree.InHs()
            | tree.InYear()
            | tree.Within()
            | tree.IsA()
            | tree.HasStatus()
            | tree.Quantified()
            | tree.Applies()
        ):
            return _comparison(node, rank)
        case _:
            return say(_literal(node))


def _literal(
    node: tree.NumberLit
    | tree.PercentLit
    | tree.MoneyLit
    | tree.QuantityLit
    | tree.PeriodLit
    | tree.DateLit
    | tree.Text
    | tree.CountryLit
    | tree.HsLit
    | tree.YesNoLit
    | tree.NoneLit,
) -> str:
    match node:
        case tree.NumberLit(value=value):
            return number(value)
        case tree.PercentLit(value=value):
            return f"{number(value)} %"
        case tree.MoneyLit(value=value, currency=currency):
            return f"{number(value)} {currency}"
        case tree.QuantityLit(value=value, unit=unit, words=words):
            return f"{number(value)} {words or unit}"
        case tree.PeriodLit():
            return period(node)
        case tree.DateLit():
            return date(node)
        case tree.Text():
            return quoted(node)
        case tree.CountryLit(code=code):
            return code
        case tree.HsLit(code=code):
            return f"HS {code}"
        case tree.YesNoLit(value=yes):
            return "yes" if yes else "no"
        case tree.NoneLit():
            return "none"
    assert_never(node)


def _joined(operands: tuple[tree.Expr, ...], connectives: tuple[str, ...], rank: int) -> list[Word]:
    words = expression(operands[0], rank + 1)
    for connective, operand in zip(connectives, operands[1:], strict=True):
        words += [*say(connective, rank), *expression(operand, rank + 1)]
    return words


def _rounded_to(node: tree.Rounded, rank: int) -> list[Word]:
    match node.to:
        case None:
            return []
        case int(decimals):
            return say(f"to {node.decimals or decimals} decimals")
        case "whole":
            return say("to whole number")
        case multiple:
            return [*say("to a multiple of"), *expression(multiple, rank + 1)]


def _aggregate(node: tree.Aggregate, rank: int) -> list[Word]:
    words = say(f"{node.kind} of")
    if node.body is not None:
        words += [*expression(node.body, rank + 2), *say("of", rank + 1)]
    words += say(node.list.text)
    if node.where is not None:
        words += [*say("where", rank), *expression(node.where, rank + 1)]
    return words


def _running_total(node: tree.RunningTotal, rank: int) -> list[Word]:
    words = [*say("running total of"), *expression(node.body, rank + 2)]
    words += [*say(f"of {node.list.text}", rank + 1), *say(f"by {node.by.text}", rank + 1)]
    if node.until is not None:
        words += [*say("up to and including", rank + 1), *expression(node.until, rank + 2)]
    if node.year is not None:
        words += [*say("in", rank + 1), *year(node.year)]
    if node.where is not None:
        words += [*say("where", rank), *expression(node.where, rank + 1)]
    return words


def year(node: tree.Year) -> list[Word]:
    """`the year from 1 July`."""
    return say(f"the year from {node.day} {tree.MONTHS[node.month - 1]}")


def _comparison(
    node: tree.Ordered
    | tree.Between
    | tree.Is
    | tree.IsIn
    | tree.InHs
    | tree.InYear
    | tree.Within
    | tree.IsA
    | tree.HasStatus
    | tree.Quantified
    | tree.Applies,
    rank: int,
) -> list[Word]:
    deeper = rank + 1
    match node:
        case tree.Ordered(ordering=ordering, left=left, right=right, words=said):
            words = [*expression(left, deeper), *say(said or _USUAL_ORDERINGS[ordering], rank)]
            return [*words, *expression(right, deeper)]
        case tree.Between(operand=operand, lower=lower, upper=upper):
            words = [*expression(operand, deeper), *say("is between", rank), *expression(lower, deeper)]
            return [*words, *say("and", rank), *expression(upper, deeper)]
        case tree.Is(left=left, right=right, negated=negated):
            return [*expression(left, deeper), *_is(negated, "", rank), *expression(right, deeper)]
        case tree.InHs(operand=operand, code=code, negated=negated):
            return [*expression(operand, deeper), *_is(negated, f"in HS {code.code}", rank)]
        case tree.InYear(operand=operand, year=twelve, anchor=anchor, negated=negated):
            words = [*expression(operand, deeper), *_is(negated, "in", rank), *year(twelve)]
            return [*words, *say("that contains"), *expression(anchor, deeper)]
        case tree.Within(operand=operand, period=length, rounding=how, which=which, negated=negated):
            rounded = f" rounded {how}" if how is not None else ""
            words = [*expression(operand, deeper), *_is(negated, f"within {period(length)}{rounded}", rank)]
            return [*words, *say(which), *expression(node.anchor, deeper)]
        case tree.IsIn(operand=operand, options=options, negated=negated, date=day):
            if isinstance(options, tree.Ref):
                words = [*expression(operand, deeper), *_is(negated, "in", rank), *say(options.text)]
                return [*words, *say("on", rank), *expression(day, deeper)] if day is not None else words
            listed = enumerate_words((expression(option, deeper + 1) for option in options), deeper)
            words = [*expression(operand, deeper), *_is(negated, "one of", rank), Word("(")]
            return [*words, *glue(listed), Word(")", glued=True)]
        case tree.IsA(operand=operand, adjective=adjective, negated=negated, article=article):
            return [*expression(operand, deeper), *_is(negated, f"{article} {adjective.text}", rank)]
        case tree.HasStatus(country=country, status=status, partner=partner, good=good, date=day):
            words = expression(country, deeper)
            words += say(f"has status {status.text} of {partner.text}", rank)
            words += say(f"for {good.text}", rank) if good is not None else []
            return [*words, *say("on", rank), *expression(day, deeper)] if day is not None else words
        case tree.Quantified(kind=kind, list=records, predicate=predicate):
            verb = "are" if kind == "all" else "is"
            return [*say(f"{kind} of {records.text}"), *say(f"{verb} {predicate.text}", rank)]
        case tree.Applies(operand=operand, negated=negated):
            return [*expression(operand, deeper), *say("does not apply" if negated else "applies", rank)]
    assert_never(node)


def _is(negated: bool, more: str, rank: int) -> list[Word]:
    return say(f"is {'not ' if negated else ''}{more}", rank)


# ------------------------------------------------------------------------------------------ keys of tables


def key(node: tree.Key, rank: int) -> list[Word]:
    """One key of a row of a table."""
    match node:
        case tree.KeyWindow(window=dates, whole_year=True) if dates.start is not None:
            return say(f"in {dates.start.value.year}")
        case tree.KeyWindow(window=dates):
            return window(dates, NEVER)
        case tree.KeyGroup(name=name):
            return say(f"in {name.text}")
        case tree.KeyAny():
            return say("any")
        case tree.KeyRange(bounds=bounds):
            words = bound(bounds[0], rank + 1)
            for other in bounds[1:]:
                words += [*say("and", rank), *bound(other, NEVER)]
            return words
        case tree.KeyWords(options=options):
            words = expression(options[0], rank + 1)
            for option in options[1:]:
                words += [*say("or", rank, fill=True), *expression(option, rank + 1)]
            return words
    assert_never(node)
