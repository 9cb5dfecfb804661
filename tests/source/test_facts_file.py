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
