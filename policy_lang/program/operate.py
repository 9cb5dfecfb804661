"""What an operator of the core gives for its operands."""

from __future__ import annotations

from typing import assert_never, cast

from policy_lang.program import events, operators
from policy_lang.program.core import (
    Op,
)
from policy_lang.program.numbers import Number
from policy_lang.program.schema import type_of, words
from policy_lang.program.types import Percent, is_numeric
from policy_lang.program.values import Value


def operate(expr: Op, operands: list[Value]) -> Value:
    """The value of an operation, once the values of its operands are there."""
    kinds = [type_of(e) for e in expr.operands]
    numeric = is_numeric(expr.type)
    match expr.operator:
        case "add":
            return operators.add(operands, numeric)
        case "lesser":
            return operators.lesser(operands, numeric)
        case "greater":
            return operators.greater(operands, numeric)
        case "subtract":
            dated = any(kind is not None and not is_numeric(kind) for kind in kinds)
            return operators.subtract(operands[0], operands[1], not dated)
        case "negate":
            return operators.negate(operands[0], numeric)
        case "multiply":
            percents = sum(isinstance(kind, Percent) for kind in kinds)
            return operators.multiply(operands, percents if percents < len(kinds) else 0)
        case "divide":
            return operators.divide(operands[0], operands[1])
        case "percent_of":
            return operators.percent_of(operands[0], operands[1])
        case "share_of":
            return operators.share_of(operands[0], operands[1], words(expr.operands[1]))
        case "as_percent":
            return operators.as_percent(operands[0], operands[1], words(expr.operands[1]))
        case "round":
            mode, multiple = expr.params
            return operators.round_to(operands[0], str(mode), cast(Number, multiple))
        case "add_period":
            return operators.add_period(operands[0], operands[1], str((*expr.params, "abort")[0]))
        case "subtract_period":
            return operators.subtract_period(operands[0], operands[1], str((*expr.params, "abort")[0]))
        case "first_of_month":
            return operators.first_of_month(operands[0])
        case "last_of_month":
            return operators.last_of_month(operands[0])
        case "year_of":
            return operators.year_of(operands[0])
        case "either_event":
            return cast(Value, events.either(cast("list[events.Happened]", operands)))
        case "each_event":
            return cast(Value, events.each(cast("list[events.Happened]", operands)))
        case "term_end":
            way, length, rounding, is_last_day = expr.params
            told = cast("events.Happened", operands[1])
            parts = cast("tuple[int, int, int]", length)
            return events.term_end(operands[0], told, str(way), parts, str(rounding), bool(is_last_day))
        case "start_of_year":
            month, day = expr.params
            return operators.start_of_year(operands[0], cast(int, month), cast(int, day))
        case "span":
            return operators.span(operands[0], operands[1])
        case "start_of_span":
            return operators.start_of_span(operands[0])
        case "end_of_span":
            return operators.end_of_span(operands[0])
        case "days_in":
            return operators.days_in(operands[0])
        case "days_common":
            return operators.days_common(operands[0], operands[1])
        case "hs_part":
            return operators.hs_part(operands[0], cast(int, expr.params[0]))
    assert_never(expr.operator)
