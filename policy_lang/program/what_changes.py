"""What changes on a day, in words: one clause, rule or table as it stands on that day and on the day before."""

from __future__ import annotations

import datetime

from attrs import evolve, frozen

from policy_lang.program.core import (
    Absent,
    And,
    Call,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Member,
    Not,
    Or,
    Outcome,
)
from policy_lang.program.dates_that_matter import Crossing, Reading, Site, Walk
from policy_lang.program.sentences import phrase, said, short_name
from policy_lang.program.types import YesNo

_DAY = datetime.timedelta(days=1)
_DEEPEST = 8  # choices within choices that a sentence goes into
_MOST_ROWS = 6


@frozen
class Possible:
    """One value that is possible on a day, and what has to hold for it besides the date."""

    value: Expr
    when: tuple[Expr, ...] = ()
    otherwise: bool = False  # it holds when nothing said before it does

    @property
    def words(self) -> str:
        """The value, and on what it hangs."""
        value = (
            said(self.value.value, self.value.type) if isinstance(self.value, Const) else phrase(self.value)
        )
        if isinstance(self.value, Absent):
            value = "no value"
        if not self.when:
            return f"{value} otherwise" if self.otherwise else value
        return f"{value} when {' and '.join(phrase(one) for one in self.when)}"


def is_clause(owner: Definition | Outcome) -> bool:
    """Whether this is a clause, or the part of one that others ask for, and not a rule or a table."""
    if isinstance(owner, Outcome):
        return owner.family != "rule"
    return owner.parameters or "#" in owner.name


def title(owner: Definition | Outcome) -> str:
    """What people call it: the title of a clause, the name of a rule or table."""
    if is_clause(owner) and owner.label:
        return owner.label
    return short_name(owner.name)


def change(walk: Walk, crossing: Crossing) -> tuple[str, str]:
    """The name of what a crossing changes, and a sentence for it, which starts with that name or title.

    What several clauses share, such as a list that they name, is said alike for each of them.
    """
    site, owner = crossing.site, crossing.site.reading.owner
    member = _member(site)
    if member is None:
        return owner.name.rpartition(".")[2].partition("#")[0], _sentence(walk, crossing)
    who, where = member
    begins = walk.truth(site.node, site.reading, crossing.moves, crossing.day) is True
    named = where.replace("_", " ") if where else title(owner)
    return where or owner.name, f"{named}: {who} {'begins' if begins else 'ceases'} to count"


def _sentence(walk: Walk, crossing: Crossing) -> str:
    site, name = crossing.site, title(crossing.site.reading.owner)
    before = _on(walk, crossing, crossing.day - _DAY)
    after = _on(walk, crossing, crossing.day)
    owner = site.reading.owner
    if is_clause(owner):
        was_off, is_off = _is_off(before), _is_off(after)
        if was_off and not is_off:
            return f"{name}: begins to apply"
        if is_off and not was_off:
            return f"{name}: ceases to apply (last day: {crossing.day - _DAY})"
    settled = [one[0] if len(one) == 1 and not one[0].when else None for one in (before, after)]
    if settled[1] is not None and settled[0] != settled[1] and not _is_open(settled[1]):
        return f"{name} {_becomes(settled[1])}{_until_then(before)}"
    if isinstance(owner, Definition) and _is_given_by_rows(before) and _is_given_by_rows(after):
        return f"{name} becomes {'; '.join(one.words for one in after)}"
    new = [one for one in after if one not in before]
    gone = [one for one in before if one not in after]
    if new and gone and len(after) <= _MOST_ROWS:
        return f"{name}: the answer may change: from this day {'; '.join(one.words for one in after)}"
    if (new or gone) and len(new) + len(gone) <= _MOST_ROWS:
        words = "from this day also" if new else "no longer"
        return f"{name}: the answer may change: {words} {'; or '.join(one.words for one in new or gone)}"
    return f"{name}: the answer may change: {_turns(walk, crossing)}"


def _on(walk: Walk, crossing: Crossing, day: datetime.date) -> list[Possible]:
    owner = crossing.site.reading.owner
    body = owner.body
    return possible(walk, body, crossing.site.reading, crossing.moves, day)


def possible(
    walk: Walk, expr: Expr, reading: Reading, moves: str, day: datetime.date, depth: int = 0
) -> list[Possible]:
    """The values that an expression may come to when the date that moves is this day."""
    if isinstance(expr, (And, Or, Not, Compare)):
        truth = walk.truth(expr, reading, moves, day)
        return [Possible(expr if truth is None else Const(truth, YesNo()))]
    if not isinstance(expr, Choose) or depth > _DEEPEST:
        return [Possible(expr)]
    found: list[Possible] = []
    has_fitting = False
    for case in expr.cases:
        fits = walk.truth(case.when, reading, moves, day)
        if fits is False:
            continue
        rest = () if fits else _rest(walk, case.when, reading, moves, day)
        inner = possible(walk, case.value, reading, moves, day, depth + 1)
        found += [evolve(one, when=(*rest, *one.when)) for one in inner]
        has_fitting = has_fitting or fits is True
        if fits and expr.mode == "first":
            break
    if not has_fitting:
        rest_of = possible(walk, expr.default, reading, moves, day, depth + 1)
        found += [evolve(one, otherwise=bool(found)) for one in rest_of]
    values = {one.value for one in found}
    if len(values) == 1 and (has_fitting or (len(found) == 1 and not found[0].when)):
        return [Possible(found[0].value)]
    return found


def _rest(walk: Walk, when: Expr, reading: Reading, moves: str, day: datetime.date) -> tuple[Expr, ...]:
    """The conditions that the day does not settle."""
    parts = when.operands if isinstance(when, And) else (when,)
    return tuple(one for one in parts if walk.truth(one, reading, moves, day) is None)


def _is_off(values: list[Possible]) -> bool:
    only = values[0].value if len(values) == 1 and not values[0].when else None
    return isinstance(only, Absent) or (isinstance(only, Const) and only.value is False)


def _is_open(one: Possible) -> bool:
    """Whether a value still has to be worked out, so that nothing can be said of it beforehand."""
    return not isinstance(one.value, (Const, Absent))


def _is_given_by_rows(values: list[Possible]) -> bool:
    return 0 < len(values) <= _MOST_ROWS and not any(_is_open(one) for one in values)


def _becomes(one: Possible) -> str:
    if isinstance(one.value, Absent):
        return f"has no value any more: {one.value.message}"
    return f"becomes {one.words}"


def _until_then(before: list[Possible]) -> str:
    if len(before) == 1 and isinstance(before[0].value, Const) and not before[0].when:
        return f" (until then {before[0].words})"
    if len(before) == 1 and isinstance(before[0].value, Absent):
        return " (until then it has no value)"
    return ""


def _member(site: Site) -> tuple[str, str] | None:
    """Who joins or leaves which list, where a comparison is the window of a membership."""
    if site.group is None or site.choice is None:
        return None
    for part in site.group.operands:
        match part:
            case Compare(comparison="eq", right=Const(value=str(value))) if part is not site.node:
                lists = [o.name for o in site.choice.operands if isinstance(o, Member) and o.name is not None]
                return value.replace("_", " "), lists[0] if lists else ""
            case _:
                pass
    return None


def _turns(walk: Walk, crossing: Crossing) -> str:
    site = crossing.site
    words = phrase(site.node)
    turns = walk.truth(site.node, site.reading, crossing.moves, crossing.day)
    what = f"it no longer holds that {words}" if turns is False else words
    row = site.row
    if row is not None and isinstance(row.value, Const) and not isinstance(row.when, Call):
        return f"{what} ({said(row.value.value, row.value.type)} when {phrase(row.when)})"
    return what
