"""What an expression of the reference interpreter is evaluated in: the program, the facts, a date, and the records in view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from attrs import frozen

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Program,
    RecordSchema,
)
from policy_lang.program.facts import Facts, Given
from policy_lang.program.types import Date, ListOf, Type, YesNo, is_numeric


@frozen
class Scene:
    """Everything an expression may look at.

    In `records`, None stands for a record nothing is known of, and a dict for a record made by a call.
    """

    program: Program
    facts: Facts
    assume: Mapping[str, Any]
    unmade: bool  # W6: as if no assumption and no determination had been made
    at: Any
    records: Mapping[str, Given | dict[str, Any] | None]


def record_schema(program: Program, name: str) -> RecordSchema:
    return next(r for r in program.records if r.name == name)


def path_of(program: Program, record: str | None, field: str) -> str:
    """`vehicle.chains.steps.country`: the field's place in the schema, without indices."""
    if record is None:
        return field
    schema = record_schema(program, record)
    if schema.parent is None:
        return f"{record}.{field}"
    assert schema.parent_field is not None
    return f"{path_of(program, schema.parent, schema.parent_field)}.{field}"


def type_of(expr: Expr) -> Type | None:
    """The static type; None for `Absent`, which fits anywhere."""
    match expr:
        case Const() | Fact() | Assumed() | Op() | Choose() | Fold() | Call():
            return expr.type
        case At():
            return Date()
        case Compare() | Member() | And() | Or() | Not():
            return YesNo()
        case Absent():
            return None
        case _:
            assert_never(expr)


def is_on_a_line(kind: Type | None) -> bool:
    return kind is not None and (is_numeric(kind) or isinstance(kind, Date))


def at_place(path: str, place: str) -> str:
    return f"{path} of {place}" if place else path


def places(program: Program, facts: Facts) -> dict[int, str]:
    """Where each record stands in lists, counted from 1: `chain 2, step 1`."""
    found: dict[int, str] = {}

    def look_into(record: str, given: Given, place: str) -> None:
        found[id(given)] = place
        for f in record_schema(program, record).fields:
            if isinstance(f.type, ListOf) and f.name in given.values:
                elements: Any = given.values[f.name]
                for n, element in enumerate(elements, 1):
                    one = f"{f.type.record} {n}"
                    look_into(f.type.record, element, f"{place}, {one}" if place else one)

    for name, given in facts.subjects.items():
        look_into(name, given, "")
    return found
