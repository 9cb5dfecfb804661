"""What has become of a property for the facts of one case, or of two that are compared (rule F8)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

from attrs import frozen

from policy_lang.program.core import Compared, Property
from policy_lang.program.facts import Events, Facts, Given
from policy_lang.program.tracer import Tracer
from policy_lang.program.values import Absence, Value, needs_of

Verdict: TypeAlias = Literal["holds", "broken", "not known", "not compared"]

_BREAKING = ("conflict", "error")


@frozen
class Kept:
    """Whether a property holds, why not in a few words, and the facts that are missing."""

    verdict: Verdict
    words: str = ""
    needs: tuple[str, ...] = ()


def for_case(found: Property, case: Tracer) -> Kept:
    """Whether a property that is about one case holds for it.

    It is broken where the condition is no, or has no answer because of a conflict or an error; it holds where there
    is nothing to ask: what is not in force, suspended or not applicable breaks nothing.
    """
    if found.holds is None:
        return Kept("not compared", "not asked: it compares two cases, and only one is given")
    holding = case.about(found.holds, found.subject, found.judged_on)
    whens = case.about(found.when, found.subject, found.judged_on) if found.when is not None else None
    missing: set[str] = set()
    broken: Kept | None = None
    for n, (place, holds) in enumerate(holding):
        value = holds if whens is None else implied(whens[n][1], holds)
        if 0 in place and value is not True:  # nobody has said whether there is such an element
            missing.add(case.list_of(found.subject))
        elif value is False:
            return Kept("broken", "broken")
        elif isinstance(value, Absence) and value.reason in _BREAKING:
            broken = broken or Kept("broken", _no_answer(value))
        missing |= needs_of((value,))
    return broken or (_lacking(missing) if missing else Kept("holds"))


def _lacking(needs: Iterable[str]) -> Kept:
    names = tuple(sorted(needs))
    return Kept("not known", f"not known: it needs {', '.join(names)}", names)


def for_pair(found: Property, one: Tracer, other: Tracer) -> Kept:
    """Whether a property that compares two cases holds for these two, in whatever order they are given."""
    compared = found.compared
    if compared is None:
        return Kept("not compared", "not asked: it is about one case")
    places = list(_differences(one.facts, other.facts))
    name = f"{compared.fact.record}.{compared.fact.field}" if compared.fact.record else compared.fact.field
    if one.as_of != other.as_of or len(places) != 1 or places[0][0] != one.path_of(compared.fact):
        return Kept("not compared", f"not compared: the two cases do not differ in {name} alone")
    _, indexes, before, after = places[0]
    order = _order(before, after)
    if order is None:
        return Kept("not compared", f"not compared: {name} is not known in both cases")
    first, second = (one, other) if (order < 0) == compared.more else (other, one)
    for case in (first, second):
        when = _at(found, case, indexes)
        if isinstance(when, Absence) and when.needs:
            return _lacking(when.needs)
        if when is not True:
            return Kept("holds")
    before, after = (_answer(found, compared, case) for case in (first, second))
    for value in (before, after):
        if isinstance(value, Absence):
            if value.reason in _BREAKING:
                return Kept("broken", _no_answer(value))
            return _lacking(value.needs) if value.needs else Kept("holds")
    turned = _order(before, after)
    is_broken = turned is not None and (turned < 0 if compared.rules_out_more else turned > 0)
    return Kept("broken", "broken") if is_broken else Kept("holds")


def implied(when: Value, holds: Value) -> Value:
    """`holds` where `when` is yes: no only where the one is yes and the other no (rule W3)."""
    if when is False or holds is True:
        return True
    if when is True:
        return holds
    if isinstance(when, Absence) and when.needs:
        return when
    return holds if isinstance(holds, Absence) and holds.needs else when


def _no_answer(value: Absence) -> str:
    return "broken: the answers clash" if value.reason == "conflict" else "broken: there is no answer"


def _answer(found: Property, compared: Compared, case: Tracer) -> Value:
    root = case.root_of(found.subject)
    return case.about(compared.answer, root, found.judged_on)[0][1]


def _at(found: Property, case: Tracer, indexes: tuple[int, ...]) -> Value:
    """What the condition of a comparison comes to for the record in which the two cases differ."""
    if found.when is None:
        return True
    here = [
        value
        for place, value in case.about(found.when, found.subject, found.judged_on)
        if place[: len(indexes)] == indexes
    ]
    return True in here or next(iter(here), True)


# ------------------------------------------------------------------------------ what two cases differ in

_Place: TypeAlias = tuple[str, ...]
_Found: TypeAlias = tuple[_Place, tuple[int, ...], Any, Any]


def _differences(one: Facts, other: Facts) -> Iterator[_Found]:
    if one.territories != other.territories:
        yield ("territories",), (), None, None
    for known, also in ((one.case, other.case), (one.subjects, other.subjects)):
        for name in {**known, **also}:
            yield from _apart((name,), (), known.get(name), also.get(name))


def _apart(place: _Place, indexes: tuple[int, ...], a: Any, b: Any) -> Iterator[_Found]:
    """Where two values differ; a list that lacks some elements of another differs as a whole."""
    if isinstance(a, Given) and isinstance(b, Given):
        for name in {**a.values, **b.values}:
            yield from _apart((*place, name), indexes, a.values.get(name), b.values.get(name))
    elif _is_list(a) and _is_list(b) and len(a) == len(b):
        for n, (x, y) in enumerate(zip(a, b, strict=True)):
            yield from _apart(place, (*indexes, n + 1), x, y)
    elif _is_list(a) and _is_list(b):
        short, long = sorted((a, b), key=len)
        if _is_among(list(short), list(long)):
            yield place, indexes, len(a), len(b)
        else:
            yield (*place, ""), indexes, a, b
    elif a != b:
        yield place, indexes, a, b


def _is_among(short: list[Any], long: list[Any]) -> bool:
    """Whether the elements of one list are some of those of another, in the same order."""
    rest = iter(long)
    return all(any(not list(_apart((), (), one, other)) for other in rest) for one in short)


def _is_list(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(one, Given) for one in value)


def _order(a: Any, b: Any) -> int | None:
    """Below zero where the second is more than the first; None where they are not compared."""
    if any(one is None or isinstance(one, (Absence, str, tuple, Given, Events)) for one in (a, b)):
        return None
    return int(a > b) - int(a < b)
