"""The facts that a policy asks for: records with their fields, events and determinations."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import assert_never

from policy_lang.program.core import (
    Bounds,
    CaseFact,
    FieldSchema,
    Program,
    RecordSchema,
)
from policy_lang.program.events import event_words
from policy_lang.program.sentences import listed
from policy_lang.program.titles import (
    capital,
    plural,
    spaced,
)
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    DateSpan,
    Enumeration,
    HsCode,
    ListOf,
    Money,
    Number,
    Percent,
    Period,
    Quantity,
    RecordOf,
    Text,
    Type,
    Unresolved,
    YesNo,
)
from policy_lang.tools.plain.points import Block, Item, Point
from policy_lang.tools.plain.reach import (
    MOST_WORDS,
    events_of,
    nodes_of,
    shown_records,
    title_of,
)
from policy_lang.tools.plain.values import quoted, value_words
from policy_lang.tools.plain.voice import Voice


def fact_items(program: Program, voice: Voice) -> list[Item]:
    """The records, events and determinations that the policy asks for."""
    found = [_record_item(program, one, voice) for one in shown_records(program)]
    events = {name for outcome in program.outcomes for name in events_of(outcome)}
    called = {getattr(node, "field", "") for node in nodes_of(program)}
    lists = {one.name for one in program.lists}
    for fact in program.case_facts:
        if fact.name in lists or (fact.instrument != program.name and fact.name not in events | called):
            continue
        found.append(_case_item(fact))
    return found


def _record_item(program: Program, record: RecordSchema, voice: Voice) -> Item:
    own = voice.about(record.name)
    blocks: list[Block] = [Point(_field_words(one)) for one in record.fields]
    for test, _ in record.checks:
        blocks.append(own.point(test, "The facts are refused unless"))
    if record.judged_on is not None:
        blocks.append(
            Point(
                f"Whatever is about a {spaced(record.name)} is read as the law stood on {quoted(record.judged_on)}, "
                "not on the date asked about"
            )
        )
    title = capital(spaced(record.name))
    if record.parent is not None:
        title += f", in the {spaced(record.parent_field or '')} of the {spaced(record.parent)}"
    if record.label:
        title += f": {record.label}"
    if record.instrument != program.name:
        title += f" (from “{title_of(program, record.instrument)}”)"
    return Item("record", record.name, title, tuple(blocks))


def _field_words(field: FieldSchema) -> str:
    kind = _type_words(field.type)
    limits = _limits(field.type, field.bounds)
    words = f"{quoted(field.name)}: {kind}{f', {limits}' if limits else ''}"
    if field.determination:
        words += ", as somebody determines it; it is not worked out here"
    if field.optional:
        words += ", or none"
    return f"{words}. {field.label}" if field.label else words


def _type_words(kind: Type) -> str:
    match kind:
        case YesNo():
            return "yes or no"
        case Number(whole=whole):
            return "a whole number" if whole else "a number"
        case Percent():
            return "a percentage"
        case Money(currency=unit) | Quantity(unit=unit):
            return f"an amount in {spaced(unit)}"
        case Date():
            return "a date"
        case Period():
            return "a period of time"
        case DateSpan():
            return "a span of days, from its first to its last"
        case HsCode(edition=edition, digits=digits):
            return f"a code of at least {digits} digits of the Harmonized System of {edition}"
        case Text():
            return "a text"
        case Country():
            return "a country"
        case Enumeration(name=name, members=members):
            if len(members) <= MOST_WORDS:
                return listed([spaced(one) for one in members], "or")
            return f"one of {len(members)} words for “{spaced(name or 'this')}”"
        case ListOf(record=record):
            return f"a complete list of {plural(spaced(record))}"
        case RecordOf(record=record):
            return f"a {spaced(record)}"
        case Dates():
            return "the days on which it happened, all of them"
        case Unresolved():
            return "not known"
    assert_never(kind)


def _limits(kind: Type, bounds: Bounds) -> str:
    is_date = isinstance(kind, Date)
    lower = ("after", "on or after") if is_date else ("more than", "at least")
    upper = ("before", "on or before") if is_date else ("less than", "at most")
    found: list[str] = []
    if bounds.lower is not None:
        found.append(f"{lower[0 if bounds.lower_open else 1]} {_limit(kind, bounds.lower)}")
    if bounds.upper is not None:
        found.append(f"{upper[0 if bounds.upper_open else 1]} {_limit(kind, bounds.upper)}")
    if bounds.decimals is not None:
        found.append(
            "without decimals" if bounds.decimals == 0 else f"with at most {bounds.decimals} decimals"
        )
    if bounds.digits is not None:
        found.append(f"with at most {bounds.digits} digits")
    return listed(found, "and")


def _limit(kind: Type, limit: Decimal | datetime.date) -> str:
    return value_words(limit, kind)


def _case_item(fact: CaseFact) -> Item:
    title = f"“{event_words(fact.name)}”" if isinstance(fact.type, Dates) else quoted(fact.name)
    what = "determination" if fact.determination else "event" if isinstance(fact.type, Dates) else "fact"
    words = f"{capital(_type_words(fact.type))}"
    if fact.determination:
        words += ", as somebody determines it; it is not worked out here"
    if fact.presumed is not None:
        words += f"; taken as {'yes' if fact.presumed else 'no'} unless the facts say otherwise"
    label = f": {fact.label}" if fact.label else ""
    return Item(what, fact.name, f"{title} ({what}){label}", (Point(words),))
