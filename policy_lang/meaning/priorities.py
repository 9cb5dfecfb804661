"""Which clause gives way: `does not apply when`, `subject to` and `notwithstanding` (rules C3, F6)."""

from __future__ import annotations

from attrs import define, field

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.typed import conjunction
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.force import force_conditions, suspensions
from policy_lang.meaning.names import Meant, Names
from policy_lang.meaning.rows import parts_of
from policy_lang.program import core
from policy_lang.program.types import YesNo
from policy_lang.source.text import Span
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited


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
    _permitted: dict[str, dict[str, Span]] = field(factory=dict)  # by clause: the permissions that beat it
    _calls: list[tuple[str, str | None, Span]] = field(factory=list)  # (winner, subject of the loser, place)

    def rank(self) -> None:
        """Reads every `subject to` and `notwithstanding`, from both sides."""
        clauses = self.own.declared.clauses
        for clause in clauses.values():
            for line in clause.lines:
                if not isinstance(line, tree.Yields | tree.Prevails):
                    continue
                if line.clause.text not in clauses:
                    self.say_no_clause(line.clause)
                    continue
                if isinstance(line, tree.Preserves):
                    continue  # it ranks nothing
                winner, loser = line.clause.text, clause.name.text
                if isinstance(line, tree.Prevails):
                    winner, loser = loser, winner
                if clauses[winner].certainty is not None:
                    self._say_certain(line, winner, loser)
                    continue
                self._winners.setdefault(loser, {})[winner] = line.span
                self._asked.add(winner)

    def beats(self, permission: tree.Clause, beaten: tree.Clause, span: Span) -> None:
        """Notes that a permission beats a prohibition."""
        self._permitted.setdefault(beaten.name.text, {})[permission.name.text] = span

    def say_if_asked(self, clause: tree.Clause, event: str) -> None:
        """Reports clauses that give way to a duty that runs from an event: what happened is not asked of a day."""
        for loser, winners in self._winners.items():
            span = winners.get(clause.name.text)
            if span is not None:
                self.names.say(
                    problems.WRONG_USE.at(
                        span,
                        f"`{clause.name.text}` begins only with an event ({event}), so `{loser}` cannot give way to it",
                        label="begins with an event",
                        related=[(clause.name.span, "the duty")],
                        help="say with `does not apply when` where this clause does not apply",
                    )
                )

    def _say_certain(self, line: tree.Yields | tree.Prevails, winner: str, loser: str) -> None:
        """Reports a clause that gives way to one that is said for greater certainty only."""
        self.names.say(
            problems.CHANGES_SOMETHING.at(
                line.span,
                f"`{winner}` is said for greater certainty, so `{loser}` cannot give way to it",
                label="this would change an answer",
                related=[(self.own.declared.clauses[winner].name.span, "said for greater certainty")],
                help="leave this line out, or leave `for greater certainty,` out",
            )
        )

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
            call = core.Call(self._name(winner), YesNo(), span=span)
            cites = cited(self.own.declared.clauses[winner].cites)
            found.append(core.Case(call, out, cites, span=span))
            self._calls.append((winner, subject, span))
        return found

    def note(
        self, clause: tree.Clause, subject: str | None, gates: list[core.Case], applies: core.Expr
    ) -> None:
        """Makes known when a clause applies, if another asks."""
        if clause.name.text not in self._asked:
            return
        span = clause.name.span
        force = force_conditions(self.own.instrument, clause.form.window, span, suspensions(clause))
        parts = [*force, *(core.Not(gate.when, span=gate.span) for gate in gates), *parts_of(applies)]
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
        """Reports clauses that give way to one about another record, and permissions that beat in a circle."""
        self._check_circles()
        for winner, subject, span in dict.fromkeys(self._calls):
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

    def _check_circles(self) -> None:
        """Circles of clauses that give way; those without a permission show among the definitions."""
        said: set[str] = set()
        for loser, permissions in self._permitted.items():
            for permission, span in permissions.items():
                circle = self._way(permission, loser)
                if circle is None or said & set(circle):
                    continue
                said.update(circle)
                clauses = self.own.declared.clauses
                names = " -> ".join(f"`{name}`" for name in (loser, *circle))
                self.names.say(
                    problems.CIRCULAR_DEFINITION.at(
                        span,
                        f"`{loser}` gives way to itself: {names}",
                        label="goes round in a circle",
                        related=[(clauses[name].name.span, "through this") for name in circle[:-1]][:3],
                        help="say which of them prevails",
                    )
                )

    def _way(self, start: str, goal: str) -> list[str] | None:
        """The clauses from `start` to `goal`, each giving way to the next; None if there is no such way."""
        ways: dict[str, list[str]] = {start: [start]}
        waiting = [start]
        while waiting:
            name = waiting.pop(0)
            if name == goal:
                return ways[name]
            for winner in (*self._winners.get(name, {}), *self._permitted.get(name, {})):
                if winner not in ways:
                    ways[winner] = [*ways[name], winner]
                    waiting.append(winner)
        return None

    def _name(self, clause: str) -> str:
        return f"{self.own.instrument.name}.{clause}#applies"
