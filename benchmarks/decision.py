"""One decision of the US-Japan agreement, against a hand-written function that gives the same answers.

Both take a dictionary of facts and a date and give the state of every outcome. The hand-written function is what a
careful programmer would write without a policy language: it checks the facts and uses exact numbers.

    python benchmarks/decision.py

prints the median time of each over several rounds, taken in turn, and their ratio.
"""

from __future__ import annotations

import datetime
import statistics
import sys
import timeit
from decimal import Decimal
from pathlib import Path

from policy_lang import load
from policy_lang.program.countries import COUNTRIES, DEPENDENT

MINERALS = frozenset({"cobalt", "graphite", "lithium", "manganese", "nickel"})
PARTIES = frozenset({"US", "JP"})
IN_FORCE = datetime.date(2023, 3, 28)
KNOWN = frozenset(COUNTRIES) - frozenset(DEPENDENT)
ALWAYS = (
    "investment_review",
    "circular_approaches",
    "labelling_and_recycling",
    "environmental_assessment",
    "labour_laws",
    "forced_labour_goods",
    "labour_remedies",
    "labour_advisory_body",
)


def review(as_of: datetime.date, held: list[str]) -> str:
    """The state of the review that falls due every two years."""
    due = datetime.date(2025, 3, 28)
    begun = IN_FORCE
    for day in sorted(datetime.date.fromisoformat(d) for d in held):
        if begun <= day <= as_of:
            begun, due = due, due.replace(year=due.year + 2)
    return "pending" if as_of <= due else "overdue"


def by_hand(
    facts: dict[str, dict[str, object]], as_of: datetime.date, goods: frozenset[str]
) -> dict[str, str]:
    """The states of all outcomes, written out."""
    sourcing, measure, practice = facts["sourcing"], facts["measure"], facts["practice"]
    country, good = sourcing["country"], sourcing["good"]
    kind, by, to, taxed, rate = (
        measure["kind"],
        measure["by"],
        measure["to"],
        measure["good"],
        Decimal(str(measure["rate"])),
    )
    who, affected, what, non_market = (
        practice["by"],
        practice["good"],
        practice["kind"],
        practice["non_market"],
    )
    if not {country, by, to, who} <= KNOWN or not {good, taxed, affected} <= goods or rate < 0:
        raise ValueError("these facts do not fit")
    if type(what) is not str or type(non_market) is not bool:
        raise ValueError("these facts do not fit")
    names = ("fta_treatment", "export_duties", "restrictions", "national_treatment", "non_market")
    if as_of < IN_FORCE:
        return dict.fromkeys((*names, "non_market_consultation", *ALWAYS, "joint_review"), "not in force")
    states = {"fta_treatment": "granted" if country == "JP" and good in MINERALS else "not granted"}
    if kind == "export_duty" and by in PARTIES and taxed in MINERALS and to in PARTIES and to != by:
        states["export_duties"] = "breached" if rate > 0 else "complied"
    else:
        states["export_duties"] = "not applicable"
    restricts = kind in ("export_restriction", "import_restriction")
    covered = taxed in MINERALS and restricts and by in PARTIES
    states["restrictions"] = "applies" if covered else "does not apply"
    treated = good in MINERALS and country in PARTIES
    states["national_treatment"] = "applies" if treated else "does not apply"
    raised = who not in PARTIES and affected in MINERALS and non_market
    states["non_market"] = "raised" if raised else "clear"
    states["non_market_consultation"] = "applies" if raised else "does not apply"
    for name in ALWAYS:
        states[name] = "applies"
    states["joint_review"] = review(as_of, [])
    return states


def main() -> None:
    """Checks that both agree, then measures them in turn."""
    policy = load(Path(__file__).parent.parent / "policies" / "us_japan_2023.pol")
    goods = frozenset(
        next(
            f for r in policy.program.records if r.name == "sourcing" for f in r.fields if f.name == "good"
        ).type.members
    )  # type: ignore[union-attr]  # where it is nothing, this fails
    facts: dict[str, dict[str, object]] = {
        "sourcing": {"country": "JP", "good": "lithium"},
        "measure": {"kind": "export_duty", "by": "JP", "to": "US", "good": "graphite", "rate": 5},
        "practice": {"by": "CN", "good": "nickel", "kind": "subsidy", "non_market": True},
    }
    days = [datetime.date(2023, 4, 1) + datetime.timedelta(days=n) for n in range(700)]
    for day in days:
        mine, theirs = policy.evaluate(facts, day).states, by_hand(facts, day, goods)
        assert mine == theirs, (day, mine, theirs)

    def outcomes() -> None:
        for day in days:
            policy.evaluate(facts, day).states  # noqa: B018 - working it out is what is measured

    def hand() -> None:
        for day in days:
            by_hand(facts, day, goods)

    def objects() -> None:
        for day in days:
            for outcome in policy.evaluate(facts, day).outcomes.values():
                outcome.state  # noqa: B018 - as above

    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    taken: dict[str, list[float]] = {"hand": [], "states": [], "objects": []}
    for _ in range(rounds):
        for name, function in (("hand", hand), ("states", outcomes), ("objects", objects)):
            taken[name].append(timeit.timeit(function, number=10) / 10 / len(days) * 1e6)
    middle = {name: statistics.median(times) for name, times in taken.items()}
    print(f"hand-written function            {middle['hand']:7.2f} us")
    print(
        f"policy, all states               {middle['states']:7.2f} us   {middle['states'] / middle['hand']:.2f} times"
    )
    print(
        f"policy, every outcome as object  {middle['objects']:7.2f} us   {middle['objects'] / middle['hand']:.2f} times"
    )


if __name__ == "__main__":
    main()
