"""Coverage as a JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from policy_lang.tools.coverage.measure import Coverage, Measured


def to_json(coverages: Sequence[Coverage]) -> list[dict[str, object]]:
    """One entry a policy; `items` lists everything that could be tried, with how often it came to each value."""
    return [
        {
            "policy": one.policy,
            "scenarios": one.scenarios,
            "percent": one.percent,
            "tried": one.of()[0],
            "to_try": one.of()[1],
            "excused": one.excused,
            "items": [_item(measured) for measured in one.measured],
            "idle_remarks": [remark.span.place for remark in one.idle],
        }
        for one in coverages
    ]


def _item(measured: Measured) -> dict[str, object]:
    item = measured.item
    line, column = item.span.file.position(item.span.start)
    return {
        "kind": item.kind,
        "file": item.span.file.name,
        "line": line,
        "column": column,
        "text": item.span.text,
        "counts": dict(measured.counts),
        "missing": list(measured.missing),
        "excused": dict(measured.excused),
        "sentence": measured.sentence,
    }
