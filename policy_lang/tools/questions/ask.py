"""What still has to be asked before some outcomes can be decided: of whom, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, TypeAlias

from attrs import define, field, frozen

from policy_lang.policy import DecidedOutcome, Decision
from policy_lang.program.asking import (
    answer_kind,
    case_question,
    field_question,
    plain_name,
    territory_question,
)
from policy_lang.program.core import Bounds, Case, Definition, Program
from policy_lang.program.schema import Schema
from policy_lang.program.sentences import listed, short_name
from policy_lang.program.trace import OutcomeTrace, Trace
from policy_lang.program.types import Dates, ListOf, Type, YesNo
from policy_lang.program.values import Absence

Role: TypeAlias = Literal["fact", "list", "event", "determination", "territory"]

_MOST_ON_THE_WAY = 4


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
    ask: str  # of whom, and what belongs to the answer; empty for a plain fact
    needed_by: tuple[str, ...]  # names of outcomes
    way: tuple[str, ...]  # labels of the rules and clauses between those outcomes and the fact
    cites: tuple[str, ...]
    where: tuple[str, ...] = ()
    bounds: Bounds = field(factory=Bounds)
    optional: bool = False


@frozen
class QuestionList:
    """Every open question of a decision, the most needed first, with the facts that are there already."""

    decision: Decision
    given: Mapping[str, object]
    questions: tuple[Question, ...]

    @property
    def program(self) -> Program:
        return self.decision.policy.program

    def label(self, outcome: str) -> str:
        """An outcome as people call it."""
        return self.decision.outcomes[outcome].label or plain_name(outcome)

    def why(self, question: Question) -> str:
        """Why a question matters, in one sentence."""
        needed = listed([f"“{self.label(name)}”" for name in question.needed_by], "and")
        shown, left = question.way[:_MOST_ON_THE_WAY], question.way[_MOST_ON_THE_WAY:]
        more = f" and {len(left)} more" if left else ""
        way = f", by way of {', '.join(f'“{one}”' for one in shown)}{more}" if shown else ""
        cites = "".join(f" [{cite}]" for cite in question.cites[:_MOST_ON_THE_WAY])
        others = len(question.cites) - _MOST_ON_THE_WAY
        return f"Needed for {needed}{way}.{cites}" + (f" and {others} more sources" if others > 0 else "")


def ask(decision: Decision, given: Mapping[str, object]) -> QuestionList:
    """What still has to be asked for the outcomes of a decision; `given` are the facts it was made on."""
    reasons: dict[str, _Why] = {}
    for name, outcome in decision.outcomes.items():
        needs = _needs(outcome)
        if needs:
            _follow(decision.tracer.outcome(name), outcome, needs, reasons)
    facts = _Asked(decision.policy.program)
    questions = [
        facts.question(path, reasons[path], given)
        for path in decision.ordered(reasons)
        if facts.is_known(path)
    ]
    return QuestionList(decision, given, tuple(questions))


def _needs(outcome: DecidedOutcome) -> frozenset[str]:
    """What an outcome needs, and what the defences that may justify it need."""
    defences = [one["needs"] for one in outcome.defences]
    return frozenset(outcome.needs).union(*(one for one in defences if isinstance(one, list)))


# ------------------------------------------------------------------------------------ why


@define(eq=False)
class _Why:
    """Which outcomes need a fact, and what stands between."""

    needed_by: list[str] = field(factory=list)
    way: dict[str, None] = field(factory=dict)
    cites: dict[str, None] = field(factory=dict)


def _follow(
    told: OutcomeTrace, outcome: DecidedOutcome, needs: frozenset[str], reasons: dict[str, _Why]
) -> None:
    """Follows what is open from an outcome down to the facts, and notes every rule on the way."""
    for need in needs:
        why = reasons.setdefault(need, _Why())
        why.needed_by.append(outcome.name)
        why.cites.update(dict.fromkeys(told.outcome.cites))
    own = {outcome.label, outcome.name.replace("_", " ")}
    parts = (told.body, told.at, told.anchor, told.recurs, *told.defences)
    waiting = [one for one in reversed(parts) if one is not None]
    seen: set[int] = set()
    while waiting:
        trace = waiting.pop()
        value = trace.value
        # An element of a list counts or not; what is open about it may stand in the parts below.
        is_open = isinstance(value, Absence) and value.reason == "unknown"
        if id(trace) in seen or not (is_open or _may_hide(trace)):
            continue
        seen.add(id(trace))
        open_here = needs & value.needs if isinstance(value, Absence) else frozenset()
        _note(trace, own, open_here, reasons)
        waiting.extend(reversed(trace.children))


def _may_hide(trace: Trace) -> bool:
    return not isinstance(trace.value, Absence) and bool(trace.children) and trace.place is not None


def _note(trace: Trace, own: set[str], needs: frozenset[str], reasons: dict[str, _Why]) -> None:
    cites: tuple[str, ...] = trace.cites
    for need in needs:
        if isinstance(trace.node, Definition):
            label = trace.node.label or short_name(trace.node.name)
            if not own & {label, short_name(trace.node.name)}:
                reasons[need].way[label] = None
        if isinstance(trace.node, Definition | Case):
            reasons[need].cites.update(dict.fromkeys(cites))


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

    def question(self, path: str, why: _Why, given: Mapping[str, object]) -> Question:
        """The question for one path."""
        needed, way, cites = tuple(why.needed_by), tuple(why.way), tuple(why.cites)
        if path in self._fields:
            record, one = self._fields[path]
            role: Role = "list" if isinstance(one.type, ListOf) else "fact"
            if one.determination:
                role = "determination"
            words = field_question(one, record.name)
            kind = answer_kind(one.type, one.bounds, optional=one.optional)
            where = tuple(self._open(path, given))
            ask = _of_whom(role)
            return Question(
                path, words, one.type, kind, role, ask, needed, way, cites, where, one.bounds, one.optional
            )
        if path in self._case:
            fact = self._case[path]
            role = "event" if isinstance(fact.type, Dates) else "fact"
            if fact.determination:
                role = "determination"
            words, kind = case_question(fact), answer_kind(fact.type)
            return Question(path, words, fact.type, kind, role, _of_whom(role), needed, way, cites)
        words = territory_question(path.partition(".")[2])
        return Question(path, words, YesNo(), answer_kind(YesNo()), "territory", "", needed, way, cites)

    def _open(self, path: str, given: Mapping[str, object]) -> Iterator[str]:
        """The elements of given lists that this is open for: `chain 2, step 1`."""
        waiting: list[tuple[object, tuple[str, ...], str, str]] = [(given, tuple(path.split(".")), "", "")]
        while waiting:
            here, steps, walked, words = waiting.pop()
            step, rest = steps[0], steps[1:]
            value = here.get(step) if isinstance(here, Mapping) else None
            walked = f"{walked}.{step}" if walked else step
            if not rest:
                is_made = isinstance(value, Mapping) and value.get("value") is not None
                if words and (value is None or (isinstance(value, Mapping) and not is_made)):
                    yield words
            elif isinstance(value, list | tuple):
                name = self._element(walked)
                inner = [
                    (one, rest, walked, f"{words}, {name} {n}" if words else f"{name} {n}")
                    for n, one in enumerate(value, 1)
                ]
                waiting.extend(reversed(inner))
            elif isinstance(value, Mapping):
                waiting.append((value, rest, walked, words))

    def _element(self, path: str) -> str:
        kind = self._fields[path][1].type
        assert isinstance(kind, ListOf)
        return plain_name(kind.record)


def _of_whom(role: Role) -> str:
    match role:
        case "determination":
            return "for an authority or a person to decide, not worked out here: say who decided, and when"
        case "event":
            return "for the parties to say: all dates up to the date asked about"
        case "list":
            return "the list has to be complete"
        case "fact" | "territory":
            return ""
