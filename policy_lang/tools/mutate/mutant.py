"""A mutant: a policy with one slip in it, as data."""

from __future__ import annotations

from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.program.core import Program
from policy_lang.source.text import Span

Kind: TypeAlias = Literal[
    "boundary",  # at least for more than, before for on or before
    "opposite",  # a comparison or a condition turned round, a `not` lost
    "day",  # a date that is off by a day or by years
    "amount",  # a number, percent or amount that is off by one
    "word",  # another word, country or good than the one written
    "list",  # something missing from a list or added to it
    "and-or",
    "condition",  # a condition left out
    "case",  # a case, a row or an exception left out
    "value",  # the value of the neighbouring row
    "priority",  # an exception of a clause, a permission or a `subject to` left out
    "field",  # another fact of the same kind, the other party among them
    "arithmetic",  # lesser for greater, rounding the other way, sum for count
    "read-on",  # read on another date than the one written
    "period",  # a period that is longer or shorter
    "schedule",  # counted from something else, due once only
    "assumption",
]


THE_FACTS = "the facts"
"""Among what a slip touches: which facts are taken, or which territories count."""


@frozen(eq=False)
class Mutant:
    """One slip. `words` complete the sentence `if ..., no scenario would notice`; `span` is where it would be made.

    `touched` has the names of the definitions and outcomes that differ, and `THE_FACTS`.
    """

    number: int  # counted from 1, in the order of the file
    kind: Kind
    words: str
    span: Span
    program: Program
    touched: tuple[str, ...]
