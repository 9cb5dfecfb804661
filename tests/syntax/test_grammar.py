"""The grammar itself, and the words that are read by it."""

from __future__ import annotations

import re
from decimal import Decimal
from importlib import resources

import pytest
from lark import Lark

from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree
from policy_lang.syntax.from_source import read
from policy_lang.syntax.layout import Layout

GRAMMAR = resources.files("policy_lang.syntax").joinpath("grammar.lark").read_text(encoding="utf-8")


@pytest.mark.slow
def test_the_grammar_has_no_conflict_and_no_two_terminals_that_read_one_text() -> None:
    Lark(
        GRAMMAR,
        parser="lalr",
        lexer="contextual",
        strict=True,
        propagate_positions=True,
        maybe_placeholders=True,
        postlex=Layout(),
    )


def test_the_words_of_the_language_stand_in_alphabetical_order_and_end_at_a_boundary() -> None:
    words = re.findall(r"^_([A-Z]+)\.2: /([a-z]+)\(\?!\[A-Za-z0-9_\]\)/$", GRAMMAR, re.MULTILINE)
    assert len(words) > 100
    assert [name for name, _ in words] == sorted(name for name, _ in words)
    assert all(name.lower() == word for name, word in words)
    assert len(words) == len(re.findall(r"^_[A-Z]+\.2:", GRAMMAR, re.MULTILINE))


def read_text(text: str) -> tuple[tree.File, list[str]]:
    file, problems = read(SourceFile("test.pol", text))
    return file, [p.code.name for p in problems]


def value_of(expression: str) -> tree.Expr:
    """The expression as the only value of a rule."""
    file, problems = read_text(f"rule r : number\n    {expression}\n")
    assert problems == [], problems
    rule = file.items[0]
    assert isinstance(rule, tree.Rule)
    return rule.cases[0].value


def codes_of(expression: str) -> list[str]:
    return read_text(f"rule r : number\n    {expression}\n")[1]


def names_in(expression: str) -> list[str]:
    node = value_of(expression)
    assert isinstance(node, tree.Ref)
    return [part.text for part in node.parts]


@pytest.mark.parametrize(
    "word",
    ["android", "notary", "order", "iso", "whenever", "but_for", "yes_man", "none_of", "a1", "inn", "sum_of"],
)
def test_a_name_may_begin_with_a_word_of_the_language(word: str) -> None:
    assert names_in(word) == [word]


def test_words_are_told_from_names_where_both_stand_together() -> None:
    node = value_of("anda is a android")
    assert isinstance(node, tree.IsA)
    assert node.adjective.text == "android"
    logic = value_of("band and android")
    assert isinstance(logic, tree.Logic)
    assert [operand.text for operand in logic.operands if isinstance(operand, tree.Ref)] == [
        "band",
        "android",
    ]


@pytest.mark.parametrize("word", "and or not is when where otherwise but yes no".split())
def test_hard_words_are_no_names(word: str) -> None:
    _, problems = read_text(f"event {word}\n")
    assert problems == ["unexpected"]


@pytest.mark.parametrize("word", "and or not is when where otherwise but yes no sum of".split())
def test_after_a_dot_every_word_is_free(word: str) -> None:
    assert names_in(f"sale.{word}") == ["sale", word]


@pytest.mark.parametrize(
    ("written", "value"),
    [("0", "0"), ("7", "7"), ("45000", "45000"), ("0.5", "0.5"), ("2.50", "2.50"), ("9" * 34, "9" * 34)],
)
def test_numbers(written: str, value: str) -> None:
    node = value_of(written)
    assert isinstance(node, tree.NumberLit)
    assert str(node.value) == value


@pytest.mark.parametrize(
    "written",
    [
        "007",
        "00",
        "1,000",
        "1_000",
        ".5",
        "5.",
        "1.2.3",
        "1e3",
        "0x10",
        "45kg",
        "3-1",
        "1USD",
        "2024-1-31",
        "2024-01-1",
    ],
)
def test_what_only_looks_like_a_number_is_one_mistake(written: str) -> None:
    assert len(codes_of(written)) == 1
    assert codes_of(written)[0] in ("bad-number", "unexpected")


@pytest.mark.parametrize("written", ["2024-1-31", "2024-01-311", "20240-01-01", "2024-01-31-05", "24-01-31"])
def test_what_only_looks_like_a_date_is_no_subtraction(written: str) -> None:
    assert codes_of(written) == ["bad-number"]


@pytest.mark.parametrize("written", ["2023-02-29", "2024-13-01", "2024-00-10", "0000-01-01", "2024-04-31"])
def test_days_that_do_not_exist(written: str) -> None:
    assert codes_of(written) == ["no-such-date"]


@pytest.mark.parametrize("written", ["0001-01-01", "9999-12-31", "2024-02-29"])
def test_dates(written: str) -> None:
    node = value_of(written)
    assert isinstance(node, tree.DateLit)
    assert node.value.isoformat() == written


def test_a_minus_between_two_values_needs_blanks_on_both_sides() -> None:
    assert isinstance(value_of("a - b"), tree.Sum)
    assert isinstance(value_of("a - -b"), tree.Sum)
    assert isinstance(value_of("-b"), tree.Negative)
    for written in ("a-b", "a -b", "a- b", "5-b", "a-5"):
        assert len(codes_of(written)) == 1, written


def test_units_and_currencies_stand_after_a_blank() -> None:
    assert value_of("5 USD") == tree.MoneyLit(Decimal(5), "USD")
    assert value_of("5 tonnes") == value_of("5 tonne")
    assert isinstance(value_of("75.5 kWh"), tree.QuantityLit)


def test_text_is_kept_in_one_form_of_unicode() -> None:
    node = value_of('"Zu\u0308rich"')
    assert isinstance(node, tree.Text)
    assert node.text == "Zürich"


def test_periods() -> None:
    assert value_of("1 year 2 months 3 days") == tree.PeriodLit(1, 2, 3)
    assert value_of("2 years 1 year") == tree.PeriodLit(3, 0, 0)


def test_capitals_are_codes_and_nothing_else() -> None:
    assert isinstance(value_of("JP"), tree.CountryLit)
    for written in ("Jp", "jP", "JPN", "J", "J1"):
        assert len(codes_of(written)) == 1, written


@pytest.mark.parametrize(
    "line",
    ["a and b or c", "a or b and c", "a and b and c or d or e", "a or b or c and d", "a and not b or c"],
)
def test_mixed_and_or_is_read_so_that_it_can_be_reported_well(line: str) -> None:
    assert isinstance(value_of(line), tree.MixedLogic)


def test_an_aggregate_with_where_swallows_no_comparison() -> None:
    assert codes_of("sum of a of b where c is at least 5 is at least 6") == ["unexpected"]
    node = value_of("(sum of a of b where c) is at least 6")
    assert isinstance(node, tree.Ordered)


def test_what_stands_between_two_keywords_of_one_item_does_not_move_to_the_next() -> None:
    file, problems = read_text("event a\nevent b and c\nevent d\n")
    assert problems == ["unexpected"]
    assert [item.name.text for item in file.items if isinstance(item, tree.Event)] == ["a", "d"]
