"""What is said of facts that cannot be read at all."""

from __future__ import annotations

from policy_lang.source.diagnostic import Code

UNREADABLE_FACTS = Code(
    "unreadable-facts", "facts are a JSON, YAML or TOML file with one key for each subject"
)
REPEATED_FACT = Code("repeated-fact", "a fact is given once")
DEEPEST = 100
"""So many levels facts may have."""


class UnreadableFacts(Exception):
    """What cannot be read, with the place; never leaves the reading of facts."""

    def __init__(self, message: str, offset: int = 0, help: str = "", code: Code = UNREADABLE_FACTS) -> None:
        super().__init__(message)
        self.message, self.offset, self.help, self.code = message, offset, help, code


def too_deep(offset: int = 0) -> UnreadableFacts:
    """What is said of facts nested too deeply."""
    message = f"these facts are nested too deeply: at most {DEEPEST} levels"
    return UnreadableFacts(message, offset, "no record lies that deep")


def repeated(name: str, offset: int) -> UnreadableFacts:
    """What is said of a fact given twice in one file."""
    return UnreadableFacts(f"`{name}` is given twice", offset, "leave one out", REPEATED_FACT)
