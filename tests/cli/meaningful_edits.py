"""Edits of the library's policies that mean something: what is edited, which outcome changes, and in which case."""

from __future__ import annotations

from attrs import frozen

JAPAN, VEHICLE, PARTNERS = "us_japan_2023.pol", "clean_vehicle_credit.pol", "us_free_trade_agreements.pol"
AUSTRALIA = "us_australia_framework_2025.pol"
DRAFT = "eu_us_critical_minerals_draft.pol"
DUTY, SALE, CHILD = (
    f"examples/{name}.pol"
    for name in ("import_duty_calculator", "employee_discount", "child_tax_credit_phaseout")
)
LITHIUM, FIRST, SECOND, NOTES = (
    f"examples/lithium_{name}.pol"
    for name in ("2024", "protocol_2025", "protocol_2026", "exchange_of_notes_2028")
)
TIN, RELIEF, QUOTA, DATES = (
    f"examples/{name}.pol" for name in ("tin_agreement", "tin_relief", "quota_year", "date_arithmetic")
)
DAY_BY_DAY = "when a duty falls due is looked at day by day, on so many days"
EXTENDED = "a term that confirmations extend again and again is too much for the solver in the time given"


@frozen
class Edit:
    """`old` becomes `new` in `file`; then `outcome` of `policy` (the same file) has a case with `words`.

    `unsettled` says why the cases are not shown to be all; where it says nothing, they are.
    """

    kind: str
    file: str
    old: str
    new: str
    outcome: str
    words: str
    policy: str = ""
    unsettled: str = ""


EDITS = (
    Edit("good removed", JAPAN, "cobalt, graphite, lithium", "cobalt, lithium", "fta_treatment",
         "country is JP, good is graphite, from 2023-03-28: granted -> not granted"),
    Edit("good added", JAPAN, "cobalt, graphite, lithium", "cobalt, gallium, graphite, lithium", "fta_treatment",
         "country is JP, good is gallium, from 2023-03-28: not granted -> granted"),
    Edit("in force later", JAPAN, "in force     from 2023-03-28", "in force     from 2023-04-01", "fta_treatment",
         "from 2023-03-28 to 2023-03-31: granted -> not in force"),
    Edit("country replaced", JAPAN, "treat JP as", "treat US as", "fta_treatment", "country is JP"),
    Edit("country added", JAPAN, "treat JP as", "treat JP, KR as", "fta_treatment", "country is KR"),
    Edit("goods widened", JAPAN, "shall impose export_duty on critical_minerals", "shall impose export_duty on all goods",
         "export_duties", "not applicable -> breached"),
    Edit("kind of measure removed", JAPAN, "measure.kind is one of (export_restriction, import_restriction)",
         "measure.kind is one of (export_restriction)", "restrictions", "kind is import restriction"),
    Edit("condition denied", JAPAN, "        and practice.non_market                 [USTR",
         "        and not practice.non_market             [USTR", "non_market", "non market is no"),
    Edit("condition dropped", JAPAN, "        and practice.non_market                 [USTR", "            [USTR",
         "non_market", "non market is no"),
    Edit("assumption default", JAPAN, "assume national_treatment_affirmed is yes", "assume national_treatment_affirmed is no",
         "national_treatment", "applies -> does not apply"),
    Edit("period", JAPAN, "within 2 years of entry", "within 3 years of entry", "joint_review", "2025-03-28",
         unsettled=DAY_BY_DAY),
    Edit("recurring period", JAPAN, "every 2 years thereafter", "every 3 years thereafter", "joint_review", "2028-03-28",
         unsettled=DAY_BY_DAY),
    Edit("party swapped", LITHIUM, "neither party shall impose export_duty", "US shall not impose export_duty",
         "export_duties", "by is JP"),
    Edit("goods of a prohibition", LITHIUM, "neither party shall impose export_duty on covered_minerals exported to the other party",
         "neither party shall impose export_duty on lithium exported to the other party", "export_duties", "cobalt"),
    Edit("threshold in a table, by day", CHILD, "110000 USD", "120000 USD", "excess",
         "tax year day from 2013-01-01 to 2017-12-31, filing status is joint, agi is more than 110000 USD"),
    Edit("rate", CHILD, "steps * 50 USD", "steps * 60 USD", "reduction", "always more"),
    Edit("rounding", CHILD, "rounded up to whole", "rounded down to whole", "steps", "(1 less)"),
    Edit("greater to lesser", CHILD, "greater of (agi", "lesser of (agi", "excess", "always less"),
    Edit("first day of rows", CHILD, "from 2013-01-01 until 2017-12-31,   separate ",
         "from 2014-01-01 until 2017-12-31,   separate ", "threshold", "tax year day from 2013-01-01 to 2013-12-31"),
    Edit("row narrowed", CHILD, "joint or surviving_spouse   ", "surviving_spouse   ", "threshold",
         "filing status is joint: 400000 USD -> error"),
    Edit("word of a row removed", CHILD, "single or separate or head_of_household ", "single or separate ", "threshold",
         "filing status is head of household: 200000 USD -> error"),
    Edit("unit of account", CHILD, "(excess / 1000 USD)", "(excess / 2000 USD)", "steps", "less"),
    Edit("percentage", SALE, "    20 % when kind is services", "    25 % when kind is services", "highest_percentage",
         "kind is services: 20 % -> 25 % (5 % more)"),
    Edit("operands swapped", SALE, "customer_price - employee_price ", "employee_price - customer_price ", "discount",
         "always less"),
    Edit("lesser to greater", SALE, "lesser of discount and", "greater of discount and", "qualified", "always more"),
    Edit("divisor", SALE, "(customer_price - aggregate_cost) as percent of customer_price",
         "(customer_price - aggregate_cost) as percent of aggregate_cost", "highest_percentage", "kind is property"),
    Edit("member removed", LITHIUM, "means lithium, cobalt, nickel", "means lithium, cobalt", "export_duties",
         "good is nickel"),
    Edit("row value", LITHIUM, "    cobalt      2 %", "    cobalt      1 %", "reduced_fee", "good is cobalt"),
    Edit("comparison", LITHIUM, "is less than 2 %", "is at most 2 %", "reduced_fee", "no -> yes"),
    Edit("otherwise", LITHIUM, "    otherwise   0 %", "    otherwise   4 %", "fee", "0 % -> 4 % (4 % more)"),
    Edit("what is due", LITHIUM, "    handling_fee\n", "    greater of handling_fee and 1 %\n", "fee", "0 % -> 1 % (1 % more)"),
    Edit("case denied", LITHIUM, "    yes when handling_fee is less than 2 %\n    otherwise no",
         "    no when handling_fee is less than 2 %\n    otherwise yes", "reduced_fee", "yes -> no"),
    Edit("last day of a term", TIN, "until 16 years after entry into force", "until 15 years after entry into force",
         "export_duties", "breached -> undetermined", unsettled=EXTENDED),
    Edit("anniversary", TIN, "on the 6th anniversary", "on the 5th anniversary", "joint_review", "2025-07-01",
         unsettled=DAY_BY_DAY),
    Edit("status followed into a law", TIN, "treat BO as free_trade_partner of MY", "treat BO, CL as free_trade_partner of MY",
         "relieved", "no -> yes", policy=RELIEF, unsettled=EXTENDED),
    Edit("status of another", RELIEF, "free_trade_partner of MY", "free_trade_partner of BO", "relieved",
         "yes -> no", unsettled=EXTENDED),
    Edit("amount", QUOTA, "greater of 0 tonne and", "greater of 1 tonne and", "left_by_then",
         "used by then is more than 1.5 tonne"),
    Edit("row of a yearly table", QUOTA, "from 2021-07-01                     2.5 tonne",
         "from 2021-07-01                     3 tonne", "left_by_then", "more"),
    Edit("any to all", QUOTA, "any of entries is refused", "all of entries are refused", "exhausted", "entries: none, from 2019-01-01: no -> yes"),
    Edit("later end of a membership", QUOTA, "MK from 2020-01-01 until 2022-12-31", "MK from 2020-01-01 until 2021-12-31",
         "used_by_then", "origin is MK"),
    Edit("code removed", QUOTA, "HS 0406.20, HS 0406.30, HS 0406.90", "HS 0406.20, HS 0406.30", "used_by_then",
         "code is 0406.90"),
    Edit("unit", QUOTA, 'is 50 kg ', 'is 60 kg ', "used_by_then", "packing is barrels"),
    Edit("price cap", VEHICLE, "suv or pickup    80000 USD", "suv or pickup    85000 USD", "eligible",
         "msrp is more than 80000 USD and at most 85000 USD"),
    Edit("amount of a case", VEHICLE, "    3750 USD when components_met", "    3500 USD when components_met",
         "components_amount", "components met is yes: 3750 USD -> 3500 USD (250 USD less)"),
    Edit("assumption that decides", VEHICLE, "assume other_minerals_count_from_japan is no",
         "assume other_minerals_count_from_japan is yes", "counts_as_partner", "country is JP"),
    Edit("exception dropped", VEHICLE,
         "    but no when battery_kwh is less than 7                                          [26 USC 30D(d)(1)]\n", "",
         "eligible", "battery kwh is less than 7"),
    Edit("exception added", VEHICLE, "    but no when acquired is after 2025-09-30 ",
         "    but no when class is van\n    but no when acquired is after 2025-09-30 ", "eligible", "class is van"),
    Edit("and to or", VEHICLE, "any of components is from_entity_of_concern and placed_in_service is after 2023-12-31",
         "any of components is from_entity_of_concern or placed_in_service is after 2023-12-31", "eligible", "yes -> no"),
    Edit("day", VEHICLE, "but no when acquired is after 2025-09-30", "but no when acquired is after 2025-12-31", "eligible",
         "acquired from 2025-10-01 to 2025-12-31"),
    Edit("day that starts a rule", VEHICLE, "placed_in_service is on or after 2023-04-18", "placed_in_service is on or after 2023-05-18",
         "credit", "placed in service from 2023-04-18 to 2023-05-17"),
    Edit("rounding of an amount", VEHICLE, "(battery_kwh - 5) rounded down to", "(battery_kwh - 5) rounded up to", "credit",
         "USD more)"),
    Edit("sum to most", VEHICLE, "    sum of value of components\n", "    most of value of components\n", "components_value",
         "0 USD -> error"),
    Edit("sum narrowed", VEHICLE, "    sum of value of chains where mineral is in applicable_critical_minerals",
         "    sum of value of chains where mineral is in applicable_critical_minerals and mineral is not cobalt",
         "minerals_value", "mineral is cobalt"),
    Edit("row of a year", VEHICLE, "    in 2026                             70 %\n    from 2027-01-01",
         "    in 2026                             75 %\n    from 2027-01-01", "minerals_met",
         "placed in service from 2026-01-01 to 2026-12-31"),
    Edit("definition used by another file", JAPAN, "cobalt, graphite, lithium", "cobalt, lithium", "counts_as_partner",
         "country is JP, good is graphite, from 2023-03-28: yes -> no", policy=VEHICLE),
    Edit("grant begins later", PARTNERS, "treat KR as free_trade_partner of US from 2012-03-15",
         "treat KR as free_trade_partner of US from 2013-03-15", "is_partner",
         "country is KR, from 2012-03-15 to 2013-03-14: yes -> no"),
    Edit("grant ends", PARTNERS, "treat CL as free_trade_partner of US from 2004-01-01  ",
         "treat CL as free_trade_partner of US from 2004-01-01 until 2019-12-31  ", "counts_as_partner",
         "country is CL, from 2023-01-01: yes -> no", policy=VEHICLE),
    Edit("assumption that grants", PARTNERS, "assume israel_from_august is no", "assume israel_from_august is yes",
         "is_partner", "country is IL, from 1985-08-19 to 1985-08-31: no -> yes"),
    Edit("amount that is reached", AUSTRALIA, "amount is at least 1000000000 USD", "amount is more than 1000000000 USD",
         "reaches_the_target", "amount is 1000000000 USD"),
    Edit("term of an intention", AUSTRALIA,
         '    US intends to "provide at least one billion US dollars"\n        within 6 months',
         '    US intends to "provide at least one billion US dollars"\n        within 7 months', "us_financing", "2026-04-20",
         unsettled=DAY_BY_DAY),
    Edit("never in force", DRAFT, "not in force  ", "in force from 2023-07-20  ", "fta_treatment",
         "country is EU, from 2023-07-20: not in force -> granted"),
    Edit("amendment: member", FIRST, "graphite is added", "gallium is added", "export_duties", "good is gallium",
         policy=LITHIUM),
    Edit("amendment: row", FIRST, "row is added: graphite  3 %", "row is added: graphite  5 %", "fee",
         "good is graphite, from 2025-06-01 to 2029-12-31: 3 % -> 5 % (2 % more)", policy=LITHIUM),
    Edit("amendment: in force", FIRST, "in force  from 2025-06-01", "in force  from 2025-09-01", "export_duties",
         "from 2025-06-01 to 2025-08-31", policy=LITHIUM),
    Edit("amendment: suspension", SECOND, "from 2026-07-01 until 2026-12-31 ", "from 2026-07-01 until 2026-10-31 ",
         "export_duties", "from 2026-11-01 to 2026-12-31", policy=LITHIUM),
    Edit("amendment: rule", SECOND, "handling_fee is less than 1 %", "handling_fee is at most 1 %", "reduced_fee",
         "good is lithium, from 2026-07-01 to 2029-12-31: no -> yes", policy=LITHIUM),
    Edit("amendment: end", NOTES, "terminated on 2030-01-01", "terminated on 2031-01-01", "export_duties",
         "from 2030-01-01 to 2030-12-31", policy=LITHIUM),
    Edit("table of a rate", DUTY, "HS 90                       12 %", "HS 90                       13 %", "rate",
         "12 % -> 13 % (1 % more)"),
    Edit("first row", DUTY, "    CN,                             US,     no      1.25\n",
         "    CN,                             US,     any     1.25\n", "factor", "has fta is yes"),
    Edit("share", DUTY, "80 % of adjusted when preferential", "75 % of adjusted when preferential", "preferred",
         "preferential is yes"),
    Edit("least amount", DUTY, "greater of 10 USD and preferred", "greater of 20 USD and preferred", "duty", "more"),
    Edit("list in a condition", DUTY, "origin is one of (KP, IR) and", "origin is one of (KP, IR, SY) and", "sanctioned",
         "origin is SY, destination is US: no -> yes"),
    Edit("first day to last", DATES, "    first day of start", "    last day of start", "first_day", "2026-01-01 -> 2026-01-31 (for example; always later)"),
)  # fmt: skip
