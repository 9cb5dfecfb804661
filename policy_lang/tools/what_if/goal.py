"""What is aimed at: `fta_treatment=granted`, `credit>=3750 USD`, `eligible=yes`, `credit=decided`."""

from __future__ import annotations

import datetime
import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal, TypeAlias, cast

from attrs import frozen

from policy_lang.backends.prove.forms import Form, Truth, all_of, equal, opposite, plain_content
from policy_lang.backends.prove.reach import related
from policy_lang.backends.prove.space import Space
from policy_lang.policy import DecidedOutcome
from policy_lang.program.core import Outcome, Plain, Program
from policy_lang.program.fact_values import Mistake, read_value
from policy_lang.program.sentences import listed, said
from policy_lang.program.states import ANY_STATES, STATES
from policy_lang.program.types import Date, is_ordered
from policy_lang.source.suggest import closest

Sign: TypeAlias = Literal["=", "!=", ">=", "<=", ">", "<"]

_GOAL = re.compile(r"\s*([^\s=<>!]+)\s*(>=|<=|!=|=|>|<)\s*(.*?)\s*", re.DOTALL)
_RELATIONS = {">=": "ge", "<=": "le", ">": "gt", "<": "lt"}
_NUMBERS = {
    "!=": "other than",
    ">=": "at least",
    "<=": "at most",
    ">": "more than",
    "<": "less than",
    "=": "",
}
_DATES = {**_NUMBERS, ">=": "on or after", "<=": "on or before", ">": "after", "<": "before"}


class WrongGoal(ValueError):
    """This cannot be aimed at; the argument says why."""


@frozen
class Goal:
    """What an outcome should be: in that `state`, and for a rule's value so and so."""

    outcome: Outcome
    state: str
    sign: Sign | None = None
    value: Plain = None

    @property
    def words(self) -> str:
        """As a sentence has it: `granted`, `at least 3750 USD`."""
        if self.sign is None:
            return self.state
        kind = self.outcome.type
        sign = (_DATES if isinstance(kind, Date) else _NUMBERS)[self.sign]
        return f"{sign} {said(self.value, kind)}".strip()

    def is_met(self, decided: DecidedOutcome) -> bool:
        """Whether the evaluator answers so."""
        if decided.state != self.state:
            return False
        if self.sign is None:
            return True
        value = decided.value
        if self.sign in ("=", "!="):
            return (_exact(value) == _exact(self.value)) is (self.sign == "=")
        return value is not None and bool(related(_RELATIONS[self.sign], _exact(value), _exact(self.value)))

    def truth(self, space: Space, form: Form) -> Truth:
        """When the outcome, lowered to this form, is so."""
        if self.state in form.gone or self.state in ANY_STATES:
            return form.gone.get(self.state, False)
        there = opposite(form.is_gone)
        if self.sign is None:
            if self.outcome.family == "rule":
                return there
            return all_of((there, opposite(form.none), equal(form.content, space.word(self.state))))
        if self.value is None:
            return all_of((there, form.none if self.sign == "=" else opposite(form.none)))
        content = plain_content(self.value, space.word)
        if self.sign in ("=", "!="):
            same = all_of((opposite(form.none), equal(form.content, content)))
            return all_of((there, same if self.sign == "=" else opposite(same)))
        return all_of((there, opposite(form.none), related(_RELATIONS[self.sign], form.content, content)))


def _exact(value: Any) -> Any:
    if isinstance(value, datetime.date):
        return value.toordinal()
    return Fraction(value) if isinstance(value, (Decimal, Fraction)) else value


def read_goal(text: str, program: Program) -> Goal:
    """What somebody typed. Raises `WrongGoal`."""
    found = _GOAL.fullmatch(text)
    if found is None:
        raise WrongGoal("write what you aim at like `fta_treatment=granted` or `credit>=3750`")
    name, wanted = found.group(1), found.group(3)
    sign = cast(Sign, found.group(2))  # the pattern knows no other
    outcomes = {one.name: one for one in program.outcomes}
    if name not in outcomes:
        near = closest(name, outcomes)
        raise WrongGoal(f"no outcome is called `{name}`" + (f"; did you mean `{near}`?" if near else ""))
    outcome = outcomes[name]
    if wanted == "undetermined":
        raise WrongGoal("an answer is undetermined for want of facts; that is nothing to aim at")
    if outcome.family != "rule":
        return _state_goal(outcome, sign, wanted)
    if sign == "=" and (wanted == "decided" or wanted in ANY_STATES):
        return Goal(outcome, wanted)
    return _value_goal(outcome, sign, wanted)


def _state_goal(outcome: Outcome, sign: str, wanted: str) -> Goal:
    states = [*STATES[outcome.family], *(one for one in ANY_STATES if one != "undetermined")]
    if sign != "=":
        raise WrongGoal(f"`{outcome.name}` has no value to compare: write `{outcome.name}={states[0]}`")
    if wanted not in states:
        near = closest(wanted, states)
        hint = f"did you mean `{near}`?" if near else f"it can be {listed(states, 'or')}"
        raise WrongGoal(f"`{outcome.name}` is never `{wanted}`; {hint}")
    return Goal(outcome, wanted)


def _value_goal(outcome: Outcome, sign: Sign, wanted: str) -> Goal:
    kind = outcome.type
    assert kind is not None
    if wanted == "none" and sign in ("=", "!="):
        return Goal(outcome, "decided", sign, None)
    if sign in _RELATIONS and not is_ordered(kind):
        raise WrongGoal(f"what `{outcome.name}` gives is neither more nor less: use `=`")
    value = read_value(wanted, kind)
    if isinstance(value, Mistake):
        raise WrongGoal(f"`{outcome.name}` cannot be that: {value.message}")
    return Goal(outcome, "decided", sign, value)
