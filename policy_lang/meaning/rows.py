"""What a table says where none of its rows fits: that it has no row for that date, or that one is missing."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Sequence
from math import prod
from typing import TypeAlias

from policy_lang.meaning.expressions import conjunction, type_of
from policy_lang.meaning.names import Names
from policy_lang.program import core
from policy_lang.program.types import Date, Enumeration, Type, YesNo
from policy_lang.source.text import Span
from policy_lang.syntax import tree

Conditions: TypeAlias = list[core.Expr | None]
"""The conditions of one row, key by key; None where the key is `any`."""

_Days: TypeAlias = tuple[datetime.date, datetime.date]
_Said: TypeAlias = core.Expr | None

_MOST_STEPS = 20_000
_ALWAYS: _Days = (datetime.date.min, datetime.date.max)
_ONE_DAY = datetime.timedelta(days=1)


def nothing_fits(
    item: tree.Table, keys: list[core.Expr], rows: list[core.Case], conditions: list[Conditions], names: Names
) -> core.Expr:
    """What holds when no row fits (rules C5, T5).

    A date on which no row of any word would count is one that the table is not in force on; if there are
    rows for the date, the right one is missing, which is an error. Where the rows for a date name every
    word, one of them always fits, and the last of their values stands in for what can never happen.
    """
    title, span = item.name.text.replace("_", " "), item.name.span
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
        return _by_days(keys[dated[0]] if dated else None, windows, rows, rest, others, gap, over, names)
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
    rows: list[core.Case],
    rest: list[Conditions],
    others: list[core.Expr],
    gap: core.Absent,
    over: core.Absent,
    names: Names,
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
            covered = _name_everything([rest[n] for n in there], others, names)
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
                case core.Compare(comparison="eq", right=core.Const(value=datetime.date() as day)):
                    start, end = max(start, day), min(end, day)
                case _:
                    return None
        found.append((start, end))
    return found


def _name_everything(rows: list[Conditions], keys: list[core.Expr], names: Names) -> bool:
    """Whether one of these rows fits, whatever words the keys have."""
    domains = [_words(key, names) for key in keys]
    if prod(map(len, domains)) * len(rows) > _MOST_STEPS:
        return False
    accepted = [[_accepted(one, domain) for one, domain in zip(row, domains, strict=True)] for row in rows]
    return all(
        any(all(word in words for word, words in zip(combination, row, strict=True)) for row in accepted)
        for combination in itertools.product(*domains)
    )


_OTHER = "any other"


def _words(key: core.Expr, names: Names) -> list[str]:
    """The words that a key may have; for anything but words, one that only `any` fits."""
    kind = type_of(key)
    if isinstance(kind, (Enumeration, YesNo)) and never_none(key, names):
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


def never_none(operand: core.Expr, names: Names) -> bool:
    """Whether an expression is a fact that must have a value once it is known."""
    if not isinstance(operand, core.Fact) or operand.record is None:
        return False
    schema = names.record_schema(operand.record)
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
