"""Amendments of one instrument: in which order they come, and the text as it stood between any two of them.

Amendments look forward from the day they enter into force, or apply from another day where they say so; a
rectification corrects from the beginning (rule T3). Each version is a whole text of its own, understood like
any other; `consolidation` puts what they mean together.
"""

from __future__ import annotations

import datetime

import attrs
from attrs import frozen

from policy_lang.meaning import problems
from policy_lang.meaning.changes import Misfit, Target, changed, ended, overlap, targets
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.syntax import tree

_DAY = datetime.timedelta(days=1)
_HEADERS = (tree.Instrument, tree.ScenariosFor, tree.Scenario, tree.Property, tree.Facts, tree.Use)
MOST_VERSIONS = 200


@frozen
class Amendment:
    """A file that changes another, with the days on which its changes are part of the text.

    `start` is None for a rectification: from the beginning. `end` is the last day, None for ever.
    """

    file: tree.File
    header: tree.Instrument
    start: datetime.date | None
    end: datetime.date | None
    in_force: datetime.date
    signed: datetime.date

    @property
    def name(self) -> str:
        return self.header.name.text

    @property
    def title(self) -> str:
        """What people call it: its short title, its title, or its name in words."""
        said = {
            line.what: line.text.text
            for line in self.header.lines
            if isinstance(line, tree.HeaderText) and line.language is None
        }
        return said.get("short title") or said.get("title") or self.name.replace("_", " ")

    @property
    def order(self) -> tuple[datetime.date, datetime.date, str]:
        """By the day of its force, then by the day it was signed."""
        return self.in_force, self.signed, self.name

    @property
    def changes(self) -> tuple[tree.Item, ...]:
        return tuple(item for item in self.file.items if not isinstance(item, _HEADERS))


@frozen
class Origin:
    """Where a part of a consolidated text comes from."""

    amendment: Amendment
    verb: str  # "inserted", "replaced", ...


@frozen
class Version:
    """The text from one day on, until the next version starts; None: from the beginning."""

    start: datetime.date | None
    file: tree.File
    origins: dict[Target, tuple[Origin, ...]]
    gone: tuple[tuple[Target, Origin], ...]  # what was deleted


def amendment_of(
    file: tree.File, header: tree.Instrument, *, on_trial: bool
) -> tuple[Amendment | None, list[Diagnostic]]:
    """The amendment in a file; None when it is a draft, not in force, or does not say from when.

    One that is `on_trial` is taken in all the same: where it has no date, on the last day there is.
    """
    in_force: datetime.date | None = None
    end: datetime.date | None = None
    signed: datetime.date | None = None
    applies: datetime.date | None = None
    is_out = False
    for line in header.lines:
        match line:
            case tree.InForce(window=None):
                is_out = True
            case tree.InForce(window=tree.Window(start=first, end=last)):
                in_force = first.value if first is not None else None
                end = last.value if last is not None else end
            case tree.HeaderDate(what="signed", date=date):
                signed = date.value
            case tree.HeaderDate(date=date):
                end = date.value - _DAY if date.value > datetime.date.min else date.value
            case tree.AppliesFrom(date=date):
                applies = date.value
            case tree.Draft():
                is_out = True
            case _:
                pass
    if is_out:
        if not on_trial:
            return None, []
        in_force = in_force or datetime.date.max
    if in_force is None:
        return None, [
            problems.AMENDMENT_UNDATED.at(
                header.name.span,
                f"`{header.name.text}` does not say from when it is in force",
                label="from when?",
                help="add a line `in force from DATE`, or `not in force`, or `draft`",
            )
        ]
    start = applies or in_force if header.kind == "amendment" else applies
    return Amendment(file, header, start, end, in_force, signed or in_force), []


@frozen
class _Step:
    """One change with the days on which it is part of the text, both ends counted."""

    amendment: Amendment
    change: tree.Item
    targets: tuple[Target, ...]
    start: datetime.date | None
    end: datetime.date | None

    def is_part_of(self, day: datetime.date | None) -> bool:
        """Whether it counts in the version that starts on that day."""
        if self.start is not None and (day is None or day < self.start):
            return False
        return self.end is None or day is None or day <= self.end


def versions_of(base: tree.File, amendments: list[Amendment]) -> tuple[list[Version], list[Diagnostic]]:
    """Every version of a text, the first from the beginning, and what cannot be changed as written."""
    found: list[Diagnostic] = []
    steps = _steps(amendments)
    clashing = _say_clashes(steps, found)
    days: set[datetime.date] = set()
    for step in steps:
        if step.start is not None:
            days.add(step.start)
        if step.end is not None and step.end < datetime.date.max:
            days.add(step.end + _DAY)
    if len(days) > MOST_VERSIONS:
        found.append(
            problems.AMENDS_NOTHING.at(
                amendments[-1].header.name.span,
                f"the text would have more than {MOST_VERSIONS} versions",
                label="one of many amendments",
                help="write a consolidated text, and start again from there",
            )
        )
        days = set(sorted(days)[:MOST_VERSIONS])
    misfits: dict[int, Diagnostic] = {}
    fits: set[int] = set()
    versions = [
        _version(base, day, [step for step in steps if step.is_part_of(day)], misfits, fits)
        for day in (None, *sorted(days))
    ]
    found.extend(said for change, said in misfits.items() if change not in fits | clashing)
    return versions, found


def foreseen(versions: list[Version]) -> list[tree.File]:
    """The text of each version, with an end that a later one brings: before that day it changes nothing."""
    files = [version.file for version in versions]
    for n in range(len(files) - 2, -1, -1):
        last = _last_day(files[n + 1])
        start = versions[n + 1].start
        if last is None or start is None or last < start - _DAY or last == datetime.date.max:
            continue
        ceases = tree.HeaderDate("ceases", tree.DateLit(last + _DAY))
        items = tuple(
            ended(item, ceases) if isinstance(item, tree.Instrument) else item for item in files[n].items
        )
        files[n] = attrs.evolve(files[n], items=items)
    return files


def _last_day(file: tree.File) -> datetime.date | None:
    header = next((item for item in file.items if isinstance(item, tree.Instrument)), None)
    found: datetime.date | None = None
    for line in header.lines if header is not None else ():
        match line:
            case tree.HeaderDate(what="ceases", date=date) if date.value > datetime.date.min:
                found = date.value - _DAY
            case tree.InForce(window=tree.Window(end=tree.DateLit(value=last))):
                found = last
            case _:
                pass
    return found


def _steps(amendments: list[Amendment]) -> list[_Step]:
    """All changes in order."""
    steps: list[_Step] = []
    for amendment in sorted(amendments, key=lambda one: one.order):
        for change in amendment.changes:
            about = targets(change)
            start = amendment.start
            if start is None:  # a rectification corrects the words that stand there, from when they do
                start = max(
                    (s.start for s in steps if s.start is not None and _meet(s.targets, about)), default=None
                )
            steps.append(_Step(amendment, change, about, start, amendment.end))
    return steps


def _say_clashes(steps: list[_Step], found: list[Diagnostic]) -> set[int]:
    """Reports two changes of one day to one thing, and gives the later of them."""
    clashing: set[int] = set()
    for n, late in enumerate(steps):
        for early in steps[:n]:
            same_day = early.amendment.order[:2] == late.amendment.order[:2]
            if same_day and early.amendment is not late.amendment and _meet(early.targets, late.targets):
                clashing.add(id(late.change))
                found.append(
                    problems.AMENDMENTS_CLASH.at(
                        late.change.span,
                        f"`{late.amendment.name}` and `{early.amendment.name}` change the same thing "
                        "from the same day",
                        label="changed here",
                        related=[(early.change.span, "and here")],
                        help="say in both headers when each was signed, or let one of them do it",
                    )
                )
    return clashing


def _meet(left: tuple[Target, ...], right: tuple[Target, ...]) -> bool:
    return any(overlap(a, b) for a in left for b in right)


def _version(
    base: tree.File,
    day: datetime.date | None,
    steps: list[_Step],
    misfits: dict[int, Diagnostic],
    fits: set[int],
) -> Version:
    items = base.items
    origins: dict[Target, tuple[Origin, ...]] = {}
    gone: list[tuple[Target, Origin]] = []
    damaged, lost = set(base.damaged), set(base.lost)
    for step in steps:
        damaged |= step.amendment.file.damaged
        lost |= step.amendment.file.lost
        try:
            items = changed(items, step.change, step.start or step.amendment.in_force)
        except Misfit as misfit:
            if not lost & {name for target in step.targets for name in target}:
                misfits[id(step.change)] = misfit.diagnostic
            continue
        fits.add(id(step.change))
        for target in step.targets:
            origin = Origin(step.amendment, _verb(step.change))
            thing = target[:2]
            if isinstance(step.change, tree.Deleted):
                origins.pop(thing, None)
                gone.append((thing, origin))
            else:
                origins[thing] = (*origins.get(thing, ()), origin)
    file = attrs.evolve(base, items=items, comments=(), damaged=frozenset(damaged), lost=frozenset(lost))
    return Version(day, file, origins, tuple(gone))


def _verb(change: tree.Item) -> str:
    match change:
        case tree.ReplacedClause() | tree.ReplacedRule() | tree.ReplacedTable() | tree.ReplacedDefence():
            return "replaced"
        case tree.Means(now=True):
            return "replaced"
        case tree.Deleted():
            return "deleted"
        case tree.ChangedForce():
            return "suspended"
        case tree.Terminated():
            return "terminated"
        case tree.ChangedMembers() | tree.ChangedRows() | tree.ChangedDate() | tree.ChangedParty():
            return "amended"
        case _:
            return "inserted"
