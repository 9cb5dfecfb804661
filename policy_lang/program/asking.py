"""How a fact is asked for: the question in words, and the kind of answer that is expected."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import assert_never

from policy_lang.program.core import Bounds, CaseFact, FieldSchema, Program
from policy_lang.program.countries import COUNTRIES, DEPENDENT
from policy_lang.program.numbers import in_words
from policy_lang.program.schema import Schema
from policy_lang.program.sentences import listed
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

MOST_WORDS = 12
"""So many words of an enumeration are named one by one; of a longer one, only how many there are."""


def fact_labels(program: Program) -> dict[str, str]:
    """The label of every fact that has one, by its path without places in lists (`vehicle.chains.value`)."""
    schema = Schema(program)
    labels = {
        f"{schema.path(record.name)}.{one.name}": one.label
        for record in program.records
        for one in record.fields
        if one.label
    }
    labels.update((fact.name, fact.label) for fact in program.case_facts if fact.label)
    for territory, sovereign in DEPENDENT.items():
        labels[f"territories.{territory}"] = f"Does {territory} count as part of {sovereign}?"
    return labels


def field_question(field: FieldSchema, record: str) -> str:
    """The question for one field: its label, or words made from its name."""
    return field.label or _made_question(field.name, field.type, f" of the {plain_name(record)}")


def case_question(fact: CaseFact) -> str:
    """The question for a fact about the whole case."""
    return fact.label or _made_question(fact.name, fact.type, "")


def territory_question(code: str) -> str:
    """The question whether a dependent territory counts as the country it depends on."""
    sovereign = DEPENDENT.get(code, "")
    name, whole = COUNTRIES.get(code, code), COUNTRIES.get(sovereign, sovereign)
    return f"Does {name} ({code}) count as part of {whole} ({sovereign})?"


def plain_name(name: str) -> str:
    """A name as a sentence has it."""
    return name.replace("_", " ")


def _made_question(name: str, kind: Type, of: str) -> str:
    words = plain_name(name)
    match kind:
        case YesNo():
            return f"Does “{words}” hold{' for' + of.removeprefix(' of') if of else ''}?"
        case ListOf():
            return f"Which {words} belong to{of.removeprefix(' of')}?" if of else f"Which {words} are there?"
        case Dates():
            return f"On which dates did this happen: {words}?"
        case _:
            return f"What is the {words}{of}?"


def answer_kind(kind: Type, bounds: Bounds | None = None, *, optional: bool = False) -> str:
    """The kind of answer expected, with its unit and its limits: `an amount in USD, at least 0 USD`."""
    words = _kind_words(kind)
    limits = _limits(kind, bounds) if bounds is not None else []
    if limits:
        words = f"{words}, {listed(limits, 'and')}"
    return f"{words}; or none, if there is none" if optional else words


def _kind_words(kind: Type) -> str:
    match kind:
        case YesNo():
            return "yes or no"
        case Number(whole=whole):
            return "a whole number" if whole else "a number"
        case Percent():
            return "a percentage (40 means 40 %)"
        case Money(currency=currency):
            return f"an amount in {currency}"
        case Quantity(unit=unit):
            return f"a quantity in {unit}"
        case Date():
            return "a date, written like 2024-01-31"
        case Period():
            return "a period, written like 2 years 6 months"
        case DateSpan():
            return "a first and a last day, written like 2024-01-31 to 2024-06-30"
        case HsCode(edition=edition, digits=digits):
            return f"a code of HS {edition} with at least {digits} digits, written like 8507.60"
        case Text():
            return "text"
        case Country():
            return "a country, by its code of two capitals (JP for Japan)"
        case Enumeration(name=name, members=members):
            if len(members) <= MOST_WORDS:
                return f"one of: {', '.join(members)}"
            return f"one of the {len(members)} words for “{plain_name(name or 'this')}”"
        case Dates():
            return "every date, written like 2024-01-31, with commas between; none, if it never happened"
        case ListOf() | RecordOf():
            return "how many there are, and the answers for each; 0, if there is none"
        case Unresolved():
            return "not known"
    assert_never(kind)


def _limits(kind: Type, bounds: Bounds) -> list[str]:
    match kind:
        case Money(currency=name) | Quantity(unit=name):
            unit = f" {name}"
        case Percent():
            unit = " %"
        case _:
            unit = ""
    is_date = isinstance(kind, Date)
    lower, upper = ("after", "on or after"), ("before", "on or before")
    if not is_date:
        lower, upper = ("more than", "at least"), ("less than", "at most")
    found = []
    if bounds.lower is not None:
        found.append(f"{lower[0 if bounds.lower_open else 1]} {limit_words(bounds.lower)}{unit}")
    if bounds.upper is not None:
        found.append(f"{upper[0 if bounds.upper_open else 1]} {limit_words(bounds.upper)}{unit}")
    if bounds.decimals is not None:
        found.append(
            "without decimals" if bounds.decimals == 0 else f"with at most {bounds.decimals} decimals"
        )
    if bounds.digits is not None:
        found.append(f"with at most {bounds.digits} digits")
    return found


def limit_words(limit: Decimal | datetime.date) -> str:
    """A limit as it is written in facts."""
    return in_words(limit) if isinstance(limit, Decimal) else limit.isoformat()
