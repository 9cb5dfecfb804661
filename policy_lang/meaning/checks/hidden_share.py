"""Comparisons with a share that a rule, a sum or a rounding hides: over nothing they may be yes (rule V4).

Written in the comparison itself, a share of nothing is an error. A rule gives the share a name, and there a share
of nothing is simply nothing, as a levy on nothing is: so the comparison is made, and nothing is at least nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from policy_lang.meaning.checks.linted import Linted, bodies, guards_for
from policy_lang.program import core
from policy_lang.source.diagnostic import Code, Diagnostic

CODE = Code("hidden-share", "nothing is at least any share of nothing, so the answer could be yes", "warning")

_MOST_STEPS = 200


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each comparison with a hidden share of what may be nothing."""
    if linted.meant is None:
        return
    guards = guards_for(linted.meant)
    for body in bodies(linted.meant):
        for expr, known in guards.walk(body):
            if not isinstance(expr, core.Compare) or expr.comparison == "eq":
                continue
            for side, other in ((expr.left, expr.right), (expr.right, expr.left)):
                if isinstance(other, core.Const):
                    continue  # an amount that was worked out is compared with one that the text names
                for whole in _hidden(side, guards.definitions):
                    if whole in known or guards.is_positive(whole):
                        continue
                    words = " ".join(whole.span.text.split())
                    yield CODE.at(
                        side.span,
                        f"this comes from a share of `{words}`, which may be nothing: then it is nothing, too",
                        label="a share, worked out elsewhere",
                        related=[(whole.span, "what it is a share of")],
                        help=f"add a condition that `{words} is more than 0`, with its unit where it has one",
                    )
                    break


def _hidden(side: core.Expr, definitions: Mapping[str, core.Definition]) -> Iterator[core.Expr]:
    """What the shares in one side of a comparison are shares of."""
    waiting, seen = [side], 0
    while waiting and seen < _MOST_STEPS:
        one = waiting.pop()
        seen += 1
        match one:
            case core.Op(operator="percent_of", operands=(_, whole)):
                yield whole
            case core.Op(
                operator="add" | "subtract" | "negate" | "lesser" | "greater" | "round", operands=parts
            ):
                waiting.extend(parts)
            case core.Call(definition=name, bind=None) if name in definitions:
                waiting.append(definitions[name].body)
            case core.Choose(cases=cases, default=default):
                waiting.extend([default, *(case.value for case in cases)])
            case _:
                pass
