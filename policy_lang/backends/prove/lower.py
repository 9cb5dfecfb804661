"""One program as formulas over the facts of a space: what each expression gives, for all of them at once.

In a partial space, facts may be missing, and what rests on them is unknown just where the evaluator says so. The
letters in comments name the rules.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from typing import Any, TypeAlias, assert_never

import z3
from attrs import define, field

from policy_lang.backends.prove.choices import both, chosen, either, form_by, masked, negated, reach_of_all
from policy_lang.backends.prove.forms import (
    Content,
    Form,
    NotLowered,
    OutOfTime,
    Truth,
    absent,
    all_of,
    any_of,
    blank,
    choice,
    equal,
    equal_forms,
    is_false,
    is_formula,
    is_true,
    opposite,
    plain_content,
    term,
    truth_by,
    wanted,
    worst,
)
from policy_lang.backends.prove.operators import Operators
from policy_lang.backends.prove.reach import (
    FAR,
    End,
    Reach,
    decided,
    ends_of,
    form_of,
    innermost,
    is_sure,
    outermost,
    related,
)
from policy_lang.backends.prove.space import Record, Space
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
)
from policy_lang.program.countries import DEPENDENT
from policy_lang.program.schema import Schema, territory_pairs, type_of
from policy_lang.program.types import Country, Date, Dates, Number, Type, YesNo, is_numeric, is_ordered
from policy_lang.program.values import Interval

_TERRITORIES: dict[str, list[str]] = {
    sovereign: [one for one, other in DEPENDENT.items() if other == sovereign]
    for sovereign in DEPENDENT.values()
}

STOOD_FOR = (Call, Fold, Op, And, Or, Not, Compare, Member)
"""For these kinds of expression something else may stand."""


@define(eq=False)
class Scope:
    """The records that an expression speaks of, and the date on which it is read."""

    records: dict[str, Record]
    at: Form

    def key(self) -> tuple[object, ...]:
        """Scopes with the same key give the same."""
        return (id(self.at), *((name, id(one)) for name, one in self.records.items()))


StandIn: TypeAlias = "Callable[[Lowering, Expr, Scope], Form | None]"


@define(eq=False)
class Lowering:
    """Gives forms for the outcomes of a program. What is lowered once is kept."""

    program: Program
    space: Space
    open_readings: bool = False
    deadline: float | None = None  # by the monotonic clock; `OutOfTime` after it
    stand_in: StandIn | None = None  # may give another form for an expression
    definitions: dict[str, Definition] = field(init=False)
    assumed: dict[str, Const] = field(init=False)
    schema: Schema = field(init=False)
    operators: Operators = field(init=False)
    _territories: dict[tuple[str, str], bool | None] = field(init=False)
    _stated: frozenset[str] = field(init=False)  # territories of which every program says something
    _disputed: frozenset[str] = field(init=False)  # and not all the same
    _kept: dict[tuple[object, ...], tuple[Scope, Form]] = field(factory=dict)
    _words: dict[tuple[int, int], tuple[Content, Truth]] = field(factory=dict)
    _facts: dict[tuple[Record | None, str, Type], Form] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.definitions = {one.name: one for one in self.program.definitions}
        self.assumed = {one.name: one.value for one in self.program.assumptions}
        self.schema = Schema(self.program)
        self.operators = Operators(self.space)
        self._territories = territory_pairs(self.program)
        declared = [{t: said for t, _, said in program.territories} for program in self.space.programs]
        self._stated = frozenset(set.intersection(*map(set, declared)))
        self._disputed = frozenset(t for t in self._stated if len({one[t] for one in declared}) > 1)

    # ------------------------------------------------------------------------------------ outcomes

    def scope_of(self, outcome: Outcome) -> Scope:
        """What an outcome is about, and the date on which it is read (rule T2)."""
        names = self.schema.scope(outcome.subject)
        if len(names) > 1:
            raise NotLowered("it is about a record inside a list")
        records = {name: self.space.root(name) for name in names}
        scope = Scope(records, self.space.at)
        if outcome.judged_on is not None:
            record, _, name = outcome.judged_on.rpartition(".")
            scope.at = self.lower(Fact(record, name, Date()), scope)
        return scope

    def outcome(self, outcome: Outcome) -> Form:
        """What the body of an outcome gives."""
        return self.lower(outcome.body, self.scope_of(outcome))

    def first_of(self, subject: str | None, judged_on: str | None = None) -> tuple[Scope, Truth]:
        """A record of this kind as the first element of each list that it lies in, and when there is one.

        Nothing that is worked out depends on the order of a list, so what holds of the first holds of any.
        """
        records: dict[str, Record] = {}
        there: list[Truth] = []
        outer: Record | None = None
        for name in self.schema.scope(subject):
            schema = self.schema.records[name]
            if outer is None:
                outer = self.space.root(name)
            else:
                there.append(self.space.length(outer, str(schema.parent_field)) > 0)
                outer = self.space.element(outer, str(schema.parent_field), name, 0)
            records[name] = outer
        scope = Scope(records, self.space.at)
        if judged_on is not None:
            record, _, name = judged_on.rpartition(".")
            scope.at = wanted(self.lower(Fact(record, name, Date()), scope))
        return scope, all_of(there)

    def checks(self) -> None:
        """Takes on what the program asks of the facts: broken checks make facts that are refused."""
        for record in self.program.records:
            for path in self._instances(record.name):
                for check, _ in record.checks:
                    form = self.lower(check, Scope(dict(path), self.space.at))
                    refused = all_of((opposite(form.is_gone), opposite(form.none), opposite(form.content)))
                    here = [count > index for one in path.values() for count, index in one.inside]
                    self.space.valid.append(term(opposite(all_of((*here, refused)))))

    def _instances(self, name: str) -> list[dict[str, Record]]:
        schema = self.schema.records[name]
        if not schema.checks:
            return []
        chain = self.schema.scope(name)
        found = [{chain[0]: self.space.root(chain[0])}]
        for inner in chain[1:]:
            at = self.schema.records[inner]
            outer = str(at.parent)
            found = [
                {**one, inner: self.space.element(one[outer], str(at.parent_field), inner, n)}
                for one in found
                for n in range(self.space.slots(one[outer], str(at.parent_field)))
            ]
        return found

    # --------------------------------------------------------------------------------- expressions

    def lower(self, expr: Expr, scope: Scope) -> Form:
        """What an expression gives."""
        if self.stand_in is not None and isinstance(expr, STOOD_FOR):
            found = self.stand_in(self, expr, scope)
            if found is not None:
                return found
        match expr:
            case Const():
                return self.constant(expr)
            case At():
                return scope.at
            case Assumed():
                return self.taken(expr)
            case Fact():
                record = None if expr.record is None else scope.records[expr.record]
                if record is not None and record.made is not None:
                    return record.made[expr.field]
                key = (record, expr.field, expr.type)
                if key not in self._facts:
                    self._facts[key] = self.fact(expr, record)
                return self._facts[key]
            case Absent():
                return absent(expr.reason, False)
            case Compare():
                return self.compare(expr, self.lower(expr.left, scope), self.lower(expr.right, scope))
            case Member():
                operand = self.lower(expr.operand, scope)
                tests = [
                    self.compare(Compare("eq", expr.operand, one), operand, self.lower(one, scope))
                    for one in expr.options
                ]
                return either(tests)
            case And():
                return both([self.lower(one, scope) for one in expr.operands])
            case Or():
                return either([self.lower(one, scope) for one in expr.operands])
            case Not():
                return negated(self.lower(expr.operand, scope))
            case Op():
                return self.operators.operate(expr, [self.lower(one, scope) for one in expr.operands])
            case Choose():
                rows = [(self.lower(c.when, scope), self.lower(c.value, scope)) for c in expr.cases]
                default = self.lower(expr.default, scope)
                return chosen(expr.mode, rows, default, blank(expr.type), is_ordered=is_ordered(expr.type))
            case Fold():
                return self.fold(expr, scope)
            case Call():
                return self.call(expr, scope)
            case _:
                assert_never(expr)

    def fact(self, expr: Fact, record: Record | None) -> Form:
        """A fact; in a partial space it may be missing, and then it lies within its bounds (rule W2)."""
        if record is None:
            form, known = self.space.case_fact(expr.field, expr.type), self.space.is_known((expr.field,), ())
            declared = self.schema.case_facts.get(expr.field)
            if declared is not None and declared.presumed is not None and not is_true(known):
                return Form(choice(known, form.content, declared.presumed))
        elif record.is_bare:
            form, known = Form(blank(expr.type)), False
        else:
            form = self.space.fact(record, expr.field, expr.type)
            known = self.space.is_known((*record.place, expr.field), record.inside)
        if is_true(known) or isinstance(expr.type, Dates):
            return form
        _, interval = self.schema.unknown_fact(expr)
        gone = {"unknown": opposite(known)}
        none = all_of((known, form.none))
        ordered = is_ordered(expr.type)
        return form_of(form.content, gone, _reach_within(interval, ordered), none, is_ordered=ordered)

    def taken(self, expr: Assumed) -> Form:
        """What an assumption says; with `open_readings`, either where that is yes or no."""
        if self.open_readings and isinstance(expr.type, YesNo):
            return Form(z3.Bool(f"assumed {expr.name}"))
        return self.constant(self.assumed[expr.name])

    def constant(self, expr: Const) -> Form:
        if expr.value is None:
            return Form(blank(expr.type), none=True)
        return Form(plain_content(expr.value, self.space.word))

    def call(self, expr: Call, scope: Scope) -> Form:
        definition = self.definitions[expr.definition]
        records = dict(scope.records)
        if expr.bind is not None:
            made = Record(expr.bind.record, (), (), {n: self.lower(e, scope) for n, e in expr.bind.fields})
            records[expr.bind.record] = made
        at = scope.at if expr.at is None else self.lower(expr.at, scope)
        self.look_at_the_clock()
        if expr.bind is None:
            needed = set(self.schema.scope(definition.subject))
            records = {name: one for name, one in records.items() if name in needed}
        inner = Scope(records, at)
        key = (expr.definition, *inner.key())
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = (inner, self.lower(definition.body, inner))
        return kept[1]

    def look_at_the_clock(self) -> None:
        """Raises `OutOfTime` when the time is over."""
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise OutOfTime

    # ------------------------------------------------------------------------------------ compare

    def compare(self, expr: Compare, left: Form, right: Form) -> Form:
        kind = type_of(expr.left) or type_of(expr.right)
        if expr.comparison != "eq":
            left, right = wanted(left), wanted(right)
        gone = worst([*left.gone.items(), *right.gone.items()])
        unknown = gone.get("unknown", False)
        reach: Reach | None = None
        content: Truth = False
        if not is_false(unknown):
            sure = all_of((is_sure(left), is_sure(right)))
            reach = None if is_false(sure) else Reach(sure)
            if reach is not None and kind is not None and is_ordered(kind):
                certain = all_of((unknown, sure, opposite(left.none), opposite(right.none)))
                yes, no = (all_of((certain, one)) for one in decided(expr.comparison, left, right))
                unknown = all_of((unknown, opposite(yes), opposite(no)))
                content = yes
        if not is_true(left.is_gone) and not is_true(right.is_gone):
            if expr.comparison != "eq":
                present = related(expr.comparison, left.content, right.content)
            elif isinstance(kind, Country):
                present, doubtful = self.same_country(left, right)
                if not is_false(doubtful):
                    asked = all_of((opposite(any_of(gone.values())), doubtful))
                    unknown, reach = (
                        any_of((unknown, asked)),
                        Reach(any_of((asked, reach.sure if reach else False))),
                    )
            else:
                present = equal_forms(left, right)
            content = truth_by(any_of((gone.get("unknown", False),)), content, present)
        gone = {**gone, "unknown": unknown}
        return Form(content, {r: t for r, t in gone.items() if not is_false(t)}, reach=reach)

    def same_country(self, left: Form, right: Form) -> tuple[Truth, Truth]:
        """N5: a dependent territory against its sovereign is as the facts or the policy say; or nothing says it."""
        there = all_of((opposite(left.none), opposite(right.none)))
        found: list[Truth] = [equal_forms(left, right)]
        unsaid: list[Truth] = []
        for territory, pair in self.territory_against_sovereign(left.content, right.content):
            counted, said = self.counted(territory, DEPENDENT[territory])
            found.append(all_of((there, pair, said, counted)))
            unsaid.append(all_of((there, pair, opposite(said))))
        return any_of(found), any_of(unsaid)

    def territory_against_sovereign(self, left: Content, right: Content) -> Iterator[tuple[str, Truth]]:
        """Each territory that may stand against its sovereign here, and when it does."""
        for a, b in ((left, right), (right, left)):
            if not is_formula(a):
                names: Iterable[str] = [self.space.names[a]] if self.space.names[a] in DEPENDENT else []
            elif not is_formula(b):
                names = _TERRITORIES.get(self.space.names[b], ())
            else:
                names = DEPENDENT
            for territory in names:
                pair = all_of((self.is_word(a, territory), self.is_word(b, DEPENDENT[territory])))
                if not is_false(pair):
                    yield territory, pair

    def counted(self, territory: str, sovereign: str) -> tuple[Truth, Truth]:
        """Whether a territory is counted with its sovereign, and whether anything says so."""
        stated = self._territories[territory, sovereign]
        if not self.space.partial and territory not in self._stated:
            return self.space.counted(territory), True  # of complete facts, these must say it
        given = self.space.is_said(territory, agreed=territory not in self._disputed)
        counted = truth_by(given, self.space.counted(territory), bool(stated))
        return counted, given if stated is None else True

    def is_word(self, content: Content, word: str) -> Truth:
        number = self.space.word(word)
        if not is_formula(content):
            return bool(content == number)
        key = (content.get_id(), number)
        if key not in self._words:
            self._words[key] = (content, content == number)
        return self._words[key][1]

    # --------------------------------------------------------------------------------- lists (W7)

    def fold(self, expr: Fold, scope: Scope) -> Form:
        assert expr.list.record is not None
        owner = scope.records[expr.list.record]
        if owner.is_bare:
            return self.fold_unknown(expr, scope)
        known = self.space.is_known((*owner.place, expr.list.field), owner.inside)
        tests: list[tuple[Truth, Form, Form]] = []
        for index in range(self.space.slots(owner, expr.list.field)):
            element = self.space.element(owner, expr.list.field, expr.record, index)
            count, number = element.inside[-1]
            tests.append((count > number, *self.tested(expr, scope, element)))
        found = self.fold_known(expr, tests)
        self.space.ask(owner, expr.list.field, found if expr.kind in ("any", "all") else None)
        return found if is_true(known) else form_by(known, found, self.fold_unknown(expr, scope))

    def tested(self, expr: Fold, scope: Scope, element: Record) -> tuple[Form, Form]:
        """Whether an element counts, and what it gives."""
        self.look_at_the_clock()
        inner = Scope({**scope.records, expr.record: element}, scope.at)
        where = Form(True) if expr.where is None else wanted(self.lower(expr.where, inner))
        return where, Form(Fraction(1)) if expr.body is None else self.lower(expr.body, inner)

    def fold_known(self, expr: Fold, tests: Sequence[tuple[Truth, Form, Form]]) -> Form:
        match expr.kind:
            case "any":
                return either([masked(here, both([w, b]), False) for here, w, b in tests])
            case "all":
                return both([masked(here, either([negated(w), b]), True) for here, w, b in tests])
            case "sum" | "count":
                parts = [masked(here, part_of_sum(w, b), Fraction(0)) for here, w, b in tests]
                if not parts:
                    return Form(Fraction(0))
                holders = tuple(Const(None, Number()) for _ in parts)
                return self.operators.operate(Op("add", holders, Number()), parts)
            case "most" | "least":
                return self.most_or_least(expr, tests)
            case _:
                assert_never(expr.kind)

    def fold_unknown(self, expr: Fold, scope: Scope) -> Form:
        """Judged by one element of which nothing is known; the list may also turn out to be empty."""
        where, body = self.tested(expr, scope, self.space.bare(expr.record))
        match expr.kind:
            case "any" | "all":
                x = both([where, body]) if expr.kind == "any" else either([negated(where), body])
                deciding = x.content if expr.kind == "all" else opposite(x.content)
                open_ = opposite(all_of((opposite(x.is_gone), deciding)))
                gone = {} if is_false(open_) else {"unknown": open_}
                return Form(expr.kind == "all", gone, reach=reach_of_all(gone, [x]))
            case "sum" | "count":
                x = part_of_sum(where, body)
                zero = all_of((opposite(x.is_gone), equal(x.content, Fraction(0))))
                if is_true(zero):
                    return Form(Fraction(0))
                low, high = ends_of(x)
                positive = all_of((opposite(low.far), related("ge", low.at, Fraction(0))))
                negative = all_of((opposite(high.far), related("le", high.at, Fraction(0))))
                reach = Reach(
                    is_sure(x),
                    End(Fraction(0), opposite(positive), positive),
                    End(Fraction(0), opposite(negative), negative),
                )
                return form_of(Fraction(0), {"unknown": opposite(zero)}, reach, is_ordered=True)
            case "most" | "least":
                return Form(blank(expr.type), {"unknown": True})
            case _:
                assert_never(expr.kind)

    def most_or_least(self, expr: Fold, tests: Sequence[tuple[Truth, Form, Form]]) -> Form:
        present: list[tuple[str, Truth]] = []
        found: Truth = False
        best: Content = blank(expr.type)
        kept: list[tuple[Truth, Form]] = []
        safe: list[Truth] = []
        comparison = "gt" if expr.kind == "most" else "lt"
        for here, where, raw in tests:
            body = wanted(raw)
            present += [(reason, all_of((here, truth))) for reason, truth in where.gone.items()]
            considered = all_of((here, any_of((where.is_gone, where.content))))
            present += [(reason, all_of((considered, truth))) for reason, truth in body.gone.items()]
            counts = all_of((here, opposite(where.is_gone), where.content))
            kept.append((counts, body))
            safe += [
                any_of((opposite(here), opposite(where.is_gone))),
                any_of((opposite(counts), is_sure(body))),
            ]
            if not is_true(body.is_gone):
                beats = related(comparison, body.content, best)
                best = choice(all_of((counts, any_of((opposite(found), beats)))), body.content, best)
            found = any_of((found, counts))
        gone = worst(present)
        nothing = all_of((opposite(any_of(gone.values())), opposite(found)))
        gone = worst([*gone.items(), ("error", nothing)])
        sure = all_of(safe)
        if "unknown" not in gone or is_false(sure) or not is_numeric(expr.type):
            return Form(best, gone)
        lows, highs = ([(here, ends_of(one)[side]) for here, one in kept] for side in (0, 1))
        if expr.kind == "most":
            reach = Reach(sure, innermost(lows, "gt", False), outermost(highs, "gt", True))
        else:
            reach = Reach(sure, outermost(lows, "lt", True), innermost(highs, "lt", False))
        return form_of(best, gone, reach, is_ordered=True)


def part_of_sum(where: Form, body: Form) -> Form:
    """What one element adds to a sum or a count."""
    return wanted(chosen("unordered", [(where, body)], Form(Fraction(0)), Fraction(0), is_ordered=True))


def _reach_within(interval: Interval | None, ordered: bool) -> Reach | None:
    """The interval of the evaluator as constants."""
    if interval is None:
        return None
    if not ordered:
        return Reach(True)
    low = FAR if interval.lower is None else End(_plain(interval.lower), False, not interval.lower_open)
    high = FAR if interval.upper is None else End(_plain(interval.upper), False, not interval.upper_open)
    return Reach(True, low, high)


def _plain(end: Any) -> Content:
    return end.toordinal() if isinstance(end, datetime.date) else Fraction(end)
