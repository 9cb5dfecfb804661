"""What a suggested scenario tries, in words."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from attrs import frozen

from policy_lang.program.core import Program
from policy_lang.tools.coverage.items import Item, Items
from policy_lang.tools.suggest.cases import Asked, Tried
from policy_lang.tools.suggest.edges import Edge, Edges

_WIDEST = 100
_DAY = datetime.timedelta(days=1)


@frozen
class Labels:
    """Words for everything that can be tried in one policy."""

    program: Program
    items: Items
    edges: Edges

    def of(self, outcome: str, tried: Tried, turns: frozenset[Tried], asked: Asked) -> str:
        """The name of a scenario: the outcome, then what is special about the case, its limits first."""
        edges = sorted(one for one in turns if one[0] in self.edges.found and one != tried)
        inner = [one for one in edges if not self._is_day_of_text(one)]
        special = self.special(tried, asked)
        if inner and (tried[0] not in self.edges.found or self._is_day_of_text(tried)):
            special = self.special(inner[0], asked)
        return f"{named(outcome)}: {special}"

    def _is_day_of_text(self, tried: Tried) -> bool:
        return self.edges.found[tried[0]].span.text.replace("_", "").isalnum()

    def special(self, tried: Tried, asked: Asked) -> str:
        """What is special about a case, without saying what should come of it."""
        key, want = tried
        if isinstance(key, tuple) and key[0] == "duty":
            return want
        if want in ("unknown", "undetermined") and asked.needs:
            return f"{_missing(asked.needs)} not known"
        edge = self.edges.found.get(key)
        if edge is not None:
            return self._edge(edge, want)
        written = self.edges.written.get(key)
        if written is not None and written.options:
            if want == "all":
                return f"one for each of {_plain(written.words)}" if written.words else "one for each word"
            return _plain(want.removeprefix("is "))
        if want == "counts" and written is not None:
            return f"'{_plain(written.words)}' shows in the answer"
        if written is not None:
            return f"one {'more' if want == 'more' else 'less'} than {written.words} would change it"
        item = self.items.found[key]
        return self._item(item, want)

    def _item(self, item: Item, want: str) -> str:
        words = _plain(item.words.replace("`", "'"))
        if words.count("'") == 2 and words[0] == words[-1] == "'":
            words = words[1:-1]
        match item.kind:
            case "condition":
                bare = words if words.startswith("'") else f"'{words}'"
                return {
                    "yes": f"it is so that {bare}",
                    "no": f"it is not so that {bare}",
                    "unknown": f"not known whether {bare}",
                }[want]
            case "outcome":
                if want == "not in force":
                    return "a day on which it is not in force"
                return "an ordinary case" if want == "decided" else f"a case meant to come to '{want}'"
            case "defence":
                return f"{words}, meant to come to '{want}'"
            case "version":
                return f"read in {words}"
            case _:
                return f"{words} applies"

    def _edge(self, edge: Edge, side: str) -> str:
        if edge.is_day and isinstance(edge.limit, datetime.date):
            day = {
                "at": f"on {edge.limit}",
                "below": f"the day before {edge.limit}",
                "above": f"the day after {edge.limit}",
            }[side]
            text = edge.span.text
            if text.replace("_", "").isalnum() and text.islower():
                return day
            return f"'{_plain(text)}', {day}"
        limit = edge.words or "the limit"
        words = {"at": "exactly at", "below": "just below", "above": "just above"}[side]
        if edge.is_day:
            words = {"at": "on", "below": "the day before", "above": "the day after"}[side]
        return f"'{_plain(edge.span.text)}', {words} {limit}"


def named(outcome: str) -> str:
    """The name of an outcome as the beginning of a sentence."""
    plain = outcome.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def _missing(needs: Iterable[str]) -> str:
    found = [_plain(one.rpartition(" ")[0] or one) for one in needs]
    words = [one.replace(".", " ") for one in found]
    if len(words) > 2:
        return f"{words[0]} and {len(words) - 1} more facts are"
    return f"{' and '.join(words)} {'are' if len(words) > 1 else 'is'}"


def _plain(text: str) -> str:
    return shortened(text.replace("_", " ").replace('"', "'").split(" [", 1)[0])


def shortened(text: str) -> str:
    """The words on one line, cut where they are many."""
    words = " ".join(text.split())
    return words if len(words) <= _WIDEST else f"{words[: _WIDEST - 3]}..."


def unique(label: str, taken: set[str]) -> str:
    """The name, with a number where there is one like it."""
    found, n = label, 1
    while found in taken:
        n += 1
        found = f"{label} ({n})"
    taken.add(found)
    return found
