"""A comparison as text and as a document for programs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from attrs import frozen

from policy_lang.tools.diff.compare import Comparison, FileDiff
from policy_lang.tools.diff.meaning import NO_TIME, Case, Meaning, OutcomeDiff
from policy_lang.tools.diff.missing import Missing

_SAME_WHERE_KNOWN = "the same for all complete facts and all dates"

_MOST_NAMES = 20
"""So many outcomes that are the same are named, before only their number is."""


def verdict(comparison: Comparison) -> str:
    """The whole in two words."""
    if comparison.differs:
        return "meaning differs"
    return "same meaning" if comparison.is_settled else "not settled"


PartKind: TypeAlias = Literal[
    "file", "heading", "text", "outcome", "case", "same", "limits", "blank", "verdict"
]


@frozen
class Part:
    """One line of a comparison for people: what it is, and the file that it is about."""

    kind: PartKind
    text: str
    file: FileDiff | None = None


def parts(comparison: Comparison) -> Iterable[Part]:
    """The comparison for people, line by line."""
    for one in comparison.files:
        yield from _file(one)
        yield Part("blank", "")
    yield Part("verdict", verdict(comparison))


def to_text(comparison: Comparison) -> str:
    """The comparison for people."""
    return "\n".join(part.text for part in parts(comparison))


def to_json(comparison: Comparison) -> dict[str, object]:
    """The comparison as the JSON document of the command line."""
    return {
        "verdict": verdict(comparison),
        "files": [
            {
                "file": one.name,
                "fate": one.fate or None,
                "text": list(one.text),
                "elements": None if one.meaning is None else one.meaning.elements,
                "limit": None if one.meaning is None else one.meaning.limit,
                "outcomes": [] if one.meaning is None else [_json(o) for o in one.meaning.outcomes],
            }
            for one in comparison.files
        ],
    }


def _json(one: OutcomeDiff) -> dict[str, object]:
    return {
        "outcome": one.name,
        "status": one.status,
        "renamed_from": one.renamed_from or None,
        "notes": list(one.notes),
        "reason": one.reason or None,
        "complete": _is_complete(one),
        "elements": one.elements,
        "territories": one.territories,
        "tried": one.tried,
        "cases": [
            {
                "when": case.when,
                "old": case.old,
                "new": case.new,
                "by": case.by or None,
                "facts": case.facts,
                "as_of": case.as_of.isoformat(),
            }
            for case in one.cases
        ],
        "missing": None if one.missing is None else _missing_json(one.missing),
    }


def _is_complete(one: OutcomeDiff) -> bool:
    """Whether the cases are all there is to say."""
    only_missing = one.is_same_where_all_is_known and one.status in ("changed", "not settled")
    return one.complete and not only_missing


def _missing_json(one: Missing) -> dict[str, object]:
    return {
        "state": one.state,
        "complete": one.state == "same",
        "reason": one.reason or None,
        "elements": one.elements,
        "cases": [
            {
                "when": example.when,
                "old": example.old,
                "new": example.new,
                "facts": example.facts,
                "as_of": example.as_of.isoformat(),
            }
            for example in one.examples
        ],
    }


def _file(one: FileDiff) -> Iterable[Part]:
    if one.meaning is None:
        yield Part("file", f"{one.name}: the file is {one.fate}", one)
        return
    yield Part("file", one.name, one)
    yield Part("heading", "  text", one)
    yield from (Part("text", f"    {line}", one) for line in one.text)
    yield Part("heading", "  meaning", one)
    for outcome in told(one.meaning):
        yield Part("outcome", f"    {_plain(outcome.name)}: {said(outcome)}", one)
        yield from (Part("case", f"      {line}", one) for line in details(outcome))
    yield from (Part("outcome", f"    {line}", one) for line in unlooked(one.meaning))
    yield from (Part("same", f"    {line}", one) for line in same(one.meaning))
    yield from (Part("limits", f"  {line}", one) for line in limits(one.meaning))


def said(one: OutcomeDiff) -> str:
    """What became of an outcome, in a few words."""
    if one.renamed_from:
        return f"renamed from {_plain(one.renamed_from)}, and the same for all facts and all dates"
    if one.status == "not settled":
        words = f"not settled ({one.reason})"
        if one.is_same_where_all_is_known:
            return f"{words}; {_SAME_WHERE_KNOWN}"
        if one.tried is None:
            return words
        return f"{words}; {_tried(one)}, and no change was found"
    return one.status


def _tried(one: OutcomeDiff) -> str:
    """What was tried where the solver came to no end."""
    if one.schedule:
        return f"what falls due was looked at on {one.tried} days"
    return f"{one.tried} sets of facts at the limits that the texts name were tried"


def details(one: OutcomeDiff) -> Iterable[str]:
    """The cases of the change, and how far they are known to be all."""
    yield from one.notes
    yield from _cases(one)
    if one.missing is not None and one.status == "changed":
        yield from _missing(one, one.missing)


def _missing(one: OutcomeDiff, missing: Missing) -> Iterable[str]:
    """What became of it where facts are missing."""
    if not one.cases and not one.notes:
        if not one.complete:
            yield f"where no fact is missing, it is not settled ({one.reason})"
        elif missing.state == "asks":
            yield "the same for all facts and all dates, known or not, but it asks for other facts"
        else:
            yield f"{_SAME_WHERE_KNOWN}, but not where facts are missing"
    yield from (f"{case.when}: {case.old} -> {case.new}" for case in missing.examples)
    if one.is_same_where_all_is_known and missing.examples:
        yield "there may be more cases: other missing facts may lead there, too"


def _cases(one: OutcomeDiff) -> Iterable[str]:
    yield from (_case(case) for case in one.cases)
    if one.status != "changed" or not one.cases:
        return
    if one.territories is None:
        yield "it is not settled what happens where a country is a territory of another"
    if one.territories:
        yield "where a country is a territory of another, it is taken for that country as far as the facts count it in"
    if not one.complete:
        tried = f"; {_tried(one)}" if one.tried is not None else ""
        yield "there may be more cases" + (f" ({one.reason}{tried})" if one.reason else "")
    elif _has_lists(one):
        yield f"these are all, for lists of up to {one.elements} element{'' if one.elements == 1 else 's'}"


def _has_lists(one: OutcomeDiff) -> bool:
    return one.elements is not None and any(
        isinstance(value, list)
        for case in one.cases
        for given in case.facts.values()
        if isinstance(given, dict)
        for value in given.values()
    )


def _case(case: Case) -> str:
    by = f" ({case.by})" if case.by else ""
    return f"{case.when}: {case.old} -> {case.new}{by}"


def told(meaning: Meaning) -> list[OutcomeDiff]:
    """The outcomes of which more is said than a name."""
    return [
        one
        for one in meaning.outcomes
        if (one.status != "same" or one.renamed_from) and not _is_summed_up(one)
    ]


def _is_summed_up(one: OutcomeDiff) -> bool:
    """Whether only its name is told, with others of which the same is to be said."""
    if one.status == "not settled" and one.is_same_where_all_is_known:
        return True
    return one.reason == NO_TIME and not one.notes


def unlooked(meaning: Meaning) -> list[str]:
    """Which outcomes are not settled, and of which nothing more is known than of others."""
    groups: dict[str, list[str]] = {}
    for one in meaning.outcomes:
        if _is_summed_up(one):
            rest = f"; {_SAME_WHERE_KNOWN}" if one.is_same_where_all_is_known else ""
            groups.setdefault(f"not settled ({one.reason}){rest}", []).append(_plain(one.name))
    return [f"{words}: {', '.join(names)}" for words, names in groups.items()]


def same(meaning: Meaning) -> list[str]:
    """Which outcomes are proved to be the same."""
    kept = [one for one in meaning.outcomes if one.status == "same" and not one.renamed_from]
    if not kept:
        return []
    return [_named("the same for all facts and all dates, known or not", kept, meaning)]


def _named(words: str, some: Sequence[OutcomeDiff], meaning: Meaning) -> str:
    if len(some) == len(meaning.outcomes):
        return f"all outcomes: {words}"
    if len(some) > _MOST_NAMES:
        return f"{words}: {len(some)} other outcomes"
    return f"{words}: {', '.join(_plain(one.name) for one in some)}"


def limits(meaning: Meaning) -> list[str]:
    """How far the comparison reaches."""
    short = [
        one for one in meaning.outcomes if one.status == "same" and (one.elements or 99) < meaning.elements
    ]
    elements = f"{meaning.elements} element{'' if meaning.elements == 1 else 's'}"
    within = f"lists of up to {elements}, in at most {meaning.limit:g} seconds for all"
    how = "duties are compared as they are written, what is asked for where facts are missing on examples"
    lines = [f"gone through: {within}; {how}"]
    if short:
        names = ", ".join(_plain(one.name) for one in short)
        lines.append(f"only for lists of up to {short[0].elements or 0} element: {names}")
    fewer = [one for one in meaning.outcomes if _is_short_of_facts(one, meaning.elements)]
    if fewer:
        names = ", ".join(_plain(one.name) for one in fewer)
        lines.append(f"where facts are missing, only for lists of up to 1 element: {names}")
    return lines


def _is_short_of_facts(one: OutcomeDiff, elements: int) -> bool:
    """Whether shorter lists were gone through where facts are missing."""
    return one.missing is not None and one.missing.state == "same" and (one.missing.elements or 99) < elements


def _plain(name: str) -> str:
    return name.replace("_", " ")
