"""The whole way from a file to a program: read this first.

source (text) -> syntax (a tree of each file) -> meaning (names, types, every form lowered) -> program (data).
What authors did wrong is gathered on the way and returned; nothing is raised for it.
"""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from policy_lang.meaning.cases import mean_scenarios
from policy_lang.meaning.declarations import Declared
from policy_lang.meaning.load import Library
from policy_lang.meaning.names import Meant
from policy_lang.meaning.programs import assemble
from policy_lang.meaning.properties import mean_properties
from policy_lang.program.core import Program
from policy_lang.program.scenario import Scenario
from policy_lang.source.diagnostic import Diagnostic, has_errors, in_reading_order
from policy_lang.source.text import SourceFile


@frozen
class Compiled:
    """One compiled file: its program (None when something is wrong), its scenarios, and all files it rests on.

    `facts_files` are those that its scenarios take facts from.
    """

    program: Program | None
    scenarios: tuple[Scenario, ...]
    sources: tuple[SourceFile, ...]
    facts_files: tuple[SourceFile, ...] = ()


def compile_file(path: Path, library: Library | None = None) -> tuple[Compiled, tuple[Diagnostic, ...]]:
    """Compiles one file with everything it uses. A library shared between calls reads each file once."""
    library = library if library is not None else Library()
    declared = library.declare(path)
    if declared.is_out:
        library = library.trying(path)
    policy = library.understand(library.policy_of(path))
    stated, misstated = mean_properties(policy.declared, policy)
    if declared is not policy.declared:  # a file of scenarios, or an amendment
        more, also = mean_properties(declared, policy)
        stated, misstated = stated + more, [*misstated, *also]
    program, circles = assemble(policy, stated)
    scenarios, facts_files, misfits = mean_scenarios(declared, policy, program)
    sources = _behind(declared, policy)
    names = {source.name for source in sources}
    found = [d for d in library.found if d.span.file.name in names]  # others may have used the library, too
    diagnostics = in_reading_order([*found, *misstated, *circles, *misfits])
    sound = None if has_errors(diagnostics) else program
    return Compiled(sound, scenarios, sources, facts_files), diagnostics


def _behind(declared: Declared, policy: Meant) -> tuple[SourceFile, ...]:
    """Every file that a compiled file rests on, itself first."""
    found: dict[str, SourceFile] = {declared.source.name: declared.source}
    waiting = [policy]
    while waiting:
        meant = waiting.pop()
        for part in (meant.declared, *meant.amended_by):
            found[part.source.name] = part.source
        waiting.extend(used for used in meant.uses if used.declared.source.name not in found)
    return tuple(found.values())
