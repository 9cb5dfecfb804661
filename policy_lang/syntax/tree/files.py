"""A whole file: its items in order, of any kind."""

from __future__ import annotations

from typing import TypeAlias

from attrs import field, frozen

from policy_lang.source.text import SourceFile
from policy_lang.syntax.tree.amendments import Change
from policy_lang.syntax.tree.basics import Comment
from policy_lang.syntax.tree.clauses import Clause, Defence
from policy_lang.syntax.tree.definitions import (
    Act,
    Assume,
    Determination,
    Event,
    Kind,
    Means,
    Purpose,
    Record,
    Status,
    Territory,
    Unit,
)
from policy_lang.syntax.tree.given import Facts
from policy_lang.syntax.tree.instruments import Instrument, NotEncoded, ScenariosFor, Use
from policy_lang.syntax.tree.properties import Property
from policy_lang.syntax.tree.rules import Rule, Table
from policy_lang.syntax.tree.scenarios import Scenario

Item: TypeAlias = (
    Instrument
    | ScenariosFor
    | Use
    | NotEncoded
    | Means
    | Territory
    | Assume
    | Purpose
    | Status
    | Unit
    | Kind
    | Act
    | Event
    | Determination
    | Record
    | Rule
    | Table
    | Clause
    | Defence
    | Property
    | Facts
    | Scenario
    | Change
)


@frozen
class File:
    """One source file: its items in order, and every comment it holds.

    `damaged` are the ids of items of which some sentence could not be read, `lost` the names that unreadable
    items would have declared: later stages say nothing about either.
    """

    source: SourceFile
    items: tuple[Item, ...]
    comments: tuple[Comment, ...] = ()
    damaged: frozenset[int] = field(default=frozenset(), eq=False)
    lost: frozenset[str] = field(default=frozenset(), eq=False)
