"""The canonical layout: what a hurried file looks like afterwards, and what is left to its author."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest

from policy_lang.source.files import read_file
from policy_lang.source.text import SourceFile
from policy_lang.syntax import tree
from policy_lang.syntax.from_source import read
from policy_lang.syntax.to_source import to_source

FORMAT = Path(__file__).parent.parent / "golden" / "format"


def formatted(text: str) -> str:
    file, problems = read(SourceFile("a.pol", dedent(text)))
    assert not problems, problems
    return to_source(file)


@pytest.mark.parametrize("path", sorted(FORMAT.glob("*.pol")), ids=lambda path: path.stem)
def test_a_file_laid_out_in_a_hurry(path: Path, golden: Callable[[Path, str], None]) -> None:
    source, _ = read_file(path)
    golden(path.with_suffix(".txt"), formatted(source.text))


def test_an_empty_file_stays_empty() -> None:
    assert formatted("") == ""
    assert formatted("\n\n") == ""
    assert formatted("\n# only a comment\n\n\n# another") == "# only a comment\n\n# another\n"


@pytest.mark.parametrize(
    "text",
    [
        "use a",
        "rule r : yes or no\n    a exceeds 50.0 %",
        "rule r : yes or no\n    a is more than 50.00 % and b does not exceed 1 USD",
        "rule r : yes or no\n    otherwise a is on or before 2024-01-31",
        "rule r : yes or no\n    a is an ally\n    but no when b is not a party",
        "rule r : number\n    sum of (a) of list where (b)",
        "rule r : number\n    a rounded half up to 40 decimals",
        "rule r : quantity tonnes\n    5 tonnes + 1 tonne",
        "rule r : period\n    1 years 12 month",
        "rule r : yes or no\n    a and b or c and d",
        "table t : percent by d\n    in 2024                             40 %\n    from 2025-01-01 until 2025-12-31    50 %",
        "clause c\n    no party shall duty on all goods",
        "clause c\n    each party shall not maintain duty\n    notwithstanding clause d",
        "clause c\n    the parties intend to review this law by 2024-01-31",
        "clause c\n    each party intends to confer on measures against x",
        'clause c\n    each party recognises "x"',
        'clause c\n    JP shall "x" within 1 year of x and every 2 years thereafter',
        "clause c\n    US may adopt duty notwithstanding clause d",
        "determination d of yes or no\ndetermination e",
        "law l\n    not in force",
    ],
)
def test_words_that_say_the_same_are_left_to_the_author(text: str) -> None:
    assert formatted(text) == f"{text}\n"


def test_comments_stay_where_they_are() -> None:
    text = """\
    # about the file

    use a  # of this

    # about the record
    record r
        # about the field
        field   number  # in the field
        other   number
        # the end of the record

    # the end of the file
    """
    assert formatted(text) == dedent(text)


def test_a_comment_within_a_sentence_breaks_it() -> None:
    text = """\
    clause c
        the parties shall "meet"
            # not yet agreed
            by 2024-01-31  # a Wednesday
            considering x
    """
    assert formatted(text) == dedent(text)


def test_citations_stay_with_their_part_of_a_sentence() -> None:
    found = formatted(
        """\
        clause c "C" [1]
            flag x on y when a is b [2]
                and c is d [3]
            subject to clause z [4]
        """
    )
    assert [line.split() for line in found.splitlines()] == [
        ["clause", "c", '"C"', "[1]"],
        ["flag", "x", "on", "y"],
        ["when", "a", "is", "b", "[2]"],
        ["and", "c", "is", "d", "[3]"],
        ["subject", "to", "clause", "z", "[4]"],
    ]
    assert {line.index("[") for line in found.splitlines() if "[" in line} == {72}


def test_citations_for_which_there_is_no_room_stand_below() -> None:
    cite = f"[{'a long source, ' * 6}secondary]"
    assert formatted(f"rule r : number {cite}\n    1 when a is more than 100 USD {cite}") == (
        f"rule r : number\n    {cite}\n    1 when a is more than 100 USD\n        {cite}\n"
    )


def test_a_citation_in_a_line_of_its_own_belongs_to_the_sentence_above() -> None:
    text = "rule r : number\n    1 when a\n    [1]\n    2 when b\n            [2]\n    otherwise 3"
    file, problems = read(SourceFile("a.pol", text))
    assert not problems
    rule = file.items[0]
    assert isinstance(rule, tree.Rule)
    assert [[c.text for c in case.cites] for case in rule.cases] == [["1"], ["2"], []]


def test_a_tree_that_nobody_wrote_has_a_text_too() -> None:
    cited = (tree.Citation("Art. 1"),)
    file = tree.File(
        SourceFile("", ""),
        (
            tree.Use((tree.Name("trade"),)),
            tree.Use((tree.Name("more"),)),
            tree.Purpose(tree.Name("p"), tree.Text("P"), cited),
            tree.Rule(
                tree.Name("r"),
                None,
                tree.TypePlain("period"),
                None,
                (
                    tree.Case(tree.PeriodLit(1, 6, 0), tree.Ref((tree.Name("a"),)), cites=cited),
                    tree.Case(tree.PeriodLit(0, 0, 0), None, otherwise=True),
                ),
                (),
            ),
        ),
    )
    assert to_source(file) == dedent(
        """\
        use trade
        use more

        purpose p "P"                                                           [Art. 1]

        rule r : period
            1 year 6 months when a                                              [Art. 1]
            otherwise 0 days
        """
    )
