"""One question to a solver, within what is left of the time and with so much work at most."""

from __future__ import annotations

import time
from typing import Any

import z3


def asked(solver: Any, deadline: float, work: int, *assumed: Any) -> bool | None:
    """Whether what the solver holds can be, these taken as so, too; None where that was not settled.

    The moment `deadline` is by the monotonic clock. `work` counts the solver's own steps, so that the same question ends
    alike on every machine; 0: only the time bounds it.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    solver.set("timeout", max(1, int(left * 1000)))
    solver.set("rlimit", work)
    answer = solver.check(*assumed)
    return None if answer == z3.unknown else bool(answer == z3.sat)
