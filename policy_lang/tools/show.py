"""What a policy says, item by item: a line for each outcome, or the core form of anything it defines."""

from __future__ import annotations

from policy_lang.program.core import Program
from policy_lang.program.promises import promise_words
from policy_lang.program.to_text import to_core_text


def known_names(program: Program) -> list[str]:
    """What can be shown: the outcomes, then the rules and tables of the policy itself."""
    own = [
        definition.name.partition(".")[2]
        for definition in program.definitions
        if definition.instrument == program.name and "#" not in definition.name
    ]
    return list(dict.fromkeys([*(outcome.name for outcome in program.outcomes), *own]))


def show_core(program: Program, name: str) -> str:
    """The core form of one clause, rule or table."""
    return to_core_text(program, name)


def show_list(program: Program, name: str) -> str:
    """One line: the family, what it is about, how firmly it binds, what it is called and where it stands."""
    outcome = next((o for o in program.outcomes if o.name == name), None)
    if outcome is None:
        definition = next(d for d in program.definitions if d.name == f"{program.name}.{name}")
        about = f"about {definition.subject}" if definition.subject else "about the instrument"
        return f"{name}: part of a rule, {about}; {definition.label}{_cited(definition.cites)}"
    about = f"about {outcome.subject}" if outcome.subject else "about the instrument"
    force = f", {outcome.force}" if outcome.force else ""
    promised = "".join(f"; {one}" for one in promise_words(program, name))
    return f"{name}: {outcome.family}, {about}{force}; {outcome.label}{_cited(outcome.cites)}{promised}"


def _cited(cites: tuple[str, ...]) -> str:
    return "".join(f" [{cite}]" for cite in cites)
