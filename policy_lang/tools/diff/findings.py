"""A comparison as findings, each at the place in the new text that it is about."""

from __future__ import annotations

from collections.abc import Iterator

from policy_lang.source.finding import Finding, Kind
from policy_lang.source.text import NOWHERE
from policy_lang.tools.diff.compare import Comparison, FileDiff
from policy_lang.tools.diff.meaning import OutcomeDiff
from policy_lang.tools.diff.report import details, said

_KINDS = {
    "changed": Kind(
        "outcome-changed",
        "the same facts are answered differently than before",
        "warning",
        "An outcome is answered differently than before",
    ),
    "added": Kind(
        "outcome-added", "the old version had no such answer", "warning", "The new version answers more"
    ),
    "removed": Kind(
        "outcome-removed", "the new version has no such answer", "warning", "The new version answers less"
    ),
    "not settled": Kind(
        "outcome-not-settled",
        "it is not known whether the same facts are answered as before",
        "warning",
        "It is not known whether an outcome is answered as before",
    ),
}
_FILE_CHANGED = Kind("file-changed", "a whole file came or went", "warning", "A file was added or removed")


def findings(comparison: Comparison) -> tuple[Finding, ...]:
    """What changed in meaning, in the order of the comparison. What stayed the same is not told."""
    return tuple(one for file in comparison.files for one in _of_file(file))


def _of_file(file: FileDiff) -> Iterator[Finding]:
    if file.meaning is None:
        yield Finding(_FILE_CHANGED, file.head, f"the file `{file.name}` is {file.fate}")
        return
    for outcome in file.meaning.outcomes:
        kind = _KINDS.get(outcome.status)
        if kind is not None:
            yield _of_outcome(file, outcome, kind)


def _of_outcome(file: FileDiff, outcome: OutcomeDiff, kind: Kind) -> Finding:
    old, new = file.places.get(outcome.name, (NOWHERE, NOWHERE))
    at = new if new.file.name else file.head
    related = ((old, "the old version"),) if old.file.name else ()
    message = f"`{outcome.name}`: {said(outcome)}"
    return Finding(kind, at, message, more=tuple(details(outcome)), related=related)
