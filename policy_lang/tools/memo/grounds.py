"""The reasons of an outcome clause by clause: each rule or clause once, with what was found for each thing it is about."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from typing import TypeAlias

from attrs import define, evolve, field, frozen

from policy_lang.program.asking import case_question
from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
)
from policy_lang.program.duty_words import happened_words, last_words
from policy_lang.program.findings import (
    actual,
    because_of,
    claim,
    compared,
    found,
    is_grant_question,
    located,
    missing,
    noun,
    value_words,
)
from policy_lang.program.reasons import deciding, is_table, is_window, live_cases, near_grants, unguarded
from policy_lang.program.sentences import listed, said, short_name
from policy_lang.program.trace import Element, OutcomeTrace, Trace
from policy_lang.program.values import Absence
from policy_lang.tools.memo.plainly import Plainly

_MOST_POINTS = 60  # for one thing that a clause is about
_MOST_ELEMENTS = 40
_MOST_FINDINGS = 40  # of one clause, each about another element of a list
_SO = "so the answer is"

_Points: TypeAlias = list[tuple[str, tuple[str, ...]]]


@frozen
class Finding:
    """What a clause came to for one thing: `where` it stands, if in a list, the value, and why."""

    where: str
    value: str
    points: tuple[str, ...]


@frozen
class Ground:
    """One numbered reason: a clause or a rule, what it came to, and what it cites."""

    number: int
    title: str
    cites: tuple[str, ...]
    findings: tuple[Finding, ...]


@define(eq=False)
class Grounds:
    """Gathers the reasons of one outcome, the outcome itself first, then what it rests on, level by level."""

    told: OutcomeTrace
    plainly: Plainly
    first: int = 1
    _numbers: dict[str, int] = field(init=False, factory=dict)
    _waiting: deque[Trace] = field(init=False, factory=deque)
    _seen: set[int] = field(init=False, factory=set)

    def grounds(self, answer: str) -> tuple[Ground, ...]:
        """All of them, numbered from `first`; `answer` is what the outcome came to, in words."""
        outcome = self.told.outcome
        own = short_name(outcome.name)
        self._numbers[own] = self.first
        made: dict[str, Ground] = {}
        left: dict[str, int] = {}
        title = outcome.label or self.plainly.say(own)
        title = title[:1].upper() + title[1:]
        finding = Finding("", answer, tuple(self._say(self._outcome_points())))
        made[own] = Ground(self.first, title, outcome.cites, (finding,))
        while self._waiting:
            trace = self._waiting.popleft()
            node = trace.node
            assert isinstance(node, Definition)
            if node.name in made and len(made[node.name].findings) >= _MOST_FINDINGS:
                left[node.name] = left.get(node.name, 0) + 1
                continue
            points = tuple(self._say(self._points(trace.children[0])))
            finding = Finding(self._where(trace), self.plainly.say(value_words(trace)), points)
            known = made.get(node.name)
            number, findings = self._numbers[node.name], known.findings if known is not None else ()
            label = node.label or self.plainly.say(short_name(node.name)).capitalize()
            made[node.name] = Ground(number, label, node.cites, (*findings, finding))
        for name, number in left.items():
            more = Finding(f"{number} more", "not written out here", ())
            made[name] = evolve(made[name], findings=(*made[name].findings, more))
        return tuple(sorted(made.values(), key=lambda one: one.number))

    def _where(self, trace: Trace) -> str:
        return self.plainly.say(located(trace.place))

    def _say(self, points: Iterable[tuple[str, tuple[str, ...]]]) -> list[str]:
        found_here: dict[str, dict[str, None]] = {}
        for words, cites in points:
            found_here.setdefault(self.plainly.say(words), {}).update(dict.fromkeys(cites))
        lines = [words + "".join(f" [{cite}]" for cite in cites) for words, cites in found_here.items()]
        if len(lines) > _MOST_POINTS:
            return [*lines[:_MOST_POINTS], f"and {len(lines) - _MOST_POINTS} more findings of this kind"]
        return lines

    # ------------------------------------------------------------------------------ the outcome

    def _outcome_points(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        told = self.told
        if told.duty is not None and told.body.value is True:
            yield from self._duty_points()
            return
        yield from self._points(told.body)
        for one in told.defences:
            yield from self._points(one)

    def _duty_points(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """From when the time of an obligation runs, what was done, and whether it comes again."""
        told, schedule = self.told, self.told.outcome.schedule
        assert schedule is not None
        assert told.anchor is not None
        yield from (point for point in self._points(told.body) if not point[0].startswith(_SO))
        if not isinstance(told.anchor.value, Absence) and schedule.anchor_words != said(told.anchor.value):
            yield f"the time runs from {schedule.anchor_words}, {said(told.anchor.value)}", ()
        if not isinstance(told.anchor.node, (Const, Absent)):
            yield from self._points(told.anchor)
        if schedule.event is not None:
            if told.events is not None:
                yield happened_words(schedule, told.events), ()
            else:
                label = f"“{schedule.event_label}”" if schedule.event_label else schedule.event_words
                yield f"nothing is said about {label}", ()
        if told.last is not None and not isinstance(told.last.node, Const):
            yield last_words(told.last), ()
        if told.recurs is not None and not isinstance(told.recurs.node, Const):
            yield from self._points(told.recurs)

    def _case_label(self, name: str) -> str:
        declared = next((one for one in self.plainly.program.case_facts if one.name == name), None)
        return case_question(declared) if declared is not None else name

    def _own(self, trace: Trace) -> bool:
        return isinstance(trace.node, Call) and short_name(trace.node.definition) == short_name(
            self.told.outcome.name
        )

    # ------------------------------------------------------------------------------ the points

    def _points(self, trace: Trace) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What was found in one step that counted, as true sentences with their citations."""
        trace = unguarded(trace)
        node = trace.node
        if is_grant_question(trace):
            yield from self._grant(trace)
            return
        match node:
            case Const() | At():
                return
            case Absent():
                yield node.message, ()
            case Fact() | Assumed():
                yield self._fact(trace), trace.cites
            case Call() if self._own(trace):
                yield from self._points(trace.children[0].children[0])
            case Call():
                yield self._reference(trace), ()
            case Compare() | Member():
                yield from self._comparison(trace)
            case Not():
                yield from self._points(trace.children[0])
            case Choose():
                yield from self._cases(trace)
            case Fold():
                yield from self._list(trace)
            case Op():
                yield f"{noun(trace)}: {self._value(trace)}{self._see(trace)}", ()
                yield from self._operands(trace)
            case And() | Or() | Definition() | Case() | Element():
                for one in deciding(trace):
                    yield from self._points(one)

    def _fact(self, trace: Trace) -> str:
        if isinstance(trace.node, Assumed) and not isinstance(trace.value, Absence):
            return f"it is assumed: {trace.node.name} is {value_words(trace)}"
        node = trace.node
        label = (
            self._case_label(node.field) if isinstance(node, Fact) and node.record is None else trace.label
        )
        if not label or isinstance(trace.value, tuple):
            return found(trace)
        where = located(trace.place)
        about = f"“{label}”{f' ({where})' if where else ''}"
        return (
            f"nothing is said about {about}"
            if isinstance(trace.value, Absence)
            else f"{about}: {value_words(trace)}"
        )

    def _value(self, trace: Trace) -> str:
        value = trace.value
        if isinstance(value, Absence):
            return because_of(value) or said(value)
        return value_words(trace)

    def _comparison(self, trace: Trace) -> Iterator[tuple[str, tuple[str, ...]]]:
        if isinstance(trace.value, Absence):
            yield f"it is open whether {claim(trace)} ({actual(trace)}){self._see(trace)}", ()
        else:
            yield f"{'; '.join(compared(trace))}{self._see(trace)}", ()
        yield from self._operands(trace)

    def _operands(self, trace: Trace) -> Iterator[tuple[str, tuple[str, ...]]]:
        """What the operands were worked out from, other than the rules that are referred to."""
        for one in trace.children:
            inner = unguarded(one)
            if isinstance(inner.node, (Choose, Fold)):
                yield from self._points(inner)
            elif isinstance(inner.node, Op):
                yield from self._operands(inner)
            elif isinstance(inner.node, (And, Or, Not, Compare, Member)):
                yield from self._points(inner)

    def _see(self, trace: Trace) -> str:
        """References to the rules among the operands."""
        numbers: dict[int, None] = {}
        stack = [*trace.children]
        while stack:
            one = unguarded(stack.pop(0))
            if isinstance(one.node, Call) and not is_grant_question(one):
                numbers[self._number(one)] = None
            elif isinstance(one.node, Op):
                stack = [*one.children, *stack]
        return f" (see {listed([str(one) for one in numbers], 'and')})" if numbers else ""

    def _number(self, call: Trace) -> int:
        """The number of the rule that was called; it is gone into once for each thing it is about."""
        definition = call.children[0]
        assert isinstance(definition.node, Definition)
        name = definition.node.name
        if name not in self._numbers:
            self._numbers[name] = self.first + len(self._numbers)
        if id(definition) not in self._seen:
            self._seen.add(id(definition))
            self._waiting.append(definition)
        return self._numbers[name]

    def _reference(self, call: Trace) -> str:
        assert isinstance(call.node, Call)
        where = located(call.place)
        title = call.label or short_name(call.node.definition)
        of = f" ({where})" if where else ""
        return f"“{title}”{of}: {self._value(call)} (see {self._number(call)})"

    # ------------------------------------------------------------------------------ cases, lists, statuses

    def _cases(self, choice: Trace) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every exception that was passed over and the case that fits, each as what was found."""
        assert isinstance(choice.node, Choose)
        default = choice.children[-1]
        live = live_cases(choice)
        for case in live:
            if case is default:
                continue
            when, value = case.children
            if is_window(case) and when.value is False:
                continue
            points = list(self._points(when))
            if isinstance(when.value, Absence) and not points:
                points = [(f"it is open whether {claim(when)}", ())]
            if is_window(case) and when.value is True and isinstance(value.node, Absent):
                points = [*points, (value.node.message, ())]
            yield from _citing(points, case.cites)
            if when.value is True and not isinstance(unguarded(value).node, (Const, Absent)):
                yield from self._points(value)
        if default not in live:
            return
        inner = unguarded(default)
        if isinstance(inner.node, Absent):
            yield inner.node.message, choice.cites
        elif not isinstance(inner.node, Const):
            yield from _citing(list(self._points(default)), choice.cites)
        elif len(live) > 1 and not isinstance(choice.value, Absence) and not is_table(choice.node):
            yield f"{_SO} {value_words(default)}", choice.cites

    def _list(self, fold: Trace) -> Iterator[tuple[str, tuple[str, ...]]]:
        assert isinstance(fold.node, Fold)
        given, elements = fold.children[0], fold.children[1:]
        if isinstance(given.value, Absence):
            yield found(given), ()
            return
        if not elements:
            yield f"{noun(given)} is an empty list", ()
            return
        is_test = fold.node.kind in ("any", "all")
        if not is_test:
            yield f"{noun(fold)}: {self._value(fold)}", ()
        counted = deciding(fold) if is_test else elements
        for element in counted[:_MOST_ELEMENTS]:
            yield from self._element(element, is_test)
        if len(counted) > _MOST_ELEMENTS:
            yield f"and {len(counted) - _MOST_ELEMENTS} more", ()

    def _element(self, element: Trace, is_test: bool) -> Iterator[tuple[str, tuple[str, ...]]]:
        assert isinstance(element.node, Element)
        name = located(element.place) + (f" ({element.label})" if element.label else "")
        fold = element.node.fold
        body = element.children[-1] if fold.body is not None else None
        if is_test:
            for part in element.children:
                for words, cites in self._points(part):
                    yield (
                        words if name in words or located(element.place) in words else f"{name}: {words}",
                        cites,
                    )
            return
        when = element.children[:1] if fold.where is not None else ()
        if element.value is False:
            yield f"{name} does not count{self._in_brackets(when)}", ()
        elif isinstance(element.value, Absence):
            yield f"it is open whether {name} counts{self._in_brackets(when)}", ()
        elif body is None:
            yield f"{name} counts{self._in_brackets(when)}", ()
        elif isinstance(body.node, Call):
            see = f" (see {self._number(body)})"
            yield f"{name}: {self._value(body)}{see}{self._in_brackets(when)}", ()
        else:
            amount = missing(body) if isinstance(body.value, Absence) else value_words(body)
            yield f"{name}: {amount}{self._in_brackets(when)}", ()

    def _in_brackets(self, parts: Iterable[Trace]) -> str:
        """Why an element counts or not; where it plainly does not, no rule is gone into."""
        words: list[str] = []
        for part in parts:
            counted = deciding(part) if isinstance(part.node, And) else (part,)
            plain = [one for one in counted if isinstance(one.node, (Compare, Member, Fact))]
            shown = plain if part.value is False and plain else counted
            words += [told for one in shown for told, _ in self._points(one)]
        return f" ({'; '.join(words)})" if words else ""

    def _grant(self, asked: Trace) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The question for a status: the clauses that grant it, or that none names the country."""
        calls = asked.children if isinstance(asked.node, Or) else (asked,)
        country = calls[0].children[1]
        if isinstance(country.value, Absence):
            yield found(country), ()
            return
        near, others = near_grants(asked)
        for call in near:
            if asked.value is True and call.value is not True:
                continue
            definition = call.children[0]
            assert isinstance(definition.node, Definition)
            title = definition.node.label or short_name(definition.node.name)
            if call.value is True:
                yield f"{found(country)}, and the status is granted by “{title}”", definition.node.cites
            else:
                why = [words for one in deciding(definition) for words, _ in self._points(one)]
                yield f"“{title}” does not grant the status: {'; '.join(why)}", definition.node.cites
        if asked.value is not True and not near:
            none = (
                "the one clause that grants the status does not name it"
                if others == 1
                else f"none of the {others} clauses that grant the status names it"
            )
            yield f"{found(country)}, and {none}", ()


def _citing(points: _Points, cites: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The points, the last of them with citations of the whole."""
    for n, (words, own) in enumerate(points):
        yield words, (*own, *cites) if n == len(points) - 1 else own
