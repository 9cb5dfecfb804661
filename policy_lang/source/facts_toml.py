"""Facts in TOML: exact values, and roughly where each stands."""

from __future__ import annotations

import re
import tomllib

from policy_lang.source.facts_json import Places, Reading
from policy_lang.source.facts_problem import DEEPEST, UnreadableFacts, too_deep
from policy_lang.source.text import SourceFile

# INVARIANT: what was read of a text is never given back, so that no text takes more than one pass.
# Before Python 3.11.5, `(?:...)*+` misread what has choices inside; `(?>(?:...)*)` says the same.
_PART = r"""(?:[A-Za-z0-9_-]++|"(?>(?:[^"\\\n]++|\\[^\n])*)"|'[^'\n]*+')"""
_NAME = re.compile(rf"{_PART}(?>(?:[ \t]*+\.[ \t]*+{_PART})*)")
_WORD = re.compile(
    r'"""(?>(?:[^"\\]++|\\.|"(?!""))*)(?:"""|\Z)'
    r"|'''(?>(?:[^']++|'(?!''))*)(?:'''|\Z)"
    rf"|(?P<name>{_NAME.pattern})"
    r"|[\"'#][^\n]*+|[\[\]{}]",
    re.DOTALL,
)
_LONGEST_NUMBER = 1_000
_HELP = "write it like `msrp = 45000`"


def read_toml(source: SourceFile, decimal: Reading) -> object:
    """The values in a file. Raises `UnreadableFacts`."""
    _check_shape(source.text)
    try:
        values = tomllib.loads(source.text, parse_float=decimal)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        offset = 0
        if found:
            lines = source.text.split("\n")
            offset = sum(len(line) + 1 for line in lines[: int(found[1]) - 1]) + int(found[2]) - 1
        words = re.sub(r" ?\(at .*\)", "", str(error))
        raise UnreadableFacts(f"this is not TOML: {words.lower()}", offset, _HELP) from None
    except ValueError as error:
        raise UnreadableFacts(f"this is not TOML: {error}", 0, _HELP) from None
    _check_levels(values)
    return values


def _check_shape(text: str) -> None:
    """Refuses what would take the reader of TOML long: deep brackets, names of many parts, endless numbers."""
    depth = 0
    for match in _WORD.finditer(text):
        mark = match.group()
        if mark in ("[", "{"):
            depth += 1
        elif mark in ("]", "}"):
            depth -= 1
        elif match["name"] is not None and len(mark) > DEEPEST:
            if mark.count(".") >= DEEPEST and len(re.findall(_PART, mark)) > DEEPEST:
                raise too_deep(match.start())
            if len(mark) > _LONGEST_NUMBER and mark.replace("_", "").strip("-").isdigit():
                raise UnreadableFacts("this number is too long", match.start(), "write at most 34 digits")
        if depth > DEEPEST:
            raise too_deep(match.start())


def _check_levels(values: object) -> None:
    """Refuses what dotted names, tables and brackets together nest too deeply."""
    level: list[object] = [values]
    for _ in range(DEEPEST + 1):
        level = [
            inner
            for group in level
            if isinstance(group, dict | list)
            for inner in (group.values() if isinstance(group, dict) else group)
        ]
        if not level:
            return
    raise too_deep()


def toml_places(text: str) -> Places:
    """Tables and keys line by line: good enough to lead the eye to the line."""
    found: Places = {}
    table: tuple[str | int, ...] = ()
    counts: dict[tuple[str | int, ...], int] = {}
    offset = 0
    for line in text.split("\n"):
        start = len(line) - len(line.lstrip())
        several = line.startswith("[[", start)
        brackets = (1 + several) * line.startswith("[", start)
        name = _NAME.match(
            line, start + brackets + len(line[start + brackets :]) - len(line[start + brackets :].lstrip())
        )
        steps = (
            tuple(part.strip("\"'") for part in re.findall(_PART, name.group())) if name is not None else ()
        )
        if brackets and name is not None:
            table = ()
            for n, step in enumerate(steps, 1):
                table = (*table, step)
                if table in counts and (n < len(steps) or not several):
                    table = (*table, counts[table] - 1)
            if several:
                counts[table] = counts.get(table, 0) + 1
                table = (*table, counts[table] - 1)
            found[table] = (offset + start, offset + len(line))
        elif name is not None:
            rest = line[name.end() :].lstrip()
            if rest.startswith("="):
                value = rest[1:].strip()
                at = line.index(value, line.index("=", name.end()) + 1) if value else len(line)
                found[(*table, *steps)] = (offset + at, offset + at + len(value))
        offset += len(line) + 1
    return found
