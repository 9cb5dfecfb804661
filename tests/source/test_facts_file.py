import time
from decimal import Decimal

import pytest

from policy_lang.source.facts_file import FactsFile, read_facts


def facts(name: str, text: str) -> FactsFile:
    found, problems = read_facts(name, text.encode())
    assert not problems
    assert found is not None
    return found


def problem(name: str, text: str | bytes) -> tuple[str, str]:
    found, problems = read_facts(name, text if isinstance(text, bytes) else text.encode())
    assert found is None
    (one,) = problems
    return one.code.name, one.span.place


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", '{"vehicle": {"msrp": 40.50, "chains": [{"value": 1}, {"value": 2}]}, "reviews": []}'),
        ("a.yaml", "vehicle:\n  msrp: 40.50\n  chains:\n  - value: 1\n  - value: 2\nreviews: []\n"),
        (
            "a.toml",
            "reviews = []\n[vehicle]\nmsrp = 40.50\n[[vehicle.chains]]\nvalue = 1\n[[vehicle.chains]]\nvalue = 2\n",
        ),
    ],
)
def test_the_three_formats_say_the_same(name: str, text: str) -> None:
    found = facts(name, text)
    expected = {"vehicle": {"msrp": Decimal("40.50"), "chains": [{"value": 1}, {"value": 2}]}, "reviews": []}
    assert found.values == expected
    assert found.place(("vehicle", "chains", 1, "value")).text == "2"
    assert found.place(("vehicle", "msrp")).text == "40.50"


def test_numbers_keep_every_digit() -> None:
    digits = "0.1234567890123456789012345678901234"
    for name, text in (
        ("a.json", f'{{"x": {digits}}}'),
        ("a.yaml", f"x: {digits}"),
        ("a.toml", f"x = {digits}"),
    ):
        assert facts(name, text).values["x"] == Decimal(digits)


def test_norway_is_a_country_in_yaml() -> None:
    assert facts("a.yml", "country: NO\nyes: on\ndate: 2024-01-31\n").values == {
        "country": "NO",
        "yes": "on",
        "date": "2024-01-31",
    }


@pytest.mark.parametrize(
    ("name", "text", "code", "place"),
    [
        ("a.json", '{"a": 1, "a": 2}', "repeated-fact", "a.json:1:10"),
        ("a.yaml", "a: 1\na: 2\n", "repeated-fact", "a.yaml:2:1"),
        ("a.toml", "a = 1\na = 2\n", "unreadable-facts", "a.toml:2:6"),
        ("a.json", "{", "unreadable-facts", "a.json:1:1"),
        ("a.json", '{"a": NaN}', "unreadable-facts", "a.json:1:7"),
        ("a.json", "[]", "unreadable-facts", "a.json:1:1"),
        ("a.json", "", "unreadable-facts", "a.json:1:1"),
        ("a.json", "[" * 100_000, "unreadable-facts", "a.json:1:101"),
        ("a.yaml", "a: [", "unreadable-facts", "a.yaml:1:4"),
        ("a.yaml", "a: &x [1]\nb: *x\n", "unreadable-facts", "a.yaml:2:4"),
        ("a.yaml", "a: !!python/object:os.system {}\n", "unreadable-facts", "a.yaml:1:4"),
        ("a.json", b"\xff\xfe", "unreadable-facts", "a.json:1:1"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(
    name: str, text: str | bytes, code: str, place: str
) -> None:
    assert problem(name, text) == (code, place)


def test_deep_yaml_and_toml_do_not_overflow() -> None:
    for name, text in (("a.yaml", "[" * 5_000), ("a.toml", "a = " + "[" * 5_000)):
        found, problems = read_facts(name, text.encode())
        assert found is None
        assert problems


def test_endless_digits_are_left_for_the_schema_to_refuse() -> None:
    assert isinstance(facts("a.json", '{"x": ' + "9" * 5_000 + "}").values["x"], str)


def test_a_fact_is_never_made_from_a_tag() -> None:
    for value in (
        "!!python/object/apply:os.getcwd []",
        "!!binary aGk=",
        "!!set {a, b}",
        "!!omap [a: 1]",
        "!!map [1]",
        "!!int x",
        "!foo bar",
        "! bar",
        "!!timestamp 2024-02-30",
    ):
        assert problem("a.yaml", f"x: {value}") == ("unreadable-facts", "a.yaml:1:4"), value
        assert problem("a.yaml", value) == ("unreadable-facts", "a.yaml:1:1"), value


def test_a_file_that_holds_no_named_values_says_what_it_holds() -> None:
    for text, what in (
        ("- a", "a list"),
        ("a", "a text"),
        ("1", "a single value"),
        ("", "nothing"),
        ("# x", "nothing"),
    ):
        _, (said,) = read_facts("a.yaml", text.encode())
        assert said.message == f"this file holds {what}; facts are named values"
        assert "country: JP" in said.help


def test_yaml_says_only_what_stands_there() -> None:
    text = "a: NO\nb: 'true'\nc: true\nd: ~\ne:\nf: 2024-01-01\ng: 0x1F\nh: 1_000\n1: x\n<<: {i: 1}\nj: {k: [1, -2.50]}\n"
    expected = {
        "a": "NO",
        "b": "true",
        "c": True,
        "d": None,
        "e": None,
        "f": "2024-01-01",
        "g": "0x1F",
        "h": "1_000",
        "1": "x",
        "<<": {"i": 1},
        "j": {"k": [1, Decimal("-2.50")]},
    }
    assert facts("a.yaml", text).values == expected


def test_places_in_yaml_count_letters_of_any_script() -> None:
    found = facts("a.yaml", "名: é\nb:\n  - c: [日本, 2]\n  - d: 5\n")
    assert found.place(("名",)).text == "é"
    assert found.place(("b", 0, "c", 1)).text == "2"
    assert found.place(("b", 1, "d")).text == "5"
    assert found.place(("b", 1, "nothing")).place == "a.yaml:4:5"


def test_one_file_is_one_document() -> None:
    assert problem("a.yaml", "a: 1\n---\nb: 1\n") == ("unreadable-facts", "a.yaml:2:1")


def test_a_name_given_twice_is_marked_where_it_stands_again() -> None:
    assert problem("a.json", '{"b": "a", "a": 1, "c": {"a": 2}, "a": 3}') == ("repeated-fact", "a.json:1:35")
    assert problem("a.json", '{"é": 1, "\\u00e9": 2}') == ("repeated-fact", "a.json:1:10")
    assert problem("a.yaml", "a: {b: 1, b: 2}") == ("repeated-fact", "a.yaml:1:11")


def test_no_number_is_too_strange_to_be_refused_with_its_place() -> None:
    huge = f"1e{'9' * 30}"
    for name, text in (("a.json", f'{{"x": {huge}}}'), ("a.toml", f"x = {huge}"), ("a.yaml", f"x: {huge}")):
        assert facts(name, text).values == {"x": huge}
    assert problem("a.json", '{"NaN": "NaN", "y": NaN}') == ("unreadable-facts", "a.json:1:21")
    assert problem("a.json", '{"x": [1, -Infinity]}') == ("unreadable-facts", "a.json:1:11")
    assert problem("a.toml", f"x = 1\ny = {'9' * 5000}") == ("unreadable-facts", "a.toml:2:5")
    assert facts("a.toml", f'x = "{"9" * 5000}" # {"9" * 5000}').values == {"x": "9" * 5000}


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 150 + " = 1",
        "[a" + ".a" * 150 + "]",
        'x = {"a"' + " . 'b'" * 150 + " = 1}",
        "[a" + ".a" * 90 + "]\nb" + ".b" * 90 + " = 1",
        "x = " + "[" * 150 + "]" * 150,
    ],
)
def test_toml_is_not_nested_deeper_than_other_facts(text: str) -> None:
    assert problem("a.toml", text)[0] == "unreadable-facts"


def test_dots_in_toml_that_nest_nothing_do_no_harm() -> None:
    text = 'a = "' + "x." * 300 + "\"\nb = '''\n" + "y." * 300 + "\n'''\n# " + "z." * 300 + "\nc.d.e = 1.5\n"
    found = facts("a.toml", text)
    assert found.values["c"] == {"d": {"e": Decimal("1.5")}}
    assert found.place(("c", "d", "e")).text == "1.5"


@pytest.mark.slow
@pytest.mark.parametrize("ending", ["json", "yaml", "toml"])
def test_a_long_run_of_anything_is_refused_or_read_in_a_moment(ending: str) -> None:
    units = (
        '"',
        '\\"',
        '"a ',
        "'",
        '"""',
        "a",
        "a.",
        "9",
        " ",
        "\n",
        "[",
        "{}",
        "'a',",
        "-\n",
        "a: b\n",
        "a=1\n",
    )
    for unit in units:
        for before in ("", '{"x": "', "x = ["):
            begun = time.perf_counter()
            found, _ = read_facts(f"a.{ending}", (before + unit * (100_000 // len(unit))).encode())
            if found is not None:
                found.place(("nothing", 0))
            assert time.perf_counter() - begun < 4, (unit, before)
