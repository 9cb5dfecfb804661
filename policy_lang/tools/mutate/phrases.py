"""Slips within a phrase: every other way in which one node of the core could have been written."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from attrs import evolve, frozen

from policy_lang.program.core import (
    Absent,
    And,
    Call,
    Case,
    Choose,
    Compare,
    Comparison,
    Const,
    Definition,
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
from policy_lang.program.events import event_words
from policy_lang.program.schema import Schema, type_of
from policy_lang.program.sentences import relation
from policy_lang.program.types import Country, Date, Dates, Number, Text, YesNo, is_numeric
from policy_lang.tools.mutate.places import Node, Place, Site
from policy_lang.tools.mutate.written import Slip, Written, quoted

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


@frozen
class Phrases:
    """Slips in phrases of one program."""

    schema: Schema
    written: Written
    definitions: tuple[Definition, ...]  # of the policy itself, each after those it calls

    def slips(self, place: Place) -> Iterator[Slip]:
        """Every slip in this phrase, the likeliest first."""
        node, site = place.node, place.sites[0]
        match node:
            case Compare():
                yield from _compare(node)
            case Const():
                yield from self.written.slips(node, site.role, site.parent)
            case And() | Or():
                yield from _connective(node)
            case Not(operand=operand) if node.span.text.lstrip("(").startswith("not"):
                yield "opposite", f"lost the `not` in {quoted(node)}", operand
            case Not(operand=Fold() as operand) if node.span.text.startswith("none of"):
                yield "opposite", f"said `any of` instead of `none of` in {quoted(node)}", operand
            case Call():
                yield from self._other_definition(node, site)
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
        alike = type(site.parent) if isinstance(node, (And, Or)) else None
        if (
            isinstance(site.parent, (And, Or))
            and not isinstance(node, (Case, Const))
            and type(node) is not alike
        ):
            if all(isinstance(one.parent, type(site.parent)) for one in place.sites):
                left_out = Const(isinstance(site.parent, And), YesNo(), span=node.span)
                yield "condition", f"left out the condition {quoted(node)}", left_out

    def _field(self, node: Fact, role: str) -> Iterator[Slip]:
        if node.record is None:
            yield from self._other_event(node)
            return
        if role == "list" or not _takes_a_neighbour(node):
            return
        record = self.schema.records.get(node.record)
        fields = [one.name for one in record.fields if one.type == node.type] if record is not None else []
        if node.field in fields and len(fields) > 1:
            other = fields[(fields.index(node.field) + 1) % len(fields)]
            words = f"asked about `{other}` instead of `{node.field}`"
            if node.field not in node.span.text:
                words += f" in {quoted(node)}"
            yield "field", words, evolve(node, field=other)

    def _other_event(self, node: Fact) -> Iterator[Slip]:
        """The dates of the other party, or of another event."""
        if not isinstance(node.type, Dates):
            return
        stem, _, rest = node.field.partition(".")
        names = [one for one, fact in self.schema.case_facts.items() if isinstance(fact.type, Dates)]
        alike = [one for one in names if one.count(".") == node.field.count(".") and one != node.field]
        of_it = [one for one in alike if one.partition(".")[0] == stem and rest]
        others = [one for one in alike if one.partition(".")[0] != stem]
        for other in (of_it or others)[:1]:
            words = f"asked about `{event_words(other)}` instead of `{event_words(node.field)}`"
            yield "field", words, evolve(node, field=other)

    def _other_definition(self, node: Call, site: Site) -> Iterator[Slip]:
        """Another rule of the same kind about the same thing: a share of the wrong base, the amount before a cap."""
        if node.bind is not None or node.at is not None:
            return
        names = [one.name for one in self.definitions]
        if node.definition not in names:
            return
        of_call = self.definitions[names.index(node.definition)]
        before = names.index(site.owner.name) if site.owner.name in names else len(names)
        others = [
            one
            for one in self.definitions[:before]
            if one.type == of_call.type and one.subject == of_call.subject and _aim(one) != _aim(of_call)
        ]
        if others and is_numeric(of_call.type):
            other = others[-1]
            words = f"took `{_short(other.name)}` instead of `{_short(of_call.name)}`"
            if " " in node.span.text:
                words += f" in {quoted(node)}"
            yield "field", words, evolve(node, definition=other.name)


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
        multiple = node.params[1]
        if isinstance(multiple, Decimal):
            words = f"rounded to a multiple of {multiple * 10:f} instead of {multiple:f} in {quoted(node)}"
            yield "arithmetic", words, evolve(node, params=(way, multiple * 10, *node.params[2:]))
    if node.operator in ("divide", "as_percent") and type_of(node.operands[0]) == type_of(node.operands[1]):
        words = f"divided the other way round in {quoted(node)}"
        yield "arithmetic", words, evolve(node, operands=node.operands[::-1])
    if node.operator == "start_of_year" and isinstance(node.params[0], int):
        month, day = node.params[0] % 12 + 1, node.params[1]
        words = f"began the year a month later in {quoted(node)}"
        yield "day", words, evolve(node, params=(month, day))
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
    if (isinstance(following, Absent) or (at + 1 == len(parent.cases) and _is_idle(parent))) and at:
        following = values[at - 1]
    if following != node.value and not isinstance(following, Absent):
        words = f"had the value of its neighbour in {quoted(node)}"
        yield "value", words, evolve(node, value=following)


def _aim(definition: Definition) -> str:
    """The definition itself, or the one that it only repeats."""
    body = definition.body
    if isinstance(body, Call) and body.bind is None and body.at is None:
        return body.definition
    return definition.name


def _is_idle(choice: Choose) -> bool:
    """Whether nobody wrote what holds otherwise: it stands in for what cannot happen."""
    return choice.default.span == choice.span or any(choice.default is one.value for one in choice.cases)


def _short(name: str) -> str:
    return name.rpartition(".")[2].partition("#")[0]
