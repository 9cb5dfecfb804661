"""`pol show`: print what a policy says."""

from __future__ import annotations

import datetime
from pathlib import Path

import click

from policy_lang.cli.group import DONE, INVALID
from policy_lang.cli.inputs import DateType
from policy_lang.cli.output import drawable, print_document, say
from policy_lang.loading import load_policy


@click.command("show")
@click.argument("policy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--core", is_flag=True, help="The core form: what each clause is sugar for.")
@click.option("--as-of", "as_of", type=DateType(), help="The consolidated text as it stood on that day.")
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(policy: Path, names: tuple[str, ...], core: bool, as_of: datetime.date | None, kind: str) -> int:
    """Print what POLICY says: its outcomes, or with --core the form that is really evaluated.

    NAMEs are clauses, rules or tables; without any, all outcomes are shown.
    """
    if as_of is not None:
        return _show_consolidated(policy, names, as_of, core, kind)
    loaded, diagnostics = load_policy(policy)
    say(diagnostics)
    if loaded is None:
        return INVALID
    from policy_lang.source.suggest import closest  # only when something is asked by name
    from policy_lang.tools.show import known_names, show_core, show_list

    known = known_names(loaded.program)
    for name in names:
        if name not in known:
            near = closest(name, known)
            hint = f" Did you mean `{near}`?" if near is not None else ""
            raise click.UsageError(f"`{loaded.name}` has no clause, rule or table called `{name}`.{hint}")
    chosen = names or tuple(loaded.names)
    parts = {name: (show_core if core else show_list)(loaded.program, name) for name in chosen}
    if kind == "json":
        print_document({"policy": loaded.name, "core" if core else "outcomes": parts})
    else:
        click.echo(drawable(("\n\n" if core else "\n").join(parts.values())))
    return DONE


def _show_consolidated(path: Path, names: tuple[str, ...], day: datetime.date, core: bool, kind: str) -> int:
    """Prints the text of one day."""
    from policy_lang.tools.consolidated import consolidated  # the compiler loads when it is asked for

    if names or core:
        raise click.UsageError("`--as-of` prints the whole text: leave out names and `--core`.")
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
