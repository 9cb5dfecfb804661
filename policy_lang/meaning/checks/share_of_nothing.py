"""Shares and quotients of what may be nothing, where no condition keeps that case out."""

from __future__ import annotations

from collections.abc import Iterator

from policy_lang.meaning.checks.linted import Linted, bodies, guards_for
from policy_lang.program import core
from policy_lang.source.diagnostic import Code, Diagnostic

CODE = Code("share-of-nothing", "a share of nothing has no value, so the answer would be an error", "warning")


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each share, percentage or quotient whose whole may be nothing."""
    if linted.meant is None:
        return
    guards = guards_for(linted.meant)
    for body in bodies(linted.meant):
        for expr, known in guards.walk(body):
            whole = _whole(expr)
            if whole is None or whole in known or guards.is_positive(whole):
                continue
            words = " ".join(whole.span.text.split())
            written = f"`{words}`" if words else "what it is a share of"
            condition = f"`{words} is more than 0`" if words else "the whole is more than nothing"
            yield CODE.at(
                whole.span if words else expr.span,
                f"{written} may be nothing here, and then there is no answer",
                label="may be nothing",
                help=f"add a condition that {condition}, with its unit where it has one",
            )


def _whole(expr: core.Expr) -> core.Expr | None:
    match expr:
        case core.Op(operator="share_of" | "as_percent" | "divide", operands=(_, whole)):
            return whole
        case _:
            return None
