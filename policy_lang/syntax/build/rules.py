"""Builds rules and tables."""

from __future__ import annotations

import datetime
from typing import Any

from lark import Token

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import NO_SUCH_DATE, Here


def case(here: Here, children: list[Any]) -> tree.Case:
    value, when, window, exceptions = children
    return tree.Case(value, when, window, exceptions or (), cites=here.cites(), span=here.span)


def otherwise(here: Here, children: list[Any]) -> tree.Case:
    value, exceptions = children
    return tree.Case(
        value,
        None,
        exceptions=exceptions or (),
        otherwise=True,
        cites=here.cites(),
        span=here.span,
    )


def exceptions(here: Here, children: list[Any]) -> tuple[tree.Case, ...]:
    return tuple(case for _, case in children)


def exception(here: Here, children: list[Any]) -> tuple[str, tree.Case]:
    return "but", case(here, children)


def inserted(here: Here, children: list[Any]) -> bool:
    return True


def rule(here: Here, children: list[Any]) -> tree.Rule:
    name, inserted, record, kind, label, *lines = children
    return tree.Rule(
        here.name(name),
        here.name(record) if record is not None else None,
        kind,
        here.text(label),
        tuple(c for c in lines if isinstance(c, tree.Case)),
        tuple(c[1] for c in lines if isinstance(c, tuple)),
        here.cites(),
        inserted=inserted is True,
        span=here.span,
    )


def first_row(here: Here, children: list[Any]) -> bool:
    return True


def table(here: Here, children: list[Any]) -> tree.Table:
    name, inserted, record, kind, *rest = children
    keys = tuple(c for c in rest if isinstance(c, tree.Ref | tree.AskedDate))
    rows = tuple(c for c in rest if isinstance(c, tree.Row))
    label = next((c for c in rest if isinstance(c, Token)), None)
    return tree.Table(
        here.name(name),
        here.name(record) if record is not None else None,
        kind,
        keys,
        True in rest,
        here.text(label),
        rows,
        here.cites(),
        inserted=inserted is True,
        span=here.span,
    )


def row(here: Here, children: list[Any]) -> tree.Row:
    return tree.Row(children[0], children[1], here.cites(), span=here.span)


def row_otherwise(here: Here, children: list[Any]) -> tree.Row:
    return tree.Row((), children[0], here.cites(), span=here.span)


def keys(here: Here, children: list[Any]) -> tuple[tree.Key, ...]:
    return tuple(children)


def key_from(here: Here, children: list[Any]) -> tree.KeyWindow:
    span = here.span
    return tree.KeyWindow(here.window(children), span=span)


def key_until(here: Here, children: list[Any]) -> tree.KeyWindow:
    span = here.span
    return tree.KeyWindow(here.window([None, children[0]]), span=span)


def key_year(here: Here, children: list[Any]) -> tree.KeyWindow:
    span = here.span
    year = here.whole(children[0])
    if not 1 <= year <= 9999:
        here.say(
            NO_SUCH_DATE.at(
                span,
                f"there is no year `{children[0]}`",
                label="this year",
                help="years go from 1 to 9999",
            )
        )
        year = 1
    place = here.place(children[0])
    first = tree.DateLit(datetime.date(year, 1, 1), span=place)
    last = tree.DateLit(datetime.date(year, 12, 31), span=place)
    return tree.KeyWindow(tree.Window(first, last, span=span), whole_year=True, span=span)


def key_group(here: Here, children: list[Any]) -> tree.KeyGroup:
    return tree.KeyGroup(here.name(children[0]), span=here.span)


def key_any(here: Here, children: list[Any]) -> tree.KeyAny:
    return tree.KeyAny(span=here.span)


def key_range(here: Here, children: list[Any]) -> tree.KeyRange:
    return tree.KeyRange(tuple(c for c in children if c is not None), span=here.span)


def key_words(here: Here, children: list[Any]) -> tree.KeyWords:
    return tree.KeyWords(tuple(children), span=here.span)


def key_bound(here: Here, children: list[Any]) -> tree.Bound:
    return tree.Bound(children[0], children[1], span=here.span)
