"""`pol diff` on a terminal: colour, and the texts side by side where there is room."""

from __future__ import annotations

import datetime
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from policy_lang.cli.diff_text import _wrapped, draw
from policy_lang.source.text import SourceFile, Span
from policy_lang.tools.diff.compare import Comparison, FileDiff
from policy_lang.tools.diff.meaning import Case, Meaning, OutcomeDiff
from policy_lang.tools.diff.missing import Missing
from policy_lang.tools.diff.report import to_text
from policy_lang.tools.diff.side_by_side import Line, _compared
from tests.cli.conftest import ROOT
from tests.conftest import Golden

GOLDEN = ROOT / "tests/golden/diff"

OLD = """\
law honey
    title    "Honey Law"
    in force from 2024-01-01

record jar
    organic     yes or no             "Is the honey organic, and grown by people who are paid for it?"
    flower      clover, heather or lime
    weight      number at least 0     "How much does the jar weigh?"

rule levy for jar : money USD "What is the levy?"                       [Section 2]
    1 USD when organic and weight is at most 500
    2 USD when flower is clover
    3 USD when flower is heather
    4 USD when weight is more than 900
    otherwise 5 USD

rule fee for jar : money USD                                            [Section 3]
    5 USD

rule toll for jar : money USD                                           [Section 4]
    7 USD
"""

EDITS = (
    ("by people who are paid for it?", "by people who are paid well for it?"),
    ("at most 500", "less than 501"),
    ("    4 USD when", "    4.50 USD when"),
    ("[Section 3]", "[Section 3(1)]"),
    ("rule toll", "rule charge"),
)


@pytest.fixture
def comparison() -> Comparison:
    text = OLD
    for old, new in EDITS:
        assert text.count(old) == 1
        text = text.replace(old, new)
    versions = SourceFile("old/honey.pol", OLD), SourceFile("new/honey.pol", text)
    case = Case("weight is more than 900", "4 USD", "4.5 USD", {}, datetime.date(2024, 1, 1), "0.5 USD more")
    meaning = Meaning(
        (OutcomeDiff("levy", "changed", (case,)), OutcomeDiff("fee", "same", missing=Missing("same"))), 1, 5.0
    )
    lines = ("rule toll is renamed to charge", "record jar: other", "rule levy: other", "rule fee: other")
    head = Span(versions[1], 0, 9)
    return Comparison((FileDiff("honey.pol", lines, meaning, head=head, before=versions[0]),))


@pytest.mark.parametrize(
    ("width", "colour"), [(80, False), (80, True), (120, False), (120, True), (180, False)]
)
def test_a_comparison_on_a_terminal(comparison: Comparison, golden: Golden, width: int, colour: bool) -> None:
    text = draw(comparison, width=width, colour=colour)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert plain == draw(comparison, width=width, colour=False)
    assert (plain.split() == to_text(comparison).split()) == (width < 110)
    assert all(cell_len(line) <= width for line in plain.splitlines())
    golden(GOLDEN / f"honey.{width}{'.colour' if colour else ''}.txt", text.replace("\x1b", "␛") + "\n")


@given(st.text("ab 日.", max_size=120), st.integers(20, 60))
def test_nothing_is_lost_where_a_line_is_broken(text: str, room: int) -> None:
    line = Line(text, ((0, len(text)),))
    pieces = list(_wrapped(line, room))
    assert all(cell_len(piece.text) <= room for piece in pieces)
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join(text.split())
    for piece in pieces:
        for start, end in piece.changed:
            assert 0 <= start <= end <= len(piece.text)


@pytest.mark.parametrize(
    ("old", "new", "gone", "come"),
    [
        ("    1 USD when organic", "    2 USD when organic", ["1"], ["2"]),
        ("    from 2024-01-01  5 %", "    from 2024-01-02  5 %", ["2024-01-01"], ["2024-01-02"]),
        ("    a, b, c", "    a, c", ["b,"], []),
        ("    a when b", "    otherwise 3 tonnes of it", ["a when b"], ["otherwise 3 tonnes of it"]),
        ("    a     b", "    a b", [], []),
    ],
)
def test_the_words_that_changed(old: str, new: str, gone: list[str], come: list[str]) -> None:
    row = _compared(old, new)
    for line, words in ((row.old, gone), (row.new, come)):
        assert line is not None
        assert [line.text[start:end] for start, end in line.changed] == words


def test_a_pipe_gets_neither_colour_nor_columns(tmp_path: Path) -> None:
    """On a terminal of 130 columns, both; with NO_COLOR, columns only."""
    pty = pytest.importorskip("pty")
    for name, fee in (("a.pol", "5"), ("b.pol", "6")):
        (tmp_path / name).write_text(f"law small\n\nrule fee : money USD\n    {fee} USD\n", encoding="utf-8")
    asked = [sys.executable, "-m", "policy_lang.cli", "diff", "a.pol", "b.pol"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "130", "TERM": "xterm"}

    def seen(**more: str) -> str:
        here, there = pty.openpty()
        running = subprocess.Popen(asked, cwd=tmp_path, env=environment | more, stdout=there)
        os.close(there)
        found = b""
        try:
            while piece := os.read(here, 65536):
                found += piece
        except OSError:  # what the end of a terminal is
            pass
        os.close(here)
        assert running.wait(timeout=60) == 1
        return found.decode().replace("\r", "")

    piped = subprocess.run(
        asked, cwd=tmp_path, env=environment, capture_output=True, check=False
    ).stdout.decode()
    assert "│" not in piped
    assert "\x1b" not in piped
    assert "│" in seen()
    assert "\x1b[" in seen()
    plain = seen(NO_COLOR="1")
    assert "│" in plain
    assert "\x1b" not in plain
