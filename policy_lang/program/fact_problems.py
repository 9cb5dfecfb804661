"""What can be wrong with facts, and where in them it stands."""

from __future__ import annotations

from typing import TypeAlias

from attrs import frozen

from policy_lang.program.fact_values import Mistake, shown
from policy_lang.source.suggest import closest

Step: TypeAlias = str | int


@frozen
class FactProblem:
    """One problem in the facts: where it stands, what is wrong, and how to mend it.

    `path` leads there by names and by places in lists, counted from 0.
    """

    path: tuple[Step, ...]
    code: str
    message: str
    help: str = ""

    @property
    def place(self) -> str:
        """The path as people write it: `vehicle.chains[0].value`."""
        words = ""
        for step in self.path:
            words += f"[{step}]" if isinstance(step, int) else f".{step}" if words else step
        return words


def unknown_key(key: object, what: str, names: list[str]) -> Mistake:
    """That facts have no such name, with the one that was meant."""
    near = closest(key, names) if isinstance(key, str) else None
    hint = f"did you mean `{near}`?" if near is not None else ""
    if not hint and 0 < len(names) <= 12:
        hint = "there is " + ", ".join(f"`{name}`" for name in names)
    return Mistake("unknown-fact", f"{shown(key)} is no {what}", hint)
