"""One instrument, whole: its header, then all it declares, in an order that lets every name resolve."""

from __future__ import annotations

import datetime
from typing import assert_never

import attrs

from policy_lang.meaning import problems
from policy_lang.meaning.acts import declare_acts
from policy_lang.meaning.clauses.lower import Clauses
from policy_lang.meaning.clauses.setting import Setting, judged_on
from policy_lang.meaning.declarations import Declared
from policy_lang.meaning.defences import declare_invocations
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.force import check_window, guarded
from policy_lang.meaning.measures import declare_units
from policy_lang.meaning.names import Meant, NamedDefinition, Names
from policy_lang.meaning.priorities import Priorities
from policy_lang.meaning.records import declare_records
from policy_lang.meaning.rules import declare_signatures, define_rules
from policy_lang.meaning.terms import with_term
from policy_lang.meaning.values import declare_values
from policy_lang.program import core
from policy_lang.program.hs import EDITIONS
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited


def mean(declared: Declared, uses: tuple[Meant, ...]) -> tuple[Meant, list[Diagnostic]]:
    """What one instrument means, given what those it uses mean."""
    own = Meant(declared, core.Instrument(declared.name, "law"), uses=uses)
    names = Names(own)
    used = tuple(one.instrument.name for one in uses)
    own.instrument = attrs.evolve(_header(declared, names), uses=used)
    own.statuses.update(declared.statuses)
    own.purposes.update(declared.purposes)
    declare_units(own, names)
    declare_records(own, names)
    declare_values(own, names)
    declare_invocations(own)
    own.instrument = with_term(own, names)
    declare_acts(own, names)
    declare_signatures(own, names)
    expressions = Expressions(
        names,
        purposes=_served(declared, names),
        parties=tuple(code for code, _ in own.instrument.parties),
    )
    priorities = Priorities(own, names, expressions)
    priorities.rank()
    clauses = Clauses(Setting(own, names, expressions, priorities))
    clauses.expect_all()
    clauses.grant_all()
    clauses.permit_all()
    define_rules(own, expressions)
    clauses.define_all()
    own.definitions.update(expressions.extra)
    own.outcomes.extend(_rule_outcomes(own, names))
    own.outcomes.sort(key=lambda outcome: declared.places.get(outcome.name, 0))
    return own, names.found


def _header(declared: Declared, names: Names) -> core.Instrument:
    header = declared.header
    if header is None:
        if not declared.lost and declared.scenarios_for is None:
            names.say(
                problems.NO_INSTRUMENT.at(
                    declared.top,
                    "this file does not say what it is",
                    label="the first line",
                    help="begin with a line such as `agreement NAME`",
                )
            )
        return core.Instrument(declared.name, "law")
    if header.kind == "amendment" or header.kind == "rectification":
        return core.Instrument(header.name.text, "law")  # understood with what it changes
    found = core.Instrument(header.name.text, header.kind, cites=cited(header.cites))
    for line in header.lines:
        match line:
            case tree.HeaderText(what="title", text=text, language=language):
                if language is None:
                    found = attrs.evolve(found, title=text.text)
                else:
                    found = attrs.evolve(found, titles=(*found.titles, (language.text, text.text)))
            case tree.HeaderText(what="short title", text=text):
                found = attrs.evolve(found, short_title=text.text)
            case tree.HeaderText(text=text):
                found = attrs.evolve(found, source=text.text)
            case tree.Parties(parties=parties):
                pairs = tuple((names.country(code), name.text) for code, name in parties)
                found = attrs.evolve(found, parties=pairs)
            case tree.HeaderDate(what="signed", date=date):
                found = attrs.evolve(found, signed=date.value)
            case tree.HeaderDate(date=date):
                last = (
                    date.value - datetime.timedelta(days=1) if date.value > datetime.date.min else date.value
                )
                found = attrs.evolve(found, until=last)
            case tree.InForce(window=None):
                found = attrs.evolve(found, never_in_force=True)
            case tree.InForce(window=tree.Window() as window):
                check_window(window, names)
                start = window.start.value if window.start is not None else None
                until = window.end.value if window.end is not None else found.until
                found = attrs.evolve(found, in_force=start, until=until)
            case tree.Lasting(start=day) if day is not None:
                found = attrs.evolve(found, in_force=day.value)
            case tree.Lasting() | tree.Extended():
                pass  # what they count from may stand further down
            case tree.Verified(date=date, against=against):
                found = attrs.evolve(found, verified=date.value, verified_against=against.text)
            case tree.Nomenclature(edition=edition):
                if edition not in EDITIONS:
                    names.say(
                        problems.BAD_HS_CODE.at(
                            line.span,
                            f"there is no edition `HS {edition}`",
                            label="not an edition",
                            help=f"the editions are those of {', '.join(EDITIONS)}",
                        )
                    )
                names.own.edition = edition
            case tree.Suspended(window=window):
                check_window(window, names)
                days = (window.start, window.end)
                start, end = (day.value if day is not None else None for day in days)
                found = attrs.evolve(found, suspended=(*found.suspended, (start, end)))
            case tree.Serves(purposes=purposes):
                found = attrs.evolve(found, serves=tuple(one.text for one in purposes))
            case tree.AppliesFrom() | tree.Draft():
                pass
    omitted = tuple((item.topic.text, item.because.text) for item in declared.not_encoded)
    return attrs.evolve(found, not_encoded=omitted, line_cites=_line_cites(header))


def _line_cites(header: tree.Instrument) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the lines of a header say, for those that say where they have it from: a citation follows its line."""
    found: list[tuple[str, tuple[str, ...]]] = []
    for n, line in enumerate(header.lines):
        following = header.lines[n + 1].span.start if n + 1 < len(header.lines) else header.span.end
        own = tuple(one for one in header.cites if line.span.start < one.span.start <= following)
        if own:
            found.append((_line_word(line), cited(own)))
    return tuple(found)


def _line_word(line: tree.HeaderLine) -> str:
    match line:
        case tree.HeaderText(what=what) | tree.HeaderDate(what=what):
            return what
        case tree.Parties(word=word):
            return word
        case tree.InForce():
            return "in force"
        case tree.Verified():
            return "verified"
        case tree.Serves():
            return "serves"
        case tree.Lasting() | tree.Extended():
            return "term"
        case tree.Nomenclature():
            return "nomenclature"
        case tree.Suspended():
            return "suspended"
        case tree.AppliesFrom():
            return "applies from"
        case tree.Draft():
            return "draft"
    assert_never(line)


def _served(declared: Declared, names: Names) -> tuple[str, ...]:
    found: list[str] = []
    for line in declared.header.lines if declared.header is not None else ():
        if isinstance(line, tree.Serves):
            for purpose in line.purposes:
                names.look_up("purposes", purpose, "no purpose is called")
                found.append(purpose.text)
    return tuple(found)


def _rule_outcomes(own: Meant, names: Names) -> list[core.Outcome]:
    """Rules about a record that lies in no other, or about the instrument, are answers in themselves."""
    found: list[core.Outcome] = []
    for name, item in own.declared.values.items():
        entry = own.entries.get(name)
        if not isinstance(item, tree.Rule) or not isinstance(entry, NamedDefinition):
            continue
        schema = names.record_schema(entry.subject) if entry.subject is not None else None
        if schema is not None and schema.parent is not None:
            continue
        call = core.Call(entry.qualified, entry.type, span=item.name.span)
        definition = own.definitions[entry.qualified]
        found.append(
            core.Outcome(
                name,
                "rule",
                entry.subject,
                guarded(own.instrument, tree.Window(), call, entry.type, item.name.span),
                entry.type,
                None,
                definition.label,
                definition.cites,
                own.instrument.name,
                judged_on=judged_on(names, entry.subject),
                span=item.name.span,
            )
        )
    return found
