"""Records, with their fields, their limits, and the lists that hold them."""

from __future__ import annotations

import datetime
from decimal import Decimal

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.names import (
    Meant,
    Names,
)
from policy_lang.meaning.written_types import say_repeated, to_type
from policy_lang.program import core
from policy_lang.program.hs import LENGTHS, USUAL
from policy_lang.program.types import (
    Date,
    HsCode,
    Type,
    Unresolved,
    is_numeric,
    is_ordered,
)
from policy_lang.program.values import precedes
from policy_lang.syntax import tree


def declare_records(own: Meant, names: Names) -> None:
    """Kinds first, then records in order, so that fields of any kind and lists of any record resolve."""
    declared = own.declared
    own.kinds.update(declared.kinds)
    for kind in declared.kinds.values():
        say_repeated(tuple(member.name for member in kind.members), names)
    for name, record in declared.records.items():
        own.records[name] = core.RecordSchema(name, (), span=record.name.span)  # a place for lists to find
    for name, record in declared.records.items():
        own.records[name] = _record(record, own, names)
    for record in declared.records.values():
        _check_parent(record, own, names)
    for name, record in declared.records.items():
        expressions = Expressions(names, name)
        checks = tuple(
            (expressions.condition(check.condition), check.condition.span.text) for check in record.checks
        )
        if checks:
            schema = own.records[name]
            own.records[name] = core.RecordSchema(
                schema.name,
                schema.fields,
                schema.label,
                schema.parent,
                schema.parent_field,
                schema.judged_on,
                checks,
                span=schema.span,
            )


def _record(record: tree.Record, own: Meant, names: Names) -> core.RecordSchema:
    fields: list[core.FieldSchema] = []
    seen: dict[str, tree.Name] = {}
    for item in record.fields:
        earlier = seen.setdefault(item.name.text, item.name)
        if earlier is not item.name:
            names.say(
                problems.ALREADY_DEFINED.at(
                    item.name.span,
                    f"`{item.name.text}` is a field of `{record.name.text}` twice",
                    label="again",
                    related=[(earlier.span, "first here")],
                    help="give one of them another name",
                )
            )
            continue
        kind = to_type(item.type, names)
        if isinstance(kind, HsCode) and item.digits is not None:
            kind = _with_digits(item, kind, names)
        fields.append(
            core.FieldSchema(
                item.name.text,
                kind,
                item.label.text if item.label else "",
                _bounds(item, kind, names),
                item.optional,
                item.determination,
                span=item.name.span,
            )
        )
    judged_on = None
    if record.judged_on is not None:
        judged_on = _judged_on(record, fields, own, names)
    parent = parent_field = None
    if record.parent is not None:
        parent, parent_field = _parent(record, own)
    return core.RecordSchema(
        record.name.text,
        tuple(fields),
        record.label.text if record.label else "",
        parent,
        parent_field,
        judged_on,
        span=record.name.span,
    )


def _with_digits(item: tree.Field, kind: HsCode, names: Names) -> HsCode:
    assert item.digits is not None
    if item.digits in LENGTHS and item.digits >= USUAL:
        return HsCode(kind.edition, item.digits)
    names.say(
        problems.BAD_BOUND.at(
            item.type.span,
            f"no HS code of goods has {item.digits} digits",
            label="this code",
            help="write `with 6 digits`, `with 8 digits` or `with 10 digits`",
        )
    )
    return kind


def _judged_on(record: tree.Record, fields: list[core.FieldSchema], own: Meant, names: Names) -> str | None:
    assert record.judged_on is not None
    found = next((f for f in fields if f.name == record.judged_on.text), None)
    if found is None:
        if not own.declared.is_damaged(record):
            names.say(
                problems.unknown(
                    problems.UNKNOWN_FIELD,
                    record.judged_on.span,
                    record.judged_on.text,
                    [f.name for f in fields],
                    what=f"`{record.name.text}` has no field",
                )
            )
        return None
    if not isinstance(found.type, (Date, Unresolved)):
        names.say(problems.wrong_type(record.judged_on.span, Date(), found.type))
        return None
    return found.name


def _parent(record: tree.Record, own: Meant) -> tuple[str | None, str | None]:
    assert record.parent is not None
    parent = own.declared.records.get(record.parent.text)
    if parent is None or parent is record:
        return None, None
    for item in parent.fields:
        if isinstance(item.type, tree.TypeList) and item.type.record.text == record.name.text:
            return parent.name.text, item.name.text
    return None, None


def _check_parent(record: tree.Record, own: Meant, names: Names) -> None:
    """A record says which record it lies in, and that one has exactly one list of it, without circles."""
    lists = [
        (other, item)
        for other in own.declared.records.values()
        for item in other.fields
        if isinstance(item.type, tree.TypeList) and item.type.record.text == record.name.text
    ]
    if record.parent is None:
        if lists:
            other, item = lists[0]
            names.say(
                problems.BAD_RECORD.at(
                    record.name.span,
                    f"`{record.name.text}` lies in the list `{item.name.text}`, but does not say so",
                    label="declared here",
                    related=[(item.name.span, "the list")],
                    help=f"write `record {record.name.text} in {other.name.text}`",
                )
            )
        return
    if record.parent.text not in own.declared.records:
        if not names.is_excused(record.parent.text):
            names.say(
                problems.unknown(
                    problems.UNKNOWN_NAME,
                    record.parent.span,
                    record.parent.text,
                    own.declared.records,
                    what="this file has no record called",
                )
            )
        return
    seen = {record.name.text: record}
    step: tree.Record | None = own.declared.records[record.parent.text]
    while step is not None:
        if step.name.text in seen:
            first = min(seen.values(), key=lambda r: r.span.start)
            if step is record and first is record:  # a circle is reported once, where it is first seen
                names.say(
                    problems.BAD_RECORD.at(
                        record.parent.span,
                        f"`{record.name.text}` would lie in itself",
                        label="goes round in a circle",
                        help="a record lies in a record above it",
                    )
                )
            schema = own.records[record.name.text]
            own.records[record.name.text] = core.RecordSchema(
                schema.name, schema.fields, schema.label, span=schema.span
            )
            return
        seen[step.name.text] = step
        step = own.declared.records.get(step.parent.text) if step.parent is not None else None
    mine = [pair for pair in lists if pair[0].name.text == record.parent.text]
    if len(lists) != 1 or len(mine) != 1:
        parent = own.declared.records[record.parent.text]
        if own.declared.is_damaged(parent):
            return
        problem = "has no list of it" if not mine else "is not the only one to list it, or lists it twice"
        names.say(
            problems.BAD_RECORD.at(
                record.parent.span,
                f"`{record.name.text}` lies in `{record.parent.text}`, but that {problem}",
                label="this record",
                related=[(item.name.span, "a list of it") for _, item in lists][:2],
                help=f"give `{record.parent.text}` one field of type `list of {record.name.text}`",
            )
        )


def _bounds(item: tree.Field, kind: Type, names: Names) -> core.Bounds:
    lower: Decimal | datetime.date | None = None
    upper: Decimal | datetime.date | None = None
    lower_open = upper_open = False
    expressions = Expressions(names)
    for limit, fitting in ((item.decimals, is_numeric(kind)), (item.digits, _has_digits(kind))):
        if limit is not None and not fitting and not isinstance(kind, Unresolved):
            names.say(
                problems.BAD_BOUND.at(
                    item.name.span,
                    f"{problems.a(kind)} has no {'decimals' if limit is item.decimals else 'digits'} to limit",
                    label="this field",
                    help="limits of digits are for numbers, amounts and HS codes",
                )
            )
    for bound in item.bounds:
        if not is_ordered(kind):
            if not isinstance(kind, Unresolved):
                names.say(
                    problems.BAD_BOUND.at(
                        bound.span,
                        f"{problems.a(kind)} has no limits",
                        label="this limit",
                        help="limits are for numbers, amounts and dates",
                    )
                )
            continue
        if isinstance(bound.value, tree.Ref):
            names.say(
                problems.BAD_BOUND.at(
                    bound.value.span,
                    "the limit of a field is a constant",
                    label="not a constant",
                    help="compare two fields of a record in a line of their own: `check ... is at least ...`",
                )
            )
            continue
        constant = expressions.constant(bound.value, kind)
        if constant is None or not isinstance(constant.value, (Decimal, datetime.date)):
            continue
        match bound.word:
            case "at least" | "more than":
                lower, lower_open = constant.value, bound.word == "more than"
            case "at most" | "less than":
                upper, upper_open = constant.value, bound.word == "less than"
    if (
        lower is not None
        and upper is not None
        and (precedes(upper, lower) or (lower == upper and (lower_open or upper_open)))
    ):
        names.say(
            problems.BAD_BOUND.at(
                item.bounds[0].span.to(item.bounds[-1].span),
                "no value lies within these limits",
                label="these limits",
                help="write the lower limit first",
            )
        )
        return core.Bounds()
    digits = item.digits if is_numeric(kind) else None
    return core.Bounds(lower, lower_open, upper, upper_open, item.decimals, digits)


def _has_digits(kind: Type) -> bool:
    return is_numeric(kind) or isinstance(kind, HsCode)
