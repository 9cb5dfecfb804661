"""Defences: grounds on which a breach is justified, found only after the breach itself (rule F3)."""

from __future__ import annotations

from attrs import frozen

from policy_lang.meaning import problems
from policy_lang.meaning.declarations import Declared
from policy_lang.meaning.expressions.typed import YES, conjunction
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.names import Meant, Names
from policy_lang.program import core
from policy_lang.program.types import Text, YesNo
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited


@frozen
class Ground:
    """One defence: the states it can be in, and when it is made out."""

    defence: core.Defence
    made_out: core.Expr
    cites: tuple[str, ...]


def declare_invocations(own: Meant) -> None:
    """A defence that must be invoked has a fact for it; as long as nothing is said, nobody has."""
    for name, item in own.declared.defences.items():
        if any(line.what in ("invoked", "self-judging") for line in item.lines):
            label = item.label.text if item.label is not None else name.replace("_", " ")
            question = f"Has the party taking the measure invoked this: {label}?"
            own.case_facts.append(core.CaseFact(name, YesNo(), question, presumed=False, span=item.name.span))


def grounds_of(
    clause: tree.Clause, subject: str, declared: Declared, expressions: Expressions
) -> list[Ground]:
    """The defences to one prohibition, in the order of the file."""
    return [
        _ground(item, subject, expressions)
        for item in declared.defences.values()
        if item.clause.text == clause.name.text
    ]


def check_defences(own: Meant, names: Names) -> None:
    """Reports defences to what is not there or forbids nothing, and those that say nothing."""
    for item in own.declared.defences.values():
        clause = own.declared.clauses.get(item.clause.text)
        if clause is None:
            if not names.is_excused(item.clause.text):
                names.say(
                    problems.unknown(
                        problems.UNKNOWN_NAME,
                        item.clause.span,
                        item.clause.text,
                        own.declared.clauses,
                        what="no clause is called",
                    )
                )
        elif not isinstance(clause.form, tree.Prohibition):
            names.say(
                problems.WRONG_USE.at(
                    item.clause.span,
                    f"`{item.clause.text}` forbids nothing, so no breach of it can be justified",
                    label="not a prohibition",
                    related=[(clause.name.span, "defined here")],
                    help="an exception names the prohibition whose breach it justifies",
                )
            )
        said = {line.what for line in item.lines}
        if not said & {"justified", "self-judging"} and not own.declared.is_damaged(item):
            names.say(
                problems.DEFENCE_INCOMPLETE.at(
                    item.name.span,
                    f"`{item.name.text}` does not say what justifies the breach",
                    label="this exception",
                    help="add a line `justified when ...`, or `self-judging`",
                )
            )


def _ground(item: tree.Defence, subject: str, expressions: Expressions) -> Ground:
    local = expressions.within(subject)
    span = item.name.span
    tests = [
        local.condition(line.condition)
        for line in item.lines
        if line.condition is not None and line.what in ("justified", "provided")
    ]
    invoked: core.Expr | None = None
    if any(line.what in ("invoked", "self-judging") for line in item.lines):
        invoked = core.Fact(None, item.name.text, YesNo(), span=span)
    justified = conjunction(tests, span)
    made_out = core.Case(justified, core.Const("made out", Text(), span=span), cited(item.cites), span=span)
    rejected = core.Const("rejected", Text(), span=span)
    cases = [made_out]
    if invoked is not None:
        not_invoked = core.Const("not invoked", Text(), span=span)
        cases.insert(0, core.Case(core.Not(invoked, span=span), not_invoked, span=span))
    state = core.Choose("first", tuple(cases), rejected, Text(), span=span)
    parts = [*([invoked] if invoked is not None else []), *tests]
    label = item.label.text if item.label is not None else item.name.text.replace("_", " ")
    return Ground(
        core.Defence(item.name.text, label, state),
        conjunction(parts, span) if parts else YES,
        cited(item.cites),
    )
