"""`pol show`: print what a policy says."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

import click
from attrs import frozen

from policy_lang.cli.group import DONE, INVALID
from policy_lang.cli.inputs import DateType, today
from policy_lang.cli.output import drawable, print_document, say
from policy_lang.loading import load_policy
from policy_lang.program.core import Program
from policy_lang.program.text_of_day import in_text_of


@click.command("show")
@click.argument("policy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--core", "how", flag_value="core", help="The core form: what each clause comes to, in full.")
@click.option("--plain", "how", flag_value="plain", help="Sentences that a lawyer can sign.")
@click.option(
    "--coverage-of-text", "how", flag_value="coverage", help="What of the text is encoded, and what not."
)
@click.option(
    "--as-of", "as_of", type=DateType(), help="As the text stood on that day; alone, the consolidated text."
)
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    policy: Path, names: tuple[str, ...], how: str | None, as_of: datetime.date | None, kind: str
) -> int:
    """Print what POLICY says: an overview, or one of the other ways to see it.

    NAMEs are clauses, rules or tables; without any, the whole policy is shown.
    """
    if as_of is not None and how is None:
        return _show_consolidated(policy, names, as_of, kind)
    loaded, diagnostics = load_policy(policy)
    say(diagnostics)
    if loaded is None:
        return INVALID
    _known(loaded.program, names)
    if how == "plain":
        shown = _plain(loaded.program, names, as_of)
    else:
        program = loaded.program if as_of is None else in_text_of(loaded.program, as_of)
        shown = _shown(program, names, how)
    if kind == "json":
        print_document(shown.document)
    else:
        click.echo(drawable(shown.text))
    return DONE


@frozen
class _Shown:
    """One way to see a policy: as text, and as data."""

    text: str
    document: object


def _shown(program: Program, names: Sequence[str], how: str | None) -> _Shown:
    from policy_lang.tools import show  # each way is read only when it is asked for

    match how:
        case "core":
            chosen = names or tuple(one.name for one in program.outcomes)
            parts = {name: show.show_core(program, name) for name in chosen}
            return _Shown("\n\n".join(parts.values()), {"policy": program.name, "core": parts})
        case "coverage":
            from policy_lang.tools.coverage_of_text import coverage_of_text

            coverage = coverage_of_text(program, names)
            return _Shown(coverage.text().rstrip("\n"), coverage.document())
        case _:
            overview = show.overview(program, names)
            return _Shown(overview.text().rstrip("\n"), overview.document())


def _plain(program: Program, names: Sequence[str], as_of: datetime.date | None) -> _Shown:
    """The sentences of the whole text; of an amended one, as it stands on a day, by default today."""
    from policy_lang.tools.plain.document import to_plain

    day = as_of
    if program.instruments[0].amendments:
        day = as_of or today()
        plain = to_plain(
            in_text_of(program, day), names, day=day, amendments=program.instruments[0].amendments
        )
    else:
        plain = to_plain(program, names, day=day)
    return _Shown(plain.text().rstrip("\n"), plain.document())


def _known(program: Program, names: Sequence[str]) -> None:
    """Refuses names that the policy does not have."""
    if not names:
        return
    from policy_lang.source.suggest import closest
    from policy_lang.tools.show import known_names

    known = known_names(program)
    for name in names:
        if name not in known:
            near = closest(name, known)
            hint = f" Did you mean `{near}`?" if near is not None else ""
            raise click.UsageError(f"`{program.name}` has no clause, rule or table called `{name}`.{hint}")


def _show_consolidated(path: Path, names: tuple[str, ...], day: datetime.date, kind: str) -> int:
    """Prints the text of one day."""
    from policy_lang.tools.consolidated import consolidated  # the compiler loads when it is asked for

    if names:
        raise click.UsageError("`--as-of` prints the whole text: leave out names.")
    text, diagnostics = consolidated(path, day)
    say(diagnostics)
    if text is None:
        return INVALID
    if kind == "json":
        keys = ("name", "title", "from")
        print_document(
            {
                "policy": text.name,
                "as_of": day.isoformat(),
                "text": text.text,
                "amendments": [dict(zip(keys, one, strict=True)) for one in text.amendments],
                "to_come": [dict(zip(keys, one, strict=True)) for one in text.to_come],
                "changed": [
                    dict(zip(("what", "how", "by", "from"), one, strict=True)) for one in text.changed
                ],
            }
        )
    else:
        click.echo(drawable(text.text), nl=False)
    return DONE
