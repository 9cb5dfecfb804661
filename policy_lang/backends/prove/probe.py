"""Facts in which one condition, comparison or case of a text turns an answer.

A program is lowered once, with a switch for everything that is looked at: switched on, the condition is turned round, or the
case does not apply. Facts with which an answer differs by the switch are facts in which that place matters.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

import z3
from attrs import define, evolve, field, frozen

from policy_lang.backends.prove.choices import chosen
from policy_lang.backends.prove.days import LAST
from policy_lang.backends.prove.forms import (
    Form,
    NotLowered,
    Truth,
    all_of,
    any_of,
    blank,
    choice,
    equal,
    formula,
    is_false,
    opposite,
    same,
    term,
    wanted,
)
from policy_lang.backends.prove.lower import Lowering, Scope
from policy_lang.backends.prove.near_facts import Answer, Example, nearest, value_term
from policy_lang.backends.prove.space import Space
from policy_lang.program.core import (
    Assumed,
    Choose,
    Compare,
    Const,
    Expr,
    Fold,
    Member,
    Op,
    Operator,
    Outcome,
    Program,
)
from policy_lang.program.types import Type, YesNo, is_numeric, is_ordered

Key: TypeAlias = Any
"""What an author wrote at one place; several nodes of the core may stand for it. It can be hashed, and tells no more."""

OTHER_WAY: Mapping[Operator, Operator] = {
    "add": "subtract",
    "subtract": "add",
    "lesser": "greater",
    "greater": "lesser",
}
"""Operators with what they are taken for by mistake."""

Want: TypeAlias = str
"""What it comes to: `yes` or `no` of a condition, `applied` of a case, `at`, `below` or `above` of a comparison, `more`
or `less` of a number, `counts` of a calculation, `is WORD` of a list, a state of an outcome."""


@frozen
class Goal:
    """What an example should show. `matters`: the answer of `outcome` hangs on it."""

    key: Key
    want: Want
    outcome: str
    matters: bool = True


@frozen(eq=False)
class Watched:
    """The nodes that are looked at, by their identity, each with what the author wrote there."""

    conditions: Mapping[int, Key]
    cases: Mapping[int, Key]
    defaults: Mapping[int, Key]
    versions: Mapping[int, Key]
    edges: Mapping[int, Key]
    numbers: Mapping[int, Key]
    lists: Mapping[int, Key]
    calculations: Mapping[int, Key]
    steps: Mapping[
        Key, Fraction
    ]  # how far beside an edge is just beside it; by how much a number is taken otherwise


@define(eq=False)
class _Lowered(Lowering):
    """A lowering that notes what every watched node gives, and puts the switches in."""

    watched: Watched = field(kw_only=True)
    switches: dict[Key, Any] = field(factory=dict)
    truths: dict[Key, list[tuple[str, Truth, Truth]]] = field(factory=dict)  # root, when yes, when no
    sides: dict[Key, list[tuple[str, Truth, Form, Form]]] = field(factory=dict)
    turned_by: dict[Key, Key] = field(factory=dict)  # whose switch turns a comparison
    operands: dict[Key, list[tuple[str, Truth, Form]]] = field(factory=dict)  # what is sought in a list
    assumptions: dict[str, Any] = field(factory=dict)

    def switch(self, key: Key) -> Any:
        found = self.switches.get(key)
        if found is None:
            found = self.switches[key] = z3.Bool(f"switch!{len(self.switches)}")
        return found

    def lower(self, expr: Expr, scope: Scope) -> Form:
        if isinstance(expr, Choose):
            form = self.choose(expr, scope)
        elif isinstance(expr, Assumed) and isinstance(expr.type, YesNo):
            form = Form(self.assumptions.setdefault(expr.name, z3.Bool(f"assume!{expr.name}")))
        elif isinstance(expr, Compare):
            left, right = self.lower(expr.left, scope), self.lower(expr.right, scope)
            edge = self.watched.edges.get(id(expr))
            if edge is not None:
                self.sides.setdefault(edge, []).append(
                    (_root(scope), _exists(scope), wanted(left), wanted(right))
                )
                self.turned_by[edge] = self.watched.conditions.get(id(expr), edge)
            form = self.compare(expr, left, right)
        elif isinstance(expr, (Op, Fold)) and id(expr) in self.watched.calculations:
            form = self.calculation(expr, self.watched.calculations[id(expr)], scope)
        elif isinstance(expr, Const) and id(expr) in self.watched.numbers:
            return self.number(expr, self.watched.numbers[id(expr)])
        else:
            form = Lowering.lower(self, expr, scope)
        key = self.watched.conditions.get(id(expr))
        if key is None and isinstance(expr, Compare):
            key = self.watched.edges.get(id(expr))
        if isinstance(expr, Member) and (words := self.watched.lists.get(id(expr))) is not None:
            sought = wanted(Lowering.lower(self, expr.operand, scope))
            self.operands.setdefault(words, []).append((_root(scope), _exists(scope), sought))
            if key is None:
                key = words
            else:  # the same list may be asked at several places
                turned = z3.Xor(term(wanted(form).content), self.switch(words))
                form = Form(turned, wanted(form).gone)
        return form if key is None else self.turnable(key, wanted(form), scope)

    def calculation(self, expr: Op | Fold, key: Key, scope: Scope) -> Form:
        """What is worked out, and with a switch what would be if it were done the other way."""
        form = Lowering.lower(self, expr, scope)
        if isinstance(expr, Fold):
            other: Op | Fold = evolve(expr, kind="all" if expr.kind == "any" else "any")
        elif expr.operator == "round":
            there = wanted(self.lower(expr.operands[0], scope))
            return self.chosen_by(key, form, there)
        else:
            other = evolve(expr, operator=OTHER_WAY[expr.operator])
        return self.chosen_by(key, form, Lowering.lower(self, other, scope))

    def chosen_by(self, key: Key, form: Form, other: Form) -> Form:
        switch = self.switch(key)
        gone = {
            reason: choice(switch, other.gone.get(reason, False), form.gone.get(reason, False))
            for reason in {**form.gone, **other.gone}
        }
        return Form(choice(switch, other.content, form.content), gone, form.none)

    def number(self, expr: Const, key: Key) -> Form:
        """A number that is written, and with a switch one that is a step more or less."""
        value = self.constant(expr).content
        step = self.watched.steps[key]
        up, down = self.switch((key, "more")), self.switch((key, "less"))
        return Form(z3.If(up, term(value + step), z3.If(down, term(value - step), term(value))))

    def turnable(self, key: Key, form: Form, scope: Scope) -> Form:
        there = all_of((_exists(scope), opposite(form.is_gone)))
        yes, no = all_of((there, form.content)), all_of((there, opposite(form.content)))
        self.truths.setdefault(key, []).append((_root(scope), yes, no))
        if isinstance(form.content, bool):
            return form
        return Form(z3.Xor(form.content, self.switch(key)), form.gone)

    def choose(self, expr: Choose, scope: Scope) -> Form:
        rows: list[tuple[Form, Form]] = []
        before: Truth = False
        root, here = _root(scope), _exists(scope)
        for case in expr.cases:
            when, value = wanted(self.lower(case.when, scope)), self.lower(case.value, scope)
            yes = all_of((opposite(when.is_gone), when.content))
            applies = all_of((here, yes, opposite(before)))
            key = self.watched.cases.get(id(case))
            version = self.watched.versions.get(id(case.value)) if expr.by_text else None
            if version is not None:
                self.truths.setdefault(version, []).append((root, applies, False))
            if key is not None:
                self.truths.setdefault(key, []).append((root, applies, False))
                when = Form(all_of((when.content, opposite(self.switch(key)))), when.gone)
            rows.append((when, value))
            before = any_of((before, yes))
        default = self.lower(expr.default, scope)
        key = self.watched.defaults.get(id(expr))
        if expr.by_text:
            key = self.watched.versions.get(id(expr.default))
        if key is not None:
            left = all_of((here, opposite(any_of((before, *(when.is_gone for when, _ in rows))))))
            self.truths.setdefault(key, []).append((root, left, False))
            if not expr.by_text:
                default = _other(default, expr.type, self.switch(key))
        return chosen(expr.mode, rows, default, blank(expr.type), is_ordered=is_ordered(expr.type))


def _root(scope: Scope) -> str:
    """The record at the top of those in scope; empty where there is none."""
    return next((name for name, one in scope.records.items() if len(one.place) == 1), "")


def _exists(scope: Scope) -> Truth:
    """When the elements of lists in scope are there."""
    return all_of(count > index for one in scope.records.values() for count, index in one.inside)


def _other(form: Form, kind: Type | None, switch: Any) -> Form:
    """The form, and with the switch another value: one more, the other of yes and no, or none at all."""
    content = form.content
    if isinstance(kind, YesNo):
        return Form(z3.Xor(term(content), switch), form.gone, form.none)
    if kind is not None and is_numeric(kind):
        return Form(z3.If(switch, term(content) + 1, term(content)), form.gone, form.none)
    gone = {reason: all_of((truth, z3.Not(switch))) for reason, truth in form.gone.items()}
    gone["error"] = any_of((gone.get("error", False), switch))
    return Form(content, gone, form.none)


@define(eq=False)
class Probe:
    """Looks for facts in which the places of a program matter, over lists of up to so many elements."""

    program: Program
    watched: Watched
    most: int
    space: Space = field(init=False)
    lowered: _Lowered = field(init=False)
    _outcomes: dict[str, Outcome] = field(init=False)
    _plain: dict[str, Form] = field(factory=dict)  # by outcome: with every switch off
    _speaks_of: dict[str, frozenset[str]] = field(factory=dict)
    _turnable: dict[str, Form] = field(factory=dict)  # by outcome: with all switches
    _formulas: dict[Goal, tuple[Any, frozenset[str]] | None] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.space = Space((self.program,), self.most)
        plain = Lowering(self.program, self.space)
        plain.checks()
        self.lowered = _Lowered(self.program, self.space, watched=self.watched)
        self._outcomes = {one.name: one for one in self.program.outcomes}

    def load(self, outcome: str) -> str:
        """Lowers an outcome; gives why it cannot be, or nothing."""
        if outcome not in self._turnable:
            try:
                self._turnable[outcome] = self.lowered.outcome(self._outcomes[outcome])
            except NotLowered as reason:
                return str(reason)
        return ""

    # ------------------------------------------------------------------------------------- goals

    def goal(self, goal: Goal) -> tuple[Any, frozenset[str]] | None:
        """The formula of a goal, and the names of the facts that it speaks of; None where it can never be met."""
        if goal not in self._formulas:
            self._formulas[goal] = self._made(goal)
        return self._formulas[goal]

    def _made(self, goal: Goal) -> tuple[Any, frozenset[str]] | None:
        parts = [self._wanted(goal)]
        if is_false(parts[0]):
            return None
        switch = self._switch_of(goal)
        if goal.matters:
            if switch is None:
                return None
            parts.append(opposite(same(self._base(goal.outcome), self._switched(goal.outcome, switch))))
        found = z3.simplify(self._without(formula(all_of(parts))))
        if z3.is_false(found):
            return None
        return found, self._names(goal.outcome)

    def _wanted(self, goal: Goal) -> Truth:
        if goal.key == goal.outcome:
            return self._state(goal)
        if isinstance(goal.key, tuple) and goal.key[0] == goal.outcome:
            return self._defence(goal)
        if goal.want in ("more", "less", "counts"):
            return True
        root = self._outcomes[goal.outcome].subject or ""
        root = self.lowered.schema.scope(root)[0] if root else ""
        if goal.want in ("at", "below", "above"):
            return any_of(
                all_of((here, _stands(goal.want, left, right, self.watched.steps[goal.key])))
                for top, here, left, right in self.lowered.sides.get(goal.key, ())
                if top in (root, "")
            )
        if goal.want.startswith("is "):
            word = goal.want.removeprefix("is ")
            words = self.lowered.operands.get(goal.key, ())
            return any_of(
                all_of((here, opposite(form.is_gone), equal(form.content, self.space.word(word))))
                for top, here, form in words
                if top in (root, "")
            )
        place = 2 if goal.want == "no" else 1
        found = [one[place] for one in self.lowered.truths.get(goal.key, ()) if one[0] in (root, "")]
        return any_of(found)

    def _state(self, goal: Goal) -> Truth:
        """When an outcome comes to a state."""
        form = self._base(goal.outcome)
        if goal.want in form.gone:
            return form.gone[goal.want]
        there = all_of((opposite(form.is_gone), opposite(form.none)))
        outcome = self._outcomes[goal.outcome]
        if isinstance(outcome.type, YesNo):
            return all_of((there, form.content if goal.want == "yes" else opposite(form.content)))
        if outcome.type is not None:
            return there if goal.want == "decided" else False
        if outcome.schedule is not None:
            return all_of((there, form.content))
        return all_of((there, equal(form.content, self.space.word(goal.want))))

    def has_switch(self, goal: Goal) -> bool:
        """Whether an answer can be seen to hang on it."""
        return not self.load(goal.outcome) and self._switch_of(goal) is not None

    def _switch_of(self, goal: Goal) -> Any:
        is_number = goal.want in ("more", "less")
        key = (goal.key, goal.want) if is_number else self.lowered.turned_by.get(goal.key, goal.key)
        return self.lowered.switches.get(key)

    def _defence(self, goal: Goal) -> Truth:
        """When a defence comes to a state, after a breach."""
        outcome = self._outcomes[goal.outcome]
        defence = next(one for one in outcome.defences if one.name == goal.key[1])
        scope = self.lowered.scope_of(outcome)
        form = _substituted(self.lowered.lower(defence.state, scope), self._all_off())
        there = all_of((opposite(form.is_gone), equal(form.content, self.space.word(goal.want))))
        answer = self._base(goal.outcome)
        found = any_of(equal(answer.content, self.space.word(word)) for word in ("breached", "justified"))
        return all_of((there, opposite(answer.is_gone), found))

    def _base(self, outcome: str) -> Form:
        if outcome not in self._plain:
            self._plain[outcome] = _substituted(self._turnable[outcome], self._all_off())
        return self._plain[outcome]

    def _switched(self, outcome: str, switch: Any) -> Form:
        pairs = [(one, z3.BoolVal(one.eq(switch))) for one, _ in self._all_off()]
        return _substituted(self._turnable[outcome], pairs)

    def _all_off(self) -> list[tuple[Any, Any]]:
        return [(one, z3.BoolVal(False)) for one in self.lowered.switches.values()]

    def _without(self, truth: Any) -> Any:
        return z3.substitute(truth, *self._all_off()) if self.lowered.switches else truth

    def _names(self, outcome: str) -> frozenset[str]:
        """The names of everything that an outcome hangs on."""
        if outcome not in self._speaks_of:
            self._speaks_of[outcome] = frozenset(self._named(self._turnable[outcome]))
        return self._speaks_of[outcome]

    def _named(self, form: Form) -> set[str]:
        contents = form.content if isinstance(form.content, tuple) else (form.content,)
        waiting = [one for one in (*contents, *form.gone.values(), form.none) if isinstance(one, z3.ExprRef)]
        names: set[str] = set()
        seen: set[int] = set()
        while waiting:
            one = waiting.pop()
            if one.get_id() in seen:
                continue
            seen.add(one.get_id())
            if z3.is_const(one) and one.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                name = str(one)
                names.add(name)
                if name in self.space.days.source:
                    waiting.append(self.space.days.source[name])
            waiting.extend(one.children())
        return names

    # ------------------------------------------------------------------------------------- solving

    def solve(self, goal: Goal, like: Mapping[str, Any], until: float) -> Answer:
        """Facts in which a goal is met, as near as possible to the values given (by the name of the unknown); `until` is when the time is over."""
        reason = self.load(goal.outcome)
        made = None if reason else self.goal(goal)
        if made is None:
            return "unsettled" if reason else "never"
        return nearest(self.space, *made, like, self._assumed(), until)

    def hangs_on(self, outcome: str, example: Example, goals: Iterable[Goal]) -> Iterator[Goal]:
        """Those of these goals on whose places the answer of an outcome hangs in an example."""
        if self.load(outcome):
            return
        form = _substituted(self._turnable[outcome], self._pairs(outcome, example))
        left = [z3.Bool(name) for name in self._named(form) if name.startswith("switch!")]
        plain = _substituted(form, [(one, z3.BoolVal(False)) for one in left])
        for goal in goals:
            switch = self._switch_of(goal)
            if switch is None or not any(one.eq(switch) for one in left):
                continue
            turned = _substituted(form, [(one, z3.BoolVal(one.eq(switch))) for one in left])
            if is_false(z3.simplify(formula(same(plain, turned)))):
                yield goal

    def _pairs(self, outcome: str, example: Example) -> list[tuple[Any, Any]]:
        """What an example says, in place of the unknowns."""
        names = self._names(outcome)
        pairs: list[tuple[Any, Any]] = []
        for name in names:
            one = self.space.unknowns.get(name)
            if one is not None and name in example.values:
                pairs.append((one.variable, value_term(one, example.values[name])))
            elif name.startswith("assume!"):
                value = example.values.get(name, self._assumed()[name])
                pairs.append((z3.Bool(name), z3.BoolVal(bool(value))))
        for name, source in self.space.days.source.items():
            if name in names:
                day = z3.simplify(z3.substitute(source, *pairs))
                if z3.is_int_value(day) and 1 <= day.as_long() <= LAST:
                    found = datetime.date.fromordinal(day.as_long())
                    pairs.append((z3.Int(name), z3.IntVal(getattr(found, name.partition("!")[0]))))
        return pairs

    def _assumed(self) -> dict[str, bool]:
        """What the text assumes, by the name that the solver uses."""
        return {f"assume!{name}": bool(one.value) for name, one in self.lowered.assumed.items()}


def _stands(want: Want, left: Form, right: Form, unit: Fraction) -> Truth:
    """When the left side is just below the right one, the same, or just above it."""
    there = all_of((opposite(left.is_gone), opposite(right.is_gone)))
    if is_false(there):
        return False
    a, b = left.content, right.content
    if isinstance(a, (tuple, bool)) or isinstance(b, (tuple, bool)):
        return False
    if not isinstance(a, z3.ExprRef) and not isinstance(b, z3.ExprRef):
        return False
    gap = term(a) - term(b)
    step = z3.RealVal(str(unit)) if gap.sort() == z3.RealSort() else z3.IntVal(1)
    if want == "at":
        return all_of((there, gap == 0))
    if want == "below":
        return all_of((there, gap < 0, gap >= -step))
    return all_of((there, gap > 0, gap <= step))


def _substituted(form: Form, pairs: Sequence[tuple[Any, Any]]) -> Form:
    def part(one: Any) -> Any:
        if isinstance(one, tuple):
            return tuple(part(each) for each in one)
        if not isinstance(one, z3.ExprRef) or not pairs:
            return one
        return z3.simplify(z3.substitute(one, *pairs))

    return Form(part(form.content), {name: part(one) for name, one in form.gone.items()}, part(form.none))
