"""Policies of many clauses, as long treaties have them: every family, definitions, tables and dates; all invented.

    python benchmarks/long_policies.py CLAUSES [SEED]

prints one. A seed gives the same policy each time; two seeds give policies that have nothing in common but their facts.
"""

from __future__ import annotations

import datetime
import random
import sys
from collections.abc import Callable

GOODS = (
    "aluminum", "antimony", "boron", "cobalt", "copper", "fluorspar", "gallium", "germanium", "gold", "graphite",
    "indium", "lead", "lithium", "magnesium", "manganese", "nickel", "niobium", "potash", "silver", "tin",
    "titanium", "tungsten", "uranium", "vanadium", "zinc",
)  # fmt: skip
COUNTRIES = (
    "AU",
    "BR",
    "CA",
    "CL",
    "DE",
    "FR",
    "GB",
    "ID",
    "IN",
    "JP",
    "KR",
    "MX",
    "NO",
    "NZ",
    "PE",
    "VN",
    "ZA",
)

HEADER = """agreement {name}
    title         "Agreement on trade in minerals, number {seed} (invented)"
    parties       US "United States of America", {partner} "The other party"
    signed        2020-01-15
    in force      from {start}
    verified      2026-11-22 against "nothing: this agreement is invented"

use trade

record shipment "One shipment of minerals"
    good        mineral                                 "What is it?"
    origin      country                                 "Where does it come from?"
    arrival     date at least 2020-01-01                "When did it arrive?"
    loaded      date                                    "When was it loaded?"
    price       money USD at least 0 USD                "What is its price?"
    weight      quantity kg at least 0 kg               "What does it weigh?"
    purity      percent at least 0 % at most 100 %      "How pure is it?"
    packing     loose, bags or drums                    "How is it packed?"
    certified   yes or no                               "Is there a certificate?"
    parts       list of part                            "What is in it?"

record part in shipment "One part of a shipment"
    metal       mineral                                 "What is it?"
    value       money USD at least 0 USD                "What is it worth?"

event reports "Reports published"
"""


def policy(name: str, clauses: int, seed: int = 0) -> str:
    """The text of a policy with so many clauses, rules and tables together."""
    return _Writer(name, seed).written(clauses)


def with_one_change(text: str) -> str:
    """The policy with one amount of its first clause of several cases changed."""
    old = " 8 % when "
    assert old in text
    return text.replace(old, " 9 % when ", 1)


class _Writer:
    def __init__(self, name: str, seed: int) -> None:
        self.name, self.seed = name, seed
        self.random = random.Random(seed)  # noqa: S311 - the same each time, not a secret
        self.lists: list[str] = []
        self.tests: list[str] = []
        self.amounts: list[str] = []

    def written(self, clauses: int) -> str:
        start = self.day(2020, 2021)
        blocks = [HEADER.format(name=self.name, seed=self.seed, partner=self.partner(), start=start)]
        for number in range(max(2, clauses // 20)):
            self.lists.append(f"goods_{number}")
            blocks.append(f"{self.lists[-1]} means {', '.join(self.goods(6))}\n")
        blocks += [SHAPES[number % len(SHAPES)](self, number) for number in range(clauses)]
        return "\n".join(blocks)

    # ---------------------------------------------------------------------------------------- words

    def partner(self) -> str:
        return COUNTRIES[self.seed % len(COUNTRIES)]

    def goods(self, count: int) -> list[str]:
        return self.random.sample(GOODS, count)

    def countries(self, count: int) -> list[str]:
        return self.random.sample(COUNTRIES, count)

    def day(self, first: int = 2021, last: int = 2029) -> datetime.date:
        return datetime.date(
            self.random.randint(first, last), self.random.randint(1, 12), self.random.randint(1, 28)
        )

    def number(self, low: int, high: int, step: int = 1) -> int:
        return self.random.randrange(low, high, step)

    def one_of(self, options: list[str]) -> str:
        return self.random.choice(options)

    def test(self) -> str:
        """A condition about a shipment."""
        made = [
            f"good is in {self.one_of(self.lists)}",
            f"origin is one of ({', '.join(self.countries(3))})",
            f"price exceeds {self.number(1000, 90000, 500)} USD",
            f"weight is at most {self.number(100, 9000, 50)} kg",
            f"purity is at least {self.number(10, 99)} %",
            f"arrival is on or after {self.day()}",
            f"packing is {self.one_of(['loose', 'bags', 'drums'])}",
            "certified",
        ]
        return self.one_of([*made, *self.tests[-4:]])

    # --------------------------------------------------------------------------------------- shapes

    def duty_rate(self, n: int) -> str:
        a, b = self.test(), self.test()
        return (
            f'rule duty_rate_{n} for shipment : percent "Which rate of duty applies? ({n})"    [Article {n}]\n'
            f"    8 % when {a}\n        but {self.number(1, 7)} % when {b}\n"
            f"    otherwise {self.number(10, 30)} %\n"
        )

    def is_eligible(self, n: int) -> str:
        a, b, c = self.test(), self.test(), self.test()
        self.tests.append(f"is_eligible_{n}")
        return (
            f'rule is_eligible_{n} for shipment : yes or no "Is the shipment eligible? ({n})"    [Article {n}]\n'
            f"    {a} and ({b} or {c})\n"
        )

    def status(self, n: int) -> str:
        return (
            f'clause partner_{n} "Partners for some minerals ({n})"    [Article {n}]\n'
            f"    treat {', '.join(self.countries(2))} as free_trade_partner of US\n"
            f"        with respect to {self.one_of(self.lists)}\n        for the purposes of clean_vehicle_credit\n"
            f"        from {self.day(2021, 2023)} until {self.day(2026, 2029)}\n"
        )

    def prohibition(self, n: int) -> str:
        return (
            f'clause export_duties_{n} "Duties on exports ({n})"    [Article {n}]\n'
            f"    neither party shall impose export_duty on {', '.join(self.goods(3))} exported to the other party\n"
            f"        when rate exceeds {self.number(1, 20)} %\n        from {self.day()}\n"
        )

    def fee(self, n: int) -> str:
        self.amounts.append(f"fee_{n}")
        year = self.number(2022, 2026)
        return (
            f'table fee_{n} for shipment : money USD by arrival "What is the fee? ({n})"    [Schedule {n}]\n'
            f"    until {year - 1}-12-31    {self.number(10, 90)} USD\n    in {year}    {self.number(10, 90)} USD\n"
            f"    from {year + 1}-01-01    {self.number(10, 90)} USD\n"
        )

    def obligation(self, n: int) -> str:
        return (
            f'clause report_{n} "Report ({n})"    [Article {n}]\n'
            f'    each party shall "publish report number {n}" within {self.number(1, 24)} months rounded down of '
            f"entry into force\n        and every {self.number(1, 5)} years thereafter\n        fulfilled by reports\n"
        )

    def flag(self, n: int) -> str:
        return (
            f'clause watch_{n} "Shipments to be watched ({n})"    [Article {n}]\n'
            f"    flag watched_{n} on shipment when {self.test()} and {self.test()}\n"
        )

    def charge(self, n: int) -> str:
        amount = self.one_of(self.amounts)
        self.amounts.append(f"charge_{n}")
        return (
            f'rule charge_{n} for shipment : money USD "What is charged? ({n})"    [Article {n}]\n'
            f"    ({self.number(1, 9)} % of price) rounded half up to whole number when {self.test()}\n"
            f"    otherwise lesser of {amount} and {self.number(100, 900)} USD\n"
        )

    def undertaking(self, n: int) -> str:
        return (
            f'clause cooperation_{n} "Cooperation ({n})"    [Article {n}]\n'
            f'    the parties shall endeavour to "cooperate in matter {n}"\n'
            f"        on shipment with respect to {self.one_of(self.lists)} when {self.test()}\n"
        )

    def share(self, n: int) -> str:
        a, b = self.goods(2)
        self.tests.append(f"share_{n} is at most {self.number(20, 90)} %")
        return (
            f"table share_{n} for shipment : percent by good, weight    [Schedule {n}]\n"
            f"    {a} or {b},    at least {self.number(1000, 5000, 10)} kg    {self.number(1, 50)} %\n"
            f"    {a},    less than 1000 kg    {self.number(1, 50)} %\n    otherwise    {self.number(51, 99)} %\n"
        )

    def parts_value(self, n: int) -> str:
        self.tests.append(f"is_valuable_{n}")
        return (
            f'rule is_valuable_{n} for shipment : yes or no "Is much of it of value? ({n})"    [Article {n}]\n'
            f"    (sum of value of parts where metal is in {self.one_of(self.lists)}) exceeds "
            f"{self.number(100, 9000, 10)} USD\n"
        )

    def deadline(self, n: int) -> str:
        test = self.test()
        self.tests.append(f"answer_by_{n} is before {self.day()}")
        return (
            f'rule answer_by_{n} for shipment : date "When is an answer due? ({n})"    [Article {n}]\n'
            f"    arrival + {self.number(1, 24)} months rounded down when {test}\n"
            f"    otherwise arrival + {self.number(10, 90)} days\n"
        )


SHAPES: tuple[Callable[[_Writer, int], str], ...] = (
    _Writer.duty_rate,
    _Writer.is_eligible,
    _Writer.status,
    _Writer.fee,
    _Writer.prohibition,
    _Writer.charge,
    _Writer.obligation,
    _Writer.flag,
    _Writer.share,
    _Writer.undertaking,
    _Writer.parts_value,
    _Writer.deadline,
)

if __name__ == "__main__":
    print(policy("long", int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
