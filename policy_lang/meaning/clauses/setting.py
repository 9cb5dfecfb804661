"""What every form of clause is lowered with: the names in view, and how an outcome is put together."""

from __future__ import annotations

from attrs import define

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.force import force_cases, suspensions
from policy_lang.meaning.names import Meant, Names
from policy_lang.meaning.priorities import Priorities
from policy_lang.program import core
from policy_lang.program.phrasing import Phrasing
from policy_lang.program.types import Text
from policy_lang.source.text import Span
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited

DEFAULT_RECORD = "sourcing"
DEFAULT_EVENT = "reviews"


@define
class Setting:
    """The instrument whose clauses are lowered, and what is known of it."""

    own: Meant
    names: Names
    expressions: Expressions
    priorities: Priorities

    def outcome(
        self,
        clause: tree.Clause,
        family: core.Family,
        subject: str | None,
        body: core.Expr,
        force: core.Force,
        *,
        actor: str = "",
        act: str = "",
        schedule: core.Schedule | None = None,
        defences: tuple[core.Defence, ...] = (),
        phrasing: Phrasing | None = None,
    ) -> core.Outcome:
        name = clause.name.text
        return core.Outcome(
            name,
            family,
            subject,
            body,
            None,
            force,
            clause.label.text if clause.label else name.replace("_", " "),
            cited(clause.cites),
            self.own.instrument.name,
            actor,
            act,
            schedule,
            defences,
            judged_on=judged_on(self.names, subject),
            phrasing=phrasing,
            span=clause.name.span,
        )

    def choose(
        self,
        clause: tree.Clause,
        subject: str | None,
        applies: core.Expr,
        cases: list[core.Case],
        default: core.Expr,
    ) -> core.Expr:
        """The cases in which the clause is not in force, or gives way, then its own, in order.

        `applies` is what makes it apply to a case, so that others can give way to it.
        """
        force = force_cases(self.own.instrument, clause.form.window, clause.name.span, suspensions(clause))
        gates = self.priorities.gates(clause, subject)
        self.priorities.note(clause, subject, gates, applies)
        return core.Choose("first", (*force, *gates, *cases), default, Text(), span=clause.name.span)

    def record(self, name: tree.Name | None, span: Span) -> core.RecordSchema | None:
        """The record named, or the usual one; None, reported, where there is none."""
        wanted = name or tree.Name(DEFAULT_RECORD, span=span)
        schema = self.names.look_up("records", wanted, "no record is called")
        return schema if isinstance(schema, core.RecordSchema) else None

    def check_actor(self, actor: tree.Actor) -> None:
        """Reports an actor that the instrument does not know, or does not call so."""
        words = actor.words
        is_participants = "participant" in words
        is_framework = self.own.instrument.kind == "framework"
        if actor.country is not None:
            code = self.names.country(actor.country)
            parties = [party for party, _ in self.own.instrument.parties]
            if parties and code not in parties:
                self.names.say(
                    problems.WRONG_USE.at(
                        actor.span,
                        f"`{code}` is not a party to this instrument",
                        label="not a party",
                        help=f"its parties are {', '.join(f'`{p}`' for p in parties)}",
                    )
                )
        elif not self.own.instrument.parties and not self.own.declared.is_damaged(self.own.declared.header):
            self.names.say(
                problems.NO_PARTIES.at(
                    actor.span,
                    f"`{words}` stands here, but the header names none",
                    label="who?",
                    help='add a line such as `parties US "...", JP "..."` to the header',
                )
            )
        elif is_participants != is_framework:
            right = words.replace("participants", "parties").replace("participant", "party")
            if is_framework:
                right = words.replace("parties", "participants").replace("party", "participant")
            self.names.say(
                problems.WRONG_USE.at(
                    actor.span,
                    f"the members of {_article(self.own.instrument.kind)} are not called that",
                    label="here",
                    help=f"write `{right}`",
                )
            )

    def softened(self, force: core.Force) -> core.Force:
        """The force of a clause: what stands in a framework is political."""
        return "political" if self.own.instrument.kind == "framework" else force

    def no_shall(self, span: Span) -> None:
        """Reports a `shall` that stands in a framework."""
        if self.own.instrument.kind == "framework":
            self.names.say(
                problems.SHALL_IN_FRAMEWORK.at(
                    span,
                    "`shall` stands in a framework",
                    label="this binds",
                    help="write `the participants intend to ...`, or make it an `agreement`",
                )
            )

    def has_event(self, name: str) -> bool:
        return any(name in meant.events for meant in (self.own, *self.own.uses))


def state(word: str, span: Span) -> core.Const:
    """The word for a state, as the value of an outcome."""
    return core.Const(word, Text(), span=span)


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def judged_on(names: Names, subject: str | None) -> str | None:
    """The path of the date on which a record is judged (rule T2), or None for the as-of date."""
    schema = names.record_schema(subject) if subject is not None else None
    while schema is not None:
        if schema.judged_on is not None:
            return f"{schema.name}.{schema.judged_on}"
        schema = names.record_schema(schema.parent) if schema.parent is not None else None
    return None
