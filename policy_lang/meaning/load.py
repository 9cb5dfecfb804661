"""Reads a file with everything it uses and what amends it, each once, and finds circles among them."""

from __future__ import annotations

from pathlib import Path

from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.meaning.amendments import Amendment, Version, amendment_of, foreseen, versions_of
from policy_lang.meaning.consolidation import consolidate
from policy_lang.meaning.declarations import Declared, declare, misplaced
from policy_lang.meaning.instruments import mean
from policy_lang.meaning.names import Meant
from policy_lang.program import core
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.files import amendments_in, find_instrument, known_instruments, read_file
from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree
from policy_lang.syntax.from_source import read


@define
class Library:
    """The files read so far in one run, by path: each is read, parsed and understood once.

    Amendments that lie in the folder of what they change are part of it; those that are drafts, or not in
    force, only where `trials` names them.
    """

    declared: dict[Path, Declared] = field(factory=dict)
    files: dict[Path, tree.File] = field(factory=dict)
    meant: dict[Path, Meant] = field(factory=dict)
    versions: dict[Path, tuple[Version, ...]] = field(factory=dict)
    sources: dict[Path, SourceFile] = field(factory=dict)
    found: list[Diagnostic] = field(factory=list)
    trials: frozenset[Path] = frozenset()
    _folders: dict[Path, dict[str, tuple[Path, ...]]] = field(factory=dict)

    def declare(self, path: Path) -> Declared:
        """What the file declares; what is wrong with its sentences goes to `found`."""
        key = path.resolve()
        if key not in self.declared:
            source, unreadable = read_file(path)
            if unreadable is not None:
                self.found.append(unreadable)
            file, problems_found = read(source)
            declared, more = declare(file)
            if unreadable is not None or any(p.span.file is source for p in problems_found if not file.items):
                declared.lost |= {path.stem}  # whatever it should have been, that was said already
            self.found.extend(problems_found)
            self.found.extend(more)
            self.found.extend(misplaced(declared))
            self.declared[key] = declared
            self.files[key] = file
            self.sources[key] = source
        return self.declared[key]

    def trying(self, path: Path) -> Library:
        """The same files, with one amendment taken in that is a draft, or not in force."""
        return Library(
            self.declared,
            self.files,
            sources=self.sources,
            found=list(self.found),
            trials=frozenset((path.resolve(),)),
        )

    def amending(self, path: Path) -> tuple[Path, ...]:
        """The files that amend the instrument in this file, whether they are in force or not."""
        folder = path.parent
        if folder not in self._folders:
            self._folders[folder] = amendments_in(folder)
        return self._folders[folder].get(path.stem, ())

    def understand(self, path: Path) -> Meant:
        """What the instrument in this file means, with all that it uses. Without recursion."""
        stack: dict[Path, Path] = {path.resolve(): path}
        while stack:
            key, current = next(reversed(stack.items()))
            declared = self.declare(current)
            used = [*declared.uses, *(n for path in self.amending(current) for n in self.declare(path).uses)]
            waiting = [
                target
                for name in used
                if (target := self._target(name, current, stack)) is not None
                and target.resolve() not in self.meant
            ]
            if waiting:
                stack[waiting[0].resolve()] = waiting[0]
                continue
            uses: dict[Path, Meant] = {}
            for name in used:
                target = find_instrument(name.text, current.parent)
                if target is not None and target.resolve() in self.meant and target != current:
                    uses[target.resolve()] = self.meant[target.resolve()]
                    self._check_name(name, target)
            self.meant[key] = self._mean(current, declared, tuple(uses.values()))
            del stack[key]
        return self.meant[path.resolve()]

    def _mean(self, path: Path, declared: Declared, uses: tuple[Meant, ...]) -> Meant:
        """What one file means, on every date, with the amendments to it."""
        if declared.header is not None and declared.header.changes_another:
            return Meant(declared, core.Instrument(declared.name, "law"), uses=uses)  # nothing to change
        amendments = self._amendments(path)
        if not amendments:
            meant, found = mean(declared, uses)
            self.found.extend(found)
            return meant
        versions, found = versions_of(self.files[path.resolve()], amendments)
        self.versions[path.resolve()] = tuple(versions)
        meanings: list[Meant] = []
        for file in foreseen(versions):
            text, said = declare(file)
            meant, more = mean(text, uses)
            meanings.append(meant)
            found.extend(d for d in (*said, *more) if d not in found)
        merged, more = consolidate(versions, meanings, amendments)
        merged.declared = declared
        merged.amended_by = tuple(self.declare(path) for path in self.amending(path))
        self.found.extend(d for d in (*found, *more) if d not in self.found)
        return merged

    def _amendments(self, path: Path) -> list[Amendment]:
        """The amendments to one file that are in force on some day, or are being tried."""
        found: list[Amendment] = []
        for amending in self.amending(path):
            declared, file = self.declare(amending), self.files[amending.resolve()]
            if declared.header is None or declared.header.target is None:
                continue
            amendment, said = amendment_of(file, declared.header, on_trial=amending.resolve() in self.trials)
            self.found.extend(d for d in said if d not in self.found)
            if amendment is not None:
                found.append(amendment)
        return found

    def policy_of(self, path: Path) -> Path:
        """The file itself; for a file of scenarios, or an amendment, the policy that they are about.

        Scenarios about an amendment are about what it amends.
        """
        for _ in range(2):
            declared = self.declare(path)
            name = declared.scenarios_for
            if name is None and declared.header is not None:
                name = declared.header.target
            if name is None:
                return path
            target = find_instrument(name.text, path.parent)
            if target is None:
                self._say_unknown(name, path)
                return path
            if declared.header is not None and path.resolve() not in map(Path.resolve, self.amending(target)):
                self._say_once(
                    problems.WRONG_USE.at(
                        name.span,
                        f"`{name.text}` does not lie in the folder of this amendment",
                        label="cannot be amended from here",
                        help="put the amendment beside what it amends",
                    )
                )
                return path
            path = target
        return path

    def _target(self, name: tree.Name, current: Path, stack: dict[Path, Path]) -> Path | None:
        """The file that a `use` names, unless there is none or it leads back; both are reported."""
        target = find_instrument(name.text, current.parent)
        if target is None:
            self._say_unknown(name, current)
            return None
        header = self.declare(target).header
        if header is not None and header.target is not None:
            self._say_once(
                problems.WRONG_USE.at(
                    name.span,
                    f"`{name.text}` is an amendment, which is a part of what it amends",
                    label="an amendment",
                    help=f"write `use {header.target.text}`",
                )
            )
            return None
        if target.resolve() in stack:
            first = list(stack).index(target.resolve())
            names = [p.stem for p in list(stack.values())[first:]]
            self._say_once(
                problems.CIRCULAR_USE.at(
                    name.span,
                    f"`{name.text}` is used by what it uses: {' -> '.join([*names, name.text])}",
                    label="goes round in a circle",
                    help="move what both need into a third file",
                )
            )
            return None
        return target

    def _check_name(self, name: tree.Name, target: Path) -> None:
        header = self.declared[target.resolve()].header
        if header is not None and header.name.text != name.text:
            self._say_once(
                problems.MISNAMED_FILE.at(
                    name.span,
                    f"the file `{target.name}` holds `{header.name.text}`, not `{name.text}`",
                    label="found by the name of its file",
                    help=f"call the file `{header.name.text}.pol`, or the instrument `{name.text}`",
                    related=[(header.name.span, "the instrument in that file")],
                )
            )

    def _say_unknown(self, name: tree.Name, current: Path) -> None:
        self._say_once(
            problems.unknown(
                problems.UNKNOWN_INSTRUMENT,
                name.span,
                name.text,
                known_instruments(current.parent),
                what="there is no instrument",
            )
        )
        self.declared[current.resolve()].lost |= _Everything()

    def _say_once(self, diagnostic: Diagnostic) -> None:
        if diagnostic not in self.found:
            self.found.append(diagnostic)


class _Everything(frozenset[str]):
    """Excuses every unknown name: a file in use is missing, so anything may have come from it."""

    def __contains__(self, _: object) -> bool:
        return True

    def __ror__(self, _: object) -> _Everything:
        return self

    def __or__(self, _: object) -> _Everything:
        return self
