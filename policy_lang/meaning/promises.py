"""Clauses that promise to change nothing: `for greater certainty` and `without prejudice to` (rule F7).

Such a clause has no effect on others. What it promises is kept as data, for a prover: a definition that must
never come out as no. What shows without a proof is said at once: a promise that is broken by what the clause
says, and, when a case is decided, one that is broken by the facts of that case.
"""

from __future__ import annotations

import attrs
from attrs import define

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.typed import YES, conjunction, type_of
from policy_lang.meaning.names import Grant, Meant, Names
from policy_lang.meaning.programs import called
from policy_lang.program import core
from policy_lang.program.types import YesNo
from policy_lang.source.text import Span
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited

_FORBIDDEN = frozenset({"breached", "justified"})


@define
class Promises:
    """The promises of one instrument; its clauses have all been lowered."""

    own: Meant
    names: Names

    def keep(self) -> None:
        """Notes every promise, and reports those that are broken by what the clauses say."""
        for clause in self.own.declared.clauses.values():
            if clause.certainty is not None:
                self._certain(clause)
            for line in clause.lines:
                if isinstance(line, tree.Preserves):
                    self._preserve(clause, line)

    # ---------------------------------------------------------------- for greater certainty

    def _certain(self, clause: tree.Clause) -> None:
        name = clause.name.text
        outcome = next((one for one in self.own.outcomes if one.name == name), None)
        if outcome is None:
            return  # what is wrong with it was reported
        span = clause.name.span
        claim: core.Expr
        match clause.form:
            case tree.Treat():
                claim = self._granted_anyway(clause)
            case tree.Permission():
                claim = self._nothing_forbids(clause, outcome)
            case tree.Prohibition():
                others = [core.Not(comes_to(outcome.body, frozenset({"breached"})), span=span)]
                ways = [comes_to(one.body, _FORBIDDEN) for one in self._prohibitions(outcome)]
                claim = core.Or((*others, *ways), span=span)
                if not ways:
                    self._say(clause, "no other clause of this file forbids anything about the same record")
            case tree.Duty() if outcome.schedule is not None:
                claim = YES
                self._say(clause, "a duty with a date adds a due date")
            case _:
                claim = YES  # nothing else can ask for it, so it has nothing to change
        if claim == YES:
            self._note("greater certainty", clause, (), None)
            return
        promised = f"{self.own.instrument.name}.{name}#changes_nothing"
        self.own.definitions[promised] = core.Definition(
            promised,
            outcome.subject,
            YesNo(),
            claim,
            instrument=self.own.instrument.name,
            span=span,
        )
        self._note("greater certainty", clause, (), promised)
        self._check_on_facts(clause, outcome, promised)

    def _check_on_facts(self, clause: tree.Clause, outcome: core.Outcome, promised: str) -> None:
        """Lets an answer of the clause be an error where the facts of the case break its promise."""
        assert clause.certainty is not None
        span = clause.certainty.span
        against = _FORBIDDEN_ANYWAY if isinstance(clause.form, tree.Permission) else _NOBODY_ELSE
        message = f"{outcome.label}: this is said for greater certainty, but in this case {against}"
        broken = core.Case(
            core.Not(core.Call(promised, YesNo(), span=span), span=span),
            core.Absent("error", "changes-something", message, span=span),
            span=span,
        )
        body = outcome.body
        assert isinstance(body, core.Choose)
        checked = attrs.evolve(outcome, body=attrs.evolve(body, cases=(broken, *body.cases)))
        self.own.outcomes[self.own.outcomes.index(outcome)] = checked

    def _granted_anyway(self, clause: tree.Clause) -> core.Expr:
        """That another clause grants the same status, wherever this one would."""
        span = clause.name.span
        grant = next((one for one in self.own.certain if one.clause == clause.name.text), None)
        if grant is None:
            return YES  # what is wrong with it was reported
        others = [
            core.Call(other.definition, YesNo(), span=span)
            for meant in self.own.reach()
            for other in meant.grants
            if _covers(other, grant)
        ]
        if not others:
            self._say(clause, "no other clause in use grants this status for the same purposes")
        return core.Or(
            (core.Not(core.Call(grant.definition, YesNo(), span=span), span=span), *others), span=span
        )

    def _nothing_forbids(self, clause: tree.Clause, outcome: core.Outcome) -> core.Expr:
        """That whatever this clause permits is no breach of any prohibition about the same record."""
        span = clause.name.span
        permits = comes_to(outcome.body, frozenset({"permitted"}))
        parts: list[core.Expr] = [
            core.Not(core.And((permits, comes_to(one.body, _FORBIDDEN)), span=span), span=span)
            for one in self._prohibitions(outcome)
        ]
        return conjunction(parts, span)

    def _prohibitions(self, outcome: core.Outcome) -> list[core.Outcome]:
        """The other prohibitions about the same record that are not themselves said for certainty only."""
        clauses = self.own.declared.clauses
        return [
            one
            for one in self.own.outcomes
            if one.name != outcome.name
            and one.subject == outcome.subject
            and one.name in clauses
            and isinstance(clauses[one.name].form, tree.Prohibition)
            and clauses[one.name].certainty is None
        ]

    def _say(self, clause: tree.Clause, why: str) -> None:
        assert clause.certainty is not None
        self.names.say(
            problems.CHANGES_SOMETHING.at(
                clause.certainty.span,
                f"`{clause.name.text}` would change an answer: {why}",
                label="said for greater certainty",
                help="leave these words out, or say first what the clause is to make certain",
            )
        )

    # ---------------------------------------------------------------- without prejudice

    def _preserve(self, clause: tree.Clause, line: tree.Preserves) -> None:
        name, kept = clause.name.text, line.clause.text
        outcome = next((one for one in self.own.outcomes if one.name == kept), None)
        if outcome is None or kept not in self.own.declared.clauses:
            return  # reported where clauses are ranked
        parts = {f"{self.own.instrument.name}.{name}{part}" for part in _ASKED}
        direct = called(outcome) & parts
        if kept == name:
            self.names.say(
                problems.CHANGES_SOMETHING.at(
                    line.span,
                    f"`{name}` cannot be without prejudice to itself",
                    label="this clause",
                    help="name another clause, or leave this line out",
                )
            )
            return
        if direct:
            self.names.say(
                problems.CHANGES_SOMETHING.at(
                    line.span,
                    f"`{name}` changes the answer of `{kept}`, to which it is said to be without prejudice",
                    label="contradicts the rest",
                    related=[(outcome.span, "its answer depends on this clause")],
                    help="say which of the two prevails, and leave the other out",
                )
            )
            return
        reached, waiting = set[str](), list(called(outcome))
        while waiting:
            one = waiting.pop()
            if one not in reached and one in self.own.definitions:
                reached.add(one)
                waiting.extend(called(self.own.definitions[one].body))
        self._note("without prejudice", clause, (kept,), None, is_kept=not reached & parts)

    def _note(
        self,
        kind: core.PromiseKind,
        clause: tree.Clause,
        keeps: tuple[str, ...],
        claim: str | None,
        is_kept: bool | None = None,
    ) -> None:
        span: Span = clause.name.span
        self.own.promises.append(
            core.Promise(
                kind,
                clause.name.text,
                keeps,
                claim,
                claim is None if is_kept is None else is_kept,
                cited(clause.cites),
                span=span,
            )
        )


_FORBIDDEN_ANYWAY = "another clause forbids it"
_NOBODY_ELSE = "no other clause says it"
_ASKED = ("#applies", "#permits", "#asked", "#any_good")
"""The parts of a clause that others ask for."""


def _covers(other: Grant, grant: Grant) -> bool:
    """Whether a grant is of the same status, and for all purposes of another."""
    same = (other.status, other.partner, other.record) == (grant.status, grant.partner, grant.record)
    wide = not other.purposes or (grant.purposes and set(grant.purposes) <= set(other.purposes))
    return bool(same and wide)


def comes_to(body: core.Expr, words: frozenset[str]) -> core.Expr:
    """Whether the answer of a clause is one of these words, as a plain condition that is never absent for a reason."""
    assert isinstance(body, core.Choose)
    assert not isinstance(type_of(body), YesNo)
    ways: list[core.Expr] = []
    passed: list[core.Expr] = []
    for case in body.cases:
        if isinstance(case.value, core.Const) and case.value.value in words:
            ways.append(conjunction([*passed, case.when], body.span))
        passed.append(core.Not(case.when, span=case.span))
    if isinstance(body.default, core.Const) and body.default.value in words:
        ways.append(conjunction(passed, body.span))
    return core.Or(tuple(ways), span=body.span) if len(ways) != 1 else ways[0]
