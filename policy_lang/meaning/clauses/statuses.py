"""Clauses that treat countries as something: what they grant, and what they answer."""

from __future__ import annotations

from policy_lang.meaning.clauses.goods import field_of, goods_field, goods_test, goods_words, some_good_of
from policy_lang.meaning.clauses.setting import Setting, state
from policy_lang.meaning.expressions.typed import YES, conjunction
from policy_lang.meaning.force import force_conditions, suspensions
from policy_lang.meaning.names import Grant
from policy_lang.meaning.rules import qualified
from policy_lang.program import core
from policy_lang.program.phrasing import Grant as Granted
from policy_lang.program.phrasing import Phrasing
from policy_lang.program.types import Country, YesNo
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited


def grant(here: Setting, clause: tree.Clause, form: tree.Treat) -> None:
    """Makes known what a clause grants, for whoever asks for the status."""
    status = here.names.look_up("statuses", form.status, "no status is called")
    if not isinstance(status, tree.Status):
        return
    schema = here.record(status.record, status.record.span)
    if schema is None:
        return
    for purpose in form.purposes:
        here.names.look_up("purposes", purpose, "no purpose is called")
    country = field_of(here, schema, Country(), form.span)
    if country is None:
        return
    codes = [here.names.country(name) for name in form.countries]
    options = tuple(
        core.Const(code, Country(), span=name.span) for code, name in zip(codes, form.countries, strict=True)
    )
    test: core.Expr
    if len(options) == 1:
        test = core.Compare("eq", country, options[0], span=form.countries[0].span)
    else:
        test = core.Member(country, options, span=form.countries[0].span)
    goods = goods_test(here, form.goods, schema)
    extra: list[core.Expr] = []
    if form.when is not None:
        extra.append(here.expressions.within(schema.name).condition(form.when))
    name = qualified(here.own, clause.name.text)
    good_field = goods_field(goods)
    # What others ask for holds only while the grant is in force, on the date they ask about.
    force = force_conditions(here.own.instrument, form.window, clause.name.span, suspensions(clause))
    asked, any_good = f"{name}#asked", f"{name}#any_good"
    with_goods = [test, *([goods] if goods is not None else []), *extra]
    some_good = [some_good_of(goods)] if goods is not None else []
    gates = [core.Not(gate.when, span=gate.span) for gate in here.priorities.gates(clause, schema.name)]
    granted = _grant_words(form)
    bodies = {
        name: with_goods,
        asked: [*force, *gates, *with_goods],
        any_good: [*force, *gates, test, *(one for one in some_good if one != YES), *extra],
    }
    for definition, parts in bodies.items():
        here.own.definitions[definition] = core.Definition(
            definition,
            schema.name,
            YesNo(),
            conjunction(parts, form.span),
            clause.label.text if clause.label else clause.name.text.replace("_", " "),
            cited(clause.cites),
            here.own.instrument.name,
            parameters=True,
            grant=granted,
            span=clause.name.span,
        )
    known = here.own.grants if clause.certainty is None else here.own.certain
    known.append(
        Grant(
            form.status.text,
            here.names.country(form.partner),
            tuple(p.text for p in form.purposes),
            schema.name,
            country.field,
            good_field,
            asked,
            any_good,
            clause.name.text,
        )
    )


def status(here: Setting, clause: tree.Clause, form: tree.Treat) -> core.Outcome | None:
    """Granted, or not granted."""
    name = qualified(here.own, clause.name.text)
    definition = here.own.definitions.get(name)
    if definition is None:
        return None
    call = core.Call(name, YesNo(), span=form.span)
    body = here.choose(
        clause,
        definition.subject,
        call,
        [core.Case(call, state("granted", form.span), cited(clause.cites), span=form.span)],
        state("not granted", form.span),
    )
    act = f"treat {', '.join(c.text for c in form.countries)} as {form.status.text.replace('_', ' ')}"
    actor = form.designation.text if form.designation else form.partner.text
    phrasing = Phrasing("treat", grant=_grant_words(form))
    return here.outcome(
        clause,
        "status",
        definition.subject,
        body,
        here.softened("binding"),
        actor=actor,
        act=act,
        phrasing=phrasing,
    )


def _grant_words(form: tree.Treat) -> Granted:
    return Granted(
        form.status.text,
        tuple(name.text for name in form.countries),
        form.partner.text,
        goods_words(form.goods),
        tuple(name.text for name in form.purposes),
        form.designation.text if form.designation is not None else "",
    )
