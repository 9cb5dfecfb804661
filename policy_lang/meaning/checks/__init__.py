"""Warnings about what is allowed but doubtful: one module for each, with its code and `find`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from policy_lang.meaning.checks import (
    all_of_nothing,
    allowed,
    boundary_words,
    hidden_share,
    look_alike,
    missing_citation,
    never_applies,
    no_scenario,
    share_of_nothing,
    similar_labels,
    table_rows,
    unconfirmed_citation,
    unused_definition,
)
from policy_lang.meaning.checks.linted import Linted
from policy_lang.meaning.load import Library
from policy_lang.source.diagnostic import Code, Diagnostic, in_reading_order

CHECKS: tuple[Callable[[Linted], Iterator[Diagnostic]], ...] = (
    missing_citation.find,
    unconfirmed_citation.find,
    unused_definition.find,
    never_applies.find,
    boundary_words.find,
    share_of_nothing.find,
    hidden_share.find,
    all_of_nothing.find,
    similar_labels.find,
    table_rows.find,
    no_scenario.find,
)

CODES: tuple[Code, ...] = (
    all_of_nothing.CODE,
    boundary_words.CODE,
    hidden_share.CODE,
    allowed.CODE,
    look_alike.CODE,
    missing_citation.CODE,
    never_applies.CODE,
    no_scenario.CODE,
    share_of_nothing.CODE,
    similar_labels.CODE,
    table_rows.GAP,
    table_rows.NEVER,
    table_rows.OVERLAP,
    unconfirmed_citation.CODE,
    unused_definition.CODE,
)


def lint(path: Path, library: Library, *, sound: bool) -> tuple[Diagnostic, ...]:
    """The warnings about one file that was compiled with this library; only about the file itself.

    Where compiling found errors (`sound` is no), only the letters of the text are looked at.
    """
    declared = library.declare(path)
    found = list(look_alike.find(declared.source))
    if not sound:
        return in_reading_order(found)
    meant = library.understand(path) if declared.header is not None else None
    linted = Linted(path, declared, meant, library)
    for check in CHECKS:
        found.extend(d for d in check(linted) if d.span.file is declared.source)
    names = {code.name for code in CODES}
    return in_reading_order(allowed.sift(declared.source, in_reading_order(found), names))
