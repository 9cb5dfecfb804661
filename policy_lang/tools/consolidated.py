"""The consolidated text of an instrument as it stood on one day, with where every changed part comes from."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import attrs
from attrs import frozen

from policy_lang.meaning.amendments import Amendment, Origin, Version
from policy_lang.meaning.changes import HEADER, Target, targets
from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.syntax import tree
from policy_lang.syntax.to_source import to_source


@frozen
class Consolidated:
    """A text as of one day. It can be read as a policy file; the marks in it are comments.

    `changed` has what amendments did: the clause, rule, table or definition, the verb, the amendment and the
    first day on which it reads so.
    """

    name: str
    text: str
    amendments: tuple[tuple[str, str, str], ...]  # name, title, from when
    to_come: tuple[tuple[str, str, str], ...]
    changed: tuple[tuple[str, str, str, str], ...]


def consolidated(path: Path, day: datetime.date) -> tuple[Consolidated | None, tuple[Diagnostic, ...]]:
    """The text of the instrument in this file, or of the one that it amends; None where it has mistakes."""
    library = Library()
    if library.declare(path).is_out:
        library = library.trying(path)
    compiled, diagnostics = compile_file(path, library)
    if compiled.program is None:
        return None, diagnostics
    policy = library.policy_of(path)
    base = library.files[policy.resolve()]
    name = library.declare(policy).name
    versions = library.versions.get(policy.resolve(), ())
    if not versions:
        return Consolidated(name, to_source(base), (), (), ()), diagnostics
    version = [v for v in versions if v.start is None or v.start <= day][-1]
    taken: dict[str, Amendment] = {}
    for one in versions:
        for origin in _origins(one):
            taken.setdefault(origin.amendment.name, origin.amendment)
    ordered = sorted(taken.values(), key=lambda one: one.order)
    begun = tuple(_said(one) for one in ordered if one.start is None or one.start <= day)
    to_come = tuple(_said(one) for one in ordered if one.start is not None and one.start > day)
    return (
        Consolidated(
            name, _text(base, version, day, begun, to_come), begun, to_come, tuple(_changed(version))
        ),
        diagnostics,
    )


def _origins(version: Version) -> Iterator[Origin]:
    for origins in version.origins.values():
        yield from origins
    for _, origin in version.gone:
        yield origin


def _said(amendment: Amendment) -> tuple[str, str, str]:
    start = "the beginning" if amendment.start is None else str(amendment.start)
    return amendment.name, amendment.title, start


def _changed(version: Version) -> Iterator[tuple[str, str, str, str]]:
    for target, origins in version.origins.items():
        for origin in origins:
            yield _what(target), origin.verb, *_by(origin)
    for target, origin in version.gone:
        yield _what(target), origin.verb, *_by(origin)


def _what(target: Target) -> str:
    if target == HEADER:
        return "header"
    kind, name = target[:2]
    return name if kind == "definition" else f"{kind} {name}"


def _by(origin: Origin) -> tuple[str, str]:
    return origin.amendment.name, _said(origin.amendment)[2]


def _text(
    base: tree.File,
    version: Version,
    day: datetime.date,
    begun: tuple[tuple[str, str, str], ...],
    to_come: tuple[tuple[str, str, str], ...],
) -> str:
    """The text in parts: stretches of the first text with their comments, and what was changed between them."""
    parts = [_head(day, begun, to_come)]
    comments = _comments_by_item(base)
    stretch: list[tree.Item] = []

    def end_stretch() -> None:
        if stretch:
            kept = tuple(comment for item in stretch for comment in comments.get(id(item), ()))
            parts.append(to_source(tree.File(base.source, tuple(stretch), kept)))
            stretch.clear()

    first = {id(item) for item in base.items}
    for item in version.file.items:
        if id(item) in first:
            stretch.append(item)
            continue
        end_stretch()
        parts.append("".join(_marks(item, version)) + to_source(tree.File(base.source, (_plain(item),))))
    end_stretch()
    for target, origin in version.gone:
        name, start = _by(origin)
        parts.append(f"# {_what(target)}: deleted by {name}, from {start}\n")
    return "\n".join(parts)


def _head(
    day: datetime.date,
    begun: tuple[tuple[str, str, str], ...],
    to_come: tuple[tuple[str, str, str], ...],
) -> str:
    lines = [f"consolidated text as of {day}; what bears no mark stands as first written"]
    lines += [f"amended by {name} ({title}), from {start}" for name, title, start in begun]
    lines += [f"still to come: {name} ({title}), from {start}" for name, title, start in to_come]
    return "".join(f"# {line}\n" for line in lines)


def _marks(item: tree.Item, version: Version) -> Iterator[str]:
    about: tuple[Target, ...] = (HEADER,) if isinstance(item, tree.Instrument) else targets(item)
    origins = [
        origin
        for target, found in version.origins.items()
        for origin in found
        if target[:2] in [one[:2] for one in about]
        or (isinstance(item, tree.Instrument) and target[0] == "party")
    ]
    said = dict.fromkeys((origin.verb, *_by(origin)) for origin in origins)
    for verb, name, start in said:
        yield f"# {verb} by {name}, from {start}\n"
    for line in item.lines if isinstance(item, tree.Clause) else ():
        if isinstance(line, tree.Application):
            yield f"# applies to {line.event.text} falling due from {line.start.value}\n"


def _plain(item: tree.Item) -> tree.Item:
    """The item without what only an amendment can say."""
    if isinstance(item, tree.Clause):
        lines = tuple(line for line in item.lines if not isinstance(line, tree.Application))
        return attrs.evolve(item, lines=lines)
    return item


def _comments_by_item(base: tree.File) -> dict[int, list[tree.Comment]]:
    """Each comment with the item it is in or at the end of, else with the item below it."""
    found: dict[int, list[tree.Comment]] = {}
    items = list(base.items)
    for comment in base.comments:
        place = comment.span.start
        begun = [item for item in items if item.span.start <= place]
        last = begun[-1] if begun else None
        text = base.source.text
        inside = last is not None and (
            place < last.span.end or "\n" not in text[last.span.end : place].rstrip(" ")
        )
        following = items[len(begun)] if len(begun) < len(items) else last
        owner = last if inside else following
        if owner is not None:
            found.setdefault(id(owner), []).append(comment)
    return found
