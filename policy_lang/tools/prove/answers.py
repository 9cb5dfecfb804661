"""Looks for facts for which an answer clashes with itself, or is missing, inside lists too."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias, cast

from attrs import frozen

from policy_lang.backends.prove.differences import Difference, can_be
from policy_lang.backends.prove.examples import without_idle_territories
from policy_lang.backends.prove.forms import Truth, all_of, opposite
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.regions import Condition, Range, formula_of
from policy_lang.backends.prove.words import conditions_in_words
from policy_lang.policy import InvalidFacts
from policy_lang.program.core import Call, Definition, Outcome, Plain, Program
from policy_lang.program.sentences import said
from policy_lang.program.types import Date, Type
from policy_lang.program.values import Absence
from policy_lang.source.text import Span
from policy_lang.tools.prove.remarks import MORE, Kind, Remark, plain
from policy_lang.tools.prove.search import Searched, Searcher

_Reason: TypeAlias = Literal["conflict", "error"]
_KINDS: dict[_Reason, Kind] = {"conflict": "conflict", "error": "no answer"}
_WHAT = {"conflict": "whether it clashes with itself", "error": "whether it always has an answer"}


@frozen
class Asked:
    """Something that gives an answer: an outcome, or a rule or table about an element of a list."""

    name: str
    subject: str | None
    judged_on: str | None
    type: Type | None
    span: Span
    outcome: Outcome | None = None
    definition: Definition | None = None

    def form(self, lowering: Lowering) -> tuple[Any, Truth]:
        """What it comes to as formulas, and when there is such an element on a day on which the text is in force."""
        if self.outcome is not None:
            return lowering.outcome(self.outcome), True
        assert self.definition is not None
        scope, there = lowering.first_of(self.subject, self.judged_on)
        call = Call(self.definition.name, self.definition.type)
        return lowering.lower(call, scope), all_of((there, in_life(lowering, scope.at)))


def everything_asked(program: Program) -> Iterator[Asked]:
    """The outcomes of a policy, then its rules and tables about elements of lists."""
    for one in program.outcomes:
        yield Asked(one.name, one.subject, one.judged_on, one.type, one.span, outcome=one)
    parents = {record.name: record.parent for record in program.records}
    for definition in own_definitions(program):
        if "#" not in definition.name and parents.get(definition.subject or "") is not None:
            yield about(program, definition)


def about(program: Program, definition: Definition) -> Asked:
    """A rule or a table, to be asked about."""
    return Asked(
        definition.name.rpartition(".")[2],
        definition.subject,
        judged_on(program, definition.subject),
        definition.type,
        definition.span,
        definition=definition,
    )


def own_definitions(program: Program) -> Iterator[Definition]:
    """What the policy itself defines, but not for its properties."""
    for one in program.definitions:
        made = f"{program.name}.property "
        if one.instrument == program.name and not one.parameters and not one.name.startswith(made):
            yield one


def judged_on(program: Program, subject: str | None) -> str | None:
    """The path of the date on which a record is judged, or None for the date asked about (rule T2)."""
    records = {record.name: record for record in program.records}
    while subject is not None and subject in records:
        if records[subject].judged_on is not None:
            return f"{subject}.{records[subject].judged_on}"
        subject = records[subject].parent
    return None


def in_life(lowering: Lowering, at: Any) -> Truth:
    """When a date lies within the life of the instrument, as far as its header tells."""
    instrument = lowering.program.instruments[0]
    parts: list[Truth] = [opposite(at.is_gone)]
    if instrument.in_force is not None:
        parts.append(at.content >= instrument.in_force.toordinal())
    if instrument.until is not None:
        parts.append(at.content <= instrument.until.toordinal())
    return all_of(parts)


def look_at(one: Asked, searcher: Searcher) -> tuple[list[Remark], int]:
    """Where it clashes or has no answer, and the size of lists up to which that is known; 0: not known."""
    remarks: list[Remark] = []
    sizes: list[int] = []
    for reason, kind in _KINDS.items():

        def is_so(lowering: Lowering, reason: _Reason = reason) -> Truth:
            form, there = one.form(lowering)
            return all_of((there, form.gone.get(reason, False)))

        searched = searcher.search(is_so, one.subject)
        found = list(_remarks(one, kind, reason, searched, searcher))
        remarks += found
        sizes.append(0 if searched.found is None else searched.elements)
    return remarks, min(sizes)


def _remarks(
    one: Asked, kind: Kind, reason: _Reason, searched: Searched, searcher: Searcher
) -> Iterator[Remark]:
    def unsettled(why: str) -> Remark:
        return Remark("not settled", plain(one.name), detail=(f"{_WHAT[reason]}: {why}",), span=one.span)

    if searched.found is None:
        yield unsettled(searched.why_not)
        return
    for case in searched.found.cases:
        yield _confirmed(one, case, kind, reason, searched, searcher) or unsettled(
            "an example was not confirmed"
        )
    if searched.found.cases and not searched.found.complete:
        yield unsettled(MORE)


def _confirmed(
    one: Asked, case: Difference, kind: Kind, reason: _Reason, searched: Searched, searcher: Searcher
) -> Remark | None:
    assert searched.view is not None
    day = datetime.date.fromordinal(case.day)
    facts = without_idle_territories(case.facts, searched.view.space)
    detail: tuple[str, ...]
    try:
        if one.outcome is not None:
            decided = searcher.policy.evaluate(facts, day, outcomes=[one.name]).outcomes[one.name]
            if decided.state != reason:
                return None
            detail = tuple(told["message"] for told in decided.reasons)
            if reason == "conflict":
                detail = tuple(
                    f"{said(clash['value'], one.type)} by {clash['where']}" for clash in decided.conflict
                )
        else:
            absence = absent_there(one, facts, day, reason, searcher)
            if absence is None:
                return None
            detail = _told(absence, one.type)
    except InvalidFacts:
        return None
    held = _on_facts(case)
    if kind == "conflict" and held and all(_is_date(c.unknown.type) for c in held):
        kind = "overlap in time"
    if (
        kind == "no answer"
        and _governs(case, one)
        and left_out(case, one, searched.view, searcher) is not None
    ):
        kind = "gap in time"
    return Remark(
        kind,
        plain(one.name),
        conditions_in_words(case),
        detail,
        facts,
        day,
        outcome=one.name if one.outcome is not None else "",
        span=one.span,
    )


def left_out(case: Difference, one: Asked, view: Lowering, searcher: Searcher) -> tuple[int, int] | None:
    """The first and the last day of a gap in time: there is an answer before it, and one after it."""
    dated = next((c for c in _on_facts(case) if c.unknown.kind in ("asked", "date") and _is_closed(c)), None)
    if dated is None:
        return None
    assert isinstance(dated.value, Range)
    assert dated.value.lower is not None
    assert dated.value.upper is not None
    first, last = (
        int(dated.value.lower) + dated.value.lower_open,
        int(dated.value.upper) - dated.value.upper_open,
    )
    form, there = one.form(view)
    if one.outcome is not None:
        there = in_life(view, view.scope_of(one.outcome).at)
    others = [formula_of(view.space, other) for other in case.conditions if other is not dated]
    answered = all_of((there, opposite(form.is_gone), *others))
    variable = dated.unknown.variable
    for side in (variable < first, variable > last):
        if can_be(view.space, all_of((answered, side)), searcher.limit) is not True:
            return None
    return first, last


def _on_facts(case: Difference) -> list[Condition]:
    """The conditions of a case that speak of one fact each."""
    return [one for one in case.conditions if isinstance(one, Condition)]


def _is_closed(one: Condition) -> bool:
    return isinstance(one.value, Range) and one.value.lower is not None and one.value.upper is not None


def _governs(case: Difference, one: Asked) -> bool:
    """Whether the case is one of certain days of the date on which things are read."""
    dated = next((c for c in _on_facts(case) if c.unknown.kind in ("asked", "date") and _is_closed(c)), None)
    return dated is not None and (
        dated.unknown.kind == "asked" or ".".join(map(str, dated.unknown.place)) == one.judged_on
    )


def _is_date(kind: Type) -> bool:
    return isinstance(kind, Date)


def absent_there(
    one: Asked, facts: dict[str, Any], day: datetime.date, reason: str, searcher: Searcher
) -> Absence | None:
    """Why there is no value for one element of these facts, where the evaluator agrees that there is none."""
    assert one.definition is not None
    tracer = searcher.policy.evaluate(facts, day, outcomes=()).tracer
    call = Call(one.definition.name, one.definition.type)
    for _, value in tracer.about(call, one.subject, one.judged_on):
        if isinstance(value, Absence) and value.reason == reason:
            return value
    return None


def _told(absence: Absence, kind: Type | None) -> tuple[str, ...]:
    if absence.reason == "conflict":
        found = []
        for value, place in absence.detail:
            where = place[0] if isinstance(place, tuple) else place
            found.append(f"{said(cast(Plain, value), kind)} by {where}")
        return tuple(sorted(found))
    return tuple(sorted(str(message) for _, message in absence.detail))
