"""A starting file for each kind of instrument, with scenarios: text to be replaced, clean as it stands."""

from __future__ import annotations

import re
from importlib import resources
from typing import Literal, TypeAlias

from policy_lang.source.text import SourceFile
from policy_lang.syntax.from_source import read

Kind: TypeAlias = Literal["agreement", "law", "framework", "vocabulary"]

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_LONGEST_NAME = 64


def misfit(name: str) -> str | None:
    """Why an instrument cannot be called so, as the end of a sentence about the name; None when it can."""
    if _NAME.fullmatch(name) is None:
        return "a name has lower-case letters, digits and `_`, and starts with a letter"
    if len(name) > _LONGEST_NAME:
        return f"a name has at most {_LONGEST_NAME} letters"
    if (resources.files("policy_lang") / "library" / f"{name}.pol").is_file():
        return "the vocabulary of that name comes with the program"
    if read(SourceFile(f"{name}.pol", f"law {name}\n"))[1]:
        return "it is a word of the language"
    return None


def start(kind: Kind, name: str) -> dict[str, str]:
    """The texts of a new instrument's files by their names: the policy, then its scenarios."""
    policy, scenarios = _TEXTS[kind]
    title = name.replace("_", " ").capitalize()
    return {
        f"{name}.pol": f"{_REMARK}\n{policy}".replace("NAME", name).replace("TITLE", title),
        f"{name}.scenarios.pol": scenarios.replace("NAME", name),
    }


_REMARK = """\
# A file to start from. Replace what stands here by what the text says; what begins with # is a remark.
# `pol check NAME.pol` finds mistakes, `pol test NAME.scenarios.pol` tries the scenarios.
"""

_AGREEMENT = (
    """\
agreement NAME
    title        "Agreement: TITLE"
    short title  "TITLE"
    parties      US "United States of America", JP "Japan"
    signed       2025-01-15                                             [where the date is known from]
    in force     from 2025-06-01                                        [where the date is known from]
    source       "https://example.org/where-the-text-can-be-read"
    verified     2025-06-01 against "nothing yet"

# The vocabulary that comes with the program: minerals, measures at the border, practices, reviews.

use trade

# What this file leaves out of the text, and why. It changes no answer.

not encoded "Preamble" because "context for interpretation; it decides nothing"

covered_goods means cobalt, lithium, nickel                             [Article 1]

# Each clause has a name for the computer, a title for people, a citation, and one form below.

clause export_duties "Duties on exports"                                [Article 2]
    neither party shall impose export_duty on covered_goods exported to the other party

clause joint_review "Review"                                            [Article 8]
    the parties shall review this agreement within 2 years of entry into force and every 2 years thereafter
""",
    """\
# What NAME is expected to answer. Each scenario is a case: facts, a date, and the answer.

scenarios for NAME

facts duty_on_nickel
    given measure
        kind export_duty
        by   JP
        to   US
        good nickel
        rate 5 %

scenario "A duty on a covered good breaches the agreement"
    as of 2026-01-01
    with duty_on_nickel
    expect export_duties breached, cites "Article 2"

scenario "Copper is not covered"
    as of 2026-01-01
    with duty_on_nickel
    given measure
        good copper
    expect export_duties not applicable

scenario "Nobody knows the rate"
    as of 2026-01-01
    with duty_on_nickel
    given measure
        rate unknown
    expect export_duties undetermined, needs measure.rate

scenario "The agreement is not yet in force"
    as of 2025-05-31
    with duty_on_nickel
    expect export_duties not in force

scenario "The first review is not due yet"
    as of 2026-01-01
    expect joint_review pending, due 2027-06-01

scenario "No review was held in time"
    as of 2027-07-01
    given reviews none
    expect joint_review overdue, due 2027-06-01
""",
)

_LAW = (
    """\
law NAME
    title     "TITLE"
    in force  from 2025-01-01                                           [where the date is known from]
    source    "https://example.org/where-the-text-can-be-read"
    verified  2025-06-01 against "nothing yet"

# What this file leaves out of the text, and why. It changes no answer.

not encoded "Penalties" because "they have nothing to do with the amount"

# What there is to know about one case. The question after a field is asked when the fact is missing.

record purchase, judged on bought_on "One purchase"
    bought_on   date                        "When was it bought?"
    price       money USD at least 0 USD    "What did it cost?"
    used        yes or no                   "Had anybody used it before?"

# Doubtful text is an assumption, with both readings. Answers name the assumptions that they rest on.

assume price_includes_delivery is yes
    because "the price is all that the buyer pays"                      [own reading]
    but see "the price is that of the thing alone"                      [own reading]

table highest_price for purchase : money USD by bought_on "Up to which price?"  [section 2(a)]
    in 2025             10000 USD
    from 2026-01-01     12000 USD

rule eligible for purchase : yes or no "Does the purchase count?"       [section 2]
    yes when not used and price is at most highest_price and price_includes_delivery
    otherwise no

rule credit for purchase : money USD "How much is the credit?"          [section 3]
    (10 % of price) rounded down to 2 decimals
    but 0 USD when not eligible
""",
    """\
# What NAME is expected to answer. Each scenario is a case: facts, and the answer.

scenarios for NAME

facts new_and_cheap
    given purchase
        bought_on 2025-03-01
        price     8000 USD
        used      no

scenario "A tenth of the price"
    with new_and_cheap
    expect eligible yes, assumes price_includes_delivery
    expect credit 800 USD

scenario "A used one does not count"
    with new_and_cheap
    given purchase
        used yes
    expect credit 0 USD

scenario "One dollar too much in 2025, but not in 2026"
    with new_and_cheap
    given purchase
        price 10001 USD
    expect credit 0 USD

scenario "The same in 2026"
    with new_and_cheap
    given purchase
        bought_on 2026-03-01
        price     10001 USD
    expect credit 1000.10 USD

scenario "Nobody knows whether it was used"
    with new_and_cheap
    given purchase
        used unknown
    expect credit undetermined, needs purchase.used
""",
)

_FRAMEWORK = (
    """\
framework NAME
    title         "Framework: TITLE"
    short title   "TITLE"
    participants  US "United States of America", JP "Japan"
    in force      from 2025-06-01                                       [where the date is known from]
    source        "https://example.org/where-the-text-can-be-read"
    verified      2025-06-01 against "nothing yet"

# A framework is political: participants intend and should. Nothing in it can be breached.

# What this file leaves out of the text, and why. It changes no answer.

not encoded "Preamble" because "context for interpretation; it decides nothing"

event meetings "Meetings of the participants that were held"

clause yearly_meeting "Meetings"                                        [section 3]
    the participants intend to "meet"
        within 1 year of entry into force
        and every 1 year thereafter
        fulfilled by meetings

clause transparency "Transparency"                                      [section 4]
    each participant should "publish its rules on trade in minerals"
""",
    """\
# What NAME is expected to answer. Each scenario is a case: facts, a date, and the answer.

scenarios for NAME

scenario "The first meeting is not due yet"
    as of 2026-01-01
    expect yearly_meeting pending, due 2026-06-01

scenario "No meeting was held, and nothing is breached by that"
    as of 2026-07-01
    given meetings none
    expect yearly_meeting target date passed, due 2026-06-01

scenario "A meeting was held in time"
    as of 2026-07-01
    given meetings on 2026-05-04
    expect yearly_meeting pending, due 2027-06-01

scenario "Transparency is promised from the first day"
    as of 2025-06-01
    expect transparency applies

scenario "And not before"
    as of 2025-05-31
    expect transparency not in force
""",
)

_VOCABULARY = (
    """\
vocabulary NAME
    title     "Words: TITLE"
    verified  2025-06-01 against "nothing yet"

# A vocabulary says what words mean, never what anybody must do. Other files write `use NAME`.

kind metal "A metal that is traded as scrap"
    copper_scrap    "Waste and scrap of copper"     HS 7404
    nickel_scrap    "Waste and scrap of nickel"     HS 7503

# What there is to know about one case. The question after a field is asked when the fact is missing.

record shipment "One shipment of scrap"
    metal   metal                               "What does it consist of?"
    origin  country                             "Where does it come from?"
    weight  quantity tonne more than 0 tonne    "How heavy is it?"
    nickel  quantity tonne at least 0 tonne     "How much nickel does it hold?"

event meetings "Meetings that were held"

rule nickel_share for shipment : percent "How much of it is nickel?"
    nickel as percent of weight
""",
    """\
# What the rules of NAME are expected to answer.

scenarios for NAME

scenario "A quarter is nickel"
    as of 2025-06-01
    given shipment
        weight 8 tonne
        nickel 2 tonne
    expect nickel_share 25 %

scenario "Nobody has weighed it"
    as of 2025-06-01
    given shipment
        nickel 2 tonne
    expect nickel_share undetermined, needs shipment.weight
""",
)

_TEXTS: dict[Kind, tuple[str, str]] = {
    "agreement": _AGREEMENT,
    "law": _LAW,
    "framework": _FRAMEWORK,
    "vocabulary": _VOCABULARY,
}
