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
