"""Facts as one of two versions knows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from policy_lang.program.core import Program
from policy_lang.program.types import ListOf


def known_to(program: Program, facts: Mapping[str, Any]) -> dict[str, Any]:
    """The facts without those that this version does not ask for."""
    records = {one.name: one for one in program.records}
    events = {one.name.partition(".")[0] for one in program.case_facts}

    def record(name: str, given: Mapping[str, Any]) -> dict[str, Any]:
        kinds = {one.name: one.type for one in records[name].fields}
        kept: dict[str, Any] = {}
        for key, value in given.items():
            kind = kinds.get(key)
            if isinstance(kind, ListOf) and isinstance(value, list):
                kept[key] = [record(kind.record, one) for one in value]
            elif kind is not None:
                kept[key] = value
        return kept

    kept: dict[str, Any] = {}
    for key, value in facts.items():
        if key in records:
            kept[key] = record(key, value)
        elif key in events or key == "territories":
            kept[key] = value
    return kept
