"""Every example of the documentation is tried as it stands.

A fenced block that starts with `pol` has to parse. A remark on the line above a block says what more is true:

    <!-- file: NAME.pol -->     it belongs to this file, which has no problems once the page is read to its end;
                                a block that begins an instrument or scenarios begins the file anew
    <!-- change: NAME.pol -->   its items take the place of those with the same first two words
    <!-- complete -->           it is a whole file of its own without problems
    <!-- refused: CODE -->      as a file of its own (or added to `in NAME.pol`) it gives just this diagnostic
    <!-- run -->                a `console` block: each line after `$ ` is run where the files of the page lie, and
                                prints what stands below it; `...` alone in a line stands for any lines;
                                `<!-- run: 1 -->` says that the last command ends with that status; `git` may be run, too
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from attrs import frozen

from policy_lang.meaning import problems
from policy_lang.pipeline import compile_file
from policy_lang.source.diagnostic import Code
from policy_lang.source.facts_problem import REPEATED_FACT, UNREADABLE_FACTS
from policy_lang.source.files import UNREADABLE_FILE
from policy_lang.source.text import SourceFile
from policy_lang.syntax import build, limits, syntax_errors
from policy_lang.syntax.from_source import read

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

_BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>[^\n]*?) -->\n)?^```(?P<language>[a-z]+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_BEGINS = re.compile(r"(?:agreement|law|framework|vocabulary|scenarios for) ")


@frozen
class Example:
    """One fenced block: its page and line, what is said to be true of it, its language and its text."""

    page: Path
    line: int
    mark: str
    language: str
    text: str

    @property
    def place(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    def names(self, kind: str) -> str:
        """The file that a remark of this kind names, or nothing."""
        return self.mark.removeprefix(f"{kind}: ") if self.mark.startswith(f"{kind}: ") else ""


def _examples() -> list[Example]:
    found = []
    for page in sorted(DOCS.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for match in _BLOCK.finditer(text):
            line = text.count("\n", 0, match.start("text"))
            found.append(Example(page, line, match["mark"] or "", match["language"], match["text"]))
    return found


EXAMPLES = _examples()
PAGES = sorted({example.page for example in EXAMPLES})


def _items(text: str) -> list[str]:
    """Everything that starts in the first column, with what belongs below it."""
    starts = [m.start() for m in re.finditer(r"^[^\s#]", text, re.MULTILINE)]
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def _key(item: str) -> str:
    first = item.split("\n", 1)[0]
    return first if first.startswith("scenario ") else " ".join(first.split()[:2])


def _changed(before: str, change: str) -> str:
    for item in _items(change):
        old = [part for part in _items(before) if _key(part) == _key(item)]
        if old:
            blank = old[0][len(old[0].rstrip("\n")) :]
            before = before.replace(old[0], item.rstrip("\n") + blank)
        else:
            before = f"{before}\n{item}"
    return before


def _write(folder: Path, example: Example) -> None:
    """Lets a block play its part in the files of its page."""
    name = example.names("file") or example.names("change")
    if not name:
        return
    assert "/" not in name
    path = folder / name
    before = path.read_text(encoding="utf-8") if path.exists() else ""
    if example.names("change"):
        text = _changed(before, example.text)
    elif example.language != "pol" or _BEGINS.match(example.text):
        text = example.text
    else:
        text = f"{before}\n{example.text}"
    path.write_text(text, encoding="utf-8")


def _said(path: Path) -> list[str]:
    return [f"{d.span.place}: {d.code.name}: {d.message}" for d in compile_file(path)[1]]


@pytest.mark.parametrize(
    "example",
    [e for e in EXAMPLES if e.language == "pol" and not e.mark.startswith("refused")],
    ids=lambda e: e.place,
)
def test_an_example_parses(example: Example) -> None:
    _, found = read(SourceFile(example.place, example.text))
    assert [d.message for d in found] == []


@pytest.mark.parametrize("example", [e for e in EXAMPLES if e.mark == "complete"], ids=lambda e: e.place)
def test_a_complete_example_has_no_problems(example: Example, tmp_path: Path) -> None:
    path = tmp_path / "example.pol"
    path.write_text(example.text, encoding="utf-8")
    assert _said(path) == []


@pytest.mark.parametrize(
    "example", [e for e in EXAMPLES if e.mark.startswith("refused")], ids=lambda e: e.place
)
def test_an_example_of_a_mistake_gives_its_diagnostic(example: Example, tmp_path: Path) -> None:
    code, _, name = example.mark.removeprefix("refused: ").partition(" in ")
    for other in EXAMPLES:
        if other.page == example.page:
            _write(tmp_path, other)
    path = tmp_path / (name or "example.pol")
    before = path.read_text(encoding="utf-8") if name else ""
    path.write_text(f"{before}\n{example.text}", encoding="utf-8")
    assert [d.code.name for d in compile_file(path)[1]] == [code]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(DOCS).as_posix())
def test_the_files_of_a_page(page: Path, tmp_path: Path) -> None:
    """In order: files are written, commands run, and at the end no file has a problem."""
    for example in EXAMPLES:
        if example.page != page:
            continue
        _write(tmp_path, example)
        if re.fullmatch(r"run(: \d)?", example.mark):
            _run(example, tmp_path)
    for path in sorted(tmp_path.glob("*.pol")):
        assert _said(path) == []


def _run(example: Example, folder: Path) -> None:
    status = int(example.mark.partition(": ")[2] or 0)
    sessions = re.split(r"^\$ ", example.text, flags=re.MULTILINE)[1:]
    for number, session in enumerate(sessions, 1):
        command, _, expected = session.partition("\n")
        code, printed = _pol(command, folder)
        pattern = "".join(
            r"(?:.*\n)*?" if line.strip() == "..." else re.escape(line) + r"\n"
            for line in expected.rstrip("\n").split("\n")
            if expected.strip()
        )
        text = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").split("\n") if printed.strip())
        assert re.fullmatch(pattern, text), f"{example.place}: $ {command}\n{text}"
        if number == len(sessions):
            assert code == status, f"{example.place}: $ {command} ended with {code}"


def _pol(command: str, folder: Path) -> tuple[int, str]:
    """The exit status and all that a command of ours prints, seen where nothing is a terminal."""
    line, _, given = command.partition(" < ")
    words = shlex.split(line)
    assert words[0] in ("pol", "git"), command
    program = [sys.executable, "-m", "policy_lang.cli"] if words[0] == "pol" else ["git"]
    environment = {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "POL_DEBUG": "1", "COLUMNS": "100"}
    done = subprocess.run(
        [*program, *words[1:]],
        cwd=folder,
        check=False,
        env=environment | _GIT,
        input=(folder / given).read_text(encoding="utf-8") if given else "",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=60,
    )
    return done.returncode, done.stdout


_WHO = {f"GIT_{role}_{what}": "A. Lawyer" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_GIT = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **_WHO}
"""What git needs, the same for everybody who runs these tests."""


def test_every_diagnostic_is_in_the_reference() -> None:
    codes = {code.name for code in problems.CODES}
    for module in (build, limits, syntax_errors):
        codes |= {value.name for value in vars(module).values() if isinstance(value, Code)}
    codes |= {code.name for code in (UNREADABLE_FILE, UNREADABLE_FACTS, REPEATED_FACT)}
    text = (DOCS / "reference" / "language.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE))
    assert codes - listed == set()
