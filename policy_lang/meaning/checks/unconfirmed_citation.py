"""Clauses, rules and tables of which every source is unconfirmed, and which no assumption holds open."""

from __future__ import annotations

from collections.abc import Iterator

from policy_lang.meaning.checks.linted import Linted, walk
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.syntax import tree

CODE = Code(
    "unconfirmed-citation",
    "what nobody has confirmed is decided as if it were certain, unless an assumption says so",
    "warning",
)


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each item that rests on unconfirmed sources alone."""
    if not linted.decides:
        return
    for item in linted.encoded:
        cites = [node for node in walk(item) if isinstance(node, tree.Citation)]
        if not cites or not all(_is_unconfirmed(cite) for cite in cites) or linted.rests_on_assumption(item):
            continue
        yield CODE.at(
            cites[0].span,
            f"`{item.name.text}` rests on nothing but unconfirmed sources",
            label="unconfirmed",
            help="make the doubt an assumption with `assume`, or find a source",
        )


def _is_unconfirmed(cite: tree.Citation) -> bool:
    return cite.text.rpartition(";")[2].strip() == "unconfirmed"
