"""`pol fmt`: what it writes, what it leaves alone, and what it answers."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Pol

DONE, NO, WRONG_USE, INVALID = range(4)
HASTY = 'use   a,b\n\n\nnot encoded "x"   because "y" # why\n'
TIDY = 'use a, b\n\nnot encoded "x" because "y"  # why\n'


@pytest.fixture
def hasty(tmp_path: Path) -> Path:
    path = tmp_path / "hasty.pol"
    path.write_text(HASTY, encoding="utf-8")
    return path


def test_formats_in_place_and_then_leaves_alone(pol: Pol, hasty: Path) -> None:
    hasty.chmod(0o640)
    ran = pol("fmt", hasty.parent)
    assert (ran.status, ran.out) == (
        DONE,
        f"formatted: {hasty}\n1 file formatted, 0 files left as they are\n",
    )
    assert hasty.read_text(encoding="utf-8") == TIDY
    assert stat.S_IMODE(hasty.stat().st_mode) == 0o640
    assert [path.name for path in hasty.parent.iterdir()] == ["hasty.pol"]
    before = hasty.stat()
    assert pol("fmt", hasty).out == "1 file left as it is\n"
    assert (hasty.stat().st_mtime_ns, hasty.stat().st_ino) == (before.st_mtime_ns, before.st_ino)


def test_check_and_diff_write_nothing(pol: Pol, hasty: Path) -> None:
    ran = pol("fmt", hasty, "--check")
    assert ran.status == NO
    assert f"would be formatted: {hasty}" in ran.out
    ran = pol("fmt", hasty, "--diff")
    assert ran.status == DONE
    assert ran.out.startswith(f"--- {hasty}\n+++ {hasty} (formatted)\n@@ ")
    assert "\n-use   a,b\n" in ran.out
    assert "\n+use a, b\n" in ran.out
    assert pol("fmt", hasty, "--diff", "--check").status == NO
    assert hasty.read_text(encoding="utf-8") == HASTY


def test_a_file_with_a_mistake_is_left_alone_and_the_others_are_not(pol: Pol, hasty: Path) -> None:
    wrong = hasty.parent / "wrong.pol"
    wrong.write_text("use   a\nuse 5\n", encoding="utf-8")
    ran = pol("fmt", hasty.parent)
    assert ran.status == INVALID
    assert "error[unexpected]" in ran.err
    assert "1 file with mistakes" in ran.out
    assert wrong.read_text(encoding="utf-8") == "use   a\nuse 5\n"
    assert hasty.read_text(encoding="utf-8") == TIDY
    assert pol("fmt", "--check", wrong).status == INVALID


def test_standard_input_goes_to_standard_output(pol: Pol, spawn: Pol) -> None:
    ran = spawn("fmt", "-", stdin=HASTY.encode())
    assert (ran.status, ran.out, ran.err) == (DONE, TIDY, "")
    ran = pol("fmt", "-", stdin=b"use 5\n")
    assert (ran.status, ran.out) == (INVALID, "")
    assert "<standard input>:1:5" in ran.err
    assert pol("fmt", "-", "--check", stdin=HASTY.encode()).status == NO
    assert pol("fmt", "-", "--check", stdin=TIDY.encode()).status == DONE
    assert pol("fmt", "-", stdin=b"\xff").status == INVALID


def test_wrong_use(pol: Pol, hasty: Path) -> None:
    assert pol("fmt").status == WRONG_USE
    assert pol("fmt", "-", hasty).status == WRONG_USE
    assert pol("fmt", hasty.parent / "missing.pol").status == WRONG_USE


def test_nothing_to_format_is_said(pol: Pol, tmp_path: Path) -> None:
    ran = pol("fmt", tmp_path)
    assert ran.status == NO
    assert "nothing was formatted" in ran.err


def test_json(pol: Pol, hasty: Path) -> None:
    ran = pol("fmt", hasty, "--check", "--diff", "--format", "json")
    assert ran.status == NO
    (file,) = ran.json["files"]
    assert (file["path"], file["read"], file["changed"]) == (str(hasty), True, True)
    assert file["diff"].startswith("--- ")
    assert (ran.json["changed"], ran.json["problems"]) == (1, [])
    assert pol("fmt", "-", "--format", "json", stdin=HASTY.encode()).json["files"][0]["text"] == TIDY


def test_line_ends_and_the_byte_order_mark_stay(pol: Pol, hasty: Path) -> None:
    hasty.write_bytes(b"\xef\xbb\xbf" + HASTY.replace("\n", "\r\n").encode())
    assert pol("fmt", hasty).status == DONE
    assert hasty.read_bytes() == b"\xef\xbb\xbf" + TIDY.replace("\n", "\r\n").encode()
    assert pol("fmt", hasty, "--check").status == DONE


def test_a_link_stays_a_link(pol: Pol, hasty: Path) -> None:
    link = hasty.parent / "link.pol"
    link.symlink_to(hasty.name)
    assert pol("fmt", link).status == DONE
    assert link.is_symlink()
    assert hasty.read_text(encoding="utf-8") == TIDY


def test_the_library_is_in_the_form_that_the_formatter_gives(pol: Pol) -> None:
    ran = pol("fmt", "--check", ROOT / "policies", ROOT / "policy_lang" / "library")
    assert ran.status == DONE, ran.out
