"""One limit of time for a whole comparison, shared out among the outcomes that are still to be looked at."""

from __future__ import annotations

import time
from collections.abc import Callable

from attrs import define, field

FOR_TRIALS = 0.2
"""This part of the time is kept for trying facts where the solver comes to no end."""

FOR_TEXTS = 0.5
"""After this part of the time, no more changed conditions are put to the solver."""

_FOR_SAYING = 0.05
"""This part of the time is kept for writing out what was found, and for the last question to come to its end."""

_TRIAL = 0.2
"""So many seconds are spent on trying facts for one outcome at least, while there is time."""

_GENEROUS = 4
"""An outcome may take so many times its equal share: most take next to nothing."""


@define(eq=False)
class Clock:
    """Runs from the moment `begun`, by the monotonic clock; `limit` is in seconds.

    `now` tells the time; another one may be given, so that a test does not hang on how quick a machine is.
    """

    limit: float
    begun: float = field(factory=time.monotonic)
    waiting: int = 0  # so many outcomes will still ask for their share
    now: Callable[[], float] = time.monotonic
    _end: float = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._end = self.begun + (1 - _FOR_SAYING) * self.limit

    @property
    def end(self) -> float:
        """The moment, by the monotonic clock, when all has to be done."""
        return self._end

    @property
    def for_texts(self) -> float:
        """The moment until which it is asked how changed conditions stand to each other."""
        return self.begun + FOR_TEXTS * self.limit

    def for_solver(self) -> float:
        """The moment until which the next outcome may keep the solver."""
        return self._share(self._end - FOR_TRIALS * self.limit)

    def for_trials(self) -> float:
        """The moment until which facts may be tried for an outcome that the solver did not settle."""
        now = self.now()
        return min(self._end, now + max(_TRIAL, FOR_TRIALS * (self._end - now) / (1 + self.waiting)))

    @property
    def is_over(self) -> bool:
        """Whether the time is over."""
        return self.now() >= self._end

    def for_missing(self) -> float:
        """The moment until which the outcome that was just looked at may be looked at where facts are missing."""
        now = self.now()
        return now + max(0.0, (self._end - now) / (max(0, self.waiting) + 1))

    def _share(self, end: float) -> float:
        now = self.now()
        left = end - now
        share = left if self.waiting <= 1 else min(left / 2, _GENEROUS * left / self.waiting)
        self.waiting -= 1
        return now + max(0.0, share)
