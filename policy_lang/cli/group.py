"""The verbs, and what is common to all of them: statuses, streams, and no traceback ever."""

from __future__ import annotations

import importlib
import os
import sys

import click

from policy_lang import __version__
from policy_lang.cli.output import drawable

# The same exit status for every verb (a contract: scripts rely on it).
DONE = 0
NO = 1
WRONG_USE = 2
INVALID = 3
UNDETERMINED = 4

_VERBS = {
    "calendar": "Print what falls due, and when answers change.",
    "check": "Find mistakes in policies.",
    "diff": "Say what a change of a policy means.",
    "eval": "Decide a case.",
    "explain": "Print what a diagnostic means.",
    "fmt": "Format policies.",
    "git": "Let git compare and merge policies clause by clause.",
    "memo": "Write a memorandum of a case.",
    "new": "Write a file to start from.",
    "prove": "Look for clashes, gaps and broken promises.",
    "questions": "List what still has to be asked, and of whom.",
    "show": "Print what a policy says.",
    "test": "Run scenarios.",
}


class HelpfulGroup(click.Group):
    """Answers a misspelt command with the nearest one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            from policy_lang.source.suggest import closest  # only a slip needs it

            near = closest(args[0], self.list_commands(ctx))
            if near is not None:
                raise click.UsageError(f"{error.message} Did you mean `{near}`?", ctx) from None
            raise


class _Verbs(HelpfulGroup):
    """Imports the module of a verb only when that verb is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _VERBS:
            return None
        module = importlib.import_module(f"policy_lang.cli.{cmd_name}_verb")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Verbs"):
            formatter.write_dl(list(_VERBS.items()))


@click.group(cls=_Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="pol")
def pol() -> None:
    """Write, test and evaluate trade agreements as policies.

    Exit status: 0 done, nothing to report; 1 the answer is no (problems, a failed scenario, nothing ran);
    2 wrong use of the command; 3 invalid policy or facts; 4 an outcome is undetermined or in
    conflict, or something could not be settled in the time given.
    """


def main() -> None:
    """Runs the command and ends the process with its status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        status = pol.main(prog_name="pol", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.format_message(), err=True)
        status = WRONG_USE
    except click.ClickException as error:
        context = error.ctx if isinstance(error, click.UsageError) else None
        click.UsageError(drawable(error.format_message()), context).show()
        status = WRONG_USE
    except click.Abort:
        status = 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read us has gone
        status = DONE
    except MemoryError:
        click.echo("pol: this needs more memory than there is", err=True)
        status = INVALID
    except Exception as error:
        if os.environ.get("POL_DEBUG"):
            raise
        click.echo(
            f"pol: this is a mistake in pol itself, not in your files: {type(error).__name__}: {error}\n"
            "Please report it, with the files; POL_DEBUG=1 shows where it happened.",
            err=True,
        )
        status = INVALID
    sys.exit(status or DONE)
