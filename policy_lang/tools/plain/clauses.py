"""Clauses, one template for each family: what the text says, then what is asked to decide it."""

from __future__ import annotations

from typing import assert_never

import attrs

from policy_lang.program.core import (
    Absent,
    And,
    Call,
    Case,
    Choose,
    Const,
    Expr,
    Force,
    Outcome,
    Program,
)
from policy_lang.program.phrasing import Phrasing
from policy_lang.program.sentences import listed
from policy_lang.program.titles import (
    a_or_an,
    actor_of,
    capital,
    country_name,
    long_date,
    spaced,
)
from policy_lang.tools.plain.clause_parts import (
    beyond_grant,
    code_of,
    difference,
    first_due,
    force_day,
    grant_words,
    is_always,
    schedule_of,
    versions_of,
    word_of,
)
from policy_lang.tools.plain.points import Block, Item, Point
from policy_lang.tools.plain.rules import window_words
from policy_lang.tools.plain.values import quoted
from policy_lang.tools.plain.voice import Voice, spaced_name

_VERBS: dict[Force | None, str] = {
    "binding": "shall",
    "best endeavours": "shall endeavour to",
    "hortatory": "should",
    "political": "intend to",
    "permission": "may",
}


_DATE = "the date asked about is "


def clause_item(program: Program, outcome: Outcome, voice: Voice) -> Item:
    """A clause with everything that the core has of it."""
    teller = _Clause(program, outcome, voice.about(outcome.subject))
    force = f"; {outcome.force}" if outcome.force not in (None, "binding") else ""
    name = spaced(outcome.name)
    title = (
        outcome.label if outcome.label.lower() == name else f"{outcome.label} ({quoted(outcome.name)}{force})"
    )
    if outcome.label.lower() == name and force:
        title += f" ({outcome.force})"
    return Item("clause", outcome.name, title, tuple(teller.blocks()), outcome.cites)


class _Clause:
    """Says one clause."""

    def __init__(self, program: Program, outcome: Outcome, voice: Voice) -> None:
        self.program = program
        self.outcome = outcome
        self.voice = voice
        self.phrasing = outcome.phrasing or Phrasing()
        self.instrument = next((i for i in program.instruments if i.name == outcome.instrument), None)
        self.actor = actor_of(outcome.actor, self.instrument)
        body = outcome.body
        is_choice = isinstance(body, Choose) and body.mode == "first"
        self.cases: tuple[Case, ...] = body.cases if isinstance(body, Choose) and is_choice else ()
        self.default: Expr = body.default if isinstance(body, Choose) and is_choice else body

    def blocks(self) -> list[Block]:
        """The sentences of the clause; where its conditions change by date, those of each text."""
        versions = versions_of(self.outcome.body)
        if len(versions) == 1:
            return self._blocks()
        found: list[Block] = []
        for start, until, body in versions:
            one = _Clause(self.program, attrs.evolve(self.outcome, body=body), self.voice)
            parts = [block for block in one._conditions() if isinstance(block, Point)]
            found.append(Point(capital(f"as the text reads {window_words(start, until)}"), tuple(parts)))
        return [*self._opening(), *found, *self._priorities(), *self._promises()]

    def _opening(self) -> list[Block]:
        """How the clause is put, in the text of today."""
        grant = self.phrasing.grant
        if grant is not None:
            return [Point(capital(grant_words(grant, self.voice)))]
        return [Point(f"{capital(self.actor.words)}: {self.outcome.act}")] if self.outcome.act else []

    def _conditions(self) -> list[Block]:
        """When the clause gives which answer, without the words of any form."""
        found: list[Block] = []
        for case in self.cases:
            if isinstance(case.value, Absent):
                found.append(self.voice.point(case.when, f"{case.value.reason}, when", case.cites))
            else:
                test = self._inlined(case.when) or case.when
                found.append(
                    self.voice.point(test, f"{self.voice.words(case.value).strip('“”')}, when", case.cites)
                )
        last = self.default
        words = last.reason if isinstance(last, Absent) else self.voice.words(last).strip("“”")
        found.append(Point(f"in every other case, {words}"))
        return found

    def _blocks(self) -> list[Block]:
        own: list[Block]
        match self.outcome.family:
            case "status":
                own = self._status()
            case "prohibition":
                own = self._permission() if self._permits() else self._prohibition()
            case "obligation":
                own = self._obligation()
            case "undertaking":
                own = self._undertaking()
            case "flag":
                own = self._flag()
            case "rule":
                own = []
            case _:
                assert_never(self.outcome.family)
        return [
            *own,
            *self._window(),
            *self._suspended(),
            *self._excluded(),
            *self._priorities(),
            *self._promises(),
        ]

    # ------------------------------------------------------------------------------ families

    def _status(self) -> list[Block]:
        grant = self.phrasing.grant
        test = next((c.when for c in self.cases if word_of(c) == "granted"), None)
        body = self._inlined(test)
        if grant is None or body is None:
            return [Point("a status is granted here")]
        sentence = capital(grant_words(grant, self.voice))
        more = beyond_grant(body, grant)
        if not more:
            return [Point(sentence)]
        condition = more[0] if len(more) == 1 else And(tuple(more))
        return [self.voice.point(condition, f"{sentence}, when")]

    def _inlined(self, node: Expr | None) -> Expr | None:
        """The condition behind the definition that a clause has for itself."""
        if isinstance(node, Call):
            definition = next((d for d in self.program.definitions if d.name == node.definition), None)
            return definition.body if definition is not None else None
        return node

    def _prohibition(self) -> list[Block]:
        act, goods = self._act(), self.voice.goods(self.phrasing.goods) or "any goods"
        verb = "shall" if self.actor.is_negative else "shall not"
        what = f"{self.phrasing.verb} any {act}" if self.phrasing.verb else act
        sentence = f"{self.actor.words} {verb} {what} on {goods}{self._direction()}"
        found: list[Block] = [Point(capital(sentence))]
        breach = next((c for c in self.cases if word_of(c) == "breached"), None)
        if breach is not None:
            found.append(self.voice.point(breach.when, f"{capital(self._any())} is in breach of this when"))
            scope = next((c for c in self.cases if word_of(c) == "complied" and c.when != breach.when), None)
            last = difference(breach.when, self.cases[-1].when) if scope is not None else []
            if last:
                less = self.voice.condition(last[0] if len(last) == 1 else And(tuple(last)), False)
                found.append(
                    Point(
                        f"Where all of that holds except that {less}, this is complied with; any other "
                        f"{quoted(self.outcome.subject or 'act')} is outside this clause"
                    )
                )
        found.extend(self._permitted())
        found.extend(self._defences())
        return found

    def _permitted(self) -> list[Block]:
        return [
            Point(f"What “{other.label}” permits is no breach of this")
            for other in self.program.outcomes
            if other.phrasing is not None and other.phrasing.beats == self.outcome.name
        ]

    def _defences(self) -> list[Block]:
        found: list[Block] = []
        cases = [c for c in self.cases if word_of(c) == "justified"]
        for n, defence in enumerate(self.outcome.defences):
            cites = cases[n].cites if n < len(cases) else ()
            opening = f"A breach is justified under “{defence.label}”"
            state = defence.state
            if not isinstance(state, Choose):
                found.append(Point(opening, cites=cites))
                continue
            made_out = next((c for c in state.cases if word_of(c) == "made out"), None)
            invoked = any(word_of(c) == "not invoked" for c in state.cases)
            if invoked:
                opening += " if it has been invoked"
            is_bare = made_out is None or is_always(made_out.when)
            if is_bare or made_out is None:
                found.append(Point(opening + ("; nothing else is asked" if invoked else ""), cites=cites))
                continue
            joint = "and when" if invoked else "when"
            found.append(self.voice.point(made_out.when, f"{opening} {joint}", cites))
        return found

    def _permission(self) -> list[Block]:
        act, goods = self._act(), self.voice.goods(self.phrasing.goods) or "any goods"
        what = f"{self.phrasing.verb} {a_or_an(act)}" if self.phrasing.verb else act
        found: list[Block] = [Point(capital(f"{self.actor.words} may {what} on {goods}{self._direction()}"))]
        permitted = next((c for c in self.cases if word_of(c) == "permitted"), None)
        if permitted is not None:
            found.append(
                self.voice.point(permitted.when, f"{capital(self._any())} is permitted by this when")
            )
        if self.phrasing.beats:
            beaten = next((o for o in self.program.outcomes if o.name == self.phrasing.beats), None)
            title = beaten.label if beaten is not None else spaced(self.phrasing.beats)
            found.append(Point(f"What is permitted here is no breach of “{title}”"))
        return found

    def _any(self) -> str:
        """What the clause is about, whichever it is."""
        return f"any {quoted(self.outcome.subject or 'case')}"

    def _act(self) -> str:
        return spaced(self.phrasing.act) if self.phrasing.act else self.outcome.act

    def _direction(self) -> str:
        if not self.phrasing.direction:
            return ""
        to = country_name(self.phrasing.counterpart) if self.phrasing.counterpart else "the other party"
        return f" {self.phrasing.direction} {to}"

    def _obligation(self) -> list[Block]:
        schedule = self.outcome.schedule
        assert schedule is not None
        act, considering = self._deed()
        found: list[Block] = [
            Point(f"{capital(self._does())} {act} {schedule_of(schedule)}{considering}", cites=())
        ]
        if schedule.recurs is not None:
            found.append(self.voice.point(schedule.recurs, "It falls due again only while"))
        first = first_due(schedule)
        if first is not None:
            first_word = "first " if schedule.every is not None else ""
            found.append(Point(f"It {first_word}falls due on {long_date(first)}"))
        if schedule.last is not None and not isinstance(schedule.last, Const):
            found.append(Point(f"It does not fall due after {self.voice.words(schedule.last)}"))
        if schedule.event is not None:
            label = f" ({schedule.event_label})" if schedule.event_label else ""
            days = f"the days that the facts give for “{schedule.event_words}”{label}"
            found.append(Point(f"It counts as done on {days}"))
        elif self.outcome.force == "binding":
            found.append(Point("Nothing in the facts can show that it was done"))
        if self.outcome.force != "binding":
            found.append(Point("It does not bind: when the date has passed, nobody is in breach"))
        found.extend(
            self.voice.point(case.when, "This holds only when", holds=False)
            for case in self.cases
            if code_of(case) == "out-of-scope"
        )
        return found

    def _deed(self) -> tuple[str, str]:
        """What is to be done, and what is to be considered in doing it."""
        act, mark, rest = self.outcome.act.partition(" (considering ")
        return act, f", considering {rest.removesuffix(')')}" if mark else ""

    def _does(self) -> str:
        verb = self.phrasing.verb or _VERBS.get(self.outcome.force, "shall")
        return self.actor.does(verb)

    def _undertaking(self) -> list[Block]:
        if self.phrasing.verb in _VERBS.values():
            act, considering = self._deed()
            sentence = f"{self._does()} {act}{considering}"
        else:
            sentence = self.actor.does(self.outcome.act)
        scope = next((c for c in self.cases if word_of(c) == "applies"), None)
        goods = f" with respect to {self.voice.goods(self.phrasing.goods)}" if self.phrasing.goods else ""
        found: list[Block] = [Point(f"{capital(sentence)}{goods}")]
        if scope is not None:
            opening = f"This applies to {self._any()} when" if self.outcome.subject else "This applies when"
            found.append(self.voice.point(scope.when, opening))
        return found

    def _flag(self) -> list[Block]:
        raised = next((c for c in self.cases if word_of(c) == "raised"), None)
        thing = capital(self._any())
        name = f"“{self.outcome.act.removeprefix('flag ')}”"
        if raised is None:
            return [Point(f"{thing} is flagged as {name}")]
        return [
            self.voice.point(raised.when, f"{thing} is flagged as {name} when"),
            Point("A flag points at facts that matter; it does not say that anybody is in breach"),
        ]

    # ------------------------------------------------------------------------------ windows and priorities

    def _window(self) -> list[Block]:
        """The days on which this clause applies, where they are not those of the instrument."""
        start = until = None
        for case in self.cases:
            day = force_day(case)
            if day is None or self.instrument is None:
                continue
            if code_of(case) == "not-yet-in-force" and day != self.instrument.in_force:
                start = day
            elif code_of(case) == "ended" and day != self.instrument.until:
                until = day
        if start is None and until is None:
            return []
        return [Point(f"This clause applies {window_words(start, until)}")]

    def _suspended(self) -> list[Block]:
        """The days on which only this clause is suspended; those of the instrument stand in its header."""
        whole = self.instrument.suspended if self.instrument is not None else ()
        known = {f"{_DATE}{window_words(*days)}" for days in whole}
        found: list[Block] = []
        for case in self.cases:
            if isinstance(case.value, Absent) and case.value.reason == "suspended":
                when = self.voice.condition(case.when)
                is_days = when.startswith(_DATE)
                days = when.removeprefix(_DATE) if is_days else f"when {when}"
                if when not in known:
                    found.append(Point(f"This clause is suspended {days}", cites=case.cites))
        return found

    def _excluded(self) -> list[Block]:
        return [
            self.voice.point(case.when, "This clause does not apply when", case.cites)
            for case in self.cases
            if code_of(case) == "excluded"
        ]

    def _priorities(self) -> list[Block]:
        found: list[Block] = []
        for case in self.cases:
            if code_of(case) == "gives-way" and isinstance(case.when, Call):
                title = self._title(case.when.definition)
                found.append(Point(f"This clause is subject to “{title}”: where that applies, this does not"))
        own = f"{self.outcome.instrument}.{self.outcome.name}#applies"
        for other in self.program.outcomes:
            gives_way = isinstance(other.body, Choose) and any(
                code_of(case) == "gives-way" and isinstance(case.when, Call) and case.when.definition == own
                for case in other.body.cases
            )
            if gives_way:
                found.append(
                    Point(f"This clause prevails over “{other.label}”: where this applies, that does not")
                )
        return found

    def _promises(self) -> list[Block]:
        """What the clause says that it leaves as it is."""
        found: list[Block] = []
        for promise in self.program.promises:
            if promise.clause == self.outcome.name:
                if promise.kind == "greater certainty":
                    found.append(Point("This is said for greater certainty: it changes no answer"))
                else:
                    titles = [f"“{self._title(one)}”" for one in promise.keeps]
                    found.append(Point(f"This is without prejudice to {listed(titles, 'and')}"))
                if not promise.kept:
                    found.append(Point("That this is so has not been proved for all facts"))
        return found

    def _permits(self) -> bool:
        return bool(self.phrasing.beats) or any(word_of(case) == "permitted" for case in self.cases)

    def _title(self, definition: str) -> str:
        name = spaced_name(definition.partition("#")[0])
        other = next((o for o in self.program.outcomes if o.name == name), None)
        return other.label if other is not None else spaced(name)
