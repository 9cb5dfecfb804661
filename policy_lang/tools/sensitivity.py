"""Which answers hold under every assumption, and which turn on one."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Callable, Iterable, Mapping

from attrs import frozen

from policy_lang.policy import DecidedOutcome, Policy
from policy_lang.program.core import Plain

_MOST_TOGETHER = 6
"""Up to so many assumptions are also flipped in every combination: 64 readings of the whole."""


@frozen
class Turn:
    """One other reading, as few flipped assumptions as possible, and the answer it gives."""

    flipped: tuple[tuple[str, bool], ...]
    answer: str


@frozen
class Sensitivity:
    """How one outcome depends on how doubtful text is read.

    `rests_on` are the assumptions it rests on in the reading taken; `turns` the smallest sets of flipped ones
    that change it; `fixed` those that are no yes or no, and so were not varied.
    """

    outcome: str
    answer: str
    rests_on: tuple[str, ...]
    turns: tuple[Turn, ...]
    fixed: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether every reading tried gives the same answer."""
        return not self.turns


def sensitivity(
    policy: Policy,
    facts: Mapping[str, object],
    as_of: datetime.date,
    assume: Mapping[str, Plain] | None = None,
    outcomes: Iterable[str] | None = None,
    *,
    words: Callable[[DecidedOutcome], str],
) -> tuple[Sensitivity, ...]:
    """Flips every yes/no assumption that any answer rests on, alone and together, and compares the answers.

    `words` puts an answer into words: two answers are the same when their words are. Raises what
    `Policy.evaluate` raises.
    """
    asked = tuple(outcomes) if outcomes is not None else None
    base = policy.evaluate(facts, as_of, assume, asked)
    taken = dict(base.assumed)
    kinds = {name: value for name, value in taken.items() if isinstance(value, bool)}
    resting = {
        name: tuple(dict.fromkeys((*outcome.assumes, *outcome.calendar_assumes)))
        for name, outcome in base.outcomes.items()
    }
    varied = [name for name in kinds if any(name in names for names in resting.values())]
    answers = {name: words(outcome) for name, outcome in base.outcomes.items()}
    turns: dict[str, list[Turn]] = {name: [] for name in answers}
    most = len(varied) if len(varied) <= _MOST_TOGETHER else 1
    for size in range(1, most + 1):
        for chosen in itertools.combinations(varied, size):
            flipped = tuple((name, not kinds[name]) for name in chosen)
            other = policy.evaluate(facts, as_of, {**(assume or {}), **dict(flipped)}, asked)
            for name, outcome in other.outcomes.items():
                smaller = any(set(turn.flipped) <= set(flipped) for turn in turns[name])
                if not smaller and words(outcome) != answers[name]:
                    turns[name].append(Turn(flipped, words(outcome)))
    return tuple(
        Sensitivity(
            name,
            answers[name],
            resting[name],
            tuple(turns[name]),
            tuple(one for one in resting[name] if one not in kinds),
        )
        for name in answers
    )
