"""What people call things: countries and parties with their article, names without underscores, citations by class."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Sequence
from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.program.core import Choose, Expr, Instrument
from policy_lang.program.countries import COUNTRIES
from policy_lang.program.schema import every

_WITH_ARTICLE = {
    *("Bahamas Comoros Congo Democratic Emirate Emirates Federation Federative Gambia Government").split(),
    *("Confederation Commonwealth Duchy Islands Kingdom Maldives Netherlands Philippines").split(),
    *("Agency Authority Commission Committee Council Department Ministry Office Secretary Treasury").split(),
    *("Principality Republic State States Sultanate Territories Territory Union").split(),
}
"""A name with one of these words has `the` before it: the United States, the Republic of Korea, the Netherlands."""

_MONTHS = "January February March April May June July August September October November December".split()

Class: TypeAlias = Literal["primary", "secondary", "unconfirmed", "own reading"]
CLASSES: tuple[Class, ...] = ("primary", "secondary", "unconfirmed", "own reading")


def spaced(name: str) -> str:
    """A name of the policy as a sentence has it."""
    return name.rpartition(".")[2].replace("_", " ")


def with_article(name: str) -> str:
    """A name with `the` where English wants it: `the United States`, `Japan`."""
    if name[:4] in ("the ", "The "):
        return f"the {name[4:]}"
    return f"the {name}" if _WITH_ARTICLE & set(re.findall(r"\w+", name.partition(" (")[0])) else name


def country_name(code: str) -> str:
    """A country by its name: `the United States` for US; the code itself where it has none."""
    name = COUNTRIES.get(code, code)
    if name.endswith("Republic)"):  # `Korea (Republic)`: the list of countries sorts by the short name
        short, _, kind = name.removesuffix(")").partition(" (")
        return f"the {kind} of {with_article(short)}"
    return with_article(name)


def a_or_an(words: str) -> str:
    """The words with the article of one among many: `an export duty`, `a vehicle`."""
    vowel = words[:1].lower() in "aeiou" and not re.match(r"(uni|use|eu|one\b)", words.lower())
    return f"{'an' if vowel else 'a'} {words}"


def plural(noun: str) -> str:
    """More than one of these: `vehicles`, `parties`, `boxes`."""
    if re.search(r"(s|x|z|ch|sh)$", noun):
        return f"{noun}es"
    return f"{noun[:-1]}ies" if re.search(r"[^aeiou]y$", noun) else f"{noun}s"


def is_or_are(name: str) -> str:
    """The verb after a name: `fees are`, `the price cap is`."""
    head = re.split(r"[ _](?:of|by|in|for|from|to|with|on|at|when)[ _]", name)[
        0
    ]  # `extracted by partners` is one
    last = head.rpartition(" ")[2].rpartition(".")[2].rpartition("_")[2]
    is_plural = last.endswith("s") and not last.endswith(("ss", "us", "is", "basis", "series", "means"))
    return "are" if is_plural and not name.startswith(("the ", "-", "(")) else "is"


def capital(sentence: str) -> str:
    """The sentence with a capital at its start."""
    return sentence[:1].upper() + sentence[1:]


def long_date(day: datetime.date) -> str:
    """`28 March 2023`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def long_dates(text: str) -> str:
    """A text with every date in it written out."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda m: long_date(datetime.date.fromisoformat(m[0])), text)


# ------------------------------------------------------------------------------ who acts


@frozen
class Actor:
    """Who must act: `the parties`, `neither party`, `the Government of Japan`."""

    words: str
    is_plural: bool
    is_negative: bool  # `no party`, `neither party`: the verb after it forbids

    def does(self, verb: str) -> str:
        """The actor with its verb, which is given as after `they`: `the parties intend to`, `Australia intends to`."""
        return f"{self.words} {verb if self.is_plural else singular(verb)}"


def actor_of(words: str, instrument: Instrument | None) -> Actor:
    """The actor of a clause; a country's code becomes the name that the header has for it."""
    names = dict(instrument.parties) if instrument is not None else {}
    if re.fullmatch(r"[A-Z]{2}", words):
        name = names.get(words)
        return Actor(with_article(name) if name else country_name(words), False, False)
    return Actor(words, words.startswith("the part"), words.startswith(("no ", "neither ")))


_INVARIABLE = {"shall", "should", "may", "must", "will", "can"}


def singular(verb: str) -> str:
    """A verb as after `it`; `shall` and its like do not change."""
    first, blank, rest = verb.partition(" ")
    if first in _INVARIABLE or not first:
        return verb
    ending = "es" if re.search(r"(s|x|z|ch|sh)$", first) else "s"
    return f"{first}{ending}{blank}{rest}"


# ------------------------------------------------------------------------------ citations


def cite_class(cite: str) -> Class:
    """How near a citation is to the text itself; without a class it is the text."""
    last = cite.rpartition(";")[2].strip()
    if last == "own reading":
        return "own reading"
    return "secondary" if last == "secondary" else "unconfirmed" if last == "unconfirmed" else "primary"


def cite_source(cite: str) -> str:
    """A citation without its class."""
    source, mark, last = cite.rpartition(";")
    return source.strip() if mark and last.strip() in CLASSES else cite.strip()


def cites_in(body: Expr) -> Iterator[str]:
    """What the cases and rows in an expression cite, in their order; not what the definitions it calls cite."""
    for node in every(body):
        if isinstance(node, Choose):
            for case in node.cases:
                yield from case.cites
            yield from node.cites


def in_classes(cites: Sequence[str]) -> dict[Class, list[str]]:
    """Citations by class, each once; only the classes that there are."""
    found: dict[Class, list[str]] = {}
    for one in CLASSES:
        own = [cite for cite in dict.fromkeys(cites) if cite_class(cite) == one]
        if own:
            found[one] = own
    return found
