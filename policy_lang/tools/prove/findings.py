"""What was found about a policy as findings, each at the clause, rule or case that it is about."""

from __future__ import annotations

from policy_lang.source.finding import Finding, Kind, Level
from policy_lang.tools.prove.remarks import Proved, Remark

_WHY = {
    "conflict": "two cases that apply at once give different values",
    "no answer": "for some facts there is no answer",
    "broken promise": "a clause changes what it says it leaves alone",
    "broken property": "what is stated to be so in every case is not",
    "never asked": "a property that no case meets says nothing",
    "gap in time": "on some days between others there is no answer",
    "overlap in time": "on some days two answers are given at once",
    "never matters": "what no facts can meet may be a slip",
    "not settled": "it is not known for all facts",
}
_WARNINGS = ("never matters", "never asked", "not settled")


def findings(proved: Proved) -> tuple[Finding, ...]:
    """All that was found, in its order."""
    return tuple(_finding(one) for one in proved.remarks)


def _finding(one: Remark) -> Finding:
    level: Level = "warning" if one.kind in _WARNINGS else "error"
    kind = Kind(one.kind.replace(" ", "-"), _WHY.get(one.kind, ""), level)
    when = f" when {one.when}" if one.when else ""
    on = f", for example on {one.as_of}" if one.as_of is not None else ""
    return Finding(kind, one.span, f"{one.about}: {one.kind}{when}{on}", more=one.detail, related=one.related)
