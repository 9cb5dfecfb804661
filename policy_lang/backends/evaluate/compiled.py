"""A program compiled to Python: made once, kept as bytes, loaded without generating anything."""

from __future__ import annotations

import datetime
import marshal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from types import CodeType
from typing import Any, TypeAlias, cast

from attrs import define

from policy_lang.backends.evaluate.plain import PLAIN_NAMES
from policy_lang.backends.evaluate.runtime import NAMES, CaseInHand, codes_of
from policy_lang.backends.evaluate.tables import Check, Tables
from policy_lang.program.core import Program
from policy_lang.program.facts import FactProblem, Facts, Given, Step
from policy_lang.program.sentences import said
from policy_lang.program.values import Value

FORMAT = 1
"""Counts up when the bytes of a compiled evaluator change their meaning."""


_Level: TypeAlias = tuple[str, tuple[Given, ...], tuple[Step, ...]]
"""A record on the way through given facts: its kind, the records in scope, and its path."""


Complete: TypeAlias = Callable[
    [dict[str, object], datetime.date, Sequence[object]], tuple[int, tuple[Any, ...], tuple[Any, ...]]
]
"""Gives the mask of the root records given, the values of all outcomes, and the records."""


@define(eq=False, slots=False)
class CompiledEvaluator:
    """The generated code of one program and the tables beside it."""

    general: CodeType
    complete: CodeType | None
    tables: Tables

    def to_bytes(self) -> bytes:
        """This evaluator as bytes, for the same version of Python and of this package only."""
        import pickle  # only a cache needs it; it would slow every start

        stamp = (FORMAT, sys.implementation.cache_tag, sys.hexversion)
        return marshal.dumps((stamp, self.general, self.complete, pickle.dumps(self.tables, 5)))

    @classmethod
    def from_bytes(cls, data: bytes) -> CompiledEvaluator | None:
        """The evaluator that was kept; None when another version made these bytes.

        The bytes become code: they must come from a place that only their owner can write to.
        """
        import pickle  # as above

        try:
            stamp, general, complete, tables = marshal.loads(data)  # noqa: S302 - see the docstring
        except (ValueError, EOFError, TypeError):
            return None
        if stamp != (FORMAT, sys.implementation.cache_tag, sys.hexversion):
            return None
        return cls(general, complete, pickle.loads(tables))  # noqa: S301 - see the docstring

    @cached_property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        """The general functions by their names in the generated source."""
        names = dict(NAMES)
        exec(self.general, names)  # noqa: S102 - our own generated code, without any text of the author's
        return cast("Mapping[str, Callable[..., Any]]", names)

    @cached_property
    def _plain(self) -> Mapping[str, Any]:
        names = dict(PLAIN_NAMES)
        if self.complete is not None:
            exec(self.complete, names)  # noqa: S102 - as above
        return names

    @property
    def decide(self) -> Complete | None:
        """The function of the complete variant, if this program has one; see `complete.py`."""
        return cast("Complete | None", self._plain.get("complete"))

    @property
    def about_instrument(self) -> Callable[[datetime.date], tuple[Any, ...]]:
        """The outcomes about the instrument itself on a day; `...` where the general variant must decide."""
        return cast("Callable[[datetime.date], tuple[Any, ...]]", self._plain["about_instrument"])

    @cached_property
    def _pairs(self) -> dict[tuple[str, str], bool | None]:
        return dict(self.tables.territories)

    @cached_property
    def _codes(self) -> frozenset[str]:
        return codes_of(self._pairs)

    def case(self, facts: Facts, assumed: Mapping[str, Value]) -> CaseInHand:
        """The case that the general functions work on; assumptions not in `assumed` are not made."""
        pairs: Mapping[tuple[str, str], bool | None] = self._pairs
        if facts.territories:
            given = facts.territories
            pairs = {pair: given.get(pair[0], included) for pair, included in self._pairs.items()}
        return CaseInHand(facts.case, assumed, pairs, self._codes)

    @contextmanager
    def room(self) -> Iterator[None]:
        """Lets calls nest as deep as this program needs. Generated code calls no C, so the stack holds."""
        limit = sys.getrecursionlimit()
        needed = self.tables.depth + 900
        if needed <= limit:
            yield
            return
        sys.setrecursionlimit(needed)
        try:
            yield
        finally:
            sys.setrecursionlimit(limit)


def compile_evaluator(program: Program) -> CompiledEvaluator:
    """The evaluator of a program."""
    # What generates code is not needed to load code that was kept.
    from policy_lang.backends.evaluate.complete import complete_source
    from policy_lang.backends.evaluate.general import general_source
    from policy_lang.backends.evaluate.tables_of import tables_of

    general = compile(general_source(program), "<general>", "exec", dont_inherit=True, optimize=1)
    plain = complete_source(program)
    complete = None
    if plain is not None:
        complete = compile(plain, "<complete>", "exec", dont_inherit=True, optimize=1)
    return CompiledEvaluator(general, complete, tables_of(program))


def broken_checks(
    evaluator: CompiledEvaluator, facts: Facts, case: CaseInHand, at: object
) -> tuple[FactProblem, ...]:
    """A problem for every check of a record that is certainly not kept (rule V7)."""
    tables = evaluator.tables
    if not any(tables.checks):
        return ()
    records = {record.name: (n, record) for n, record in enumerate(tables.records)}
    lists = {
        (record.parent, str(record.parent_field)): record.name for record in tables.records if record.parent
    }
    problems: list[FactProblem] = []
    stack: list[_Level] = [(name, (given,), (name,)) for name, given in reversed(facts.subjects.items())]
    while stack:
        name, scope, path = stack.pop()
        number, record = records[name]
        for n, check in enumerate(tables.checks[number]):
            if evaluator.functions[f"k{number}_{n}"](case, at, *scope) is False:
                clash = _clash(check, dict(zip(_names_of(tables, name), scope, strict=True)))
                message = f"this does not hold: {check.sentence}{f' ({clash})' if clash else ''}"
                problems.append(FactProblem(path, "check-failed", message))
        inner: list[_Level] = []
        for field in record.fields:
            elements = scope[-1].values.get(field.name)
            child = lists.get((name, field.name))
            if child is not None and isinstance(elements, tuple):
                inner.extend(
                    (child, (*scope, cast(Given, one)), (*path, field.name, n))
                    for n, one in enumerate(elements)
                )
        stack.extend(reversed(inner))
    return tuple(problems)


def _names_of(tables: Tables, name: str) -> list[str]:
    """The records in scope where this one is looked at, from the root."""
    parents = {record.name: record.parent for record in tables.records}
    found: list[str] = []
    record: str | None = name
    while record is not None:
        found.append(record)
        record = parents[record]
    return found[::-1]


def _clash(check: Check, scope: Mapping[str, Given]) -> str:
    """The values that do not fit together: `employee_price is 120 USD, customer_price is 100 USD`."""
    known = [
        f"{field} is {said(value, kind)}"
        for record, field, kind in check.facts
        if record in scope
        and field in scope[record].values
        and not isinstance(value := scope[record].values[field], tuple)
    ]
    return ", ".join(known)
