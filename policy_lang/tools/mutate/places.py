"""Where in the core the words of an author stand, and the core with some of them replaced."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from attrs import evolve, frozen

from policy_lang.program.core import (
    And,
    Call,
    Case,
    Choose,
    Compare,
    Definition,
    Expr,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Outcome,
    Program,
    Schedule,
)
from policy_lang.source.text import Span

Node: TypeAlias = Expr | Case
Owner: TypeAlias = Definition | Outcome


@frozen(eq=False)
class Site:
    """One node of the core: what it stands in and as what, and whose body it belongs to."""

    node: Node
    parent: Node | None
    role: str
    owner: Owner


@frozen(eq=False)
class Place:
    """One phrase of an author: all nodes of the core that it became, of one kind and equal."""

    sites: tuple[Site, ...]

    @property
    def node(self) -> Node:
        return self.sites[0].node

    @property
    def span(self) -> Span:
        return self.node.span

    @property
    def owner(self) -> Owner:
        return self.sites[0].owner


def roots(owner: Owner) -> tuple[Expr, ...]:
    """The expressions of a definition or an outcome."""
    if isinstance(owner, Definition):
        return (owner.body,)
    more = () if owner.schedule is None else owner.schedule.expressions
    return (owner.body, *(defence.state for defence in owner.defences), *more)


def own_files(program: Program) -> frozenset[str]:
    """The files in which the policy itself and its amendments stand."""
    names = {one.span.file.name for one in program.outcomes}
    names |= {one.span.file.name for one in program.definitions if one.instrument == program.name}
    names |= {one.span.file.name for one in program.assumptions if one.instrument == program.name}
    return frozenset(names - {""})


def owners(program: Program) -> tuple[Owner, ...]:
    """What the policy itself says, without the instruments that it uses."""
    mine = [one for one in program.definitions if one.instrument == program.name]
    return (*mine, *program.outcomes)


def sites_of(owner: Owner) -> Iterator[Site]:
    """Every node in a definition or an outcome, those outside before those inside."""
    stack: list[Site] = [Site(one, None, "top", owner) for one in reversed(roots(owner))]
    while stack:
        site = stack.pop()
        yield site
        stack.extend(Site(one, site.node, role, owner) for role, one in reversed(inside(site.node)))


def inside(node: Node) -> list[tuple[str, Node]]:
    """The parts of a node, each with the role it plays."""
    match node:
        case Case(when=when, value=value):
            return [("when", when), ("value", value)]
        case Choose(cases=cases, default=default):
            return [*(("case", one) for one in cases), ("default", default)]
        case Op(operands=operands) | And(operands=operands) | Or(operands=operands):
            return [("operand", one) for one in operands]
        case Compare(left=left, right=right):
            return [("left", left), ("right", right)]
        case Member(operand=operand, options=options):
            return [("left", operand), *(("option", one) for one in options)]
        case Not(operand=operand):
            return [("operand", operand)]
        case Fold(list=listed, where=where, body=body):
            parts = [("list", listed), ("where", where), ("body", body)]
            return [(role, one) for role, one in parts if one is not None]
        case Call(bind=bind, at=at):
            bound = [("bind", value) for _, value in bind.fields] if bind is not None else []
            return [*bound, *([("at", at)] if at is not None else [])]
        case _:
            return []


def places_of(program: Program) -> tuple[Place, ...]:
    """The phrases of the policy's own files, in the order in which they stand there."""
    files = own_files(program)
    found: dict[tuple[str, int, int, str], list[list[Site]]] = {}
    for owner in owners(program):
        for site in sites_of(owner):
            span = site.node.span
            if span.file.name not in files:
                continue
            key = (span.file.name, span.start, span.end, f"{type(site.node).__name__} {site.role}")
            groups = found.setdefault(key, [])
            for group in groups:
                if group[0].node == site.node:
                    group.append(site)
                    break
            else:
                groups.append([site])
    ordered = sorted(found.items(), key=lambda item: item[0])
    return tuple(Place(tuple(group)) for _, groups in ordered for group in groups)


Replacements: TypeAlias = Mapping[int, "Node | None"]
"""By the identity of a node: what stands in its place; None: nothing, for what is one of several."""


def replaced(program: Program, changes: Replacements, touched: frozenset[int]) -> Program:
    """The program with these nodes replaced. `touched`: the identities of the owners in which they stand."""
    definitions = tuple(
        evolve(one, body=_expr(one.body, changes)) if id(one) in touched else one
        for one in program.definitions
    )
    outcomes = tuple(_outcome(one, changes) if id(one) in touched else one for one in program.outcomes)
    return evolve(program, definitions=definitions, outcomes=outcomes)


def _outcome(outcome: Outcome, changes: Replacements) -> Outcome:
    return evolve(
        outcome,
        body=_expr(outcome.body, changes),
        defences=tuple(evolve(one, state=_expr(one.state, changes)) for one in outcome.defences),
        schedule=None if outcome.schedule is None else _schedule(outcome.schedule, changes),
    )


def _schedule(schedule: Schedule, changes: Replacements) -> Schedule:
    earlier = tuple(
        evolve(one, schedule=None if one.schedule is None else _schedule(one.schedule, changes))
        for one in schedule.earlier
    )
    return evolve(
        schedule,
        anchor=_expr(schedule.anchor, changes),
        recurs=_maybe(schedule.recurs, changes),
        event=_maybe(schedule.event, changes),
        last=_maybe(schedule.last, changes),
        earlier=earlier,
    )


def rebuilt(expr: Expr, changes: Replacements) -> Expr:
    """The expression with these nodes replaced."""
    return _expr(expr, changes)


def _expr(expr: Expr, changes: Replacements) -> Expr:
    new = _node(expr, changes)
    assert new is not None
    assert not isinstance(new, Case)
    return new


def _maybe(expr: Expr | None, changes: Replacements) -> Expr | None:
    new = None if expr is None else _node(expr, changes)
    assert not isinstance(new, Case)
    return new


def _several(parts: tuple[Expr, ...], changes: Replacements) -> tuple[Expr, ...]:
    found = (_node(one, changes) for one in parts)
    return tuple(one for one in found if one is not None and not isinstance(one, Case))


def _node(node: Node, changes: Replacements) -> Node | None:
    # The nesting of a file is limited (syntax/limits.py), so this cannot go too deep.
    if id(node) in changes:
        return changes[id(node)]
    match node:
        case Case(when=when, value=value):
            return evolve(node, when=_expr(when, changes), value=_expr(value, changes))
        case Choose(cases=cases, default=default):
            kept = [_node(one, changes) for one in cases]
            return evolve(
                node,
                cases=tuple(one for one in kept if isinstance(one, Case)),
                default=_expr(default, changes),
            )
        case Op(operands=operands) | And(operands=operands) | Or(operands=operands):
            return evolve(node, operands=_several(operands, changes))
        case Compare(left=left, right=right):
            return evolve(node, left=_expr(left, changes), right=_expr(right, changes))
        case Member(operand=operand, options=options):
            return evolve(node, operand=_expr(operand, changes), options=_several(options, changes))
        case Not(operand=operand):
            return evolve(node, operand=_expr(operand, changes))
        case Fold(where=where, body=body):
            return evolve(
                node,
                where=_maybe(where, changes),
                body=None if body is None else _expr(body, changes),
            )
        case Call(bind=bind, at=at):
            if bind is not None:
                fields = tuple((name, _expr(value, changes)) for name, value in bind.fields)
                bind = evolve(bind, fields=fields)
            return evolve(node, bind=bind, at=_maybe(at, changes))
        case _:
            return node
