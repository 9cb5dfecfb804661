"""`pol memo`: a memorandum of one case, to be read and signed."""

from __future__ import annotations

import datetime
import hashlib
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from policy_lang import __version__
from policy_lang.cli.group import DONE, INVALID, UNDETERMINED
from policy_lang.cli.inputs import (
    AS_OF,
    ASSUME,
    OUT,
    SET,
    facts_option,
    read_assumptions,
    read_facts_files,
    set_facts,
    today,
)
from policy_lang.cli.output import (
    check_target,
    drawable,
    invalid,
    need_package,
    print_bytes,
    say,
    write_whole,
)
from policy_lang.program.core import Plain
from policy_lang.program.fact_diagnostics import to_diagnostics

if TYPE_CHECKING:
    from policy_lang.policy import Policy
    from policy_lang.source.facts_file import FactsFile
    from policy_lang.source.text import SourceFile
    from policy_lang.tools.memo.content import Memo


@click.command("memo")
@click.argument("policy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@facts_option("Facts as JSON, YAML or TOML, or a filled list of questions; `-`: standard input.")
@SET
@click.option(
    "--for",
    "--outcome",
    "outcomes",
    multiple=True,
    metavar="OUTCOME",
    help="Answer this outcome only (may be repeated).",
)
@AS_OF
@ASSUME
@click.option(
    "--format",
    "kind",
    type=click.Choice(["markdown", "docx"]),
    help="How it is written; by default as the name of --out ends, else as Markdown.",
)
@OUT
def command(
    policy: Path,
    files: tuple[str, ...],
    settings: tuple[str, ...],
    outcomes: tuple[str, ...],
    as_of: datetime.date | None,
    assumed: tuple[str, ...],
    kind: str | None,
    out: Path | None,
) -> int:
    """Write a memorandum of a case: question, short answer, reasons, sources, and what it does not cover.

    It names every file that it rests on by its SHA-256, and the command that makes it again.
    """
    kind = kind or ("docx" if out is not None and out.suffix.lower() == ".docx" else "markdown")
    check_target(out)
    if kind == "docx":
        need_package("docx", "python-docx", "--format docx")
    from policy_lang.pipeline import compile_file  # the stamp names every file, so none is taken from a cache
    from policy_lang.policy import InvalidFacts, InvalidQuestion, Policy

    compiled, diagnostics = compile_file(policy)
    if compiled.program is None:
        return invalid(kind, diagnostics)
    say(diagnostics)
    loaded = Policy(compiled.program)
    facts, read, problems = read_facts_files(files)
    typed = set_facts(facts, settings, loaded.events)
    if problems:
        return invalid(kind, problems)
    day = as_of or today()
    assume = cast("dict[str, Plain]", read_assumptions(assumed))
    words = _repeating(policy, files, settings, outcomes, day, assumed, kind)
    stamp = _stamp(compiled.sources, read, settings, assumed, day, words)
    try:
        made, states = _made(loaded, facts, day, assume, outcomes, stamp)
    except InvalidFacts as wrong:
        return invalid(kind, to_diagnostics(wrong.problems, read, typed))
    except InvalidQuestion as question:
        raise click.UsageError(str(question)) from None
    _write(made, kind, out)
    if "error" in states:
        return INVALID
    return UNDETERMINED if states & {"undetermined", "conflict"} else DONE


def _made(
    policy: Policy,
    facts: dict[str, object],
    day: datetime.date,
    assume: dict[str, Plain],
    outcomes: tuple[str, ...],
    stamp: Sequence[tuple[str, str]],
) -> tuple[Memo, set[str]]:
    """The memorandum, and the states of the outcomes in it."""
    from policy_lang.tools.explain import answer
    from policy_lang.tools.memo.content import memo
    from policy_lang.tools.questions.ask import ask
    from policy_lang.tools.sensitivity import sensitivity

    decision = policy.evaluate(facts, day, assume, outcomes or None)
    readings = sensitivity(policy, facts, day, assume, outcomes or None, words=answer)
    return memo(decision, readings, ask(decision, facts), stamp), set(decision.states.values())


def _write(made: Memo, kind: str, out: Path | None) -> None:
    if kind == "docx":
        from policy_lang.tools.memo.to_docx import to_docx

        data = to_docx(made)
    else:
        from policy_lang.tools.memo.to_markdown import to_markdown

        data = drawable(to_markdown(made)).encode()
    if out is not None:
        write_whole(out, data)
    elif kind == "docx":
        print_bytes(data, "a Word document")
    else:
        click.echo(data.decode(), nl=False)


# ------------------------------------------------------------------------------ the stamp


def _repeating(
    policy: Path,
    files: Sequence[str],
    settings: Sequence[str],
    outcomes: Sequence[str],
    day: datetime.date,
    assumed: Sequence[str],
    kind: str,
) -> str:
    """The command that makes the same memorandum again, whatever day it is then."""
    words = ["pol", "memo", policy.as_posix()]
    for option, values in (
        ("--facts", files),
        ("--set", settings),
        ("--for", outcomes),
        ("--assume", assumed),
    ):
        words += [word for value in values for word in (option, value)]
    return shlex.join([*words, "--as-of", day.isoformat(), "--format", kind])


def _stamp(
    sources: Sequence[SourceFile],
    read: Sequence[FactsFile],
    settings: Sequence[str],
    assumed: Sequence[str],
    day: datetime.date,
    words: str,
) -> list[tuple[str, str]]:
    """What this was made from: every file by its digest, and everything else that was said."""
    return [
        ("As of", day.isoformat()),
        ("Tool", f"policy-lang {__version__}"),
        *((f"Policy {name}", f"SHA-256 {digest}") for name, digest in _digests(sources)),
        *((f"Facts {one.source.name}", f"SHA-256 {one.digest}") for one in read),
        *(("Facts besides", one) for one in settings),
        *(("Assumed differently", one) for one in assumed),
        ("Made again by", words),
    ]


def _digests(sources: Sequence[SourceFile]) -> Iterator[tuple[str, str]]:
    """The files of the policy with their SHA-256; those that come with the tool by their names alone."""
    own = Path(__file__).parent.parent
    for source in sources:
        path = Path(source.name)
        name = path.name if path.is_absolute() and path.is_relative_to(own) else path.as_posix()
        yield name, hashlib.sha256(path.read_bytes()).hexdigest()
