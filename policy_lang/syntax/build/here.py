"""Where a rule of the grammar was met, and how to read the words that it was met with.

Mistakes that only show here (a day that does not exist) are noted; nothing is raised for authors.
"""

from __future__ import annotations

import datetime
import unicodedata
from typing import Any

from attrs import define, field
from lark import Token
from lark.tree import Meta

from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.text import SourceFile, Span
from policy_lang.syntax import tree

NO_SUCH_DATE = Code("no-such-date", "a date is a day of the calendar")
WHOLE_NUMBER = Code("not-a-whole-number", "decimals, years, months and days are counted in whole numbers")


@define
class Item:
    """The item that is being built: the citations that no part of it has taken yet, and what is wrong in it."""

    source: SourceFile
    citations: list[tree.Citation]
    problems: list[Diagnostic] = field(factory=list)


@define
class Here:
    """One place of an item where a rule was met."""

    item: Item
    meta: Meta

    @property
    def span(self) -> Span:
        """The author's words of a rule, without the blanks and margin after them."""
        text = self.item.source.text
        start, end = self.meta.start_pos, self.meta.end_pos
        while end > start and text[end - 1] in " \n":
            end -= 1
        return Span(self.item.source, start, end)

    def between(self, start: int, end: int) -> Span:
        """A part of the source, by its offsets."""
        return Span(self.item.source, start, end)

    def place(self, token: Token) -> Span:
        """Where a word stands."""
        return Span(self.item.source, token.start_pos or 0, token.end_pos or 0)

    def say(self, problem: Diagnostic) -> None:
        """Notes a mistake."""
        self.item.problems.append(problem)

    def name(self, token: Token) -> tree.Name:
        """A word as a name."""
        return tree.Name(str(token), span=self.place(token))

    def member_name(self, token: Token) -> tree.Name:
        """The name of a member of a list: a word, a country or an HS code."""
        text = f"HS {hs_digits(token)}" if token.startswith("HS ") else str(token)
        return tree.Name(text, span=self.place(token))

    def quoted(self, token: Token) -> tree.Text:
        """What stands between the quotes."""
        return tree.Text(unicodedata.normalize("NFC", token[1:-1].strip()), span=self.place(token))

    def text(self, token: Token | None) -> tree.Text | None:
        """What stands between the quotes, where anything was quoted."""
        return self.quoted(token) if token is not None else None

    def date(self, token: Token) -> tree.DateLit:
        """A date; for a day that does not exist, which is reported, some other."""
        span = self.place(token)
        try:
            return tree.DateLit(datetime.date.fromisoformat(token), span=span)
        except ValueError:
            self.say(
                NO_SUCH_DATE.at(
                    span,
                    f"there is no day `{token}`",
                    label="this date",
                    help="dates are written year-month-day, such as 2024-02-29",
                )
            )
            return tree.DateLit(datetime.date(1, 1, 1), span=span)

    def window(self, dates: list[Any]) -> tree.Window:
        """The first and the last of some days, each of which may be missing."""
        start, end = (self.date(token) if token is not None else None for token in dates)
        return tree.Window(start, end, span=self.span)

    def whole(self, token: Token) -> int:
        """A small whole number; a fraction or a huge one is reported."""
        if not token.isdigit() or len(token) > 9:
            self.say(
                WHOLE_NUMBER.at(
                    self.place(token),
                    f"`{token}` is not a whole number of at most nine digits",
                    label="this number",
                    help="write a whole number; a smaller unit says the rest, as in `1 year 6 months`",
                )
            )
            return 0
        return int(token)

    def cites(self) -> tuple[tree.Citation, ...]:
        """The citations within this place that nothing inside it has taken (rule N3)."""
        return self.claim(self.meta.start_pos)

    def claim(self, start: int) -> tuple[tree.Citation, ...]:
        """Those from an offset to the end of this place."""
        end, left = self.meta.end_pos, self.item.citations
        claimed = tuple(one for one in left if start <= one.span.start < end)
        if claimed:
            self.item.citations = [one for one in left if not start <= one.span.start < end]
        return claimed


def words(children: list[Any]) -> str:
    """The words among the parts of a rule, one space between them."""
    return " ".join(str(c) for c in children if isinstance(c, Token))


def hs_digits(token: Token) -> str:
    """The digits and dots after `HS`."""
    return str(token)[3:].strip()


def unit_of(token: Token) -> str:
    """The singular of a unit."""
    return "tonne" if str(token) == "tonnes" else str(token)
