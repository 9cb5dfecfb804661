"""Statements that read one record straight from its mapping, and leave for anything unusual."""

from __future__ import annotations

from policy_lang.backends.evaluate.literals import Constants
from policy_lang.program.core import FieldSchema, Program
from policy_lang.program.countries import COUNTRIES
from policy_lang.program.schema import Schema, territory_pairs
from policy_lang.program.types import (
    Country,
    Date,
    Enumeration,
    HsCode,
    ListOf,
    Money,
    Number,
    Percent,
    Quantity,
    Text,
    YesNo,
)


def parsing(
    program: Program, schema: Schema, record: str, prefix: str, constants: Constants, functions: list[str]
) -> tuple[list[str], list[str]]:
    """The statements that read the mapping `d`, and the variables that hold its fields in order.

    Functions that read the records of lists are added to `functions`.
    """
    fields = schema.records[record].fields
    variables = [f"{prefix}{n}" for n in range(len(fields))]
    lines = [f"if type(d) is not dict or len(d) != {len(fields)}: fall()"]
    for field, variable in zip(fields, variables, strict=True):
        raw = f"d[{constants.of(field.name)}]"
        lines.extend(_reading(program, schema, field, variable, raw, constants, functions))
    return lines, variables


def _reading(
    program: Program,
    schema: Schema,
    field: FieldSchema,
    v: str,
    raw: str,
    constants: Constants,
    functions: list[str],
) -> list[str]:
    match field.type:
        case Country():
            territories = frozenset(territory for territory, _ in territory_pairs(program))
            codes = constants.of(tuple(sorted(set(COUNTRIES) - territories)))
            return [f"{v} = {constants.name(f'dict([(code, code) for code in {codes}])')}[{raw}]"]
        case Enumeration(members=members):
            words = constants.of(tuple(members))
            return [f"{v} = {constants.name(f'dict([(word, word) for word in {words}])')}[{raw}]"]
        case YesNo():
            return [
                f"{v} = {raw}",
                f"if {v} is not True and {v} is not False: {v} = YES_NO[{v}] if type({v}) is str else fall()",
            ]
        case Text():
            return [f"{v} = {raw}", f"if type({v}) is not str or not {v}.isascii(): fall()", *_none(field, v)]
        case HsCode(digits=digits):
            return [f"{v} = hs_code({raw}, {digits:d})"]
        case Date():
            return [f"{v} = day({raw})", *_within(field, v, constants)]
        case Number() | Percent() | Money() | Quantity():
            return [
                f"{v} = {raw}",
                f"if type({v}) is int: {v} = Decimal({v}) if -LIMIT < {v} < LIMIT else fall()",
                f"else: {v} = amount({v}, {constants.of(_unit(field))})",
                *([f"if {v} != {v}.to_integral_value(): fall()"] if field.type == Number(True) else []),
                *_within(field, v, constants),
            ]
        case ListOf(record=record):
            name = f"p{v}"
            lines, variables = parsing(program, schema, record, f"{v}_", constants, functions)
            functions.append(f"def {name}(d):")
            functions.extend("    " + line for line in lines)
            functions.append(f"    return ({''.join(one + ', ' for one in variables)})")
            return [
                f"{v} = {raw}",
                f"if type({v}) is not list: fall()",
                f"{v} = tuple([{name}(e) for e in {v}])",
            ]
        case _:
            return ["fall()", f"{v} = None"]


def _unit(field: FieldSchema) -> str:
    match field.type:
        case Money(currency=unit) | Quantity(unit=unit):
            return unit
        case Percent():
            return "%"
        case _:
            return ""


def _none(field: FieldSchema, v: str) -> list[str]:
    """Text alone could pass for the `none` of an optional field."""
    return [f"if {v} == 'none': fall()"] if field.optional else []


def _within(field: FieldSchema, v: str, constants: Constants) -> list[str]:
    bounds = field.bounds
    tests: list[str] = []
    if bounds.lower is not None:
        tests.append(f"{v} {'<=' if bounds.lower_open else '<'} {constants.of(bounds.lower)}")
    if bounds.upper is not None:
        tests.append(f"{v} {'>=' if bounds.upper_open else '>'} {constants.of(bounds.upper)}")
    if bounds.decimals is not None and not isinstance(field.type, Date):
        tests.append(f"{v}.as_tuple()[2] < {-bounds.decimals}")
    if bounds.digits is not None:
        tests.append("True")  # the general variant counts them
    return [f"if {' or '.join(tests)}: fall()"] if tests else []
