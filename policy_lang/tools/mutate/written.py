"""Slips in what is written out: another number, date, period, word or country than the one meant."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from typing import TypeAlias

from attrs import evolve, frozen

from policy_lang.program.core import Const, Member
from policy_lang.program.sentences import said
from policy_lang.program.types import Country, Enumeration, Period, Text, is_numeric
from policy_lang.tools.mutate.mutant import Kind
from policy_lang.tools.mutate.places import Node

Slip: TypeAlias = tuple[Kind, str, "Node | None"]
"""What went wrong, the words after the name of the owner, and what stands there instead; None: nothing."""

_DAY = datetime.timedelta(days=1)
_WIDE = 70
_MOST_WORDS = 4  # other words of an enumeration that are put for one


def quoted(node: Node) -> str:
    """What the author wrote, in backticks, cut where it is long."""
    text = " ".join(node.span.text.split())
    return f"`{text if len(text) <= _WIDE else text[: _WIDE - 4].rstrip() + ' ...'}`"


@frozen
class Written:
    """Slips in the values that one policy writes out. `parties` are the countries of its header."""

    parties: tuple[str, ...]

    def slips(self, node: Const, role: str, parent: Node | None) -> Iterator[Slip]:
        """Every other value that could have been written there."""
        yield from _slips(node, role, parent, self.parties)


def _slips(node: Const, role: str, parent: Node | None, parties: tuple[str, ...]) -> Iterator[Slip]:
    value, kind = node.value, node.type
    text = node.span.text

    def instead(new: Const) -> str:
        where = "" if len(text) <= 24 else f" in {quoted(node)}"
        return f"said `{said(new.value, kind)}` instead of `{said(value, kind)}`{where}"

    if isinstance(value, bool):
        if text in ("yes", "no"):
            new = evolve(node, value=not value)
            yield "value", instead(new), new
    elif isinstance(value, Decimal) and is_numeric(kind) and any(c.isdigit() for c in text):
        exponent = value.normalize().as_tuple().exponent
        unit = Decimal(1).scaleb(min(0, int(exponent)))
        for other in (value + unit, value - unit, *_a_zero_less(value)):
            if other >= 0 or value < 0:
                new = evolve(node, value=other)
                yield "amount", instead(new), new
    elif isinstance(value, datetime.date) and any(c.isdigit() for c in text):
        for moved in _moved(value):
            new = evolve(node, value=moved)
            yield "day", instead(new), new
    elif (
        isinstance(kind, Period) and isinstance(value, tuple) and said(value, kind) in " ".join(text.split())
    ):
        for parts in longer_and_shorter(value):
            new = evolve(node, value=parts)
            yield "period", instead(new), new
    elif isinstance(value, str) and value in text and not isinstance(kind, Text):
        if role == "option" and isinstance(parent, Member):
            yield "list", f"left out `{value}` in {_the_list(parent)}", None
        for word in _other_words(value, kind, parties) if role != "option" else ():
            new = evolve(node, value=word)
            yield "word", instead(new), new


def _the_list(member: Member) -> str:
    if member.name == "parties":
        return f"the parties of {quoted(member)}"
    return f"the list `{member.name}`" if member.name is not None else quoted(member)


def _other_words(value: str, kind: object, parties: tuple[str, ...]) -> Iterator[str]:
    """Words that could stand there by mistake: the next ones of the same set, in a circle; the other party."""
    if isinstance(kind, Enumeration):
        members = kind.members
        at = members.index(value) if value in members else 0
        others = [*members[at + 1 :], *members[:at]]
        yield from [one for one in others if one != value][: _MOST_WORDS if len(members) <= 8 else 1]
    elif isinstance(kind, Country):
        others = [one for one in parties if one != value] if value in parties else []
        yield others[0] if others else "US" if value != "US" else "CA"


def _moved(day: datetime.date) -> Iterator[datetime.date]:
    for step in (_DAY, -_DAY):
        with suppress(OverflowError):
            yield day + step
    for year in (day.year + 1, day.year - 1):
        with suppress(ValueError):  # 29 February, or out of range
            yield day.replace(year=year)


def longer_and_shorter(parts: tuple[object, ...]) -> Iterator[tuple[int, int, int]]:
    """Periods that are off by one of the smallest unit that the period has, or of the wrong unit."""
    years, months, days = (int(str(one)) for one in parts)
    for step in (-1, 1):
        if days:
            changed = (years, months, days + step)
        elif months:
            changed = (years, months + step, days)
        else:
            changed = (years + step, months, days)
        if any(changed):
            yield changed
    if sum(map(bool, (years, months, days))) == 1:  # months for years, months for days
        yield (0, years, 0) if years else (months, 0, 0) if months else (0, days, 0)


def _a_zero_less(value: Decimal) -> Iterator[Decimal]:
    """The number with its last zero lost, as in 30000 for 300000."""
    if value and value == value.to_integral_value() and value % 10 == 0:
        yield value / 10
