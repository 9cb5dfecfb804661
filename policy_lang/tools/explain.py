"""Why an outcome is what it is: the whole way from the answer to the facts, as text a lawyer can read.

Above it the date it was read on and how far the text was verified; below it what is still needed, what
was assumed and determined, and what everything rests on.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import cast

from policy_lang.policy import DecidedOutcome, Decision
from policy_lang.program.answers import (
    amended_words,
    answer_words,
    assumed_words,
    determined_words,
    used_by,
    verified_words,
    write_reasons,
)
from policy_lang.program.asking import fact_labels
from policy_lang.program.core import Assumption, Instrument, Plain
from policy_lang.program.duty_words import write_duty
from policy_lang.program.findings import with_rows
from policy_lang.program.page import Page
from policy_lang.program.promises import promise_words
from policy_lang.program.sentences import listed, said
from policy_lang.program.trace import OutcomeTrace
from policy_lang.program.values import Absence


def explain(decision: Decision, name: str, *, width: int = 100) -> str:
    """Everything that led to the outcome called `name`, each line at most `width` wide where it can be broken."""
    outcome = decision.outcomes[name]
    told = decision.tracer.outcome(name)
    page = Page(width)
    page.add(0, f"{name}: {answer(outcome)}", told.outcome.cites)
    _heading(page, decision, outcome, told)
    _absence(page, outcome, told)
    if told.outcome.schedule is not None:
        write_duty(page, outcome, told, decision.policy.program.instruments)
    write_reasons(page, told)
    _rests_on(page, decision, outcome)
    return page.text()


def summary(decision: Decision, name: str, *, width: int = 100) -> list[str]:
    """The one to six lines that stand for the outcome called `name` where nobody asks for everything."""
    outcome = decision.outcomes[name]
    lines: list[str] = []
    gone = _gone(outcome, decision.tracer.outcome(name)) if outcome.reasons else []
    said_already = [
        *(reason["message"] for reason in outcome.reasons),
        *(f"nothing is said about {need}" for need in outcome.needs),
    ]
    because = [one for one in outcome.because if one not in said_already]
    if gone:
        lines.append(f"  {'; '.join(dict.fromkeys(gone))}")
    if outcome.conflict:
        lines.append("  either " + ", or ".join(_clash(clash, outcome) for clash in outcome.conflict))
    if because and not gone:
        lines.append(_fitting("  because ", because, "; ", width))
    if outcome.needs:
        lines.append(_fitting("  needs ", outcome.needs, ", ", width))
    if outcome.calendar:
        lines.append(_fitting("  falls due ", [str(day) for day in outcome.calendar], ", ", width))
    assumed = [_assumed(decision, one) for one in _assumptions_of(decision, outcome)]
    if assumed:
        lines.append(_fitting("  assumes ", assumed, ", ", width))
    if outcome.determinations:
        lines.append(
            _fitting("  determined: ", [determined_words(one) for one in outcome.determinations], "; ", width)
        )
    if outcome.cites:
        lines.append(_fitting("  ", [f"[{cite}]" for cite in outcome.cites], " ", width))
    return [f"{name}: {answer(outcome)}", *lines[:6]]


def heading(decision: Decision) -> list[str]:
    """The lines above all outcomes: which policy, on which date, and how far its text was verified."""
    program = decision.policy.program
    instrument = program.instruments[0]
    title = instrument.short_title or instrument.title
    lines = [f"{program.name}{f' ({title})' if title else ''} as of {decision.as_of}"]
    changed = amended_words(instrument, decision.as_of)
    if changed:
        lines.append(changed)
    others = [one.name for one in program.instruments[1:]]
    if others:
        lines.append(f"read together with {listed(others, 'and')}")
    return [*lines, *verified_words(program.instruments, decision.as_of)]


def answer(outcome: DecidedOutcome) -> str:
    """What an outcome came to, in words: `granted`, `3750 USD`, `pending, due by 2025-03-28`."""
    declared = next(o for o in outcome.decision.policy.program.outcomes if o.name == outcome.name)
    return answer_words(outcome, declared.type)


def _with_type(value: Plain, outcome: DecidedOutcome) -> str:
    declared = next(o for o in outcome.decision.policy.program.outcomes if o.name == outcome.name)
    return said(value, declared.type)


def _fitting(start: str, parts: Sequence[str], joint: str, width: int) -> str:
    """As many parts as two lines hold, and how many are left out."""
    shown: list[str] = []
    room = 2 * width - len(start)
    for part in parts:
        if shown and room < len(part) + 12:
            break
        shown.append(part)
        room -= len(part) + len(joint)
    left = len(parts) - len(shown)
    return start + joint.join(shown) + (f" ... and {left} more" if left else "")


# ------------------------------------------------------------------------------ around the tree


def _heading(page: Page, decision: Decision, outcome: DecidedOutcome, told: OutcomeTrace) -> None:
    label = outcome.label
    if label and label != outcome.name.replace("_", " "):
        page.add(1, label)
    if outcome.force is not None and outcome.force != "binding":
        page.add(1, f"force: {outcome.force}")
    for line in promise_words(decision.policy.program, outcome.name):
        page.add(1, line)
    page.add(1, _read_on(decision.as_of, told))
    page.add(1, _in_force(decision.policy.program.instruments[0]))
    read_on = told.at.value if isinstance(told.at.value, datetime.date) else decision.as_of
    for line in verified_words(used_by(told, decision.policy.program), read_on):
        page.add(1, line)
    page.add(0, "")


def _read_on(as_of: datetime.date, told: OutcomeTrace) -> str:
    if told.outcome.judged_on is None:
        return f"read as of {as_of}"
    if isinstance(told.at.value, Absence):
        return f"read on the day of {told.outcome.judged_on}, which is not known; asked on {as_of}"
    return f"read as of {said(told.at.value)} ({told.outcome.judged_on}); asked on {as_of}"


def _in_force(instrument: Instrument) -> str:
    name = instrument.short_title or instrument.title or instrument.name
    if instrument.never_in_force:
        return f"{name}, not in force"
    if instrument.in_force is None:
        return name
    until = f" until {instrument.until}" if instrument.until is not None else ""
    if instrument.term is not None:
        until = f" until {instrument.term.unextended}, and longer as extended {instrument.term.words}"
    return f"{name}, in force from {instrument.in_force}{until}"


def _gone(outcome: DecidedOutcome, told: OutcomeTrace) -> list[str]:
    """Why there is no answer; where a table has no row, what it was asked for."""
    return with_rows([reason["message"] for reason in outcome.reasons], told.body)


def _absence(page: Page, outcome: DecidedOutcome, told: OutcomeTrace) -> None:
    for message in _gone(outcome, told):
        page.add(1, message)
    if outcome.conflict:
        page.add(1, "these cases apply together, and do not agree:")
        for clash in outcome.conflict:
            page.add(2, _clash(clash, outcome), cast("list[str]", clash["cites"]))


def _clash(clash: dict[str, object], outcome: DecidedOutcome) -> str:
    where = f" at {clash['where']}" if clash["where"] else ""
    return f"{_with_type(cast(Plain, clash['value']), outcome)}{where}"


def _rests_on(page: Page, decision: Decision, outcome: DecidedOutcome) -> None:
    if outcome.needs:
        page.add(0, "")
        page.add(1, "still needed:")
        questions = fact_labels(decision.policy.program)
        for need in outcome.needs:
            page.add(2, f"{need} ({questions[need]})" if need in questions else need)
    if outcome.defences:
        page.add(0, "")
        page.add(1, "defences:")
        for one in outcome.defences:
            needs = cast("list[str]", one["needs"])
            more = f", needs {listed(needs, 'and')}" if needs else ""
            page.add(2, f"{one['label'] or one['name']}: {one['state']}{more}")
    names = _assumptions_of(decision, outcome)
    if names:
        page.add(0, "")
        page.add(1, "assumed, because the text leaves it open:")
        for assumption in decision.policy.program.assumptions:
            if assumption.name in names:
                _readings(page, decision, assumption)
    if outcome.determinations:
        page.add(0, "")
        page.add(1, "determined, not worked out here:")
        for made in outcome.determinations:
            page.add(2, determined_words(made))
    if outcome.cites:
        page.add(0, "")
        page.add(1, "rests on:")
        for cite in outcome.cites:
            page.add(2, f"[{cite}]")


def _assumptions_of(decision: Decision, outcome: DecidedOutcome) -> list[str]:
    names = {*outcome.assumes, *outcome.calendar_assumes}
    return [one.name for one in decision.policy.program.assumptions if one.name in names]


def _assumed(decision: Decision, name: str) -> str:
    declared = next(one for one in decision.policy.program.assumptions if one.name == name)
    return assumed_words(declared, decision.assumed.get(name))


def _readings(page: Page, decision: Decision, assumption: Assumption) -> None:
    page.add(2, _assumed(decision, assumption.name))
    taken = said(assumption.value.value, assumption.value.type)
    for reading in assumption.readings:
        page.add(3, f"for {taken}: {reading.because}", reading.cites)
    for reading in assumption.against:
        page.add(3, f"against: {reading.because}", reading.cites)
