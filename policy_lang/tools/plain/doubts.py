"""Assumptions: how doubtful text is read, how else it could be, and what rests on it."""

from __future__ import annotations

from collections.abc import Sequence

from policy_lang.program.core import (
    Assumed,
    Assumption,
    Call,
    Definition,
    Expr,
    Outcome,
    Program,
    Reading,
)
from policy_lang.program.schema import every
from policy_lang.program.sentences import listed
from policy_lang.tools.plain.points import Block, Item, Point
from policy_lang.tools.plain.reach import (
    is_own,
    own_definitions,
    title_of,
)
from policy_lang.tools.plain.values import quoted, value_words


def assumption_items(program: Program) -> list[Item]:
    """The assumptions of the policy, and those of others that something here mentions."""
    rests = _resting(program)
    return [
        _assumption_item(program, one, rests.get(one.name, []))
        for one in program.assumptions
        if is_own(program, one) or rests.get(one.name)
    ]


def _assumption_item(program: Program, one: Assumption, resting: Sequence[str]) -> Item:
    value = value_words(one.value.value, one.value.type)
    blocks: list[Block] = []
    blocks.extend(_readings(one.readings, "The text is read as:"))
    blocks.extend(_readings(one.against, "It could also be read as:"))
    takes = (
        "holds" if one.value.value is True else "does not hold" if one.value.value is False else f"is {value}"
    )
    blocks.append(Point(f"Here the assumption {quoted(one.name)} {takes}"))
    if resting:
        blocks.append(Point(f"On it rest: {listed(list(resting), 'and')}"))
    of = "" if is_own(program, one) else f" (from “{title_of(program, one.instrument)}”)"
    return Item("assumption", one.name, f"{quoted(one.name)} (assumption){of}", tuple(blocks))


def _readings(readings: Sequence[Reading], opening: str) -> list[Point]:
    return [Point(f"{opening} “{one.because}”", cites=one.cites) for one in readings]


def _resting(program: Program) -> dict[str, list[str]]:
    """By assumption: the clauses, rules and tables of this policy that mention it themselves."""
    found: dict[str, dict[str, None]] = {}
    definitions = {one.name: one for one in program.definitions}
    items: list[Outcome | Definition] = [*program.outcomes, *own_definitions(program)]
    for item in items:
        bodies = [item.body]
        if isinstance(item, Outcome):
            bodies.extend(one.state for one in item.defences)
            if item.schedule is not None:
                bodies.extend(one for one in (item.schedule.anchor, item.schedule.recurs) if one is not None)
        nodes = [node for body in bodies for node in every(body)]
        for node in list(nodes):
            # A grant, or a part of a clause, is a definition of its own.
            if isinstance(node, Call) and (called := definitions.get(node.definition)) is not None:
                if (called.parameters and node.bind is None) or "#" in called.name.replace(
                    "#asked", ""
                ).replace("#any_good", ""):
                    nodes.extend(every(called.body))
        for node in nodes:
            if isinstance(node, Assumed):
                title = (
                    f"“{item.label}”"
                    if isinstance(item, Outcome) and item.family != "rule"
                    else quoted(item.name)
                )
                found.setdefault(node.name, {})[title] = None
    return {name: list(titles) for name, titles in found.items()}


def _is_part(called: Definition, node: Expr) -> bool:
    """Whether a definition is a part of a clause or a rule, which an author never sees by itself."""
    if called.parameters:
        return isinstance(node, Call) and node.bind is None
    return "#" in called.name and not called.name.endswith("#applies")
