"""Facts written as the lines of a scenario, and read again: they are the same facts."""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from policy_lang.meaning.load import Library
from policy_lang.pipeline import compile_file
from policy_lang.program.core import FieldSchema, Program, RecordSchema
from policy_lang.program.event_dates import Events
from policy_lang.program.facts import Facts, Given, facts_from_mapping
from policy_lang.program.given_lines import CannotBeGiven, given_lines, written
from policy_lang.program.types import (
    Country,
    Date,
    DateSpan,
    Enumeration,
    HsCode,
    ListOf,
    Number,
    Period,
    Text,
    Type,
    YesNo,
)
from tests.cli.conftest import ROOT

ROUNDS = int(os.environ.get("POL_GIVEN_LINES_ROUNDS", "5"))
CASES = 40
MOST = 12 if ROUNDS <= 5 else 100_000
"""So many scenarios of one file of the library are looked at, from the first to the last."""

EVERY_TYPE = """\
agreement every_type
    title    "Every Type"
    nomenclature HS 2017
    parties  NZ "New Zealand", CL "Chile"
    signed   2024-01-01
    in force from 2024-01-01                                            [Article 1]
    verified 2026-11-22 against "nothing: this agreement is invented"

use trade

event reviews "Reviews"
event withdrawal by each party "Withdrawal"
event notices, given and received "Notices"
event warnings by each party, given and received "Warnings"
determination urgent "Is it urgent?"

record load "A load"
    some        number
    pieces      whole number
    share       percent
    price       money NZD
    weight      quantity tonne
    arrival     date
    stay        span
    open_for    period
    certified   yes or no
    metal       mineral
    packing     loose, bales or drums
    origin      country
    code        HS code
    remarks     text
    sold        optional date
    spare       optional text
    dangerous   determination
    items       list of item
    parts       list of part

record item in load
    items   number
    dear    optional money NZD
    pieces  list of piece

record piece in item
    of      yes or no

record part in load
    doubted determination
    named   text

rule fee for load : money NZD                                           [Article 2]
    price
"""

TEXTS = (
    "plain",
    "a | b",
    "# no remark",
    "[Article 2]",
    "(from here",
    "wide  open",
    "none",
    "unknown",
    "yes",
    "Straße, naïve — “quoted”",
    "e\u0301",
    "",
    "'",
    "back\\slash",
    "x" * 2_900,
)
UNWRITABLE = (" at its ends ", '"', 'he said "no"', "two\nlines", "a\ttab", "\x07", "x" * 3_001)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("every_type")


@pytest.fixture(scope="module")
def program(folder: Path) -> Program:
    path = folder / "every_type.pol"
    path.write_text(EVERY_TYPE, encoding="utf-8")
    compiled, problems = compile_file(path)
    assert compiled.program is not None, problems
    return compiled.program


def read_again(folder: Path, name: str, cases: list[list[str]], library: Library | None = None) -> list[Any]:
    """The facts that these lines give, case by case."""
    path = folder / f"{name}.scenarios.pol"
    blocks = [
        "\n".join([f'scenario "case {n}"', "    as of 2025-01-01", *lines, "    expect bad facts"])
        for n, lines in enumerate(cases)
    ]
    path.write_text(f"scenarios for {name}\n\n" + "\n\n".join(blocks) + "\n", encoding="utf-8")
    compiled, problems = compile_file(path, library)
    assert not [one for one in problems if one.severity == "error"], problems
    return [one.facts for one in compiled.scenarios]


def plain(value: Any) -> Any:
    """Facts in a form that can be compared."""
    match value:
        case Facts():
            return plain(value.subjects), plain(value.case), value.territories, value.made
        case Given():
            return plain(value.values)
        case Events():
            return value.dates, value.known_until, value.gaps
        case Mapping():
            return {key: plain(one) for key, one in value.items()}
        case tuple():
            return tuple(plain(one) for one in value)
        case _:
            return value


def meant(program: Program, facts: Mapping[str, Any]) -> object:
    """What facts come to, with all that is wrong with them."""
    found, problems = facts_from_mapping(program, facts)
    return plain(found), [(one.path, one.code) for one in problems]


class Drawn:
    """Facts by chance, of every kind and in every way in which a file of facts may put them."""

    def __init__(self, program: Program, chance: random.Random) -> None:
        self.records = {one.name: one for one in program.records}
        self.chance = chance

    def day(self) -> str:
        return (
            f"20{self.chance.randint(20, 29)}-{self.chance.randint(1, 12):02}-{self.chance.randint(1, 28):02}"
        )

    def number(self) -> Any:
        drawn = self.chance.choice(["0", "-3", "7", "1200.50", "0.01", "-0.5", "99999999999999999999.01"])
        return self.chance.choice([drawn, Decimal(drawn)])

    def value(self, kind: Type) -> Any:
        pick = self.chance.choice
        match kind:
            case YesNo():
                return pick([True, False, "yes", "no"])
            case Number(whole=True):
                return pick([0, 12, "-4", Decimal(3)])
            case Date():
                return self.day()
            case Country():
                return pick(["NZ", "CL", "PR", "US"])
            case Enumeration(members=members):
                return pick(members)
            case HsCode():
                return pick(["8507.60", "0406.90", "610910", "0406.90.00.10", "8507.60.00"])
            case Text():
                return pick(TEXTS)
            case Period():
                parts = pick([(1, 0, 0), (0, 6, 0), (2, 1, 30), (0, 0, 1), (0, 0, 0)])
                return pick([parts, "{} years {} months {} days".format(*parts)])
            case DateSpan():
                days = sorted([self.day(), self.day()])
                return pick([f"{days[0]} to {days[1]}", {"from": days[0], "until": days[1]}])
            case _:
                return self.number()

    def field(self, one: FieldSchema) -> Any:
        if isinstance(one.type, ListOf):
            count = self.chance.randint(0, 2)
            child = self.records[one.type.record]
            elements = [
                self.chance.choice([None, self.record(child), self.record(child)]) for _ in range(count)
            ]
            return elements if elements or self.chance.random() < 0.5 else "none"
        if one.optional and self.chance.random() < 0.4:
            return "none"
        value = self.value(one.type)
        if one.determination and self.chance.random() < 0.5:
            by = {"by": "the ministry"} if self.chance.random() < 0.8 else {}
            return {"value": value, **by, **({"on": self.day()} if by and self.chance.random() < 0.5 else {})}
        return value

    def record(self, record: RecordSchema) -> dict[str, Any]:
        kept = [one for one in record.fields if self.chance.random() < 0.6]
        self.chance.shuffle(kept)
        return {one.name: self.field(one) for one in kept}

    def dates(self, has_two: bool) -> Any:
        days: list[Any] = [self.day() for _ in range(self.chance.randint(0, 3))]
        if has_two:
            days = [
                self.chance.choice([one, {"given": one}, {"given": one, "received": "2030-01-01"}])
                for one in days
            ]
        until = {"known_until": self.day()}
        return self.chance.choice([days, days, {"dates": days}, {"dates": days, **until}, until, "none"])

    def facts(self) -> dict[str, Any]:
        made: list[tuple[str, Callable[[], Any]]] = [
            ("load", lambda: self.record(self.records["load"])),
            ("reviews", lambda: self.dates(False)),
            ("notices", lambda: self.dates(True)),
            ("withdrawal", lambda: {one: self.dates(False) for one in self.parties()}),
            ("warnings", lambda: {one: self.dates(True) for one in self.parties()}),
            ("urgent", lambda: self.chance.choice([True, "no", {"value": "yes", "by": "a court"}])),
        ]
        return {name: make() for name, make in made if self.chance.random() < 0.6}

    def parties(self) -> list[str]:
        return [one for one in ("NZ", "CL") if self.chance.random() < 0.7]


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_facts_of_every_type_are_read_as_they_were(program: Program, folder: Path, seed: int) -> None:
    drawn = Drawn(program, random.Random(seed))
    cases = [drawn.facts() for _ in range(CASES)]
    again = read_again(folder, "every_type", [given_lines(program, one) for one in cases])
    for facts, read in zip(cases, again, strict=True):
        assert meant(program, read) == meant(program, facts), given_lines(program, facts)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "policies").rglob("*.scenarios.pol")), ids=lambda path: path.stem
)
def test_the_facts_of_the_librarys_scenarios_are_read_as_they_were(tmp_path: Path, path: Path) -> None:
    for one in [*(ROOT / "policies").glob("*.pol"), *(ROOT / "policies" / "examples").glob("*.pol")]:
        if not one.name.endswith(".scenarios.pol"):
            (tmp_path / one.name).write_bytes(one.read_bytes())
    compiled, problems = compile_file(path)
    assert compiled.program is not None, problems
    program, given = (
        compiled.program,
        [one.facts for one in compiled.scenarios if not one.facts.get("territories")],
    )
    given = given[:: 1 + len(given) // MOST]
    name = path.name.partition(".")[0]
    again = read_again(tmp_path, name, [given_lines(program, one) for one in given])
    for facts, read in zip(given, again, strict=True):
        assert meant(program, read) == meant(program, facts)


@pytest.mark.parametrize("text", UNWRITABLE)
def test_a_text_that_no_policy_can_hold_is_refused(program: Program, text: str) -> None:
    for facts in (
        {"load": {"remarks": text}},
        {"load": {"parts": [{"named": text}]}},
        {"urgent": {"value": True, "by": text}},
    ):
        with pytest.raises(CannotBeGiven):
            given_lines(program, facts)


@pytest.mark.parametrize(
    "facts",
    [
        {"load": {"some": "1/3"}},
        {"load": {"some": "many"}},
        {"load": {"weigth": 3}},
        {"lorry": {}},
        {"item": {}},
        {"territories": {"PR": True}},
        {"notices": [{"received": "2025-01-01"}]},
        {"notices": {"dates": ["2025-01-01"], "received": []}},
        {"urgent": {"value": True, "on": "2025-01-01"}},
        {"withdrawal": {"JP": []}},
        {"reviews": ["soon"]},
    ],
)
def test_what_no_line_says_is_refused(program: Program, facts: dict[str, Any]) -> None:
    with pytest.raises(CannotBeGiven) as refused:
        given_lines(program, facts)
    assert str(refused.value)


def test_what_is_given_elsewhere_is_left_out(program: Program) -> None:
    lines = given_lines(program, {"load": {"some": 1, "pieces": 2}}, {("load", "some")})
    assert lines == ["    given load", "        pieces 2"]
    assert written({"value": True, "by": "a court"}, YesNo()) == 'yes, decided by "a court"'
