"""What a table says where none of its rows fits: that it has no row for that date, or that one is missing."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Sequence
from math import prod
from typing import TypeAlias

from policy_lang.meaning.expressions.typed import conjunction, type_of
from policy_lang.program import core
from policy_lang.program.types import Date, Enumeration, HsCode, Type, YesNo
from policy_lang.source.text import Span

RecordOf: TypeAlias = Callable[[str], core.RecordSchema | None]
"""Gives a record by its name."""

Conditions: TypeAlias = list[core.Expr | None]
"""The conditions of one row, key by key; None where the key is `any`."""

_Days: TypeAlias = tuple[datetime.date, datetime.date]
_Said: TypeAlias = core.Expr | None

_MOST_STEPS = 20_000
_ALWAYS: _Days = (datetime.date.min, datetime.date.max)
_ONE_DAY = datetime.timedelta(days=1)


def nothing_fits(
    name: str,
    span: Span,
    keys: Sequence[core.Expr],
    rows: Sequence[core.Case],
    conditions: Sequence[Conditions],
    record_of: RecordOf,
) -> core.Expr:
    """What holds when no row of the table `name` fits (rules C5, T5).

    A date on which no row of any word would count is one that the table is not in force on; if there are
    rows for the date, the right one is missing, which is an error. Where the rows for a date name every
    word, one of them always fits, and the last of their values stands in for what can never happen.
    """
    title = name.replace("_", " ")
    dated = [n for n, key in enumerate(keys) if isinstance(type_of(key), Date)]
    gap = core.Absent("error", "no-row", f"{title} has no row that matches", span=span)
    over = core.Absent("not in force", "no-row", f"{title} has no row for that date", span=span)
    if len(dated) == len(keys) or not rows:
        return over if dated else gap
    on_date = [[one for n in dated if (one := row[n]) is not None] for row in conditions]
    windows = _windows(on_date) if len(dated) <= 1 and len(rows) ** 2 <= _MOST_STEPS else None
    if windows is not None:
        rest = [[one for n, one in enumerate(row) if n not in dated] for row in conditions]
        others = [key for n, key in enumerate(keys) if n not in dated]
        return _by_days(keys[dated[0]] if dated else None, windows, rows, rest, others, gap, over, record_of)
    if not dated or any(not parts for parts in on_date):
        return gap
    some = dict.fromkeys(conjunction(parts, span) for parts in on_date)
    there = core.Or(tuple(some), span=span) if len(some) > 1 else next(iter(some))
    return core.Choose("first", (core.Case(there, gap, span=span),), over, _type_of_values(rows), span=span)


def _type_of_values(rows: Sequence[core.Case]) -> Type:
    """The type of a table's values."""
    return type_of(rows[0].value)


def _by_days(
    key: core.Expr | None,
    windows: list[_Days],
    rows: Sequence[core.Case],
    rest: list[Conditions],
    others: list[core.Expr],
    gap: core.Absent,
    over: core.Absent,
    record_of: RecordOf,
) -> core.Expr:
    """What is left day by day: nothing, where the rows of those days name every word."""
    starts = {datetime.date.min, *(first for first, _ in windows)}
    starts |= {last + _ONE_DAY for _, last in windows if last < datetime.date.max}
    ordered = sorted(starts)
    spans: list[tuple[_Days, _Said]] = []
    for first, following in itertools.zip_longest(ordered, ordered[1:]):
        last = following - _ONE_DAY if following is not None else datetime.date.max
        there = [n for n, (start, end) in enumerate(windows) if start <= first and last <= end]
        said: _Said = None
        if there:
            covered = _name_everything([rest[n] for n in there], others, record_of)
            said = rows[there[-1]].value if covered else gap
        if spans and spans[-1][1] is said:
            spans[-1] = ((spans[-1][0][0], last), said)
        else:
            spans.append(((first, last), said))
    if key is None or len(spans) == 1:
        return spans[0][1] or over
    cases = tuple(
        core.Case(_within(key, days, gap.span), said, span=gap.span)
        for days, said in spans
        if said is not None
    )
    return core.Choose("first", cases, over, _type_of_values(rows), span=gap.span)


def _within(key: core.Expr, days: _Days, span: Span) -> core.Expr:
    parts: list[core.Expr] = []
    if days[0] > datetime.date.min:
        parts.append(core.Compare("ge", key, core.Const(days[0], Date(), span=span), span=span))
    if days[1] < datetime.date.max:
        parts.append(core.Compare("le", key, core.Const(days[1], Date(), span=span), span=span))
    return conjunction(parts, span)


def _windows(on_date: list[list[core.Expr]]) -> list[_Days] | None:
    """The days of each row; None where they are not plain dates."""
    found: list[_Days] = []
    for parts in on_date:
        start, end = _ALWAYS
        for one in (one for part in parts for one in parts_of(part)):
            match one:
                case core.Compare(comparison="ge", right=core.Const(value=datetime.date() as day)):
                    start = max(start, day)
                case core.Compare(comparison="le", right=core.Const(value=datetime.date() as day)):
                    end = min(end, day)
                case core.Compare(comparison="gt", right=core.Const(value=datetime.date() as day)) if (
                    day < datetime.date.max
                ):
                    start = max(start, day + _ONE_DAY)
                case core.Compare(comparison="lt", right=core.Const(value=datetime.date() as day)) if (
                    day > datetime.date.min
                ):
                    end = min(end, day - _ONE_DAY)
                case core.Compare(comparison="eq", right=core.Const(value=datetime.date() as day)):
                    start, end = max(start, day), min(end, day)
                case _:
                    return None
        found.append((start, end))
    return found


def _name_everything(rows: list[Conditions], keys: list[core.Expr], record_of: RecordOf) -> bool:
    """Whether one of these rows fits, whatever words the keys have."""
    domains = [_words(key, record_of) for key in keys]
    if prod(map(len, domains)) * len(rows) > _MOST_STEPS:
        return False
    accepted = [[_accepted(one, domain) for one, domain in zip(row, domains, strict=True)] for row in rows]
    return all(
        any(all(word in words for word, words in zip(combination, row, strict=True)) for row in accepted)
        for combination in itertools.product(*domains)
    )


_OTHER = "any other"


def _words(key: core.Expr, record_of: RecordOf) -> list[str]:
    """The words that a key may have; for anything but words, one that only `any` fits."""
    kind = type_of(key)
    if isinstance(kind, (Enumeration, YesNo)) and never_none(key, record_of):
        return list(kind.members) if isinstance(kind, Enumeration) else ["yes", "no"]
    return [_OTHER]


def _accepted(condition: core.Expr | None, domain: list[str]) -> set[str]:
    if condition is None:
        return set(domain)
    found = words_of(condition)
    return found[1] if found is not None else set()


def parts_of(when: core.Expr) -> list[core.Expr]:
    """The conditions that must all hold, those inside others too."""
    if isinstance(when, core.And):
        return [part for operand in when.operands for part in parts_of(operand)]
    return [when]


def never_none(operand: core.Expr, record_of: RecordOf) -> bool:
    """Whether an expression is a fact that must have a value once it is known."""
    if not isinstance(operand, core.Fact) or operand.record is None:
        return False
    schema = record_of(operand.record)
    return schema is not None and any(f.name == operand.field and not f.optional for f in schema.fields)


def words_of(when: core.Expr) -> tuple[core.Expr, set[str]] | None:
    """What a condition looks at, and the words for which it holds; None when it is of another shape."""
    match when:
        case core.Compare(comparison="eq", left=left, right=core.Const(value=str(word))):
            return left, {word}
        case core.Member(operand=operand, options=options):
            words = {o.value for o in options if isinstance(o, core.Const) and isinstance(o.value, str)}
            return (operand, words) if len(words) == len(options) else None
        case core.Fact(type=YesNo()) | core.Call(type=YesNo()):
            return when, {"yes"}
        case core.Not(operand=core.Fact(type=YesNo()) | core.Call(type=YesNo()) as operand):
            return operand, {"no"}
        case _:
            return None


def missing_words(cases: Sequence[core.Case]) -> list[str] | None:
    """The words of one enumeration that no case names; None when the cases are not of that shape."""
    operand: core.Expr | None = None
    words: set[str] = set()
    for case in cases:
        found = words_of(case.when)
        if found is None or (operand is not None and found[0] != operand):
            return None
        operand = found[0]
        words |= found[1]
    if operand is None:
        return None
    kind = type_of(operand)
    if isinstance(kind, YesNo):
        return None if words != {"yes", "no"} else []
    if not isinstance(kind, Enumeration):
        return None
    return [word for word in kind.members if word not in words]


_MOST_PAIRS = 20_000


def are_disjoint(rows: Sequence[core.Case]) -> bool:
    """Whether no two rows can match together, as far as their words and dates show."""
    if len(rows) * len(rows) > _MOST_PAIRS:
        return False
    needed = [_demands(row.when) for row in rows]
    return all(
        any(_exclude(first[key], second[key]) for key in first.keys() & second.keys())
        for n, first in enumerate(needed)
        for second in needed[n + 1 :]
    )


_Demand: TypeAlias = "frozenset[str] | _Days"


def _demands(when: core.Expr) -> dict[core.Expr, _Demand]:
    """What a row's condition demands of each key: one of some words, or a date within two."""
    found: dict[core.Expr, _Demand] = {}
    for part in parts_of(when):
        words = words_of(part)
        if words is not None and isinstance(type_of(words[0]), (Enumeration, HsCode)):
            found[words[0]] = frozenset(words[1])
        elif isinstance(part, core.Compare) and isinstance(part.right, core.Const):
            date = part.right.value
            if isinstance(date, datetime.date) and part.comparison in ("ge", "le"):
                known = found.get(part.left, _ALWAYS)
                start, end = known if isinstance(known, tuple) else (date, date)
                found[part.left] = (date, end) if part.comparison == "ge" else (start, date)
    return found


def _exclude(first: _Demand, second: _Demand) -> bool:
    if isinstance(first, tuple) and isinstance(second, tuple):
        return first[1] < second[0] or second[1] < first[0]
    return isinstance(first, frozenset) and isinstance(second, frozenset) and not first & second
