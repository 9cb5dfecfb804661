"""Cases made of those found: around the days on which duties fall due, and with each word of a long list."""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from policy_lang.backends.prove.near_facts import Example
from policy_lang.backends.prove.probe import Goal, Key
from policy_lang.program.core import Outcome
from policy_lang.tools.suggest.aims import SHORT
from policy_lang.tools.suggest.cases import Case, Path, Tried, at, changed, leaves
from policy_lang.tools.suggest.duties import Duties
from policy_lang.tools.suggest.present import moment_tried
from policy_lang.tools.suggest.search import Candidate, Search

_SOME_DAY = datetime.date(2026, 1, 1)
_TURNED = 2
"""So many cases of a duty are kept with one assumption taken the other way, and more only if they try something new."""


def add_duties(search: Search) -> None:
    """Adds cases around the days on which each duty falls due."""
    for outcome in search.program.outcomes:
        if outcome.schedule is not None and outcome.name in search.items.outcomes:
            _add_duty(search, outcome)


def _add_duty(search: Search, outcome: Outcome) -> None:
    answer = search.probe(1).solve(Goal(outcome.name, "pending", outcome.name, False), {}, search.until)
    facts = answer.facts if isinstance(answer, Example) else {}
    day = datetime.date.fromordinal(answer.day) if isinstance(answer, Example) else _SOME_DAY
    turned: dict[str, int] = {}
    seen = {tried for one in search.candidates for tried in one.tries}
    for moment in Duties(search.policy, search.program, day).moments(outcome, facts):
        if search.is_over():
            return
        case = moment.case
        if moment_tried(outcome.name, case.as_of, case.facts, case.assume) in search.already:
            continue
        asked = search.asker.ask(case, outcome.name)
        if asked is None:
            continue
        if case.assume:  # only where that reading gives another answer
            plain = search.asker.ask(Case(case.facts, case.as_of), outcome.name)
            name = next(iter(case.assume))
            if plain is None or plain.answer == asked.answer:
                continue
            if turned.get(name, 0) >= _TURNED and asked.tried <= seen:
                continue
            turned[name] = turned.get(name, 0) + 1
        tried: Tried = (("duty", outcome.name), moment.words)
        tries = frozenset((*asked.tried, tried))
        seen |= tries
        search.candidates.append(Candidate(case, outcome.name, tries, frozenset([tried]), tried))


def add_words(search: Search) -> None:
    """Adds cases with each word of a long list: facts with one of them, with each of the others instead."""
    nearest = sorted(search.candidates, key=lambda one: search.bearing.distance(one.outcome))
    for key, written in search.edges.written.items():
        open_ = [one for one in written.options if (key, f"is {one}") not in search.already]
        if len(written.options) <= SHORT or not open_:
            continue
        if not any(
            not search.is_over() and _is_varied(search, one, key, written.options, open_) for one in nearest
        ):
            search.unsettled += [(key, f"is {word}") for word in open_]


def _is_varied(
    search: Search, one: Candidate, key: Key, options: Sequence[str], open_: Sequence[str]
) -> bool:
    """Makes of one case a case with all the words in a list of their own, or a case for each."""
    word = next((each for each in options if (key, f"is {each}") in one.turns), None)
    if word is None:
        return False
    for path in leaves(one.case.facts):
        if at(one.case.facts, path) != word:
            continue
        lists = [n for n, step in enumerate(path) if isinstance(step, int)]
        if lists and _is_joined(search, one, key, path, lists[0], open_):
            return True
        found: list[Candidate] = []
        for other in open_:
            case = Case(changed(one.case.facts, path, other), one.case.as_of, one.case.assume)
            asked = search.asker.ask(case, one.outcome)
            tried: Tried = (key, f"is {other}")
            if asked is None or tried not in asked.tried or asked.state == "undetermined":
                break
            found.append(Candidate(case, one.outcome, asked.tried, frozenset([tried]), tried))
        if len(found) == len(open_):
            search.candidates += found
            return True
    return False


def _is_joined(search: Search, one: Candidate, key: Key, path: Path, n: int, open_: Sequence[str]) -> bool:
    """Makes one case with an element for each word, if every one of them counts in the answer."""
    facts, outcome = one.case.facts, one.outcome
    element = at(facts, path[: n + 1])
    elements = [changed(element, path[n + 1 :], word) for word in open_]
    case = Case(changed(facts, path[:n], elements), one.case.as_of, one.case.assume)
    asked = search.asker.ask(case, outcome)
    wanted = {(key, f"is {word}") for word in open_}
    if asked is None or not wanted <= asked.tried:
        return False
    for place in range(len(elements)):
        others = [*elements[:place], *elements[place + 1 :]]
        fewer = search.asker.ask(Case(changed(facts, path[:n], others), case.as_of, case.assume), outcome)
        if fewer is None or fewer.answer == asked.answer:
            return False
    search.candidates.append(Candidate(case, outcome, asked.tried, frozenset(wanted), (key, "all")))
    return True
