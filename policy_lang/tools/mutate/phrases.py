"""Slips within a phrase: every other way in which one node of the core could have been written."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise
from typing import TypeAlias

from attrs import evolve, frozen

from policy_lang.program.core import (
    Absent,
    And,
    Case,
    Choose,
    Compare,
    Comparison,
    Const,
    Expr,
    Fact,
    Fold,
    FoldKind,
    Member,
    Not,
    Op,
    Operator,
    Or,
)
from policy_lang.program.schema import Schema, type_of
from policy_lang.program.sentences import relation, said
from policy_lang.program.types import Country, Date, Enumeration, Number, Period, Text, YesNo, is_numeric
from policy_lang.tools.mutate.mutant import Kind
from policy_lang.tools.mutate.places import Node, Place

Slip: TypeAlias = tuple[Kind, str, "Node | None"]
"""What went wrong, the words after the name of the owner, and what stands there instead; None: nothing."""

_DAY = datetime.timedelta(days=1)
_EDGE: dict[Comparison, Comparison] = {"lt": "le", "le": "lt", "gt": "ge", "ge": "gt"}
_TURNED: dict[Comparison, Comparison] = {"lt": "ge", "ge": "lt", "le": "gt", "gt": "le"}
_FOLDS: dict[FoldKind, FoldKind] = {"any": "all", "all": "any", "most": "least", "least": "most"}
_OPERATORS: dict[Operator, Operator] = {
    "lesser": "greater",
    "greater": "lesser",
    "first_of_month": "last_of_month",
    "last_of_month": "first_of_month",
    "start_of_span": "end_of_span",
    "end_of_span": "start_of_span",
    "either_event": "each_event",
    "each_event": "either_event",
}
_WAYS = {"up": "down", "down": "up", "half up": "half down", "half down": "half up", "half even": "half up"}
_WIDE = 70
_MOST_WORDS = 4  # other words of an enumeration that are put for one


@frozen
class Phrases:
    """Slips in phrases of one program."""

    schema: Schema

    def slips(self, place: Place) -> Iterator[Slip]:
        """Every slip in this phrase, the likeliest first."""
        node, site = place.node, place.sites[0]
        match node:
            case Compare():
                yield from _compare(node)
            case Const():
                yield from _const(node, site.role, site.parent)
            case And() | Or():
                yield from _connective(node)
            case Not(operand=operand) if node.span.text.lstrip("(").startswith("not"):
                yield "opposite", f"lost the `not` in {quoted(node)}", operand
            case Fold():
                yield from _fold(node)
            case Op():
                yield from _operator(node)
            case Fact():
                yield from self._field(node, site.role)
            case Case():
                yield from _case(node, site.parent)
            case Member() if node.name is None and site.role != "operand":
                yield "opposite", f"said the opposite of {quoted(node)}", Not(node, span=node.span)
            case _:
                pass
        if isinstance(site.parent, (And, Or)) and not isinstance(node, (And, Or, Case, Const)):
            if all(isinstance(one.parent, type(site.parent)) for one in place.sites):
                left_out = Const(isinstance(site.parent, And), YesNo(), span=node.span)
                yield "condition", f"left out the condition {quoted(node)}", left_out

    def _field(self, node: Fact, role: str) -> Iterator[Slip]:
        if node.record is None or role == "list" or not _takes_a_neighbour(node):
            return
        record = self.schema.records.get(node.record)
        fields = [one.name for one in record.fields if one.type == node.type] if record is not None else []
        if node.field in fields and len(fields) > 1:
            other = fields[(fields.index(node.field) + 1) % len(fields)]
            words = f"asked about `{other}` instead of `{node.field}`"
            if node.field not in node.span.text:
                words += f" in {quoted(node)}"
            yield "field", words, evolve(node, field=other)


def quoted(node: Node) -> str:
    """What the author wrote, in backticks, cut where it is long."""
    text = " ".join(node.span.text.split())
    return f"`{text if len(text) <= _WIDE else text[: _WIDE - 4].rstrip() + ' ...'}`"


def _takes_a_neighbour(node: Fact) -> bool:
    return isinstance(node.type, (Date, Country)) or is_numeric(node.type)


def _compare(node: Compare) -> Iterator[Slip]:
    if node.comparison == "eq":
        yield "opposite", f"said the opposite of {quoted(node)}", Not(node, span=node.span)
        return
    kind = type_of(node.left)
    was = relation(node.comparison, kind, True)
    for what, table in (("boundary", _EDGE), ("opposite", _TURNED)):
        other = table[node.comparison]
        words = f"said `{relation(other, kind, True)}` instead of `{was}` in {quoted(node)}"
        yield "boundary" if what == "boundary" else "opposite", words, evolve(node, comparison=other)


def _const(node: Const, role: str, parent: Node | None) -> Iterator[Slip]:
    value, kind = node.value, node.type
    text = node.span.text

    def instead(new: Const) -> str:
        where = "" if len(text) <= 24 else f" in {quoted(node)}"
        return f"said `{said(new.value, kind)}` instead of `{said(value, kind)}`{where}"

    if isinstance(value, bool):
        if text in ("yes", "no"):
            new = evolve(node, value=not value)
            yield "value", instead(new), new
    elif isinstance(value, Decimal) and is_numeric(kind) and any(c.isdigit() for c in text):
        exponent = value.normalize().as_tuple().exponent
        unit = Decimal(1).scaleb(min(0, int(exponent)))
        for step in (unit, -unit):
            if value + step >= 0 or value < 0:
                new = evolve(node, value=value + step)
                yield "amount", instead(new), new
    elif isinstance(value, datetime.date) and any(c.isdigit() for c in text):
        for moved in _moved(value):
            new = evolve(node, value=moved)
            yield "day", instead(new), new
    elif isinstance(kind, Period) and isinstance(value, tuple) and any(c.isdigit() for c in text):
        for parts in longer_and_shorter(value):
            new = evolve(node, value=parts)
            yield "period", instead(new), new
    elif isinstance(value, str) and value in text and not isinstance(kind, Text):
        if role == "option" and isinstance(parent, Member):
            yield "list", f"left out `{value}` in {_the_list(parent)}", None
        for word in _other_words(value, kind) if role != "option" else ():
            new = evolve(node, value=word)
            yield "word", instead(new), new


def _the_list(member: Member) -> str:
    if member.name == "parties":
        return f"the parties of {quoted(member)}"
    return f"the list `{member.name}`" if member.name is not None else quoted(member)


def _other_words(value: str, kind: object) -> Iterator[str]:
    """Words that could stand there by mistake: the next ones of the same set, in a circle."""
    if isinstance(kind, Enumeration):
        members = kind.members
        at = members.index(value) if value in members else 0
        others = [*members[at + 1 :], *members[:at]]
        yield from [one for one in others if one != value][: _MOST_WORDS if len(members) <= 8 else 1]
    elif isinstance(kind, Country):
        yield "US" if value != "US" else "CA"


def _moved(day: datetime.date) -> Iterator[datetime.date]:
    for step in (_DAY, -_DAY):
        with suppress(OverflowError):
            yield day + step
    for year in (day.year + 1, day.year - 1):
        with suppress(ValueError):  # 29 February, or out of range
            yield day.replace(year=year)


def longer_and_shorter(parts: tuple[object, ...]) -> Iterator[tuple[int, int, int]]:
    """Periods that are off by one of the smallest unit that the period has."""
    years, months, days = (int(str(one)) for one in parts)
    for step in (-1, 1):
        if days:
            changed = (years, months, days + step)
        elif months:
            changed = (years, months + step, days)
        else:
            changed = (years + step, months, days)
        if any(changed):
            yield changed


def _connective(node: And | Or) -> Iterator[Slip]:
    was, now = ("and", "or") if isinstance(node, And) else ("or", "and")
    if _is_written(node, was):
        new: Expr = (Or if isinstance(node, And) else And)(node.operands, span=node.span)
        yield "and-or", f"said `{now}` instead of `{was}` in {quoted(node)}", new


def _is_written(node: And | Or, word: str) -> bool:
    """Whether that word stands between its parts, which no clause says for itself."""
    spans = [one.span for one in node.operands]
    pairs = list(pairwise(spans))
    texts = [node.span.file.text[one.end : other.start].split() for one, other in pairs]
    inside = all(node.span.start <= one.start < node.span.end for one in spans)
    return (
        bool(pairs)
        and inside
        and all(one.file == node.span.file for one in spans)
        and any(word in text for text in texts)
    )


def _fold(node: Fold) -> Iterator[Slip]:
    other = _FOLDS.get(node.kind)
    if other is not None:
        words = f"asked for `{other}` instead of `{node.kind}` in {quoted(node)}"
        yield "arithmetic", words, evolve(node, kind=other)
    if node.kind == "sum" and isinstance(node.type, Number):
        yield (
            "arithmetic",
            f"counted instead of adding up in {quoted(node)}",
            evolve(node, kind="count", body=None),
        )
    if node.where is not None:
        words = f"left out the condition {quoted(node.where)} in {quoted(node)}"
        yield "condition", words, evolve(node, where=None)


def _operator(node: Op) -> Iterator[Slip]:
    other = _OPERATORS.get(node.operator)
    if other is not None and (len(node.operands) > 1 or "_of_" in node.operator):
        yield (
            "arithmetic",
            f"took {_named(other)} instead of {_named(node.operator)} in {quoted(node)}",
            evolve(node, operator=other),
        )
    if node.operator == "round":
        way = str(node.params[0])
        if way in _WAYS:
            words = f"rounded {_WAYS[way]} instead of {way} in {quoted(node)}"
            yield "arithmetic", words, evolve(node, params=(_WAYS[way], *node.params[1:]))
        yield "arithmetic", f"did not round in {quoted(node)}", node.operands[0]
    if node.operator in ("add_period", "subtract_period") and node.params[:1] in (("up",), ("down",)):
        way = "down" if node.params[0] == "up" else "up"
        words = f"rounded {way} instead of {node.params[0]} in {quoted(node)}"
        yield "arithmetic", words, evolve(node, params=(way, *node.params[1:]))
    if node.operator == "subtract" and len(node.operands) == 2 and type_of(node.operands[0]) == node.type:
        if type_of(node.operands[1]) == node.type and is_numeric(node.type):
            yield (
                "arithmetic",
                f"added instead of subtracting in {quoted(node)}",
                evolve(node, operator="add"),
            )
    if node.operator == "add" and len(node.operands) == 2 and is_numeric(node.type):
        words = f"subtracted instead of adding in {quoted(node)}"
        yield "arithmetic", words, evolve(node, operator="subtract")


def _named(operator: str) -> str:
    return {
        "lesser": "the lesser",
        "greater": "the greater",
        "first_of_month": "the first day of the month",
        "last_of_month": "the last day of the month",
        "start_of_span": "the first day",
        "end_of_span": "the last day",
        "either_event": "either party",
        "each_event": "each party",
    }[operator]


_ANSWERS = {"justified": "the exception", "permitted": "the permission"}


def _case(node: Case, parent: Node | None) -> Iterator[Slip]:
    """A case left out, or with the value of its neighbour."""
    if not isinstance(parent, Choose):
        return
    match node.value:
        case Absent(reason="not applicable"):
            yield "priority", f"left out {quoted(node)}", None
            return
        case Absent():
            return
        case Const(value=str(word), type=Text()):
            if word in _ANSWERS and len(parent.cases) > 1:
                yield "priority", f"left out {_ANSWERS[word]} {quoted(node)}", None
            return
        case _:
            pass
    if isinstance(node.when, Compare) and not node.span.text:
        return
    yield "case", f"left out {quoted(node)}", None
    at = next(n for n, one in enumerate(parent.cases) if one is node)
    values = [*(one.value for one in parent.cases), parent.default]
    following = values[at + 1]
    if isinstance(following, Absent) and at:
        following = values[at - 1]
    if following != node.value and not isinstance(following, Absent):
        words = f"had the value of its neighbour in {quoted(node)}"
        yield "value", words, evolve(node, value=following)
