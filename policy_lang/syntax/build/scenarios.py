"""Builds scenarios, and the dates they ask about."""

from __future__ import annotations

from typing import Any, cast

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here
from policy_lang.syntax.syntax_errors import UNEXPECTED


def scenario(here: Here, children: list[Any]) -> tree.Scenario:
    label = here.quoted(children[0])
    return tree.Scenario(label, tuple(children[1:]), span=here.span)


def as_of(here: Here, children: list[Any]) -> tree.AsOf:
    return tree.AsOf(tuple(here.date(day) for day in children), span=here.span)


def each_unit(here: Here, children: list[Any]) -> tree.EachUnit:
    word = str(children[0])
    if word.endswith("s"):
        here.say(
            UNEXPECTED.at(
                here.place(children[0]),
                f"`each` stands before one {word[:-1]}, not before `{word}`",
                label="here",
                help=f"write `each {word[:-1]}`",
            )
        )
    return cast(tree.EachUnit, word.removesuffix("s"))


def each_period(here: Here, children: list[Any]) -> tree.PeriodLit:
    return cast(tree.PeriodLit, children[0])


def as_of_each(here: Here, children: list[Any]) -> tree.AsOfEach:
    step, first, last = children
    return tree.AsOfEach(step, here.date(first), here.date(last), span=here.span)


def with_facts(here: Here, children: list[Any]) -> tree.WithFacts:
    return tree.WithFacts(here.name(children[0]), span=here.span)


def scenario_assume(here: Here, children: list[Any]) -> tree.ScenarioAssume:
    return tree.ScenarioAssume(here.name(children[0]), children[1], span=here.span)
