"""Which expressions of programs mean the same by their form alone: one number for all that do.

Not looked at: what definitions and assumptions are called, citations, labels, messages, places in the text, and the
order of what has none. Two expressions of one number give the same for all facts; of two numbers, nothing is known.
"""

from __future__ import annotations

from collections.abc import Hashable

from attrs import define, field

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    CaseFact,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    FieldSchema,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Outcome,
    Program,
    Schedule,
)
from policy_lang.program.schema import is_country


@define(eq=False)
class Numbers:
    """Numbers for forms, shared by the programs that are compared."""

    _given: dict[Hashable, int] = field(factory=dict)

    def number(self, form: Hashable) -> int:
        """The number of a form; a new one for a new form."""
        return self._given.setdefault(form, len(self._given))


@define(eq=False)
class Likeness:
    """Numbers what one program says."""

    program: Program
    numbers: Numbers
    _definitions: dict[str, Definition] = field(init=False)
    _assumed: dict[str, Const] = field(init=False)
    _fields: dict[tuple[str, str], FieldSchema] = field(init=False)
    _case: dict[str, CaseFact] = field(init=False)
    _territories: frozenset[tuple[str, str, bool]] = field(init=False)
    _known: dict[int, tuple[Expr, int]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self._definitions = {one.name: one for one in self.program.definitions}
        self._assumed = {one.name: one.value for one in self.program.assumptions}
        self._fields = {(r.name, one.name): one for r in self.program.records for one in r.fields}
        self._case = {one.name: one for one in self.program.case_facts}
        self._territories = frozenset(self.program.territories)

    def of(self, expr: Expr) -> int:
        """The number of an expression."""
        known = self._known.get(id(expr))
        if known is None:
            known = self._known[id(expr)] = (expr, self.numbers.number(self._form(expr)))
        return known[1]

    def of_outcome(self, outcome: Outcome) -> int:
        """The number of an outcome: what it answers, and what falls due."""
        schedule = None if outcome.schedule is None else self._schedule(outcome.schedule)
        defences = tuple((one.name, self.of(one.state)) for one in outcome.defences)
        about = (outcome.family, outcome.subject, outcome.type, outcome.judged_on)
        return self.numbers.number(("outcome", *about, self.of(outcome.body), schedule, defences))

    def of_schedule(self, schedule: Schedule) -> int:
        """The number of a schedule."""
        return self.numbers.number(self._schedule(schedule))

    def _all(self, parts: tuple[Expr, ...]) -> tuple[int, ...]:
        return tuple(self.of(one) for one in parts)

    def _form(self, expr: Expr) -> Hashable:
        match expr:
            case Const():
                return "const", type(expr.value), expr.value, expr.type
            case At():
                return "at"
            case Assumed():
                return self._form(self._assumed[expr.name])
            case Fact(record=None):
                declared = self._case.get(expr.field)
                return "case", expr.field, expr.type, None if declared is None else declared.presumed
            case Fact():
                one = self._fields.get((str(expr.record), expr.field))
                limits = None if one is None else (one.bounds, one.optional)
                return "fact", expr.record, expr.field, expr.type, limits
            case Absent():
                return "absent", expr.reason
            case Compare():
                pair = self._all((expr.left, expr.right))
                ends = frozenset(pair) if expr.comparison == "eq" else pair
                return "compare", expr.comparison, ends, self._counted(expr.left)
            case Member():
                options = frozenset(self._all(expr.options))
                return "member", self.of(expr.operand), options, self._counted(expr.operand)
            case And():
                return "and", frozenset(self._all(expr.operands))
            case Or():
                return "or", frozenset(self._all(expr.operands))
            case Not():
                return "not", self.of(expr.operand)
            case Op():
                return "op", expr.operator, expr.type, expr.params, self._all(expr.operands)
            case Choose():
                cases = tuple((self.of(one.when), self.of(one.value)) for one in expr.cases)
                rows = tuple(sorted(cases)) if expr.mode == "unordered" else cases
                return "choose", expr.mode, expr.type, rows, self.of(expr.default)
            case Fold():
                parts = tuple(None if one is None else self.of(one) for one in (expr.where, expr.body))
                return "fold", expr.kind, expr.type, expr.record, self.of(expr.list), parts
            case Call():
                made = None
                if expr.bind is not None:
                    made = expr.bind.record, tuple((name, self.of(one)) for name, one in expr.bind.fields)
                called = self._definitions[expr.definition]
                at = None if expr.at is None else self.of(expr.at)
                return "call", self.of(called.body), called.subject, made, at

    def _counted(self, expr: Expr) -> Hashable:
        """Which territories count as which countries, where that matters."""
        return self._territories if is_country(expr) else None

    def _schedule(self, schedule: Schedule) -> Hashable:
        earlier = tuple(
            (one.before, None if one.schedule is None else self._schedule(one.schedule))
            for one in schedule.earlier
        )
        parts = (schedule.anchor, schedule.recurs, schedule.event, schedule.last)
        return (
            "schedule",
            tuple(None if one is None else self.of(one) for one in parts),
            (schedule.first, schedule.backwards, schedule.every, schedule.rounding, schedule.counted_from),
            (schedule.month_day, schedule.anniversary, earlier, schedule.is_over),
        )
