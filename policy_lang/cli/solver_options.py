"""The options of the verbs that ask a solver: how long, and up to which length of lists."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import click

Option: TypeAlias = Callable[[Callable[..., Any]], Callable[..., Any]]


def limit_option(default: float, help_: str) -> Option:
    """`--limit SECONDS`."""
    return click.option(
        "--limit",
        type=click.FloatRange(0.1, 3600),
        default=default,
        show_default=True,
        metavar="SECONDS",
        help=help_,
    )


def elements_option(help_: str) -> Option:
    """`--elements NUMBER`; None where it is left to the verb."""
    return click.option("--elements", type=click.IntRange(1, 10), metavar="NUMBER", help=help_)
