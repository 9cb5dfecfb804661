"""The evaluator against the reference interpreter, and the laws that both must keep.

`POL_DIFFERENTIAL_PAIRS` is the number of (program, facts) pairs compared: 2,000 unless it says otherwise;
20,000 in the long form.
"""

from __future__ import annotations

import copy
import os
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias

import pytest
from attrs import evolve, frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_lang.policy import DecidedOutcome, Policy
from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Outcome,
    Program,
)
from policy_lang.program.types import Date, YesNo, describe, is_numeric
from tests.reference.generators import cases, generate_case
from tests.reference.interpreter import decide
from tests.reference.neutral import Situation, neutral
from tests.reference.scene import at_place, path_of, type_of
from tests.reference.shapes import parts_of, with_parts

pytestmark = pytest.mark.slow

PAIRS = int(os.environ.get("POL_DIFFERENTIAL_PAIRS", "2000"))
SITUATIONS = 10
laws = settings(
    max_examples=max(PAIRS // 20, 50),
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


@frozen
class Answer:
    """One outcome, as either reading gives it."""

    state: str
    value: Any
    needs: frozenset[str]
    assumes: frozenset[str]
    due: date | None
    calendar: tuple[date, ...]
    on_time: bool | None
    determinations: frozenset[str]
    reasons: frozenset[Any]  # codes; for a conflict, the values with their citations


Answers: TypeAlias = Callable[[Situation], dict[str, Answer]]
Reading: TypeAlias = Callable[[Program], Answers]


def exact(value: Any) -> Any:
    return Fraction(value) if isinstance(value, (Decimal, Fraction)) else value


def reference(program: Program) -> Answers:
    def answers(s: Situation) -> dict[str, Answer]:
        outcomes = decide(program, neutral(program, s.raw), s.as_of, s.assume)
        return {
            name: Answer(
                o.state,
                o.value,
                o.needs,
                o.assumes,
                o.due,
                () if o.state == "error" else o.calendar,  # how far it got before is nobody's business
                o.on_time,
                o.determinations,
                frozenset((v, w[1]) for v, w in o.detail) if o.state == "conflict" else o.codes,
            )
            for name, o in outcomes.items()
        }

    return answers


def evaluator(program: Program) -> Answers:
    policy = Policy(program)

    def answers(s: Situation) -> dict[str, Answer]:
        decision = policy.evaluate(s.raw, s.as_of, assume=s.assume)
        return {
            name: Answer(
                o.state,
                exact(o.value),
                frozenset(o.needs),
                frozenset(o.assumes),
                o.due,
                () if o.state == "error" else o.calendar,  # how far it got before is nobody's business
                o.on_time,
                frozenset(at_place(str(d["name"]), str(d.get("where", ""))) for d in o.determinations),
                reasons_of(o),
            )
            for name, o in decision.outcomes.items()
        }

    return answers


def reasons_of(outcome: DecidedOutcome) -> frozenset[Any]:
    if outcome.state == "conflict":
        return frozenset((exact(c["value"]), tuple(c["cites"])) for c in outcome.conflict)  # type: ignore[arg-type]  # so it is made
    return frozenset(r["code"] for r in outcome.reasons)


both_readings = pytest.mark.parametrize("reading", [reference, evaluator])

# --------------------------------------------------------------------------------------- differential


@pytest.mark.parametrize("part", range(4))
def test_the_evaluator_agrees_with_the_reference(part: int) -> None:
    for seed in range(part, PAIRS // SITUATIONS, 4):
        program, situations = generate_case(random.Random(seed), SITUATIONS)
        expected, found = reference(program), evaluator(program)
        for s in situations:
            if differ(expected, found, s):
                pytest.fail(report(*smallest(program, s), seed=seed), pytrace=False)


def differ(expected: Answers, found: Answers, s: Situation) -> bool:
    try:
        return expected(s) != found(s)
    except Exception:  # noqa: BLE001 - a reading that fails is reported like one that differs
        return True


def test_needs_come_in_order() -> None:
    """W4: by the number of outcomes that need them, then by declaration."""
    for seed in range(PAIRS // SITUATIONS // 4):
        program, situations = generate_case(random.Random(seed), SITUATIONS)
        policy, declared = Policy(program), declared_names(program)
        for s in situations:
            outcomes = policy.evaluate(s.raw, s.as_of, assume=s.assume).outcomes
            wanted = Counter(need for o in outcomes.values() for need in o.needs)
            for o in outcomes.values():
                named = [n for n in o.needs if n in declared]
                assert named == sorted(named, key=lambda n: (-wanted[n], declared.index(n))), (seed, s)


def declared_names(program: Program) -> list[str]:
    schemas = {r.name: r for r in program.records}
    children = {(r.parent, r.parent_field): r.name for r in program.records if r.parent is not None}

    def depth_first(record: str) -> Iterator[str]:
        for f in schemas[record].fields:
            yield path_of(program, record, f.name)
            if (record, f.name) in children:
                yield from depth_first(children[record, f.name])

    names = [n for r in program.records if r.parent is None for n in depth_first(r.name)]
    return names + [c.name for c in program.case_facts] + [a.name for a in program.assumptions]


STATES = """granted, not granted, breached, complied, not applicable, raised, clear, applies, does not apply,
decided, undetermined, conflict, error, not in force, suspended, pending, fulfilled, overdue,
target date passed; no breach, not yet triggered"""


def test_every_state_occurs() -> None:
    seen: Counter[str] = Counter()
    for seed in range(150):
        program, situations = generate_case(random.Random(seed), SITUATIONS)
        for s in situations:
            seen.update(a.state for a in reference(program)(s).values())
    wanted = {" ".join(state.split()) for state in STATES.split(",")}
    assert set(seen) == wanted
    assert min(seen.values()) >= sum(seen.values()) / 1000, seen


# ----------------------------------------------------------------------------------------------- laws


@both_readings
@laws
@given(case=cases(1), rng=st.randoms(use_true_random=False))
def test_w5_learning_facts_changes_no_decided_outcome(
    reading: Reading, case: tuple[Program, list[Situation]], rng: random.Random
) -> None:
    program, (s,) = case
    # Facts about a territory overrule what the policy says of it: they are not something that was unknown.
    program = evolve(program, territories=())
    answers = reading(program)
    before, after = answers(forgetting(s, rng)), answers(s)
    for outcome in program.outcomes:
        if outcome.name in before and outcome.name in after and outcome.family != "obligation":  # F4
            old, new = before[outcome.name], after[outcome.name]
            if old.state != "undetermined":
                assert (old.state, old.value) == (new.state, new.value)


@both_readings
@laws
@given(case=cases(2))
def test_w4_exactly_the_undetermined_need_something(
    reading: Reading, case: tuple[Program, list[Situation]]
) -> None:
    program, situations = case
    answers = reading(program)
    for s in situations:
        for answer in answers(s).values():
            assert bool(answer.needs) == (answer.state == "undetermined")


@both_readings
@laws
@given(case=cases(2), rng=st.randoms(use_true_random=False))
def test_w6_an_assumption_that_is_not_named_changes_nothing(
    reading: Reading, case: tuple[Program, list[Situation]], rng: random.Random
) -> None:
    program, situations = case
    answers = reading(program)
    families = {o.name: o.family for o in program.outcomes}
    for s in situations:
        flipped = {a.name: other_value(a.value, rng) for a in program.assumptions}
        name = rng.choice(list(flipped))
        old, new = answers(s), answers(evolve(s, assume={**s.assume, name: flipped[name]}))
        for outcome, answer in old.items():
            if name not in answer.assumes and families[outcome] != "obligation":
                assert (answer.state, answer.value) == (new[outcome].state, new[outcome].value)


@both_readings
@laws
@given(case=cases(2), rng=st.randoms(use_true_random=False))
def test_order_does_not_matter(
    reading: Reading, case: tuple[Program, list[Situation]], rng: random.Random
) -> None:
    program, situations = case
    written, mixed = reading(program), reading(shuffled(program, rng))
    for s in situations:
        assert written(s) == mixed(s)


def places(raw: Any) -> list[tuple[dict[str, Any], str]]:
    """Where something is known: the mapping and the key, below the subjects."""
    found: list[tuple[dict[str, Any], str]] = []

    def walk(value: Any) -> None:
        if isinstance(value, dict):
            for key, inner in value.items():
                found.append((value, key))
                walk(inner)
        elif isinstance(value, list):
            for element in value:
                walk(element)

    for key, value in raw.items():
        if key in ("review", "notice", "necessary"):
            found.append((raw, key))
        else:
            walk(value)
    return found


def forgetting(s: Situation, rng: random.Random) -> Situation:
    """The same situation with some of what was known left out."""
    raw = copy.deepcopy(s.raw)
    known = places(raw)
    count = rng.choice((1, 1, 2, 4, len(known) // 2))
    for mapping, key in rng.sample(known, min(count, len(known))):
        mapping.pop(key, None)
    return evolve(s, raw=raw)


def other_value(value: Const, rng: random.Random) -> Any:
    plain: Any = value.value
    if isinstance(value.type, YesNo):
        return not plain
    if is_numeric(value.type):
        return plain + rng.randint(-2, 2)
    if isinstance(value.type, Date):
        return plain + timedelta(days=rng.choice((-400, -1, 1, 400)))
    return plain


def shuffled(program: Program, rng: random.Random) -> Program:
    """The same program with unordered cases, operands of `and` and `or`, and definitions in another order."""

    def mixed(expr: Expr) -> Expr:
        expr = with_parts(expr, tuple(mixed(p) for p in parts_of(expr)))
        if isinstance(expr, (And, Or)):
            return evolve(expr, operands=tuple(rng.sample(expr.operands, len(expr.operands))))
        if isinstance(expr, Choose) and expr.mode == "unordered":
            return evolve(expr, cases=tuple(rng.sample(expr.cases, len(expr.cases))))
        return expr

    waiting = [evolve(d, body=mixed(d.body)) for d in program.definitions]
    ordered: list[Definition] = []
    while waiting:
        missing = {d.name for d in waiting}
        ready = [d for d in waiting if not missing & calls_in(d.body)]
        ordered.append(rng.choice(ready))
        waiting.remove(ordered[-1])
    outcomes = tuple(evolve(o, body=mixed(o.body)) for o in program.outcomes)
    return evolve(program, definitions=tuple(ordered), outcomes=outcomes)


def calls_in(expr: Expr) -> set[str]:
    own = {expr.definition} if isinstance(expr, Call) else set()
    return own.union(*(calls_in(p) for p in parts_of(expr)))


# ------------------------------------------------------------------------- the smallest that still differs


def difference(program: Program, s: Situation) -> str | None:
    """How the two readings differ on the first outcome they differ on; None when they agree."""
    try:
        expected = reference(program)(s)
    except Exception:  # noqa: BLE001 - a candidate that makes no sense is no smaller case
        return None
    try:
        found: Mapping[str, Answer | None] = evaluator(program)(s)
    except Exception as problem:  # noqa: BLE001 - whatever it is, it is the difference
        return f"the evaluator raised {type(problem).__name__}: {problem}"
    for name in {**expected, **found}:
        if expected.get(name) != found.get(name):
            return f"{name}\n  reference {expected.get(name)}\n  evaluator {found.get(name)}"
    return None


def smallest(program: Program, s: Situation) -> tuple[Program, Situation]:
    """A case that still differs, from which nothing can be taken away; found greedily."""
    assert difference(program, s) is not None
    while True:
        for smaller in simpler_cases(program, s):
            if difference(*smaller) is not None:
                program, s = smaller
                break
        else:
            return program, s


def simpler_cases(program: Program, s: Situation) -> Iterator[tuple[Program, Situation]]:
    if len(program.outcomes) > 1:
        for o in program.outcomes:
            yield evolve(program, outcomes=(o,)), s
    used = reachable(program)
    if len(used) < len(program.definitions):
        yield evolve(program, definitions=tuple(d for d in program.definitions if d.name in used)), s
    for name in s.assume:
        yield program, evolve(s, assume={k: v for k, v in s.assume.items() if k != name})
    for key in s.raw:
        yield program, evolve(s, raw={k: v for k, v in s.raw.items() if k != key})
    for i in range(len(places(s.raw))):
        raw = copy.deepcopy(s.raw)
        mapping, key = places(raw)[i]
        if isinstance(mapping[key], list) and len(mapping[key]) > 1:
            mapping[key].pop()
        else:
            del mapping[key]
        yield program, evolve(s, raw=raw)
    for i, o in enumerate(program.outcomes):
        for simpler in simpler_outcomes(o):
            yield evolve(program, outcomes=replaced(program.outcomes, i, simpler)), s
    for i, d in enumerate(program.definitions):
        for body in simpler_exprs(d.body):
            yield evolve(program, definitions=replaced(program.definitions, i, evolve(d, body=body))), s


def reachable(program: Program) -> set[str]:
    bodies = [o.body for o in program.outcomes]
    for o in program.outcomes:
        if o.schedule is not None:
            bodies += [o.schedule.anchor] + ([] if o.schedule.recurs is None else [o.schedule.recurs])
    names = set().union(*(calls_in(b) for b in bodies))
    for d in reversed(program.definitions):
        if d.name in names:
            names |= calls_in(d.body)
    return names


def replaced(items: tuple[Any, ...], index: int, item: Any) -> tuple[Any, ...]:
    return (*items[:index], item, *items[index + 1 :])


def simpler_outcomes(o: Outcome) -> Iterator[Outcome]:
    if o.judged_on is not None:
        yield evolve(o, judged_on=None)
    for body in simpler_exprs(o.body):
        yield evolve(o, body=body)
    if o.schedule is not None:
        for anchor in simpler_exprs(o.schedule.anchor):
            yield evolve(o, schedule=evolve(o.schedule, anchor=anchor))
        if o.schedule.recurs is not None:
            yield evolve(o, schedule=evolve(o.schedule, recurs=None))
            for recurs in simpler_exprs(o.schedule.recurs):
                yield evolve(o, schedule=evolve(o.schedule, recurs=recurs))


def simpler_exprs(expr: Expr) -> Iterator[Expr]:
    """Expressions of the same type with less in them."""
    parts = parts_of(expr)
    if parts or isinstance(expr, Call):
        kind = type_of(expr)
        for part in parts:
            if type_of(part) == kind:
                yield part
        if isinstance(kind, YesNo):
            yield Const(True, kind)
            yield Const(False, kind)
        elif kind is not None and is_numeric(kind):
            yield Const(Decimal(0), kind)
            yield Const(Decimal(1), kind)
    match expr:
        case Choose() if len(expr.cases) > 1:
            for i in range(len(expr.cases)):
                yield evolve(expr, cases=expr.cases[:i] + expr.cases[i + 1 :])
        case Op() if expr.operator in ("add", "multiply", "lesser", "greater") and len(parts) > 2:
            for i in range(len(parts)):
                yield evolve(expr, operands=parts[:i] + parts[i + 1 :])
        case And() | Or() if len(parts) > 1:
            for i in range(len(parts)):
                yield evolve(expr, operands=parts[:i] + parts[i + 1 :])
        case Member() if len(parts) > 1:
            for i in range(len(expr.options)):
                yield evolve(expr, options=expr.options[:i] + expr.options[i + 1 :])
        case Fold() if expr.where is not None and expr.kind != "count":
            yield evolve(expr, where=None)
        case Call() if expr.at is not None:
            yield evolve(expr, at=None)
    for i, part in enumerate(parts):
        for simpler in simpler_exprs(part):
            yield with_parts(expr, replaced(parts, i, simpler))


def report(program: Program, s: Situation, seed: int) -> str:
    """The difference, with the program in its core form."""
    lines = [f"seed {seed}", f"as of {s.as_of}, assuming {s.assume}", f"facts {s.raw}", ""]
    mentioned = str((program.definitions, program.outcomes))
    for r in program.records:
        for f in r.fields:
            if f.name in mentioned and f"record='{r.name}'" in mentioned:
                words = f"{path_of(program, r.name, f.name)}: {describe(f.type)}"
                limits = f" {f.bounds.lower}..{f.bounds.upper}" if f.bounds.lower != f.bounds.upper else ""
                lines.append(words + limits + " optional" * f.optional + " determination" * f.determination)
    lines += [f"assumption {a.name} = {a.value.value}" for a in program.assumptions if a.name in mentioned]
    lines += [f"territory {t}" for t in program.territories]
    lines += [f"define {d.name} for {d.subject} = {shown(d.body)}" for d in program.definitions]
    for o in program.outcomes:
        lines.append(f"{o.family} {o.name} for {o.subject}, judged on {o.judged_on} = {shown(o.body)}")
        if o.schedule is not None:
            lines.append(f"  anchor {shown(o.schedule.anchor)}")
            if o.schedule.recurs is not None:
                lines.append(f"  recurs {shown(o.schedule.recurs)}")
            lines.append(f"  {evolve(o.schedule, anchor=At(), recurs=None)} {o.force}")
    return "\n".join([*lines, "", difference(program, s) or "no difference any more"])


def shown(expr: Expr) -> str:
    """The core form on one line."""
    parts = [shown(p) for p in parts_of(expr)]
    match expr:
        case Const():
            return str(expr.value)
        case Fact():
            return f"{expr.record or 'case'}.{expr.field}"
        case Assumed():
            return f"assumed({expr.name})"
        case At():
            return "at"
        case Absent():
            return f"absent({expr.reason}, {expr.code})"
        case Op():
            return f"{expr.operator}{list(expr.params) if expr.params else ''}({', '.join(parts)})"
        case Compare():
            return f"({parts[0]} {expr.comparison} {parts[1]})"
        case Member():
            return f"({parts[0]} in {{{', '.join(parts[1:])}}})"
        case And() | Or() | Not():
            return f"{type(expr).__name__.lower()}({', '.join(parts)})"
        case Choose():
            rows = [f"{shown(c.value)} when {shown(c.when)}" for c in expr.cases]
            return f"choose {expr.mode}({'; '.join(rows)}; otherwise {shown(expr.default)})"
        case Fold():
            where = "" if expr.where is None else f" where {shown(expr.where)}"
            body = "" if expr.body is None else f" {shown(expr.body)}"
            return f"{expr.kind}({shown(expr.list)}{where}:{body})"
        case Call():
            at = "" if expr.at is None else f" at {shown(expr.at)}"
            bound = () if expr.bind is None else expr.bind.fields
            return f"{expr.definition}({', '.join(f'{n}={shown(e)}' for n, e in bound)}{at})"
