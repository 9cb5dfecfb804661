"""Which expressions are known to be more than nothing wherever another one is evaluated.

`A is more than 0 and B is at least 50 % of A`: the second part matters only where the first holds, because one
`no` decides an `and` (rule W3). The same is true of the value of a case, where its condition holds.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias, TypeGuard

from attrs import field, frozen

from policy_lang.program import core

Known: TypeAlias = frozenset[core.Expr]
"""Numbers that are more than nothing, and lists (as facts) that have an element."""

_MOST_STEPS = 12


@frozen
class Guards:
    """Reads conditions in the light of the definitions and records that they call on."""

    definitions: Mapping[str, core.Definition]
    records: Mapping[str, core.RecordSchema]
    # What was found of each definition with so many steps to go: rules may call on one another in many ways.
    _implied: dict[tuple[str, bool, int], Known] = field(factory=dict, init=False)
    _signs: dict[tuple[str, str, int], bool] = field(factory=dict, init=False)

    def walk(self, root: core.Expr) -> Iterator[tuple[core.Expr, Known]]:
        """Every expression in `root`, with what is known where it matters. Calls are not entered."""
        waiting: list[tuple[core.Expr, Known]] = [(root, frozenset())]
        while waiting:
            expr, known = waiting.pop()
            yield expr, known
            match expr:
                case core.And(operands=operands):
                    waiting.extend(self._beside(operands, known, True))
                case core.Or(operands=operands):
                    waiting.extend(self._beside(operands, known, False))
                case core.Not(operand=operand):
                    waiting.append((operand, known))
                case core.Choose(cases=cases, default=default):
                    rest = set(known)
                    for case in cases:
                        waiting.append((case.when, known))
                        waiting.append((case.value, known | self.implied(case.when, True)))
                        rest |= self.implied(case.when, False)
                    waiting.append((default, frozenset(rest)))
                case core.Fold(where=where, body=body):
                    kept = known
                    if where is not None:
                        waiting.append((where, known))
                        kept |= self.implied(where, True)
                    if body is not None:
                        waiting.append((body, kept))
                case core.Op(operands=operands):
                    waiting.extend((operand, known) for operand in operands)
                case core.Compare(left=left, right=right):
                    waiting.extend(((left, known), (right, known)))
                case core.Member(operand=operand, options=options):
                    waiting.extend((part, known) for part in (operand, *options))
                case core.Call(bind=bind, at=at):
                    waiting.extend((value, known) for _, value in (bind.fields if bind is not None else ()))
                    if at is not None:
                        waiting.append((at, known))
                case _:
                    pass

    def _beside(
        self, operands: tuple[core.Expr, ...], known: Known, truth: bool
    ) -> Iterator[tuple[core.Expr, Known]]:
        """Each operand with what follows from all of them: if any were otherwise, it alone would decide."""
        together = known.union(*(self.implied(operand, truth) for operand in operands))
        for operand in operands:
            yield operand, together

    def implied(self, condition: core.Expr, truth: bool, steps: int = _MOST_STEPS) -> Known:
        """What is more than nothing when the condition is yes (`truth`), or when it is no."""
        if steps == 0:
            return frozenset()
        match condition:
            case core.Not(operand=operand):
                return self.implied(operand, not truth, steps - 1)
            case core.And(operands=operands) if truth:
                return frozenset().union(*(self.implied(o, True, steps - 1) for o in operands))
            case core.Or(operands=operands) if not truth:
                return frozenset().union(*(self.implied(o, False, steps - 1) for o in operands))
            case core.Compare(comparison=comparison, left=left, right=right):
                found: set[core.Expr] = set()
                if _is_bounded(comparison, right, truth):
                    found.add(left)
                if _is_bounded(_TURNED[comparison], left, truth):
                    found.add(right)
                return frozenset(found | {o.list for o in found if isinstance(o, core.Fold)})
            case core.Fold(kind="any", list=elements) if truth:
                return frozenset({elements})
            case core.Call(definition=name, bind=None, at=None) if name in self.definitions:
                found_before = self._implied.get((name, truth, steps))
                if found_before is None:
                    found_before = self.implied(self.definitions[name].body, truth, steps - 1)
                    self._implied[name, truth, steps] = found_before
                return found_before
            case core.Choose(cases=(core.Case(when=when, value=core.Const(value=True)),), default=default):
                return self.implied(when, True, steps - 1) if truth and _is_no(default) else frozenset()
            case _:
                return frozenset()

    def is_positive(self, expr: core.Expr, steps: int = _MOST_STEPS) -> bool:
        """Whether a number is surely more than nothing, whatever the facts."""
        if steps == 0:
            return False
        match expr:
            case core.Const(value=value):
                return _is_number(value) and value > 0
            case core.Fact(record=str(record), field=name):
                bounds = self._bounds(record, name)
                return bounds is not None and _is_above_zero(bounds)
            case core.Op(operator="multiply" | "lesser", operands=operands):
                return all(self.is_positive(o, steps - 1) for o in operands)
            case core.Op(operator="greater", operands=operands):
                return any(self.is_positive(o, steps - 1) for o in operands)
            case core.Op(operator="add", operands=operands):
                positive = [self.is_positive(o, steps - 1) for o in operands]
                return any(positive) and all(
                    p or self.is_not_negative(o, steps - 1) for o, p in zip(operands, positive, strict=True)
                )
            case core.Choose(cases=cases, default=default):
                values = [case.value for case in cases] + [default]
                return all(isinstance(v, core.Absent) or self.is_positive(v, steps - 1) for v in values)
            case core.Call(definition=name, at=None) if name in self.definitions:
                key = (name, "positive", steps)
                if key not in self._signs:
                    self._signs[key] = self.is_positive(self.definitions[name].body, steps - 1)
                return self._signs[key]
            case _:
                return False

    def is_not_negative(self, expr: core.Expr, steps: int = _MOST_STEPS) -> bool:
        """Whether a number is surely nothing or more."""
        if steps == 0:
            return False
        match expr:
            case core.Const(value=value):
                return _is_number(value) and value >= 0
            case core.Fact(record=str(record), field=name):
                bounds = self._bounds(record, name)
                return bounds is not None and isinstance(bounds.lower, Decimal) and bounds.lower >= 0
            case core.Fold(kind="count"):
                return True
            case core.Fold(kind="sum", body=body) if body is not None:
                return self.is_not_negative(body, steps - 1)
            case core.Op(operator="add" | "multiply" | "lesser" | "greater", operands=operands):
                return all(self.is_not_negative(o, steps - 1) for o in operands)
            case core.Call(definition=name, at=None) if name in self.definitions:
                key = (name, "not_negative", steps)
                if key not in self._signs:
                    self._signs[key] = self.is_not_negative(self.definitions[name].body, steps - 1)
                return self._signs[key]
            case _:
                return False

    def _bounds(self, record: str, name: str) -> core.Bounds | None:
        schema = self.records.get(record)
        return next((f.bounds for f in schema.fields if f.name == name), None) if schema is not None else None


_TURNED: dict[core.Comparison, core.Comparison] = {"eq": "eq", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le"}


def _is_bounded(comparison: core.Comparison, limit: core.Expr, truth: bool) -> bool:
    """Whether something is more than nothing, or at least not nothing, when it compares so with the limit."""
    if not isinstance(limit, core.Const) or not _is_number(limit.value):
        return False
    value = limit.value
    assert isinstance(value, Decimal | Fraction)
    match comparison, truth:
        case ("gt", True) | ("le", False):
            return value >= 0
        case ("ge", True) | ("lt", False):
            return value > 0
        case ("eq", True):
            return value > 0
        case ("eq", False):
            return value == 0
        case _:
            return False


def _is_number(value: object) -> TypeGuard[Decimal | Fraction]:
    return isinstance(value, Decimal | Fraction) and not isinstance(value, datetime.date)


def _is_no(expr: core.Expr) -> bool:
    return isinstance(expr, core.Const) and expr.value is False


def _is_above_zero(bounds: core.Bounds) -> bool:
    lower = bounds.lower
    return isinstance(lower, Decimal) and (lower > 0 or (lower == 0 and bounds.lower_open))
