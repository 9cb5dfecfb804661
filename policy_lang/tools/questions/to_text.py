"""A list of questions as text to read, not to fill in."""

from __future__ import annotations

from policy_lang.source.lines import in_lines
from policy_lang.tools.questions.ask import Question, QuestionList
from policy_lang.tools.questions.cover import circumstances, heading, long_lists, standing_words, verdict


def to_text(questions: QuestionList, *, width: int = 100) -> str:
    """The questions by number, each with the answers allowed, of whom, and why."""
    rows = [heading(questions), *circumstances(questions), ""]
    for standing in questions.standings:
        colon = "" if standing.label.endswith("?") else ":"
        rows.append(_wrapped(f"{standing.label}{colon} {standing_words(standing)}", width, 0))
    rows += ["", verdict(questions)]
    for number, one in enumerate(questions.questions, 1):
        rows += ["", *_question(questions, number, one, width)]
    for name, words in long_lists(one.type for one in questions.questions).items():
        rows += ["", f"the words for “{name}”:", _wrapped(", ".join(words), width, 2)]
    return "\n".join(rows) + "\n"


def _question(questions: QuestionList, number: int, one: Question, width: int) -> list[str]:
    lines = [f"answer: {one.kind}", f"of whom: {one.whom}"]
    if one.also:
        lines.append(f"note: {one.also}")
    if one.where:
        lines.append(f"open for: {questions.places(one)}")
    lines.append(questions.why(one))
    if one.cites:
        lines.append(questions.sources(one))
    lines.append(f"fact: {one.path}")
    return [_wrapped(f"{number}. {one.words}", width, 0), *(_wrapped(line, width, 4) for line in lines)]


def _wrapped(text: str, width: int, indent: int) -> str:
    return "\n".join(in_lines(text, width, " " * indent, " " * (indent + 4)))
