"""What of a text is encoded, by which parts, how firmly, and what is not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from policy_lang.loading import load_policy
from policy_lang.program.core import Program
from policy_lang.tools.coverage_of_text import coverage_of_text
from tests.conftest import POLICIES, Golden

GOLDEN = Path(__file__).parent.parent / "golden" / "plain"
LIBRARY = sorted(
    p
    for p in POLICIES.rglob("*.pol")
    if ".scenarios" not in p.name
    and not re.search(r"^(amendment|rectification) ", p.read_text("utf-8"), re.MULTILINE)
)


def program_of(path: Path) -> Program:
    loaded, found = load_policy(path)
    assert loaded is not None, [d.message for d in found]
    return loaded.program


def test_the_coverage_is_as_it_was_read(golden: Golden) -> None:
    program = program_of(POLICIES / "us_japan_2023.pol")
    golden(GOLDEN / "us_japan_2023.coverage.txt", coverage_of_text(program).text())


@pytest.mark.parametrize("path", LIBRARY, ids=lambda p: p.stem)
def test_every_citation_of_the_file_is_there(path: Path) -> None:
    """Each citation in square brackets that answers can repeat is under its provision."""
    program = program_of(path)
    coverage = coverage_of_text(program)
    document = coverage.document()
    json.dumps(document)
    assert "_" not in coverage.text()
    sources = {str(one["source"]) for one in document["provisions"]}  # type: ignore[attr-defined]  # of another shape, this fails
    for line in path.read_text(encoding="utf-8").splitlines():
        code = line.partition("#")[0]
        for part in code.split("[")[1:]:
            cite = part.partition("]")[0]
            source, mark, kind = cite.rpartition(";")
            is_marked = mark and kind.strip() in ("secondary", "unconfirmed")
            assert (source.strip() if is_marked else cite) in sources, cite


SMALL = """\
law small
    in force from 2024-01-01    [Gazette 1; secondary]

not encoded "Annex" because "forms only"

assume late_counts is yes
    because "it does"    [Commentary 5; unconfirmed]
    but see "it does not"    [own reading]

record sale
    price money USD
    late  yes or no

rule dear for sale : yes or no
    yes when price is more than 5 USD    [s. 10]
    yes when late and late_counts        [s. 9]
    otherwise no

rule twice for sale : money USD
    price * 2
"""


def test_by_provision_class_and_doubt(tmp_path: Path) -> None:
    path = tmp_path / "small.pol"
    path.write_text(SMALL, encoding="utf-8")
    document = coverage_of_text(program_of(path)).document()
    provisions = [
        (p["source"], p["class"], [e["name"] for e in p["encoded_by"]])
        for p in document["provisions"]  # type: ignore[attr-defined]  # of another shape, this fails
    ]
    assert provisions == [
        ("s. 9", "primary", ["dear"]),
        ("s. 10", "primary", ["dear"]),
        ("Gazette 1", "secondary", ["in force"]),
        ("Commentary 5", "unconfirmed", ["late_counts"]),
        ("own reading", "own reading", ["late_counts"]),
    ]
    assert document["without_citation"] == [{"kind": "rule", "name": "twice"}]
    assert document["not_encoded"] == [{"topic": "Annex", "because": "forms only"}]
    assert [a["rests_on_it"] for a in document["assumptions"]] == [["dear"]]  # type: ignore[attr-defined]  # of another shape, this fails
