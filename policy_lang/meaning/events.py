"""Events: what facts may say of each, and what a clause means that speaks of one."""

from __future__ import annotations

from policy_lang.meaning import problems
from policy_lang.meaning.names import EventInfo, Meant, NamedValue, Names
from policy_lang.program import core
from policy_lang.program.events import RECEIVED, event_words
from policy_lang.program.types import Dates
from policy_lang.syntax import tree


def declare_event(item: tree.Event, own: Meant, names: Names) -> None:
    """An event with the facts that tell its dates: of each party, and of receipt too where it has two dates."""
    name, label = item.name.text, item.label.text if item.label else ""
    parties = own.instrument.parties if item.by is not None else ()
    if item.by is not None and not parties and not own.declared.is_damaged(own.declared.header):
        names.say(
            problems.NO_PARTIES.at(
                item.span,
                f"`by {item.by}` stands here, but the header names none",
                label="who?",
                help='add a line such as `parties US "...", JP "..."` to the header',
            )
        )
    paths = [(f"{name}.{code}", f" (by {title})") for code, title in parties] or [(name, "")]
    for path, whose in paths:
        question = f"{label}{whose}" if label else ""
        own.case_facts.append(core.CaseFact(path, Dates(), question, span=item.name.span))
        if item.two_dates:
            receipt = f"{path}.{RECEIVED}"
            question = f"{label}{whose}: when was it received?" if label else ""
            own.case_facts.append(core.CaseFact(receipt, Dates(), question, span=item.name.span))
    codes = tuple(code for code, _ in parties)
    own.events[name] = EventInfo(name, label, codes, item.two_dates, item.name.span)
    own.entries[name] = NamedValue(core.Fact(None, name, Dates()), item.name.span)


def happening(node: tree.Happening, own: Meant, names: Names) -> tuple[core.Expr, str] | None:
    """The dates that are spoken of, and the words for them; None when a mistake was reported."""
    name = node.event
    found = [own] if name.text in own.events else [used for used in own.uses if name.text in used.events]
    if len(found) > 1:
        names.say_ambiguous(name, [meant.instrument.name for meant in found])
        return None
    if not found:
        if name.text in own.deeds:
            info = EventInfo(name.text, own.deeds[name.text].label, (), False, own.deeds[name.text].span)
        else:
            _say_no_event(name, own, names)
            return None
    else:
        info = found[0].events[name.text]
    paths = _paths(node, info, own, names)
    if paths is None:
        return None
    facts = tuple(core.Fact(None, path, Dates(), span=node.span) for path in paths)
    joined = node.by is not None and node.by.text.startswith("each")
    words = event_words(paths[0])
    if node.by is not None and len(paths) > 1:
        words = f"{event_words(paths[0]).rpartition(' by ')[0]} by {node.by.text}"
    if len(facts) == 1:
        return facts[0], words
    return core.Op("each_event" if joined else "either_event", facts, Dates(), span=node.span), words


def _say_no_event(name: tree.Name, own: Meant, names: Names) -> None:
    if names.is_excused(name.text):
        return
    if names.entry(name.text) or name.text in own.declared.clauses:
        is_clause = name.text in own.declared.clauses
        names.say(
            problems.WRONG_USE.at(
                name.span,
                f"`{name.text}` is not an event",
                label="not an event",
                help="say in that clause `fulfilled by EVENT`, and name the event here"
                if is_clause
                else "declare it with `event`",
            )
        )
        return
    known = [event for meant in (own, *own.uses) for event in meant.events]
    names.say(
        problems.unknown(
            problems.UNKNOWN_NAME, name.span, name.text, [*known, *own.deeds], what="no event is called"
        )
    )


def _paths(node: tree.Happening, info: EventInfo, own: Meant, names: Names) -> list[str] | None:
    """The facts that tell the dates."""

    def wrong(message: str, label: str, help_text: str) -> None:
        span = node.by.span if node.by is not None else node.event.span
        names.say(
            problems.WRONG_USE.at(
                span, message, label=label, related=[(info.span, "the event")], help=help_text
            )
        )

    name = info.name
    if node.receipt and not info.two_dates:
        wrong(f"`{name}` has no days of receipt", "this event", f"declare `event {name}, given and received`")
        return None
    if node.by is None and info.parties:
        ways = [f"{name} by {info.parties[0]}", f"{name} by either party", f"{name} by each party"]
        wrong(
            f"each party has its own `{name}`", "by whom?", f"write {', '.join(f'`{way}`' for way in ways)}"
        )
        return None
    codes: tuple[str, ...] = ("",)
    if node.by is not None:
        whom = node.by.text
        if not info.parties:
            wrong(
                f"`{name}` does not tell the parties apart",
                "by whom?",
                f"declare `event {name} by each party`",
            )
            return None
        if whom.isupper() and whom not in info.parties:
            names.country(node.by)
            listed = ", ".join(f"`{code}`" for code in info.parties)
            wrong(f"`{whom}` is not a party to this instrument", "not a party", f"its parties are {listed}")
            return None
        is_framework = own.instrument.kind == "framework"
        if not whom.isupper() and ("participant" in whom) != is_framework:
            right = (
                whom.replace("party", "participant") if is_framework else whom.replace("participant", "party")
            )
            wrong(
                f"the members of this {own.instrument.kind} are not called that", "here", f"write `{right}`"
            )
            return None
        codes = (whom,) if whom.isupper() else info.parties
    ending = f".{RECEIVED}" if node.receipt else ""
    return [f"{name}.{code}{ending}" if code else f"{name}{ending}" for code in codes]
