"""Evaluators of a program that differs in a few definitions: only what differs is generated again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from attrs import Factory, define, evolve, frozen

from policy_lang.backends.evaluate.compiled import CompiledEvaluator
from policy_lang.backends.evaluate.general import Module
from policy_lang.backends.evaluate.runtime import NAMES, CaseInHand
from policy_lang.backends.evaluate.tables import Tables
from policy_lang.backends.evaluate.tables_of import tables_of
from policy_lang.program.core import Program

Functions = Mapping[str, Callable[..., Any]]


@frozen(eq=False)
class Called:
    """One call of a generated function: its name, the case and the other arguments, and what it gave."""

    name: str
    case: CaseInHand
    arguments: tuple[Any, ...]
    result: Any


@define(eq=False)
class CallLog:
    """The calls of one evaluation, each once."""

    calls: list[Called] = Factory(list)
    _seen: dict[tuple[Any, ...], None] = Factory(dict)

    def taken(self) -> tuple[Called, ...]:
        """The calls so far; the log is empty afterwards."""
        calls = tuple(self.calls)
        self.calls.clear()
        self._seen.clear()
        return calls

    def wrapped(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """A function that gives the same, and is written down here whenever it is called."""

        def call(case: CaseInHand, *arguments: Any) -> Any:
            result = function(case, *arguments)
            key = (name, id(case), arguments[0], *(id(one) for one in arguments[1:]))
            if key not in self._seen:
                self._seen[key] = None
                self.calls.append(Called(name, case, arguments, result))
            return result

        return call


@frozen(eq=False)
class Original:
    """A compiled program from which evaluators of changed programs are made."""

    program: Program
    evaluator: CompiledEvaluator

    def changed(self, program: Program) -> ChangedEvaluator:
        """The evaluator of a program with the same definitions and outcomes by name and number.

        What differs from the original may be their bodies, the schedules, the assumptions, the limits and checks of
        records, and which territories count.
        """
        module = Module(program)
        numbers: set[int] = set()
        for n, (old, new) in enumerate(zip(self.program.definitions, program.definitions, strict=True)):
            if old is not new:
                module.definition(n, new)
                numbers.add(n)
        names = {f"d{n}" for n in numbers}
        tables = self.evaluator.tables
        rows = list(tables.outcomes)
        fresh: Tables | None = None
        differs = False
        for n, (was, now) in enumerate(zip(self.program.outcomes, program.outcomes, strict=True)):
            if was is not now:
                module.outcome(n, now)
                names.update((f"o{n}", *(f"x{n}_{m}" for m in range(len(now.defences)))))
                elsewhere = (was.schedule, was.judged_on, was.force), (now.schedule, now.judged_on, now.force)
                if elsewhere[0] != elsewhere[1]:
                    differs = True
                    fresh = fresh if fresh is not None else tables_of(program)
                    rows[n] = fresh.outcomes[n]
        if program.assumptions is not self.program.assumptions:
            differs = True
            fresh = fresh if fresh is not None else tables_of(program)
            tables = evolve(tables, assumptions=fresh.assumptions)
        facts_differ = (program.records, program.territories) != (
            self.program.records,
            self.program.territories,
        )
        if facts_differ:
            differs = True
            for n, (old_record, record) in enumerate(zip(self.program.records, program.records, strict=True)):
                if old_record != record:
                    module.checks(n, record)
                    names.update(f"k{n}_{m}" for m in range(len(record.checks)))
            fresh = fresh if fresh is not None else tables_of(program)
            tables = evolve(tables, records=fresh.records, checks=fresh.checks, territories=fresh.territories)
        tables = evolve(tables, outcomes=tuple(rows))
        functions: dict[str, Any] = dict(NAMES)
        exec(self.evaluator.general, functions)  # noqa: S102 - our own generated code
        own: dict[str, Any] = dict(functions)
        source = "\n".join((*module.constants.lines(), *module.lines, ""))
        exec(compile(source, "<changed>", "exec", dont_inherit=True, optimize=1), own)  # noqa: S102 - as above
        for name in names:
            functions[name] = own[name]
        evaluator = CompiledEvaluator(self.evaluator.general, None, tables)
        evaluator.__dict__["functions"] = functions
        return ChangedEvaluator(evaluator, frozenset(names), frozenset(numbers), differs, facts_differ)

    def logged(self) -> tuple[CompiledEvaluator, CallLog]:
        """The evaluator of the original that writes down its calls."""
        log = CallLog()
        functions: dict[str, Any] = dict(NAMES)
        exec(self.evaluator.general, functions)  # noqa: S102 - as above
        for name, function in list(functions.items()):
            if name not in NAMES and name[:1] in "dox" and callable(function):
                functions[name] = log.wrapped(name, function)
        evaluator = CompiledEvaluator(self.evaluator.general, None, self.evaluator.tables)
        evaluator.__dict__["functions"] = functions
        return evaluator, log


@frozen(eq=False)
class ChangedEvaluator:
    """An evaluator, and what in it is not as in the original.

    `names` are the generated functions that differ, `numbers` the definitions among them; `elsewhere` tells
    that something besides functions differs: a schedule, an assumption; `facts_differ` that facts are refused, or
    territories counted, otherwise.
    """

    evaluator: CompiledEvaluator
    names: frozenset[str]
    numbers: frozenset[int]
    elsewhere: bool
    facts_differ: bool = False

    def gives_the_same(self, calls: Sequence[Called]) -> bool:
        """Whether the functions that differ give what the original gave, for these calls of it.

        When they do for all calls of one evaluation, that evaluation comes out as before: whatever is not
        changed is worked out from values that are the same.
        """
        cases: dict[int, CaseInHand] = {}
        functions = self.evaluator.functions
        for one in calls:
            if one.name in self.names:
                case = cases.get(id(one.case))
                if case is None:
                    kept = {
                        key: value
                        for key, value in one.case.memo.items()
                        if not (isinstance(key, tuple) and key[0] in self.numbers)
                    }
                    case = cases[id(one.case)] = evolve(one.case, memo=kept)
                if functions[one.name](case, *one.arguments) != one.result:
                    return False
        return True
