"""What authors call the things in which slips are made."""

from __future__ import annotations

import re

from policy_lang.source.text import Span
from policy_lang.tools.mutate.places import Owner, Place

_LIST = re.compile(r"([a-z]\w*)\s+(?:now\s+)?(?:means|includes)\b|([a-z]\w*):")


def named(owner: Owner) -> str:
    """What the author calls a definition or an outcome: rule `eligible`, clause `export_duties`."""
    name = bare_name(owner)
    found = re.search(
        rf"^(rule|table|clause|exception|assume) {re.escape(name)}\b", owner.span.file.text, re.MULTILINE
    )
    return f"{found.group(1)} `{name}`" if found is not None else f"`{name}`"


def listed_at(span: Span) -> str | None:
    """The list that is declared where this stands: the list `eligible_origins`."""
    line, _ = span.file.position(span.start)
    while line > 1 and span.file.line(line)[:1].isspace():
        line -= 1
    found = _LIST.match(span.file.line(line))
    return f"the list `{found.group(1) or found.group(2)}`" if found is not None else None


def bare_name(owner: Owner) -> str:
    """The name alone, of a definition that a clause became that of the clause."""
    return owner.name.rpartition(".")[2].partition("#")[0]


def is_a_name(place: Place) -> bool:
    """Whether all that the author wrote there is the name of what it belongs to."""
    return place.span.text == bare_name(place.owner)
