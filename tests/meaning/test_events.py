"""Events, duties that name none, and terms: what an author may write, and what is said where it does not fit."""

import datetime
from pathlib import Path

import pytest

from policy_lang.pipeline import compile_file
from policy_lang.policy import Policy

DAY = datetime.date(2024, 6, 1)
HEADER = """
agreement pact
    parties US "United States of America", JP "Japan"
    signed 2023-12-01
    in force from 2024-01-01 {until}

event notice by each party, given and received "Notice"
event meeting "Meetings held"
"""


def compiled(tmp_path: Path, text: str, until: str = ""):
    path = tmp_path / "pact.pol"
    path.write_text(HEADER.format(until=until) + text, encoding="utf-8")
    return compile_file(path)


def policy(tmp_path: Path, text: str, until: str = "") -> Policy:
    found, problems = compiled(tmp_path, text, until)
    assert problems == ()
    assert found.program is not None
    return Policy(found.program)


def clause(words: str, name: str = "answer") -> str:
    return f'\nclause {name} "Title"\n    {words}\n'


# ------------------------------------------------------------------------------ duties that name no event

REPORT = clause('each party shall "report" within 30 days of entry into force', "report")


def test_a_duty_that_names_no_event_has_one_called_like_its_clause(tmp_path):
    found = policy(tmp_path, REPORT)
    assert "report" in found.events
    late = found.evaluate({"report": ["2024-02-01"]}, DAY).outcomes["report"]
    assert (late.state, late.on_time) == ("fulfilled", False)
    assert found.evaluate({}, DAY).outcomes["report"].needs == ["report"]
    assert found.evaluate({"report": "none"}, DAY).outcomes["report"].state == "overdue"


def test_another_clause_counts_from_it_wherever_it_stands(tmp_path):
    found = policy(tmp_path, clause('JP shall "answer" within 10 days of report') + REPORT)
    assert str(found.evaluate({"report": ["2024-01-15"]}, DAY).outcomes["answer"].due) == "2024-01-25"


def test_an_event_of_another_file_called_like_the_clause_is_that_event(tmp_path):
    (tmp_path / "words.pol").write_text('vocabulary words\n\nevent report "Reports"\n')
    found = policy(tmp_path, "\nuse words\n" + REPORT)
    assert found.events.count("report") == 1
    assert found.evaluate({"report": ["2024-01-15"]}, DAY).outcomes["report"].state == "fulfilled"


def test_a_name_that_the_facts_use_for_something_else_is_refused(tmp_path):
    _, problems = compiled(tmp_path, "\nuse trade\n" + REPORT.replace("clause report", "clause sourcing"))
    assert [one.code.name for one in problems] == ["wrong-use"]
    assert "fulfilled by EVENT" in problems[0].help


def test_a_duty_of_a_used_file_asks_nothing_of_this_one(tmp_path):
    policy(tmp_path, REPORT)
    path = tmp_path / "other.pol"
    path.write_text(
        "agreement other\n"
        '    parties US "A", JP "B"\n'
        "    in force from 2024-01-01\n\nuse pact\n" + REPORT.replace("30 days", "60 days")
    )
    found, problems = compile_file(path)
    assert problems == ()
    assert found.program is not None
    assert [fact.name for fact in found.program.case_facts].count("report") == 1


# ------------------------------------------------------------------------------ whose event


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("notice by US", "2024-03-01"),
        ("notice by JP", "2024-02-09"),
        ("notice by either party", "2024-02-09"),
        ("notice by each party", "2024-03-01"),
        ("receipt of notice by JP", "2024-02-19"),
        ("receipt of notice by either party", "2024-02-19"),
        ("meeting", "2024-01-16"),
    ],
)
def test_a_period_runs_from_the_act_that_is_named(tmp_path, words, due):
    found = policy(tmp_path, clause(f'the parties shall "talk" within 30 days of {words}'))
    facts = {
        "notice": {
            "US": [{"given": "2024-01-31", "received": "2024-02-05"}],
            "JP": [{"given": "2024-01-10", "received": "2024-01-20"}],
        },
        "meeting": ["2023-12-17"],
    }
    assert str(found.evaluate(facts, DAY).outcomes["answer"].due) == due


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("notice", "each party has its own `notice`"),
        ("notice by FR", "`FR` is not a party to this instrument"),
        ("notice by each participant", "the members of this agreement are not called that"),
        ("meeting by US", "`meeting` does not tell the parties apart"),
        ("receipt of meeting", "`meeting` has no days of receipt"),
        ("notise by US", "no event is called `notise`"),
        ("aim", "`aim` is not an event"),
    ],
)
def test_what_does_not_fit_is_said_once(tmp_path, words, message):
    aim = clause('the parties should "aim"', "aim")
    _, problems = compiled(tmp_path, aim + clause(f'the parties shall "talk" within 30 days of {words}'))
    assert [one.message for one in problems] == [message]
    assert problems[0].help


def test_parties_of_an_event_need_parties(tmp_path):
    path = tmp_path / "words.pol"
    path.write_text("vocabulary words\n\nevent notice by each party\n")
    assert [one.code.name for one in compile_file(path)[1]] == ["no-parties"]


# ------------------------------------------------------------------------------ terms

EXTENDED = "until 16 years after entry into force\n    extended by 16 years by meeting"


def test_a_term_without_an_extension_is_an_end(tmp_path):
    for until, last in (
        ("until 2 years after entry into force", "2026-01-01"),
        ("until 2 years after signature", "2025-12-01"),
        ("\n    ceases 2 years after entry into force", "2025-12-31"),
        ("\n    ceases on 2026-01-01", "2025-12-31"),
    ):
        found = policy(tmp_path, REPORT, until)
        assert str(found.program.instruments[0].until) == last


def test_an_extension_makes_the_end_hang_on_events(tmp_path):
    found = policy(tmp_path, REPORT, EXTENDED)
    day = datetime.date(2040, 1, 2)
    report = {"report": ["2024-01-15"]}
    states = [
        found.evaluate(report | facts, on).outcomes["report"].state
        for facts, on in (
            ({}, day - datetime.timedelta(days=1)),
            ({}, day),
            ({"meeting": "none"}, day),
            ({"meeting": ["2040-01-01"]}, day),
            ({"meeting": {"dates": [], "known_until": "2040-01-01"}}, day),
            ({"meeting": {"dates": [], "known_until": "2039-12-31"}}, day),
        )
    ]
    assert states == [
        "fulfilled",
        "undetermined",
        "not in force",
        "fulfilled",
        "not in force",
        "undetermined",
    ]


def test_a_fixed_end_can_be_extended_too(tmp_path):
    found = policy(
        tmp_path, REPORT, "until 2030-12-31\n    extended until 5 years rounded down after meeting"
    )
    facts = {"report": ["2024-01-15"], "meeting": ["2028-02-29"]}
    states = [found.evaluate(facts, datetime.date(2033, 2, n)).outcomes["report"].state for n in (28,)]
    after = found.evaluate(facts, datetime.date(2033, 3, 1)).outcomes["report"].state
    assert [*states, after] == ["fulfilled", "not in force"]


def test_what_a_window_decides_needs_no_event(tmp_path):
    text = clause('each party shall "report" by 2024-03-01 until 2030-12-31', "report")
    found = policy(tmp_path, text, EXTENDED)
    assert found.evaluate({}, datetime.date(2050, 1, 1)).outcomes["report"].state == "not in force"


@pytest.mark.parametrize(
    ("until", "message"),
    [
        ("\n    extended by 16 years by meeting", "there is no end that could be extended"),
        ("until 9000 years after entry into force", "this term ends after the year 9999"),
        (EXTENDED + "\n    extended by 1 year by meeting", "the header says what extends the term twice"),
        (EXTENDED + "\n    ceases on 2030-01-01", "the header says an end twice"),
        (EXTENDED.replace("meeting", "notice"), "each party has its own `notice`"),
        (
            EXTENDED.replace("by 16 years by", "until 16 years after"),
            "the month reached may not have that day",
        ),
    ],
)
def test_a_term_that_does_not_fit(tmp_path, until, message):
    _, problems = compiled(tmp_path, REPORT, until)
    assert [one.message for one in problems] == [message]


def test_a_term_that_counts_from_a_date_the_header_does_not_give(tmp_path):
    path = tmp_path / "pact.pol"
    path.write_text("agreement pact\n    in force from 2024-01-01 until 2 years after signature\n")
    assert [one.code.name for one in compile_file(path)[1]] == ["no-such-anchor"]


# ------------------------------------------------------------------------------ days of months


@pytest.mark.parametrize(
    ("words", "due"),
    [
        ("on the first day of the 3rd month after signature", "2024-03-01"),
        ("by the last day of the 2nd month after 2023-12-31", "2024-02-29"),
        ("on the last day of the 1st month after meeting", "2024-05-31"),
    ],
)
def test_on_a_day_of_a_month(tmp_path, words, due):
    found = policy(tmp_path, clause(f'the parties shall "talk" {words}'))
    told = found.evaluate({"meeting": ["2024-04-30"]}, datetime.date(2024, 5, 1)).outcomes["answer"]
    assert str(told.due) == due
