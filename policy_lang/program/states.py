"""The words for what an outcome can come to, by its family."""

from __future__ import annotations

from policy_lang.program.core import Family

ANY_STATES = ("undetermined", "conflict", "not in force", "suspended", "not applicable", "error")
"""States that an outcome of every family can have."""

STATES: dict[Family, tuple[str, ...]] = {
    "status": ("granted", "not granted"),
    "prohibition": ("complied", "breached", "justified", "permitted"),
    "obligation": (
        "not yet triggered",
        "pending",
        "fulfilled",
        "overdue",
        "target date passed; no breach",
    ),
    "flag": ("raised", "clear"),
    "undertaking": ("applies", "does not apply"),
    "rule": (),
}
"""Those of one family only; a rule has a value instead."""
