"""What all tests share: `--update-golden`, and one cache for everything that runs the compiler."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
collect_ignore_glob = ["*.pol"]  # examples of mistakes, which our own plugin for pytest would run
POLICIES = ROOT / "policies"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden",
        action="store_true",
        help="Write the expected files instead of comparing with them.",
    )


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):  # workers share what the process that started them has set
        folder = tempfile.mkdtemp(prefix="pol-tests-")
        config.add_cleanup(lambda: shutil.rmtree(folder, ignore_errors=True))
        os.environ["XDG_CACHE_HOME"] = folder
    os.environ.pop("POL_CACHE", None)
    os.environ.pop("NO_COLOR", None)


Golden = Callable[[Path, str], None]


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compares a text with the file that says what it should be; with `--update-golden`, writes that file."""
    update = request.config.getoption("--update-golden")

    def compare(path: Path, text: str) -> None:
        if update:
            path.write_text(text, encoding="utf-8")
            return
        assert path.exists(), f"{path} is missing: look at what is said, then run pytest with --update-golden"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(scope="session")
def policies() -> Path:
    """The folder with the policies of this project."""
    return POLICIES
