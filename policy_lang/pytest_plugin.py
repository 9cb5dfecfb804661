"""A plugin for pytest: the scenarios of `.pol` files as tests, with the messages of `pol test`.

It stays away unless a run names a folder with such files, or such a file. `-p no:pol_scenarios` does without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from policy_lang.meaning.load import Library
    from policy_lang.policy import Policy
    from policy_lang.program.scenario import Scenario
    from policy_lang.tools.run_files import CaseReport

_LIBRARY: pytest.StashKey[Library] = pytest.StashKey()
"""What was read so far in this run: each file is read once."""


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> PolicyFile | None:
    """A collector for each file of policies."""
    if file_path.suffix != ".pol":
        return None
    return PolicyFile.from_parent(parent, path=file_path)


class InvalidPolicyFile(Exception):
    """The file has mistakes, so that its scenarios cannot be run; the message shows them."""


class ScenarioFailed(Exception):
    """A case did not come out as expected; the message shows what came instead."""


class PolicyFile(pytest.File):
    """One file of policies."""

    def collect(self) -> Iterator[ScenarioItem]:
        """An item for each case."""
        from policy_lang.meaning.load import Library  # the compiler loads when there is something to compile
        from policy_lang.pipeline import compile_file
        from policy_lang.policy import Policy
        from policy_lang.source.diagnostic import has_errors
        from policy_lang.source.render import render_people

        library = self.config.stash.setdefault(_LIBRARY, Library())
        compiled, problems = compile_file(self.path, library)
        if has_errors(problems):
            raise InvalidPolicyFile(render_people(problems))
        assert compiled.program is not None
        if not compiled.scenarios:
            return
        policy = Policy(compiled.program)
        for scenario in compiled.scenarios:
            yield ScenarioItem.from_parent(self, name=scenario.label, policy=policy, scenario=scenario)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        """The problems as they are drawn for people."""
        if isinstance(excinfo.value, InvalidPolicyFile):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **kwargs)


class ScenarioItem(pytest.Item):
    """One case."""

    def __init__(self, *, policy: Policy, scenario: Scenario, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.policy = policy
        self.scenario = scenario
        self.funcargs: dict[str, object] = {}  # other plugins look for it on every item

    def runtest(self) -> None:
        """Decides the case, and compares."""
        from policy_lang.tools.explain import explain  # needed only by what is run
        from policy_lang.tools.run_files import run_cases

        for report in run_cases(self.policy, (self.scenario,), explain):
            if not report.passed:
                raise ScenarioFailed(_shown(report))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **kwargs: Any) -> Any:
        """What `pol test` prints."""
        if isinstance(excinfo.value, ScenarioFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, *args, **kwargs)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, the line counted from 0, and the name."""
        line, _ = self.scenario.span.file.position(self.scenario.span.start)
        return self.path, line - 1, self.name


def _shown(report: CaseReport) -> str:
    from policy_lang.cli.test_output import failed  # as above

    return failed(report)
