"""What of an instrument's text is encoded and what is not, where each part comes from, and how firm that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.program.core import (
    Assumed,
    Assumption,
    Call,
    Definition,
    Expr,
    Outcome,
    Program,
)
from policy_lang.program.schema import every
from policy_lang.program.sentences import listed
from policy_lang.program.titles import CLASSES, Class, cite_class, cite_source, cites_in, long_date, spaced
from policy_lang.source.lines import in_lines

What: TypeAlias = Literal["clause", "rule", "table", "list", "assumption", "header"]

_HEADINGS: dict[Class, str] = {
    "primary": "taken from the text itself",
    "secondary": "taken from somebody's account of the text",
    "unconfirmed": "taken from what nobody has checked",
    "own reading": "the author's own reading",
}
_ANSWERS = ("clause", "rule", "table")


@frozen
class Encoded:
    """One part of the file: what it is, what it is called, where it says it comes from, what it assumes."""

    what: What
    name: str
    label: str
    cites: tuple[str, ...]
    assumes: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """`clause “Export duties”`, `table “price cap”`."""
        shown = self.label if self.what == "clause" else spaced(self.name)
        return f"{self.what} “{shown}”" if self.what != "header" else f"header, {shown}"

    @property
    def best(self) -> Class | None:
        """The firmest class among its citations."""
        found = {cite_class(one) for one in self.cites}
        return next((one for one in CLASSES if one in found), None)


@frozen
class Coverage:
    """What is in a file and what is not."""

    program: Program
    parts: tuple[Encoded, ...]

    def provisions(self) -> dict[Class, dict[str, list[Encoded]]]:
        """By class, then by source in the order of its numbers: the parts that encode it."""
        found: dict[Class, dict[str, list[Encoded]]] = {one: {} for one in CLASSES}
        for part in self.parts:
            for cite in part.cites:
                found[cite_class(cite)].setdefault(cite_source(cite), []).append(part)
        return {
            kind: dict(sorted(sources.items(), key=lambda pair: _natural(pair[0])))
            for kind, sources in found.items()
        }

    def uncited(self) -> list[Encoded]:
        """The clauses, rules, tables and lists that do not say where they come from."""
        return [one for one in self.parts if not one.cites and one.what not in ("assumption", "header")]

    def resting(self, assumption: Assumption) -> list[Encoded]:
        """What an assumption can change."""
        return [one for one in self.parts if assumption.name in one.assumes and one.what != "assumption"]

    def assumptions(self) -> list[Assumption]:
        """The assumptions of the file, and those of others that something here rests on."""
        own = self.program.name
        return [one for one in self.program.assumptions if one.instrument == own or self.resting(one)]

    # ------------------------------------------------------------------------------ printed

    def text(self, width: int = 100) -> str:
        """For people."""
        instrument = self.program.instruments[0]
        title = instrument.short_title or instrument.title or spaced(instrument.name)
        lines = [f"{title}: what is encoded, and what is not"]
        if instrument.verified is not None:
            against = f" against {instrument.verified_against}" if instrument.verified_against else ""
            lines.extend(
                _wrapped(f"text last verified on {long_date(instrument.verified)}{against}", "", width)
            )
        else:
            lines.append("text not verified")
        lines.extend(["", *self._summary()])
        for kind, sources in self.provisions().items():
            if sources:
                lines.extend(["", "", _HEADINGS[kind].upper()])
            for source, parts in sources.items():
                lines.extend(_wrapped("" if kind == source else f"[{source}]", "  ", width))
                lines.extend(_wrapped(_titles(parts), "      " if kind != source else "  ", width))
        lines.extend(self._doubts(width))
        uncited = self.uncited()
        if uncited:
            lines.extend(["", "", "WITHOUT A CITATION", *_wrapped(_titles(uncited), "  ", width)])
        lines.extend(["", "", "NOT ENCODED"])
        if not instrument.not_encoded:
            lines.append("  the file does not say what it leaves out")
        for topic, why in instrument.not_encoded:
            lines.extend(_wrapped(f"{topic}: {why}", "  ", width))
        return "\n".join(lines) + "\n"

    def _summary(self) -> list[str]:
        answering = [one for one in self.parts if one.what in _ANSWERS]
        counts = [_count(sum(one.what == what for one in answering), what) for what in _ANSWERS]
        lines = [f"encoded: {listed([one for one in counts if one], 'and') or 'nothing'}"]
        for kind in CLASSES:
            number = sum(one.best == kind for one in answering)
            if number:
                lines.append(f"  {number} {'rests' if number == 1 else 'rest'} on {_FIRMNESS[kind]}")
        bare = sum(not one.cites for one in answering)
        if bare:
            lines.append(f"  {bare} without a citation")
        doubtful = sum(bool(one.assumes) for one in answering)
        if doubtful:
            lines.append(f"  {doubtful} of them can turn on how doubtful text is read")
        left = len(self.program.instruments[0].not_encoded)
        lines.append(f"not encoded: {left} {'topic' if left == 1 else 'topics'}")
        return lines

    def _doubts(self, width: int) -> list[str]:
        if not self.assumptions():
            return []
        lines = ["", "", "WHERE THE TEXT IS DOUBTFUL"]
        for one in self.assumptions():
            taken = "; ".join(reading.because for reading in one.readings)
            against = "; ".join(reading.because for reading in one.against)
            lines.extend(_wrapped(f"{spaced(one.name)}: read as: {taken}", "  ", width))
            if against:
                lines.extend(_wrapped(f"it could also be read as: {against}", "      ", width))
            resting = self.resting(one)
            rests = f"rests on it: {_titles(resting)}" if resting else "nothing rests on it"
            lines.extend(_wrapped(rests, "      ", width))
        return lines

    def document(self) -> dict[str, object]:
        """The same as data."""
        instrument = self.program.instruments[0]
        return {
            "policy": self.program.name,
            "verified": instrument.verified.isoformat() if instrument.verified is not None else None,
            "verified_against": instrument.verified_against,
            "provisions": [
                {
                    "source": source,
                    "class": kind,
                    "encoded_by": [{"kind": one.what, "name": one.name} for one in _once(parts)],
                }
                for kind, sources in self.provisions().items()
                for source, parts in sources.items()
            ],
            "encoded": [
                {
                    "kind": one.what,
                    "name": one.name,
                    "label": one.label,
                    "class": one.best,
                    "cites": list(one.cites),
                    "assumes": list(one.assumes),
                }
                for one in self.parts
            ],
            "assumptions": [
                {
                    "name": one.name,
                    "instrument": one.instrument,
                    "readings": [reading.because for reading in one.readings],
                    "against": [reading.because for reading in one.against],
                    "rests_on_it": [part.name for part in self.resting(one)],
                }
                for one in self.assumptions()
            ],
            "without_citation": [{"kind": one.what, "name": one.name} for one in self.uncited()],
            "not_encoded": [{"topic": topic, "because": why} for topic, why in instrument.not_encoded],
        }


_FIRMNESS: dict[Class, str] = {
    "primary": "the text itself",
    "secondary": "accounts of the text, at best",
    "unconfirmed": "sources that nobody has checked, at best",
    "own reading": "the author's own reading alone",
}


def coverage_of_text(program: Program, names: Sequence[str] = ()) -> Coverage:
    """What of the text of a policy is encoded; with names, by the parts called so."""
    parts = [*_header(program), *_lists(program), *_assumed(program), *_answering(program)]
    return Coverage(program, tuple(one for one in parts if not names or one.name in names))


def _header(program: Program) -> Iterable[Encoded]:
    for what, cites in program.instruments[0].line_cites:
        yield Encoded("header", what, what, cites)


def _lists(program: Program) -> Iterable[Encoded]:
    for one in program.lists:
        if one.instrument == program.name:
            yield Encoded("list", one.name, spaced(one.name), one.cites)


def _assumed(program: Program) -> Iterable[Encoded]:
    for one in program.assumptions:
        if one.instrument == program.name:
            cites = [cite for reading in (*one.readings, *one.against) for cite in reading.cites]
            yield Encoded("assumption", one.name, spaced(one.name), tuple(dict.fromkeys(cites)), (one.name,))


def _answering(program: Program) -> list[Encoded]:
    """Clauses, rules and tables in the order of the file."""
    reached = _Reached(program)
    found: list[tuple[int, Encoded]] = []
    for outcome in program.outcomes:
        if outcome.family != "rule":
            bodies = _bodies(outcome)
            texts = (cite for text in outcome.wordings for cite in text.cites)  # of every text, where amended
            cites = (*outcome.cites, *texts, *(cite for body in bodies for cite in cites_in(body)))
            part = Encoded(
                "clause",
                outcome.name,
                outcome.label,
                tuple(dict.fromkeys(cites)),
                reached.assumptions(bodies),
            )
            found.append((outcome.span.start, part))
    for one in program.definitions:
        if one.instrument == program.name and "#" not in one.name and not one.parameters:
            cites = (*one.cites, *cites_in(one.body))
            part = Encoded(
                "table" if one.keys else "rule",
                one.name.rpartition(".")[2],
                one.label,
                tuple(dict.fromkeys(cites)),
                reached.assumptions([one.body]),
            )
            found.append((one.span.start, part))
    return [part for _, part in sorted(found, key=lambda pair: pair[0])]


def _bodies(outcome: Outcome) -> list[Expr]:
    found = [outcome.body, *(one.state for one in outcome.defences)]
    if outcome.schedule is not None:
        schedule = outcome.schedule
        parts = (schedule.anchor, schedule.recurs, schedule.event, schedule.last)
        found.extend(one for one in parts if one is not None)
    return found


class _Reached:
    """The assumptions that expressions rest on, through all definitions that they call."""

    def __init__(self, program: Program) -> None:
        self._definitions: dict[str, Definition] = {one.name: one for one in program.definitions}
        self._order = [one.name for one in program.assumptions]
        self._found: dict[str, frozenset[str]] = {}
        for one in program.definitions:  # each stands after those it calls
            self._found[one.name] = self._in([one.body])

    def assumptions(self, bodies: Sequence[Expr]) -> tuple[str, ...]:
        """Their names, in the order of the file."""
        found = self._in(bodies)
        return tuple(name for name in self._order if name in found)

    def _in(self, bodies: Sequence[Expr]) -> frozenset[str]:
        names: set[str] = set()
        for body in bodies:
            for node in every(body):
                if isinstance(node, Assumed):
                    names.add(node.name)
                elif isinstance(node, Call):
                    names |= self._found.get(node.definition, frozenset())
        return frozenset(names)


# ------------------------------------------------------------------------------ words


def _once(parts: Iterable[Encoded]) -> list[Encoded]:
    return list({(one.what, one.name): one for one in parts}.values())


def _titles(parts: Iterable[Encoded]) -> str:
    """Parts by kind: `clause “Export duties”; rules “eligible” and “credit”`."""
    by_kind: dict[str, list[str]] = {}
    for one in _once(parts):
        by_kind.setdefault(one.what, []).append(one.title)
    return "; ".join(_together(what, titles) for what, titles in by_kind.items())


def _together(what: str, titles: list[str]) -> str:
    if len(titles) == 1 or what == "header":
        return "; ".join(titles)
    return f"{what}s {listed([one.removeprefix(f'{what} ') for one in titles], 'and')}"


def _count(number: int, what: str) -> str:
    return "" if number == 0 else f"1 {what}" if number == 1 else f"{number} {what}s"


def _natural(source: str) -> list[tuple[int, int, str]]:
    """A source so that 9 stands before 10."""
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part.lower())
        for part in re.findall(r"\d+|\D+", source)
    ]


def _wrapped(text: str, indent: str, width: int) -> list[str]:
    return in_lines(text, width, indent, indent + "    ")
