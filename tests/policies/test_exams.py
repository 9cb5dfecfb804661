"""Every row of the tables that three worked examples are held to is one of their scenarios, with its answers."""

from __future__ import annotations

import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.program.scenario import Scenario

EXAMPLES = Path(__file__).parents[2] / "policies" / "examples"
D = Decimal
BAD = "bad facts"
UNDETERMINED = "undetermined"


def sale(kind: str, customer: int, employee: int, cost: int | None, **expected: Any) -> tuple[Any, ...]:
    facts = {"kind": kind, "customer_price": D(customer), "employee_price": D(employee)}
    facts |= {"aggregate_cost": D(cost)} if cost is not None else {}
    return "employee_discount", "sale", facts, None, expected


def consignment(
    category: str, code: str, value: int, route: str, fta: bool | None, preferential: bool, **expected: Any
) -> tuple[Any, ...]:
    facts: dict[str, object] = {"category": category, "hs_code": code, "value": D(value)}
    facts |= {"origin": route[:2], "destination": route[2:], "preferential": preferential}
    facts |= {"has_fta": fta} if fta is not None else {}
    return "import_duty_calculator", "consignment", facts, None, expected


def tax_return(as_of: str, status: str, agi: int | None, **expected: Any) -> tuple[Any, ...]:
    facts: dict[str, object] = {"filing_status": status}
    facts |= {"agi": D(agi)} if agi is not None else {}
    return "child_tax_credit_phaseout", "tax_return", facts, as_of, expected


needs_cost = (UNDETERMINED, "sale.aggregate_cost")
needs_fta = (UNDETERMINED, "consignment.has_fta")
ROWS = [
    sale("property", 1500, 1000, 900, discount=500, highest_percentage=40, qualified=500),
    sale("property", 1500, 1000, 1200, discount=500, highest_percentage=20, qualified=300),
    sale("services", 1500, 1000, None, discount=500, qualified=300),
    sale("property", 1500, 1000, None, discount=500, highest_percentage=needs_cost, qualified=needs_cost),
    sale("property", 1000, 1200, 900, **{BAD: True}),
    consignment("electronics", "8517.12", 1200, "CNUS", False, False, total=225, effective_rate="0.1875"),
    consignment("textiles", "6109.10", 1000, "MXUS", True, True, total=0, effective_rate=0),
    consignment("other", "9403.60", 40, "BRUS", False, False, total=10, effective_rate="0.25"),
    consignment("automotive", "8703.23", 500, "IRUS", False, False, total=425, effective_rate="0.85"),
    consignment("electronics", "9013.80", 2000, "DEUS", False, True, total="153.6", effective_rate="0.0768"),
    consignment("food", "0406.90", 1000, "JPUS", False, False, total=220, effective_rate="0.22"),
    consignment("electronics", "8517.12", 1200, "CNUS", None, False, total=needs_fta),
    tax_return("2020-12-31", "head_of_household", 219100, threshold=200000, reduction=1000),
    tax_return("2020-12-31", "head_of_household", 400000, threshold=200000, reduction=10000),
    tax_return("2022-12-31", "joint", None, threshold=400000, reduction=(UNDETERMINED, "tax_return.agi")),
    tax_return("2020-12-31", "single", 200000, threshold=200000, reduction=0),
    tax_return("2020-12-31", "single", 200001, threshold=200000, reduction=50),
    tax_return("2017-12-31", "single", 75000, threshold=75000, reduction=0),
    tax_return("2018-01-01", "single", 75001, threshold=200000, reduction=0),
    tax_return("2012-12-31", "single", 1, threshold="not in force", reduction="not in force"),
]


@cache
def scenarios(policy: str) -> tuple[Scenario, ...]:
    compiled, problems = compile_file(EXAMPLES / f"{policy}.scenarios.pol")
    assert problems == ()
    return compiled.scenarios


def told(scenario: Scenario) -> dict[str, object]:
    """What a scenario expects, as the rows above say it."""
    if scenario.bad_facts:
        return {BAD: True}
    found: dict[str, object] = {}
    for one in scenario.expectations:
        found[one.outcome] = one.value if one.state == "decided" else one.state
        if one.state == UNDETERMINED:
            found[one.outcome] = (UNDETERMINED, *sorted(one.needs or ()))
    return found


def is_row(scenario: Scenario, record: str, facts: dict[str, object], as_of: str | None) -> bool:
    given = scenario.facts.get(record, {})
    assert isinstance(given, dict)
    dates = {value for value in given.values() if isinstance(value, datetime.date)} | {scenario.as_of}
    if as_of is not None and datetime.date.fromisoformat(as_of) not in dates:
        return False
    return {k: v for k, v in given.items() if not isinstance(v, datetime.date)} == facts


@pytest.mark.parametrize(("policy", "record", "facts", "as_of", "expected"), ROWS)
def test_each_row_is_a_scenario(
    policy: str, record: str, facts: dict[str, object], as_of: str | None, expected: dict[str, Any]
) -> None:
    wanted = {
        name: D(value) if isinstance(value, int) or str(value)[:1].isdigit() else value
        for name, value in expected.items()
    }
    if BAD in wanted:
        wanted = {BAD: True}
    found = [told(s) for s in scenarios(policy) if is_row(s, record, facts, as_of)]
    assert any(wanted.items() <= one.items() for one in found), (wanted, found)


def test_no_row_is_left_out() -> None:
    assert [sum(row[0] == name for row in ROWS) for name in dict.fromkeys(row[0] for row in ROWS)] == [
        5,
        7,
        8,
    ]
