"""The goods that a clause is about, as a condition on the field of a record that holds them."""

from __future__ import annotations

from policy_lang.meaning import problems
from policy_lang.meaning.clauses.setting import Setting
from policy_lang.meaning.expressions.comparisons import membership
from policy_lang.meaning.expressions.references import named_list
from policy_lang.meaning.expressions.typed import NO, YES, conjunction, type_of
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.program import core
from policy_lang.program.types import Enumeration, Type, Unresolved
from policy_lang.source.text import Span
from policy_lang.syntax import tree


def goods_test(here: Setting, goods: tree.Goods | None, schema: core.RecordSchema) -> core.Expr | None:
    """Whether the record's good is among the goods named; None when all goods are meant."""
    if goods is None or goods.refs is None:
        return None
    expressions = here.expressions.within(schema.name)
    parts: list[core.Expr] = []
    for ref in goods.refs:
        part = _good(here, ref, schema, expressions)
        if part is not None:
            parts.append(part)
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else core.Or(tuple(parts), span=goods.span)


def _good(
    here: Setting, ref: tree.Ref, schema: core.RecordSchema, expressions: Expressions
) -> core.Expr | None:
    entries = here.names.entry(ref.parts[-1].text)
    if entries or len(ref.parts) > 1:
        named = named_list(expressions, ref)
        if named is None:
            return None
        fact = field_of(here, schema, named.type, ref.span)
        return membership(fact, named, ref.span) if fact is not None else None
    word = Expressions(here.names).lower(ref)
    kind = type_of(word)
    if isinstance(kind, Unresolved):
        return None
    fact = field_of(here, schema, kind, ref.span)
    return core.Compare("eq", fact, word, span=ref.span) if fact is not None else None


def field_of(here: Setting, schema: core.RecordSchema, kind: Type, span: Span) -> core.Fact | None:
    """The one field of a record that holds this type."""
    fields = [f for f in schema.fields if f.type == kind]
    if len(fields) == 1:
        return core.Fact(schema.name, fields[0].name, kind, span=span)
    what = kind.name if isinstance(kind, Enumeration) else "country"
    here.names.say(
        problems.WRONG_USE.at(
            span,
            f"`{schema.name}` has {'no field that holds' if not fields else 'several fields that hold'} a `{what}`",
            label="which field is meant?",
            related=[(schema.span, "the record")],
            help="say it with `when` instead",
        )
    )
    return None


def goods_words(goods: tree.Goods | None) -> tuple[str, ...]:
    """The goods named in a sentence, as written."""
    return tuple(ref.parts[-1].text for ref in goods.refs or ()) if goods is not None else ()


def goods_field(goods: core.Expr | None) -> str | None:
    """The field that a test of goods looks at."""
    match goods:
        case core.Member(operand=core.Fact(field=name)) | core.Compare(left=core.Fact(field=name)):
            return name
        case core.Or(operands=parts) | core.And(operands=parts):
            return next((found for found in map(goods_field, parts) if found is not None), None)
        case _:
            return None


def some_good_of(goods: core.Expr) -> core.Expr:
    """Whether any good at all passes a test of goods, on the date asked about (rule F1).

    What is left of the test are the days of membership, and what the facts say of an open list.
    """
    match goods:
        case core.Member(options=options):
            return YES if options else NO
        case core.Compare(left=core.Fact(record=str())):
            return YES
        case core.And(operands=parts):
            needed = [one for one in map(some_good_of, parts) if one != YES]
            return NO if NO in needed else conjunction(needed, goods.span)
        case core.Or(operands=parts):
            ways = [one for one in map(some_good_of, parts) if one != NO]
            if YES in ways:
                return YES
            return core.Or(tuple(ways), span=goods.span) if len(ways) != 1 else ways[0]
        case _:
            return goods
