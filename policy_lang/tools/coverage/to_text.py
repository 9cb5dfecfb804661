"""Coverage for people: a summary of each policy, then what was never tried, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from policy_lang.tools.coverage.items import Kind
from policy_lang.tools.coverage.measure import Coverage

GROUPS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("clauses and rules, each with what it can come to", ("outcome", "defence")),
    ("texts of amended clauses", ("version",)),
    ("cases", ("case", "otherwise")),
    ("exceptions", ("exception", "gate")),
    ("rows of tables", ("row",)),
    ("conditions, each yes, no and unknown", ("condition",)),
    ("checks of facts", ("check",)),
)
"""What is told apart in a summary."""


def to_text(coverages: Iterable[Coverage]) -> str:
    """The report; what stands in a policy is shown as its author wrote it."""
    return "\n".join(line for one in coverages for line in (*_policy(one), "")).rstrip("\n")


def _policy(coverage: Coverage) -> Iterator[str]:
    tried, total = coverage.of()
    excused = f", {coverage.excused} more are not tried for a reason" if coverage.excused else ""
    yield f"{coverage.policy}: {coverage.percent} % ({tried} of {total} tried{excused})"
    for title, kinds in GROUPS:
        part, whole = coverage.of(*kinds)
        if whole:
            yield f"  {title}: {part} of {whole}"
    for one in coverage.gaps:
        yield f"  {_line(one.item.span.place)}: {one.sentence}"
    for one in coverage.measured:
        for value, reason in one.excused:
            yield f"  {_line(one.item.span.place)}: {one.item.words} is not tried ({value}) because {reason}"
    for remark in coverage.idle:
        why = "nothing here is left to try" if remark.reason else "it does not say why, with `because`"
        yield f"  {_line(remark.span.place)}: this remark excuses nothing: {why}"


def _line(place: str) -> str:
    """A place without its column."""
    return place.rpartition(":")[0]
