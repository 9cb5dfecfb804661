"""The order in which things are written decides nothing."""

from __future__ import annotations

import json
import random
from typing import Any

import attrs
import pytest

import policy_lang.meaning.load
from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.policy import Policy
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.text import SourceFile, Span
from policy_lang.syntax import from_source, tree
from tests.property.decisions import NAMES, POLICIES, cases, compiled, decide, summary

# What may stand in any order, by node: cases, exceptions, rows, members, operands, fields, words, clauses.
UNORDERED: dict[type, tuple[str, ...]] = {
    tree.File: ("items",),
    tree.Instrument: ("lines",),
    tree.Use: ("names",),
    tree.Means: ("members",),
    tree.Territory: ("codes",),
    tree.Kind: ("members",),
    tree.Act: ("lines",),
    tree.Assume: ("readings", "against"),
    tree.Record: ("fields", "checks"),
    tree.Rule: ("cases", "exceptions"),
    tree.Case: ("exceptions",),
    tree.Table: ("rows",),
    tree.KeyWords: ("options",),
    tree.Treat: ("countries", "purposes"),
    tree.Goods: ("refs",),
    tree.Logic: ("operands",),
    tree.IsIn: ("options",),
}


def shuffled(node: Any, order: random.Random | None) -> Any:
    """The tree with everything unordered in another order: by chance, or backwards."""
    if isinstance(node, tuple):
        return tuple(shuffled(item, order) for item in node)
    if not attrs.has(type(node)) or isinstance(node, (Span, SourceFile)):
        return node
    changes: dict[str, Any] = {}
    for field in attrs.fields(type(node)):
        value = getattr(node, field.name)
        if isinstance(value, tuple) or attrs.has(type(value)):
            new = shuffled(value, order)
            is_free = field.name in UNORDERED.get(type(node), ()) and isinstance(new, tuple)
            if is_free and not (isinstance(node, tree.Table) and node.ordered):
                new = tuple(order.sample(new, len(new))) if order is not None else tuple(reversed(new))
            changes[field.name.lstrip("_")] = new
    if isinstance(node, tree.Sum) and all(sign == "+" for sign, _ in node.rest):
        terms = [changes.get("first", node.first), *(term for _, term in changes["rest"])][::-1]
        changes["first"], changes["rest"] = terms[0], tuple(("+", term) for term in terms[1:])
    return attrs.evolve(node, **changes)


def test_everything_unordered_is_a_field_of_its_node() -> None:
    for kind, names in UNORDERED.items():
        assert set(names) <= {field.name for field in attrs.fields(kind)}, kind


@pytest.mark.parametrize("order", [None, 1, 2], ids=["backwards", "by chance", "by chance again"])
@pytest.mark.parametrize("name", NAMES)
def test_order_decides_nothing(name: str, order: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(order) if order is not None else None

    def read(source: SourceFile) -> tuple[tree.File, tuple[Diagnostic, ...]]:
        file, problems = from_source.read(source)
        return (file if "scenarios" in source.name else shuffled(file, chance)), problems

    monkeypatch.setattr(policy_lang.meaning.load, "read", read)
    result, problems = compile_file(POLICIES / f"{name}.scenarios.pol", Library())
    assert problems == ()
    assert result.program is not None
    policy, other = compiled(name)[0], Policy(result.program)
    assert set(other.names) == set(policy.names)
    for position, (_, number) in enumerate(case for case in cases() if case[0] == name):
        scenario = compiled(name)[1][number]
        before, after = decide(policy, scenario), decide(other, scenario)
        assert after.states == before.states, scenario.label
        if position % 5 == 0:  # needs, assumptions and citations take long
            assert summary(after) == summary(before), scenario.label
        else:
            values = {known: outcome.value for known, outcome in before.outcomes.items()}
            assert {known: outcome.value for known, outcome in after.outcomes.items()} == values, (
                scenario.label
            )


def test_order_of_facts_decides_nothing() -> None:
    policy, _ = compiled("clean_vehicle_credit")
    text = (POLICIES / "examples" / "whole_vehicle.json").read_text(encoding="utf-8")
    facts = json.loads(text)

    def backwards(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: backwards(inner) for key, inner in reversed(value.items())}
        return [backwards(inner) for inner in reversed(value)] if isinstance(value, list) else value

    as_of = compiled("clean_vehicle_credit")[1][0].as_of
    assert summary(policy.evaluate(backwards(facts), as_of)) == summary(policy.evaluate(facts, as_of))


def test_the_same_files_give_the_same_program_every_time() -> None:
    first = compile_file(POLICIES / "clean_vehicle_credit.pol", Library())[0]
    second = compile_file(POLICIES / "clean_vehicle_credit.pol", Library())[0]
    assert first.program == second.program
