"""Expressions in a form in which many of those that mean the same are equal."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from attrs import evolve

from policy_lang.program.core import (
    And,
    Call,
    Case,
    Choose,
    Compare,
    Comparison,
    Const,
    Definition,
    Expr,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Outcome,
    Program,
    RecordSchema,
)
from policy_lang.program.types import YesNo
from policy_lang.tools.mutate.mutant import THE_FACTS
from policy_lang.tools.mutate.places import Owner

_YES, _NO = Const(True, YesNo()), Const(False, YesNo())
_DAY = datetime.timedelta(days=1)
_OPPOSITE: dict[Comparison, Comparison] = {"lt": "ge", "ge": "lt", "le": "gt", "gt": "le"}


def simplified(expr: Expr) -> Expr:
    """An expression that means the same: what cannot matter is gone, and `before` a day is `until` the last one.

    Two expressions with different results may not come out equal; two with the same results may come out different.
    """
    match expr:
        case And(operands=operands):
            return _joined(And, _YES, _NO, operands)
        case Or(operands=operands):
            return _joined(Or, _NO, _YES, operands)
        case Not(operand=operand):
            inner = simplified(operand)
            if isinstance(inner, Not):
                return inner.operand
            if inner in (_YES, _NO):
                return _NO if inner == _YES else _YES
            if isinstance(inner, Compare) and inner.comparison != "eq":
                return _compare(evolve(inner, comparison=_OPPOSITE[inner.comparison]))
            return Not(inner)
        case Compare(left=left, right=right):
            return _compare(evolve(expr, left=simplified(left), right=simplified(right)))
        case Member(operand=operand, options=options):
            kept = dict.fromkeys(simplified(one) for one in options)
            if not kept:
                return _NO
            ordered = tuple(sorted(kept, key=repr))
            if len(ordered) == 1:
                return _compare(Compare("eq", simplified(operand), ordered[0]))
            return Member(simplified(operand), ordered)
        case Op(operands=operands):
            return evolve(expr, operands=tuple(simplified(one) for one in operands))
        case Choose():
            return _choose(expr)
        case Fold(where=where, body=body):
            return evolve(
                expr,
                where=None if where is None else simplified(where),
                body=None if body is None else simplified(body),
            )
        case Call(bind=bind, at=at):
            if bind is not None:
                bind = evolve(bind, fields=tuple((name, simplified(one)) for name, one in bind.fields))
            return evolve(expr, bind=bind, at=None if at is None else simplified(at))
        case _:
            return expr


def _joined(kind: type[And] | type[Or], idle: Const, deciding: Const, operands: Iterable[Expr]) -> Expr:
    parts: dict[Expr, None] = {}
    for operand in operands:
        one = simplified(operand)
        inner = one.operands if isinstance(one, (And, Or)) and isinstance(one, kind) else (one,)
        parts.update(dict.fromkeys(inner))
    parts.pop(idle, None)
    if deciding in parts:
        return deciding
    if len(parts) <= 1:
        return next(iter(parts), idle)
    return kind(tuple(sorted(parts, key=repr)))


def _compare(node: Compare) -> Compare:
    """A comparison of a date with a date that is written: before it is until the day before."""
    value = node.right.value if isinstance(node.right, Const) else None
    if type(value) is datetime.date and isinstance(node.right, Const):
        if node.comparison == "lt" and value > datetime.date.min:
            return Compare("le", node.left, evolve(node.right, value=value - _DAY))
        if node.comparison == "ge" and value > datetime.date.min:
            return Compare("gt", node.left, evolve(node.right, value=value - _DAY))
    return evolve(node)


def _choose(node: Choose) -> Expr:
    default = simplified(node.default)
    cases = [Case(simplified(one.when), simplified(one.value), one.cites) for one in node.cases]
    cases = [one for one in cases if one.when != _NO]
    if not cases:
        return default
    if node.mode == "unordered":
        cases.sort(key=repr)
    return Choose(node.mode, tuple(cases), default, node.type, node.cites)


class Signature:
    """What a program says, in a form in which programs that say the same are equal."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.known: dict[int, object] = {}

    def difference(self, program: Program) -> tuple[tuple[object, ...], tuple[str, ...]]:
        """What a changed program says otherwise, and the names of what differs; nothing where it says the same."""
        found: list[object] = []
        names: list[str] = []
        pairs: list[tuple[Owner, Owner]] = [
            *zip(self.program.definitions, program.definitions, strict=True),
            *zip(self.program.outcomes, program.outcomes, strict=True),
        ]
        for was, now in pairs:
            if was is not now:
                said_now = _said(now)
                if id(was) not in self.known:
                    self.known[id(was)] = _said(was)
                if said_now != self.known[id(was)]:
                    kind = "o" if isinstance(now, Outcome) else "d"
                    found.append((kind, now.name, said_now))
                    names.append(now.name)
        if self.program.assumptions is not program.assumptions:
            for one, other in zip(self.program.assumptions, program.assumptions, strict=True):
                if one != other:
                    found.append((other.name, other.value))
                    names.append(other.name)
        if program.records is not self.program.records:
            for record, changed in zip(self.program.records, program.records, strict=True):
                if _demands(record) != _demands(changed):
                    found.append(("r", changed.name, _demands(changed)))
                    names.append(THE_FACTS)
        if program.territories != self.program.territories:
            found.append(("t", frozenset(program.territories)))
            names.append(THE_FACTS)
        return tuple(found), tuple(names)


def _demands(record: RecordSchema) -> object:
    """What a record asks of the facts about it."""
    return tuple(one.bounds for one in record.fields), tuple(simplified(check) for check, _ in record.checks)


def _said(owner: Owner) -> object:
    if isinstance(owner, Definition):
        return simplified(owner.body)
    states = tuple(simplified(one.state) for one in owner.defences)
    return simplified(owner.body), states, owner.schedule, owner.judged_on, owner.force
