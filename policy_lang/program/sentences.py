"""The core in English: one template for each kind of expression, and short sentences about what was found.

Names of rules and lists are the policy's own; the names of facts stay as they are written in the facts.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import assert_never

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Choose,
    Compare,
    Comparison,
    Const,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Plain,
    Schedule,
)
from policy_lang.program.events import event_words
from policy_lang.program.facts import Events
from policy_lang.program.hs import PARTS
from policy_lang.program.numbers import in_words
from policy_lang.program.schema import children, type_of
from policy_lang.program.types import Date, Dates, HsCode, Money, Number, Percent, Quantity, Type
from policy_lang.program.values import Absence

MONTHS = tuple(
    "January February March April May June July August September October November December".split()
)
DEEPEST = 12  # brackets within brackets that a sentence can bear
_MOST_MEMBERS = 8  # of a list that are named one by one

_NUMBERS: dict[Comparison, str] = {"lt": "less than", "le": "at most", "gt": "more than", "ge": "at least"}
_DATES: dict[Comparison, str] = {"lt": "before", "le": "on or before", "gt": "after", "ge": "on or after"}
_STATUS = " has status "
_BE = ("is ", "are ", "was ", "were ")  # a rule called `is traced` is denied as `is not traced`
_OPPOSITE: dict[Comparison, Comparison] = {"lt": "ge", "ge": "lt", "le": "gt", "gt": "le", "eq": "eq"}


_PARTS = {"applies": "applies", "permits": "permits it", "changes_nothing": "changes nothing"}
"""What is said of the part of a clause that other clauses ask for."""


def said(value: object, kind: Type | None = None) -> str:
    """A value as people write it: `62.5 %`, `3750 USD`, `2024-02-29`, `2 years`, `yes`."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (Decimal, Fraction)):
        match kind:
            case Percent():
                return f"{in_words(value)} %"
            case Money(currency=unit) | Quantity(unit=unit):
                return f"{in_words(value)} {unit}"
            case _:
                return in_words(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(kind, HsCode):
        return f"HS {value}"
    if isinstance(value, Events):
        return listed([day.isoformat() for day in value.dates], "and") or "none so far"
    if isinstance(value, Absence):
        return {"unknown": "not known", "error": "an error", "conflict": "in conflict"}.get(
            value.reason, value.reason
        )
    if isinstance(value, tuple):
        if len(value) == 2 and all(isinstance(day, datetime.date) for day in value):
            return f"{value[0].isoformat()} to {value[1].isoformat()}"
        return period(value) if value and all(isinstance(n, int) for n in value) else "a list"
    return " ".join(str(value).splitlines())  # a sentence has one line, whatever the facts say


def period(parts: Sequence[int]) -> str:
    """Years, months and days in words."""
    named = zip(parts, ("year", "month", "day"), strict=False)
    return listed([f"{n} {unit}{'' if n in (1, -1) else 's'}" for n, unit in named if n], "and") or "0 days"


def listed(words: Sequence[str], joint: str) -> str:
    """`a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {joint} {words[-1]}" if words else ""


def short_name(definition: str) -> str:
    """The name of a definition as a sentence has it: without its instrument, with blanks."""
    name, _, part = definition.rpartition(".")[2].partition("#")
    words = name.replace("_", " ")
    return f"{words} {_PARTS[part]}" if part in _PARTS else words


def relation(comparison: Comparison, kind: Type | None, holds: bool) -> str:
    """The words for an order that holds, or for the opposite of one that does not."""
    chosen = comparison if holds else _OPPOSITE[comparison]
    return (_DATES if isinstance(kind, Date) else _NUMBERS)[chosen]


# ------------------------------------------------------------------------------ templates


def template(node: Expr, parts: Sequence[str]) -> str:
    """The words for a node, made of the words for its parts; those of a fold are its list, where and body."""
    match node:
        case Const(value=value, type=kind):
            return said(value, kind)
        case Fact(record=record, field=name):
            if isinstance(node.type, Dates):
                return event_words(name)
            if record is not None and "#" in record:
                return "that day"  # of the element for which a running total is asked
            return f"{record}.{name}" if record is not None else name
        case Assumed(name=name):
            return name
        case At():
            return "the date asked about"
        case Op():
            return operation(node, parts)
        case Compare(comparison="eq"):
            return f"{parts[0]} is {parts[1]}"
        case Compare(comparison=comparison, left=left):
            return f"{parts[0]} is {relation(comparison, type_of(left), True)} {parts[1]}"
        case Member(name=None):
            return f"{parts[0]} is {listed(parts[1:], 'or') or 'one of an empty list'}"
        case Member(name=name):
            return f"{parts[0]} is one of {options(name, parts[1:])}"
        case And():
            return " and ".join(parts)
        case Or():
            return " or ".join(parts)
        case Not(operand=operand):
            return negation(operand, parts[0])
        case Choose(cases=cases):
            count = len(cases)
            if count > 3:
                return "a value by cases"
            said_cases = [f"{parts[count + n]} when {parts[n]}" for n in range(count)]
            return ", ".join([*said_cases, f"otherwise {parts[-1]}"])
        case Absent(message=message):
            return f"no value ({message})"
        case Fold():
            return _over_list(node, parts)
        case Call(definition=definition, at=at):
            return f"{short_name(definition)} on {parts[-1]}" if at is not None else short_name(definition)
    assert_never(node)


def _over_list(node: Fold, parts: Sequence[str]) -> str:
    narrowed = f"{parts[0]} where {parts[1]}" if node.where is not None else parts[0]
    is_name = isinstance(node.body, (Fact, Call))
    match node.kind:
        case "count":
            return f"the number of {narrowed}"
        case "any":
            return f"any of {narrowed} is {parts[-1]}" if is_name else f"for any of {narrowed}, {parts[-1]}"
        case "all":
            return f"all of {narrowed} are {parts[-1]}" if is_name else f"for all of {narrowed}, {parts[-1]}"
        case "sum":
            return f"the sum of {parts[-1]} over {narrowed}"
        case "most" | "least":
            return f"the {'greatest' if node.kind == 'most' else 'least'} {parts[-1]} over {narrowed}"
    assert_never(node.kind)


def operation(node: Op, parts: Sequence[str], say: Callable[[object, Type], str] | None = None) -> str:
    """The words for a calculation, made of those for its operands; `say` gives the words for a constant."""
    match node.operator:
        case "add":
            return " + ".join(parts)
        case "subtract":
            return f"{parts[0]} - {parts[1]}"
        case "negate":
            return f"-{parts[0]}"
        case "multiply" | "divide" if (units := _conversion(node)) is not None:
            one, other = units if node.operator == "multiply" else units[::-1]
            return f"{parts[0]} in {units[1]} (1 {one} is {parts[1]} {other})"
        case "multiply":
            return " * ".join(parts)
        case "divide":
            return f"{parts[0]} / {parts[1]}"
        case "percent_of":
            joint = "of" if isinstance(node.operands[0], Const) else "applied to"  # as authors write it
            return f"{parts[0]} {joint} {parts[1]}"
        case "share_of":
            return f"{parts[0]} of {parts[1]}"
        case "as_percent":
            return f"{parts[0]} as percent of {parts[1]}"
        case "lesser" | "greater":
            return f"the {node.operator} of {listed(parts, 'and')}"
        case "round":
            mode, multiple = node.params
            return f"{parts[0]} rounded {mode} to {_rounded_to(multiple, node.type, say or said)}"
        case "add_period" | "subtract_period":
            way = "after" if node.operator == "add_period" else "before"
            rounding = node.params[0] if node.params else "abort"
            how = f" (rounded {rounding})" if rounding != "abort" else ""
            if not how and not any(isinstance(one, Const) for one in node.operands):
                how = " (rounded never)"
            return f"{parts[1]} {way} {parts[0]}{how}"
        case "first_of_month":
            return f"the first day of the month of {parts[0]}"
        case "last_of_month":
            return f"the last day of the month of {parts[0]}"
        case "year_of":
            return f"the year of {parts[0]}"
        case "either_event":
            return listed(parts, "or")
        case "each_event":
            return listed(parts, "and")
        case "term_end":
            extends, length, _, _ = node.params
            how = f"by {said(length)} by" if extends == "by" else f"until {said(length)} after"
            return f"the last day of its term ({parts[0]}, extended {how} {parts[1]})"
        case "start_of_year":
            month, day = node.params
            return (
                f"the first day of the year from {day} {MONTHS[int(str(month)) - 1]} that contains {parts[0]}"
            )
        case "span":
            return f"from {parts[0]} until {parts[1]}"
        case "start_of_span" | "end_of_span":
            return f"the {'first' if node.operator == 'start_of_span' else 'last'} day of {parts[0]}"
        case "days_in":
            return f"the number of days in {parts[0]}"
        case "days_common":
            return f"the number of days common to {parts[0]} and {parts[1]}"
        case "hs_part":
            digits = int(str(node.params[0]))
            named = {length: name for name, length in PARTS.items()}.get(digits)
            return f"the {named or f'first {digits} digits'} of {parts[0]}"
    assert_never(node.operator)


def _conversion(node: Op) -> tuple[str, str] | None:
    """From which unit into which a quantity is converted, where that is what the operation does."""
    first = type_of(node.operands[0])
    if isinstance(first, Quantity) and isinstance(node.type, Quantity) and first.unit != node.type.unit:
        return first.unit, node.type.unit
    return None


def _rounded_to(multiple: Plain | int, kind: Type, say: Callable[[object, Type], str]) -> str:
    """What is rounded to, as authors write it: `a whole number`, `2 decimals`, `a multiple of 1000 USD`."""
    if multiple == 1:
        return "a whole number" if isinstance(kind, Number) else "a whole amount"
    if isinstance(multiple, Decimal) and multiple < 1 and multiple.normalize().as_tuple().digits == (1,):
        places = -int(multiple.normalize().as_tuple().exponent)
        return f"{places} decimal{'' if places == 1 else 's'}"
    return f"a multiple of {say(multiple, kind)}"


def negation(operand: Expr, words: str) -> str:
    """The words for the opposite of an expression that has these words."""
    match operand:
        case Compare(comparison=comparison, left=left) if comparison != "eq":
            kind = type_of(left)
            holds, opposite = relation(comparison, kind, True), relation(comparison, kind, False)
            return words.replace(f" is {holds} ", f" is {opposite} ", 1)
        case Compare() | Member():
            return words.replace(" is ", " is not ", 1)
        case Fold(kind="any", body=Fact() | Call()):
            return words.replace("any of", "none of", 1)
        case Not() if words.startswith("not "):
            return words[4:]
        case And():
            return f"not all of this holds: {words}"
        case Or() | Fold(kind="any"):
            return (
                words.replace(" has status ", " does not have status ") if _STATUS in words else _none(words)
            )
        case Fold(kind="all"):
            return f"not {words}"
        case _ if _STATUS in words:
            return words.replace(_STATUS, " does not have status ", 1)
        case _ if words.startswith(_BE):
            verb, _, rest = words.partition(" ")
            return f"{verb} not {rest}"
        case _:
            return f"{words} is no"


def _none(words: str) -> str:
    return (
        words.replace("for any of", "for none of", 1)
        if "for any of" in words
        else f"none of this holds: {words}"
    )


def options(name: str | None, members: Sequence[str]) -> str:
    """What a value may be one of: the name of the list, and its members when they are few."""
    if name is None:
        return listed(members, "or") or "an empty list"
    name = "the parties" if name == "parties" else name
    if len(members) > _MOST_MEMBERS:
        return name
    return f"{name} ({', '.join(members)})" if members else f"{name} (an empty list)"


_BRACKETED = (Op, And, Or, Choose, Fold)


def phrase(node: Expr, inside: str | None = None, depth: int = 0) -> str:
    """An expression in words, without any value; what nests very deep ends in dots.

    `inside` is the record of a list that is gone through: its fields need no more than their names.
    """
    if depth > DEEPEST:
        return "..."
    if isinstance(node, Fact) and node.record == inside is not None:
        return node.field
    if isinstance(node, Choose) and is_guard(node):
        return phrase(node.default, inside, depth)
    if isinstance(node, Member) and node.name is not None:
        return f"{phrase(node.operand, inside, depth + 1)} is one of {node.name}"
    if isinstance(node, Fold):
        inner = [phrase(one, node.record, depth + 1) for one in parts_of(node)[1:]]
        return template(node, [phrase(node.list, inside, depth + 1), *inner])
    return template(node, [bracketed(node, one, phrase(one, inside, depth + 1)) for one in parts_of(node)])


def is_guard(node: Choose) -> bool:
    """Whether a choice only asks first whether something is in force."""
    windows = [isinstance(one.value, Absent) and one.value.reason == "not in force" for one in node.cases]
    return node.mode == "first" and bool(windows) and all(windows)


def parts_of(node: Expr) -> tuple[Expr, ...]:
    """The parts whose words make up the words of a node."""
    if isinstance(node, Fold):
        return tuple(one for one in (node.list, node.where, node.body) if one is not None)
    return children(node)


def bracketed(outer: Expr, inner: Expr, words: str) -> str:
    """The words of a part, in brackets where they would run into those around them."""
    runs_on = isinstance(inner, _BRACKETED) and isinstance(outer, (Op, Compare, And, Or, Not))
    if isinstance(outer, (And, Or)) and isinstance(inner, (Op, Fold)):
        runs_on = False
    if isinstance(outer, Compare) and isinstance(inner, Op):
        runs_on = False
    if isinstance(outer, Not) and not isinstance(inner, (And, Or)):
        runs_on = False
    return f"({words})" if runs_on else words


def schedule_words(schedule: Schedule) -> str:
    """When an obligation falls due, in words."""
    anchor = schedule.anchor_words
    if schedule.first is not None and schedule.month_day is not None:
        first = f"on the {schedule.month_day} day of the {nth(schedule.first[1])} month after {anchor}"
    elif schedule.first is not None and schedule.anniversary:
        first = f"on the {nth(schedule.first[0])} anniversary of {anchor}"
    elif schedule.first is None:
        first = f"by {anchor}" if anchor[:1].isdigit() else f"on the day of {anchor}"
    elif schedule.backwards:
        first = f"at least {period(schedule.first)} before {anchor}"
    else:
        first = f"within {period(schedule.first)} of {anchor}"
    if schedule.every is None:
        return first
    origin = "the previous due date" if schedule.counted_from == "due" else "the day it was last done"
    again = f"{first}, and every {period(schedule.every)} thereafter, counted from {origin}"
    if isinstance(schedule.last, Const):
        again += f", until {said(schedule.last.value)}"
    return again if schedule.recurs is None else f"{again}, when {phrase(schedule.recurs)}"


def nth(count: int) -> str:
    """`1st`, `2nd`, `3rd`, `11th`."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{'th' if count % 100 in (11, 12, 13) else ending}"
