"""Indentation: from line ends to sentences, blocks and continuation lines.

A line deeper than the start of its sentence continues the sentence, unless the sentence opens a block
(rule N4). A deeper line that starts with `but` opens the exceptions of the case above it.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import define, field, frozen
from lark import Token

OPENERS = frozenset(
    f"_{word}"
    for word in (
        "AGREEMENT LAW FRAMEWORK VOCABULARY AMENDMENT RECTIFICATION CLAUSE RECORD TABLE RULE SCENARIO GIVEN KIND ACT "
        "FACTS EXCEPTION PROPERTY".split()
    )
)
_WITH_EXCEPTIONS = ("_RULE", "_BUT")


@frozen
class Sentence:
    """Where a sentence starts, and how deep."""

    start: int
    indent: int


class BadIndentation(Exception):
    """A line that is less deep than its block, but not as deep as anything outside it. Never leaves syntax."""

    def __init__(self, offset: int) -> None:
        super().__init__(offset)
        self.offset = offset


@define
class Layout:
    """Turns `_NL` tokens into `_NL`, `_INDENT` and `_DEDENT`; remembers where sentences start.

    One object serves one parser; `process` starts afresh for every item.
    """

    always_accept = ("_NL",)
    sentences: list[Sentence] = field(factory=list)
    text: str = ""
    awaiting: bool = True  # the next word starts a sentence

    def process(self, stream: Iterator[Token]) -> Iterator[Token]:
        self.sentences = []
        indents = [0]
        openers: list[str] = [""]  # what opened each block: the first word of the sentence above it
        first: Token | None = None
        last: Token | None = None
        self.awaiting = True
        for token in stream:
            if token.type != "_NL":
                if first is None:
                    first = token
                    self.sentences.append(Sentence(token.start_pos or 0, indents[-1]))
                    self.awaiting = False
                last = token
                yield token
                continue
            if first is None:
                continue
            tail = token[token.rindex("\n") + 1 :]
            indent = 0 if tail.strip() else len(tail)  # a file may end in its margin, without a line end
            if indent > indents[-1]:
                if self._opens_block(first.type, openers[-1], token.end_pos or 0):
                    yield Token.new_borrow_pos("_NL", "", token)
                    yield Token.new_borrow_pos("_INDENT", "", token)
                    indents.append(indent)
                    in_facts = first.type == "_GIVEN" or openers[-1] == "_GIVEN"
                    openers.append("_GIVEN" if in_facts else first.type)
                    first, self.awaiting = None, True
                continue
            yield Token.new_borrow_pos("_NL", "", token)
            first, self.awaiting = None, True
            while indent < indents[-1]:
                indents.pop()
                openers.pop()
                yield Token.new_borrow_pos("_DEDENT", "", token)
            if indent != indents[-1]:
                raise BadIndentation(token.end_pos or 0)
        if last is not None:
            if first is not None:
                line_end = Token.new_borrow_pos("_NL", "", last)
                line_end.end_pos = len(self.text)  # what is cited after the last word belongs to it
                yield line_end
            for _ in indents[1:]:
                yield Token.new_borrow_pos("_DEDENT", "", last)

    def _opens_block(self, first: str, block: str, offset: int) -> bool:
        if first in OPENERS and block == "":
            return True
        if first == "_CASE":  # the rows of a table of cases
            return block == "_SCENARIO"
        if first == "_GIVEN" or block == "_GIVEN":  # the elements of lists nest below a given record
            return True
        if block in _WITH_EXCEPTIONS or first == "_BUT":
            rest = self.text[offset : offset + 16].split()
            return rest[:1] == ["but"] and rest[1:2] != ["see"]
        return False
