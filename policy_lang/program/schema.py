"""Where records and fields stand: paths, scopes, and what is known of a fact that is not given."""

from __future__ import annotations

import datetime

from policy_lang.program.core import (
    And,
    At,
    Bounds,
    Call,
    Choose,
    Compare,
    Const,
    Expr,
    Fact,
    FieldSchema,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Program,
    RecordSchema,
)
from policy_lang.program.countries import DEPENDENT
from policy_lang.program.types import Country, Date, ListOf, Type, YesNo, is_numeric
from policy_lang.program.values import ANY, Interval, Value, unknown

_DATES = Interval(datetime.date.min, False, datetime.date.max, False)


class Schema:
    """The records of a program, with the way to each."""

    def __init__(self, program: Program) -> None:
        self.records: dict[str, RecordSchema] = {record.name: record for record in program.records}
        self.case_facts = {fact.name: fact for fact in program.case_facts}
        self._fields = {
            (record.name, field.name): field for record in program.records for field in record.fields
        }

    def scope(self, record: str | None) -> tuple[str, ...]:
        """The records in scope where this one is the subject: its ancestors from the root, then itself."""
        chain: list[str] = []
        while record is not None and record not in chain:
            chain.append(record)
            schema = self.records.get(record)
            record = schema.parent if schema is not None else None
        return tuple(reversed(chain))

    def path(self, record: str) -> str:
        """The schema path of a record: `vehicle.chains.steps` for a step."""
        names = []
        for name in self.scope(record):
            schema = self.records.get(name)
            at_root = schema is None or schema.parent is None
            names.append(name if at_root or schema is None else str(schema.parent_field))
        return ".".join(names)

    def field(self, record: str, field: str) -> FieldSchema | None:
        """The field of that record."""
        return self._fields.get((record, field))

    def gap(self, fact: Fact) -> Value:
        """What stands for a fact that is not given: something unknown, or what is presumed."""
        if fact.record is None:
            declared = self.case_facts.get(fact.field)
            if declared is not None and declared.presumed is not None:
                return declared.presumed
        path, interval = self.unknown_fact(fact)
        return unknown((path,), interval)

    def unknown_fact(self, fact: Fact) -> tuple[str, Interval | None]:
        """What a fact that is not given needs, and where it lies."""
        if fact.record is None:
            return fact.field, default_interval(fact.type, Bounds())
        path = f"{self.path(fact.record)}.{fact.field}"
        field = self.field(fact.record, fact.field)
        if field is None:
            return path, default_interval(fact.type, Bounds())
        return path, None if field.optional else default_interval(field.type, field.bounds)


def default_interval(kind: Type, bounds: Bounds) -> Interval:
    """Where an unknown fact of this type lies within its bounds."""
    if not isinstance(kind, Date) and not is_numeric(kind):
        return ANY
    whole = _DATES if isinstance(kind, Date) else ANY
    lower, upper = bounds.lower, bounds.upper
    return Interval(
        whole.lower if lower is None else lower,
        whole.lower_open if lower is None else bounds.lower_open,
        whole.upper if upper is None else upper,
        whole.upper_open if upper is None else bounds.upper_open,
    )


def declared_paths(program: Program) -> tuple[str, ...]:
    """Every question the facts can answer, in the order of declaration; then the assumptions."""
    schema = Schema(program)
    paths: list[str] = []
    stack: list[tuple[str, FieldSchema | None, str]] = [
        (record.name, None, record.name) for record in reversed(program.records) if record.parent is None
    ]
    seen = 0
    while stack and seen < 100_000:
        seen += 1
        path, field, record = stack.pop()
        if field is not None:
            paths.append(path)
            if not isinstance(field.type, ListOf):
                continue
        below = schema.records.get(record)
        if below is not None and record not in schema.scope(below.parent):
            for one in reversed(below.fields):
                inner = one.type.record if isinstance(one.type, ListOf) else record
                stack.append((f"{path}.{one.name}", one, inner))
    paths.extend(fact.name for fact in program.case_facts)
    paths.extend(assumption.name for assumption in program.assumptions)
    return tuple(dict.fromkeys(paths))


def territory_pairs(program: Program) -> dict[tuple[str, str], bool | None]:
    """Every territory with its sovereign, and whether the policy counts it in; None: it does not say."""
    pairs: dict[tuple[str, str], bool | None] = dict.fromkeys(DEPENDENT.items())
    for territory, sovereign, included in program.territories:
        pairs[territory, sovereign] = included
    return pairs


def type_of(expr: Expr) -> Type | None:
    """The type of an expression; None for one that never has a value."""
    if isinstance(expr, At):
        return Date()
    if isinstance(expr, (Compare, Member, And, Or, Not)):
        return YesNo()
    return getattr(expr, "type", None)


def children(expr: Expr) -> tuple[Expr, ...]:
    """The expressions that are evaluated for this one, in the same scope and on the same date, in order.

    Not those under a fold, nor the definition that is called.
    """
    match expr:
        case Op(operands=operands) | And(operands=operands) | Or(operands=operands):
            return operands
        case Compare(left=left, right=right):
            return (left, right)
        case Member(operand=operand, options=options):
            return (operand, *options)
        case Not(operand=operand):
            return (operand,)
        case Choose(cases=cases, default=default):
            return (*(case.when for case in cases), *(case.value for case in cases), default)
        case Fold():
            return (expr.list,)
        case Call(bind=bind, at=at):
            bound = tuple(value for _, value in bind.fields) if bind is not None else ()
            return (*bound, at) if at is not None else bound
        case _:
            return ()


def below(expr: Expr) -> tuple[Expr, ...]:
    """All expressions directly inside this one, those under a fold too."""
    if isinstance(expr, Fold):
        return tuple(part for part in (expr.list, expr.where, expr.body) if part is not None)
    return children(expr)


def every(expr: Expr) -> list[Expr]:
    """This expression and all inside it, each once."""
    found: dict[int, Expr] = {}
    stack = [expr]
    while stack:
        one = stack.pop()
        if id(one) not in found:
            found[id(one)] = one
            stack.extend(below(one))
    return list(found.values())


def is_country(expr: Expr) -> bool:
    """Whether equality on this operand must know dependent territories."""
    return isinstance(type_of(expr), Country)


def words(expr: Expr) -> str:
    """How the author wrote an expression, for a message; a name where the text is not at hand."""
    text = " ".join(expr.span.text.split())
    if text and len(text) <= 80:
        return text
    match expr:
        case Fact(record=record, field=field):
            return f"{record}.{field}" if record is not None else field
        case Call(definition=definition):
            return definition
        case Const():
            return "the given value"
        case _:
            return "the whole"
