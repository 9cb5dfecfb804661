"""One program as formulas over the facts of a space: what each expression gives, for all of them at once.

Facts are taken to be complete. The letters in comments name the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, assert_never

from attrs import define, field

from policy_lang.backends.prove.forms import (
    Content,
    Form,
    NotLowered,
    Truth,
    absent,
    all_of,
    any_of,
    choice,
    equal,
    equal_forms,
    is_false,
    is_formula,
    is_true,
    opposite,
    plain_content,
    term,
    wanted,
    worst,
)
from policy_lang.backends.prove.operators import Operators
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
from policy_lang.program.types import (
    Country,
    Date,
    DateSpan,
    Period,
    Type,
    YesNo,
    is_numeric,
)


@define(eq=False)
class Scope:
    """The records that an expression speaks of, and the date on which it is read."""

    records: dict[str, Record]
    at: Form

    def key(self) -> tuple[object, ...]:
        """Scopes with the same key give the same."""
        return (id(self.at), *((name, id(one)) for name, one in self.records.items()))


@define(eq=False)
class Lowering:
    """Gives forms for the outcomes of a program. What is lowered once is kept."""

    program: Program
    space: Space
    definitions: dict[str, Definition] = field(init=False)
    assumed: dict[str, Const] = field(init=False)
    schema: Schema = field(init=False)
    operators: Operators = field(init=False)
    _territories: dict[tuple[str, str], bool | None] = field(init=False)
    _stated: frozenset[str] = field(init=False)
    _kept: dict[tuple[object, ...], tuple[Scope, Form]] = field(factory=dict)
    _made: list[Record] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self.definitions = {one.name: one for one in self.program.definitions}
        self.assumed = {one.name: one.value for one in self.program.assumptions}
        self.schema = Schema(self.program)
        self.operators = Operators(self.space)
        self._territories = territory_pairs(self.program)
        declared = [{t for t, _, _ in program.territories} for program in self.space.programs]
        self._stated = frozenset(set.intersection(*declared))

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
            scope.at = wanted(self.lower(Fact(record, name, Date()), scope))
        return scope

    def outcome(self, outcome: Outcome) -> Form:
        """What the body of an outcome gives."""
        return self.lower(outcome.body, self.scope_of(outcome))

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
        match expr:
            case Const():
                return self.constant(expr)
            case At():
                return scope.at
            case Assumed():
                return self.constant(self.assumed[expr.name])
            case Fact():
                if expr.record is None:
                    return self.space.case_fact(expr.field, expr.type)
                return self.space.fact(scope.records[expr.record], expr.field, expr.type)
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
                return chosen(expr.mode, rows, default, self.blank(expr.type))
            case Fold():
                return self.fold(expr, scope)
            case Call():
                return self.call(expr, scope)
            case _:
                assert_never(expr)

    def constant(self, expr: Const) -> Form:
        if expr.value is None:
            return Form(self.blank(expr.type), none=True)
        return Form(plain_content(expr.value, self.space.word))

    def blank(self, kind: Type | None) -> Content:
        """Some content of that type, to stand where there is no value."""
        match kind:
            case None | YesNo():
                return False
            case Date():
                return 1
            case Period():
                return (0, 0, 0)
            case DateSpan():
                return (1, 1)
            case _ if is_numeric(kind):
                return Fraction(0)
            case _:
                return 0

    def call(self, expr: Call, scope: Scope) -> Form:
        definition = self.definitions[expr.definition]
        records = dict(scope.records)
        if expr.bind is not None:
            made = Record(expr.bind.record, (), (), {n: self.lower(e, scope) for n, e in expr.bind.fields})
            records[expr.bind.record] = made
        at = scope.at if expr.at is None else wanted(self.lower(expr.at, scope))
        if expr.bind is None:
            needed = set(self.schema.scope(definition.subject))
            records = {name: one for name, one in records.items() if name in needed}
        inner = Scope(records, at)
        key = (expr.definition, *inner.key())
        kept = self._kept.get(key)
        if kept is None:
            kept = self._kept[key] = (inner, self.lower(definition.body, inner))
        return kept[1]

    # ------------------------------------------------------------------------------------ compare

    def compare(self, expr: Compare, left: Form, right: Form) -> Form:
        kind = type_of(expr.left) or type_of(expr.right)
        if expr.comparison != "eq":
            left, right = wanted(left), wanted(right)
        gone = worst([*left.gone.items(), *right.gone.items()])
        if is_true(any_of(gone.values())):
            return Form(False, gone)
        if expr.comparison == "eq":
            if isinstance(kind, Country):
                return Form(self.same_country(left, right), gone)
            return Form(equal_forms(left, right), gone)
        return Form(related(expr.comparison, left.content, right.content), gone)

    def same_country(self, left: Form, right: Form) -> Truth:
        """N5: a dependent territory against its sovereign is as the facts or the policy say."""
        plain = equal_forms(left, right)
        found: list[Truth] = [plain]
        for territory, pair in self.territory_against_sovereign(left.content, right.content):
            if territory in self._stated:
                counted: Truth = bool(self._territories[territory, DEPENDENT[territory]])
            else:
                counted = self.space.counted(territory)
            there = (opposite(left.none), opposite(right.none))
            found.append(all_of((*there, pair, counted)))
        return any_of(found)

    def territory_against_sovereign(self, left: Content, right: Content) -> Iterator[tuple[str, Truth]]:
        """Each territory that may stand against its sovereign here, and when it does."""
        for a, b in ((left, right), (right, left)):
            one, other = (None if is_formula(c) else self.space.names[c] for c in (a, b))
            for territory, sovereign in DEPENDENT.items():
                if one in (None, territory) and other in (None, sovereign):
                    pair = all_of((self.is_word(a, territory), self.is_word(b, sovereign)))
                    if not is_false(pair):
                        yield territory, pair

    def is_word(self, content: Content, word: str) -> Truth:
        return equal(content, self.space.word(word))

    # --------------------------------------------------------------------------------- lists (W7)

    def fold(self, expr: Fold, scope: Scope) -> Form:
        assert expr.list.record is not None
        owner = scope.records[expr.list.record]
        tests: list[tuple[Truth, Form, Form]] = []
        for index in range(self.space.slots(owner, expr.list.field)):
            element = self.space.element(owner, expr.list.field, expr.record, index)
            count, number = element.inside[-1]
            inner = Scope({**scope.records, expr.record: element}, scope.at)
            where = Form(True) if expr.where is None else wanted(self.lower(expr.where, inner))
            body = Form(Fraction(1)) if expr.body is None else self.lower(expr.body, inner)
            tests.append((count > number, where, body))
        match expr.kind:
            case "any":
                return either([masked(here, both([w, b]), False) for here, w, b in tests])
            case "all":
                return both([masked(here, either([negated(w), b]), True) for here, w, b in tests])
            case "sum" | "count":
                zero = Form(Fraction(0))
                parts = [
                    masked(here, wanted(chosen("unordered", [(w, b)], zero, Fraction(0))), Fraction(0))
                    for here, w, b in tests
                ]
                gone = worst([pair for part in parts for pair in part.gone.items()])
                return Form(total([part.content for part in parts]), gone)
            case "most" | "least":
                return self.most_or_least(expr, tests)
            case _:
                assert_never(expr.kind)

    def most_or_least(self, expr: Fold, tests: Sequence[tuple[Truth, Form, Form]]) -> Form:
        present: list[tuple[str, Truth]] = []
        found: Truth = False
        best: Content = self.blank(expr.type)
        for here, where, raw in tests:
            body = wanted(raw)
            present += [(reason, all_of((here, truth))) for reason, truth in where.gone.items()]
            considered = all_of((here, any_of((where.is_gone, where.content))))
            present += [(reason, all_of((considered, truth))) for reason, truth in body.gone.items()]
            if is_true(body.is_gone):
                continue
            kept = all_of((here, where.content))
            beats = related("gt" if expr.kind == "most" else "lt", body.content, best)
            best = choice(all_of((kept, any_of((opposite(found), beats)))), body.content, best)
            found = any_of((found, kept))
        gone = worst(present)
        nothing = all_of((opposite(any_of(gone.values())), opposite(found)))
        return Form(best, worst([*gone.items(), ("error", nothing)]))


# ------------------------------------------------------------------------------------ yes and no (W3)


def both(operands: Sequence[Form]) -> Form:
    """And: any `no` gives no, all yes give yes, otherwise the worst reason."""
    operands = [wanted(one) for one in operands]
    no = any_of(all_of((opposite(one.is_gone), opposite(one.content))) for one in operands)
    if is_true(no):
        return Form(False)
    gone = worst([pair for one in operands for pair in one.gone.items()])
    gone = {reason: all_of((opposite(no), truth)) for reason, truth in gone.items()}
    gone = {reason: truth for reason, truth in gone.items() if not is_false(truth)}
    return Form(opposite(no), gone)


def negated(operand: Form) -> Form:
    """Not: turns yes and no round, and keeps absences."""
    one = wanted(operand)
    return Form(opposite(one.content), one.gone)


def either(operands: Sequence[Form]) -> Form:
    """Or: any `yes` gives yes, all no give no, otherwise the worst reason."""
    return negated(both([negated(one) for one in operands]))


def masked(here: Truth, form: Form, otherwise: Content) -> Form:
    """The form where there is such an element, and otherwise what does not count."""
    gone = {reason: all_of((here, truth)) for reason, truth in form.gone.items()}
    return Form(choice(here, form.content, otherwise), gone)


def related(comparison: str, a: Content, b: Content) -> Truth:
    """When the two numbers or days stand so to each other."""
    if is_formula(a) or is_formula(b):
        a, b = term(a), term(b)
    relations: Mapping[str, Callable[[Any, Any], Truth]] = {
        "lt": lambda x, y: x < y,
        "le": lambda x, y: x <= y,
        "gt": lambda x, y: x > y,
        "ge": lambda x, y: x >= y,
    }
    return relations[comparison](a, b)


def total(parts: Sequence[Content]) -> Content:
    """The sum of numbers."""
    result: Content = parts[0] if parts else Fraction(0)
    for part in parts[1:]:
        result = term(result) + term(part) if is_formula(result) or is_formula(part) else result + part
    return result


# ------------------------------------------------------------------------------------ cases (C1, C5)


def chosen(mode: str, rows: Sequence[tuple[Form, Form]], default: Form, blank: Content) -> Form:
    """What cases give."""
    live: list[tuple[Truth, Form]] = []
    doubt: list[tuple[str, Truth]] = []
    undecided: list[Truth] = []
    conflict: Truth = False
    seen: Truth = False
    held: Form = default
    before: Truth = False  # a row was yes
    for raw, value in rows:
        when = wanted(raw)
        reached = opposite(before) if mode == "first" else True
        open_ = all_of((reached, when.is_gone))
        yes = all_of((reached, opposite(when.is_gone), when.content))
        if is_false(open_) and is_false(yes):
            continue
        doubt += [(reason, all_of((reached, truth))) for reason, truth in when.gone.items()]
        if not is_false(open_):
            undecided.append(open_)
        live.append((any_of((open_, yes)), value))
        if mode == "unordered":
            present = all_of((yes, opposite(value.is_gone)))
            if not is_false(present):
                if is_false(seen):
                    held, seen = value, present
                else:
                    conflict = any_of((conflict, all_of((seen, present, opposite(equal_forms(held, value))))))
                    held = merged_forms(seen, held, value, blank)
                    seen = any_of((seen, present))
        before = any_of((before, yes))
        if is_true(before) and mode == "first":
            break
    if not is_true(before):
        live.append((opposite(before), default))
    missing = [(reason, all_of((here, truth))) for here, one in live for reason, truth in one.gone.items()]
    content, none = _first(live, blank)
    if not undecided:
        settled = opposite(any_of(truth for _, truth in missing))
    else:
        settled = all_of((opposite(any_of(t for _, t in missing)), opposite(_differ(live))))
    unsettled = all_of((opposite(conflict), opposite(settled)))
    gone = worst([*doubt, *missing])
    gone = {reason: all_of((unsettled, truth)) for reason, truth in gone.items()}
    if not is_false(conflict):
        gone["conflict"] = any_of((conflict, gone.get("conflict", False)))
    return Form(content, {r: t for r, t in gone.items() if not is_false(t)}, none)


def merged_forms(first: Truth, a: Form, b: Form, blank: Content) -> Form:
    """The one value where it stands, otherwise the other."""
    content = choice(first, _content(a, blank), _content(b, blank))
    return Form(content, none=choice(first, a.none, b.none))


def _content(form: Form, blank: Content) -> Content:
    """The content, or the stand-in where there surely is none: its kind may not fit."""
    return blank if is_true(form.is_gone) or is_true(form.none) else form.content


def _first(live: Sequence[tuple[Truth, Form]], blank: Content) -> tuple[Content, Truth]:
    content = blank
    none: Truth = False
    for here, one in reversed(live):
        if is_true(one.is_gone):
            continue
        content = choice(here, _content(one, blank), content)
        none = choice(here, one.none, none)
    return content, none


def _differ(live: Sequence[tuple[Truth, Form]]) -> Truth:
    """When two values that may be given are not the same."""
    found: list[Truth] = []
    present = [(here, one) for here, one in live if not is_true(one.is_gone)]
    for n, (here, one) in enumerate(present):
        for there, other in present[n + 1 :]:
            found.append(all_of((here, there, opposite(equal_forms(one, other)))))
    return any_of(found)
