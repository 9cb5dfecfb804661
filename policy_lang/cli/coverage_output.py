"""What `pol test --coverage` prints and writes, and whether it is enough."""

from __future__ import annotations

import json
from pathlib import Path

import click

from policy_lang.cli.group import DONE, NO
from policy_lang.cli.output import drawable, write_whole
from policy_lang.tools.coverage.measure import Coverage, measure
from policy_lang.tools.coverage.to_html import to_html
from policy_lang.tools.coverage.to_json import to_json
from policy_lang.tools.coverage.to_lcov import to_lcov
from policy_lang.tools.coverage.to_text import to_text


def report_coverage(files: list[Path], only: str, kind: str, out: Path | None, least: int | None) -> int:
    """Measures, prints or writes the report, and gives the status: 1 when a policy is below `least` percent.

    A report that is no text for people goes into a file.
    """
    coverages = measure(files, only)
    text = drawable(to_text(coverages)) if coverages else "no policy was measured"
    if out is not None:
        write_whole(out, f"{_document(coverages, kind, text)}\n".encode("utf-8", "backslashreplace"))
    click.echo(text)
    low = [one for one in coverages if least is not None and one.percent < least]
    for one in low:
        click.echo(f"{one.policy}: {one.percent} % is less than {least} %", err=True)
    return NO if low or not coverages else DONE


def _document(coverages: tuple[Coverage, ...], kind: str, text: str) -> str:
    match kind:
        case "json":
            return json.dumps({"coverage": to_json(coverages)}, indent=2, ensure_ascii=True)
        case "lcov":
            return to_lcov(coverages).rstrip("\n")
        case "html":
            return to_html(coverages).rstrip("\n")
    return text
