"""`all of LIST` where the list may be empty: then it is yes, though there is nothing."""

from __future__ import annotations

from collections.abc import Iterator

from policy_lang.meaning.checks.linted import Linted, bodies, guards_for
from policy_lang.program import core
from policy_lang.source.diagnostic import Code, Diagnostic

CODE = Code("all-of-nothing", "of an empty list, everything is true of all its elements", "warning")


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each `all of` that no condition keeps from an empty list."""
    if linted.meant is None:
        return
    guards = guards_for(linted.meant)
    for body in bodies(linted.meant):
        for expr, known in guards.walk(body):
            if not isinstance(expr, core.Fold) or expr.kind != "all" or expr.list in known:
                continue
            if not expr.span.text.startswith("all"):
                continue  # `none of` an empty list is what it seems to be
            name = expr.list.field
            yield CODE.at(
                expr.span,
                f"if there are no `{name}` at all, this is yes",
                label="yes when the list is empty",
                help=f"add `and (count of {name}) is at least 1`, unless that is meant",
            )
