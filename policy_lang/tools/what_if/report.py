"""What would have to change, as text and as a document for programs."""

from __future__ import annotations

from collections.abc import Iterable

from policy_lang.program.core import Plain
from policy_lang.program.event_dates import Events
from policy_lang.program.sentences import listed
from policy_lang.tools.what_if.facts_moved import FactMove, written
from policy_lang.tools.what_if.search import Answer, WhatIf

_MOST_OTHERS = 8


def to_text(found: WhatIf) -> str:
    """What was found, for people."""
    name, wanted = found.goal.outcome.name, found.goal.words
    lines = [f"now: `{name}` is {found.now}"]
    match found.status:
        case "already":
            return "\n".join([*lines, f"that is what was asked for ({wanted}): nothing has to change"])
        case "impossible":
            lines.append(f"`{name}` cannot be {wanted}, whatever the other facts are")
        case "not settled":
            lines.append(f"whether `{name}` can be {wanted} is not settled ({found.reason})")
        case "found":
            lines.append(f"to have `{name}` {wanted}:")
    for number, answer in enumerate(found.answers, 1):
        lines += ["", f"{number}. {_heading(answer)}"]
        lines += [f"     {line}" for move in shown(answer) for line in _move(move)]
        if found.goal.sign is not None or found.goal.state == "decided":
            lines.append(f"   then `{name}` is {answer.said}")
    lines += ["", *_limits(found)]
    return "\n".join(lines)


def shown(answer: Answer) -> list[FactMove]:
    """The moves that people are told: that a list is known goes without saying where its elements are named."""
    inside = {one.place[:n] for one in answer.moves for n in range(1, len(one.place))}
    return [
        one
        for one in answer.moves
        if not (one.type is None and one.place in inside and one.kind == "filled in")
    ]


def _heading(answer: Answer) -> str:
    parts = []
    if answer.changes:
        parts.append("change one fact" if answer.changes == 1 else f"change {answer.changes} facts")
    filled = sum(one.kind == "filled in" for one in shown(answer))
    if filled:
        parts.append(
            "fill in one that is not known" if filled == 1 else f"fill in {filled} that are not known"
        )
    if any(one.kind in ("added", "removed") for one in answer.moves):
        parts.append("a last resort, as a list gets another number of elements")
    return ", ".join(parts)


def _move(one: FactMove) -> Iterable[str]:
    if one.kind == "removed":
        yield f"{one.path} is taken out"
    elif one.type is None:
        is_element = isinstance(one.place[-1], int)
        yield f"{one.path} is put in" if is_element else f"{one.path} is an empty list (not known so far)"
    elif one.kind == "filled in":
        yield f"{one.path} is {one.new_words} (not known so far)"
    else:
        yield f"{one.path}: from {one.old_words} to {one.new_words}"
    if one.is_determination:
        yield "  somebody has to determine that"
    if not one.is_least:
        yield "  a smaller change may do"
    if one.others:
        words = [word.replace("_", " ") for word in one.others]
        if len(words) <= _MOST_OTHERS:
            yield f"  as well: {listed(words, 'or')}"
        else:
            yield f"  as well: {', '.join(words[:_MOST_OTHERS])} or one of {len(words) - _MOST_OTHERS} more"


def _limits(found: WhatIf) -> Iterable[str]:
    if found.status == "found":
        if not found.by_solver:
            yield f"found by trying values at the limits that the text names ({found.reason}); there may be more, and smaller ones"
        elif found.complete:
            yield "every other way takes in one of these; each was decided again with the facts so changed"
        else:
            more = f" ({found.reason})" if found.reason else ""
            yield f"there are or may be other ways{more}; each of these was decided again with the facts so changed"
    kept = [f"the date asked about, {found.as_of}" if one == "as_of" else f"`{one}`" for one in found.stays]
    if kept:
        yield f"taken as given: {listed(kept, 'and')}"
    if found.sizes and found.status in ("impossible", "found"):
        sizes = [f"{count} of `{path}`" for path, count in found.sizes]
        yield f"looked at: lists of up to {listed(sizes, 'and')}"


def to_json(found: WhatIf) -> dict[str, object]:
    """What was found, as the part `what_if` of the document of the command line."""
    return {
        "outcome": found.goal.outcome.name,
        "wanted": found.goal.words,
        "now": found.now,
        "status": found.status,
        "reason": found.reason or None,
        "complete": found.complete,
        "by_trying": not found.by_solver,
        "fixed": list(found.stays),
        "lists": dict(found.sizes),
        "answers": [
            {
                "answer": one.said,
                "changes": one.changes,
                "filled_in": one.filled_in,
                "moves": [_json(move) for move in one.moves],
                "facts": one.facts,
                "as_of": one.as_of.isoformat(),
            }
            for one in found.answers
        ],
    }


def _json(one: FactMove) -> dict[str, object]:
    return {
        "fact": one.path,
        "kind": one.kind,
        "from": _value(one.old) if one.kind == "changed" else None,
        "to": _value(one.new) if one.type is not None else None,
        "as_well": list(one.others),
        "smallest": one.is_least,
        "determination": one.is_determination,
    }


def _value(value: Plain | Events) -> object:
    return written(value)
