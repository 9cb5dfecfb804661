"""Facts in YAML: values and their places, from the events of PyYAML; nothing is ever constructed from a tag.

Only `true` and `false` are yes/no (the country NO is text), numbers are exact, and there are no aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from policy_lang.source.facts_json import Places, Reading
from policy_lang.source.facts_problem import DEEPEST, UnreadableFacts, repeated, too_deep
from policy_lang.source.text import SourceFile

_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"[-+]?[0-9]+\.[0-9]+")
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}
_LAYOUT = (
    "names of one group start in the same column, after blanks and no tabs; text with `:` stands in quotes"
)


def read_yaml(source: SourceFile, whole: Reading, decimal: Reading) -> object:
    """The values of the one document in a file. Raises `UnreadableFacts`."""
    groups: list[dict[str, object] | list[object]] = []
    root: object = None
    for path, event, value in _walk(source):
        if event == "end":
            groups.pop()
            continue
        one: object = value
        if event == "plain":
            one = _plain(str(value), whole, decimal)
        elif event == "group":
            one = {} if value else []
        if not groups:
            root = one
        elif isinstance(within := groups[-1], dict):
            within[str(path[-1])] = one
        else:
            within.append(one)
        if event == "group":
            assert isinstance(one, dict | list)
            groups.append(one)
    return root


def yaml_places(source: SourceFile) -> Places:
    """Where every value of a file stands that was read before."""
    found: Places = {}
    for _ in _walk(source, found):
        pass
    return found


def _plain(text: str, whole: Reading, decimal: Reading) -> object:
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return whole(text.lstrip("+"))
    return decimal(text.lstrip("+")) if _DECIMAL.fullmatch(text) else text


def _walk(source: SourceFile, places: Places | None = None) -> Iterator[tuple[list[str | int], str, object]]:
    """Each value in order, with its path: a `group` (named values: yes or no), its `end`, or a `plain` or quoted text.

    The path is one list that changes: its last step is the name or the number of the value.
    """
    try:
        import yaml  # an extra: only YAML facts need it
    except ImportError:
        raise UnreadableFacts(
            "facts in YAML need the package PyYAML", help="install it with `pip install PyYAML`"
        ) from None

    path: list[str | int] = []
    open_: list[
        tuple[set[str] | None, int]
    ] = []  # the names seen in each group, None for a list; and its start
    names: set[str] | None = None  # of the innermost group; None in a list, and outside
    naming = False  # the next word is the name of a value
    documents = 0
    event: Any
    try:
        events: Iterator[Any] = yaml.parse(source.text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for event in events:
            kind = type(event)
            at: int = event.start_mark.index
            if kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                if names is None:
                    path.pop()
                start = open_.pop()[1]
                names = open_[-1][0] if open_ else None
                if places is not None:
                    places[tuple(path)] = (start, event.end_mark.index)
                yield path, "end", None
            elif (
                kind is yaml.ScalarEvent or kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent
            ):
                if event.tag is not None:
                    raise UnreadableFacts(
                        "facts may not have tags, which begin with `!`", at, "write the value without it"
                    )
                if naming and names is not None:
                    path.append(_name(event, at, names))
                    naming = False
                    continue
                if open_ and names is None:
                    path[-1] = int(path[-1]) + 1
                if kind is not yaml.ScalarEvent:
                    names = set() if kind is yaml.MappingStartEvent else None
                    open_.append((names, at))
                    if len(open_) > DEEPEST:
                        raise too_deep(at)
                    yield path, "group", names is not None
                    naming = names is not None
                    if not naming:
                        path.append(-1)
                    continue
                if places is not None:
                    places[tuple(path)] = (at, max(event.end_mark.index, at + 1))
                yield path, "quoted" if event.style else "plain", event.value
            elif kind is yaml.AliasEvent:
                raise UnreadableFacts("facts may not refer to one another by `*name`", at, "write them out")
            else:
                documents += kind is yaml.DocumentStartEvent
                if documents > 1:
                    raise UnreadableFacts("a second document starts here", at, "a facts file holds one")
                continue
            if names is not None:
                path.pop()
                naming = True
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        offset = mark.index if mark is not None else getattr(error, "position", 0)
        raise UnreadableFacts("this cannot be read as YAML", offset, _LAYOUT) from None


def _name(event: Any, at: int, seen: set[str]) -> str:
    """The name of the next value."""
    if not hasattr(event, "value"):
        raise UnreadableFacts("the name of a fact is one word", at, "write it like `msrp: 45000`")
    name = str(event.value)
    if name in seen:
        raise repeated(name, at)
    seen.add(name)
    return name
