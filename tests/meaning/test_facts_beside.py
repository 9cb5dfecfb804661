"""Facts from files: only from the folder of the policy, whatever is written and wherever links lead."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_lang.checking import check
from policy_lang.pipeline import compile_file

POLICY = """\
law small
    in force from 2024-01-01
    verified 2024-01-01 against "nothing"

record sale
    price money USD

rule dear for sale : yes or no                                  [section 2]
    yes when price is more than 5 USD
    otherwise no

scenario "From a file"
    as of 2024-06-30
    given facts from "{path}"
    expect dear no
"""


def codes(folder: Path, path: str) -> list[str]:
    (folder / "small.pol").write_text(POLICY.format(path=path), encoding="utf-8")
    return [d.code.name for d in compile_file(folder / "small.pol")[1]]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A folder with a policy, and a secret beside the folder."""
    (tmp_path / "secret.json").write_text('{"sale": {"price": "1"}}', encoding="utf-8")
    folder = tmp_path / "library"
    (folder / "cases").mkdir(parents=True)
    (folder / "cases" / "fine.json").write_text('{"sale": {"price": "1"}}', encoding="utf-8")
    return folder


def test_a_file_in_the_folder_or_below_it(library: Path) -> None:
    assert codes(library, "cases/fine.json") == []
    assert codes(library, "./cases/fine.json") == []
    (library / "inner.json").symlink_to("cases/fine.json")
    assert codes(library, "inner.json") == []


def test_ways_out(library: Path) -> None:
    (library / "link.json").symlink_to("../secret.json")
    (library / "out").symlink_to("..")
    (library / "circle.json").symlink_to("circle.json")
    for path in (
        "../secret.json",
        "cases/../../secret.json",
        "cases/../cases/fine.json",
        str(library.parent / "secret.json"),
        "~/secret.json",
        "C:/secret.json",
        "..\\\\secret.json",
        "link.json",
        "out/secret.json",
        "circle.json",
        "cases",
        "missing.json",
        "x" * 3000,
        ".",
        "",
    ):
        assert codes(library, path) == ["no-facts-file"], path


def test_what_the_file_itself_has_wrong_is_said_there(library: Path) -> None:
    (library / "bad.json").write_text('{"sale": {"prise": "1"}}', encoding="utf-8")
    assert codes(library, "bad.json") == ["unknown-fact"]
    (library / "bad.json").write_text('{"sale": ', encoding="utf-8")
    assert codes(library, "bad.json") == ["unreadable-facts"]
    (library / "bad.json").write_text('{"sale": 5}', encoding="utf-8")
    assert (
        codes(library, "bad.json") == []
    )  # it fails when it is run: such facts may be expected to be refused


def test_a_clean_check_is_forgotten_when_the_file_changes(
    library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert codes(library, "cases/fine.json") == []
    assert check([library / "small.pol"]) == check([library / "small.pol"]) == ()
    (library / "cases" / "fine.json").write_text('{"sail": {"price": "1"}}', encoding="utf-8")
    assert [d.code.name for d in check([library / "small.pol"])] == ["unknown-fact"]
    (library / "cases" / "fine.json").unlink()
    assert [d.code.name for d in check([library / "small.pol"])] == ["no-facts-file"]
