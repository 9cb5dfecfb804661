"""Facts files: JSON, YAML, TOML or a filled list of questions to plain values, and where in the file each stands."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, TypeAlias

from attrs import field, frozen

from policy_lang.source.diagnostic import Code, Diagnostic
from policy_lang.source.facts_sheet import FilledList, Steps, read_markdown, read_workbook
from policy_lang.source.text import SourceFile, Span

Format: TypeAlias = Literal["json", "yaml", "toml", "xlsx", "markdown"]

UNREADABLE_FACTS = Code(
    "unreadable-facts", "facts are a JSON, YAML or TOML file with one key for each subject"
)
UNREADABLE_LIST = Code(
    "unreadable-facts", "in a filled list, each row answers one question, in words or figures"
)
REPEATED_FACT = Code("repeated-fact", "a fact is given once")

_MOST_BYTES = 64 * 1024 * 1024
_DEEPEST = 100
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


class _Wrong(Exception):
    """What cannot be read, with the place; never leaves this module."""

    def __init__(self, message: str, offset: int = 0, help: str = "", code: Code = UNREADABLE_FACTS) -> None:
        super().__init__(message)
        self.message, self.offset, self.help, self.code = message, offset, help, code


def read_facts(name: str, data: bytes) -> tuple[FactsFile | None, tuple[Diagnostic, ...]]:
    """The facts in a file of this name; the name's ending tells the format, JSON where it tells none."""
    source = SourceFile(name, "")
    kind = _ENDINGS.get(Path(name).suffix.lower(), "json")
    digest = hashlib.sha256(data).hexdigest()
    try:
        if len(data) > _MOST_BYTES:
            raise _Wrong("this file is too large: facts hold at most 64 MiB", 0, "decide fewer cases at once")
        if kind == "xlsx":
            return _from_list(source, kind, _workbook(name, data), digest)
        source = SourceFile(name, data.decode("utf-8-sig").replace("\r\n", "\n"))
        if kind == "markdown":
            return _from_list(source, kind, read_markdown(source), digest)
        values = {"json": _json, "yaml": _yaml, "toml": _toml}[kind](source)
        if not isinstance(values, dict):
            raise _Wrong(
                "the facts are not named values", help='write them like {"sourcing": {"country": "JP"}}'
            )
        if _is_list_of_questions(values):
            return FactsFile(source, kind, values["facts"], digest, ("facts",)), ()
        return FactsFile(source, kind, values, digest), ()
    except _Wrong as wrong:
        offset = min(wrong.offset, max(len(source.text) - 1, 0))
        span = Span(source, offset, min(offset + 1, len(source.text)))
        return None, (wrong.code.at(span, wrong.message, label="here", help=wrong.help),)
    except UnicodeDecodeError:
        message = "this file is not UTF-8 text"
        return None, (UNREADABLE_FACTS.at(Span(source, 0, 0), message, help="save it again as UTF-8 text"),)
    except RecursionError:
        message = f"these facts are nested too deeply: at most {_DEEPEST} levels"
        return None, (
            UNREADABLE_FACTS.at(Span(source, 0, 0), message, label="this file", help="write them flatter"),
        )


def _is_list_of_questions(values: dict[object, object]) -> bool:
    """Whether this is what `pol questions --format json` prints: its facts are what was filled in."""
    parts = {"policy": str, "questions": list, "facts": dict}
    return all(isinstance(values.get(name), kind) for name, kind in parts.items())


def _workbook(name: str, data: bytes) -> FilledList:
    try:
        return read_workbook(name, data)
    except ImportError:
        help = 'install it with `pip install "policy-lang[sheets]"`'
        raise _Wrong("facts in a workbook need the package openpyxl", help=help) from None


def _from_list(
    source: SourceFile, kind: Format, filled: FilledList, digest: str
) -> tuple[FactsFile | None, tuple[Diagnostic, ...]]:
    if filled.mistakes:
        return None, tuple(
            (REPEATED_FACT if one.is_repeated else UNREADABLE_LIST).at(one.span, one.message, help=one.help)
            for one in filled.mistakes
        )
    return FactsFile(source, kind, filled.values, digest, cells=filled.places), ()


# ------------------------------------------------------------------------------------------ JSON


def _json(source: SourceFile) -> object:
    _check_depth(source.text)

    def constant(word: str) -> object:
        raise _Wrong(
            f"`{word}` is not a number", source.text.find(word), "leave an unknown fact out, or null"
        )

    try:
        return json.loads(
            source.text,
            parse_float=_decimal,
            parse_int=_whole,
            parse_constant=constant,
            object_pairs_hook=lambda pairs: _object(pairs, source),
        )
    except json.JSONDecodeError as error:
        help_text = "look at the commas, the quotation marks and the brackets around this place"
        raise _Wrong(f"this is not JSON: {error.msg.lower()}", error.pos, help_text) from None


def _check_depth(text: str) -> None:
    depth = 0
    for match in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        if match.group() in "[{":
            depth += 1
            if depth > _DEEPEST:
                message = f"these facts are nested too deeply: at most {_DEEPEST} levels"
                raise _Wrong(message, match.start(), "no record lies that deep")
        elif match.group() in "]}":
            depth -= 1


def _decimal(digits: str) -> object:
    """Exact; one too long to be a number of ours stays text, and is refused as such with its place."""
    return Decimal(digits) if len(digits) <= 60 else digits


def _whole(digits: str) -> object:
    return int(digits) if len(digits) <= 60 else digits


def _object(pairs: list[tuple[str, object]], source: SourceFile) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            second = [m.start() for m in re.finditer(re.escape(json.dumps(key)), source.text)][-1:]
            raise _Wrong(
                f"`{key}` is given twice", second[0] if second else 0, "leave one out", REPEATED_FACT
            )
        found[key] = value
    return found


# ------------------------------------------------------------------------------------------ YAML, TOML


def _yaml(source: SourceFile) -> object:
    try:
        import yaml  # an extra: only YAML facts need it
    except ImportError:
        raise _Wrong(
            "facts in YAML need the package PyYAML", help='install it with `pip install "policy-lang[yaml]"`'
        ) from None

    class Loader(yaml.SafeLoader):
        """Only `true` and `false` are yes/no (the country NO is text), numbers are exact, no aliases."""

        def compose_node(self, parent: Any, index: Any) -> Any:
            if self.check_event(yaml.events.AliasEvent):
                mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
                raise _Wrong("facts may not refer to one another by `*name`", mark.index, "write them out")
            return super().compose_node(parent, index)

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[str] = set()
            for key, _ in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise _Wrong(
                        "the name of a fact is one word", key.start_mark.index, "write it like `msrp: 45000`"
                    )
                if key.value in seen:
                    raise _Wrong(
                        f"`{key.value}` is given twice", key.start_mark.index, "leave one out", REPEATED_FACT
                    )
                seen.add(str(key.value))
            return super().construct_mapping(node, deep)

    Loader.yaml_implicit_resolvers = {}
    for tag, pattern, first in (
        ("bool", r"true|false", "tf"),
        ("null", r"null|~|", ["n", "~", ""]),
        ("int", r"[-+]?(0|[1-9][0-9]*)", "-+0123456789"),
        ("float", r"[-+]?[0-9]+\.[0-9]+", "-+0123456789"),
    ):
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^(?:{pattern})$"), list(first))
    Loader.add_constructor("tag:yaml.org,2002:float", lambda _, node: _decimal(node.value.lstrip("+")))
    Loader.add_constructor("tag:yaml.org,2002:int", lambda _, node: _whole(node.value.lstrip("+")))
    try:
        return yaml.load(source.text, Loader)  # noqa: S506 - a subclass of the safe loader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise _Wrong(
            "this cannot be read as YAML",
            mark.index if mark is not None else 0,
            "names of one group start in the same column, after blanks and no tabs; text with `:` stands in quotes",
        ) from None


def _toml(source: SourceFile) -> object:
    import tomllib  # only TOML facts need it

    try:
        return tomllib.loads(source.text, parse_float=_decimal)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        offset = 0
        if found:
            lines = source.text.split("\n")
            offset = sum(len(line) + 1 for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1
        words = re.sub(r" ?\(at .*\)", "", str(error))
        raise _Wrong(f"this is not TOML: {words.lower()}", offset, "write it like `msrp = 45000`") from None
    except ValueError as error:
        raise _Wrong(f"this is not TOML: {error}", 0, "write it like `msrp = 45000`") from None


# ------------------------------------------------------------------------------------------ places


@lru_cache(maxsize=4)  # every problem in a file asks for its place
def _places(source: SourceFile, kind: Format) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Where every value stands, by path."""
    match kind:
        case "json":
            return _json_places(source.text)
        case "yaml":
            return _yaml_places(source.text)
        case "toml":
            return _toml_places(source.text)
        case "xlsx" | "markdown":
            raise AssertionError(kind)  # their cells are their places


_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}:,]|[^\s\[\]{}:,"]+')


def _json_places(text: str) -> dict[tuple[str | int, ...], tuple[int, int]]:
    found: dict[tuple[str | int, ...], tuple[int, int]] = {}
    open_: list[str | int | None] = []  # per level: the key being read, None before one; or the list index
    for match in _TOKEN.finditer(text):
        mark = match.group()
        if mark in ("}", "]"):
            open_.pop()
        elif mark == ",":
            last = open_[-1]
            open_[-1] = last + 1 if isinstance(last, int) else None
        elif mark == ":":
            continue
        elif open_ and open_[-1] is None:
            open_[-1] = str(json.loads(mark))
        else:
            found[tuple(step for step in open_ if step is not None)] = (match.start(), match.end())
            if mark in ("{", "["):
                open_.append(None if mark == "{" else 0)
    return found


def _yaml_places(text: str) -> dict[tuple[str | int, ...], tuple[int, int]]:
    import yaml  # it was there when the file was read

    found: dict[tuple[str | int, ...], tuple[int, int]] = {}
    root = yaml.compose(text, yaml.SafeLoader)
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), root)]
    while waiting:
        path, node = waiting.pop()
        if node is None:
            continue
        found[path] = (node.start_mark.index, max(node.end_mark.index, node.start_mark.index + 1))
        if isinstance(node, yaml.MappingNode):
            waiting.extend(((*path, str(key.value)), value) for key, value in node.value)
        elif isinstance(node, yaml.SequenceNode):
            waiting.extend(((*path, n), value) for n, value in enumerate(node.value))
    return found


def _toml_places(text: str) -> dict[tuple[str | int, ...], tuple[int, int]]:
    """Tables and keys line by line: good enough to lead the eye to the line."""
    found: dict[tuple[str | int, ...], tuple[int, int]] = {}
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    offset = 0
    for line in text.split("\n"):
        header = re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]", line)
        pair = re.match(r'\s*"?([A-Za-z0-9_-]+)"?\s*=\s*(.*?)\s*$', line)
        if header:
            table = ()
            for name in header[2].split("."):
                table = (*table, name.strip().strip('"'))
                if table in counts and (header[1] == "[" or name != header[2].split(".")[-1]):
                    table = (*table, counts[table] - 1)
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
            found[table] = (offset + header.start(1), offset + len(line))
        elif pair:
            found[(*table, pair[1])] = (offset + pair.start(2), offset + pair.end(2))
        offset += len(line) + 1
    return found
