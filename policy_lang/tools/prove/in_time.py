"""Days without an answer between days that have one, within the life of an instrument."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from policy_lang.backends.prove.examples import without_idle_territories
from policy_lang.backends.prove.forms import Truth, all_of
from policy_lang.backends.prove.lower import Lowering
from policy_lang.backends.prove.words import conditions_in_words, day
from policy_lang.policy import InvalidFacts
from policy_lang.program.core import Program
from policy_lang.tools.prove.answers import Asked, about, absent_there, in_life, left_out, own_definitions
from policy_lang.tools.prove.remarks import Remark, plain
from policy_lang.tools.prove.search import Searcher


def look(searcher: Searcher) -> Iterator[Remark]:
    """The gaps in time of every table and every clause of a policy."""
    for one in _dated(searcher.program):
        yield from _gaps(one, searcher)


def _dated(program: Program) -> Iterator[Asked]:
    for definition in own_definitions(program):
        if definition.keys:
            yield about(program, definition)
    for one in program.outcomes:
        if one.family != "rule":  # a rule has the gaps of the tables that it rests on
            yield Asked(one.name, one.subject, one.judged_on, one.type, one.span, outcome=one)


def _gaps(one: Asked, searcher: Searcher) -> Iterator[Remark]:
    def missing(lowering: Lowering) -> Truth:
        form, there = one.form(lowering)
        if one.outcome is not None:
            there = in_life(lowering, lowering.scope_of(one.outcome).at)
        return all_of((there, form.gone.get("not in force", False)))

    searched = searcher.search(missing, one.subject)
    if searched.found is None or searched.view is None:
        why = f"whether days are left out: {searched.why_not}"
        yield Remark("not settled", plain(one.name), detail=(why,), span=one.span)
        return
    for case in searched.found.cases:
        dated = left_out(case, one, searched.view, searcher)
        if dated is None:
            continue
        first, last = dated
        on = datetime.date.fromordinal(case.day)
        facts = without_idle_territories(case.facts, searched.view.space)
        if not _is_confirmed(one, facts, on, searcher):
            yield Remark(
                "not settled",
                plain(one.name),
                detail=("whether days are left out: an example was not confirmed",),
                span=one.span,
            )
            continue
        yield Remark(
            "gap in time",
            plain(one.name),
            conditions_in_words(case),
            (f"no answer from {day(first)} to {day(last)}, though there is one before and after",),
            facts,
            on,
            outcome=one.name if one.outcome is not None else "",
            span=one.span,
        )


def _is_confirmed(one: Asked, facts: dict[str, object], on: datetime.date, searcher: Searcher) -> bool:
    try:
        if one.outcome is None:
            return absent_there(one, facts, on, "not in force", searcher) is not None
        return (
            searcher.policy.evaluate(facts, on, outcomes=[one.name]).outcomes[one.name].state
            == "not in force"
        )
    except InvalidFacts:
        return False
