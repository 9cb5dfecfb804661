"""Counterexamples as failing scenarios, added to the scenarios of a policy whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from attrs import frozen

from policy_lang.meaning.declarations import declare
from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.policy import Policy
from policy_lang.program.core import Program
from policy_lang.program.given_lines import CannotBeGiven, given_lines
from policy_lang.source.diagnostic import Diagnostic, has_errors
from policy_lang.source.text import SourceFile
from policy_lang.syntax.from_source import read
from policy_lang.syntax.to_source import to_source
from policy_lang.tools.prove.remarks import Remark
from policy_lang.tools.run_scenarios import run_scenario


@frozen
class Saved:
    """What a file of scenarios should read, which scenarios are new in it, and what could not be put as one.

    With `problems`, nothing may be written: the scenarios cannot stand in that file.
    """

    text: str
    labels: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    problems: tuple[Diagnostic, ...] = ()


def with_counterexamples(
    program: Program, remarks: Sequence[Remark], path: Path, before: str | None
) -> Saved:
    """A file of scenarios with a failing one for each example; `before` is what it reads now, if it is there.

    What stands in it stays as it is. An example that it has already is not added again.
    """
    known = before if before is not None else f"scenarios for {program.name}\n"
    added: list[str] = []
    labels: list[str] = []
    left_out: list[str] = []
    for one in remarks:
        expected = _expected(one)
        if expected is None or one.facts is None or one.as_of is None:
            continue
        try:
            written = _scenario(program, one, expected, known + "".join(added))
        except CannotBeGiven as reason:
            left_out.append(f"{one.about}: no scenario can give {reason}")
            continue
        if written is not None:
            added.append("\n" + _formatted(written[1]))
            labels.append(written[0])
    if not added:
        return Saved(known, left_out=tuple(left_out))
    text = known.rstrip("\n") + "\n" + "".join(added)
    problems = _problems(path, text, labels)
    return Saved(text, tuple(labels), tuple(left_out), problems)


def _expected(one: Remark) -> str | None:
    """What the scenario expects: the property, or an answer that its author has to fill in."""
    if one.kind == "broken property":
        return f'expect property "{one.stated}"'
    if one.outcome and one.kind in ("conflict", "overlap in time", "no answer", "gap in time"):
        return f"expect {one.outcome} ?"
    return None


def _scenario(program: Program, one: Remark, expected: str, known: str) -> tuple[str, str] | None:
    """The label and the text of one scenario, with the facts that it is compared with; None where it is there."""
    assert one.facts is not None
    assert one.as_of is not None
    lines = [f"    as of {one.as_of}", *given_lines(program, one.facts)]
    blocks = ""
    if one.other is not None:
        name = _free("other_case", known, r"^facts {}\b")
        blocks = "\n".join([f"facts {name}", *given_lines(program, one.other)]) + "\n\n"
        expected += f" compared with {name}"
    what = one.stated or f"{one.about}, {one.kind}"
    body = "\n".join([*lines, f"    {expected}"])
    if _same_there(_formatted(f'scenario "x"\n{body}\n'), known):
        return None
    label = _free(f"{what}: a case that breaks it" if one.stated else f"{what}: an example", known, '"{}"')
    return label, f'{blocks}scenario "{label}"\n{body}\n'


def _same_there(text: str, known: str) -> bool:
    """Whether a scenario of the same case is there, whatever it is called."""
    body = re.sub(r"compared with \w+", "compared with", text.partition("\n")[2]).strip()
    return body in re.sub(r"compared with \w+", "compared with", known)


def _free(wanted: str, known: str, pattern: str) -> str:
    """The name, with a number where it is taken."""
    name, number = wanted, 1
    while re.search(pattern.format(re.escape(name)), known, re.MULTILINE):
        number += 1
        name = f"{wanted}_{number}" if re.fullmatch(r"\w+", wanted) else f"{wanted} ({number})"
    return name


def _formatted(text: str) -> str:
    file, problems = read(SourceFile("", text))
    assert not problems, [one.message for one in problems]
    return to_source(file)


def _problems(path: Path, text: str, labels: Sequence[str]) -> tuple[Diagnostic, ...]:
    """What is wrong with the file as it would be; every new scenario in it really fails."""
    library = Library()
    source = SourceFile(str(path), text)
    file, said = read(source)
    declared, more = declare(file)
    key = path.resolve()
    library.declared[key], library.files[key], library.sources[key] = declared, file, source
    library.found.extend([*said, *more])
    compiled, found = compile_file(path, library)
    if has_errors(found) or compiled.program is None:
        return tuple(one for one in found if one.severity == "error")
    policy = Policy(compiled.program)
    for scenario in compiled.scenarios:
        if scenario.label in labels:
            assert not run_scenario(policy, scenario).passed, scenario.label
    return ()
