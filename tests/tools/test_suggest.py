"""`pol test --suggest`: filled in from a policy that is right, what is suggested tries everything and notices slips."""

from __future__ import annotations

import datetime
import os
import shutil
import time
from collections.abc import Callable, Mapping
from itertools import combinations
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest

from policy_lang.backends.evaluate.changed import Original
from policy_lang.backends.prove.cover import least_cover
from policy_lang.backends.prove.near_facts import Answer
from policy_lang.backends.prove.probe import Goal, Key, Probe
from policy_lang.pipeline import compile_file
from policy_lang.policy import Policy
from policy_lang.source.text import SourceFile
from policy_lang.syntax.from_source import read
from policy_lang.syntax.to_source import to_source
from policy_lang.tools.coverage.items import Items
from policy_lang.tools.coverage.measure import measure
from policy_lang.tools.mutate.notice import watch
from policy_lang.tools.mutate.slips import slips_of
from policy_lang.tools.run_scenarios import run_scenario
from policy_lang.tools.suggest import search
from policy_lang.tools.suggest.cases import Asker, Case
from policy_lang.tools.suggest.choose import Picked, as_scenarios, givable
from policy_lang.tools.suggest.edges import Edges
from policy_lang.tools.suggest.report import SlipsAsked, Suggestions, suggest
from policy_lang.tools.suggest.slips import telling
from tests.cli.conftest import ROOT
from tests.tools.filled_in import fill_in

Write = Callable[[str], Path]

DUTY = """\
law honey
    title    "Honey Law"
    in force from 2024-01-01                                            [Section 1]
    verified 2026-11-22 against "nothing: this law is invented"

assume comb_is_honey is no
    because "comb honey is wax, too"                                    [own reading]
    but see "it is sold as honey"                                       [own reading]

vessels means DE, FR, NL                                                [Section 9]

record batch "A batch of honey"
    value     money USD at least 0 USD      "What is it worth?"
    origin    country                       "Where does it come from?"
    kind      liquid, comb or powder        "What is it?"
    packed    date                          "When was it packed?"
    jars      list of jar

record jar in batch
    weight    quantity kg more than 0 kg    "How much does it weigh?"
    organic   yes or no                     "Is it organic?"

rule organic_weight for batch : quantity kg                                     [Section 4]
    sum of weight of jars where organic

rule levy for batch : money USD                                         [Section 2]
    5 % of value when origin is in vessels and value exceeds 100 USD
    2 USD when kind is comb and not comb_is_honey and origin is not in vessels
    otherwise 0 USD
    but 0 USD when packed is before 2024-07-01                          [Section 2(2)]
    but 0 USD when organic_weight is at least 10 kg                             [Section 2(3)]
"""


def silent(*_: object) -> None:
    """Says nothing."""


def found(path: Path, budget: float = 600) -> Suggestions:
    compiled, problems = compile_file(path)
    assert compiled.program is not None, problems
    return suggest(compiled.program, (), compiled.sources, budget=budget, tick=silent)


def scenarios_of(path: Path, one: Suggestions) -> Path:
    out = path.with_name(f"{path.stem}.scenarios.pol")
    out.write_text(f"scenarios for {one.policy}\n\n{one.text}", encoding="utf-8")
    return out


def unnoticed(path: Path) -> tuple[list[str], int]:
    """The slips that no scenario of a file notices, in words; and how many there are in all."""
    compiled, problems = compile_file(path)
    assert compiled.program is not None, problems
    program = compiled.program
    watching, failing = watch(Original(program, Policy(program).evaluator), compiled.scenarios, run_scenario)
    assert not failing
    slips = slips_of(program).mutants
    return [one.words for one in slips if watching.survivor(one) is not None], len(slips)


@pytest.fixture
def honey(tmp_path: Path) -> Path:
    path = tmp_path / "honey.pol"
    path.write_text(DUTY, encoding="utf-8")
    return path


def test_filled_in_they_try_everything_and_notice_slips(honey: Path) -> None:
    one = found(honey)
    assert one.finished
    assert one.then == one.to_try > one.tried == 0
    assert not one.never
    head = f"scenarios for {one.policy}\n\n"
    tree, problems = read(SourceFile("x", head + one.text))
    assert not problems
    assert to_source(tree) == head + one.text  # as `pol fmt` has it
    path = scenarios_of(honey, one)
    fill_in(path)
    [coverage] = [each for each in measure([path]) if each.policy == "honey"]
    assert (coverage.percent, coverage.gaps) == (100, ())
    survivors, slips = unnoticed(path)
    assert len(survivors) <= slips // 20, survivors


def test_what_is_tried_is_not_suggested_again(honey: Path) -> None:
    one = found(honey)
    path = scenarios_of(honey, one)
    fill_in(path)
    text = path.read_text(encoding="utf-8")
    compiled, _ = compile_file(path)
    assert compiled.program is not None
    again = suggest(compiled.program, compiled.scenarios, compiled.sources, budget=600, tick=silent)
    assert not again.scenarios, again.text
    assert again.tried == again.to_try
    # Without one of them, that one is missing again.
    *blocks, last = text.split("\n\nscenario ")
    path.write_text("\n\nscenario ".join(blocks) + "\n", encoding="utf-8")
    compiled, _ = compile_file(path)
    assert compiled.program is not None
    less = suggest(compiled.program, compiled.scenarios, compiled.sources, budget=600, tick=silent)
    assert less.scenarios, last
    assert less.cases < one.cases


def test_cases_for_slips_notice_every_slip_that_changes_an_answer(honey: Path) -> None:
    compiled, _ = compile_file(honey)
    assert compiled.program is not None
    program = compiled.program
    items = Items(program)
    asker = Asker(Policy(program), items, Edges(program, items))
    told = telling(asker, (), (), budget=120, seed=1, tick=silent)
    assert told.noticed == told.not_tried == 0
    assert told.told_apart + told.changing_nothing + told.not_told_apart == len(slips_of(program).mutants)
    assert len(told.picked) < told.told_apart / 2  # one case is there for many
    assert {one for each in told.picked for one in each.notices}
    made, texts = as_scenarios(told.picked, program, set())
    path = honey.with_name("honey.scenarios.pol")
    path.write_text("scenarios for honey\n\n" + "\n\n".join(texts) + "\n", encoding="utf-8")
    fill_in(path)
    survivors, _ = unnoticed(path)
    assert len(survivors) == told.changing_nothing + told.not_told_apart
    assert all(one.label.startswith(("Levy: ", "Organic weight: ", "Refused facts: ")) for one in made)
    # With them, none of these slips is left; without one of them, some slip is.
    compiled, _ = compile_file(path)
    again = telling(asker, compiled.scenarios, (), budget=120, seed=1, tick=silent)
    assert again.told_apart <= told.not_told_apart
    less = telling(asker, compiled.scenarios[1:], (), budget=120, seed=1, tick=silent)
    assert less.told_apart > again.told_apart


def test_slips_come_after_gaps(honey: Path) -> None:
    compiled, _ = compile_file(honey)
    assert compiled.program is not None
    asked = SlipsAsked(1, silent)
    one = suggest(compiled.program, (), compiled.sources, budget=600, tick=silent, slips=asked)
    assert one.slips is not None
    assert one.then == one.to_try
    assert one.slips.noticed > 40
    path = scenarios_of(honey, one)
    fill_in(path)
    survivors, _ = unnoticed(path)
    assert len(survivors) == one.slips.changing_nothing + one.slips.not_told_apart


def test_limits_and_days_are_named(honey: Path) -> None:
    text = found(honey).text
    assert "exactly at 100 USD" in text
    assert "2024-06-30" in text
    assert "2023-12-31" in text
    assert "just below 10 kg" in text
    assert "assume comb_is_honey is yes" in text
    assert "not known" in text


def test_a_case_that_no_scenario_can_give_is_kept_apart(honey: Path) -> None:
    compiled, _ = compile_file(honey)
    assert compiled.program is not None
    day = datetime.date(2024, 8, 1)

    def picked(**facts: object) -> Picked:
        return Picked(Case(facts, day), ("levy",), "Levy: a case", frozenset())

    plain = picked(batch={"value": "100"})
    odd = [picked(territories={"PR": True}), picked(batch={"value": "1/3"})]
    kept, left_out = givable([odd[0], plain, odd[1]], compiled.program)
    assert kept == (plain,)
    assert [one for one, _ in left_out] == odd
    assert "territories" in left_out[0][1]
    assert "1/3" in left_out[1][1]


def test_what_takes_long_takes_no_time_from_the_rest(honey: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hard: list[Key] = []
    now = 0.0
    solve = Probe.solve

    def slow(probe: Probe, goal: Goal, like: Mapping[str, Any], until: float) -> Answer:
        nonlocal now
        if not hard:
            hard.append(goal.key)
        if goal.key in hard:
            now = until
            return "unsettled"
        return solve(probe, goal, like, time.monotonic() + 60)

    monkeypatch.setattr(Probe, "solve", slow)
    monkeypatch.setattr(search, "time", SimpleNamespace(monotonic=lambda: now))
    compiled, _ = compile_file(honey)
    assert compiled.program is not None
    items = Items(compiled.program)
    edges = Edges(compiled.program, items)
    one = search.Search(compiled.program, items, edges, frozenset(), 300, silent)
    one.run()
    assert one.finished
    tried = {each for candidate in one.candidates for each in candidate.tries}
    assert one.unsettled
    assert {key for key, _ in set(one.unsettled) - tried} == set(hard)


def test_what_can_never_be_is_proved_and_said(tmp_path: Path) -> None:
    path = tmp_path / "odd.pol"
    path.write_text(
        """\
law odd
    title "Odd"
    in force from 2024-01-01
    verified 2026-11-22 against "nothing: this law is invented"

record thing
    weight  number at least 0   "How heavy is it?"

rule fee for thing : money USD                                          [Section 1]
    5 USD when weight is more than 10
    3 USD when weight is less than 0
    otherwise 1 USD
""",
        encoding="utf-8",
    )
    one = found(path)
    assert any("weight is less than 0" in gap.words for gap in one.never)
    assert one.then < one.to_try
    assert all(gap.place.endswith("odd.pol:11") for gap in one.never)


@pytest.mark.parametrize(
    ("name", "least"),
    [("us_australia_framework_2025", 90), ("us_mexico_action_plan_2026", 90)],
)
def test_policies_of_the_library(tmp_path: Path, name: str, least: int) -> None:
    for path in (ROOT / "policies").glob("*.pol"):
        if not path.name.endswith(".scenarios.pol"):
            shutil.copy(path, tmp_path)
    policy = tmp_path / f"{name}.pol"
    path = scenarios_of(policy, found(policy))
    fill_in(path)
    [coverage] = [each for each in measure([path]) if each.policy == name]
    assert all(gap.item.kind == "check" for gap in coverage.gaps)
    survivors, slips = unnoticed(path)
    assert 100 * (slips - len(survivors)) >= least * slips, survivors


@pytest.mark.slow
@pytest.mark.skipif(
    not os.environ.get("POL_SUGGEST_CREDIT"), reason="takes minutes: set POL_SUGGEST_CREDIT=1"
)
def test_the_clean_vehicle_credit(tmp_path: Path) -> None:
    for path in (ROOT / "policies").glob("*.pol"):
        if not path.name.endswith(".scenarios.pol"):
            shutil.copy(path, tmp_path)
    policy = tmp_path / "clean_vehicle_credit.pol"
    path = scenarios_of(policy, found(policy, budget=300))
    fill_in(path)
    [coverage] = [each for each in measure([path]) if each.policy == "clean_vehicle_credit"]
    assert all(gap.item.kind == "check" for gap in coverage.gaps)
    survivors, slips = unnoticed(path)
    assert 100 * (slips - len(survivors)) >= 90 * slips, survivors


# ------------------------------------------------------------------------------------------ few of many


def test_no_fewer_sets_hold_the_same() -> None:
    draw = Random(7)
    for _ in range(60):
        sets = [frozenset(draw.sample(range(9), draw.randint(0, 4))) for _ in range(draw.randint(1, 8))]
        everything = frozenset().union(*sets)
        cover = least_cover(list(sets), 5)
        assert cover.is_least
        assert frozenset().union(*(sets[n] for n in cover.chosen)) == everything
        fewer = combinations(sets, len(cover.chosen) - 1) if cover.chosen else ()
        assert not any(frozenset().union(*some) == everything for some in fewer)
