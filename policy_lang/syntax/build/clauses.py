"""Builds clauses of every form, and the exceptions to them."""

from __future__ import annotations

from typing import Any, cast

from lark import Token

from policy_lang.syntax import tree
from policy_lang.syntax.build.here import Here, words


def clause(here: Here, children: list[Any]) -> tree.Clause:
    name, inserted, label, certainty, form, *lines = children
    return tree.Clause(
        here.name(name),
        here.text(label),
        form,
        tuple(lines),
        certainty,
        here.cites(),
        inserted=inserted is True,
        span=here.span,
    )


def certainty(here: Here, children: list[Any]) -> tree.Certainty:
    return tree.Certainty(span=here.span)


def suspended_line(here: Here, children: list[Any]) -> tree.Suspended:
    return cast(tree.Suspended, children[0])


def application(here: Here, children: list[Any]) -> tree.Application:
    event, start = children
    return tree.Application(here.name(event), here.date(start), span=here.span)


def excluded(here: Here, children: list[Any]) -> tree.Excluded:
    return tree.Excluded(children[0], span=here.span)


def subject_to(here: Here, children: list[Any]) -> tree.Yields:
    return tree.Yields(here.name(children[0]), span=here.span)


def prevails_over(here: Here, children: list[Any]) -> tree.Prevails:
    return tree.Prevails(here.name(children[0]), span=here.span)


def without_prejudice(here: Here, children: list[Any]) -> tree.Preserves:
    return tree.Preserves(here.name(children[0]), span=here.span)


def defence(here: Here, children: list[Any]) -> tree.Defence:
    name, clause, label, *lines = children
    return tree.Defence(
        here.name(name),
        here.name(clause),
        here.text(label),
        tuple(lines),
        here.cites(),
        span=here.span,
    )


def invoker(here: Here, children: list[Any]) -> str:
    return words(children)


def must_be_invoked(here: Here, children: list[Any]) -> tree.DefenceLine:
    return tree.DefenceLine("invoked", None, bool(children[0]), span=here.span)


def justified_when(here: Here, children: list[Any]) -> tree.DefenceLine:
    return tree.DefenceLine("justified", children[0], span=here.span)


def provided_that(here: Here, children: list[Any]) -> tree.DefenceLine:
    return tree.DefenceLine("provided", children[0], span=here.span)


def self_judging(here: Here, children: list[Any]) -> tree.DefenceLine:
    return tree.DefenceLine("self-judging", span=here.span)


def treat(here: Here, children: list[Any]) -> tree.Treat:
    *countries, status, partner, goods, purposes, designation, when, window = children
    return tree.Treat(
        tuple(here.name(c) for c in countries),
        here.name(status),
        here.name(partner),
        goods,
        purposes or (),
        designation,
        when,
        window,
        span=here.span,
    )


def actor(here: Here, children: list[Any]) -> tree.Actor:
    span = here.span
    token = children[0]
    country = here.name(token) if token.type == "COUNTRY" else None
    return tree.Actor(words(children), country, span=span)


def forbidden(here: Here, children: list[Any]) -> tree.Actor:
    actor = next((c for c in children if isinstance(c, tree.Actor)), None)
    if actor is not None:
        return actor
    words = " ".join(str(c) for c in children[:2])
    return tree.Actor(words, None, span=here.span)


permitted = forbidden


def act_verb(here: Here, children: list[Any]) -> str:
    return str(children[0])


def notwithstanding(here: Here, children: list[Any]) -> tree.Name:
    return here.name(children[0])


def prohibition(here: Here, children: list[Any]) -> tree.Prohibition:
    actor, verb, act, goods, direction, when, window = children
    return tree.Prohibition(
        actor,
        here.name(act),
        goods,
        direction,
        when,
        window,
        verb=verb or "",
        span=here.span,
    )


def permission(here: Here, children: list[Any]) -> tree.Permission:
    actor, verb, act, goods, direction, beats, when, window = children
    return tree.Permission(
        actor,
        here.name(act),
        goods,
        direction,
        beats,
        when,
        window,
        verb=verb or "",
        span=here.span,
    )


def modal(here: Here, children: list[Any]) -> str:
    return words(children)


def affirm_verb(here: Here, children: list[Any]) -> str:
    return words(children)


def deed_text(here: Here, children: list[Any]) -> tree.Deed:
    return tree.Deed("text", here.text(children[0]), span=here.span)


def deed_review(here: Here, children: list[Any]) -> tree.Deed:
    span = here.span
    reviewed = next(word for word in ("agreement", "framework", "law") if span.text.endswith(word))
    return tree.Deed("review", None, reviewed=reviewed, span=span)


def against(here: Here, children: list[Any]) -> bool:
    return True


def _topic(here: Here, token: Token) -> tree.Text | tree.Name:
    if token.type == "STRING":
        return here.quoted(token)
    return here.name(token)


def deed_confer(here: Here, children: list[Any]) -> tree.Deed:
    against, topic = children
    return tree.Deed("confer", _topic(here, topic), bool(against), span=here.span)


def anchor_in_force(here: Here, children: list[Any]) -> tree.Anchor:
    return tree.Anchor("entry into force", span=here.span)


def anchor_signature(here: Here, children: list[Any]) -> tree.Anchor:
    return tree.Anchor("signature", span=here.span)


def anchor_date(here: Here, children: list[Any]) -> tree.Anchor:
    return tree.Anchor("date", date=here.date(children[0]), span=here.span)


def anchor_event(here: Here, children: list[Any]) -> tree.Anchor:
    return tree.Anchor("event", event=children[0], span=here.span)


def timing_by(here: Here, children: list[Any]) -> tree.Timing:
    date = here.date(children[0])
    return tree.Timing("by", None, tree.Anchor("date", date=date, span=date.span), span=here.span)


def timing_within(here: Here, children: list[Any]) -> tree.Timing:
    period, rounding, anchor = children
    return tree.Timing("within", period, anchor, rounding, span=here.span)


def timing_before(here: Here, children: list[Any]) -> tree.Timing:
    period, rounding, anchor = children
    return tree.Timing("before", period, anchor, rounding, span=here.span)


def timing_anniversary(here: Here, children: list[Any]) -> tree.Timing:
    ordinal, rounding, anchor = children
    years = int(ordinal.rstrip("stndrh")) if len(ordinal) < 9 else 9999
    period = tree.PeriodLit(years, 0, 0, words=str(ordinal), span=here.place(ordinal))
    return tree.Timing("anniversary", period, anchor, rounding, span=here.span)


def month_day(here: Here, children: list[Any]) -> str:
    return str(children[0])


def _on_month_day(here: Here, word: str, children: list[Any]) -> tree.Timing:
    day, ordinal, anchor = children
    months = int(ordinal.rstrip("stndrh")) if len(ordinal) < 9 else 119_988
    period = tree.PeriodLit(0, months, 0, words=str(ordinal), span=here.place(ordinal))
    return tree.Timing("month", period, anchor, day=cast(Any, day), word=word, span=here.span)


def timing_on_month_day(here: Here, children: list[Any]) -> tree.Timing:
    return _on_month_day(here, "on", children)


def timing_by_month_day(here: Here, children: list[Any]) -> tree.Timing:
    return _on_month_day(here, "by", children)


def counted_from(here: Here, children: list[Any]) -> str:
    return "held" if str(children[-1]) == "held" else "due"


def recurrence(here: Here, children: list[Any]) -> tree.Recurrence:
    period, rounding, counted_from, when = children
    return tree.Recurrence(
        period,
        counted_from or "due",
        when,
        rounding,
        counting_written=counted_from is not None,
        span=here.span,
    )


def fulfilled(here: Here, children: list[Any]) -> tree.Happening:
    return cast(tree.Happening, children[0])


def considering(here: Here, children: list[Any]) -> tuple[tree.Text | tree.Name, ...]:
    return tuple(_topic(here, c) for c in children)


def on_record(here: Here, children: list[Any]) -> tree.Name:
    return here.name(children[0])


def duty(here: Here, children: list[Any]) -> tree.Duty:
    (
        actor,
        modal,
        deed,
        on_record,
        goods,
        timing,
        recurrence,
        fulfilled,
        considering,
        when,
        window,
    ) = children
    return tree.Duty(
        actor,
        modal.replace("intends", "intend"),
        deed,
        timing,
        recurrence,
        fulfilled,
        considering or (),
        on_record,
        goods,
        when,
        window,
        modal_words=modal,
        span=here.span,
    )


def affirmation(here: Here, children: list[Any]) -> tree.Affirmation:
    actor, verb, topic, on_record, goods, when, window = children
    text = here.quoted(topic)
    return tree.Affirmation(actor, verb, text, on_record, goods, when, window, span=here.span)


def flag(here: Here, children: list[Any]) -> tree.Flag:
    name, record, when, window = children
    return tree.Flag(here.name(name), here.name(record), when, window, span=here.span)


def respect(here: Here, children: list[Any]) -> tree.Goods:
    return cast(tree.Goods, children[0])


def goods(here: Here, children: list[Any]) -> tree.Goods:
    return tree.Goods(tuple(children) or None, span=here.span)


def purposes(here: Here, children: list[Any]) -> tuple[tree.Name, ...]:
    return cast(tuple[tree.Name, ...], children[0])


def designation(here: Here, children: list[Any]) -> tree.Text | None:
    return here.text(children[0])


def flow(here: Here, children: list[Any]) -> str:
    return words(children)


def counterpart(here: Here, children: list[Any]) -> tree.Name | None:
    return here.name(children[0]) if children[0].type == "COUNTRY" else None


def direction(here: Here, children: list[Any]) -> tree.Direction:
    return tree.Direction(children[0], children[1], span=here.span)
