"""Yes and no, and comparisons, of the reference interpreter (rules W2 and W3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from policy_lang.program.core import (
    Compare,
)
from policy_lang.program.countries import DEPENDENT
from policy_lang.program.types import Country
from tests.reference.scene import Scene, is_on_a_line, type_of
from tests.reference.values import (
    ANY,
    Interval,
    any_if_certain,
    error,
    interval_of,
    is_certain,
    is_gone,
    merged,
    unknown,
)


def wanted(value: Any) -> Any:
    """The value, where the known `none` is a mistake."""
    return error("none-used") if value is None else value


def both(operands: Sequence[Any]) -> Any:
    operands = [wanted(v) for v in operands]
    if any(v is False for v in operands):
        return False
    if not any(is_gone(v) for v in operands):
        return True
    return merged(operands, any_if_certain(operands))


def either(operands: Sequence[Any]) -> Any:
    return negation(both([negation(v) for v in operands]))


def negation(value: Any) -> Any:
    value = wanted(value)
    return value if is_gone(value) else not value


def compare(expr: Compare, left: Any, right: Any, scene: Scene) -> Any:
    kind = type_of(expr.left) or type_of(expr.right)
    if expr.comparison != "eq":
        left, right = wanted(left), wanted(right)
    operands = [left, right]
    if not any(is_gone(v) for v in operands):
        if isinstance(kind, Country):
            return same_country(left, right, scene)
        return related(expr.comparison, left, right)
    if is_on_a_line(kind) and all(is_certain(v) and v is not None for v in operands):
        decided = related_for_certain(expr.comparison, interval_of(left), interval_of(right))
        if decided is not None:
            return decided
    return merged(operands, any_if_certain(operands))


def related(comparison: str, left: Any, right: Any) -> bool:
    match comparison:
        case "eq":
            return bool(left == right)
        case "lt":
            return bool(left < right)
        case "le":
            return bool(left <= right)
        case "gt":
            return bool(left > right)
        case "ge":
            return bool(left >= right)
    raise AssertionError(comparison)


def always_below(a: Interval, b: Interval) -> bool:
    """Whether every point of `a` is less than every point of `b`."""
    if a.hi.at is None or b.lo.at is None:
        return False
    return bool(a.hi.at < b.lo.at) or (a.hi.at == b.lo.at and not (a.hi.closed and b.lo.closed))


def never_above(a: Interval, b: Interval) -> bool:
    """Whether every point of `a` is at most every point of `b`."""
    return a.hi.at is not None and b.lo.at is not None and bool(a.hi.at <= b.lo.at)


def related_for_certain(comparison: str, a: Interval, b: Interval) -> bool | None:
    match comparison:
        case "eq":
            return False if always_below(a, b) or always_below(b, a) else None
        case "lt":
            return True if always_below(a, b) else False if never_above(b, a) else None
        case "le":
            return True if never_above(a, b) else False if always_below(b, a) else None
        case "gt":
            return related_for_certain("lt", b, a)
        case "ge":
            return related_for_certain("le", b, a)
    raise AssertionError(comparison)


def same_country(left: str | None, right: str | None, scene: Scene) -> Any:
    """N5: a dependent territory against its sovereign is as the facts, then the policy, say."""
    for territory, other in ((left, right), (right, left)):
        if territory is not None and other is not None and DEPENDENT.get(territory) == other:
            if territory in scene.facts.territories:
                return scene.facts.territories[territory]
            for stated, sovereign, included in scene.program.territories:
                if (stated, sovereign) == (territory, other):
                    return included
            return unknown({f"territories.{territory}"}, ANY)
    return left == right
