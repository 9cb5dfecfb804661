"""From what instruments mean to one program: everything the outcomes rest on, in order, without circles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from policy_lang.meaning import problems
from policy_lang.meaning.digits import too_long
from policy_lang.meaning.names import Meant, NamedList
from policy_lang.program import core
from policy_lang.program.phrasing import ListMember, NamedMembers, Word
from policy_lang.program.schema import every
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.properties import Stated

LONGEST_CHAIN = 250


def assemble(meant: Meant, stated: Stated | None = None) -> tuple[core.Program, list[Diagnostic]]:
    """The program of one instrument with all that it uses, and with what is stated about it."""
    reach = meant.reach()
    definitions = {name: d for part in reach for name, d in part.definitions.items()}
    properties = stated.properties if stated is not None else ()
    definitions.update(stated.definitions if stated is not None else {})
    asked = [n for one in properties for e in one.expressions for n in sorted(called(e))]
    found: list[Diagnostic] = []
    roots = [name for outcome in meant.outcomes for name in sorted(called(outcome))]
    for part in (meant, *meant.uses):
        for record in part.records.values():
            for check, _ in record.checks:
                roots.extend(sorted(called(check)))
    roots.extend(sorted(meant.definitions))  # so that circles among unused rules are reported too
    ordered = _in_order([*roots, *asked], definitions, found)
    needed = _reached([n for o in meant.outcomes for n in sorted(called(o))] + asked, definitions, meant)
    assumptions = [a for part in reach for a in part.assumptions]
    found.extend(_clashes(assumptions))
    found.extend(too_long((definitions[name] for name in ordered), meant.outcomes))
    program = core.Program(
        meant.instrument.name,
        tuple(part.instrument for part in reach),
        tuple(_records(meant)),
        tuple(_case_facts(meant, reach, [d.body for name, d in definitions.items() if name in needed])),
        tuple(assumptions),
        tuple(territory for part in reach for territory in part.territories),
        tuple(definitions[name] for name in ordered if name in needed),
        tuple(meant.outcomes),
        tuple(
            (entry.name, tuple(str(m.value.value) for m in entry.members))
            for part in reach
            for entry in part.entries.values()
            if isinstance(entry, NamedList)
        ),
        tuple(meant.promises),
        tuple(named for part in reach for named in _lists(part)),
        tuple(word for part in reach for word in _words(part)),
        properties,
    )
    return program, found


def _lists(part: Meant) -> Iterator[NamedMembers]:
    for entry in part.entries.values():
        if isinstance(entry, NamedList):
            texts = tuple((start, _members(version, part)) for start, version in entry.versions)
            earlier = [cite for _, one in entry.versions for cite in one.cites]
            cites = tuple(dict.fromkeys((*earlier, *entry.cites)))
            yield attrs.evolve(_members(entry, part), cites=cites, texts=texts)


def _members(entry: NamedList, part: Meant) -> NamedMembers:
    members = tuple(
        ListMember(
            str(one.value.value),
            one.window.start.value if one.window.start is not None else None,
            one.window.end.value if one.window.end is not None else None,
        )
        for one in entry.members
    )
    name = part.instrument.name
    return NamedMembers(entry.name, entry.type, members, entry.open, entry.cites, name, span=entry.span)


def _words(part: Meant) -> Iterator[Word]:
    name = part.instrument.name
    for kind in part.kinds.values():
        yield Word("kind", kind.name.text, _label(kind.label), instrument=name)
        for member in kind.members:
            yield Word("word", member.name.text, _label(member.label), kind.name.text, member.hs, name)
    for status in part.statuses.values():
        yield Word("status", status.name.text, _label(status.label), instrument=name)
    for purpose in part.purposes.values():
        yield Word("purpose", purpose.name.text, _label(purpose.label), instrument=name)
    for act in part.acts.values():
        yield Word("act", act.name, act.label, instrument=name)


def _label(label: tree.Text | None) -> str:
    return label.text if label is not None else ""


def _records(meant: Meant) -> Iterator[core.RecordSchema]:
    """Parents before children."""
    for part in (meant, *meant.uses):
        waiting = list(part.records.values())
        done: set[str] = set()
        while waiting:
            ready = [r for r in waiting if r.parent is None or r.parent in done]
            if not ready:
                ready = waiting[:1]  # a circle, reported elsewhere
            for record in ready:
                done.add(record.name)
                yield attrs.evolve(record, instrument=part.instrument.name)
            waiting = [r for r in waiting if r.name not in done]


def _case_facts(meant: Meant, reach: list[Meant], bodies: list[core.Expr]) -> Iterator[core.CaseFact]:
    """Those of the policy, those that other files declare for all, and what else decides; each name once."""
    asked = {one.field for body in bodies for one in every(body) if isinstance(one, core.Fact)}
    done: set[str] = set()
    for part in reach:
        for fact in part.case_facts:
            is_open = part is meant or (part in meant.uses and fact.name not in part.deeds)
            if (is_open or fact.name in asked) and fact.name not in done:
                done.add(fact.name)
                yield attrs.evolve(fact, instrument=part.instrument.name)


def _clashes(assumptions: list[core.Assumption]) -> Iterator[Diagnostic]:
    seen: dict[str, core.Assumption] = {}
    for assumption in assumptions:
        earlier = seen.setdefault(assumption.name, assumption)
        if earlier is not assumption:
            yield problems.ALREADY_DEFINED.at(
                assumption.span,
                f"two instruments in use both assume `{assumption.name}`",
                label="assumed here",
                related=[(earlier.span, "and here")],
                help="give one of them another name, so that `--assume` can tell them apart",
            )


def called(node: object) -> set[str]:
    """The definitions that an expression or an outcome calls, found without recursion."""
    names: set[str] = set()
    waiting: list[object] = [node]
    while waiting:
        item = waiting.pop()
        if isinstance(item, core.Call):
            names.add(item.definition)
        if isinstance(item, tuple):
            waiting.extend(item)
        elif attrs.has(type(item)) and type(item).__module__ == core.__name__:
            waiting.extend(getattr(item, name) for name in getattr(type(item), "__match_args__", ()))
    return names


def _reached(roots: list[str], definitions: dict[str, core.Definition], meant: Meant) -> set[str]:
    for part in (meant, *meant.uses):
        for record in part.records.values():
            for check, _ in record.checks:
                roots.extend(called(check))
    # An author may ask for any value of the policy itself by name.
    roots.extend(name for name in meant.definitions if "#" not in name)
    needed: set[str] = set()
    waiting = list(roots)
    while waiting:
        name = waiting.pop()
        if name not in needed and name in definitions:
            needed.add(name)
            waiting.extend(called(definitions[name].body))
    return needed


def _in_order(
    roots: list[str], definitions: dict[str, core.Definition], found: list[Diagnostic]
) -> list[str]:
    """Every definition after those it calls; circles and endless chains are reported."""
    calls = {name: sorted(called(d.body) & definitions.keys()) for name, d in definitions.items()}
    ordered: list[str] = []
    depth: dict[str, int] = {}
    open_path: dict[str, None] = {}
    said: set[str] = set()
    for root in roots:
        stack: list[tuple[str, Iterator[str]]] = []
        if root in definitions and root not in depth:
            stack.append((root, iter(calls[root])))
            open_path[root] = None
        while stack:
            name, following = stack[-1]
            step = next(following, None)
            if step is None:
                stack.pop()
                del open_path[name]
                depth[name] = 1 + max((depth.get(c, 0) for c in calls[name]), default=0)
                ordered.append(name)
                if depth[name] == LONGEST_CHAIN + 1:
                    found.append(
                        problems.CHAIN_TOO_LONG.at(
                            definitions[name].span,
                            f"this rests on a chain of more than {LONGEST_CHAIN} definitions",
                            label="here",
                            help="let some of them stand side by side",
                        )
                    )
            elif step in open_path:
                circle = [*list(open_path)[list(open_path).index(step) :], step]
                if not said & set(circle):
                    found.append(_circle(circle, definitions))
                said.update(circle)
            elif step not in depth:
                open_path[step] = None
                stack.append((step, iter(calls[step])))
    return ordered


def _circle(circle: list[str], definitions: dict[str, core.Definition]) -> Diagnostic:
    first = definitions[circle[0]]
    names = [name.rpartition(".")[2].partition("#")[0] for name in circle]
    return problems.CIRCULAR_DEFINITION.at(
        first.span,
        f"`{names[0]}` rests on itself: {' -> '.join(f'`{name}`' for name in names)}",
        label="goes round in a circle",
        related=[(definitions[name].span, "through this") for name in circle[1:-1]][:3],
        help="decide one of them by facts alone",
    )
