"""Names of a policy as prose has them: `vehicle.battery_kwh` becomes `the vehicle's battery kwh`."""

from __future__ import annotations

import re

from attrs import define, field

from policy_lang.program.core import Program
from policy_lang.program.types import Enumeration

_NAME = re.compile(r"(?<![\w.])[^\W\d]\w*(?:\.[^\W\d]\w*)*(?!\w)")


@define(eq=False, slots=False)
class Plainly:
    """Puts sentences about a program into plain words; only names of the program are touched."""

    program: Program
    _records: frozenset[str] = field(init=False)
    _names: frozenset[str] = field(init=False)

    def __attrs_post_init__(self) -> None:
        program = self.program
        self._records = frozenset(one.name for one in program.records)
        names = {one.name.rpartition(".")[2].partition("#")[0] for one in program.definitions}
        names.update(one.name for one in program.case_facts)
        names.update(one.name for one in program.assumptions)
        names.update(one.name for one in program.outcomes)
        names.update(one.name for one in program.instruments)
        names.update(name.rpartition(".")[2] for name, _ in program.goods)
        for record in program.records:
            names.add(record.name)
            for one in record.fields:
                names.add(one.name)
                if isinstance(one.type, Enumeration):
                    names.update((*one.type.members, one.type.name or ""))
        self._names = frozenset(names)

    def say(self, sentence: str) -> str:
        """The sentence in plain words, in one line."""
        plain = _NAME.sub(lambda found: self._plain(found[0]), " ".join(sentence.split()))
        return re.sub(r"`([^`]*)`", "“\\1”", plain)

    def _plain(self, written: str) -> str:
        parts = written.split(".")
        if len(parts) > 1 and parts[0] in self._records:
            return "the " + "'s ".join(self._blank(one) for one in parts)
        return ".".join(self._blank(one) for one in parts)

    def _blank(self, name: str) -> str:
        return name.replace("_", " ") if name in self._names else name
