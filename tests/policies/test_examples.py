"""The worked examples, against the same amounts worked out here in a plain way with fractions."""

from __future__ import annotations

import datetime
import re
import shlex
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest

from policy_lang import Policy, load
from policy_lang.pipeline import compile_file
from policy_lang.policy import DecidedOutcome, InvalidFacts
from policy_lang.program.scenario import Scenario
from policy_lang.source.files import amendments_in
from policy_lang.tools.run_scenarios import run_scenario

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "policies" / "examples"
PAGE = ROOT / "docs" / "how-to" / "worked-examples.md"
NAMES = ("employee_discount", "import_duty_calculator", "child_tax_credit_phaseout")
ON = datetime.date(2024, 6, 1)


@cache
def example(name: str) -> Policy:
    return load(EXAMPLES / f"{name}.pol")


@cache
def scenarios(name: str) -> tuple[Scenario, ...]:
    result, problems = compile_file(EXAMPLES / f"{name}.scenarios.pol")
    assert problems == ()
    return result.scenarios


def decide(name: str, record: str, **given: object) -> dict[str, DecidedOutcome]:
    known = {field: value for field, value in given.items() if value is not None}
    return dict(example(name).evaluate({record: known}, ON).outcomes)


def exact(outcome: DecidedOutcome) -> Fraction:
    assert outcome.state == "decided", (outcome.name, outcome.state)
    value = outcome.value
    assert not isinstance(value, float)
    return Fraction(value)  # type: ignore[arg-type]  # so it is made


@pytest.mark.parametrize(
    ("name", "scenario"),
    [(name, scenario) for name in NAMES for scenario in scenarios(name)],
    ids=lambda value: value.label if isinstance(value, Scenario) else str(value),
)
def test_scenario(name: str, scenario: Scenario) -> None:
    result = run_scenario(example(name), scenario)
    assert result.passed, [(miss.expected, miss.got) for miss in result.misses] or result.refused


def test_every_example_has_scenarios() -> None:
    found = {path.name for path in EXAMPLES.glob("*.pol")}
    policies = {name for name in found if not name.endswith(".scenarios.pol")}
    assert {f"{name}.pol" for name in NAMES} <= policies
    amending = {path.name for paths in amendments_in(EXAMPLES).values() for path in paths}
    assert found == policies | {name.replace(".pol", ".scenarios.pol") for name in policies - amending}


# -------------------------------------------------------------------------------------- the page about them


def blocks(language: str) -> list[str]:
    return re.findall(
        rf"^```{language}\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )


def test_what_the_page_quotes_stands_in_the_files() -> None:
    files = [path.read_text(encoding="utf-8") for path in sorted(EXAMPLES.glob("*.pol"))]
    for block in blocks("pol"):
        for item in block.strip("\n").split("\n\n"):
            assert any(item in text for text in files), item


def test_the_page_names_every_policy() -> None:
    policies = {path.name for path in (ROOT / "policies").rglob("*.pol") if "." not in path.stem}
    assert policies <= set(re.findall(r"`(\w+\.pol)`", PAGE.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "session",
    [session for block in blocks("console") for session in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]],
    ids=lambda session: session.partition("\n")[0],
)
def test_a_command_of_the_page(session: str) -> None:
    """It prints what stands below it, where `...` stands for any lines; below nothing, it is only run."""
    command, _, expected = session.partition("\n")
    words = shlex.split(command)
    assert words[0] == "pol"
    done = subprocess.run(
        [sys.executable, "-m", "policy_lang.cli", *words[1:]],
        cwd=ROOT,
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "COLUMNS": "100"},
        timeout=60,
    )
    assert done.returncode == (4 if "undetermined" in expected else 0), done.stderr
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else rf"{re.escape(line)}\n" for line in expected.splitlines()
    )
    assert re.fullmatch(pattern or r"(?s:.*)", done.stdout), done.stdout


# -------------------------------------------------------------------------------------- employee discount


def discount(kind: str, customer: Fraction, employee: Fraction, cost: Fraction | None) -> Fraction:
    share = Fraction(1, 5) if kind == "services" else (customer - (cost or 0)) / customer
    return min(customer - employee, customer * share)


@pytest.mark.parametrize(
    ("kind", "customer", "employee", "cost", "qualified"),
    [
        ("property", 1500, 1000, 900, 500),
        ("property", 1500, 1000, 1200, 300),
        ("services", 1500, 1000, None, 300),
        ("property", 1000, 1000, 700, 0),
        ("property", 900, 300, 700, 200),
        ("property", 900, 899, 300, 1),
        ("services", 1, 0, None, Fraction(1, 5)),
    ],
)
def test_the_qualified_discount(
    kind: str, customer: int, employee: int, cost: int | None, qualified: int | Fraction
) -> None:
    decided = decide(
        "employee_discount",
        "sale",
        kind=kind,
        customer_price=customer,
        employee_price=employee,
        aggregate_cost=cost,
    )
    expected = discount(
        kind, Fraction(customer), Fraction(employee), None if cost is None else Fraction(cost)
    )
    assert exact(decided["qualified"]) == expected == qualified
    assert exact(decided["discount"]) == customer - employee
    if kind == "property" and cost is not None:
        assert exact(decided["highest_percentage"]) == Fraction(100 * (customer - cost), customer)


def test_the_cost_of_property_is_the_only_thing_asked_for() -> None:
    decided = decide("employee_discount", "sale", kind="property", customer_price=1500, employee_price=1000)
    assert exact(decided["discount"]) == 500
    assert decided["qualified"].state == "undetermined"
    assert decided["qualified"].needs == ["sale.aggregate_cost"]
    assert decided["highest_percentage"].needs == ["sale.aggregate_cost"]


def test_the_cost_of_services_is_never_asked_for() -> None:
    decided = decide("employee_discount", "sale", kind="services", customer_price=1500)
    assert decided["qualified"].needs == ["sale.employee_price"]


@pytest.mark.parametrize(
    ("customer", "employee", "cost", "place"), [(1000, 1200, 900, "sale"), (1000, 900, 1001, "sale")]
)
def test_prices_that_contradict_each_other_are_refused(
    customer: int, employee: int, cost: int, place: str
) -> None:
    with pytest.raises(InvalidFacts) as refused:
        decide(
            "employee_discount",
            "sale",
            kind="property",
            customer_price=customer,
            employee_price=employee,
            aggregate_cost=cost,
        )
    assert [problem.place for problem in refused.value.problems] == [place]


# -------------------------------------------------------------------------------------- import duty

RATES = [
    ("electronics", ("85",), 15),
    ("electronics", ("90",), 12),
    ("textiles", ("61", "62"), 20),
    ("textiles", ("63",), 18),
    ("food", ("02", "03", "04"), 22),
    ("food", ("19", "20", "21"), 16),
    ("automotive", ("87",), 25),
]


def base_rate(category: str, code: str) -> Fraction:
    """In percent. The chapters are read off the text of the code, not off a range of numbers."""
    return Fraction(
        next((rate for of, chapters, rate in RATES if of == category and code.startswith(chapters)), 18)
    )


def multiplier(origin: str, destination: str, has_fta: bool) -> Fraction:
    if destination != "US":
        return Fraction(1)
    if origin in ("KP", "IR"):
        return Fraction(3)
    if has_fta:
        return Fraction(0 if origin in ("MX", "CA") else 1)
    if origin in ("GB", "DE", "FR", "IT", "ES"):
        return Fraction(4, 5)
    return {"CN": Fraction(5, 4), "VN": Fraction(9, 10)}.get(origin, Fraction(1))


def import_total(
    category: str, code: str, value: int, route: tuple[str, str], has_fta: bool, preferential: bool
) -> Fraction:
    adjusted = value * base_rate(category, code) / 100 * multiplier(*route, has_fta)
    preferred = adjusted * Fraction(4, 5) if preferential else adjusted
    duty = max(Fraction(10), preferred) if adjusted > 0 else Fraction(0)
    sanctioned = route[0] in ("KP", "IR") and route[1] == "US"
    return duty + (Fraction(value, 10) if sanctioned else 0)


@pytest.mark.parametrize(
    ("category", "code", "value", "route", "has_fta", "preferential", "total", "effective"),
    [
        ("electronics", "851712", 1200, ("CN", "US"), False, False, "225", "0.1875"),
        ("textiles", "610910", 1000, ("MX", "US"), True, True, "0", "0"),
        ("other", "940360", 40, ("BR", "US"), False, False, "10", "0.25"),
        ("automotive", "870323", 500, ("IR", "US"), False, False, "425", "0.85"),
        ("electronics", "901380", 2000, ("DE", "US"), False, True, "153.60", "0.0768"),
        ("food", "040690", 1000, ("JP", "US"), False, False, "220", "0.22"),
        ("electronics", "851712", 1200, ("CN", "US"), True, False, "180", "0.15"),
    ],
)
def test_the_import_duty(
    category: str,
    code: str,
    value: int,
    route: tuple[str, str],
    has_fta: bool,
    preferential: bool,
    total: str,
    effective: str,
) -> None:
    decided = decide(
        "import_duty_calculator",
        "consignment",
        category=category,
        hs_code=code,
        value=value,
        origin=route[0],
        destination=route[1],
        has_fta=has_fta,
        preferential=preferential,
    )
    expected = import_total(category, code, value, route, has_fta, preferential)
    assert exact(decided["total"]) == expected == Fraction(total)
    assert exact(decided["effective_rate"]) == expected / value == Fraction(effective)


@pytest.mark.parametrize("category", ["electronics", "textiles", "food", "automotive", "other"])
def test_every_chapter_has_the_rate_of_its_first_row(category: str) -> None:
    for chapter in range(1, 100):
        for rest in ("0000", "9999"):
            code = f"{chapter:02d}{rest}"
            decided = decide("import_duty_calculator", "consignment", category=category, hs_code=code)
            assert exact(decided["rate"]) == base_rate(category, code), code


@pytest.mark.parametrize("destination", ["US", "CA"])
@pytest.mark.parametrize("has_fta", [False, True])
@pytest.mark.parametrize(
    "origin", ["CN", "MX", "CA", "GB", "DE", "FR", "IT", "ES", "KP", "IR", "VN", "JP", "BR"]
)
def test_every_route_has_the_multiplier_of_its_first_row(
    origin: str, has_fta: bool, destination: str
) -> None:
    for preferential in (False, True):
        decided = decide(
            "import_duty_calculator",
            "consignment",
            category="electronics",
            hs_code="851712",
            value=70,
            origin=origin,
            destination=destination,
            has_fta=has_fta,
            preferential=preferential,
        )
        assert exact(decided["factor"]) == multiplier(origin, destination, has_fta)
        assert exact(decided["total"]) == import_total(
            "electronics", "851712", 70, (origin, destination), has_fta, preferential
        )


def test_on_a_route_with_a_row_only_the_agreement_is_asked_for() -> None:
    decided = decide(
        "import_duty_calculator",
        "consignment",
        category="electronics",
        hs_code="851712",
        value=1200,
        origin="CN",
        destination="US",
        preferential=False,
    )
    assert decided["total"].state == "undetermined"
    assert decided["total"].needs == ["consignment.has_fta"]


# -------------------------------------------------------------------------------------- child tax credit

SINCE_2018 = {
    "single": 200_000,
    "separate": 200_000,
    "head_of_household": 200_000,
    "joint": 400_000,
    "surviving_spouse": 400_000,
}
SINCE_2013 = {
    "single": 75_000,
    "head_of_household": 75_000,
    "surviving_spouse": 75_000,
    "joint": 110_000,
    "separate": 55_000,
}


def threshold(day: str, status: str) -> int | None:
    if day < "2013-01-01":
        return None
    return (SINCE_2018 if day >= "2018-01-01" else SINCE_2013)[status]


def reduction(excess: Fraction) -> int:
    """Fifty dollars for each thousand, and for a part of one."""
    return 50 * max(0, -(-excess // 1000))


@pytest.mark.parametrize(
    ("day", "status", "agi", "taken"),
    [
        ("2020-12-31", "head_of_household", 219_100, 1000),
        ("2020-12-31", "head_of_household", 400_000, 10_000),
        ("2020-12-31", "single", 200_000, 0),
        ("2020-12-31", "single", 200_001, 50),
        ("2017-12-31", "single", 75_000, 0),
        ("2018-01-01", "single", 75_001, 0),
    ],
)
def test_the_reduction(day: str, status: str, agi: int, taken: int) -> None:
    decided = decide(
        "child_tax_credit_phaseout", "tax_return", tax_year_day=day, filing_status=status, agi=agi
    )
    from_here = threshold(day, status)
    assert from_here is not None
    assert exact(decided["threshold"]) == from_here
    assert exact(decided["reduction"]) == reduction(Fraction(agi - from_here)) == taken


@pytest.mark.parametrize("day", ["2013-01-01", "2017-12-31", "2018-01-01", "2026-06-30"])
@pytest.mark.parametrize("status", sorted(SINCE_2018))
def test_every_status_around_its_threshold(day: str, status: str) -> None:
    from_here = threshold(day, status)
    assert from_here is not None
    for excess in ("-0.01", "0", "0.01", "999.99", "1000", "1000.01", "123456.78"):
        decided = decide(
            "child_tax_credit_phaseout",
            "tax_return",
            tax_year_day=day,
            filing_status=status,
            agi=str(from_here + Decimal(excess)),
        )
        assert exact(decided["reduction"]) == reduction(Fraction(excess)), (day, status, excess)


def test_without_the_income_the_threshold_can_be_told() -> None:
    decided = decide(
        "child_tax_credit_phaseout", "tax_return", tax_year_day="2022-12-31", filing_status="joint"
    )
    assert exact(decided["threshold"]) == 400_000
    assert decided["reduction"].state == "undetermined"
    assert decided["reduction"].needs == ["tax_return.agi"]


@pytest.mark.parametrize("status", sorted(SINCE_2018))
def test_before_2013_the_answer_is_not_zero(status: str) -> None:
    decided = decide(
        "child_tax_credit_phaseout", "tax_return", tax_year_day="2012-12-31", filing_status=status, agi=1
    )
    assert {outcome.state for outcome in decided.values()} == {"not in force"}
    assert all(outcome.value is None for outcome in decided.values())
