"""What changed in the words of a file: one line for each kind of change."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.source.files import read_file
from policy_lang.syntax.from_source import read
from policy_lang.tools.diff.conditions import Conditions
from policy_lang.tools.diff.structure import changes_of_text

PACT = """\
agreement pact
    title    "Pact"
    parties  US "United States", JP "Japan"
    signed   2023-01-01
    in force from 2023-03-28 until 2030-12-31
    verified 2026-01-01 against "nothing"

use trade

not encoded "Preamble" because "context"

covered means cobalt, lithium from 2025-01-01, nickel   [Annex]

territory of US includes PR

assume wide is yes
    because "the text is wide"                          [own reading]
    but see "it is narrow"                              [own reading]

event notice

record sale
    price   money USD at least 0 USD    "What was paid?"
    kind    new, used or scrap
    shop    country
    lots    list of lot

record lot in sale
    mass    number at least 0

clause partner "Partner"                                [Article 1]
    treat JP as free_trade_partner of US with respect to covered
        for the purposes of clean_vehicle_credit
        when sourcing.country is JP

clause duties "Duties"                                  [Article 2]
    neither party shall impose export_duty on covered exported to the other party
    does not apply when measure.rate is less than 2 %

clause review "Review"                                  [Article 3]
    the parties shall review this agreement
        within 2 years of entry into force
        and every 2 years thereafter, counted from the previous due date, when wide

clause talks "Talks"                                    [Article 4]
    the parties shall confer on "prices"

table fee for sale : percent by kind                    [Article 5]
    new     1 %
    used    2 %
    scrap   3 %

rule dear for sale : yes or no "Is it dear?"            [Article 6]
    price is more than 100 USD

rule charge for sale : money USD                        [Article 7]
    5 USD
    but 10 USD when price is more than 100 USD and kind is new
    but 0 USD when kind is scrap

rule big for lot : yes or no                            [Article 8]
    yes when mass is more than 10
    otherwise no
"""

CHANGES = [
    ("because \"context\"", "because \"background\"", "not encoded \"Preamble\" because \"context\" is removed"),
    ("from 2023-03-28 until", "from 2023-04-01 until", "header: 2023-03-28 moves to 2023-04-01 in `in force`"),
    (" until 2030-12-31", "", "header: `until 2030-12-31` is removed in `in force`"),
    ("signed   2023-01-01", "signed   2023-01-02", "header: signed: 2023-01-01 moves to 2023-01-02"),
    ('title    "Pact"', 'title    "The Pact"', "header: the title is changed"),
    ('JP "Japan"', 'JP "Japan", KR "Korea"', "header: KR is a party now"),
    ('US "United States", JP "Japan"', 'JP "Japan", US "United States"', "header: the parties stand in another order"),
    ("verified 2026-01-01", "verified 2026-02-01", "header: when or against what it was verified is changed"),
    ("cobalt, lithium", "lithium", "definition covered: cobalt is removed"),
    ("2025-01-01, nickel", "2025-01-01, nickel, tin, zinc", "definition covered: tin and zinc are added"),
    ("lithium from 2025-01-01", "lithium from 2026-01-01",
     "definition covered: 2025-01-01 moves to 2026-01-01 for lithium"),
    ("cobalt, lithium from 2025-01-01,", "lithium from 2025-01-01, cobalt,", "definition covered: the order is another"),
    ("includes PR", "includes PR, GU", "territory of US: GU is added"),
    ("wide is yes", "wide is no", "assumption wide: yes becomes no"),
    ("it is narrow", "it is very narrow", "assumption wide: what speaks for and against it is changed"),
    ("    shop    country\n", "", "record sale: the field shop is removed"),
    ("    shop    country\n", "    shop    country\n    buyer   country\n", "record sale: the field buyer is added"),
    ('"What was paid?"', '"The price?"', "record sale: only a label inside it is changed"),
    ("treat JP as", "treat KR as", "clause partner: JP is removed; KR is added"),
    ("country is JP", "country is KR",
     ("clause partner: its condition is neither wider nor narrower: "
     "`sourcing.country is JP` now reads `sourcing.country is KR`")),
    ("        when sourcing.country is JP\n", "", "clause partner: its condition is removed: `sourcing.country is JP`"),
    ("on covered exported", "on all goods exported", "clause duties: it is about all goods, no longer about `covered`"),
    ("less than 2 %", "less than 3 %",
     ("clause duties: what it does not apply to is wider: "
     "`measure.rate is less than 2 %` now reads `measure.rate is less than 3 %`")),
    ("    does not apply when measure.rate is less than 2 %\n", "",
     "clause duties: `does not apply when measure.rate is less than 2 %` is removed"),
    ("within 2 years of entry", "within 3 years of entry",
     "clause review: 2 years becomes 3 years in `within 2 years of entry into force`"),
    ("every 2 years", "every 5 years", "clause review: 2 years becomes 5 years in when it recurs"),
    ('confer on "prices"', 'confer on "supply"', "clause talks: `prices` becomes `supply`"),
    ("[Article 4]", "[Article 4a]", "clause talks: only citations are changed"),
    ('talks "Talks"', 'talks "Talking"', "clause talks: only the label is changed"),
    ('clause talks "Talks"', 'clause chats "Talks"', "clause talks is renamed to chats"),
    ("    used    2 %", "    used    4 %", "table fee: 2 % becomes 4 % in the row `used`"),
    ("    scrap   3 %\n", "    otherwise 3 %\n", "table fee: the row `scrap` now goes by `otherwise`"),
    ("    new     1 %\n    used    2 %\n", "    used    2 %\n    new     1 %\n",
     "table fee: the rows stand in another order"),
    ("    price is more than 100 USD\n", "    price is more than 90 USD\n",
     "rule dear: its condition is wider: `price is more than 100 USD` now reads `price is more than 90 USD`"),
    ("    price is more than 100 USD\n", "    price exceeds 100 USD\n", ""),
    ("    price is more than 100 USD\n", "    not price is at most 100 USD\n",
     ("rule dear: its condition is put otherwise and means the same: "
     "`price is more than 100 USD` now reads `not price is at most 100 USD`")),
    ("    5 USD\n", "    6 USD\n", "rule charge: 5 USD becomes 6 USD"),
    ("100 USD and kind is new", "100 USD",
     ("rule charge: the condition for `10 USD` is wider: "
     "`price is more than 100 USD and kind is new` now reads `price is more than 100 USD`")),
    ("    but 0 USD when kind is scrap\n", "", "rule charge: the exception `0 USD when kind is scrap` is removed"),
    ("    but 0 USD when kind is scrap\n",
     "    but 0 USD when kind is scrap\n    but 1 USD when kind is used\n",
     "rule charge: the exception `1 USD when kind is used` is added"),
    ("mass is more than 10\n", "mass is more than 20\n",
     "rule big: the condition for `yes` is narrower: `mass is more than 10` now reads `mass is more than 20`"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line"), CHANGES)
def test_each_kind_of_change_is_one_line(tmp_path: Path, old: str, new: str, line: str) -> None:
    assert PACT.count(old) == 1, old
    lines = changes(tmp_path, PACT, PACT.replace(old, new))
    assert line in (lines or [""]), lines
    assert len(lines) == (2 if line.startswith("not encoded") else 1 if line else 0)


def test_what_is_added_removed_or_moved_is_said(tmp_path: Path) -> None:
    talks = PACT[PACT.index("clause talks") : PACT.index("table fee")]
    assert changes(tmp_path, PACT, PACT.replace(talks, "")) == ["clause talks is removed"]
    assert changes(tmp_path, PACT.replace(talks, ""), PACT) == ["clause talks is added"]
    assert changes(tmp_path, PACT, PACT.replace(talks, "") + "\n" + talks) == ["clause talks is moved"]


def test_layout_and_comments_are_no_change(tmp_path: Path) -> None:
    assert changes(tmp_path, PACT, PACT.replace("5 USD\n", "5  USD  # cheap\n")) == []


def test_scenarios_go_by_their_label(tmp_path: Path) -> None:
    scenario = '\nscenario "One sale"\n    as of 2025-01-01\n    given sale\n        price 5 USD\n    expect dear no\n'
    lines = changes(tmp_path, PACT + scenario, PACT + scenario.replace("5 USD", "6 USD"))
    assert lines == ['scenario "One sale": 5 USD becomes 6 USD']


def test_many_changes_of_one_thing_stay_one_line(tmp_path: Path) -> None:
    new = PACT
    for word in ("cobalt", "lithium from 2025-01-01", "nickel   "):
        new = new.replace(word, {"c": "tin", "l": "zinc", "n": "gallium  "}[word[0]])
    new = new.replace(
        "new     1 %\n    used    2 %\n    scrap   3 %", "new     4 %\n    used    5 %\n    scrap   6 %"
    )
    lines = changes(tmp_path, PACT, new)
    assert lines == [
        "definition covered: cobalt, lithium and nickel are removed; tin, zinc and gallium are added",
        (
            "table fee: 1 % becomes 4 % in the row `new`; 2 % becomes 5 % in the row `used`; "
            "3 % becomes 6 % in the row `scrap`"
        ),
    ]


def changes(folder: Path, old: str, new: str) -> list[str]:
    files, programs = [], []
    for name, text in (("old", old), ("new", new)):
        (folder / name).mkdir(exist_ok=True)
        path = folder / name / "pact.pol"
        path.write_text(text, "utf-8")
        compiled, diagnostics = compile_file(path)
        assert compiled.program is not None, diagnostics[:2]
        programs.append(compiled.program)
        files.append(read(read_file(path)[0])[0])
    return changes_of_text(files[0], files[1], Conditions(programs[0], programs[1]).compare)
