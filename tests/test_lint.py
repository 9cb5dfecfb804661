"""Each warning, and what comes close to it without being one.

`golden/lint/CODE.pol` shows the warning CODE, `CODE.txt` what is said of it; `CODE.WHAT.pol` are further cases.
Where WHAT ends in `fine`, `vocabulary` or `elsewhere`, nothing is said. A folder stands for several files.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path

import pytest

from policy_lang.meaning import checks
from policy_lang.meaning.checks import CHECKS, CODES, lint
from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.source.diagnostic import Code, Diagnostic, in_reading_order
from policy_lang.source.render import render_people

Golden = Callable[[Path, str], None]

HERE = Path(__file__).parent / "golden" / "lint"
CASES = sorted(p for p in HERE.iterdir() if p.is_dir() or p.suffix == ".pol")
SILENT = ("fine", "vocabulary", "elsewhere")


def _name(case: Path) -> str:
    return case.name.removesuffix(".pol")


def _is_silent(case: Path) -> bool:
    return _name(case).endswith(SILENT)


def _lint(files: list[Path]) -> tuple[Diagnostic, ...]:
    library = Library()
    found: list[Diagnostic] = []
    for file in files:
        compiled, said = compile_file(file, library)
        found += [*said, *lint(file, library, sound=compiled.program is not None)]
    return in_reading_order(found)


def _check(case: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Diagnostic, ...]:
    monkeypatch.chdir(case.parent)
    return _lint(sorted(Path(case.name).glob("*.pol")) if case.is_dir() else [Path(case.name)])


def test_every_warning_is_shown_and_has_a_near_miss() -> None:
    shown = {_name(case) for case in CASES}
    for code in CODES:
        assert code.severity == "warning"
        assert code.name in shown
        assert any(n.startswith(f"{code.name}.") and n.endswith(SILENT) for n in shown), code.name
    assert {name.partition(".")[0] for name in shown} == {code.name for code in CODES}


def test_every_check_is_called() -> None:
    modules = {m for _, m in inspect.getmembers(checks, inspect.ismodule) if hasattr(m, "find")}
    assert {m.find for m in modules} == {*CHECKS, checks.look_alike.find}
    codes = {value for m in modules for value in vars(m).values() if isinstance(value, Code)}
    assert codes == {*CODES} - {checks.allowed.CODE}


@pytest.mark.parametrize("case", [c for c in CASES if not _is_silent(c)], ids=_name)
def test_a_warning_is_given_once(case: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    found = _check(case, monkeypatch)
    assert {d.code.name for d in found} == {_name(case).partition(".")[0]}
    golden(HERE / f"{_name(case)}.txt", render_people(found, width=100))
    for said in found:
        for text in (said.message, said.help, said.code.why, said.label):
            assert text
            assert not text[0].isupper()
            assert not text.endswith(".")


@pytest.mark.parametrize("case", [c for c in CASES if _is_silent(c)], ids=_name)
def test_nothing_is_said_of_a_near_miss(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [(d.span.place, d.code.name, d.message) for d in _check(case, monkeypatch)] == []


def test_every_expected_file_has_its_case() -> None:
    assert {p.stem for p in HERE.glob("*.txt")} == {_name(c) for c in CASES if not _is_silent(c)}


def test_the_policies_and_the_vocabulary_are_clean(policies: Path) -> None:
    library = Path(checks.__file__).parents[2] / "library"
    files = [*sorted(policies.rglob("*.pol")), *sorted(library.glob("*.pol"))]
    assert [f"{d.span.place}: {d.message}" for d in _lint(files) if d.severity == "warning"] == []


def test_letters_are_looked_at_even_where_nothing_can_be_read(tmp_path: Path) -> None:
    file = tmp_path / "broken.pol"
    file.write_text("law a\n\nrule tr\u0430de : number\n    1\n", encoding="utf-8")
    assert "look-alike" in {d.code.name for d in _lint([file])}


def test_errors_are_not_followed_by_warnings(tmp_path: Path) -> None:
    file = tmp_path / "broken.pol"
    file.write_text("law a\n\nrule one : number\n    five\n\nnorth means US, CA\n", encoding="utf-8")
    assert [d.code.name for d in _lint([file])] == ["unknown-name"]
