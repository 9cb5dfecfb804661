"""Policies changed by chance: what tests of robustness feed on."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from hypothesis import strategies as st

from policy_lang.meaning.declarations import Declared
from policy_lang.meaning.load import Library
from policy_lang.pipeline import Compiled, compile_file
from policy_lang.source.diagnostic import Diagnostic

POLICIES = Path(__file__).parent.parent.parent / "policies"
FILES = sorted(POLICIES.glob("*.pol"))
GRAMMAR = POLICIES.parent / "policy_lang" / "syntax" / "grammar.lark"
WORDS = [
    word.lower() for word in re.findall(r"^_([A-Z]+)\.2:", GRAMMAR.read_text(encoding="utf-8"), re.MULTILINE)
]
_PIECES = re.compile(r'"[^"\n]*"|[A-Za-z0-9_.]+|[^\sA-Za-z0-9_.]')


@cache
def _warm() -> tuple[Path, Library]:
    """A copy of all policies, and a library that has read them."""
    folder = Path(tempfile.mkdtemp(prefix="pol-mutants-"))
    for path in POLICIES.iterdir():
        if path.is_file():  # scenarios take their facts from files beside them
            shutil.copy(path, folder)
    library = Library()
    for path in sorted(folder.glob("*.pol")):
        assert compile_file(path, library)[1] == ()
    return folder, library


def compile_changed(name: str, text: str) -> tuple[Compiled, tuple[Diagnostic, ...]]:
    """Compiles a policy of this name with another text, among the other policies as they are."""
    folder, warm = _warm()
    path = folder / name
    original = path.read_bytes()
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        changed = path.resolve()
        # What rests on the changed file has to be read again; the other files are as they were.
        rests = {changed}
        while more := {p for p, d in warm.declared.items() if _users(d) & {r.stem for r in rests}} - rests:
            rests |= more
        keep = Library(
            {p: d for p, d in warm.declared.items() if p not in rests},
            {p: f for p, f in warm.files.items() if p not in rests},
            {p: m for p, m in warm.meant.items() if p not in rests},
            sources={p: s for p, s in warm.sources.items() if p not in rests},
        )
        return compile_file(path, keep)
    finally:
        path.write_bytes(original)


def _users(declared: Declared) -> set[str]:
    """The names of the instruments that a file uses or is about."""
    about = {declared.scenarios_for.text} if declared.scenarios_for is not None else set()
    return {name.text for name in declared.uses} | about


@st.composite
def changed_policies(draw: st.DrawFn) -> tuple[str, str]:
    """The name of a policy file, and its text with a few words or lines changed."""
    path = draw(st.sampled_from(FILES))
    lines = path.read_text(encoding="utf-8").split("\n")
    # A window of the file keeps examples small; the header always stays, so that the file is one.
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.integers(0, len(lines) - 1))
        other = draw(st.integers(0, len(lines) - 1))
        match draw(
            st.sampled_from(["word", "word", "word", "word", "drop", "swap", "copy", "indent", "join", "cut"])
        ):
            case "word":
                pieces = list(_PIECES.finditer(lines[number]))
                if pieces:
                    piece = draw(st.sampled_from(pieces))
                    pool = [p.group() for p in _PIECES.finditer(lines[other])] or WORDS
                    new = draw(st.sampled_from(pool) | st.sampled_from(WORDS))
                    lines[number] = lines[number][: piece.start()] + new + lines[number][piece.end() :]
            case "drop":
                del lines[number]
                if not lines:
                    lines = [""]
            case "swap":
                lines[number], lines[other] = lines[other], lines[number]
            case "copy":
                lines.insert(number, lines[other])
            case "indent":
                lines[number] = " " * draw(st.integers(0, 12)) + lines[number].lstrip()
            case "join":
                lines[number : number + 2] = [" ".join(lines[number : number + 2])]
            case _:
                cut = draw(st.integers(0, len(lines[number])))
                lines[number] = lines[number][:cut]
    return path.name, "\n".join(lines)


_SOUP = [*WORDS, "a", "b", "sale", "JP", "US", "USD", "5", "0.5", "2024-01-31", '"text"', "5 %", "5 USD", "2 years",
         "(", ")", ",", ":", "+", "-", "*", "/", ".", "[cited]", "# comment", "HS 2605", "1st", "=", "\t", "é"]  # fmt: skip


@st.composite
def token_soup(draw: st.DrawFn) -> str:
    """Lines of words of the language in any order, at any depth."""
    lines = draw(
        st.lists(
            st.tuples(st.integers(0, 3), st.lists(st.sampled_from(_SOUP), min_size=1, max_size=12)),
            max_size=15,
        )
    )
    return "".join("    " * depth + " ".join(words) + "\n" for depth, words in lines)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="pol-test-") as folder:
        yield Path(folder)
