"""Rules by their cases and exceptions, and tables as tables."""

from __future__ import annotations

import datetime

from policy_lang.program.core import (
    Absent,
    And,
    At,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    Member,
    Not,
    Or,
)
from policy_lang.program.sentences import is_guard, listed
from policy_lang.program.titles import capital, long_date, spaced
from policy_lang.program.types import Date, Money, Number, Percent, Quantity, Type, YesNo
from policy_lang.tools.plain.points import Block, Grid, Point
from policy_lang.tools.plain.values import among
from policy_lang.tools.plain.voice import Voice, is_yes_or_no


def value_blocks(voice: Voice, definition: Definition) -> tuple[Block, ...]:
    """What a rule or a table gives."""
    body = definition.body
    while isinstance(body, Choose) and is_guard(body):
        body = body.default
    if definition.keys and isinstance(body, Choose):
        grid = _grid(voice, definition, body)
        if grid is not None:
            return grid
    if isinstance(body, Choose) and body.cases:
        return tuple(_by_cases(voice, body, definition.type))
    if isinstance(body, Choose):
        return tuple(_alone(voice, body.default, definition.type, body.cites))
    return tuple(_alone(voice, body, definition.type, ()))


def _alone(voice: Voice, body: Expr, kind: Type, cites: tuple[str, ...]) -> list[Point]:
    """A value that is the same in every case."""
    if is_yes_or_no(body) and not isinstance(body, Const):
        return [voice.point(body, "The answer is yes when", cites), Point("In every other case it is no")]
    return [Point(f"{_what(kind)} {voice.words(body)}", cites=cites)]


def _by_cases(voice: Voice, choice: Choose, kind: Type) -> list[Point]:
    """A value by cases: as two sentences where it is one thing or the other, else as a list."""
    points = cases_of(voice, choice)
    first = points[0]
    is_simple = len(points) <= 2 and not (len(points) == 2 and points[1].parts) and choice.mode != "first"
    if is_simple and isinstance(kind, YesNo) and isinstance(choice.cases[0].value, Const):
        return [Point(f"{_what(kind)} {first.text}", first.parts, first.cites), *map(_capital, points[1:])]
    if choice.mode == "first" and len(points) == 1:
        return [Point(f"{_what(kind)} the first of these that fits", first.parts)]
    return [Point(_what(kind), tuple(points))]


def _capital(point: Point) -> Point:
    return Point(capital(point.text), point.parts, point.cites)


def _what(kind: Type) -> str:
    match kind:
        case Money() | Quantity():
            return "The amount is"
        case Percent():
            return "The percentage is"
        case Number():
            return "The number is"
        case Date():
            return "The date is"
        case YesNo():
            return "The answer is"
        case _:
            return "It is"


# ------------------------------------------------------------------------------ cases


def cases_of(voice: Voice, choice: Choose) -> list[Point]:
    """The cases of a choice, those with one value together, then what holds when none fits."""
    ordered = choice.mode == "first" and len(choice.cases) > 1
    found = [_group_point(voice, group) for group in _groups(choice.cases)]
    default = choice.default
    if any(default is case.value for case in choice.cases):
        pass  # the cases name everything there is, and one of their values stands in for what cannot happen
    elif isinstance(default, Choose) and not is_guard(default):
        inner = cases_of(voice, default)
        opening = "in every other case" if choice.cases else ""
        found.extend(inner if not opening else [Point(opening, tuple(inner), choice.cites)])
    elif isinstance(default, Absent):
        if default.code != "no-case":  # a rule without `otherwise` names every case there is
            found.append(Point(f"in every other case, {_nothing(default)}", cites=choice.cites))
    elif is_yes_or_no(default) and not isinstance(default, Const):
        found.append(voice.point(default, "in every other case, yes when", choice.cites))
    else:
        found.append(Point(f"in every other case, {voice.words(default)}", cites=choice.cites))
    if ordered:
        return [Point("the first of these that fits counts", tuple(found))]
    return found


def _nothing(absent: Absent) -> str:
    if absent.reason == "not in force":
        return "nothing is in force"
    return "nothing is provided: that is an error" if absent.reason == "error" else absent.message


def _groups(cases: tuple[Case, ...]) -> list[list[Case]]:
    """Cases that follow each other and have one value."""
    found: list[list[Case]] = []
    for case in cases:
        if found and found[-1][0].value == case.value and not isinstance(case.value, Choose):
            found[-1].append(case)
        else:
            found.append([case])
    return found


def _group_point(voice: Voice, group: list[Case]) -> Point:
    first = group[0]
    if isinstance(first.value, Choose) and not is_guard(first.value):
        opening = voice.point(first.when, "when", first.cites)
        inner = cases_of(voice, first.value)
        if not opening.parts:
            return Point(opening.text, tuple(inner), first.cites)
        return Point(opening.text, (*opening.parts, Point("and then", tuple(inner))), first.cites)
    value = voice.words(first.value)
    if len(group) == 1:
        return voice.point(first.when, f"{value}, when", first.cites)
    parts = tuple(voice.point(case.when, "", case.cites) for case in group)
    return Point(f"{value}, when at least one of this holds", parts)


# ------------------------------------------------------------------------------ tables


def _grid(voice: Voice, definition: Definition, choice: Choose) -> tuple[Block, ...] | None:
    """The rows of a table by its keys; None where a row does not look at the keys alone."""
    rows: list[tuple[tuple[str, ...], tuple[str, ...]]] = []
    for case in choice.cases:
        cells = _cells(voice, definition.keys, case.when)
        if cells is None:
            return None
        rows.append(((*cells, voice.words(case.value)), case.cites))
    missing = _missing(choice)
    if missing is None:
        others = ("any other", *("" for _ in definition.keys[1:]))
        rows.append(((*others, voice.words(choice.default)), choice.cites))
    heads = tuple(_key_head(key) for key in definition.keys)
    grid = Grid((*heads, _value_head(definition.type)), tuple(rows))
    notes: list[Block] = []
    if choice.mode == "first" and not _looks_disjoint(choice):
        notes.append(Point("The first row that fits counts"))
    for one in missing or ():
        where = "On a day without any row" if one.reason == "not in force" else "Where no row fits"
        notes.append(Point(f"{where}, {_nothing(one)}"))
    return (grid, *notes)


def _missing(choice: Choose) -> list[Absent] | None:
    """What holds where no row fits: nothing, for these reasons; None where the author gave a value for it.

    Where rows name everything there is, one of their values stands in for what cannot happen: no reason.
    """
    default = choice.default
    parts = (
        [*(case.value for case in default.cases), default.default]
        if isinstance(default, Choose)
        else [default]
    )
    absents = [one for one in parts if isinstance(one, Absent) and one.code == "no-row"]
    rest = [one for one in parts if one not in absents]
    if all(any(one is case.value for case in choice.cases) for one in rest):
        return list(dict.fromkeys(absents))
    return None


def _key_head(key: Expr) -> str:
    if isinstance(key, Fact):
        return spaced(key.field)
    name = getattr(key, "definition", "")
    return spaced(name) if name else "date asked about" if isinstance(key, At) else "key"


def _value_head(kind: Type) -> str:
    match kind:
        case Money() | Quantity() | Percent() | Number() | Date():
            return _what(kind).removeprefix("The ").removesuffix(" is")
        case _:
            return "value"


def _looks_disjoint(choice: Choose) -> bool:
    """Whether all rows go by dates, or by words that are each named once: then their order is nothing to say."""
    words: list[object] = []
    for case in choice.cases:
        for part in _parts(case.when):
            match part:
                case Compare(comparison="eq", right=Const(value=value)):
                    words.append(value)
                case Member(options=options):
                    words.extend(one.value for one in options if isinstance(one, Const))
                case Compare(right=Const(type=Date())):
                    pass
                case _:
                    return False
    one_key = all(len(_parts(case.when)) == 1 for case in choice.cases)
    return len(words) == len(set(words)) if one_key else not words


def _parts(when: Expr) -> list[Expr]:
    if isinstance(when, And):
        return [part for one in when.operands for part in _parts(one)]
    return [when]


def _cells(voice: Voice, keys: tuple[Expr, ...], when: Expr) -> list[str] | None:
    found: dict[int, list[Expr]] = {n: [] for n in range(len(keys))}
    if when != Const(True, YesNo()):
        for part in _parts(when):
            n = next((n for n, key in enumerate(keys) if _looks_at(part, key)), None)
            if n is None:
                return None
            found[n].append(part)
    return [_cell(voice, key, found[n]) for n, key in enumerate(keys)]


def _looks_at(part: Expr, key: Expr) -> bool:
    match part:
        case Compare(left=left):
            return left == key
        case Member(operand=operand):
            return operand == key
        case Not(operand=operand):
            return operand == key or _looks_at(operand, key)
        case Or(operands=operands):
            return any(_looks_at(one, key) for one in operands)
        case And(operands=operands):
            return any(_looks_at(one, key) for one in operands)
        case _:
            return part == key


def _cell(voice: Voice, key: Expr, parts: list[Expr]) -> str:
    if not parts:
        return "any"
    dates = [one for one in parts if isinstance(one, Compare) and isinstance(one.right, Const)]
    if len(dates) == len(parts) and all(isinstance(one.right, Const) for one in dates):
        bounds = {one.comparison: one for one in dates}
        first = dates[0].right
        if isinstance(first, Const) and isinstance(first.type, Date) and set(bounds) <= {"ge", "le"}:
            return _days(bounds.get("ge"), bounds.get("le"))
    return " and ".join(_one(voice, key, part) for part in parts)


def _days(lower: Compare | None, upper: Compare | None) -> str:
    start, end = _day(lower), _day(upper)
    if (
        start is not None
        and end is not None
        and (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
    ):
        if start.year == end.year:
            return f"in {start.year}"
    return window_words(start, end)


def _day(limit: Compare | None) -> datetime.date | None:
    if limit is not None and isinstance(limit.right, Const) and isinstance(limit.right.value, datetime.date):
        return limit.right.value
    return None


def window_words(start: datetime.date | None, until: datetime.date | None) -> str:
    """`from 1 January 2024 until 31 March 2025`; both days count."""
    parts = [f"from {long_date(start)}"] if start is not None else []
    return " ".join([*parts, *([f"until {long_date(until)}"] if until is not None else [])])


def _one(voice: Voice, key: Expr, part: Expr) -> str:
    """A condition about a key without the key."""
    match part:
        case Compare(comparison="eq", right=right):
            return voice.words(right)
        case Member(name=name) if name is not None:
            return among(name)
        case Member(options=options):
            return listed([voice.words(one) for one in options], "or")
        case Not(operand=operand) if operand == key:
            return "no"
        case _ if part == key:
            return "yes"
        case _:
            words, subject = voice.condition(part), voice.words(key)
            return words.replace(f"{subject} is ", "")  # what is said of the key, without the key
