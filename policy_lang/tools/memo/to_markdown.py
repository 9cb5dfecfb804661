"""A memorandum as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from policy_lang.tools.memo.content import Assumed, Memo
from policy_lang.tools.memo.grounds import Ground

SIGNED = "Read and approved by (name, date, signature):"


def to_markdown(memo: Memo) -> str:
    """The whole memorandum."""
    rows = [f"# {_plain(memo.title)}", "", *_table(("", ""), memo.about), ""]
    many = len(memo.opinions) > 1
    rows += ["## Question" + ("s" if many else ""), ""]
    rows += [
        f"{n}. {_plain(one.question)}" if many else _plain(one.question)
        for n, one in enumerate(memo.opinions, 1)
    ]
    if not memo.opinions:
        rows.append("Nothing is asked: no outcome is about the facts given.")
    rows += ["", "## Short answer" + ("s" if many else ""), ""]
    for n, one in enumerate(memo.opinions, 1):
        rows.append(
            f"{f'{n}. ' if many else ''}**{_plain(one.answer)}** {_plain(' '.join(one.remarks))}".rstrip()
        )
    rows += ["", "## Reasons"]
    for one in memo.opinions:
        rows += ["", f"### {_plain(one.question)}"] if many else []
        for ground in one.grounds:
            rows += ["", *_ground(ground)]
    rows += ["", "## Sources", ""]
    rows += _table(
        ("Citation", "Class", "Cited in"), [(one.cite, one.kind, one.used_in) for one in memo.sources]
    )
    rows += ["", "## Facts relied on", ""]
    rows += (
        _table(("Fact", "Of", "As given"), [(one.what, one.where, one.value) for one in memo.facts])
        if memo.facts
        else ["None."]
    )
    rows += ["", "## Assumptions", "", *_assumptions(memo.assumptions)]
    rows += ["", "## Determinations", "", *(_bullets(memo.determinations) or ["None."])]
    rows += ["", "## Open points", ""]
    points = [(one.question, one.whom, one.why) for one in memo.open_points]
    rows += _table(("Question", "Of whom", "Why"), points) if points else ["None."]
    rows += ["", "## Limits", "", *_bullets(memo.limits)]
    rows += ["", "## Stamp", "", *_table(("", ""), memo.stamp), "", _plain(SIGNED)]
    return "\n".join(rows) + "\n"


def _ground(ground: Ground) -> list[str]:
    """One reason: `**2. Title**: value`, and what was found below it."""
    cites = "".join(f" [{cite}]" for cite in ground.cites)
    only = ground.findings[0] if len(ground.findings) == 1 else None
    value = ground_value(ground)
    space = " " if value.startswith(" ") or not value else ""
    rows = [f"**{ground.number}. {_plain(ground.title)}**{space}{_plain(value + cites)}".rstrip()]
    if only is not None:
        return [*rows, "", *_bullets(only.points)] if only.points else rows
    rows.append("")
    for finding in ground.findings:
        where = finding.where or "here"
        rows.append(f"- {_plain(f'{where}: {finding.value}')}")
        rows += [f"    - {_plain(point)}" for point in finding.points]
    return rows


def ground_value(ground: Ground) -> str:
    """What stands behind the title of a reason: `: 3750 USD.`, or `Yes.` after a question."""
    is_question = ground.title.endswith("?")
    if len(ground.findings) != 1:
        return "" if is_question else "."
    only = ground.findings[0]
    where = f" ({only.where})" if only.where else ""
    if is_question:
        return f" {only.value[:1].upper()}{only.value[1:]}{where}."
    return f": {only.value}{where}."


def _assumptions(assumptions: Sequence[Assumed]) -> list[str]:
    rows: list[str] = []
    for one in assumptions:
        rows.append(f"- **{_plain(one.taken)}** {_plain(one.effect)}")
        rows += [f"    - for it: {_plain(reading)}" for reading in one.because]
        rows += [f"    - against it: {_plain(reading)}" for reading in one.against]
    return rows or ["None."]


def _bullets(lines: Iterable[str]) -> list[str]:
    return [f"- {_plain(line)}" for line in lines]


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    lines += [f"| {' | '.join(_plain(one).replace('|', chr(92) + '|') for one in row)} |" for row in rows]
    return lines


def _plain(text: str) -> str:
    """A text that means nothing to Markdown, in one line."""
    line = " ".join(text.split())
    escaped = re.sub(r"([\\`*<>\[\]~])", r"\\\1", line)
    return re.sub(r"^([#+-]|[0-9]+[.)])(?=\s)", r"\\\1", escaped)
