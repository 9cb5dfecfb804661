"""Merges two changes of a file, clause by clause.

Different clauses may be changed on both sides, neighbours too. Whatever touches one clause on both sides is a
conflict and is never merged: two changes, a change and a removal, two moves, two names. So are two additions at
one place. A conflict is marked around the clauses that it is about, and nothing else.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Literal, TypeVar

from attrs import define, evolve, field, frozen

from policy_lang.tools.merge.pieces import Key, Piece, Pieces, canonical, matched, pieces_of, renamed


@frozen
class Marks:
    """How conflicts are marked; `with_base` also shows the version that both sides started from."""

    size: int = 7
    ours: str = "ours"
    base: str = "base"
    theirs: str = "theirs"
    with_base: bool = False


_USUAL = Marks()


@frozen
class Merged:
    """The text that came of it, and how many conflicts are marked in it."""

    text: str
    conflicts: int


def merge(base: str, ours: str, theirs: str, marks: Marks = _USUAL) -> Merged | None:
    """Three texts with `\\n` line ends made into one; None when one of them cannot be read clause by clause.

    A text without conflicts can be read, and holds every clause of both sides but those that a side removed
    and the other left as it was.
    """
    first, one, other = pieces_of(base), pieces_of(ours), pieces_of(theirs)
    if first is None or one is None or other is None:
        return None
    found = matched((first, one, other))
    if found is None:
        return None
    first, one, other = found
    parts = list(_Merge(first, renamed(first, one, other), renamed(first, other, one)).parts())
    conflicts = sum(isinstance(part, _Conflict) for part in parts)
    tail = _settled(first.tail, one.tail, other.tail)
    text = _written(parts, tail, marks)
    if not conflicts and not _holds_all(text, parts, found):
        whole = [_Conflict(*(_Side(one.rstrip("\n")) for one in (ours, base, theirs)))]
        return Merged(_written(whole, "\n", marks), 1)
    return Merged(text, conflicts)


def _holds_all(text: str, parts: Iterable[_Clean | _Conflict], versions: Iterable[Pieces]) -> bool:
    """Whether what came of it can be read piece by piece as it was put together, with no new name twice."""
    again = pieces_of(text)
    if again is None:
        return False
    wanted = [part.text for part in parts if isinstance(part, _Clean)]
    named = Counter(piece.key for piece in again.pieces if not piece.is_comment)
    stems = {piece.stem for version in versions for piece in version.pieces}
    return [piece.text for piece in again.pieces] == wanted and all(
        number == 1 or key in stems for key, number in named.items()
    )


# ------------------------------------------------------------------------------------------ parts of the result


@frozen
class _Clean:
    """A piece of the result."""

    text: str
    gap: str
    is_first: bool
    is_comment: bool


@frozen
class _Side:
    """What one version has at the place of a conflict; nothing where the text is empty."""

    text: str = ""
    gap: str = "\n\n"
    is_first: bool = False


_NOTHING = _Side()


@frozen
class _Conflict:
    ours: _Side
    base: _Side
    theirs: _Side

    @property
    def place(self) -> _Side:
        return next(side for side in (self.ours, self.theirs, self.base) if side.text)


def _side(piece: Piece | None) -> _Side:
    return _NOTHING if piece is None else _Side(piece.text, piece.gap, piece.is_first)


def _written(parts: Iterable[_Clean | _Conflict], tail: str, marks: Marks) -> str:
    text = ""
    last: _Clean | _Conflict | None = None
    for part in parts:
        place = part if isinstance(part, _Clean) else part.place
        gap = place.gap
        if last is None:
            gap = gap if place.is_first else ""
        elif place.is_first or (isinstance(last, _Clean) and last.is_comment and gap.count("\n") < 2):
            gap = "\n\n"  # a comment that stands apart stays so
        text += gap + (part.text if isinstance(part, _Clean) else _marked(part, marks))
        last = part
    return text + tail


def _marked(conflict: _Conflict, marks: Marks) -> str:
    lines = [f"{'<' * marks.size} {marks.ours}", conflict.ours.text]
    if marks.with_base:
        lines += [f"{'|' * marks.size} {marks.base}", conflict.base.text]
    lines += ["=" * marks.size, conflict.theirs.text, f"{'>' * marks.size} {marks.theirs}"]
    return "\n".join(line for line in lines if line)


# --------------------------------------------------------------------------------------------------- the merge


@define(eq=False)
class _Merge:
    """Puts the pieces together: what nobody moved stays; what a side added or moved follows what it follows there."""

    base: Pieces
    ours: Pieces
    theirs: Pieces
    _moved: tuple[set[Key], set[Key]] = field(init=False)
    _found: dict[Key, tuple[Piece | None, Piece | None, Piece | None]] = field(init=False)
    _doubtful: set[Key] = field(init=False)

    def __attrs_post_init__(self) -> None:
        before, mine, other = self.base.by_key, self.ours.by_key, self.theirs.by_key
        self._moved = _moved(self.base, self.ours), _moved(self.base, self.theirs)
        self._found = {
            key: (before.get(key), mine.get(key), other.get(key)) for key in {**before, **mine, **other}
        }
        # Both sides took such a piece away, or changed it: without a name of its own there is no telling.
        self._doubtful = {one.stem for one in before.values() if one.key not in mine and one.key not in other}
        self._doubtful.discard(())

    def parts(self) -> Iterator[_Clean | _Conflict]:
        """The result in order."""
        settled = {key: _resolved(*found) for key, found in self._found.items() if found[0] is not None}
        anywhere = self._moved[0] | self._moved[1]
        staying = {key: part for key in self.base.order if key not in anywhere and (part := settled[key])}
        ours = self._runs(self.ours, staying, self._moved[0])
        theirs = self._runs(self.theirs, staying, self._moved[1])
        yield from self._placed(ours.get(None, []), theirs.get(None, []))
        for key, part in staying.items():
            yield part
            yield from self._placed(ours.get(key, []), theirs.get(key, []))

    def _runs(
        self, side: Pieces, staying: Container[Key], moved: Container[Key]
    ) -> dict[Key | None, list[Key]]:
        """What a side added or moved, by what stays just before it."""
        found: dict[Key | None, list[Key]] = {}
        after: Key | None = None
        for key in side.order:
            if key in staying:
                after = key
            elif key in moved or self._found[key][0] is None:
                found.setdefault(after, []).append(key)
        return found

    def _placed(self, ours: list[Key], theirs: list[Key]) -> Iterator[_Clean | _Conflict]:
        """What the two sides put at one place: what both put there in the same order is common."""
        start = 0
        while start < min(len(ours), len(theirs)) and ours[start] == theirs[start]:
            start += 1
        end = 0
        while end < min(len(ours), len(theirs)) - start and ours[-1 - end] == theirs[-1 - end]:
            end += 1
        for key in ours[:start]:
            yield from self._common(key)
        mine, other = ours[start : len(ours) - end], theirs[start : len(theirs) - end]
        if mine and other:
            yield _Conflict(self._run(mine, other, 1), _NOTHING, self._run(other, mine, 2))
        else:
            for key in mine:
                yield self._alone(key, 1)
            for key in other:
                yield self._alone(key, 2)
        for key in ours[len(ours) - end :]:
            yield from self._common(key)

    def _common(self, key: Key) -> Iterator[_Clean | _Conflict]:
        part = _resolved(*self._found[key])
        if part is not None:
            yield part

    def _alone(self, key: Key, side: Literal[1, 2]) -> _Clean | _Conflict:
        """What one side put here. It is in conflict when the other put it elsewhere, or took it away."""
        base, ours, theirs = self._found[key]
        own, other = (ours, theirs) if side == 1 else (theirs, ours)
        assert own is not None
        disputed = own.stem in self._doubtful
        if base is None:
            disputed = disputed or other is not None
        else:
            disputed = disputed or other is None or key in self._moved[2 - side]
        if disputed:
            mine, nothing = _side(own), _NOTHING
            return _Conflict(*((mine, _side(base), nothing) if side == 1 else (nothing, _side(base), mine)))
        part = _resolved(base, ours, theirs)
        assert part is not None
        return part if isinstance(part, _Conflict) else evolve(part, gap=own.gap, is_first=own.is_first)

    def _run(self, keys: Sequence[Key], others: Sequence[Key], side: Literal[1, 2]) -> _Side:
        """The text of one side of a conflict between two runs, with the other side's changes of what it moved.

        Where the other side moved here what this side changed as well, this side's text of it follows.
        """
        text = ""
        for key in keys:
            part, own = _resolved(*self._found[key]), self._found[key][side]
            assert own is not None
            said = part.text if isinstance(part, _Clean) else own.text
            gap = "\n\n" if own.is_first else own.gap
            text += (gap if text else "") + said
        for key in others:
            own = self._found[key][side]
            if own is not None and key not in keys and isinstance(_resolved(*self._found[key]), _Conflict):
                text += f"\n\n{own.text}"
        first = self._found[keys[0]][side]
        assert first is not None
        return _Side(text, first.gap, first.is_first)


def _resolved(base: Piece | None, ours: Piece | None, theirs: Piece | None) -> _Clean | _Conflict | None:
    """What becomes of one piece, wherever it stands; None when it is gone."""
    if base is not None and (ours is None or theirs is None):
        left = ours or theirs
        if left is None or _is_same(left, base):
            return None
        return _Conflict(_side(ours), _side(base), _side(theirs))
    if ours is None or theirs is None:
        left = ours or theirs
        assert left is not None
        return _Clean(left.text, left.gap, left.is_first, left.is_comment)
    if ours.text == theirs.text:
        chosen = ours
    elif base is not None and ours.text == base.text:
        chosen = theirs
    elif base is not None and theirs.text == base.text:
        chosen = ours
    elif base is not None and _is_same(ours, base):
        chosen = theirs
    elif _is_same(ours, theirs) or (base is not None and _is_same(theirs, base)):
        chosen = ours
    else:
        return _Conflict(_side(ours), _side(base), _side(theirs))
    gaps = [(one.gap, one.is_first) for one in (base or ours, ours, theirs)]
    gap, is_first = _settled(*gaps)
    return _Clean(chosen.text, gap, is_first, chosen.is_comment)


def _is_same(a: Piece, b: Piece) -> bool:
    """Whether they differ at most in layout."""
    return a.text == b.text or canonical(a.text) == canonical(b.text)


_Value = TypeVar("_Value", str, tuple[str, bool])


def _settled(base: _Value, ours: _Value, theirs: _Value) -> _Value:
    """What is between pieces: as the side has it that changed it; the longer where both did."""
    if ours == theirs or theirs == base:
        return ours
    return theirs if ours == base else max(ours, theirs)


def _moved(base: Pieces, side: Pieces) -> set[Key]:
    """What stands elsewhere than before: all but a longest run that kept its order."""
    rank = {key: number for number, key in enumerate(base.order)}
    kept = [key for key in side.order if key in rank]
    ends: list[int] = []  # the least rank in which a rising run of each length ends
    before: dict[Key, Key | None] = {}
    last: list[Key] = []
    for key in kept:
        at = bisect_left(ends, rank[key])
        before[key] = last[at - 1] if at else None
        ends[at : at + 1] = [rank[key]]
        last[at : at + 1] = [key]
    found: Key | None = last[-1] if last else None
    run: set[Key] = set()
    while found is not None:
        run.add(found)
        found = before[found]
    return set(kept) - run
