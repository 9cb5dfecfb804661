"""Where unknown numbers and dates can still lie, as formulas: intervals with a certainty (rules W2, C1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import frozen

from policy_lang.backends.prove.forms import (
    Content,
    Form,
    Truth,
    all_of,
    any_of,
    choice,
    equal,
    is_false,
    is_formula,
    is_true,
    opposite,
    term,
    truth_by,
)


@frozen(eq=False)
class End:
    """One end of an interval. Where it is `far`, infinitely far, it is never closed."""

    at: Content
    far: Truth = False
    closed: Truth = True


FAR = End(Fraction(0), True, False)


@frozen(eq=False)
class Reach:
    """What is known of an unknown value: when it is `sure` to become one, and between which ends it then lies.

    For values without an order the ends say nothing.
    """

    sure: Truth
    low: End = FAR
    high: End = FAR


def form_of(
    content: Content,
    gone: dict[str, Truth],
    reach: Reach | None,
    none: Truth = False,
    *,
    is_ordered: bool = False,
) -> Form:
    """The form; where an interval has come down to one point, that is the value."""
    unknown = gone.get("unknown", False)
    if reach is None or is_false(unknown) or is_false(reach.sure):
        return Form(content, gone, none)
    if is_ordered:
        met = (opposite(reach.low.far), opposite(reach.high.far), equal(reach.low.at, reach.high.at))
        point = all_of((unknown, reach.sure, *met))
        if not is_false(point):
            content = choice(point, reach.low.at, content)
            none = all_of((opposite(point), none))
            gone = {**gone, "unknown": all_of((unknown, opposite(point)))}
            if is_false(gone["unknown"]):
                del gone["unknown"]
    return Form(content, gone, none, reach)


def unknown_of(form: Form) -> Truth:
    """When a form is unknown."""
    return form.gone.get("unknown", False)


def is_sure(form: Form) -> Truth:
    """When a form has a value, or is sure to have one once all is known."""
    others = (opposite(truth) for reason, truth in form.gone.items() if reason != "unknown")
    sure = form.reach.sure if form.reach is not None else False
    return all_of((*others, any_of((opposite(unknown_of(form)), sure))))


def ends_of(form: Form) -> tuple[End, End]:
    """The ends of the interval that the value lies in, where that is sure; both are the value where it is known."""
    point = End(form.content)
    if form.reach is None:
        return point, point
    unknown = unknown_of(form)
    return end_by(unknown, form.reach.low, point), end_by(unknown, form.reach.high, point)


def end_by(truth: Truth, then: End, otherwise: End) -> End:
    """The one end or the other."""
    if is_true(truth):
        return then
    if is_false(truth):
        return otherwise
    at = (
        otherwise.at
        if then.far is True
        else then.at
        if otherwise.far is True
        else choice(truth, then.at, otherwise.at)
    )
    return End(at, truth_by(truth, then.far, otherwise.far), truth_by(truth, then.closed, otherwise.closed))


def related(comparison: str, a: Content, b: Content) -> Truth:
    """When the two numbers or days stand so to each other."""
    if is_formula(a) or is_formula(b):
        a, b = term(a), term(b)
    relations: Mapping[str, Callable[[Any, Any], Truth]] = {
        "lt": lambda x, y: x < y,
        "le": lambda x, y: x <= y,
        "gt": lambda x, y: x > y,
        "ge": lambda x, y: x >= y,
    }
    return relations[comparison](a, b)


# ------------------------------------------------------------------------------------ comparisons


def _is_below(a: tuple[End, End], b: tuple[End, End]) -> Truth:
    """When every point of the one is less than every point of the other."""
    high, low = a[1], b[0]
    meet = all_of((equal(high.at, low.at), any_of((opposite(high.closed), opposite(low.closed)))))
    return all_of((opposite(high.far), opposite(low.far), any_of((related("lt", high.at, low.at), meet))))


def _is_never_above(a: tuple[End, End], b: tuple[End, End]) -> Truth:
    high, low = a[1], b[0]
    return all_of((opposite(high.far), opposite(low.far), related("le", high.at, low.at)))


def decided(comparison: str, left: Form, right: Form) -> tuple[Truth, Truth]:
    """When the intervals settle a comparison with yes, and when with no."""
    a, b = ends_of(left), ends_of(right)
    match comparison:
        case "eq":
            return False, any_of((_is_below(a, b), _is_below(b, a)))
        case "lt":
            return _is_below(a, b), _is_never_above(b, a)
        case "le":
            return _is_never_above(a, b), _is_below(b, a)
        case "gt":
            return _is_below(b, a), _is_never_above(a, b)
        case "ge":
            return _is_never_above(b, a), _is_below(a, b)
        case _:
            raise ValueError(comparison)


# ------------------------------------------------------------------------------------ several at once


def hull(live: Sequence[tuple[Truth, Form]]) -> tuple[End, End]:
    """The smallest interval round those of the values that may be given."""
    live = [pair for pair in live if not is_false(is_sure(pair[1]))]
    lows = [(here, ends_of(one)[0]) for here, one in live]
    highs = [(here, ends_of(one)[1]) for here, one in live]
    return outermost(lows, "lt", True), outermost(highs, "gt", True)


def outermost(ends: Sequence[tuple[Truth, End]], comparison: str, closed_wins: bool) -> End:
    """Of the ends that count, the one that lies furthest that way; one that is infinitely far wins."""
    return _extreme(ends, comparison, closed_wins, True)


def innermost(ends: Sequence[tuple[Truth, End]], comparison: str, closed_wins: bool) -> End:
    """The same where one that is infinitely far, to the other side, loses."""
    return _extreme(ends, comparison, closed_wins, False)


def _extreme(ends: Sequence[tuple[Truth, End]], comparison: str, closed_wins: bool, far_wins: bool) -> End:
    found: Truth = False
    best = FAR
    for here, one in ends:
        if is_false(here):
            continue
        if is_false(found):
            best, found = one, here
            continue
        tie = all_of((equal(one.at, best.at), one.closed if closed_wins else opposite(one.closed)))
        nearer = any_of((related(comparison, one.at, best.at), tie))
        near = (opposite(one.far), opposite(best.far), nearer)
        beats = any_of((one.far, all_of(near))) if far_wins else any_of((best.far, all_of(near)))
        if not far_wins:
            beats = all_of((opposite(one.far), beats))
        best = end_by(all_of((here, any_of((opposite(found), beats)))), one, best)
        found = any_of((found, here))
    return best


# ------------------------------------------------------------------------------------ arithmetic


def added(ends: Iterable[End]) -> End:
    """The sum of lower ends, or of upper ends: infinite when one is, open when one is."""
    found = list(ends)
    far = any_of(one.far for one in found)
    if is_true(far):
        return FAR
    at: Content = Fraction(0)
    for one in found:
        at = term(at) + term(one.at) if is_formula(at) or is_formula(one.at) else at + one.at
    return End(at, far, all_of((opposite(far), *(one.closed for one in found))))


def turned(one: End) -> End:
    """The end with the other sign."""
    return one if one.far is True else End(-one.at, one.far, one.closed)


def times(a: tuple[End, End], b: tuple[End, End]) -> tuple[End, End]:
    """From the least of the products of ends to the greatest."""
    for one, other in ((a, b), (b, a)):
        if one[0] is one[1] and not is_formula(one[0].at):
            return _scaled(other, one[0].at)
    corners = [
        _corner(x, left, y, right)
        for x, left in zip(a, (-1, 1), strict=True)
        for y, right in zip(b, (-1, 1), strict=True)
    ]
    low = _least_corner(corners, "lt", -1)
    return low, _least_corner(corners, "gt", 1)


def _scaled(one: tuple[End, End], by: Fraction) -> tuple[End, End]:
    if by == 0:
        return End(Fraction(0)), End(Fraction(0))
    ends = [
        end
        if end.far is True
        else End(end.at * (term(by) if is_formula(end.at) else by), end.far, end.closed)
        for end in one
    ]
    return (ends[0], ends[1]) if by > 0 else (ends[1], ends[0])


@frozen(eq=False)
class _Corner:
    """The product of two ends: when it is infinite with that sign; else the number, and whether it is reached."""

    minus: Truth
    plus: Truth
    at: Content
    closed: Truth


def _corner(x: End, left: int, y: End, right: int) -> _Corner:
    zero_x, zero_y = (all_of((opposite(end.far), equal(end.at, Fraction(0)))) for end in (x, y))
    reached = any_of((all_of((zero_x, x.closed)), all_of((zero_y, y.closed))))
    zero = any_of((zero_x, zero_y))
    far = all_of((opposite(zero), any_of((x.far, y.far))))
    up_x = truth_by(x.far, left > 0, related("gt", x.at, Fraction(0)))
    up_y = truth_by(y.far, right > 0, related("gt", y.at, Fraction(0)))
    same = equal(up_x, up_y)
    product = term(x.at) * term(y.at) if is_formula(x.at) or is_formula(y.at) else x.at * y.at
    at = choice(zero, Fraction(0), product)
    closed = any_of((reached, all_of((x.closed, y.closed))))
    return _Corner(all_of((far, opposite(same))), all_of((far, same)), at, all_of((opposite(far), closed)))


def _least_corner(corners: Sequence[_Corner], comparison: str, side: int) -> End:
    """The outermost corner on that side; only corners on the line are compared."""
    beyond = any_of(one.minus if side < 0 else one.plus for one in corners)
    there = [(opposite(any_of((one.minus, one.plus))), End(one.at, False, one.closed)) for one in corners]
    far = any_of((beyond, opposite(any_of(here for here, _ in there))))
    if is_true(far):
        return FAR
    best = outermost(there, comparison, True)
    return End(best.at, far, all_of((opposite(far), best.closed)))
