"""A run that found nothing is remembered, and forgotten as soon as anything changes that could matter."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_lang import checking
from policy_lang.checking import check

POLICY = """\
agreement {name}
    parties US "United States of America", JP "Japan"
    in force from 2024-01-01

use {used}

clause talks "Talks"  [Article 1]
    the parties shall confer on "prices"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("POL_CACHE", raising=False)
    (tmp_path / "a.pol").write_text(POLICY.format(name="a", used="words"), encoding="utf-8")
    (tmp_path / "words.pol").write_text("vocabulary words\n\npurpose trade_talks\n", encoding="utf-8")
    return tmp_path


def remembered(path: Path) -> bool:
    kept = checking._Kept.of([path])
    assert kept is not None
    return kept.is_clean(kept.state())


def test_a_clean_run_is_remembered(folder: Path) -> None:
    assert not remembered(folder / "a.pol")
    assert check([folder / "a.pol"]) == ()
    assert remembered(folder / "a.pol")
    assert check([folder / "a.pol"]) == ()


def test_it_is_forgotten_when_the_file_one_it_uses_or_one_beside_it_changes(folder: Path) -> None:
    for name, text in (
        ("a.pol", POLICY.format(name="a", used="wards")),
        ("words.pol", "vocabulary words\n\nnonsense\n"),
        ("a.scenarios.pol", "scenarios for a\n"),
    ):
        path = folder / name
        before = path.read_text(encoding="utf-8") if path.exists() else None
        assert check([folder / "a.pol"]) == ()
        path.write_text(text, encoding="utf-8")
        assert not remembered(folder / "a.pol")
        if before is not None:
            assert check([folder / "a.pol"]) != ()
            path.write_text(before, encoding="utf-8")


def test_a_run_that_found_something_is_not_remembered(folder: Path) -> None:
    path = folder / "a.pol"
    path.write_text(POLICY.format(name="a", used="wards"), encoding="utf-8")
    assert check([path]) == check([path]) != ()
    assert not remembered(path)


def test_what_is_no_file_or_too_large_is_not_read_to_see_whether_it_changed(folder: Path) -> None:
    (folder / "b.pol").write_bytes(b"#" * (5 * 1024 * 1024))
    assert check([folder / "a.pol"]) == ()
    assert not remembered(folder / "a.pol")
    assert not remembered(Path("/dev/zero"))
