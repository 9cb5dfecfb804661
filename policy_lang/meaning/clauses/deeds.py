"""What a duty is about: the deed in words, whether it binds, and the event whose dates tell when it was done."""

from __future__ import annotations

from typing import assert_never

from policy_lang.meaning import problems
from policy_lang.meaning.clauses.setting import DEFAULT_EVENT, Setting
from policy_lang.meaning.events import happening
from policy_lang.program import core
from policy_lang.program.types import Dates
from policy_lang.syntax import tree


def binds(here: Setting, form: tree.Duty) -> bool:
    """Whether it is a duty in law."""
    return form.modal == "shall" and here.own.instrument.kind != "framework"


def words_of(here: Setting, deed: tree.Deed, quietly: bool = False) -> str:
    """The deed in words; a topic that nobody knows is reported, unless `quietly`."""
    topic = ""
    if isinstance(deed.topic, tree.Text):
        topic = deed.topic.text
    elif isinstance(deed.topic, tree.Name):
        known = {**{f: f for used in here.own.uses for f in used.flags}, **here.own.flags}
        names = {*known, *here.own.declared.clauses, *here.names.entry_names(), *here.names.words()}
        if not quietly and deed.topic.text not in names and not here.names.is_excused(deed.topic.text):
            here.names.say(problems.unknown(problems.UNKNOWN_NAME, deed.topic.span, deed.topic.text, names))
        topic = deed.topic.text.replace("_", " ")
    match deed.kind:
        case "text":
            return topic
        case "review":
            return f"review this {here.own.instrument.kind}"
        case "confer":
            return f"confer on {'measures against ' if deed.against else ''}{topic}"
    assert_never(deed.kind)


def expect(here: Setting, clause: tree.Clause, form: tree.Duty) -> None:
    """A duty that binds and names no event has one that is called like its clause."""
    is_review = form.deed.kind == "review" and here.has_event(DEFAULT_EVENT)
    name = clause.name.text
    if form.timing is None or form.fulfilled_by is not None or is_review or not binds(here, form):
        return
    if here.has_event(name):
        return
    takers = {
        fact.name
        for meant in (here.own, *here.own.uses)
        for fact in meant.case_facts
        if fact.name not in meant.deeds
    }
    takers |= {record for meant in (here.own, *here.own.uses) for record in meant.records}
    if name in takers:
        here.names.say(
            problems.WRONG_USE.at(
                clause.name.span,
                f"facts could not tell when this was done: `{name}` is something else there",
                label="the name is taken",
                help="say `fulfilled by EVENT`, or give the clause another name",
            )
        )
        return
    label = f"On which dates was this done: {words_of(here, form.deed, quietly=True)}?"
    fact = core.CaseFact(name, Dates(), label, span=clause.name.span)
    here.own.deeds[name] = fact
    here.own.case_facts.append(fact)


def event_of(here: Setting, form: tree.Duty, clause: tree.Clause) -> tuple[core.Expr | None, str, str]:
    """What discharges a duty: the event named, `reviews` for a review, else one called like the clause.

    A duty that does not bind needs none: its date passes without consequence.
    """
    wanted = form.fulfilled_by
    if wanted is None:
        name = clause.name.text
        if form.deed.kind == "review" and here.has_event(DEFAULT_EVENT):
            name = DEFAULT_EVENT
        elif not binds(here, form) or not (name in here.own.deeds or here.has_event(name)):
            return None, "", ""
        wanted = tree.Happening(tree.Name(name, span=clause.name.span), span=clause.name.span)
    found = happening(wanted, here.own, here.names)
    if found is None:
        return None, "", ""
    infos = [m.events[wanted.event.text] for m in (here.own, *here.own.uses) if wanted.event.text in m.events]
    label = infos[0].label if infos and not infos[0].label.endswith("?") and not wanted.receipt else ""
    return *found, f"{label}, by {wanted.by.text}" if label and wanted.by is not None else label
