"""Two changes of a file made into one, clause by clause: what merges, what never does, and laws for any changes."""

from __future__ import annotations

import os
import re
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from policy_lang.source.text import SourceFile
from policy_lang.syntax.from_source import read
from policy_lang.tools.merge.merge import Marks, Merged, merge
from policy_lang.tools.merge.pieces import Pieces, canonical, pieces_of

ROOT = Path(__file__).parents[2]
EXAMPLES = int(os.environ.get("POL_MERGE_EXAMPLES", "40"))

BASE = """\
# The law of honey.

law honey
    in force from 2024-01-01

use trade
use units

# ---------- duties

# What is paid.
rule levy : money USD
    1 USD                       # for now

rule fee : money USD
    2 USD
    # the end of the fee

clause review "Review"          [Art. 1]
    the parties shall review this agreement within 2 years of entry into force

scenario "One"
    as of 2024-06-01
    expect levy 1 USD
"""


def edited(*changes: tuple[str, str], text: str = BASE) -> str:
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def merged(ours: str, theirs: str, base: str = BASE, marks: Marks | None = None) -> Merged:
    """What comes of it; and the same from the other side."""
    found = merge(base, ours, theirs, marks or Marks())
    swapped = merge(base, theirs, ours, marks or Marks())
    assert found is not None
    assert swapped is not None
    assert found.conflicts == swapped.conflicts
    if not found.conflicts:
        assert not read(SourceFile("", found.text))[1]
        assert sorted(texts(found.text)) == sorted(texts(swapped.text))
    return found


def texts(text: str) -> list[str]:
    pieces = pieces_of(text)
    assert pieces is not None
    return [canonical(piece.text) for piece in pieces.pieces]


LEVY, FEE = "    1 USD   ", "    2 USD\n"
FEE_RULE = "rule fee : money USD\n    2 USD\n    # the end of the fee\n\n"
REVIEW = 'clause review "Review"          [Art. 1]\n    the parties shall review this agreement within 2 years of entry into force\n\n'


def test_changes_of_neighbours_merge_without_a_conflict() -> None:
    ours = edited((LEVY, "    3 USD   "))
    theirs = edited((FEE, "    4 USD\n"))
    both = edited((LEVY, "    3 USD   "), (FEE, "    4 USD\n"))
    assert merged(ours, theirs) == Merged(both, 0)


def test_two_changes_of_one_clause_are_never_merged() -> None:
    """Not even on different lines, where git would: the clause as a whole says something else."""
    ours = edited((LEVY, "    3 USD   "))
    theirs = edited(("# What is paid.", "# What has to be paid."))
    found = merged(ours, theirs)
    assert found.conflicts == 1
    head, _, rest = found.text.partition("<<<<<<< ours\n")
    conflict, _, tail = rest.partition(">>>>>>> theirs\n")
    assert head == BASE[: BASE.index("# What is paid.")]
    assert tail == BASE[BASE.index("\nrule fee") :]
    assert conflict == (
        "# What is paid.\nrule levy : money USD\n    3 USD                       # for now\n=======\n"
        "# What has to be paid.\nrule levy : money USD\n    1 USD                       # for now\n"
    )


def test_the_version_before_is_shown_when_asked_for_and_marks_may_be_longer() -> None:
    ours, theirs = edited((FEE, "    3 USD\n")), edited((FEE, "    4 USD\n"))
    found = merged(ours, theirs, marks=Marks(9, "here", "before", "there", with_base=True))
    part = found.text[found.text.index("<<<") : found.text.index("clause review")]
    assert re.findall(r"^[<|=>]{9}.*$", part, re.MULTILINE) == [
        "<<<<<<<<< here", "||||||||| before", "=========", ">>>>>>>>> there",
    ]  # fmt: skip
    assert re.findall(r"\d USD", part) == ["3 USD", "2 USD", "4 USD"]


def test_the_same_change_on_both_sides_is_one_change() -> None:
    ours = edited((FEE, "    4 USD\n"))
    assert merged(ours, ours) == Merged(ours, 0)
    other_layout = edited((FEE, "    4    USD\n"))
    assert merged(ours, other_layout) == Merged(ours, 0)


def test_a_change_of_layout_gives_way_to_a_change_of_words() -> None:
    ours = edited((FEE, "    2    USD\n"))
    theirs = edited((FEE, "    4 USD\n"))
    assert merged(ours, theirs) == Merged(theirs, 0)


def test_a_removal_against_a_change_is_a_conflict() -> None:
    ours, theirs = edited((FEE_RULE, "")), edited((FEE, "    4 USD\n"))
    found = merged(ours, theirs)
    assert found.conflicts == 1
    assert (
        "<<<<<<< ours\n=======\nrule fee : money USD\n    4 USD\n    # the end of the fee\n>>>>>>> theirs\n"
        in found.text
    )


def test_a_removal_against_a_change_of_layout_is_a_removal() -> None:
    ours, theirs = edited((FEE_RULE, "")), edited((FEE, "    2    USD\n"))
    assert merged(ours, theirs) == Merged(ours, 0)


def test_additions_at_different_places_merge() -> None:
    ours = edited((FEE_RULE, FEE_RULE + "rule toll : money USD\n    5 USD\n\n"))
    theirs = BASE + '\nscenario "Two"\n    as of 2025-01-01\n    expect levy 1 USD\n'
    found = merged(ours, theirs)
    assert found == Merged(ours + theirs.removeprefix(BASE), 0)


def test_additions_at_one_place_are_a_conflict_around_them() -> None:
    ours = edited((FEE_RULE, FEE_RULE + "rule toll : money USD\n    5 USD\n\n"))
    theirs = edited((FEE_RULE, FEE_RULE + "rule tax : money USD\n    6 USD\n\n"))
    found = merged(ours, theirs)
    assert found.conflicts == 1
    assert found.text == edited(
        (FEE_RULE, FEE_RULE + "<<<<<<< ours\nrule toll : money USD\n    5 USD\n=======\n"
         "rule tax : money USD\n    6 USD\n>>>>>>> theirs\n\n"),
    )  # fmt: skip


def test_what_one_side_moved_the_other_may_change() -> None:
    ours = edited((FEE_RULE, ""), (REVIEW, REVIEW + FEE_RULE))
    theirs = edited((FEE, "    4 USD\n"))
    assert merged(ours, theirs) == Merged(edited((FEE, "    4 USD\n"), text=ours), 0)


def test_what_both_moved_to_different_places_is_in_conflict_at_both() -> None:
    one = '\nscenario "One"\n    as of 2024-06-01\n    expect levy 1 USD\n'
    ours = edited((FEE_RULE, ""), ("# ---------- duties\n\n", f"# ---------- duties\n\n{FEE_RULE}"))
    theirs = edited((FEE_RULE, ""), (one, f"{one}\n{FEE_RULE.rstrip()}\n"))
    found = merged(ours, theirs)
    assert found.conflicts == 2
    assert found.text.count("rule fee") == 2
    assert merged(ours, ours) == Merged(ours, 0)


def test_what_one_side_moved_and_the_other_removed_is_in_conflict() -> None:
    ours = edited((FEE_RULE, ""), ("# ---------- duties\n\n", f"{FEE_RULE}# ---------- duties\n\n"))
    found = merged(ours, edited((FEE_RULE, "")))
    assert found.conflicts == 1
    assert found.text.count("rule fee") == 1


def test_a_new_name_is_a_change_of_the_clause() -> None:
    ours = edited(("rule fee", "rule charge"))
    assert merged(ours, edited((LEVY, "    3 USD   "))) == Merged(
        edited((LEVY, "    3 USD   "), text=ours), 0
    )
    assert merged(ours, edited((FEE, "    4 USD\n"))).conflicts == 1
    assert merged(ours, edited(("rule fee", "rule cost"))).conflicts == 1
    assert merged(ours, edited((FEE_RULE, ""))).conflicts == 1
    assert merged(ours, ours) == Merged(ours, 0)


def test_two_clauses_never_get_one_name() -> None:
    ours, theirs = edited(("rule fee", "rule charge")), edited(("rule levy", "rule charge"))
    found = merged(ours, theirs)
    assert found.conflicts
    theirs = edited((REVIEW, REVIEW + "rule charge : money USD\n    9 USD\n\n"))
    assert merged(ours, theirs).conflicts


def test_lines_without_a_name_of_their_own() -> None:
    added = edited(("use units\n", "use units\nuse country_groups\n"))
    assert merged(added, edited(("use trade\n", ""))) == Merged(edited(("use trade\n", ""), text=added), 0)
    ours, theirs = edited(("use units", "use units, one")), edited(("use units", "use units, two"))
    assert merged(ours, theirs).conflicts == 1
    assert merged(ours, edited(("use units\n", ""))).conflicts == 1


def test_comments_stay_where_they_were() -> None:
    ours = edited(("# The law of honey.", "# The honey law."), (FEE_RULE, ""))
    theirs = edited(("# ---------- duties", "# ---------- money"), (LEVY, "    3 USD   "))
    found = merged(ours, theirs)
    assert found == Merged(
        edited(("# ---------- duties", "# ---------- money"), (LEVY, "    3 USD   "), text=ours), 0
    )


def test_a_file_that_cannot_be_read_is_not_merged_so() -> None:
    broken = BASE + "\nrule : :\n"
    assert merge(broken, BASE, BASE) is merge(BASE, broken, BASE) is merge(BASE, BASE, broken) is None
    twice = BASE + FEE_RULE.rstrip() + "\n"
    assert merge(BASE, twice, BASE) is None


def test_both_sides_made_the_file() -> None:
    assert merged(BASE, BASE, base="") == Merged(BASE, 0)
    other = BASE + FEE_RULE.replace("fee", "toll").rstrip() + "\n"
    found = merged(BASE, other, base="")
    assert found == Merged(other, 0)


def test_a_file_without_a_line_end_at_its_end() -> None:
    bare = BASE.rstrip("\n")
    assert merged(bare, edited((FEE, "    4 USD\n"))) == Merged(edited((FEE, "    4 USD\n"), text=bare), 0)


# --------------------------------------------------------------------------------------- laws for any changes

FILES = [BASE]
FILES += [
    text
    for path in sorted((ROOT / "policies").rglob("*.pol"))
    if len(text := path.read_text("utf-8")) < 4_000
]


def _change(text: str, luck: Random) -> str:
    """A text with some pieces removed, moved, added, renamed or changed."""
    pieces = pieces_of(text)
    assert pieces is not None
    found: list[tuple[str, str]] = [(one.gap, one.text) for one in pieces.pieces]
    for _ in range(luck.randint(1, 4)):
        # Often near the beginning, so that both sides meet there.
        at = luck.randrange(luck.choice((min(3, len(found)), len(found))))
        gap, said = found[at]
        match luck.randrange(6):
            case 0:
                del found[at]
            case 1:
                found.insert(luck.randrange(len(found)), found.pop(at))
            case 2:
                found.insert(at, ("\n\n", f"rule new_{luck.randrange(9)} : number\n    {luck.randrange(9)}"))
            case 3:
                found[at] = (gap, f"{said}\n    # a remark {luck.randrange(9)}")
            case 4:
                found[at] = (gap, re.sub(r"^(clause|rule|record) (\w+)", r"\1 \2_2", said))
            case _:
                found[at] = ("\n\n\n", said)
        if not found:
            break
    return "".join((gap if number else "") + said for number, (gap, said) in enumerate(found)) + pieces.tail


def _valid(text: str) -> Pieces | None:
    pieces = pieces_of(text)
    return pieces if pieces is not None and len(pieces.by_key) == len(pieces.pieces) else None


def laws(base: str, ours: str, theirs: str) -> None:
    versions = [_valid(text) for text in (base, ours, theirs)]
    found = merge(base, ours, theirs)
    if found is None or None in versions:
        return
    first, one, other = (version.by_key for version in versions if version is not None)
    swapped = merge(base, theirs, ours)
    assert swapped is not None
    assert swapped.conflicts == found.conflicts
    if not found.conflicts:
        assert sorted(texts(found.text)) == sorted(texts(swapped.text))
    for side, across in ((one, other), (other, one)):
        for key, piece in side.items():
            before, there = first.get(key), across.get(key)
            if before is not None and canonical(before.text) == canonical(piece.text):
                if there is None or canonical(there.text) != canonical(piece.text):
                    continue  # the other side took it away, or changed it
            lasting = {piece.text, there.text if there is not None else piece.text}
            assert any(text in found.text for text in lasting), key
    assert found.text.count("<<<<<<< ours\n") == found.conflicts


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(FILES), st.randoms(use_true_random=False))
def test_laws_of_merging(base: str, luck: Random) -> None:
    ours, theirs = _change(base, luck), _change(base, luck)
    laws(base, ours, theirs)
    for changed in (ours, theirs):
        if merge(base, changed, base) is not None:
            assert merge(base, changed, base) == Merged(changed, 0)
            assert merge(base, base, changed) == Merged(changed, 0)
            assert merge(base, changed, changed) == Merged(changed, 0)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(FILES), st.randoms(use_true_random=False))
def test_changes_of_different_clauses_always_merge(base: str, luck: Random) -> None:
    pieces = pieces_of(base)
    assert pieces is not None
    who = [luck.choice(("ours", "theirs", "nobody")) for _ in pieces.pieces]

    def changed(*sides: str) -> str:
        text = ""
        for piece, side in zip(pieces.pieces, who, strict=True):
            remark = f"\n    # a remark of {side}" if side in sides and not piece.is_comment else ""
            text += piece.gap + piece.text + remark
        return text + pieces.tail

    assert merge(base, changed("ours"), changed("theirs")) == Merged(changed("ours", "theirs"), 0)
