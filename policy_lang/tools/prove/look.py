"""Looks for what a policy should never do: clash with itself, leave a gap, break a promise, say what never matters.

Every example is decided by the evaluator before it is told.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator
from typing import Any, Literal, TypeAlias

import attrs
from attrs import define, field, frozen

from policy_lang.backends.prove.differences import (
    Difference,
    Found,
    can_be,
    differences,
    without_idle_territories,
)
from policy_lang.backends.prove.forms import Form, NotLowered, Truth, all_of, is_false, opposite
from policy_lang.backends.prove.lower import Lowering, Scope
from policy_lang.backends.prove.space import MOST_ELEMENTS, Space
from policy_lang.backends.prove.words import conditions_in_words
from policy_lang.policy import InvalidFacts, Policy
from policy_lang.program.core import Choose, Definition, Expr, Outcome, Program
from policy_lang.program.schema import children
from policy_lang.program.sentences import said, short_name
from policy_lang.program.types import YesNo
from policy_lang.source.text import NOWHERE, Span

Kind: TypeAlias = Literal["conflict", "no answer", "broken promise", "never matters", "not settled"]


@frozen
class Remark:
    """One thing found. `when` and `detail` are words; `facts` an example, where there is one.

    `span` is the clause, rule or case that it is about.
    """

    kind: Kind
    about: str
    when: str = ""
    detail: tuple[str, ...] = ()
    facts: dict[str, Any] | None = None
    as_of: datetime.date | None = None
    span: Span = attrs.field(kw_only=True, default=NOWHERE)


@frozen
class Proved:
    """All that was found, and how many outcomes were looked at with lists of up to how many elements."""

    remarks: tuple[Remark, ...]
    outcomes: int
    elements: int


def look(program: Program, *, limit: float, elements: int | None) -> Proved:
    """Looks at every outcome, case and promise of a policy; `limit` is in seconds for each."""
    most = elements or MOST_ELEMENTS
    looker = _Looker(program, limit, most)
    return Proved(tuple(looker.all()), len(program.outcomes), most)


@define(eq=False)
class _Looker:
    program: Program
    limit: float
    most: int
    policy: Policy = field(init=False)
    _views: dict[int, Lowering] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        self.policy = Policy(self.program)

    def view(self, most: int) -> Lowering:
        if most not in self._views:
            lowering = self._views[most] = Lowering(self.program, Space((self.program,), most))
            lowering.checks()
        return self._views[most]

    def all(self) -> Iterator[Remark]:
        for outcome in self.program.outcomes:
            for kind, reason in (("conflict", "conflict"), ("no answer", "error")):
                yield from self.reason(outcome, kind, reason)  # type: ignore[arg-type]
        yield from self.promises()
        yield from self.idle()

    # ------------------------------------------------------------------------- conflicts and errors

    def reason(self, outcome: Outcome, kind: Kind, reason: str) -> Iterator[Remark]:
        found, view = self.search(
            lambda lowering: lowering.outcome(outcome).gone.get(reason, False), outcome.subject
        )
        if isinstance(found, str):
            yield Remark(
                "not settled", _plain(outcome.name), detail=(f"{_WHAT[reason]}: {found}",), span=outcome.span
            )
            return
        assert view is not None
        for one in found.cases:
            remark = self.confirmed(one, outcome, kind, reason, view)
            yield (
                remark
                if remark is not None
                else Remark(
                    "not settled",
                    _plain(outcome.name),
                    detail=(f"{_WHAT[reason]}: an example was not confirmed",),
                    span=outcome.span,
                )
            )
        if found.cases and not found.complete:
            yield Remark(
                "not settled",
                _plain(outcome.name),
                detail=(f"{_WHAT[reason]}: there may be more cases",),
                span=outcome.span,
            )

    def confirmed(
        self, one: Difference, outcome: Outcome, kind: Kind, reason: str, view: Lowering
    ) -> Remark | None:
        day = datetime.date.fromordinal(one.day)
        facts = without_idle_territories(one.facts, view.space)
        try:
            decided = self.policy.evaluate(facts, day, outcomes=[outcome.name]).outcomes[outcome.name]
        except InvalidFacts:
            return None
        if decided.state != reason:
            return None
        detail = tuple(one["message"] for one in decided.reasons)
        if reason == "conflict":
            detail = tuple(
                f"{said(clash['value'], outcome.type)} by {clash['where']}" for clash in decided.conflict
            )
        return Remark(
            kind, _plain(outcome.name), conditions_in_words(one), detail, facts, day, span=outcome.span
        )

    # ------------------------------------------------------------------------------------- promises

    def promises(self) -> Iterator[Remark]:
        definitions = {one.name: one for one in self.program.definitions}
        for promise in self.program.promises:
            if promise.claim is None:
                continue
            definition = definitions[promise.claim]

            def broken(lowering: Lowering, definition: Definition = definition) -> Truth:
                form = self.form(lowering, definition)
                return all_of((opposite(form.is_gone), opposite(form.none), opposite(form.content)))

            found, _ = self.search(broken, definition.subject)
            about = _plain(promise.clause)
            if isinstance(found, str):
                yield Remark("not settled", about, detail=(f"what it promises: {found}",), span=promise.span)
                continue
            for one in found.cases:
                day = datetime.date.fromordinal(one.day)
                words = "it promises to change nothing"
                when = conditions_in_words(one)
                yield Remark("broken promise", about, when, (words,), one.facts, day, span=promise.span)

    def form(self, lowering: Lowering, definition: Definition) -> Form:
        names = lowering.schema.scope(definition.subject)
        if len(names) > 1:
            raise NotLowered("it is about a record inside a list")
        scope = Scope({name: lowering.space.root(name) for name in names}, lowering.space.at)
        return lowering.lower(definition.body, scope)

    # ------------------------------------------------------------------------- what never matters

    def idle(self) -> Iterator[Remark]:
        """Cases and rows whose condition is never met."""
        lowering = self.view(1)
        own: list[tuple[str, str | None, Expr]] = [
            (_plain(short_name(one.name)), one.subject, one.body)
            for one in self.program.definitions
            if one.instrument == self.program.name and not one.parameters
        ]
        own += [(_plain(one.name), one.subject, one.body) for one in self.program.outcomes]
        seen: set[str] = set()
        for about, subject, body in own:
            names = lowering.schema.scope(subject)
            if len(names) > 1:
                continue
            scope = Scope({name: lowering.space.root(name) for name in names}, lowering.space.at)
            for choose in _choices(body):
                for case in choose.cases:
                    text = " ".join(case.when.span.text.split())
                    place = case.when.span.place
                    if not text or place in seen:
                        continue
                    seen.add(place)
                    try:
                        when = lowering.lower(case.when, scope)
                    except NotLowered:
                        continue
                    met = all_of((opposite(when.is_gone), opposite(when.none), when.content))
                    if not is_false(met) and can_be(lowering.space, met, self.limit) is False:
                        yield Remark(
                            "never matters",
                            about,
                            detail=(f"`{text}` is never so, at {place}",),
                            span=case.when.span,
                        )

    # --------------------------------------------------------------------------------------- search

    def search(self, truth: Any, subject: str | None) -> tuple[Found | str, Lowering | None]:
        """The cases in which something holds; or why that is not known."""
        last: tuple[Found, Lowering] | None = None
        for most in sorted({1, self.most}):
            lowering = self.view(most)
            try:
                holds = truth(lowering)
            except NotLowered as reason:
                return str(reason), None
            roots = () if subject is None else (subject,)
            found = differences(lowering.space, Form(False), Form(holds), YesNo(), roots, self.limit)
            if found.cases:
                return found, lowering
            if not found.complete and last is None:
                return f"no end within {self.limit:g} seconds", None
            if found.complete:
                last = (found, lowering)
        assert last is not None
        return last


_WHAT = {"conflict": "whether it clashes with itself", "error": "whether it always has an answer"}


def _choices(body: Expr) -> Iterable[Choose]:
    """Every choice by cases in a body, but for those inside lists."""
    waiting = [body]
    while waiting:
        one = waiting.pop()
        if isinstance(one, Choose):
            yield one
        waiting.extend(children(one))


def _plain(name: str) -> str:
    return name.replace("_", " ")
