"""What scenarios can try in a policy: its clauses, cases and conditions, each with what it can come to.

Everything is told by the words of the author that it stands for, so that what one sentence gives rise to at several
places of the program counts once.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from attrs import define, field, frozen

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Or,
    Outcome,
    Program,
    RecordSchema,
)
from policy_lang.program.schema import below, every
from policy_lang.program.types import YesNo
from policy_lang.source.text import NOWHERE, Span

Kind: TypeAlias = Literal[
    "outcome", "version", "case", "exception", "gate", "row", "otherwise", "defence", "condition", "check"
]
Key: TypeAlias = tuple[str, str, str, int, int]
"""The kind, what tells it from others of its kind at the same place, and the place: file, start, end."""

APPLIED = "applied"
"""What a case comes to when its value is the one that is taken."""

REFUSED = "refused"
"""What a check comes to when facts that break it are refused."""

_NAME = re.compile("[a-z][a-z0-9_]*")
_RANKED = ("#applies", "#permits", "#changes_nothing")


@frozen
class Item:
    """One thing that scenarios can try; `values` are all that it can come to."""

    key: Key
    kind: Kind
    words: str
    values: tuple[str, ...]
    span: Span


@define
class Items:
    """All that a policy says itself. `by_node` and the rest find the item of a node of the core, by its identity."""

    program: Program
    found: dict[Key, Item] = field(factory=dict)
    by_node: dict[int, Key] = field(factory=dict)
    defaults: dict[int, Key] = field(factory=dict)  # by the choice whose default it is
    versions: dict[int, Key] = field(factory=dict)  # by what stands in that text
    defences: dict[tuple[str, str], Key] = field(factory=dict)  # by outcome and defence
    outcomes: dict[str, Key] = field(factory=dict)
    checks: dict[tuple[str, str], Key] = field(factory=dict)  # by record and sentence
    _own: set[str] = field(factory=set)  # the files that the policy itself is written in
    _titles: set[tuple[str, int, int]] = field(factory=set)  # where something is named: nobody's condition
    _open: dict[str, bool] = field(factory=dict)  # by definition: whether it may be unknown
    _definitions: dict[str, Definition] = field(factory=dict)
    _presumed: set[str] = field(factory=set)
    _records: dict[str, RecordSchema] = field(factory=dict)
    _tables: set[str] = field(factory=set)
    _called: dict[str, Definition] = field(factory=dict)  # what is still to be walked through
    _done: set[str] = field(factory=set)

    def __attrs_post_init__(self) -> None:
        program = self.program
        self._definitions = {one.name: one for one in program.definitions}
        self._presumed = {one.name for one in program.case_facts if one.presumed is not None}
        self._records = {one.name: one for one in program.records}
        own = [one for one in program.definitions if one.instrument == program.name]
        for span in (*(one.span for one in own), *(one.span for one in program.outcomes)):
            self._own.add(span.file.name)
            self._titles.add(_place(span))
        for outcome in program.outcomes:
            self._titles.update(_place(defence.state.span) for defence in outcome.defences)
        self._own.discard(NOWHERE.file.name)
        for definition in program.definitions:
            self._open[definition.name] = self._may_be_unknown(definition.body, definition.subject)
            if definition.instrument == program.name and _word_before(definition.span) == "table":
                self._tables.add(definition.name)
        for outcome in program.outcomes:
            self._outcome(outcome)
        for record in program.records:
            self._own.update({record.span.file.name} if record.instrument == program.name else ())
            for expr, sentence in record.checks:
                key = self._add("check", "", f"the check `{sentence}`", (REFUSED,), expr.span)
                if key is not None:
                    self.checks[record.name, sentence] = key
        while self._called:
            name, called = self._called.popitem()
            self._done.add(name)
            self._walk(called.body, called, isinstance(called.type, YesNo))

    # ---------------------------------------------------------------- outcomes

    def _outcome(self, outcome: Outcome) -> None:
        values = tuple(dict.fromkeys(self._states(outcome)))
        what = "rule" if outcome.family == "rule" else "clause"
        key = self._add("outcome", outcome.name, f"{what} `{outcome.name}`", values, outcome.span, title=True)
        if key is not None:
            self.outcomes[outcome.name] = key
        self._walk(outcome.body, outcome, isinstance(outcome.type, YesNo))
        for defence in outcome.defences:
            words = tuple(word for leaf in self._leaves(defence.state) if (word := _word(leaf)) is not None)
            key = self._add(
                "defence",
                defence.name,
                f"the defence `{defence.name}`",
                tuple(dict.fromkeys(words)),
                defence.state.span,
                title=True,
            )
            if key is not None:
                self.defences[outcome.name, defence.name] = key
            self._walk(defence.state, outcome, False)
        if outcome.schedule is not None:
            for expr in outcome.schedule.expressions:
                self._walk(expr, outcome, False)
            if outcome.schedule.recurs is not None:
                self._walk(outcome.schedule.recurs, outcome, True)

    def _states(self, outcome: Outcome) -> Iterator[str]:
        """The states that an outcome can reach; neither errors nor conflicts, which no text means to reach."""
        leaves = list(self._leaves(outcome.body))
        is_open = self._may_be_unknown(outcome.body, outcome.subject) or outcome.judged_on is not None
        schedule = outcome.schedule
        for leaf in leaves:
            if isinstance(leaf, Absent):
                if leaf.reason != "error":
                    yield leaf.reason
            elif schedule is not None:
                for text in schedule.texts:
                    if text is None or isinstance(text.anchor, Absent):
                        continue
                    yield "pending"
                    if text.event is not None:
                        yield "fulfilled"
                        yield "overdue" if outcome.force == "binding" else "target date passed; no breach"
                    elif outcome.force != "binding":
                        yield "target date passed; no breach"
                    is_open = is_open or text.event is not None or outcome.force == "binding"
            elif isinstance(outcome.type, YesNo):
                known = leaf.value if isinstance(leaf, Const) else None
                yield from ("yes", "no") if known is None else ("yes" if known else "no",)
            elif outcome.type is not None:
                yield "decided"
            else:
                word = _word(leaf)
                if word is not None:
                    yield word
        if is_open and any(not isinstance(leaf, Absent) for leaf in leaves):
            yield "undetermined"

    def _leaves(self, body: Expr) -> Iterator[Expr]:
        """What a value by cases can come to, through the definitions of the policy itself."""
        waiting: list[Expr] = [body]
        seen: set[int] = set()
        while waiting:
            expr = waiting.pop(0)
            if id(expr) in seen:
                continue
            seen.add(id(expr))
            if isinstance(expr, Choose):
                cases = _reachable(expr)
                waiting.extend(case.value for case in cases)
                if not cases or not _is_always(cases[-1]):
                    waiting.append(expr.default)
            elif isinstance(expr, Call) and isinstance(self._definitions[expr.definition].body, Choose):
                waiting.append(self._definitions[expr.definition].body)
            else:
                yield expr

    # ---------------------------------------------------------------- what can be unknown

    def _may_be_unknown(self, expr: Expr, subject: str | None) -> bool:
        judged = self._is_judged(subject)
        for one in every(expr):
            if isinstance(one, Fact) and not (one.record is None and one.field in self._presumed):
                return True
            if isinstance(one, Call) and self._open.get(one.definition, True):
                return True
            if isinstance(one, At) and judged:
                return True
        return False

    def _is_judged(self, subject: str | None) -> bool:
        """Whether the date that counts for a record is a fact about it."""
        while subject is not None and subject in self._records:
            if self._records[subject].judged_on is not None:
                return True
            subject = self._records[subject].parent
        return False

    # ---------------------------------------------------------------- the walk

    def _walk(self, body: Expr, owner: Definition | Outcome, is_condition: bool) -> None:
        """Finds all items in an expression, without recursion."""
        waiting: list[tuple[Expr, bool]] = [(body, is_condition)]
        seen: set[tuple[int, bool]] = set()
        while waiting:
            expr, is_condition = waiting.pop()
            if (id(expr), is_condition) in seen:
                continue
            seen.add((id(expr), is_condition))
            if isinstance(expr, Choose):
                self._choose(expr, owner)
                inner = is_condition or isinstance(expr.type, YesNo)
                cases = _reachable(expr)
                waiting.extend((case.when, True) for case in cases)
                waiting.extend((case.value, inner) for case in cases)
                if not cases or not _is_always(cases[-1]):
                    waiting.append((expr.default, inner))
            elif isinstance(expr, Fold):
                waiting.append((expr.list, False))
                if expr.where is not None:
                    waiting.append((expr.where, True))
                if expr.body is not None:
                    waiting.append((expr.body, expr.kind in ("any", "all")))
            elif isinstance(expr, (And, Or, Not)):
                parts = expr.operands if not isinstance(expr, Not) else (expr.operand,)
                if isinstance(expr, And) and any(
                    isinstance(one, Const) and one.value is False for one in parts
                ):
                    continue  # it is no, whatever the rest says
                if _is_one_phrase(expr, parts):
                    self._condition(expr, owner)
                    waiting.extend((inner, False) for part in parts for inner in _inside(part))
                    for one in _alone(expr):
                        if isinstance(one, Call):
                            self._call(one)
                else:
                    waiting.extend((part, True) for part in parts)
            elif isinstance(expr, (Compare, Member)) or (
                is_condition and isinstance(expr, (Fact, Assumed, Call))
            ):
                self._condition(expr, owner)
                waiting.extend((part, False) for part in below(expr))
            else:
                waiting.extend((part, False) for part in below(expr))
            if isinstance(expr, Call):
                self._call(expr)

    def _call(self, call: Call) -> None:
        definition = self._definitions[call.definition]
        if definition.instrument == self.program.name and definition.name not in self._done:
            self._called[definition.name] = definition

    def _condition(self, expr: Expr, owner: Definition | Outcome) -> None:
        if all(isinstance(one, Call) and self._is_ours(one) for one in _alone(expr)):
            return
        if _NAME.fullmatch(expr.span.text) and all(_is_about_day(one) for one in _alone(expr)):
            return  # whether a text is in force, which is told where the text is named
        values = ["yes", "no"]
        if self._may_be_unknown(expr, owner.subject):
            values.append("unknown")
        words = f"`{_shortened(expr.span.text)}`"
        match expr:
            case Compare(left=At(), right=Const(value=datetime.date() as day)) if expr.span.text[
                :1
            ].isdigit():
                words = f"`the date is {_WORDS[expr.comparison]} {day}`"
            case Member(name="parties") if "is a party" not in words:
                words += " (a party)"
            case Not(operand=Compare(comparison="eq", span=span)) if "other party" in span.text:
                words += " (not the same party)"
        sort = expr.comparison if isinstance(expr, Compare) else type(expr).__name__
        key = self._add("condition", sort, words, tuple(values), expr.span)
        if key is not None:
            self.by_node[id(expr)] = key

    def _is_ours(self, call: Call) -> bool:
        """Whether nobody wrote this call: a clause asks whether itself or another applies."""
        is_grant = call.bind is None and self._definitions[call.definition].parameters
        return is_grant or call.definition.endswith(_RANKED)

    def _choose(self, expr: Choose, owner: Definition | Outcome) -> None:
        if expr.by_text:
            self._versions(expr)
            return
        is_clause = isinstance(owner, Outcome) and owner.type is None
        places: dict[str, set[tuple[str, int, int]]] = {}
        for case in _reachable(expr):
            word = _word(case.value)
            if word is not None:
                places.setdefault(word, set()).add(_place(case.span))
        for case in _reachable(expr):
            if isinstance(case.value, Absent) and case.value.reason in ("not in force", "suspended"):
                continue  # told by the state that this comes to
            word = _word(case.value)
            if is_clause and word is not None and len(places[word]) == 1:
                continue  # told by the state that the clause comes to
            kind = self._kind_of(case, owner)
            words = f"the {_NAMES[kind]} `{_shortened(case.span.text)}`"
            key = self._add(kind, "", words, (APPLIED,), case.span)
            if key is not None:
                self.by_node[id(case)] = key
        default = expr.default
        is_shared = any(case.value is default for case in expr.cases)
        if is_clause or is_shared or isinstance(default, (Absent, Choose)) or not expr.cases:
            return
        words = f"the value `{_shortened(default.span.text)}`"
        key = self._add("otherwise", "", words, (APPLIED,), default.span)
        if key is not None:
            self.defaults[id(expr)] = key

    def _versions(self, expr: Choose) -> None:
        for case in expr.cases:
            day = case.when.right if isinstance(case.when, Compare) else None
            start = day.value if isinstance(day, Const) else None
            if isinstance(case.value, Absent) or _is_deleted(case.value):
                continue  # the outcome says so itself
            key = self._add(
                "version", str(start), f"the text from {start} on", (APPLIED,), case.span, title=True
            )
            if key is not None:
                self.versions[id(case.value)] = key
        if not isinstance(expr.default, Absent):
            key = self._add("version", "first", "the first text", (APPLIED,), expr.span, title=True)
            if key is not None:
                self.versions[id(expr.default)] = key

    def _kind_of(self, case: Case, owner: Definition | Outcome) -> Kind:
        if isinstance(case.value, Absent) and isinstance(owner, Outcome):
            return "gate"
        if case.span.text.startswith("but"):
            return "exception"
        return "row" if owner.name in self._tables else "case"

    def _add(
        self, kind: Kind, sort: str, words: str, values: tuple[str, ...], span: Span, *, title: bool = False
    ) -> Key | None:
        """Notes an item, if an author of this policy wrote it; together with what is there already."""
        place = _place(span)
        if span.file.name not in self._own or (not title and place in self._titles) or not values:
            return None
        key = (kind, sort, *place)
        known = self.found.get(key)
        if known is not None:
            values = tuple(dict.fromkeys((*known.values, *values)))
        self.found[key] = Item(key, kind, words, values, span)
        return key


_NAMES: dict[Kind, str] = {"case": "case", "exception": "exception", "gate": "line", "row": "row"}
_WORDS = {"ge": "on or after", "gt": "after", "le": "on or before", "lt": "before", "eq": "on"}


def _place(span: Span) -> tuple[str, int, int]:
    return span.file.name, span.start, span.end


def _word(expr: Expr) -> str | None:
    """The word for a state."""
    return expr.value if isinstance(expr, Const) and isinstance(expr.value, str) else None


def _word_before(span: Span) -> str:
    """The word that stands in front, such as `table`."""
    return (span.file.text[max(0, span.start - 80) : span.start].split() or [""])[-1]


def _shortened(text: str) -> str:
    """The words of an author on one line, without what they cite."""
    words = " ".join(text.split()).split(" [", 1)[0]
    return words if len(words) <= 80 else f"{words[:77]}..."


def _is_always(case: Case) -> bool:
    return isinstance(case.when, Const) and case.when.value is True


def _is_deleted(expr: Expr) -> bool:
    """Whether nobody wrote this: it is what a deleted clause grants from then on."""
    return isinstance(expr, Const) and expr.value is False and expr.span.text.strip() != "no"


def _reachable(expr: Choose) -> tuple[Case, ...]:
    """The cases, up to one that always holds where they are read in order."""
    if expr.mode == "first":
        for n, case in enumerate(expr.cases):
            if _is_always(case):
                return expr.cases[: n + 1]
    return expr.cases


def _is_about_day(expr: Expr) -> bool:
    """Whether this compares the date asked about."""
    return isinstance(expr, Compare) and isinstance(expr.left, At)


def _is_one_phrase(expr: Expr, parts: Iterable[Expr]) -> bool:
    """Whether an author wrote this as one condition, such as `is not`, `between` and `has status`."""
    return all(_place(part.span) == _place(expr.span) for part in parts)


def _alone(expr: Expr) -> Iterator[Expr]:
    """The conditions of one phrase."""
    if isinstance(expr, Not):
        yield from _alone(expr.operand)
    elif isinstance(expr, (And, Or)):
        for part in expr.operands:
            yield from _alone(part)
    else:
        yield expr


def _inside(expr: Expr) -> Iterator[Expr]:
    """What stands inside the conditions of one phrase."""
    for one in _alone(expr):
        yield from below(one)
