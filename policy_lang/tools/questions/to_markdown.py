"""A list of questions as Markdown tables to fill in; `policy_lang/source/facts_sheet.py` reads them back."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policy_lang.tools.questions.ask import QuestionList
from policy_lang.tools.questions.cover import (
    HOW_TO_FILL,
    circumstances,
    heading,
    long_lists,
    standing_words,
    verdict,
)
from policy_lang.tools.questions.form import Entry, Form, ListTable, make_form

_HEAD = ("No.", "Question", "Answer", "Allowed", "Of whom", "Why", "Fact")


def to_markdown(questions: QuestionList) -> str:
    """The whole form: single questions, a table for each list, and what is given already."""
    form = make_form(questions)
    rows = [
        f"# {cell(heading(questions))}",
        "",
        *(cell(one) for one in [" ".join(circumstances(questions))]),
        "",
    ]
    rows += _table(
        ("Outcome", "How it stands"), [(one.label, standing_words(one)) for one in questions.standings]
    )
    rows += ["", cell(verdict(questions))]
    if questions.questions:
        rows += ["", *(f"- {one}" for one in HOW_TO_FILL)]
    if form.asked:
        rows += ["", "## To be answered", "", *_asked(questions, form)]
    for table in form.tables:
        rows += ["", *_list(questions, table)]
    if form.given:
        rows += ["", "## Given already", ""]
        given = [(one.words, one.answer, one.kind) for one in form.given]
        paths = [f"`{one.address}`" for one in form.given]
        rows += _table(("Question", "Answer", "Allowed", "Fact"), given, paths)
    for name, words in long_lists(one.type for one in questions.questions).items():
        rows += ["", f"The words for “{cell(name)}”: {cell(', '.join(words))}."]
    return "\n".join(rows) + "\n"


def cell(text: str) -> str:
    """A text that means nothing to Markdown, in one line."""
    escaped = re.sub(r"([\\|`*<>\[\]~])", r"\\\1", text)
    return "<br>".join(part.strip() for part in escaped.splitlines())


def _table(
    head: Sequence[str], rows: Sequence[Sequence[str]], ends: Sequence[str] | None = None
) -> list[str]:
    """A table; `ends` are last cells that are written as they are."""
    lines = [f"| {' | '.join(head)} |", f"|{' --- |' * len(head)}"]
    for n, row in enumerate(rows):
        cells = [cell(one) for one in row] + ([ends[n]] if ends is not None else [])
        lines.append(f"| {' | '.join(cells)} |")
    return lines


def _asked(questions: QuestionList, form: Form) -> list[str]:
    rows, number = [], 0
    for one in form.asked:
        number += one.is_first
        rows.append(
            (str(number) if one.is_first else "", one.words, one.answer, one.kind, *_about(questions, one))
        )
    return _table(_HEAD, rows, [f"`{one.address}`" for one in form.asked])


def _about(questions: QuestionList, one: Entry) -> tuple[str, str]:
    """Of whom, and why."""
    if one.question is None or not one.is_first:
        return "", ""
    also = f"; {one.question.also}" if one.question.also else ""
    sources = questions.sources(one.question)
    return one.question.whom + also, questions.why(one.question) + (f" {sources}" if sources else "")


def _list(questions: QuestionList, table: ListTable) -> list[str]:
    lines = [f"## {cell(table.title)}", "", f"One row for each {cell(table.noun)}."]
    notes = []
    for one in table.columns:
        _, why = _about(questions, one)
        if why:
            places = questions.places(one.question) if one.question is not None else ""
            open_for = f" Open for: {places}." if places else ""
            notes.append(
                f"- {cell(one.words)} {cell(one.kind[:1].upper() + one.kind[1:])}. {cell(why)}{cell(open_for)}"
            )
    lines += ["", *notes] if notes else []
    heads = [
        *((word, address) for word, address in table.numbers),
        *((one.words, one.address) for one in table.columns),
    ]
    rows = [(*map(str, place), *answers) for place, answers in table.rows]
    return [*lines, "", *_table([f"{cell(words)} `{address}`" for words, address in heads], rows)]
