"""The program of an amended text as it stands on one day: that text alone, as if it had never read otherwise."""

from __future__ import annotations

import datetime
from pathlib import Path

from policy_lang.meaning.amendments import foreseen
from policy_lang.meaning.declarations import declare
from policy_lang.meaning.instruments import mean
from policy_lang.meaning.load import Library
from policy_lang.meaning.programs import assemble
from policy_lang.program.core import Program


def program_on(path: Path, day: datetime.date) -> Program:
    """The program of a policy without mistakes, in the text of that day; of an amendment, what it amends."""
    library = Library()
    if library.declare(path).is_out:
        library = library.trying(path)
    policy = library.policy_of(path)
    meant = library.understand(policy)
    versions = list(library.versions.get(policy.resolve(), ()))
    if versions:
        texts = zip(versions, foreseen(versions), strict=True)
        begun = [file for version, file in texts if version.start is None or version.start <= day]
        meant, _ = mean(declare(begun[-1])[0], meant.uses)
    return assemble(meant)[0]
