"""What of a program belongs to the policy itself, and what of others it speaks of."""

from __future__ import annotations

from policy_lang.program.core import (
    Assumption,
    CaseFact,
    Definition,
    Expr,
    Fact,
    Outcome,
    Program,
    RecordSchema,
)
from policy_lang.program.phrasing import NamedMembers, Word
from policy_lang.program.schema import every
from policy_lang.program.titles import (
    spaced,
)

MOST_WORDS = 12  # of a kind that are named where a fact is one of them


def is_own(program: Program, thing: NamedMembers | Word | RecordSchema | CaseFact | Assumption) -> bool:
    """Whether the policy itself declares this."""
    return thing.instrument == program.name


def own_definitions(program: Program) -> list[Definition]:
    """Rules and tables of the policy itself, in the order of the file."""
    own = [
        one
        for one in program.definitions
        if one.instrument == program.name and "#" not in one.name and not one.parameters
    ]
    return sorted(own, key=lambda one: one.span.start)


def title_of(program: Program, name: str) -> str:
    """What an instrument is called for short; a vocabulary goes by its name."""
    one = next((i for i in program.instruments if i.name == name), None)
    if one is None or one.kind == "vocabulary":
        return spaced(name)
    return one.short_title or one.title or spaced(name)


def nodes_of(program: Program) -> list[Expr]:
    """Every expression of the policy itself."""
    found: list[Expr] = []
    for one in program.definitions:
        if one.instrument == program.name:
            found.extend(every(one.body))
    for outcome in program.outcomes:
        found.extend(every(outcome.body))
    return found


def shown_records(program: Program) -> list[RecordSchema]:
    """The records of the policy, and those of others that its clauses and rules are about."""
    about = {one.subject for one in program.outcomes} | {one.subject for one in own_definitions(program)}
    shown = [one for one in program.records if "#" not in one.name]  # the others are made for running totals
    return [one for one in shown if one.instrument == program.name or one.name in about]


def events_of(outcome: Outcome) -> set[str]:
    """The facts about the whole case that a duty counts from, or is discharged by."""
    schedule = outcome.schedule
    if schedule is None:
        return set()
    parts = (schedule.anchor, schedule.event, schedule.recurs, schedule.last)
    nodes = [node for part in parts if part is not None for node in every(part)]
    return {node.field for node in nodes if isinstance(node, Fact) and node.record is None}
