"""Memoranda say the same in both formats, for every policy, and say it in plain words."""

from __future__ import annotations

import datetime
import html
import io
import json
import random
import re
from pathlib import Path

import mammoth  # type: ignore[import-untyped]  # it has no type hints
import pytest

from policy_lang.loading import load
from policy_lang.policy import InvalidFacts, Policy
from policy_lang.source.facts_file import read_facts
from policy_lang.tools.explain import answer
from policy_lang.tools.memo.content import Memo, memo, source_kind
from policy_lang.tools.memo.to_docx import to_docx
from policy_lang.tools.memo.to_markdown import SIGNED, to_markdown
from policy_lang.tools.questions.ask import ask
from policy_lang.tools.sensitivity import sensitivity
from tests.tools.filling import drawn, filled_markdown
from tests.tools.test_questions import POLICIES

ROOT = Path(__file__).parents[2]
DAY = datetime.date(2026, 6, 14)
STAMP = (("As of", "2026-06-14"), ("Policy a_b.pol", "SHA-256 0123"))


def _memo(policy: Policy, facts: dict[str, object], names: tuple[str, ...] | None = None) -> Memo:
    decision = policy.evaluate(facts, DAY, None, names)
    readings = sensitivity(policy, facts, DAY, None, names, words=answer)
    return memo(decision, readings, ask(decision, facts), STAMP)


def _texts(made: Memo) -> list[str]:
    """Every text of a memorandum, in no particular order."""
    found = [made.title, SIGNED, *made.determinations, *made.limits]
    found += [text for pair in (*made.about, *made.stamp) for text in pair]
    for opinion in made.opinions:
        found += [opinion.question, opinion.answer, *opinion.remarks]
        for ground in opinion.grounds:
            found += [f"{ground.number}. {ground.title}", *ground.cites]
            found += [text for one in ground.findings for text in (one.where, one.value, *one.points)]
    found += [text for one in made.sources for text in (one.cite, one.kind, one.used_in)]
    found += [text for one in made.facts for text in (one.what, one.where, one.value)]
    found += [
        text for one in made.assumptions for text in (one.taken, one.effect, *one.because, *one.against)
    ]
    found += [text for one in made.open_points for text in (one.question, one.whom, one.why)]
    return [" ".join(text.split()) for text in found if text]


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\\([^\w\s])", r"\1", text).replace("**", "").split())


def _some_facts(policy: Policy) -> dict[str, object]:
    """Facts drawn by chance; nearly half of them are left open."""
    chance = random.Random(policy.name)
    parties = tuple(code for code, _ in policy.program.instruments[0].parties) or ("US", "JP")
    draw = drawn(chance, DAY, parties)
    for _ in range(20):
        questions = ask(policy.evaluate({}, DAY, None, policy.names), {})
        data = filled_markdown(questions, lambda one: draw(one) if chance.random() < 0.6 else "")
        read, _problems = read_facts("filled.md", data)
        try:
            facts = dict(read.values) if read is not None else {}
            policy.evaluate(facts, DAY, None, policy.names)
        except InvalidFacts:
            continue
        return facts
    return {}


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_both_formats_say_everything_in_plain_words(path: Path) -> None:
    policy = load(path)
    made = _memo(policy, _some_facts(policy), policy.names)
    markdown = to_markdown(made)
    document = to_docx(made)
    assert to_docx(made) == document
    word = " ".join(html.unescape(mammoth.extract_raw_text(io.BytesIO(document)).value).casefold().split())
    shown = _plain(markdown).replace("\\|", "|").casefold()
    for text in _texts(made):
        assert text.casefold() in shown, text
        assert text.casefold() in word, text
    prose = markdown.partition("## Stamp")[0]
    assert re.findall(r"\w+_\w+", prose) == []
    numbers = [ground.number for opinion in made.opinions for ground in opinion.grounds]
    assert numbers == list(range(1, len(numbers) + 1))
    for seen in re.findall(r"\(see ([0-9, and]+)\)", prose):
        assert {int(one) for one in re.findall(r"[0-9]+", seen)} <= set(numbers)


def test_a_word_document_has_headings_tables_and_a_footer() -> None:
    from docx import Document

    policy = load(POLICIES[-1])
    document = to_docx(_memo(policy, {}, policy.names))
    as_html = mammoth.convert_to_html(io.BytesIO(document)).value
    for heading in ("Reasons", "Sources", "Assumptions", "Open points", "Limits", "Stamp"):
        assert f"<h1>{heading}</h1>" in as_html
    assert "<strong>Citation</strong>" in as_html
    opened = Document(io.BytesIO(document))
    assert "Page 1 of 1" in opened.sections[0].footer.paragraphs[0].text
    assert opened.core_properties.author == "policy-lang"


DEAL = """\
agreement scrap_deal
    title "Agreement on Scrap"
    parties CL "Republic of Chile", NZ "New Zealand"
    in force from 2024-01-01

use trade

determination needed_for_health "Is the measure needed to protect human health?"

assume notice_counts is yes
    because "a notice counts from the day it is sent" [Article 9]
    but see "it counts from the day it is received" [own reading]

clause no_duty "Export duties" [Article 6.1]
    neither party shall impose export_duty on nickel exported to the other party

exception health to clause no_duty "Protection of health"      [Article 6.3]
    must be invoked by the party taking the measure
    justified when needed_for_health and notice_counts

rule two for measure : number "Both" [Article 7]
    1 when rate is more than 0 %  [Article 7.1]
    2 when rate is more than 3 %  [account of 2020; secondary]
    otherwise 0
"""

MEASURE = {"kind": "export_duty", "by": "CL", "to": "NZ", "good": "nickel", "rate": 5}


@pytest.fixture
def deal(tmp_path: Path) -> Policy:
    path = tmp_path / "scrap_deal.pol"
    path.write_text(DEAL, encoding="utf-8")
    return load(path)


def test_a_breach_that_is_justified(deal: Policy) -> None:
    made = {"value": True, "by": "Ministry of Health\x07", "on": "2026-01-05"}
    found = _memo(deal, {"measure": MEASURE, "needed_for_health": made, "health": True}, ("no_duty",))
    (opinion,) = found.opinions
    assert opinion.question == "Is there a breach of “Export duties”?"
    assert opinion.answer == "Justified."
    assert "Defence “Protection of health”: made out." in opinion.remarks
    assert "the measure's rate is 5 %, more than 0 %" in opinion.grounds[0].findings[0].points
    (assumed,) = found.assumptions
    assert assumed.taken == "Notice counts: yes."
    assert assumed.effect == "Read the other way, “Export duties” would be: breached."
    assert assumed.against == ("It counts from the day it is received. [own reading]",)
    assert found.determinations == (
        "“Is the measure needed to protect human health?”: yes, decided by Ministry of Health\x07 on 2026-01-05.",
    )
    assert "Ministry of Health\ufffd" in mammoth.extract_raw_text(io.BytesIO(to_docx(found))).value


def test_a_long_list_gives_a_memorandum_of_bounded_length() -> None:
    policy = load(ROOT / "policies/clean_vehicle_credit.pol")
    vehicle = json.loads((ROOT / "policies/examples/whole_vehicle.json").read_text(encoding="utf-8"))[
        "vehicle"
    ]
    vehicle["chains"] = vehicle["chains"] * 100
    found = _memo(policy, {"vehicle": vehicle}, ("minerals_met",))
    assert max(len(one.findings) for one in found.opinions[0].grounds) == 41
    assert found.facts[-1].what.endswith(" more")
    assert len(to_markdown(found)) < 500_000


def test_a_clash_is_told_with_both_sources(deal: Policy) -> None:
    found = _memo(deal, {"measure": MEASURE}, ("two",))
    assert found.opinions[0].answer == (
        "The text gives answers that do not agree: 1 [Article 7.1] and 2 [account of 2020; secondary]."
    )
    assert [(one.cite, one.kind) for one in found.sources][1:] == [
        ("Article 7.1", "the text itself"),
        ("account of 2020; secondary", "secondary: somebody's account of the text"),
    ]


def test_what_is_missing_is_an_open_point(deal: Policy) -> None:
    measure = {key: value for key, value in MEASURE.items() if key != "rate"}
    found = _memo(deal, {"measure": measure}, ("no_duty",))
    assert found.opinions[0].answer == "It cannot be said yet. 1 fact is missing: see Open points."
    assert found.open_points[0].question == "If it is a duty, at what rate?"


@pytest.mark.parametrize(
    ("cite", "kind"),
    [
        ("Article 6.1", "the text itself"),
        ("Article 6; as amended", "the text itself"),
        ("CRS IF12517; secondary", "secondary: somebody's account of the text"),
        ("a letter; unconfirmed", "unconfirmed: nobody has checked it"),
        ("own reading", "own reading of the author"),
    ],
)
def test_the_class_of_a_citation(cite: str, kind: str) -> None:
    assert source_kind(cite) == kind
