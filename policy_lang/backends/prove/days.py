"""Arithmetic of dates as formulas: day numbers, and the year, month and day that they stand for (rule V6)."""

from __future__ import annotations

import datetime
from typing import Any

import z3
from attrs import define, field

from policy_lang.backends.prove.forms import (
    Content,
    Truth,
    all_of,
    any_of,
    choice,
    is_formula,
    opposite,
    term,
)

LAST = datetime.date.max.toordinal()


@define(eq=False)
class Days:
    """Breaks day numbers up. `known` gathers what is so by the calendar alone."""

    known: list[Any] = field(factory=list)
    source: dict[str, Any] = field(factory=dict)  # what each part was broken out of, by the name of the part
    _parts: dict[int, tuple[Any, Any, Any, Any]] = field(factory=dict)

    def parts(self, day: Content) -> tuple[Content, Content, Content]:
        """Year, month and day of a day number; of one out of range those of some other day."""
        if not is_formula(day):
            found = datetime.date.fromordinal(min(max(int(day), 1), LAST))
            return found.year, found.month, found.day
        kept = self._parts.get(day.get_id())
        if kept is not None:
            return kept[0], kept[1], kept[2]
        number = len(self._parts)
        year, month, first = (z3.Int(f"{part}!{number}") for part in ("year", "month", "day"))
        inside = z3.If(z3.And(day >= 1, day <= LAST), day, 1)
        self.known += [
            z3.And(year >= 1, year <= 9999, month >= 1, month <= 12, first >= 1),
            first <= length(year, month),
            number_of(year, month, first) == inside,
        ]
        self._parts[day.get_id()] = (year, month, first, day)
        self.source.update({str(part): day for part in (year, month, first)})
        return year, month, first

    def moved(
        self, day: Content, period: tuple[Content, Content, Content], sign: int, rounding: str
    ) -> tuple[Content, Truth]:
        """The day a period later, or earlier, and when there is none."""
        years, months, days = period
        if all(not is_formula(one) and one == 0 for one in (years, months)):
            landed = day + sign * days
            return landed, outside(landed)
        year, month, first = self.parts(day)
        counted = term(year * 12 + month - 1) + sign * (term(years) * 12 + term(months))
        new_year, new_month = counted / 12, counted % 12 + 1
        longest = length(new_year, new_month)
        lacks = term(first) > longest
        moved = number_of(new_year, new_month, z3.If(lacks, longest, term(first)))
        wrong: list[Truth] = [new_year < 1, new_year > 9999]
        if rounding == "up":
            moved = moved + z3.If(lacks, 1, 0)
        else:
            self._know(moved, (new_year, new_month, z3.If(lacks, longest, term(first))))
        if rounding not in ("up", "down"):
            wrong.append(lacks)
        if not is_formula(days) and days == 0:
            return moved, any_of((*wrong, outside(moved)))
        landed = moved + sign * term(days)
        return landed, any_of((*wrong, outside(landed)))

    def _know(self, day: Any, parts: tuple[Any, Any, Any]) -> None:
        """Remembers what a day was put together from, so that it need not be broken up again."""
        self._parts[day.get_id()] = (*parts, day)

    def first_of_month(self, day: Content) -> Content:
        """The first day of the same month."""
        return day - self.parts(day)[2] + 1

    def last_of_month(self, day: Content) -> Content:
        """The last day of the same month."""
        year, month, first = self.parts(day)
        return day - first + length(term(year), term(month))

    def start_of_year(self, day: Content, month: int, first: int) -> tuple[Content, Truth]:
        """The first day of the year that begins on that day of that month, and when there is none."""
        year, m, d = (term(part) for part in self.parts(day))
        begun = z3.Or(m > month, z3.And(m == month, d >= first))
        began = z3.If(begun, year, year - 1)
        start = number_of(began, z3.IntVal(month), z3.IntVal(first))
        self._know(start, (began, z3.IntVal(month), z3.IntVal(first)))
        return start, began < 1


def outside(day: Content) -> Truth:
    """When a day number stands for no date."""
    if not is_formula(day):
        return not 1 <= day <= LAST
    return any_of((day < 1, day > LAST))


def is_leap(year: Any) -> Any:
    """When the year has a 29 February."""
    return all_of((year % 4 == 0, any_of((opposite(year % 100 == 0), year % 400 == 0))))


def length(year: Any, month: Any) -> Any:
    """How many days the month has."""
    short = any_of(month == one for one in (4, 6, 9, 11))
    return choice(month == 2, choice(is_leap(year), 29, 28), choice(short, 30, 31))


def number_of(year: Any, month: Any, day: Any) -> Any:
    """The number of the day, counted from 1 on 0001-01-01."""
    before = year - 1
    total = term(365 * before) + before / 4 - before / 100 + before / 400 + day
    start: Any = 0
    for number in range(12, 1, -1):
        days = datetime.date(2023, number, 1).timetuple().tm_yday - 1
        start = choice(month == number, days, start)
    after = choice(all_of((month > 2, is_leap(year))), 1, 0)
    return total + start + after
