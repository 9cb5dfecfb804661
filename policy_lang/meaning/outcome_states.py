"""What a property may ask of outcomes: `export_duties is breached`, `credit is more than 0 USD` (rule F8)."""

from __future__ import annotations

from collections.abc import Callable

import attrs
from attrs import define

from policy_lang.meaning import problems
from policy_lang.meaning.names import Meant, Names
from policy_lang.program import core
from policy_lang.program.types import YesNo
from policy_lang.source.text import Span
from policy_lang.syntax import tree

_STATES: dict[core.Family, tuple[str, ...]] = {
    "status": ("granted",),
    "prohibition": ("complied", "breached", "justified", "permitted"),
    "obligation": (),
    "flag": ("raised", "clear"),
    "undertaking": ("applies",),
    "rule": (),
}
_OF_ANY = ("in force", "suspended", "applicable")
_WORDS = frozenset(word for words in _STATES.values() for word in words) | set(_OF_ANY)
_REASONS = {"in force": "not in force", "applicable": "not applicable", "suspended": "suspended"}


@define
class Answers:
    """The outcomes of one policy, as conditions of a property may speak of them."""

    policy: Meant
    names: Names

    def clauses(self) -> list[str]:
        """The names of the clauses that can be asked about."""
        return [one.name for one in self.policy.outcomes if one.family != "rule"]

    def value(self, definition: str, span: Span) -> core.Expr | None:
        """What a rule of the policy answers, on days on which it is not in force too; None if it is no answer."""
        for outcome in self.policy.outcomes:
            if outcome.family == "rule" and definition == f"{outcome.instrument}.{outcome.name}":
                return attrs.evolve(outcome.body, span=span)
        return None

    def state(self, node: tree.Expr, in_view: Callable[[str, str], bool]) -> core.Expr | None:
        """A condition on the state of a clause; None where something else is compared.

        `in_view` tells whether a name stands for a value, which may be the word that it is compared with.
        """
        asked: tuple[tree.Expr, str, bool, Span] | None = None
        match node:
            case tree.Is(left=left, right=tree.Ref(text=word) as right, negated=negated):
                asked = (left, word, negated, right.span)
            case tree.IsIn(
                operand=left, options=tree.Ref(text="force") as options, negated=negated, date=None
            ):
                asked = (left, "in force", negated, options.span)
            case tree.Applies(operand=left, negated=negated):
                asked = (left, "applies", negated, node.span)
        if asked is None:
            return None
        left, word, negated, place = asked
        outcome = self._clause(left, word, in_view)
        if outcome is None:
            return self._say_unknown(left, word, in_view)
        if word not in (*_STATES[outcome.family], *_OF_ANY):
            self._say_never(outcome, word, place)
            return core.Const(False, YesNo(), span=node.span)
        found = _comes_to(outcome.body, word, node.span)
        return core.Not(found, span=node.span) if negated else found

    def _say_unknown(
        self, left: tree.Expr, word: str, in_view: Callable[[str, str], bool]
    ) -> core.Expr | None:
        """Where it is plain that a clause was meant, and there is none of this name."""
        if not isinstance(left, tree.Ref) or len(left.parts) != 1 or word not in _WORDS:
            return None
        if any(in_view(one, "") or self.names.kinds_with(one) for one in (left.text, word)):
            return None
        if not self.names.is_excused(left.text) and left.text not in self.policy.declared.clauses:
            self.names.say(
                problems.unknown(
                    problems.UNKNOWN_NAME,
                    left.span,
                    left.text,
                    self.clauses(),
                    what="no clause is called",
                )
            )
        return core.Const(False, YesNo(), span=left.span)

    def _clause(self, node: tree.Expr, word: str, in_view: Callable[[str, str], bool]) -> core.Outcome | None:
        if not isinstance(node, tree.Ref) or len(node.parts) != 1 or in_view(node.text, word):
            return None
        return next(
            (one for one in self.policy.outcomes if one.name == node.text and one.family != "rule"), None
        )

    def _say_never(self, outcome: core.Outcome, word: str, span: Span) -> None:
        words = (*_STATES[outcome.family], *_OF_ANY)
        known = [f"`{one}`" for one in words if one != "applies"]
        help_text = f"a property can ask whether it is {', '.join(known)}"
        if "applies" in words:
            help_text = f"a property can ask whether it `applies`, or is {', '.join(known)}"
        message = f"`{outcome.name}` cannot be asked whether it is `{word}`"
        if outcome.schedule is not None:
            message += "; what has become of a duty that falls due is for scenarios"
        self.names.say(problems.WRONG_USE.at(span, message, label="not one of its answers", help=help_text))


def _comes_to(body: core.Expr, word: str, span: Span) -> core.Expr:
    """Whether an outcome comes to this state: its own cases, with yes or no in the place of each answer."""
    match body:
        case core.Choose():
            cases = tuple(
                attrs.evolve(case, value=_comes_to(case.value, word, span), cites=()) for case in body.cases
            )
            default = _comes_to(body.default, word, span)
            return attrs.evolve(body, cases=cases, default=default, type=YesNo(), cites=())
        case core.Absent(reason=reason):
            is_so = (_REASONS[word] == reason) == (word == "suspended") if word in _REASONS else False
            return core.Const(is_so, YesNo(), span=span)
        case core.Const(value=value):
            return core.Const(value == word or word in ("in force", "applicable"), YesNo(), span=span)
        case _:
            raise AssertionError("the answer of a clause is a choice among words")
