"""What a change does to rows, as text and as a document; and each changed row for a file of them."""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from policy_lang.program.numbers import in_words, settle
from policy_lang.program.sentences import said
from policy_lang.tools.diff.impact import Changed, Impact, OutcomeImpact

_LONGEST = 110


def verdict(found: Impact) -> str:
    """The whole in a few words."""
    if found.changed:
        rows = "1 row comes" if found.changed == 1 else f"{found.changed} rows come"
        return f"{rows} out otherwise"
    decided = found.rows - found.refused
    return "no row comes out otherwise" if decided else "no row was decided"


def to_text(found: Impact) -> str:
    """The whole for people."""
    lines = [f"{_rows(found.rows)} read, {found.refused} of them refused", ""]
    for one in found.outcomes.values():
        if one.changed:
            lines += [f"{_plain(one.name)}: {_rows(one.changed)} otherwise", *_transitions(one), ""]
    quiet = [_plain(one.name) for one in found.outcomes.values() if not one.changed]
    if quiet:
        lines.append(f"as before in every row: {', '.join(quiet)}")
    if found.same:
        lines.append(f"written alike, and not decided: {', '.join(map(_plain, found.same))}")
    lines += [f"{_plain(name)} is in {which}" for name, which in found.only]
    if found.not_read:
        lines.append(f"columns not read, as no fact is called so: {', '.join(found.not_read)}")
    if found.refused:
        lines += ["", "refused:", *(f"  row {row}: {_cut(why)}" for row, why in found.bad)]
        if found.refused > len(found.bad):
            lines.append(f"  and {found.refused - len(found.bad)} more")
    return "\n".join([*lines, "", verdict(found)])


def to_json(found: Impact) -> dict[str, object]:
    """The whole as the JSON document of the command line."""
    return {
        "verdict": verdict(found),
        "rows": found.rows,
        "changed": found.changed,
        "refused": found.refused,
        "refused_rows": [{"row": row, "reason": why} for row, why in found.bad],
        "outcomes": {
            one.name: {
                "changed": one.changed,
                "more": _total(one.more),
                "less": _total(one.less),
                "transitions": [
                    {
                        "old": old,
                        "new": new,
                        "rows": transition.count,
                        "samples": [row_document(sample) for sample in transition.samples],
                    }
                    for (old, new), transition in one.transitions.items()
                ],
            }
            for one in found.outcomes.values()
        },
        "written_alike": list(found.same),
        "in_one_version_only": dict(found.only),
        "columns_not_read": list(found.not_read),
    }


def row_document(one: Changed) -> dict[str, object]:
    """One changed row as a document."""
    return {
        "row": one.row,
        "outcome": one.outcome,
        "old": one.old,
        "new": one.new,
        "by": None if one.by is None else in_words(one.by),
        "as_of": one.as_of.isoformat(),
        "facts": json.loads(json.dumps(one.facts, default=_written)),
    }


def _written(value: object) -> object:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _total(found: tuple[int, Fraction]) -> dict[str, object]:
    return {"rows": found[0], "total": in_words(settle(found[1]))}


def _transitions(one: OutcomeImpact) -> Iterable[str]:
    ordered = sorted(one.transitions.items(), key=lambda item: -item[1].count)
    for (old, new), transition in ordered:
        if old == "a number":
            total = one.more if new == "more" else one.less
            yield f"  {new}: {_rows(transition.count)}, {said(settle(total[1]), one.type)} altogether"
        elif old == "other":
            yield f"  other changes: {_rows(transition.count)}"
        else:
            yield f"  {old} -> {new}: {_rows(transition.count)}"
        yield from (f"    {_sample(sample, old)}" for sample in transition.samples)


def _sample(one: Changed, old: str) -> str:
    answers = f"{one.old} -> {one.new}; " if old in ("a number", "other") else ""
    return _cut(f"row {one.row}: {answers}{', '.join(_named(one.facts, ''))}")


def _named(value: Any, path: str) -> Iterable[str]:
    """Facts by their path, one after the other."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _named(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list) and value:
        for number, inner in enumerate(value, 1):
            yield from _named(inner, f"{path}.{number}")
    else:
        words = "none" if value == [] else value.isoformat() if isinstance(value, datetime.date) else value
        yield f"{path} {said(words)}"


def _rows(number: int) -> str:
    return "1 row" if number == 1 else f"{number} rows"


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
