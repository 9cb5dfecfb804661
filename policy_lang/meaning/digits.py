"""How long results can get, told before anything runs: so no calculation ever outgrows exact arithmetic.

Without this, a known fact could turn an answer that was decided while it was unknown into an error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TypeAlias, assert_never

from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.program import core
from policy_lang.program.schema import below
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.text import Span

MOST_DIGITS = 4_000
_FACT = 34
_LONGEST_LIST = 20  # digits of the number of elements that any list could have

_Size: TypeAlias = tuple[int, int]
"""Digits before and after the point, at most."""


def too_long(definitions: Iterable[core.Definition], outcomes: Iterable[core.Outcome]) -> list[Diagnostic]:
    """A diagnostic for each definition, in order of calling, and each outcome that works out too long a number.

    What is only compared, or rounded afterwards, counts too: it has to be worked out all the same.
    """
    sizes: dict[str, _Size] = {}
    found: list[Diagnostic] = []
    for definition in definitions:
        parts = _Parts(sizes)
        size = parts.size(definition.body)
        if parts.longest > MOST_DIGITS:
            found.append(_said_of(definition.name.rpartition(".")[2], parts, definition.span))
            size = (_FACT, _FACT)  # said once, not again for all that rests on it
        sizes[definition.name] = size
    for outcome in outcomes:
        parts = _Parts(sizes)
        for expr in (outcome.body, *(defence.state for defence in outcome.defences)):
            parts.size(expr)
        if parts.longest > MOST_DIGITS:
            found.append(_said_of(outcome.name, parts, outcome.span))
    return found


def _said_of(name: str, parts: _Parts, span: Span) -> Diagnostic:
    return problems.RESULT_TOO_LONG.at(
        span,
        f"a result of `{name}` could have {parts.longest:,} digits",
        label="this definition",
        help="round an intermediate result, or multiply fewer values with one another",
    )


@define
class _Parts:
    """Every part of one expression is looked at; `longest` has the most digits that one of them could have."""

    sizes: Mapping[str, _Size]
    longest: int = 0
    _known: dict[int, _Size] = field(factory=dict)

    def size(self, expr: core.Expr) -> _Size:
        """The size of an expression; each part of it is worked out once."""
        known = self._known.get(id(expr))
        if known is None:
            inner = [self.size(part) for part in below(expr)]
            known = self._known[id(expr)] = _size(expr, inner, self.sizes)
            self.longest = max(self.longest, sum(known))
        return known


def _size(expr: core.Expr, inner: list[_Size], sizes: Mapping[str, _Size]) -> _Size:
    """The size of an expression from those of all directly inside it."""
    match expr:
        case core.Const(value=Decimal() as number):
            sign_digits = number.as_tuple()
            places = -int(sign_digits.exponent)
            return max(len(sign_digits.digits) - places, 1), max(places, 0)
        case core.Const() | core.Assumed() | core.Fact():
            return _FACT, _FACT
        case core.At() | core.Absent() | core.Compare() | core.Member() | core.And() | core.Or() | core.Not():
            return 1, 0
        case core.Op(operator=operator):
            return _size_of_op(operator, inner)
        case core.Choose(cases=cases):
            return _widest(inner[len(cases) :])
        case core.Fold(kind=kind, body=body):
            whole, places = inner[-1] if body is not None else (1, 0)
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
