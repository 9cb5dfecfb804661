"""The whole way from a file to a program: read this first.

source (text) -> syntax (a tree of each file) -> meaning (names, types, every form lowered) -> program (data).
What authors did wrong is gathered on the way and returned; nothing is raised for it.
"""

from __future__ import annotations

from pathlib import Path

from attrs import frozen

from policy_lang.meaning.load import Library
from policy_lang.meaning.programs import assemble
from policy_lang.meaning.scenarios import mean_scenarios
from policy_lang.program.core import Program
from policy_lang.program.scenario import Scenario
from policy_lang.source.diagnostic import Diagnostic, has_errors, in_reading_order
from policy_lang.source.files import find_instrument
from policy_lang.source.text import SourceFile


@frozen
class Compiled:
    """One compiled file: its program (None when something is wrong), its scenarios, and all files it rests on."""

    program: Program | None
    scenarios: tuple[Scenario, ...]
    sources: tuple[SourceFile, ...]


def compile_file(path: Path, library: Library | None = None) -> tuple[Compiled, tuple[Diagnostic, ...]]:
    """Compiles one file with everything it uses. A library shared between calls reads each file once."""
    library = library if library is not None else Library()
    declared = library.declare(path)
    policy = library.understand(_policy_of(path, library))
    program, circles = assemble(policy)
    scenarios, misfits = mean_scenarios(declared, policy, program)
    diagnostics = in_reading_order([*library.found, *circles, *misfits])
    compiled = Compiled(
        None if has_errors(diagnostics) else program, scenarios, tuple(library.sources.values())
    )
    return compiled, diagnostics


def _policy_of(path: Path, library: Library) -> Path:
    """The file itself, or for a file of scenarios the policy that they are about."""
    target = library.declare(path).scenarios_for
    if target is None:
        return path
    return find_instrument(target.text, path.parent) or path
