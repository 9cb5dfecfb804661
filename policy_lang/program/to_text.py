"""The core form of one clause, rule or table as plain indented text: every node is named by a plain word."""

from __future__ import annotations

from collections.abc import Iterable
from typing import assert_never

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    At,
    Call,
    Choose,
    Compare,
    Const,
    Definition,
    Expr,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
    Outcome,
    Program,
    Schedule,
)
from policy_lang.program.promises import promise_words
from policy_lang.program.schema import every, type_of
from policy_lang.program.sentences import period, relation, said
from policy_lang.program.types import describe
from policy_lang.source.lines import in_lines

_WIDE = 100

_WORDS = {
    "add": "sum of",
    "subtract": "difference of",
    "negate": "opposite of",
    "multiply": "product of",
    "divide": "quotient of",
    "percent_of": "percentage applied",
    "share_of": "share of more than nothing",
    "as_percent": "as percent of more than nothing",
    "lesser": "lesser of",
    "greater": "greater of",
    "round": "rounded",
    "add_period": "date and period after it",
    "subtract_period": "date and period before it",
    "first_of_month": "first day of the month of",
    "last_of_month": "last day of the month of",
    "year_of": "year of",
    "either_event": "dates of any of",
    "each_event": "dates by which each of",
    "term_end": "last day of a term that is extended",
    "start_of_year": "first day of the year that contains",
    "span": "span of days between",
    "start_of_span": "first day of",
    "end_of_span": "last day of",
    "days_in": "number of days in",
    "days_common": "number of days common to",
    "hs_part": "first digits of",
}

_FOLDS = {
    "sum": "sum over a list",
    "count": "number in a list",
    "any": "any in a list",
    "all": "all in a list",
    "most": "greatest in a list",
    "least": "least in a list",
}


def to_core_text(program: Program, name: str, *, calls: bool = False) -> str:
    """The core form of what is called `name`: an outcome, or a definition by its short or its full name.

    With `calls`, followed by all definitions that it calls, each before those that it calls in turn.
    Raises `KeyError` when nothing is called so.
    """
    outcome = next((one for one in program.outcomes if one.name == name), None)
    definitions = {one.name: one for one in program.definitions}
    own = definitions.get(f"{program.name}.{name}", definitions.get(name))
    blocks: list[list[str]] = []
    bodies: list[Expr] = []
    if outcome is not None:
        blocks.append([*_outcome(outcome), *_promises(program, name)])
        bodies.extend(_bodies(outcome))
    if own is not None:
        blocks.append(_definition(own))
        bodies.append(own.body)
    if not blocks:
        raise KeyError(name)
    if calls:
        shown = {own.name} if own is not None else set()
        blocks.extend(_definition(one) for one in _called(bodies, definitions, shown))
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _called(bodies: list[Expr], definitions: dict[str, Definition], shown: set[str]) -> list[Definition]:
    """The definitions that these expressions call, and those that they call, each once."""
    found: list[Definition] = []
    waiting = list(reversed(bodies))
    while waiting:
        names = [one.definition for one in every(waiting.pop()) if isinstance(one, Call)]
        for name in sorted(set(names) - shown):
            shown.add(name)
            found.append(definitions[name])
            waiting.append(definitions[name].body)
    return found


def _bodies(outcome: Outcome) -> list[Expr]:
    bodies = [outcome.body, *(defence.state for defence in outcome.defences)]
    if outcome.schedule is not None:
        bodies.extend(outcome.schedule.expressions)
    return bodies


def _outcome(outcome: Outcome) -> list[str]:
    title = f"outcome {outcome.name}: {outcome.family}"
    lines = [title + _cited(outcome.cites), f"  label {outcome.label}"]
    lines.append(f"  about {outcome.subject or 'the instrument'}")
    if outcome.type is not None:
        lines.append(f"  gives {describe(outcome.type)}")
    if outcome.force is not None:
        lines.append(f"  force {outcome.force}")
    lines.append(f"  read on {outcome.judged_on or 'the date asked about'}")
    lines.extend(_tree("body", outcome.body, 1))
    if outcome.schedule is not None:
        lines.extend(_texts(outcome.schedule))
    for defence in outcome.defences:
        lines.extend(_tree(f"defence {defence.name}", defence.state, 1))
    return lines


def _promises(program: Program, name: str) -> list[str]:
    found = [one for one in program.promises if one.clause == name]
    lines = [f"  {sentence}" for sentence in promise_words(program, name)]
    return lines + [f"    must never be no: call {one.claim}" for one in found if one.claim is not None]


def _definition(definition: Definition) -> list[str]:
    lines = [f"definition {definition.name}{_cited(definition.cites)}", f"  label {definition.label}"]
    lines.append(f"  about {definition.subject or 'the instrument'}")
    lines.append(f"  gives {describe(definition.type)}")
    return [*lines, *_tree("body", definition.body, 1)]


def _texts(schedule: Schedule) -> list[str]:
    """The schedule of each text, with the day before which its due dates count."""
    lines: list[str] = []
    ends = [f"  schedule, for what falls due before {one.before}" for one in schedule.earlier]
    for one, title in zip(schedule.texts, [*ends, "  schedule"], strict=True):
        lines.extend(_schedule(one, title) if one is not None else [f"{title}: nothing falls due"])
    return lines


def _schedule(schedule: Schedule, title: str) -> list[str]:
    lines = [title, *_tree(f"counted from {schedule.anchor_words}", schedule.anchor, 2)]
    way = "before" if schedule.backwards else "after"
    first = f"{period(schedule.first)} {way}" if schedule.first is not None else "on that day"
    moved = f", on the {schedule.month_day} day of the month" if schedule.month_day is not None else ""
    lines.append(f"    first due {first}{moved}")
    if schedule.every is not None:
        origin = "the previous due date" if schedule.counted_from == "due" else "the day it was last done"
        lines.append(f"    again every {period(schedule.every)} after {origin}{moved}")
    if schedule.last is not None:
        lines.extend(_tree("again no later than", schedule.last, 2))
    if schedule.recurs is not None:
        lines.extend(_tree("again only while", schedule.recurs, 2))
    rounding = "an error" if schedule.rounding == "abort" else f"rounded {schedule.rounding}"
    lines.append(f"    where a month has no such day: {rounding}")
    if schedule.event is None:
        lines.append("    done by nothing that the facts can say")
    else:
        lines.extend(_tree("done by", schedule.event, 2))
    return lines


# ------------------------------------------------------------------------------ nodes


def _tree(role: str, top: Expr, depth: int) -> list[str]:
    """The lines of an expression. `role` says what it is there for."""
    lines: list[str] = []
    stack: list[tuple[str, Expr, int]] = [(role, top, depth)]
    while stack:
        part, node, level = stack.pop()
        opening = f"{part}: " if part else ""
        inner = _parts(node)
        short = _on_one_line(node, inner)
        if short is not None and len(short) + len(opening) + 2 * level <= _WIDE:
            lines.append("  " * level + opening + short)
            continue
        lines.extend(_wrapped(opening + _head(node), level))
        stack.extend((word, one, level + 1) for word, one in reversed(inner))
    return lines


def _wrapped(text: str, level: int) -> list[str]:
    indent = "  " * level
    return in_lines(text, max(_WIDE, len(indent) + 40), indent, indent + "      ")


def _on_one_line(node: Expr, parts: list[tuple[str, Expr]]) -> str | None:
    """A node and its parts in one line, where no part has parts of its own."""
    if not all(_is_leaf(one) for _, one in parts):
        return None
    if not parts:
        return _head(node)
    if isinstance(node, (Choose, Fold)):
        return None
    if isinstance(node, Compare):
        left, right = (_head(one) for _, one in parts)
        return f"compare ({left}) {_comparison(node)} ({right})"
    if isinstance(node, Member) and len(parts) == 1:
        return f"member ({_head(node.operand)}) {_head(node).removeprefix('member ')}"
    return f"{_head(node)} {' '.join(f'({_head(one)})' for _, one in parts)}"


def _is_leaf(node: Expr) -> bool:
    return not _parts(node)


def _comparison(node: Compare) -> str:
    return "equal to" if node.comparison == "eq" else relation(node.comparison, type_of(node.left), True)


def _head(node: Expr) -> str:
    """The word for a node, and what it carries itself."""
    match node:
        case Const(value=value, type=kind):
            return f"constant {said(value, kind)}"
        case Fact(record=record, field=name):
            return f"fact {record}.{name}" if record is not None else f"fact {name}"
        case Assumed(name=name):
            return f"assumption {name}"
        case At():
            return "date asked about"
        case Op(operator=operator, params=params):
            carried = f" {', '.join(said(one) for one in params)}" if params else ""
            return f"{_WORDS[operator]}{carried}"
        case Compare():
            return f"compare {_comparison(node)}"
        case Member(name=name, options=options):
            known = [said(one.value, one.type) for one in options if isinstance(one, Const)]
            listed = f": {', '.join(known)}" if known else ""
            return f"member of {name or 'these'}{listed}"
        case And():
            return "all of"
        case Or():
            return "any of"
        case Not():
            return "not"
        case Choose(mode=mode):
            return "choose the first case that fits" if mode == "first" else "choose the case that fits"
        case Absent(reason=reason, code=code, message=message):
            return f"no value, {reason} ({code}): {message}"
        case Fold(kind=kind, record=record):
            return f"{_FOLDS[kind]}, each {record}"
        case Call(definition=definition):
            return f"call {definition}"
    assert_never(node)


def _parts(node: Expr) -> list[tuple[str, Expr]]:
    """The parts of a node, each with what it is there for."""
    match node:
        case Op(operands=operands) | And(operands=operands) | Or(operands=operands):
            return [("", one) for one in operands]
        case Compare(left=left, right=right):
            return [("left", left), ("right", right)]
        case Member(operand=operand, options=options):
            return [("", operand), *(("or", one) for one in options if not isinstance(one, Const))]
        case Not(operand=operand):
            return [("", operand)]
        case Choose(cases=cases, default=default, cites=cites):
            found: list[tuple[str, Expr]] = []
            for case in cases:
                found.extend(((f"when{_cited(case.cites)}", case.when), ("then", case.value)))
            return [*found, (f"otherwise{_cited(cites)}", default)]
        case Fold(list=listed, where=where, body=body):
            parts = [("list", listed), ("where", where), ("take", body)]
            return [(word, one) for word, one in parts if one is not None]
        case Call(bind=bind, at=at):
            made = [(f"with {bind.record}.{name}", one) for name, one in bind.fields] if bind else []
            return [*made, *([("on", at)] if at is not None else [])]
        case Const() | Fact() | Assumed() | At() | Absent():
            return []
    assert_never(node)


def _cited(cites: Iterable[str]) -> str:
    return "".join(f" [{cite}]" for cite in cites)
