"""What a policy says at a glance, and the core form of anything that it defines."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from policy_lang.program.core import Definition, Instrument, Outcome, Program, RecordSchema
from policy_lang.program.promises import promise_words
from policy_lang.program.sentences import listed
from policy_lang.program.titles import cites_in, in_classes, long_date, with_article
from policy_lang.program.to_text import to_core_text
from policy_lang.program.types import ListOf, describe
from policy_lang.source.lines import in_lines

_FAMILIES = {
    "status": ("statuses", "does a country have this status? granted, or not granted"),
    "prohibition": ("prohibitions and permissions", "is this measure allowed? complied, breached, permitted"),
    "obligation": ("duties with dates", "what is due when, and was it done? pending, fulfilled, overdue"),
    "flag": ("flags", "does this need attention? raised, or clear"),
    "undertaking": ("promises", "what has been promised, and how firmly? applies, or does not apply"),
    "rule": ("rules", "what is the value?"),
}
"""What each family is called, and the question that it answers with its answers."""


def known_names(program: Program) -> list[str]:
    """What can be shown: the outcomes, then the rules and tables of the policy itself."""
    own = [one.name.partition(".")[2] for one in _own(program)]
    return list(dict.fromkeys([*(outcome.name for outcome in program.outcomes), *own]))


def _own(program: Program) -> list[Definition]:
    own = [one for one in program.definitions if one.instrument == program.name and "#" not in one.name]
    return sorted(own, key=lambda one: one.span.start)


def show_core(program: Program, name: str) -> str:
    """The core form of one clause, rule or table."""
    return to_core_text(program, name)


@frozen
class Line:
    """One outcome, or one rule or table that others are made of."""

    name: str
    family: str  # `part` for a rule or a table that is no answer by itself
    subject: str | None
    force: str | None
    label: str
    gives: str | None
    cites: tuple[str, ...]
    promises: tuple[str, ...] = ()  # that it changes nothing, or nothing of another clause

    def text(self) -> str:
        """The name, what it is about, how firmly it binds, what it is called and where it comes from."""
        about = f"about {self.subject}" if self.subject else "about the instrument"
        known = [about, *([self.force] if self.force else []), *([self.gives] if self.gives else [])]
        label = f": {self.label}" if self.label and self.label != self.name.replace("_", " ") else ""
        cited = "".join(f" [{one}]" for one in self.cites)
        promised = "".join(f"; {one}" for one in self.promises)
        return f"{self.name}{label} ({', '.join(known)}){cited}{promised}"


@frozen
class Overview:
    """A policy at a glance."""

    program: Program
    lines: tuple[Line, ...]
    whole: bool  # with its header and its facts; not when names were given

    def text(self, width: int = 100) -> str:
        """For people: what the instrument is, what it answers by family, what it asks, what it leaves open."""
        found: list[str] = []
        if self.whole:
            found.extend(_header(self.program.instruments[0], width))
        for family, (title, question) in _FAMILIES.items():
            own = [one for one in self.lines if one.family == family]
            if own:
                found.extend(["", f"{title}: {question}"] if self.whole else [])
                found.extend(row for one in own for row in _wrapped(one.text(), "  " * self.whole, width))
        parts = [one for one in self.lines if one.family == "part"]
        if parts and self.whole:
            names = listed([one.name for one in parts], "and")
            found.extend(["", *_wrapped(f"made of these rules and tables: {names}", "", width)])
        elif parts:
            found.extend(row for one in parts for row in _wrapped(one.text(), "", width))
        if self.whole:
            found.extend(_asked(self.program, width))
            found.extend(_open(self.program, self.lines, width))
        return "\n".join(found).strip("\n") + "\n"

    def document(self) -> dict[str, object]:
        """The same as data."""
        instrument = self.program.instruments[0]
        return {
            "policy": self.program.name,
            "title": instrument.title,
            "kind": instrument.kind,
            "parties": dict(instrument.parties),
            "signed": _iso(instrument.signed),
            "in_force": _iso(instrument.in_force),
            "until": _iso(instrument.until),
            "verified": _iso(instrument.verified),
            "instruments": [one.name for one in self.program.instruments],
            "outcomes": {one.name: _line(one) for one in self.lines if one.family != "part"},
            "parts": {one.name: _line(one) for one in self.lines if one.family == "part"},
            "assumptions": [one.name for one in self.program.assumptions],
            "not_encoded": [topic for topic, _ in instrument.not_encoded],
        }


def _line(one: Line) -> dict[str, object]:
    return {
        "family": one.family,
        "subject": one.subject,
        "force": one.force,
        "label": one.label,
        "type": one.gives,
        "cites": list(one.cites),
        "promises": list(one.promises),
    }


def _iso(day: object) -> str | None:
    return str(day) if day is not None else None


def overview(program: Program, names: Sequence[str] = ()) -> Overview:
    """A policy at a glance; with names, only the outcomes, rules and tables called so."""
    outcomes = {one.name: _of_outcome(program, one) for one in program.outcomes}
    parts = {
        one.name.partition(".")[2]: _of_definition(one)
        for one in _own(program)
        if one.name.partition(".")[2] not in outcomes and not one.parameters
    }
    known = {**outcomes, **parts}
    chosen = [known[name] for name in dict.fromkeys(names)] if names else list(known.values())
    return Overview(program, tuple(chosen), not names)


def _of_outcome(program: Program, one: Outcome) -> Line:
    gives = describe(one.type) if one.type is not None else None
    promised = tuple(promise_words(program, one.name))
    return Line(one.name, one.family, one.subject, one.force, one.label, gives, one.cites, promised)


def _of_definition(one: Definition) -> Line:
    name = one.name.partition(".")[2]
    return Line(name, "part", one.subject, None, one.label, describe(one.type), one.cites)


# ------------------------------------------------------------------------------ for people


def _header(instrument: Instrument, width: int) -> list[str]:
    title = instrument.title or instrument.name.replace("_", " ")
    lines = _wrapped(title, "", width)
    short = f", {instrument.short_title}" if instrument.short_title else ""
    lines.append(f"{instrument.kind} {instrument.name}{short}")
    if instrument.parties:
        names = [f"{with_article(name)} ({code})" for code, name in instrument.parties]
        lines.extend(_wrapped(f"between {listed(names, 'and')}", "", width))
    dates = [f"signed on {long_date(instrument.signed)}"] if instrument.signed is not None else []
    if instrument.never_in_force:
        dates.append("not in force and never was")
    elif instrument.in_force is not None:
        until = f" until {long_date(instrument.until)}" if instrument.until is not None else ""
        if instrument.term is not None:
            until = f" until {long_date(instrument.term.unextended)}, unless it is extended"
        dates.append(f"in force from {long_date(instrument.in_force)}{until}")
    lines.extend([", ".join(dates)] if dates else [])
    against = f" against {instrument.verified_against}" if instrument.verified_against else ""
    verified = f"text verified on {long_date(instrument.verified)}{against}" if instrument.verified else ""
    lines.extend(_wrapped(verified or "text not verified", "", width))
    return lines


def _asked(program: Program, width: int) -> list[str]:
    """What has to be known to get an answer, by record."""
    about = dict.fromkeys(one.subject for one in program.outcomes if one.subject is not None)
    records = {one.name: one for one in program.records}
    lines: list[str] = []
    for name in about:
        lines.extend(_wrapped(f"{name}: {_fields(records[name], records)}", "  ", width))
    events = [
        one.schedule.event_words
        for one in program.outcomes
        if one.schedule is not None and one.schedule.event is not None
    ]
    if events:
        lines.extend(_wrapped(f"events: {listed(list(dict.fromkeys(events)), 'and')}", "  ", width))
    return ["", "facts that it asks for:", *lines] if lines else []


def _fields(record: RecordSchema, records: dict[str, RecordSchema]) -> str:
    found: list[str] = []
    for one in record.fields:
        inner = records.get(one.type.record) if isinstance(one.type, ListOf) else None
        found.append(one.name if inner is None else f"{one.name} (each with {_fields(inner, records)})")
    return ", ".join(found)


def _open(program: Program, lines: Sequence[Line], width: int) -> list[str]:
    """What a reader has to be careful about: assumptions, citations that are not the text, what is left out."""
    found: list[str] = []
    own = [one.name for one in program.assumptions if one.instrument == program.name]
    if own:
        found.extend(_wrapped(f"assumed, because the text leaves it open: {listed(own, 'and')}", "", width))
    bodies = [*(one.body for one in _own(program)), *(one.body for one in program.outcomes)]
    inner = [cite for body in bodies for cite in cites_in(body)]
    classes = in_classes([*(cite for one in lines for cite in one.cites), *inner])
    if classes:
        counts = [
            f"{len(cites)} {'the text itself' if kind == 'primary' else kind}"
            for kind, cites in classes.items()
        ]
        found.extend(_wrapped(f"citations: {listed(counts, 'and')}", "", width))
    left = len(program.instruments[0].not_encoded)
    if left:
        found.append(f"not encoded: {left} {'topic' if left == 1 else 'topics'} (see --coverage-of-text)")
    return ["", *found, "", "as sentences: --plain; as it is evaluated: --core"]


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return in_lines(text, width, indent, indent + "    ")
