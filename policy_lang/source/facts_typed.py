"""Facts typed on the command line, as `vehicle.msrp=45000`, and where in what was typed each stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from attrs import frozen

from policy_lang.source.text import SourceFile, Span

Path: TypeAlias = tuple[str | int, ...]


@frozen
class TypedFacts:
    """Settings in the order in which they were typed; each is a line `--set PATH=VALUE` of the source."""

    source: SourceFile
    _values: Mapping[Path, tuple[int, int]]
    _names: Mapping[Path, tuple[int, int]]

    @classmethod
    def of(cls, settings: Iterable[str]) -> TypedFacts:
        """What was typed after each `--set`."""
        text = ""
        values: dict[Path, tuple[int, int]] = {}
        names: dict[Path, tuple[int, int]] = {}
        for setting in settings:
            line = "--set " + setting.replace("\n", " ")
            head, _, value = line.partition("=")
            at = len("--set ")
            steps: Path = ()
            for part in head[at:].split("."):
                steps = (*steps, part.strip())
                names[steps] = (len(text) + at, len(text) + at + len(part.rstrip()))
                at += len(part) + 1
            start = len(text) + len(head) + 1
            values[steps] = (start, start + len(value)) if value else names[steps]
            for n, one in enumerate(re.finditer(r"(?:^|,)([^,]*)", value) if "," in value else ()):
                # Where nothing stands between two commas, the comma is marked.
                values[(*steps, n)] = (start + one.start(bool(one[1])), start + max(one.end(), 1))
            text += line + "\n"
        return cls(SourceFile("<command line>", text), values, names)

    def place(self, path: Sequence[str | int]) -> Span | None:
        """What was set to be the fact at this path, or a group that it lies in; None when none of these was."""
        steps = tuple(path)
        while steps and steps not in self._values:
            steps = steps[:-1]
        return Span(self.source, *self._values[steps]) if steps else None

    def name(self, path: Sequence[str | int]) -> Span | None:
        """The last part of the name of the fact or group at this path; None when it was not typed."""
        steps = tuple(path)
        return Span(self.source, *self._names[steps]) if steps in self._names else None
