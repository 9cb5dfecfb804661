"""Builds what a scenario expects."""

from __future__ import annotations

from typing import Any

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here


def expected_value(here: Here, children: list[Any]) -> tree.Expected:
    return tree.Expected(None, children[0], span=here.span)


def expected_not(here: Here, children: list[Any]) -> tree.Expected:
    return tree.Expected(f"not {children[0]}", None, span=here.span)


def expected_not_in_force(here: Here, children: list[Any]) -> tree.Expected:
    return tree.Expected("not in force", None, span=here.span)


def expected_not_triggered(here: Here, children: list[Any]) -> tree.Expected:
    return tree.Expected("not yet triggered", None, span=here.span)


def expected_does_not_apply(here: Here, children: list[Any]) -> tree.Expected:
    return tree.Expected("does not apply", None, span=here.span)


def expected_target_passed(here: Here, children: list[Any]) -> tree.Expected:
    return tree.Expected("target date passed; no breach", None, span=here.span)


def expected_later(here: Here, children: list[Any]) -> tree.Expected:
    return tree.Expected("?", None, span=here.span)


def detail_needs(here: Here, children: list[Any]) -> tree.DetailNeeds:
    return tree.DetailNeeds(children[0], span=here.span)


def detail_assumes(here: Here, children: list[Any]) -> tree.DetailAssumes:
    return tree.DetailAssumes(here.name(children[0]), span=here.span)


def detail_due(here: Here, children: list[Any]) -> tree.DetailDue:
    return tree.DetailDue(here.date(children[0]), span=here.span)


def detail_cites(here: Here, children: list[Any]) -> tree.DetailCites:
    return tree.DetailCites(here.quoted(children[0]), span=here.span)


def detail_on_time(here: Here, children: list[Any]) -> tree.DetailTime:
    return tree.DetailTime(True, span=here.span)


def detail_late(here: Here, children: list[Any]) -> tree.DetailTime:
    return tree.DetailTime(False, span=here.span)


def expect(here: Here, children: list[Any]) -> tree.Expect:
    name, expected, *details = children
    return tree.Expect(here.name(name), expected, tuple(details), span=here.span)


def expect_property(here: Here, children: list[Any]) -> tree.ExpectProperty:
    label, other = children
    return tree.ExpectProperty(
        here.quoted(label),
        here.name(other) if other is not None else None,
        span=here.span,
    )


def expect_bad_facts(here: Here, children: list[Any]) -> tree.ExpectBadFacts:
    code = here.name(children[0]) if children[0] is not None else None
    return tree.ExpectBadFacts(code, span=here.span)


def item_word(here: Here, children: list[Any]) -> str:
    return str(children[0])


def detail_because(here: Here, children: list[Any]) -> tree.DetailBecause:
    return tree.DetailBecause(children[0], children[1], span=here.span)


def detail_assuming(here: Here, children: list[Any]) -> tree.DetailAssuming:
    return tree.DetailAssuming(here.name(children[0]), children[1], span=here.span)


def detail_between(here: Here, children: list[Any]) -> tree.DetailBetween:
    return tree.DetailBetween(tuple(children), span=here.span)
