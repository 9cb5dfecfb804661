"""Slips in what facts may be: the limits of a field, the checks of a record, and which territories count."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import TypeAlias

from attrs import evolve, frozen

from policy_lang.program.core import (
    Bounds,
    Call,
    Const,
    Definition,
    Expr,
    FieldSchema,
    Program,
    RecordSchema,
)
from policy_lang.program.sentences import said
from policy_lang.program.types import YesNo
from policy_lang.source.text import SourceFile, Span
from policy_lang.tools.mutate.mutant import Kind
from policy_lang.tools.mutate.phrases import Phrases
from policy_lang.tools.mutate.places import Place, owners, rebuilt, replaced, sites_of
from policy_lang.tools.mutate.written import quoted

Made: TypeAlias = tuple[Kind, str, Span, Program]
"""The kind of a slip, the words for it, where it would be made, and the program with it."""

_DAY = datetime.timedelta(days=1)


def slips_in_facts(program: Program, phrases: Phrases, files: frozenset[str]) -> Iterator[Made]:
    """Every other schema that could have been written in these files."""
    for n, record in enumerate(program.records):
        if record.span.file.name not in files:
            continue
        for kind, words, span, changed in (*_limits(record), *_checks(record, phrases)):
            records = (*program.records[:n], changed, *program.records[n + 1 :])
            yield kind, words, span, evolve(program, records=records)
    yield from _territories(program, files)
    yield from _purposes(program, files)


# ---------------------------------------------------------------------------- limits


_Changed: TypeAlias = tuple[Kind, str, Span, RecordSchema]


def _limits(record: RecordSchema) -> Iterator[_Changed]:
    for n, one in enumerate(record.fields):
        for kind, words, bounds in _other_bounds(one):
            if _is_empty(bounds):
                continue
            fields = (*record.fields[:n], evolve(one, bounds=bounds), *record.fields[n + 1 :])
            named = f"field `{one.name}` of record `{record.name}`"
            yield kind, f"{named} {words}", one.span, evolve(record, fields=fields)


def _other_bounds(one: FieldSchema) -> Iterator[tuple[Kind, str, Bounds]]:
    bounds = one.bounds
    if bounds.lower is not None:
        was, other = ("more than", "at least") if bounds.lower_open else ("at least", "more than")
        text = f"`{was} {said(bounds.lower, one.type)}`"
        turned = evolve(bounds, lower_open=not bounds.lower_open)
        yield "boundary", f"said `{other}` instead of `{was}` in {text}", turned
        for moved in _moved(bounds.lower):
            yield "amount", f"said `{said(moved, one.type)}` in {text}", evolve(bounds, lower=moved)
        yield "condition", f"left out the limit {text}", evolve(bounds, lower=None, lower_open=False)
    if bounds.upper is not None:
        was, other = ("less than", "at most") if bounds.upper_open else ("at most", "less than")
        text = f"`{was} {said(bounds.upper, one.type)}`"
        turned = evolve(bounds, upper_open=not bounds.upper_open)
        yield "boundary", f"said `{other}` instead of `{was}` in {text}", turned
        for moved in _moved(bounds.upper):
            yield "amount", f"said `{said(moved, one.type)}` in {text}", evolve(bounds, upper=moved)
        yield "condition", f"left out the limit {text}", evolve(bounds, upper=None, upper_open=False)
    if bounds.decimals is not None:
        text = f"`with {bounds.decimals} decimals`"
        more = bounds.decimals + 1
        yield "amount", f"said `{more}` in {text}", evolve(bounds, decimals=more)
        yield "condition", f"left out the limit {text}", evolve(bounds, decimals=None)
    if bounds.digits is not None:
        text = f"`with {bounds.digits} digits`"
        more = bounds.digits + 1
        yield "amount", f"said `{more}` in {text}", evolve(bounds, digits=more)
        yield "condition", f"left out the limit {text}", evolve(bounds, digits=None)


def _moved(limit: Decimal | datetime.date) -> Iterator[Decimal | datetime.date]:
    """Limits off by one; nobody mistakes one for nought."""
    if isinstance(limit, datetime.date):
        yield limit + _DAY
        yield limit - _DAY
    elif limit:
        yield limit + 1
        yield limit - 1


def _is_empty(bounds: Bounds) -> bool:
    """Whether hardly any value lies within them, as nobody would write."""
    lower, upper = bounds.lower, bounds.upper
    if isinstance(lower, Decimal) and isinstance(upper, Decimal):
        return lower >= upper
    return isinstance(lower, datetime.date) and isinstance(upper, datetime.date) and lower >= upper


# ---------------------------------------------------------------------------- checks


def _checks(record: RecordSchema, phrases: Phrases) -> Iterator[_Changed]:
    for n, (check, sentence) in enumerate(record.checks):
        before, after = record.checks[:n], record.checks[n + 1 :]
        named = f"record `{record.name}`"
        yield (
            "condition",
            f"{named} left out the check {quoted(check)}",
            check.span,
            evolve(record, checks=before + after),
        )
        for kind, words, span, other in _other_checks(check, record, phrases):
            checks = (*before, (other, sentence), *after)
            yield kind, f"the check of {named} {words}", span, evolve(record, checks=checks)


def _other_checks(
    check: Expr, record: RecordSchema, phrases: Phrases
) -> Iterator[tuple[Kind, str, Span, Expr]]:
    """Every other condition that could have been written in a check."""
    owner = Definition(
        record.name, record.name, YesNo(), check, instrument=record.instrument, span=record.span
    )
    for site in sites_of(owner):
        if (
            site.parent is not None
            and site.node.span == site.parent.span
            and not isinstance(site.node, Const)
        ):
            continue  # a part of what the words around it became
        for kind, words, node in phrases.slips(Place((site,))):
            yield kind, words, site.node.span, rebuilt(check, {id(site.node): node})


# ---------------------------------------------------------------------------- territories and purposes


@frozen
class _Statement:
    """One line that says which territories count with a country."""

    sovereign: str
    codes: tuple[str, ...]
    included: bool
    span: Span


def _territories(program: Program, files: frozenset[str]) -> Iterator[Made]:
    for one in _statements(program, files):
        stated = [(code, one.sovereign, one.included) for code in one.codes]
        if not set(stated) <= set(program.territories):
            continue  # another text says otherwise
        was, now = ("includes", "excludes") if one.included else ("excludes", "includes")
        turned = tuple(
            (code, sovereign, included is not ((code, sovereign, included) in stated))
            for code, sovereign, included in program.territories
        )
        words = f"the territories of `{one.sovereign}` were said with `{now}` instead of `{was}`"
        yield "opposite", words, one.span, evolve(program, territories=turned)
        for entry in stated:
            left = tuple(each for each in program.territories if each != entry)
            words = f"`{entry[0]}` were missing from the territories that `{one.sovereign}` {was}"
            yield "list", words, one.span, evolve(program, territories=left)


def _statements(program: Program, files: frozenset[str]) -> Iterator[_Statement]:
    for file in _sources(program, files):
        for found in re.finditer(
            r"^territory of ([A-Z]{2}) (includes|excludes) ([A-Z]{2}(?:, *[A-Z]{2})*)",
            file.text,
            re.MULTILINE,
        ):
            sovereign, way, codes = found.groups()
            span = Span(file, found.start(), found.end())
            yield _Statement(sovereign, tuple(re.split(", *", codes)), way == "includes", span)


def _sources(program: Program, files: frozenset[str]) -> list[SourceFile]:
    spans = [one.span for one in program.outcomes]
    spans += [one.span for one in program.definitions]
    spans += [one.span for one in program.records]
    found = {one.file.name: one.file for one in spans if one.file.name in files}
    return [found[name] for name in sorted(found)]


def _purposes(program: Program, files: frozenset[str]) -> Iterator[Made]:
    """A law that does not say that it serves a purpose: what is granted for that one does not count for it."""
    head = program.instruments[0] if program.instruments else None
    if head is None:
        return
    granted = {one.name: one.grant for one in program.definitions if one.grant is not None}
    for purpose in head.serves:
        others = set(head.serves) - {purpose}
        gone = {
            name
            for name, grant in granted.items()
            if purpose in grant.purposes and not others & set(grant.purposes)
        }
        sites = [
            site
            for owner in owners(program)
            for site in sites_of(owner)
            if isinstance(site.node, Call) and site.node.definition in gone and site.node.bind is not None
        ]
        if not sites:
            continue
        changes = {id(site.node): Const(False, YesNo(), span=site.node.span) for site in sites}
        touched = frozenset(id(site.owner) for site in sites)
        words = f"the header did not say `serves {purpose}`"
        span = _served_at(program, files, purpose) or sites[0].node.span
        yield "word", words, span, replaced(program, changes, touched)


def _served_at(program: Program, files: frozenset[str], purpose: str) -> Span | None:
    """Where the header names a purpose."""
    for file in _sources(program, files):
        found = re.search(rf"^\s+serves\b[^\n]*?\b({re.escape(purpose)})\b", file.text, re.MULTILINE)
        if found is not None:
            return Span(file, found.start(1), found.end(1))
    return None
