"""Two versions of a policy, or of a folder of policies, compared in text and meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

import attrs
from attrs import field, frozen

from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.program.core import Program
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.files import amendments_in, read_file
from policy_lang.source.text import NOWHERE, SourceFile, Span
from policy_lang.syntax import tree
from policy_lang.syntax.from_source import read
from policy_lang.tools.diff.clock import Clock
from policy_lang.tools.diff.conditions import Conditions
from policy_lang.tools.diff.meaning import Meaning, Pair
from policy_lang.tools.diff.structure import changes_of_text, only_layout


@frozen
class FileDiff:
    """What became of one file. `meaning` is None where there is only one version of it.

    A place is NOWHERE in the version that does not have it.
    """

    name: str
    text: tuple[str, ...]
    meaning: Meaning | None
    fate: str = ""  # "added" or "removed"
    head: Span = NOWHERE  # the file as it is now; as it was, where it is gone
    before: SourceFile | None = None  # as it was, where it is in both versions
    places: Mapping[str, tuple[Span, Span]] = field(
        factory=dict
    )  # each outcome in the old text and in the new


@frozen
class Comparison:
    """All files compared, in the order of their names."""

    files: tuple[FileDiff, ...]

    @property
    def differs(self) -> bool:
        """Whether anything means something else."""
        return any(one.fate or (one.meaning is not None and one.meaning.differs) for one in self.files)

    @property
    def is_settled(self) -> bool:
        """Whether that is known of everything."""
        return all(one.meaning is None or one.meaning.is_settled for one in self.files)


def compare(
    old: Path,
    new: Path,
    *,
    clock: Clock,
    elements: int | None,
    only: Iterable[str] = (),
) -> tuple[Comparison | None, tuple[Diagnostic, ...]]:
    """The comparison, or None and what is wrong with either version.

    Of folders, files of the same name are compared; what a file uses comes from its own folder, so that a change of
    one file is followed into all that use it. The time of `clock` is for all together.
    """
    pairs: list[tuple[str, Path | None, Path | None]]
    if old.is_dir() and new.is_dir():
        before, after = _policies(old), _policies(new)
        pairs = [(name, before.get(name), after.get(name)) for name in sorted({*before, *after})]
    else:
        pairs = [(new.name, old, new)]
    libraries = Library(), Library()
    compiled: dict[str, tuple[FileDiff, Pair]] = {}
    for name, *paths in pairs:
        programs: list[Program] = []
        texts: list[tree.File] = []
        behind: list[tuple[SourceFile, ...]] = []
        for path, library in zip(paths, libraries, strict=True):
            if path is None:
                continue
            version, diagnostics = compile_file(path, library)
            if version.program is None:
                return None, diagnostics
            programs.append(version.program)
            texts.append(library.files[path.resolve()])
            behind.append(version.sources)
        if len(programs) == 2:
            conditions = Conditions(programs[0], programs[1], clock.for_texts)
            words = changes_of_text(texts[0], texts[1], conditions.compare)
            lines = tuple(words) or (only_layout(texts[0], texts[1]),)
            lines += (*_from_others((paths[0], paths[1]), behind[0], behind[1]), *_amended(*programs))
            pair = Pair(programs[0], programs[1], clock, elements, frozenset(only))
            head, places = _head(texts[1].source), _places(*programs)
            compiled[name] = (
                FileDiff(name, lines, None, head=head, before=texts[0].source, places=places),
                pair,
            )
    clock.waiting = sum(pair.waiting for _, pair in compiled.values())
    found: list[FileDiff] = []
    for name, first, second in pairs:
        if name in compiled:
            diff, pair = compiled[name]
            found.append(attrs.evolve(diff, meaning=pair.meaning()))
        else:
            fate = "added" if first is None else "removed"
            found.append(FileDiff(name, (), None, fate, _head(read_file(second or first or Path())[0])))
    return Comparison(tuple(found)), ()


def _head(source: SourceFile) -> Span:
    """The first line of a file."""
    return Span(source, 0, len(source.line(1)))


def _places(old: Program, new: Program) -> dict[str, tuple[Span, Span]]:
    before = {one.name: one.span for one in old.outcomes}
    after = {one.name: one.span for one in new.outcomes}
    return {name: (before.get(name, NOWHERE), after.get(name, NOWHERE)) for name in {**before, **after}}


def _policies(folder: Path) -> dict[str, Path]:
    """The policies of a folder and those below, by their place; amendments are read with what they amend."""
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.pol")):
        inner = path.relative_to(folder)
        hidden = any(part.startswith(".") for part in inner.parts)
        if not hidden and path.is_file() and "." not in path.stem and not _amends(path):
            found[str(inner)] = path
    return found


def _amends(path: Path) -> bool:
    return any(path in paths for paths in amendments_in(path.parent).values())


def _from_others(
    own: tuple[Path | None, Path | None], old: tuple[SourceFile, ...], new: tuple[SourceFile, ...]
) -> Iterable[str]:
    """What changed in other files that a file rests on, each line with the file that it comes from."""
    before, after = (
        {Path(source.name).name: source for source in sources if Path(source.name) != path}
        for path, sources in zip(own, (old, new), strict=True)
    )
    for name, source in after.items():
        known = before.get(name)
        if known is None or known.text == source.text:
            continue
        one, other = read(known)[0], read(source)[0]
        yield from (f"by way of {name}: {line}" for line in changes_of_text(one, other))


def _amended(old: Program, new: Program) -> Iterable[str]:
    """Amendments that only one version has."""
    before = {one.name: one for one in old.instruments[0].amendments}
    after = {one.name: one for one in new.instruments[0].amendments}
    for name, one in after.items():
        since = f", from {one.start}" if one.start is not None else ""
        if name not in before:
            yield f"now changed by {one.kind} {name.replace('_', ' ')}{since}"
        elif before[name] != one:
            yield f"{one.kind} {name.replace('_', ' ')} is another{since}"
    for name, one in before.items():
        if name not in after:
            yield f"no longer changed by {one.kind} {name.replace('_', ' ')}"
