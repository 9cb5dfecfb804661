"""How a value came about: the core read once more, keeping every step (the tracing reading).

It uses the operators of `values.py` and `operators.py`, so it cannot disagree with the other readings.
Nothing here recurses: a chain of definitions is unrolled on a stack of its own.
"""

from __future__ import annotations

import datetime
import gc
from collections.abc import Callable, Generator, Mapping, Sequence
from functools import partial
from typing import Any, TypeAlias, assert_never, cast

from attrs import define, evolve, field, frozen

from policy_lang.program import operators, values
from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Outcome,
    Program,
    Schedule,
    text_of,
)
from policy_lang.program.facts import Events, Facts, Given
from policy_lang.program.obligation import Told, duty
from policy_lang.program.operate import operate
from policy_lang.program.schema import Schema, children, is_country, territory_pairs, type_of
from policy_lang.program.trace import (
    Element,
    Node,
    OutcomeTrace,
    Place,
    Trace,
    apart_name,
    indexes,
    line_of,
    unrolled,
)
from policy_lang.program.types import is_numeric, is_ordered
from policy_lang.program.values import Absence, Value, absent, unknown

_CROWD = 100
"""The elements of a longer list are traced with less detail: see `Tracer._bound`."""


@frozen
class _Text:
    """One text of a duty, with how its parts came about."""

    schedule: Schedule
    told: Told
    anchor: Trace
    recurs: Trace | None
    last: Trace | None


@frozen(eq=False)
class _Record:
    """A record in scope. `origins` has, for one made for a call, the traces that filled its fields."""

    given: Given
    place: Place
    origins: Mapping[str, Trace] | None = None


_Equality: TypeAlias = Callable[[Value, Value], Value]
_Scope: TypeAlias = Mapping[str, _Record]
_Task: TypeAlias = Generator[Any, Any, Trace]


@define(eq=False)
class Tracer:
    """Traces the outcomes of one case. Assumptions that are not in `assumed` are not made.

    With `apart`, a determination that is missing in a list is a question for each element (`apart_name`).
    """

    program: Program
    facts: Facts
    as_of: datetime.date
    assumed: Mapping[str, Value]
    apart: bool = False
    _schema: Schema = field(init=False)
    _definitions: dict[str, Definition] = field(init=False)
    _territories: dict[tuple[str, str], bool | None] = field(init=False)
    _called: dict[object, Trace] = field(init=False, factory=dict)
    _dates: dict[str | None, Trace] = field(init=False, factory=dict)
    _scopes: dict[str | None, dict[str, _Record]] = field(init=False, factory=dict)
    _made: dict[object, _Record] = field(init=False, factory=dict)
    _constants: dict[int, Trace] = field(init=False, factory=dict)  # by node: they are the same anywhere
    _equalities: dict[int, _Equality] = field(init=False, factory=dict)  # by node: how it compares
    _in_crowd: bool = field(
        init=False, default=False
    )  # within a list of more elements than anybody reads about

    def __attrs_post_init__(self) -> None:
        self._schema = Schema(self.program)
        self._definitions = {one.name: one for one in self.program.definitions}
        given = self.facts.territories
        pairs = territory_pairs(self.program)
        self._territories = {pair: given.get(pair[0], included) for pair, included in pairs.items()}

    def outcome(self, name: str) -> OutcomeTrace:
        """How the outcome called `name` came about."""
        outcome = next(one for one in self.program.outcomes if one.name == name)
        scope = self._scope(outcome.subject)
        at = self._date_of(outcome, scope)
        body = self.expr(outcome.body, scope, at)
        defences = tuple(self.expr(defence.state, scope, at) for defence in outcome.defences)
        schedule = outcome.schedule
        if schedule is None:
            outcome = outcome.on(at.value if isinstance(at.value, datetime.date) else self.as_of)
            return OutcomeTrace(outcome, body.value, body, at, defences)
        texts = [self._text(one, scope, at) if one is not None else None for one in schedule.texts]
        told = [None if one is None else one.told for one in texts]
        found = duty(name, schedule, lambda due: outcome.on(due).force, body.value, told, self.as_of)
        value = found.absence if found.absence is not None else found.state
        about = texts[found.text] or next(one for one in reversed(texts) if one is not None)
        worded = evolve(outcome.on(found.due or self.as_of), schedule=about.schedule)
        events = about.told.events
        return OutcomeTrace(
            worded, value, body, at, defences, about.anchor, about.recurs, found, events, about.last
        )

    def _date_of(self, outcome: Outcome, scope: _Scope) -> Trace:
        """The date on which an outcome is read: one trace for all that are read on it, so that they share steps."""
        return self._date(outcome.judged_on, scope)

    def _date(self, judged_on: str | None, scope: _Scope) -> Trace:
        known = self._dates.get(judged_on)
        if known is None:
            known = Trace(At(), self.as_of)
            if judged_on is not None:
                record, _, judged = judged_on.rpartition(".")
                schema = self._schema.field(record, judged)
                assert schema is not None
                known = self.expr(Fact(record, judged, schema.type), scope, known)
            self._dates[judged_on] = known
        return known

    def _text(self, schedule: Schedule, scope: _Scope, at: Trace) -> _Text:
        """How the parts of one text of a duty came about."""
        anchor = self.expr(schedule.anchor, scope, at)
        recurs = None if schedule.recurs is None else self.expr(schedule.recurs, scope, at)
        done = None if schedule.event is None else self.expr(schedule.event, scope, at).value
        last = None if schedule.last is None else self.expr(schedule.last, scope, at)
        told = Told(
            anchor.value,
            True if recurs is None else recurs.value,
            cast("Events | Absence | None", done),
            None if last is None else last.value,
        )
        return _Text(schedule, told, anchor, recurs, last)

    def expr(self, expr: Expr, scope: _Scope, at: Trace) -> Trace:
        """How one expression came about, for the records in scope, on a date."""
        collecting = gc.isenabled()
        gc.disable()  # the collector would walk the growing trace again and again
        try:
            return unrolled(self._expr(expr, scope, at))
        finally:
            if collecting:
                gc.enable()

    def _scope(self, subject: str | None) -> dict[str, _Record]:
        """The records in scope; one that is not given is a record of which nothing is known."""
        known = self._scopes.get(subject)
        if known is not None:
            return known
        scope: dict[str, _Record] = {}
        place: Place | None = None
        for n, name in enumerate(self._schema.scope(subject)):
            given = self.facts.subjects.get(name) if n == 0 else None
            place = Place(name, None if n == 0 else 0, place)
            scope[name] = _Record(given if given is not None else Given({}), place)
        self._scopes[subject] = scope
        return scope

    def about(
        self, expr: Expr, subject: str | None, judged_on: str | None
    ) -> list[tuple[tuple[int, ...], Value]]:
        """What an expression comes to for each record of this kind in the facts, and where the record stands.

        Where a list is not known, for any element of it, at 0.
        """
        chain = self._schema.scope(subject)
        root = self._scope(chain[0] if chain else None)
        at = self._date(judged_on, root)
        return [
            (indexes(scope[chain[-1]].place) if chain else (), self.expr(expr, scope, at).value)
            for scope in self._scopes_of(chain, root)
        ]

    def root_of(self, subject: str | None) -> str | None:
        """The record outside of all lists that a record lies in."""
        return next(iter(self._schema.scope(subject)), None)

    def list_of(self, record: str | None) -> str:
        """The path of the list that records of this kind lie in."""
        return self._schema.path(record) if record is not None else ""

    def path_of(self, fact: Fact) -> tuple[str, ...]:
        """The path of a fact, without the numbers of elements."""
        if fact.record is None:
            return (fact.field,)
        return (*self._schema.path(fact.record).split("."), fact.field)

    def _scopes_of(self, chain: Sequence[str], root: _Scope) -> list[_Scope]:
        """What is in scope for each record at the end of a chain from the root."""
        found = [root]
        for name in chain[1:]:
            schema = self._schema.records[name]
            inner: list[_Scope] = []
            for scope in found:
                outer = scope[str(schema.parent)]
                listed = outer.given.values.get(str(schema.parent_field))
                elements = enumerate(listed, 1) if isinstance(listed, tuple) else [(0, Given({}))]
                inner += [{**scope, name: _Record(one, Place(name, n, outer.place))} for n, one in elements]
            found = inner
        return found

    def _expr(self, expr: Expr, scope: _Scope, at: Trace) -> _Task:
        if isinstance(expr, At):
            return at
        if isinstance(expr, Const):
            return self._constant(expr)
        if isinstance(expr, Fact):
            return self._fact(expr, scope)
        if isinstance(expr, Fold):
            return cast(Trace, (yield self._fold(expr, scope, at)))
        if isinstance(expr, Call):
            return cast(Trace, (yield self._call(expr, scope, at)))
        if isinstance(expr, Choose):
            return cast(Trace, (yield self._choose(expr, scope, at)))
        found: list[Trace] = []
        for inner in children(expr):
            if isinstance(inner, Const):
                found.append(self._constant(inner))
                continue
            found.append((yield self._expr(inner, scope, at)))
        cites = self._cites_of(expr) if isinstance(expr, Assumed) else ()
        return Trace(expr, self._value(expr, [one.value for one in found]), tuple(found), cites=cites)

    def _constant(self, const: Const) -> Trace:
        known = self._constants.get(id(const))
        if known is None:
            known = self._constants[id(const)] = Trace(const, const.value)
        return known

    def _value(self, expr: Expr, operands: list[Value]) -> Value:
        match expr:
            case Const(value=value):
                return value
            case Assumed(name=name):
                return self.assumed[name] if name in self.assumed else unknown((name,))
            case Absent(reason=reason, code=code, message=message):
                return absent(reason, code, message)
            case And():
                return values.both(operands)
            case Or():
                return values.either(operands)
            case Not():
                return values.negated(operands[0])
            case Compare(comparison="eq"):
                return self._equality(expr)(operands[0], operands[1])
            case Compare(comparison=comparison):
                return values.compare(comparison, operands[0], operands[1])
            case Member():
                if len(operands) == 1:
                    return False
                equal = self._equality(expr)
                return values.either([equal(operands[0], one) for one in operands[1:]])
            case Op():
                return operate(expr, operands)
            case At() | Fact() | Choose() | Fold() | Call():
                raise AssertionError(expr)
        assert_never(expr)

    def _equality(self, expr: Compare | Member) -> _Equality:
        """How values of the type of these operands are compared."""
        known = self._equalities.get(id(expr))
        if known is None:
            parts = children(expr)
            kinds = [type_of(part) for part in parts]
            if any(is_country(part) for part in parts):
                known = partial(values.equal_countries, self._territories)
            elif any(kind is not None and is_ordered(kind) for kind in kinds):
                known = partial(values.compare, "eq")
            else:
                known = values.equal
            self._equalities[id(expr)] = known
        return known

    def _cites_of(self, assumed: Assumed) -> tuple[str, ...]:
        """The citations for the reading that is taken."""
        for one in self.program.assumptions:
            if one.name == assumed.name:
                taken = self.assumed.get(one.name) == one.value.value
                return tuple(c for reading in (one.readings if taken else one.against) for c in reading.cites)
        return ()

    def _fact(self, fact: Fact, scope: _Scope) -> Trace:
        if fact.record is None:
            known = self.facts.case
            return Trace(fact, cast(Value, known[fact.field]) if fact.field in known else self._gap(fact))
        record = scope[fact.record]
        if record.origins is not None and fact.field in record.origins:
            return record.origins[fact.field]
        values_given = record.given.values
        schema = self._schema.field(fact.record, fact.field)
        value = cast(Value, values_given[fact.field]) if fact.field in values_given else self._gap(fact)
        if self.apart and schema is not None and schema.determination and isinstance(value, Absence):
            place = indexes(record.place)
            if place and value.needs:
                path, interval = self._schema.unknown_fact(fact)
                value = unknown((apart_name(path, place),), interval)
        return Trace(fact, value, label=schema.label if schema is not None else "", place=record.place)

    def _gap(self, fact: Fact) -> Value:
        """What is known of a fact that is not given."""
        return self._schema.gap(fact)

    def _choose(self, expr: Choose, scope: _Scope, at: Trace) -> _Task:
        if expr.by_text and isinstance(at.value, datetime.date):  # what counts is the text of that day
            return cast(Trace, (yield self._expr(text_of(expr, at.value)[0], scope, at)))
        cases: list[Trace] = []
        for case in expr.cases:
            when = yield self._expr(case.when, scope, at)
            value = yield self._expr(case.value, scope, at)
            cases.append(Trace(case, value.value, (when, value), cites=case.cites))
        default: Trace = yield self._expr(expr.default, scope, at)
        conditions, chosen = [c.children[0].value for c in cases], [c.value for c in cases]
        ordered = is_ordered(expr.type)
        if expr.mode == "first":
            value = values.choose_first(conditions, chosen, default.value, ordered)
        else:
            places = [(line_of(case), case.cites) for case in expr.cases]
            value = values.choose_unordered(conditions, chosen, default.value, ordered, places)
        return Trace(expr, value, (*cases, default), cites=expr.cites)

    def _fold(self, fold: Fold, scope: _Scope, at: Trace) -> _Task:
        listed = self._fact(fold.list, scope)
        here = scope[fold.list.record].place if fold.list.record is not None else None
        numeric = is_numeric(fold.type)
        elements: list[Trace] = []
        pairs: list[tuple[Value, Value]] = []
        is_known = isinstance(listed.value, tuple)
        found = cast("tuple[Given, ...]", listed.value) if is_known else (self._generic(fold, scope),)
        outside = self._in_crowd
        self._in_crowd = outside or len(found) > _CROWD
        for n, given in enumerate(found, 1):
            inner = dict(scope)
            inner[fold.record] = self._element(fold, given, n if is_known else 0, here)
            element: Trace = yield self._counted(fold, inner, at)
            elements.append(element)
            pairs.append((element.value, True if fold.body is None else element.children[-1].value))
        self._in_crowd = outside
        value = (
            operators.fold(fold.kind, pairs, numeric)
            if is_known
            else operators.fold_unknown(fold.kind, listed.value, *pairs[0])
        )
        return Trace(fold, value, (listed, *elements))

    def _generic(self, fold: Fold, scope: _Scope) -> Given:
        """The element of an unknown list: a record of which nothing is known."""
        parent = None if fold.list.record is None else id(scope[fold.list.record].given)
        key = ("generic", parent, fold.list.field)
        return self._made.setdefault(key, _Record(Given({}), Place(fold.record, 0))).given

    def _element(self, fold: Fold, given: Given, index: int, parent: Place | None) -> _Record:
        key = ("element", id(given), fold.record)
        return self._made.setdefault(key, _Record(given, Place(fold.record, index, parent)))

    def _counted(self, fold: Fold, scope: _Scope, at: Trace) -> _Task:
        parts: list[Trace] = []
        for part in (fold.where, fold.body):
            if part is not None:
                parts.append((yield self._expr(part, scope, at)))  # noqa: PERF401 - no comprehension can yield
        where = True if fold.where is None else parts[0].value
        place = scope[fold.record].place
        return Trace(Element(fold), where, tuple(parts), self._word_for(scope[fold.record]), place=place)

    def _word_for(self, record: _Record) -> str:
        """A word that tells this record from its neighbours, such as the mineral of a chain."""
        for one in self._schema.records[record.place.record].fields:
            value = record.given.values.get(one.name)
            if isinstance(value, str):
                return value
        return ""

    def _call(self, expr: Call, scope: _Scope, at: Trace) -> _Task:
        definition = self._definitions[expr.definition]
        inner = dict(scope)
        bound: list[Trace] = []
        if expr.bind is not None:
            for _, filling in expr.bind.fields:
                bound.append((yield self._expr(filling, scope, at)))
            names = [name for name, _ in expr.bind.fields]
            inner[expr.bind.record] = self._bound(expr.bind.record, names, bound)
        if expr.at is not None:
            at = yield self._expr(expr.at, scope, at)
        visible = {name: inner[name] for name in self._schema.scope(definition.subject)}
        key = (definition.name, at.value, id(at.place), *(id(one.given) for one in visible.values()))
        known = self._called.get(key)
        if known is None:
            if isinstance(at.value, datetime.date):
                definition = definition.on(at.value)
            body: Trace = yield self._expr(definition.body, visible, at)
            own = None if expr.bind is not None else self._place_of(definition, visible)
            known = Trace(definition, body.value, (body,), definition.label, definition.cites, own)
            self._called[key] = known
        return Trace(expr, known.value, (known, *bound), definition.label, place=known.place)

    def _bound(self, record: str, names: Sequence[str], filled: Sequence[Trace]) -> _Record:
        """The record made for a call. In a crowd, one serves all calls with the same values.

        It then does not tell which facts its fields were filled from; the trace of the call still does.
        """
        given: dict[str, object] = {name: one.value for name, one in zip(names, filled, strict=True)}
        if self._in_crowd:
            key: tuple[object, ...] = ("bound", record, *given.items())
            origins: dict[str, Trace] | None = None
        else:
            key = ("bound", record, *((_same(one.node), id(one.place), one.value) for one in filled))
            origins = dict(zip(names, filled, strict=True))
        return self._made.setdefault(key, _Record(Given(given), Place(record), origins))

    def _place_of(self, definition: Definition, visible: _Scope) -> Place | None:
        return visible[definition.subject].place if definition.subject is not None else None


def _same(node: Node) -> object:
    """What two mentions of one fact have in common; anything else is only the same as itself."""
    return (node.record, node.field) if isinstance(node, Fact) else id(node)
