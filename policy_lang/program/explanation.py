"""The steps of a trace as indented lines that a lawyer can read.

Conditions are put as the policy puts them, each with its answer: `yes`, `no` or `open`, and what stands
against it in brackets. Each rule is worked out once; where it is mentioned again, it says `as above`.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeAlias

from attrs import define, field

from policy_lang.program.core import (
    Absent,
    And,
    Assumed,
    Call,
    Case,
    Choose,
    Compare,
    Const,
    Definition,
    Fact,
    Fold,
    Member,
    Not,
    Op,
    Or,
)
from policy_lang.program.findings import (
    actual,
    claim,
    compared,
    found,
    is_grant_question,
    is_yes_or_no,
    located,
    looked_up,
    missing,
    noun,
    value_words,
)
from policy_lang.program.page import Page
from policy_lang.program.reasons import (
    deciding,
    is_table,
    is_window,
    live_cases,
    near_grants,
    remaining,
    unguarded,
)
from policy_lang.program.sentences import phrase, said, short_name
from policy_lang.program.trace import Element, Trace
from policy_lang.program.values import Absence, Value

_MOST_ELEMENTS = 60

_Task: TypeAlias = Generator[Any, Any, None]


def _verdict(value: Value) -> str:
    if isinstance(value, Absence):
        return "open" if value.reason == "unknown" else value.reason
    return "yes" if value is True else "no"


def _is_derived(trace: Trace) -> bool:
    return isinstance(trace.node, (Call, Op, Choose, Fold))


@define(eq=False)
class Tree:
    """Writes the steps of one outcome. Each method is a task for `unrolled`, so that no depth is too deep."""

    page: Page
    own: str
    done: set[int] = field(factory=set)

    def why(self, trace: Trace, depth: int) -> _Task:
        """The lines that say how a value came about; the value itself stands above them."""
        trace = unguarded(trace)
        if self.page.is_full:
            return
        node = trace.node
        match node:
            case Call() if not is_grant_question(trace):
                body = trace.children[0].children[0]
                if short_name(node.definition) == self.own.replace("_", " "):
                    yield self.why(body, depth)
                else:
                    yield self.line(trace, depth)
            case Choose():
                yield self.cases(trace, depth)
            case Fold() if not is_yes_or_no(trace):
                self.page.add(depth, f"{noun(trace)}: {value_words(trace)}")
                yield self.elements(trace, depth)
            case Op():
                self.page.add(depth, f"worked out as {noun(trace)}")
                yield self.operands(trace, depth)
            case And() | Or() | Not() | Compare() | Member() | Fold() | Call():
                yield self.condition(trace, depth)
            case Const() | Absent():
                return
            case _:
                self.fact(depth, found(trace))

    def line(self, trace: Trace, depth: int, opening: str = "") -> _Task:
        """A rule that was called: its name, value and label, then how it came about unless that was said.

        `opening` stands in place of the name and the value.
        """
        definition = trace.children[0]
        assert isinstance(definition.node, Definition)
        node, where = definition.node, located(trace.place)
        name = short_name(node.name)
        if not opening:
            of = ", " if is_yes_or_no(trace) else " of "
            opening = f"{name}{of}{where}: {value_words(trace)}" if where else f"{name}: {value_words(trace)}"
        if id(definition) in self.done:
            again = ", as above" if definition.children[0].children else ""
            self.page.add(depth, f"{opening}{again}")
            return
        self.done.add(id(definition))
        label = f" ({node.label})" if node.label and node.label != name else ""
        self.page.add(depth, f"{opening}{label}", node.cites)
        yield self.why(definition.children[0], depth + 1)

    def operands(self, trace: Trace, depth: int) -> _Task:
        """The parts of a calculation; where it gave nothing, only the parts to blame are gone into."""
        counted = deciding(trace)
        for one in trace.children:
            if one in counted or not isinstance(one.node, Call):
                yield self.operand(one, depth)
            else:
                self.fact(depth, found(one))

    def operand(self, trace: Trace, depth: int) -> _Task:
        """One part of a calculation."""
        trace = unguarded(trace)
        match trace.node:
            case Const() | Absent():
                return
            case Op():
                yield self.operands(trace, depth)
            case Choose() | Fold() | Call():
                yield self.why(trace, depth)
            case And() | Or() | Not() | Compare() | Member():
                yield self.condition(trace, depth)
            case _:
                self.fact(depth, found(trace))

    # -------------------------------------------------------------------- cases

    def cases(self, choice: Trace, depth: int) -> _Task:
        """The cases that made a value, and those that might have and did not."""
        assert isinstance(choice.node, Choose)
        live = live_cases(choice)
        default = remaining(choice)
        for case in live:
            if case is not default and not (is_window(case) and case.children[0].value is False):
                yield self.case(case, depth)
        if default is not None and default in live:
            yield self.default(choice, default, depth)
        is_doubtful = any(isinstance(c.children[0].value, Absence) for c in choice.children[:-1] if c in live)
        if is_doubtful and not isinstance(choice.value, Absence):
            self.page.add(depth, f"it comes to {value_words(choice)} either way")

    def default(self, choice: Trace, default: Trace, depth: int) -> _Task:
        """What holds when no case fits."""
        if isinstance(default.node, (Const, Fact, Absent)):
            self.page.add(depth, f"{self.unfitting(choice)}{_shown(default)}", choice.cites)
            return
        self.page.hold(choice.cites)
        yield self.why(default, depth)

    def unfitting(self, choice: Trace) -> str:
        """What stands before the value that holds when no case fits."""
        assert isinstance(choice.node, Choose)
        shown = [one for one in choice.children[:-1] if not is_window(one)]
        if not shown:
            return "otherwise: "
        if isinstance(choice.value, Absence) and any(isinstance(c.children[0].value, Absence) for c in shown):
            return "if nothing above fits: "
        if choice.node.mode == "first" and is_table(choice.node):
            looked = looked_up(choice)
            return f"no row fits{f' {looked}' if looked else ''}, so: "
        return "nothing above fits, so: "

    def fact(self, depth: int, text: str) -> None:
        """One line of a fact, unless it stands among its neighbours already."""
        for line in reversed(self.page.lines):
            if line.depth < depth:
                break
            if (line.depth, line.text) == (depth, text):
                return
        self.page.add(depth, text)

    def case(self, case: Trace, depth: int) -> _Task:
        """One case as the policy puts it, whether it fits, and why."""
        when, value = case.children
        if is_window(case) and when.value is True:
            self.page.hold(case.cites)
            dates = compared(when) if isinstance(when.node, Compare) else ["it never entered into force"]
            self.page.add(depth, f"not in force: {'; '.join(dates)}")
            return
        fits = {True: "fits", False: "does not fit"}
        stands = "open" if isinstance(when.value, Absence) else fits[when.value is True]
        body = self.transparent(when)
        opening = f"{stands}: {_shown(value)} when"
        if isinstance(body.node, And):
            self.page.add(depth, f"{opening} all of this holds:", case.cites)
            yield self.conditions(body, depth + 1)
        else:
            self.page.hold(case.cites)
            yield self.condition(body, depth, opening=f"{opening} ")
        if when.value is not False and not isinstance(value.node, Absent):
            yield self.operand(value, depth + 1)

    def conditions(self, when: Trace, depth: int, short: bool = False) -> _Task:
        """Conditions that must all hold, one on each line; where one fails plainly, no other is gone into.

        `short` leaves out those that made no difference.
        """
        body = self.transparent(when)
        if not isinstance(body.node, And):
            yield self.condition(body, depth)
            return
        counted = deciding(body)
        plain = [one for one in counted if _is_plain(one)] if body.value is False else []
        for one in body.children:
            if isinstance(self.transparent(one).node, And):
                yield self.conditions(one, depth, short)
            elif not short or one in (plain or counted):
                yield self.condition(one, depth, one in (plain or counted))

    def transparent(self, trace: Trace) -> Trace:
        """The step behind a call that has the outcome's own name."""
        trace = unguarded(trace)
        if isinstance(trace.node, Call) and trace.node.bind is None:
            if short_name(trace.node.definition) == self.own.replace("_", " "):
                return trace.children[0].children[0]
        return trace

    def condition(self, trace: Trace, depth: int, expand: bool = True, opening: str = "") -> _Task:
        """One condition with its answer, and how that came about where it counts (`expand`).

        `opening` stands before the condition in place of its answer.
        """
        trace = self.transparent(trace)
        if self.page.is_full:
            return
        node = trace.node
        if not opening:
            matters = expand or not isinstance(trace.value, Absence)
            opening = f"{_verdict(trace.value) if matters else 'does not matter'}: "
            if expand and isinstance(node, Call) and not is_grant_question(trace):
                yield self.line(trace, depth, opening + claim(trace))
                return
        inner = self.transparent(trace.children[0]) if isinstance(node, Not) else trace
        if is_grant_question(inner):
            yield self.grants(trace, inner, depth, opening)
        elif isinstance(inner.node, (And, Or)):
            yield self.group(trace, inner, depth, expand, opening)
        elif isinstance(inner.node, Choose):
            self.page.add(
                depth, f"{opening}{'not ' if isinstance(node, Not) else ''}what follows from these cases:"
            )
            yield self.cases(inner, depth + 1)
        else:
            against = "" if isinstance(inner.node, (Call, Fold)) else actual(trace)
            self.page.add(depth, f"{opening}{claim(trace)}" + (f" ({against})" if against else ""))
            if not expand:
                return
            if isinstance(inner.node, Fold):
                yield self.elements(inner, depth + 1)
            elif isinstance(inner.node, Call):
                yield self.line(inner, depth + 1)
            else:
                for one in deciding(inner):
                    if _is_derived(one) and not self.is_done(one):
                        yield self.operand(one, depth + 1)

    def is_done(self, trace: Trace) -> bool:
        return isinstance(trace.node, Call) and id(trace.children[0]) in self.done

    def group(self, trace: Trace, inner: Trace, depth: int, expand: bool, opening: str) -> _Task:
        """Conditions that stand together as one."""
        is_all, is_not = isinstance(inner.node, And), trace is not inner
        if is_all:
            words = "not all of this holds" if is_not else "all of this holds"
        else:
            words = "none of this holds" if is_not else "at least one of this holds"
        self.page.add(depth, f"{opening}{words}:")
        counted = deciding(inner)
        for one in inner.children:
            if is_all or one in counted:
                yield self.condition(one, depth + 1, expand and one in counted)

    def grants(self, trace: Trace, asked: Trace, depth: int, opening: str) -> _Task:
        """The question for a status: the grants that name the country, and how many others there are."""
        calls = asked.children if isinstance(asked.node, Or) else (asked,)
        country = calls[0].children[1]
        self.page.add(depth, f"{opening}{claim(trace)} ({found(country)})")
        if isinstance(country.value, Absence):
            return
        near, others = near_grants(asked)
        for call in near:
            if asked.value is True and call.value is not True:
                continue
            definition = call.children[0]
            assert isinstance(definition.node, Definition)
            title = definition.node.label or short_name(definition.node.name)
            again = ", as above" if id(definition) in self.done else ""
            self.page.add(depth + 1, f"{_verdict(call.value)}: {title}{again}", definition.node.cites)
            if not again:
                self.done.add(id(definition))
                yield self.conditions(definition.children[0], depth + 2)
        if asked.value is not True and not near:
            name = said(country.value)
            only = f"the one clause that grants it does not name {name}"
            self.page.add(
                depth + 1, only if others == 1 else f"none of the {others} clauses that grant it names {name}"
            )

    # -------------------------------------------------------------------- lists

    def elements(self, fold: Trace, depth: int) -> _Task:
        """Which elements of a list counted, which did not, and why."""
        assert isinstance(fold.node, Fold)
        listed_trace, elements = fold.children[0], fold.children[1:]
        if isinstance(listed_trace.value, Absence):
            self.page.add(depth, found(listed_trace))
            return
        if not elements:
            self.page.add(depth, f"the list {noun(listed_trace)} is empty")
            return
        is_test = fold.node.kind in ("any", "all")
        counted = frozenset(deciding(fold))
        shown = [one for one in elements if one in counted] if is_test else list(elements)
        for element in shown[:_MOST_ELEMENTS]:
            matters = element in counted or not isinstance(fold.value, Absence)
            yield (self.test(element, depth) if is_test else self.part(element, depth, matters))
        if len(shown) > _MOST_ELEMENTS:
            self.page.add(depth, f"... and {len(shown) - _MOST_ELEMENTS} more")

    def named(self, element: Trace) -> str:
        return located(element.place) + (f" ({element.label})" if element.label else "")

    def part(self, element: Trace, depth: int, expand: bool) -> _Task:
        """An element of a sum, a count, or of what is the most or least."""
        assert isinstance(element.node, Element)
        fold = element.node.fold
        when = element.children[0] if fold.where is not None else None
        body = element.children[-1] if fold.body is not None else None
        if element.value is False:
            self.page.add(depth, f"does not count: {self.named(element)}")
        elif element.value is True:
            self.page.add(depth, f"counts: {self.named(element)}{self.amount(body)}")
        else:
            self.page.add(
                depth, f"{_verdict(element.value)}: whether {self.named(element)} counts{self.amount(body)}"
            )
        if not expand:
            return
        if when is not None:
            yield self.conditions(when, depth + 1, element.value is False)
        if body is not None and element.value is not False and _is_derived(body):
            yield self.operand(body, depth + 1)

    def amount(self, body: Trace | None) -> str:
        if body is None:
            return ""
        if isinstance(body.value, Absence):
            return f"; {missing(body)}"
        assert not isinstance(body.node, (Case, Definition, Element))
        inside = body.place.record if body.place is not None else None
        return f" with {phrase(body.node, inside)} {value_words(body)}"

    def test(self, element: Trace, depth: int) -> _Task:
        """An element of which something is asked."""
        answers = [part.value for part in element.children]
        whole = False if False in answers else next((a for a in answers if a is not True), True)
        self.page.add(depth, f"{_verdict(whole)}: {self.named(element)}")
        for one in element.children:
            if isinstance(one.node, Fact) and not isinstance(one.value, Absence):
                continue  # its name and its answer stand above already
            if isinstance(one.node, Call) and not is_grant_question(one):
                yield self.line(one, depth + 1)
            else:
                yield self.conditions(one, depth + 1)


def _shown(value: Trace) -> str:
    """The value of a case as the policy puts it."""
    value = unguarded(value)
    if isinstance(value.node, Choose):
        return "one of the values below"
    return value.node.reason if isinstance(value.node, Absent) else noun(value)


def _is_plain(condition: Trace) -> bool:
    """Whether a condition can be read off the facts."""
    inner = condition.children[0] if isinstance(condition.node, Not) else condition
    if isinstance(inner.node, (Compare, Member)):
        return not any(_is_derived(one) for one in inner.children)
    return isinstance(inner.node, (Fact, Assumed, Const))
