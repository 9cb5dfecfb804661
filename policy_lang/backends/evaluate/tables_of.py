"""The tables of a program, made once beside its code."""

from __future__ import annotations

from attrs import evolve

from policy_lang.backends.evaluate.complete import covered_outcomes
from policy_lang.backends.evaluate.tables import AssumptionRow, Check, OutcomeRow, Tables
from policy_lang.program.core import (
    Absent,
    Call,
    Definition,
    Expr,
    Fact,
    Fold,
    Outcome,
    Program,
    RecordSchema,
    Schedule,
)
from policy_lang.program.schema import (
    Schema,
    declared_paths,
    every,
    territory_pairs,
)
from policy_lang.program.types import Type, describe
from policy_lang.source.text import NOWHERE


def tables_of(program: Program) -> Tables:
    """The tables of a program."""
    schema = Schema(program)
    determinations = {
        f"{schema.path(record.name)}.{field.name}"
        for record in program.records
        for field in record.fields
        if field.determination
    }
    determinations.update(fact.name for fact in program.case_facts if fact.determination)
    return Tables(
        name=program.name,
        instruments=tuple(instrument.name for instrument in program.instruments),
        verified=program.instruments[0].verified if program.instruments else None,
        last_verified=tuple(
            (one.name, one.verified) for one in program.instruments if one.verified is not None
        ),
        amendments=tuple(
            (one.name, one.start) for instrument in program.instruments for one in instrument.amendments
        ),
        records=tuple(_bare_record(record) for record in program.records),
        case_facts=tuple(evolve(fact, span=NOWHERE) for fact in program.case_facts),
        checks=tuple(
            tuple(Check(sentence, _facts_of(test)) for test, sentence in record.checks)
            for record in program.records
        ),
        outcomes=tuple(_row(schema, outcome) for outcome in program.outcomes),
        assumptions=tuple(AssumptionRow(a.name, a.value.type, a.value.value) for a in program.assumptions),
        paths=declared_paths(program),
        determinations=frozenset(determinations),
        territories=tuple(territory_pairs(program).items()),
        covered=covered_outcomes(program),
        depth=_depth(program),
    )


def _facts_of(test: Expr) -> tuple[tuple[str, str, Type], ...]:
    """The facts of records that a check looks at itself, each once, in its order."""
    facts = [one for one in every(test) if isinstance(one, Fact)]
    facts.sort(key=lambda one: one.span.start)
    found = [(one.record, one.field, one.type) for one in facts if one.record is not None]
    return tuple(dict.fromkeys(found))


def _bare_record(record: RecordSchema) -> RecordSchema:
    fields = tuple(evolve(field, span=NOWHERE) for field in record.fields)
    return evolve(record, fields=fields, checks=(), span=NOWHERE)


def _row(schema: Schema, outcome: Outcome) -> OutcomeRow:
    return OutcomeRow(
        name=outcome.name,
        family=outcome.family,
        subject=outcome.subject,
        scope=schema.scope(outcome.subject),
        type=describe(outcome.type) if outcome.type is not None else None,
        force=outcome.force,
        label=outcome.label,
        cites=outcome.cites,
        instrument=outcome.instrument,
        judged_on=outcome.judged_on,
        defences=tuple((defence.name, defence.label) for defence in outcome.defences),
        schedule=None if outcome.schedule is None else _bare_schedule(outcome.schedule),
        wordings=outcome.wordings,
    )


def _bare_schedule(schedule: Schedule) -> Schedule:
    """The schedule without its expressions; it is still seen whether anything discharges it."""
    elsewhere = Absent("error", "elsewhere", "worked out by the generated code")
    event = None if schedule.event is None else elsewhere
    earlier = tuple(
        evolve(one, schedule=_bare_schedule(one.schedule) if one.schedule is not None else None)
        for one in schedule.earlier
    )
    return evolve(schedule, anchor=elsewhere, recurs=None, event=event, last=None, earlier=earlier)


def _depth(program: Program) -> int:
    """How many functions can be under way at once; three for each level, as a fold makes two more."""
    depths: dict[str, int] = {}
    for definition in program.definitions:
        depths[definition.name] = 3 + _deepest(definition, depths)
    return max(depths.values(), default=0) + 3 * len(program.records) + 10


def _deepest(definition: Definition, depths: dict[str, int]) -> int:
    calls = [e for e in every(definition.body) if isinstance(e, Call)]
    folds = sum(isinstance(e, Fold) for e in every(definition.body))
    return max((depths.get(call.definition, 0) for call in calls), default=0) + 2 * min(folds, 64)
