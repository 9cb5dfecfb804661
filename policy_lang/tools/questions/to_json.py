"""A list of questions as a JSON document. With answers written under `facts`, it is a facts file."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from decimal import Decimal

from policy_lang.program.asking import limit_words
from policy_lang.program.core import Bounds
from policy_lang.program.types import Enumeration, Money, Percent, Quantity, Type, describe
from policy_lang.tools.questions.ask import Question, QuestionList


def to_json(questions: QuestionList) -> dict[str, object]:
    """The document: `facts` has what is given already, and takes the answers."""
    return {
        "policy": questions.program.name,
        "as_of": questions.decision.as_of.isoformat(),
        "outcomes": {
            one.name: {
                "label": one.label,
                "state": one.state,
                "answer": one.answer,
                "open": one.is_open,
                "note": one.note,
            }
            for one in questions.standings
        },
        "questions": [_question(questions, one) for one in questions.questions],
        "facts": _plain(questions.given),
    }


def _question(questions: QuestionList, one: Question) -> dict[str, object]:
    return {
        "fact": one.path,
        "question": one.words,
        "role": one.role,
        "allowed": {
            "words": one.kind,
            "type": describe(one.type),
            **_allowed(one.type, one.bounds),
            "none": one.optional,
        },
        "of_whom": one.whom,
        "note": one.also,
        "open_for": list(one.where),
        "why": questions.why(one),
        "needed_by": list(one.needed_by),
        "by_way_of": list(one.way),
        "cites": list(one.cites),
    }


def _allowed(kind: Type, bounds: Bounds) -> dict[str, object]:
    found: dict[str, object] = {}
    match kind:
        case Enumeration(members=members):
            found["one_of"] = list(members)
        case Money(currency=unit) | Quantity(unit=unit):
            found["unit"] = unit
        case Percent():
            found["unit"] = "%"
    if bounds.lower is not None:
        found["more_than" if bounds.lower_open else "at_least"] = limit_words(bounds.lower)
    if bounds.upper is not None:
        found["less_than" if bounds.upper_open else "at_most"] = limit_words(bounds.upper)
    if bounds.decimals is not None:
        found["decimals"] = bounds.decimals
    return found


def _plain(raw: object) -> object:
    """Facts as JSON carries them: numbers with decimals as text, dates as ISO 8601. Facts nest a hundred deep at most."""
    if isinstance(raw, Mapping):
        return {str(key): _plain(value) for key, value in raw.items()}
    if isinstance(raw, list | tuple):
        return [_plain(one) for one in raw]
    if isinstance(raw, Decimal):
        return f"{raw:f}"
    return raw.isoformat() if isinstance(raw, datetime.date) else raw
