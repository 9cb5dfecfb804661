"""The strict operators as formulas: any operand without value gives none (rule W3)."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, assert_never

import z3
from attrs import frozen

from policy_lang.backends.prove.days import LAST
from policy_lang.backends.prove.forms import (
    Content,
    Form,
    NotLowered,
    Truth,
    all_of,
    any_of,
    blank,
    choice,
    equal,
    is_false,
    is_formula,
    is_true,
    opposite,
    term,
    wanted,
    worst,
)
from policy_lang.backends.prove.happenings import each_event, either_event
from policy_lang.backends.prove.reach import (
    FAR,
    End,
    Reach,
    added,
    end_by,
    ends_of,
    form_of,
    innermost,
    is_sure,
    outermost,
    related,
    times,
    turned,
    unknown_of,
)
from policy_lang.backends.prove.space import Space
from policy_lang.program import dates
from policy_lang.program.core import Op
from policy_lang.program.hs import CodeTooShortError, part_of
from policy_lang.program.numbers import round_to
from policy_lang.program.schema import type_of
from policy_lang.program.types import Date, Percent, Period, Type, is_numeric, is_ordered

_Done = tuple[Content, Truth]
"""The result, and when there is none."""


@frozen(eq=False)
class Operators:
    """Works operators out over the facts of a space."""

    space: Space

    def operate(self, expr: Op, raw: Sequence[Form]) -> Form:
        """What an operator gives for these operands."""
        operands = [wanted(one) for one in raw]
        if expr.operator in ("either_event", "each_event"):
            together = either_event if expr.operator == "either_event" else each_event
            told = worst([pair for one in operands for pair in one.gone.items()])
            return Form(together([one.content for one in operands]), told)
        if expr.operator == "term_end":
            return self._term_end(expr, *operands)
        gone = worst([pair for one in operands for pair in one.gone.items()])
        missing = any_of(gone.values())
        if any(is_true(one.is_gone) for one in operands):
            content, wrong = blank(expr.type), False
        else:
            content, wrong = self._work_out(expr, [one.content for one in operands])
        error = all_of((opposite(missing), wrong))
        found = worst([*gone.items(), ("error", error)])
        if "unknown" not in found:
            return Form(content, found)
        reach = reach_of(expr, [type_of(one) for one in expr.operands], operands)
        return form_of(content, found, reach, is_ordered=is_ordered(expr.type))

    def _work_out(self, expr: Op, v: list[Content]) -> _Done:
        kinds = [type_of(one) for one in expr.operands]
        days = self.space.days
        match expr.operator:
            case "add":
                if isinstance(kinds[0], Date):
                    return self._moved_on(v[0], v[1:], _rounding(expr))
                if isinstance(kinds[0], Period):
                    return tuple(_sum(column) for column in zip(*v, strict=True)), False
                return _sum(v), False
            case "subtract":
                if isinstance(kinds[1], Period) and isinstance(kinds[0], Date):
                    return self._shifted(v[0], v[1], -1, _rounding(expr))
                if isinstance(kinds[0], Date):
                    return _number(v[0] - v[1]), False
                if isinstance(kinds[0], Period):
                    return tuple(a - b for a, b in zip(v[0], v[1], strict=True)), False
                return _sum((v[0], _times((Fraction(-1), v[1])))), False
            case "negate":
                if isinstance(kinds[0], Period):
                    return tuple(-one for one in v[0]), False
                return _times((Fraction(-1), v[0])), False
            case "multiply":
                return _times((*v, _scale(kinds))), False
            case "divide":
                return _quotient(v[0], v[1]), _is(v[1], "==")
            case "percent_of":
                return _times((*v, Fraction(1, 100))), False
            case "share_of":
                return _times((*v, Fraction(1, 100))), _is(v[1], "<=")
            case "as_percent":
                return _times((_quotient(v[0], v[1]), Fraction(100))), _is(v[1], "<=")
            case "lesser" | "greater":
                best = v[0]
                for one in v[1:]:
                    a, b = (term(one), term(best)) if is_formula(one) or is_formula(best) else (one, best)
                    best = choice(a < b if expr.operator == "lesser" else a > b, one, best)
                return best, False
            case "round":
                return _rounded(v[0], *_mode_and_multiple(expr)), False
            case "add_period":
                return self._shifted(v[0], v[1], 1, str(expr.params[0]))
            case "subtract_period":
                return self._shifted(v[0], v[1], -1, str(expr.params[0]))
            case "first_of_month":
                return days.first_of_month(v[0]), False
            case "last_of_month":
                return days.last_of_month(v[0]), False
            case "year_of":
                return _number(days.parts(v[0])[0]), False
            case "start_of_year":
                return days.start_of_year(v[0], int(str(expr.params[0])), int(str(expr.params[1])))
            case "span":
                return (v[0], v[1]), v[1] < v[0]
            case "start_of_span":
                return v[0][0], False
            case "end_of_span":
                return v[0][1], False
            case "days_in":
                return _number(v[0][1] - v[0][0] + 1), False
            case "days_common":
                first = choice(_less(v[0][0], v[1][0]), v[1][0], v[0][0])
                last = choice(_less(v[1][1], v[0][1]), v[1][1], v[0][1])
                common = last - first + 1
                return _number(choice(_less(common, 0), 0, common)), False
            case "hs_part":
                return self._hs_part(v[0], int(str(expr.params[0])))
            case "either_event" | "each_event" | "term_end":
                raise AssertionError(expr.operator)
            case _:
                assert_never(expr.operator)

    def _moved_on(self, day: Content, periods: Sequence[Content], rounding: str) -> _Done:
        wrong: Truth = False
        for period in periods:
            day, failed = self._shifted(day, period, 1, rounding)
            wrong = any_of((wrong, failed))
        return day, wrong

    def _shifted(self, day: Content, period: Content, sign: int, rounding: str) -> _Done:
        if not any(is_formula(one) for one in (day, *period)):
            move = dates.add_period if sign == 1 else dates.subtract_period
            try:
                moved = move(datetime.date.fromordinal(min(max(int(day), 1), 3652059)), period, rounding)
            except (dates.NoSuchDayError, dates.DateOutOfRangeError):
                return 1, True
            return moved.toordinal(), False
        return self.space.days.moved(day, period, sign, rounding)

    def _term_end(self, expr: Op, first: Form, event: Form) -> Form:
        """T7: the last day of a term that is extended each time the event happens while it lasts."""
        way, length, rounding, is_last_day = expr.params
        known_until, count, *happened = event.content
        back = 0 if is_last_day else 1
        end, wrong, active = first.content, False, True
        for n in range(len(happened)):
            active = all_of((active, related("gt", count, n), related("le", happened[n], end - back)))
            moved, failed = self._shifted(end if way == "by" else happened[n], length, 1, str(rounding))
            wrong = any_of((wrong, all_of((active, failed))))
            later = all_of((active, related("gt", moved, end)))
            end = choice(later, moved, end)
        last = end - back
        there = opposite(first.is_gone)
        told = not is_formula(known_until) or related("ge", known_until, last)
        open_ = all_of((there, opposite(wrong), opposite(told)))
        found = [
            *first.gone.items(),
            ("error", all_of((there, wrong))),
            ("unknown", open_),
            *event.gone.items(),
        ]
        sure = all_of((open_, opposite(event.is_gone)))
        return form_of(last, worst(found), Reach(sure, End(last), End(LAST)), is_ordered=True)

    def _hs_part(self, code: Content, digits: int) -> _Done:
        known = range(len(self.space.names))
        if not is_formula(code):
            return self._part_of(int(code), digits)
        found: dict[int, list[int]] = {}
        short: list[int] = []
        for number in list(known):
            if not self.space.names[number][:1].isdigit():
                continue
            content, wrong = self._part_of(number, digits)
            if wrong:
                short.append(number)
            else:
                found.setdefault(content, []).append(number)
        result: Content = 0
        for content, numbers in found.items():
            result = choice(any_of(code == one for one in numbers), content, result)
        return result, any_of(code == one for one in short)

    def _part_of(self, number: int, digits: int) -> tuple[int, bool]:
        try:
            return self.space.word(part_of(self.space.names[number], digits)), False
        except CodeTooShortError:
            return 0, True


# ------------------------------------------------------------------------- results of unknowns (W2)


def reach_of(expr: Op, kinds: Sequence[Type | None], operands: Sequence[Form]) -> Reach | None:
    """Where the result lies when an operand is unknown; None where it may turn out not to exist."""
    sure = all_of(is_sure(one) for one in operands)
    match expr.operator:
        case _ if sure is False:
            return None
        case "hs_part":
            return Reach(sure)
        case "days_in":
            return Reach(sure, End(Fraction(1)))
        case "days_common":
            return Reach(sure, End(Fraction(0)), _shortest(operands))
        case _ if all(kind is not None and is_numeric(kind) for kind in kinds):
            return _reach_of_numbers(expr, kinds, operands, sure)
        case _:
            return None


def _shortest(spans: Sequence[Form]) -> End:
    """The length of the first span that is known."""
    found = FAR
    for one in reversed(spans):
        if not is_formula(unknown_of(one)) and unknown_of(one):
            continue
        length = End(_number(one.content[1] - one.content[0] + 1))
        found = end_by(opposite(unknown_of(one)), length, found)
    return found


def _reach_of_numbers(
    expr: Op, kinds: Sequence[Type | None], operands: Sequence[Form], sure: Truth
) -> Reach | None:
    at = [ends_of(one) for one in operands]
    match expr.operator:
        case "add":
            return Reach(sure, added(low for low, _ in at), added(high for _, high in at))
        case "subtract":
            (low, high), (less, more) = at
            return Reach(sure, added((low, turned(more))), added((high, turned(less))))
        case "negate":
            return Reach(sure, turned(at[0][1]), turned(at[0][0]))
        case "multiply":
            return Reach(sure, *_product([*at, _point(_scale(kinds))]))
        case "percent_of":
            return Reach(sure, *_product([*at, _point(Fraction(1, 100))]))
        case "share_of":
            whole = at[1][0]
            above = any_of(
                (
                    related("gt", whole.at, Fraction(0)),
                    all_of((opposite(whole.closed), equal(whole.at, Fraction(0)))),
                )
            )
            sure = all_of((sure, opposite(whole.far), above))
            return None if is_false(sure) else Reach(sure, *_product([*at, _point(Fraction(1, 100))]))
        case "divide" | "as_percent":
            divisor = operands[1]
            wrong = _is(divisor.content, "==" if expr.operator == "divide" else "<=")
            sure = all_of((sure, opposite(unknown_of(divisor)), opposite(wrong)))
            if is_false(sure):
                return None
            scale = Fraction(1) if expr.operator == "divide" else Fraction(100)
            return Reach(sure, *times(at[0], _point(_quotient(scale, divisor.content))))
        case "lesser":
            lows, highs = ([(True, pair[side]) for pair in at] for side in (0, 1))
            return Reach(sure, outermost(lows, "lt", True), innermost(highs, "lt", False))
        case "greater":
            lows, highs = ([(True, pair[side]) for pair in at] for side in (0, 1))
            return Reach(sure, innermost(lows, "gt", False), outermost(highs, "gt", True))
        case "round":
            mode, multiple = _mode_and_multiple(expr)
            low, high = (
                one if one.far is True else End(_rounded(one.at, mode, multiple), one.far, opposite(one.far))
                for one in at[0]
            )
            return Reach(sure, low, high)
        case _:
            return None


def _point(content: Content) -> tuple[End, End]:
    end = End(content)
    return end, end


def _product(spans: Sequence[tuple[End, End]]) -> tuple[End, End]:
    product = spans[0]
    for one in spans[1:]:
        product = times(product, one)
    return product


def _scale(kinds: Sequence[Type | None]) -> Fraction:
    """The hundredths by which percentages count among factors that are none."""
    percents = sum(isinstance(kind, Percent) for kind in kinds)
    return Fraction(1, 100**percents) if percents < len(kinds) else Fraction(1)


# ------------------------------------------------------------------------------------------ numbers


def _rounding(expr: Op) -> str:
    return str((*expr.params, "abort")[0])


def _less(a: Content, b: Content) -> Truth:
    return a < b


def _is(a: Content, relation: str) -> Truth:
    left = term(a) if is_formula(a) else a
    return left == 0 if relation == "==" else left <= 0


def _number(content: Content) -> Content:
    """A whole number of the calendar as a number of the policy."""
    return z3.ToReal(content) if is_formula(content) else Fraction(content)


def _sum(parts: Sequence[Content]) -> Content:
    result: Content = None
    for part_ in parts:
        if result is None:
            result = part_
        elif is_formula(result) or is_formula(part_):
            result = term(result) + term(part_)
        else:
            result = result + part_
    return result


def _times(parts: Sequence[Content]) -> Content:
    scale = math.prod((one for one in parts if not is_formula(one)), start=Fraction(1))
    factors = [one for one in parts if is_formula(one)]
    if not factors or scale == 0:
        return scale
    result: Any = factors[0]
    for one in factors[1:]:
        result = result * one
    return result if scale == 1 else result * term(scale)


def _quotient(a: Content, b: Content) -> Content:
    """Only where the divisor is not zero is it used."""
    if not is_formula(b):
        return _times((a, 1 / b)) if b != 0 else Fraction(0)
    return term(a) / b


def _mode_and_multiple(expr: Op) -> tuple[str, Fraction]:
    """How to round, and to a multiple of which number."""
    mode, multiple = expr.params
    assert isinstance(multiple, (int, Decimal, Fraction))
    return str(mode), Fraction(multiple)


def _rounded(value: Content, mode: str, multiple: Fraction) -> Content:
    if not is_formula(value):
        return Fraction(round_to(mode, value, multiple))
    steps = value / term(multiple)
    whole = z3.ToInt(steps)
    rest = steps - z3.ToReal(whole)
    half = term(Fraction(1, 2))
    match mode:
        case "down":
            more: Any = z3.BoolVal(False)
        case "up":
            more = rest > 0
        case "half up":
            more = rest >= half
        case "half down":
            more = rest > half
        case "towards zero":
            more = z3.And(value < 0, rest > 0)
        case "away from zero":
            more = z3.And(value > 0, rest > 0)
        case "half away from zero":
            more = z3.Or(rest > half, z3.And(rest == half, value > 0))
        case "half even":
            more = z3.Or(rest > half, z3.And(rest == half, whole % 2 == 1))
        case _:
            raise NotLowered("a way of rounding that is not known here")
    return z3.ToReal(whole + z3.If(more, 1, 0)) * term(multiple)
