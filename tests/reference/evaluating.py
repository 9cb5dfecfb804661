"""What each kind of expression comes to, in the reference interpreter."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction
from typing import Any, assert_never

from attrs import evolve, frozen

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
)
from policy_lang.program.facts import Events, Given
from policy_lang.program.types import Date, Number, Type
from tests.reference.comparisons import both, compare, either, negation, wanted
from tests.reference.operators import Wrong, operate, shifted
from tests.reference.scene import Scene, at_place, is_on_a_line, path_of, places, record_schema
from tests.reference.values import (
    ANY,
    FAR,
    End,
    Gone,
    Interval,
    any_if_certain,
    error,
    exact,
    hull,
    interval_of,
    is_certain,
    is_gone,
    merged,
    needs_of,
    unknown,
)


def evaluate(expr: Expr, scene: Scene) -> Any:
    """The core value of an expression."""
    match expr:
        case Const():
            return exact(expr.value)
        case At():
            return scene.at
        case Assumed():
            return assumed(expr, scene)
        case Fact():
            return fact(expr, scene)
        case Absent():
            return Gone(expr.reason, detail=frozenset({(expr.code,)}))
        case Compare():
            return compare(expr, evaluate(expr.left, scene), evaluate(expr.right, scene), scene)
        case Member():
            return either([evaluate(Compare("eq", expr.operand, o), scene) for o in expr.options])
        case And():
            return both([evaluate(o, scene) for o in expr.operands])
        case Or():
            return either([evaluate(o, scene) for o in expr.operands])
        case Not():
            return negation(evaluate(expr.operand, scene))
        case Op(operator="term_end"):
            return term_end(expr, scene)
        case Op():
            return operate(expr, [evaluate(o, scene) for o in expr.operands])
        case Choose():
            return choose(expr, scene)
        case Fold():
            return fold(expr, scene)
        case Call():
            return call(expr, scene)
        case _:
            assert_never(expr)


def assumed(expr: Assumed, scene: Scene) -> Any:
    if scene.unmade:
        return unknown({expr.name}, ANY)
    if expr.name in scene.assume:
        return exact(scene.assume[expr.name])
    return exact(next(a.value.value for a in scene.program.assumptions if a.name == expr.name))


def fact(expr: Fact, scene: Scene) -> Any:
    path = path_of(scene.program, expr.record, expr.field)
    if expr.record is None:
        declared = next(c for c in scene.program.case_facts if c.name == expr.field)
        if expr.field in scene.facts.case and not (declared.determination and scene.unmade):
            return exact(scene.facts.case[expr.field])
        if declared.presumed is not None:  # F3: nobody has invoked a defence as long as nothing is said
            return declared.presumed
        return unknown({path}, natural_interval(expr.type))
    record = scene.records[expr.record]
    if isinstance(record, dict):
        return record[expr.field]
    schema = next(f for f in record_schema(scene.program, expr.record).fields if f.name == expr.field)
    made = not (schema.determination and scene.unmade)
    if record is not None and expr.field in record.values:
        if made:
            return exact(record.values[expr.field])
        assert isinstance(record, Given)
        path = at_place(path, places(scene.program, scene.facts)[id(record)])  # W6, element by element
    if schema.optional:
        return unknown({path}, None)
    interval = natural_interval(schema.type)
    bounds = schema.bounds
    if bounds.lower is not None:
        interval = evolve(interval, lo=End(exact(bounds.lower), not bounds.lower_open))
    if bounds.upper is not None:
        interval = evolve(interval, hi=End(exact(bounds.upper), not bounds.upper_open))
    return unknown({path}, interval)


def natural_interval(kind: Type) -> Interval:
    if isinstance(kind, Date):
        return Interval(End(date.min, True), End(date.max, True))
    return ANY


@frozen
class History:
    """What is known of an event: the days on which it happened, as far as they are told."""

    days: tuple[date, ...]
    is_whole_until: Callable[[date], bool]
    missing: Callable[[date], frozenset[str]]  # the facts that would tell of the time up to a day


def history(expr: Expr, scene: Scene) -> History:
    """The dates that an event has, from the facts as they stand."""
    if isinstance(expr, Fact):
        name, told = expr.field, scene.facts.case.get(expr.field)
        days = tuple(sorted(set(told.dates))) if isinstance(told, Events) else ()

        def is_whole_until(day: date) -> bool:
            return isinstance(told, Events) and (told.known_until is None or told.known_until >= day)

        return History(days, is_whole_until, lambda day: frozenset(() if is_whole_until(day) else {name}))
    assert isinstance(expr, Op)
    parts = [history(one, scene) for one in expr.operands]

    def missing(day: date) -> frozenset[str]:
        return frozenset(name for part in parts for name in part.missing(day))

    def by_all(day: date) -> bool:
        return all(part.is_whole_until(day) for part in parts)

    if expr.operator == "either_event":
        return History(tuple(sorted({day for part in parts for day in part.days})), by_all, missing)
    times = min(len(part.days) for part in parts)
    together = tuple(max(part.days[n] for part in parts) for n in range(times))

    def is_settled(day: date) -> bool:
        """Whether no other time can come to light: by what all say, or because one says that it did no more."""
        before = [d for d in together if d <= day]
        enough = [p for p in parts if p.is_whole_until(day) and sum(d <= day for d in p.days) == len(before)]
        return by_all(day) or (bool(enough) and all(by_all(d) for d in before))

    return History(together, is_settled, missing)


def term_end(expr: Op, scene: Scene) -> Any:
    """T7: the last day of a term that is extended each time the event happens while it lasts."""
    first, event = expr.operands
    way, length, rounding, is_last_day = expr.params
    told = history(event, scene)
    end: date = evaluate(first, scene)
    period: Any = length

    def last() -> date:
        return end if is_last_day else end - datetime.timedelta(days=1)

    waiting = list(told.days)
    try:
        while waiting and waiting[0] <= last():
            day = waiting.pop(0)
            end = max(end, shifted(end if way == "by" else day, period, 1, str(rounding)))
    except Wrong as wrong:
        return error(str(wrong))
    if told.is_whole_until(last()):
        return last()
    return unknown(told.missing(last()), Interval(End(last(), True), End(date.max, True)))


def choose(expr: Choose, scene: Scene) -> Any:
    rows = [(evaluate(c.when, scene), evaluate(c.value, scene), c) for c in expr.cases]
    default = evaluate(expr.default, scene)
    return chosen(expr.mode, rows, default, is_on_a_line(expr.type))


def chosen(mode: str, rows: Sequence[tuple[Any, Any, Case | None]], default: Any, on_a_line: bool) -> Any:
    rows = [(wanted(w), v, c) for w, v, c in rows]
    if mode == "unordered":
        yes = [(v, c) for w, v, c in rows if w is True]
        present = [(v, c) for v, c in yes if not is_gone(v)]
        if any(v != present[0][0] for v, _ in present):
            return Gone("conflict", detail=frozenset((v, source_of(c)) for v, c in present))
        undecided = [(w, v) for w, v, _ in rows if is_gone(w)]
        applicable = [v for v, _ in yes] + [v for _, v in undecided]
        live = applicable + ([] if yes else [default])
        one_value = len(applicable) <= 1 or (
            not any(is_gone(v) for v in applicable) and all(v == applicable[0] for v in applicable)
        )
    else:
        undecided, live, one_value = [], [], True
        for w, v, _ in rows:
            if is_gone(w):
                undecided.append((w, v))
                live.append(v)
            elif w:
                live.append(v)
                break
        else:
            live.append(default)
    if not any(is_gone(v) for v in live) and all(v == live[0] for v in live):
        return live[0]
    operands = [w for w, _ in undecided] + [v for v in live if is_gone(v)]
    interval = None
    if one_value and all(is_certain(v) for v in live) and all(is_certain(w) for w, _ in undecided):
        interval = hull(live) if on_a_line else ANY
    return merged(operands, interval)


def source_of(case: Case | None) -> tuple[Any, ...]:
    assert case is not None
    return (case.span.place, case.cites)


def fold(expr: Fold, scene: Scene) -> Any:
    elements = fact(expr.list, scene)
    if is_gone(elements):
        return fold_over_unknown(expr, scene, path_of(scene.program, expr.list.record, expr.list.field))
    tests = [(where_of(expr, scene, e), body_of(expr, scene, e)) for e in elements]
    match expr.kind:
        case "any":
            return either([both([w, b]) for w, b in tests])
        case "all":
            return both([either([negation(w), b]) for w, b in tests])
        case "sum" | "count":
            parts = [chosen("unordered", [(w, b, None)], Fraction(0), True) for w, b in tests]
            return total(parts)
        case "most" | "least":
            return most_or_least(expr, tests)
        case _:
            assert_never(expr.kind)


def where_of(expr: Fold, scene: Scene, element: Given | None) -> Any:
    if expr.where is None:
        return True
    return evaluate(expr.where, evolve(scene, records={**scene.records, expr.record: element}))


def body_of(expr: Fold, scene: Scene, element: Given | None) -> Any:
    if expr.body is None:
        return Fraction(1)
    return evaluate(expr.body, evolve(scene, records={**scene.records, expr.record: element}))


def total(parts: list[Any]) -> Any:
    if not parts:
        return Fraction(0)
    # The parts are values already; the operator only looks at how many operands it has.
    holders = tuple(Const(None, Number()) for _ in parts)
    return operate(Op("add", holders, Number()), parts)


def most_or_least(expr: Fold, tests: Sequence[tuple[Any, Any]]) -> Any:
    tests = [(wanted(w), wanted(b)) for w, b in tests]
    if any(is_gone(w) for w, _ in tests):
        operands = [w for w, _ in tests if is_gone(w)]
        operands += [b for w, b in tests if w is not False and is_gone(b)]
        return merged(operands, None)
    kept = [b for w, b in tests if w]
    if not kept:
        return error("nothing-to-compare")
    holders = tuple(Const(None, expr.type) for _ in kept)
    return operate(Op("greater" if expr.kind == "most" else "lesser", holders, expr.type), kept)


def fold_over_unknown(expr: Fold, scene: Scene, path: str) -> Any:
    """Judged by one element of which nothing is known; the list may also turn out to be empty."""
    w, b = where_of(expr, scene, None), body_of(expr, scene, None)
    match expr.kind:
        case "any":
            x = both([w, b])
            if x is False:
                return False
            return unknown({path} | needs_of([x]), any_if_certain([x]))
        case "all":
            x = either([negation(w), b])
            if x is True:
                return True
            return unknown({path} | needs_of([x]), any_if_certain([x]))
        case "sum" | "count":
            x = wanted(chosen("unordered", [(w, b, None)], Fraction(0), True))
            if not is_gone(x) and x == 0:
                return x
            if not is_certain(x):
                return unknown({path} | needs_of([x]), None)
            lo, hi = interval_of(x).lo, interval_of(x).hi
            zero = End(Fraction(0), True)
            return unknown(
                {path} | needs_of([x]),
                Interval(
                    zero if lo.at is not None and lo.at >= 0 else FAR,
                    zero if hi.at is not None and hi.at <= 0 else FAR,
                ),
            )
        case "most" | "least":
            return unknown({path} | needs_of([w, b]), None)
        case _:
            assert_never(expr.kind)


def call(expr: Call, scene: Scene) -> Any:
    definition = next(d for d in scene.program.definitions if d.name == expr.definition)
    records = dict(scene.records)
    if expr.bind is not None:
        records[expr.bind.record] = {name: evaluate(e, scene) for name, e in expr.bind.fields}
    at = scene.at if expr.at is None else evaluate(expr.at, scene)
    return evaluate(definition.body, evolve(scene, records=records, at=at))
