"""`pol explain`: the page of a diagnostic, without a network."""

from __future__ import annotations

import click

from policy_lang.cli.group import DONE
from policy_lang.cli.output import print_document


@click.command("explain")
@click.argument("code", required=False)
@click.option("--format", "kind", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(code: str | None, kind: str) -> int:
    """Print what the diagnostic CODE means, with an example and how it is mended.

    Without CODE, list every diagnostic.
    """
    from policy_lang.tools.document import page_names, read_page, said_of, to_text  # the compiler is in it

    names = page_names()
    if code is None:
        titles = {name: read_page(name).title for name in names}
        if kind == "json":
            print_document({"codes": titles})
        else:
            width = max(map(len, names))
            click.echo("\n".join(f"{name:<{width}}  {title}" for name, title in titles.items()))
        return DONE
    if code not in names:
        from policy_lang.source.suggest import closest  # only a slip needs it

        near = closest(code, names)
        hint = f"Did you mean `{near}`?" if near is not None else "`pol explain` lists them all."
        raise click.UsageError(f"there is no diagnostic `{code}`. {hint}")
    page = read_page(code)
    if kind == "text":
        click.echo(to_text(page))
        return DONE
    from policy_lang.source.render import to_json  # drawn only here

    print_document(
        {
            "code": page.code,
            "title": page.title,
            "meaning": page.meaning,
            "example": {block.name: block.shown for block in page.example},
            "problems": to_json(said_of(page.example)),
            "mended": {block.name: block.shown for block in page.mended},
        }
    )
    return DONE
