"""Every kind of expression in plain words: terms of the policy in quotation marks, without underscores.

A term in quotation marks is one that the policy defines: a fact, a rule, a table, a list. Long conditions
become points that must all hold, or of which one must.
"""

from __future__ import annotations

from collections.abc import Sequence
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
)
from policy_lang.program.events import event_words
from policy_lang.program.phrasing import NamedMembers
from policy_lang.program.schema import Schema, type_of
from policy_lang.program.sentences import bracketed, listed, operation, relation
from policy_lang.program.titles import a_or_an, country_name, spaced
from policy_lang.program.types import (
    Dates,
    ListOf,
    Quantity,
    Type,
    YesNo,
)
from policy_lang.tools.plain.points import Point
from policy_lang.tools.plain.shapes import Membership, membership_of, parts_together, range_of
from policy_lang.tools.plain.values import among, quoted, value_words

_SHORT = 90  # characters that a condition may have in one piece
_FEW = 8  # members of a list that are named one by one


class Voice:
    """Says the expressions of one program as they stand about one record (`subject`)."""

    def __init__(self, program: Program, subject: str | None = None, inside: tuple[str, ...] = ()) -> None:
        self.program = program
        self.subject = subject
        self._inside = inside  # the records of the lists that are gone through
        self._definitions: dict[str, Definition] = {one.name: one for one in program.definitions}
        self._outcomes: dict[str, Outcome] = {one.name: one for one in program.outcomes}
        self._lists: dict[str, NamedMembers] = {}
        for one in program.lists:
            self._lists.setdefault(one.name, one)
        self._schema = Schema(program)

    def about(self, subject: str | None) -> Voice:
        """The same about another record."""
        return self if subject == self.subject else Voice(self.program, subject)

    def _within(self, record: str) -> Voice:
        return Voice(self.program, self.subject, (*self._inside, record))

    # ------------------------------------------------------------------------------ values

    def words(self, node: Expr) -> str:
        """An expression in one piece."""
        match node:
            case Const(value=value, type=kind):
                return value_words(value, kind)
            case Fact():
                return self._fact(node)
            case Assumed(name=name):
                return f"what is assumed of {quoted(name)}"
            case At():
                return "the date asked about"
            case Op():
                words = operation(node, [self.part(node, one) for one in node.operands], _value_of)
                kinds: list[Type | None] = [node.type, type_of(node.operands[0])]
                for one in kinds:
                    if isinstance(one, Quantity):
                        words = words.replace(one.unit, spaced(one.unit))
                return words
            case Compare() | Member() | And() | Or() | Not():
                return self.condition(node)
            case Choose():
                return self._choice(node)
            case Absent(message=message):
                return f"no value ({message})"
            case Fold():
                return self._fold(node)
            case Call():
                return self._call(node)
        assert_never(node)

    def part(self, outer: Expr, inner: Expr) -> str:
        """A part of an expression, in brackets where its words would run into those around it."""
        words = self.words(inner)
        if isinstance(outer, Op) and isinstance(inner, Op):
            binds_less = outer.operator in ("add", "lesser", "greater")
            if binds_less and inner.operator in (
                "multiply",
                "divide",
                *(("add",) if outer.operator != "add" else ()),
            ):
                return words
        return bracketed(outer, inner, words)

    def _fact(self, node: Fact) -> str:
        if node.record is None:
            return f"“{event_words(node.field)}”" if isinstance(node.type, Dates) else quoted(node.field)
        if "#" in node.record:
            return "that day"  # of the element for which a running total is asked
        if isinstance(node.type, ListOf):
            name = spaced(node.field)
            return (
                f"the {name}" if self._is_plain(node.record) else f"the {name} of the {spaced(node.record)}"
            )
        if self._is_plain(node.record):
            return quoted(node.field)
        return f"{quoted(node.field)} of the {spaced(node.record)}"

    def _is_plain(self, record: str) -> bool:
        """Whether nobody has to be told which record is meant."""
        return record == (self._inside[-1] if self._inside else self.subject)

    def _call(self, node: Call) -> str:
        on = f" on {self.words(node.at)}" if node.at is not None else ""
        definition = self._definitions.get(node.definition)
        name, mark, part = node.definition.partition("#")
        if definition is not None and mark and part != "applies" and not definition.parameters:
            return f"({self.about(definition.subject).words(definition.body)}){on}"
        subject = definition.subject if definition is not None else None
        of = ""
        if subject is not None and subject not in (self.subject, *self._inside) and node.bind is None:
            of = f" of the {spaced(subject)}" if self._needs_record(subject) else ""
        return f"{quoted(name)}{of}{on}"

    def _needs_record(self, subject: str) -> bool:
        return subject not in self._schema.scope(self.subject)

    def _choice(self, node: Choose) -> str:
        cases = [f"{self.words(one.value)} when {self.condition(one.when)}" for one in node.cases]
        if isinstance(node.default, Absent):
            return listed(cases, "or")
        return f"{', '.join(cases)}, otherwise {self.words(node.default)}"

    def _fold(self, node: Fold) -> str:
        inner = self._within(node.record)
        things = self.words(node.list)
        if node.where is not None:
            things += f" where {inner.condition(node.where)}"
        match node.kind:
            case "count":
                return f"the number of {things.removeprefix('the ')}"
            case "sum":
                assert node.body is not None
                return f"the sum of {inner.words(node.body)} over {things}"
            case "most" | "least":
                assert node.body is not None
                return f"the {'greatest' if node.kind == 'most' else 'least'} {inner.words(node.body)} among {things}"
            case "any" | "all":
                return self.condition(node)
        assert_never(node.kind)

    # ------------------------------------------------------------------------------ conditions

    def condition(self, node: Expr, holds: bool = True) -> str:
        """A yes-or-no expression as a sentence that is true when it is yes; or, not `holds`, when it is no."""
        match node:
            case Const(value=value):
                return "always" if value is holds else "never"
            case Fact(record=record, field=name):
                return self._answered(record, name, holds)
            case Assumed(name=name):
                return f"the assumption {quoted(name)} {'holds' if holds else 'does not hold'}"
            case At() | Op() | Absent():
                return self.words(node)
            case Compare():
                return self._compare(node, holds)
            case Member():
                return self._member(node, holds)
            case Not(operand=operand):
                return self.condition(operand, not holds)
            case And() | Or():
                return self._several(node, holds)
            case Choose():
                return f"{self._choice(node)} is {'yes' if holds else 'no'}"
            case Fold():
                return self._every(node, holds)
            case Call():
                return self._holds(node, holds)
        assert_never(node)

    def _answered(self, record: str | None, name: str, holds: bool) -> str:
        answer = "yes" if holds else "no"
        field = self._schema.field(record, name) if record is not None else None
        if field is not None:
            determined = "it is determined that " if field.determination else ""
            of = "" if record is None or self._is_plain(record) else f" of the {spaced(record)}"
            if field.label.endswith("?"):
                asked = f"the answer to “{field.label}”" + (f", asked{of}," if of else "")
                return f"{determined}{asked} is {answer}"
            return f"{determined}{quoted(name)}{of} is {answer}"
        fact = self._schema.case_facts.get(name)
        if fact is not None and name in self._lists:
            return (
                f"it {'counts' if holds else 'does not count'} as one of the {quoted(name)} though not named"
            )
        if fact is not None and fact.label.endswith("?"):
            determined = "it is determined that " if fact.determination else ""
            return f"{determined}the answer to “{fact.label}” is {answer}"
        return f"{quoted(name)} is {answer}"

    def _compare(self, node: Compare, holds: bool) -> str:
        left, right = self.part(node, node.left), self.part(node, node.right)
        if isinstance(node.left, At) and isinstance(node.right, Const):
            left = "the date asked about"
        if node.comparison == "eq":
            if isinstance(node.right, Const) and node.right.value is None:
                return f"{left} is {'absent' if holds else 'given'}"
            return f"{left} is {'' if holds else 'not '}{right}"
        return f"{left} is {relation(node.comparison, type_of(node.left), holds)} {right}"

    def _member(self, node: Member, holds: bool) -> str:
        left, no = self.part(node, node.operand), "" if holds else "not "
        if node.name == "parties":
            return f"{left} is {no}a party"
        options = [self.part(node, one) for one in node.options]
        if node.name is not None:
            return f"{left} is {no}{among(node.name)}"
        return f"{left} is {no}{listed(options, 'or')}" if options else f"{left} is {no}on an empty list"

    def _several(self, node: And | Or, holds: bool) -> str:
        if self.is_one(node):
            return self._as_one(node, holds)
        parts = [
            f"({words})" if isinstance(one, (And, Or)) and not self.is_one(one) else words
            for one in parts_together(node)
            for words in [self.condition(one, holds)]
        ]
        joint = " and " if isinstance(node, And) is holds else " or "
        return joint.join(parts)

    def _every(self, node: Fold, holds: bool) -> str:
        inner = self._within(node.record)
        things = self.words(node.list)
        if node.where is not None:
            things += f" where {inner.condition(node.where)}"
        body = inner.condition(node.body) if node.body is not None else "there is one"
        if node.kind == "any":
            return f"for {'at least one' if holds else 'none'} of {things}, {body}"
        return f"for {'' if holds else 'not '}all of {things}, {body}"

    def _holds(self, node: Call, holds: bool) -> str:
        if self.is_status(node):
            return self._status(node, holds)
        name, _, part = node.definition.partition("#")
        if part == "applies":
            clause = self._outcomes.get(spaced_name(name))
            title = clause.label if clause is not None else spaced(name)
            return f"the clause “{title}” {'applies' if holds else 'does not apply'}"
        definition = self._definitions.get(node.definition)
        if part and node.bind is None and node.at is not None and definition is not None:
            inner = self.about(definition.subject).condition(definition.body, holds)
            return f"as things stood on {self.words(node.at)}, {inner}"
        return f"{self._call(node)} {'holds' if holds else 'does not hold'}"

    # ------------------------------------------------------------------------------ statuses

    def is_status(self, node: Expr) -> bool:
        """Whether this asks for a status that some clause grants."""
        if isinstance(node, Or):
            return bool(node.operands) and all(self.is_status(one) for one in node.operands)
        if not isinstance(node, Call) or node.bind is None:
            return False
        definition = self._definitions.get(node.definition)
        return definition is not None and definition.grant is not None

    def is_one(self, node: Expr) -> bool:
        """Whether several conditions together are put as one: a status, a list, a range."""
        return self.is_status(node) or range_of(node) is not None or self._listing(node) is not None

    def _as_one(self, node: And | Or, holds: bool) -> str:
        if self.is_status(node):
            return self._status(node, holds)
        listing = self._listing(node)
        if listing is not None:
            return f"{self.words(listing[0])} is {'' if holds else 'not '}{among(listing[1])}"
        ends = range_of(node)
        assert ends is not None
        of, lower, upper = ends
        if isinstance(of, At):
            days = f"from {self.words(lower)} until {self.words(upper)}"
            return f"the date asked about is {'' if holds else 'not '}{days}"
        between = f"between {self.words(lower)} and {self.words(upper)}, both counted"
        return f"{self.part(node, of)} is {'' if holds else 'not '}{between}"

    def _listing(self, node: Expr) -> tuple[Expr, str] | None:
        """What belongs to which list, where membership has its days or is open."""
        if not isinstance(node, Or):
            return None
        of: list[Expr] = []
        members: set[Membership] = set()
        names: list[str] = []
        for one in node.operands:
            match one:
                case Member(operand=operand, options=options, name=str() as name):
                    of.append(operand)
                    names.append(name)
                    members |= {(str(o.value), None, None) for o in options if isinstance(o, Const)}
                case And():
                    found = membership_of(one)
                    if found is None:
                        return None
                    of.append(found[0])
                    members.add(found[1])
                case Fact(record=None, field=name) if name in self._lists:
                    names.append(name)
                case _:
                    return None
        if not of or any(one != of[0] for one in of):
            return None
        for known in self.program.lists:
            own = {(one.value, one.start, one.until) for one in known.members}
            if own == members and (not names or set(names) == {known.name}):
                return of[0], known.name
        return None

    def _status(self, node: Expr, holds: bool) -> str:
        calls = [one for one in (node.operands if isinstance(node, Or) else (node,)) if isinstance(one, Call)]
        call = max(calls, key=lambda one: len(one.bind.fields) if one.bind is not None else 0)
        grant = self._definitions[call.definition].grant
        assert grant is not None
        assert call.bind is not None
        filled = [self.words(one) for _, one in call.bind.fields]
        about = f" with respect to {filled[1]}" if len(filled) > 1 else ""
        on = f" on {self.words(call.at)}" if call.at is not None else ""
        status = a_or_an(spaced(grant.status))
        return f"{filled[0]} is {'' if holds else 'not '}{status} of {country_name(grant.partner)}{about}{on}"

    # ------------------------------------------------------------------------------ points

    def point(self, node: Expr, opening: str = "", cites: Sequence[str] = (), holds: bool = True) -> Point:
        """A condition as one sentence, or as points when it is long; `opening` stands before it."""
        before = f"{opening} " if opening else ""
        while isinstance(node, Not):
            node, holds = node.operand, not holds
        words = self.condition(node, holds)
        is_group = isinstance(node, (And, Or)) and not self.is_one(node)
        if not is_group or len(words) <= _SHORT:
            return Point(before + words, cites=tuple(cites))
        assert isinstance(node, (And, Or))
        together = "all of this holds" if isinstance(node, And) is holds else "at least one of this holds"
        parts = self._flat(node, isinstance(node, And), holds)
        return Point(before + together, tuple(parts), tuple(cites))

    def _flat(self, node: And | Or, is_and: bool, holds: bool) -> list[Point]:
        found: list[Point] = []
        for one in parts_together(node):
            if isinstance(one, And if is_and else Or) and not self.is_one(one):
                found.extend(self._flat(one, is_and, holds))
            else:
                found.append(self.point(one, holds=holds))
        return list(dict.fromkeys(found))

    # ------------------------------------------------------------------------------ lists

    def goods(self, names: Sequence[str]) -> str:
        """Words of a kind and lists, by their members where these are few."""
        found: list[str] = []
        for name in names:
            known = self._lists.get(name)
            if known is None:
                found.append(spaced(name))
            elif known.open or len(known.members) > _FEW or any(m.start or m.until for m in known.members):
                found.append(f"the {quoted(name)}")
            else:
                found.extend(value_words(one.value, known.type) for one in known.members)
        return listed(list(dict.fromkeys(found)), "and")


def spaced_name(name: str) -> str:
    """The name of a definition without its instrument."""
    return name.rpartition(".")[2]


def _value_of(value: object, kind: Type) -> str:
    return value_words(value, kind)


def is_yes_or_no(node: Expr) -> bool:
    """Whether this is a condition."""
    return isinstance(type_of(node), YesNo)
