"""What an outcome rests on, of all that was assumed and determined (rule W6), and what leans on the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeAlias

from attrs import field, frozen

from policy_lang.program.core import Assumed, Fact
from policy_lang.program.trace import Trace, indexes
from policy_lang.program.values import Absence

Key: TypeAlias = "tuple[str, tuple[int, ...] | None]"
"""The name of an assumption, with None; or the path of a determination with its place in lists."""


@frozen
class Basis:
    """The assumptions and determinations that an outcome rests on; all others are idle.

    `determinations` are paths with places in lists, `paths` leads from a record and its field to the path.
    `later` are assumptions that only the later dates of a calendar rest on.
    """

    assumptions: frozenset[str] = frozenset()
    determinations: frozenset[tuple[str, tuple[int, ...]]] = frozenset()
    paths: Mapping[tuple[str | None, str], str] = field(factory=dict)
    later: frozenset[str] = frozenset()
    _leaves: dict[int, tuple[Trace, dict[Key, Trace]]] = field(factory=dict, init=False, eq=False, repr=False)
    _leaning: dict[int, tuple[Trace, frozenset[int]]] = field(factory=dict, init=False, eq=False, repr=False)

    def key(self, trace: Trace) -> Key | None:
        """Which assumption or given determination a step is; None for any other step."""
        match trace.node:
            case Assumed(name=name):
                return name, None
            case Fact(record=record, field=name) if not isinstance(trace.value, Absence):
                path = self.paths.get((record, name))
                return (path, indexes(trace.place)) if path is not None else None
            case _:
                return None

    def is_idle(self, trace: Trace) -> bool:
        """Whether a step is an assumption or a determination that the outcome does not rest on."""
        key = self.key(trace)
        if key is None:
            return False
        name, place = key
        if place is None:
            return name not in self.assumptions and name not in self.later
        return (name, place) not in self.determinations

    def leaves(self, roots: Iterable[Trace]) -> dict[Key, Trace]:
        """Where the outcome itself rests on what was assumed or determined, each once."""
        first, *_ = roots = tuple(roots)
        if id(first) in self._leaves:
            return self._leaves[id(first)][1]
        found: dict[Key, Trace] = {}
        seen: set[int] = set()
        stack = list(roots)
        while stack:
            trace = stack.pop()
            if id(trace) not in seen:
                seen.add(id(trace))
                stack.extend(reversed(trace.children))
                key = self.key(trace)
                if key is not None and not self.is_idle(trace) and key[0] not in self.later:
                    found.setdefault(key, trace)
        self._leaves[id(first)] = first, found
        return found

    def leaning(self, roots: Iterable[Trace]) -> frozenset[int]:
        """The steps, by identity, that have something idle in them or below them."""
        first, *_ = roots = tuple(roots)
        if id(first) in self._leaning:
            return self._leaning[id(first)][1]
        found: dict[int, bool] = {}
        stack = [(root, False) for root in roots]
        while stack:
            trace, is_left = stack.pop()
            if is_left:
                found[id(trace)] = self.is_idle(trace) or any(found[id(one)] for one in trace.children)
            elif id(trace) not in found:
                found[id(trace)] = False
                stack.append((trace, True))
                stack.extend((one, False) for one in trace.children if id(one) not in found)
        leaning = frozenset(number for number, leans in found.items() if leans)
        self._leaning[id(first)] = first, leaning
        return leaning
