"""The tracing reading: it says what the evaluator says, and keeps the steps that made the difference."""

from __future__ import annotations

import datetime
import random
from decimal import Decimal
from pathlib import Path

import pytest

from policy_lang import load
from policy_lang.pipeline import compile_file
from policy_lang.policy import Decision, Policy
from policy_lang.program.core import (
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    FieldSchema,
    Instrument,
    Op,
    Outcome,
    Program,
    RecordSchema,
)
from policy_lang.program.reasons import because, cites_of, deciding
from policy_lang.program.trace import Trace
from policy_lang.program.types import Number, YesNo
from policy_lang.tools.explain import explain
from tests.reference.generators import generate_case

POLICIES = Path("policies")
NUMBER = Number()


def agree(decision: Decision) -> int:
    for name in decision.asked:
        told = decision.tracer.outcome(name)
        assert told.value == decision.value_of(decision.policy.numbers[name]), name
        cites_of(told)
        assert len(because(told)) <= 40
    return len(decision.asked)


@pytest.mark.parametrize("name", sorted(path.name for path in POLICIES.glob("*.scenarios.pol")))
def test_a_trace_has_the_value_of_the_evaluator_in_every_scenario(name: str) -> None:
    compiled, _ = compile_file(POLICIES / name)
    assert compiled.program is not None
    policy = Policy(compiled.program)
    seen = 0
    for scenario in compiled.scenarios:
        if not scenario.bad_facts:
            seen += agree(policy.evaluate(scenario.facts, scenario.as_of, assume=scenario.assume))
    assert seen > 10


@pytest.mark.parametrize("part", range(4))
def test_a_trace_has_the_value_of_the_evaluator_on_any_program(part: int) -> None:
    for seed in range(part * 50, part * 50 + 50):
        program, situations = generate_case(random.Random(seed), 3)
        policy = Policy(program)
        for s in situations:
            agree(policy.evaluate(s.raw, s.as_of, assume=s.assume))


# ------------------------------------------------------------------------------ small programs


def number(value: int) -> Const:
    return Const(Decimal(value), NUMBER)


def fact(name: str) -> Fact:
    return Fact("case", name, NUMBER)


def program(body: Expr, *definitions: Definition) -> Program:
    fields = tuple(FieldSchema(name, NUMBER) for name in ("a", "b", "c"))
    return Program(
        "small",
        (Instrument("small", "law"),),
        (RecordSchema("case", fields),),
        (),
        (),
        (),
        definitions,
        (Outcome("answer", "rule", "case", body, NUMBER, None),),
    )


def decide(program: Program, **facts: object) -> Decision:
    return Policy(program).evaluate({"case": facts}, datetime.date(2024, 6, 1))


def is_more(name: str, than: int) -> Compare:
    return Compare("gt", fact(name), number(than))


def test_the_case_that_fits_decides_and_no_other() -> None:
    cases = (
        Case(is_more("a", 10), number(1), ("Article 1",)),
        Case(is_more("b", 10), number(2), ("Article 2",)),
    )
    decision = decide(program(Choose("unordered", cases, number(3), NUMBER, ("Article 3",))), a=11, b=5, c=0)
    outcome = decision.outcomes["answer"]
    assert outcome.because == ["case.a is 11, more than 10"]
    assert outcome.cites == ["Article 1"]


def test_where_no_case_fits_each_says_why_not() -> None:
    cases = (
        Case(is_more("a", 10), number(1), ("Article 1",)),
        Case(is_more("b", 10), number(2), ("Article 2",)),
    )
    decision = decide(program(Choose("unordered", cases, number(3), NUMBER, ("Article 3",))), a=1, b=5, c=0)
    outcome = decision.outcomes["answer"]
    assert outcome.because == ["case.a is 1, at most 10", "case.b is 5, at most 10"]
    assert outcome.cites == ["Article 3"]


def test_an_unknown_outcome_names_what_is_not_known() -> None:
    body = Op("add", (fact("a"), fact("b"), fact("c")), NUMBER)
    assert decide(program(body), b=5).outcomes["answer"].because == [
        "nothing is said about case.a",
        "nothing is said about case.c",
    ]


def test_a_conflict_gives_the_conditions_of_both_cases() -> None:
    cases = (
        Case(is_more("a", 0), number(1), ("Article 1",)),
        Case(is_more("b", 0), number(2), ("Article 2",)),
    )
    outcome = decide(program(Choose("unordered", cases, number(3), NUMBER)), a=1, b=1, c=1).outcomes["answer"]
    assert outcome.state == "conflict"
    assert outcome.because == ["case.a is 1, more than 0", "case.b is 1, more than 0"]
    assert outcome.cites == ["Article 1", "Article 2"]


def chain(length: int) -> Program:
    first = Definition("small.d0", "case", NUMBER, fact("a"))
    others = [
        Definition(
            f"small.d{n}", "case", NUMBER, Op("add", (Call(f"small.d{n - 1}", NUMBER), number(1)), NUMBER)
        )
        for n in range(1, length)
    ]
    return program(Call(f"small.d{length - 1}", NUMBER), first, *others)


def test_a_chain_of_250_definitions_is_traced_and_explained() -> None:
    decision = decide(chain(250), a=1, b=0, c=0)
    assert decision.outcomes["answer"].value == 250
    assert decision.outcomes["answer"].because[0] == "d249 is 250"
    assert "case.a is 1" in explain(decision, "answer")


def test_what_is_mentioned_twice_is_traced_once() -> None:
    doubling = [Definition("small.d0", "case", NUMBER, fact("a"))]
    for n in range(1, 60):
        both = (Call(f"small.d{n - 1}", NUMBER), Call(f"small.d{n - 1}", NUMBER))
        doubling.append(Definition(f"small.d{n}", "case", NUMBER, Op("lesser", both, NUMBER)))
    decision = decide(program(Call("small.d59", NUMBER), *doubling), a=1, b=0, c=0)
    body = decision.tracer.outcome("answer").body
    lesser = body.children[0].children[0]
    assert lesser.children[0].children[0] is lesser.children[1].children[0]
    assert explain(decision, "answer").count("as above") > 0
    assert len(explain(decision, "answer").splitlines()) < 200


def test_only_what_is_no_decides_a_no() -> None:
    yes, no = Trace(Const(True, YesNo()), True), Trace(Const(False, YesNo()), False)
    from policy_lang.program.core import And, Or

    operands = (Const(True, YesNo()), Const(False, YesNo()))
    assert deciding(Trace(And(operands), False, (yes, no))) == (no,)
    assert deciding(Trace(Or(operands), True, (yes, no))) == (yes,)
    assert deciding(Trace(And(operands), True, (yes, yes))) == (yes, yes)


def test_in_a_crowd_records_made_for_calls_are_shared_and_nothing_else_changes() -> None:
    policy = load(POLICIES / "clean_vehicle_credit.pol")

    def told(count: int) -> list[tuple[object, object]]:
        steps = [{"activity": "extraction", "country": "JP", "value_added": 30}]
        chains = [{"mineral": "lithium", "value": 100 + n % 3, "steps": steps} for n in range(count)]
        facts = {"vehicle": {"placed_in_service": "2024-06-01", "chains": chains}}
        decision = policy.evaluate(facts, datetime.date(2024, 7, 1))
        outcomes = [decision.outcomes[name] for name in decision.asked]
        return [(one.state, one.cites) for one in outcomes]

    assert told(99) == told(102)
