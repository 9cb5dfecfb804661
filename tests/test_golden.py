"""Source and message side by side: what is said of every mistake, and how layout is read.

`golden/bad/CODE.pol` is the smallest policy with the mistake CODE, `CODE.txt` what is said of it; further
cases of one code are called `CODE.WHAT.pol`; a folder stands for several files checked in one run.
`golden/mistakes/` holds files with several independent mistakes, `golden/good/` what is right.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

import policy_lang.meaning
import policy_lang.source
import policy_lang.syntax
from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.source.diagnostic import Code, Diagnostic, in_reading_order
from policy_lang.source.files import read_file
from policy_lang.source.render import render_people, render_plain
from policy_lang.source.text import Span
from policy_lang.syntax.from_source import read

Golden = Callable[[Path, str], None]

HERE = Path(__file__).parent / "golden"
FACTS_CODES = {"unreadable-facts", "repeated-fact"}  # of facts files, which have goldens of their own


def _cases(folder: str) -> list[Path]:
    return sorted(p for p in (HERE / folder).iterdir() if p.is_dir() or p.suffix == ".pol")


def _code_of(case: Path) -> str:
    return case.name.partition(".")[0]


def _all_codes() -> set[str]:
    codes: set[str] = set()
    for package in (policy_lang.source, policy_lang.syntax, policy_lang.meaning):
        for module in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, Code):
                    codes.add(value.name)
    return codes


def _check(case: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, ...]:
    """What is said of a file, or of all files of a folder in one run; places are relative to the golden folder."""
    monkeypatch.chdir(case.parent)
    library = Library()
    files = sorted(Path(case.name).glob("*.pol")) if case.is_dir() else [Path(case.name)]
    found = [d for file in files for d in compile_file(file, library)[1]]
    return in_reading_order(found)


def _name(case: Path) -> str:
    return case.name.removesuffix(".pol")


def test_every_code_has_a_golden() -> None:
    shown = {
        _code_of(case) for case in _cases("bad") if case.name in (_code_of(case), f"{_code_of(case)}.pol")
    }
    assert shown == _all_codes() - FACTS_CODES


@pytest.mark.parametrize("case", _cases("bad"), ids=_name)
def test_one_mistake_gives_one_message(case: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _check(case, monkeypatch)
    golden(case.parent / f"{_name(case)}.txt", render_people(found, width=100))
    assert [d.code.name for d in found] == [_code_of(case)]
    _assert_helpful(found[0])


_JARGON = re.compile(
    r"\b(token|parser?|syntax|AST|NoneType|None|null|int|str|bool|enum|lexer|node|KeyError)\b"
)


def _assert_helpful(found: Diagnostic) -> None:
    """The house's rules for messages: where, what, why and how to mend it, in plain words."""
    assert found.span.file.name, "it says where"
    line, column = found.span.file.position(found.span.start)
    assert line >= 1
    assert column >= 1
    if found.span.file.text:
        assert found.span.start < len(found.span.file.text), "the marker stands in the file"
    for text in (found.message, found.help, found.code.why, found.label):
        assert text
        assert text[0].islower() or not text[0].isalpha() or text.split()[0].isupper() or text[0] == "`"
        assert not text.endswith(".") or text.endswith("...")
        assert "\n" not in text
        outside_quotes = re.sub(r"`[^`]*`", "", text)
        assert not _JARGON.search(outside_quotes), text


@pytest.mark.parametrize("case", _cases("mistakes"), ids=_name)
def test_all_independent_mistakes_are_reported_in_one_run(
    case: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = _check(case, monkeypatch)
    golden(case.parent / f"{_name(case)}.txt", render_plain(found))
    expected = _marked(case)
    assert [(d.span.file.name, d.span.file.position(d.span.start)[0], d.code.name) for d in found] == expected
    assert len(found) == 5


def _marked(case: Path) -> list[tuple[str, int, str]]:
    """The mistakes as the files themselves name them: a comment `# CODE` on the line of the mistake."""
    marked: list[tuple[str, int, str]] = []
    for path in sorted(case.glob("*.pol")) if case.is_dir() else [case]:
        name = str(path.relative_to(case.parent))
        lines = enumerate(path.read_text(encoding="utf-8").split("\n"), start=1)
        marked.extend(
            (name, n, code) for n, line in lines for code in re.findall(r"# mistake: ([a-z-]+)", line)
        )
    return marked


@pytest.mark.parametrize("case", _cases("good"), ids=_name)
def test_layout_is_read_as_meant(case: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case.parent)
    source, unreadable = read_file(Path(case.name))
    assert unreadable is None
    file, problems = read(source)
    assert problems == ()
    comments = [f"{'line' if c.own_line else 'beside'} {c.text}" for c in file.comments]
    golden(case.with_suffix(".txt"), "\n".join([*map(_drawn, file.items), *comments]) + "\n")
    assert compile_file(Path(case.name))[1] == ()


def _drawn(node: object, depth: int = 0) -> str:
    """A tree as text: one line for each node and each field that means something."""
    blanks = "  " * depth
    if not attrs.has(type(node)):
        return f"{blanks}{node!r}"
    if type(node).__name__ == "Name":
        return f"{blanks}{node.text}"  # type: ignore[attr-defined]  # of another shape, this fails
    lines = [f"{blanks}{type(node).__name__}"]
    for field in attrs.fields(type(node)):  # type: ignore[arg-type]  # it was asked whether it has any
        value = getattr(node, field.name)
        if not field.eq or isinstance(value, Span) or value in (None, (), False, ""):
            continue  # how something was worded and where it stood is no part of what was meant
        if isinstance(value, tuple):
            lines.append(f"{blanks}  {field.name}")
            lines.extend(_drawn(item, depth + 2) for item in value)
        elif attrs.has(type(value)):
            inner = _drawn(value, 0).split("\n")
            lines.append(f"{blanks}  {field.name}: {inner[0]}")
            lines.extend(f"{blanks}  {line}" for line in inner[1:])
        else:
            lines.append(f"{blanks}  {field.name}: {value!r}")
    return "\n".join(lines)


def test_every_expected_file_has_its_case() -> None:
    for folder in ("bad", "mistakes", "good"):
        expected = {path.stem for path in (HERE / folder).glob("*.txt")}
        assert expected == {_name(case) for case in _cases(folder)}
