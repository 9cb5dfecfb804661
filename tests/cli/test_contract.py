"""What scripts rely on: exit statuses, streams, and the JSON documents of every verb."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Pol

DONE, NO, WRONG_USE, INVALID, UNDETERMINED = range(5)
POLICIES = Path(__file__).parent.parent.parent / "policies"
JAPAN = POLICIES / "us_japan_2023.pol"


# ------------------------------------------------------------------------------------------ in general


def test_help_and_version(pol: Pol) -> None:
    for arguments in (
        ["--help"],
        ["-h"],
        ["check", "--help"],
        ["eval", "-h"],
        ["test", "-h"],
        ["show", "-h"],
    ):
        ran = pol(*arguments)
        assert ran.status == DONE
        assert ran.out.startswith("Usage:")
    assert pol("--version").status == DONE


def test_wrong_use_is_2(pol: Pol, small: Path, tmp_path: Path) -> None:
    for arguments in (
        [],
        ["chekc"],
        ["check"],
        ["check", "--format", "xml", small],
        ["check", tmp_path / "missing.pol"],
        ["test", tmp_path / "missing"],
        ["eval"],
        ["eval", tmp_path / "missing.pol"],
        ["eval", tmp_path],
        ["eval", small, "--as-of", "2024-02-30"],
        ["eval", small, "--as-of", "20240101"],
        ["eval", small, "--as-of", "2024-W01-1"],
        ["eval", small, "--set", "sale.price"],
        ["eval", small, "--set", "=5"],
        ["eval", small, "--assume", "late_counts"],
        ["eval", small, "--assume", "nothing=yes"],
        ["eval", small, "--assume", "late_counts=perhaps"],
        ["eval", small, "--outcome", "nothing"],
        ["eval", small, "--facts", tmp_path / "missing.json"],
        ["eval", small, "--facts", tmp_path],
        ["show", small, "nothing"],
        ["show", tmp_path],
    ):
        ran = pol(*arguments)
        assert ran.status == WRONG_USE, arguments
        assert ran.err or not arguments, arguments


def test_slips_get_a_suggestion(pol: Pol, small: Path) -> None:
    assert "`check`" in pol("chekc", small).err
    assert "`dear`" in pol("eval", small, "--outcome", "daer").err
    assert "`dear`" in pol("show", small, "daer").err
    assert "`late_counts`" in pol("eval", small, "--assume", "late_count=no").err


def test_no_colour_when_piped_nor_with_no_color(spawn: Pol, small: Path, broken: Path) -> None:
    for environment in ({}, {"NO_COLOR": "1"}, {"TERM": "xterm-256color"}):
        for arguments in (["check", broken], ["eval", small], ["test", small], ["show", small]):
            ran = spawn(*arguments, **environment)
            assert "\x1b" not in ran.out + ran.err


def test_text_that_the_terminal_cannot_show_ends_no_command(spawn: Pol) -> None:
    ran = spawn("eval", JAPAN, "--as-of", "2024-06-01", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert ran.status == UNDETERMINED
    assert "Traceback" not in ran.err


# ------------------------------------------------------------------------------------------ check


def test_check(pol: Pol, small: Path, broken: Path, tmp_path: Path) -> None:
    fine = pol("check", small)
    assert (fine.status, fine.err) == (DONE, "")
    assert fine.out == "1 file checked: no problems\n"
    wrong = pol("check", broken)
    assert wrong.status == NO
    assert "error[unknown-name]" in wrong.err
    assert wrong.out == "1 file checked: 1 error\n"
    both = pol("check", tmp_path)  # folders mean every file in them and below
    assert both.status == NO
    assert "2 files checked: 1 error" in both.out


def test_check_of_nothing_is_no_success(pol: Pol, tmp_path: Path) -> None:
    ran = pol("check", tmp_path)
    assert ran.status == NO
    assert "nothing was checked" in ran.err


def test_check_names_a_file_once(pol: Pol, small: Path) -> None:
    assert pol("check", small, small, small.parent).out == "1 file checked: no problems\n"


def test_check_as_json(pol: Pol, small: Path, broken: Path) -> None:
    assert pol("check", small, "--format", "json").json == {"files": [str(small)], "problems": []}
    ran = pol("check", broken, "--format", "json")
    assert ran.status == NO
    (problem,) = ran.json["problems"]
    assert problem["code"] == "unknown-name"
    assert (problem["file"], problem["line"], problem["column"]) == (str(broken), 4, 5)
    assert problem["message"]
    assert problem["help"]
    assert problem["why"]


def test_check_for_other_programs(pol: Pol, broken: Path) -> None:
    sarif = pol("check", broken, "--format", "sarif").json
    assert sarif["version"] == "2.1.0"
    assert sarif["runs"][0]["results"][0]["ruleId"] == "unknown-name"
    assert pol("check", broken, "--format", "github").out.startswith("::error file=")
    plain = pol("check", broken, "--format", "plain")
    assert plain.out.startswith(f"{broken}:4:5: error[unknown-name]: ")
    assert plain.status == NO


def test_all_policies_of_this_project_are_right(pol: Pol) -> None:
    ran = pol("check", POLICIES)
    assert (ran.status, ran.err) == (DONE, "")


# ------------------------------------------------------------------------------------------ eval


def test_eval_decided(pol: Pol, small: Path) -> None:
    ran = pol(
        "eval",
        small,
        "--set",
        "sale.price=7",
        "--set",
        "sale.late=no",
        "--as-of",
        "2024-06-01",
        "--outcome",
        "dear",
    )
    assert (ran.status, ran.err) == (DONE, "")
    assert "dear: yes" in ran.out
    assert "2024-06-01" in ran.out


def test_eval_undetermined_is_4(pol: Pol, small: Path) -> None:
    ran = pol("eval", small, "--as-of", "2024-06-01", "--format", "json")
    assert ran.status == UNDETERMINED
    assert ran.json["outcomes"]["dear"]["state"] == "undetermined"
    assert ran.json["outcomes"]["dear"]["needs"] == ["sale.price", "sale.late"]


def test_eval_error_is_3(pol: Pol, small: Path) -> None:
    text = small.read_text(encoding="utf-8").replace("percent of 3 USD", "percent of (price - 5 USD)")
    small.write_text(text, encoding="utf-8")
    arguments = ["eval", small, "--set", "sale.price=5", "--as-of", "2024-06-01", "--outcome", "share"]
    assert pol(*arguments).status == INVALID
    outcome = pol(*arguments, "--format", "json").json["outcomes"]["share"]
    assert outcome["state"] == "error"
    assert outcome["error"]["code"] == "share-of-nothing"
    assert outcome["error"]["message"]


def test_eval_not_in_force_is_an_answer(pol: Pol, small: Path) -> None:
    ran = pol("eval", small, "--set", "sale.price=7", "--as-of", "2023-12-31", "--format", "json")
    assert ran.status == DONE
    assert ran.json["outcomes"]["dear"]["state"] == "not in force"


def test_eval_of_a_broken_policy_is_3(pol: Pol, broken: Path) -> None:
    ran = pol("eval", broken)
    assert ran.status == INVALID
    assert ran.out == ""
    assert "unknown-name" in ran.err
    assert pol("eval", broken, "--format", "json").json["problems"][0]["code"] == "unknown-name"


def test_eval_of_bad_facts_is_3(pol: Pol, small: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"sale": {"price": -1, "lat": true}}', encoding="utf-8")
    ran = pol("eval", small, "--facts", facts)
    assert ran.status == INVALID
    assert "out-of-bounds" in ran.err
    assert "`late`" in ran.err
    problems = pol("eval", small, "--facts", facts, "--format", "json").json["problems"]
    assert [p["code"] for p in problems] == ["out-of-bounds", "unknown-fact"]
    assert (problems[0]["line"], problems[0]["column"]) == (1, 20)


def test_facts_of_several_files_and_of_the_command_line(pol: Pol, small: Path, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"sale": {"price": "4 USD", "late": true}}', encoding="utf-8")
    (tmp_path / "a.yaml").write_text("sale:\n  price: 4\n  late: yes\n", encoding="utf-8")
    (tmp_path / "a.toml").write_text("[sale]\nprice = 4.0\nlate = true\n", encoding="utf-8")
    common = ["--as-of", "2024-06-01", "--outcome", "dear", "--format", "json"]
    for ending in ("json", "yaml", "toml"):
        ran = pol("eval", small, "--facts", tmp_path / f"a.{ending}", *common)
        assert (ran.status, ran.json["outcomes"]["dear"]["value"]) == (DONE, True), ending
    ran = pol("eval", small, "--facts", tmp_path / "a.json", "--set", "sale.late=no", *common)
    assert ran.json["outcomes"]["dear"]["value"] is False
    ran = pol("eval", small, "--facts", tmp_path / "a.json", "--assume", "late_counts=no", *common)
    assert ran.json["outcomes"]["dear"]["value"] is False
    assert ran.json["outcomes"]["dear"]["assumes"] == ["late_counts"]
    ran = pol("eval", small, "--facts", tmp_path / "a.json", "--facts", tmp_path / "a.toml", *common)
    assert ran.status == INVALID


def test_facts_from_standard_input(pol: Pol, small: Path) -> None:
    arguments = [
        "eval",
        small,
        "--facts",
        "-",
        "--as-of",
        "2024-06-01",
        "--outcome",
        "dear",
        "--format",
        "json",
    ]
    ran = pol(*arguments, stdin=b'{"sale": {"price": 7}}')
    assert (ran.status, ran.json["outcomes"]["dear"]["value"]) == (DONE, True)
    ran = pol(*arguments, stdin=b'{"sale": {"price": ')
    assert ran.status == INVALID
    assert ran.json["problems"][0]["file"] == "<standard input>"


def test_the_document_of_eval(pol: Pol) -> None:
    ran = pol(
        "eval", JAPAN, "--as-of", "2024-06-01", "--format", "json",
        "--set", "sourcing.country=JP", "--set", "sourcing.good=lithium",
    )  # fmt: skip
    assert ran.status == DONE
    document = ran.json
    assert document["policy"] == "us_japan_2023"
    assert document["as_of"] == "2024-06-01"
    assert document["instruments"] == ["us_japan_2023", "trade"]
    assert document["verified"] == "2026-11-22"
    status = document["outcomes"]["fta_treatment"]
    assert status["family"] == "status"
    assert status["subject"] == "sourcing"
    assert status["state"] == "granted"
    assert status["value"] is None
    assert status["type"] is None
    assert status["force"] == "binding"
    assert status["needs"] == status["assumes"] == status["determinations"] == []
    assert status["cites"] == ["CRS IF12517; secondary"]
    assert "sourcing.country is JP" in " ".join(status["because"])
    assert "export_duties" not in document["outcomes"]  # nothing is given about a measure
    review = document["outcomes"]["joint_review"]
    assert (review["state"], review["due"]) == ("pending", "2025-03-28")
    assert review["calendar"] == ["2025-03-28", "2027-03-28"]


def test_numbers_travel_as_text_and_nothing_is_rounded(pol: Pol, small: Path) -> None:
    ran = pol(
        "eval",
        small,
        "--set",
        "sale.price=8",
        "--as-of",
        "2024-06-01",
        "--format",
        "json",
        "--outcome",
        "share",
    )
    share = ran.json["outcomes"]["share"]
    assert (share["state"], share["value"], share["type"]) == ("decided", "800/3", "percent")


def test_no_answer_is_bare(pol: Pol) -> None:
    ran = pol(
        "eval", JAPAN, "--as-of", "2025-06-01", "--set", "reviews=2025-03-10", "--outcome", "joint_review"
    )
    assert ran.status == DONE
    for said in ("2025-06-01", "2025-03-10", "2027-03-28", "review_recurs", "2026-11-22"):
        assert said in ran.out, said


def test_explain_says_the_whole_way(pol: Pol) -> None:
    arguments = [
        "eval",
        JAPAN,
        "--as-of",
        "2024-06-01",
        "--set",
        "sourcing.country=KR",
        "--set",
        "sourcing.good=lithium",
    ]
    short, long = pol(*arguments), pol(*arguments, "--explain")
    assert short.status == long.status == DONE
    assert len(long.out) > len(short.out)
    assert "KR" in long.out


def test_the_same_question_gives_the_same_answer_from_the_cache(spawn: Pol, small: Path) -> None:
    arguments = ["eval", small, "--as-of", "2024-06-01", "--set", "sale.price=7", "--format", "json"]
    uncached = spawn(*arguments, POL_CACHE="off")
    first, second = spawn(*arguments), spawn(*arguments)
    assert uncached == first == second
    small.write_text(small.read_text(encoding="utf-8").replace("5 USD", "50 USD"), encoding="utf-8")
    assert spawn(*arguments).json["outcomes"]["dear"]["state"] == "undetermined"
    small.write_text("law small\n\nrule dear : number\n    nothing\n", encoding="utf-8")
    assert spawn(*arguments).status == INVALID


# ------------------------------------------------------------------------------------------ test

PASSING = (
    '\nscenario "Dear"\n    as of 2024-06-01\n    given sale\n        price 7 USD\n    expect dear yes\n'
)


def test_test(pol: Pol, small: Path) -> None:
    assert pol("test", small).status == NO  # nothing ran
    assert "no scenario ran" in pol("test", small).out
    small.write_text(small.read_text(encoding="utf-8") + PASSING, encoding="utf-8")
    ran = pol("test", small)
    assert (ran.status, ran.out) == (DONE, "1 scenario: all passed\n")
    assert "passed: Dear" in pol("test", small, "--verbose").out
    small.write_text(small.read_text(encoding="utf-8").replace("price 7", "price 5"), encoding="utf-8")
    failed = pol("test", small)
    assert failed.status == NO
    assert "1 failed" in failed.out
    document = pol("test", small, "--format", "json").json
    assert (document["passed"], document["failed"]) == (0, 1)
    (scenario,) = document["scenarios"]
    assert scenario["passed"] is False
    assert scenario["misses"][0]["outcome"] == "dear"


def test_test_of_a_broken_policy_is_3(pol: Pol, broken: Path, small: Path) -> None:
    small.write_text(small.read_text(encoding="utf-8") + PASSING, encoding="utf-8")
    assert pol("test", broken).status == INVALID
    both = pol("test", broken.parent.parent, "--format", "json")
    assert both.status == INVALID
    assert both.json["passed"] == 1  # the other file is tested all the same
    assert both.json["problems"][0]["code"] == "unknown-name"


def test_all_scenarios_of_this_project_pass(pol: Pol) -> None:
    ran = pol("test", POLICIES)
    assert ran.status == DONE
    assert "all passed" in ran.out


def test_scenarios_that_expect_bad_facts(pol: Pol, small: Path) -> None:
    text = small.read_text(encoding="utf-8")
    bad = '\nscenario "Less than nothing"\n    as of 2024-06-01\n    given sale\n        price {} USD\n    expect bad facts\n'
    small.write_text(text + bad.format("-1"), encoding="utf-8")
    assert pol("test", small).status == DONE
    small.write_text(text + bad.format("1"), encoding="utf-8")
    assert pol("test", small).status == NO


# ------------------------------------------------------------------------------------------ show


def test_show(pol: Pol, small: Path, broken: Path) -> None:
    ran = pol("show", small)
    assert ran.status == DONE
    assert "dear" in ran.out
    assert "share" in ran.out
    assert pol("show", small, "dear").status == DONE
    core = pol("show", small, "dear", "--core")
    assert core.status == DONE
    assert "price" in core.out
    assert set(pol("show", small, "--core", "--format", "json").json["core"]) == {"dear", "share"}
    assert pol("show", broken).status == INVALID


@pytest.mark.parametrize("name", ["us_japan_2023", "us_free_trade_agreements", "clean_vehicle_credit"])
def test_every_part_of_every_policy_can_be_shown(name: str, pol: Pol) -> None:
    policy = POLICIES / f"{name}.pol"
    ways: list[list[str]] = [[], ["--core"], ["--plain"], ["--coverage-of-text"]]
    for arguments in [*ways, *([*way, "--format", "json"] for way in ways)]:
        ran = pol("show", policy, *arguments)
        assert ran.status == DONE
        assert ran.out
        if "json" in arguments:
            json.loads(ran.out)


def test_what_was_typed_is_marked_where_it_is_wrong(pol: Pol, small: Path) -> None:
    ran = pol("eval", small, "--set", "sale.price=4 EUR", "--set", "sale.lat=yes", "--set", "sail.price=1")
    assert ran.status == INVALID
    assert (
        "--> <command line>:1:18\n  |\n1 | --set sale.price=4 EUR\n  |                  ^^^^^ this fact"
        in ran.err
    )
    assert "--> <command line>:2:12\n  |\n2 | --set sale.lat=yes\n  |            ^^^ this fact" in ran.err
    assert "--> <command line>:3:7\n  |\n3 | --set sail.price=1\n  |       ^^^^ this fact" in ran.err


def test_what_was_typed_comes_before_the_file_that_it_replaces(pol: Pol, small: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text('{"sale": {"price": -1, "late": true}}', encoding="utf-8")
    arguments = ["eval", small, "--facts", facts, "--set", "sale.late=maybe", "--format", "json"]
    problems = pol(*arguments).json["problems"]
    assert [(p["file"], p["column"]) for p in problems] == [(str(facts), 20), ("<command line>", 17)]


@pytest.mark.parametrize(
    ("dates", "column"),
    [
        ("2025-03-10,,2027-02-28", 25),
        ("2025-03-10,", 25),
        ("2025-03-10 2027-02-28", 15),
        ("2025-03-10;2027-02-28", 15),
        ("2025-03-10, 2027-02-30", 26),
    ],
)
def test_dates_on_the_command_line_have_one_comma_between_two(pol: Pol, dates: str, column: int) -> None:
    ran = pol("eval", JAPAN, "--as-of", "2027-06-01", "--set", f"reviews={dates}", "--format", "json")
    assert ran.status == INVALID
    assert [(p["file"], p["column"]) for p in ran.json["problems"]] == [("<command line>", column)]


def test_a_text_in_a_file_is_no_list_of_dates(pol: Pol, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"reviews": "2025-03-10, 2027-02-28"}', encoding="utf-8")
    ran = pol("eval", JAPAN, "--as-of", "2027-06-01", "--facts", tmp_path / "a.json")
    assert "is not a list of dates" in ran.err


def test_not_more_than_a_hundred_problems_of_facts_are_drawn(pol: Pol, small: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"sale": {f"x{n}": n for n in range(130)}}), encoding="utf-8")
    ran = pol("eval", small, "--facts", facts)
    assert ran.err.count("error[unknown-fact]") == 100
    assert ran.err.endswith("... and 30 more\n")
    assert max(map(len, ran.err.splitlines())) < 180
    assert len(pol("eval", small, "--facts", facts, "--format", "json").json["problems"]) == 130


def test_reading_stops_when_nothing_at_all_fits(pol: Pol, small: Path, tmp_path: Path) -> None:
    facts = tmp_path / "facts.json"
    facts.write_text(json.dumps({"sale": {f"x{n}": n for n in range(100_000)}}), encoding="utf-8")
    assert len(pol("eval", small, "--facts", facts, "--format", "json").json["problems"]) == 1_000


def test_an_amended_text_is_put_into_sentences_as_of_a_day(pol: Pol) -> None:
    policy = POLICIES / "examples" / "lithium_2024.pol"
    first = pol("show", policy, "--plain", "--as-of", "2024-06-01")
    assert first.status == DONE
    assert "respect to\n    lithium, cobalt and nickel" in first.out
    assert "Still to be amended by “First Protocol” from 1 June 2025" in first.out
    later = pol("show", policy, "--plain", "--as-of", "2026-07-01")
    assert "lithium, nickel and graphite" in later.out
    assert "Amended by “Second Protocol” from 1 July 2026" in later.out
    assert "This clause is suspended from 1 July 2026 until 31 December 2026." in later.out
    assert "_" not in later.out
    assert pol("show", policy, "--plain").status == DONE
    assert "reduced fee" in pol("show", policy, "--coverage-of-text", "--as-of", "2026-07-01").out
