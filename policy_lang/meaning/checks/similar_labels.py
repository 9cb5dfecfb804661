"""Clauses whose titles a reader cannot tell apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policy_lang.meaning.checks.linted import Linted
from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.text import Span
from policy_lang.syntax import tree

CODE = Code(
    "similar-labels", "answers show the titles of clauses, and a reader has to tell them apart", "warning"
)

_LONG_WORD = 6
"""In shorter words one letter often makes another word: `law`, `low`."""

_LONGEST_TITLE = 120
"""Longer titles are compared as a whole only."""


def find(linted: Linted) -> Iterator[Diagnostic]:
    """What is said of each title that repeats an earlier one, but for capitals, signs, or one letter."""
    seen: dict[str, Span] = {}
    titled: list[tree.Clause | tree.Defence] = [*linted.clauses, *linted.declared.defences.values()]
    for clause in titled:
        if clause.label is None:
            continue
        keys = list(_keys(clause.label.text))
        earlier = next((seen[key] for key in keys if key in seen), None)
        if earlier is not None:
            yield CODE.at(
                clause.label.span,
                "this title is almost the same as that of another clause",
                label="this title",
                related=[(earlier, "the other")],
                help="say in each title what sets the clause apart",
            )
            continue
        for key in keys:
            seen[key] = clause.label.span


def _keys(title: str) -> Iterator[str]:
    """What titles that are almost the same have in common: all but one letter of one long word."""
    words = re.findall(r"\w+", title.casefold())
    yield " ".join(words)
    if len(title) > _LONGEST_TITLE:
        return
    for number, word in enumerate(words):
        if len(word) < _LONG_WORD or not word.isalpha():
            continue  # digits set titles apart
        before, after = " ".join(words[:number]), " ".join(words[number + 1 :])
        for place in range(len(word)):
            yield f"{before} {word[:place]}?{word[place + 1 :]} {after}"
        yield f"{before} {word.removesuffix('s')} {after}"
