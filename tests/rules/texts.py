"""Policies written for one test, answered by the evaluator and by the reference interpreter alike."""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import frozen

from policy_lang.pipeline import compile_file
from policy_lang.policy import DecidedOutcome, Decision, Policy
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.tools.explain import explain
from tests.reference.interpreter import decide
from tests.reference.neutral import neutral
from tests.reference.scene import at_place


def write(folder: Path, text: str, **others: str) -> Path:
    """A policy file, named as it calls itself, and the files that it uses beside it."""
    for other in others.values():
        write(folder, other)
    text = textwrap.dedent(text).lstrip("\n")
    path = folder / f"{text.split()[1]}.pol"
    path.write_text(text, encoding="utf-8")
    return path


def said_of(folder: Path, text: str, **others: str) -> list[Diagnostic]:
    """Everything that the compiler says of a text."""
    return list(compile_file(write(folder, text, **others))[1])


def codes(folder: Path, text: str, **others: str) -> list[str]:
    """The codes of everything that the compiler says of a text."""
    return [one.code.name for one in said_of(folder, text, **others)]


def exact(value: Any) -> Any:
    return Fraction(value) if isinstance(value, (Decimal, Fraction)) else value


@frozen
class Text:
    """A compiled text, to be asked."""

    policy: Policy

    def decide(
        self, facts: Mapping[str, Any], as_of: str = "2024-06-01", assume: Mapping[str, Any] | None = None
    ) -> Decision:
        """The whole decision; the reference interpreter comes to the same."""
        day = datetime.date.fromisoformat(as_of)
        decision = self.policy.evaluate(facts, day, assume)
        program = self.policy.program
        plain = {key: _without_who(value) for key, value in facts.items() if value is not None}
        expected = decide(program, neutral(program, plain), day, dict(assume or {}))
        for name, outcome in decision.outcomes.items():
            reference = expected[name]
            assert outcome.state == reference.state, name
            assert exact(outcome.value) == exact(reference.value), name
            assert set(outcome.needs) == reference.needs, name
            assert set(outcome.assumes) == reference.assumes, name
            assert {
                at_place(str(one["name"]), str(one.get("where", ""))) for one in outcome.determinations
            } == reference.determinations, name
        return decision

    def outcome(
        self,
        name: str,
        facts: Mapping[str, Any],
        as_of: str = "2024-06-01",
        assume: Mapping[str, Any] | None = None,
    ) -> DecidedOutcome:
        """One outcome."""
        return self.decide(facts, as_of, assume).outcomes[name]

    def state(self, name: str, facts: Mapping[str, Any], as_of: str = "2024-06-01") -> str:
        """The word for what one outcome came to."""
        return self.outcome(name, facts, as_of).state

    def value(self, name: str, facts: Mapping[str, Any], as_of: str = "2024-06-01") -> Any:
        """The value of a rule."""
        found = self.outcome(name, facts, as_of)
        assert found.state == "decided", (found.state, found.needs, found.reasons)
        return found.value

    def explained(self, name: str, facts: Mapping[str, Any], as_of: str = "2024-06-01") -> str:
        """Everything that is said about how one outcome came about."""
        return explain(self.decide(facts, as_of), name)


def compiled(folder: Path, text: str, **others: str) -> Text:
    """A text without mistakes."""
    found, diagnostics = compile_file(write(folder, text, **others))
    assert [(one.span.place, one.code.name, one.message) for one in diagnostics] == []
    assert found.program is not None
    return Text(Policy(found.program))


def _without_who(value: Any) -> Any:
    """Facts as the reference reads them: without who made a determination."""
    if isinstance(value, Mapping):
        if {"value", "by"} <= value.keys():
            return value["value"]
        return {key: _without_who(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_who(one) for one in value]
    return value
