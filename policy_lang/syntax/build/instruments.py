"""Builds the head of a file: what instrument it is, and the lines of its header."""

from __future__ import annotations

from typing import Any, cast

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here, hs_digits, words


def instrument_kind(here: Here, children: list[Any]) -> str:
    return str(children[0])


def instrument(here: Here, children: list[Any]) -> tree.Instrument:
    kind, name, *lines = children
    return tree.Instrument(kind, here.name(name), tuple(c for c in lines if c is not None), span=here.span)


amendment_kind = instrument_kind


def amendment(here: Here, children: list[Any]) -> tree.Instrument:
    kind, name, target, *lines = children
    return tree.Instrument(
        kind,
        here.name(name),
        tuple(c for c in lines if c is not None),
        target=here.name(target),
        span=here.span,
    )


def applies_from(here: Here, children: list[Any]) -> tree.AppliesFrom:
    return tree.AppliesFrom(here.date(children[0]), span=here.span)


def draft(here: Here, children: list[Any]) -> tree.Draft:
    return tree.Draft(span=here.span)


def title(here: Here, children: list[Any]) -> tree.HeaderText:
    language, text = children
    name = here.name(language) if language is not None else None
    return tree.HeaderText("title", here.quoted(text), name, span=here.span)


def short_title(here: Here, children: list[Any]) -> tree.HeaderText:
    return tree.HeaderText("short title", here.quoted(children[0]), span=here.span)


def source(here: Here, children: list[Any]) -> tree.HeaderText:
    return tree.HeaderText("source", here.quoted(children[0]), span=here.span)


def party(here: Here, children: list[Any]) -> tuple[tree.Name, tree.Text | None]:
    return here.name(children[0]), here.text(children[1])


def parties(here: Here, children: list[Any]) -> tree.Parties:
    span = here.span
    word = "participants" if span.text.startswith("participants") else "parties"
    return tree.Parties(tuple(children), cast(Any, word), span=span)


def signed(here: Here, children: list[Any]) -> tree.HeaderDate:
    return tree.HeaderDate("signed", here.date(children[0]), span=here.span)


def ceases(here: Here, children: list[Any]) -> tree.HeaderDate:
    return tree.HeaderDate("ceases", here.date(children[0]), span=here.span)


def term_start(here: Here, children: list[Any]) -> tree.TermStart:
    return tree.TermStart(cast(Any, words(children)), span=here.span)


def in_force_for(here: Here, children: list[Any]) -> tree.Lasting:
    start, period, rounding, counted = children
    first = here.date(start)
    return tree.Lasting("until", first, period, rounding, counted, span=here.span)


def ceases_after(here: Here, children: list[Any]) -> tree.Lasting:
    period, rounding, counted = children
    return tree.Lasting("ceases", None, period, rounding, counted, span=here.span)


def extended_by(here: Here, children: list[Any]) -> tree.Extended:
    period, rounding, event = children
    return tree.Extended("by", period, rounding, event, span=here.span)


def extended_until(here: Here, children: list[Any]) -> tree.Extended:
    period, rounding, event = children
    return tree.Extended("until", period, rounding, event, span=here.span)


def in_force(here: Here, children: list[Any]) -> tree.InForce:
    span = here.span
    return tree.InForce(here.window(children), span=span)


def never_in_force(here: Here, children: list[Any]) -> tree.InForce:
    return tree.InForce(None, span=here.span)


def verified(here: Here, children: list[Any]) -> tree.Verified:
    date, against = children
    return tree.Verified(here.date(date), here.quoted(against), span=here.span)


def serves(here: Here, children: list[Any]) -> tree.Serves:
    return tree.Serves(children[0], span=here.span)


def nomenclature(here: Here, children: list[Any]) -> tree.Nomenclature:
    return tree.Nomenclature(hs_digits(children[0]), span=here.span)


def scenarios_for(here: Here, children: list[Any]) -> tree.ScenariosFor:
    return tree.ScenariosFor(here.name(children[0]), span=here.span)


def use(here: Here, children: list[Any]) -> tree.Use:
    return tree.Use(children[0], span=here.span)


def not_encoded(here: Here, children: list[Any]) -> tree.NotEncoded:
    topic, because = children
    return tree.NotEncoded(
        here.quoted(topic),
        here.quoted(because),
        here.cites(),
        span=here.span,
    )
