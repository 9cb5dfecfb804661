"""The types that an author wrote, for fields, rules, tables and determinations."""

from __future__ import annotations

from typing import assert_never

from policy_lang.meaning import problems
from policy_lang.meaning.names import (
    Names,
    enumeration,
)
from policy_lang.program.hs import EDITIONS
from policy_lang.program.types import (
    Country,
    Date,
    DateSpan,
    Enumeration,
    HsCode,
    ListOf,
    Money,
    Number,
    Percent,
    Period,
    Quantity,
    Text,
    Type,
    Unresolved,
    YesNo,
)
from policy_lang.syntax import tree

_TYPE_WORDS = tuple("number percent money quantity date period text country".split())
"""The types that are words of the language: a slip in one of them reads like a kind of its own."""


def to_type(node: tree.TypeExpr, names: Names) -> Type:
    """The type that an author wrote; an unknown name is reported and gives something unresolved."""
    match node:
        case tree.TypeYesNo():
            return YesNo()
        case tree.TypeNumber(whole=whole):
            return Number(whole)
        case tree.TypePercent():
            return Percent()
        case tree.TypeMoney(currency=currency):
            return Money(currency)
        case tree.TypeQuantity(unit=unit):
            name = tree.Name(unit, span=node.span)
            return Quantity(unit) if names.unit(name) is not None else Unresolved()
        case tree.TypeHs(edition=edition):
            found_edition = edition or names.edition(node.span)
            if edition is not None and edition not in EDITIONS:
                names.say(
                    problems.BAD_HS_CODE.at(
                        node.span,
                        f"there is no edition `HS {edition}`",
                        label="not an edition",
                        help=f"the editions are those of {', '.join(EDITIONS)}",
                    )
                )
                return Unresolved()
            return HsCode(found_edition) if found_edition is not None else Unresolved()
        case tree.TypePlain(word=word):
            plain: dict[str, Type] = {
                "date": Date(),
                "period": Period(),
                "span": DateSpan(),
                "text": Text(),
                "country": Country(),
            }
            return plain[word]
        case tree.TypeList(record=record):
            found = names.look_up("records", record, "no record is called")
            return ListOf(record.text) if found is not None else Unresolved()
        case tree.TypeNamed(name=name):
            kind = names.look_up("kinds", name, "no kind of thing is called", _TYPE_WORDS)
            return enumeration(kind) if isinstance(kind, tree.Kind) else Unresolved()
        case tree.TypeWords(words=words):
            say_repeated(words, names)
            return Enumeration(None, tuple(word.text for word in words))
    assert_never(node)


def say_repeated(words: tuple[tree.Name, ...], names: Names) -> None:
    """Reports words that stand twice in a list."""
    seen: dict[str, tree.Name] = {}
    for word in words:
        earlier = seen.setdefault(word.text, word)
        if earlier is not word:
            names.say(
                problems.ALREADY_DEFINED.at(
                    word.span,
                    f"`{word.text}` stands twice in this list",
                    label="again",
                    related=[(earlier.span, "first here")],
                    help="leave one of them out",
                )
            )
