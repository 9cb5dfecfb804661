"""Core values as formulas: what an expression gives, for all facts at once.

A `Form` has, besides the value, one formula for each reason why there is none; at most one of them holds. The
formulas are folded where they are constant, so that what does not depend on facts costs the solver nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import z3
from attrs import field, frozen

from policy_lang.program.core import Plain
from policy_lang.program.types import Date, DateSpan, Period, Type, YesNo, is_numeric
from policy_lang.program.values import WORST_FIRST

if TYPE_CHECKING:
    from policy_lang.backends.prove.reach import Reach

Truth: TypeAlias = Any
"""A Python `bool`, or a formula."""

Content: TypeAlias = Any
"""A value or a formula for one: yes/no, `Fraction` or number, day number or whole number, word number."""


REASONS = ("unknown", *WORST_FIRST)
"""The reasons why there is no value, the one that is told first standing first (rule W3)."""


class NotLowered(Exception):
    """This expression has no form that the solver reads; the argument says why, in words."""


class OutOfTime(Exception):
    """It came to no end in the time allowed."""


@frozen(eq=False)
class Form:
    """What an expression gives: `gone` has when there is no value, by the reason; `none` when it is the known `none`.

    `reach` says of an unknown value where it can lie; without it the value may never come to be.
    """

    content: Content
    gone: dict[str, Truth] = field(factory=dict)
    none: Truth = False
    reach: Reach | None = None

    @property
    def is_gone(self) -> Truth:
        """When there is no value."""
        return any_of(self.gone.values())


_YES, _NO = z3.BoolVal(True), z3.BoolVal(False)  # there is one of each only, so that their addresses tell


def is_true(truth: Truth) -> bool:
    """Whether it holds whatever the facts are, as far as that is plain to see."""
    return truth is True or (truth is not False and truth.ast.value == _YES.ast.value)


def is_false(truth: Truth) -> bool:
    """Whether it never holds, as far as that is plain to see."""
    return truth is False or (truth is not True and truth.ast.value == _NO.ast.value)


def all_of(truths: Iterable[Truth]) -> Truth:
    """When all hold."""
    left: list[Truth] = []
    for one in truths:
        if is_false(one):
            return False
        if not is_true(one):
            left.append(one)
    return True if not left else left[0] if len(left) == 1 else _joined(z3.z3core.Z3_mk_and, left)


def any_of(truths: Iterable[Truth]) -> Truth:
    """When one holds at least."""
    left: list[Truth] = []
    for one in truths:
        if is_true(one):
            return True
        if not is_false(one):
            left.append(one)
    return False if not left else left[0] if len(left) == 1 else _joined(z3.z3core.Z3_mk_or, left)


def _joined(make: Callable[..., Any], parts: list[Truth]) -> Truth:
    """All of these in one formula. `z3.And` and `z3.Or` first look what each of them is, which takes far longer."""
    context = _YES.ctx
    asts = (z3.z3types.Ast * len(parts))(*(one.ast for one in parts))
    return z3.BoolRef(make(context.ref(), len(parts), asts), context)


def opposite(truth: Truth) -> Truth:
    """When it does not hold."""
    if is_true(truth):
        return False
    if is_false(truth):
        return True
    context = _YES.ctx
    return z3.BoolRef(z3.z3core.Z3_mk_not(context.ref(), truth.ast), context)


def formula(truth: Truth) -> z3.BoolRef:
    """The same as something that a solver takes."""
    return z3.BoolVal(truth) if isinstance(truth, bool) else truth


def choice(truth: Truth, then: Content, otherwise: Content) -> Content:
    """The one content or the other."""
    if is_true(truth) or then is otherwise:
        return then
    if is_false(truth):
        return otherwise
    if isinstance(then, tuple):
        return tuple(choice(truth, a, b) for a, b in zip(then, otherwise, strict=True))
    if isinstance(then, bool) and isinstance(otherwise, bool):
        return truth if then else opposite(truth)
    if not is_formula(then) and not is_formula(otherwise) and then == otherwise:
        return then
    return z3.If(truth, term(then), term(otherwise))


def truth_by(truth: Truth, then: Truth, otherwise: Truth) -> Truth:
    """The one truth or the other."""
    if is_true(truth):
        return then
    if is_false(truth):
        return otherwise
    if isinstance(then, bool):
        return any_of((truth, otherwise)) if then else all_of((opposite(truth), otherwise))
    if isinstance(otherwise, bool):
        return any_of((opposite(truth), then)) if otherwise else all_of((truth, then))
    return z3.If(truth, then, otherwise)


def is_formula(content: Content) -> bool:
    """Whether it depends on facts."""
    return isinstance(content, z3.ExprRef)


def term(content: Content) -> Any:
    """A plain value as a term of the solver."""
    if isinstance(content, z3.ExprRef):
        return content
    if isinstance(content, bool):
        return z3.BoolVal(content)
    if isinstance(content, int):
        return z3.IntVal(content)
    return z3.RealVal(str(content))


def equal(a: Content, b: Content) -> Truth:
    """When two contents of one type are the same."""
    if a is b:
        return True
    if isinstance(a, tuple):
        return all_of(equal(x, y) for x, y in zip(a, b, strict=True))
    if not is_formula(a) and not is_formula(b):
        return bool(a == b)
    if isinstance(a, bool):
        return b if a else opposite(b)
    if isinstance(b, bool):
        return a if b else opposite(a)
    one, other = term(a), term(b)
    return True if one.eq(other) else one == other


def equal_forms(a: Form, b: Form) -> Truth:
    """When two values that are both there are the same, `none` counting as a value."""
    if is_false(a.none) and is_false(b.none):
        return equal(a.content, b.content)
    there = all_of((opposite(a.none), opposite(b.none), equal(a.content, b.content)))
    return any_of((all_of((a.none, b.none)), there))


def same(a: Form, b: Form) -> Truth:
    """When two forms give the same: the same value, or no value for the same reason."""
    reasons = [equal(a.gone.get(reason, False), b.gone.get(reason, False)) for reason in REASONS]
    return all_of((*reasons, any_of((a.is_gone, b.is_gone, equal_forms(a, b)))))


def are_one(a: Form, b: Form) -> bool:
    """Whether two forms are plainly the same: written down alike."""
    reasons = [(a.gone.get(reason, False), b.gone.get(reason, False)) for reason in REASONS]
    pairs = [(a.content, b.content), (a.none, b.none), *reasons]
    if (a.reach is None) != (b.reach is None):
        return False
    if a.reach is not None and b.reach is not None:
        pairs.append((a.reach.sure, b.reach.sure))
    return all(equal(one, other) is True for one, other in pairs)


def worst(present: Sequence[tuple[str, Truth]]) -> dict[str, Truth]:
    """Of the reasons that are present, in which cases each counts: unknown first, then the worst (rule W3)."""
    gone: dict[str, Truth] = {}
    worse: list[Truth] = []
    for reason in REASONS:
        here = any_of(truth for one, truth in present if one == reason)
        if is_false(here):
            continue
        gone[reason] = all_of((here, *(opposite(one) for one in worse)))
        worse.append(here)
    return {reason: truth for reason, truth in gone.items() if not is_false(truth)}


def wanted(form: Form) -> Form:
    """The form where the known `none` is a mistake."""
    if is_false(form.none):
        return form
    found = [*form.gone.items(), ("error", form.none)]
    return Form(form.content, worst(found), reach=form.reach)


def absent(reason: str, content: Content) -> Form:
    """No value, for that reason; `content` is a stand-in of the right kind."""
    return Form(content, {reason: True})


def blank(kind: Type | None) -> Content:
    """Some content of that type, to stand where there is no value."""
    match kind:
        case None | YesNo():
            return False
        case Date():
            return 1
        case Period():
            return (0, 0, 0)
        case DateSpan():
            return (1, 1)
        case _ if is_numeric(kind):
            return Fraction(0)
        case _:
            return 0


def plain_content(value: Plain, word: Any) -> Content:
    """The content of a value that is present; `word` numbers words."""
    if isinstance(value, bool):
        return value
    if isinstance(value, (Decimal, Fraction)):
        return Fraction(value)
    if isinstance(value, datetime.date):
        return value.toordinal()
    if isinstance(value, str):
        return word(value)
    if isinstance(value, tuple):
        return tuple(
            one.toordinal() if isinstance(one, datetime.date) else word(one) if isinstance(one, str) else one
            for one in value
        )
    raise NotLowered("a value without content")


def variables_of(*formulas: Any) -> set[str]:
    """The names of all that formulas speak of."""
    names: set[str] = set()
    context = z3.main_ctx().ref()
    for one in _parts(formulas):
        if z3.Z3_get_app_num_args(context, one) == 0:
            function = z3.Z3_get_app_decl(context, one)
            if z3.Z3_get_decl_kind(context, function) == z3.Z3_OP_UNINTERPRETED:
                names.add(z3.Z3_get_symbol_string(context, z3.Z3_get_decl_name(context, function)))
    return names


def is_relation(formula_: Any) -> bool:
    """Whether a formula relates two facts or more to each other, and is not one thing in one case and another in another."""
    context = z3.main_ctx().ref()
    names: set[str] = set()
    for count, one in enumerate(_parts((formula_,))):
        function = z3.Z3_get_app_decl(context, one)
        kind = z3.Z3_get_decl_kind(context, function)
        if kind == z3.Z3_OP_ITE or count > _LONG:
            return False
        if kind == z3.Z3_OP_UNINTERPRETED:
            names.add(z3.Z3_get_symbol_string(context, z3.Z3_get_decl_name(context, function)))
    return len(names) > 1


_LONG = 60
"""A relation of more parts than these would be no help to a reader."""


def _parts(formulas: Iterable[Any]) -> Iterable[Any]:
    """Everything inside some formulas, each once. Not wrapped, for these walks are long."""
    context = z3.main_ctx().ref()
    seen: set[int] = set()
    waiting = [z3.Z3_to_app(context, one.as_ast()) for one in formulas]
    while waiting:
        one = waiting.pop()
        number = z3.Z3_get_ast_id(context, one)
        if number in seen:
            continue
        seen.add(number)
        yield one
        for n in range(z3.Z3_get_app_num_args(context, one)):
            inner = z3.Z3_get_app_arg(context, one, n)
            if z3.Z3_get_ast_kind(context, inner) == z3.Z3_APP_AST:
                waiting.append(z3.Z3_to_app(context, inner))


def owed(form: Form) -> Form:
    """Of what says whether a duty is owed: that it is, or why not. Where it is not, it does not apply."""
    idle = all_of((opposite(form.is_gone), opposite(form.content)))
    rest = any_of((form.gone.get("not applicable", False), idle))
    return Form(True, {**form.gone, "not applicable": rest})
