"""The edges of a text: where a number, an amount or a date passes a limit."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from attrs import define, field, frozen

from policy_lang.backends.prove.probe import OTHER_WAY, Key
from policy_lang.program.core import At, Call, Choose, Compare, Const, Fact, Fold, Member, Op, Program
from policy_lang.program.schema import Schema, every, type_of
from policy_lang.program.sentences import said
from policy_lang.program.trace import Trace
from policy_lang.program.types import Date, Number, is_numeric, is_ordered
from policy_lang.source.text import Span
from policy_lang.tools.coverage.items import Items

Side: TypeAlias = str
"""`below`, `at` or `above`."""

_NAME = re.compile("[a-z][a-z0-9_]*")


def sides_of(comparison: str) -> tuple[Side, ...]:
    """The two sides between which the answer turns; of what is the same as something, all three."""
    if comparison in ("lt", "ge"):
        return ("below", "at")
    return ("at", "above") if comparison in ("le", "gt") else ("below", "at", "above")


@frozen
class Edge:
    """One limit as an author wrote it. `unit`: how far beside it still counts as just beside it."""

    key: Key
    span: Span
    comparison: str
    is_day: bool
    unit: Fraction
    limit: object  # the value written, if it is one
    words: str  # the same, in words
    is_header: bool = False  # the day on which the instrument begins, or after which it is over


@frozen
class Written:
    """A number, or a list of words, as an author wrote it. `step`: by how much a number is taken otherwise."""

    key: Key
    span: Span
    words: str
    step: Fraction = Fraction(1)
    options: tuple[str, ...] = ()


@define(eq=False)
class Edges:
    """All limits of a policy, by the nodes of the core that stand for them."""

    program: Program
    items: Items
    found: dict[Key, Edge] = field(factory=dict)
    by_node: dict[int, Key] = field(factory=dict)
    numbers: dict[int, Key] = field(factory=dict)  # what is written as a value, or in a calculation
    lists: dict[int, Key] = field(
        factory=dict
    )  # conditions that ask whether something is one of several words
    calculations: dict[int, Key] = field(factory=dict)  # what could be worked out the other way
    written: dict[Key, Written] = field(factory=dict)
    _bears: dict[Key, frozenset[str]] = field(factory=dict)
    texts: dict[Key, datetime.date] = field(factory=dict)  # the first days of texts, which no step shows

    @property
    def _days(self) -> set[object]:
        """The days on which the instrument begins, and after which it is over."""
        head = self.program.instruments[0]
        ends = [head.in_force, head.until]
        return {one for one in ends if one is not None}

    def __attrs_post_init__(self) -> None:
        schema = Schema(self.program)
        own = {item.span.file.name for item in self.items.found.values()}
        bodies = [one.body for one in self.program.definitions]
        for outcome in self.program.outcomes:
            bodies += [outcome.body, *(one.state for one in outcome.defences)]
        for body in bodies:
            compared: set[int] = set()
            for node in sorted(every(body), key=lambda one: not isinstance(one, Compare)):
                if isinstance(node, Compare):
                    compared |= {id(node.left), id(node.right)}
                if isinstance(node, Compare) and is_ordered(type_of(node.left) or Date()):
                    if node.span.file.name in own:
                        self._add(node, schema)
                elif isinstance(node, Choose) and node.by_text:
                    self._texts(node)
                elif isinstance(node, Member):
                    self._list(node, own)
                elif isinstance(node, (Op, Fold)):
                    self._calculation(node, own)
                elif isinstance(node, Const) and id(node) not in compared and node.span.file.name in own:
                    self._number(node)

    def _texts(self, node: Choose) -> None:
        """The days on which one text takes the place of another."""
        for case in node.cases:
            key = self.by_node.get(id(case.when))
            edge = self.found.get(key) if key is not None else None
            if edge is not None and isinstance(edge.limit, datetime.date):
                self.texts[key] = edge.limit

    def _calculation(self, node: Op | Fold, own: set[str]) -> None:
        """A sum, a difference, the lesser of two, a rounding, `any of` and `all of`, as an author wrote it."""
        if node.span.file.name not in own:
            return
        if isinstance(node, Op):
            is_plain = is_numeric(node.type) and all(
                is_numeric(type_of(one) or Date()) for one in node.operands
            )
            if not is_plain or (node.operator != "round" and node.operator not in OTHER_WAY):
                return
            if node.operator != "round" and len(node.operands) != 2:
                return
        elif node.kind not in ("any", "all"):
            return
        key = ("calculation", node.span.file.name, node.span.start, node.span.end)
        self.calculations[id(node)] = key
        self.written[key] = Written(key, node.span, " ".join(node.span.text.split()))

    def _number(self, node: Const) -> None:
        if not is_numeric(node.type) or isinstance(node.value, (bool, type(None))):
            return
        key = ("number", node.span.file.name, node.span.start, node.span.end)
        if node.span.text[:1] not in "-0123456789":
            return  # nobody wrote it
        self.numbers[id(node)] = key
        self.written[key] = Written(key, node.span, said(node.value, node.type))

    def _list(self, node: Member, own: set[str]) -> None:
        options = [one.value for one in node.options if isinstance(one, Const) and isinstance(one.value, str)]
        if len(options) < 2 or len(options) < len(node.options):
            return
        span = node.options[0].span
        if span.file.name not in own and node.span.file.name not in own:
            return
        where = span if span.file.name in own else node.span
        key = ("list", where.file.name, where.start, where.end)
        self.lists[id(node)] = key
        self.written[key] = Written(key, node.span, node.name or "", options=tuple(options))

    def _add(self, node: Compare, schema: Schema) -> None:
        if isinstance(node.left, Const) and isinstance(node.right, Const):
            return
        place = (node.span.file.name, node.span.start, node.span.end)
        written = node.right.value if isinstance(node.right, Const) else None
        is_header = isinstance(node.left, At) and _NAME.fullmatch(node.span.text) is not None
        is_header = is_header and written in self._days
        # The days on which an instrument begins and ends are the same for all that it says.
        key = ("edge", node.comparison, str(written), *(() if is_header else place))
        self.by_node[id(node)] = key
        if key not in self.found:
            is_day = isinstance(type_of(node.left), Date)
            unit = Fraction(1) if is_day else _unit(node, schema)
            self.found[key] = Edge(
                key,
                node.span,
                node.comparison,
                is_day,
                unit,
                written,
                said(written, type_of(node.right)) if isinstance(node.right, Const) else "",
                is_header,
            )

    def bears_on(self, key: Key) -> frozenset[str]:
        """The outcomes that hang on the first day of a text."""
        if key not in self._bears:
            definitions = {one.name: one for one in self.program.definitions}
            nodes = {node for node, one in self.by_node.items() if one == key}
            found: set[str] = set()
            for outcome in self.program.outcomes:
                waiting, called = [outcome.body], set[str]()
                while waiting:
                    for expr in every(waiting.pop()):
                        if id(expr) in nodes:
                            found.add(outcome.name)
                        if isinstance(expr, Call) and expr.definition not in called:
                            called.add(expr.definition)
                            waiting.append(definitions[expr.definition].body)
            self._bears[key] = frozenset(found)
        return self._bears[key]

    def side(self, trace: Trace) -> tuple[Key, Side] | None:
        """On which side of an edge, and near to it, a step of a case lies."""
        key = self.by_node.get(id(trace.node))
        if key is None or len(trace.children) != 2:
            return None
        left, right = (one.value for one in trace.children)
        edge = self.found[key]
        if isinstance(left, datetime.date) and isinstance(right, datetime.date):
            gap = Fraction((left - right).days)
        elif isinstance(left, (Decimal, Fraction)) and isinstance(right, (Decimal, Fraction)):
            gap = Fraction(left) - Fraction(right)
        else:
            return None
        if abs(gap) > edge.unit:
            return None
        return key, "at" if gap == 0 else "below" if gap < 0 else "above"


def _unit(node: Compare, schema: Schema) -> Fraction:
    """A step of the fact that is compared, a cent, one percent of what is worked out."""
    for one in (node.left, node.right):
        if isinstance(one, Fact):
            known = schema.field(one.record, one.field) if one.record is not None else None
            if isinstance(one.type, Number) and one.type.whole:
                return Fraction(1)
            if known is not None and known.bounds.decimals is not None:
                return Fraction(1, 10**known.bounds.decimals)
            return Fraction(1) if isinstance(one.type, Number) else Fraction(1, 100)
    return Fraction(1)
