"""Looking names up takes no longer the more of them there are."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from policy_lang.pipeline import compile_file


@pytest.mark.slow
def test_thousands_of_unknown_names_are_all_reported_in_a_moment(tmp_path: Path) -> None:
    path = tmp_path / "many.pol"
    rules = (f"rule r{n} : number [own reading]\n    rx{n} + 1\n" for n in range(3000))
    path.write_text("law many\n\n" + "".join(rules), encoding="utf-8")
    begun = time.perf_counter()
    _, found = compile_file(path)
    assert time.perf_counter() - begun < 15
    assert [d.code.name for d in found] == ["unknown-name"] * 3000
    assert "did you mean" in found[0].help
