"""How a value came about, as data: every step that led there, with the value it had."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeAlias, TypeVar, cast

from attrs import field, frozen

from policy_lang.program.core import (
    Case,
    Definition,
    Expr,
    Fold,
    Outcome,
)
from policy_lang.program.facts import Events
from policy_lang.program.obligation import Duty
from policy_lang.program.values import Value

T = TypeVar("T")


@frozen(eq=False)
class Place:
    """Where a record stands in the facts.

    `index` counts from 1 in the list; None: it stands in no list; 0: any element of a list not known.
    """

    record: str
    index: int | None = None
    parent: Place | None = None


def indexes(place: Place | None) -> tuple[int, ...]:
    """The way through the lists to a record, counted from 1; 0 for any element."""
    found: list[int] = []
    while place is not None:
        if place.index is not None:
            found.append(place.index)
        place = place.parent
    return tuple(reversed(found))


def apart_name(path: str, place: tuple[int, ...]) -> str:
    """The question for one element of a list: its path and its place, which no other question can have."""
    return f"{path} {'.'.join(map(str, place))}"


@frozen
class Element:
    """One element of the list that `fold` goes through; its trace has the value of `where`."""

    fold: Fold


Node: TypeAlias = Expr | Case | Definition | Element


@frozen(eq=False)
class Trace:
    """One step: a node of the core with the value it had, and the steps that led there.

    The children are those of the node in order. A choice has its cases, then its default; a case its
    condition and its value; a fold its list, then its elements; an element its `where` and its body,
    as far as there are any; a call its definition, and that its body. The same definition about the same
    records on the same date is one object wherever it is mentioned. `place` tells which record it is about.
    """

    node: Node
    value: Value
    children: tuple[Trace, ...] = field(default=(), repr=False)
    label: str = ""
    cites: tuple[str, ...] = ()
    place: Place | None = field(default=None, repr=False)


@frozen(eq=False)
class OutcomeTrace:
    """How an outcome came about. `at` is the date it was read on; the rest is there for obligations."""

    outcome: Outcome
    value: Value
    body: Trace
    at: Trace
    defences: tuple[Trace, ...] = ()
    anchor: Trace | None = None
    recurs: Trace | None = None
    duty: Duty | None = None
    events: Events | None = None  # what discharges it, as far as anything is known of that
    last: Trace | None = None


def line_of(case: Case) -> str:
    """Where a case stands, as `path:line`; empty when no author wrote it."""
    place = case.span.place
    return place.rpartition(":")[0] if place.strip(":1") else ""


def unrolled(task: Generator[Any, Any, T]) -> T:
    """What a generator returns that asks for the results of others by yielding them; no call nests."""
    stack: list[Generator[Any, Any, Any]] = [task]
    result: Any = None
    while stack:
        try:
            following = stack[-1].send(result)
        except StopIteration as done:
            stack.pop()
            result = done.value
        else:
            stack.append(following)
            result = None
    return cast(T, result)
