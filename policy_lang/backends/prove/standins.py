"""Unknowns that stand for what two programs have alike, so that a change is told apart from what it rests on.

Where both programs speak of the same sum over a list, or of the same rule, the search may take its value for a fact of
its own: cases then read `used by then is more than 2 tonne`, and what the sum is made of matters for examples only.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

import z3
from attrs import define, field

from policy_lang.backends.prove.forms import (
    Form,
    all_of,
    any_of,
    formula,
    is_false,
    is_formula,
    is_relation,
    opposite,
)
from policy_lang.backends.prove.lower import Lowering, Scope, StandIn
from policy_lang.backends.prove.space import FactKind, Place, Record, Space, Unknown
from policy_lang.program.core import (
    Absent,
    And,
    Call,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    Fold,
    Member,
    Op,
    Or,
    Outcome,
    Program,
)
from policy_lang.program.countries import COUNTRIES
from policy_lang.program.schema import every, type_of
from policy_lang.program.sentences import negation, phrase
from policy_lang.program.types import Country, Date, Enumeration, Period, Type, YesNo, is_numeric

_FEW_FACTS = 3
"""A rule that rests on no more facts than these is taken apart: its facts say more than its name."""

_KNOTTY = {
    *("divide", "as_percent", "share_of", "round", "add_period", "subtract_period", "first_of_month"),
    *("last_of_month", "year_of", "term_end", "start_of_year", "days_in", "days_common"),
}


Depth: TypeAlias = Literal["knots", "alike", "changed"]
"""What is stood for: what both have alike and is hard to take apart; all that they have alike and that rests on more
than one fact; and besides this the rules that changed, each as it was and as it is."""


@define(eq=False)
class Worth:
    """Tells of the expressions of one program which are worth an unknown of their own."""

    program: Program
    depth: Depth
    _definitions: dict[str, Definition] = field(init=False)
    _known: dict[str, tuple[frozenset[tuple[str | None, str]], bool]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self._definitions = {one.name: one for one in self.program.definitions}

    def is_worth(self, expr: Expr) -> bool:
        """Whether this one is."""
        if isinstance(expr, Call):
            if expr.bind is not None or self._definitions[expr.definition].parameters:
                return False
            if self.depth != "knots":
                return True
        elif not isinstance(expr, Fold) and not _is_knotty(expr):
            if self.depth == "knots" or not isinstance(expr, (Op, And, Or, Compare, Member)):
                return False
            facts, knotty = self._under(expr)
            return knotty or len(facts) > 1
        facts, knotty = self._under(expr)
        return knotty or len(facts) > _FEW_FACTS

    def own(self, outcome: Outcome) -> list[Call]:
        """The rules that an outcome asks for, in its text or in that of others; not itself."""
        return [
            one
            for one in self.reached(outcome)
            if isinstance(one, Call)
            and one.bind is None
            and not self._definitions[one.definition].parameters
            and one.definition not in self._spine(outcome)
        ]

    def _spine(self, outcome: Outcome) -> set[str]:
        """The definitions that are the outcome itself under another name."""
        return self._down(outcome)[0]

    def words(self, outcome: Outcome) -> str:
        """What an outcome answers, in words."""
        return phrase(self._down(outcome)[1], outcome.subject).replace("_", " ")

    def _down(self, outcome: Outcome) -> tuple[set[str], Expr]:
        names: set[str] = set()
        at: Expr = outcome.body
        while True:
            if isinstance(at, Call) and at.definition not in names:
                names.add(at.definition)
                at = self._definitions[at.definition].body
            elif isinstance(at, Choose) and all(isinstance(one.value, Absent) for one in at.cases):
                at = at.default
            else:
                return names, at

    def _under(self, expr: Expr) -> tuple[frozenset[tuple[str | None, str]], bool]:
        """The facts that an expression rests on, and whether something in it is hard to take apart."""
        facts: set[tuple[str | None, str]] = set()
        knotty = False
        for one in every(expr):
            if isinstance(one, Fact):
                facts.add((one.record, one.field))
            elif isinstance(one, Call):
                if one.definition not in self._known:
                    self._known[one.definition] = self._under(self._definitions[one.definition].body)
                below = self._known[one.definition]
                facts |= below[0]
                knotty |= below[1]
            else:
                knotty |= isinstance(one, Fold) or _is_knotty(one)
        return frozenset(facts), knotty

    def reached(self, outcome: Outcome) -> list[Expr]:
        """All that an outcome rests on."""
        found: list[Expr] = []
        waiting: list[Expr] = [outcome.body]
        called: set[str] = set()
        while waiting:
            for one in every(waiting.pop()):
                found.append(one)
                if isinstance(one, Call) and one.definition not in called:
                    called.add(one.definition)
                    waiting.append(self._definitions[one.definition].body)
        return found


def _is_knotty(expr: Expr) -> bool:
    if not isinstance(expr, Op):
        return False
    if expr.operator == "multiply":
        return sum(not isinstance(one, Const) for one in expr.operands) > 1
    if expr.operator in ("add", "subtract") and isinstance(expr.type, Date):
        return any(isinstance(type_of(one), Period) and _has_months(one) for one in expr.operands)
    return expr.operator in _KNOTTY


def _has_months(expr: Expr) -> bool:
    """Whether a period is not so many days."""
    if not isinstance(expr, Const) or not isinstance(expr.value, tuple):
        return True
    return any(part != 0 for part in expr.value[:2])


@define(eq=False)
class StandIns:
    """The unknowns that stand for something, made as they are needed.

    `meaning` says what they stand for; without it they may be anything.
    """

    space: Space
    wanted: frozenset[int]  # the numbers of what is stood for
    home: Any  # the date on which the outcome is read
    changed: tuple[frozenset[int], frozenset[int]] = (
        frozenset(),
        frozenset(),
    )  # of the old and the new program
    unknowns: dict[str, Unknown] = field(factory=dict)
    meaning: list[Any] = field(factory=list)
    everywhere: frozenset[int] = frozenset()  # the numbers of what both programs say
    compared: list[str] = field(factory=list)  # the names of those made by `compare_pairs`
    _made: dict[tuple[object, ...], Form | None] = field(factory=dict)
    _pairs: dict[tuple[str, object], dict[int, Any]] = field(factory=dict)

    def hook(self, plain: Lowering, number: Callable[[Expr], int], side: int) -> StandIn:
        """What gives the form that stands for an expression of the old (0) or the new (1) program, or None."""

        def stand_in(lowering: Lowering, expr: Expr, scope: Scope) -> Form | None:
            here = number(expr)
            is_shared = here in self.wanted
            is_changed = here in self.changed[side]
            if not is_shared and not is_changed and not isinstance(expr, Compare):
                return None
            if self.space.partial or not _is_same(scope.at.content, self.home):
                return None
            records = dict(scope.records)
            if isinstance(expr, Call):
                needed = set(plain.schema.scope(plain.definitions[expr.definition].subject))
                records = {name: one for name, one in records.items() if name in needed}
            if any(one.made is not None for one in records.values()):
                return None
            places = tuple(sorted((name, one.place) for name, one in records.items()))
            key = (here, places)
            if key not in self._made:
                version = "" if here in self.everywhere else f" ({_VERSIONS[side]})"
                if is_shared or is_changed:
                    form = self._stand(expr, here, plain.lower(expr, scope), records, version)
                else:
                    assert isinstance(expr, Compare)
                    form = self._relation(lowering, expr, scope, version)
                self._made[key] = form
                if is_changed and isinstance(expr, Call) and form is not None:
                    self._pairs.setdefault((expr.definition, places), {})[side] = form.content
            return self._made[key]

        return stand_in

    def compare_pairs(self) -> None:
        """Makes unknowns for whether a number that changed is more, or less, than before."""
        for both in self._pairs.values():
            if len(both) < 2 or not z3.is_arith(both[0]) or both[0].sort() != both[1].sort():
                continue
            now = self.unknowns[str(both[1])]
            words = now.said.removesuffix(f" ({_VERSIONS[1]})")
            for relation, holds in (("more", both[1] > both[0]), ("less", both[1] < both[0])):
                there = all_of((now.there, self.unknowns[str(both[0])].there))
                name = f"stand-in {len(self.unknowns)}"
                place = (*now.place, relation)
                said = f"{words} is {relation} than before"
                self._sentence(name, place, said, f"{words} is not {relation} than before", now)
                self.space.valid.append(z3.Bool(name) == z3.And(formula(there), holds))
                self.compared.append(name)

    def compare_answers(self, old: Form, new: Form, kind: Type | None, words: tuple[str, str]) -> None:
        """Makes unknowns for whether the new answer is more, or less, than the old one; `words` say what each is."""
        one, other = old.content, new.content
        if kind is None or not (is_numeric(kind) or isinstance(kind, Date)):
            return
        if not is_formula(one) or not is_formula(other) or one.sort() != other.sort():
            return
        there = all_of(opposite(any_of((form.is_gone, form.none))) for form in (old, new))
        says = {"more": ("later", "earlier"), "less": ("earlier", "later")} if isinstance(kind, Date) else {}
        is_short = words[0] != words[1] and max(map(len, words)) <= _LONGEST
        for relation, holds in (("more", other > one), ("less", other < one)):
            name = f"stand-in {len(self.unknowns)}"
            what = says.get(relation, (relation,))[0]
            said = (
                f"{words[1]} is {what} than {words[0]}" if is_short else f"it comes out as {what} than before"
            )
            denied = (
                said.replace(" is ", " is not ", 1)
                if is_short
                else f"it does not come out as {what} than before"
            )
            self._sentence(name, ("the answer", relation), said, denied, None)
            self.space.valid.append(z3.Bool(name) == z3.And(formula(there), holds))
            self.compared.append(name)

    def _sentence(self, name: str, place: Place, said: str, denied: str, like: Unknown | None) -> None:
        inside, where = ((), ()) if like is None else (like.inside, like.where)
        self.unknowns[name] = Unknown(
            place, "yes or no", YesNo(), z3.Bool(name), inside=inside, where=where, said=said, denied=denied
        )

    def _relation(self, lowering: Lowering, expr: Compare, scope: Scope, version: str) -> Form | None:
        """Stands for a comparison of two values that both depend on facts, with what it means at hand."""
        left, right = lowering.lower(expr.left, scope), lowering.lower(expr.right, scope)
        form = lowering.compare(expr, left, right)
        content = form.content
        sides = is_formula(left.content) and is_formula(right.content)
        if not sides or not is_formula(content) or not is_relation(content):
            return form
        deepest = max(scope.records.values(), key=lambda one: len(one.place), default=None)
        words = phrase(expr, None if deepest is None else deepest.name)
        denied = negation(expr, words).replace("_", " ") + version
        name = f"stand-in {len(self.unknowns)}"
        place: Place = (*(() if deepest is None else deepest.place), f"={name}")
        like = None
        if deepest is not None and deepest.inside:
            like = Unknown(
                place, "yes or no", YesNo(), None, inside=deepest.inside, where=self.space.where(place)
            )
        self._sentence(name, place, words.replace("_", " ") + version, denied, like)
        self.space.valid.append(z3.Bool(name) == content)
        return Form(z3.Bool(name), form.gone)

    def _stand(
        self, expr: Expr, number: int, meant: Form, records: dict[str, Record], version: str
    ) -> Form | None:
        kind = type_of(expr)
        found = _kind(kind)
        is_plain = not is_formula(meant.content) or not is_false(meant.none) or "unknown" in meant.gone
        if kind is None or found is None or is_plain:
            return None
        deepest = max(records.values(), key=lambda one: len(one.place), default=None)
        name = f"stand-in {len(self.unknowns)}"
        make = {"yes or no": z3.Bool, "number": z3.Real, "date": z3.Int, "word": z3.Int}[found]
        content = make(name)
        flags: dict[str, Any] = {}
        words = phrase(expr, None if deepest is None else deepest.name).replace("_", " ")
        denied = ""
        if found == "yes or no" and not isinstance(expr, Call):
            denied = negation(expr, words) + version
        words += version
        place = (*(() if deepest is None else deepest.place), f"={number}")
        inside = () if deepest is None else deepest.inside
        where = () if deepest is None else self.space.where(deepest.place)
        for reason, truth in meant.gone.items():
            flag = flags[reason] = z3.Bool(f"{name}: {reason}")
            self.unknowns[str(flag)] = Unknown(
                place,
                "yes or no",
                YesNo(),
                flag,
                f"gone {reason}",
                inside=inside,
                where=where,
                said=words,
                reason=reason,
            )
            self.meaning.append(flag == formula(truth))
        there = opposite(any_of(flags.values()))
        options = _options(kind)
        self.unknowns[name] = Unknown(
            place,
            found,
            kind,
            content,
            options=options,
            inside=inside,
            where=where,
            said=words,
            there=there,
            denied=denied,
        )
        self.meaning.append(z3.Implies(formula(there), content == meant.content))
        self.space.valid += [
            z3.Or(z3.Not(a), z3.Not(b)) for a, b in itertools.combinations(flags.values(), 2)
        ]
        if options:
            self.space.valid.append(self.space.among(content, options))
        return Form(content, dict(flags))


_LONGEST = 90
"""Longer words than these are not compared, but only said to come out as more or less."""

_VERSIONS = ("before", "now")


def _is_same(one: Any, other: Any) -> bool:
    return bool(one is other or (is_formula(one) and is_formula(other) and one.eq(other)))


def _kind(kind: Type | None) -> FactKind | None:
    """What unknown stands for a value of this type; None where none does."""
    match kind:
        case YesNo():
            return "yes or no"
        case Date():
            return "date"
        case Country() | Enumeration():
            return "word"
        case _:
            return "number" if kind is not None and is_numeric(kind) else None


def _options(kind: Type) -> tuple[str, ...]:
    if isinstance(kind, Country):
        return tuple(sorted(COUNTRIES))
    return kind.members if isinstance(kind, Enumeration) else ()
