"""Names, files and territories: rules N1 to N5."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.texts import codes, compiled

ONE = 'law one\n    title "One"\n\nuse two\n'
TWO = 'law two\n    title "Two"\n\nuse one\n'


def test_n1_files_do_not_use_each_other_in_a_circle(tmp_path: Path) -> None:
    assert codes(tmp_path, ONE, two=TWO) == ["circular-use"]


def test_n1_definitions_do_not_rest_on_themselves_whatever_the_dates(tmp_path: Path) -> None:
    text = """
    law ring
        title "Ring"

    rule a : whole number
        b until 2024-12-31
        otherwise 1

    rule b : whole number
        a from 2025-01-01
        otherwise 2
    """
    assert codes(tmp_path, text) == ["circular-definition"]


def test_n1_a_law_sees_the_grants_of_files_that_it_uses_through_others(tmp_path: Path) -> None:
    grant = (
        'agreement grant\n    title "Grant"\n    parties US "A", JP "B"\n    in force from 2024-01-01\n\n'
        'use trade\n\nclause gives "Gives"\n    treat JP as free_trade_partner of US\n'
        "        for the purposes of clean_vehicle_credit\n"
    )
    between = 'law between\n    title "Between"\n\nuse trade, grant\n'
    law = (
        'law asking\n    title "Asking"\n    serves {}\n\nuse trade, between\n\nrecord load "A load"\n'
        "    origin country\n\nrule has for load : yes or no\n    origin has status free_trade_partner of US\n"
    )
    asking = compiled(tmp_path, law.format("clean_vehicle_credit"), between=between, grant=grant)
    assert asking.value("has", {"load": {"origin": "JP"}}) is True
    other = compiled(tmp_path, law.replace("    serves {}\n", "").replace("asking", "idle"))
    assert other.value("has", {"load": {"origin": "JP"}}) is False  # granted for another purpose only


NESTED = """
law nested
    title "Nested"

record car "A car"
    weight  quantity kg
    colour  red or blue
    parts   list of part

record part in car "A part"
    weight  quantity kg

rule heavy for part : yes or no
    {} is more than 1 kg

rule is_red for part : yes or no
    colour is red

rule any_heavy for car : yes or no
    any of parts is heavy

rule all_red for car : yes or no
    all of parts are is_red
"""


def test_n2_a_name_found_at_two_levels_has_to_be_qualified(tmp_path: Path) -> None:
    assert codes(tmp_path, NESTED.format("weight")) == ["ambiguous-name"]
    text = compiled(tmp_path, NESTED.format("part.weight"))
    facts = {"car": {"weight": 0, "colour": "red", "parts": [{"weight": 2}]}}
    assert text.value("any_heavy", facts) is True
    assert text.value("all_red", facts) is True


def test_n2_a_record_lies_in_one_list_of_one_parent(tmp_path: Path) -> None:
    text = NESTED.format("part.weight").replace(
        "    parts   list of part\n", "    parts list of part\n    spares list of part\n"
    )
    assert codes(tmp_path, text) == ["bad-record"]


@pytest.mark.parametrize("word", ["and", "or", "not", "is", "when", "where", "otherwise", "but", "yes", "no"])
def test_n3_a_handful_of_words_can_never_be_names(tmp_path: Path, word: str) -> None:
    assert codes(tmp_path, f'law words\n    title "Words"\n\nrule {word} : number\n    1\n') != []


def test_n3_other_words_can_be_names_and_end_at_their_last_letter(tmp_path: Path) -> None:
    text = """
    law words
        title "Words"

    record order "An order"
        date     date
        kind     text
        by       country
        android  number
        nothing  yes or no

    rule iso for order : yes or no
        android is 1 and not nothing and order.by is US and order.date is after 2024-01-01
    """
    found = compiled(tmp_path, text)
    facts = {"android": 1, "nothing": False, "by": "US", "date": "2024-01-02"}
    assert found.value("iso", {"order": facts}) is True


def test_n3_a_citation_belongs_to_the_smallest_thing_that_it_stands_in(tmp_path: Path) -> None:
    text = """
    law cited
        title "Cited"

    record thing "A thing"
        a yes or no

    rule value for thing : whole number             [Section 1]
        1 when a                                    [Section 2]
        otherwise 0                                 [Section 3; own reading]
    """
    found = compiled(tmp_path, text)
    assert found.outcome("value", {"thing": {"a": True}}).cites == ["Section 1", "Section 2"]
    assert found.outcome("value", {"thing": {"a": False}}).cites == ["Section 1", "Section 3; own reading"]


def test_n4_a_deeper_line_continues_the_sentence_above_it(tmp_path: Path) -> None:
    head = 'law lines\n    title "Lines"\n\nrule sum : number\n'
    text = compiled(tmp_path, f"{head}    1 + 2\n        + 3\n            + 4\n")
    assert text.value("sum", {}) == 10
    assert codes(tmp_path, f"{head}    1 + 2\n    + 3\n") != []


TERRITORY = """
law places
    title "Places"
{}
record load "A load"
    origin country

rule domestic for load : yes or no
    origin is US

rule listed for load : yes or no
    origin is one of (US, MX)
"""


def test_n5_a_territory_is_never_a_silent_no(tmp_path: Path) -> None:
    silent = compiled(tmp_path, TERRITORY.format(""))
    for name in ("domestic", "listed"):
        outcome = silent.outcome(name, {"load": {"origin": "PR"}})
        assert (outcome.state, outcome.needs) == ("undetermined", ["territories.PR"])
    assert silent.value("domestic", {"load": {"origin": "PR"}, "territories": {"PR": True}}) is True
    assert silent.value("domestic", {"load": {"origin": "FR"}}) is False


def test_n5_the_text_or_the_facts_say_whether_a_territory_counts(tmp_path: Path) -> None:
    said = "\nterritory of US includes PR\nterritory of US excludes GU\n"
    text = compiled(tmp_path, TERRITORY.format(said))
    assert text.value("domestic", {"load": {"origin": "PR"}}) is True
    assert text.value("domestic", {"load": {"origin": "GU"}}) is False
    assert text.value("domestic", {"load": {"origin": "GU"}, "territories": {"GU": True}}) is True
