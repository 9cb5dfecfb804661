"""Items as sentences: every line of the canonical text before it is broken and before its margin is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias, assert_never

from attrs import frozen

from policy_lang.source.text import Span
from policy_lang.syntax import clause_words, scenario_words, tree
from policy_lang.syntax.phrases import (
    bound,
    date,
    expression,
    happening,
    key,
    label,
    names,
    number,
    period,
    quoted,
    type_words,
    window,
)
from policy_lang.syntax.words import (
    ALWAYS,
    NEVER,
    PART,
    ROOM,
    STEP,
    WIDTH,
    Word,
    at,
    at_column,
    best_column,
    enumerate_words,
    flat,
    say,
)

Cited: TypeAlias = tree.Item | tree.Reading | tree.Field | tree.Case | tree.Row | tree.RemovedRow
"""What citations belong to."""


@frozen
class Sentence:
    """One sentence of an item, `depth` levels deep.

    `owner` has its citations; where other nodes have those of its later parts, `owners` says from which word
    on. A sentence that opens a block, and one in a block of facts, may not go on in deeper lines.
    """

    depth: int
    words: tuple[Word, ...]
    span: Span
    owner: Cited
    owners: tuple[tuple[int, Cited], ...] = ()
    may_break: bool = True

    def owner_of(self, word: int) -> Cited:
        """Who has the citations that stand after this word."""
        found = self.owner
        for start, owner in self.owners:
            if start <= word:
                found = owner
        return found


def sentences(item: tree.Item) -> list[Sentence]:
    """The sentences of an item in the order of its source."""
    match item:
        case tree.Instrument(kind=kind, name=name, lines=lines, target=target):
            to = f" to {target.text}" if target is not None else ""
            return [_head(item, say(f"{kind} {name.text}{to}")), *_header(item, lines)]
        case tree.Kind(name=name, label=text, members=members):
            return [_head(item, [*say(f"kind {name.text}"), *label(text)]), *_members(item, members)]
        case tree.Act(name=name, record=record, label=text, lines=lines):
            head = [*say(f"act {name.text} on {record.text}"), *label(text)]
            return [_head(item, head), *(Sentence(1, _act_line(line), line.span, item) for line in lines)]
        case tree.Record():
            return list(_record(item))
        case tree.Rule():
            return list(_rule(item))
        case tree.Table():
            return list(_table(item))
        case tree.Clause(name=name, label=text, lines=more, inserted=inserted):
            said = f"clause {name.text}{' is inserted' if inserted else ''}"
            return [_head(item, [*say(said), *label(text)]), *_clause(item, more)]
        case tree.ReplacedClause(name=name, label=text, lines=more):
            return [_replaced(item, "clause", name, text), *_clause(item, more)]
        case tree.ReplacedRule(name=name, label=text, cases=cases, exceptions=exceptions):
            return [_replaced(item, "rule", name, text), *_cases(cases, exceptions)]
        case tree.ReplacedTable(name=name, label=text, rows=rows):
            return [_replaced(item, "table", name, text), *_rows(rows)]
        case tree.ReplacedDefence(name=name, label=text, lines=grounds):
            found = [_replaced(item, "exception", name, text)]
            return [*found, *(Sentence(1, tuple(clause_words.ground(n)), n.span, item) for n in grounds)]
        case tree.ChangedRows():
            return list(_changed_rows(item))
        case tree.Defence(name=name, clause=clause, label=text, lines=grounds):
            found = [_head(item, [*say(f"exception {name.text} to clause {clause.text}"), *label(text)])]
            return [*found, *(Sentence(1, tuple(clause_words.ground(n)), n.span, item) for n in grounds)]
        case tree.Property(label=text, record=record, claim=claim):
            about = f" for {record.text}" if record is not None else ""
            start = _head(item, say(f"property {quoted(text)}{about}"))
            return [start, Sentence(1, tuple(clause_words.claim(claim)), claim.span, item)]
        case tree.Facts(name=name, given=given):
            return [_head(item, say(f"facts {name.text}")), *_scenario_lines(item, given)]
        case tree.Scenario(label=text, lines=lines):
            return [_head(item, say(f"scenario {quoted(text)}")), *_scenario_lines(item, lines)]
        case tree.Assume():
            return [_assume(item)]
        case _:
            # A deeper line below these words would be the text of a clause, a rule or a table.
            opens = (isinstance(item, tree.Deleted) and item.what != "definition") or (
                isinstance(item, tree.ChangedForce) and item.name is not None
            )
            return [Sentence(0, tuple(_short(item)), item.span, item, may_break=not opens)]


def _head(item: tree.Item, words: list[Word]) -> Sentence:
    return Sentence(0, tuple(words), item.span, item, may_break=False)


def _replaced(item: tree.Item, what: str, name: tree.Name, text: tree.Text | None) -> Sentence:
    return _head(item, [*say(f"{what} {name.text} is replaced"), *label(text)])


def _clause(item: tree.Clause | tree.ReplacedClause, more: Sequence[tree.ClauseLine]) -> Iterator[Sentence]:
    span = item.form.span if item.certainty is None else item.certainty.span.to(item.form.span)
    yield Sentence(1, tuple(clause_words.sentence(item)), span, item)
    for line in more:
        yield Sentence(1, tuple(clause_words.line(line)), line.span, item)


def _changed_rows(item: tree.ChangedRows) -> Iterator[Sentence]:
    yield _head(item, say(f"table {item.name.text} is amended"))
    rows = [change.row if isinstance(change, tree.AddedRow) else change for change in item.changes]
    lines = [
        [*say(f"row is {'added' if isinstance(row, tree.Row) else 'removed'}:"), *_keys(row.keys)]
        for row in rows
    ]
    values = [expression(row.value, PART + 1) if isinstance(row, tree.Row) else [] for row in rows]
    _align(lines, values, PART)
    for change, row, words in zip(item.changes, rows, lines, strict=True):
        yield Sentence(1, tuple(words), change.span, row)


def _keys(keys: Sequence[tree.Key]) -> list[Word]:
    if not keys:
        return say("otherwise")
    return enumerate_words((key(k, PART + 1) for k in keys), PART)


def _short(
    item: tree.ScenariosFor
    | tree.Use
    | tree.NotEncoded
    | tree.Means
    | tree.Territory
    | tree.Unit
    | tree.Purpose
    | tree.Status
    | tree.Event
    | tree.Determination
    | tree.Deleted
    | tree.ChangedMembers
    | tree.ChangedDate
    | tree.ChangedForce
    | tree.Terminated
    | tree.ChangedParty,
) -> list[Word]:
    """An item of one sentence."""
    match item:
        case tree.ScenariosFor(name=name):
            return say(f"scenarios for {name.text}")
        case tree.Use(names=used):
            return [*say("use"), *names(used, PART)]
        case tree.NotEncoded(topic=topic, because=because):
            return [*say(f"not encoded {quoted(topic)}"), *say(f"because {quoted(because)}", PART)]
        case tree.Means(name=name, members=members, open=is_open, now=now):
            listed = ([*say(m.name.text), *window(m.window, PART + 1)] for m in members)
            verb = f"{'now ' if now else ''}{'includes' if is_open else 'means'}"
            return [*say(f"{name.text} {verb}"), *enumerate_words(listed, PART)]
        case tree.Territory(sovereign=sovereign, codes=codes, included=included):
            verb = "includes" if included else "excludes"
            return [*say(f"territory of {sovereign.text} {verb}"), *names(codes, PART)]
        case tree.Unit(name=name, label=text, factor=factor, base=base, words=written):
            words = [*say(f"unit {name.text}"), *label(text)]
            if factor is None or base is None:
                return words
            return [*words, *say(f"is {number(factor)} {written or base.text}", PART)]
        case tree.Purpose(name=name, label=text):
            return [*say(f"purpose {name.text}"), *label(text)]
        case tree.Status(name=name, label=text, record=record):
            return [*say(f"status {name.text}"), *label(text), *say(f"on {record.text}", PART)]
        case tree.Event(name=name, label=text, by=by, two_dates=two_dates):
            words = say(f"event {name.text}{f' by {by}' if by is not None else ''}")
            words += [Word(",", glued=True), *say("given and received")] if two_dates else []
            return [*words, *label(text)]
        case tree.Determination(name=name, type=kind, label=text, type_written=written):
            typed = [*say("of"), *type_words(kind, PART + 1)] if written else []
            return [*say(f"determination {name.text}"), *typed, *_ranked(PART, label(text))]
        case tree.Deleted(what=what, name=name):
            return say(f"{_named(what, name)} is deleted")
        case tree.ChangedMembers(name=name, changes=changes):
            said = (say(f"{c.name.text} is {'added' if c.added else 'removed'}") for c in changes)
            return [*say(f"{name.text}:"), *enumerate_words(said, PART)]
        case tree.ChangedDate(what=what, name=name, old=old, new=new, this=this):
            place = _named(what, name) if name is not None else f"this {this}"
            return [*say(f"in {place},"), *say(f"the date {date(old)} is replaced by {date(new)}", PART)]
        case tree.ChangedForce(name=name, suspended=suspended, this=this):
            place = f"clause {name.text}" if name is not None else f"this {this}"
            return [*say(f"{place} is suspended"), *window(suspended.window)]
        case tree.Terminated(on=day, this=this):
            return say(f"this {this} is terminated{f' on {date(day)}' if day is not None else ''}")
        case tree.ChangedParty(code=code, added=text, word=word):
            if text is None:
                return say(f"{word} {code.text} is removed")
            return say(f"{word} {code.text} {quoted(text)} is added")
    assert_never(item)


def _named(what: tree.ItemWord, name: tree.Name) -> str:
    return name.text if what == "definition" else f"{what} {name.text}"


def _ranked(rank: int, words: list[Word]) -> list[Word]:
    return at(rank, words) if words else []


def _assume(item: tree.Assume) -> Sentence:
    words = [*say(f"assume {item.name.text} is"), *expression(item.value, PART + 1)]
    owners: list[tuple[int, Cited]] = []
    readings = [("because", r) for r in item.readings] + [("but see", r) for r in item.against]
    for word, reading in sorted(readings, key=lambda r: r[1].span.start):
        owners.append((len(words), reading))
        words += say(f"{word} {quoted(reading.because)}", ALWAYS)
    return Sentence(0, tuple(words), item.span, item, tuple(owners))


# ------------------------------------------------------------------------------------------ columns


def _align(lines: list[list[Word]], cells: Sequence[list[Word]], rank: int) -> None:
    """Adds a cell to each line of a block, all in one column where that suits; an empty one takes no place.

    Before a cell of rank ALWAYS a line that does not suit the column is broken.
    """
    ends = [STEP + len(flat(line, STEP)) for line in lines]
    sizes = [(end, len(flat(cell))) for end, cell in zip(ends, cells, strict=True) if cell]
    if not sizes:
        return
    least = -(-(min(end for end, _ in sizes) + ROOM) // STEP) * STEP
    column = best_column(sizes, usual=least, least=least)
    for line, cell, end in zip(lines, cells, ends, strict=True):
        if cell:
            suits = end + ROOM <= column and column + len(flat(cell)) <= WIDTH
            line.extend(
                at_column(column if suits else end + ROOM, at(max(rank, PART) if suits else rank, cell))
            )


_CELL = PART + 4
"""Rank before a cell that is not the last."""


# ------------------------------------------------------------------------------------------ instruments


def _header(item: tree.Instrument, lines: Sequence[tree.HeaderLine]) -> Iterator[Sentence]:
    rows = [_header_line(line) for line in lines]
    width = STEP + max((len(flat(row[0])) for row in rows if row[1]), default=0) + 2
    for line, (field, value) in zip(lines, rows, strict=True):
        words = [*field, *at_column(width, value)] if value else field
        yield Sentence(1, tuple(words), line.span, item)


def _header_line(line: tree.HeaderLine) -> tuple[list[Word], list[Word]]:
    match line:
        case tree.HeaderText(what=what, text=text, language=language):
            return say(what if language is None else f"{what} {language.text}"), label(text)
        case tree.Parties(parties=parties, word=word):
            return say(word), enumerate_words((say(f"{c.text} {quoted(t)}") for c, t in parties), PART)
        case tree.HeaderDate(what=what, date=day):
            return say("signed" if what == "signed" else "ceases on"), say(date(day))
        case tree.InForce(window=dates):
            return (say("not in force"), []) if dates is None else (say("in force"), window(dates, NEVER))
        case tree.Lasting():
            return _lasting(line)
        case tree.Extended(way=way, period=length, event=event):
            joined = "by" if way == "by" else "after"
            rounding = f" rounded {line.rounding}" if line.rounding is not None else ""
            longer = f"{way} {period(length)}{rounding} {joined} {happening(event)}"
            return say("extended"), say(longer)
        case tree.Verified(date=day, against=against):
            return say("verified"), [*say(date(day)), *say(f"against {quoted(against)}", PART)]
        case tree.Serves(purposes=purposes):
            return say("serves"), names(purposes, PART)
        case tree.Nomenclature(edition=edition):
            return say("nomenclature"), say(f"HS {edition}")
        case tree.Suspended(window=dates):
            return say("suspended"), window(dates, NEVER)
        case tree.AppliesFrom(date=day):
            return say("applies from"), say(date(day))
        case tree.Draft():
            return say("draft"), []
    assert_never(line)


def _lasting(line: tree.Lasting) -> tuple[list[Word], list[Word]]:
    rounding = f" rounded {line.rounding}" if line.rounding is not None else ""
    term = f"{period(line.period)}{rounding} after {line.counted_from.kind}"
    if line.what == "ceases" or line.start is None:
        return say("ceases"), say(term)
    return say("in force"), [*say(f"from {date(line.start)}"), *say(f"until {term}", PART)]


def _members(item: tree.Kind, members: Sequence[tree.KindMember]) -> Iterator[Sentence]:
    lines = [say(member.name.text) for member in members]
    _align(lines, [label(member.label) for member in members], _CELL)
    codes = [enumerate_words((say(f"HS {code}") for code in m.hs), PART + 1) for m in members]
    _align(lines, codes, PART)
    for member, words in zip(members, lines, strict=True):
        yield Sentence(1, tuple(words), member.span, item)


def _act_line(line: tree.ActLine) -> tuple[Word, ...]:
    if line.condition is not None:
        return (*say("when" if line.what == "scope" else "done when"), *expression(line.condition, PART))
    assert line.field is not None
    return tuple(say(f"{line.what} {line.field.text}"))


# ------------------------------------------------------------------------------------------ records, rules


def _record(item: tree.Record) -> Iterator[Sentence]:
    words = say(f"record {item.name.text}")
    words += say(f"in {item.parent.text}") if item.parent is not None else []
    if item.judged_on is not None:
        words += [Word(",", glued=True), *say(f"judged on {item.judged_on.text}")]
    yield _head(item, [*words, *label(item.label)])
    lines = [say(field.name.text) for field in item.fields]
    _align(lines, [_field_type(field) for field in item.fields], _CELL)
    _align(lines, [label(field.label) for field in item.fields], ALWAYS)
    found = [Sentence(1, tuple(w), f.span, f) for f, w in zip(item.fields, lines, strict=True)]
    checks = ((check, [*say("check"), *expression(check.condition, PART)]) for check in item.checks)
    found += [Sentence(1, tuple(words), check.span, item) for check, words in checks]
    yield from sorted(found, key=lambda s: s.span.start)


def _field_type(field: tree.Field) -> list[Word]:
    words = say("optional") if field.optional else []
    if field.determination:
        words += say("determination of" if field.type_written else "determination")
    if not field.determination or field.type_written:
        words += type_words(field.type, PART + 2)
    limits = field.limits or (
        *field.bounds,
        *((field.decimals,) if field.decimals is not None else ()),
        *((tree.Digits(field.digits),) if field.digits is not None else ()),
    )
    for limit in limits:
        words += bound(limit, PART + 1)
    return words


def _rule(item: tree.Rule) -> Iterator[Sentence]:
    words = _about(f"rule {item.name.text}{' is inserted' if item.inserted else ''}", item.record, item.type)
    yield _head(item, [*words, *label(item.label)])
    yield from _cases(item.cases, item.exceptions)


def _cases(cases: Sequence[tree.Case], exceptions: Sequence[tree.Case]) -> Iterator[Sentence]:
    lines = [(case, False) for case in cases] + [(case, True) for case in exceptions]
    for case, excepts in sorted(lines, key=lambda c: c[0].span.start):
        yield from _case(case, 1, excepts=excepts)


def _about(head: str, record: tree.Name | None, kind: tree.TypeExpr) -> list[Word]:
    words = say(head if record is None else f"{head} for {record.text}")
    return [*words, *say(":"), *type_words(kind, NEVER)]


def _case(case: tree.Case, depth: int, *, excepts: bool) -> Iterator[Sentence]:
    words = say("but") if excepts else say("otherwise") if case.otherwise else []
    if case.when is None:
        words += [*expression(case.value, PART + 1), *window(case.window)]
    else:
        words += [*expression(case.value, PART + 2), *say("when", PART + 1)]
        words += [*expression(case.when, PART), *window(case.window, PART + 1)]
    yield Sentence(depth, tuple(words), case.span, case)
    for exception in case.exceptions:
        yield from _case(exception, depth + 1, excepts=True)


def _table(item: tree.Table) -> Iterator[Sentence]:
    words = _about(f"table {item.name.text}{' is inserted' if item.inserted else ''}", item.record, item.type)
    if item.keys:
        words += [*say("by"), *enumerate_words((expression(ref, NEVER) for ref in item.keys), NEVER)]
    words += say("first row that matches") if item.ordered else []
    yield _head(item, [*words, *label(item.label)])
    yield from _rows(item.rows)


def _rows(rows: Sequence[tree.Row]) -> Iterator[Sentence]:
    cells = [[key(k, PART + 1) for k in row.keys] or [say("otherwise")] for row in rows]
    lines = [list(row[0]) for row in cells]
    for column in range(1, max((len(row) for row in cells), default=0)):
        for line, keys in zip(lines, cells, strict=True):
            line.extend([Word(",", glued=True)] if column < len(keys) else [])
        _align(lines, [keys[column] if column < len(keys) else [] for keys in cells], _CELL)
    _align(lines, [expression(row.value, PART + 1) for row in rows], PART)
    for row, words in zip(rows, lines, strict=True):
        yield Sentence(1, tuple(words), row.span, row)


# ------------------------------------------------------------------------------------------ scenarios


def _scenario_lines(item: tree.Item, lines: Sequence[tree.ScenarioLine]) -> Iterator[Sentence]:
    for line in lines:
        match line:
            case tree.GivenRecord(record=record, lines=facts):
                yield Sentence(1, tuple(say(f"given {record.text}")), line.span, item, may_break=False)
                yield from _facts(item, facts, 2)
            case tree.GivenEvent() | tree.GivenValue() | tree.GivenFile():
                yield Sentence(1, tuple(scenario_words.given(line)), line.span, item, may_break=False)
            case tree.AsOf() | tree.AsOfEach():
                yield Sentence(1, tuple(scenario_words.as_of(line)), line.span, item)
            case tree.WithFacts(name=name):
                yield Sentence(1, tuple(say(f"with {name.text}")), line.span, item)
            case tree.ScenarioAssume(name=name, value=value):
                words = (*say(f"assume {name.text} is"), *expression(value, PART))
                yield Sentence(1, words, line.span, item)
            case tree.Expect():
                yield Sentence(1, tuple(scenario_words.expect(line)), line.span, item)
            case tree.ExpectBadFacts():
                yield Sentence(1, tuple(scenario_words.bad_facts(line)), line.span, item)
            case tree.ExpectProperty():
                yield Sentence(1, tuple(scenario_words.expect_property(line)), line.span, item)
            case tree.CaseTable(rows=rows):
                head, *cases = scenario_words.table(line)
                yield Sentence(1, tuple(head), line.span, item, may_break=False)
                for row, case in zip(rows, cases, strict=True):
                    yield Sentence(2, tuple(case), row.span, item)
            case _:
                assert_never(line)


def _facts(item: tree.Item, lines: Sequence[tree.FactLine], depth: int) -> Iterator[Sentence]:
    width = max((len(n.name.text) for n in lines if isinstance(n, tree.FactValue)), default=0)
    for line in lines:
        match line:
            case tree.FactValue(name=name, value=value, decided=decided):
                column = depth * STEP + width + 1
                words = [
                    *say(name.text),
                    *at_column(column, expression(value, NEVER)),
                    *scenario_words.decided_by(decided),
                ]
                yield Sentence(depth, tuple(words), line.span, item, may_break=False)
            case tree.FactElement(record=record, lines=inner):
                yield Sentence(depth, tuple(say(record.text)), line.span, item, may_break=False)
                yield from _facts(item, inner, depth + 1)
            case _:
                assert_never(line)
