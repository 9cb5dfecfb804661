"""What the solver reads a program to say is what the reference interpreter says, fact by fact."""

from __future__ import annotations

import contextlib
import datetime
import os
import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
import z3

from policy_lang.backends.prove.forms import Form, NotLowered, formula, term
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.space import KNOWN, LIMITED, MOST_EVENTS, UNTIL, Place, Space, Unknown
from policy_lang.backends.prove.stated import stated
from policy_lang.program.core import Compare, Const, Expr, Outcome, Program, Property
from policy_lang.program.facts import Events, Facts, Given
from policy_lang.program.schema import type_of
from policy_lang.program.types import YesNo, is_numeric
from tests.reference.evaluating import evaluate
from tests.reference.generators import generate_case
from tests.reference.interpreter import scene_of
from tests.reference.neutral import neutral
from tests.reference.values import Gone

PROGRAMS = int(os.environ.get("POL_PROVE_PROGRAMS", "40"))
"""So many generated programs are tried, each with six sets of facts."""


@pytest.mark.parametrize("start", range(0, PROGRAMS, 20))
def test_forms_give_what_the_reference_gives(start: int) -> None:
    compared = sum(check(seed, partial=False) for seed in range(start, start + 20))
    assert compared > 20


@pytest.mark.parametrize("start", range(0, PROGRAMS // 2, 20))
def test_forms_give_what_the_reference_gives_where_facts_are_missing(start: int) -> None:
    compared = sum(check(seed, partial=True) for seed in range(start, start + 20))
    assert compared > 150


def check(seed: int, partial: bool) -> int:
    """How many outcomes of a generated program were compared."""
    program, situations = generate_case(random.Random(seed), 6)
    space = Space((program,), 3, partial)
    lowering = Lowering(program, space)
    forms: dict[str, Form] = {}
    asked = [part for outcome in program.outcomes for part in parts(outcome)]
    for name, outcome, expr in asked:
        with contextlib.suppress(NotLowered):
            forms[name] = lowering.lower(expr, lowering.scope_of(outcome))
    compared = 0
    for situation in situations:
        facts = neutral(program, situation.raw)
        known = bound(space, facts, situation.as_of)
        if known is None:
            continue
        solver = z3.Solver()
        solver.set("timeout", 2000)
        solver.add(*space.background(), *known)  # what is not given may be anything
        if solver.check() != z3.sat:
            continue
        model = solver.model()
        for name, outcome, expr in asked:
            if name not in forms:
                continue
            expected = evaluate(expr, scene_of(outcome, program, facts, situation.as_of, {}, False))
            if not partial and isinstance(expected, Gone) and expected.reason == "unknown":
                continue
            compared += 1
            where = f"seed {seed}, {name}: {situation}"
            assert found(model, forms[name]) == said(space, expected), where
    return compared


def parts(outcome: Outcome) -> list[tuple[str, Outcome, Expr]]:
    """What an outcome gives, and of a duty that recurs its last day."""
    found = [(outcome.name, outcome, outcome.body)]
    if outcome.schedule is not None and outcome.schedule.last is not None:
        found.append((f"last day of {outcome.name}", outcome, outcome.schedule.last))
    return found


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
    """The facts as equations; None where they are more than the space holds."""
    known: list[Any] = []
    for one in space.unknowns.values():
        value: Any = as_of if one.kind == "asked" else given(facts, one.place)
        if one.part == KNOWN:
            known.append(one.variable == (value is not MISSING))
        elif value is MISSING:
            continue
        elif isinstance(value, Events):
            if len(set(value.dates)) > MOST_EVENTS or (value.known_until is not None and not space.partial):
                return None
            known.extend(happened(one, value))
        elif one.part == "none":
            known.append(one.variable if value is None else z3.Not(one.variable))
        elif value is None:
            continue
        elif one.kind == "length":
            known.append(one.variable == len(value))
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


MISSING = object()


def given(facts: Facts, place: Place) -> Any:
    """What the facts say at a place."""
    head = str(place[0])
    if head == "territories":
        return facts.territories.get(str(place[1]), MISSING)
    if len(place) == 1:
        return facts.case.get(head, MISSING)
    at: Any = facts.subjects.get(head, MISSING)
    for step in place[1:]:
        if isinstance(at, Given):
            at = at.values.get(str(step), MISSING)
        elif at is not MISSING:
            at = at[int(step)] if int(step) < len(at) else MISSING
    return at


def happened(one: Unknown, value: Events) -> list[Any]:
    """One part of an event as an equation."""
    days = sorted(set(value.dates))
    if one.part == "count":
        return [one.variable == len(days)]
    if one.part == LIMITED:
        return [one.variable == (value.known_until is not None)]
    if one.part == UNTIL:
        return [] if value.known_until is None else [one.variable == value.known_until.toordinal()]
    number = int(one.part)
    return [one.variable == days[number].toordinal()] if number < len(days) else []


@pytest.mark.parametrize("start", range(0, 24, 12))
def test_f8_a_property_is_broken_where_the_reference_says_so(start: int) -> None:
    compared = 0
    for seed in range(start, start + 12):
        random_ = random.Random(seed)
        program, situations = generate_case(random_, 5)
        for situation in situations:
            facts = neutral(program, situation.raw)
            space = Space((program,), 3)
            lowering = Lowering(program, space)
            found = {one.label: one for one in properties_of(program, random_)}
            broken: dict[str, Any] = {}
            for label, one in found.items():
                try:
                    broken[label] = stated(lowering, one).broken
                except NotLowered:
                    continue
            known = bound(space, facts, situation.as_of)
            solver = z3.Solver()
            solver.set("timeout", 2000)
            if known is None:
                continue
            solver.add(*space.background(), *known)
            if solver.check() != z3.sat:
                continue
            for label, truth in broken.items():
                outcome = next(one for one in program.outcomes if one.name == label)
                holds = found[label].holds
                assert holds is not None
                expected = evaluate(holds, scene_of(outcome, program, facts, situation.as_of, {}, False))
                if isinstance(expected, Gone) and expected.reason == "unknown":
                    continue
                is_so = expected is False or (
                    isinstance(expected, Gone) and expected.reason in ("conflict", "error")
                )
                got = z3.is_true(solver.model().eval(formula(truth), model_completion=True))
                assert got == is_so, f"{label}: seed {seed}, {situation}"
                compared += 1
    assert compared > 10


def properties_of(program: Program, random_: random.Random) -> list[Property]:
    """For each answer of a generated program, that it is within some limit, or is some word."""
    found: list[Property] = []
    for one in program.outcomes:
        kind = type_of(one.body)
        if one.schedule is not None or kind is None:
            continue
        holds: Expr = one.body
        if is_numeric(kind):
            holds = Compare("le", one.body, Const(Decimal(random_.randint(-5, 60)), kind))
        elif not isinstance(kind, YesNo):
            continue
        found.append(Property(one.name, one.subject, holds, None, None, one.judged_on, ""))
    return found
