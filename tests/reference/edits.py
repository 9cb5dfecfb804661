"""Programs with one small change, of many kinds, as an editor of a policy makes them."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from attrs import evolve

from policy_lang.program.core import (
    And,
    Assumed,
    Call,
    Case,
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
    Program,
)
from policy_lang.program.schema import every, type_of
from policy_lang.program.types import Date, Enumeration, YesNo, is_numeric
from tests.reference.pools import COUNTRY_POOL, NUMBER_POOL
from tests.reference.shapes import parts_of, with_parts

Edit: TypeAlias = Callable[[Expr, random.Random], "Expr | None"]


def another_amount(expr: Expr, rng: random.Random) -> Expr | None:
    if isinstance(expr, Const) and is_numeric(expr.type) and isinstance(expr.value, Decimal):
        return evolve(expr, value=rng.choice([one for one in NUMBER_POOL if one != expr.value]))
    return None


def another_day(expr: Expr, rng: random.Random) -> Expr | None:
    if isinstance(expr, Const) and expr.type == Date():
        value: Any = expr.value
        return evolve(expr, value=value + timedelta(days=rng.choice((-30, -1, 1, 29, 366))))
    return None


def another_word(expr: Expr, rng: random.Random) -> Expr | None:
    if not isinstance(expr, Const) or not isinstance(expr.value, str):
        return None
    if isinstance(expr.type, Enumeration):
        return evolve(expr, value=rng.choice(expr.type.members))
    return evolve(expr, value=rng.choice(COUNTRY_POOL[:4])) if expr.value in COUNTRY_POOL else None


def another_comparison(expr: Expr, rng: random.Random) -> Expr | None:
    if isinstance(expr, Compare) and expr.comparison != "eq":
        return evolve(
            expr, comparison=rng.choice([c for c in ("lt", "le", "gt", "ge") if c != expr.comparison])
        )
    return None


def sides_swapped(expr: Expr, _: random.Random) -> Expr | None:
    return evolve(expr, left=expr.right, right=expr.left) if isinstance(expr, Compare) else None


def and_or(expr: Expr, _: random.Random) -> Expr | None:
    if isinstance(expr, And):
        return Or(expr.operands)
    return And(expr.operands) if isinstance(expr, Or) else None


def one_condition_less(expr: Expr, rng: random.Random) -> Expr | None:
    if isinstance(expr, (And, Or)) and len(expr.operands) > 1:
        gone = rng.randrange(len(expr.operands))
        return evolve(expr, operands=tuple(one for n, one in enumerate(expr.operands) if n != gone))
    return None


def one_option_less(expr: Expr, rng: random.Random) -> Expr | None:
    if isinstance(expr, Member) and len(expr.options) > 1:
        gone = rng.randrange(len(expr.options))
        return evolve(expr, options=tuple(one for n, one in enumerate(expr.options) if n != gone))
    return None


def denied(expr: Expr, _: random.Random) -> Expr | None:
    return Not(expr) if isinstance(type_of(expr), YesNo) and not isinstance(expr, Const) else None


def yes_no(expr: Expr, _: random.Random) -> Expr | None:
    return (
        evolve(expr, value=not expr.value)
        if isinstance(expr, Const) and isinstance(expr.value, bool)
        else None
    )


def one_case_less(expr: Expr, rng: random.Random) -> Expr | None:
    if isinstance(expr, Choose) and expr.cases:
        gone = rng.randrange(len(expr.cases))
        return evolve(expr, cases=tuple(one for n, one in enumerate(expr.cases) if n != gone))
    return None


def cases_in_another_order(expr: Expr, rng: random.Random) -> Expr | None:
    if isinstance(expr, Choose) and len(expr.cases) > 1:
        return evolve(expr, cases=tuple(rng.sample(expr.cases, len(expr.cases))))
    return None


def another_exception(expr: Expr, rng: random.Random) -> Expr | None:
    """The value of the last line before all others, when some condition of the choice does not hold."""
    if isinstance(expr, Choose) and expr.cases:
        case = Case(Not(rng.choice(expr.cases).when), expr.default)
        return evolve(expr, mode="first", cases=(case, *expr.cases))
    return None


def another_otherwise(expr: Expr, rng: random.Random) -> Expr | None:
    if isinstance(expr, Choose) and expr.cases:
        return evolve(expr, default=rng.choice(expr.cases).value)
    return None


def another_quantifier(expr: Expr, _: random.Random) -> Expr | None:
    if not isinstance(expr, Fold):
        return None
    others = {"any": "all", "all": "any", "most": "least", "least": "most", "sum": "most"}
    kind: Any = others.get(expr.kind)
    return None if kind is None else evolve(expr, kind=kind)


def all_elements(expr: Expr, _: random.Random) -> Expr | None:
    return evolve(expr, where=None) if isinstance(expr, Fold) and expr.where is not None else None


def another_operator(expr: Expr, rng: random.Random) -> Expr | None:
    if not isinstance(expr, Op):
        return None
    pairs: dict[str, Any] = {
        "lesser": "greater",
        "greater": "lesser",
        "first_of_month": "last_of_month",
        "last_of_month": "first_of_month",
        "percent_of": "share_of",
    }
    if expr.operator in pairs:
        return evolve(expr, operator=pairs[expr.operator])
    if expr.operator == "round":
        return evolve(expr, params=(rng.choice(("up", "down", "half even")), *expr.params[1:]))
    if expr.operator in ("add_period", "subtract_period"):
        return evolve(expr, params=(rng.choice(("up", "down", "abort")),))
    return None


def operands_swapped(expr: Expr, _: random.Random) -> Expr | None:
    if isinstance(expr, Op) and expr.operator in ("subtract", "divide") and len(expr.operands) == 2:
        a, b = expr.operands
        return evolve(expr, operands=(b, a)) if type_of(a) == type_of(b) else None
    return None


def a_constant_for_a_fact(expr: Expr, rng: random.Random) -> Expr | None:
    if isinstance(expr, (Fact, Assumed)) and isinstance(expr.type, YesNo):
        return Const(rng.random() < 0.5, expr.type)
    return None


EDITS: tuple[Edit, ...] = (
    another_amount,
    another_day,
    another_word,
    another_comparison,
    sides_swapped,
    and_or,
    one_condition_less,
    one_option_less,
    denied,
    yes_no,
    one_case_less,
    cases_in_another_order,
    another_exception,
    another_otherwise,
    another_quantifier,
    all_elements,
    another_operator,
    operands_swapped,
    a_constant_for_a_fact,
)


def edited(program: Program, rng: random.Random) -> tuple[Program, str]:
    """The program with one edit, and what kind of edit it is; unchanged where none fits anywhere."""
    used = _used(program)
    for edit in rng.sample(EDITS, len(EDITS)):
        count = 0

        def look(expr: Expr, edit: Edit = edit) -> None:
            nonlocal count
            for part in parts_of(expr):
                look(part)
            count += edit(expr, random.Random(0)) is not None

        for body in (
            *(one.body for one in program.definitions if one.name in used),
            *(one.body for one in program.outcomes),
        ):
            look(body)
        if not count:
            continue
        chosen = rng.randrange(count)
        at = 0

        def change(expr: Expr, edit: Edit = edit, chosen: int = chosen) -> Expr:
            nonlocal at
            expr = with_parts(expr, tuple(change(part) for part in parts_of(expr)))
            other = edit(expr, rng)
            if other is None:
                return expr
            at += 1
            return other if at - 1 == chosen else expr

        definitions = tuple(
            evolve(one, body=change(one.body)) if one.name in used else one for one in program.definitions
        )
        outcomes = tuple(evolve(one, body=change(one.body)) for one in program.outcomes)
        return evolve(program, definitions=definitions, outcomes=outcomes), edit.__name__
    return program, "none"


def _used(program: Program) -> set[str]:
    """The definitions that outcomes rest on."""
    bodies = {one.name: one.body for one in program.definitions}
    waiting = [one.body for one in program.outcomes]
    used: set[str] = set()
    while waiting:
        for expr in every(waiting.pop()):
            if isinstance(expr, Call) and expr.definition not in used:
                used.add(expr.definition)
                waiting.append(bodies[expr.definition])
    return used


def altered(program: Program, rng: random.Random) -> Program:
    """The program with a few edits."""
    for _ in range(3):
        program, _kind = edited(program, rng)
    return program
