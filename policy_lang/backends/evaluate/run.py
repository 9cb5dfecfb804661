"""One evaluation of a program by the general variant: any facts, any assumptions."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import cast

from attrs import define, field, frozen

from policy_lang.backends.evaluate.compiled import CompiledEvaluator
from policy_lang.backends.evaluate.runtime import CaseInHand
from policy_lang.backends.evaluate.tables import OutcomeRow, Tables
from policy_lang.program.core import Plain, RecordSchema
from policy_lang.program.facts import Events, Facts, Given, Made
from policy_lang.program.obligation import Duty, Told, duty
from policy_lang.program.types import ListOf
from policy_lang.program.values import Value, needs_of


@frozen
class Finding:
    """What one outcome came to: a core value, and for an obligation the whole duty."""

    value: Value
    duty: Duty | None = None
    parts: tuple[Value, ...] = ()  # of an obligation: its body and anchors, as far as they are values
    recurs: tuple[Value, ...] = ()  # of an obligation: whether it recurs, for each of its texts
    defences: tuple[Value, ...] = ()

    @property
    def needs(self) -> frozenset[str]:
        """What is missing for this outcome; empty unless it is undetermined."""
        return needs_of((self.value,))


@define(eq=False, slots=False)
class Run:
    """Works out outcomes of one case, each when it is asked for."""

    evaluator: CompiledEvaluator
    facts: Facts
    as_of: datetime.date
    assumed: Mapping[str, Value]
    _findings: dict[int, Finding] = field(init=False, factory=dict)

    @cached_property
    def case(self) -> CaseInHand:
        return self.evaluator.case(self.facts, self.assumed)

    def finding(self, number: int) -> Finding:
        """What the outcome with this index comes to."""
        found = self._findings.get(number)
        if found is None:
            with self.evaluator.room():
                found = self._findings[number] = self._work_out(number)
        return found

    def _work_out(self, number: int) -> Finding:
        row = self.evaluator.tables.outcomes[number]
        functions = self.evaluator.functions
        arguments = (self.case, self.as_of, *self._scope(row))
        result = functions[f"o{number}"](*arguments)
        defences: list[Value] = [functions[f"x{number}_{n}"](*arguments) for n in range(len(row.defences))]
        if row.schedule is None:
            return Finding(result, defences=tuple(defences))
        body, texts = result
        told = [one if one is None else Told(*one) for one in texts]
        found = duty(row.name, row.schedule, lambda due: row.on(due).force, body, told, self.as_of)
        value: Value = found.absence if found.absence is not None else found.state
        there = [one for one in told if one is not None]
        anchors = [one.anchor for one in there if not isinstance(one.anchor, Events)]
        recurs = tuple(one.recurs for one in there)
        return Finding(value, found, (body, *anchors), recurs, tuple(defences))

    def _scope(self, row: OutcomeRow) -> tuple[Given, ...]:
        """The records in scope; one that is not given is a record of which nothing is known."""
        if not row.scope:
            return ()
        root = self.facts.subjects.get(row.scope[0])
        if root is None or len(row.scope) > 1:
            key = ("nothing known", row.scope[0])
            first = root if root is not None else self.case.memo.setdefault(key, Given({}))
            return (first, *(Given({}) for _ in row.scope[1:]))  # type: ignore[arg-type]  # so keyed, a record
        return (root,)


def asked(tables: Tables, facts: Facts) -> tuple[int, ...]:
    """The outcomes that are decided for these facts, by index: those whose subject is given, or all.

    All when nothing at all is given. An outcome about a record inside a list has no single answer.
    """
    if facts.is_empty:
        return tuple(range(len(tables.outcomes)))
    return tuple(
        n
        for n, row in enumerate(tables.outcomes)
        if not row.scope or (len(row.scope) == 1 and row.scope[0] in facts.subjects)
    )


def without_determinations(tables: Tables, facts: Facts) -> Facts:
    """The same facts, with every determination unmade."""
    if not facts.made:
        return facts
    kinds = {
        record.name: (
            frozenset(one.name for one in record.fields if one.determination),
            {child.parent_field: child.name for child in tables.records if child.parent == record.name},
        )
        for record in tables.records
    }

    def bare(name: str, given: Given) -> Given:
        dropped, lists = kinds[name]
        kept: dict[str, object] = {}
        for key, value in given.values.items():
            if key in dropped:
                continue
            child = lists.get(key)
            kept[key] = (
                tuple(bare(child, one) for one in value)
                if child is not None and isinstance(value, tuple)
                else value
            )
        return Given(kept)

    return Facts(
        subjects={name: bare(name, given) for name, given in facts.subjects.items()},
        case={name: value for name, value in facts.case.items() if name not in tables.determinations},
        territories=facts.territories,
    )


def in_order(needs: Iterable[str], paths: Mapping[str, int], wanted: Mapping[str, int]) -> tuple[str, ...]:
    """The questions, those that most outcomes need first, then as they were declared (rule W4)."""
    last = len(paths)
    return tuple(sorted(needs, key=lambda name: (-wanted.get(name, 0), paths.get(name, last), name)))


def rests_on(base: Finding, bare: Finding) -> tuple[frozenset[str], frozenset[str]]:
    """The needs of an outcome with nothing assumed, and those of the later dates in its calendar (rule W6)."""
    if base.duty is None:
        return bare.needs, frozenset()
    # The bare run stops at the first part that is missing; the duty rests on all parts it went through.
    parts = (*bare.parts, *bare.recurs) if base.duty.done_once else bare.parts
    later = needs_of(bare.recurs) if base.duty.recurs_matters else frozenset()
    return bare.needs | needs_of(parts), later


def facts_from_records(tables: Tables, records: tuple[tuple[object, ...] | None, ...]) -> Facts:
    """The facts that the complete variant read: for each root record the values of its fields in order."""
    by_name = {record.name: record for record in tables.records}
    paths: dict[str, tuple[Made, ...]] = {}

    def given(
        record: RecordSchema, values: tuple[object, ...], path: str, place: tuple[int, ...] = ()
    ) -> Given:
        known: dict[str, object] = {}
        for one, value in zip(record.fields, values, strict=True):
            inner = f"{path}.{one.name}"
            if isinstance(one.type, ListOf):
                child = by_name[one.type.record]
                elements = cast("tuple[tuple[object, ...], ...]", value)
                known[one.name] = tuple(
                    given(child, element, inner, (*place, n)) for n, element in enumerate(elements, 1)
                )
                continue
            known[one.name] = value
            if one.determination:
                paths[inner] = (*paths.get(inner, ()), Made(cast(Plain, value), place=place))
        return Given(known)

    roots = [record for record in tables.records if record.parent is None]
    subjects = {
        record.name: given(record, values, record.name)
        for record, values in zip(roots, records, strict=True)
        if values is not None
    }
    return Facts(subjects=subjects, made=paths)
