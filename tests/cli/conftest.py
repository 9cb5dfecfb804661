"""The command `pol`, called in this process and as others call it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from attrs import frozen

from policy_lang.cli import main

ROOT = Path(__file__).parent.parent.parent


@frozen
class Ran:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on standard output."""
        return json.loads(self.out)


Pol = Callable[..., Ran]


@pytest.fixture
def pol(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Pol:
    """Runs `pol` with these arguments; whatever it answers, there is no traceback."""

    def run(*arguments: str | Path, stdin: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["pol", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        ran = Ran(int(ended.value.code or 0), captured.out, captured.err)
        assert "Traceback" not in ran.out + ran.err
        assert "mistake in pol itself" not in ran.err, ran.err
        return ran

    return run


@pytest.fixture
def spawn() -> Pol:
    """Runs `pol` as a command of its own."""

    def run(*arguments: str | Path, stdin: bytes = b"", **environment: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "policy_lang.cli", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            check=False,
            timeout=120,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **environment},
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


SMALL = """\
law small
    in force from 2024-01-01

record sale
    price money USD at least 0 USD "What was paid?"
    late  yes or no

assume late_counts is yes
    because "it does"
    but see "it does not"

rule dear for sale : yes or no "Is it dear?"    [own reading]
    yes when price is more than 5 USD
    yes when late and late_counts
    otherwise no

rule share for sale : percent                   [own reading]
    price as percent of 3 USD
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A policy that compiles, alone in its folder."""
    path = tmp_path / "small.pol"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A policy with one mistake, alone in its folder."""
    folder = tmp_path / "broken"
    folder.mkdir()
    path = folder / "broken.pol"
    path.write_text("law broken\n\nrule r : number\n    nothing\n", encoding="utf-8")
    return path
