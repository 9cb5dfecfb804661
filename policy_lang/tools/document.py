"""The pages of the diagnostics: what each means, an example, what is really said of it, and how it is mended.

What people wrote stands in `policy_lang/source/pages/CODE.md`, once:

    # Title
    Paragraphs about what it means.
    ## Example
    Fenced files; the line of the fence may go on after the language with the name of the file, and its
    encoding where that is not UTF-8: ```pol other.pol latin-1
    ## Mended
    The same files, as far as they change.

What is said of the example is never typed but asked for: `python -m policy_lang.tools.document FOLDER` writes the
pages of the documentation with it. In an example, `{60 × text}` stands for sixty of it (`<n>` counts them, from 1),
`{U+0008}` for a character that cannot be typed; `python` is a block of facts that a program hands over.
"""

from __future__ import annotations

import ast
import datetime
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from attrs import frozen

from policy_lang.meaning import checks, problems
from policy_lang.meaning.checks import lint
from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.policy import InvalidFacts, Policy
from policy_lang.program.fact_diagnostics import FACT_CODES, to_diagnostics
from policy_lang.program.facts import FactProblem
from policy_lang.source import facts_file, files
from policy_lang.source.diagnostic import Code, Diagnostic, in_reading_order
from policy_lang.source.facts_file import read_facts
from policy_lang.source.lines import in_lines
from policy_lang.source.render import render_people, visible
from policy_lang.source.text import SourceFile
from policy_lang.syntax import build, limits, syntax_errors
from policy_lang.syntax.from_source import read

_WIDTH = 100
_ASKED = datetime.date(2025, 6, 30)
_FENCE = re.compile(
    r"^```(?P<kind>[a-z]+)(?: (?P<name>\S+)(?: (?P<encoding>\S+))?)?\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_MANY = re.compile(r"\{(\d+) × ([^}]*)\}")
_CHARACTER = re.compile(r"\{U\+([0-9A-F]{4,6})\}")
_DRAWN = {"pol": "example.pol", "json": "facts.json", "toml": "facts.toml", "python": "program.py"}

GROUPS: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("Reading a file", (files, limits, syntax_errors, build)),
    ("Names and sense", (problems,)),
    ("Facts", (facts_file, FACT_CODES)),
    ("Warnings", (checks.CODES,)),
)


@frozen
class Block:
    """One file of an example: its name and its text as written in the page."""

    kind: str
    name: str
    written: str
    encoding: str = "utf-8"

    @property
    def text(self) -> str:
        """What is really read."""

        def repeated(match: re.Match[str]) -> str:
            text = match[2].replace("\\n", "\n")
            return "".join(
                text.replace("<n>", str(n)).replace("<n-1>", str(n - 1)) for n in range(1, int(match[1]) + 1)
            )

        return _CHARACTER.sub(lambda m: chr(int(m[1], 16)), _MANY.sub(repeated, self.written))

    @property
    def shown(self) -> str:
        """What a reader sees: the first of many, and a sign for the others."""

        def first(match: re.Match[str]) -> str:
            text = match[2].replace("\\n", "\n").replace("<n>", "1").replace("<n-1>", "0")
            rest = f"({int(match[1]) - 1:,} more like this)"
            return f"{text}...    {rest}\n" if text.endswith("\n") else f"{text} ... {rest}"

        text = _MANY.sub(first, self.written)
        return _CHARACTER.sub(lambda m: visible(chr(int(m[1], 16))), text)


@frozen
class Page:
    """The page of one code. `mended` has only the files that change."""

    code: str
    title: str
    meaning: str
    example: tuple[Block, ...]
    mended: tuple[Block, ...]

    @property
    def repaired(self) -> tuple[Block, ...]:
        """All files of the example after mending it."""
        after = {block.name: block for block in (*self.example, *self.mended)}
        return tuple(after.values())


def page_names() -> list[str]:
    """The codes that have a page, by the alphabet."""
    folder = resources.files("policy_lang.source") / "pages"
    return sorted(entry.name.removesuffix(".md") for entry in folder.iterdir() if entry.name.endswith(".md"))


def read_page(code: str) -> Page:
    """The page of a code that has one."""
    text = (resources.files("policy_lang.source") / "pages" / f"{code}.md").read_text(encoding="utf-8")
    head, _, rest = text.partition("\n## Example\n")
    example, _, mended = rest.partition("\n## Mended\n")
    title, _, meaning = head.partition("\n")
    return Page(code, title.removeprefix("# ").strip(), meaning.strip(), _blocks(example), _blocks(mended))


def _blocks(text: str) -> tuple[Block, ...]:
    return tuple(
        Block(
            match["kind"], match["name"] or _DRAWN[match["kind"]], match["text"], match["encoding"] or "utf-8"
        )
        for match in _FENCE.finditer(text)
    )


# ------------------------------------------------------------------------------------ what is really said


def said_of(blocks: tuple[Block, ...]) -> tuple[Diagnostic, ...]:
    """Everything that `pol check` and `pol eval` say of these files, named as in the page."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for block in blocks:
            (folder / block.name).write_bytes(block.text.encode(block.encoding))
        library = Library()
        found: list[Diagnostic] = []
        for block in blocks:
            if block.kind == "pol":
                compiled, said = compile_file(folder / block.name, library)
                found += [*said, *lint(folder / block.name, library, sound=compiled.program is not None)]
        facts = [block for block in blocks if block.kind != "pol"]
        if facts and not found:
            found += _said_of_facts(folder / blocks[0].name, facts, library)
    shown = {str(folder / block.name): block for block in blocks}
    return tuple(_named(d, shown) for d in in_reading_order(found))


def _said_of_facts(policy: Path, blocks: list[Block], library: Library) -> Iterator[Diagnostic]:
    program = compile_file(policy, library)[0].program
    assert program is not None
    values: dict[str, object] = {}
    read_files = []
    for block in blocks:
        if block.kind == "python":
            values |= ast.literal_eval(block.text)
            continue
        found, said = read_facts(block.name, block.text.encode())
        yield from said
        if found is None:
            return
        read_files.append(found)
        values |= found.values
    refused: tuple[FactProblem, ...] = ()
    try:
        Policy(program).evaluate(values, _ASKED)
    except InvalidFacts as invalid:
        refused = invalid.problems
    yield from to_diagnostics(refused, read_files)


def _named(d: Diagnostic, shown: Mapping[str, Block]) -> Diagnostic:
    """The same diagnostic about files that have no folder."""
    from attrs import evolve

    def renamed(source: SourceFile) -> SourceFile:
        block = shown.get(source.name)
        return source if block is None else SourceFile(block.name, source.text)

    return evolve(
        d,
        span=evolve(d.span, file=renamed(d.span.file)),
        related=tuple((evolve(span, file=renamed(span.file)), label) for span, label in d.related),
    )


# ------------------------------------------------------------------------------------------ for readers


def to_text(page: Page) -> str:
    """The page for a terminal."""
    meaning = "\n".join(in_lines(page.meaning, _WIDTH))
    parts = [f"{page.code}: {page.title}", meaning, "for example:", _indented(page.example)]
    parts += [
        render_people(said_of(page.example), width=_WIDTH).rstrip("\n"),
        "mended:",
        _indented(page.mended),
    ]
    return "\n\n".join(parts)


def _indented(blocks: tuple[Block, ...]) -> str:
    drawn = []
    for block in blocks:
        text = "".join(f"    {line}".rstrip() + "\n" for line in block.shown.rstrip("\n").split("\n"))
        drawn.append(text if _needs_no_name(blocks) else f"  {block.name}\n{text}")
    return "\n".join(drawn).rstrip("\n")


def _needs_no_name(blocks: tuple[Block, ...]) -> bool:
    """Whether it is clear without a name which file is shown: the only one of most examples."""
    return [block.name for block in blocks] == [_DRAWN["pol"]]


def to_markdown(page: Page) -> str:
    """The page for the documentation."""
    said = render_people(said_of(page.example), width=_WIDTH)
    parts = [f"# {page.title}", f"`{page.code}`", page.meaning, "## Example", _fenced(page.example)]
    parts += [f"```text\n{said}```", "## Mended", _fenced(page.mended)]
    return "\n\n".join(parts) + "\n"


def _fenced(blocks: tuple[Block, ...]) -> str:
    drawn = []
    for block in blocks:
        language = block.kind
        if language == "pol" and read(SourceFile(block.name, block.shown))[1]:
            language = "text"  # our own tests read every `pol` block of the documentation
        name = "" if _needs_no_name(blocks) else f"`{block.name}`\n\n"
        drawn.append(f"{name}```{language}\n{block.shown}```")
    return "\n\n".join(drawn)


def to_index() -> str:
    """The page that lists all others, in groups."""
    lines = [
        "# Diagnostics",
        "",
        "Whatever `pol` has to say about a file has a code that stays the same. Each code has a page: what it means,",
        "an example, what is said of it, and the example mended. `pol explain CODE` prints the same page.",
        "",
        "A warning is about something that can be used but looks doubtful; `pol check` ends with status 1 for it.",
        "`pol check --allow CODE` leaves it out everywhere, a remark leaves it out at one place, on its line or just",
        "above it:",
        "",
        "```pol",
        "# allow: missing-citation because the text was never published",
        "```",
    ]
    names = set(page_names())
    for group, origins in GROUPS:
        lines += ["", f"## {group}", "", "| code | means |", "| --- | --- |"]
        for code in sorted({c.name for origin in origins for c in codes_in(origin)} & names):
            lines.append(f"| [`{code}`]({code}.md) | {read_page(code).title} |")
            names.discard(code)
    assert not names, f"these pages belong to no diagnostic: {sorted(names)}"
    return "\n".join(lines) + "\n"


def codes_in(origin: object) -> list[Code]:
    """The codes that a module, a tuple or a table holds."""
    if isinstance(origin, tuple):
        values = list(origin)
    else:
        values = list((origin if isinstance(origin, dict) else vars(origin)).values())
    return [value for value in values if isinstance(value, Code)]


def pages() -> dict[str, str]:
    """Every page of the documentation by its file name."""
    written = {f"{code}.md": to_markdown(read_page(code)) for code in page_names()}
    return {"index.md": to_index(), **written}


def write_pages(folder: Path) -> None:
    """Writes the pages, and removes those of codes that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for old in folder.glob("*.md"):
        if old.name not in made:
            old.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_pages(Path(sys.argv[1]))
