"""Several conditions that people put as one: the two ends of a range, a membership with its days."""

from __future__ import annotations

import datetime
from typing import TypeAlias

from policy_lang.program.core import (
    And,
    At,
    Compare,
    Const,
    Expr,
    Or,
)


def parts_together(node: And | Or) -> list[Expr]:
    """The operands, those that are the two ends of one range together."""
    found: list[Expr] = []
    for one in node.operands:
        together = And((found[-1], one)) if found and isinstance(node, And) else None
        if together is not None and len(node.operands) > 2 and range_of(together) is not None:
            found[-1] = together
        else:
            found.append(one)
    return found


def range_of(node: Expr) -> tuple[Expr, Expr, Expr] | None:
    """What lies between which ends, both counted, where a condition asks for nothing else."""
    if not isinstance(node, And) or len(node.operands) != 2:
        return None
    match node.operands:
        case (
            Compare(comparison="ge", left=left, right=lower),
            Compare(comparison="le", left=other, right=upper),
        ) if left == other:
            return left, lower, upper
        case _:
            return None


Membership: TypeAlias = tuple[str, datetime.date | None, datetime.date | None]


def membership_of(node: And) -> tuple[Expr, Membership] | None:
    """What is which member of a list, and from which day until which."""
    of: Expr | None = None
    value, start, until = "", None, None
    for one in node.operands:
        match one:
            case Compare(comparison="ge", left=At(), right=Const(value=datetime.date() as day)):
                start = day
            case Compare(comparison="le", left=At(), right=Const(value=datetime.date() as day)):
                until = day
            case Compare(comparison="eq", left=left, right=Const(value=str(word))) if of is None:
                of, value = left, word
            case _:
                return None
    return (of, (value, start, until)) if of is not None else None
