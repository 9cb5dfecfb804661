"""The fewest of several sets that together hold everything that some of them holds."""

from __future__ import annotations

from collections.abc import Sequence

import z3
from attrs import frozen

_MOST = 150
"""From so many sets on that are in doubt, the solver is not asked."""


@frozen
class Cover:
    """The places of the sets chosen, in order; `is_least` when it is proved that no fewer would do."""

    chosen: tuple[int, ...]
    is_least: bool


def least_cover(sets: Sequence[frozenset[object]], limit: float) -> Cover:
    """The fewest sets; where the solver comes to no end in so many seconds, few."""
    needed, doubtful, open_ = _needed(sets)
    if not open_:
        return Cover(tuple(sorted(needed)), True)
    few = _greedy(sets, doubtful, open_)
    if len(doubtful) > _MOST:
        return Cover(tuple(sorted({*needed, *few})), False)
    exact = _exact(sets, doubtful, open_, limit)
    chosen = few if exact is None or len(exact) >= len(few) else exact
    return Cover(tuple(sorted({*needed, *chosen})), exact is not None)


def _needed(sets: Sequence[frozenset[object]]) -> tuple[set[int], list[int], set[object]]:
    """The sets without which something is missing, those that may be wanted beside them, and what is still open."""
    holders: dict[object, list[int]] = {}
    for n, one in enumerate(sets):
        for element in one:
            holders.setdefault(element, []).append(n)
    needed = {found[0] for found in holders.values() if len(found) == 1}
    open_ = set(holders) - {element for n in needed for element in sets[n]}
    doubtful: list[int] = []
    left = {n: sets[n] & open_ for n in range(len(sets)) if n not in needed}
    for n, one in left.items():
        if one and not any(one < left[m] or (one == left[m] and m < n) for m in left if m != n):
            doubtful.append(n)  # no other holds the same and more
    return needed, doubtful, open_


def _greedy(sets: Sequence[frozenset[object]], doubtful: Sequence[int], open_: set[object]) -> list[int]:
    left = set(open_)
    found: list[int] = []
    while left:
        best = max(doubtful, key=lambda n: len(sets[n] & left))
        found.append(best)
        left -= sets[best]
    for n in list(found):
        others = {element for m in found if m != n for element in sets[m]}
        if open_ <= others:
            found.remove(n)
    return found


def _exact(
    sets: Sequence[frozenset[object]], doubtful: Sequence[int], open_: set[object], limit: float
) -> list[int] | None:
    solver = z3.Optimize()
    solver.set("timeout", max(1, int(limit * 1000)))
    taken = {n: z3.Bool(f"take!{n}") for n in doubtful}
    for group in {tuple(n for n in doubtful if element in sets[n]) for element in open_}:
        solver.add(z3.Or(*(taken[n] for n in group)))
    solver.minimize(z3.Sum([z3.If(one, 1, 0) for one in taken.values()]))
    if solver.check() != z3.sat:
        return None
    model = solver.model()
    return [n for n, one in taken.items() if z3.is_true(model.eval(one, model_completion=True))]
