"""Whether a condition that reads otherwise holds in more cases, in fewer, in others, or in the same."""

from __future__ import annotations

import math
import time
from typing import Literal, TypeAlias

from attrs import define, field

from policy_lang.backends.prove.differences import can_be
from policy_lang.backends.prove.forms import NotLowered, OutOfTime, Truth, all_of, opposite
from policy_lang.backends.prove.lower import Lowering, Scope
from policy_lang.backends.prove.space import Space
from policy_lang.program.core import Definition, Expr, Outcome, Program
from policy_lang.program.schema import Schema, every, type_of
from policy_lang.program.types import YesNo
from policy_lang.source.text import Span

Judgement: TypeAlias = Literal["wider", "narrower", "other", "same"]

_SECONDS = 1.0
_Place: TypeAlias = tuple[str, int, int]


@define(eq=False)
class Conditions:
    """Compares conditions of two versions, each found by its place in the text.

    From the moment `until`, by the monotonic clock, nothing is known of any.
    """

    old: Program
    new: Program
    until: float = math.inf
    _found: list[dict[_Place, tuple[Expr, str | None]]] = field(init=False)
    _lowerings: tuple[Lowering, Lowering] | None = None

    def __attrs_post_init__(self) -> None:
        self._found = [_by_place(self.old), _by_place(self.new)]

    def compare(self, old: Span, new: Span) -> Judgement | None:
        """How the new condition stands to the old one; None where that is not known."""
        one, other = self._found[0].get(_place(old)), self._found[1].get(_place(new))
        if one is None or other is None:
            return None
        try:
            return self._compare(one, other)
        except (NotLowered, OutOfTime):
            return None

    def _compare(self, old: tuple[Expr, str | None], new: tuple[Expr, str | None]) -> Judgement | None:
        if self._lowerings is None:
            space = Space((self.old, self.new), 1)
            self._lowerings = (
                Lowering(self.old, space, deadline=self.until),
                Lowering(self.new, space, deadline=self.until),
            )
            for lowering in self._lowerings:
                lowering.checks()
        before, after = self._lowerings
        one, other = _holds(before, *old), _holds(after, *new)
        fewer = self._can_be(before.space, all_of((one, opposite(other))))
        more = self._can_be(before.space, all_of((other, opposite(one))))
        if fewer is None or more is None:
            return None
        if fewer and more:
            return "other"
        return "wider" if more else "narrower" if fewer else "same"

    def _can_be(self, space: Space, truth: Truth) -> bool | None:
        left = min(_SECONDS, self.until - time.monotonic())
        return can_be(space, truth, left) if left > 0 else None


def _holds(lowering: Lowering, expr: Expr, subject: str | None) -> Truth:
    """When a condition holds, for one element where it is about a record in a list."""
    space = lowering.space
    records = {}
    here: list[Truth] = []
    for name in lowering.schema.scope(subject):
        schema = lowering.schema.records[name]
        if schema.parent is None:
            records[name] = space.root(name)
        else:
            record = space.element(records[schema.parent], str(schema.parent_field), name, 0)
            records[name] = record
            here += [count > index for count, index in record.inside[-1:]]
    form = lowering.lower(expr, Scope(records, space.at))
    return all_of((*here, opposite(form.is_gone), opposite(form.none), form.content))


def _place(span: Span) -> _Place:
    return span.file.name, span.start, span.end


def _by_place(program: Program) -> dict[_Place, tuple[Expr, str | None]]:
    """Every condition with the record that it is about."""
    found: dict[_Place, tuple[Expr, str | None]] = {}
    schema = Schema(program)
    bodies: list[Definition | Outcome] = [*program.definitions, *program.outcomes]
    for one in bodies:
        if one.subject is not None and one.subject not in schema.records:
            continue
        for expr in every(one.body):
            if expr.span.text and type_of(expr) == YesNo():
                found.setdefault(_place(expr.span), (expr, one.subject))
    return found
