"""`pol calendar`: what falls due, and every date on which some answer can change."""

from __future__ import annotations

import datetime
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from policy_lang.cli.group import DONE, INVALID, NO
from policy_lang.cli.inputs import ASSUME, OUT, DateType, read_assumptions, read_facts_files, today
from policy_lang.cli.output import (
    MOST_DRAWN,
    check_target,
    count,
    drawable,
    need_package,
    policy_files,
    print_document,
    say,
    write_whole,
)
from policy_lang.source.diagnostic import Diagnostic, has_errors, in_reading_order

if TYPE_CHECKING:
    from policy_lang.policy import Policy
    from policy_lang.program.calendar_entry import Answer, Calendar, Entry, Remark
    from policy_lang.program.core import Plain
    from policy_lang.source.facts_file import FactsFile

_YEARS = 3
_MOST_YEARS = 200


@click.command("calendar")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--from", "start", type=DateType(), help="The first day; by default today.")
@click.option(
    "--until", "end", type=DateType(), help=f"The last day; by default {_YEARS} years after the first."
)
@click.option(
    "--facts",
    "names",
    multiple=True,
    metavar="FILE",
    help="Facts as JSON, YAML or TOML; `-`: standard input. Each policy takes what it knows.",
)
@ASSUME
@click.option(
    "--format", "kind", type=click.Choice(["text", "json", "ics"]), default="text", show_default=True
)
@OUT
def command(
    paths: tuple[Path, ...],
    start: datetime.date | None,
    end: datetime.date | None,
    names: tuple[str, ...],
    assumed: tuple[str, ...],
    kind: str,
    out: Path | None,
) -> int:
    """Print what falls due, and every date on which some answer can change.

    Dates are never moved for a weekend; the calendar says when a day is one. One file with a mistake gives no
    calendar at all: a date might be missing from it.
    """
    first = start or today()
    last = end or _years_after(first, _YEARS)
    if last < first:
        raise click.UsageError(f"the last day, {last}, comes before the first, {first}")
    if last > _years_after(first, _MOST_YEARS):
        raise click.UsageError(f"a calendar covers at most {_MOST_YEARS} years")
    check_target(out)
    if kind == "ics":
        need_package("icalendar", "icalendar", "--format ics")
    policies, diagnostics = _load(paths)
    say(diagnostics)
    if has_errors(diagnostics):
        return _invalid(kind, diagnostics, out)
    if not policies:
        click.echo("no policy files found: there is no calendar", err=True)
        return NO
    facts, read, problems = read_facts_files(names)
    if not problems:
        calendar, problems = _calendar(policies, facts, read, read_assumptions(assumed), first, last)
        if calendar is not None:
            _print(calendar, policies, first, last, start is None, kind, out)
            return DONE
    say(problems, most=MOST_DRAWN)
    return _invalid(kind, problems, out)


def _years_after(day: datetime.date, years: int) -> datetime.date:
    from policy_lang.program.dates import LAST, DateOutOfRangeError, add_period

    try:
        return add_period(day, (years, 0, 0), "down")
    except DateOutOfRangeError:
        return LAST


def _load(paths: tuple[Path, ...]) -> tuple[list[tuple[Policy, dict[str, str]]], tuple[Diagnostic, ...]]:
    """Each policy once, with the path of every instrument behind it; a file of scenarios stands for its policy."""
    from policy_lang.meaning.load import Library  # the compiler loads when its verb runs
    from policy_lang.pipeline import compile_file
    from policy_lang.policy import Policy

    library = Library()
    found: list[Diagnostic] = []
    policies: dict[tuple[str, str], tuple[Policy, dict[str, str]]] = {}
    for path in policy_files(paths):
        compiled, diagnostics = compile_file(path, library)
        found.extend(diagnostics)
        if compiled.program is None:
            continue
        files = {Path(source.name).stem: source.name for source in compiled.sources}
        key = (compiled.program.name, files.get(compiled.program.name, str(path)))
        if key not in policies:
            files.setdefault(compiled.program.name, str(path))
            policies[key] = (Policy(compiled.program), files)
    return list(policies.values()), in_reading_order(found)


def _calendar(
    policies: list[tuple[Policy, dict[str, str]]],
    facts: dict[str, object],
    read: list[FactsFile],
    assumed: dict[str, object],
    first: datetime.date,
    last: datetime.date,
) -> tuple[Calendar | None, list[Diagnostic]]:
    """The calendar of all policies together, or what is wrong with the facts."""
    from policy_lang.policy import InvalidFacts, InvalidQuestion
    from policy_lang.program.calendar_entry import merged
    from policy_lang.program.fact_diagnostics import to_diagnostics  # only facts with problems need it
    from policy_lang.tools.calendar import calendar_of

    told = {key for policy, _ in policies for key in facts if _knows(policy, key)}
    stray = {key: value for key, value in facts.items() if key not in told}
    unknown = [name for name in assumed if not any(name in policy.assumptions for policy, _ in policies)]
    calendars: list[Calendar] = []
    problems: list[Diagnostic] = []
    for n, (policy, files) in enumerate(policies):
        # What no policy knows is put to the first, which then says what is wrong with it.
        own = {key: value for key, value in facts.items() if _knows(policy, key)} | (stray if n == 0 else {})
        settings = {key: value for key, value in assumed.items() if key in policy.assumptions}
        if n == 0:
            settings |= {key: assumed[key] for key in unknown}
        try:
            calendars.append(calendar_of(policy, files, first, last, own, cast("dict[str, Plain]", settings)))
        except InvalidFacts as invalid:
            problems.extend(to_diagnostics(invalid.problems, read))
        except InvalidQuestion as question:
            raise click.UsageError(str(question)) from None
    return (None, problems) if problems else (merged(calendars), [])


def _knows(policy: Policy, key: str) -> bool:
    tables = policy.tables
    names = {record.name for record in tables.records} | {fact.name for fact in tables.case_facts}
    return key in names | {name.partition(".")[0] for name in names} or key == "territories"


def _invalid(kind: str, diagnostics: tuple[Diagnostic, ...] | list[Diagnostic], out: Path | None) -> int:
    if kind == "json" and out is None:
        from policy_lang.source.render import to_json  # drawn only here

        print_document({"problems": to_json(diagnostics)})
    return INVALID


# ------------------------------------------------------------------------------ how it is printed


def _print(
    calendar: Calendar,
    policies: list[tuple[Policy, dict[str, str]]],
    first: datetime.date,
    last: datetime.date,
    is_today: bool,
    kind: str,
    out: Path | None,
) -> None:
    if kind == "ics":
        from policy_lang.tools.to_icalendar import to_icalendar

        details = {entry.uid: "\n".join(_details(entry)) for entry in calendar.entries}
        data: bytes = to_icalendar(calendar.entries, details)
    elif kind == "json":
        document = {
            "from": first.isoformat(),
            "until": last.isoformat(),
            "policies": [
                {
                    "policy": policy.name,
                    "file": files[policy.name],
                    "verified": str(policy.tables.verified) if policy.tables.verified else None,
                }
                for policy, files in policies
            ],
            "entries": [entry.to_json() for entry in calendar.entries],
            "undated": [remark.to_json() for remark in calendar.remarks],
        }
        data = (json.dumps(document, indent=2, ensure_ascii=True) + "\n").encode()
    else:
        text = _text(calendar, policies, first, last, is_today)
        data = (drawable(text) + "\n").encode()
    if out is not None:
        write_whole(out, data)
    elif kind == "ics":
        sys.stdout.buffer.write(data)  # its line ends are part of the format
    else:
        click.echo(data.decode(), nl=False)


def _text(
    calendar: Calendar,
    policies: list[tuple[Policy, dict[str, str]]],
    first: datetime.date,
    last: datetime.date,
    is_today: bool,
) -> str:
    lines = [f"calendar from {first}{' (today)' if is_today else ''} until {last}"]
    for policy, files in policies:
        instrument = policy.program.instruments[0]
        against = f" against {instrument.verified_against}" if instrument.verified_against else ""
        verified = (
            f"text verified on {instrument.verified}{against}" if instrument.verified else "text not verified"
        )
        lines.append(f"{files[policy.name]}: {verified}")
    for entry in calendar.entries:
        lines += ["", f"{entry.day} {entry.weekday}: {_headline(entry)}"]
        lines += [f"    {line}" for line in _details(entry)]
    if not calendar.entries:
        lines += ["", "nothing falls due, and no answer changes"]
    if calendar.remarks:
        lines += ["", "without a date in this calendar:"]
        lines += [f"    {_remark(remark)}" for remark in calendar.remarks]
    dues = sum(1 for entry in calendar.entries if entry.kind == "due")
    others = len(calendar.entries) - dues
    lines += ["", f"{count(dues, 'due date')}, {count(others, 'other date')}"]
    return "\n".join(lines)


def _headline(entry: Entry) -> str:
    return f"due: {entry.text}" if entry.kind == "due" else entry.text


def _details(entry: Entry) -> list[str]:
    """The lines below the first: what the date rests on, and where it comes from."""
    lines: list[str] = []
    due = entry.due
    if due is not None:
        lines.append(f"{due.timing}; {due.force}")
        if due.counted_back_from is not None:
            what = "for it to arrive" if due.on_receipt else "to act"
            lines.append(f"this is the latest day {what}, counted back from {due.counted_back_from}")
        if entry.is_weekend:
            lines.append(f"falls on a {entry.weekday}; the date is not moved")
        if due.done_on is not None:
            lines.append(f"done on {due.done_on}{'' if due.done_on <= entry.day else ', late'}")
        elif due.done is None:
            lines.append("whether it was done is not stated")
        else:
            lines.append("not done, as far as the facts tell")
    if set(entry.by) != {"as_of"}:
        lines.append(f"goes by {' or '.join(_goes_by(entry, path) for path in entry.by)}")
    lines += [f"{_plain(one.name)}: {one.before}; from this day {one.after}" for one in _told(entry)]
    told = {entry.name, *(one.name for one in _told(entry))}
    others = [_plain(name) for name in entry.affects if name not in told]
    if others:
        shown = ", ".join(others[:6]) + (f" and {len(others) - 6} more" if len(others) > 6 else "")
        lines.append(f"bears on {shown}")
    if entry.rests_on:
        lines.append(f"rests on what is assumed or determined: {', '.join(entry.rests_on)}")
    cites = "".join(f" [{cite}]" for cite in dict.fromkeys(entry.cites))
    lines.append(f"{entry.instrument_title}, {entry.file}:{entry.line}{cites}")
    return lines


def _told(entry: Entry) -> list[Answer]:
    """The answers worth a line: those that are decided, where the first line does not say them."""
    if entry.kind not in ("change", "in force", "ended"):
        return []
    return [
        one
        for one in entry.answers
        if "undetermined" not in (one.before, one.after) and one.name != entry.name
    ]


def _goes_by(entry: Entry, path: str) -> str:
    if path == "as_of":
        return "the date asked about"
    return f"{path} ({entry.questions[path]})" if path in entry.questions else path


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _remark(remark: Remark) -> str:
    return f"{remark.text} ({remark.instrument_title}, {remark.file}:{remark.line})"
