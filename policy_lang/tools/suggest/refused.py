"""Cases whose facts are refused: for each check of a record, facts that break this one and no other."""

from __future__ import annotations

import time
from collections.abc import Iterator

from attrs import evolve

from policy_lang.policy import InvalidFacts, Policy
from policy_lang.program.core import Expr, RecordSchema
from policy_lang.tools.coverage.items import REFUSED
from policy_lang.tools.mutate.breaking import breaking
from policy_lang.tools.suggest.cases import Case, Tried, leaves, without
from policy_lang.tools.suggest.choose import Picked
from policy_lang.tools.suggest.labels import shortened
from policy_lang.tools.suggest.search import Search

_SECONDS = 20.0
"""For one check."""


def refused_cases(search: Search) -> Iterator[Picked]:
    """A case for each check that no scenario breaks; what is not found joins what is not settled."""
    for record in search.program.records:
        for check, sentence in record.checks:
            key = search.items.checks.get((record.name, sentence))
            tried: Tried = (key, REFUSED)
            if key is None or tried in search.already:
                continue
            case = _breaking(search, record, check, sentence)
            if case is None:
                search.unsettled.append(tried)
                continue
            words = shortened(sentence.replace("_", " ").replace('"', "'"))
            label = f"Refused facts: it is not so that '{words}'"
            yield Picked(case, (), label, frozenset([tried]), refused="check-failed")


def _breaking(search: Search, record: RecordSchema, check: Expr, sentence: str) -> Case | None:
    """The fewest facts that break a check and no other, as the solver finds them and the evaluator confirms."""
    kept = tuple(one for one in record.checks if one[0] is not check)
    records = tuple(evolve(one, checks=kept) if one is record else one for one in search.program.records)
    until = min(search.until, time.monotonic() + _SECONDS)
    found = breaking(evolve(search.program, records=records), record.name, check, until)
    if isinstance(found, str):
        return None
    case = Case(found.facts, found.as_of)
    return _fewest(search.policy, case, sentence) if _breaks(search.policy, case, sentence) else None


def _breaks(policy: Policy, case: Case, sentence: str) -> bool:
    """Whether the facts are refused for this check alone."""
    try:
        policy.evaluate(dict(case.facts), case.as_of, case.assume)
    except InvalidFacts as refused:
        return all(one.code == "check-failed" and sentence in one.message for one in refused.problems)
    return False


def _fewest(policy: Policy, case: Case, sentence: str) -> Case:
    for path in list(leaves(case.facts)):
        facts = without(case.facts, path)
        if facts is not None and _breaks(policy, Case(facts, case.as_of), sentence):
            case = Case(facts, case.as_of)
    return case
