"""Reads a file with everything it uses, each once, and finds circles among them."""

from __future__ import annotations

from pathlib import Path

from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.meaning.declarations import Declared, declare
from policy_lang.meaning.instruments import mean
from policy_lang.meaning.names import Meant
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.files import find_instrument, known_instruments, read_file
from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree
from policy_lang.syntax.from_source import read


@define
class Library:
    """The files read so far in one run, by path: each is read, parsed and understood once."""

    declared: dict[Path, Declared] = field(factory=dict)
    meant: dict[Path, Meant] = field(factory=dict)
    sources: dict[Path, SourceFile] = field(factory=dict)
    found: list[Diagnostic] = field(factory=list)

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
            self.declared[key] = declared
            self.sources[key] = source
        return self.declared[key]

    def understand(self, path: Path) -> Meant:
        """What the instrument in this file means, with all that it uses. Without recursion."""
        stack: list[Path] = [path]
        while stack:
            current = stack[-1]
            key = current.resolve()
            declared = self.declare(current)
            waiting = [
                target
                for name in declared.uses
                if (target := self._target(name, current, stack)) is not None
                and target.resolve() not in self.meant
            ]
            if waiting:
                stack.append(waiting[0])
                continue
            uses: dict[Path, Meant] = {}
            for name in declared.uses:
                target = find_instrument(name.text, current.parent)
                if target is not None and target.resolve() in self.meant:
                    uses[target.resolve()] = self.meant[target.resolve()]
            self.meant[key], found = mean(declared, tuple(uses.values()))
            self.found.extend(found)
            stack.pop()
        return self.meant[path.resolve()]

    def policy_of(self, path: Path) -> Path:
        """The file itself, or for a file of scenarios the policy that they are about."""
        name = self.declare(path).scenarios_for
        target = find_instrument(name.text, path.parent) if name is not None else path
        if target is None:
            assert name is not None
            self._say_unknown(name, path)
        return target or path

    def _target(self, name: tree.Name, current: Path, stack: list[Path]) -> Path | None:
        """The file that a `use` names, unless there is none or it leads back; both are reported."""
        target = find_instrument(name.text, current.parent)
        if target is None:
            self._say_unknown(name, current)
            return None
        circle = [p.resolve() for p in stack]
        if target.resolve() in circle:
            names = [p.stem for p in stack[circle.index(target.resolve()) :]]
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
