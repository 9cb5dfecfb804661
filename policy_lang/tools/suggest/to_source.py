"""Cases as scenarios in the language, ready to be pasted and filled in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from attrs import frozen

from policy_lang.program.core import Plain, Program, RecordSchema
from policy_lang.program.given_lines import given_lines, written
from policy_lang.program.types import Type


@frozen
class Row:
    """One case: its name, its date (None where the record is judged on one of its own) and its facts."""

    label: str
    as_of: datetime.date | None
    facts: Mapping[str, Any]
    notices: tuple[str, ...] = ()  # the slips that it is for, in words


@frozen
class Suggested:
    """One scenario. With several rows it is a table; the rows differ in `columns` only."""

    label: str
    rows: tuple[Row, ...]
    assume: tuple[tuple[str, Plain], ...]
    outcomes: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...] = ()  # `("vehicle", "msrp")`; the date is `("as of",)`
    refused: str = ""  # the reason why the facts are refused, or `yes`; then there is one row, and no outcome

    @property
    def cases(self) -> int:
        """How many cases it has."""
        return len(self.rows)


@frozen
class Writer:
    """Writes scenarios about one program."""

    program: Program
    records: Mapping[str, RecordSchema]
    assumptions: Mapping[str, Type]

    @classmethod
    def of(cls, program: Program) -> Writer:
        """The writer for a program."""
        assumptions = {one.name: one.value.type for one in program.assumptions}
        return cls(program, {one.name: one for one in program.records}, assumptions)

    def scenario(self, one: Suggested) -> str:
        """The text of a scenario; `pol fmt` puts it into its final form.

        Raises `CannotBeGiven` for facts that no scenario gives.
        """
        first = one.rows[0]
        columns = set(one.columns)
        lines = [f"scenario {_titled(one.label)}"]
        if first.as_of is not None and ("as of",) not in columns:
            lines.append(f"    as of {first.as_of.isoformat()}")
        lines += [
            f"    assume {name} is {written(value, self.assumptions[name])}" for name, value in one.assume
        ]
        lines += given_lines(self.program, first.facts, columns)
        if one.refused:
            code = "" if one.refused == "yes" else f" {one.refused}"
            return "\n".join([*lines, f"    expect bad facts{code}"])
        if one.cases == 1:
            return "\n".join([*lines, *(f"    expect {name} ?" for name in one.outcomes)])
        header = " | ".join(
            [
                "case",
                *(".".join(column) for column in one.columns),
                *(f"expect {name}" for name in one.outcomes),
            ]
        )
        lines.append(f"    {header}")
        for row in one.rows:
            cells = [self._cell(row, column) for column in one.columns]
            cells += ["?"] * len(one.outcomes)
            lines.append(f"        {' | '.join([_titled(row.label), *cells])}")
        return "\n".join(lines)

    def _cell(self, row: Row, column: tuple[str, ...]) -> str:
        if column == ("as of",):
            assert row.as_of is not None
            return row.as_of.isoformat()
        record, name = column
        value = row.facts.get(record, {}).get(name)
        kind = next(one.type for one in self.records[record].fields if one.name == name)
        return "unknown" if value is None else written(value, kind)


def _titled(label: str) -> str:
    """The name of a scenario, which may quote from the policy."""
    plain = " ".join(label.replace('"', "'").split())
    return f'"{plain}"'
