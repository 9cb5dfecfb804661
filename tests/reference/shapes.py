"""The parts of an expression, and the same expression with others in their place."""

from __future__ import annotations

from typing import assert_never

from attrs import evolve

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
)


def parts_of(expr: Expr) -> tuple[Expr, ...]:
    """The expressions directly inside one."""
    match expr:
        case Op() | And() | Or():
            return expr.operands
        case Compare():
            return (expr.left, expr.right)
        case Member():
            return (expr.operand, *expr.options)
        case Not():
            return (expr.operand,)
        case Choose():
            return (*(e for c in expr.cases for e in (c.when, c.value)), expr.default)
        case Fold():
            return tuple(e for e in (expr.where, expr.body) if e is not None)
        case Call():
            bound = () if expr.bind is None else tuple(e for _, e in expr.bind.fields)
            return bound if expr.at is None else (*bound, expr.at)
        case Const() | Fact() | Assumed() | At() | Absent():
            return ()
        case _:
            assert_never(expr)


def with_parts(expr: Expr, parts: tuple[Expr, ...]) -> Expr:
    """The same expression with other parts inside, in the order of `parts_of`."""
    match expr:
        case Op() | And() | Or():
            return evolve(expr, operands=parts)
        case Compare():
            return evolve(expr, left=parts[0], right=parts[1])
        case Member():
            return evolve(expr, operand=parts[0], options=parts[1:])
        case Not():
            return Not(parts[0])
        case Choose():
            pairs = zip(parts[::2], parts[1::2], strict=False)
            cases = tuple(evolve(c, when=w, value=v) for c, (w, v) in zip(expr.cases, pairs, strict=False))
            return evolve(expr, cases=cases, default=parts[-1])
        case Fold():
            where = parts[0] if expr.where is not None else None
            return evolve(expr, where=where, body=parts[-1] if expr.body is not None else None)
        case Call():
            bind = expr.bind
            if bind is not None:
                filled = zip(bind.fields, parts, strict=False)
                bind = evolve(bind, fields=tuple((name, part) for (name, _), part in filled))
            return evolve(expr, bind=bind, at=parts[-1] if expr.at is not None else None)
        case Const() | Fact() | Assumed() | At() | Absent():
            return expr
        case _:
            assert_never(expr)
