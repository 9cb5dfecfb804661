"""Rules, tables, lists and assumptions that nothing uses, and shared facts that no scenario takes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_lang.meaning.checks.linted import Linted, mentioned
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.syntax import tree

CODE = Code(
    "unused-definition", "what nothing uses changes no answer, so a reader looks at it in vain", "warning"
)

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_USING = re.compile(r"^(?:use|amendment) .*(?:\n[ ]+.*)*", re.MULTILINE)
_WORDS = {tree.Rule: "rule", tree.Table: "table", tree.Means: "list", tree.Assume: "assumption"}


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each definition that is never used; a vocabulary exists to be used by others."""
    declared = linted.declared
    if linted.decides:
        answered = {outcome.name for outcome in linted.meant.outcomes} if linted.meant is not None else set()
        used = _used(linted)
        used |= answered
        idle = [item for name, item in declared.values.items() if type(item) in _WORDS and name not in used]
        elsewhere = _words_elsewhere(linted) if idle else set()
        for item in idle:
            name = item.name.text
            if name not in elsewhere:
                what = _WORDS[type(item)]
                yield CODE.at(
                    item.name.span,
                    f"the {what} `{name}` is never used",
                    label="not used",
                    help="use it or remove it",
                )
    taken: set[str] = set()
    for line in (line for scenario in declared.scenarios for line in scenario.lines):
        if isinstance(line, tree.WithFacts):
            taken.add(line.name.text)
        elif isinstance(line, tree.CaseTable):
            taken |= line.taken
        elif isinstance(line, tree.ExpectProperty) and line.other is not None:
            taken.add(line.other.text)
    for name, facts in declared.facts.items():
        if name not in taken:
            yield CODE.at(
                facts.name.span,
                f"no scenario takes the facts `{name}`",
                label="not used",
                help=f"write `with {name}` in a scenario, or remove them",
            )


def _used(linted: Linted) -> set[str]:
    """The names that any item of the file speaks of, scenarios apart; not when it only speaks of itself."""
    declared = linted.declared
    items = [
        *declared.clauses.values(),
        *declared.defences.values(),
        *declared.acts.values(),
        *declared.records.values(),
        *declared.statuses.values(),
        *declared.territories,
        *declared.properties,
    ]
    names = set().union(*map(mentioned, items)) if items else set()
    for name, item in declared.values.items():
        names |= mentioned(item) - {name}
    return names


def _words_elsewhere(linted: Linted) -> set[str]:
    """The words of all files beside this one that use its instrument or amend it."""
    words: set[str] = set()
    for source in linted.neighbours():
        used = {name for match in _USING.finditer(source.text) for name in _NAME.findall(match.group())}
        if linted.declared.name in used:
            words.update(_NAME.findall(source.text))
    return words
