"""From Lark's parse tree to our own: one small function for each rule of the grammar, called like it.

The functions stand by topic, in modules called like those of `tree`. Each is given the place where its rule was
met and the parts that were built from the rules inside it.
"""

from __future__ import annotations

from collections.abc import Callable
from types import FunctionType, ModuleType
from typing import Any, TypeAlias, cast

import attrs
from attrs import frozen
from lark import Token, Tree
from lark.tree import Meta
from lark.visitors import Transformer_NonRecursive

from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree
from policy_lang.syntax.build import (
    amendments,
    case_tables,
    clauses,
    definitions,
    expectations,
    expressions,
    given,
    instruments,
    literals,
    parts,
    properties,
    rules,
    scenarios,
    types,
)
from policy_lang.syntax.build.here import NO_SUCH_DATE, WHOLE_NUMBER, Here, Item

__all__ = ["NO_SUCH_DATE", "RULES", "TOPICS", "WHOLE_NUMBER", "Builder", "Margin"]

Rule: TypeAlias = Callable[[Here, list[Any]], Any]

TOPICS = (
    amendments,
    case_tables,
    clauses,
    definitions,
    expectations,
    expressions,
    given,
    instruments,
    literals,
    parts,
    properties,
    rules,
    scenarios,
    types,
)


def rules_of(topic: ModuleType) -> dict[str, Rule]:
    """The public functions of a topic, by their names: those of the rules they are for."""
    return {
        name: value
        for name, value in vars(topic).items()
        if isinstance(value, FunctionType) and value.__module__ == topic.__name__ and not name.startswith("_")
    }


RULES = {name: rule for topic in TOPICS for name, rule in rules_of(topic).items()}


@frozen
class Margin:
    """What is read beside the grammar: comments and citations, in the order of the file."""

    comments: tuple[tree.Comment, ...]
    citations: tuple[tree.Citation, ...]

    def within(self, start: int, end: int) -> list[tree.Citation]:
        return [c for c in self.citations if start <= c.span.start < end]


class Builder(Transformer_NonRecursive[Token, Any]):
    """Builds one item, bottom-up and without recursion.

    Citations go to the innermost case, row, reading or item around them (rule N3).
    """

    def __init__(self, source: SourceFile, citations: list[tree.Citation]) -> None:
        super().__init__(visit_tokens=False)
        self._item = Item(source, citations)

    def build(self, parsed: Tree[Token]) -> tuple[tree.Item | None, list[Diagnostic]]:
        """The item, and what is wrong in it."""
        item = self.transform(parsed)
        left = tuple(self._item.citations)  # whatever no inner part has taken
        if left and hasattr(item, "cites"):
            cites = sorted((*item.cites, *left), key=lambda c: c.span.start)
            item = attrs.evolve(item, cites=tuple(cites))
        return cast(tree.Item, item), self._item.problems

    def start(self, children: list[Any]) -> Any:
        """The rule for an item of any kind."""
        return children[0]

    def __default__(self, data: str, children: list[Any], meta: Meta) -> Any:
        return RULES[data](Here(self._item, meta), children)
