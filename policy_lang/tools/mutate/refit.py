"""A changed rule or table as it would have been read: what then holds where no case fits, if it is accepted at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve, field, frozen

from policy_lang.meaning.rows import are_disjoint, missing_words, nothing_fits
from policy_lang.program.core import Absent, And, Case, Choose, Const, Definition, Expr, Program, RecordSchema
from policy_lang.program.schema import every

_ORDERED = "first row that matches"


@frozen(eq=False)
class Refit:
    """Reads the changed definitions of one program again."""

    program: Program
    records: Mapping[str, RecordSchema] = field(init=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "records", {one.name: one for one in self.program.records})

    def program_of(self, changed: Program) -> Program | None:
        """The changed program as its text would be read; None where it would be refused."""
        definitions = list(changed.definitions)
        for n, (was, now) in enumerate(zip(self.program.definitions, definitions, strict=True)):
            if was is now:
                continue
            if not all(_is_accepted(*pair) for pair in _choices(was.body, now.body)):
                return None
            definitions[n] = self._table(was, now)
        for outcome, other in zip(self.program.outcomes, changed.outcomes, strict=True):
            if outcome is not other:
                if not all(_is_accepted(*pair) for pair in _choices(outcome.body, other.body)):
                    return None
        return evolve(changed, definitions=tuple(definitions))

    def _table(self, was: Definition, now: Definition) -> Definition:
        """The table with the rest that follows from its rows: what is said where none of them fits."""
        if not was.keys or not isinstance(was.body, Choose) or not isinstance(now.body, Choose):
            return now
        if was.body.by_text or _has_a_row_otherwise(was.body):
            return now
        parts = {id(row.span): _by_key(row, was.keys) for row in was.body.cases}
        conditions: list[list[Expr | None]] = []
        for row in now.body.cases:
            keys = parts.get(id(row.span))
            if keys is None:
                return now
            found = _operands(row.when, len(keys))
            if found is None:
                return now
            of_row: list[Expr | None] = [None] * len(was.keys)
            for key, condition in zip(keys, found, strict=True):
                of_row[key] = None if _is_yes(condition) else condition
            conditions.append(of_row)
        name = was.name.rpartition(".")[2]
        default = nothing_fits(name, was.span, was.keys, now.body.cases, conditions, self.records.get)
        mode = now.body.mode if is_ordered(was) else "first" if are_disjoint(now.body.cases) else "unordered"
        return evolve(now, body=evolve(now.body, mode=mode, default=default))


def is_ordered(table: Definition) -> bool:
    """Whether the author said that the first row that matches counts."""
    if not table.keys or not isinstance(table.body, Choose) or not table.body.cases:
        return False
    return _ORDERED in table.span.file.text[table.span.end : table.body.cases[0].span.start]


def _has_a_row_otherwise(body: Choose) -> bool:
    """Whether the author said what holds where no row fits."""
    return body.default.span != body.span and not any(body.default is case.value for case in body.cases)


def _by_key(row: Case, keys: tuple[Expr, ...]) -> tuple[int, ...] | None:
    """Which key each condition of a row is about; None where that is not plain to see."""
    for parts in ((row.when,), row.when.operands if isinstance(row.when, And) else ()):
        if parts == (row.when,) and _is_yes(row.when):
            return ()
        about = [[n for n, key in enumerate(keys) if _speaks_of(part, key)] for part in parts]
        if about and all(len(one) == 1 for one in about):
            return tuple(one[0] for one in about)
    return None


def _speaks_of(expr: Expr, key: Expr) -> bool:
    return any(one == key for one in every(expr))


def _operands(now: Expr, count: int) -> tuple[Expr, ...] | None:
    """The conditions of a changed row, in the order of the keys that they are about."""
    if count < 2:
        return (now,)[:count]
    return now.operands if isinstance(now, And) and len(now.operands) == count else None


def _is_yes(expr: Expr) -> bool:
    return isinstance(expr, Const) and expr.value is True


def _choices(was: Expr, now: Expr) -> Iterator[tuple[Choose, Choose]]:
    """Choices in which something is changed, before and after; they are told by where they stand."""
    after = {id(one.span): one for one in every(now) if isinstance(one, Choose)}
    for one in every(was):
        if isinstance(one, Choose):
            other = after.get(id(one.span))
            if other is not None and other is not one:
                yield one, other


def _is_accepted(was: Choose, now: Choose) -> bool:
    """Whether a rule without `otherwise` still names every word."""
    match was.default:
        case Absent(code="no-case"):
            return missing_words(now.cases) == []
        case default if was.mode == "unordered" and was.cases and default is was.cases[-1].value:
            return missing_words(was.cases) != [] or missing_words(now.cases) == []
    return True
