"""One change of an amendment, made to the items of a text (rule T4)."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any, TypeAlias, TypeVar, assert_never

import attrs

from policy_lang.meaning import problems
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.suggest import closest
from policy_lang.source.text import Span
from policy_lang.syntax import tree

Target: TypeAlias = tuple[str, ...]
"""What a change is about: `("clause", "review")`; a member of a list has its own name behind."""

HEADER: Target = ("header",)

_KINDS: dict[tree.ItemWord, tuple[type[Any], ...]] = {
    "clause": (tree.Clause,),
    "rule": (tree.Rule,),
    "table": (tree.Table,),
    "exception": (tree.Defence,),
    "definition": (tree.Means, tree.Assume),
}
_FIXED = (
    tree.Record,
    tree.Kind,
    tree.Unit,
    tree.Act,
    tree.Status,
    tree.Purpose,
    tree.Event,
    tree.Determination,
)
"""What an amendment can add, but never change: facts keep their shape whatever the date."""

_AFTER = (tree.Facts, tree.Property, tree.Scenario)
_Named = TypeVar("_Named")


class Misfit(Exception):
    """A change that cannot be made, with what is to be said about it. Never leaves this floor."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def targets(change: tree.Item) -> tuple[Target, ...]:
    """Everything that a change is about."""
    match change:
        case tree.ChangedMembers(name=name, changes=members):
            return tuple(("definition", name.text, member.name.text) for member in members)
        case tree.ReplacedClause(name=name) | tree.Clause(name=name):
            return (("clause", name.text),)
        case tree.ChangedForce(name=tree.Name(text=text)):
            return (("clause", text),)
        case tree.ReplacedRule(name=name) | tree.Rule(name=name):
            return (("rule", name.text),)
        case tree.ReplacedTable(name=name) | tree.ChangedRows(name=name) | tree.Table(name=name):
            return (("table", name.text),)
        case tree.ReplacedDefence(name=name) | tree.Defence(name=name):
            return (("exception", name.text),)
        case tree.Means(name=name) | tree.Assume(name=name):
            return (("definition", name.text),)
        case tree.Deleted(what=what, name=name) | tree.ChangedDate(what=what, name=tree.Name() as name):
            return ((what, name.text),)
        case tree.ChangedParty(code=code):
            return (("party", code.text),)
        case tree.ChangedForce() | tree.ChangedDate() | tree.Terminated():
            return (HEADER,)
        case _:
            return ()


def overlap(left: Target, right: Target) -> bool:
    """Whether two changes are about one thing, or about a thing and a part of it."""
    shorter = min(len(left), len(right))
    return left[:shorter] == right[:shorter]


def changed(items: tuple[tree.Item, ...], change: tree.Item, day: datetime.date) -> tuple[tree.Item, ...]:
    """The items after a change that takes effect on that day. Raises `Misfit` where it cannot be made."""
    match change:
        case tree.ReplacedClause(name=name, label=label, form=form, lines=lines, certainty=sure, cites=cites):
            clause = _find(items, "clause", name, tree.Clause)
            new: tree.Item = tree.Clause(
                name, label or clause.label, form, lines, sure, cites, span=change.span
            )
            return _put(items, clause, new)
        case tree.ReplacedRule(name=name, label=label, cases=cases, exceptions=exceptions, cites=cites):
            rule = _find(items, "rule", name, tree.Rule)
            label = label or rule.label
            new = tree.Rule(name, rule.record, rule.type, label, cases, exceptions, cites, span=change.span)
            return _put(items, rule, new)
        case tree.ReplacedTable(name=name, label=label, rows=rows, cites=cites):
            table = _find(items, "table", name, tree.Table)
            new = attrs.evolve(
                table, name=name, label=label or table.label, rows=rows, cites=cites, span=change.span
            )
            return _put(items, table, new)
        case tree.ReplacedDefence(name=name, label=label, lines=grounds, cites=cites):
            defence = _find(items, "exception", name, tree.Defence)
            label = label or defence.label
            new = tree.Defence(name, defence.clause, label, grounds, cites, span=change.span)
            return _put(items, defence, new)
        case tree.Deleted(what=what, name=name):
            gone = _find(items, what, name, object)
            return tuple(item for item in items if item is not gone)
        case tree.ChangedMembers():
            named = _find(items, "definition", change.name, tree.Means)
            return _put(items, named, _with_members(named, change))
        case tree.ChangedRows():
            table = _find(items, "table", change.name, tree.Table)
            return _put(items, table, _with_rows(table, change))
        case tree.ChangedDate(what=what, name=tree.Name() as name):
            item = _find(items, what, name, object)
            return _put(items, item, _redated(item, change))
        case tree.ChangedDate():
            header = _header(items)
            return _put(items, header, _redated(header, change))
        case tree.ChangedForce(name=tree.Name() as name, suspended=suspended):
            clause = _find(items, "clause", name, tree.Clause)
            cites = (*clause.cites, *change.cites)
            return _put(items, clause, attrs.evolve(clause, lines=(*clause.lines, suspended), cites=cites))
        case tree.ChangedForce(suspended=suspended):
            header = _header(items)
            return _put(items, header, attrs.evolve(header, lines=(*header.lines, suspended)))
        case tree.Terminated(on=on):
            header = _header(items)
            ceases = on or tree.DateLit(day, span=change.span)
            return _put(items, header, ended(header, tree.HeaderDate("ceases", ceases, span=change.span)))
        case tree.ChangedParty():
            header = _header(items)
            return _put(items, header, _with_party(header, change))
        case tree.Means(now=True, name=name):
            named = _find(items, "definition", name, tree.Means)
            return _put(items, named, attrs.evolve(change, now=False))
        case _:
            return _inserted(items, change)


def _inserted(items: tuple[tree.Item, ...], item: tree.Item) -> tuple[tree.Item, ...]:
    """The items with a new one behind the others, before the scenarios."""
    name = _name_of(item)
    for there in items:
        if name is not None and _is_same_name(there, item):
            if isinstance(item, _FIXED):
                help = "give it another name: what facts look like stays as it is, whatever the date"
            else:
                help = f"write `{_say(item)} {name.text} is replaced`, or give it another name"
                if isinstance(item, tree.Means):
                    help = f"write `{name.text} now means ...`, or give it another name"
            raise Misfit(
                problems.ALREADY_DEFINED.at(
                    name.span,
                    f"`{name.text}` is there already",
                    label="inserted here",
                    related=[(earlier.span, "defined here")] if (earlier := _name_of(there)) else (),
                    help=help,
                )
            )
    if isinstance(item, tree.Clause | tree.Rule | tree.Table):
        item = attrs.evolve(item, inserted=False)
    place = next((n for n, there in enumerate(items) if isinstance(there, _AFTER)), len(items))
    return (*items[:place], item, *items[place:])


def _is_same_name(left: tree.Item, right: tree.Item) -> bool:
    for kinds in ((tree.Clause, tree.Defence, tree.Rule, tree.Table, tree.Means, tree.Assume), *_FIXED_KINDS):
        if isinstance(left, kinds) and isinstance(right, kinds):
            return _name_of(left) == _name_of(right)
    return False


def _name_of(item: object) -> tree.Name | None:
    name = getattr(item, "name", None)
    return name if isinstance(name, tree.Name) else None


_FIXED_KINDS: tuple[tuple[type[Any], ...], ...] = (
    (tree.Record, tree.Kind),
    (tree.Unit,),
    (tree.Act,),
    (tree.Status,),
    (tree.Purpose,),
    (tree.Event, tree.Determination),
)


def _say(item: object) -> str:
    return next(
        (word for word, kinds in _KINDS.items() if isinstance(item, kinds) and word != "definition"), ""
    )


def _find(items: Iterable[tree.Item], what: tree.ItemWord, name: tree.Name, kind: type[_Named]) -> _Named:
    kinds = _KINDS[what]
    there = [item for item in items if isinstance(item, kinds)]
    for item in there:
        if _name_of(item) == name and isinstance(item, kind):
            return item
    named = "" if what == "definition" else f"{what} "
    near = closest(name.text, [n.text for item in there if isinstance(item, kind) and (n := _name_of(item))])
    others = {n.text: item for item in items if isinstance(item, tuple(_ALL)) and (n := _name_of(item))}
    if near is None and name.text in others:
        other = others[name.text]
        help = f"`{name.text}` is a {_say(other) or 'definition'}: say so"
    else:
        help = (
            f"did you mean `{near}`?" if near is not None else "it may have another name, or be gone by then"
        )
    raise Misfit(
        problems.AMENDS_NOTHING.at(
            name.span, f"there is no {named}`{name.text}` to change", label="not there", help=help
        )
    )


_ALL: list[type[Any]] = [kind for kinds in _KINDS.values() for kind in kinds]


def _header(items: Iterable[tree.Item]) -> tree.Instrument:
    return next(item for item in items if isinstance(item, tree.Instrument))


def _put(items: tuple[tree.Item, ...], old: object, new: tree.Item) -> tuple[tree.Item, ...]:
    return tuple(new if item is old else item for item in items)


def _with_members(named: tree.Means, change: tree.ChangedMembers) -> tree.Means:
    members = list(named.members)
    for one in change.changes:
        there = [member for member in members if member.name.text == one.name.text]
        if one.added:
            if there:
                raise _nothing(one.span, f"`{one.name.text}` belongs to `{named.name.text}` already")
            members.append(tree.Member(one.name, tree.Window(), span=one.span))
        elif not there:
            raise _nothing(one.span, f"`{one.name.text}` does not belong to `{named.name.text}`")
        else:
            members = [member for member in members if member.name.text != one.name.text]
    if not members:
        raise _nothing(change.span, f"nothing is left of `{named.name.text}`")
    return attrs.evolve(named, members=tuple(members), cites=(*named.cites, *change.cites))


def _with_rows(table: tree.Table, change: tree.ChangedRows) -> tree.Table:
    rows = list(table.rows)
    for one in change.changes:
        match one:
            case tree.RemovedRow(keys=keys):
                kept = [row for row in rows if row.keys != keys]
                if len(kept) == len(rows):
                    raise _nothing(one.span, f"`{table.name.text}` has no row with these keys")
                rows = kept
            case tree.AddedRow(row=row):
                if any(there.keys == row.keys for there in rows):
                    raise _nothing(one.span, f"`{table.name.text}` has a row with these keys already")
                place = next((n for n, there in enumerate(rows) if not there.keys), len(rows))
                rows.insert(len(rows) if not row.keys else place, row)
            case _:
                assert_never(one)
    if not rows:
        raise _nothing(change.span, f"no row is left of `{table.name.text}`")
    return attrs.evolve(table, rows=tuple(rows), cites=(*table.cites, *change.cites))


def ended(header: tree.Instrument, end: tree.HeaderDate) -> tree.Instrument:
    """The header with another end; an end that was to come earlier stays."""
    lines: list[tree.HeaderLine] = []
    for line in header.lines:
        match line:
            case tree.HeaderDate(what="ceases", date=date) if date.value <= end.date.value:
                return header
            case tree.HeaderDate(what="ceases"):
                continue
            case tree.InForce(window=tree.Window(end=tree.DateLit() as last) as window):
                if last.value < end.date.value:
                    return header
                lines.append(attrs.evolve(line, window=attrs.evolve(window, end=None)))
            case _:
                lines.append(line)
    return attrs.evolve(header, lines=(*lines, end))


def _with_party(header: tree.Instrument, change: tree.ChangedParty) -> tree.Instrument:
    lines: list[tree.HeaderLine] = []
    found = False
    for line in header.lines:
        if isinstance(line, tree.Parties) and not found:
            found = True
            there = any(code.text == change.code.text for code, _ in line.parties)
            if change.added is not None and there:
                raise _nothing(change.code.span, f"`{change.code.text}` is a party already")
            if change.added is None and not there:
                raise _nothing(change.code.span, f"`{change.code.text}` is not a party")
            parties = tuple(one for one in line.parties if one[0].text != change.code.text)
            if change.added is not None:
                parties = (*parties, (change.code, change.added))
            if parties:
                lines.append(attrs.evolve(line, parties=parties))
        else:
            lines.append(line)
    if not found:
        raise _nothing(change.span, "the header names no parties")
    return attrs.evolve(header, lines=tuple(lines))


def _nothing(span: Span, message: str) -> Misfit:
    return Misfit(
        problems.AMENDS_NOTHING.at(
            span, message, label="here", help="compare the amendment with the text it changes"
        )
    )


def _redated(item: Any, change: tree.ChangedDate) -> Any:
    """The item with one date put in the place of another, wherever it stands."""
    new, count = _put_date(item, change.old.value, change.new)
    if not count:
        place = "the header" if change.name is None else f"`{change.name.text}`"
        raise _nothing(change.old.span, f"{change.old.value} does not stand in {place}")
    if change.name is not None and hasattr(new, "cites"):
        new = attrs.evolve(new, cites=(*new.cites, *change.cites))
    return new


def _put_date(node: Any, old: datetime.date, new: tree.DateLit) -> tuple[Any, int]:
    """Trees are at most as deep as the limit for nesting allows."""
    if isinstance(node, tree.DateLit):
        return (new, 1) if node.value == old else (node, 0)
    if isinstance(node, tuple):
        parts = [_put_date(part, old, new) for part in node]
        count = sum(n for _, n in parts)
        return (tuple(part for part, _ in parts), count) if count else (node, 0)
    if not tree.is_node(node):
        return node, 0
    found: dict[str, Any] = {}
    count = 0
    for name in getattr(type(node), "__match_args__", ()):
        part, n = _put_date(getattr(node, name), old, new)
        if n:
            found[name] = part
            count += n
    if not count:
        return node, 0
    if isinstance(node, tree.KeyWindow):
        found["whole_year"] = False
    return attrs.evolve(node, **found), count
