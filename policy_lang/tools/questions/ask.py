"""What still has to be asked before some outcomes can be decided: of whom, and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from attrs import define, field, frozen

from policy_lang.policy import DecidedOutcome, Decision
from policy_lang.program.answers import answer_words
from policy_lang.program.asking import (
    answer_kind,
    case_question,
    field_question,
    plain_name,
    territory_question,
)
from policy_lang.program.core import Bounds, Case, Definition, Fact, Instrument, Program, Schedule
from policy_lang.program.events import RECEIVED
from policy_lang.program.findings import located
from policy_lang.program.schema import Schema, every
from policy_lang.program.sentences import listed, short_name
from policy_lang.program.trace import Element, OutcomeTrace, Place, Trace
from policy_lang.program.types import Dates, ListOf, Type, YesNo
from policy_lang.program.values import Absence

Role: TypeAlias = Literal["fact", "list", "event", "determination", "territory"]

_MOST_NAMED = 4  # outcomes, rules or citations in one sentence; the JSON document has them all
_MOST_PLACES = 6


@frozen
class Question:
    """One thing to be asked. `path` has no places in lists; `where` names the elements it is open for.

    `where` is empty for a fact in no list, and for every element of a list that is not given.
    """

    path: str
    words: str
    type: Type
    kind: str
    role: Role
    whom: str
    also: str  # what belongs to the answer; empty for a plain fact
    needed_by: tuple[str, ...]  # names of outcomes
    way: tuple[str, ...]  # labels of the rules and clauses that look at the fact themselves
    cites: tuple[str, ...]  # from there up to the outcomes
    where: tuple[str, ...] = ()
    bounds: Bounds = field(factory=Bounds)
    optional: bool = False


@frozen
class Standing:
    """How an outcome that was asked for stands now: its answer, and whether any question could still change it."""

    name: str
    label: str
    state: str
    answer: str
    is_open: bool
    note: str = ""  # why no fact can decide it, where that is so


@frozen
class QuestionList:
    """Every open question of a decision, the most needed first, with the facts that are there already."""

    decision: Decision
    given: Mapping[str, object]
    questions: tuple[Question, ...]
    standings: tuple[Standing, ...]

    @property
    def program(self) -> Program:
        """The program that decides."""
        return self.decision.policy.program

    @property
    def instrument(self) -> Instrument:
        """The instrument that is asked about."""
        return self.program.instruments[0]

    @property
    def title(self) -> str:
        """The instrument as people call it."""
        return self.instrument.short_title or self.instrument.title or plain_name(self.instrument.name)

    def label(self, outcome: str) -> str:
        """An outcome as people call it."""
        return self.decision.outcomes[outcome].label or plain_name(outcome)

    def why(self, question: Question) -> str:
        """Why a question matters, in one sentence."""
        needed = _some([self.label(name) for name in question.needed_by])
        if question.way:
            return f"It bears on {_some(question.way)}, and so decides {needed}."
        return f"It decides {needed}."

    def sources(self, question: Question) -> str:
        """The citations on the way, as many as a reader will look up."""
        shown = " ".join(f"[{cite}]" for cite in question.cites[:_MOST_NAMED])
        others = len(question.cites) - _MOST_NAMED
        return f"{shown} and {others} more" if others > 0 else shown

    def places(self, question: Question) -> str:
        """The elements of lists that a question is open for."""
        shown, left = question.where[:_MOST_PLACES], question.where[_MOST_PLACES:]
        return "; ".join(shown) + (f"; and {len(left)} more" if left else "")


def _some(words: tuple[str, ...] | list[str]) -> str:
    shown = [f"“{one}”" for one in words[:_MOST_NAMED]]
    if len(words) > _MOST_NAMED:
        shown.append(f"{len(words) - _MOST_NAMED} more")
    return listed(shown, "and")


def ask(decision: Decision, given: Mapping[str, object]) -> QuestionList:
    """What still has to be asked for the outcomes of a decision; `given` are the facts it was made on."""
    reasons: dict[str, _Why] = {}
    facts = _Asked(decision.policy.program)
    standings = []
    for name, outcome in decision.outcomes.items():
        needs = _needs(outcome)
        standings.append(_standing(decision, outcome, frozenset(one for one in needs if facts.is_known(one))))
        if needs:
            _follow(decision.tracer.outcome(name), needs, reasons)
    questions = [
        facts.question(path, reasons[path]) for path in decision.ordered(reasons) if facts.is_known(path)
    ]
    return QuestionList(decision, given, tuple(questions), tuple(standings))


def _needs(outcome: DecidedOutcome) -> frozenset[str]:
    """What an outcome needs, and what the defences that may justify it need."""
    defences = [one["needs"] for one in outcome.defences]
    return frozenset(outcome.needs).union(*(one for one in defences if isinstance(one, list)))


def _standing(decision: Decision, outcome: DecidedOutcome, answerable: frozenset[str]) -> Standing:
    program = decision.policy.program
    declared = next(one for one in program.outcomes if one.name == outcome.name)
    note = ""
    if outcome.reasons:
        note = "; ".join(dict.fromkeys(one["message"] for one in outcome.reasons))
    elif outcome.state == "undetermined" and not answerable:
        note = "nothing in the policy says what would show that it was done, so no fact can decide it"
    label = outcome.label or plain_name(outcome.name)
    answer = answer_words(outcome, declared.type)
    return Standing(outcome.name, label, outcome.state, answer, bool(answerable), note)


# ------------------------------------------------------------------------------------ why


@define(eq=False)
class _Why:
    """Which outcomes need a fact, and what stands between."""

    needed_by: list[str] = field(factory=list)
    way: dict[str, None] = field(factory=dict)
    cites: dict[str, None] = field(factory=dict)
    where: dict[str, None] = field(factory=dict)


@frozen(eq=False)
class _Way:
    """A way down from an outcome: the rule or clause it has come to, and what that and all above it cite."""

    label: str = ""
    cites: tuple[str, ...] = ()


def _follow(told: OutcomeTrace, needs: frozenset[str], reasons: dict[str, _Why]) -> None:
    """Follows what is open from an outcome down to the facts, and notes the rules that look at them."""
    for need in needs:
        reasons.setdefault(need, _Why()).needed_by.append(told.outcome.name)
    own = {told.outcome.label, plain_name(told.outcome.name)}
    top = _Way("", told.outcome.cites)
    parts = (told.body, told.at, told.anchor, told.recurs, *told.defences)
    waiting = [(one, top) for one in reversed(parts) if one is not None]
    seen: set[int] = set()
    noted: set[str] = set()
    while waiting:
        trace, way = waiting.pop()
        if id(trace) in seen:
            continue
        seen.add(id(trace))
        way = _further(trace, way, own)
        below = [one for one in _open_below(trace) if needs & _needs_in(one)]
        here = needs & _needs_in(trace)
        for need in here - frozenset[str]().union(*(_needs_in(one) for one in below)):
            noted.add(need)
            why = reasons[need]
            if way.label:
                why.way[way.label] = None
            why.cites.update(dict.fromkeys(way.cites))
            if isinstance(trace.node, Fact) and _is_in_a_list(trace.place):
                why.where[plain_name(located(trace.place))] = None
        waiting.extend((one, way) for one in reversed(below))
    for need in needs - noted:  # an event is looked at by the duty itself
        reasons[need].cites.update(dict.fromkeys(told.outcome.cites))


def _further(trace: Trace, way: _Way, own: set[str]) -> _Way:
    """The way with this step added: a rule has a name, and cases have citations of their own."""
    node = trace.node
    if isinstance(node, Definition) and node.parameters:
        return way  # one of many grants of a status: the rule that asks for it is named
    if isinstance(node, Definition):
        label = node.label or short_name(node.name)
        is_own = bool(own & {label, short_name(node.name)})
        return _Way(way.label if is_own else label, tuple(dict.fromkeys((*trace.cites, *way.cites))))
    if isinstance(node, Case) and trace.cites:
        return _Way(way.label, tuple(dict.fromkeys((*trace.cites, *way.cites))))
    return way


def _is_in_a_list(place: Place | None) -> bool:
    """Whether a record stands at a known place in a list; no for any element of a list that is not known."""
    indexes = []
    while place is not None:
        indexes.append(place.index)
        place = place.parent
    return 0 not in indexes and any(one is not None for one in indexes)


def _open_below(trace: Trace) -> tuple[Trace, ...]:
    """The parts of a step in which something may still be open that matters."""
    match trace.node:
        case Case():  # its value counts unless its condition fails
            return trace.children[:1] if trace.children[0].value is False else trace.children
        case Element():
            return () if trace.value is False else trace.children
        case _:
            return trace.children


def _needs_in(trace: Trace) -> frozenset[str]:
    """What is open in a step; of a case or an element also what is open in its parts."""
    if isinstance(trace.node, (Case, Element)):
        return frozenset[str]().union(*(_needs_in(one) for one in _open_below(trace)))
    value = trace.value
    return value.needs if isinstance(value, Absence) and value.reason == "unknown" else frozenset()


# ------------------------------------------------------------------------------------ what


@define(eq=False, slots=False)
class _Asked:
    """The facts of a program by the paths under which they are needed."""

    program: Program
    schema: Schema = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.schema = Schema(self.program)
        self._fields = {
            f"{self.schema.path(record.name)}.{one.name}": (record, one)
            for record in self.program.records
            for one in record.fields
        }
        self._case = {fact.name: fact for fact in self.program.case_facts}

    def is_known(self, path: str) -> bool:
        """Whether facts can answer this; an assumption is no fact."""
        return path in self._fields or path in self._case or path.startswith("territories.")

    def question(self, path: str, why: _Why) -> Question:
        """The question for one path."""
        needed, way, cites = tuple(why.needed_by), tuple(why.way), tuple(why.cites)
        if path in self._fields:
            record, one = self._fields[path]
            role: Role = "list" if isinstance(one.type, ListOf) else "fact"
            if one.determination:
                role = "determination"
            return Question(
                path,
                field_question(one, record.name),
                one.type,
                answer_kind(one.type, one.bounds, optional=one.optional),
                role,
                self._whom(path, role),
                _ALSO[role],
                needed,
                way,
                cites,
                tuple(why.where),
                one.bounds,
                one.optional,
            )
        if path in self._case:
            fact = self._case[path]
            role = "event" if isinstance(fact.type, Dates) else "fact"
            if fact.determination:
                role = "determination"
            words, kind = case_question(fact), answer_kind(fact.type)
        else:
            fact, role = None, "territory"
            words, kind = territory_question(path.partition(".")[2]), answer_kind(YesNo())
        return Question(
            path,
            words,
            fact.type if fact is not None else YesNo(),
            kind,
            role,
            self._whom(path, role),
            _ALSO[role],
            needed,
            way,
            cites,
        )

    def _whom(self, path: str, role: Role) -> str:
        match role:
            case "determination":
                return "the authority or person who has to decide it"
            case "territory":
                return "counsel, from the text of the instrument"
            case "fact" | "list":
                return "whoever keeps the records"
            case "event":
                return self._acting(path)

    def _acting(self, event: str) -> str:
        """Who does what an event records: the party whose it is, whoever owes it, else all parties."""
        _, _, whose = event.partition(".")
        if whose.endswith(RECEIVED):
            return "whoever received it"
        if whose:
            return self._named(whose, self.program.instruments[0].name)
        owed = [
            one
            for one in self.program.outcomes
            if one.schedule is not None and _speaks_of(one.schedule, event)
        ]
        actors = [self._named(one.actor, one.instrument) for one in owed if one.actor]
        is_framework = self.program.instruments[0].kind == "framework"
        return listed(list(dict.fromkeys(actors)), "and") or (
            "the participants" if is_framework else "the parties"
        )

    def _named(self, actor: str, instrument: str) -> str:
        """A party by its name, where the text names it by its code."""
        own = next(
            (one for one in self.program.instruments if one.name == instrument), self.program.instruments[0]
        )
        names = dict(own.parties)
        return f"{names[actor]} ({actor})" if names.get(actor) else actor


def _speaks_of(schedule: Schedule, event: str) -> bool:
    """Whether the dates of this event discharge a duty."""
    parts = every(schedule.event) if schedule.event is not None else []
    return any(isinstance(one, Fact) and one.field == event for one in parts)


_ALSO: dict[Role, str] = {
    "fact": "",
    "list": "the list has to be complete",
    "event": "all dates up to the date asked about",
    "determination": "it is decided by somebody, not worked out here: say who decided it, and when",
    "territory": "",
}
