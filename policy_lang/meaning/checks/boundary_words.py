"""Labels that say `more than` where the condition says `at least`, and the like.

What is compared is whether the limit itself falls on the upper side (`at least`, `less than`) or on the lower
(`more than`, `at most`). So an exception that states the opposite of its label agrees with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.meaning.checks.linted import Linted, walk
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.text import Span
from policy_lang.syntax import tree

CODE = Code("boundary-words", "whether the limit itself counts often decides a case", "warning")

Side: TypeAlias = Literal["upper", "lower"]
Limit: TypeAlias = Decimal | str | None

# Longer phrases first, so that `no more than` is not read as `more than`; the side is the same in any case.
_PHRASES: tuple[tuple[str, Side], ...] = (
    ("at least", "upper"),
    ("not less than", "upper"),
    ("no less than", "upper"),
    ("less than", "upper"),
    ("fewer than", "upper"),
    ("under", "upper"),
    ("below", "upper"),
    ("at most", "lower"),
    ("not more than", "lower"),
    ("no more than", "lower"),
    ("more than", "lower"),
    ("up to", "lower"),
    ("exceeding", "lower"),
    ("exceeds", "lower"),
    ("exceed", "lower"),
    ("over", "lower"),
    ("above", "lower"),
    ("on or before", "lower"),
    ("on or after", "upper"),
    ("before", "upper"),
    ("after", "lower"),
)
_NEEDS_LIMIT = {"under", "below", "up to", "over", "above", "on or before", "on or after", "before", "after"}
"""Words of everyday language, which are about a limit only where one follows."""

_SAID = re.compile(
    r"\b(?P<words>" + "|".join(words for words, _ in _PHRASES) + r")\b"
    r"(?:\s+(?P<date>\d{4}-\d{2}-\d{2})|\s+(?:[A-Z]{3}\s+)?(?P<number>\d[\d,]*(?:\.\d+)?))?",
    re.IGNORECASE,
)
_SIDES: dict[str, Side] = {
    "ge": "upper",
    "lt": "upper",
    "gt": "lower",
    "le": "lower",
    "at least": "upper",
    "less than": "upper",
    "more than": "lower",
    "at most": "lower",
}


@frozen
class _Boundary:
    """Where the limit falls, the limit itself where it is written out, and the words."""

    side: Side
    limit: Limit
    words: str
    span: Span


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each label that draws the line elsewhere than its conditions."""
    fields = [field for record in linted.declared.records.values() for field in record.fields]
    for item in (*linted.encoded, *fields):
        if item.label is not None:
            yield from _compare(list(_said(item.label)), list(_written(item)))


def _compare(said: list[_Boundary], written: list[_Boundary]) -> Iterator[Diagnostic]:
    for claim in said:
        if claim.limit is not None:
            same = [w for w in written if w.limit == claim.limit]
        else:
            same = written if len(said) == len(written) == 1 else []
        if same and all(w.side != claim.side for w in same):
            yield CODE.at(
                claim.span,
                f"the label says `{claim.words}`, the condition `{same[0].words}`: they disagree about the limit itself",
                label="said here",
                help="use the words of the text in both",
                related=[(same[0].span, "decided here")],
            )


def _said(label: tree.Text) -> Iterator[_Boundary]:
    sides = dict(_PHRASES)
    offset = label.span.start + 1 if label.span.text.startswith('"') else label.span.start
    exact = label.span.text[1:-1] == label.text
    for match in _SAID.finditer(label.text):
        words = match["words"].lower()
        limit: Limit = match["date"] or _number(match["number"])
        if limit is None and words in _NEEDS_LIMIT:
            continue
        start, end = match.span("words")
        span = Span(label.span.file, offset + start, offset + end) if exact else label.span
        yield _Boundary(sides[words], limit, words, span)


def _number(digits: str | None) -> Decimal | None:
    if digits is None:
        return None
    try:
        return Decimal(digits.replace(",", "")).normalize()
    except InvalidOperation:
        return None


def _written(item: object) -> Iterator[_Boundary]:
    for node in walk(item):
        match node:
            case tree.Ordered(ordering=ordering, left=left, right=right, words=words):
                limit = _limit(right)
                turned = limit is None and _limit(left) is not None
                side = _SIDES[ordering]
                if turned:
                    limit, side = _limit(left), "lower" if side == "upper" else "upper"
                yield _Boundary(side, limit, words or ordering, node.span)
            case tree.Bound(word=word, value=value):
                yield _Boundary(_SIDES[word], _limit(value), word, node.span)


def _limit(expr: tree.Expr) -> Limit:
    match expr:
        case (
            tree.NumberLit(value=value)
            | tree.PercentLit(value=value)
            | tree.MoneyLit(value=value)
            | tree.QuantityLit(value=value)
            | tree.PercentOf(percent=tree.PercentLit(value=value))
        ):
            return value.normalize()
        case tree.DateLit(value=day):
            return day.isoformat()
        case tree.Brackets(inner=inner):
            return _limit(inner)
        case _:
            return None
