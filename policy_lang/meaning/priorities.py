"""Which clause gives way: `does not apply when`, `subject to` and `notwithstanding` (rules C3, F6)."""

from __future__ import annotations

from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.meaning.expressions import Expressions, conjunction, force_conditions
from policy_lang.meaning.names import Meant, Names
from policy_lang.program import core
from policy_lang.program.types import YesNo
from policy_lang.source.text import Span
from policy_lang.syntax import tree


@define
class Priorities:
    """The clauses of one instrument, with those that each gives way to.

    A clause applies where it is in force, is not excluded, gives way to nothing itself, and its own
    conditions hold. Circles among clauses show as circles among these definitions.
    """

    own: Meant
    names: Names
    expressions: Expressions
    _winners: dict[str, dict[str, Span]] = field(factory=dict)  # by clause: those it gives way to
    _asked: set[str] = field(factory=set)  # clauses of which others ask whether they apply
    _calls: list[tuple[str, str | None, Span]] = field(factory=list)  # (winner, subject of the loser, place)

    def rank(self) -> None:
        """Reads every `subject to` and `notwithstanding`, from both sides."""
        clauses = self.own.declared.clauses
        for clause in clauses.values():
            for line in clause.lines:
                if isinstance(line, tree.Excluded):
                    continue
                if line.clause.text not in clauses:
                    self.say_no_clause(line.clause)
                    continue
                winner, loser = line.clause.text, clause.name.text
                if isinstance(line, tree.Prevails):
                    winner, loser = loser, winner
                self._winners.setdefault(loser, {})[winner] = line.span
                self._asked.add(winner)

    def say_no_clause(self, name: tree.Name) -> None:
        """Reports a clause that is not there."""
        if not self.names.is_excused(name.text):
            clauses = self.own.declared.clauses
            self.names.say(
                problems.unknown(
                    problems.UNKNOWN_NAME, name.span, name.text, clauses, what="no clause is called"
                )
            )

    def gates(self, clause: tree.Clause, subject: str | None) -> list[core.Case]:
        """The cases in which the clause does not apply, with the reason."""
        found: list[core.Case] = []
        for line in clause.lines:
            if isinstance(line, tree.Excluded):
                when = self.expressions.within(subject).condition(line.when)
                message = "the clause says that it does not apply here"
                out = core.Absent("not applicable", "excluded", message, span=line.span)
                found.append(core.Case(when, out, span=line.span))
        for winner, span in self._winners.get(clause.name.text, {}).items():
            label = self.own.declared.clauses[winner].label
            what = label.text if label is not None else winner.replace("_", " ")
            out = core.Absent("not applicable", "gives-way", f"this clause gives way to: {what}", span=span)
            found.append(core.Case(core.Call(self._name(winner), YesNo(), span=span), out, span=span))
            self._calls.append((winner, subject, span))
        return found

    def note(
        self, clause: tree.Clause, subject: str | None, gates: list[core.Case], applies: core.Expr
    ) -> None:
        """Makes known when a clause applies, if another asks."""
        if clause.name.text not in self._asked:
            return
        span = clause.name.span
        force = force_conditions(self.own.instrument, clause.form.window, span)
        parts = [*force, *(core.Not(gate.when, span=gate.span) for gate in gates), applies]
        name = self._name(clause.name.text)
        self.own.definitions[name] = core.Definition(
            name,
            subject,
            YesNo(),
            conjunction(parts, span),
            instrument=self.own.instrument.name,
            span=span,
        )

    def check(self) -> None:
        """Reports clauses that give way to one about another record: nothing relates the two."""
        for winner, subject, span in self._calls:
            definition = self.own.definitions.get(self._name(winner))
            if definition is None or definition.subject in (None, subject):
                continue
            about = f"about `{subject}`" if subject is not None else "about the instrument itself"
            self.names.say(
                problems.NOT_IN_SCOPE.at(
                    span,
                    f"`{winner}` is about `{definition.subject}`, but this clause is {about}",
                    label="another record",
                    related=[(definition.span, "defined here")],
                    help="only clauses about the same record, or about the instrument, can be ranked",
                )
            )

    def _name(self, clause: str) -> str:
        return f"{self.own.instrument.name}.{clause}#applies"
