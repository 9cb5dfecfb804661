"""What a memorandum says, before it is laid out: the same for every format."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, cast

from attrs import define, evolve, field, frozen

from policy_lang.policy import DecidedOutcome, Decision
from policy_lang.program.answers import answer_words, used_by, verified_words
from policy_lang.program.asking import case_question, field_question, plain_name, territory_question
from policy_lang.program.core import Assumed as AssumedNode
from policy_lang.program.core import Assumption, Case, Fact, Instrument, Or, Outcome, Plain, Reading
from policy_lang.program.countries import COUNTRIES
from policy_lang.program.duty_words import happened_words, who_must
from policy_lang.program.facts import Events
from policy_lang.program.findings import is_grant_question, located
from policy_lang.program.reasons import cites_of, deciding, near_grants
from policy_lang.program.schema import Schema
from policy_lang.program.sentences import listed, said, schedule_words
from policy_lang.program.trace import OutcomeTrace, Trace
from policy_lang.program.types import Country, ListOf
from policy_lang.program.values import Absence
from policy_lang.tools.memo.grounds import Ground, Grounds
from policy_lang.tools.memo.plainly import Plainly

if TYPE_CHECKING:
    from policy_lang.tools.questions.ask import QuestionList
    from policy_lang.tools.sensitivity import Sensitivity

_SOFT = {
    "best endeavours": "It binds to endeavour only.",
    "hortatory": "It exhorts, and does not bind.",
    "affirmation": "It affirms other duties, and adds none.",
    "political": "It states what is intended, and does not bind in law.",
    "permission": "It permits, and requires nothing.",
}


_MOST_FACTS = 400


@frozen
class Opinion:
    """One question of the memorandum with its short answer and its reasons."""

    question: str
    answer: str
    remarks: tuple[str, ...]
    grounds: tuple[Ground, ...]


@frozen
class Source:
    """One citation: as it is written, what class of source it is, and the reasons that cite it."""

    cite: str
    kind: str
    used_in: str


@frozen
class FactRow:
    """One fact relied on."""

    what: str
    where: str
    value: str


@frozen
class Assumed:
    """How a doubtful text was read, what speaks for that and against it, and what the other reading gives."""

    taken: str
    because: tuple[str, ...]
    against: tuple[str, ...]
    effect: str


@frozen
class OpenPoint:
    """What is still to be found out: the question, of whom, and why."""

    question: str
    whom: str
    why: str


@frozen
class Memo:
    """A memorandum of one case."""

    title: str
    about: tuple[tuple[str, str], ...]  # (heading, words): the instrument, its parties, the date ...
    opinions: tuple[Opinion, ...]
    sources: tuple[Source, ...]
    facts: tuple[FactRow, ...]
    assumptions: tuple[Assumed, ...]
    determinations: tuple[str, ...]
    open_points: tuple[OpenPoint, ...]
    limits: tuple[str, ...]
    stamp: tuple[tuple[str, str], ...]


def memo(
    decision: Decision,
    readings: Sequence[Sensitivity],
    questions: QuestionList,
    stamp: Iterable[tuple[str, str]],
) -> Memo:
    """The memorandum of a decision.

    `readings` say which answers turn on an assumption, `questions` what is still open; `stamp` names the files,
    the version and the command.
    """
    return _Writer(decision, {one.outcome: one for one in readings}, questions).memo(tuple(stamp))


def source_kind(cite: str) -> str:
    """The class of a citation, as the language has it."""
    text, _, mark = cite.rpartition(";")
    if cite.strip() == "own reading":
        return "own reading of the author"
    match mark.strip() if text else "":
        case "secondary":
            return "secondary: somebody's account of the text"
        case "unconfirmed":
            return "unconfirmed: nobody has checked it"
        case _:
            return "the text itself"


@define(eq=False, slots=False)
class _Writer:
    """Gathers what a memorandum says."""

    decision: Decision
    readings: Mapping[str, Sensitivity]
    questions: QuestionList
    plainly: Plainly = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.program = self.decision.policy.program
        self.plainly = Plainly(self.program)
        self.instrument = self.program.instruments[0]
        self.declared = {one.name: one for one in self.program.outcomes}
        self.schema = Schema(self.program)
        self.told = {name: self.decision.tracer.outcome(name) for name in self.decision.asked}
        self.cites = tuple(dict.fromkeys(cite for told in self.told.values() for cite in cites_of(told)))

    def memo(self, stamp: tuple[tuple[str, str], ...]) -> Memo:
        """The whole memorandum."""
        opinions: list[Opinion] = []
        number = 1
        for name in self.decision.asked:
            opinion = self._opinion(self.decision.outcomes[name], number)
            number += len(opinion.grounds)
            opinions.append(opinion)
        traces = list(self.told.values())
        return Memo(
            f"Memorandum: {_title(self.instrument)}",
            tuple(self._about()),
            tuple(opinions),
            self._sources(opinions),
            tuple(self._facts(traces)),
            tuple(self._assumptions(traces)),
            tuple(self._determinations()),
            tuple(self._open()),
            tuple(self._limits()),
            stamp,
        )

    def _about(self) -> Iterable[tuple[str, str]]:
        own = self.instrument
        yield "Instrument", own.title or _title(own)
        if own.parties:
            word = "Participants" if own.kind == "framework" else "Parties"
            yield word, "; ".join(f"{name} ({code})" if name else code for code, name in own.parties)
        yield "In force", _in_force(own)
        others = [_title(one) for one in self.program.instruments[1:] if one.kind != "vocabulary"]
        if others:
            yield "Read together with", listed(others, "and")
        yield "As of", str(self.decision.as_of)

    # ------------------------------------------------------------------------------ questions and answers

    def _opinion(self, outcome: DecidedOutcome, number: int) -> Opinion:
        declared = self.declared[outcome.name]
        told = self.told[outcome.name]
        words = answer_words(outcome, declared.type)
        remarks = [*self._duty(declared, outcome, told), *self._standing(outcome, told)]
        grounds = Grounds(told, self.plainly, number).grounds(words)
        return Opinion(_question(declared), self._answer(outcome, words), tuple(remarks), grounds)

    def _answer(self, outcome: DecidedOutcome, words: str) -> str:
        declared = self.declared[outcome.name]
        if outcome.state == "undetermined":
            needs = len(outcome.needs)
            missing = (
                f" {needs} {'fact is' if needs == 1 else 'facts are'} missing: see Open points."
                if needs
                else ""
            )
            due = f" It was due by {outcome.due}." if outcome.due is not None else ""
            return f"It cannot be said yet.{due}{missing}"
        if outcome.state == "conflict":
            sides = [
                said(cast(Plain, one["value"]), declared.type)
                + "".join(f" [{c}]" for c in cast("list[str]", one["cites"]))
                for one in outcome.conflict
            ]
            return f"The text gives answers that do not agree: {listed(sides, 'and')}."
        if outcome.state == "error":
            why = "; ".join(self.plainly.say(one["message"]) for one in outcome.reasons)
            return f"There is no answer: {why}."
        answer = f"{words[:1].upper()}{words[1:]}."
        gone = [self.plainly.say(one["message"]) for one in outcome.reasons]
        return f"{answer} {_sentence('; '.join(dict.fromkeys(gone)))}" if gone else answer

    def _duty(self, declared: Outcome, outcome: DecidedOutcome, told: OutcomeTrace) -> Iterable[str]:
        """What is owed and by when, for an obligation."""
        schedule = declared.schedule
        if schedule is None:
            return
        who = who_must(declared, self.program.instruments)
        yield _sentence(self.plainly.say(f"{who} {declared.act or 'act'} {schedule_words(schedule)}"))
        if told.events is not None:
            yield _sentence(self.plainly.say(happened_words(schedule, told.events)))
        if outcome.calendar:
            yield f"Due dates: {listed([str(day) for day in outcome.calendar], 'and')}."

    def _standing(self, outcome: DecidedOutcome, told: OutcomeTrace) -> Iterable[str]:
        """How firm the answer is: its force, its date, and what it turns on."""
        soft = _SOFT.get(outcome.force or "")
        if soft:
            yield soft
        if told.outcome.judged_on is not None and not isinstance(told.at.value, Absence):
            day = plain_name(told.outcome.judged_on.rpartition(".")[2])
            yield f"The law is taken as it stood on {said(told.at.value)} ({day})."
        reading = self.readings.get(outcome.name)
        if reading is not None and reading.turns:
            names = dict.fromkeys(name for turn in reading.turns for name, _ in turn.flipped)
            yield f"The answer turns on how a doubtful text is read: see Assumptions on {listed([f'“{plain_name(one)}”' for one in names], 'and')}."
        elif reading is not None and reading.rests_on and not reading.fixed:
            yield "Doubtful text was read one way; read the other way, it gives the same answer."
        for one in outcome.defences:
            needs = len(cast("list[str]", one["needs"]))
            more = f", {needs} facts missing" if needs else ""
            yield f"Defence “{one['label'] or plain_name(str(one['name']))}”: {one['state']}{more}."

    # ------------------------------------------------------------------------------ what it rests on

    def _sources(self, opinions: Sequence[Opinion]) -> tuple[Source, ...]:
        """Every citation of every answer, in the order of the reasons that cite it."""
        used: dict[str, dict[int, None]] = {cite: {} for cite in self.cites}
        for opinion in opinions:
            for ground in opinion.grounds:
                for cite, numbers in used.items():
                    if cite in ground.cites or any(
                        f"[{cite}]" in p for f in ground.findings for p in f.points
                    ):
                        numbers[ground.number] = None
        return tuple(
            Source(cite, source_kind(cite), _numbers(list(numbers))) for cite, numbers in used.items()
        )

    def _facts(self, traces: Sequence[OutcomeTrace]) -> Iterable[FactRow]:
        """The facts that the answers rest on, each once, in the order of declaration."""
        rows: dict[tuple[object, ...], FactRow] = {}
        order = {path: n for n, path in enumerate(self.decision.policy.order)}
        for told in traces:
            for trace in _counted(told):
                node = trace.node
                if not isinstance(node, Fact) or isinstance(trace.value, Absence):
                    continue
                path = node.field if node.record is None else f"{self.schema.path(node.record)}.{node.field}"
                row = self._fact(node, trace)
                rows[(_indexes(trace), order.get(path, 0), path, row.value)] = row
            if told.events is not None and told.outcome.schedule is not None:
                label, _, days = happened_words(told.outcome.schedule, told.events).partition(": ")
                rows[((), 0, label, days)] = FactRow(self.plainly.say(label), "", days)
        ordered = sorted(rows, key=lambda one: (one[0], one[1], str(one[2]), str(one[3])))
        yield from (rows[key] for key in ordered[:_MOST_FACTS])
        if len(ordered) > _MOST_FACTS:
            yield FactRow(f"{len(ordered) - _MOST_FACTS} more", "", "in the files named in the stamp")
        for code, value in sorted(self.decision.facts.territories.items()):
            yield FactRow(territory_question(code), "", "yes" if value else "no")

    def _fact(self, node: Fact, trace: Trace) -> FactRow:
        value: object = trace.value
        if node.record is None:
            declared = self.schema.case_facts.get(node.field)
            words = case_question(declared) if declared is not None else plain_name(node.field)
        else:
            schema = self.schema.field(node.record, node.field)
            words = field_question(schema, node.record) if schema is not None else plain_name(node.field)
        if isinstance(value, Events):
            return FactRow(words, "", _events(value))
        if isinstance(node.type, ListOf) and isinstance(value, tuple):
            return FactRow(words, self._of(node, trace), f"{len(value)} in all")
        text = said(value, node.type) if not isinstance(value, str) else self._word(node, value)
        return FactRow(words, self._of(node, trace), text)

    def _of(self, node: Fact, trace: Trace) -> str:
        """The element of a list, or the kind of record, that a fact is about."""
        return self.plainly.say(located(trace.place) or node.record or "")

    def _word(self, node: Fact, value: str) -> str:
        if isinstance(node.type, Country):
            return f"{COUNTRIES.get(value, value)} ({value})"
        return self.plainly.say(value)

    def _assumptions(self, traces: Sequence[OutcomeTrace]) -> Iterable[Assumed]:
        """Every assumption that an answer rests on or met, with both readings and what the other one gives."""
        met = {
            one.node.name for told in traces for one in _counted(told) if isinstance(one.node, AssumedNode)
        }
        resting = {
            name for one in self.decision.outcomes.values() for name in (*one.assumes, *one.calendar_assumes)
        }
        for assumption in self.program.assumptions:
            if assumption.name in resting:
                yield self._assumed(assumption)
            elif assumption.name in met:
                yield evolve(
                    self._assumed(assumption), effect="It was met on the way, and no answer rests on it."
                )

    def _assumed(self, assumption: Assumption) -> Assumed:
        value = self.decision.assumed.get(assumption.name)
        is_own = value == assumption.value.value
        taken = f"{plain_name(assumption.name).capitalize()}: {said(value, assumption.value.type)}."
        if not is_own:
            taken += f" The policy itself says {said(assumption.value.value, assumption.value.type)}."
        because, against = assumption.readings, assumption.against
        if not is_own:
            because, against = against, because
        return Assumed(taken, _readings(because), _readings(against), self._effect(assumption, value))

    def _effect(self, assumption: Assumption, value: object) -> str:
        """What the other reading gives, for every answer that rests on this one."""
        if not isinstance(value, bool):
            return "Other values were not tried."
        changed, joint = [], []
        for name, reading in self.readings.items():
            label = self.declared[name].label or plain_name(name)
            for turn in reading.turns:
                flipped = [one for one, _ in turn.flipped]
                if flipped == [assumption.name]:
                    changed.append(f"“{label}” would be: {turn.answer}")
                elif assumption.name in flipped:
                    others = listed(
                        [f"“{plain_name(one)}”" for one in flipped if one != assumption.name], "and"
                    )
                    joint.append(
                        f"“{label}” would be: {turn.answer}, if {others} were read the other way as well"
                    )
        if changed:
            return f"Read the other way, {'; '.join(changed)}."
        if joint:
            return f"By itself the other reading gives the same answers; but {'; '.join(joint)}."
        return "Read the other way, the answers are the same."

    def _determinations(self) -> Iterable[str]:
        found: dict[str, None] = {}
        for outcome in self.decision.outcomes.values():
            for one in outcome.determinations:
                found[_sentence(self._determined(one))] = None
        return found

    def _determined(self, made: dict[str, object]) -> str:
        """What somebody decided; names of people and authorities stay as they were given."""
        name = str(made["name"])
        answer = f"“{self._asked(name)}”: {said(made['value'])}"
        if not made["by"] and not made["on"]:
            return f"{answer}. It is not said who decided that, or when."
        by = f" by {' '.join(str(made['by']).split())}" if made["by"] else ", it is not said by whom,"
        return f"{answer}, decided{by}" + (f" on {made['on']}" if made["on"] else "; it is not said when")

    def _asked(self, path: str) -> str:
        if path in self.schema.case_facts:
            return case_question(self.schema.case_facts[path])
        for record in self.program.records:
            for one in record.fields:
                if f"{self.schema.path(record.name)}.{one.name}" == path:
                    return field_question(one, record.name)
        return self.plainly.say(path)

    # ------------------------------------------------------------------------------ what is left

    def _open(self) -> Iterable[OpenPoint]:
        for one in self.questions.questions:
            places = f" (for {self.questions.places(one)})" if one.where else ""
            yield OpenPoint(f"{one.words}{places}", one.whom, self.questions.why(one))
        for standing in self.questions.standings:
            if standing.state == "undetermined" and not standing.is_open:
                yield OpenPoint(standing.label, "counsel", _sentence(standing.note))

    def _limits(self) -> Iterable[str]:
        used = dict.fromkeys(one.name for told in self.told.values() for one in used_by(told, self.program))
        texts = [one for one in self.program.instruments if one is self.instrument or one.name in used]
        titles = {one.name: _title(one) for one in texts}
        for line in verified_words(texts, self.decision.as_of):
            yield _sentence(
                " ".join(titles.get(word, word) for word in line.replace(",", " ,").split()).replace(
                    " ,", ","
                )
            )
        yield (
            "The answers are those of the encoded text named in the stamp. They were worked out from the facts stated here, "
            "which were not checked."
        )
        yield "Nothing is characterised here: what needs judgement is a determination, and was taken as it was given."
        kinds = {source_kind(cite) for cite in self.cites}
        if any(not kind.startswith("the text") for kind in kinds):
            yield "Not every source is the text itself: the table of sources says which is what."
        for topic, because in self.instrument.not_encoded:
            yield f"Not encoded: {topic} ({because})."
        others = [_title(one) for one in self.program.instruments[1:] if one.not_encoded]
        if others:
            stands = "its file" if len(others) == 1 else "their files"
            yield f"What is not encoded of the {listed(others, 'and')} stands in {stands}."


# ------------------------------------------------------------------------------------------ words


def _question(outcome: Outcome) -> str:
    label = outcome.label or plain_name(outcome.name)
    if label.endswith("?"):
        return label
    match outcome.family:
        case "status":
            return f"Is the status granted under “{label}”?"
        case "prohibition":
            return f"Is there a breach of “{label}”?"
        case "obligation":
            return f"How does the obligation “{label}” stand?"
        case "flag":
            return f"Is “{label}” raised?"
        case "undertaking":
            return f"Does “{label}” apply?"
        case "rule":
            return f"What does “{label}” come to?"


def _title(instrument: Instrument) -> str:
    return instrument.short_title or instrument.title or plain_name(instrument.name)


def _in_force(instrument: Instrument) -> str:
    if instrument.never_in_force:
        return "not in force"
    if instrument.in_force is None:
        return "not stated"
    start, term = f"from {instrument.in_force}", instrument.term
    if term is not None:
        return f"{start}, for a term that ends on {term.unextended} unless it is extended {term.words}"
    return f"{start} until {instrument.until}" if instrument.until is not None else start


def _sentence(words: str) -> str:
    words = words.strip()
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "?", "!")) else ".") if words else ""


def _readings(readings: Iterable[Reading]) -> tuple[str, ...]:
    return tuple(_sentence(one.because) + "".join(f" [{cite}]" for cite in one.cites) for one in readings)


def _numbers(numbers: list[int]) -> str:
    return ", ".join(map(str, sorted(numbers)))


def _events(events: Events) -> str:
    if events.known_until is None:
        return said(events)
    if events.known_until == datetime.date.min:
        return f"{said(events)}; whether there were others is not stated"
    return f"{said(events)} (known until {events.known_until})"


def _indexes(trace: Trace) -> tuple[tuple[str, int], ...]:
    """The way to the element that a fact is about, for sorting; empty for a fact in no list."""
    found: list[tuple[str, int]] = []
    place = trace.place
    while place is not None:
        if place.index is not None:
            found.append((place.record, place.index))
        place = place.parent
    return tuple(reversed(found))


def _counted(told: OutcomeTrace) -> list[Trace]:
    """The facts and assumptions among the steps that made an outcome what it is."""
    roots = [
        told.body,
        told.at,
        *(one for one in (told.anchor, told.recurs) if one is not None),
        *told.defences,
    ]
    stack = list(reversed(roots))
    seen: set[int] = set()
    found: list[Trace] = []
    while stack:
        one = stack.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one.node, (Fact, AssumedNode)):
            found.append(one)
        if isinstance(one.node, Case) and one.children[0].value is False:
            stack.append(one.children[0])
            continue
        following = list(deciding(one))
        if is_grant_question(one):
            calls = one.children if isinstance(one.node, Or) else (one,)
            granting = (
                near_grants(one)[0]
                if one.value is not True
                else [call for call in calls if call.value is True]
            )
            inside = [definition for call in granting for definition in call.children[:1]]
            following = [
                *inside,
                *(fact for call in calls[:1] for fact in call.children if isinstance(fact.node, Fact)),
            ]
        stack.extend(reversed(following))
    return found
