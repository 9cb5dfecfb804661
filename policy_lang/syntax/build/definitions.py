"""Builds definitions: lists, territories, assumptions, statuses, units, kinds, acts, events and records."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here, hs_digits, unit_of, words


def means_word(here: Here, children: list[Any]) -> str:
    return words(children)


territory_word = means_word


def member(here: Here, children: list[Any]) -> tree.Member:
    name, window = children
    return tree.Member(here.member_name(name), window, span=here.place(name))


def means(here: Here, children: list[Any]) -> tree.Means:
    name, word, *members = children
    return tree.Means(
        here.name(name),
        tuple(members),
        word.endswith("includes"),
        here.cites(),
        word.startswith("now"),
        span=here.span,
    )


def territory(here: Here, children: list[Any]) -> tree.Territory:
    sovereign, word, *codes = children
    return tree.Territory(
        here.name(sovereign),
        tuple(here.name(c) for c in codes),
        word == "includes",
        here.cites(),
        span=here.span,
    )


def purpose(here: Here, children: list[Any]) -> tree.Purpose:
    return tree.Purpose(here.name(children[0]), here.text(children[1]), span=here.span)


def status(here: Here, children: list[Any]) -> tree.Status:
    name, label, record = children
    return tree.Status(here.name(name), here.text(label), here.name(record), span=here.span)


def unit(here: Here, children: list[Any]) -> tree.Unit:
    name, label, factor, base = children
    return tree.Unit(
        here.name(name),
        here.text(label),
        Decimal(factor) if factor is not None else None,
        tree.Name(unit_of(base), span=here.place(base)) if base is not None else None,
        words=str(base or ""),
        span=here.span,
    )


def kind(here: Here, children: list[Any]) -> tree.Kind:
    name, label, *members = children
    return tree.Kind(here.name(name), here.text(label), tuple(members), here.cites(), span=here.span)


def kind_member(here: Here, children: list[Any]) -> tree.KindMember:
    name, label, *codes = children
    hs = tuple(hs_digits(c) for c in codes if c is not None)
    return tree.KindMember(here.name(name), here.text(label), hs, span=here.place(name))


def event(here: Here, children: list[Any]) -> tree.Event:
    name, by, two_dates, label = children
    return tree.Event(here.name(name), here.text(label), by, bool(two_dates), span=here.span)


def event_by(here: Here, children: list[Any]) -> str:
    return words(children[1:])


def two_dates(here: Here, children: list[Any]) -> bool:
    return True


def determination(here: Here, children: list[Any]) -> tree.Determination:
    name, kind, label = children
    return tree.Determination(
        here.name(name),
        kind or tree.TypeYesNo(),
        here.text(label),
        type_written=kind is not None,
        span=here.span,
    )


def act(here: Here, children: list[Any]) -> tree.Act:
    name, record, label, *lines = children
    return tree.Act(
        here.name(name),
        here.name(record),
        here.text(label),
        tuple(lines),
        here.cites(),
        span=here.span,
    )


def act_scope(here: Here, children: list[Any]) -> tree.ActLine:
    return tree.ActLine("scope", children[0], None, span=here.span)


def act_done(here: Here, children: list[Any]) -> tree.ActLine:
    return tree.ActLine("done", children[0], None, span=here.span)


def act_by(here: Here, children: list[Any]) -> tree.ActLine:
    return tree.ActLine("by", None, here.name(children[0]), span=here.span)


def act_on(here: Here, children: list[Any]) -> tree.ActLine:
    return tree.ActLine("on", None, here.name(children[0]), span=here.span)


def act_exported_to(here: Here, children: list[Any]) -> tree.ActLine:
    return tree.ActLine("exported to", None, here.name(children[0]), span=here.span)


def act_imported_from(here: Here, children: list[Any]) -> tree.ActLine:
    return tree.ActLine("imported from", None, here.name(children[0]), span=here.span)


def assume(here: Here, children: list[Any]) -> tree.Assume:
    name, value, *readings = children
    cited: list[tuple[str, tree.Reading]] = []
    for side, reading in reversed(readings):  # each takes what is cited between it and the next
        cites = here.claim(reading.span.start)
        cited.insert(0, (side, attrs.evolve(reading, cites=cites)))
    return tree.Assume(
        here.name(name),
        value,
        tuple(r for side, r in cited if side == "for"),
        tuple(r for side, r in cited if side == "against"),
        here.cites(),
        span=here.span,
    )


def judged_on(here: Here, children: list[Any]) -> tree.Name:
    return here.name(children[0])


def record(here: Here, children: list[Any]) -> tree.Record:
    name, parent, judged_on, label, *lines = children
    return tree.Record(
        here.name(name),
        here.name(parent) if parent is not None else None,
        judged_on,
        here.text(label),
        tuple(c for c in lines if isinstance(c, tree.Field)),
        tuple(c for c in lines if isinstance(c, tree.Check)),
        here.cites(),
        span=here.span,
    )


def optional(here: Here, children: list[Any]) -> bool:
    return True


def determination_type(here: Here, children: list[Any]) -> tuple[tree.TypeExpr, bool]:
    written = children[0] is not None
    return (children[0] if written else tree.TypeYesNo(span=here.span)), written


def bound_decimals(here: Here, children: list[Any]) -> int:
    return here.whole(children[0])


def field(here: Here, children: list[Any]) -> tree.Field:
    name, optional, kind, *rest, label = children
    determination = isinstance(kind, tuple)
    return tree.Field(
        here.name(name),
        kind[0] if determination else kind,
        here.text(label),
        tuple(c for c in rest if isinstance(c, tree.Bound)),
        next((c for c in rest if isinstance(c, int)), None),
        next((c.count for c in rest if isinstance(c, tree.Digits)), None),
        bool(optional),
        determination,
        here.cites(),
        limits=tuple(rest),
        type_written=kind[1] if determination else True,
        span=here.span,
    )


def check(here: Here, children: list[Any]) -> tree.Check:
    return tree.Check(children[0], span=here.span)
