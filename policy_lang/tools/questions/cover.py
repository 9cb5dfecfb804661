"""What stands above and below every list of questions: what it is about, how it stands, and the long lists of words."""

from __future__ import annotations

from collections.abc import Iterable

from policy_lang.program.answers import verified_words
from policy_lang.program.asking import MOST_WORDS, plain_name
from policy_lang.program.types import Enumeration, Type
from policy_lang.tools.questions.ask import QuestionList, Standing

HOW_TO_FILL = (
    "Write each answer beside its question. What is not known stays empty: an empty answer is not a no.",
    "A list has to be complete. Say first how many there are, then fill one row for each.",
    "Leave the names in the column Fact, and above each list, as they are: the answers are read back by them.",
)


def heading(questions: QuestionList) -> str:
    """What the list is about, in a few words."""
    return f"{'Questions' if questions.questions else 'No questions'}: {questions.title}"


def circumstances(questions: QuestionList) -> list[str]:
    """The date, and how far the text that decides was verified, as sentences."""
    lines = [
        f"asked as of {questions.decision.as_of}",
        *verified_words(questions.decision.policy.program.instruments, questions.decision.as_of),
    ]
    return [f"{one[:1].upper()}{one[1:]}.".replace("_", " ") for one in lines]


def standing_words(standing: Standing) -> str:
    """How one outcome stands: `still open`, or its answer and that no further fact changes it."""
    if standing.is_open:
        if standing.state == "undetermined":
            return standing.answer.replace("undetermined", "still open", 1)
        return f"{standing.answer}; still open in part"
    note = f" ({standing.note})" if standing.note else ""
    if standing.state == "undetermined":
        return f"{standing.answer}{note}"
    if standing.state == "error":
        return f"no answer{note}"
    return f"decided: {standing.answer}{note}"


def verdict(questions: QuestionList) -> str:
    """One sentence on what is left to do."""
    number = len(questions.questions)
    if number:
        return f"{number} {'question is' if number == 1 else 'questions are'} open; what is most needed comes first."
    if not questions.standings:
        return "Nothing is asked: no outcome is about the facts given."
    if any(one.state == "undetermined" for one in questions.standings):
        return "No question is open that facts could answer."
    return "Nothing has to be asked: every answer stands as of that day, whatever else becomes known."


def long_lists(kinds: Iterable[Type]) -> dict[str, tuple[str, ...]]:
    """The words of every enumeration that is too long to be named where it is asked for, by its name."""
    return {
        plain_name(kind.name or "this"): kind.members
        for kind in kinds
        if isinstance(kind, Enumeration) and len(kind.members) > MOST_WORDS
    }
