"""`pol fmt`: bring policies into the canonical layout."""

from __future__ import annotations

import os
import stat
import sys
import tempfile
from pathlib import Path

import click
from attrs import frozen

from policy_lang.cli.group import DONE, INVALID, NO
from policy_lang.cli.output import count, policy_files, print_document, say
from policy_lang.source.diagnostic import Diagnostic, has_errors, in_reading_order
from policy_lang.source.text import SourceFile

_STANDARD_INPUT = Path("-")


@frozen
class _Formatted:
    """A file before and after; what could not be read has no text."""

    path: Path
    before: SourceFile
    text: str | None
    problems: tuple[Diagnostic, ...]

    @property
    def changes(self) -> bool:
        """Whether the file is not yet as it should be."""
        return self.text is not None and self.text != self.before.text

    def diff(self) -> str:
        """What would change, as a unified diff."""
        import difflib  # needed only here

        old, new = (text.split("\n")[:-1] for text in (self.before.text + "\n", (self.text or "") + "\n"))
        name = self.before.name
        return "\n".join(difflib.unified_diff(old, new, name, f"{name} (formatted)", lineterm=""))


@click.command("fmt")
@click.argument(
    "paths", nargs=-1, required=True, type=click.Path(exists=True, allow_dash=True, path_type=Path)
)
@click.option("--check", is_flag=True, help="Write nothing; the status is 1 when a file would change.")
@click.option("--diff", is_flag=True, help="Write nothing; print what would change.")
@click.option(
    "--format",
    "kind",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How results are printed.",
)
def command(paths: tuple[Path, ...], check: bool, diff: bool, kind: str) -> int:
    """Format policies in place; `-` formats standard input onto standard output.

    Only blanks and line ends change. A file with a mistake is left alone.
    """
    piped = _STANDARD_INPUT in paths
    if piped and len(paths) > 1:
        raise click.UsageError("`-` stands for standard input, and stands alone")
    results = [_format(path) for path in (paths if piped else policy_files(paths))]
    problems = in_reading_order(problem for result in results for problem in result.problems)
    changed = [result for result in results if result.changes]
    if not (check or diff or piped):
        for result in changed:
            _write(result)
    say(problems)
    if kind == "json":
        print_document(_document(results, diff=diff, piped=piped and not (check or diff)))
    elif diff:
        for result in changed:
            click.echo(result.diff())
    elif piped and not check:
        # As bytes: the text is a policy, which is UTF-8 whatever the terminal can show.
        sys.stdout.buffer.write((results[0].text or "").encode("utf-8"))
    else:
        _print(results, check=check)
    if not results:
        click.echo("no policy files found: nothing was formatted", err=True)
    if has_errors(problems):
        return INVALID
    return NO if not results or (check and changed) else DONE


def _format(path: Path) -> _Formatted:
    from policy_lang.source.files import decode, read_file  # the reader loads when the verb runs
    from policy_lang.syntax.from_source import read
    from policy_lang.syntax.to_source import to_source

    if path == _STANDARD_INPUT:
        source, problem = decode(sys.stdin.buffer.read(), "<standard input>")
    else:
        source, problem = read_file(path)
    if problem is not None:
        return _Formatted(path, source, None, (problem,))
    file, problems = read(source)
    if has_errors(problems):
        return _Formatted(path, source, None, problems)
    text = to_source(file)
    if text == source.text:
        return _Formatted(path, source, text, ())
    again, refused = read(SourceFile(f"{source.name} (formatted)", text))
    if has_errors(refused):  # only the limits of a file can stop it: deeper lines are longer
        return _Formatted(path, source, None, refused)
    # INVARIANT: a formatter that changed what a policy says would be worse than none.
    assert again.items == file.items
    assert [(c.text, c.own_line) for c in again.comments] == [(c.text, c.own_line) for c in file.comments]
    return _Formatted(path, source, text, ())


def _write(result: _Formatted) -> None:
    """Puts the text in place of the file, all of it or nothing; its mode and its line ends stay."""
    assert result.text is not None
    target = result.path.resolve()
    temporary = None
    try:
        old = target.read_bytes()
        new = result.text.replace("\n", "\r\n") if b"\r\n" in old else result.text
        with tempfile.NamedTemporaryFile("wb", dir=target.parent, prefix=".pol-", delete=False) as stream:
            temporary = Path(stream.name)
            stream.write(b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b"")
            stream.write(new.encode("utf-8"))
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(stat.S_IMODE(target.stat().st_mode))
        temporary.replace(target)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise click.FileError(str(result.path), f"cannot be written: {error.strerror or error}") from error


def _print(results: list[_Formatted], *, check: bool) -> None:
    changed = [result for result in results if result.changes]
    verb = "would be formatted" if check else "formatted"
    for result in changed:
        click.echo(f"{verb}: {result.before.name}")
    said = [f"{count(len(changed), 'file')} {verb}"] if changed else []
    unchanged = sum(1 for r in results if r.text is not None) - len(changed)
    said += [f"{count(unchanged, 'file')} left as they are" if unchanged != 1 else "1 file left as it is"]
    refused = sum(1 for r in results if r.text is None)
    said += [f"{count(refused, 'file')} with mistakes"] if refused else []
    if results:
        click.echo(", ".join(said))


def _document(results: list[_Formatted], *, diff: bool, piped: bool) -> dict[str, object]:
    from policy_lang.source.render import to_json  # drawn only here

    return {
        "changed": sum(1 for result in results if result.changes),
        "files": [
            {
                "path": result.before.name,
                "read": result.text is not None,
                "changed": result.changes,
                **({"diff": result.diff()} if diff and result.changes else {}),
                **({"text": result.text} if piped else {}),
            }
            for result in results
        ],
        "problems": to_json(in_reading_order(p for result in results for p in result.problems)),
    }
