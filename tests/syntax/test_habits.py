"""What people write who are used to other texts gets one message, which says how it is written here."""

from __future__ import annotations

from pathlib import Path

import pytest

from policy_lang.checking import check

RIGHT = """\
agreement pact
    parties US "United States", JP "Japan"
    in force from 2024-01-01

use trade

record sale
    price   money USD at least 0 USD
    country country
    share   percent
    sold    date
    late    yes or no

rule fee for sale : money USD "What is the fee?"    [Article 1]
    5 USD when price is more than 100 USD
    otherwise 0 USD

clause duties "Export duties"    [Article 2]
    neither party shall impose export_duty on nickel exported to the other party
"""
PRICE = "price is more than 100 USD"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("    5 USD", "    USD 5", "`5 USD`"),
        ("    5 USD", "    €5.50", "`5.50 EUR`"),
        ("    5 USD", "    5,50 USD", "`5.50`"),
        ("100 USD\n", "1,000 USD\n", "`1000`"),
        ("100 USD\n", "2 million USD\n", "`2000000`"),
        ("from 2024-01-01", "from 1 January 2024", "`2024-01-01`"),
        ("from 2024-01-01", "from Sept. 30th, 2024", "`2024-09-30`"),
        ("from 2024-01-01", "from 31/01/2024", "year-month-day"),
        ("from 2024-01-01", "from 2024", "a month and a day"),
        ("2024-01-01", "2024\u201301\u201301", "plain hyphens: `2024-01-01`"),
        (PRICE, "sold is after 1 June 2024", "`2024-06-01`"),
        (PRICE, "sold is later than 2024-06-01", "`is after`"),
        (PRICE, "price is greater than 100 USD", "`is more than`"),
        (PRICE, "price is not less than 100 USD", "`is at least`"),
        (PRICE, "price >= 100 USD", "`is at least`"),
        (PRICE, "price over 100 USD", "`exceeds`"),
        (PRICE, "late = yes", "`is`"),
        (PRICE, "late is true", "write `yes`"),
        (PRICE, "country is Japan", "`JP`"),
        (PRICE, "country is jp", "`JP`"),
        (PRICE, "country is south_africa", "`ZA`"),
        (PRICE, "share is more than 50 percent", "`50 %`"),
        (PRICE, 'share is more than "50 %"', "without them"),
        (PRICE, f"{PRICE} and/or late", "write `or`"),
        ("when price", "if price", "`when`"),
        ("when price", "unless price", "`but VALUE when CONDITION`"),
        ("otherwise 0 USD", "else 0 USD", "`otherwise`"),
        ("otherwise 0 USD", "Otherwise 0 USD", "lower case: `otherwise`"),
        ("otherwise 0 USD", "otherwise 0 USD.", "leave it out"),
        ("0 USD\n\nclause", "0 USD\nend\n\nclause", "leave it out"),
        ("    5 USD", "    5\u00a0USD", "an ordinary one"),
        ("rule fee", "rule late-fee", "`late_fee`"),
        ("rule fee for sale :", "rule fee for sale", "`rule NAME for RECORD : TYPE`"),
        ("clause duties", "cluase duties", "`clause`"),
        ("clause duties", "clause fee", "another name"),
        ("clause duties", "2. clause duties", "no numbers here"),
        ('"Export duties"', "\u201cExport duties\u201d", "straight quotation marks"),
        ("[Article 2]", "(Article 2)", "`[Article 2]`"),
        ("    neither", "\tneither", "four blanks"),
        ("    neither", "neither", "deeper lines"),
        ("    otherwise", "  otherwise", "same column"),
        ("shall impose", "must impose", "`shall`"),
        ("neither party shall impose export_duty on nickel", "export_duty shall be banned", "begin with who"),
        ('"United States", JP', '"United States" and JP', "a comma"),
        ("use trade\n", "", "`use trade`"),
        ("    otherwise 0 USD\n", "", "`otherwise ...`"),
    ],
)
def test_habits_of_other_texts(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in RIGHT
    path = tmp_path / "pact.pol"
    path.write_text(RIGHT.replace(old, new, 1), encoding="utf-8")
    (problem,) = (one for one in check([path]) if one.severity == "error")
    assert said in problem.help


def test_the_right_text_has_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "pact.pol"
    path.write_text(RIGHT, encoding="utf-8")
    assert not [one for one in check([path]) if one.severity == "error"]
