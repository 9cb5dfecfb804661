"""Types, records, named lists, assumptions and acts: what the rest of an instrument speaks of."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import assert_never

from policy_lang.meaning import problems
from policy_lang.meaning.events import declare_event
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.names import (
    ActInfo,
    Meant,
    NamedList,
    NamedMember,
    NamedValue,
    Names,
    enumeration,
)
from policy_lang.program import core
from policy_lang.program.hs import EDITIONS, LENGTHS, USUAL, digits_of
from policy_lang.program.types import (
    Country,
    Date,
    DateSpan,
    Enumeration,
    HsCode,
    ListOf,
    Money,
    Number,
    Percent,
    Period,
    Quantity,
    Text,
    Type,
    Unresolved,
    YesNo,
    is_numeric,
    is_ordered,
)
from policy_lang.program.values import precedes
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.text import Span
from policy_lang.syntax import tree

_TYPE_WORDS = tuple("number percent money quantity date period text country".split())
"""The types that are words of the language: a slip in one of them reads like a kind of its own."""


def to_type(node: tree.TypeExpr, names: Names) -> Type:
    """The type that an author wrote; an unknown name is reported and gives something unresolved."""
    match node:
        case tree.TypeYesNo():
            return YesNo()
        case tree.TypeNumber(whole=whole):
            return Number(whole)
        case tree.TypePercent():
            return Percent()
        case tree.TypeMoney(currency=currency):
            return Money(currency)
        case tree.TypeQuantity(unit=unit):
            name = tree.Name(unit, span=node.span)
            return Quantity(unit) if names.unit(name) is not None else Unresolved()
        case tree.TypeHs(edition=edition):
            found_edition = edition or names.edition(node.span)
            if edition is not None and edition not in EDITIONS:
                names.say(
                    problems.BAD_HS_CODE.at(
                        node.span,
                        f"there is no edition `HS {edition}`",
                        label="not an edition",
                        help=f"the editions are those of {', '.join(EDITIONS)}",
                    )
                )
                return Unresolved()
            return HsCode(found_edition) if found_edition is not None else Unresolved()
        case tree.TypePlain(word=word):
            plain: dict[str, Type] = {
                "date": Date(),
                "period": Period(),
                "span": DateSpan(),
                "text": Text(),
                "country": Country(),
            }
            return plain[word]
        case tree.TypeList(record=record):
            found = names.look_up("records", record, "no record is called")
            return ListOf(record.text) if found is not None else Unresolved()
        case tree.TypeNamed(name=name):
            kind = names.look_up("kinds", name, "no kind of thing is called", _TYPE_WORDS)
            return enumeration(kind) if isinstance(kind, tree.Kind) else Unresolved()
        case tree.TypeWords(words=words):
            _say_repeated(words, names)
            return Enumeration(None, tuple(word.text for word in words))
    assert_never(node)


def _say_repeated(words: tuple[tree.Name, ...], names: Names) -> None:
    seen: dict[str, tree.Name] = {}
    for word in words:
        earlier = seen.setdefault(word.text, word)
        if earlier is not word:
            names.say(
                problems.ALREADY_DEFINED.at(
                    word.span,
                    f"`{word.text}` stands twice in this list",
                    label="again",
                    related=[(earlier.span, "first here")],
                    help="leave one of them out",
                )
            )


def declare_records(own: Meant, names: Names) -> None:
    """Kinds first, then records in order, so that fields of any kind and lists of any record resolve."""
    declared = own.declared
    own.kinds.update(declared.kinds)
    for kind in declared.kinds.values():
        _say_repeated(tuple(member.name for member in kind.members), names)
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


# ------------------------------------------------------------------------------------------ values


def declare_values(own: Meant, names: Names) -> None:
    """Lists, assumptions, events, determinations and territories; rules and tables come later."""
    for name, item in own.declared.values.items():
        match item:
            case tree.Means():
                named = _named_list(item, names)
                if named is not None:
                    own.entries[name] = named
                    if named.open:
                        label = f"Does it count as {name.replace('_', ' ')}?"
                        own.case_facts.append(core.CaseFact(name, YesNo(), label, True, span=item.name.span))
                else:
                    own.declared.lost |= {name}
            case tree.Assume():
                _assume(item, own, names)
            case tree.Event():
                declare_event(item, own, names)
            case tree.Determination(type=kind_node, label=label):
                kind = to_type(kind_node, names)
                text = label.text if label else ""
                own.case_facts.append(core.CaseFact(name, kind, text, True, span=item.name.span))
                own.entries[name] = NamedValue(core.Fact(None, name, kind), item.name.span)
            case tree.Rule() | tree.Table():
                pass
    for territory in own.declared.territories:
        sovereign = names.country(territory.sovereign)
        for code in territory.codes:
            own.territories.append((names.country(code), sovereign, territory.included))


def _named_list(item: tree.Means, names: Names) -> NamedList | None:
    expressions = Expressions(names)
    _say_repeated_members(item, names)
    if all(member.name.text.startswith("HS ") for member in item.members):
        return _codes(item, names)
    if all(member.name.text.isupper() for member in item.members):
        kind: Type = Country()
        values = [
            core.Const(names.country(member.name), kind, span=member.name.span) for member in item.members
        ]
    else:
        shared = [
            candidate
            for candidate in names.kinds_with(item.members[0].name.text)
            if all(any(m.name.text == n.name.text for m in candidate.members) for n in item.members)
        ]
        if len(shared) > 1:
            names.say_ambiguous(item.members[0].name, [k.name.text for k in shared])
            return None
        if shared:
            kind = enumeration(shared[0])
        else:
            guess = next(
                (k for m in item.members for k in names.kinds_with(m.name.text)), None
            )  # the kind of the first known word
            if guess is None:
                for member in item.members[:1]:
                    expressions.lower(tree.Ref((member.name,), span=member.name.span))
                return None
            kind = enumeration(guess)
        values = []
        for member in item.members:
            value = expressions.value(tree.Ref((member.name,), span=member.name.span), kind)
            if isinstance(value, core.Const) and value.value is not None:
                values.append(value)
        if len(values) != len(item.members):
            known = {v.span.start for v in values}
            members = [m for m in item.members if m.name.span.start in known]
            return _listed(item, kind, _members(members, values, names))
    return _listed(item, kind, _members(list(item.members), values, names))


def _listed(item: tree.Means, kind: Type, members: tuple[NamedMember, ...]) -> NamedList:
    return NamedList(item.name.text, kind, members, item.open, item.name.span, cites=cited(item.cites))


def _codes(item: tree.Means, names: Names) -> NamedList | None:
    """A list of chapters, headings and subheadings."""
    edition = names.edition(item.members[0].name.span)
    found = [(member, names.hs_code(member.name.text, member.name.span)) for member in item.members]
    if edition is None or any(code is None for _, code in found):
        return None
    values = [
        core.Const(code, HsCode(edition, digits_of(str(code))), span=member.name.span)
        for member, code in found
    ]
    members = _members(list(item.members), values, names)
    return NamedList(
        item.name.text, HsCode(edition, 2), members, item.open, item.name.span, cites=cited(item.cites)
    )


def _members(members: list[tree.Member], values: list[core.Const], names: Names) -> tuple[NamedMember, ...]:
    for member in members:
        check_window(member.window, names)
    return tuple(NamedMember(v, m.window) for m, v in zip(members, values, strict=True))


def _say_repeated_members(item: tree.Means, names: Names) -> None:
    always = tuple(m.name for m in item.members if m.window == tree.Window())
    _say_repeated(always, names)


def check_window(window: tree.Window, names: Names) -> None:
    """Reports a window that ends before it begins."""
    if window.start is not None and window.end is not None and window.start.value > window.end.value:
        names.say(
            problems.BAD_WINDOW.at(
                window.span,
                f"this ends on {window.end.value}, before it begins on {window.start.value}",
                label="no day lies in it",
                help="exchange the two dates",
            )
        )


def _assume(item: tree.Assume, own: Meant, names: Names) -> None:
    is_defined = isinstance(item.value, tree.Ref) and item.value.text in own.declared.values
    value = core.At() if is_defined else Expressions(names).lower(item.value)
    if not isinstance(value, core.Const) or isinstance(value.type, Unresolved):
        if isinstance(value, core.Const):
            own.declared.lost |= {item.name.text}
            return
        names.say(
            problems.WRONG_USE.at(
                item.value.span, "an assumption is a constant", help="write the value itself, such as `yes`"
            )
        )
        own.declared.lost |= {item.name.text}
        return
    own.assumptions.append(
        core.Assumption(
            item.name.text,
            value,
            tuple(core.Reading(r.because.text, cited(r.cites)) for r in item.readings),
            tuple(core.Reading(r.because.text, cited(r.cites)) for r in item.against),
            own.instrument.name,
            span=item.name.span,
        )
    )
    own.entries[item.name.text] = NamedValue(core.Assumed(item.name.text, value.type), item.name.span)


def cited(cites: tuple[tree.Citation, ...]) -> tuple[str, ...]:
    """The texts of some citations."""
    return tuple(c.text for c in cites)


# ------------------------------------------------------------------------------------------ acts


def declare_acts(own: Meant, names: Names) -> None:
    """Acts, with the fields of their record that play their parts."""
    for name, item in own.declared.acts.items():
        schema = names.look_up("records", item.record, "no record is called")
        if not isinstance(schema, core.RecordSchema):
            own.declared.lost |= {name}
            continue
        expressions = Expressions(names, schema.name)
        scope: list[core.Expr] = []
        done: core.Expr | None = None
        roles: dict[str, str] = {}
        for line in item.lines:
            if line.condition is not None:
                condition = expressions.condition(line.condition)
                if line.what == "scope":
                    scope.append(condition)
                else:
                    done = condition
            elif line.field is not None:
                fact = expressions.lower(tree.Ref((line.field,), span=line.field.span))
                wanted = Country() if line.what != "on" else None
                if isinstance(fact, core.Fact) and (wanted is None or fact.type == wanted):
                    roles[line.what] = fact.field
                elif not isinstance(fact, core.Const):
                    names.say(_bad_role(line.field.span, line.what))
        if done is None:
            if not own.declared.is_damaged(item):
                names.say(
                    problems.ACT_INCOMPLETE.at(
                        item.name.span,
                        f"`{name}` does not say when it is done",
                        label="this act",
                        help="add a line `done when ...`",
                    )
                )
            own.declared.lost |= {name}
            continue
        condition_all = None if not scope else (scope[0] if len(scope) == 1 else core.And(tuple(scope)))
        label = item.label.text if item.label else name.replace("_", " ")
        own.acts[name] = ActInfo(name, label, schema.name, condition_all, done, roles)


def _bad_role(span: Span, what: str) -> Diagnostic:
    kind = "a field" if what == "on" else "a field that holds a country"
    return problems.WRONG_USE.at(
        span, f"`{what}` needs {kind}", label="not one", help="name such a field of the act's record"
    )
