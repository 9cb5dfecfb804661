"""Clauses that forbid an act, and those that permit it nevertheless."""

from __future__ import annotations

import attrs

from policy_lang.meaning import problems
from policy_lang.meaning.clauses.goods import goods_test, goods_words
from policy_lang.meaning.clauses.setting import Setting, state
from policy_lang.meaning.defences import grounds_of
from policy_lang.meaning.expressions.typed import conjunction
from policy_lang.meaning.force import force_conditions, suspensions
from policy_lang.meaning.names import ActInfo
from policy_lang.meaning.rows import parts_of
from policy_lang.meaning.rules import qualified
from policy_lang.program import core
from policy_lang.program.phrasing import Phrasing
from policy_lang.program.types import Country, YesNo
from policy_lang.source.text import Span
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited


def permit(here: Setting, clause: tree.Clause, form: tree.Permission) -> tuple[str, core.Case] | None:
    """The prohibition that a permission beats, and the case in which it does; None where it beats nothing."""
    if not _beats_something(here, clause, form):
        return None
    assert form.beats is not None
    beaten = here.own.declared.clauses.get(form.beats.text)
    if beaten is None:
        here.priorities.say_no_clause(form.beats)
        return None
    if not isinstance(beaten.form, tree.Prohibition):
        here.names.say(
            problems.WRONG_USE.at(
                form.beats.span,
                f"`{form.beats.text}` forbids nothing",
                label="not a prohibition",
                related=[(beaten.name.span, "defined here")],
                help="a permission names the prohibition that it beats",
            )
        )
        return None
    act = _act(here, form.act)
    if act is None or not _is_about(here, beaten, act, form.beats.span):
        return None
    here.priorities.beats(clause, beaten, form.beats.span)
    permits = _permits(here, clause, form, act)
    permitted = core.Case(permits, state("complied", form.span), cited(clause.cites), span=form.span)
    return beaten.name.text, permitted


def _beats_something(here: Setting, clause: tree.Clause, form: tree.Permission) -> bool:
    """Whether a permission names what it beats; one said for greater certainty beats nothing."""
    if (form.beats is None) is (clause.certainty is not None):
        return form.beats is not None
    if form.beats is None:
        here.names.say(
            problems.WRONG_USE.at(
                form.span,
                f"`{clause.name.text}` permits what nothing is said to forbid",
                label="beats which clause?",
                help="add `notwithstanding clause NAME`, or begin with `for greater certainty,`",
            )
        )
    else:
        here.names.say(
            problems.CHANGES_SOMETHING.at(
                form.beats.span,
                f"what is said for greater certainty cannot prevail over `{form.beats.text}`",
                label="this would change an answer",
                help="leave `notwithstanding ...` out, or leave `for greater certainty,` out",
            )
        )
    return False


def _is_about(here: Setting, beaten: tree.Clause, act: ActInfo, span: Span) -> bool:
    """Whether a prohibition is about the record of this act; if not, that is reported."""
    assert isinstance(beaten.form, tree.Prohibition)
    acts = [meant.acts.get(beaten.form.act.text) for meant in (here.own, *here.own.uses)]
    records = {one.record for one in acts if one is not None}
    if not records or act.record in records:
        return True
    here.names.say(
        problems.NOT_IN_SCOPE.at(
            span,
            f"`{beaten.name.text}` is about `{min(records)}`, but this clause is about `{act.record}`",
            label="another record",
            related=[(beaten.name.span, "defined here")],
            help="a permission beats a prohibition about the same record",
        )
    )
    return False


def _permits(here: Setting, clause: tree.Clause, form: tree.Permission, act: ActInfo) -> core.Call:
    """Whether a permission covers a measure: it is in force, and does not itself give way."""
    span = clause.name.span
    name = f"{qualified(here.own, clause.name.text)}#permits"
    force = force_conditions(here.own.instrument, form.window, span, suspensions(clause))
    scope = _act_scope(here, act, form, clause)
    before = len(here.names.found)
    gates = [core.Not(gate.when, span=gate.span) for gate in here.priorities.gates(clause, act.record)]
    del here.names.found[before:]  # said when the permission itself is lowered
    here.own.definitions[name] = core.Definition(
        name,
        act.record,
        YesNo(),
        conjunction([*force, *gates, *parts_of(scope)], span),
        clause.label.text if clause.label else clause.name.text.replace("_", " "),
        instrument=here.own.instrument.name,
        span=span,
    )
    return core.Call(name, YesNo(), span=span)


def _act(here: Setting, name: tree.Name) -> ActInfo | None:
    act = here.names.look_up("acts", name, "no act is called")
    return act if isinstance(act, ActInfo) else None


def _role(here: Setting, act: ActInfo, what: str, span: Span) -> core.Fact | None:
    field = act.roles.get(what)
    schema = here.names.record_schema(act.record)
    kind = next((f.type for f in schema.fields if f.name == field), None) if schema else None
    if field is None or kind is None:
        here.names.say(
            problems.ACT_INCOMPLETE.at(
                span,
                f"`{act.name}` does not say which field tells `{what}`",
                label="not known for this act",
                help=f"add a line `{what} FIELD` to the act, or leave this out",
            )
        )
        return None
    return core.Fact(act.record, field, kind, span=span)


def _act_scope(
    here: Setting, act: ActInfo, form: tree.Prohibition | tree.Permission, clause: tree.Clause
) -> core.Expr:
    """Who acts, on what, and towards whom: everything but whether the act is done."""
    span = clause.name.span
    parts: list[core.Expr] = [act.scope] if act.scope is not None else []
    here.check_actor(form.actor)
    by = _role(here, act, "by", form.actor.span)
    parties = tuple(
        core.Const(code, Country(), span=form.actor.span) for code, _ in here.own.instrument.parties
    )
    if by is not None:
        if form.actor.country is not None:
            code = core.Const(form.actor.country.text, Country(), span=form.actor.span)
            parts.append(core.Compare("eq", by, code, span=form.actor.span))
        else:
            parts.append(core.Member(by, parties, "parties", span=form.actor.span))
    if form.goods is not None and form.goods.refs is not None:
        on = _role(here, act, "on", form.goods.span)
        schema = here.names.record_schema(act.record)
        if on is not None and schema is not None:
            goods = goods_test(here, form.goods, schema)
            if goods is not None:
                parts.append(goods)
    if form.direction is not None:
        to = _role(here, act, form.direction.flow, form.direction.span)
        if to is not None and form.direction.counterpart is not None:
            code = core.Const(
                here.names.country(form.direction.counterpart), Country(), span=form.direction.span
            )
            parts.append(core.Compare("eq", to, code, span=form.direction.span))
        elif to is not None and by is not None:
            span_to = form.direction.span
            parts.append(core.Member(to, parties, "parties", span=span_to))
            parts.append(core.Not(core.Compare("eq", to, by, span=span_to), span=span_to))
    if form.when is not None:
        parts.append(here.expressions.within(act.record).condition(form.when))
    return conjunction(parts, span)


def prohibition(
    here: Setting, clause: tree.Clause, form: tree.Prohibition, permissions: list[core.Case]
) -> core.Outcome | None:
    """Complied, breached, permitted or justified; `permissions` are the cases in which it is beaten."""
    here.no_shall(form.actor.span)
    act = _act(here, form.act)
    if act is None:
        return None
    scope = _act_scope(here, act, form, clause)
    complied = state("complied", form.span)
    # What was not done needs no permission, so that an answer cites one only where it rests on it.
    idle = _both(scope, core.Not(act.done, span=form.act.span))
    cases = [core.Case(idle, complied, span=form.span)] if permissions else []
    cases += [core.Case(_both(scope, one.when), one.value, one.cites, span=one.span) for one in permissions]
    breach = _both(scope, act.done)
    grounds = grounds_of(clause, act.record, here.own.declared, here.expressions)
    for ground in grounds:
        justified = state("justified", form.span)
        cases.append(
            core.Case(_both(breach, ground.made_out), justified, ground.cites, span=ground.defence.state.span)
        )
    cases.append(core.Case(breach, state("breached", form.span), cited(clause.cites), span=form.act.span))
    cases.append(core.Case(scope, complied, span=form.span))
    body = here.choose(clause, act.record, scope, cases, _out_of_scope(form))
    return here.outcome(
        clause,
        "prohibition",
        act.record,
        body,
        "binding",
        actor=form.actor.words,
        act=act.label,
        defences=tuple(ground.defence for ground in grounds),
        phrasing=_act_words(form),
    )


def permission(here: Setting, clause: tree.Clause, form: tree.Permission) -> core.Outcome | None:
    """What it permits, whether or not anything forbids it."""
    act = _act(here, form.act)
    if act is None:
        return None
    before = len(here.names.found)
    scope = _act_scope(here, act, form, clause)
    if form.beats is not None:
        del here.names.found[before:]  # said already, when the permission was related to what it beats
    cases = [core.Case(scope, state("permitted", form.span), cited(clause.cites), span=form.span)]
    body = here.choose(clause, act.record, scope, cases, _out_of_scope(form))
    return here.outcome(
        clause,
        "prohibition",
        act.record,
        body,
        here.softened("permission"),
        actor=form.actor.words,
        act=act.label,
        phrasing=attrs.evolve(_act_words(form), beats=form.beats.text if form.beats is not None else ""),
    )


def _act_words(form: tree.Prohibition | tree.Permission) -> Phrasing:
    direction = form.direction
    return Phrasing(
        form.verb,
        form.act.text,
        goods_words(form.goods),
        direction.flow if direction is not None else "",
        direction.counterpart.text if direction is not None and direction.counterpart is not None else "",
    )


def _both(scope: core.Expr, more: core.Expr) -> core.Expr:
    """Both conditions, the parts of each side by side."""
    parts: list[core.Expr] = []
    for part in (scope, more):
        parts.extend(part.operands if isinstance(part, core.And) else (part,))
    return core.And(tuple(parts), span=scope.span)


def _out_of_scope(form: tree.Prohibition | tree.Permission) -> core.Absent:
    message = "this measure is outside the clause"
    return core.Absent("not applicable", "out-of-scope", message, span=form.span)
