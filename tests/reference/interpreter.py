"""What each outcome of a program is, worked out in the slowest and plainest way.

This is the yardstick for the real readings, so it shares nothing with them but the program as data and
the facts in neutral form. Numbers are `Fraction`s; nothing is remembered between two evaluations of the
same expression; sums, counts and memberships are spelled out as the plainer expressions they stand for.
The letters in comments (W3, C1, F4 ...) name the rules.
"""

from __future__ import annotations

import calendar
import datetime
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias, assert_never

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
    Outcome,
    Program,
    RecordSchema,
)
from policy_lang.program.countries import DEPENDENT
from policy_lang.program.facts import Events, Facts, Given
from policy_lang.program.types import Country, Date, Dates, ListOf, Number, Percent, Type, YesNo, is_numeric

Period: TypeAlias = tuple[int, int, int]

# ------------------------------------------------------------------------------------------- values


@frozen
class End:
    """One end of an interval; `at` None is infinitely far."""

    at: Any
    closed: bool


@frozen
class Interval:
    lo: End
    hi: End


FAR = End(None, False)
ANY = Interval(FAR, FAR)


@frozen
class Gone:
    """No value. `interval` not None: when everything is known this will be a value, inside it."""

    reason: str
    needs: frozenset[str] = frozenset()
    interval: Interval | None = None
    detail: frozenset[tuple[Any, ...]] = frozenset()


WORST_FIRST = ("error", "conflict", "not in force", "suspended", "not applicable")


def error(code: str) -> Gone:
    return Gone("error", detail=frozenset({(code,)}))


def unknown(needs: Iterable[str], interval: Interval | None) -> Any:
    """Unknown; an interval that is a single point leaves nothing to be asked."""
    if interval is not None:
        lo, hi = interval.lo, interval.hi
        if lo.at is not None and lo.at == hi.at and lo.closed and hi.closed:
            return lo.at
    return Gone("unknown", frozenset(needs), interval)


def is_gone(value: Any) -> bool:
    return isinstance(value, Gone)


def is_unknown(value: Any) -> bool:
    return isinstance(value, Gone) and value.reason == "unknown"


def is_certain(value: Any) -> bool:
    """Present, or sure to become a value."""
    return not is_gone(value) or value.interval is not None


def needs_of(values: Iterable[Any]) -> frozenset[str]:
    """W4: what the unknown ones among the values need."""
    return frozenset(need for v in values if is_unknown(v) for need in v.needs)


def worst(values: Iterable[Any]) -> Gone:
    """W3: the worst reason present among absences none of which is unknown."""
    absences = [v for v in values if is_gone(v)]
    reason = min((v.reason for v in absences), key=WORST_FIRST.index)
    return Gone(reason, detail=frozenset(d for v in absences if v.reason == reason for d in v.detail))


def merged(operands: Sequence[Any], interval: Interval | None) -> Any:
    """W3 where no operand decides and at least one is absent."""
    if any(is_unknown(v) for v in operands):
        return unknown(needs_of(operands), interval)
    return worst(operands)


def any_if_certain(operands: Sequence[Any]) -> Interval | None:
    return ANY if all(is_certain(v) for v in operands) else None


def exact(value: Any) -> Any:
    """A plain value with every number as a `Fraction`."""
    if isinstance(value, Decimal) or (isinstance(value, int) and not isinstance(value, bool)):
        return Fraction(value)
    return value


# ----------------------------------------------------------------------------------------- the scene


@frozen
class Scene:
    """Everything an expression may look at.

    In `records`, None stands for a record nothing is known of, and a dict for a record made by a call.
    """

    program: Program
    facts: Facts
    assume: Mapping[str, Any]
    unmade: bool  # W6: as if no assumption and no determination had been made
    at: Any
    records: Mapping[str, Given | dict[str, Any] | None]


def record_schema(program: Program, name: str) -> RecordSchema:
    return next(r for r in program.records if r.name == name)


def path_of(program: Program, record: str | None, field: str) -> str:
    """`vehicle.chains.steps.country`: the field's place in the schema, without indices."""
    if record is None:
        return field
    schema = record_schema(program, record)
    if schema.parent is None:
        return f"{record}.{field}"
    assert schema.parent_field is not None
    return f"{path_of(program, schema.parent, schema.parent_field)}.{field}"


def type_of(expr: Expr) -> Type | None:
    """The static type; None for `Absent`, which fits anywhere."""
    match expr:
        case Const() | Fact() | Assumed() | Op() | Choose() | Fold() | Call():
            return expr.type
        case At():
            return Date()
        case Compare() | Member() | And() | Or() | Not():
            return YesNo()
        case Absent():
            return None
        case _:
            assert_never(expr)


def is_on_a_line(kind: Type | None) -> bool:
    return kind is not None and (is_numeric(kind) or isinstance(kind, Date))


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


# ------------------------------------------------------------------------------------ yes and no (W3)


def wanted(value: Any) -> Any:
    """The value, where the known `none` is a mistake."""
    return error("none-used") if value is None else value


def both(operands: Sequence[Any]) -> Any:
    operands = [wanted(v) for v in operands]
    if any(v is False for v in operands):
        return False
    if not any(is_gone(v) for v in operands):
        return True
    return merged(operands, any_if_certain(operands))


def either(operands: Sequence[Any]) -> Any:
    return negation(both([negation(v) for v in operands]))


def negation(value: Any) -> Any:
    value = wanted(value)
    return value if is_gone(value) else not value


# ----------------------------------------------------------------------------------- comparisons (W2)


def compare(expr: Compare, left: Any, right: Any, scene: Scene) -> Any:
    kind = type_of(expr.left) or type_of(expr.right)
    if expr.comparison != "eq":
        left, right = wanted(left), wanted(right)
    operands = [left, right]
    if not any(is_gone(v) for v in operands):
        if isinstance(kind, Country):
            return same_country(left, right, scene)
        return related(expr.comparison, left, right)
    if is_on_a_line(kind) and all(is_certain(v) and v is not None for v in operands):
        decided = related_for_certain(expr.comparison, interval_of(left), interval_of(right))
        if decided is not None:
            return decided
    return merged(operands, any_if_certain(operands))


def related(comparison: str, left: Any, right: Any) -> bool:
    match comparison:
        case "eq":
            return bool(left == right)
        case "lt":
            return bool(left < right)
        case "le":
            return bool(left <= right)
        case "gt":
            return bool(left > right)
        case "ge":
            return bool(left >= right)
    raise AssertionError(comparison)


def interval_of(value: Any) -> Interval:
    if is_gone(value):
        assert value.interval is not None
        interval: Interval = value.interval
        return interval
    return Interval(End(value, True), End(value, True))


def always_below(a: Interval, b: Interval) -> bool:
    """Whether every point of `a` is less than every point of `b`."""
    if a.hi.at is None or b.lo.at is None:
        return False
    return bool(a.hi.at < b.lo.at) or (a.hi.at == b.lo.at and not (a.hi.closed and b.lo.closed))


def never_above(a: Interval, b: Interval) -> bool:
    """Whether every point of `a` is at most every point of `b`."""
    return a.hi.at is not None and b.lo.at is not None and bool(a.hi.at <= b.lo.at)


def related_for_certain(comparison: str, a: Interval, b: Interval) -> bool | None:
    match comparison:
        case "eq":
            return False if always_below(a, b) or always_below(b, a) else None
        case "lt":
            return True if always_below(a, b) else False if never_above(b, a) else None
        case "le":
            return True if never_above(a, b) else False if always_below(b, a) else None
        case "gt":
            return related_for_certain("lt", b, a)
        case "ge":
            return related_for_certain("le", b, a)
    raise AssertionError(comparison)


def same_country(left: str | None, right: str | None, scene: Scene) -> Any:
    """N5: a dependent territory against its sovereign is as the facts, then the policy, say."""
    for territory, other in ((left, right), (right, left)):
        if territory is not None and other is not None and DEPENDENT.get(territory) == other:
            if territory in scene.facts.territories:
                return scene.facts.territories[territory]
            for stated, sovereign, included in scene.program.territories:
                if (stated, sovereign) == (territory, other):
                    return included
            return unknown({f"territories.{territory}"}, ANY)
    return left == right


# ----------------------------------------------------------------------------------------- operators


class Wrong(Exception):
    """An operation that has no result; the argument is the permanent code."""


def operate(expr: Op, operands: list[Any]) -> Any:
    operands = [wanted(v) for v in operands]
    kinds = [type_of(o) for o in expr.operands]
    if not any(is_gone(v) for v in operands):
        try:
            return computed(expr, operands, kinds)
        except Wrong as wrong:
            return error(str(wrong))
    interval = None
    if all(is_certain(v) for v in operands):
        interval = interval_of_result(expr, operands, kinds)
    return merged(operands, interval)


def percent_scale(kinds: Sequence[Type | None]) -> Fraction:
    """The hundredths by which percent factors count among factors that are not percents."""
    percents = sum(isinstance(k, Percent) for k in kinds)
    return Fraction(1, 100**percents) if percents < len(kinds) else Fraction(1)


def computed(expr: Op, v: list[Any], kinds: Sequence[Type | None]) -> Any:
    match expr.operator:
        case "add" if isinstance(v[0], date):
            moved = v[0]
            for period in v[1:]:
                moved = shifted(moved, period, 1, str((*expr.params, "abort")[0]))
            return moved
        case "add":
            return sum(v[1:], v[0])
        case "subtract" if isinstance(v[1], tuple):
            return shifted(v[0], v[1], -1, str((*expr.params, "abort")[0]))
        case "subtract" if isinstance(v[0], date):
            return Fraction((v[0] - v[1]).days)
        case "subtract":
            return v[0] - v[1]
        case "negate":
            return -v[0]
        case "multiply":
            return math.prod(v, start=percent_scale(kinds))
        case "divide":
            if v[1] == 0:
                raise Wrong("division-by-zero")
            return v[0] / v[1]
        case "percent_of":
            return v[0] * v[1] / 100
        case "share_of":
            if v[1] <= 0:
                raise Wrong("share-of-nothing")  # V4
            return v[0] * v[1] / 100
        case "as_percent":
            if v[1] <= 0:
                raise Wrong("share-of-nothing")
            return v[0] / v[1] * 100
        case "lesser":
            return min(v)
        case "greater":
            return max(v)
        case "round":
            return rounded(v[0], str(expr.params[0]), exact(expr.params[1]))
        case "add_period":
            return shifted(v[0], v[1], 1, str(expr.params[0]))
        case "subtract_period":
            return shifted(v[0], v[1], -1, str(expr.params[0]))
        case "first_of_month":
            return v[0].replace(day=1)
        case "last_of_month":
            return v[0].replace(day=days_in(v[0].year, v[0].month))
        case "year_of":
            return Fraction(v[0].year)
        case "either_event" | "each_event" | "term_end":
            raise AssertionError(expr.operator)
        case "start_of_year":
            month, day = (int(str(n)) for n in expr.params)
            year = v[0].year
            while year >= 1 and date(year, month, day) > v[0]:
                year -= 1
            if year < 1:
                raise Wrong("date-out-of-range")
            return date(year, month, day)
        case "span":
            if v[1] < v[0]:
                raise Wrong("ends-before-it-begins")
            return (v[0], v[1])
        case "start_of_span":
            return v[0][0]
        case "end_of_span":
            return v[0][1]
        case "days_in":
            return Fraction(v[0][1].toordinal() + 1 - v[0][0].toordinal())
        case "days_common":
            first, last = max(v[0][0], v[1][0]), min(v[0][1], v[1][1])
            return Fraction(max(0, last.toordinal() + 1 - first.toordinal()))
        case "hs_part":
            digits = [c for c in v[0] if c != "."][: int(str(expr.params[0]))]
            text = "".join(digits)
            return ".".join([text[:4], *(text[n : n + 2] for n in range(4, len(text), 2))])
        case _:
            assert_never(expr.operator)


# --------------------------------------------------------------------------------------- events


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


def rounded(x: Fraction, mode: str, multiple: Fraction) -> Fraction:
    steps = x / multiple
    match mode:
        case "up":
            whole = math.ceil(steps)
        case "down":
            whole = math.floor(steps)
        case "half up":
            whole = math.floor(steps + Fraction(1, 2))
        case "half even":
            whole = round(steps)
        case "half down":
            whole = math.ceil(steps - Fraction(1, 2))
        case "towards zero":
            whole = math.trunc(steps)
        case "away from zero":
            whole = math.ceil(abs(steps)) * (1 if steps > 0 else -1)
        case "half away from zero":
            whole = math.floor(abs(steps) + Fraction(1, 2)) * (1 if steps > 0 else -1)
        case _:
            raise AssertionError(mode)
    return whole * multiple


def days_in(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def shifted(start: date, period: Period, sign: int, rounding: str) -> date:
    """V6: years and months first, rounded once, then days."""
    years, months, days = period
    months_from_zero = start.year * 12 + start.month - 1 + sign * (years * 12 + months)
    year, month = months_from_zero // 12, months_from_zero % 12 + 1
    if not 1 <= year <= 9999:
        raise Wrong("date-out-of-range")
    day = start.day
    if day > days_in(year, month):
        if rounding == "abort":
            raise Wrong("no-such-day")
        day = days_in(year, month)
        if rounding == "up":
            days += sign  # the first of the next month is the day after the last
    try:
        return date(year, month, day) + datetime.timedelta(days=sign * days)
    except OverflowError:
        raise Wrong("date-out-of-range") from None


def interval_of_result(expr: Op, v: list[Any], kinds: Sequence[Type | None]) -> Interval | None:
    """Where the result will lie, all operands being present or certain unknowns; None: not known."""
    if expr.operator == "hs_part":
        return ANY
    if expr.operator == "days_in":
        return Interval(End(Fraction(1), True), FAR)
    if expr.operator == "days_common":
        lengths = [Fraction((x[1] - x[0]).days + 1) for x in v if isinstance(x, tuple)]
        return Interval(End(Fraction(0), True), End(lengths[0], True) if lengths else FAR)
    if not all(k is not None and is_numeric(k) for k in kinds):
        return None
    at = [interval_of(x) for x in v]
    match expr.operator:
        case "add":
            return Interval(added([i.lo for i in at]), added([i.hi for i in at]))
        case "subtract":
            return Interval(added([at[0].lo, opposite(at[1].hi)]), added([at[0].hi, opposite(at[1].lo)]))
        case "negate":
            return Interval(opposite(at[0].hi), opposite(at[0].lo))
        case "multiply":
            return times_all([*at, interval_of(percent_scale(kinds))])
        case "percent_of":
            return times_all([*at, interval_of(Fraction(1, 100))])
        case "share_of":
            x = at[1]
            above = x.lo.at is not None and (x.lo.at > 0 or (x.lo.at == 0 and not x.lo.closed))
            return times_all([*at, interval_of(Fraction(1, 100))]) if above else None
        case "divide":
            if is_gone(v[1]) or v[1] == 0:
                return None
            return times_all([at[0], interval_of(1 / v[1])])
        case "as_percent":
            if is_gone(v[1]) or v[1] <= 0:
                return None
            return times_all([at[0], interval_of(100 / v[1])])
        case "lesser":
            return Interval(least([i.lo for i in at], -1, True), least([i.hi for i in at], 1, False))
        case "greater":
            mirrored = [Interval(opposite(i.hi), opposite(i.lo)) for i in at]
            lo = least([i.lo for i in mirrored], -1, True)
            hi = least([i.hi for i in mirrored], 1, False)
            return Interval(opposite(hi), opposite(lo))
        case "round":
            mode, multiple = str(expr.params[0]), exact(expr.params[1])
            lo, hi = (
                FAR if end.at is None else End(rounded(end.at, mode, multiple), True)
                for end in (at[0].lo, at[0].hi)
            )
            return Interval(lo, hi)
    return None


def added(ends: Sequence[End]) -> End:
    """The sum of lower ends, or of upper ends: infinite when one is, open when one is."""
    if any(e.at is None for e in ends):
        return FAR
    return End(sum((e.at for e in ends), Fraction(0)), all(e.closed for e in ends))


def opposite(end: End) -> End:
    return FAR if end.at is None else End(-end.at, end.closed)


def least(ends: Sequence[End], far: int, closed_wins: bool) -> End:
    """The least of lower ends (`far` -1) or of upper ends (`far` 1)."""
    if far == -1 and any(e.at is None for e in ends):
        return FAR
    near = [e for e in ends if e.at is not None]
    if not near:
        return FAR
    value = min(e.at for e in near)
    ties = [e.closed for e in near if e.at == value]
    return End(value, any(ties) if closed_wins else all(ties))


def times_all(intervals: Sequence[Interval]) -> Interval:
    result = intervals[0]
    for other in intervals[1:]:
        result = times(result, other)
    return result


def times(a: Interval, b: Interval) -> Interval:
    """From the least of the products of ends to the greatest."""
    corners = [
        corner(x, x_sign, y, y_sign)
        for (x, x_sign), (y, y_sign) in product(((a.lo, -1), (a.hi, 1)), ((b.lo, -1), (b.hi, 1)))
    ]
    lowest = min((size, number) for size, number, _ in corners)
    highest = max((size, number) for size, number, _ in corners)
    return Interval(extreme(corners, lowest), extreme(corners, highest))


def corner(x: End, x_sign: int, y: End, y_sign: int) -> tuple[int, Fraction, bool]:
    """One product: -1, 0 or 1 for minus infinity, finite or infinity; the number; whether it is reached.

    The signs tell which way an end lies that is infinitely far.
    """
    for end, other in ((x, y), (y, x)):
        if end.at == 0 and end.closed:
            return 0, Fraction(0), True
        if end.at == 0 and other.at is None:
            return 0, Fraction(0), False
    if x.at is None or y.at is None:
        sign_x = x_sign if x.at is None else (1 if x.at > 0 else -1)
        sign_y = y_sign if y.at is None else (1 if y.at > 0 else -1)
        return sign_x * sign_y, Fraction(0), False
    return 0, x.at * y.at, x.closed and y.closed


def extreme(corners: Sequence[tuple[int, Fraction, bool]], chosen: tuple[int, Fraction]) -> End:
    size, number = chosen
    if size != 0:
        return FAR
    return End(number, any(closed for s, n, closed in corners if (s, n) == chosen))


# ------------------------------------------------------------------------------------- cases (C1, C5)


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


def hull(values: Sequence[Any]) -> Interval | None:
    """The smallest interval round all of them; none of them may be the known `none`."""
    if any(v is None for v in values):
        return None
    intervals = [interval_of(v) for v in values]
    lo = least([i.lo for i in intervals], -1, True)
    his = [i.hi for i in intervals]
    if any(e.at is None for e in his):
        return Interval(lo, FAR)
    top = max(e.at for e in his)
    return Interval(lo, End(top, any(e.closed for e in his if e.at == top)))


# ---------------------------------------------------------------------------------------- lists (W7)


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


# --------------------------------------------------------------------------------------- obligations


@frozen
class Answer:
    """The state of one outcome, before it is known what it rests on."""

    state: str
    value: Any = None
    needs: frozenset[str] = frozenset()
    detail: frozenset[tuple[Any, ...]] = frozenset()
    due: date | None = None
    calendar: tuple[date, ...] = ()
    on_time: bool | None = None
    done_once: bool = False  # the first due date was discharged


def absent_answer(value: Gone) -> Answer:
    state = "undetermined" if value.reason == "unknown" else value.reason
    return Answer(state, needs=value.needs, detail=value.detail)


MOST_DUE_DATES = 10_000


def obligation(outcome: Outcome, scene: Scene, as_of: date) -> Answer:
    """F4, from the text's own words: due dates, the events that discharge them, and what is left."""
    schedule = outcome.schedule
    assert schedule is not None
    applies = wanted(evaluate(outcome.body, scene))
    if is_gone(applies):
        return absent_answer(applies)
    if applies is False:
        return Answer("not applicable")
    counted_forwards = schedule.first is not None and not schedule.backwards
    anchor = anchor_date(schedule.anchor, scene, as_of, not counted_forwards)
    if is_gone(anchor):
        return absent_answer(anchor)
    if anchor is None or (anchor > as_of and counted_forwards):
        return Answer("not yet triggered")
    try:
        return on_schedule(outcome, scene, as_of, anchor)
    except Wrong as wrong:
        return Answer("error", detail=frozenset({(str(wrong),)}))


def anchor_date(expr: Expr, scene: Scene, as_of: date, ahead: bool) -> Any:
    """The date the clock starts; None: it has not started. `ahead`: a date still to come counts, too."""
    if not isinstance(type_of(expr), Dates):
        return wanted(evaluate(expr, scene))
    told = history(expr, scene)
    first = told.days[0] if told.days else None
    if first is not None and (ahead or first <= as_of):
        before = min(first, as_of)
        if before == date.min or told.is_whole_until(before - datetime.timedelta(days=1)):
            return first
    return None if told.is_whole_until(as_of) else unknown(told.missing(as_of), None)


def on_schedule(outcome: Outcome, scene: Scene, as_of: date, anchor: date) -> Answer:
    """The answer once the clock runs."""
    schedule = outcome.schedule
    assert schedule is not None
    events = None if schedule.event is None else history(schedule.event, scene)

    def placed(day: date) -> date:
        if schedule.month_day is None:
            return day
        return day.replace(day=1 if schedule.month_day == "first" else days_in(day.year, day.month))

    def start_of(day: date) -> date:
        return day if schedule.month_day is None else day.replace(day=1)

    def next_due(previous: date) -> date:
        assert schedule.every is not None
        return placed(shifted(start_of(previous), schedule.every, 1, schedule.rounding))

    if schedule.first is None:
        due = placed(anchor)
    else:
        sign = -1 if schedule.backwards else 1
        due = placed(shifted(start_of(anchor), schedule.first, sign, schedule.rounding))
    begins = date.min if schedule.backwards or schedule.first is None else anchor
    if schedule.every is None:
        recurs: Any = False
    else:
        recurs = True if schedule.recurs is None else wanted(evaluate(schedule.recurs, scene))
    last = None if schedule.last is None else wanted(evaluate(schedule.last, scene))
    latest = date.max if last is None or is_gone(last) else last

    owed = [due]
    discharged: list[date] = []
    for event in events.days if events is not None else ():
        if len(discharged) == len(owed) or event < begins or event > as_of:
            continue
        discharged.append(event)
        if recurs is True:
            begins = owed[-1] if schedule.counted_from == "due" else event
            try:
                following = limited(owed, next_due(begins))
            except Wrong as wrong:
                return Answer("error", detail=frozenset({(str(wrong),)}), done_once=True)
            if following <= latest:
                owed.append(following)
    # The later dates are foreseeable only when each is counted from the one before.
    while recurs is True and schedule.counted_from == "due" and sum(d > as_of for d in owed[-2:]) < 2:
        try:
            following = next_due(owed[-1])
        except Wrong:
            break  # the calendar ends where no further date can be told
        if following > latest:
            break
        owed.append(limited(owed, following))
    # All due dates on or before the date asked about, then the next two.
    dates = tuple([d for d in owed if d <= as_of] + [d for d in owed if d > as_of][:2])

    answer = state_on_schedule(outcome, as_of, events, owed, discharged, recurs)
    return evolve(answer, calendar=dates, done_once=bool(discharged))


def state_on_schedule(
    outcome: Outcome,
    as_of: date,
    events: History | None,
    owed: Sequence[date],
    discharged: Sequence[date],
    recurs: Any,
) -> Answer:
    """The state, once it is known what was due and what was done."""
    schedule = outcome.schedule
    assert schedule is not None
    current = len(discharged)
    if discharged and is_gone(recurs):
        return absent_answer(recurs)
    if current == len(owed):
        assert events is not None
        due = owed[-1]
        # An act that nobody mentioned may have come first, unless all up to the due date are known.
        late = False if events.is_whole_until(due) else None
        return Answer("fulfilled", due=due, on_time=True if discharged[-1] <= due else late)
    due = owed[current]
    if as_of <= due:
        return Answer("pending", due=due)
    if events is None and outcome.force == "binding":
        return Answer("undetermined", needs=frozenset({f"{outcome.name}.done"}), due=due)
    if events is not None and not events.is_whole_until(as_of):
        return Answer("undetermined", needs=events.missing(as_of), due=due)
    late_state = "overdue" if outcome.force == "binding" else "target date passed; no breach"
    return Answer(late_state, due=due)


def limited(owed: Sequence[date], due: date) -> date:
    """The due date, unless there are too many before it."""
    if len(owed) >= MOST_DUE_DATES:
        raise Wrong("too-many-due-dates")
    return due


# ------------------------------------------------------------------------------------------ outcomes


@frozen
class ReferenceOutcome:
    """What the policy says on one outcome. `needs` and `assumes` have no order here."""

    state: str
    value: Any = None
    needs: frozenset[str] = frozenset()
    assumes: frozenset[str] = frozenset()
    determinations: frozenset[str] = frozenset()
    due: date | None = None
    calendar: tuple[date, ...] = ()
    on_time: bool | None = None
    detail: frozenset[tuple[Any, ...]] = frozenset()

    @property
    def codes(self) -> frozenset[str]:
        """The codes of an error, or of another reason why there is no value."""
        return frozenset(d[0] for d in self.detail) if self.state != "conflict" else frozenset()


def decide(
    program: Program,
    facts: Facts,
    as_of: date,
    assume: Mapping[str, Any] | None = None,
    unmade: bool = False,
) -> dict[str, ReferenceOutcome]:
    """Every outcome that is asked for, by name.

    With `unmade`, as if nobody had assumed or determined anything; `assumes` and `determinations` are then left empty.
    """
    nothing_given = not facts.subjects and not facts.case and not facts.territories
    result = {}
    for outcome in program.outcomes:
        if nothing_given or outcome.subject is None or outcome.subject in facts.subjects:
            answer = answer_to(outcome, program, facts, as_of, assume or {}, unmade)
            bare = Answer("") if unmade else answer_to(outcome, program, facts, as_of, assume or {}, True)
            if outcome.schedule is not None and not unmade:
                bare = evolve(
                    bare, needs=bare.needs | parts_needed(outcome, program, facts, as_of, answer.done_once)
                )
            result[outcome.name] = ReferenceOutcome(  # W6
                answer.state,
                answer.value,
                answer.needs,
                bare.needs & {a.name for a in program.assumptions},
                bare.needs & determined(program, facts),
                answer.due,
                answer.calendar,
                answer.on_time,
                answer.detail,
            )
    return result


def parts_needed(
    outcome: Outcome, program: Program, facts: Facts, as_of: date, done_once: bool
) -> frozenset[str]:
    """W6 for a duty: it rests on its body and its anchor, and once discharged on whether it recurs."""
    assert outcome.schedule is not None
    scene = scene_of(outcome, program, facts, as_of, {}, True)
    parts = [outcome.body]
    if not isinstance(type_of(outcome.schedule.anchor), Dates):
        parts.append(outcome.schedule.anchor)
    if done_once and outcome.schedule.recurs is not None:
        parts.append(outcome.schedule.recurs)
    values = [wanted(evaluate(part, scene)) for part in parts]
    return frozenset(n for value in values if is_gone(value) for n in absent_answer(value).needs)


def scene_of(
    outcome: Outcome, program: Program, facts: Facts, as_of: date, assume: Mapping[str, Any], unmade: bool
) -> Scene:
    records: dict[str, Given | None] = {}
    if outcome.subject is not None:
        records[outcome.subject] = facts.subjects.get(outcome.subject)
    scene = Scene(program, facts, assume, unmade, as_of, records)
    if outcome.judged_on is not None:  # T2
        record, field = outcome.judged_on.split(".")
        kind = next(f.type for f in record_schema(program, record).fields if f.name == field)
        scene = evolve(scene, at=fact(Fact(record, field, kind), scene))
    return scene


def answer_to(
    outcome: Outcome, program: Program, facts: Facts, as_of: date, assume: Mapping[str, Any], unmade: bool
) -> Answer:
    scene = scene_of(outcome, program, facts, as_of, assume, unmade)
    if outcome.family == "obligation":
        return obligation(outcome, scene, as_of)
    value = evaluate(outcome.body, scene)
    if is_gone(value):
        return absent_answer(value)
    if outcome.family == "rule":
        return Answer("decided", value=value)
    assert isinstance(value, str)
    return Answer(value)


def determined(program: Program, facts: Facts) -> frozenset[str]:
    """The determinations that were given, each with its place in lists."""
    found = {c.name for c in program.case_facts if c.determination and c.name in facts.case}
    where = places(program, facts)

    def look_into(record: str, given: Given) -> None:
        for f in record_schema(program, record).fields:
            if f.name in given.values:
                if f.determination:
                    found.add(at_place(path_of(program, record, f.name), where[id(given)]))
                if isinstance(f.type, ListOf):
                    for element in given.values[f.name]:  # type: ignore[attr-defined]
                        look_into(f.type.record, element)

    for name, given in facts.subjects.items():
        look_into(name, given)
    return frozenset(found)


def at_place(path: str, place: str) -> str:
    return f"{path} of {place}" if place else path


def places(program: Program, facts: Facts) -> dict[int, str]:
    """Where each record stands in lists, counted from 1: `chain 2, step 1`."""
    found: dict[int, str] = {}

    def look_into(record: str, given: Given, place: str) -> None:
        found[id(given)] = place
        for f in record_schema(program, record).fields:
            if isinstance(f.type, ListOf) and f.name in given.values:
                elements: Any = given.values[f.name]
                for n, element in enumerate(elements, 1):
                    one = f"{f.type.record} {n}"
                    look_into(f.type.record, element, f"{place}, {one}" if place else one)

    for name, given in facts.subjects.items():
        look_into(name, given, "")
    return found
