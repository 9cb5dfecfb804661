"""What one decided case reached of a policy, read off its steps.

Only what could matter counts: not a case below one that applied already, not the value of a case whose condition is
no, not what an element of a list is asked after it was left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from policy_lang.policy import DecidedOutcome, Decision
from policy_lang.program.core import Choose
from policy_lang.program.trace import Element, OutcomeTrace, Trace
from policy_lang.program.values import Absence, Value
from policy_lang.tools.coverage.items import APPLIED, Items, Key


def reached(
    items: Items, decision: Decision, look: Callable[[Trace], None] | None = None
) -> Counter[tuple[Key, str]]:
    """Each item with each value it had in this case, once; `look` is shown every condition and value reached."""
    found: set[tuple[Key, str]] = set()
    seen: dict[int, Trace] = {}
    for name in decision.asked:
        decided = decision.outcomes[name]
        told = decision.tracer.outcome(name)
        if name in items.outcomes:
            found.add((items.outcomes[name], _state(decided)))
        for trace in _parts(told):
            _follow(trace, items, found, seen, look)
        if decided.state not in ("breached", "justified", "undetermined"):
            continue  # a defence is looked for only where there may be a breach
        for defence, trace in zip(told.outcome.defences, told.defences, strict=True):
            key = items.defences.get((name, defence.name))
            if key is not None:
                found.add((key, str(trace.value)))
            _follow(trace, items, found, seen, look)
    return Counter(found)


def _state(decided: DecidedOutcome) -> str:
    if decided.state == "decided" and isinstance(decided.value, bool):
        return "yes" if decided.value else "no"
    return decided.state


def _parts(told: OutcomeTrace) -> Iterator[Trace]:
    for trace in (told.at, told.body, told.anchor, told.recurs, told.last):
        if trace is not None:
            yield trace


def _follow(
    root: Trace,
    items: Items,
    found: set[tuple[Key, str]],
    seen: dict[int, Trace],
    look: Callable[[Trace], None] | None,
) -> None:
    """Adds what is reached from a step, without recursion. Keeping the steps keeps their identities apart."""
    waiting = [root]
    while waiting:
        trace = waiting.pop()
        if id(trace) in seen:
            continue
        seen[id(trace)] = trace
        node = trace.node
        version = items.versions.get(id(node))
        if version is not None:
            found.add((version, APPLIED))
        if isinstance(node, Choose):
            waiting.extend(_chosen(trace, node, items, found))
            continue
        if isinstance(node, Element):
            if node.fold.where is None or trace.value is not False:
                waiting.extend(trace.children)
            else:
                waiting.append(trace.children[0])
            continue
        if look is not None:
            look(trace)
        key = items.by_node.get(id(node))
        word = _truth(trace.value)
        if key is not None and word is not None:
            found.add((key, word))
        waiting.extend(trace.children)


def _chosen(trace: Trace, node: Choose, items: Items, found: set[tuple[Key, str]]) -> Iterator[Trace]:
    """The steps of a choice that could matter; notes the case that applied."""
    if node.by_text:
        return  # on what day it is read is not known, so no text was tried
    cases, default = trace.children[:-1], trace.children[-1]
    conditions = [case.children[0].value for case in cases]
    for n, case in enumerate(cases):
        when, value = case.children
        before = conditions[:n] if node.mode == "first" else []
        if any(one is True for one in before):
            return
        yield when
        if when.value is False:
            continue
        yield value
        others = before if node.mode == "first" else [one for m, one in enumerate(conditions) if m != n]
        key = items.by_node.get(id(case.node))
        if key is not None and when.value is True and _are_known(others):
            found.add((key, APPLIED))
    if not any(one is True for one in conditions):
        yield default
        key = items.defaults.get(id(node))
        if key is not None and all(one is False for one in conditions):
            found.add((key, APPLIED))


def _are_known(conditions: Sequence[Value]) -> bool:
    return not any(isinstance(one, Absence) for one in conditions)


def _truth(value: Value) -> str | None:
    """`yes`, `no` or `unknown`; None where there is no answer for another reason."""
    if isinstance(value, Absence):
        return "unknown" if value.reason == "unknown" else None
    return {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else None
