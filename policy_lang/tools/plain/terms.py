"""The words, lists and territories of a policy in plain sentences."""

from __future__ import annotations

from collections.abc import Sequence

from policy_lang.program.core import (
    Call,
    Member,
    Program,
)
from policy_lang.program.phrasing import NamedMembers, Word
from policy_lang.program.sentences import listed
from policy_lang.program.titles import (
    capital,
    country_name,
    spaced,
)
from policy_lang.program.types import (
    Enumeration,
)
from policy_lang.tools.plain.points import Block, Item, Point
from policy_lang.tools.plain.reach import (
    MOST_WORDS,
    is_own,
    nodes_of,
    shown_records,
    title_of,
)
from policy_lang.tools.plain.rules import window_words
from policy_lang.tools.plain.values import quoted, value_words


def word_items(program: Program) -> list[Item]:
    """The words with a meaning of their own: those of the policy, and those of others that it uses."""
    used = _used_names(program)
    found: list[Item] = []
    for word in program.words:
        if word.what == "word" or not (is_own(program, word) or (word.what, word.name) in used):
            continue
        if word.what == "kind" and not is_own(program, word):
            members = [one for one in program.words if one.of == word.name]
            shown = [one for one in members if ("word", one.name) in used]
        else:
            shown = [
                one for one in program.words if one.of == word.name and one.instrument == word.instrument
            ]
        if word.what == "kind" and not shown:
            continue
        found.append(_word_item(word, shown if word.what == "kind" else [], program))
    return found


def _word_item(word: Word, members: Sequence[Word], program: Program) -> Item:
    label = _plain_label(word)
    blocks: list[Block] = [Point(capital(label))] if label else []
    if members:
        total = sum(one.of == word.name for one in program.words)
        opening = (
            "it is one of these" if total == len(members) else "among others, of which nothing is said here"
        )
        blocks.append(Point(capital(opening), tuple(_member_point(one) for one in members)))
    if word.what == "status":
        blocks.extend(_granted_by(word, program))
    of = "" if is_own(program, word) else f", from “{title_of(program, word.instrument)}”"
    return Item(word.what, word.name, f"{quoted(word.name)} ({_what_words(word)}{of})", tuple(blocks))


def _what_words(word: Word) -> str:
    return "kind of thing" if word.what == "kind" else word.what


def _plain_label(word: Word) -> str:
    return "" if word.label.lower() == spaced(word.name) else word.label


def _member_point(word: Word) -> Point:
    label = f": {word.label}" if _plain_label(word) else ""
    headings = [one.removeprefix("HS ") for one in word.headings]
    found = f" (HS {', '.join(headings)})" if headings else ""
    return Point(f"{spaced(word.name)}{label}{found}")


def _granted_by(word: Word, program: Program) -> list[Point]:
    granting: dict[str, int] = {}
    for one in program.definitions:
        if one.grant is not None and one.grant.status == word.name and one.name.endswith("#any_good"):
            granting[one.instrument] = granting.get(one.instrument, 0) + 1
    if not granting:
        return []
    texts = [
        f"{count} clause{'' if count == 1 else 's'} of “{title_of(program, name)}”"
        for name, count in granting.items()
    ]
    return [Point(f"It is granted by {listed(texts, 'and')}, on the terms stated there")]


def _used_names(program: Program) -> set[tuple[str, str]]:
    """The words of other files that this policy speaks of."""
    found: set[tuple[str, str]] = set()
    for outcome in program.outcomes:
        phrasing = outcome.phrasing
        if phrasing is not None and phrasing.act:
            found.add(("act", phrasing.act))
        if phrasing is not None and phrasing.grant is not None:
            found.add(("status", phrasing.grant.status))
            found.update(("purpose", one) for one in phrasing.grant.purposes)
    found.update(("purpose", one) for one in program.instruments[0].serves)
    own = {one.name: one for one in program.definitions}
    for node in nodes_of(program):
        if isinstance(node, Call) and node.bind is not None:
            grant = own[node.definition].grant if node.definition in own else None
            if grant is not None:
                found.add(("status", grant.status))
    for record in shown_records(program):
        if record.instrument != program.name:
            for one in record.fields:
                if (
                    isinstance(one.type, Enumeration)
                    and one.type.name
                    and len(one.type.members) <= MOST_WORDS
                ):
                    found.add(("kind", one.type.name))
                    found.update(("word", member) for member in one.type.members)
    return found


def shown_lists(program: Program) -> list[NamedMembers]:
    """The lists of the policy, and those of others that it names."""
    named = {node.name for node in nodes_of(program) if isinstance(node, Member) and node.name is not None}
    return [one for one in program.lists if is_own(program, one) or one.name in named]


def list_item(program: Program, one: NamedMembers) -> Item:
    """A named list with its members and the days of their membership."""
    members = [
        value_words(member.value, one.type)
        + (f" ({window_words(member.start, member.until)})" if member.start or member.until else "")
        for member in one.members
    ]
    verb = "includes" if one.open else "means"
    blocks: list[Block] = [Point(f"{capital(quoted(one.name))} {verb} {listed(members, 'and')}")]
    if one.open:
        blocks.append(Point("Whether anything else belongs to it is left to the facts"))
    of = "" if is_own(program, one) else f", from “{title_of(program, one.instrument)}”"
    return Item("definition", one.name, f"{quoted(one.name)} (list{of})", tuple(blocks), one.cites)


def territory_items(program: Program) -> list[Item]:
    """Which dependent territories count as part of the country they depend on."""
    points = tuple(
        Point(
            f"{capital(country_name(code))} {'counts' if included else 'does not count'} as part of "
            f"{country_name(whole)}"
        )
        for code, whole, included in program.territories
    )
    return [Item("territories", "", "Dependent territories", points)] if points else []
