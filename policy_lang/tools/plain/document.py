"""A whole policy in plain sentences: its header, words, facts, definitions, assumptions, clauses, rules and tables."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from typing import assert_never

from attrs import frozen

from policy_lang.program.core import (
    Amended,
    Definition,
    Instrument,
    Program,
)
from policy_lang.program.sentences import listed
from policy_lang.program.titles import (
    capital,
    cite_class,
    cite_source,
    long_date,
    long_dates,
    spaced,
    with_article,
)
from policy_lang.tools.plain.clauses import clause_item
from policy_lang.tools.plain.doubts import assumption_items
from policy_lang.tools.plain.facts import fact_items
from policy_lang.tools.plain.points import Item, Point, Section, document_of, lines_of, wrapped
from policy_lang.tools.plain.reach import (
    own_definitions,
    title_of,
)
from policy_lang.tools.plain.rules import value_blocks, window_words
from policy_lang.tools.plain.terms import list_item, shown_lists, territory_items, word_items
from policy_lang.tools.plain.values import quoted
from policy_lang.tools.plain.voice import Voice, spaced_name

_HOW_TO_READ = (
    "Words in quotation marks are terms that are defined here. Square brackets say where something comes from; "
    "a source without a remark is the text itself. A clause binds unless the remark beside its title says how else "
    "it is meant. A missing fact is never taken for a no: the answer stays open."
)


@frozen
class Plain:
    """A policy in plain sentences."""

    name: str
    header: tuple[str, ...]
    sections: tuple[Section, ...]

    def text(self, width: int = 100) -> str:
        """For people: sections with headings, items with their sentences below them."""
        lines = [row for line in self.header for row in wrapped(line, "", "    ", width)]
        for section in self.sections:
            lines.extend(["", "", section.heading.upper()])
            for item in section.items:
                lines.extend(["", *lines_of(item, width)])
        return "\n".join(lines).strip("\n") + "\n"

    def document(self) -> dict[str, object]:
        """The same as data."""
        return {
            "policy": self.name,
            "header": list(self.header),
            "items": [
                {
                    "section": section.heading,
                    "kind": item.kind,
                    "name": item.name,
                    "title": item.title,
                    "says": [document_of(block) for block in item.blocks],
                    "cites": [{"source": cite_source(one), "class": cite_class(one)} for one in item.cites],
                }
                for section in self.sections
                for item in section.items
            ],
        }


def to_plain(
    program: Program,
    names: Sequence[str] = (),
    *,
    day: datetime.date | None = None,
    amendments: Sequence[Amended] = (),
) -> Plain:
    """A policy in plain sentences; with names, only the clauses, rules and tables called so.

    `day` is that whose text this is, where it has several; `amendments` are all that change it on some day.
    """
    voice = Voice(program)
    clauses = tuple(
        clause_item(program, one, voice)
        for one in program.outcomes
        if one.family != "rule" and (not names or one.name in names)
    )
    rules = tuple(
        _rule_item(one, voice)
        for one in own_definitions(program)
        if not names or spaced_name(one.name) in names
    )
    if names:
        sections = [Section("Clauses", clauses), Section("Rules and tables", rules)]
        return Plain(
            program.name, tuple(_of_day(day, amendments)), tuple(one for one in sections if one.items)
        )
    instrument = program.instruments[0]
    found = [
        Section("Definitions", tuple(list_item(program, one) for one in shown_lists(program))),
        Section("Territories", tuple(territory_items(program))),
        Section("How doubtful text is read", tuple(assumption_items(program))),
        Section("Clauses", clauses),
        Section("Rules and tables", rules),
        Section("What is left out", tuple(_left_out(topic, why) for topic, why in instrument.not_encoded)),
        Section("What the facts are", tuple(fact_items(program, voice))),
        Section("What words mean", tuple(word_items(program))),
    ]
    header = [*_header(program), *_of_day(day, amendments), "", _HOW_TO_READ]
    return Plain(program.name, tuple(header), tuple(one for one in found if one.items))


# ------------------------------------------------------------------------------ the header


def _header(program: Program) -> list[str]:
    instrument = program.instruments[0]
    cites = dict(instrument.line_cites)
    title = instrument.title or spaced(instrument.name)
    lines = [_with_cites(title, cites.get("title", ()))]
    if instrument.short_title:
        lines.append(f"{_kind_of(instrument)}, called here “{instrument.short_title}”")
    else:
        lines.append(_kind_of(instrument))
    if instrument.kind == "framework":
        lines.append("It is political: its participants intend, they are not bound")
    word = "participants" if instrument.kind == "framework" else "parties"
    if instrument.parties:
        names = [f"{with_article(name)} ({code})" for code, name in instrument.parties]
        lines.append(_with_cites(f"{capital(word)}: {listed(names, 'and')}", cites.get(word, ())))
    if instrument.signed is not None:
        lines.append(_with_cites(f"Signed on {long_date(instrument.signed)}", cites.get("signed", ())))
    force = _force(instrument)
    if force:
        lines.append(
            _with_cites(force, (*cites.get("in force", ()), *cites.get("ceases", ()), *cites.get("term", ())))
        )
    if instrument.serves:
        lines.append(
            f"It looks after the purpose {listed([quoted(one) for one in instrument.serves], 'and')}"
        )
    if instrument.verified is not None:
        against = f" against {instrument.verified_against}" if instrument.verified_against else ""
        lines.append(f"Text last verified on {long_date(instrument.verified)}{against}")
    else:
        lines.append("Text not verified")
    if instrument.source:
        lines.append(f"Source: {instrument.source}")
    for start, end in instrument.suspended:
        lines.append(f"Suspended {window_words(start, end)}")
    others = [f"“{title_of(program, one.name)}”" for one in program.instruments[1:]]
    if others:
        lines.append(f"Read together with {listed(others, 'and')}")
    return lines


def _of_day(day: datetime.date | None, amendments: Sequence[Amended]) -> list[str]:
    """Which text this is: that of a day, as amended until then; and what is still to come."""
    lines = [f"This is the text of {long_date(day)}"] if day is not None else []
    for one in amendments:
        begun = one.start is None or (day is not None and one.start <= day)
        when = f" from {long_date(one.start)}" if one.start is not None else " from the beginning"
        title = one.title or spaced(one.name)
        lines.append(f"{'Amended by' if begun else 'Still to be amended by'} “{title}”{when}")
    return lines


def _kind_of(instrument: Instrument) -> str:
    match instrument.kind:
        case "agreement":
            return "An agreement"
        case "framework":
            return "A framework"
        case "law":
            return "A law"
        case "vocabulary":
            return "Words that other texts share, without any duties"
    assert_never(instrument.kind)


def _force(instrument: Instrument) -> str:
    if instrument.never_in_force:
        return "It is not in force and never was: none of what follows applies on any date"
    if instrument.term is not None:
        start = window_words(instrument.in_force, None)
        ends = long_date(instrument.term.unextended)
        words = long_dates(instrument.term.words)
        return f"In force {start}; its term ends on {ends}, unless it is extended {words}".replace("  ", " ")
    window = window_words(instrument.in_force, instrument.until)
    return f"In force {window}" if window else ""


def _with_cites(text: str, cites: Iterable[str]) -> str:
    return " ".join([text, *(f"[{one}]" for one in cites)])


def _left_out(topic: str, why: str) -> Item:
    return Item("not encoded", "", topic, (Point(f"Not encoded. Reason: {why}"),))


# ------------------------------------------------------------------------------ rules


def _rule_item(definition: Definition, voice: Voice) -> Item:
    own = voice.about(definition.subject)
    name = spaced(definition.name)
    about = f", for each {spaced(definition.subject)}" if definition.subject is not None else ""
    what = "table" if definition.keys else "rule"
    label = f": {definition.label}" if definition.label.lower() != name else ""
    title = f"{quoted(definition.name)} ({what}{about}){label}"
    return Item(what, spaced_name(definition.name), title, value_blocks(own, definition), definition.cites)
