"""Looking names up takes no longer the more of them there are."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.source.diagnostic import Diagnostic


@pytest.mark.slow
def test_four_times_as_many_unknown_names_take_about_four_times_as_long(tmp_path: Path) -> None:
    few, _ = reported(tmp_path, 600)
    many, found = reported(tmp_path, 2400)
    assert many < 8 * few
    assert [d.code.name for d in found] == ["unknown-name"] * 2400
    assert "did you mean" in found[0].help


def reported(folder: Path, count: int) -> tuple[float, list[Diagnostic]]:
    """How much work of the processor, in seconds, it takes to report so many names, and what is reported."""
    path = folder / f"many_{count}.pol"
    rules = (f"rule r{n} : number [own reading]\n    rx{n} + 1\n" for n in range(count))
    path.write_text("law many\n\n" + "".join(rules), encoding="utf-8")
    begun = time.process_time()
    _, found = compile_file(path)
    return time.process_time() - begun, list(found)
