"""Clauses, rules and tables that do not say which text they come from.

A rule needs a source when it takes something from the text: an amount, a percentage, a date, a period, a
country. One that only combines what others say (a sum of parts, this and that rule) needs none, and neither
does one that hangs on an assumption, which cites both readings.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from policy_lang.meaning.checks.linted import Linted, walk
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.syntax import tree

CODE = Code("missing-citation", "a reader has to be able to find the text that is encoded", "warning")

_HARMLESS = {Decimal(0), Decimal(1), Decimal(100)}
"""Nothing, one and the whole: numbers of arithmetic rather than of a text."""


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each item without a source."""
    if not linted.decides:
        return
    for item in linted.encoded:
        if linted.declared.is_damaged(item) or any(isinstance(node, tree.Citation) for node in walk(item)):
            continue
        if isinstance(item, tree.Rule) and (not _takes_from_text(item) or linted.rests_on_assumption(item)):
            continue
        what = "exception" if isinstance(item, tree.Defence) else type(item).__name__.lower()
        yield CODE.at(
            item.name.span,
            f"the {what} `{item.name.text}` does not say where it comes from",
            label="no citation",
            help="add the source in square brackets, as in `[Article 5.1]`, or `[own reading]`",
        )


def _takes_from_text(rule: tree.Rule) -> bool:
    for node in walk((rule.cases, rule.exceptions)):
        match node:
            case (
                tree.NumberLit(value=value)
                | tree.PercentLit(value=value)
                | tree.MoneyLit(value=value)
                | tree.QuantityLit(value=value)
            ):
                if value not in _HARMLESS:
                    return True
            case tree.DateLit() | tree.PeriodLit() | tree.CountryLit() | tree.HsLit():
                return True
    return False
