"""What parts of a program rest on: facts, written values, and which outcomes rest on which definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TypeAlias

from attrs import define, field

from policy_lang.program.core import (
    Assumed,
    Bounds,
    Call,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    Member,
    Outcome,
    Program,
)
from policy_lang.program.schema import Schema, below, every
from policy_lang.program.types import Country
from policy_lang.tools.mutate.mutant import THE_FACTS
from policy_lang.tools.mutate.places import Owner, roots

FactKey: TypeAlias = "tuple[str | None, str]"
"""The record and the name of a fact; the record is None for a fact about the whole case."""


@define(eq=False)
class Rests:
    """What each definition and outcome of one program rests on."""

    program: Program
    definitions: dict[str, Definition] = field(init=False)
    schema: Schema = field(init=False)
    _bound: dict[FactKey, list[Expr]] = field(init=False, factory=dict)
    _within: dict[str, tuple[Expr, ...]] = field(init=False, factory=dict)
    _called: dict[str, frozenset[str]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.schema = Schema(self.program)
        self.definitions = {one.name: one for one in self.program.definitions}
        for one in self.program.definitions:  # each after those it calls
            self._within[one.name] = tuple(every(one.body))
            self._called[one.name] = self._calls(self._within[one.name])
        owners: tuple[Owner, ...] = (*self.program.definitions, *self.program.outcomes)
        for owner in owners:
            for root in roots(owner):
                for node in every(root):
                    if isinstance(node, Call) and node.bind is not None:
                        for name, value in node.bind.fields:
                            self._bound.setdefault((node.bind.record, name), []).append(value)

    def _calls(self, nodes: Iterable[Expr]) -> frozenset[str]:
        direct = {node.definition for node in nodes if isinstance(node, Call)}
        return frozenset(direct.union(*(self._called.get(name, frozenset()) for name in direct)))

    def outcomes_on(self, touched: Iterable[str]) -> tuple[Outcome, ...]:
        """The outcomes that rest on any of these definitions, outcomes or assumptions; on the facts, they all do."""
        names = set(touched)
        if THE_FACTS in names:
            return self.program.outcomes
        found = []
        for outcome in self.program.outcomes:
            nodes = [node for root in roots(outcome) for node in every(root)]
            called = self._calls(nodes)
            if outcome.name in names or called & names or self._assumed(nodes, called) & names:
                found.append(outcome)
        return tuple(found)

    def _assumed(self, nodes: Iterable[Expr], called: Iterable[str]) -> set[str]:
        within = [*nodes, *(one for name in called for one in self._within[name])]
        return {one.name for one in within if isinstance(one, Assumed)}

    def deep(self, exprs: Iterable[Expr]) -> list[Expr]:
        """These expressions and all inside them, what they call included."""
        nodes = [node for expr in exprs for node in every(expr)]
        for name in sorted(self._calls(nodes)):
            nodes.extend(self._within[name])
        return nodes

    def facts(self, exprs: Iterable[Expr]) -> list[Fact]:
        """The facts that these expressions rest on, those given for a call among them; each once."""
        found: dict[FactKey, Fact] = {}
        waiting: list[Expr] = [*exprs]
        asked: set[FactKey] = set()
        while waiting:
            for node in self.deep([waiting.pop(0)]):
                if isinstance(node, Fact) and (node.record, node.field) not in asked:
                    asked.add((node.record, node.field))
                    found[node.record, node.field] = node
                    waiting.extend(self._bound.get((node.record, node.field), ()))
        return list(found.values())

    def written(self, exprs: Iterable[Expr]) -> list[Const]:
        """The values written in these expressions and in what they call, each once."""
        return list(dict.fromkeys(node for node in self.deep(exprs) if isinstance(node, Const)))

    def comparisons_on(self, touched: Iterable[str]) -> list[Compare]:
        """The comparisons of more and less in which something of these definitions has a say."""
        names = set(touched)
        found: dict[int, Compare] = {}
        owners: tuple[Owner, ...] = (*self.program.definitions, *self.program.outcomes)
        for owner in owners:
            for root in roots(owner):
                for node in every(root):
                    if isinstance(node, Compare) and node.comparison != "eq":
                        called = self._calls(every(node))
                        if owner.name in names or called & names:
                            found[id(node)] = node
        return list(found.values())


def differing(was: Owner, now: Owner) -> list[tuple[Expr, Expr]]:
    """The smallest parts in which two versions of a definition or an outcome differ."""
    found: list[tuple[Expr, Expr]] = []
    ways, other_ways = roots(was), roots(now)
    if len(ways) != len(other_ways):
        return list(zip(ways, other_ways, strict=False))
    for one, other in zip(ways, other_ways, strict=True):
        found.extend(_differing(one, other))
    return found


def differing_facts(was: Program, now: Program) -> list[tuple[Expr, Expr]]:
    """The conditions on facts in which two programs differ: limits as comparisons, checks, territories."""
    found: list[tuple[Expr, Expr]] = []
    for one, other in zip(was.records, now.records, strict=True):
        for mine, theirs in zip(one.fields, other.fields, strict=True):
            if mine.bounds != theirs.bounds:
                fact = Fact(one.name, mine.name, mine.type)
                limits = [each for own in (mine, theirs) for each in (own.bounds.lower, own.bounds.upper)]
                limits += [each for own in (mine, theirs) for each in _long(own.bounds)]
                compares = [
                    Compare("ge", fact, Const(each, mine.type)) for each in limits if each is not None
                ]
                found.extend((each, each) for each in compares or [Compare("ge", fact, fact)])
        if len(one.checks) == len(other.checks):
            for (check, _), (changed, _) in zip(one.checks, other.checks, strict=True):
                found.extend(_differing(check, changed))
        else:
            found.extend((check, check) for check, _ in one.checks if check not in dict(other.checks))
    for code, sovereign, _ in set(was.territories) ^ set(now.territories):
        for record in was.records:
            for each in record.fields:
                if isinstance(each.type, Country):
                    fact = Fact(record.name, each.name, each.type)
                    options = (Const(code, each.type), Const(sovereign, each.type))
                    found.append((Member(fact, options), Member(fact, options)))
    return found


def _long(bounds: Bounds) -> Iterator[Decimal]:
    """Numbers with one decimal, or one digit, more than a field takes."""
    low = bounds.lower if isinstance(bounds.lower, Decimal) else Decimal(0)
    if bounds.decimals is not None:
        yield low + 1 + Decimal(1).scaleb(-bounds.decimals - 1)
    if bounds.digits is not None:
        yield Decimal(1).scaleb(bounds.digits)


def _differing(was: Expr, now: Expr) -> list[tuple[Expr, Expr]]:
    if was is now or was == now:
        return []
    mine, others = below(was), below(now)
    if type(was) is type(now) and len(mine) == len(others) and mine:
        found = [pair for one, other in zip(mine, others, strict=True) for pair in _differing(one, other)]
        if found and not any(isinstance(one, Const) for one, _ in found):
            return found
    return [(was, now)]
