"""Rewrites of the library that mean nothing: layout, comments, order, brackets, names that nobody else uses.

`POL_DIFF_REWRITES` is how many are tried: 40 unless it says otherwise.
"""

from __future__ import annotations

import functools
import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_lang.tools.diff.clock import Clock
from policy_lang.tools.diff.compare import compare
from policy_lang.tools.diff.report import verdict
from tests.cli.conftest import ROOT

POLICIES = ROOT / "policies"
COUNT = int(os.environ.get("POL_DIFF_REWRITES", "40"))
FILES = sorted(
    str(path.relative_to(POLICIES))
    for path in POLICIES.rglob("*.pol")
    if "." not in path.stem and not path.read_text("utf-8").startswith("amendment")
)


def blocks_of(text: str) -> list[str]:
    """The header, then each piece that begins at the margin, with the comments above it."""
    found: list[str] = [""]
    for line in text.splitlines(keepends=True):
        begins = bool(line.strip()) and not line[0].isspace()
        if begins and (found[-1].strip() and not found[-1].rstrip().splitlines()[-1].startswith("#")):
            found.append("")
        found[-1] += line
    return found


def comments_added(text: str, rng: random.Random) -> str:
    blocks = blocks_of(text)
    at = rng.randrange(1, len(blocks))
    return "".join([*blocks[:at], f"# A remark, number {rng.randrange(1000)}.\n\n", *blocks[at:]])


def comments_removed(text: str, _: random.Random) -> str:
    return re.sub(r"(?m)^ *#.*\n", "", text)


def blank_lines(text: str, rng: random.Random) -> str:
    return "".join(block + "\n" * rng.randrange(3) for block in blocks_of(text))


def single_spaces(text: str, _: random.Random) -> str:
    """Columns are given up, outside of quotation marks."""
    lines = []
    for line in text.splitlines():
        inner = line.lstrip(" ")
        parts = re.split(r'("[^"]*")', inner)
        parts[::2] = [re.sub(r" {2,}", " ", part) for part in parts[::2]]
        lines.append(" " * (len(line) - len(inner)) + "".join(parts))
    return "\n".join(lines) + "\n"


def order_of_pieces(text: str, rng: random.Random) -> str:
    blocks = blocks_of(text)
    movable = [
        n for n, one in enumerate(blocks) if re.search(r"(?m)^(clause|rule|table|assume|not encoded) ", one)
    ]
    order = rng.sample(movable, len(movable))
    moved = list(blocks)
    for place, n in zip(movable, order, strict=True):
        moved[place] = blocks[n].rstrip("\n") + "\n\n"
    return "".join(moved)


def order_of_members(text: str, rng: random.Random) -> str:
    def shuffled(found: re.Match[str]) -> str:
        members = found[2].split(", ")
        return found[1] + ", ".join(rng.sample(members, len(members))) + found[3]

    return re.sub(r"(?m)^(\w+ means )(\w+(?:, \w+)+)( *(?:\[.*)?)$", shuffled, text)


def order_of_rows(text: str, rng: random.Random) -> str:
    blocks = blocks_of(text)
    for n, block in enumerate(blocks):
        lines = block.rstrip("\n").split("\n")
        head = next((i for i, line in enumerate(lines) if line.startswith("table ")), None)
        rows = [] if head is None else lines[head + 1 :]
        if "first row" in block or len(rows) < 2 or any(not re.match(r"    [^\s\[]", row) for row in rows):
            continue
        assert head is not None
        blocks[n] = "\n".join([*lines[: head + 1], *rng.sample(rows, len(rows))]) + "\n\n"
    return "".join(blocks)


def brackets(text: str, _: random.Random) -> str:
    return re.sub(r"(?m)^( +\S.* when )(\w+ is (?:at least |less than |not )?\w+)$", r"\1(\2)", text)


def line_split(text: str, rng: random.Random) -> str:
    lines = text.split("\n")
    places = [
        (n, found.start())
        for n, line in enumerate(lines)
        for found in re.finditer(r" (and|when) ", line.split("[")[0].split('"')[0])
        if line.startswith("    ") and not line.lstrip().startswith(("#", "and", "when", "check"))
    ]
    if not places:
        return text
    n, at = rng.choice(places)
    lines[n] = lines[n][:at] + "\n" + " " * 20 + lines[n][at + 1 :]
    return "\n".join(lines)


def another_name(text: str, rng: random.Random) -> str:
    """A list that no other file speaks of is called otherwise."""
    others = "\n".join(path.read_text("utf-8") for path in POLICIES.rglob("*.pol"))
    names = [
        name
        for name in re.findall(r"(?m)^(\w+) means ", text)
        if len(re.findall(rf"\b{name}\b", others)) == len(re.findall(rf"\b{name}\b", text))
    ]
    if not names:
        return text
    name = rng.choice(names)
    return re.sub(rf"\b{name}\b", f"{name}_called_otherwise", text)


REWRITES: tuple[Callable[[str, random.Random], str], ...] = (
    comments_added,
    comments_removed,
    blank_lines,
    single_spaces,
    order_of_pieces,
    order_of_members,
    order_of_rows,
    brackets,
    line_split,
    another_name,
)


@functools.cache
def rewrites() -> list[tuple[str, str, str]]:
    """So many rewrites of files, each with its kind; no two are alike."""
    found: dict[tuple[str, str], str] = {}
    seed = 0
    while len(found) < COUNT and seed < 40 * COUNT:
        rng = random.Random(seed)
        rewrite, file = REWRITES[seed % len(REWRITES)], rng.choice(FILES)
        seed += 1
        text = (POLICIES / file).read_text("utf-8")
        new = rewrite(text, rng)
        if rng.random() < 0.3:
            new = comments_added(new, rng)
        if new != text:
            found.setdefault((file, new), rewrite.__name__)
    return [(file, kind, new) for (file, new), kind in found.items()]


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the policies, to be rewritten."""
    folder = tmp_path_factory.mktemp("rewritten") / "policies"
    shutil.copytree(POLICIES, folder)
    return folder


def test_rewrites_mean_the_same(drafts: Path) -> None:
    kinds: set[str] = set()
    for file, kind, text in rewrites():
        (drafts / file).write_text(text, "utf-8")
        try:
            found, wrong = compare(POLICIES / file, drafts / file, clock=Clock(60), elements=None)
        finally:
            shutil.copy(POLICIES / file, drafts / file)
        assert found is not None, (file, kind, [one.message for one in wrong], text)
        assert verdict(found) == "same meaning", (file, kind, text)
        kinds.add(kind)
    assert len(rewrites()) == COUNT
    assert len(kinds) >= 8
