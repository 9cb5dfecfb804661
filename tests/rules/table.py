"""Which tests hold to which rule: `python -m tests.rules.table` writes docs/explanation/rules-and-tests.md again.

The rules are those of docs/explanation/semantics.md. A test names a rule at the start of its name
(`test_w3_...`), or in its docstring (`W3: ...`).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

ROOT = Path(__file__).parents[2]
RULES = ROOT / "docs" / "explanation" / "semantics.md"
TABLE = ROOT / "docs" / "explanation" / "rules-and-tests.md"

STILL_TO_COME: frozenset[str] = frozenset()
"""Rules that nothing in the program follows yet: the only ones that may have no test."""

_HEADING = re.compile(r"^### (?P<rule>[A-Z][1-9]) (?P<title>.*?) \{ #[A-Z][1-9] \}$", re.MULTILINE)
_IN_NAME = re.compile(r"^test_(?P<rules>(?:[a-z][1-9]_(?:and_)?)+)(?P<rest>.*)$")
_IN_WORDS = re.compile(r"\b([VWCTNF][1-9])\b")


@frozen
class Naming:
    """One test that names rules."""

    rules: frozenset[str]
    sentence: str
    path: str


def rules() -> dict[str, str]:
    """The title of every rule, in the order of the page."""
    return {match["rule"]: match["title"] for match in _HEADING.finditer(RULES.read_text(encoding="utf-8"))}


def namings() -> list[Naming]:
    """Every test that names a rule, by file, then in the order of the file."""
    return [one for path in sorted((ROOT / "tests").rglob("test_*.py")) for one in _in_file(path)]


def _in_file(path: Path) -> Iterator[Naming]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
            continue
        named = _IN_NAME.match(node.name)
        found = set(re.findall(r"[a-z][1-9](?=_)", named["rules"])) if named is not None else set()
        found = {rule.upper() for rule in found} | set(_IN_WORDS.findall(ast.get_docstring(node) or ""))
        if found:
            words = named["rest"] if named is not None else node.name.removeprefix("test_")
            yield Naming(frozenset(found), words.replace("_", " "), path.relative_to(ROOT).as_posix())


def page() -> str:
    """The page: each rule with the tests that name it."""
    found = namings()
    lines = [
        "# Rules and their tests",
        "",
        "Each of [the exact rules](semantics.md), with the tests that name it. What a test asserts is put by its name.",
        "Many more tests hold to these rules without naming one. Those in `tests/rules` compare every answer with that",
        "of the slow reference interpreter in `tests/reference`.",
        "",
        "This page is written by `python -m tests.rules.table`; a test fails when it is not up to date.",
        "",
    ]
    for rule, title in rules().items():
        lines += [f"## {rule} {title.removesuffix(' (not yet)')}", "", f"[The rule](semantics.md#{rule})", ""]
        tests = [one for one in found if rule in one.rules]
        if not tests:
            lines += ["Still to come.", ""]
            continue
        by_file: dict[str, list[str]] = {}
        for one in tests:
            by_file.setdefault(one.path, []).append(one.sentence)
        for path, sentences in by_file.items():
            lines += [f"`{path}`", "", *(f"- {sentence}" for sentence in dict.fromkeys(sentences)), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


if __name__ == "__main__":
    TABLE.write_text(page(), encoding="utf-8")
