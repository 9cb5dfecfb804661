"""Clauses that say what is to be done: undertakings, affirmations, and obligations with a date."""

from __future__ import annotations

from typing import assert_never

from policy_lang.meaning import problems
from policy_lang.meaning.clauses.deeds import words_of
from policy_lang.meaning.clauses.goods import goods_test, goods_words
from policy_lang.meaning.clauses.schedules import begun, schedule_of
from policy_lang.meaning.clauses.setting import Setting, state
from policy_lang.meaning.expressions.typed import YES, conjunction
from policy_lang.meaning.force import force_cases, suspensions
from policy_lang.program import core
from policy_lang.program.phrasing import Phrasing
from policy_lang.program.types import YesNo
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited


def _scope(
    here: Setting,
    form: tree.Duty | tree.Affirmation,
) -> tuple[str | None, core.Expr | None] | None:
    """What an undertaking is about and when it applies; None when that was reported as wrong."""
    names_goods = form.goods is not None and form.goods.refs is not None
    schema: core.RecordSchema | None = None
    if form.on_record is not None or names_goods:
        schema = here.record(form.on_record, form.span)
        if schema is None:
            return None
    parts: list[core.Expr] = []
    if schema is not None:
        goods = goods_test(here, form.goods, schema)
        if goods is not None:
            parts.append(goods)
    if form.when is not None:
        local = here.expressions.within(schema.name if schema is not None else None)
        parts.append(local.condition(form.when))
    return (schema.name if schema else None), (conjunction(parts, form.span) if parts else None)


def _undertaking(
    here: Setting,
    clause: tree.Clause,
    form: tree.Duty | tree.Affirmation,
    force: core.Force,
    act: str,
) -> core.Outcome | None:
    verb = form.modal if isinstance(form, tree.Duty) else form.verb
    here.check_actor(form.actor)
    found = _scope(here, form)
    if found is None:
        return None
    subject, scope = found
    span = form.span
    if scope is None:
        body = here.choose(clause, subject, YES, [], state("applies", span))
    else:
        applies = core.Case(scope, state("applies", span), cited(clause.cites), span=span)
        body = here.choose(clause, subject, scope, [applies], state("does not apply", span))
    phrasing = Phrasing(verb, goods=goods_words(form.goods))
    return here.outcome(
        clause, "undertaking", subject, body, force, actor=form.actor.words, act=act, phrasing=phrasing
    )


def affirmation(here: Setting, clause: tree.Clause, form: tree.Affirmation) -> core.Outcome | None:
    """What is affirmed applies, or does not."""
    return _undertaking(
        here, clause, form, here.softened("affirmation"), f"{form.verb.rstrip('s')} {form.topic.text}"
    )


def duty(here: Setting, clause: tree.Clause, form: tree.Duty) -> core.Outcome | None:
    """With a timing an obligation, else an undertaking."""
    force = _duty_force(here, form)
    act = words_of(here, form.deed)
    if form.considering:
        topics = [t.text.replace("_", " ") for t in form.considering]
        act = f"{act} (considering {_listed(topics)})"
    if form.timing is None:
        for part, what in ((form.recurrence, "recurs"), (form.fulfilled_by, "is fulfilled")):
            if part is not None:
                here.names.say(
                    problems.WRONG_USE.at(
                        part.span,
                        f"this {what}, but never falls due a first time",
                        label="no first date",
                        help="say first when it is due: `within ...`, `by ...`",
                    )
                )
        return _undertaking(here, clause, form, force, act)
    here.check_actor(form.actor)
    if form.on_record is not None or form.goods is not None:
        misplaced = form.on_record.span if form.on_record is not None else form.span
        here.names.say(
            problems.WRONG_USE.at(
                misplaced,
                "a duty with a date is about the instrument, not about a record",
                label="not possible here",
                help="leave the record and the goods out, or leave the date out",
            )
        )
    schedule = schedule_of(here, form, clause)
    if schedule is None:
        return None
    gates = here.priorities.gates(clause, None)
    cases = list(gates)
    triggered: core.Expr = YES
    if form.when is not None:
        condition = triggered = here.expressions.within(None).condition(form.when)
        out = core.Absent("not applicable", "out-of-scope", "the condition is not met", span=form.span)
        cases.append(core.Case(core.Not(condition, span=form.span), out, span=form.span))
    if schedule.first is not None and not schedule.backwards:
        began = begun(here, schedule, clause)
        triggered = began if triggered == YES else core.And((began, triggered), span=form.span)
    here.priorities.note(clause, None, gates, triggered)
    force_first = force_cases(here.own.instrument, form.window, clause.name.span, suspensions(clause))
    body: core.Expr = YES
    if force_first or cases:
        body = core.Choose("first", (*force_first, *cases), YES, YesNo(), span=clause.name.span)
    return here.outcome(
        clause,
        "obligation",
        None,
        body,
        force,
        actor=form.actor.words,
        act=act,
        schedule=schedule,
        phrasing=Phrasing(form.modal),
    )


def _duty_force(here: Setting, form: tree.Duty) -> core.Force:
    framework = here.own.instrument.kind == "framework"
    match form.modal:
        case "shall":
            here.no_shall(form.actor.span.to(form.deed.span))
            return "binding"
        case "shall endeavour to":
            here.no_shall(form.actor.span.to(form.deed.span))
            return "best endeavours"
        case "should":
            return "political" if framework else "hortatory"
        case "intend to":
            return "political"
    assert_never(form.modal)


def _listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
