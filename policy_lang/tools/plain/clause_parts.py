"""What the sentences of clauses are made of: grants, states, texts of different dates, due dates."""

from __future__ import annotations

import datetime
from typing import TypeAlias

import attrs

from policy_lang.program.core import (
    Absent,
    And,
    At,
    Case,
    Choose,
    Compare,
    Const,
    Expr,
    Fact,
    Member,
    Schedule,
)
from policy_lang.program.dates import DateOutOfRangeError, NoSuchDayError, add_period
from policy_lang.program.phrasing import Grant
from policy_lang.program.sentences import listed, schedule_words
from policy_lang.program.titles import (
    a_or_an,
    country_name,
    long_date,
    long_dates,
    spaced,
    with_article,
)
from policy_lang.program.types import Country
from policy_lang.tools.plain.voice import Voice


def grant_words(grant: Grant, voice: Voice) -> str:
    """`Japan is treated as a free trade partner of the United States with respect to cobalt`."""
    countries = [country_name(one) for one in grant.countries]
    are, status = "is" if len(countries) == 1 else "are each", a_or_an(spaced(grant.status))
    words = f"{listed(countries, 'and')} {are} treated as {status} of {country_name(grant.partner)}"
    words += f" with respect to {voice.goods(grant.goods) or 'all goods'}"
    purposes = [f"the {spaced(one)}" for one in grant.purposes]
    words += f", for the purposes of {listed(purposes, 'and')}" if purposes else ", for every purpose"
    if grant.designation:
        words += f", by designation of {with_article(grant.designation)}"
    return words


def beyond_grant(body: Expr, grant: Grant) -> list[Expr]:
    """What a grant asks besides the country and the goods, which its sentence names."""
    parts: list[Expr] = list(body.operands) if isinstance(body, And) else [body]
    if parts and _is_country_test(parts[0]):
        del parts[0]
        if grant.goods and parts:
            del parts[0]
    return parts


_Version: TypeAlias = tuple[datetime.date | None, datetime.date | None, Expr]


def versions_of(body: Expr) -> list[_Version]:
    """The texts of a body that was amended, each with its first and its last day; one, if it never was."""
    if not isinstance(body, Choose) or body.mode != "first" or not body.cases:
        return [(None, None, body)]
    starts: list[tuple[datetime.date, Expr]] = []
    for case in body.cases:
        match case.when, case.value:
            case Compare(
                comparison="ge", left=At(), right=Const(value=datetime.date() as day)
            ), Choose() as text:
                starts.append((day, text))
            case _:
                return [(None, None, body)]
    found: list[_Version] = []
    until: datetime.date | None = None
    for day, later in starts:  # the latest first
        found.append((day, until, later))
        until = day - datetime.timedelta(days=1)
    return [(None, until, body.default), *reversed(found)]


def _is_country_test(node: Expr) -> bool:
    match node:
        case Compare(comparison="eq", left=Fact(type=Country())) | Member(operand=Fact(type=Country())):
            return True
        case _:
            return False


def word_of(case: Case) -> str:
    """The word for a state that a case gives; empty for anything else."""
    return str(case.value.value) if isinstance(case.value, Const) else ""


def code_of(case: Case) -> str:
    """Why a case gives no answer, by its code; empty where it gives one."""
    return case.value.code if isinstance(case.value, Absent) else ""


def is_always(node: Expr) -> bool:
    """Whether a condition asks for nothing."""
    return isinstance(node, Const) and node.value is True


def force_day(case: Case) -> datetime.date | None:
    """The day that a case of not being in force turns on."""
    match case.when:
        case Compare(left=At(), right=Const(value=datetime.date() as day)):
            return day
        case _:
            return None


def difference(whole: Expr, part: Expr) -> list[Expr]:
    """What the longer condition asks more than the shorter."""
    longer = whole.operands if isinstance(whole, And) else (whole,)
    shorter = part.operands if isinstance(part, And) else (part,)
    return [one for one in longer if one not in shorter] if set(shorter) <= set(longer) else []


def schedule_of(schedule: Schedule) -> str:
    """When a duty falls due, with the day that it counts from."""
    words = long_dates(schedule_words(attrs.evolve(schedule, recurs=None)))
    anchor = schedule.anchor
    if isinstance(anchor, Const) and isinstance(anchor.value, datetime.date):
        if schedule.anchor_words in ("entry into force", "signature"):
            day = long_date(anchor.value)
            words = words.replace(schedule.anchor_words, f"{schedule.anchor_words} ({day})", 1)
    return words


def first_due(schedule: Schedule) -> datetime.date | None:
    """The first due date, where it is a day that is known."""
    anchor = schedule.anchor
    if not isinstance(anchor, Const) or not isinstance(anchor.value, datetime.date):
        return None
    if schedule.first is None or schedule.month_day is not None:
        return None
    years, months, days = schedule.first
    way = -1 if schedule.backwards else 1
    try:
        return add_period(anchor.value, (way * years, way * months, way * days), schedule.rounding)
    except (NoSuchDayError, DateOutOfRangeError):
        return None
