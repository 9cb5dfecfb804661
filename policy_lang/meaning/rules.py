"""Rules and tables: cases, exceptions, rows, and what holds when none applies."""

from __future__ import annotations

import datetime
from typing import assert_never

from policy_lang.meaning import problems
from policy_lang.meaning.expressions import codes
from policy_lang.meaning.expressions.comparisons import membership
from policy_lang.meaning.expressions.references import named_list
from policy_lang.meaning.expressions.typed import conjunction, same_type, type_of
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.force import check_window, window_conditions
from policy_lang.meaning.names import Meant, NamedDefinition, Names
from policy_lang.meaning.rows import are_disjoint, missing_words, never_none, nothing_fits, words_of
from policy_lang.meaning.table_cover import Rows
from policy_lang.meaning.written_types import to_type
from policy_lang.program import core
from policy_lang.program.types import Date, HsCode, Type, Unresolved, YesNo, is_ordered
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.text import Span
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited


def qualified(own: Meant, name: str) -> str:
    """A definition's name in the program: unique over all instruments."""
    return f"{own.instrument.name}.{name}"


def declare_signatures(own: Meant, names: Names) -> None:
    """What each rule and table is about and gives, before any of them is looked into."""
    for name, item in own.declared.values.items():
        if not isinstance(item, (tree.Rule, tree.Table)):
            continue
        kind = to_type(item.type, names)
        subject: str | None = None
        if item.record is not None:
            schema = names.look_up("records", item.record, "no record is called")
            if not isinstance(schema, core.RecordSchema):
                own.declared.lost |= {name}
                continue
            subject = schema.name
        own.entries[name] = NamedDefinition(
            qualified(own, name), own.instrument.name, subject, kind, item.name.span
        )


def define_rules(own: Meant, expressions: Expressions) -> None:
    """Lowers every rule and table whose signature is known."""
    for name, item in own.declared.values.items():
        entry = own.entries.get(name)
        if not isinstance(entry, NamedDefinition):
            continue
        local = expressions.within(entry.subject)
        local.owner = entry.qualified
        keys: tuple[core.Expr, ...] = ()
        if isinstance(item, tree.Rule):
            body = _rule(item, entry, own, local)
        elif isinstance(item, tree.Table):
            keys = tuple(local.lower(key) for key in item.keys) or (core.At(span=item.name.span),)
            body = _table(item, entry, keys, local)
        else:
            continue
        own.definitions[entry.qualified] = core.Definition(
            entry.qualified,
            entry.subject,
            entry.type,
            body,
            item.label.text if item.label else name.replace("_", " "),
            cited(item.cites),
            own.instrument.name,
            keys=keys,
            span=item.name.span,
        )


def _rule(item: tree.Rule, entry: NamedDefinition, own: Meant, expressions: Expressions) -> core.Expr:
    names = expressions.names
    body = _choose(item.cases, entry.type, expressions, item.name, own.declared.is_damaged(item))
    return _except(item.exceptions, body, entry.type, expressions, names)


def _choose(
    cases: tuple[tree.Case, ...],
    kind: Type,
    expressions: Expressions,
    rule: tree.Name,
    damaged: bool,
) -> core.Expr:
    names = expressions.names
    lowered: list[core.Case] = []
    defaults: list[tuple[tree.Case, core.Expr]] = []
    for case in cases:
        value = _except(case.exceptions, expressions.value(case.value, kind), kind, expressions, names)
        check_window(case.window, names)
        conditions = window_conditions(case.window)
        if case.when is not None:
            conditions.append(expressions.condition(case.when))
        if not conditions:
            defaults.append((case, value))
        else:
            when = conjunction(conditions, case.span)
            lowered.append(core.Case(when, value, cited(case.cites), span=case.span))
    if len(defaults) > 1:
        first, second = defaults[0][0], defaults[1][0]
        names.say(
            problems.SEVERAL_DEFAULTS.at(
                second.span,
                f"`{rule.text}` has two lines without a condition",
                label="the second",
                related=[(first.span, "the first")],
                help="give one of them a condition with `when`",
            )
        )
    if defaults:
        default_case, default = defaults[0]
        if not lowered and not default_case.cites:
            return default
        return core.Choose(
            "unordered", tuple(lowered), default, kind, cited(default_case.cites), span=default_case.span
        )
    missing = missing_words(lowered)
    if missing is None or missing:
        if not damaged:
            help_text = "add a line `otherwise ...`"
            if missing:
                help_text += f", or a case for {', '.join(f'`{word}`' for word in missing)}"
            names.say(
                problems.NO_DEFAULT.at(
                    rule.span,
                    f"`{rule.text}` does not say what holds when none of its conditions does",
                    label="this rule",
                    help=help_text,
                )
            )
    nothing: core.Expr = core.Absent(
        "error", "no-case", f"no case of {rule.text.replace('_', ' ')} applies", span=rule.span
    )
    if missing == [] and _is_always_given(lowered, names):
        nothing = lowered[-1].value  # some case always holds, so nothing else is still possible (rule C1)
    return core.Choose("unordered", tuple(lowered), nothing, kind, span=rule.span)


def _is_always_given(cases: list[core.Case], names: Names) -> bool:
    """Whether what the cases look at is a fact that cannot be `none`."""
    found = words_of(cases[0].when)
    return found is not None and never_none(found[0], names.record_schema)


def _except(
    exceptions: tuple[tree.Case, ...],
    thing: core.Expr,
    kind: Type,
    expressions: Expressions,
    names: Names,
) -> core.Expr:
    """The exceptions as cases, the thing itself as default (rule C3)."""
    if not exceptions:
        return thing
    lowered: list[core.Case] = []
    for case in exceptions:
        value = _except(case.exceptions, expressions.value(case.value, kind), kind, expressions, names)
        check_window(case.window, names)
        conditions = window_conditions(case.window)
        if case.when is not None:
            conditions.append(expressions.condition(case.when))
        lowered.append(
            core.Case(conjunction(conditions, case.span), value, cited(case.cites), span=case.span)
        )
    return core.Choose("unordered", tuple(lowered), thing, kind, span=exceptions[0].span)


# ------------------------------------------------------------------------------------------ tables


def _table(
    item: tree.Table, entry: NamedDefinition, keys: tuple[core.Expr, ...], expressions: Expressions
) -> core.Expr:
    names = expressions.names
    rows: list[core.Case] = []
    conditions_of: list[list[core.Expr | None]] = []  # of each row, by key; None: any
    default: core.Expr | None = None
    default_row: tree.Row | None = None
    for row in item.rows:
        value = expressions.value(row.value, entry.type)
        if not row.keys:
            if default_row is not None:
                names.say(
                    problems.SEVERAL_DEFAULTS.at(
                        row.span,
                        f"`{item.name.text}` has two rows `otherwise`",
                        label="the second",
                        related=[(default_row.span, "the first")],
                        help="leave one of them out",
                    )
                )
            default, default_row = value, row
            continue
        if len(row.keys) != len(keys):
            names.say(
                problems.BAD_TABLE_KEY.at(
                    row.span,
                    f"this row has {_count(len(row.keys))}, but the table goes by {_count(len(keys))}",
                    label="this row",
                    related=[(item.keys[0].span.to(item.keys[-1].span), "what the table goes by")]
                    if item.keys
                    else [(item.name.span, "without `by`, it goes by the date asked about")],
                    help="separate the keys with commas; `any` fits everything",
                )
            )
            continue
        found = [_key(key, operand, expressions) for key, operand in zip(row.keys, keys, strict=True)]
        conditions = [condition for condition in found if condition is not None]
        conditions_of.append(found)
        rows.append(core.Case(conjunction(conditions, row.span), value, cited(row.cites), span=row.span))
    names.own.tables[item.name.text] = Rows(
        item.name.text,
        keys,
        tuple(key.span.text for key in item.keys) or ("the date asked about",),
        tuple(tuple(found) for found in conditions_of),
        tuple(row.value for row in rows),
        tuple(row.span for row in rows),
        item.ordered,
        default is not None,
        item.name.span,
    )
    if default is None:
        default = nothing_fits(item.name.text, item.name.span, keys, rows, conditions_of, names.record_schema)
    return core.Choose(
        # Rows that can never hold together may as well be read in order: no conflict is possible then.
        "first" if item.ordered or are_disjoint(rows) else "unordered",
        tuple(rows),
        default,
        entry.type,
        cited(default_row.cites) if default_row else (),
        span=item.name.span,
    )


def _count(number: int) -> str:
    return "1 key" if number == 1 else f"{number} keys"


def _key(key: tree.Key, operand: core.Expr, expressions: Expressions) -> core.Expr | None:
    """A key as a condition; None when it fits everything."""
    names = expressions.names
    kind = type_of(operand)
    if isinstance(kind, Unresolved):
        return None
    span = key.span
    match key:
        case tree.KeyAny():
            return None
        case tree.KeyWindow(window=window):
            if not isinstance(kind, Date):
                names.say(_bad_key(key, kind))
                return None
            check_window(window, names)
            conditions: list[core.Expr] = []
            if window.start is not None:
                conditions.append(_compare("ge", operand, window.start.value, key))
            if window.end is not None:
                conditions.append(_compare("le", operand, window.end.value, key))
            return conjunction(conditions, span)
        case tree.KeyGroup(name=name):
            named = named_list(expressions, tree.Ref((name,), span=name.span))
            if named is None:
                return None
            if not same_type(named.type, kind):
                names.say(_bad_key(key, kind))
                return None
            return membership(operand, named, span)
        case tree.KeyRange(bounds=bounds):
            if not is_ordered(kind):
                names.say(_bad_key(key, kind))
                return None
            parts: list[core.Expr] = []
            for bound in bounds:
                limit = expressions.value(bound.value, kind)
                parts.append(core.Compare(_BOUNDS[bound.word], operand, limit, span=bound.span))
            return conjunction(parts, span)
        case tree.KeyWords(options=options):
            if isinstance(kind, HsCode):
                return _among_codes(options, operand, kind, expressions, span)
            values = tuple(expressions.value(option, kind) for option in options)
            if any(isinstance(type_of(value), Unresolved) for value in values):
                return None
            if isinstance(kind, YesNo) and len(values) == 1 and isinstance(values[0], core.Const):
                return operand if values[0].value is True else core.Not(operand, span=span)
            if len(values) == 1:
                return core.Compare("eq", operand, values[0], span=span)
            return core.Member(operand, values, span=span)
    assert_never(key)


def _among_codes(
    options: tuple[tree.Expr, ...], operand: core.Expr, kind: HsCode, expressions: Expressions, span: Span
) -> core.Expr | None:
    """A key of HS codes fits every code that lies in one of them."""
    found: list[core.Const] = []
    for option in options:
        code = expressions.value(option, HsCode(kind.edition, 2))
        if not isinstance(code, core.Const) or isinstance(code.type, Unresolved):
            return None
        if codes.inside(expressions.names, operand, code, span) is None:
            return None
        found.append(code)
    parts = codes.among(operand, tuple(found), None, span)
    return parts[0] if len(parts) == 1 else core.Or(tuple(parts), span=span)


_BOUNDS: dict[tree.BoundWord, core.Comparison] = {
    "more than": "gt",
    "at least": "ge",
    "less than": "lt",
    "at most": "le",
}


def _compare(
    comparison: core.Comparison, operand: core.Expr, date: datetime.date, key: tree.Key
) -> core.Expr:
    return core.Compare(comparison, operand, core.Const(date, Date(), span=key.span), span=key.span)


def _bad_key(key: tree.Key, kind: Type) -> Diagnostic:
    return problems.BAD_TABLE_KEY.at(
        key.span,
        f"this key does not fit {problems.a(kind)}",
        label="this key",
        help="dates are given by `from`, `until` or `in YEAR`, numbers by `at least`, words by themselves",
    )
