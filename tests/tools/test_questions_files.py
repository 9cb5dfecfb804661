"""What stands in lists of questions as files, read by a library that did not write them, and what is read back."""

from __future__ import annotations

import datetime
import io
import random
from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from policy_lang.loading import load
from policy_lang.source.facts_file import FactsFile, read_facts
from policy_lang.source.render import to_json as problems_json
from policy_lang.tools.questions.ask import QuestionList, ask
from policy_lang.tools.questions.to_json import to_json
from policy_lang.tools.questions.to_markdown import to_markdown
from policy_lang.tools.questions.to_workbook import to_workbook
from tests.tools.filling import drawn, filled_markdown, filled_workbook

DAY = datetime.date(2024, 6, 1)

SHOP = """\
law shop
    in force from 2024-01-01

record sale "=HYPERLINK(x)"
    price   money USD at least 0 USD "=1+1"
    origin  country "@Where | from?"
    sold    date "-when"
    reason  text "+why"
    rate    percent at most 100 %
    grade   a, b or c
    parts   list of part "What is it made of?"

record part in sale "One part"
    made_in  country
    safe     determination "Is it safe?"

event warnings "Warnings given"
determination fair "Is the price fair?"

rule foreign for part : yes or no [own reading]
    yes when made_in is not NO and not safe
    otherwise no

rule dear for sale : yes or no "=SUM(A1)"    [Article 1]
    yes when price is more than 5 USD and origin is NO and fair
    yes when reason is "x" or sold is before 2024-03-01
    yes when rate is more than 50 % and grade is b
    yes when any of parts is foreign
    otherwise no
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("shop") / "shop.pol"
    path.write_text(SHOP, encoding="utf-8")
    return path


def _questions(path: Path, facts: dict[str, object] | None = None) -> QuestionList:
    return ask(load(path).evaluate(facts or {}, DAY, None, ["dear"]), facts or {})


def _rows(data: bytes, sheet: str) -> list[list[object]]:
    return [
        list(row)
        for row in CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet).to_python()
    ]


def _read(name: str, data: bytes) -> FactsFile:
    read, problems = read_facts(name, data)
    assert read is not None, problems_json(problems)
    return read


def test_a_workbook_asks_every_question_once(shop: Path) -> None:
    data = to_workbook(_questions(shop))
    assert CalamineWorkbook.from_filelike(io.BytesIO(data)).sheet_names == ["Questions", "One part", "Words"]
    rows = _rows(data, "Questions")
    start = next(n for n, row in enumerate(rows) if row[0] == "No.")
    asked = {row[7]: row for row in rows[start + 1 :]}
    assert list(asked) == [
        "sale.price",
        "sale.origin",
        "sale.sold",
        "sale.reason",
        "sale.rate",
        "sale.grade",
        "sale.parts",
        "fair.value",
        "fair.by",
        "fair.on",
    ]
    assert asked["sale.price"][:6] == [
        1.0,
        "=1+1",
        "",
        "an amount in USD, at least 0 USD",
        "whoever keeps the records",
        "It decides “=SUM(A1)”.",
    ]
    assert asked["sale.grade"][3] == "one of: a, b, c"
    assert asked["fair.value"][4] == (
        "the authority or person who has to decide it; it is decided by somebody, not worked out here: "
        "say who decided it, and when"
    )
    assert asked["fair.value"][6] == "[Article 1]"
    table = _rows(data, "One part")
    assert table[5] == [
        "sale.parts[]",
        "sale.parts[].made_in",
        "sale.parts[].safe.value",
        "sale.parts[].safe.by",
        "sale.parts[].safe.on",
    ]


def test_choices_and_formats_of_a_workbook(shop: Path) -> None:
    book = load_workbook(io.BytesIO(to_workbook(_questions(shop))))
    sheet = book["Questions"]
    cells = {row[7].value: row[2] for row in sheet.iter_rows() if row[7].value}
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert rules[cells["sale.grade"].coordinate].formula1 == '"a,b,c"'
    assert rules[cells["fair.value"].coordinate].formula1 == '"yes,no"'
    assert rules[cells["sale.origin"].coordinate].formula1.startswith("Words!$A$2:$A$2")
    # Text cells: a program that opens them takes neither `NO` nor a date for anything but what was typed.
    assert {cells[path].number_format for path in ("sale.origin", "sale.sold", "sale.reason", "fair.on")} == {
        "@"
    }
    assert cells["sale.price"].number_format == "General"
    assert sheet.freeze_panes == cells["sale.price"].coordinate
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.fitToHeight == 0


def test_nothing_in_a_workbook_is_a_formula(shop: Path) -> None:
    given = {
        "sale": {"reason": "=cmd|' /C calc'!A0", "origin": "NO"},
        "fair": {"value": True, "by": "@SUM(1)"},
    }
    book = load_workbook(io.BytesIO(to_workbook(_questions(shop, given))))
    texts = [
        one
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for one in row
        if isinstance(one.value, str)
    ]
    assert {one.data_type for one in texts} == {"s"}
    assert {one.value for one in texts} >= {"=1+1", "@Where | from?", "=cmd|' /C calc'!A0", "@SUM(1)"}
    assert all(one.quotePrefix for one in texts if str(one.value)[0] in "=+-@")


def test_the_same_questions_give_the_same_bytes(shop: Path) -> None:
    assert to_workbook(_questions(shop)) == to_workbook(_questions(shop))


FACTS: dict[str, object] = {
    "sale": {
        "price": 12,
        "origin": "NO",
        "reason": "a | b\\c `d` *e* =1",
        "rate": "40 %",
        "parts": [
            {"made_in": "NO"},
            {"made_in": "SE", "safe": {"value": True, "by": "Ministry", "on": "2024-05-01"}},
            {},
        ],
    },
    "warnings": ["2024-02-01", "2024-03-01"],
}


@pytest.mark.parametrize("ending", ["md", "xlsx", "json"])
def test_what_is_given_is_read_back_as_it_was(shop: Path, ending: str) -> None:
    policy = load(shop)
    before = policy.evaluate(FACTS, DAY, None, ["dear"])
    questions = ask(before, FACTS)
    if ending == "json":
        import json

        data = json.dumps(to_json(questions)).encode()
    else:
        data = to_markdown(questions).encode() if ending == "md" else to_workbook(questions)
    after = policy.evaluate(dict(_read(f"list.{ending}", data).values), DAY, None, ["dear"])
    assert after.to_json() == before.to_json()
    again = ask(after, FACTS)
    assert [one.path for one in again.questions] == [one.path for one in questions.questions]
    reason = after.facts.subjects["sale"].values["reason"]
    assert reason == "a | b\\c `d` *e* =1"
    assert after.facts.case["warnings"] == before.facts.case["warnings"]


EXIT = """\
agreement tin_exit
    title   "Agreement on Tin"
    parties BO "Bolivia", MY "Malaysia"
    in force from 2020-07-01 until 5 years after entry into force    [Article 1]
    extended by 5 years by confirmation by each party                [Article 2]

event confirmation by each party "Confirmation"
event withdrawal by each party, given and received "Notice of withdrawal"
event report "Report sent"

clause report_due "Report" [Article 3]
    MY shall "report on exports" within 30 days of receipt of withdrawal by BO
        fulfilled by report
"""


def test_events_of_each_party_are_asked_of_it_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "tin_exit.pol"
    path.write_text(EXIT, encoding="utf-8")
    policy, day = load(path), datetime.date(2026, 6, 1)
    questions = ask(policy.evaluate({}, day), {})
    assert {one.path: one.whom for one in questions.questions} == {
        "confirmation.BO": "Bolivia (BO)",
        "confirmation.MY": "Malaysia (MY)",
    }
    for make, name in ((filled_markdown, "list.md"), (filled_workbook, "list.xlsx")):
        data = make(questions, lambda one: "" if one.address.endswith("until") else "2024-03-01")
        confirmed = dict(_read(name, data).values)
        opened = ask(policy.evaluate(confirmed, day), confirmed)  # in force, so now there is more to ask
        assert {one.path: one.whom for one in opened.questions} == {
            "withdrawal.BO.received": "whoever received it",
        }
        data = make(opened, lambda one: "" if one.address.endswith("until") else "none")
        assert not ask(policy.evaluate(dict(_read(name, data).values), day), {}).questions
    facts: dict[str, object] = {
        "confirmation": {"BO": ["2023-01-01"], "MY": {"dates": ["2024-01-01"], "known_until": "2026-06-01"}},
        "withdrawal": {"BO": [{"given": "2025-03-01", "received": "2025-03-04"}], "MY": "none"},
        "report": ["2025-03-20"],
    }
    before = policy.evaluate(facts, day)
    assert before.states == {"report_due": "fulfilled"}
    for name, data in (
        ("list.md", to_markdown(ask(before, facts)).encode()),
        ("list.xlsx", to_workbook(ask(before, facts))),
    ):
        after = policy.evaluate(dict(_read(name, data).values), day)
        assert after.facts.case == before.facts.case


def test_a_territory_is_asked_about_and_read_back(tmp_path: Path) -> None:
    path = tmp_path / "wares.pol"
    path.write_text(
        "law wares\n    in force from 2024-01-01\n\nrecord sale\n    origin country\n\n"
        "rule dear for sale : yes or no [own reading]\n    yes when origin is US\n    otherwise no\n",
        encoding="utf-8",
    )
    policy = load(path)
    facts: dict[str, object] = {"sale": {"origin": "PR"}}
    questions = ask(policy.evaluate(facts, DAY, None, ["dear"]), facts)
    (asked,) = questions.questions
    assert asked.words == "Does Puerto Rico (PR) count as part of United States of America (US)?"
    assert asked.whom == "counsel, from the text of the instrument"
    for name, make in (("list.md", filled_markdown), ("list.xlsx", filled_workbook)):
        read = _read(name, make(questions, lambda _: "yes"))
        assert policy.evaluate(dict(read.values), DAY, None, ["dear"]).outcomes["dear"].value is True


def test_elements_that_lack_an_answer_are_named(shop: Path) -> None:
    open_for = {one.path: one.where for one in _questions(shop, FACTS).questions}
    assert open_for["sale.parts.made_in"] == ("part 3",)
    assert open_for["sale.parts.safe"] == ("part 3",)


@pytest.mark.parametrize("seed", range(6))
def test_answers_left_empty_are_asked_again_and_the_others_kept(shop: Path, seed: int) -> None:
    chance = random.Random(seed)
    policy = load(shop)
    draw = drawn(chance, DAY, ("NO", "SE"))
    questions = ask(policy.evaluate({}, DAY, None, ["dear"]), {})
    for rounds in range(30):
        if not questions.questions:
            break
        before = dict(questions.given)
        make = filled_workbook if rounds % 2 else filled_markdown
        data = make(questions, lambda one: draw(one) if chance.random() < 0.5 else "")
        facts = dict(_read("list.xlsx" if rounds % 2 else "list.md", data).values)
        questions = ask(policy.evaluate(facts, DAY, None, ["dear"]), facts)
        kept = policy.evaluate(before, DAY, None, ["dear"]).facts
        for name, value in kept.subjects.get("sale").values.items() if "sale" in kept.subjects else ():  # type: ignore[union-attr]  # where it is nothing, this fails
            if not isinstance(value, tuple):
                assert questions.decision.facts.subjects["sale"].values[name] == value
    assert not questions.questions


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("sale.price", "=2+2", "this cell holds a formula, and formulas are not worked out"),
        ("sale.origin", "Norway", "sale.origin: `Norway` is no country"),
        ("sale.grade", "d", "sale.grade: `d` is none of the words for this: a, b, c"),
        ("sale.sold", "31.1.2024", "sale.sold: `31.1.2024` is no date"),
        ("sale.parts", "many", "`many` is not how many there are"),
    ],
)
def test_a_bad_cell_is_named(shop: Path, path: str, answer: str, said: str) -> None:
    from policy_lang.policy import InvalidFacts
    from policy_lang.program.fact_diagnostics import to_diagnostics

    book = load_workbook(io.BytesIO(to_workbook(_questions(shop))))
    sheet = book["Questions"]
    cell = next(row[2] for row in sheet.iter_rows() if row[7].value == path)
    cell.value = answer
    made = io.BytesIO()
    book.save(made)
    read, problems = read_facts("list.xlsx", made.getvalue())
    found = list(problems)
    if read is not None:
        with pytest.raises(InvalidFacts) as refused:
            load(shop).evaluate(dict(read.values), DAY)
        found = to_diagnostics(refused.value.problems, [read])
    assert [one.span.file.name for one in found] == [f"list.xlsx[Questions!{cell.coordinate}]"]
    assert found[0].message.startswith(said.split(":", maxsplit=1)[0])
