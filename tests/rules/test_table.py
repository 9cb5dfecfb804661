"""Every rule has a test that names it, and the page that lists them is up to date."""

from __future__ import annotations

from tests.rules.table import STILL_TO_COME, TABLE, namings, page, rules


def test_every_rule_has_a_test_that_names_it() -> None:
    named = set().union(*(one.rules for one in namings()))
    assert set(rules()) - named <= STILL_TO_COME
    assert named <= set(rules())


def test_the_rules_are_numbered_without_gaps() -> None:
    numbers: dict[str, set[int]] = {}
    for rule in rules():
        numbers.setdefault(rule[0], set()).add(int(rule[1:]))
    assert set(numbers) == set("VWCTNF")
    assert all(found == set(range(1, len(found) + 1)) for found in numbers.values())


def test_the_page_is_up_to_date() -> None:
    assert TABLE.read_text(encoding="utf-8") == page(), "run `python -m tests.rules.table`"
