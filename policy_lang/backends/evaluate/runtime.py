"""What generated code runs on: the case at hand, and the names it may use."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from attrs import Factory, define

from policy_lang.program import events, operators, values
from policy_lang.program.facts import Given
from policy_lang.program.values import Absence, Interval, Value, unknown

Territories = Mapping[tuple[str, str], bool | None]


@define(eq=False)
class CaseInHand:
    """One case during one evaluation: facts about the case, assumptions, and what was worked out already."""

    case: Mapping[str, object]
    assumed: Mapping[str, Value]
    territories: Territories
    codes: frozenset[str]
    memo: dict[object, object] = Factory(dict)


def codes_of(pairs: Territories) -> frozenset[str]:
    """Every code that is not simply equal or different: the territories and their sovereigns."""
    return frozenset(code for pair in pairs for code in pair)


def generic(case: CaseInHand, parent: object, field: str) -> Given:
    """The element of an unknown list: a record of which nothing is known."""
    key = ("element", parent, field)
    found = case.memo.get(key)
    if not isinstance(found, Given):
        found = case.memo[key] = Given({})
    return found


def bound(case: CaseInHand, record: int, names: tuple[str, ...], given: tuple[object, ...]) -> Given:
    """The record made for a call; the same one for the same values, so that calls are worked out once."""
    key = ("bound", record, given)
    found = case.memo.get(key)
    if not isinstance(found, Given):
        found = case.memo[key] = Given(dict(zip(names, given, strict=True)))
    return found


def among(operand: Value, options: frozenset[Value]) -> Value:
    """Whether a value without an order is one of these known values."""
    if type(operand) is Absence:
        return values.equal(operand, None)
    return operand in options


def among_countries(case: CaseInHand, operand: Value, options: frozenset[Value]) -> Value:
    """Whether a country is one of these known countries (rule N5)."""
    if type(operand) is Absence:
        return values.equal(operand, None)
    if operand in options:
        return True
    if operand not in case.codes:
        return False
    equal = values.equal_countries
    return values.either([equal(case.territories, operand, o) for o in sorted(options, key=str)])


def among_any(case: CaseInHand, operand: Value, options: Sequence[Value], how: str) -> Value:
    """Whether a value is one of these; `how` names the comparison: country, plain, or ordered."""
    match how:
        case "country":
            return values.either([values.equal_countries(case.territories, operand, o) for o in options])
        case "ordered":
            return values.either([values.compare("eq", operand, o) for o in options])
        case _:
            return values.either([values.equal(operand, o) for o in options])


def assumption(case: CaseInHand, name: str) -> Value:
    """The value an assumption has in this run."""
    return case.assumed[name] if name in case.assumed else unknown((name,))


NAMES: dict[str, object] = {
    "__builtins__": {"type": type, "tuple": tuple, "frozenset": frozenset, "len": len},
    "Decimal": Decimal,
    "Fraction": Fraction,
    "date": datetime.date,
    "Absence": Absence,
    "Interval": Interval,
    "ANY": values.ANY,
    "generic": generic,
    "bound": bound,
    "among": among,
    "among_countries": among_countries,
    "among_any": among_any,
    "assumption": assumption,
    "both": values.both,
    "either": values.either,
    "negated": values.negated,
    "compare": values.compare,
    "equal": values.equal,
    "equal_countries": values.equal_countries,
    "choose_unordered": values.choose_unordered,
    "choose_first": values.choose_first,
    "fold": operators.fold,
    "fold_unknown": operators.fold_unknown,
    "add": operators.add,
    "subtract": operators.subtract,
    "negate": operators.negate,
    "multiply": operators.multiply,
    "divide": operators.divide,
    "percent_of": operators.percent_of,
    "share_of": operators.share_of,
    "as_percent": operators.as_percent,
    "lesser": operators.lesser,
    "greater": operators.greater,
    "round_to": operators.round_to,
    "add_period": operators.add_period,
    "subtract_period": operators.subtract_period,
    "first_of_month": operators.first_of_month,
    "last_of_month": operators.last_of_month,
    "year_of": operators.year_of,
    "either_event": events.either,
    "each_event": events.each,
    "term_end": events.term_end,
    "start_of_year": operators.start_of_year,
    "span": operators.span,
    "start_of_span": operators.start_of_span,
    "end_of_span": operators.end_of_span,
    "days_in": operators.days_in,
    "days_common": operators.days_common,
    "hs_part": operators.hs_part,
}
"""Everything that generated code can reach; in particular no builtin that reads or writes anything."""
