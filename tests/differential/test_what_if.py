"""What would have to change, against every set of facts of small cases and against the reference interpreter.

`POL_WHAT_IF_CASES` is the number of small cases gone through: 60 unless it says otherwise.
"""

from __future__ import annotations

import datetime
import itertools
import os
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from policy_lang.policy import InvalidFacts, Policy
from policy_lang.program.core import Bounds, FieldSchema, Instrument, Outcome, Program, RecordSchema
from policy_lang.program.types import Date, Enumeration, ListOf, Number, YesNo, is_numeric
from policy_lang.tools.what_if.search import Answer, WhatIf, what_if
from tests.reference.generators import _Maker, generate_case
from tests.reference.interpreter import decide
from tests.reference.neutral import neutral
from tests.reference.pools import WHOLE, YES_NO

CASES = int(os.environ.get("POL_WHAT_IF_CASES", "60"))
LETTER = Enumeration("letter", ("a", "b", "c"))
DAYS = tuple(datetime.date(2024, 1, n) for n in (1, 2, 3))
AS_OF = datetime.date(2024, 1, 2)
ITEM = {"flag": (True, False), "count": (0, 1)}
DOMAINS: dict[str, tuple[Any, ...]] = {
    "flag": (True, False),
    "letter": LETTER.members,
    "count": (0, 1, 2, 3),
    "day": tuple(day.isoformat() for day in DAYS),
}


def small_program(rng: random.Random, with_list: bool) -> Program:
    """One rule, yes or no, about a record with four small fields, and perhaps a list."""
    maker = _Maker(rng)
    maker.numbers = [Decimal(n) for n in range(4)]
    maker.dates = list(DAYS)
    fields = [
        FieldSchema("flag", YES_NO),
        FieldSchema("letter", LETTER),
        FieldSchema("count", WHOLE, bounds=Bounds(lower=Decimal(0), upper=Decimal(3))),
        FieldSchema("day", Date(), bounds=Bounds(lower=DAYS[0], upper=DAYS[-1])),
    ]
    item = RecordSchema(
        "chain",
        (
            FieldSchema("flag", YES_NO),
            FieldSchema("count", WHOLE, bounds=Bounds(lower=Decimal(0), upper=Decimal(1))),
        ),
        parent="vehicle",
        parent_field="chains",
    )
    if with_list:
        fields.append(FieldSchema("chains", ListOf("chain")))
    root = "vehicle" if with_list else "measure"
    records = (RecordSchema(root, tuple(fields)), *([item] if with_list else []))
    maker.records = list(records)
    scope = (root,)
    body = maker.make(YES_NO, scope, 4)
    if with_list:
        body = maker.fold(rng.choice(("any", "all")), YES_NO, scope, 3) or body
    outcome = Outcome("r", "rule", root, body, YES_NO, None)
    return Program("small", (Instrument("small", "law"),), records, (), (), (), (), (outcome,))


def varies(program: Program, rng: random.Random) -> bool:
    """Whether the answer hangs on the facts."""
    told = set()
    for _ in range(12):
        facts: dict[str, Any] = {name: rng.choice(options) for name, options in DOMAINS.items()}
        if len(program.records) > 1:
            facts["chains"] = [{k: rng.choice(v) for k, v in ITEM.items()} for _ in range(2)]
        answer = answer_of(program, facts, AS_OF)
        told.add(answer.value if answer.state == "decided" else answer.state)
    return {True, False} <= told


def situations(given: dict[str, Any], with_list: bool) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """Every set of facts, with how many facts are other than given and how many are filled in."""
    names = list(DOMAINS)
    for values in itertools.product(*((None, *DOMAINS[name]) for name in names)):
        facts = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        if any(name not in facts for name in given if name != "chains"):
            continue  # what is given is not taken back
        changed = sum(facts[name] != value for name, value in given.items() if name != "chains")
        filled = len(facts) - sum(name != "chains" for name in given)
        if not with_list:
            yield changed, filled, facts
            continue
        elements = given["chains"]
        for inner in itertools.product(itertools.product(*ITEM.values()), repeat=len(elements)):
            made = [dict(zip(ITEM, one, strict=True)) for one in inner]
            more = sum(a[k] != b[k] for a, b in zip(elements, made, strict=True) for k in ITEM)
            yield changed + more, filled, {**facts, "chains": made}


def answer_of(program: Program, facts: dict[str, Any], as_of: datetime.date) -> Any:
    raw = {program.records[0].name: facts}
    return decide(program, neutral(program, raw), as_of)["r"]


@pytest.mark.slow
@pytest.mark.parametrize("part", range(4))
def test_no_smaller_set_of_facts_will_do(part: int) -> None:
    seen = {"found": 0, "impossible": 0, "already": 0, "not settled": 0}
    for seed in range(part * CASES // 4, (part + 1) * CASES // 4):
        rng = random.Random(seed)
        with_list = seed % 3 == 0
        program = next(one for _ in range(200) if varies(one := small_program(rng, with_list), rng))
        given = {name: rng.choice(options) for name, options in DOMAINS.items() if rng.random() < 0.7}
        if with_list:
            given["chains"] = [{k: rng.choice(v) for k, v in ITEM.items()} for _ in range(rng.randint(0, 2))]
        now = answer_of(program, given, AS_OF)
        wanted = not now.value if now.state == "decided" else rng.random() < 0.5
        found = what_if(
            Policy(program),
            {program.records[0].name: given},
            AS_OF,
            f"r={'yes' if wanted else 'no'}",
            most=20,
            limit=30,
        )
        good = [
            (changed, filled, facts)
            for changed, filled, facts in situations(given, with_list)
            if (a := answer_of(program, facts, AS_OF)).state == "decided" and a.value is wanted
        ]
        check(found, good, given, program, wanted, f"seed {seed}")
        seen[found.status] += 1
    assert seen["found"] >= CASES // 8


def check(
    found: WhatIf,
    good: list[tuple[int, int, dict[str, Any]]],
    given: dict[str, Any],
    program: Program,
    wanted: bool,
    where: str,
) -> None:
    answers, root = found.answers, program.records[0].name
    if any(move.kind in ("added", "removed") for one in answers for move in one.moves):
        assert not good, f"{where}: a list was changed without need"
        return
    assert found.status != "not settled", where
    if found.status == "impossible":
        assert not good, where
        return
    least = min((changed, filled) for changed, filled, _ in good)
    if found.status == "already":
        assert least == (0, 0), where
        return
    assert (answers[0].changes, answers[0].filled_in) == least, f"{where}: {answers}"
    for one in answers:
        told = answer_of(program, dict(one.facts[root]), one.as_of)
        assert (told.state, told.value) == ("decided", wanted), f"{where}: {one}"
        if len(one.moves) == 1 and one.changes == 1 and is_numeric(one.moves[0].type or YesNo()):
            name = str(one.moves[0].place[-1])
            if name in given:
                gaps = [
                    abs(facts[name] - given[name])
                    for changed, filled, facts in good
                    if (changed, filled) == (1, 0) and facts[name] != given[name]
                ]
                assert abs(one.facts[root][name] - given[name]) == min(gaps), f"{where}: {one}"


@pytest.mark.slow
def test_every_answer_is_right_by_the_reference() -> None:
    told = 0
    for seed in range(CASES // 2):
        rng = random.Random(seed)
        program, cases = generate_case(rng, 3)
        policy = Policy(program)
        for case in cases:
            for outcome in program.outcomes:
                aim = aim_at(outcome, rng)
                if aim is None:
                    continue
                try:
                    found = what_if(policy, case.raw, case.as_of, aim, assume=case.assume, limit=0.4, most=2)
                except InvalidFacts:
                    break
                for one in found.answers:
                    told += confirmed(program, one, found, case.assume, f"seed {seed}: {aim}")
    assert told > CASES // 4


def confirmed(program: Program, one: Answer, found: WhatIf, assume: dict[str, Any], where: str) -> int:
    facts = neutral(program, dict(one.facts))
    answers = decide(program, facts, one.as_of, assume)
    name = found.goal.outcome.name
    if name not in answers:
        return 0  # the reference answers only where the record is given
    assert answers[name].state == found.goal.state, f"{where}: {one}"
    if found.goal.sign == "=":
        assert answers[name].value == found.goal.value, f"{where}: {one}"
    if found.goal.sign == ">=":
        assert answers[name].value >= found.goal.value, f"{where}: {one}"
    return 1


def aim_at(outcome: Outcome, rng: random.Random) -> str | None:
    if outcome.family == "status":
        return f"{outcome.name}={rng.choice(('granted', 'not granted'))}"
    if outcome.family == "obligation":
        return f"{outcome.name}={rng.choice(('pending', 'overdue', 'fulfilled'))}"
    if outcome.family != "rule":
        return None
    if isinstance(outcome.type, YesNo):
        return f"{outcome.name}={rng.choice(('yes', 'no'))}"
    if isinstance(outcome.type, Number) or (outcome.type is not None and is_numeric(outcome.type)):
        return f"{outcome.name}>={rng.choice((0, 1, 7))}"
    return f"{outcome.name}=decided"
