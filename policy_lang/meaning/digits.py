"""How long results can get, told before anything runs: so no calculation ever outgrows exact arithmetic.

Without this, a known fact could turn an answer that was decided while it was unknown into an error.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import TypeAlias, assert_never

from policy_lang.meaning import problems
from policy_lang.program import core
from policy_lang.source.diagnostic import Diagnostic

MOST_DIGITS = 4_000
_FACT = 34
_LONGEST_LIST = 20  # digits of the number of elements that any list could have

_Size: TypeAlias = tuple[int, int]
"""Digits before and after the point, at most."""


def too_long(definitions: Iterable[core.Definition], outcomes: Iterable[core.Outcome]) -> list[Diagnostic]:
    """A diagnostic for each definition, in order of calling, whose result may be too long."""
    sizes: dict[str, _Size] = {}
    found: list[Diagnostic] = []
    for definition in definitions:
        size = _size(definition.body, sizes)
        if sum(size) > MOST_DIGITS:
            found.append(
                problems.RESULT_TOO_LONG.at(
                    definition.span,
                    f"a result of `{definition.name.rpartition('.')[2]}` could have {sum(size):,} digits",
                    label="this definition",
                    help="round an intermediate result, or multiply fewer values with one another",
                )
            )
            size = (_FACT, _FACT)  # said once, not again for all that rests on it
        sizes[definition.name] = size
    for outcome in outcomes:
        _size(outcome.body, sizes)
    return found


def _size(expr: core.Expr, sizes: dict[str, _Size]) -> _Size:
    match expr:
        case core.Const(value=Decimal() as number):
            sign_digits = number.as_tuple()
            places = -int(sign_digits.exponent)
            return max(len(sign_digits.digits) - places, 1), max(places, 0)
        case core.Const() | core.Assumed() | core.Fact():
            return _FACT, _FACT
        case core.At() | core.Absent() | core.Compare() | core.Member() | core.And() | core.Or() | core.Not():
            return 1, 0
        case core.Op(operator=operator, operands=operands):
            return _size_of_op(operator, [_size(operand, sizes) for operand in operands])
        case core.Choose(cases=cases, default=default):
            return _widest([_size(default, sizes), *(_size(case.value, sizes) for case in cases)])
        case core.Fold(kind=kind, body=body):
            whole, places = _size(body, sizes) if body is not None else (1, 0)
            return (whole + _LONGEST_LIST, places) if kind in ("sum", "count") else (whole, places)
        case core.Call(definition=name):
            return sizes.get(name, (_FACT, _FACT))
    assert_never(expr)


def _size_of_op(operator: core.Operator, parts: list[_Size]) -> _Size:
    whole, places = sum(p[0] for p in parts), sum(p[1] for p in parts)
    match operator:
        case "multiply" | "percent_of" | "share_of":
            return whole, places + 2
        case "divide" | "as_percent":
            return whole + places + 2, whole + places + 2  # numerator and denominator
        case "round":
            return parts[0][0] + 1, _FACT
        case "add" | "subtract":
            widest = _widest(parts)
            return widest[0] + len(str(len(parts))), widest[1]
        case _:
            return _widest(parts)


def _widest(parts: list[_Size]) -> _Size:
    return max(p[0] for p in parts), max(p[1] for p in parts)
