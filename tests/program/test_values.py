"""Core values: what unknowns and other absences come to, and what intervals decide."""

import datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from policy_lang.program import operators as ops
from policy_lang.program.values import (
    ANY,
    Absence,
    Interval,
    absent,
    both,
    choose_first,
    choose_unordered,
    compare,
    either,
    equal,
    equal_countries,
    error,
    negated,
    unknown,
)

U = unknown({"u"})
V = unknown({"v"})
MAYBE = unknown({"m"}, None)
ERR = error("e", "broken")
CONFLICT = Absence("conflict", detail=frozenset({(Decimal(1), ("a:1", ()))}))
NOT_YET = absent("not in force", "not-yet", "later")
OFF = absent("suspended", "s", "off")
NA = absent("not applicable", "n", "no")


def between(low, high, name="x", low_open=False, high_open=False):
    low, high = (None if end is None else Decimal(end) for end in (low, high))
    return unknown({name}, Interval(low, low_open or low is None, high, high_open or high is None))


def ends(value):
    i = value.interval
    return (i.lower, i.lower_open, i.upper, i.upper_open)


class TestLogic:
    def test_no_absorbs_everything_in_and(self):
        for other in (True, U, MAYBE, ERR, CONFLICT, NOT_YET, OFF, NA, None):
            assert both((other, False)) is False
            assert both((False, other)) is False

    def test_yes_absorbs_everything_in_or(self):
        for other in (False, U, MAYBE, ERR, CONFLICT, NOT_YET, OFF, NA, None):
            assert either((other, True)) is True

    def test_unknown_goes_before_the_worst_reason(self):
        assert both((ERR, U)) == Absence("unknown", frozenset({"u"}), None)
        assert either((U, NOT_YET)) == Absence("unknown", frozenset({"u"}), None)

    def test_worst_reason(self):
        order = [ERR, CONFLICT, NOT_YET, OFF, NA]
        for n, bad in enumerate(order):
            for less in order[n:]:
                assert both((less, bad)).reason == bad.reason
                assert either((less, bad, False)).reason == bad.reason

    def test_unknowns_join_their_needs(self):
        assert both((U, V, True)) == unknown({"u", "v"})
        assert both((U, MAYBE)) == unknown({"u", "m"}, None)

    def test_one_reason_said_twice_keeps_both(self):
        assert len(both((ERR, error("f", "also"))).detail) == 2

    def test_not(self):
        assert negated(True) is False
        assert negated(False) is True
        assert negated(U) is U
        assert negated(None).reason == "error"

    def test_empty(self):
        assert both(()) is True
        assert either(()) is False


class TestCompare:
    @pytest.mark.parametrize(
        ("kind", "a", "b", "answer"),
        [
            ("lt", between(0, 5), Decimal(6), True),
            ("lt", between(0, 5), Decimal(5), None),
            ("lt", between(0, 5, high_open=True), Decimal(5), True),
            ("lt", between(5, None), Decimal(5), False),
            ("le", between(0, 5), Decimal(5), True),
            ("le", between(5, None), Decimal(5), None),
            ("le", between(5, None, low_open=True), Decimal(5), False),
            ("gt", between(0, None, low_open=True), Decimal(0), True),
            ("ge", between(0, None), Decimal(0), True),
            ("gt", between(0, None), Decimal(0), None),
            ("ge", between(None, 0, high_open=True), Decimal(0), False),
            ("eq", between(0, 5, high_open=True), Decimal(5), False),
            ("eq", between(0, 5), Decimal(5), None),
            ("eq", between(0, 5), between(5, 9, low_open=True), False),
            ("lt", between(0, 5), between(6, None), True),
        ],
    )
    def test_intervals_decide(self, kind, a, b, answer):
        found = compare(kind, a, b)
        if answer is None:
            assert found.reason == "unknown"
            assert found.interval == ANY
        else:
            assert found is answer

    def test_uncertain_operand_decides_nothing(self):
        assert compare("lt", MAYBE, Decimal(5)) == unknown({"m"}, None)
        assert compare("lt", between(0, 1), ERR) == unknown({"x"}, None)

    def test_none(self):
        assert compare("eq", None, Decimal(1)) is False
        assert compare("eq", None, None) is True
        assert compare("lt", None, Decimal(1)).reason == "error"
        assert compare("lt", None, U).reason == "unknown"
        assert equal(None, "x") is False

    def test_one_point_is_known(self):
        assert between(3, 3) == Decimal(3)

    def test_dates(self):
        day = unknown({"d"}, Interval(datetime.date.min, False, datetime.date.max, False))
        assert compare("ge", day, datetime.date.min) is True
        assert compare("gt", day, datetime.date.max) is False

    def test_territories(self):
        pairs = {("PR", "US"): True, ("GU", "US"): False, ("HK", "CN"): None}
        assert equal_countries(pairs, "PR", "US") is True
        assert equal_countries(pairs, "US", "GU") is False
        assert equal_countries(pairs, "HK", "CN") == unknown({"territories.HK"})
        assert equal_countries(pairs, "HK", "JP") is False
        assert equal_countries(pairs, "PR", "PR") is True
        assert equal_countries(pairs, U, "US") == unknown({"u"})


class TestStrict:
    def test_unknown_before_error(self):
        assert ops.add((ERR, U)) == unknown({"u"}, None)
        assert ops.add((ERR, NA)).reason == "error"
        assert ops.add((None, Decimal(1))).reason == "error"

    def test_sums_carry_open_ends(self):
        assert ends(ops.add((between(1, 2, low_open=True), Decimal(3)))) == (
            Decimal(4),
            True,
            Decimal(5),
            False,
        )
        assert ends(ops.subtract(Decimal(0), between(1, 2, high_open=True))) == (
            Decimal(-2),
            True,
            Decimal(-1),
            False,
        )
        assert ends(ops.negate(between(1, None))) == (None, True, Decimal(-1), False)

    def test_products(self):
        assert ends(ops.multiply((between(-1, 2), between(3, 4)))) == (Decimal(-4), False, Decimal(8), False)
        assert ends(ops.multiply((between(0, None), between(0, None)))) == (Decimal(0), False, None, True)
        zero_open = between(0, 1, low_open=True)
        assert ends(ops.multiply((zero_open, between(0, None)))) == (Decimal(0), False, None, True)
        assert ends(ops.multiply((zero_open, between(2, None)))) == (Decimal(0), True, None, True)
        assert ops.multiply((Decimal(0), between(None, None))) == 0
        assert ends(ops.multiply((between(None, None), Decimal(2)))) == (None, True, None, True)

    def test_percent(self):
        assert ops.percent_of(Decimal(40), Decimal(50)) == 20
        assert ops.multiply((Decimal(40), Decimal(50)), 1) == 20
        assert ends(ops.percent_of(between(0, 100), Decimal(50))) == (Decimal(0), False, Decimal(50), False)

    def test_a_share_of_nothing(self):
        found = ops.share_of(Decimal(50), Decimal(0), "extracted")
        assert found.reason == "error"
        assert "extracted" in str(found.detail)
        assert ops.share_of(Decimal(50), Decimal(-1)).reason == "error"
        assert ops.share_of(Decimal(50), between(0, None)) == unknown({"x"}, None)
        assert ends(ops.share_of(Decimal(50), between(0, None, low_open=True))) == (
            Decimal(0),
            True,
            None,
            True,
        )
        assert ops.as_percent(Decimal(1), Decimal(4)) == 25
        assert ops.as_percent(Decimal(1), Decimal(0)).reason == "error"
        assert ends(ops.as_percent(between(0, 1), Decimal(4))) == (Decimal(0), False, Decimal(25), False)
        part = unknown({"x"}, Interval(Fraction(1, 3), False, Decimal(1), False))
        third = ends(ops.as_percent(part, Decimal(4)))  # a bound without an end in decimals
        assert third == (Fraction(25, 3), False, Decimal(25), False)
        assert ops.as_percent(Decimal(1), between(1, 2)).interval is None

    def test_division(self):
        assert ops.divide(Decimal(1), Decimal(0)).reason == "error"
        assert ends(ops.divide(between(1, 2), Decimal(-2))) == (Decimal(-1), False, Decimal("-0.5"), False)
        assert ops.divide(between(1, 2), Decimal(0)).interval is None
        assert ops.divide(Decimal(1), between(1, 2)).interval is None

    def test_lesser_and_greater(self):
        assert ends(ops.lesser((between(0, None), Decimal(5)))) == (Decimal(0), False, Decimal(5), False)
        assert ends(ops.greater((between(0, None), Decimal(5)))) == (Decimal(5), False, None, True)
        assert ends(ops.lesser((between(0, 5, high_open=True), Decimal(5)))) == (
            Decimal(0),
            False,
            Decimal(5),
            True,
        )
        assert ops.lesser((Decimal(3), Decimal(2))) == 2

    def test_rounding_closes_ends(self):
        assert ends(ops.round_to(between(0, "1.5", high_open=True), "up", Decimal(1))) == (
            Decimal(0),
            False,
            Decimal(2),
            False,
        )

    def test_dates(self):
        day = datetime.date(2024, 1, 31)
        assert ops.add_period(day, (0, 1, 0), "abort").reason == "error"
        assert ops.add_period(day, (0, 1, 0), "down") == datetime.date(2024, 2, 29)
        assert ops.subtract(datetime.date(2024, 3, 1), day, False) == 30
        assert ops.subtract(day, (0, 0, 31), False) == datetime.date(2023, 12, 31)
        assert ops.add_period(datetime.date.max, (0, 0, 1), "down").reason == "error"
        assert ops.year_of(day) == 2024
        assert ops.add_period(unknown({"d"}), (1, 0, 0), "down").interval is None

    def test_too_long(self):
        big = Decimal("9" * 4000)
        (only,) = ops.multiply((big, big)).detail
        assert only[0] == "number-too-long"


class TestChoices:
    def test_conflict_is_final(self):
        found = choose_unordered(
            (True, True, U), (Decimal(1), Decimal(2), Decimal(3)), Decimal(0), True, (("p:1", ("A",)),) * 3
        )
        assert found.reason == "conflict"
        assert (Decimal(1), ("p:1", ("A",))) in found.detail

    def test_equal_values_do_not_clash(self):
        assert choose_unordered((True, True), (Decimal("1.0"), Decimal(1)), Decimal(0), True) == 1
        assert choose_unordered((True, U), (Decimal(1), Decimal(1)), Decimal(0), True) == 1
        assert choose_unordered((U, V), (Decimal(1), Decimal(1)), Decimal(1), True) == 1

    def test_doubt(self):
        one = choose_unordered((U,), (Decimal(1),), Decimal(0), True)
        assert one.needs == {"u"}
        assert ends(one) == (Decimal(0), False, Decimal(1), False)
        two = choose_unordered((U, V), (Decimal(1), Decimal(2)), Decimal(0), True)
        assert two == unknown({"u", "v"}, None)
        assert choose_unordered((True, U), (Decimal(1), Decimal(2)), Decimal(0), True) == unknown({"u"}, None)
        assert choose_unordered((ERR,), (Decimal(1),), Decimal(0), True).reason == "error"
        assert choose_unordered((U,), (ERR,), Decimal(0), True) == unknown({"u"}, None)
        assert choose_unordered((False,), (ERR,), U, True) == U
        assert choose_unordered((U, V), ("a", "a"), "b", False) == unknown({"u", "v"})

    def test_error_beside_a_case_that_holds(self):
        assert choose_unordered((True, ERR), (Decimal(1), Decimal(2)), Decimal(0), True).reason == "error"
        assert choose_unordered((True, ERR), (Decimal(1), Decimal(1)), Decimal(0), True) == 1

    def test_first(self):
        assert choose_first((False, True, True), (Decimal(1), Decimal(2), Decimal(3)), Decimal(0), True) == 2
        assert choose_first((True, ERR), (Decimal(1), Decimal(2)), Decimal(0), True) == 1
        found = choose_first((U, True, V), (Decimal(1), Decimal(2), Decimal(9)), Decimal(0), True)
        assert found.needs == {"u"}
        assert ends(found) == (Decimal(1), False, Decimal(2), False)
        assert choose_first((U, V), (Decimal(1), Decimal(2)), Decimal(0), True).interval is not None
        assert choose_first((U,), (Decimal(1),), Decimal(1), True) == 1


class TestFolds:
    def test_empty(self):
        assert ops.fold("sum", ()) == 0
        assert ops.fold("count", ()) == 0
        assert ops.fold("any", ()) is False
        assert ops.fold("all", ()) is True
        assert ops.fold("most", ()).reason == "error"
        assert ops.fold("least", [(False, Decimal(1))]).reason == "error"

    def test_known(self):
        pairs = [(True, Decimal(2)), (False, Decimal(9)), (True, Decimal(1))]
        assert ops.fold("sum", pairs) == 3
        assert ops.fold("count", pairs) == 2
        assert ops.fold("most", pairs) == 2
        assert ops.fold("least", pairs) == 1

    def test_unsure_elements(self):
        pairs = [(True, Decimal(2)), (U, Decimal(5))]
        assert ends(ops.fold("sum", pairs)) == (Decimal(2), False, Decimal(7), False)
        assert ends(ops.fold("count", pairs)) == (Decimal(1), False, Decimal(2), False)
        assert ops.fold("most", pairs) == unknown({"u"}, None)
        assert ops.fold("any", [(U, True), (True, True)]) is True
        assert ops.fold("all", [(U, False), (True, True)]) == U
        assert ops.fold("sum", [(False, ERR), (True, Decimal(1))]) == 1

    def test_unknown_list(self):
        listed = unknown({"l"})
        assert ops.fold_unknown("any", listed, True, False) is False
        assert ops.fold_unknown("all", listed, False, ERR) is True
        assert ops.fold_unknown("any", listed, U, True) == unknown({"l", "u"})
        assert ops.fold_unknown("any", listed, True, ERR) == unknown({"l"}, None)
        assert ops.fold_unknown("sum", listed, False, U) == 0
        assert ends(ops.fold_unknown("sum", listed, U, between(0, None))) == (Decimal(0), False, None, True)
        assert ends(ops.fold_unknown("sum", listed, True, between(None, -1))) == (
            None,
            True,
            Decimal(0),
            False,
        )
        assert ends(ops.fold_unknown("count", listed, True, True)) == (Decimal(0), False, None, True)
        assert ops.fold_unknown("sum", listed, True, ERR) == unknown({"l"}, None)
        assert ops.fold_unknown("most", listed, U, V) == unknown({"l", "u", "v"}, None)
