"""`pol diff`: rewrites that mean the same, edits that do not, and every wrong use."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Pol
from tests.conftest import Golden

GOLDEN = ROOT / "tests/golden/diff"
POLICIES = ROOT / "policies"

JAPAN, DUTY, LITHIUM = "us_japan_2023.pol", "examples/import_duty_calculator.pol", "examples/lithium_2024.pol"
CHILD, SALE, QUOTA = (
    "examples/child_tax_credit_phaseout.pol",
    "examples/employee_discount.pol",
    "examples/quota_year.pol",
)
VEHICLE, DATES = "clean_vehicle_credit.pol", "examples/date_arithmetic.pol"

EDITS = [
    (JAPAN, "cobalt, graphite, lithium", "cobalt, lithium", "fta_treatment"),
    (JAPAN, "in force     from 2023-03-28", "in force     from 2023-04-01", "fta_treatment"),
    (JAPAN, "treat JP as", "treat US as", "fta_treatment"),
    (JAPAN, "shall impose export_duty on critical_minerals", "shall impose export_duty on all goods", "export_duties"),
    (JAPAN, "measure.kind is one of (export_restriction, import_restriction)",
     "measure.kind is one of (export_restriction)", "restrictions"),
    (JAPAN, "        and practice.non_market                 [USTR", "        and not practice.non_market             [USTR",
     "non_market"),
    (JAPAN, "assume national_treatment_affirmed is yes", "assume national_treatment_affirmed is no",
     "national_treatment"),
    (JAPAN, "within 2 years of entry", "within 3 years of entry", "joint_review"),
    (JAPAN, "every 2 years thereafter", "every 3 years thereafter", "joint_review"),
    (CHILD, "110000 USD", "120000 USD", "threshold"),
    (CHILD, "steps * 50 USD", "steps * 60 USD", "reduction"),
    (CHILD, "rounded up to whole", "rounded down to whole", "steps"),
    (CHILD, "greater of (agi", "lesser of (agi", "excess"),
    (CHILD, "from 2013-01-01 until 2017-12-31,   separate ", "from 2014-01-01 until 2017-12-31,   separate ",
     "threshold"),
    (SALE, "    20 % when kind is services", "    25 % when kind is services", "highest_percentage"),
    (SALE, "customer_price - employee_price ", "employee_price - customer_price ", "discount"),
    (LITHIUM, "means lithium, cobalt, nickel", "means lithium, cobalt", "export_duties"),
    (LITHIUM, "    cobalt      2 %", "    cobalt      1 %", "reduced_fee"),
    (LITHIUM, "is less than 2 %", "is at most 2 %", "reduced_fee"),
    (QUOTA, "greater of 0 tonne and", "greater of 1 tonne and", "left_by_then"),
    (VEHICLE, "suv or pickup    80000 USD", "suv or pickup    85000 USD", "eligible"),
    (VEHICLE, "    3750 USD when components_met", "    3500 USD when components_met", "components_amount"),
    (VEHICLE, "assume other_minerals_count_from_japan is no", "assume other_minerals_count_from_japan is yes",
     "counts_as_partner"),
]  # fmt: skip


@pytest.fixture(scope="module")
def drafts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the policies, to be edited."""
    folder = tmp_path_factory.mktemp("drafts") / "policies"
    shutil.copytree(POLICIES, folder)
    return folder


def edited(drafts: Path, name: str, old: str, new: str) -> Path:
    """One file of the copy, with one edit."""
    text = (POLICIES / name).read_text("utf-8")
    assert old in text, old
    path = drafts / name
    path.write_text(text.replace(old, new, 1), "utf-8")
    return path


@pytest.mark.parametrize(("name", "old", "new", "outcome"), EDITS)
def test_an_edit_of_meaning_is_found_with_an_example(
    pol: Pol, drafts: Path, tmp_path: Path, name: str, old: str, new: str, outcome: str
) -> None:
    draft = edited(drafts, name, old, new)
    try:
        ran = pol(
            "diff",
            POLICIES / name,
            draft,
            "--for",
            outcome,
            "--format",
            "json",
            "--save",
            tmp_path,
            "--limit",
            "20",
        )
        assert (ran.status, ran.err) == (1, ""), ran.out
        (found,) = ran.json["files"][0]["outcomes"]
        assert found["status"] == "changed"
        examples = [*found["cases"], *found["missing"]["cases"]]
        assert len(examples) == len(list(tmp_path.iterdir())) > 0
        case = found["cases"][0]
        assert case["old"] != case["new"]
        facts = min(tmp_path.iterdir())
        assert json.loads(facts.read_text("utf-8")) == case["facts"]
        day = datetime.date.fromisoformat(case["as_of"])
        answers = [
            pol("eval", path, "--facts", facts, "--as-of", str(day), "--for", outcome, "--format", "json").out
            for path in (POLICIES / name, draft)
        ]
        assert answers[0] != answers[1]
        assert case["old"].split(",")[0].split()[0] in answers[0]
        assert case["new"].split(",")[0].split()[0] in answers[1]
    finally:
        shutil.copy(POLICIES / name, draft)


REWRITES = [
    (JAPAN, r"\n# [^\n]*", ""),  # comments
    (JAPAN, r"cobalt, graphite, lithium, manganese, nickel", "nickel, manganese, lithium, graphite, cobalt"),
    (JAPAN, r"critical_minerals", "minerals_covered"),
    (JAPAN, r"export_duties", "no_export_duties"),
    (JAPAN, r" \[[^\]\n]*\]", ""),  # citations
    (CHILD, r"(rule excess.*?\n\n)(rule steps.*?\n\n)", r"\2\1"),
    (CHILD, r"threshold_by_status", "row_of_threshold"),
    (CHILD, r"greater of \(agi - threshold\) and 0 USD", "greater of 0 USD and (agi - threshold)"),
    (SALE, r"lesser of discount and \(highest_percentage applied to customer_price\)",
     "lesser of (highest_percentage applied to customer_price) and discount"),
    (LITHIUM, r'"Export duties"', '"Duties on exports"'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "pattern", "new"), REWRITES)
def test_a_rewrite_means_the_same(pol: Pol, drafts: Path, name: str, pattern: str, new: str) -> None:
    text = (POLICIES / name).read_text("utf-8")
    rewritten = re.sub(pattern, new, text, flags=re.DOTALL if "(rule" in pattern else 0)
    assert rewritten != text
    draft = drafts / name
    draft.write_text(rewritten, "utf-8")
    try:
        ran = pol("diff", POLICIES / name, draft)
        assert (ran.status, ran.err) == (0, ""), ran.out
        assert ran.out.endswith("same meaning\n")
    finally:
        shutil.copy(POLICIES / name, draft)


@pytest.mark.parametrize(
    ("golden_name", "name", "old", "new"),
    [
        ("japan.txt", JAPAN, "cobalt, graphite, lithium", "cobalt, lithium"),
        ("child.txt", CHILD, "110000 USD", "120000 USD"),
        ("lithium.md", LITHIUM, "    cobalt      2 %", "    cobalt      1 %"),
    ],
)
def test_the_comparison_reads_well(
    pol: Pol, golden: Golden, drafts: Path, golden_name: str, name: str, old: str, new: str
) -> None:
    draft = edited(drafts, name, old, new)
    try:
        kind = "text" if golden_name.endswith("txt") else "markdown"
        ran = pol("diff", POLICIES / name, draft, "--format", kind, "--limit", "100")
        assert (ran.status, ran.err) == (1, "")
        golden(GOLDEN / golden_name, ran.out)
    finally:
        shutil.copy(POLICIES / name, draft)


def test_a_change_is_followed_into_the_files_that_use_it(pol: Pol, tmp_path: Path) -> None:
    for folder, day in (("old", "2024-01-01"), ("new", "2025-01-01")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "pact.pol").write_text(
            f'agreement pact\n    parties   US "one", JP "other"\n    in force  from {day}\n\nuse trade\n\n'
            "clause partner\n    treat JP as free_trade_partner of US for the purposes of clean_vehicle_credit\n",
            "utf-8",
        )
        (tmp_path / folder / "bonus.pol").write_text(
            "law bonus\n    in force  from 2020-01-01\n    serves    clean_vehicle_credit\n\nuse trade, pact\n\n"
            "rule helped for sourcing : yes or no\n"
            "    country has status free_trade_partner of US\n",
            "utf-8",
        )
    ran = pol("diff", tmp_path / "old", tmp_path / "new", "--format", "json")
    if ran.status == 3:
        pytest.fail(ran.err)
    assert ran.status == 1
    (law,) = [one for one in ran.json["files"] if one["file"] == "bonus.pol"]
    assert law["text"] == [
        "the same text",
        "by way of pact.pol: header: 2024-01-01 moves to 2025-01-01 in `in force`",
    ]
    assert law["outcomes"][0]["cases"][0]["when"] == "country is JP, from 2024-01-01 to 2024-12-31"


def test_revisions_of_git_are_compared(pol: Pol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)

    def git(*arguments: str) -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *who, *arguments], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607 - git stands elsewhere on each machine

    policy = tmp_path / "fee.pol"
    text = "law fee\n    in force from 2024-01-01\n\nrule fee : money USD\n    10 USD\n"
    policy.write_text(text, "utf-8")
    git("init", "-q")
    git("add", ".")
    git("commit", "-q", "-m", "first")
    assert pol("diff", "--rev", "HEAD", policy).status == 0
    policy.write_text(text.replace("10 USD", "12 USD"), "utf-8")
    ran = pol("diff", "--rev", "HEAD", policy)
    assert ran.status == 1
    assert "10 USD -> 12 USD (2 USD more)" in ran.out
    git("commit", "-q", "-a", "-m", "second")
    assert pol("diff", "--rev", "HEAD~1..HEAD", tmp_path).status == 1
    assert pol("diff", "--rev", "HEAD", policy).status == 0
    assert pol("diff", "--rev", "nothing", policy).status == 2
    assert pol("diff", "--rev", "--output=x", policy).status == 2
    assert pol("diff", "--rev", "HEAD", policy, policy).status == 2
    assert pol("diff", policy).status == 2


def test_a_revision_is_what_was_committed(pol: Pol, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No attribute that a stranger commits puts other words in the place of his, or leaves a file out."""
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)

    def commit() -> None:
        who = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false")
        for words in (["add", "."], [*who, "commit", "-q", "-m", "one"]):
            subprocess.run(["git", *words], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607 - git stands elsewhere on each machine

    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True, capture_output=True)  # noqa: S607 - git stands elsewhere on each machine
    text = "law fee\n    in force from 2024-01-01\n\nrule fee : money USD\n    10 USD\n"
    (tmp_path / "fee.pol").write_text(text, "utf-8")
    commit()
    (tmp_path / ".gitattributes").write_text("*.pol export-subst\n", "utf-8")
    hidden = text.replace("    10 USD", "    # $Format:%n    10 USD%n#$\n    12 USD")
    (tmp_path / "fee.pol").write_text(hidden, "utf-8")
    commit()
    assert "10 USD -> 12 USD" in pol("diff", "--rev", "HEAD~1..HEAD", tmp_path / "fee.pol").out
    (tmp_path / ".gitattributes").write_text("*.pol export-ignore\n", "utf-8")
    (tmp_path / "link.pol").symlink_to("/etc/hostname")
    (tmp_path / "near.pol").symlink_to("fee.pol")
    commit()
    assert pol("diff", "--rev", "HEAD~1..HEAD", tmp_path / "fee.pol").status == 0
    assert pol("diff", "--rev", "HEAD", tmp_path / "near.pol").status == 0
    assert pol("diff", "--rev", "HEAD", tmp_path / "link.pol").status == 2


def test_the_texts_of_two_days_are_compared(pol: Pol) -> None:
    ran = pol("diff", POLICIES / LITHIUM, "--as-of", "2024-06-01..2029-01-01")
    assert (ran.status, ran.err) == (1, "")
    assert ran.out.startswith("lithium_2024.pol as of 2024-06-01 and of 2029-01-01\n")
    assert "\n  definition covered minerals: cobalt is removed; graphite is added\n" in ran.out
    assert (
        "\n  clause joint review: 1 year becomes 3 years in `within 1 year of entry into force`;" in ran.out
    )
    assert ran.out.endswith("\n\ntext differs\n")
    assert pol("diff", POLICIES / LITHIUM, "--as-of", "2024-06-01..2024-06-02").out.endswith("\nsame text\n")
    document = pol("diff", POLICIES / LITHIUM, "--as-of", "2024-06-01..2029-01-01", "--format", "json").json
    assert (document["verdict"], document["as_of"]) == ("text differs", ["2024-06-01", "2029-01-01"])
    assert "- clause labour is added" in pol(
        "diff", POLICIES / LITHIUM, "--as-of", "2024-06-01..2029-01-01", "--format", "markdown"
    ).out.split("\n")


def test_the_texts_of_one_day_are_compared(pol: Pol, tmp_path: Path) -> None:
    shutil.copytree(POLICIES / "examples", tmp_path / "examples")
    protocol = tmp_path / "examples" / "lithium_protocol_2025.pol"
    protocol.write_text(protocol.read_text("utf-8").replace("graphite is added", "zinc is added"), "utf-8")
    new = tmp_path / LITHIUM
    assert pol("diff", POLICIES / LITHIUM, new, "--as-of", "2024-06-01").status == 0
    ran = pol("diff", POLICIES / LITHIUM, new, "--as-of", "2029-01-01")
    assert ran.status == 1
    assert "definition covered minerals: graphite is removed; zinc is added" in ran.out


def test_wrong_uses_of_days(pol: Pol, tmp_path: Path) -> None:
    path = POLICIES / LITHIUM
    assert pol("diff", path, "--as-of", "2024-06-01").status == 2
    assert pol("diff", path, path, "--as-of", "June").status == 2
    assert pol("diff", path, "--as-of", "2024-06-01..2025-06-01", "--rev", "HEAD").status == 2
    assert pol("diff", POLICIES, "--as-of", "2024-06-01..2025-06-01").status == 2
    assert pol("diff", path, path, "--as-of", "2024-06-01", "--format", "sarif").status == 2
    broken = tmp_path / "broken.pol"
    broken.write_text("agreement broken\n    in force from\n", "utf-8")
    assert pol("diff", path, broken, "--as-of", "2024-06-01").status == 3


def test_wrong_uses(pol: Pol, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pol"
    broken.write_text("agreement broken\n    in force from\n", "utf-8")
    assert pol("diff", POLICIES / JAPAN, broken).status == 3
    assert pol("diff", broken, POLICIES / JAPAN).status == 3
    assert pol("diff", POLICIES / JAPAN, tmp_path / "none.pol").status == 2
    assert pol("diff", POLICIES / JAPAN, tmp_path).status == 2
    ran = pol("diff", POLICIES / JAPAN, POLICIES / JAPAN, "--for", "nothing")
    assert (ran.status, ran.out) == (2, "")
    assert "nothing" in ran.err
    binary = tmp_path / "binary.pol"
    binary.write_bytes(b"\xff\xfe\x00")
    assert pol("diff", binary, POLICIES / JAPAN).status == 3
