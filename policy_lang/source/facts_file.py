"""Facts files: JSON, YAML, TOML or a filled list of questions to plain values, and where in the file each stands."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from attrs import field, frozen

from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.facts_json import Places, json_places, read_json
from policy_lang.source.facts_problem import REPEATED_FACT, UNREADABLE_FACTS, UnreadableFacts
from policy_lang.source.facts_sheet import FilledList, Steps, read_markdown, read_workbook
from policy_lang.source.facts_toml import read_toml, toml_places
from policy_lang.source.facts_yaml import read_yaml, yaml_places
from policy_lang.source.text import SourceFile, Span

Format: TypeAlias = Literal["json", "yaml", "toml", "xlsx", "markdown"]

UNREADABLE_LIST = Code(
    "unreadable-facts", "in a filled list, each row answers one question, in words or figures"
)

_MIB = 1024 * 1024
_MOST_BYTES: dict[Format, int] = {
    "json": 8 * _MIB,
    "xlsx": 8 * _MIB,
    "markdown": 2 * _MIB,
    "toml": 2 * _MIB,
    "yaml": _MIB,  # the slowest to read
}
MOST_RECORDS = 10_000
"""So many records may lie in lists, all together."""
MOST_BYTES = max(_MOST_BYTES.values()) + 1
"""No more of a file needs to be read to see that it is too large."""
_EXAMPLES = {
    "json": 'write them like {"sourcing": {"country": "JP"}}',
    "yaml": "write them like `sourcing: {country: JP}`",
    "toml": 'write them like `sourcing.country = "JP"`',
}
_WRITTEN = {"json": "JSON", "yaml": "YAML", "toml": "TOML", "xlsx": "a workbook", "markdown": "Markdown"}
_ENDINGS: dict[str, Format] = {
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".toml": "toml",
    ".xlsx": "xlsx",
    ".md": "markdown",
    ".markdown": "markdown",
}


@frozen
class FactsFile:
    """What a facts file says: `values` by key, numbers as whole numbers or `Decimal`.

    `root` leads to them in a list of questions, which says more than that; `digest` is the SHA-256 of the file.
    """

    source: SourceFile
    format: Format
    values: Mapping[str, object]
    digest: str = ""
    root: tuple[str, ...] = ()
    cells: Mapping[Steps, Span] = field(factory=dict, repr=False, eq=False)

    def place(self, path: Sequence[str | int]) -> Span:
        """Where the fact at this path stands; its nearest known surroundings where that cannot be told."""
        steps = (*self.root, *path)
        if self.format in ("xlsx", "markdown"):
            while steps and steps not in self.cells:
                steps = steps[:-1]
            return self.cells.get(steps, Span(self.source, 0, min(1, len(self.source.text))))
        found = _places(self.source, self.format)
        while steps and steps not in found:
            steps = steps[:-1]
        start, end = found.get(steps, (0, min(1, len(self.source.text))))
        return Span(self.source, start, end)


def read_facts(name: str, data: bytes) -> tuple[FactsFile | None, tuple[Diagnostic, ...]]:
    """The facts in a file of this name; the name's ending tells the format, JSON where it tells none."""
    source = SourceFile(name, "")
    kind = _ENDINGS.get(Path(name).suffix.lower(), "json")
    digest = hashlib.sha256(data).hexdigest()
    try:
        if len(data) > (most := _MOST_BYTES[kind]):
            message = f"these facts are too large: at most {most // _MIB} MiB as {_WRITTEN[kind]}"
            raise UnreadableFacts(message, 0, "leave out what no outcome asks for")
        if kind == "xlsx":
            return _from_list(source, kind, _workbook(name, data), digest)
        source = SourceFile(name, data.decode("utf-8-sig").replace("\r\n", "\n"))
        if kind == "markdown":
            return _from_list(source, kind, read_markdown(source), digest)
        values: object
        if kind == "json":
            values = read_json(source, _whole, _decimal)
        elif kind == "yaml":
            values = read_yaml(source, _whole, _decimal)
        else:
            values = read_toml(source, _decimal)
        if not isinstance(values, dict):
            what = {list: "a list", str: "a text", type(None): "nothing"}.get(type(values), "a single value")
            raise UnreadableFacts(f"this file holds {what}; facts are named values", help=_EXAMPLES[kind])
        _check_records(values)
        if _is_list_of_questions(values):
            return FactsFile(source, kind, values["facts"], digest, ("facts",)), ()
        return FactsFile(source, kind, values, digest), ()
    except UnreadableFacts as wrong:
        offset = min(wrong.offset, max(len(source.text) - 1, 0))
        span = Span(source, offset, min(offset + 1, len(source.text)))
        return None, (wrong.code.at(span, wrong.message, label="here", help=wrong.help),)
    except UnicodeDecodeError:
        message = "this file is not UTF-8 text"
        return None, (UNREADABLE_FACTS.at(Span(source, 0, 0), message, help="save it again as UTF-8 text"),)


def _check_records(values: dict[object, object]) -> None:
    """Refuses facts with so many records in lists that one case would take minutes."""
    found = 0
    left: list[object] = [values]
    while left:
        one = left.pop()
        if isinstance(one, dict):
            left.extend(one.values())
        elif isinstance(one, list):
            found += sum(isinstance(inner, dict) for inner in one)
            left.extend(one)
        if found > MOST_RECORDS:
            message = f"these facts have more than {MOST_RECORDS:,} records in lists, too many for one case"
            raise UnreadableFacts(message, help="leave out what no outcome asks for")


def _is_list_of_questions(values: dict[object, object]) -> bool:
    """Whether this is what `pol questions --format json` prints: its facts are what was filled in."""
    parts = {"policy": str, "questions": list, "facts": dict}
    return all(isinstance(values.get(name), kind) for name, kind in parts.items())


def _workbook(name: str, data: bytes) -> FilledList:
    try:
        return read_workbook(name, data)
    except ImportError:
        help = "install it with `pip install openpyxl`"
        raise UnreadableFacts("facts in a workbook need the package openpyxl", help=help) from None


def _from_list(
    source: SourceFile, kind: Format, filled: FilledList, digest: str
) -> tuple[FactsFile | None, tuple[Diagnostic, ...]]:
    if filled.mistakes:
        return None, tuple(
            (REPEATED_FACT if one.is_repeated else UNREADABLE_LIST).at(one.span, one.message, help=one.help)
            for one in filled.mistakes
        )
    return FactsFile(source, kind, filled.values, digest, cells=filled.places), ()


def _decimal(digits: str) -> object:
    """Exact; what can be no number of ours stays text, and is refused as such with its place."""
    try:
        return Decimal(digits) if len(digits) <= 60 else digits
    except InvalidOperation:  # an exponent beyond all bounds
        return digits


def _whole(digits: str) -> object:
    return int(digits) if len(digits) <= 60 else digits


@lru_cache(maxsize=4)  # every problem in a file asks for its place
def _places(source: SourceFile, kind: Format) -> Places:
    """Where every value stands, by path."""
    match kind:
        case "json":
            return json_places(source.text)
        case "yaml":
            return yaml_places(source)
        case "toml":
            return toml_places(source.text)
        case "xlsx" | "markdown":
            raise AssertionError(kind)  # their cells are their places
