"""The complete variant: the same answers as the general one, and a way out for anything unusual."""

import datetime
from decimal import Decimal

import pytest
from attrs import evolve

from policy_lang.backends.evaluate.compiled import CompiledEvaluator, compile_evaluator
from policy_lang.policy import InvalidFacts, Policy
from policy_lang.program.core import (
    And,
    Bounds,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Fact,
    FieldSchema,
    Instrument,
    Not,
    Op,
    Or,
    Outcome,
    Program,
    RecordSchema,
)
from policy_lang.program.types import Number, Text, YesNo
from tests.backends.programs import AGREEMENT, VEHICLES

DAY = datetime.date(2024, 6, 1)
NUMBER = Number()


def by_both(policy, facts, day=DAY):
    """The decision of the complete variant, which must have taken it, and that of the general one."""
    fast = policy.evaluate(facts, day)
    assert fast._records, "left to the general variant"
    slow = policy._evaluate_in_general(facts, day, policy.assumptions, None)
    assert fast.to_json() == slow.to_json()
    assert fast.states == slow.states
    return fast


def whole_vehicle(**more):
    step = {"activity": "extraction", "country": "AU", "value_added": "60.5"}
    chain = {"mineral": "lithium", "value": 300, "steps": [step, step | {"country": "CN"}]}
    return {
        "vehicle": {"placed_in_service": DAY, "price": Decimal(45000), "rebate": 0, "chains": [chain, chain]}
        | more
    }


def test_agrees_on_complete_facts():
    decision = by_both(Policy(VEHICLES), whole_vehicle())
    assert decision.outcomes["qualifying_value"].value == 600


@pytest.mark.parametrize(
    "day", [datetime.date(2023, 3, 27), datetime.date(2023, 3, 28), datetime.date(2030, 1, 1)]
)
@pytest.mark.parametrize("more", [{}, {"reviews": ["2025-01-01"]}, {"necessary": True}, {"sourcing": None}])
def test_agrees_with_and_without_case_facts(day, more):
    practice = {"by": "CN", "good": "nickel", "kind": "dumping", "non_market": True}
    decision = by_both(Policy(AGREEMENT), {"practice": practice, **more}, day)
    in_force = day >= datetime.date(2023, 3, 28)
    assert bool(decision.outcomes["non_market_practice"].determinations) == in_force


@pytest.mark.parametrize(
    "change",
    [
        {"price": 45000.0},
        {"price": True},
        {"price": "1e5"},
        {"price": "1_000"},
        {"price": "NaN"},
        {"price": Decimal("Infinity")},
        {"price": "45000 EUR"},
        {"price": -1},
        {"price": "0.001"},
        {"price": 10**34},
        {"placed_in_service": "20240101"},
        {"placed_in_service": "2023-02-29"},
        {"placed_in_service": datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)},
        {"chains": {}},
        {"chains": [1]},
        {"chains": "x"},
        {"colour": "red"},
        {"rebate": 50000},
    ],
)
def test_bad_facts_are_found_all_the_same(change):
    with pytest.raises(InvalidFacts):
        Policy(VEHICLES).evaluate(whole_vehicle(**change), DAY)


@pytest.mark.parametrize("country", ["US", "PR", "GU", "CN"])
def test_territories_are_left_to_the_general_variant(country):
    step = {"activity": "extraction", "country": country, "value_added": 1}
    chain = {"mineral": "lithium", "value": 300, "steps": [step]}
    policy = Policy(VEHICLES)
    decision = policy.evaluate(whole_vehicle(chains=[chain]), DAY)
    slow = policy._evaluate_in_general(whole_vehicle(chains=[chain]), DAY, policy.assumptions, None)
    assert decision.to_json() == slow.to_json()
    assert bool(decision._records) == (country in ("US", "CN"))


def test_later_changes_of_the_mapping_do_not_reach_a_decision():
    facts = whole_vehicle()
    decision = Policy(VEHICLES).evaluate(facts, DAY)
    facts["vehicle"]["chains"].clear()
    facts["vehicle"]["price"] = 1
    assert decision.facts.subjects["vehicle"].values["price"] == 45000
    assert len(decision.facts.subjects["vehicle"].values["chains"]) == 2


def test_kept_as_bytes():
    kept = compile_evaluator(VEHICLES).to_bytes()
    evaluator = CompiledEvaluator.from_bytes(kept)

    def load():
        raise AssertionError("a decision does not need the program")

    decision, fresh = Policy(load, evaluator).evaluate(whole_vehicle(), DAY), Policy(VEHICLES)
    assert decision.states == fresh.evaluate(whole_vehicle(), DAY).states
    whole = Policy(lambda: VEHICLES, evaluator).evaluate(whole_vehicle(), DAY)
    assert whole.to_json() == fresh.evaluate(whole_vehicle(), DAY).to_json()
    assert CompiledEvaluator.from_bytes(b"") is None
    assert CompiledEvaluator.from_bytes(b"nonsense") is None


# ------------------------------------------------------------------------------------ made for one point

RECORD = RecordSchema(
    "item", (FieldSchema("a", NUMBER), FieldSchema("b", NUMBER, bounds=Bounds(lower=Decimal(0))))
)
A, B = Fact("item", "a", NUMBER), Fact("item", "b", NUMBER)


def number(value):
    return Const(Decimal(value), NUMBER)


def program(body, kind=NUMBER, definitions=(), record=RECORD):
    return Program(
        "p", (Instrument("p", "law"),), (record,), (), (), (), tuple(definitions),
        (Outcome("out", "rule", record.name, body, kind, None),),
    )  # fmt: skip


def value_of(body, kind=NUMBER, **item):
    policy = Policy(program(body, kind))
    item = {"a": 1, "b": 2} | item
    fast = policy.evaluate({"item": item}, DAY)
    slow = policy._evaluate_in_general({"item": item}, DAY, policy.assumptions, None)
    assert fast.to_json() == slow.to_json()
    return fast.outcomes["out"]


def more_than(fact, value):
    return Compare("gt", fact, number(value))


def test_a_conflict_and_equal_cases():
    cases = tuple(Case(more_than(A, n), number(n)) for n in range(3))
    body = Choose("unordered", cases, number(9), NUMBER)
    assert value_of(body, a=0).value == 9
    assert value_of(body, a=1).value == 0
    clash = value_of(body, a=2)
    assert clash.state == "conflict"
    assert [one["value"] for one in clash.conflict] == [0, 1]
    same = Choose("unordered", tuple(evolve(case, value=number(5)) for case in cases), number(9), NUMBER)
    assert value_of(same, a=2).value == 5


def test_an_error_beside_a_case_that_holds():
    broken = Compare("gt", Op("divide", (A, B), NUMBER), number(0))
    same = (Case(more_than(A, 0), number(1)), Case(broken, number(1)))
    other = (Case(more_than(A, 0), number(1)), Case(broken, number(2)))
    assert value_of(Choose("unordered", same, number(0), NUMBER), b=0).value == 1
    assert value_of(Choose("unordered", other, number(0), NUMBER), b=0).state == "error"
    assert value_of(Choose("first", other, number(0), NUMBER), b=0).value == 1


def test_absorbing_operands():
    broken = Compare("gt", Op("divide", (A, B), NUMBER), number(0))
    assert value_of(And((broken, more_than(A, 5))), YesNo(), b=0).value is False
    assert value_of(Or((broken, Not(more_than(A, 5)))), YesNo(), b=0).value is True
    assert value_of(And((broken, Not(more_than(A, 5)))), YesNo(), b=0).state == "error"


def test_long_numbers_stay_exact():
    long = "1" * 34
    assert value_of(Op("multiply", (A, A), NUMBER), a=long).value == int(long) ** 2
    assert value_of(Op("add", (A, B), NUMBER), a=long, b="0." + "1" * 33).value == Decimal(
        long + "." + "1" * 33
    )


def test_a_product_with_percent():
    from policy_lang.program.types import Percent

    tenth = Const(Decimal("0.1"), Percent())
    assert value_of(Op("multiply", (A, tenth), NUMBER), a=5).value == Decimal("0.005")


def test_fractions():
    third = Op("divide", (A, number(3)), NUMBER)
    assert value_of(Op("multiply", (third, number(3)), NUMBER), a=1).value == 1
    assert value_of(Compare("lt", third, number("0.34")), YesNo(), a=1).value is True
    assert value_of(Op("round", (third,), NUMBER, ("half up", Decimal("0.01"))), a=2).value == Decimal("0.67")


def test_text_of_the_author_is_never_code():
    evil = "x'\"\n\\\u2028); import os  #"
    record = RecordSchema(evil, (FieldSchema(evil, Text()),))
    body = Choose("first", (Case(Compare("eq", Fact(evil, evil, Text()), Const(evil, Text())), Const(evil, Text())),),
                  Const("", Text()), Text())  # fmt: skip
    definition = Definition(evil, evil, Text(), body)
    made = program(Call(evil, Text()), Text(), (definition,), record)
    policy = Policy(evolve(made, outcomes=(evolve(made.outcomes[0], name=evil),)))
    assert policy.evaluate({evil: {evil: evil}}, DAY).outcomes[evil].value == evil


def chain_of(length, step):
    definitions = [Definition("d0", "item", NUMBER, A)]
    definitions += [Definition(f"d{n}", "item", NUMBER, step(f"d{n - 1}")) for n in range(1, length)]
    return program(Call(f"d{length - 1}", NUMBER), definitions=definitions)


@pytest.mark.parametrize("facts", [{"a": 1, "b": 2}, {"b": 2}])
def test_calls_are_not_worked_out_twice(facts):
    """Each definition uses the one before twice: 2 to the 60th calls if nothing were remembered."""
    made = chain_of(60, lambda name: Op("add", (Call(name, NUMBER), Call(name, NUMBER)), NUMBER))
    found = Policy(made).evaluate({"item": facts}, DAY).outcomes["out"]
    assert found.value == (2**59 if "a" in facts else None)


@pytest.mark.parametrize("facts", [{"a": 1, "b": 2}, {"b": 2}])
def test_a_long_chain_of_definitions(facts):
    made = chain_of(5000, lambda name: Op("add", (Call(name, NUMBER), number(1)), NUMBER))
    found = Policy(made).evaluate({"item": facts}, DAY).outcomes["out"]
    assert found.value == (5000 if "a" in facts else None)


@pytest.mark.parametrize("facts", [{"a": 1, "b": 2}, {"b": 2}])
def test_deep_and_wide_expressions(facts):
    deep = A
    for _ in range(400):
        deep = Op("add", (deep, number(1)), NUMBER)
    wide = Op("add", (deep, *(number(n) for n in range(3000))), NUMBER)
    found = Policy(program(wide)).evaluate({"item": facts}, DAY).outcomes["out"]
    assert found.value == (401 + 2999 * 1500 if "a" in facts else None)
