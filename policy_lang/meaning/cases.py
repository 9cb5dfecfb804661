"""Scenarios to cases: one for each scenario, and for each row of its table, and for each date it is asked on."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any

from attrs import define, field, frozen

from policy_lang.meaning import problems
from policy_lang.meaning.case_tables import Row, TableReader
from policy_lang.meaning.declarations import Declared
from policy_lang.meaning.expectations import Expectations
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.given_facts import GivenFacts
from policy_lang.meaning.names import Meant, Names
from policy_lang.program import core
from policy_lang.program.dates import DateOutOfRangeError, add_period
from policy_lang.program.scenario import Expectation, ExpectedProperty, Scenario
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.source.text import SourceFile, Span
from policy_lang.syntax import tree

MOST_CASES = 20_000
"""The most cases that one scenario can stand for."""

_EXPECTS = (tree.Expect, tree.ExpectProperty)
_UNITS: dict[str, tuple[int, int, int]] = {"day": (0, 0, 1), "month": (0, 1, 0), "year": (1, 0, 0)}


def mean_scenarios(
    declared: Declared, policy: Meant, program: core.Program
) -> tuple[tuple[Scenario, ...], tuple[SourceFile, ...], list[Diagnostic]]:
    """The cases of one file, about the policy it names (or is), and the facts files that they take facts from."""
    names = Names(policy)
    expressions = Expressions(names)
    given = GivenFacts(declared, names, expressions, program)
    stated = {item.label.text for one in (declared, policy.declared) for item in one.properties}
    misstated = frozenset(stated - {one.label for one in program.properties})
    reader = _Reader(given, Expectations(policy, names, expressions, program, misstated), names)
    cases = [c for item in declared.scenarios if not declared.is_damaged(item) for c in reader.cases(item)]
    for block in declared.facts.values():  # what no scenario uses is checked all the same
        if block.name.text not in given.used:
            given.apply(block.given, {})
    _say_repeated(declared, names)
    files = tuple(file.source for file in given.files.values() if file is not None)
    return tuple(cases), files, names.found


def _say_repeated(declared: Declared, names: Names) -> None:
    seen: dict[str, tree.Scenario] = {}
    for item in declared.scenarios:
        earlier = seen.setdefault(item.label.text, item)
        if earlier is not item:
            names.say(
                problems.ALREADY_DEFINED.at(
                    item.label.span,
                    "two scenarios have the same name",
                    label="again",
                    related=[(earlier.label.span, "first here")],
                    help="say what is special about this one",
                )
            )


@frozen
class _Common:
    """What a scenario says of all its cases."""

    days: tuple[datetime.date, ...]
    assume: dict[str, core.Plain]
    expectations: tuple[Expectation, ...]
    bad: tree.ExpectBadFacts | None
    bad_code: str | None
    properties: tuple[ExpectedProperty, ...]


@define
class _Reader:
    given: GivenFacts
    expectations: Expectations
    names: Names
    _undated: bool = field(init=False, default=False)
    _must_expect: bool = field(init=False, default=False)

    def cases(self, item: tree.Scenario) -> list[Scenario]:
        """The cases of one scenario; none where something in it could not be read, which is reported."""
        before = len(self.names.found)
        self._undated = self._must_expect = False
        tables = [line for line in item.lines if isinstance(line, tree.CaseTable)]
        self._say_twice(item, tables)
        start = _Start(self.given, item)
        facts = start.facts(None)
        common = self._common(item)
        rows: Iterable[Row] = (Row("", item.label.span, facts),)
        if tables:
            reader = TableReader(self.given, self.expectations, tables[0])
            self._must_expect = reader.expects and reader.is_sound
            self._say_no_answers(common, tables[0], reader)
            rows = reader.rows(start.facts)
        elif common.bad is None and not any(isinstance(line, _EXPECTS) for line in item.lines):
            self._say(item.label.span, "this scenario expects nothing", "add a line `expect OUTCOME ...`")
        made: list[Scenario] = []
        for row in rows:
            made.extend(self._of_row(item, row, common))
            if len(made) > MOST_CASES:
                self._say_too_many(item.label.span)
                break
        return made if len(self.names.found) == before else []

    def _of_row(self, item: tree.Scenario, row: Row, common: _Common) -> Iterator[Scenario]:
        """The cases of one row, or of a scenario without a table: one for each date."""
        expectations = common.expectations + row.expectations
        refused = row.refused or common.bad is not None
        if row.refused and expectations:
            self._say(
                row.span, "facts that are refused have no answer to expect", "leave the other cells empty"
            )
        if self._must_expect and not (refused or expectations or common.properties or row.is_doubtful):
            self._say(row.span, "nothing is expected of this case", "fill in what it should answer")
        days = self._days((row.day,) if row.day is not None else common.days, row)
        for day in days:
            parts = [*([row.label] if row.label else []), *([f"as of {day}"] if len(days) > 1 else [])]
            case = ", ".join(parts)
            yield Scenario(
                f"{item.label.text}: {case}" if case else item.label.text,
                day,
                row.facts,
                {**common.assume, **row.assume} if row.assume else common.assume,
                expectations,
                refused,
                row.code or common.bad_code,
                item.label.text,
                case,
                common.properties,
                span=row.span,
            )

    def _common(self, item: tree.Scenario) -> _Common:
        days: tuple[datetime.date, ...] = ()
        assume: dict[str, core.Plain] = {}
        expectations: list[Expectation] = []
        properties: list[ExpectedProperty] = []
        bad: tree.ExpectBadFacts | None = None
        for line in item.lines:
            match line:
                case tree.AsOf(dates=dates):
                    days = tuple(dict.fromkeys(date.value for date in dates))
                case tree.AsOfEach():
                    days = self._each(line)
                case tree.ScenarioAssume(name=name, value=value):
                    assume.update([taken] if (taken := self.expectations.assumed(name, value)) else [])
                case tree.Expect():
                    expectation = self.expectations.expectation(line)
                    expectations += [expectation] if expectation is not None else []
                case tree.ExpectProperty():
                    properties += [one] if (one := self._property(line)) is not None else []
                case tree.ExpectBadFacts():
                    bad = line
                case _:
                    pass  # facts are read before
        if bad is not None and any(isinstance(line, _EXPECTS) for line in item.lines):
            self._say(bad.span, "facts that are refused have no answer to expect", "leave out one of the two")
        code = self.expectations.code(bad.code) if bad is not None and bad.code is not None else None
        return _Common(days, assume, tuple(expectations), bad, code, tuple(properties))

    def _property(self, line: tree.ExpectProperty) -> ExpectedProperty | None:
        """That a property holds, for these facts or for these and others; None where it is not found, reported."""
        found = self.expectations.property(line.label)
        if found is None:
            return None
        if (found.compared is not None) != (line.other is not None):
            self._say(
                line.span,
                "this property compares two cases"
                if line.other is None
                else "this property is about one case",
                "write `compared with NAME`, and the other facts under `facts NAME`"
                if line.other is None
                else "leave `compared with` out",
            )
            return None
        if line.other is None:
            return ExpectedProperty(found.label, span=line.span)
        facts: dict[str, Any] = {}
        self.given.take(line.other, facts)
        return ExpectedProperty(found.label, facts, span=line.span)

    def _each(self, line: tree.AsOfEach) -> tuple[datetime.date, ...]:
        """The dates, each counted from the first, so that the end of a month stays one."""
        first, last = line.first.value, line.last.value
        if isinstance(line.step, str):
            years, months, days = _UNITS[line.step]
        else:
            years, months, days = line.step.years, line.step.months, line.step.days
        if last < first:
            self.names.say(
                problems.BAD_WINDOW.at(
                    line.last.span, "this ends before it begins", help="swap the two dates"
                )
            )
            return (first,)
        if not (years or months or days):
            self._say(line.span, "this never gets from one date to the next", "write how far apart they are")
            return (first,)
        found = [first]
        while len(found) <= MOST_CASES:
            n = len(found)
            try:
                day = add_period(first, (n * years, n * months, n * days), "down")
            except DateOutOfRangeError:
                break
            if day > last:
                break
            found.append(day)
        if len(found) > MOST_CASES:
            self._say_too_many(line.span)
            return (first,)
        return tuple(found)

    def _days(self, days: tuple[datetime.date, ...], row: Row) -> tuple[datetime.date, ...]:
        """The dates that are asked about; the day that the record is judged on where none is said."""
        if days:
            return days
        judged = self.given.judged_on(row.facts)
        if judged is not None:
            return (judged,)
        if not self._undated and not row.is_doubtful:  # once is enough for a table
            self._undated = True
            what = "this case" if row.label else "this scenario"
            self._say(row.span, f"{what} has no date", "add a line `as of 2024-01-31`")
        return ()

    def _say_no_answers(self, common: _Common, table: tree.CaseTable, reader: TableReader) -> None:
        if common.bad is not None and reader.expects:
            self._say(
                common.bad.span,
                "facts that are refused have no answer to expect",
                "give the reasons in a column `expect bad facts`",
            )
        elif common.bad is None and not (common.expectations or common.properties or reader.expects):
            self._say(
                table.columns[0].span, "this table expects nothing", "add a column such as `expect OUTCOME`"
            )

    def _say_twice(self, item: tree.Scenario, tables: list[tree.CaseTable]) -> None:
        dated = [line for line in item.lines if isinstance(line, (tree.AsOf, tree.AsOfEach))]
        for line in dated[1:]:
            self._say(
                line.span, "the date is given twice", "write `as of 2024-01-31, 2025-01-31` for several"
            )
        for table in tables[1:]:
            span = table.columns[0].span
            self._say(span, "a scenario has one table of cases", "put this one into a scenario of its own")

    def _say_too_many(self, span: Span) -> None:
        self._say(span, f"these are more than {MOST_CASES:,} cases", "split them into several scenarios")

    def _say(self, span: Span, message: str, help_text: str) -> None:
        self.expectations.say_bad(span, message, help_text)


@define
class _Start:
    """The facts that the cases of a scenario start from: those it takes by name, then those it gives itself."""

    given: GivenFacts
    item: tree.Scenario
    _known: dict[str, dict[str, Any]] = field(init=False, factory=dict)

    def facts(self, name: tree.Name | None) -> dict[str, Any]:
        """These facts, `name` being taken after the others. They are shared, and not to be changed."""
        key = name.text if name is not None else ""
        if key not in self._known:
            is_first = not self._known
            before = len(self.given.names.found)
            facts = self._known[key] = {}
            for line in self.item.lines:
                if isinstance(line, tree.WithFacts):
                    self.given.take(line.name, facts)
            said = len(self.given.names.found)
            if name is not None:
                self.given.take(name, facts)
            own = self.given.names.found[said:]
            self.given.apply(tuple(x for x in self.item.lines if isinstance(x, tree.Given)), facts)
            if not is_first:  # the rest was said before
                self.given.names.found[before:] = own
        return self._known[key]
