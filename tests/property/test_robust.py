"""Whatever stands in a file, the answer is a policy or messages about it: nothing is raised, nothing hangs."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policy_lang.policy import Policy
from policy_lang.source.diagnostic import has_errors
from policy_lang.source.finding import from_diagnostics
from policy_lang.source.render import render_people, render_plain, to_json
from policy_lang.source.text import SourceFile
from policy_lang.source.to_github import to_github
from policy_lang.source.to_sarif import to_sarif
from policy_lang.syntax.from_source import read
from policy_lang.tools.run_scenarios import run_scenario
from tests.property.mutants import FILES, changed_policies, compile_changed, token_soup

BOUNDED = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck), derandomize=True)


@BOUNDED
@given(token_soup())
def test_words_in_any_order(text: str) -> None:
    _, problems = read(SourceFile("soup.pol", text))
    assert all(0 <= p.span.start <= len(text) for p in problems)
    compiled, found = compile_changed("us_japan_2023.pol", "agreement us_japan_2023\n\nuse trade\n\n" + text)
    assert (compiled.program is None) == has_errors(found)


@BOUNDED
@given(
    st.sampled_from(FILES),
    st.binary(min_size=1, max_size=8),
    st.floats(0, 1, allow_nan=False),
    st.integers(0, 40),
)
def test_bytes_in_the_middle_of_a_policy(path: Path, data: bytes, place: float, dropped: int) -> None:
    raw = path.read_bytes()
    at = int(place * len(raw))
    text = (raw[:at] + data + raw[at + dropped :]).decode("utf-8", "replace")
    _, problems = read(SourceFile(path.name, text))
    for text in (render_people(problems), render_plain(problems), to_github(from_diagnostics(problems))):
        assert bool(text) == bool(problems)
    assert len(to_json(problems)) == len(problems)
    assert to_sarif(from_diagnostics(problems))


@settings(BOUNDED, max_examples=200)
@given(changed_policies())
def test_policies_with_changed_words_and_lines(changed: tuple[str, str]) -> None:
    name, text = changed
    compiled, found = compile_changed(name, text)
    render_people(found)
    assert (compiled.program is None) == has_errors(found)
    assert all(p.message and p.help for p in found), [(p.code.name, p.message) for p in found if not p.help]
    if compiled.program is not None:
        policy = Policy(compiled.program)
        for scenario in compiled.scenarios[:20]:
            run_scenario(policy, scenario)
