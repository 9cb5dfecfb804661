"""What the solver reads a program to say is what the reference interpreter says, fact by fact."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import z3

from policy_lang.backends.prove.forms import Form, NotLowered, formula, term
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.space import MOST_EVENTS, Space
from policy_lang.program.core import Program
from policy_lang.program.facts import Events, Facts, Given
from tests.reference.generators import generate_case, neutral
from tests.reference.interpreter import Gone, evaluate, scene_of


@pytest.mark.parametrize("start", range(0, 40, 20))
def test_forms_give_what_the_reference_gives(start: int) -> None:
    compared = 0
    for seed in range(start, start + 20):
        program, situations = generate_case(random.Random(seed), 6)
        for situation in situations:
            facts = neutral(program, situation.raw)
            compared += check(program, facts, situation.as_of, f"seed {seed}, {situation}")
    assert compared > 20


def check(program: Program, facts: Facts, as_of: datetime.date, where: str) -> int:
    space = Space((program,), 3)
    lowering = Lowering(program, space)
    forms: dict[str, Form] = {}
    for outcome in program.outcomes:
        try:
            forms[outcome.name] = lowering.outcome(outcome)
        except NotLowered:
            continue
    known = bound(space, facts, as_of)
    if known is None:
        return 0
    solver = z3.Solver()
    solver.set("timeout", 2000)
    solver.add(*space.background(), *known)  # what is not given may be anything (rule W5)
    if solver.check() != z3.sat:
        return 0
    model = solver.model()
    compared = 0
    for outcome in program.outcomes:
        if outcome.name not in forms:
            continue
        expected = evaluate(outcome.body, scene_of(outcome, program, facts, as_of, {}, False))
        if isinstance(expected, Gone) and expected.reason == "unknown":
            continue
        compared += 1
        assert found(model, forms[outcome.name]) == said(space, expected), f"{outcome.name}: {where}"
    return compared


def said(space: Space, value: Any) -> Any:
    if isinstance(value, Gone):
        return value.reason
    if isinstance(value, (Decimal, Fraction)):
        return Fraction(value)
    if isinstance(value, datetime.date):
        return value.toordinal()
    if isinstance(value, str):
        return space.word(value)
    if isinstance(value, tuple):
        return tuple(said(space, one) if isinstance(one, datetime.date) else one for one in value)
    return value


def found(model: Any, form: Form) -> Any:
    for reason, truth in form.gone.items():
        if z3.is_true(model.eval(formula(truth), model_completion=True)):
            return reason
    if z3.is_true(model.eval(formula(form.none), model_completion=True)):
        return None
    if isinstance(form.content, tuple):
        return tuple(plain(model.eval(term(one), model_completion=True)) for one in form.content)
    return plain(model.eval(term(form.content), model_completion=True))


def plain(value: Any) -> Any:
    if z3.is_true(value) or z3.is_false(value):
        return z3.is_true(value)
    return value.as_long() if z3.is_int_value(value) else Fraction(value.as_fraction())


def bound(space: Space, facts: Facts, as_of: datetime.date) -> list[Any] | None:
    """The facts as equations; None where they are not complete, or more than the space holds."""
    known: list[Any] = []
    for one in space.unknowns.values():
        value: Any
        if one.kind == "asked":
            value = as_of
        elif one.place[0] == "territories":
            if one.place[1] not in facts.territories:
                continue  # where it matters, the reference does not know
            value = facts.territories[str(one.place[1])]
        elif one.place[0] in facts.subjects:
            at: Any = facts.subjects[str(one.place[0])]
            missing = False
            for step in one.place[1:]:
                if isinstance(at, Given):
                    if step not in at.values:
                        missing = True
                        break
                    at = at.values[str(step)]
                elif int(step) >= len(at):
                    missing = True
                    break
                else:
                    at = at[int(step)]
            if missing:
                continue
            value = len(at) if one.kind == "length" else at
        elif len(one.place) == 1 and one.place[0] in facts.case:
            value = facts.case[str(one.place[0])]
        else:
            continue
        if isinstance(value, Events):
            if value.known_until is not None or len(set(value.dates)) > MOST_EVENTS:
                return None
            days = sorted(set(value.dates))
            number = len(days) if one.part == "count" else int(one.part)
            if one.part == "count":
                known.append(one.variable == number)
            elif number < len(days):
                known.append(one.variable == days[number].toordinal())
            continue
        if one.part == "none":
            known.append(one.variable if value is None else z3.Not(one.variable))
        elif value is None:
            continue
        elif one.part in ("first", "last"):
            known.append(one.variable == value[one.part == "last"].toordinal())
        elif one.part in ("years", "months", "days"):
            known.append(one.variable == value[("years", "months", "days").index(one.part)])
        elif one.kind == "word":
            if value not in space.words:
                return None
            known.append(one.variable == space.word(value))
        elif isinstance(value, datetime.date):
            known.append(one.variable == value.toordinal())
        elif isinstance(value, (Decimal, Fraction)):
            known.append(one.variable == term(Fraction(value)))
        else:
            known.append(one.variable == value)
    return known
