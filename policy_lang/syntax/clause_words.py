"""The forms of clauses, as words."""

from __future__ import annotations

from typing import assert_never

from policy_lang.syntax import tree
from policy_lang.syntax.phrases import (
    date,
    expression,
    happening,
    month_number,
    names,
    ordinal,
    period,
    quoted,
    window,
)
from policy_lang.syntax.words import NEVER, PART, Word, enumerate_words, say


def sentence(clause: tree.Clause | tree.ReplacedClause) -> list[Word]:
    """The one sentence of a clause."""
    if clause.certainty is None:
        return form(clause.form)
    return [*say("for greater certainty"), Word(",", glued=True), *form(clause.form)]


def form(node: tree.Form) -> list[Word]:
    """What a clause says, in its form."""
    match node:
        case tree.Treat():
            words = [*say("treat"), *names(node.countries, PART + 1)]
            words += say(f"as {node.status.text} of {node.partner.text}")
            words += _respect(node.goods)
            if node.purposes:
                words += [*say("for the purposes of", PART), *names(node.purposes, PART + 1)]
            if node.designation is not None:
                words += say(f"by designation of {quoted(node.designation)}", PART)
        case tree.Prohibition():
            shall = "shall" if node.actor.words in ("neither party", "no party") else "shall not"
            words = say(f"{node.actor.words} {shall} {node.verb} {node.act.text}")
            words += _object(node)
        case tree.Permission():
            words = say(f"{node.actor.words} may {node.verb} {node.act.text}")
            words += _object(node)
            words += say(f"notwithstanding clause {node.beats.text}", PART) if node.beats is not None else []
        case tree.Duty():
            words = _duty(node)
        case tree.Affirmation():
            words = [*say(f"{node.actor.words} {node.verb}"), *say(quoted(node.topic), PART + 1)]
            words += [*_on_record(node.on_record), *_respect(node.goods)]
        case tree.Flag():
            words = say(f"flag {node.name.text} on {node.record.text}")
        case _:
            assert_never(node)
    if node.when is not None:
        words += [*say("when", PART), *expression(node.when, PART)]
    return [*words, *window(node.window)]


def line(node: tree.ClauseLine) -> list[Word]:
    """What is said of a clause below its form."""
    match node:
        case tree.Excluded(when=when):
            return [*say("does not apply when"), *expression(when, PART)]
        case tree.Yields(clause=clause):
            return say(f"subject to clause {clause.text}")
        case tree.Prevails(clause=clause):
            return say(f"notwithstanding clause {clause.text}")
        case tree.Preserves(clause=clause):
            return say(f"without prejudice to clause {clause.text}")
        case tree.Suspended(window=dates):
            return [*say("suspended"), *window(dates)]
        case tree.Application(event=event, start=start):
            return say(f"applies to {event.text} falling due from {date(start)}")
    assert_never(node)


def claim(node: tree.Claim | tree.Monotone) -> list[Word]:
    """The one sentence of a property."""
    if isinstance(node, tree.Claim):
        words = [*say(node.kind), *expression(node.condition, PART + 1)]
    else:
        words = say(f"{node.turn} {node.fact.text}")
        words += say(f"never gives {node.never} {node.answer.text}", PART + 1)
    if node.when is not None:
        words += [*say("when", PART), *expression(node.when, PART)]
    return [*words, *window(node.window)]


def ground(node: tree.DefenceLine) -> list[Word]:
    """A line of a defence."""
    condition = [] if node.condition is None else expression(node.condition, PART)
    match node.what:
        case "invoked":
            return say(f"must be invoked{' by the party taking the measure' if node.names_invoker else ''}")
        case "justified":
            return [*say("justified when"), *condition]
        case "provided":
            return [*say("provided that"), *condition]
        case "self-judging":
            return say("self-judging")
    assert_never(node.what)


def _object(node: tree.Prohibition | tree.Permission) -> list[Word]:
    words = [*say("on", PART + 1), *_goods(node.goods)] if node.goods is not None else []
    if node.direction is not None:
        counterpart = node.direction.counterpart
        other = "the other party" if counterpart is None else counterpart.text
        words += say(f"{node.direction.flow} {other}", PART + 1)
    return words


def _goods(goods: tree.Goods) -> list[Word]:
    if goods.refs is None:
        return say("all goods")
    return enumerate_words((say(ref.text) for ref in goods.refs), PART + 2)


def _respect(goods: tree.Goods | None) -> list[Word]:
    return [] if goods is None else [*say("with respect to", PART), *_goods(goods)]


def _on_record(record: tree.Name | None) -> list[Word]:
    return [] if record is None else say(f"on {record.text}", PART)


def _duty(node: tree.Duty) -> list[Word]:
    words = [*say(f"{node.actor.words} {node.modal_words or node.modal}"), *_deed(node.deed)]
    words += [*_on_record(node.on_record), *_respect(node.goods)]
    words += _timing(node.timing) if node.timing is not None else []
    words += _recurrence(node.recurrence) if node.recurrence is not None else []
    if node.fulfilled_by is not None:
        words += say(f"fulfilled by {happening(node.fulfilled_by)}", PART)
    if node.considering:
        topics = enumerate_words((say(_topic(topic)) for topic in node.considering), PART + 1)
        words += [*say("considering", PART), *topics]
    return words


def _deed(deed: tree.Deed) -> list[Word]:
    match deed.kind:
        case "text":
            return say(_topic(deed.topic), PART + 1)
        case "review":
            return say(f"review this {deed.reviewed}")
        case "confer":
            against = say("measures against") if deed.against else []
            rank = PART + 1 if isinstance(deed.topic, tree.Text) else NEVER
            return [*say("confer on"), *against, *say(_topic(deed.topic), rank)]
    assert_never(deed.kind)


def _topic(topic: tree.Text | tree.Name | None) -> str:
    assert topic is not None  # only a review has none
    return quoted(topic) if isinstance(topic, tree.Text) else topic.text


def _timing(timing: tree.Timing) -> list[Word]:
    rounding = f" rounded {timing.rounding}" if timing.rounding is not None else ""
    anchor = _anchor(timing.anchor)
    match timing.kind:
        case "by":
            return say(f"by {anchor}", PART)
        case "within":
            assert timing.period is not None
            return say(f"within {period(timing.period)}{rounding} of {anchor}", PART)
        case "before":
            assert timing.period is not None
            return say(f"at least {period(timing.period)}{rounding} before {anchor}", PART)
        case "anniversary":
            assert timing.period is not None
            return say(f"on the {ordinal(timing.period)} anniversary{rounding} of {anchor}", PART)
        case "month":
            assert timing.period is not None
            count = month_number(timing.period)
            return say(f"{timing.word} the {timing.day} day of the {count} month after {anchor}", PART)
    assert_never(timing.kind)


def _anchor(anchor: tree.Anchor) -> str:
    if anchor.date is not None:
        return date(anchor.date)
    return happening(anchor.event) if anchor.event is not None else anchor.kind


def _recurrence(node: tree.Recurrence) -> list[Word]:
    rounding = f" rounded {node.rounding}" if node.rounding is not None else ""
    words = say(f"and every {period(node.period)}{rounding} thereafter", PART)
    if node.counting_written or node.counted_from == "held":
        day = "the date it was held" if node.counted_from == "held" else "the previous due date"
        words += [Word(",", glued=True), *say(f"counted from {day}", PART + 1)]
    if node.when is not None:
        words += [Word(",", glued=True), *say("when", PART + 1), *expression(node.when, PART + 2)]
    return words
