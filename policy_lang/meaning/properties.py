"""Properties: what their author says must be so whatever the facts are (rule F8).

They are part of no answer, so an amendment does not change them; they are read with the text of every day.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import define, field, frozen

from policy_lang.meaning import problems
from policy_lang.meaning.clauses.setting import judged_on
from policy_lang.meaning.declarations import Declared
from policy_lang.meaning.expressions.typed import conjunction, type_of
from policy_lang.meaning.expressions.walk import Expressions
from policy_lang.meaning.force import check_window, window_conditions
from policy_lang.meaning.names import Meant, NamedDefinition, Names
from policy_lang.meaning.outcome_states import Answers
from policy_lang.program import core
from policy_lang.program.types import Date, ListOf, Period, Type, Unresolved, YesNo, is_numeric
from policy_lang.source.diagnostic import Diagnostic
from policy_lang.syntax import tree
from policy_lang.syntax.tree import cited


@frozen
class Stated:
    """The properties that files state about one policy, with the definitions that were made on the way."""

    properties: tuple[core.Property, ...] = ()
    definitions: Mapping[str, core.Definition] = field(factory=dict)

    def __add__(self, other: Stated) -> Stated:
        return Stated(
            (*self.properties, *other.properties),
            {**self.definitions, **other.definitions},
        )


def mean_properties(declared: Declared, policy: Meant) -> tuple[Stated, list[Diagnostic]]:
    """The properties that a file states, about the policy that it is or names."""
    if not declared.properties:
        return Stated(), []
    names = Names(policy)
    reader = _Reader(policy, names)
    seen: dict[str, tree.Property] = {}
    found: list[core.Property] = []
    for item in declared.properties:
        earlier = seen.setdefault(item.label.text, item)
        if earlier is not item:
            names.say(
                problems.ALREADY_DEFINED.at(
                    item.label.span,
                    "two properties have the same name",
                    label="again",
                    related=[(earlier.label.span, "first here")],
                    help="say what is special about this one",
                )
            )
        elif not declared.is_damaged(item):
            found += [made] if (made := reader.property(item)) is not None else []
    return Stated(tuple(found), reader.made), names.found


@define
class _Reader:
    policy: Meant
    names: Names
    made: dict[str, core.Definition] = field(factory=dict)

    def property(self, item: tree.Property) -> core.Property | None:
        """One property; None where something in it could not be read, which is reported."""
        before = len(self.names.found)
        subject, is_clear = self._subject(item)
        if not is_clear:
            return None
        here = Expressions(
            self.names,
            subject,
            f"{self.policy.instrument.name}.property {len(self.made) + 1}",
            self.policy.instrument.serves,
            tuple(code for code, _ in self.policy.instrument.parties),
            self.made,
            Answers(self.policy, self.names),
        )
        claim = item.claim
        check_window(claim.window, self.names)
        conditions = window_conditions(claim.window)
        if claim.when is not None:
            conditions.append(here.condition(claim.when))
        holds: core.Expr | None = None
        compared: core.Compared | None = None
        if isinstance(claim, tree.Claim):
            holds = here.condition(claim.condition)
            if claim.kind == "never":
                holds = core.Not(holds, span=claim.condition.span)
        else:
            compared = self._compared(claim, here)
        if len(self.names.found) > before:
            return None
        return core.Property(
            item.label.text,
            subject,
            holds,
            conjunction(conditions, claim.span) if conditions else None,
            compared,
            judged_on(self.names, subject),
            " ".join(claim.span.text.split()),
            cited(item.cites),
            self.policy.instrument.name,
            span=item.label.span,
        )

    # -------------------------------------------------------------------------- what it is about

    def _subject(self, item: tree.Property) -> tuple[str | None, bool]:
        """The record that a property is about, and whether that is known."""
        if item.record is not None:
            schema = self.names.look_up("records", item.record, "no record is called")
            return (schema.name, True) if isinstance(schema, core.RecordSchema) else (None, False)
        spoken = list(_spoken_of(item.claim))
        named = {one for ref in spoken for one in self._named(ref)}
        by_field = {one for ref in spoken for one in self._with_field(ref)}
        for records in ({*named, *by_field}, named):
            if not records:
                continue
            chains = sorted((self._chain(one) for one in records), key=len)
            if all(record in chains[-1] for record in records):
                return chains[-1][0], True
        if not named:
            return None, True
        self.names.say(
            problems.WRONG_USE.at(
                item.label.span,
                f"this property is about {' and '.join(f'`{one}`' for one in sorted(named))} at once",
                label="about which of them?",
                help=f'say what it is about: `property "..." for {min(named)}`',
            )
        )
        return None, False

    def _named(self, ref: tree.Ref) -> Iterator[str]:
        """The records that rules, clauses and `record.field` speak of."""
        first = ref.parts[0].text
        if len(ref.parts) == 2 and self.names.record_schema(first) is not None:
            yield first
            return
        outcome = next((one for one in self.policy.outcomes if one.name == first), None)
        if outcome is not None and outcome.subject is not None:
            yield outcome.subject
            return
        for entry in self.names.entry(ref.parts[-1].text):
            if isinstance(entry, NamedDefinition) and entry.subject is not None:
                yield entry.subject

    def _with_field(self, ref: tree.Ref) -> Iterator[str]:
        """The one record that has a field of this name, where no value is called so."""
        if len(ref.parts) > 1 or self.names.entry(ref.text):
            return
        holders = {
            record.name
            for meant in (self.policy, *self.policy.uses)
            for record in meant.records.values()
            if any(one.name == ref.text for one in record.fields)
        }
        if len(holders) == 1:
            yield holders.pop()

    def _chain(self, record: str) -> list[str]:
        """A record and those that it lies in."""
        found: list[str] = []
        name: str | None = record
        while name is not None and name not in found:
            found.append(name)
            schema = self.names.record_schema(name)
            name = schema.parent if schema is not None else None
        return found

    # -------------------------------------------------------------------------- two cases compared

    def _compared(self, claim: tree.Monotone, here: Expressions) -> core.Compared | None:
        changed = here.lower(claim.fact)
        if isinstance(type_of(changed), Unresolved):
            changed = core.Const(None, Unresolved(), span=claim.fact.span)
        elif not isinstance(changed, core.Fact):
            self._say(
                claim.fact,
                f"`{claim.fact.text}` is worked out, and two cases are compared that differ in one fact",
                "worked out",
                "name a fact that the facts of a case give",
            )
        elif isinstance(changed.type, ListOf) and claim.turn not in ("more", "less"):
            self._say(claim.fact, "a list has more or fewer elements", "a list", "write `more` or `less`")
        elif not isinstance(changed.type, ListOf):
            self._check_turn(claim.fact, claim.turn, changed.type)
        answer = self._answer(claim, here)
        if not isinstance(changed, core.Fact) or answer is None:
            return None
        return core.Compared(
            changed,
            claim.turn in _UP,
            answer,
            claim.never in _UP,
            claim.answer.text,
        )

    def _answer(self, claim: tree.Monotone, here: Expressions) -> core.Expr | None:
        ref = claim.answer
        outcome = next((one for one in self.policy.outcomes if one.name == ref.text), None)
        if outcome is not None and outcome.family != "rule":
            self._say(
                ref,
                f"`{ref.text}` is a clause; its answer is neither more nor less",
                "no value",
                "name a rule; of a clause say `always ...` or `never ...`",
            )
            return None
        answer = here.lower(ref)
        kind = type_of(answer)
        if isinstance(kind, Unresolved):
            return None
        entry = next(iter(self.names.entry(ref.parts[-1].text)), None)
        if not isinstance(entry, NamedDefinition) or isinstance(answer, core.Fact):
            self._say(ref, f"`{ref.text}` is no rule", "not worked out", "name a rule or a table")
            return None
        schema = self.names.record_schema(entry.subject) if entry.subject is not None else None
        if schema is not None and schema.parent is not None:
            self._say(
                ref,
                f"`{ref.text}` is about one element of a list",
                f"about `{entry.subject}`",
                "name a rule about the whole case",
            )
            return None
        self._check_turn(ref, claim.never, kind)
        return answer

    def _check_turn(self, ref: tree.Ref, turn: tree.Turn, kind: Type) -> None:
        if isinstance(kind, Unresolved):
            return
        words: tuple[tree.Turn, ...] = ()
        if is_numeric(kind) and not isinstance(kind, Period):
            words = ("more", "less")
        elif isinstance(kind, Date):
            words = ("a later", "an earlier")
        elif isinstance(kind, YesNo):
            words = ("yes to", "no to")
        if not words:
            self._say(
                ref,
                f"`{ref.text}` is {problems.a(kind)}, of which there is neither more nor less",
                f"this is {problems.a(kind)}",
                "name a number, an amount, a date, or what is yes or no",
            )
        elif turn not in words:
            self._say(
                ref,
                f"`{turn}` does not stand before {problems.a(kind)}",
                f"this is {problems.a(kind)}",
                f"write `{words[0]} {ref.text}` or `{words[1]} {ref.text}`",
            )

    def _say(self, ref: tree.Ref, message: str, label: str, help_text: str) -> None:
        self.names.say(problems.WRONG_USE.at(ref.span, message, label=label, help=help_text))


_UP = ("more", "a later", "yes to")


def _spoken_of(node: object) -> Iterator[tree.Ref]:
    """The names in a sentence, but for those that are looked up in the elements of a list."""
    waiting: list[object] = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, tree.Ref):
            yield one
        elif isinstance(one, (tree.Aggregate, tree.RunningTotal, tree.Quantified)):
            yield one.list
        elif isinstance(one, tuple):
            waiting.extend(one)
        elif tree.is_node(one):
            waiting.extend(getattr(one, name) for name in getattr(type(one), "__match_args__", ()))
