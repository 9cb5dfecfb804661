"""Clauses: each form lowered to an outcome, and what it grants or raises made known to others."""

from __future__ import annotations

import datetime
from typing import assert_never

import attrs
from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.meaning.defences import check_defences, grounds_of
from policy_lang.meaning.events import happening
from policy_lang.meaning.expressions import (
    NO,
    YES,
    Expressions,
    conjunction,
    force_cases,
    force_conditions,
    membership,
    misses_day,
    suspensions,
    type_of,
)
from policy_lang.meaning.names import ActInfo, Grant, Meant, Names
from policy_lang.meaning.priorities import Priorities
from policy_lang.meaning.promises import Promises
from policy_lang.meaning.records import check_window, cited
from policy_lang.meaning.rows import parts_of
from policy_lang.meaning.rules import qualified
from policy_lang.program import core
from policy_lang.program.phrasing import Grant as Granted
from policy_lang.program.phrasing import Phrasing
from policy_lang.program.types import (
    Country,
    Date,
    Dates,
    Enumeration,
    Text,
    Type,
    Unresolved,
    YesNo,
)
from policy_lang.source.text import Span
from policy_lang.syntax import tree

_DEFAULT_RECORD = "sourcing"
_DEFAULT_EVENT = "reviews"


def state(word: str, span: Span) -> core.Const:
    """The word for a state, as the value of an outcome."""
    return core.Const(word, Text(), span=span)


@define
class Clauses:
    """Lowers the clauses of one instrument."""

    own: Meant
    names: Names
    expressions: Expressions
    priorities: Priorities
    permissions: dict[str, list[core.Case]] = field(factory=dict)  # by the prohibition they beat

    def grant_all(self) -> None:
        """Makes known the statuses that this instrument grants, before any rule asks for one."""
        for clause in self.own.declared.clauses.values():
            if isinstance(clause.form, tree.Treat):
                self._grant(clause, clause.form)
            elif isinstance(clause.form, tree.Flag):
                self.own.flags[clause.form.name.text] = clause.name.text

    def expect_all(self) -> None:
        """Makes known when each duty was done that names no event for it, before anything counts from that."""
        for clause in self.own.declared.clauses.values():
            if isinstance(clause.form, tree.Duty):
                self._expect(clause, clause.form)

    def permit_all(self) -> None:
        """Finds what each permission beats, before the prohibitions are lowered."""
        for clause in self.own.declared.clauses.values():
            form = clause.form
            if not isinstance(form, tree.Permission) or not self._beats_something(clause, form):
                continue
            assert form.beats is not None
            beaten = self.own.declared.clauses.get(form.beats.text)
            if beaten is None:
                self.priorities.say_no_clause(form.beats)
                continue
            if not isinstance(beaten.form, tree.Prohibition):
                self.names.say(
                    problems.WRONG_USE.at(
                        form.beats.span,
                        f"`{form.beats.text}` forbids nothing",
                        label="not a prohibition",
                        related=[(beaten.name.span, "defined here")],
                        help="a permission names the prohibition that it beats",
                    )
                )
                continue
            act = self._act(form.act)
            if act is None:
                continue
            if not self._is_about(beaten, act, form.beats.span):
                continue
            self.priorities.beats(clause, beaten, form.beats.span)
            permits = self._permits(clause, form, act)
            permitted = core.Case(permits, state("complied", form.span), cited(clause.cites), span=form.span)
            self.permissions.setdefault(beaten.name.text, []).append(permitted)

    def _beats_something(self, clause: tree.Clause, form: tree.Permission) -> bool:
        """Whether a permission names what it beats; one said for greater certainty beats nothing."""
        if (form.beats is None) is (clause.certainty is not None):
            return form.beats is not None
        if form.beats is None:
            self.names.say(
                problems.WRONG_USE.at(
                    form.span,
                    f"`{clause.name.text}` permits what nothing is said to forbid",
                    label="beats which clause?",
                    help="add `notwithstanding clause NAME`, or begin with `for greater certainty,`",
                )
            )
        else:
            self.names.say(
                problems.CHANGES_SOMETHING.at(
                    form.beats.span,
                    f"what is said for greater certainty cannot prevail over `{form.beats.text}`",
                    label="this would change an answer",
                    help="leave `notwithstanding ...` out, or leave `for greater certainty,` out",
                )
            )
        return False

    def _is_about(self, beaten: tree.Clause, act: ActInfo, span: Span) -> bool:
        """Whether a prohibition is about the record of this act; if not, that is reported."""
        assert isinstance(beaten.form, tree.Prohibition)
        acts = [meant.acts.get(beaten.form.act.text) for meant in (self.own, *self.own.uses)]
        records = {one.record for one in acts if one is not None}
        if not records or act.record in records:
            return True
        self.names.say(
            problems.NOT_IN_SCOPE.at(
                span,
                f"`{beaten.name.text}` is about `{min(records)}`, but this clause is about `{act.record}`",
                label="another record",
                related=[(beaten.name.span, "defined here")],
                help="a permission beats a prohibition about the same record",
            )
        )
        return False

    def _permits(self, clause: tree.Clause, form: tree.Permission, act: ActInfo) -> core.Call:
        """Whether a permission covers a measure: it is in force, and does not itself give way."""
        span = clause.name.span
        name = f"{qualified(self.own, clause.name.text)}#permits"
        force = force_conditions(self.own.instrument, form.window, span, suspensions(clause))
        scope = self._act_scope(act, form, clause)
        before = len(self.names.found)
        gates = [core.Not(gate.when, span=gate.span) for gate in self.priorities.gates(clause, act.record)]
        del self.names.found[before:]  # said when the permission itself is lowered
        self.own.definitions[name] = core.Definition(
            name,
            act.record,
            YesNo(),
            conjunction([*force, *gates, *parts_of(scope)], span),
            clause.label.text if clause.label else clause.name.text.replace("_", " "),
            instrument=self.own.instrument.name,
            span=span,
        )
        return core.Call(name, YesNo(), span=span)

    def define_all(self) -> None:
        for clause in self.own.declared.clauses.values():
            outcome = self._outcome(clause)
            if outcome is not None:
                self.own.outcomes.append(outcome)
        self.priorities.check()
        Promises(self.own, self.names).keep()
        check_defences(self.own, self.names)

    # ---------------------------------------------------------------- shared

    def _outcome(self, clause: tree.Clause) -> core.Outcome | None:
        form = clause.form
        check_window(form.window, self.names)
        match form:
            case tree.Treat():
                return self._status(clause, form)
            case tree.Prohibition():
                return self._prohibition(clause, form)
            case tree.Permission():
                return self._permission(clause, form)
            case tree.Duty():
                return self._duty(clause, form)
            case tree.Affirmation():
                return self._affirmation(clause, form)
            case tree.Flag():
                return self._flag(clause, form)
        assert_never(form)

    def _make(
        self,
        clause: tree.Clause,
        family: core.Family,
        subject: str | None,
        body: core.Expr,
        force: core.Force,
        *,
        actor: str = "",
        act: str = "",
        schedule: core.Schedule | None = None,
        defences: tuple[core.Defence, ...] = (),
        phrasing: Phrasing | None = None,
    ) -> core.Outcome:
        name = clause.name.text
        return core.Outcome(
            name,
            family,
            subject,
            body,
            None,
            force,
            clause.label.text if clause.label else name.replace("_", " "),
            cited(clause.cites),
            self.own.instrument.name,
            actor,
            act,
            schedule,
            defences,
            judged_on=judged_on(self.names, subject),
            phrasing=phrasing,
            span=clause.name.span,
        )

    def _choose(
        self,
        clause: tree.Clause,
        subject: str | None,
        applies: core.Expr,
        cases: list[core.Case],
        default: core.Expr,
    ) -> core.Expr:
        """The cases in which the clause is not in force, or gives way, then its own, in order.

        `applies` is what makes it apply to a case, so that others can give way to it.
        """
        force = force_cases(self.own.instrument, clause.form.window, clause.name.span, suspensions(clause))
        gates = self.priorities.gates(clause, subject)
        self.priorities.note(clause, subject, gates, applies)
        return core.Choose("first", (*force, *gates, *cases), default, Text(), span=clause.name.span)

    def _record(self, name: tree.Name | None, default: str, span: Span) -> core.RecordSchema | None:
        wanted = name or tree.Name(default, span=span)
        schema = self.names.look_up("records", wanted, "no record is called")
        return schema if isinstance(schema, core.RecordSchema) else None

    def _actor_is_known(self, actor: tree.Actor) -> None:
        words = actor.words
        is_participants = "participant" in words
        is_framework = self.own.instrument.kind == "framework"
        if actor.country is not None:
            code = self.names.country(actor.country)
            parties = [party for party, _ in self.own.instrument.parties]
            if parties and code not in parties:
                self.names.say(
                    problems.WRONG_USE.at(
                        actor.span,
                        f"`{code}` is not a party to this instrument",
                        label="not a party",
                        help=f"its parties are {', '.join(f'`{p}`' for p in parties)}",
                    )
                )
        elif not self.own.instrument.parties and not self.own.declared.is_damaged(self.own.declared.header):
            self.names.say(
                problems.NO_PARTIES.at(
                    actor.span,
                    f"`{words}` stands here, but the header names none",
                    label="who?",
                    help='add a line such as `parties US "...", JP "..."` to the header',
                )
            )
        elif is_participants != is_framework:
            right = words.replace("participants", "parties").replace("participant", "party")
            if is_framework:
                right = words.replace("parties", "participants").replace("party", "participant")
            self.names.say(
                problems.WRONG_USE.at(
                    actor.span,
                    f"the members of {_article(self.own.instrument.kind)} are not called that",
                    label="here",
                    help=f"write `{right}`",
                )
            )

    def _goods(self, goods: tree.Goods | None, schema: core.RecordSchema) -> core.Expr | None:
        """Whether the record's good is among the goods named; None when all goods are meant."""
        if goods is None or goods.refs is None:
            return None
        expressions = self.expressions.within(schema.name)
        parts: list[core.Expr] = []
        for ref in goods.refs:
            part = self._good(ref, schema, expressions)
            if part is not None:
                parts.append(part)
        if not parts:
            return None
        return parts[0] if len(parts) == 1 else core.Or(tuple(parts), span=goods.span)

    def _good(self, ref: tree.Ref, schema: core.RecordSchema, expressions: Expressions) -> core.Expr | None:
        entries = self.names.entry(ref.parts[-1].text)
        if entries or len(ref.parts) > 1:
            named = expressions.named_list(ref)
            if named is None:
                return None
            fact = self._field_of(schema, named.type, ref.span)
            return membership(fact, named, ref.span) if fact is not None else None
        word = Expressions(self.names).lower(ref)
        kind = type_of(word)
        if isinstance(kind, Unresolved):
            return None
        fact = self._field_of(schema, kind, ref.span)
        return core.Compare("eq", fact, word, span=ref.span) if fact is not None else None

    def _field_of(self, schema: core.RecordSchema, kind: Type, span: Span) -> core.Fact | None:
        """The one field of a record that holds this type."""
        fields = [f for f in schema.fields if f.type == kind]
        if len(fields) == 1:
            return core.Fact(schema.name, fields[0].name, kind, span=span)
        what = kind.name if isinstance(kind, Enumeration) else "country"
        self.names.say(
            problems.WRONG_USE.at(
                span,
                f"`{schema.name}` has {'no field that holds' if not fields else 'several fields that hold'} a `{what}`",
                label="which field is meant?",
                related=[(schema.span, "the record")],
                help="say it with `when` instead",
            )
        )
        return None

    # ---------------------------------------------------------------- status

    def _grant(self, clause: tree.Clause, form: tree.Treat) -> None:
        status = self.names.look_up("statuses", form.status, "no status is called")
        if not isinstance(status, tree.Status):
            return
        schema = self._record(status.record, _DEFAULT_RECORD, status.record.span)
        if schema is None:
            return
        for purpose in form.purposes:
            self.names.look_up("purposes", purpose, "no purpose is called")
        country = self._field_of(schema, Country(), form.span)
        if country is None:
            return
        codes = [self.names.country(name) for name in form.countries]
        options = tuple(
            core.Const(code, Country(), span=name.span)
            for code, name in zip(codes, form.countries, strict=True)
        )
        test: core.Expr
        if len(options) == 1:
            test = core.Compare("eq", country, options[0], span=form.countries[0].span)
        else:
            test = core.Member(country, options, span=form.countries[0].span)
        goods = self._goods(form.goods, schema)
        extra: list[core.Expr] = []
        if form.when is not None:
            extra.append(self.expressions.within(schema.name).condition(form.when))
        name = qualified(self.own, clause.name.text)
        good_field = goods_field(goods)
        # What others ask for holds only while the grant is in force, on the date they ask about.
        force = force_conditions(self.own.instrument, form.window, clause.name.span, suspensions(clause))
        asked, any_good = f"{name}#asked", f"{name}#any_good"
        with_goods = [test, *([goods] if goods is not None else []), *extra]
        some_good = [some_good_of(goods)] if goods is not None else []
        gates = [core.Not(gate.when, span=gate.span) for gate in self.priorities.gates(clause, schema.name)]
        granted = _grant_words(form)
        bodies = {
            name: with_goods,
            asked: [*force, *gates, *with_goods],
            any_good: [*force, *gates, test, *(one for one in some_good if one != YES), *extra],
        }
        for definition, parts in bodies.items():
            self.own.definitions[definition] = core.Definition(
                definition,
                schema.name,
                YesNo(),
                conjunction(parts, form.span),
                clause.label.text if clause.label else clause.name.text.replace("_", " "),
                cited(clause.cites),
                self.own.instrument.name,
                parameters=True,
                grant=granted,
                span=clause.name.span,
            )
        known = self.own.grants if clause.certainty is None else self.own.certain
        known.append(
            Grant(
                form.status.text,
                self.names.country(form.partner),
                tuple(p.text for p in form.purposes),
                schema.name,
                country.field,
                good_field,
                asked,
                any_good,
                clause.name.text,
            )
        )

    def _status(self, clause: tree.Clause, form: tree.Treat) -> core.Outcome | None:
        name = qualified(self.own, clause.name.text)
        definition = self.own.definitions.get(name)
        if definition is None:
            return None
        call = core.Call(name, YesNo(), span=form.span)
        body = self._choose(
            clause,
            definition.subject,
            call,
            [core.Case(call, state("granted", form.span), cited(clause.cites), span=form.span)],
            state("not granted", form.span),
        )
        act = f"treat {', '.join(c.text for c in form.countries)} as {form.status.text.replace('_', ' ')}"
        actor = form.designation.text if form.designation else form.partner.text
        phrasing = Phrasing("treat", grant=_grant_words(form))
        return self._make(
            clause,
            "status",
            definition.subject,
            body,
            self._force("binding"),
            actor=actor,
            act=act,
            phrasing=phrasing,
        )

    def _force(self, force: core.Force) -> core.Force:
        return "political" if self.own.instrument.kind == "framework" else force

    # ---------------------------------------------------------------- prohibition

    def _act(self, name: tree.Name) -> ActInfo | None:
        act = self.names.look_up("acts", name, "no act is called")
        return act if isinstance(act, ActInfo) else None

    def _role(self, act: ActInfo, what: str, span: Span) -> core.Fact | None:
        field = act.roles.get(what)
        schema = self.names.record_schema(act.record)
        kind = next((f.type for f in schema.fields if f.name == field), None) if schema else None
        if field is None or kind is None:
            self.names.say(
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
        self, act: ActInfo, form: tree.Prohibition | tree.Permission, clause: tree.Clause
    ) -> core.Expr:
        """Who acts, on what, and towards whom: everything but whether the act is done."""
        span = clause.name.span
        parts: list[core.Expr] = [act.scope] if act.scope is not None else []
        self._actor_is_known(form.actor)
        by = self._role(act, "by", form.actor.span)
        parties = tuple(
            core.Const(code, Country(), span=form.actor.span) for code, _ in self.own.instrument.parties
        )
        if by is not None:
            if form.actor.country is not None:
                code = core.Const(form.actor.country.text, Country(), span=form.actor.span)
                parts.append(core.Compare("eq", by, code, span=form.actor.span))
            else:
                parts.append(core.Member(by, parties, "parties", span=form.actor.span))
        if form.goods is not None and form.goods.refs is not None:
            on = self._role(act, "on", form.goods.span)
            schema = self.names.record_schema(act.record)
            if on is not None and schema is not None:
                goods = self._goods(form.goods, schema)
                if goods is not None:
                    parts.append(goods)
        if form.direction is not None:
            to = self._role(act, form.direction.flow, form.direction.span)
            if to is not None and form.direction.counterpart is not None:
                code = core.Const(
                    self.names.country(form.direction.counterpart), Country(), span=form.direction.span
                )
                parts.append(core.Compare("eq", to, code, span=form.direction.span))
            elif to is not None and by is not None:
                span_to = form.direction.span
                parts.append(core.Member(to, parties, "parties", span=span_to))
                parts.append(core.Not(core.Compare("eq", to, by, span=span_to), span=span_to))
        if form.when is not None:
            parts.append(self.expressions.within(act.record).condition(form.when))
        return conjunction(parts, span)

    def _prohibition(self, clause: tree.Clause, form: tree.Prohibition) -> core.Outcome | None:
        self._no_shall(form.actor.span)
        act = self._act(form.act)
        if act is None:
            return None
        scope = self._act_scope(act, form, clause)
        permissions = self.permissions.get(clause.name.text, [])
        complied = state("complied", form.span)
        # What was not done needs no permission, so that an answer cites one only where it rests on it.
        idle = _both(scope, core.Not(act.done, span=form.act.span))
        cases = [core.Case(idle, complied, span=form.span)] if permissions else []
        cases += [
            core.Case(_both(scope, one.when), one.value, one.cites, span=one.span) for one in permissions
        ]
        breach = _both(scope, act.done)
        grounds = grounds_of(clause, act.record, self.own.declared, self.expressions)
        for ground in grounds:
            justified = state("justified", form.span)
            cases.append(
                core.Case(
                    _both(breach, ground.made_out), justified, ground.cites, span=ground.defence.state.span
                )
            )
        cases.append(core.Case(breach, state("breached", form.span), cited(clause.cites), span=form.act.span))
        cases.append(core.Case(scope, complied, span=form.span))
        body = self._choose(clause, act.record, scope, cases, _out_of_scope(form))
        return self._make(
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

    def _permission(self, clause: tree.Clause, form: tree.Permission) -> core.Outcome | None:
        act = self._act(form.act)
        if act is None:
            return None
        before = len(self.names.found)
        scope = self._act_scope(act, form, clause)
        if form.beats is not None:
            del self.names.found[before:]  # said already, when the permission was related to what it beats
        cases = [core.Case(scope, state("permitted", form.span), cited(clause.cites), span=form.span)]
        body = self._choose(clause, act.record, scope, cases, _out_of_scope(form))
        return self._make(
            clause,
            "prohibition",
            act.record,
            body,
            self._force("permission"),
            actor=form.actor.words,
            act=act.label,
            phrasing=attrs.evolve(_act_words(form), beats=form.beats.text if form.beats is not None else ""),
        )

    def _no_shall(self, span: Span) -> None:
        if self.own.instrument.kind == "framework":
            self.names.say(
                problems.SHALL_IN_FRAMEWORK.at(
                    span,
                    "`shall` stands in a framework",
                    label="this binds",
                    help="write `the participants intend to ...`, or make it an `agreement`",
                )
            )

    # ---------------------------------------------------------------- flag

    def _flag(self, clause: tree.Clause, form: tree.Flag) -> core.Outcome | None:
        schema = self._record(form.record, _DEFAULT_RECORD, form.record.span)
        if schema is None:
            return None
        condition = self.expressions.within(schema.name).condition(form.when)
        raised = core.Case(condition, state("raised", form.span), cited(clause.cites), span=form.span)
        body = self._choose(clause, schema.name, condition, [raised], state("clear", form.span))
        act = f"flag {form.name.text.replace('_', ' ')}"
        return self._make(clause, "flag", schema.name, body, self._force("binding"), act=act)

    # ---------------------------------------------------------------- undertaking, obligation

    def _scope(
        self,
        form: tree.Duty | tree.Affirmation,
    ) -> tuple[str | None, core.Expr | None] | None:
        """What an undertaking is about and when it applies; None when that was reported as wrong."""
        names_goods = form.goods is not None and form.goods.refs is not None
        schema: core.RecordSchema | None = None
        if form.on_record is not None or names_goods:
            schema = self._record(form.on_record, _DEFAULT_RECORD, form.span)
            if schema is None:
                return None
        parts: list[core.Expr] = []
        if schema is not None:
            goods = self._goods(form.goods, schema)
            if goods is not None:
                parts.append(goods)
        if form.when is not None:
            local = self.expressions.within(schema.name if schema is not None else None)
            parts.append(local.condition(form.when))
        return (schema.name if schema else None), (conjunction(parts, form.span) if parts else None)

    def _undertaking(
        self,
        clause: tree.Clause,
        form: tree.Duty | tree.Affirmation,
        force: core.Force,
        act: str,
    ) -> core.Outcome | None:
        verb = form.modal if isinstance(form, tree.Duty) else form.verb
        self._actor_is_known(form.actor)
        found = self._scope(form)
        if found is None:
            return None
        subject, scope = found
        span = form.span
        if scope is None:
            body = self._choose(clause, subject, YES, [], state("applies", span))
        else:
            applies = core.Case(scope, state("applies", span), cited(clause.cites), span=span)
            body = self._choose(clause, subject, scope, [applies], state("does not apply", span))
        phrasing = Phrasing(verb, goods=_goods_words(form.goods))
        return self._make(
            clause, "undertaking", subject, body, force, actor=form.actor.words, act=act, phrasing=phrasing
        )

    def _affirmation(self, clause: tree.Clause, form: tree.Affirmation) -> core.Outcome | None:
        return self._undertaking(
            clause, form, self._force("affirmation"), f"{form.verb.rstrip('s')} {form.topic.text}"
        )

    def _duty(self, clause: tree.Clause, form: tree.Duty) -> core.Outcome | None:
        force = self._duty_force(form)
        act = self._deed(form.deed)
        if form.considering:
            topics = [t.text.replace("_", " ") for t in form.considering]
            act = f"{act} (considering {_listed(topics)})"
        if form.timing is None:
            for part, what in ((form.recurrence, "recurs"), (form.fulfilled_by, "is fulfilled")):
                if part is not None:
                    self.names.say(
                        problems.WRONG_USE.at(
                            part.span,
                            f"this {what}, but never falls due a first time",
                            label="no first date",
                            help="say first when it is due: `within ...`, `by ...`",
                        )
                    )
            return self._undertaking(clause, form, force, act)
        self._actor_is_known(form.actor)
        if form.on_record is not None or form.goods is not None:
            misplaced = form.on_record.span if form.on_record is not None else form.span
            self.names.say(
                problems.WRONG_USE.at(
                    misplaced,
                    "a duty with a date is about the instrument, not about a record",
                    label="not possible here",
                    help="leave the record and the goods out, or leave the date out",
                )
            )
        schedule = self._schedule(form, clause)
        if schedule is None:
            return None
        gates = self.priorities.gates(clause, None)
        cases = list(gates)
        triggered: core.Expr = YES
        if form.when is not None:
            condition = triggered = self.expressions.within(None).condition(form.when)
            out = core.Absent("not applicable", "out-of-scope", "the condition is not met", span=form.span)
            cases.append(core.Case(core.Not(condition, span=form.span), out, span=form.span))
        if schedule.first is not None and not schedule.backwards:
            began = self._begun(schedule, clause)
            triggered = began if triggered == YES else core.And((began, triggered), span=form.span)
        self.priorities.note(clause, None, gates, triggered)
        force_first = force_cases(self.own.instrument, form.window, clause.name.span, suspensions(clause))
        body: core.Expr = YES
        if force_first or cases:
            body = core.Choose("first", (*force_first, *cases), YES, YesNo(), span=clause.name.span)
        return self._make(
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

    def _begun(self, schedule: core.Schedule, clause: tree.Clause) -> core.Expr:
        """Whether the clock of a duty has started, as far as others can ask."""
        if isinstance(schedule.anchor, core.Absent):
            return YES
        if not isinstance(type_of(schedule.anchor), Date):
            self.priorities.say_if_asked(clause, schedule.anchor_words)
            return YES
        return core.Compare("ge", core.At(span=schedule.anchor.span), schedule.anchor, span=clause.name.span)

    def _duty_force(self, form: tree.Duty) -> core.Force:
        framework = self.own.instrument.kind == "framework"
        match form.modal:
            case "shall":
                self._no_shall(form.actor.span.to(form.deed.span))
                return "binding"
            case "shall endeavour to":
                self._no_shall(form.actor.span.to(form.deed.span))
                return "best endeavours"
            case "should":
                return "political" if framework else "hortatory"
            case "intend to":
                return "political"
        assert_never(form.modal)

    def _duty_binds(self, form: tree.Duty) -> bool:
        return form.modal == "shall" and self.own.instrument.kind != "framework"

    def _deed(self, deed: tree.Deed, quietly: bool = False) -> str:
        topic = ""
        if isinstance(deed.topic, tree.Text):
            topic = deed.topic.text
        elif isinstance(deed.topic, tree.Name):
            known = {**{f: f for used in self.own.uses for f in used.flags}, **self.own.flags}
            names = {*known, *self.own.declared.clauses, *self.names.entry_names(), *self.names.words()}
            if not quietly and deed.topic.text not in names and not self.names.is_excused(deed.topic.text):
                self.names.say(
                    problems.unknown(problems.UNKNOWN_NAME, deed.topic.span, deed.topic.text, names)
                )
            topic = deed.topic.text.replace("_", " ")
        match deed.kind:
            case "text":
                return topic
            case "review":
                return f"review this {self.own.instrument.kind}"
            case "confer":
                return f"confer on {'measures against ' if deed.against else ''}{topic}"
        assert_never(deed.kind)

    def _schedule(self, form: tree.Duty, clause: tree.Clause) -> core.Schedule | None:
        timing = form.timing
        assert timing is not None
        anchor = self._anchor(timing.anchor)
        if anchor is None:
            return None
        expr, words = anchor
        first = _period(timing.period)
        every = None
        recurs: core.Expr | None = None
        if form.recurrence is not None:
            every = _period(form.recurrence.period)
            if every == (0, 0, 0):
                self.names.say(
                    problems.RECURS_BY_NOTHING.at(
                        form.recurrence.period.span,
                        "this period is empty",
                        label="this period",
                        help="write a period such as `2 years`, or leave `and every ...` out",
                    )
                )
                return None
            if form.recurrence.when is not None:
                recurs = self.expressions.within(None).condition(form.recurrence.when)
        self._check_rounding(timing, form.recurrence, expr)
        return core.Schedule(
            expr,
            words,
            first,
            timing.kind == "before",
            every,
            _rounding(timing, form.recurrence),
            form.recurrence.counted_from if form.recurrence is not None else "due",
            recurs,
            *self._event(form, clause),
            timing.day,
            timing.kind == "anniversary",
            self._last(form.window) if every is not None else None,
        )

    def _check_rounding(
        self, timing: tree.Timing, recurrence: tree.Recurrence | None, anchor: core.Expr
    ) -> None:
        if isinstance(anchor, core.Absent):
            return  # never in force, so never due
        known = anchor.value if isinstance(anchor, core.Const) else None
        day = known if isinstance(known, datetime.date) else None
        first = _months(timing.period) * (-1 if timing.kind == "before" else 1)
        later = _months(recurrence.period) if recurrence is not None else 0
        is_fixed = timing.period is None or timing.period.days == 0
        if recurrence is not None and (recurrence.counted_from == "held" or not is_fixed):
            later_day = day if day is not None and day.day <= 28 else None
        else:
            later_day = day
        many = (first + count * later for count in range(1, 49 if later else 1))
        for period, rounding, may_miss in (
            (timing.period, timing.rounding, misses_day(day, first)),
            (
                recurrence.period if recurrence else None,
                recurrence.rounding if recurrence else None,
                later != 0 and misses_day(later_day, *many),
            ),
        ):
            if period is None or rounding is not None or not may_miss:
                continue
            if timing.day is not None and period.days == 0:  # counted from the first day of a month
                continue
            self.names.say(
                problems.ROUNDING_NEEDED.at(
                    period.span,
                    "the month reached may not have that day",
                    label="months or years",
                    help="add `rounded down` (last day of the month) or `rounded up` (first of the next)",
                )
            )

    def _last(self, window: tree.Window) -> core.Expr | None:
        """The last day on which a duty that recurs can fall due: that of the clause and of the instrument."""
        term = self.own.instrument.term
        ends = [window.end.value] if window.end is not None else []
        if self.own.instrument.until is not None:
            ends.append(self.own.instrument.until)
        fixed = core.Const(min(ends), Date()) if ends else None
        if term is None or (fixed is not None and min(ends) <= term.unextended):
            return fixed
        return term.last_day if fixed is None else core.Op("lesser", (fixed, term.last_day), Date())

    def _expect(self, clause: tree.Clause, form: tree.Duty) -> None:
        """A duty that binds and names no event has one that is called like its clause."""
        is_review = form.deed.kind == "review" and self._has_event(_DEFAULT_EVENT)
        name = clause.name.text
        if form.timing is None or form.fulfilled_by is not None or is_review or not self._duty_binds(form):
            return
        if self._has_event(name):
            return
        takers = {
            fact.name
            for meant in (self.own, *self.own.uses)
            for fact in meant.case_facts
            if fact.name not in meant.deeds
        }
        takers |= {record for meant in (self.own, *self.own.uses) for record in meant.records}
        if name in takers:
            self.names.say(
                problems.WRONG_USE.at(
                    clause.name.span,
                    f"facts could not tell when this was done: `{name}` is something else there",
                    label="the name is taken",
                    help="say `fulfilled by EVENT`, or give the clause another name",
                )
            )
            return
        label = f"On which dates was this done: {self._deed(form.deed, quietly=True)}?"
        fact = core.CaseFact(name, Dates(), label, span=clause.name.span)
        self.own.deeds[name] = fact
        self.own.case_facts.append(fact)

    def _has_event(self, name: str) -> bool:
        return any(name in meant.events for meant in (self.own, *self.own.uses))

    def _event(self, form: tree.Duty, clause: tree.Clause) -> tuple[core.Expr | None, str, str]:
        """What discharges a duty: the event named, `reviews` for a review, else one called like the clause.

        A duty that does not bind needs none: its date passes without consequence.
        """
        wanted = form.fulfilled_by
        if wanted is None:
            name = clause.name.text
            if form.deed.kind == "review" and self._has_event(_DEFAULT_EVENT):
                name = _DEFAULT_EVENT
            elif not self._duty_binds(form) or not (name in self.own.deeds or self._has_event(name)):
                return None, "", ""
            wanted = tree.Happening(tree.Name(name, span=clause.name.span), span=clause.name.span)
        found = happening(wanted, self.own, self.names)
        if found is None:
            return None, "", ""
        infos = [
            m.events[wanted.event.text] for m in (self.own, *self.own.uses) if wanted.event.text in m.events
        ]
        label = infos[0].label if infos and not infos[0].label.endswith("?") and not wanted.receipt else ""
        return *found, f"{label}, by {wanted.by.text}" if label and wanted.by is not None else label

    def _anchor(self, anchor: tree.Anchor) -> tuple[core.Expr, str] | None:
        instrument = self.own.instrument
        match anchor.kind:
            case "date":
                assert anchor.date is not None
                words = str(anchor.date.value)
                return core.Const(anchor.date.value, Date(), span=anchor.span), words
            case "entry into force" | "signature":
                day = instrument.in_force if anchor.kind == "entry into force" else instrument.signed
                if day is None:
                    if instrument.never_in_force:
                        message = f"{instrument.short_title or instrument.name} is not in force"
                        absent = core.Absent("not in force", "never-in-force", message, span=anchor.span)
                        return absent, anchor.kind
                    line = "in force from" if anchor.kind == "entry into force" else "signed"
                    if not self.own.declared.is_damaged(self.own.declared.header):
                        self.names.say(
                            problems.NO_SUCH_ANCHOR.at(
                                anchor.span,
                                f"the header does not say the date of {anchor.kind}",
                                label="which date?",
                                help=f"add a line `{line} 2024-01-31` to the header",
                            )
                        )
                    return None
                return core.Const(day, Date(), span=anchor.span), anchor.kind
            case "event":
                assert anchor.event is not None
                return happening(anchor.event, self.own, self.names)
        assert_never(anchor.kind)


def _goods_words(goods: tree.Goods | None) -> tuple[str, ...]:
    return tuple(ref.parts[-1].text for ref in goods.refs or ()) if goods is not None else ()


def _grant_words(form: tree.Treat) -> Granted:
    return Granted(
        form.status.text,
        tuple(name.text for name in form.countries),
        form.partner.text,
        _goods_words(form.goods),
        tuple(name.text for name in form.purposes),
        form.designation.text if form.designation is not None else "",
    )


def _act_words(form: tree.Prohibition | tree.Permission) -> Phrasing:
    direction = form.direction
    return Phrasing(
        form.verb,
        form.act.text,
        _goods_words(form.goods),
        direction.flow if direction is not None else "",
        direction.counterpart.text if direction is not None and direction.counterpart is not None else "",
    )


def _listed(words: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _both(scope: core.Expr, more: core.Expr) -> core.Expr:
    """Both conditions, the parts of each side by side."""
    parts: list[core.Expr] = []
    for part in (scope, more):
        parts.extend(part.operands if isinstance(part, core.And) else (part,))
    return core.And(tuple(parts), span=scope.span)


def _out_of_scope(form: tree.Prohibition | tree.Permission) -> core.Absent:
    message = "this measure is outside the clause"
    return core.Absent("not applicable", "out-of-scope", message, span=form.span)


def _months(period: tree.PeriodLit | None) -> int:
    return 12 * period.years + period.months if period is not None else 0


def _period(period: tree.PeriodLit | None) -> tuple[int, int, int] | None:
    return (period.years, period.months, period.days) if period is not None else None


def _rounding(timing: tree.Timing, recurrence: tree.Recurrence | None) -> core.Rounding:
    for rounding in (timing.rounding, recurrence.rounding if recurrence is not None else None):
        if rounding is not None:
            return rounding
    return "abort"


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def goods_field(goods: core.Expr | None) -> str | None:
    """The field that a test of goods looks at."""
    match goods:
        case core.Member(operand=core.Fact(field=name)) | core.Compare(left=core.Fact(field=name)):
            return name
        case core.Or(operands=parts) | core.And(operands=parts):
            return next((found for found in map(goods_field, parts) if found is not None), None)
        case _:
            return None


def some_good_of(goods: core.Expr) -> core.Expr:
    """Whether any good at all passes a test of goods, on the date asked about (rule F1).

    What is left of the test are the days of membership, and what the facts say of an open list.
    """
    match goods:
        case core.Member(options=options):
            return YES if options else NO
        case core.Compare(left=core.Fact(record=str())):
            return YES
        case core.And(operands=parts):
            needed = [one for one in map(some_good_of, parts) if one != YES]
            return NO if NO in needed else conjunction(needed, goods.span)
        case core.Or(operands=parts):
            ways = [one for one in map(some_good_of, parts) if one != NO]
            if YES in ways:
                return YES
            return core.Or(tuple(ways), span=goods.span) if len(ways) != 1 else ways[0]
        case _:
            return goods


def judged_on(names: Names, subject: str | None) -> str | None:
    """The path of the date on which a record is judged (rule T2), or None for the as-of date."""
    schema = names.record_schema(subject) if subject is not None else None
    while schema is not None:
        if schema.judged_on is not None:
            return f"{schema.name}.{schema.judged_on}"
        schema = names.record_schema(schema.parent) if schema.parent is not None else None
    return None
