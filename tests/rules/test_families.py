"""Statuses, prohibitions, defences, obligations, undertakings, and which clause gives way: rules F1 to F7."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.texts import Text, codes, compiled

GRANTS = """
agreement grants
    title "Grants"
    parties US "A", JP "B", CL "C", KR "D"
    in force from 2024-01-01

use trade

for_a_while means cobalt from 2024-03-01 until 2024-06-30, nickel from 2024-09-01 until 2024-09-30
open_list includes tin
never means gold until 2023-12-31

clause one "For some goods, for a while"                        [Art. 1]
    treat JP as free_trade_partner of US with respect to for_a_while

clause two "For all goods"                                      [Art. 2]
    treat CL as free_trade_partner of US

clause three "For goods that are not all named"                 [Art. 3]
    treat KR as free_trade_partner of US with respect to open_list, for_a_while

clause four "For none any more"                                 [Art. 4]
    treat AU as free_trade_partner of US with respect to never
"""
LEVY = """
law levy
    title "Levy"
    in force from 2020-01-01

use trade, grants

record load "A load"
    origin  country
    good    mineral
    sent    date

rule some_good for load : yes or no
    origin has status free_trade_partner of US

rule this_good for load : yes or no
    origin has status free_trade_partner of US for good

rule when_sent for load : yes or no
    origin has status free_trade_partner of US on sent
"""


@pytest.fixture(scope="module")
def levy(tmp_path_factory: pytest.TempPathFactory) -> Text:
    return compiled(tmp_path_factory.mktemp("levy"), LEVY, grants=GRANTS)


@pytest.mark.parametrize(
    ("origin", "day", "granted"),
    [
        ("JP", "2024-02-29", False),
        ("JP", "2024-03-01", True),
        ("JP", "2024-06-30", True),
        ("JP", "2024-07-01", False),
        ("JP", "2024-09-30", True),
        ("JP", "2024-10-01", False),
        ("CL", "2024-10-01", True),
        ("CL", "2023-12-31", False),
        ("KR", "2024-10-01", True),
        ("AU", "2024-03-01", False),
        ("FR", "2024-03-01", False),
    ],
)
def test_f1_a_status_for_some_good_needs_a_good_that_has_it(
    levy: Text, origin: str, day: str, granted: bool
) -> None:
    facts = {"load": {"origin": origin, "good": "cobalt", "sent": day}}
    assert levy.value("some_good", facts, day) is granted
    assert levy.value("when_sent", facts, "2030-01-01") is granted
    assert levy.outcome("this_good", facts, day).value in ((True, False, None) if granted else (False,))


# ------------------------------------------------------------------------------ F2, F3, F6

QUARRY = """
agreement quarry
    title "Quarry"
    parties US "A", JP "B"
    in force from 2024-01-01

use trade

determination necessary "Is the measure necessary?"
determination lasting "Is the shortage a lasting one?"

clause ban "No duties"                                                  [Art. 1]
    no party shall impose export_duty

clause small "Small duties on cobalt"                                   [Art. 2]
    each party may impose export_duty on cobalt notwithstanding clause ban
        when measure.rate is at most 5 %
    does not apply when lasting
    subject to clause watch

clause watch "Nickel and dear cobalt are watched"                       [Art. 3]
    flag watched on measure when measure.rate is more than 4 %

clause talks "Talks"                                                    [Art. 4]
    the parties shall confer on "duties" on measure
    subject to clause small

exception shortage to clause ban "Shortage"                             [Art. 5]
    must be invoked by the party taking the measure
    justified when necessary

exception own_view to clause ban "In its own view"                      [Art. 6]
    self-judging
"""
MEASURE = {"kind": "export_duty", "by": "JP", "to": "US", "good": "cobalt", "rate": 3}


@pytest.fixture(scope="module")
def quarry(tmp_path_factory: pytest.TempPathFactory) -> Text:
    return compiled(tmp_path_factory.mktemp("quarry"), QUARRY)


def measure(**more: object) -> dict[str, object]:
    facts = {"lasting": False, **more}
    known = {name: value for name, value in facts.items() if name in MEASURE}
    rest = {name: value for name, value in facts.items() if name not in MEASURE}
    return {"measure": {**MEASURE, **known}, **rest}


def test_f2_complied_because_permitted_says_so_and_cites_the_permission(quarry: Text) -> None:
    outcome = quarry.outcome("ban", measure())
    assert outcome.state == "complied"
    assert outcome.cites == ["Art. 1", "Art. 2"]
    assert "permitted by: Small duties on cobalt" in outcome.because
    explained = quarry.explained("ban", measure())
    assert "ban: complied, because permitted" in explained
    assert "yes: small permits it (Small duties on cobalt)" in explained
    assert "[Art. 2]" in explained


def test_f2_what_was_not_done_complies_without_a_permission(quarry: Text) -> None:
    outcome = quarry.outcome("ban", measure(rate=0))
    assert outcome.state == "complied"
    assert outcome.cites == ["Art. 1"]
    assert not any("permitted" in one for one in outcome.because)
    assert quarry.state("ban", measure(rate=None)) == "undetermined"  # 3 % is permitted, 6 % is not
    assert quarry.explained("ban", measure(rate=0)).startswith("ban: complied  [Art. 1]")


def test_f2_a_permission_that_does_not_apply_beats_nothing(quarry: Text) -> None:
    assert quarry.state("ban", measure(lasting=True)) == "breached"
    assert quarry.state("small", measure(lasting=True)) == "not applicable"
    assert quarry.state("ban", measure(lasting=None)) == "undetermined"


def test_f6_a_permission_that_gives_way_beats_nothing(quarry: Text) -> None:
    assert quarry.state("ban", measure(rate="4.5")) == "breached"
    assert quarry.state("small", measure(rate="4.5")) == "not applicable"
    assert quarry.state("talks", measure(rate="4.5")) == "applies"
    assert quarry.state("talks", measure()) == "not applicable"


def test_f3_defences_are_listed_only_where_a_breach_is_found_or_may_be(quarry: Text) -> None:
    assert quarry.outcome("ban", measure()).defences == []
    assert quarry.outcome("ban", measure(by="FR")).defences == []
    assert "defences" not in quarry.explained("ban", measure(by="FR"))
    states = [d["state"] for d in quarry.outcome("ban", measure(rate=9)).defences]
    assert states == ["not invoked", "not invoked"]
    assert len(quarry.outcome("ban", measure(rate=None)).defences) == 2


def test_f3_a_justified_breach_cites_its_defence_and_lists_every_one(quarry: Text) -> None:
    facts = measure(rate=9, shortage=True, necessary={"value": True, "by": "Ministry", "on": "2024-05-01"})
    outcome = quarry.outcome("ban", facts)
    assert outcome.state == "justified"
    assert outcome.cites == ["Art. 1", "Art. 5"]
    assert [d["state"] for d in outcome.defences] == ["made out", "not invoked"]
    assert [(d["name"], d["by"]) for d in outcome.determinations] == [("necessary", "Ministry")]
    rejected = quarry.outcome("ban", measure(rate=9, shortage=True, necessary=False))
    assert (rejected.state, rejected.defences[0]["state"]) == ("breached", "rejected")


def test_f3_one_defence_made_out_is_enough_whatever_is_open_about_another(quarry: Text) -> None:
    outcome = quarry.outcome("ban", measure(rate=9, shortage=True, own_view=True))
    assert outcome.state == "justified"
    assert [d["state"] for d in outcome.defences] == ["undetermined", "made out"]


RING = """
agreement ring
    title "Ring"
    parties US "A", JP "B"

use trade

clause ban "Ban"
    no party shall impose export_duty
    {ban}

clause free "Free"
    JP may impose export_duty notwithstanding clause ban
    {free}

clause watch "Watch"
    flag w on measure when measure.good is cobalt
    {watch}
"""


@pytest.mark.parametrize(
    "lines",
    [
        {"free": "subject to clause ban"},
        {"ban": "notwithstanding clause free"},
        {"free": "subject to clause watch", "watch": "subject to clause ban"},
        {"ban": "subject to clause watch", "watch": "subject to clause ban"},
        {"watch": "subject to clause watch"},
    ],
)
def test_f6_circles_are_refused_whatever_they_go_through(tmp_path: Path, lines: dict[str, str]) -> None:
    text = RING.format(**{"ban": "", "free": "", "watch": "", **lines})
    assert codes(tmp_path, text) == ["circular-definition"]


def test_f2_a_permission_beats_only_a_prohibition_about_the_same_record(tmp_path: Path) -> None:
    text = RING.format(ban="", free="", watch="").replace("Ring", "Two") + (
        'record sale "A sale"\n    seller country\n    price money USD\n\n'
        'act selling on sale "Selling"\n    done when price is more than 0 USD\n    by seller\n\n'
        'clause sell "Sell"\n    JP may selling notwithstanding clause ban\n'
    )
    assert codes(tmp_path, text) == ["not-in-scope"]


def test_f6_nothing_gives_way_to_a_duty_that_begins_with_an_event(tmp_path: Path) -> None:
    duty = (
        '\nclause soon "Soon"\n    the parties shall "meet" within 30 days of reviews fulfilled by reviews\n'
    )
    text = RING.format(ban="subject to clause soon", free="", watch="") + duty
    assert codes(tmp_path, text) == ["wrong-use"]


def test_f6_a_clause_gives_way_to_a_duty_from_the_day_its_clock_starts(tmp_path: Path) -> None:
    duty = '\nclause soon "Soon"\n    the parties shall "meet" within 30 days of 2024-03-01 fulfilled by reviews\n'
    text = compiled(tmp_path, RING.format(ban="subject to clause soon", free="", watch="") + duty)
    facts = {"measure": {**MEASURE, "by": "US", "to": "JP"}, "reviews": []}
    assert text.state("ban", facts, "2024-02-29") == "breached"
    assert text.state("ban", facts, "2024-03-01") == "not applicable"
    assert text.state("soon", facts, "2024-02-29") == "not yet triggered"


# ------------------------------------------------------------------------------ F4, F5

CALENDAR = """
{kind} talks
    title "Talks"
    {members} US "A", JP "B"
    in force from 2024-01-01

use trade

event meetings "Meetings held"

clause yearly "Every year"                      [Art. 1]
    the {members} {verb} "meet" within 1 year of entry into force and every 1 year thereafter
        fulfilled by meetings

clause open_trade "Open trade"                  [Art. 2]
    the {members} affirm "open trade" on measure with respect to cobalt from 2024-06-01

clause watch "Watch"                            [Art. 3]
    flag watched on measure when measure.rate is more than 5 %
"""


@pytest.fixture(scope="module")
def binding(tmp_path_factory: pytest.TempPathFactory) -> Text:
    text = CALENDAR.format(kind="agreement", members="parties", verb="shall")
    return compiled(tmp_path_factory.mktemp("binding"), text)


@pytest.fixture(scope="module")
def political(tmp_path_factory: pytest.TempPathFactory) -> Text:
    text = CALENDAR.format(kind="framework", members="participants", verb="intend to")
    return compiled(tmp_path_factory.mktemp("political"), text)


@pytest.mark.parametrize(
    ("meetings", "day", "state"),
    [
        ([], "2025-01-01", "pending"),
        ([], "2025-01-02", "overdue"),
        (["2024-12-31"], "2025-01-02", "pending"),
        (["2025-06-01"], "2025-06-02", "pending"),
        (None, "2025-01-01", "pending"),
        (None, "2025-01-02", "undetermined"),
    ],
)
def test_f4_each_event_discharges_the_earliest_due_date(
    binding: Text, meetings: list[str] | None, day: str, state: str
) -> None:
    assert binding.state("yearly", {"meetings": meetings}, day) == state


def test_f4_a_missed_target_of_a_framework_is_no_breach(political: Text, tmp_path: Path) -> None:
    outcome = political.outcome("yearly", {"meetings": []}, "2025-01-02")
    assert (outcome.state, outcome.force) == ("target date passed; no breach", "political")
    assert political.outcome("watch", {"measure": {"rate": 6}}).force == "political"
    firm = CALENDAR.format(kind="framework", members="participants", verb="shall")
    assert codes(tmp_path, firm) == ["shall-in-framework"]


def test_f5_a_flag_is_raised_or_clear_and_an_undertaking_applies_or_does_not(binding: Text) -> None:
    facts = {"measure": {"good": "cobalt", "rate": 6}}
    assert binding.state("watch", facts) == "raised"
    assert binding.state("watch", {"measure": {"rate": 5}}) == "clear"
    assert binding.state("open_trade", facts, "2024-06-01") == "applies"
    assert binding.state("open_trade", {"measure": {"good": "tin"}}, "2024-06-01") == "does not apply"
    assert binding.state("open_trade", facts, "2024-05-31") == "not in force"
    assert binding.outcome("open_trade", facts).force == "affirmation"
