"""The part of a program that one outcome rests on."""

from __future__ import annotations

import attrs

from policy_lang.program.core import Call, Expr, Outcome, Program
from policy_lang.program.schema import every


def slice_for(program: Program, outcome: Outcome) -> Program:
    """The program with this outcome alone, and with no definition that it does not rest on.

    Records stay whole with their checks, so that it takes the same facts.
    """
    waiting: list[Expr] = [outcome.body, *(one.state for one in outcome.defences)]
    if outcome.schedule is not None:
        waiting.extend(outcome.schedule.expressions)
    waiting.extend(check for record in program.records for check, _ in record.checks)
    definitions = {one.name: one for one in program.definitions}
    needed: set[str] = set()
    while waiting:
        for expr in every(waiting.pop()):
            if isinstance(expr, Call) and expr.definition not in needed:
                needed.add(expr.definition)
                waiting.append(definitions[expr.definition].body)
    kept = tuple(one for one in program.definitions if one.name in needed)
    return attrs.evolve(program, definitions=kept, outcomes=(outcome,), promises=())
