"""Close names: what an author may have meant by a name that nothing has."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

# Bounds on the work for one name; what lies beyond them gets no suggestion.
_LONGEST_NAME = 64
_MOST_CANDIDATES = 300


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `name` is most likely a slip of, or None when nothing is close.

    Close means few slips for the length of the name: a letter missing, added, wrong, or two
    neighbours swapped. Capitals do not count as slips, but decide between equals; then the
    alphabet does, so that the answer does not depend on the order of the candidates.
    """
    if not name or len(name) > _LONGEST_NAME:
        return None
    allowed = _slips_allowed(len(name))
    near = sorted({c for c in candidates if c and c != name and abs(len(c) - len(name)) <= allowed})
    if len(near) > _MOST_CANDIDATES:
        # Slips are rare in the first letters: the neighbours in the alphabet.
        first = max(bisect_left(near, name) - _MOST_CANDIDATES // 2, 0)
        near = near[first : first + _MOST_CANDIDATES]

    best: tuple[int, int, str] | None = None
    folded = name.casefold()
    for candidate in near:
        slips = _slips(folded, candidate.casefold(), allowed)
        if slips > allowed or (slips and not _is_worth_saying(folded, candidate.casefold())):
            continue
        rank = (slips, _slips(name, candidate, len(name)), candidate)
        if best is None or rank < best:
            best, allowed = rank, slips
    return None if best is None else best[2]


def _slips_allowed(length: int) -> int:
    """One in a short name, never more than three."""
    return min(3, 1 + length // 5)


def _is_worth_saying(name: str, candidate: str) -> bool:
    """Whether one slip still tells something: codes of two letters differ by one letter all the time."""
    return len(name) > 2 or sorted(name) == sorted(candidate)


def _slips(a: str, b: str, limit: int) -> int:
    """Missing, added, wrong and swapped letters between two words; `limit + 1` stands for any more."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before_last: list[int] = []
    last = list(range(len(b) + 1))
    for i, x in enumerate(a, start=1):
        row = [i] + [limit + 1] * len(b)
        # Cells farther than `limit` from the diagonal cannot be part of a short enough path.
        for j in range(max(1, i - limit), min(len(b), i + limit) + 1):
            y = b[j - 1]
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                row[j] = min(row[j], before_last[j - 2] + 1)
        if min(row) > limit and (not last or min(last) > limit):
            return limit + 1
        before_last, last = last, row
    return min(last[-1], limit + 1)
