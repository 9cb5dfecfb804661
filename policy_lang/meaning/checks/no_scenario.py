"""Outcomes that no scenario expects anything of, in a policy that has scenarios."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from policy_lang.meaning.checks.linted import Linted, mentioned, walk
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.syntax import tree

CODE = Code("no-scenario", "what no scenario expects can change without anybody noticing", "warning")


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each clause, and each rule that answers, without a scenario.

    A rule that other rules or clauses build on is tried through them.
    """
    if not linted.decides or linted.meant is None:
        return
    scenarios = [*linted.declared.scenarios, *_beside(linted)]
    if not scenarios:
        return
    expected = {
        node.outcome.text
        for scenario in scenarios
        for node in walk(scenario)
        if isinstance(node, (tree.Expect, tree.ColumnExpect))
    }
    items = {item.name.text: item for item in (*linted.clauses, *linted.derived)}
    parts: set[str] = set()
    for name, user in items.items():
        parts |= mentioned(user) - {name}
    for outcome in linted.meant.outcomes:
        item = items.get(outcome.name)
        if item is None or outcome.name in expected:
            continue
        if isinstance(item, tree.Rule) and outcome.name in parts:
            continue
        yield CODE.at(
            item.name.span,
            f"no scenario says what to expect of `{outcome.name}`",
            label="never tried",
            help=f"add a scenario with `expect {outcome.name} ...`",
        )


def _beside(linted: Linted) -> list[tree.Scenario]:
    """The scenarios of NAME.scenarios.pol, where there is such a file."""
    path: Path = linted.path.with_name(f"{linted.path.stem}.scenarios.pol")
    return linted.library.declare(path).scenarios if path.is_file() else []
