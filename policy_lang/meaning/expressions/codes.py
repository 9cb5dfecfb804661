"""HS codes in conditions: a code lies in a chapter, heading or subheading when it begins with its digits.

Two codes are compared by as many digits as both are sure to have, so that `is HS 8507` and `is in HS 8507`
say the same and neither is silently never true.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from policy_lang.meaning import problems
from policy_lang.meaning.expressions.typed import same_type, say_unequal, type_of
from policy_lang.meaning.names import NamedList, Names
from policy_lang.program import core
from policy_lang.program.hs import PARTS, digits_of
from policy_lang.program.types import HsCode, Unresolved
from policy_lang.source.text import Span
from policy_lang.syntax import tree

if TYPE_CHECKING:
    from policy_lang.meaning.expressions.walk import Expressions


def constant(names: Names, code: str, span: Span) -> core.Const | None:
    """A code as written in the policy, of the edition of its file; None, reported, when it is none."""
    edition, found = names.edition(span), names.hs_code(code, span)
    if edition is None or found is None:
        return None
    return core.Const(found, HsCode(edition, digits_of(found)), span=span)


def cut(code: core.Expr, digits: int, span: Span) -> core.Expr:
    """The first so many digits of a code that is sure to have them."""
    kind = type_of(code)
    assert isinstance(kind, HsCode)
    if isinstance(code, core.Const) and kind.digits == digits:
        return code
    return core.Op("hs_part", (code,), HsCode(kind.edition, digits), (digits,), span=span)


def part(names: Names, code: core.Expr, kind: HsCode, digits: int, span: Span) -> core.Expr | None:
    """The chapter, heading or subheading of a code; None, reported, when it has too few digits."""
    if kind.digits < digits:
        _say_too_short(names, span, kind, digits)
        return None
    return cut(code, digits, span)


def inside(names: Names, code: core.Expr, limit: core.Expr, span: Span) -> core.Expr | None:
    """Whether a code begins with the digits of another; None, reported, when it may have fewer."""
    kind, wanted = type_of(code), type_of(limit)
    assert isinstance(kind, HsCode)
    assert isinstance(wanted, HsCode)
    if kind.digits < wanted.digits:
        _say_too_short(names, limit.span, kind, wanted.digits)
        return None
    return core.Compare("eq", cut(code, wanted.digits, code.span), limit, span=span)


def equal(names: Names, left: core.Expr, right: core.Expr, node: tree.Is) -> core.Expr:
    """Whether two codes agree in as many digits as both are sure to have."""
    first, second = type_of(left), type_of(right)
    assert isinstance(first, HsCode)
    assert isinstance(second, HsCode)
    digits = min(first.digits, second.digits)
    longer = left if first.digits > second.digits else right
    if isinstance(longer, core.Const) and digits < digits_of(str(longer.value)):
        _say_too_short(names, longer.span, first if longer is right else second, digits_of(str(longer.value)))
    left, right = cut(left, digits, left.span), cut(right, digits, right.span)
    return core.Compare("eq", left, right, span=node.span)


def among(code: core.Expr, options: tuple[core.Const, ...], name: str | None, span: Span) -> list[core.Expr]:
    """Conditions of which one holds when a code lies in one of these; none for what is no HS code."""
    found: list[core.Expr] = []
    if not isinstance(type_of(code), HsCode):
        return found
    lengths = sorted({digits_of(str(option.value)) for option in options})
    for digits in lengths:
        same = tuple(option for option in options if digits_of(str(option.value)) == digits)
        found.append(core.Member(cut(code, digits, span), same, name, span=span))
    return found


def reaches(names: Names, kind: HsCode, named: NamedList, node: tree.IsIn) -> bool:
    """Whether a code is sure to have as many digits as each of a list; reported when it is not."""
    most = max((digits_of(str(m.value.value)) for m in named.members), default=0)
    if kind.digits < most:
        _say_too_short(names, node.operand.span, kind, most)
        return False
    return True


def part_of(here: Expressions, which: str, operand: tree.Expr, span: Span) -> core.Expr:
    """The chapter, heading or subheading of a code."""
    code = here.lower(operand)
    kind = type_of(code)
    if isinstance(kind, Unresolved):
        return code
    if not isinstance(kind, HsCode):
        here.names.say(problems.wrong_type(operand.span, "an HS code", kind))
        return here.unresolved(span)
    return part(here.names, code, kind, PARTS[which], span) or here.unresolved(span)


def in_hs(here: Expressions, operand: tree.Expr, code: tree.HsLit, negated: bool, span: Span) -> core.Expr:
    """Whether a code lies in a chapter, heading or subheading, or does not."""
    found = in_code(here, here.lower(operand), code, span)
    return core.Not(found, span=span) if negated else found


def in_code(here: Expressions, operand: core.Expr, node: tree.Expr, span: Span) -> core.Expr:
    """Whether a code lies in a chapter, heading or subheading."""
    kind = type_of(operand)
    code = here.lower(node)
    if isinstance(kind, Unresolved) or isinstance(type_of(code), Unresolved):
        return here.unresolved(span)
    if not same_type(kind, type_of(code)):
        say_unequal(here.names, operand.span, kind, node, type_of(code), "compared")
        return here.unresolved(span)
    return inside(here.names, operand, code, span) or here.unresolved(span)


def _say_too_short(names: Names, span: Span, kind: HsCode, digits: int) -> None:
    help_text = "compare it with a shorter code, such as its heading"
    if kind.digits >= PARTS["subheading"]:
        help_text = f"declare the field `with {digits} digits`, or use a shorter code"
    names.say(
        problems.BAD_HS_CODE.at(
            span,
            f"the code it is about may have only {kind.digits} digits, and this asks for {digits}",
            label="too many digits",
            help=help_text,
        )
    )
