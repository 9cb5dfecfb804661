"""Tables of cases: a column for each fact that differs and for each outcome, a row for each case."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, assert_never

from attrs import define, field, frozen

from policy_lang.meaning import problems
from policy_lang.meaning.expectations import Expectations
from policy_lang.meaning.given_facts import GivenFacts, is_unknown
from policy_lang.program import core
from policy_lang.program.scenario import Expectation
from policy_lang.program.types import Dates
from policy_lang.source.text import Span
from policy_lang.syntax import tree


@frozen
class Row:
    """One case as its row has it. `is_doubtful`: something in it could not be read, and was reported."""

    label: str
    span: Span
    facts: dict[str, Any]
    assume: Mapping[str, core.Plain] = field(factory=dict)
    expectations: tuple[Expectation, ...] = ()
    refused: bool = False
    code: str | None = None
    day: datetime.date | None = None
    is_doubtful: bool = False


@frozen
class _Field:
    """A column with a field of a record."""

    record: core.RecordSchema
    name: str


_Target: TypeAlias = _Field | core.CaseFact | core.Outcome | core.Assumption | str | None
"""What a column is about; text for a column that needs nothing more, None where it is not known."""


@define
class _RowInHand:
    """What the cells of one row have said so far; `own` are the records that this row has copies of."""

    facts: dict[str, Any]
    own: set[str] = field(factory=set)
    assume: dict[str, core.Plain] = field(factory=dict)
    expectations: list[Expectation] = field(factory=list)
    refused: bool = False
    code: str | None = None
    day: datetime.date | None = None


class TableReader:
    """Reads one table; what its columns are about is settled, and reported, first."""

    def __init__(self, given: GivenFacts, expectations: Expectations, table: tree.CaseTable) -> None:
        self._given = given
        self._expectations = expectations
        self._names = given.names
        self._table = table
        self._targets = [self._target(column) for column in table.columns]
        self._say_repeated_columns()
        self._with = next(
            (n for n, column in enumerate(table.columns) if isinstance(column, tree.ColumnWith)), None
        )

    @property
    def expects(self) -> bool:
        """Whether some column says what to expect."""
        expecting = (tree.ColumnExpect, tree.ColumnBadFacts)
        return any(isinstance(column, expecting) for column in self._table.columns)

    @property
    def is_sound(self) -> bool:
        """Whether it is known what every column is about."""
        return None not in self._targets

    def rows(self, start: Callable[[tree.Name | None], dict[str, Any]]) -> Iterator[Row]:
        """The rows, each beginning with the facts that `start` gives for the name in its column `with`."""
        seen: dict[str, tree.CaseRow] = {}
        for row in self._table.rows:
            before = len(self._names.found)
            earlier = seen.setdefault(row.label.text, row)
            if earlier is not row:
                self._names.say(
                    problems.ALREADY_DEFINED.at(
                        row.label.span,
                        "two cases have the same name",
                        label="again",
                        related=[(earlier.label.span, "first here")],
                        help="say what is special about this one",
                    )
                )
            if len(row.cells) != len(self._table.columns):
                self._say_cells(row)
                continue
            hand = _RowInHand(dict(start(self._taken(row))))
            for column, target, cell in zip(self._table.columns, self._targets, row.cells, strict=True):
                if cell is not None and target is not None:
                    self._read(column, target, cell, hand)
            yield Row(
                row.label.text,
                row.label.span,
                hand.facts,
                hand.assume,
                tuple(hand.expectations),
                hand.refused,
                hand.code,
                hand.day,
                len(self._names.found) > before,
            )

    # ---------------------------------------------------------------- columns

    def _target(self, column: tree.Column) -> _Target:
        match column:
            case tree.ColumnFact(path=path, by=by):
                return self._fact(path, by)
            case tree.ColumnAssume(name=name):
                return self._expectations.assumption(name)
            case tree.ColumnExpect(outcome=name):
                return self._expectations.outcome(name)
            case tree.ColumnAsOf() | tree.ColumnWith() | tree.ColumnBadFacts():
                return type(column).__name__
        assert_never(column)

    def _fact(self, path: tree.Ref, by: tree.Name | None) -> _Target:
        first, *rest = path.parts
        if by is not None:
            span = path.span.to(by.span)
            return self._given.case_fact(tree.Name(f"{path.text}.{by.text}", span=span))
        if not rest:
            if any(record.name == first.text for record in self._given.program.records):
                self._say(
                    path.span, f"`{first.text}` is a record", f"name one of its facts: `{first.text}.FIELD`"
                )
                return None
            return self._given.case_fact(first)
        schema = self._names.look_up("records", first, "no record is called")
        if not isinstance(schema, core.RecordSchema):
            return None
        if schema.parent is not None or len(rest) > 1:
            self._say(
                path.span,
                f"`{path.text}` lies in a list, and a list has no column",
                "give the list in `facts NAME`, and that name in a column `with`",
            )
            return None
        if all(one.name != rest[0].text for one in schema.fields):
            self._given.say_unknown_field(rest[0], schema)
            return None
        return _Field(schema, rest[0].text)

    def _say_repeated_columns(self) -> None:
        seen: dict[tuple[type, str], tree.Column] = {}
        for column in self._table.columns:
            match column:
                case tree.ColumnFact(path=path, by=by):
                    text = f"{path.text} {by.text if by is not None else ''}"
                case tree.ColumnAssume(name=name) | tree.ColumnExpect(outcome=name):
                    text = name.text
                case _:
                    text = ""
            earlier = seen.setdefault((type(column), text), column)
            if earlier is not column:
                self._names.say(
                    problems.BAD_SCENARIO.at(
                        column.span,
                        "two columns say the same",
                        label="again",
                        related=[(earlier.span, "first here")],
                        help="leave out one of them",
                    )
                )

    def _say_cells(self, row: tree.CaseRow) -> None:
        wanted, found = len(self._table.columns), len(row.cells)
        self._say(
            row.span,
            f"this row has {found} cell{'s' if found != 1 else ''} for {wanted} column{'s' if wanted != 1 else ''}",
            "write one `|` before each cell; a cell may be left empty",
        )

    # ---------------------------------------------------------------- cells

    def _taken(self, row: tree.CaseRow) -> tree.Name | None:
        """The name of the facts that this row takes."""
        cell = row.cells[self._with] if self._with is not None else None
        if cell is None:
            return None
        value = cell.expected.value if isinstance(cell, tree.CellValue) and not cell.parts else None
        if isinstance(value, tree.Ref) and len(value.parts) == 1:
            return value.parts[0]
        self._say(cell.span, "this names no facts", "write the name after `facts`")
        return None

    def _read(self, column: tree.Column, target: _Target, cell: tree.Cell, hand: _RowInHand) -> None:
        match column:
            case tree.ColumnFact(path=path, by=by):
                if isinstance(target, core.CaseFact):
                    self._read_case_fact(tree.Name(path.text, span=cell.span), by, target, cell, hand)
                elif isinstance(target, _Field):
                    self._read_field(target, cell, hand)
            case tree.ColumnExpect(outcome=outcome):
                self._read_expected(outcome, cell, hand)
            case tree.ColumnAssume(name=name):
                value = self._constant(cell)
                taken = self._expectations.assumed(name, value) if value is not None else None
                hand.assume.update([taken] if taken is not None else [])
            case tree.ColumnAsOf():
                value = self._constant(cell)
                if isinstance(value, tree.DateLit):
                    hand.day = value.value
                elif value is not None:
                    self._say(cell.span, "this is no date", "write a date like `2024-01-31`")
            case tree.ColumnBadFacts():
                self._read_refusal(cell, hand)
            case tree.ColumnWith():
                pass  # where the row started from
            case _:
                assert_never(column)

    def _read_case_fact(
        self,
        name: tree.Name,
        by: tree.Name | None,
        fact: core.CaseFact,
        cell: tree.Cell,
        hand: _RowInHand,
    ) -> None:
        decided, until = self._said_of_fact(cell)
        if isinstance(cell, tree.CellDates):
            line: tree.Given = tree.GivenEvent(
                name, cell.dates, cell.known_until, by, cell.received, span=cell.span
            )
        elif (value := self._constant(cell, bare=False)) is None:
            return
        elif isinstance(fact.type, Dates) and isinstance(value, tree.NoneLit):
            line = tree.GivenEvent(name, (), until, by, span=cell.span)
        elif isinstance(fact.type, Dates) and not is_unknown(value):
            self._say(cell.span, "these are no dates of an event", "write `on 2024-01-31`, or `none`")
            return
        elif by is not None and is_unknown(value):
            known = hand.facts.get(name.text)
            others = known if isinstance(known, dict) else {}
            hand.facts[name.text] = {party: days for party, days in others.items() if party != by.text}
            return
        else:
            if until is not None:
                self._say(until.span, "only events are known until a day", "leave only the value")
            line = tree.GivenValue(name, value, decided, span=cell.span)
        self._given.apply((line,), hand.facts)

    def _read_field(self, target: _Field, cell: tree.Cell, hand: _RowInHand) -> None:
        decided, _ = self._said_of_fact(cell)
        value = self._constant(cell, bare=False)
        if value is None:
            return
        record = target.record.name
        if record not in hand.own:
            known = hand.facts.get(record)
            hand.facts[record] = dict(known) if isinstance(known, dict) else {}
            hand.own.add(record)
        fact = tree.FactValue(tree.Name(target.name, span=cell.span), value, decided, span=cell.span)
        self._given.fill(hand.facts[record], target.record, (fact,))

    def _said_of_fact(self, cell: tree.Cell) -> tuple[tree.Decided | None, tree.DateLit | None]:
        """Who decided, and until when everything is known."""
        decided: tree.Decided | None = None
        until: tree.DateLit | None = None
        for part in cell.parts if isinstance(cell, tree.CellValue) else ():
            if isinstance(part, tree.Decided):
                decided = part
            elif isinstance(part, tree.DateLit):
                until = part
            else:
                self._say(part.span, "this is said of an outcome, not of a fact", "move it to that column")
        return decided, until

    def _read_expected(self, outcome: tree.Name, cell: tree.Cell, hand: _RowInHand) -> None:
        if not isinstance(cell, tree.CellValue):
            self._say(cell.span, "this is no answer", "write a state such as `granted`, or a value")
            return
        details: list[tree.Detail] = []
        for part in cell.parts:
            if isinstance(part, (tree.Decided, tree.DateLit)):
                self._say(part.span, "this is said of a fact, not of an outcome", "move it to that column")
            else:
                details.append(part)
        line = tree.Expect(outcome, cell.expected, tuple(details), span=cell.span)
        expectation = self._expectations.expectation(line)
        if expectation is not None:
            hand.expectations.append(expectation)

    def _read_refusal(self, cell: tree.Cell, hand: _RowInHand) -> None:
        if isinstance(cell, tree.CellCode):
            hand.refused, hand.code = True, self._expectations.code(cell.code)
            return
        value = self._constant(cell)
        if isinstance(value, tree.YesNoLit):
            hand.refused = value.value
        elif value is not None:
            self._say(
                cell.span,
                "this is no reason to refuse facts",
                "write `yes`, or a reason such as `out-of-bounds`",
            )

    def _constant(self, cell: tree.Cell, *, bare: bool = True) -> tree.Expr | None:
        """The value in a cell, or None, reported; with `bare`, nothing may follow it."""
        if isinstance(cell, tree.CellValue):
            if bare and cell.parts:
                self._say(cell.parts[0].span, "nothing more can be said here", "leave only the value")
                return None
            if cell.expected.value is not None:
                return cell.expected.value
            self._say(cell.span, f"`{cell.expected.state}` is no value of a fact", "write its value")
            return None
        self._say(cell.span, "this is no value", "write the value itself")
        return None

    def _say(self, span: Span, message: str, help_text: str) -> None:
        self._expectations.say_bad(span, message, help_text)
