"""Clauses, one template for each family: what the text says, then what is asked to decide it."""

from __future__ import annotations

import datetime
from typing import assert_never

import attrs

from policy_lang.program.core import (
    Absent,
    And,
    At,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Expr,
    Fact,
    Force,
    Member,
    Outcome,
    Program,
    Schedule,
)
from policy_lang.program.dates import DateOutOfRangeError, NoSuchDayError, add_period
from policy_lang.program.phrasing import Grant, Phrasing
from policy_lang.program.sentences import listed, schedule_words
from policy_lang.program.titles import (
    a_or_an,
    actor_of,
    capital,
    country_name,
    long_date,
    long_dates,
    spaced,
    with_article,
)
from policy_lang.program.types import Country
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
        return [*own, *self._window(), *self._excluded(), *self._priorities(), *self._promises()]

    # ------------------------------------------------------------------------------ families

    def _status(self) -> list[Block]:
        grant = self.phrasing.grant
        test = next((c.when for c in self.cases if _word(c) == "granted"), None)
        body = self._inlined(test)
        if grant is None or body is None:
            return [Point("a status is granted here")]
        sentence = capital(grant_words(grant, self.voice))
        more = _beyond_grant(body, grant)
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
        breach = next((c for c in self.cases if _word(c) == "breached"), None)
        if breach is not None:
            found.append(self.voice.point(breach.when, f"{capital(self._any())} is in breach of this when"))
            scope = next((c for c in self.cases if _word(c) == "complied" and c.when != breach.when), None)
            last = _difference(breach.when, self.cases[-1].when) if scope is not None else []
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
        cases = [c for c in self.cases if _word(c) == "justified"]
        for n, defence in enumerate(self.outcome.defences):
            cites = cases[n].cites if n < len(cases) else ()
            opening = f"A breach is justified under “{defence.label}”"
            state = defence.state
            if not isinstance(state, Choose):
                found.append(Point(opening, cites=cites))
                continue
            made_out = next((c for c in state.cases if _word(c) == "made out"), None)
            invoked = any(_word(c) == "not invoked" for c in state.cases)
            if invoked:
                opening += " if it has been invoked"
            is_bare = made_out is None or _is_always(made_out.when)
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
        permitted = next((c for c in self.cases if _word(c) == "permitted"), None)
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
            Point(f"{capital(self._does())} {act} {_schedule(schedule)}{considering}", cites=())
        ]
        if schedule.recurs is not None:
            found.append(self.voice.point(schedule.recurs, "It falls due again only while"))
        first = _first_due(schedule)
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
            if _code(case) == "out-of-scope"
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
        scope = next((c for c in self.cases if _word(c) == "applies"), None)
        goods = f" with respect to {self.voice.goods(self.phrasing.goods)}" if self.phrasing.goods else ""
        found: list[Block] = [Point(f"{capital(sentence)}{goods}")]
        if scope is not None:
            opening = f"This applies to {self._any()} when" if self.outcome.subject else "This applies when"
            found.append(self.voice.point(scope.when, opening))
        return found

    def _flag(self) -> list[Block]:
        raised = next((c for c in self.cases if _word(c) == "raised"), None)
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
            day = _force_day(case)
            if day is None or self.instrument is None:
                continue
            if _code(case) == "not-yet-in-force" and day != self.instrument.in_force:
                start = day
            elif _code(case) == "ended" and day != self.instrument.until:
                until = day
        if start is None and until is None:
            return []
        return [Point(f"This clause applies {window_words(start, until)}")]

    def _excluded(self) -> list[Block]:
        return [
            self.voice.point(case.when, "This clause does not apply when", case.cites)
            for case in self.cases
            if _code(case) == "excluded"
        ]

    def _priorities(self) -> list[Block]:
        found: list[Block] = []
        for case in self.cases:
            if _code(case) == "gives-way" and isinstance(case.when, Call):
                title = self._title(case.when.definition)
                found.append(Point(f"This clause is subject to “{title}”: where that applies, this does not"))
        own = f"{self.outcome.instrument}.{self.outcome.name}#applies"
        for other in self.program.outcomes:
            gives_way = isinstance(other.body, Choose) and any(
                _code(case) == "gives-way" and isinstance(case.when, Call) and case.when.definition == own
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
        return bool(self.phrasing.beats) or any(_word(case) == "permitted" for case in self.cases)

    def _title(self, definition: str) -> str:
        name = spaced_name(definition.partition("#")[0])
        other = next((o for o in self.program.outcomes if o.name == name), None)
        return other.label if other is not None else spaced(name)


# ------------------------------------------------------------------------------ parts


def grant_words(grant: Grant, voice: Voice) -> str:
    """`Japan is treated as a free trade partner of the United States with respect to cobalt`."""
    countries = [country_name(one) for one in grant.countries]
    are, status = "is" if len(countries) == 1 else "are each", a_or_an(spaced(grant.status))
    words = f"{listed(countries, 'and')} {are} treated as {status} of {country_name(grant.partner)}"
    words += f" with respect to {voice.goods(grant.goods) or 'all goods'}"
    purposes = [f"the {spaced(one)}" for one in grant.purposes]
    words += f", for the purposes of {listed(purposes, 'and')}" if purposes else ", for every purpose"
    if grant.designation:
        words += f", by designation of {with_article(grant.designation)}"
    return words


def _beyond_grant(body: Expr, grant: Grant) -> list[Expr]:
    """What a grant asks besides the country and the goods, which its sentence names."""
    parts: list[Expr] = list(body.operands) if isinstance(body, And) else [body]
    if parts and _is_country_test(parts[0]):
        del parts[0]
        if grant.goods and parts:
            del parts[0]
    return parts


def _is_country_test(node: Expr) -> bool:
    match node:
        case Compare(comparison="eq", left=Fact(type=Country())) | Member(operand=Fact(type=Country())):
            return True
        case _:
            return False


def _word(case: Case) -> str:
    return str(case.value.value) if isinstance(case.value, Const) else ""


def _code(case: Case) -> str:
    return case.value.code if isinstance(case.value, Absent) else ""


def _is_always(node: Expr) -> bool:
    return isinstance(node, Const) and node.value is True


def _force_day(case: Case) -> datetime.date | None:
    match case.when:
        case Compare(left=At(), right=Const(value=datetime.date() as day)):
            return day
        case _:
            return None


def _difference(whole: Expr, part: Expr) -> list[Expr]:
    """What the longer condition asks more than the shorter."""
    longer = whole.operands if isinstance(whole, And) else (whole,)
    shorter = part.operands if isinstance(part, And) else (part,)
    return [one for one in longer if one not in shorter] if set(shorter) <= set(longer) else []


def _schedule(schedule: Schedule) -> str:
    words = long_dates(schedule_words(attrs.evolve(schedule, recurs=None)))
    anchor = schedule.anchor
    if isinstance(anchor, Const) and isinstance(anchor.value, datetime.date):
        if schedule.anchor_words in ("entry into force", "signature"):
            day = long_date(anchor.value)
            words = words.replace(schedule.anchor_words, f"{schedule.anchor_words} ({day})", 1)
    return words


def _first_due(schedule: Schedule) -> datetime.date | None:
    anchor = schedule.anchor
    if not isinstance(anchor, Const) or not isinstance(anchor.value, datetime.date):
        return None
    if schedule.first is None or schedule.month_day is not None:
        return None
    years, months, days = schedule.first
    way = -1 if schedule.backwards else 1
    try:
        return add_period(anchor.value, (way * years, way * months, way * days), schedule.rounding)
    except (NoSuchDayError, DateOutOfRangeError):
        return None
